# POST session/confirm: the password once more, in a session that is open.
# S12 I06

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Stale = $ENV{TEST_NGINX_STALE};
our $Bearer = $ENV{TEST_NGINX_BEARER};
our $Json = 'Content-Type: application/json';
our $Right = '{"password":"test-password-2026"}';
our $Wrong = '{"password":"test-password-2025"}';

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

=== TEST 1: without a session there is nothing to confirm, whatever is sent
--- request eval
["POST /api/session/confirm\n$::Right", "POST /api/session/confirm\n$::Wrong"]
--- more_headers eval
"$::Json\nOrigin: http://localhost"
--- error_code eval
[401, 401]
--- response_body_like eval
[("\"code\":\"session_expired\"") x 2]
--- no_error_log
[error]
[alert]


=== TEST 2: only POST
--- request eval
["GET /api/session/confirm", "DELETE /api/session/confirm"]
--- more_headers eval: $::Member
--- error_code eval
[405, 405]
--- response_headers eval
["Allow: POST", "Allow: POST"]
--- no_error_log
[error]
[alert]


=== TEST 3: a page of somebody else confirms nothing
--- request eval
["POST /api/session/confirm\n$::Right", "POST /api/session/confirm\n$::Right"]
--- more_headers eval
[$::Stale =~ s/localhost/evil.example/r . "\n$::Json",
 "$::Stale\n$::Json\nSec-Fetch-Site: cross-site"]
--- error_code eval
[403, 403]
--- response_body_like eval
[("\"code\":\"origin_refused\"") x 2]
--- no_error_log
[error]
[alert]


=== TEST 4: JSON it must be, with a password
--- request eval
["POST /api/session/confirm\npassword=x", "POST /api/session/confirm\n{}",
 "POST /api/session/confirm\n{\"password\":null}"]
--- more_headers eval
"$::Stale\n$::Json"
--- error_code eval
[400, 400, 400]
--- response_body_like eval
[("\"code\":\"body_malformed\"") x 3]
--- no_error_log
[error]
[alert]


=== TEST 5: another type is 415
--- request
POST /api/session/confirm
password=test-password-2026
--- more_headers eval
"$::Stale\nContent-Type: application/x-www-form-urlencoded"
--- error_code: 415
--- response_body_like: "code":"body_type"
--- no_error_log
[error]
[alert]


=== TEST 6: a wrong password, or none, confirms nothing and ends nothing
--- request eval
["POST /api/session/confirm\n$::Wrong",
 "POST /api/session/confirm\n{\"password\":\"\"}", "DELETE /api/sessions",
 "GET /api/session"]
--- more_headers eval
"$::Stale\n$::Json"
--- error_code eval
[422, 422, 403, 200]
--- response_headers eval
["Content-Type: application/problem+json\n! Set-Cookie",
 "! Set-Cookie", "! Set-Cookie", "! Set-Cookie"]
--- response_body_like eval
["\"code\":\"password_wrong\"", "\"code\":\"password_wrong\"",
 "\"code\":\"reauth_needed\"", "\"member_no\":\"33"]
--- no_error_log
[error]
[alert]


=== TEST 7: the right one: 204, no new cookie, and what was refused is done
--- request eval
["POST /api/session/confirm\n$::Right", "DELETE /api/sessions"]
--- more_headers eval
"$::Stale\n$::Json"
--- error_code eval
[204, 204]
--- response_headers eval
["! Set-Cookie\nCache-Control: private, no-store", "! Set-Cookie"]
--- response_body eval
["", ""]
--- no_error_log
[error]
[alert]


=== TEST 8: the mini program confirms by its token, without an origin
--- request
POST /api/session/confirm
{"password":"test-password-2026"}
--- more_headers eval
"$::Bearer\n$::Json"
--- error_code: 204
--- no_error_log
[error]
[alert]


=== TEST 9: tries are counted by the session, together with POST password
--- config
    $TEST_NGINX_SITE
    membercert_login_limit account=3/15m;
    location /api/ { membercert; }
--- request eval
[("POST /api/session/confirm\n$::Right") x 5,
 ("POST /api/session/confirm\n$::Wrong") x 2,
 "POST /api/password\n{\"old\":\"x\",\"password\":\"nine socks for my dog\"}",
 "POST /api/session/confirm\n$::Right"]
--- more_headers eval
"$::Stale\n$::Json"
--- error_code eval
[(204) x 5, 422, 422, 422, 429]
--- response_headers_like eval
[("") x 8, "Retry-After: \\d+"]
--- no_error_log
[error]
[alert]
