# POST certificate/revoke: a certificate is taken back.  I11 X06

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

=== TEST 1: without a reason, or with one that is none
--- request eval
["POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\" \"}",
 "POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"" . 'x' x 201 . "\"}",
 "POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"a\\nb\"}",
 "POST /desk/certificate/revoke
{\"serial\":$::Serial}",
 "POST /desk/certificate/revoke
{\"serial\":\"$::Serial\",\"reason\":\"x\"}",
 "POST /desk/certificate/revoke
{\"serial\":1.5,\"reason\":\"x\"}",
 "POST /desk/certificate/revoke
{\"serial\":99999999999999999999,\"reason\":\"x\"}"]
--- more_headers eval
$::Officer
--- error_code eval
[422, 422, 422, 400, 400, 400, 400]
--- response_body_like eval
[(qr/Choose or give a reason.*"reason_missing"/) x 3, (qr/"code":"body_malformed"/) x 4]
--- no_error_log
[error]
[alert]


=== TEST 2: another institute's answers as one that does not exist (I11)
--- request eval
["POST /desk/certificate/revoke
{\"serial\":$::Serial_31,\"reason\":\"x\"}",
 "POST /desk/certificate/revoke
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


=== TEST 3: taken back, with the reason; once
--- request eval
["POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\" wrong photo \"}",
 "POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"again\"}",
 "POST /desk/member/certificate
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}"]
--- more_headers eval
$::Officer
--- error_code eval
[200, 409, 409]
--- response_body_like eval
[qr/^\{"certificates":\[\{"serial":$::Serial,.*"state":"revoked","replaced_at":null,"revoked_at":\d{13},"reason":"wrong photo"\}\]\}$/,
 qr/"code":"already_revoked"/,
 qr/"code":"certificate_revoked"/]
--- no_error_log
[error]
[alert]


=== TEST 4: nobody without a session, no such route for members, one method
--- request eval
["POST /desk/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"x\"}",
 "POST /api/certificate/revoke
{\"serial\":$::Serial,\"reason\":\"x\"}",
 "GET /desk/certificate/revoke"]
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
