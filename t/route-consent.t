# POST consent: the privacy notice, accepted or not.

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Json = "Content-Type: application/json";

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; client_max_body_size 64k; }');
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: accepted, taken back
--- config
    $TEST_NGINX_SITE
    membercert_privacy /privacy.html 2026-11;
    location /api/ { membercert; }
--- request eval
["POST /api/consent
{\"document\":\"privacy\",\"version\":\"2026-11\",\"accepted\":true}",
 "GET /api/member",
 "POST /api/consent
{\"document\":\"privacy\",\"version\":\"2026-11\",\"accepted\":false}",
 "GET /api/member"]
--- more_headers eval
["$::Member\n$::Json", $::Member, "$::Member\n$::Json", $::Member]
--- error_code eval
[204, 200, 204, 200]
--- response_body_like eval
["^\$", "\"privacy_accepted\":true", "^\$", "\"privacy_accepted\":false"]
--- no_error_log
[error]
[alert]


=== TEST 2: a version or document that is none
--- config
    $TEST_NGINX_SITE
    membercert_privacy /privacy.html 2026-11;
    location /api/ { membercert; }
--- request eval
["POST /api/consent
{\"document\":\"privacy\",\"version\":\"1\",\"accepted\":true}",
 "POST /api/consent
{\"document\":\"cookies\",\"version\":\"2026-11\",\"accepted\":true}"]
--- more_headers eval
["$::Member\n$::Json", "$::Member\n$::Json"]
--- error_code eval
[422, 422]
--- response_body_like eval
["consent_unknown", "consent_unknown"]
--- no_error_log
[error]
[alert]


=== TEST 3: wrong JSON, wrong type, no session, another site
--- request eval
["POST /api/consent
{\"document\":\"privacy\",\"version\":\"1\",\"accepted\":\"yes\"}",
 "POST /api/consent
{", "POST /api/consent
{}", "POST /api/consent
{}", "POST /api/consent
{}"]
--- more_headers eval
["$::Member\n$::Json", "$::Member\n$::Json", $::Member, $::Json,
 "$::Member\n$::Json\nSec-Fetch-Site: same-site"]
--- error_code eval
[400, 400, 415, 401, 403]
--- response_body_like eval
["body_malformed", "body_malformed", "body_type", "session_expired",
 "origin_refused"]
--- no_error_log
[error]
[alert]


=== TEST 4: wrong methods
--- request eval
["GET /api/consent", "PUT /api/consent", "DELETE /api/consent"]
--- error_code eval
[405, 405, 405]
--- response_headers eval
[("Allow: POST") x 3]
--- no_error_log
[error]
[alert]
