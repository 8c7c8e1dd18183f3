# POST, GET, DELETE session: log in, who am I, log out.
# S06 S08 S10 S12 I05 I06

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

=== TEST 1: a log-in is answered with a cookie (S10)
--- request
POST /api/session
{"user_type":"nonpractising","member_no":" 3300 0001 0001","password":"test-password-2026","client":"web"}
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- response_headers_like
Set-Cookie: membercert=[-_A-Za-z0-9]{43}; Path=/; HttpOnly; SameSite=Lax, membercert-device=[-_A-Za-z0-9]{62}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax
Cache-Control: private, no-store
--- response_body_like: ^\{"name":".*","member_no":"33\*{8}01","idle_ends":\d{13},"ends":\d{13},"password_expired":false\}$
--- no_error_log
[error]
[alert]


=== TEST 2: the mini program gets a token and no cookie
--- request
POST /api/session
{"user_type":"nonpractising","member_no":"330000010001","password":"test-password-2026","client":"mini"}
--- more_headers
Content-Type: application/json; charset=utf-8
--- response_headers
! Set-Cookie
--- response_body_like: "token":"[-_A-Za-z0-9]{43}","device":"[-_A-Za-z0-9]{62}"
--- no_error_log
[error]
[alert]


=== TEST 3: whatever is wrong, the same words (S12 S06 I05)
--- request eval
["POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"x\"}",
 "POST /api/session
{\"user_type\":\"practising\",\"member_no\":\"330000010001\",\"password\":\"test-password-2026\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"password\":\"x\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"\"}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[401, 401, 401, 401]
--- response_headers eval
[("Content-Type: application/problem+json\nWWW-Authenticate: Bearer realm=\"membercert\"\n! Set-Cookie") x 4]
--- response_body_like eval
[("\"status\":401,\"detail\":\"用户名密码错误\".*\"code\":\"login_failed\".*\"hotline\":\"010-88250337/0338\"") x 4]
--- no_error_log
[error]
[alert]


=== TEST 4: a page of somebody else cannot log a visitor in
--- request
POST /api/session
{"user_type":"nonpractising","member_no":"330000010001","password":"test-password-2026"}
--- more_headers
Content-Type: application/json
Origin: http://evil.example
--- error_code: 403
--- response_headers
! Set-Cookie
--- response_body_like: "code":"origin_refused"
--- no_error_log
[error]
[alert]


=== TEST 5: a wrong type is 415
--- request
POST /api/session
user_type=nonpractising
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- error_code: 415
--- response_body_like: "code":"body_type".*"allowed":"application/json"
--- no_error_log
[error]
[alert]


=== TEST 6: JSON that is none is 400
--- request eval
["POST /api/session
{\"user_type\":", "POST /api/session
[]", "POST /api/session
{\"user_type\":1,\"member_no\":\"1\",\"password\":\"x\"}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[400, 400, 400]
--- response_body_like eval
[("\"code\":\"body_malformed\"") x 3]
--- no_error_log
[error]
[alert]


=== TEST 7: JSON of more than 16 KiB is 413, and the connection ends
--- request eval
"POST /api/session\n{\"a\":\"" . "x" x 16400 . "\"}"
--- more_headers
Content-Type: application/json
--- error_code: 413
--- response_headers
Connection: close
--- response_body_like: "code":"body_size".*"allowed":"16384"
--- no_error_log
[error]
[alert]


=== TEST 8: attempts are limited (membercert_login_limit)
--- config
    $TEST_NGINX_SITE
    membercert_login_limit account=2/1h;
    location /api/ { membercert; }
--- request eval
[map { "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"password\":\"x\",\"client\":\"mini\"}" } 1 .. 3]
--- more_headers
Content-Type: application/json
--- error_code eval
[401, 401, 429]
--- response_headers_like eval
["", "", "Retry-After: \\d+"]
--- response_body_like eval
["login_failed", "login_failed", "\"detail\":\"尝试次数过多，请 1 秒后再试\".*\"code\":\"too_many_attempts\".*\"retry_after\":1"]
--- no_error_log
[error]
[alert]


=== TEST 9: who am I, by cookie and by token
--- request eval
["GET /api/session", "GET /api/session"]
--- more_headers eval
[$::Member, $::Bearer]
--- error_code eval
[200, 200]
--- response_body_like eval
["\"user_type\":\"nonpractising\",\"client\":\"web\"",
 "\"client\":\"mini\""]
--- no_error_log
[error]
[alert]


=== TEST 10: without a session 401, with two credentials 400
--- request eval
["GET /api/session", "GET /api/session", "GET /api/session"]
--- more_headers eval
["", "Cookie: membercert=" . "B" x 43, "$::Member\n$::Bearer"]
--- error_code eval
[401, 401, 400]
--- response_body_like eval
["session_expired", "session_expired", "two_credentials"]
--- no_error_log
[error]
[alert]


=== TEST 11: log out ends the session and clears the cookie
--- request eval
["DELETE /api/session", "GET /api/session", "DELETE /api/session"]
--- more_headers eval
[$::Other, $::Other, "Origin: http://localhost"]
--- error_code eval
[204, 401, 204]
--- response_headers eval
["Set-Cookie: membercert=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", "",
 "Set-Cookie: membercert=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]
--- no_error_log
[error]
[alert]


=== TEST 12: a log-out from another site is refused
--- request
DELETE /api/session
--- more_headers
Origin: http://evil.example
--- error_code: 403
--- no_error_log
[error]
[alert]


=== TEST 13: wrong methods
--- request eval
["PUT /api/session", "PATCH /api/session"]
--- error_code eval
[405, 405]
--- response_headers eval
["Allow: POST, GET, HEAD, DELETE", "Allow: POST, GET, HEAD, DELETE"]
--- no_error_log
[error]
[alert]
