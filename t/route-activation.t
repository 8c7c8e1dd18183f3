# POST activation: a new member who knows no number; the answer goes to the
# contact on file.  What is sent: t/proto/recovery.t.
# S03 I04 X04

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

=== TEST 1: a new member, and nobody, are told the same (S03)
--- request eval
["POST /api/activation
{\"user_type\":\"nonpractising\",\"name\":\"\x{e6}\x{9e}\x{97}\x{e6}\x{99}\x{93}\x{e5}\x{b2}\x{9a}\",\"id_number\":\"3301021985 03072366\",\"client\":\"mini\"}",
 "POST /api/activation
{\"user_type\":\"none\",\"name\":\"\",\"id_number\":\"\"}"]
--- error_code eval
[202, 202]
--- response_headers eval
[("Content-Type: application/json\nCache-Control: private, no-store\n! Set-Cookie") x 2]
--- response_body_like eval
[(qr/^\{"recovery":"[-_A-Za-z0-9]{43}","expires_in":600,"code_length":8\}$/) x 2]
--- no_error_log
[error]
[alert]


=== TEST 2: no outbox, no activation
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
--- request
POST /api/activation
{"user_type":"nonpractising","name":"a","id_number":"1"}
--- error_code: 404
--- response_body_like: "code":"recovery_off"
--- no_error_log
[error]
[alert]


=== TEST 3: an ID number is an account, however it is written
--- config
    $TEST_NGINX_SITE
    membercert_outbox exec;
    membercert_recovery account=2/1h;
    location /api/ { membercert; }
--- request eval
[map { "POST /api/activation
{\"user_type\":\"nonpractising\",\"name\":\"a\",\"id_number\":\"$_\"}" } "11x", "1 1 X", "11-X", "12X"]
--- error_code eval
[202, 202, 429, 202]
--- no_error_log
[error]
[alert]


=== TEST 4: what a body must have, and from where
--- request eval
["POST /api/activation
{\"name\":\"a\",\"id_number\":\"1\"}",
 "POST /api/activation
{\"user_type\":\"nonpractising\",\"id_number\":\"1\"}",
 "POST /api/activation
{\"user_type\":\"nonpractising\",\"name\":\"a\"}"]
--- error_code eval
[(400) x 3]
--- response_body_like eval
[map { qr/"code":"body_malformed".*$_:/ } "user_type", "name", "id_number"]
--- no_error_log
[error]
[alert]


=== TEST 5: a page of somebody else
--- request
POST /api/activation
{"user_type":"nonpractising","name":"a","id_number":"1"}
--- more_headers
Content-Type: application/json
Sec-Fetch-Site: cross-site
--- error_code: 403
--- response_body_like: "code":"origin_refused"
--- no_error_log
[error]
[alert]


=== TEST 6: another method
--- request
DELETE /api/activation
--- error_code: 405
--- response_headers
Allow: POST
--- no_error_log
[error]
[alert]
