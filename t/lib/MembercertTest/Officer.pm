# Officers for the tests: accounts by membercertctl, one-time codes, clients
# that have logged in at a desk.
#
#   my $li = add_officer($site, 'li', '33');
#   my $desk = officer_login($site, $li);
#   $desk->get('/officer/api/queue');
#
# The site needs the location: new_site(conf => { server => officer_location() }).

package MembercertTest::Officer;

use strict;
use warnings;

use Digest::SHA qw(hmac_sha1);
use Exporter qw(import);
use JSON::PP ();
use MembercertTest::Site qw(query);

our @EXPORT = qw(add_officer officer_login officer_location officer_password
    totp_code login_data);


sub officer_password { return 'officer-test-2026' }


sub officer_location {
    return <<'END_CONF';
        location /officer/api/ {
            membercert officer;
            client_max_body_size 64k;
        }
END_CONF
}


# 32 letters of base32 and a step of 30 s: six digits.

sub totp_code {
    my ($secret, $step) = @_;

    my @alphabet = ('A' .. 'Z', 2 .. 7);
    my %value = map { $alphabet[$_] => $_ } 0 .. $#alphabet;
    my $bits = join '', map { sprintf '%05b', $value{$_} } split //, $secret;
    my $mac = hmac_sha1(pack('Q>', $step), pack('B*', $bits));
    my $at = ord(substr($mac, -1)) & 15;

    return sprintf '%06d',
        (unpack('N', substr($mac, $at, 4)) & 0x7fffffff) % 1_000_000;
}


# institute undef: of all.

sub add_officer {
    my ($site, $name, $institute) = @_;

    my $out = $site->must_ctl('--json', 'officer', 'add', $name,
        defined $institute ? ('--institute', $institute) : '--all',
        { input => officer_password() . "\n" });

    return JSON::PP->new->utf8->decode($out);
}


sub login_data {
    my ($officer, %more) = @_;

    my $step = int(time() / 30) + (delete $more{step} || 0);

    return { name => $officer->{name}, password => officer_password(),
             code => totp_code($officer->{secret}, $step), %more };
}


# Forgets which code was used last, so that a test need not wait for the next.

sub officer_login {
    my ($site, $officer) = @_;

    my $client = $site->visitor();

    query($site->store() . '/core.db',
          'UPDATE officer SET totp_step = 0 WHERE name = ?',
          $officer->{name});

    my $r = $client->post_json('/officer/api/session', login_data($officer));

    die 'log-in failed: ' . $r->status() . ' ' . $r->body() . "\n"
        if $r->status() != 200;

    return $client;
}

1;
