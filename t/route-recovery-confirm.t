# POST recovery/confirm: a code becomes a new password.  Codes that were
# sent: t/proto/recovery.t.
# S12 I04 X03

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Code = (BlockSite::ctl('member', 'activate', '330000010002')
             =~ /^code +(\S+)$/m)[0];

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; }');
    }

    if (!defined $block->more_headers) {
        $block->set_value('more_headers', "Content-Type: application/json");
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: an institute's code sets a password, once (X03)
--- request eval
["POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"code\":\"$::Code\",\"password\":\"short 1x\"}",
 "POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"code\":\"\L$::Code\E\",\"password\":\"tall brown kettle 88\"}",
 "POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"code\":\"$::Code\",\"password\":\"tall brown kettle 89\"}",
 "POST /api/session
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010002\",\"password\":\"tall brown kettle 88\",\"client\":\"mini\"}"]
--- error_code eval
[422, 204, 422, 200]
--- response_headers eval
[("Cache-Control: private, no-store\n! Set-Cookie") x 4]
--- response_body_like eval
[qr/"code":"password_short"/, qr/^$/, qr/"code":"recovery_refused"/, qr/"token"/]
--- no_error_log
[error]
[alert]


=== TEST 2: whatever is wrong with a code, one answer
--- request eval
["POST /api/recovery/confirm
{\"recovery\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"code\":\"12345678\",\"password\":\"tall brown kettle 88\"}",
 "POST /api/recovery/confirm
{\"recovery\":\"x\",\"code\":\"12345678\",\"password\":\"tall brown kettle 88\"}",
 "POST /api/recovery/confirm
{\"recovery\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"code\":\"1\",\"password\":\"\"}",
 "POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"code\":\"AAAAA-AAAAA-AAAAA-AAAAA-AAAAA\",\"password\":\"x\"}",
 "POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"9\",\"code\":\"AAAAA-AAAAA-AAAAA-AAAAA-AAAAA\",\"password\":\"x\"}",
 "POST /api/recovery/confirm
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"code\":\"12345678\",\"password\":\"x\"}"]
--- error_code eval
[(422) x 6]
--- response_body_like eval
[(qr/"code":"recovery_refused","errors":\[\{[^{}]*\}\]/) x 6]
--- no_error_log
[error]
[alert]


=== TEST 3: what a body must have
--- request eval
["POST /api/recovery/confirm
{\"recovery\":1,\"code\":\"1\",\"password\":\"x\"}",
 "POST /api/recovery/confirm
{\"recovery\":\"A\",\"password\":\"x\"}",
 "POST /api/recovery/confirm
{\"recovery\":\"A\",\"code\":\"1\"}",
 "POST /api/recovery/confirm
{\"code\":\"1\",\"password\":\"x\"}"]
--- error_code eval
[(400) x 4]
--- response_body_like eval
[map { qr/"code":"body_malformed".*$_:/ } "recovery", "code", "password", "user_type"]
--- no_error_log
[error]
[alert]


=== TEST 4: one address tries so many codes (membercert_recovery)
--- config
    $TEST_NGINX_SITE
    membercert_recovery address=1/1h;
    location /api/ { membercert; }
--- request eval
[map { "POST /api/recovery/confirm
{\"recovery\":\"x\",\"code\":\"$_\",\"password\":\"x\"}" } 1 .. 6]
--- error_code eval
[422, 422, 422, 422, 422, 429]
--- no_error_log
[error]
[alert]


=== TEST 5: with a cookie of ours the page must be one of ours
--- request
POST /api/recovery/confirm
{"recovery":"x","code":"1","password":"x"}
--- more_headers eval
(my $cookie = $ENV{TEST_NGINX_MEMBER}) =~ s/\n.*//s;
"$cookie\nContent-Type: application/json\nOrigin: http://evil.example"
--- error_code: 403
--- response_body_like: "code":"origin_refused"
--- no_error_log
[error]
[alert]


=== TEST 6: another method
--- request
PUT /api/recovery/confirm
--- error_code: 405
--- response_headers
Allow: POST
--- no_error_log
[error]
[alert]
