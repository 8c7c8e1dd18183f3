# POST member at the desk: all about one.  S38 I11 X08

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

=== TEST 1: fields masked, blockers, history
--- request eval
"POST /desk/member
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"value":"3301\*+2366".*"cases":\[\{"photo_id":$::Case.*"blockers":\[/
--- no_error_log
[error]
[alert]


=== TEST 2: whom
--- request eval
"POST /desk/member
{\"user_type\":\"nonpractising\"}"
--- error_code: 400
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"body_malformed"/
--- no_error_log
[error]
[alert]


=== TEST 3: what another institute has answers as what does not exist (I11)
--- request eval
["POST /desk/member
{\"user_type\":\"nonpractising\",\"member_no\":\"310000010001\"}",
 "POST /desk/member
{\"user_type\":\"nonpractising\",\"member_no\":\"310000019999\"}",
 "POST /desk/member
{\"user_type\":\"practising\",\"member_no\":\"330000010001\"}",
 "POST /desk/member
{\"user_type\":\"nonpractising\",\"member_no\":\"../1\"}"]
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


=== TEST 4: nobody without a session
--- request eval
"POST /desk/member
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 5: another method
--- request eval
"GET /desk/member"
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
