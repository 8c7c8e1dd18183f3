# A site for test files of blocks: store, people and sessions are made while
# the file is loaded, nothing has to be called.
#
#   use BlockSite;                        # or: use BlockSite 'confirmed';
#   use Test::Nginx::Socket 'no_plan';
#
# Leaves in the environment, for blocks and configurations:
#   TEST_NGINX_SITE      lines of a server: store, secret, issuer ...
#   TEST_NGINX_MEMBER    Cookie header of a member with a photo, all complete
#   TEST_NGINX_OTHER     of one without a photo and with an item missing
#   TEST_NGINX_STALE     of the second, whose password was given long ago
#   TEST_NGINX_BEARER    Authorization header of the first, as a mini program
#   TEST_NGINX_PHOTO     a file with a photo that fits the rules
#   TEST_NGINX_PDF_TAG   with 'confirmed': the ETag of the first one's file
#   TEST_NGINX_CODE      likewise: the code it can be checked by
# The own origin is http://localhost.

package BlockSite;

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use MembercertTest qw(ctl_file module_file write_file);
use MembercertTest::Site;

# 32 equal bytes as base64url; the store knows their SHA-256
my %token = (
    MEMBER => ['A' x 43, "\x00", 1, 0],
    OTHER  => ['_' x 42 . '8', "\xff", 2, 0],
    STALE  => ['q' x 42 . 'o', "\xaa", 2, 0],
    BEARER => [substr('VVVV' x 11, 0, 42) . 'U', "\x55", 1, 1],
);
my $site;


sub import {
    my ($class, @what) = @_;

    for my $need (module_file(), ctl_file()) {
        next if -e $need;
        print "1..0 # SKIP $need is not built\n";
        exit 0;
    }

    $ENV{TEST_NGINX_LOAD_MODULES} ||= module_file();

    my $confirmed = grep { $_ eq 'confirmed' } @what;
    $site = new_site(
        start => $confirmed,
        conf => { issuer => '"Institute" "Test Institute"' },
        people => [person('330000010001'),
                   person('330000010002', work_unit => '')],
        photos => { '330000010001' => 1 });

    if ($confirmed) {
        my $member = $site->login();
        my $view = $member->get('/api/certificate')->json();

        $member->post_json('/api/certificate',
                           { version => $view->{version} });
        $ENV{TEST_NGINX_PDF_TAG} = $member->head('/api/certificate.pdf')
            ->header('ETag') or die "no certificate\n";
        $site->nginx()->stop();

        ($ENV{TEST_NGINX_CODE}) = map { @$_ }
            query($site->store() . '/core.db', 'SELECT code FROM confirmation');
    }

    add_sessions();
    set_environment();
}


# membercertctl on its store: what it prints.

sub ctl { return $site->must_ctl(@_) }


sub add_sessions {
    my $now = 1000 * time();

    for my $who (sort keys %token) {
        my (undef, $byte, $member, $client) = @{$token{$who}};
        my $given = $who eq 'STALE' ? 0 : $now;
        query($site->store() . '/core.db', 'INSERT INTO session '
              . '(hash, member_id, epoch, client, created_at, last_seen, '
              . 'expires_at, public_id, label, address, '
              . 'confirmed_at) SELECT '
              . "x'" . sha256_hex($byte x 32) . "', id, epoch, ?, ?, ?, ?, "
              . "?, 'Firefox · Linux', '127.0.0.1', ? "
              . 'FROM member WHERE member_no = ?', $client, $now, $now,
              $now + 3600_000, 1 + ord($byte), $given,
              "33000001000$member");
    }
}


sub set_environment {
    my $dir = $site->dir();

    $ENV{TEST_NGINX_SITE} = join "\n    ",
        'membercert_store sqlite:' . $site->store() . ';',
        "membercert_secret $dir/secret;",
        'membercert_issuer "Institute" "Test Institute";',
        'membercert_hotline "010-88250337/0338";',
        'membercert_session secure=off;',
        'membercert_captcha web=off mini=off;',
        'membercert_origin http://localhost;';

    $ENV{"TEST_NGINX_$_"} = "Cookie: membercert=$token{$_}[0]\n"
        . 'Origin: http://localhost' for qw(MEMBER OTHER STALE);
    $ENV{TEST_NGINX_BEARER} = "Authorization: Bearer $token{BEARER}[0]";
    $ENV{TEST_NGINX_PHOTO} = write_file("$dir/photo.jpg", portrait(2));
}

1;
