# GET certificate/preview: the certificate as a picture.  S18

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Bearer = $ENV{TEST_NGINX_BEARER};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; client_max_body_size 64k; }');
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: a picture with the photo, marked, before anything is confirmed (S18)
--- request
GET /api/certificate/preview
--- more_headers eval
$::Member
--- response_headers
Content-Type: image/svg+xml
Cache-Control: private, no-store
X-Content-Type-Options: nosniff
! ETag
--- response_body_like eval
qr{^<svg xmlns="http://www\.w3\.org/2000/svg"[^>]* role="img"[^>]*aria-label="[^"]*Certificate preview: [^"]+">\n<title>.*<image .*href="data:image/jpeg;base64,/9j/.*<g id="mark" .*</svg>\s*$}s
--- no_error_log
[error]
[alert]


=== TEST 2: what blocks a confirmation does not block the picture; no photo, no image
--- request
GET /api/certificate/preview
--- more_headers eval
$::Other
--- response_headers
Content-Type: image/svg+xml
--- response_body_unlike: <image|<script|<style|^(?!<svg )
--- no_error_log
[error]
[alert]


=== TEST 3: by token; HEAD; an empty layout is the first
--- request eval
["GET /api/certificate/preview", "HEAD /api/certificate/preview",
 "GET /api/certificate/preview?layout="]
--- more_headers eval
[$::Bearer, $::Member, $::Member]
--- error_code eval
[200, 200, 200]
--- response_headers eval
["Content-Type: image/svg+xml", "Content-Type: image/svg+xml",
 "Content-Type: image/svg+xml"]
--- no_error_log
[error]
[alert]


=== TEST 4: a layout that is not there
--- request
GET /api/certificate/preview?layout=none
--- more_headers eval
$::Member
--- error_code: 404
--- response_headers
Content-Type: application/problem+json
--- response_body_like: "code":"layout_unknown"
--- no_error_log
[error]
[alert]


=== TEST 5: no session, wrong methods, other paths
--- request eval
["GET /api/certificate/preview", "POST /api/certificate/preview\nx",
 "GET /api/certificate/preview/", "GET /api/certificate/previews"]
--- error_code eval
[401, 405, 404, 404]
--- response_headers eval
["", "Allow: GET, HEAD", "", ""]
--- no_error_log
[error]
[alert]
