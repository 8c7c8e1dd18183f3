# Bodies that somebody else has read before us (mirror, an internal redirect
# after proxy_pass) are scanned all the same: no path takes a photo that was
# not looked at.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $back = free_port();
my $site = new_site(conf => {
    http => <<"END_HTTP",
    client_body_buffer_size 2k;
    server {
        listen 127.0.0.1:$back;
        location / { return 404; }
    }
END_HTTP
    server => <<"END_SERVER",
        location = /mirror { internal; return 204; }
        location = /first {
            client_max_body_size 64k;
            proxy_pass http://127.0.0.1:$back;
            proxy_intercept_errors on;
            error_page 404 = \@second;
        }
        location \@second { rewrite ^ /plain/photo last; }
        location /plain/ { membercert; client_max_body_size 64k; }
        location = /old { rewrite ^ /plain/photo last; }
END_SERVER
    location => "            mirror /mirror;\n",
});
my $nginx = $site->nginx();
my $member = $site->login('330000010001');

is($member->get('/api/session')->status(), 200,
   'a log-in works with a mirror beside it');

# path of the upload, who has read the body before
my @ways = (
    ['/api/photo', 'mirror does not bypass the scanner'],
    ['/first', 'an internal redirect does not bypass the scanner'],
    ['/old', 'a rewrite does not bypass the scanner'],
);

for my $way (@ways) {
    my ($path, $title) = @$way;

    subtest $title => sub {
        my $good = portrait(1);
        my %cases = (
            'garbage of a photo\'s size' =>
                ['x' x 12000, 422, 'photo_not_jpeg'],
            'a little garbage' => ['abc', 422, 'photo_not_jpeg'],
            'a picture of the wrong size' =>
                [portrait('--width=179', 1), 422, 'photo_pixels'],
            'a JPEG with something behind it' =>
                ["${good}PK\x03\x04", 422, 'photo_trailing'],
            'half a JPEG' => [substr($good, 0, length($good) / 2), 422,
                              undef],
            'more than the maximum' =>
                [$good . 'x' x 20000, 413, 'photo_too_large'],
            'nothing at all' => ['', 422, undef],
        );

        for my $name (sort keys %cases) {
            my ($body, $status, $code) = @{$cases{$name}};
            my $r = $member->put_photo("$path?declare=1", $body);

            is($r->status(), $status, $name) or diag($r->body());
            is($r->problem(), $code, "$name: why") if $code;
        }

        is(scalar($site->cases()), 0, 'nothing was stored');

        my $r = $member->put_photo("$path?dry_run=1", $good);
        is($r->status(), 200, 'a good photo is taken');
    };
}

subtest 'through the mirror a chunked body is scanned and bounded' => sub {
    my $head = "PUT /api/photo?declare=1 HTTP/1.1\r\nHost: a\r\n"
        . 'Cookie: ' . $member->cookie_header() . "\r\n"
        . 'Origin: http://127.0.0.1:' . $site->port() . "\r\n"
        . "Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n";
    my %cases = (
        'garbage' => ['x' x 12000, 422],
        'over the maximum' => ["\xff\xd8\xff\xe1\xff\xff" . 'x' x 30000,
                               413],
    );

    for my $name (sort keys %cases) {
        my ($body, $status) = @{$cases{$name}};
        my $s = raw($site->port());

        $s->send($head . sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body,
                                 $body));
        my $r = $s->read_response();
        is($r && $r->status(), $status, $name);
    }
};

my $r = $member->put_photo('/api/photo?declare=1', portrait(1));
is($r->status(), 202, 'a good photo goes the whole way');
is(scalar($site->cases()), 1, 'and is stored once');

clean_log($nginx);
done_testing();
