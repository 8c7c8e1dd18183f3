# Captchas for the protocol tests: fetched, and answered as a client would
# (a proof of work) or as nobody can (a picture, by the site's secret).
#
#   my $answer = proof($client);                # {id, answer}
#   my $answer = picture($client, $site);
#   my $wrong = picture($client, $site, wrong => 1);

package MembercertTest::Captcha;

use strict;
use warnings;

use Digest::SHA qw(sha256);
use Exporter qw(import);
use MembercertTest qw(repository run_command);

our @EXPORT = qw(challenge solve opened proof picture);


# What GET captcha answers; dies when it is refused.

sub challenge {
    my ($client, $kind) = @_;

    my $r = $client->get('/api/captcha' . ($kind ? "?kind=$kind" : ''));

    die 'captcha: ' . $r->status() . ' ' . $r->body() . "\n"
        if $r->status() != 200;
    return $r->json();
}


# A number so that SHA-256 of "id:number" starts with that many zero bits;
# wrong => 1: one that does not.

sub solve {
    my ($id, $bits, %opt) = @_;

    for (my $n = 0; ; $n++) {
        my $zero = unpack('B32', sha256("$id:$n")) =~ /^0{$bits}/;
        return "$n" if $opt{wrong} ? !$zero : $zero;
    }
}


# (kind, letters or bits, end in ms) of an id.

sub opened {
    my ($id, $site) = @_;

    my $said = run_command([repository() . '/build/captcha', 'open',
                            $site->dir() . '/secret', $id]);
    die "captcha open: $said->{err}\n" unless $said->{ok};
    return split ' ', $said->{out};
}


sub proof {
    my ($client, %opt) = @_;

    my $asked = challenge($client);

    return { id => $asked->{id},
             answer => solve($asked->{id}, $asked->{bits}, %opt) };
}


sub picture {
    my ($client, $site, %opt) = @_;

    my $id = challenge($client, 'picture')->{id};
    my (undef, $letters) = opened($id, $site);

    return { id => $id,
             answer => $opt{wrong} ? 'X' . lc substr($letters, 1) . 'X'
                                   : lc $letters };
}

1;
