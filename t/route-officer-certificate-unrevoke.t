# POST certificate/unrevoke: one is given back.  I11 X06

use DeskSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Officer = $ENV{TEST_NGINX_OFFICER};
our $Serial = $ENV{TEST_NGINX_SERIAL};
our $Serial_31 = $ENV{TEST_NGINX_SERIAL_31};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', $DeskSite::Config);
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: one that is not revoked
--- request eval
"POST /desk/certificate/unrevoke
{\"serial\":$::Serial,\"reason\":\"x\"}"
--- more_headers eval
$::Officer
--- error_code: 409
--- response_body_like: "code":"not_revoked"
--- no_error_log
[error]
[alert]


=== TEST 2: given back with a reason, and valid again
--- request eval
["POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"x\"}",
 "POST /desk/certificate/unrevoke
{\"serial\":$::Serial,\"reason\":\"\"}",
 "POST /desk/certificate/unrevoke
{\"serial\":$::Serial,\"reason\":\"a mistake\"}",
 "POST /desk/member/certificate
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}"]
--- more_headers eval
$::Officer
--- error_code eval
[200, 422, 200, 200]
--- response_body_like eval
[qr/"state":"revoked"/, qr/"code":"reason_missing"/,
 qr/^\{"certificates":\[\{"serial":$::Serial,.*"state":"valid","replaced_at":null,"revoked_at":null,"reason":null\}\]\}$/,
 qr/^%PDF/]
--- no_error_log
[error]
[alert]


=== TEST 3: another institute's answers as one that does not exist (I11)
--- request eval
["POST /desk/certificate/unrevoke
{\"serial\":$::Serial_31,\"reason\":\"x\"}",
 "POST /desk/certificate/unrevoke
{\"serial\":4711,\"reason\":\"x\"}"]
--- more_headers eval
$::Officer
--- error_code eval
[404, 404]
--- response_body_like eval
[$DeskSite::Nothing,
 $DeskSite::Nothing]
--- no_error_log
[error]
[alert]


=== TEST 4: nobody without a session, no such route for members, one method
--- request eval
["POST /desk/certificate/unrevoke
{\"serial\":$::Serial,\"reason\":\"x\"}",
 "POST /api/certificate/unrevoke
{\"serial\":$::Serial,\"reason\":\"x\"}",
 "GET /desk/certificate/unrevoke"]
--- more_headers eval
["Content-Type: application/json", $::Officer, $::Officer]
--- error_code eval
[401, 404, 405]
--- response_body_like eval
[qr/"code":"session_expired"/, qr/"code":"not_found"/,
 qr/"code":"method_not_allowed"/]
--- no_error_log
[error]
[alert]
