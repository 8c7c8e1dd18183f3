# GET captcha, and log-ins that need an answer.
# S09 I01 I02 I03

use BlockSite;
use Test::Nginx::Socket 'no_plan';

$ENV{TEST_NGINX_GUARDED} = $ENV{TEST_NGINX_SITE}
    =~ s/membercert_captcha .*?;/membercert_captcha web=on ttl=90s bits=9;/r;

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_GUARDED\n"
            . 'location /api/ { membercert; client_max_body_size 64k; }');
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: a proof of work is asked for unless a picture is wanted (I03)
--- request eval
["GET /api/captcha", "GET /api/captcha?kind=work", "GET /api/captcha?x=1&kind=work"]
--- error_code eval
[200, 200, 200]
--- response_headers eval
[("Content-Type: application/json\nCache-Control: private, no-store\nX-Content-Type-Options: nosniff\n! Set-Cookie") x 3]
--- response_body_like eval
[('^\{"id":"[-_A-Za-z0-9]{80}","kind":"work","expires_in":90,"bits":9\}$') x 3]
--- no_error_log
[error]
[alert]


=== TEST 2: a picture is a PNG in the answer, the first and later ones (S09)
--- request eval
[("GET /api/captcha?kind=picture") x 5]
--- error_code eval
[(200) x 5]
--- response_headers eval
[("Content-Type: application/json\nCache-Control: private, no-store") x 5]
--- response_body_like eval
[('^\{"id":"[-_A-Za-z0-9]{80}","kind":"picture","expires_in":90,"picture":"data:image/png;base64,iVBORw0KGgo[+/A-Za-z0-9]{3000,9000}={0,2}"\}$') x 5]
--- no_error_log
[error]
[alert]


=== TEST 3: HEAD tells the same without the body
--- request
HEAD /api/captcha
--- error_code: 200
--- response_headers
Content-Type: application/json
Cache-Control: private, no-store
--- no_error_log
[error]
[alert]


=== TEST 4: no other kind there is
--- request eval
["GET /api/captcha?kind=sound", "GET /api/captcha?kind=", "GET /api/captcha?kind=pictures"]
--- error_code eval
[400, 400, 400]
--- response_body_like eval
[('"code":"request_malformed"') x 3]
--- no_error_log
[error]
[alert]


=== TEST 5: nothing but GET
--- request
POST /api/captcha
{}
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code: 405
--- response_headers
Allow: GET, HEAD
--- response_body_like: "code":"method_not_allowed"
--- no_error_log
[error]
[alert]


=== TEST 6: a log-in without one is told so, whoever it is for (S09 I02 I03)
--- request eval
["POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\",\"client\":\"mini\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"999\",\"password\":\"x\",\"captcha\":null}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[422, 422, 422]
--- response_headers eval
[("Content-Type: application/problem+json\n! Set-Cookie") x 3]
--- response_body_like eval
[('"status":422,"detail":"[^"]*验证[^"]*".*"code":"captcha_needed"') x 3]
--- no_error_log
[error]
[alert]


=== TEST 7: an id nobody made is told apart from a wrong password (I02)
--- request eval
["POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\",\"captcha\":{\"id\":\"AAAA\",\"answer\":\"1\"}}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\",\"captcha\":{\"id\":\"" . "A" x 80 . "\",\"answer\":\"1\"}}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[422, 422]
--- response_body_like eval
[('"code":"captcha_expired"') x 2]
--- no_error_log
[error]
[alert]


=== TEST 8: what is no captcha at all is a malformed body
--- request eval
["POST /api/session
{\"user_type\":\"a\",\"member_no\":\"1\",\"password\":\"x\",\"captcha\":\"x\"}",
 "POST /api/session
{\"user_type\":\"a\",\"member_no\":\"1\",\"password\":\"x\",\"captcha\":{\"id\":\"x\"}}",
 "POST /api/session
{\"user_type\":\"a\",\"member_no\":\"1\",\"password\":\"x\",\"captcha\":{\"id\":\"x\",\"answer\":7}}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[400, 400, 400]
--- response_body_like eval
[('"code":"body_malformed"') x 3]
--- no_error_log
[error]
[alert]


=== TEST 9: where none is wanted none is asked for, and GET site says it (I03)
--- config
$TEST_NGINX_SITE
location /api/ { membercert; }
--- request eval
["POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\",\"client\":\"mini\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\",\"client\":\"mini\",\"captcha\":{\"id\":\"\",\"answer\":\"\"}}",
 "GET /api/site"]
--- more_headers
Content-Type: application/json
--- error_code eval
[200, 200, 200]
--- response_body_like eval
['"token"', '"token"', '"captcha":\{"web":"off","mini":"off"\}']
--- no_error_log
[error]
[alert]


=== TEST 10: GET site tells the pages when they will need one
--- request
GET /api/site
--- response_body_like: "captcha":\{"web":"on","mini":"on"\}
--- no_error_log
[error]
[alert]
