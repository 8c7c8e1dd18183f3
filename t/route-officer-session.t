# POST, GET, DELETE session of the desk.  I11

use DeskSite;
use Test::Nginx::Socket 'no_plan';

our $Officer = $ENV{TEST_NGINX_OFFICER};
our $Theirs = $ENV{TEST_NGINX_THEIRS};
our $Case = $ENV{TEST_NGINX_CASE};
our $Case_31 = $ENV{TEST_NGINX_CASE_31};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', $DeskSite::Config);
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: a log-in with password and one-time code
--- request eval
"POST /desk/session
{\"name\":\"code\",\"password\":\"officer-test-2026\",\"code\":\"$ENV{TEST_NGINX_CODE}\"}"
--- more_headers eval
$::Theirs
--- response_body_like eval
qr/^\{"name":"code","all":false,"institute":\{"code":"33".*"reasons":\[\{"code":"not_recent"/
--- no_error_log
[error]
[alert]


=== TEST 2: whatever is wrong, the same words
--- request eval
"POST /desk/session
{\"name\":\"li\",\"password\":\"officer-test-2026\",\"code\":\"000000\"}"
--- error_code: 401
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"officer_login_failed"/
--- no_error_log
[error]
[alert]


=== TEST 3: a text is expected
--- request eval
"POST /desk/session
{\"name\":\"li\",\"password\":\"officer-test-2026\",\"code\":123456}"
--- error_code: 400
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"body_malformed"/
--- no_error_log
[error]
[alert]


=== TEST 4: not from a foreign page
--- request eval
"POST /desk/session
{\"name\":\"li\",\"password\":\"x\",\"code\":\"1\"}"
--- error_code: 403
--- more_headers eval
"Origin: http://elsewhere
Content-Type: application/json"
--- response_body_like eval
qr/"code":"origin_refused"/
--- no_error_log
[error]
[alert]


=== TEST 5: who am I
--- request eval
"GET /desk/session"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"name":"li","all":false/
--- no_error_log
[error]
[alert]


=== TEST 6: log-out without a session is fine
--- request eval
"DELETE /desk/session"
--- error_code: 204
--- more_headers eval
"Origin: http://localhost"
--- no_error_log
[error]
[alert]


=== TEST 7: nobody without a session
--- request eval
"GET /desk/session"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 8: another method
--- request eval
"PUT /desk/session"
--- error_code: 405
--- more_headers eval
$::Officer
--- response_headers
Allow: POST, GET, HEAD, DELETE
--- response_body_like eval
qr/"code":"method_not_allowed"/
--- no_error_log
[error]
[alert]


=== TEST 9: a log-in has ended the session of the cookie it came with
--- request eval
"GET /desk/session"
--- error_code: 401
--- more_headers eval
$::Theirs
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]
