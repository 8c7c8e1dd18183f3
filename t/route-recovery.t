# POST recovery: a code for who names a member as on file; the same answer
# for everybody.  What is sent, and when: t/proto/recovery.t.
# S11 S12 I04 I05 X02

use BlockSite;
use Test::Nginx::Socket 'no_plan';

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . "membercert_outbox exec;\n"
            . 'location /api/ { membercert; }');
    }

    if (!defined $block->more_headers) {
        $block->set_value('more_headers', "Content-Type: application/json\n"
            . "Origin: http://localhost");
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: a member, and nobody, are told the same
--- request eval
["POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"330000010001\",\"name\":\"\x{e6}\x{9e}\x{97}\x{e6}\x{99}\x{93}\x{e5}\x{b2}\x{9a}\",\"id_number\":\"330102198503072366\",\"channel\":\"phone\",\"client\":\"web\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"name\":\"a\",\"id_number\":\"1\",\"channel\":\"email\"}"]
--- error_code eval
[202, 202]
--- response_headers eval
[("Content-Type: application/json\nCache-Control: private, no-store\nX-Content-Type-Options: nosniff\n! Set-Cookie") x 2]
--- response_body_like eval
[(qr/^\{"recovery":"[-_A-Za-z0-9]{43}","expires_in":600,"code_length":8\}$/) x 2]
--- no_error_log
[error]
[alert]


=== TEST 2: no outbox, no recovery
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
--- request
POST /api/recovery
{"user_type":"nonpractising","member_no":"1","name":"a","id_number":"1"}
--- error_code: 404
--- response_body_like: "code":"recovery_off".*"hotline":"010-88250337/0338"
--- no_error_log
[error]
[alert]


=== TEST 3: no more attempts for one account from one address
--- config
    $TEST_NGINX_SITE
    membercert_outbox exec;
    membercert_recovery account=2/1h;
    location /api/ { membercert; }
--- request eval
["POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"9 9 9\",\"name\":\"a\",\"id_number\":\"1\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"99-9\",\"name\":\"b\",\"id_number\":\"1\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"999\",\"name\":\"c\",\"id_number\":\"2\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"998\",\"name\":\"c\",\"id_number\":\"2\"}"]
--- error_code eval
[202, 202, 429, 202]
--- response_headers_like eval
["", "", "Retry-After: 1[78]\\d\\d", ""]
--- response_body_like eval
[qr/recovery/, qr/recovery/, qr/"code":"too_many_attempts"/, qr/recovery/]
--- no_error_log
[error]
[alert]


=== TEST 4: nor from one address; what is not sent uses up nobody's (t/proto/recovery.t)
--- config
    $TEST_NGINX_SITE
    membercert_outbox exec;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-From;
    membercert_recovery address=2/1h all=1/1h;
    location /api/ { membercert; }
--- request eval
[map { "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"$_\",\"name\":\"a\",\"id_number\":\"1\"}" } 1 .. 5]
--- more_headers eval
[map { "Content-Type: application/json\nOrigin: http://localhost\nX-From: $_" } "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"]
--- error_code eval
[202, 202, 429, 202, 202]
--- no_error_log
[error]
[alert]


=== TEST 5: what a body must have
--- request eval
["POST /api/recovery
{\"member_no\":\"1\",\"name\":\"a\",\"id_number\":\"1\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"name\":\"a\",\"id_number\":\"1\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"id_number\":\"1\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"name\":\"a\",\"id_number\":7}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"name\":\"a\",\"id_number\":\"1\",\"channel\":\"post\"}",
 "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"name\":\"a\",\"id_number\":\"1\",\"client\":\"tv\"}",
 "POST /api/recovery
["]
--- error_code eval
[(400) x 7]
--- response_body_like eval
[map { qr/"code":"body_malformed".*$_/ } "user_type:", "member_no:", "name:", "id_number:", "channel:", "client:", "JSON"]
--- no_error_log
[error]
[alert]


=== TEST 6: a page of somebody else spends nobody's attempts
--- request
POST /api/recovery
{"user_type":"nonpractising","member_no":"1","name":"a","id_number":"1"}
--- more_headers
Content-Type: application/json
Origin: http://evil.example
--- error_code: 403
--- response_body_like: "code":"origin_refused"
--- no_error_log
[error]
[alert]


=== TEST 7: the mini program has no origin
--- request
POST /api/recovery
{"user_type":"nonpractising","member_no":"1","name":"a","id_number":"1","client":"mini"}
--- more_headers
Content-Type: application/json
--- error_code: 202
--- no_error_log
[error]
[alert]


=== TEST 8: a captcha, unless it is off
--- config eval
(my $site = $ENV{TEST_NGINX_SITE}) =~ s/membercert_captcha [^;]*;//;
"$site\nmembercert_outbox exec;\nlocation /api/ { membercert; }"
--- request eval
[map { "POST /api/recovery
{\"user_type\":\"nonpractising\",\"member_no\":\"1\",\"name\":\"a\",\"id_number\":\"1\",\"client\":\"$_\"}" } "web", "mini"]
--- error_code eval
[422, 422]
--- response_body_like eval
[(qr/"code":"captcha_needed"/) x 2]
--- no_error_log
[error]
[alert]


=== TEST 9: another method
--- request
GET /api/recovery
--- error_code: 405
--- response_headers
Allow: POST
--- response_body_like: "code":"method_not_allowed"
--- no_error_log
[error]
[alert]
