# GET and POST certificate: data, blockers, confirmation.
# S16 S18 S34 S38 I08 I14

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
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

=== TEST 1: what will stand on it, and nothing that blocks it (I08)
--- request
GET /api/certificate
--- more_headers eval
$::Member
--- response_headers
Content-Type: application/json
Cache-Control: private, no-store
--- response_body_like: ^\{"fields":\[\{"key":"name","label":"姓名","label_en":"Name".*"version":"[0-9a-f]{64}","has_photo":true,"photo_readable":true,.*"blockers":\[\],"confirmed":null,"verify_photo":null,"institute":\{"code":"33"
--- no_error_log
[error]
[alert]


=== TEST 2: what blocks it, and where it is put right (S34)
--- request
GET /api/certificate
--- more_headers eval
$::Other
--- response_body_like: "blockers":\[\{"code":"profile_incomplete","detail":"请您先将基础信息中的必填信息补充完整…"[^}]*"where":"profile"\},\{"code":"field_required"[^}]*"field":"work_unit","where":"profile"\},\{"code":"photo_none"[^}]*"where":"photo"\}\]
--- no_error_log
[error]
[alert]


=== TEST 3: a confirmation of another version, and of one that is blocked (S16)
--- request eval
["POST /api/certificate
{\"version\":\"" . "0" x 64 . "\"}", "POST /api/certificate
{\"version\":\"" . "0" x 64 . "\"}"]
--- more_headers eval
["$::Member\n$::Json", "$::Other\n$::Json"]
--- error_code eval
[409, 409]
--- response_body_like eval
["\"code\":\"version_changed\"", "\"code\":\"profile_incomplete\".*photo_none"]
--- no_error_log
[error]
[alert]


=== TEST 4: wrong JSON, wrong type, too large, no session, another site
--- request eval
["POST /api/certificate
{}", "POST /api/certificate
{\"version\":7}", "POST /api/certificate
{}", "POST /api/certificate\n" . "x" x 17000, "POST /api/certificate
{}", "POST /api/certificate
{}", "GET /api/certificate"]
--- more_headers eval
["$::Member\n$::Json", "$::Member\n$::Json", $::Member,
 "$::Member\n$::Json", $::Json,
 "$::Member\n$::Json\nSec-Fetch-Site: none", ""]
--- error_code eval
[400, 400, 415, 413, 401, 403, 401]
--- response_body_like eval
["body_malformed", "body_malformed", "body_type", "body_size",
 "session_expired", "origin_refused", "session_expired"]
--- no_error_log
[error]
[alert]


=== TEST 5: wrong methods
--- request eval
["PUT /api/certificate", "DELETE /api/certificate"]
--- error_code eval
[405, 405]
--- response_headers eval
[("Allow: GET, HEAD, POST") x 2]
--- no_error_log
[error]
[alert]
