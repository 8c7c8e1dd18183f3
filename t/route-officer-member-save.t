# POST member/save: what only the institute corrects.  S38 I11

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

=== TEST 1: with the right revision
--- request eval
"POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"values\":{\"admitted_on\":\"2018-01-02\"}}"
--- more_headers eval
"$::Officer
If-Match: $ENV{TEST_NGINX_REVISION}"
--- response_body_like eval
qr/"value":"2018-01-02"/
--- no_error_log
[error]
[alert]


=== TEST 2: not without one
--- request eval
"POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"values\":{}}"
--- error_code: 428
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"if_match_missing"/
--- no_error_log
[error]
[alert]


=== TEST 3: a stale one comes with what stands now
--- request eval
"POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"values\":{}}"
--- error_code: 412
--- more_headers eval
"$::Officer
If-Match: \"999\""
--- response_body_like eval
qr/"code":"changed_meanwhile".*"member":\{"user_type"/
--- no_error_log
[error]
[alert]


=== TEST 4: what another institute has answers as what does not exist (I11)
--- request eval
["POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"310000010001\",\"values\":{}}",
 "POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"310000019999\",\"values\":{}}"]
--- error_code eval
[404, 404]
--- more_headers eval
$::Officer
--- response_body_like eval
[$DeskSite::Nothing,
 $DeskSite::Nothing]
--- no_error_log
[error]
[alert]


=== TEST 5: nobody without a session
--- request eval
"POST /desk/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"values\":{}}"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 6: a plain location has no such route
--- request eval
"POST /api/member/save
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 7: another method
--- request eval
"GET /desk/member/save"
--- error_code: 405
--- more_headers eval
$::Officer
--- response_headers
Allow: POST
--- response_body_like eval
qr/"code":"method_not_allowed"/
--- no_error_log
[error]
[alert]
