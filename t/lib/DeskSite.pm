# A site with a desk for test files of blocks: store, people, uploads that
# wait, and officers' sessions are made while the file is loaded.
#
#   use DeskSite;
#   use Test::Nginx::Socket 'no_plan';
#
# Leaves in the environment, for blocks and configurations:
#   TEST_NGINX_SITE       lines of a server: store, secret, issuer ...
#   TEST_NGINX_OFFICER    Cookie header of an officer of institute 33
#   TEST_NGINX_THEIRS     of one of institute 31
#   TEST_NGINX_CODE       the one-time code of officer "code" (password
#                         officer-test-2026), good for one log-in
#   TEST_NGINX_CASE       photo id of an upload of 330000010002 that waits
#   TEST_NGINX_CASE_31    of 310000010002, of the other institute
#   TEST_NGINX_REVISION   If-Match of 330000010002
# and with "use DeskSite 'confirmed'":
#   TEST_NGINX_SERIAL     of the certificate of 330000010001
#   TEST_NGINX_SERIAL_31  of 310000010001
# 330000010001 and 310000010001 have a photo on record.  The own origin is
# http://localhost; the desk stands at /desk/, members at /api/.

package DeskSite;

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use MembercertTest qw(ctl_file module_file);
use MembercertTest::Officer;
use MembercertTest::Site;

our $Config = "\$TEST_NGINX_SITE\n"
    . "location /api/ { membercert; client_max_body_size 64k; }\n"
    . "location /desk/ { membercert officer; client_max_body_size 64k; }";

# The answer to what does not exist, or is another institute's.
our $Nothing = qr/^\{"type":"about:blank","title":"[^"]*","status":404,"detail":"[^"]*","detail_en":"Not found","code":"not_found","errors":\[\{"code":"not_found","detail":"[^"]*","detail_en":"Not found"\}\],"hotline":"010-88250337\/0338"\}$/;

my %token = (OFFICER => ['A' x 43, "\x00", 'li'],
             THEIRS  => ['_' x 42 . '8', "\xff", 'han']);


sub import {
    my ($class, @what) = @_;

    for my $need (module_file(), ctl_file()) {
        next if -e $need;
        print "1..0 # SKIP $need is not built\n";
        exit 0;
    }

    $ENV{TEST_NGINX_LOAD_MODULES} ||= module_file();

    my @waiting = ('330000010002', '310000010002');
    my $site = new_site(
        conf => { issuer => '"Institute" "Test Institute"' },
        people => [person('330000010001'), person($waiting[0]),
                   person('310000010001', institute => '31'),
                   person($waiting[1], institute => '31')],
        photos => { '330000010001' => 1, '310000010001' => 2 });
    my $core = $site->store() . '/core.db';

    for my $number (@waiting) {
        $site->login($number)->put_photo('/api/photo?declare=1',
                                         portrait($number % 7 + 3));
    }

    confirm_all($site, $core) if grep { $_ eq 'confirmed' } @what;
    $site->nginx()->stop();

    add_officer($site, 'li', '33');
    add_officer($site, 'han', '31');
    my $code = add_officer($site, 'code', '33');
    my $now = 1000 * time();

    for my $token (values %token) {
        my (undef, $byte, $name) = @$token;
        query($core, 'INSERT INTO officer_session SELECT '
              . "x'" . sha256_hex($byte x 32) . "', id, epoch, ?, ?, ? "
              . 'FROM officer WHERE name = ?', $now, $now, $now + 3600_000,
              $name);
    }

    my %case = map { @$_ } query($core, 'SELECT m.member_no, c.photo_id '
        . 'FROM photo_case c JOIN member m ON m.id = c.member_id');
    my ($revision) = query($core,
        'SELECT revision FROM member WHERE member_no = ?', $waiting[0]);

    $ENV{TEST_NGINX_SITE} = join "\n    ",
        'membercert_store sqlite:' . $site->store() . ';',
        'membercert_secret ' . $site->dir() . '/secret;',
        'membercert_issuer "Institute" "Test Institute";',
        'membercert_hotline "010-88250337/0338";',
        'membercert_session secure=off;',
        'membercert_origin http://localhost;';
    $ENV{"TEST_NGINX_$_"} = "Cookie: membercert-officer=$token{$_}[0]\n"
        . "Origin: http://localhost\nContent-Type: application/json"
        for keys %token;
    $ENV{TEST_NGINX_CODE} = totp_code($code->{secret}, int(time() / 30));
    $ENV{TEST_NGINX_CASE} = $case{$waiting[0]};
    $ENV{TEST_NGINX_CASE_31} = $case{$waiting[1]};
    $ENV{TEST_NGINX_REVISION} = qq("$revision->[0]");
}


# The certificates of the two who have a photo on record.

sub confirm_all {
    my ($site, $core) = @_;

    my %name = ('330000010001' => 'SERIAL', '310000010001' => 'SERIAL_31');

    for my $number (sort keys %name) {
        my $member = $site->login($number);
        my $version = $member->get('/api/certificate')->json()->{version};

        $member->post_json('/api/certificate', { version => $version });
        ($ENV{"TEST_NGINX_$name{$number}"}) = map { @$_ } query($core,
            'SELECT c.serial FROM confirmation c JOIN member m '
            . 'ON m.id = c.member_id WHERE m.member_no = ?', $number);
    }
}

1;
