# POST member/activate: the institute's way for a member without a contact
# on file.  I04 I11 X03

use DeskSite;
use Test::Nginx::Socket 'no_plan';

our $Officer = $ENV{TEST_NGINX_OFFICER};
our $Theirs = $ENV{TEST_NGINX_THEIRS};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', $DeskSite::Config);
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: a code for the member at the counter, for 72 hours (X03)
--- request eval
"POST /desk/member/activate
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- error_code: 201
--- more_headers eval
$::Officer
--- response_headers
Content-Type: application/json
Cache-Control: private, no-store
--- response_body_like: ^\{"code":"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}","expires_in":259200\}$
--- no_error_log
[error]
[alert]


=== TEST 2: what another institute has answers as what does not exist (I11)
--- request eval
["POST /desk/member/activate
{\"user_type\":\"nonpractising\",\"member_no\":\"310000010002\"}",
 "POST /desk/member/activate
{\"user_type\":\"nonpractising\",\"member_no\":\"310000019999\"}"]
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


=== TEST 3: nobody without a session
--- request eval
"POST /desk/member/activate
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 4: a plain location has no such route
--- request eval
"POST /api/member/activate
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 5: another method
--- request eval
"GET /desk/member/activate"
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
