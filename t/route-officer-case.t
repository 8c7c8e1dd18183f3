# GET and POST case/ID: one upload, and the decision.  S26 S32 I11

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

=== TEST 1: all about an upload
--- request eval
"GET /desk/case/$::Case"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"photo_id":$::Case,.*"warnings":\[.*"member":\{"user_type":"nonpractising","member_no":"330000010002".*"blockers":\[/
--- no_error_log
[error]
[alert]


=== TEST 2: a rejection needs a reason
--- request eval
"POST /desk/case/$::Case
{\"decision\":\"reject\"}"
--- error_code: 422
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"reason_missing"/
--- no_error_log
[error]
[alert]


=== TEST 3: approve or reject
--- request eval
"POST /desk/case/$::Case
{\"decision\":\"later\"}"
--- error_code: 400
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"body_malformed"/
--- no_error_log
[error]
[alert]


=== TEST 4: a rejection with one
--- request eval
"POST /desk/case/$::Case
{\"decision\":\"reject\",\"reason\":\"other\",\"words\":\"x\"}"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"photo_id":$::Case,"state":"mismatched","attempts":1,"most":5,"next":null\}$/
--- no_error_log
[error]
[alert]


=== TEST 5: what another institute has answers as what does not exist (I11)
--- request eval
["GET /desk/case/$::Case_31",
 "GET /desk/case/99999",
 "POST /desk/case/$::Case_31
{\"decision\":\"approve\"}",
 "POST /desk/case/99999
{\"decision\":\"approve\"}"]
--- error_code eval
[404, 404, 404, 404]
--- more_headers eval
$::Officer
--- response_body_like eval
[$DeskSite::Nothing,
 $DeskSite::Nothing,
 $DeskSite::Nothing,
 $DeskSite::Nothing]
--- no_error_log
[error]
[alert]


=== TEST 6: nobody without a session
--- request eval
"GET /desk/case/$::Case"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 7: a plain location has no such route
--- request eval
"GET /api/case/$::Case"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 8: another method
--- request eval
"DELETE /desk/case/$::Case"
--- error_code: 405
--- more_headers eval
$::Officer
--- response_headers
Allow: GET, HEAD, POST
--- response_body_like eval
qr/"code":"method_not_allowed"/
--- no_error_log
[error]
[alert]
