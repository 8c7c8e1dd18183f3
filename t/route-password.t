# POST password: a logged-in member changes the own password.
# S12 X04

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Bearer = $ENV{TEST_NGINX_BEARER};
our $Old = 'test-password-2026';

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

=== TEST 1: without a session
--- request
POST /api/password
{"old":"test-password-2026","password":"nine socks for my dog"}
--- more_headers
Content-Type: application/json
--- error_code: 401
--- response_headers
! Set-Cookie
--- response_body_like: "code":"session_expired"
--- no_error_log
[error]
[alert]


=== TEST 2: only POST
--- request
GET /api/password
--- more_headers eval: $main::Member
--- error_code: 405
--- response_headers
Allow: POST
--- no_error_log
[error]
[alert]


=== TEST 3: a page of somebody else changes nobody's password
--- request
POST /api/password
{"old":"test-password-2026","password":"nine socks for my dog"}
--- more_headers eval
"$main::Member\nContent-Type: application/json\nSec-Fetch-Site: cross-site"
--- error_code: 403
--- response_body_like: "code":"origin_refused"
--- no_error_log
[error]
[alert]


=== TEST 4: JSON it must be, with both passwords
--- request eval
["POST /api/password\nold=1", "POST /api/password\n{\"old\":\"x\"}",
 "POST /api/password\n{\"password\":\"nine socks for my dog\"}",
 "POST /api/password\n{\"old\":1,\"password\":\"nine socks\"}"]
--- more_headers eval
"$main::Member\nContent-Type: application/json"
--- error_code eval
[400, 400, 400, 400]
--- response_body_like eval
[("\"code\":\"body_malformed\"") x 4]
--- no_error_log
[error]
[alert]


=== TEST 5: another type is 415
--- request
POST /api/password
old=x
--- more_headers eval
"$main::Member\nContent-Type: application/x-www-form-urlencoded"
--- error_code: 415
--- response_body_like: "code":"body_type"
--- no_error_log
[error]
[alert]


=== TEST 6: a wrong old password is told as what it is
--- request
POST /api/password
{"old":"test-password-2025","password":"nine socks for my dog"}
--- more_headers eval
"$main::Other\nContent-Type: application/json"
--- error_code: 422
--- response_headers
Content-Type: application/problem+json
! Set-Cookie
--- response_body_like: "code":"password_wrong"
--- no_error_log
[error]
[alert]


=== TEST 7: every fault of the new one, with its limits (X04)
--- request eval
["POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"tea\"}",
 "POST /api/password\n{\"old\":\"$main::Old\",\"password\":\""
     . "abcdefg hi " x 24 . "\"}",
 "POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"Woaini1314520\"}",
 "POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"Password123!\"}",
 "POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"\"}",
 "POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"$main::Old\"}"]
--- more_headers eval
"$main::Other\nContent-Type: application/json"
--- error_code eval
[(422) x 6]
--- response_body_like eval
["\"code\":\"password_short\".*\"allowed\":\"\\\\u003e=10\".*password_common",
 "\"code\":\"password_long\"", "\"code\":\"password_common\"",
 "\"code\":\"password_common\"", "\"code\":\"password_short\"",
 "\"code\":\"password_reused\""]
--- no_error_log
[error]
[alert]


=== TEST 8: what belongs to the member is no password
--- request
POST /api/password
{"old":"test-password-2026","password":"qz13800000002k"}
--- more_headers eval
"$main::Other\nContent-Type: application/json"
--- error_code: 422
--- response_body_like: "code":"password_co(mmon|ntext)"
--- no_error_log
[error]
[alert]


=== TEST 9: the mini program gets a new token and no cookie
--- request eval
["POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"nine socks for my dog\"}",
 "POST /api/password\n{\"old\":\"nine socks for my dog\",\"password\":\"x\"}"]
--- more_headers eval
"$main::Bearer\nContent-Type: application/json"
--- error_code eval
[200, 401]
--- response_headers eval
["Cache-Control: private, no-store\n! Set-Cookie", "! Set-Cookie"]
--- response_body_like eval
["^\\{\"name\":\".*\",\"member_no\":\"33\\*{8}01\",\"idle_ends\":\\d{13},\"ends\":\\d{13},\"password_expired\":false,\"token\":\"[-_A-Za-z0-9]{43}\"\\}\$",
 "\"code\":\"session_expired\""]
--- no_error_log
[error]
[alert]


=== TEST 10: and the member's other session has ended with it
--- request
GET /api/member
--- more_headers eval: $main::Member
--- error_code: 401
--- response_body_like: "code":"session_expired"
--- no_error_log
[error]
[alert]


=== TEST 11: in the browser the cookie is a new one; the old one is worth nothing
--- request eval
["POST /api/password\n{\"old\":\"$main::Old\",\"password\":\"eleven quiet herons\"}",
 "POST /api/password\n{\"old\":\"eleven quiet herons\",\"password\":\"x\"}"]
--- more_headers eval
"$main::Other\nContent-Type: application/json"
--- error_code eval
[200, 401]
--- response_headers_like eval
["Set-Cookie: membercert=(?!_)[-_A-Za-z0-9]{43}; Path=/; HttpOnly; SameSite=Lax\nCache-Control: private, no-store",
 "Content-Type: application/problem\\+json"]
--- response_body_unlike eval
["token", "token"]
--- no_error_log
[error]
[alert]


=== TEST 12: the new one is good at the door, the old one is not
--- request eval
["POST /api/session\n{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"password\":\"eleven quiet herons\"}",
 "POST /api/session\n{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"password\":\"$main::Old\"}"]
--- more_headers
Content-Type: application/json
Origin: http://localhost
--- error_code eval
[200, 401]
--- no_error_log
[error]
[alert]
