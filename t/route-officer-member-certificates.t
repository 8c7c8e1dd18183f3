# POST member/certificates: a member's versions.  I11 X06

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

=== TEST 1: of a member of the own institute
--- request eval
"POST /desk/member/certificates
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"certificates":\[\{"serial":$::Serial,"code":"[0-9A-Z]{16}","at":\d{13},"state":"valid","replaced_at":null,"revoked_at":null,"reason":null\}\]\}$/
--- no_error_log
[error]
[alert]


=== TEST 2: nothing confirmed
--- request eval
"POST /desk/member/certificates
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\"}"
--- more_headers eval
$::Officer
--- response_body chomp
{"certificates":[]}
--- no_error_log
[error]
[alert]


=== TEST 3: what another institute has answers as what does not exist (I11)
--- request eval
["POST /desk/member/certificates
{\"user_type\":\"nonpractising\",\"member_no\":\"310000010001\"}",
 "POST /desk/member/certificates
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


=== TEST 4: nobody without a session, no such route for members, one method
--- request eval
["POST /desk/member/certificates
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}",
 "POST /api/member/certificates
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\"}",
 "GET /desk/member/certificates"]
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
