# POST member/confirm: at the counter.  S41 I11 X08

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

=== TEST 1: another version is none
--- request eval
"POST /desk/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"version\":\"x\"}"
--- error_code: 409
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"version_changed"/
--- no_error_log
[error]
[alert]


=== TEST 2: what blocks members blocks here
--- request eval
"POST /desk/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"version\":\"x\"}"
--- error_code: 409
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"compare_review"/
--- no_error_log
[error]
[alert]


=== TEST 3: what another institute has answers as what does not exist (I11)
--- request eval
["POST /desk/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"310000010001\",\"version\":\"x\"}",
 "POST /desk/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"310000019999\",\"version\":\"x\"}"]
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


=== TEST 4: nobody without a session
--- request eval
"POST /desk/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"version\":\"x\"}"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 5: a plain location has no such route
--- request eval
"POST /api/member/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 6: another method
--- request eval
"GET /desk/member/confirm"
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
