# GET keys: public keys by which a statement is checked.  X05

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Keys = qr/^\{"keys":\[\{"id":"[0-9a-f]{8}","x":"[-_A-Za-z0-9]{43}","y":"[-_A-Za-z0-9]{43}"\}\]\}$/;

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; }');
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: anybody has them, and may keep them for an hour
--- request
GET /api/keys
--- response_headers
Content-Type: application/json
Cache-Control: public, max-age=3600
X-Content-Type-Options: nosniff
! Set-Cookie
--- raw_response_headers_like: ETag: "[0-9a-f]{32}"\r\n
--- response_body_like eval
$::Keys
--- no_error_log
[error]
[alert]


=== TEST 2: HEAD; who has the newest is told so; others are not
--- request eval
["HEAD /api/keys", "GET /api/keys", "GET /api/keys"]
--- more_headers eval
["", "If-None-Match: *", "If-None-Match: \"x\""]
--- error_code eval
[200, 304, 200]
--- response_body_like eval
[qr/^$/, qr/^$/, $::Keys]
--- no_error_log
[error]
[alert]


=== TEST 3: wrong methods and paths
--- request eval
["POST /api/keys", "PUT /api/keys", "GET /api/keys/1"]
--- error_code eval
[405, 405, 404]
--- response_headers eval
[("Allow: GET, HEAD") x 2, ""]
--- no_error_log
[error]
[alert]
