# GET and POST member: the profile.  S33 S36 S37 S38 I07

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Stale = $ENV{TEST_NGINX_STALE};
our $Bearer = $ENV{TEST_NGINX_BEARER};
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

=== TEST 1: the fields, with a revision to save against (S37)
--- request
GET /api/member
--- more_headers eval
$::Member
--- response_headers_like
ETag: "\d+"
Cache-Control: private, no-store
--- response_body_like: ^\{"revision":\d+,.*"status":\{"code":"active".*"complete":true.*"key":"phone".*"type":"phone","required":true,"editable":true,"sensitive":true,"max":20,"value":"138\*{4}0001"
--- no_error_log
[error]
[alert]


=== TEST 2: what is missing is marked (S37), by whom it is filled (S38)
--- request
GET /api/member
--- more_headers eval
$::Other
--- response_body_like: "complete":false.*"key":"name"[^}]*"editable":false.*"key":"work_unit"[^}]*"required":true,"editable":true[^}]*"missing":true
--- no_error_log
[error]
[alert]


=== TEST 3: without a session 401
--- request eval
["GET /api/member", "POST /api/member
{\"values\":{}}", "HEAD /api/member"]
--- more_headers eval
["", $::Json, ""]
--- error_code eval
[401, 401, 401]
--- response_headers eval
[("Content-Type: application/problem+json") x 3]
--- no_error_log
[error]
[alert]


=== TEST 4: a save with the right If-Match is 200, one without 428, a stale one 412
--- request eval
[map { "POST /api/member
{\"values\":{\"postcode\":\"31001$_\"}}" } 1 .. 3]
--- more_headers eval
["$::Member\n$::Json\nIf-Match: \"2\"", "$::Member\n$::Json",
 "$::Member\n$::Json\nIf-Match: \"2\""]
--- error_code eval
[200, 428, 412]
--- response_headers eval
["ETag: \"3\"", "! ETag", "! ETag"]
--- response_body_like eval
["\"value\":\"310011\"", "if_match_missing",
 "changed_meanwhile.*\"member\":\\{\"revision\":3,.*\"value\":\"310011\""]
--- no_error_log
[error]
[alert]


=== TEST 5: every fault at once, by field
--- request
POST /api/member
{"values":{"phone":"1","postcode":"x","name":"y","nothing":"z"}}
--- more_headers eval
"$::Other\n$::Json\nIf-Match: \"1\""
--- error_code: 422
--- response_body_like: "errors":\[(?=.*"code":"field_format"[^}]*"field":"phone")(?=.*"field":"postcode")(?=.*"code":"field_institute_only"[^}]*"field":"name")(?=.*"code":"field_unknown"[^}]*"field":"nothing")
--- no_error_log
[error]
[alert]


=== TEST 6: wrong type, wrong JSON, too large
--- request eval
["POST /api/member
{}", "POST /api/member
{\"values\":[]}", "POST /api/member
{\"values\":{\"phone\":null}}", "POST /api/member\n" . "x" x 20000]
--- more_headers eval
["$::Member\nContent-Type: text/json\nIf-Match: \"1\"",
 ("$::Member\n$::Json\nIf-Match: \"1\"") x 3]
--- error_code eval
[415, 400, 400, 413]
--- response_body_like eval
["body_type", "body_malformed", "body_malformed", "body_size"]
--- no_error_log
[error]
[alert]


=== TEST 7: a save from another site is refused
--- request
POST /api/member
{"values":{}}
--- more_headers eval
"$::Member\n$::Json\nIf-Match: \"1\"\nSec-Fetch-Site: cross-site"
--- error_code: 403
--- response_body_like: origin_refused
--- no_error_log
[error]
[alert]


=== TEST 8: a token needs no origin
--- request
POST /api/member
{"values":{}}
--- more_headers eval
"$::Bearer\n$::Json\nIf-Match: \"99\""
--- error_code: 412
--- no_error_log
[error]
[alert]


=== TEST 9: fields of one's own (membercert_field)
--- config
    $TEST_NGINX_SITE
    membercert_field phone "手机" "Mobile" type=phone edit=institute;
    membercert_field title "职称" "Title" required max=5;
    location /api/ { membercert; }
--- request
GET /api/member
--- more_headers eval
$::Member
--- response_body_like: "complete":false(?=.*"key":"phone","zh":"手机"[^}]*"editable":false)(?=.*"key":"title"[^}]*"max":5[^}]*"missing":true)
--- no_error_log
[error]
[alert]


=== TEST 10: wrong methods
--- request eval
["PUT /api/member", "DELETE /api/member", "PATCH /api/member"]
--- error_code eval
[405, 405, 405]
--- response_headers eval
[("Allow: GET, HEAD, POST") x 3]
--- no_error_log
[error]
[alert]


=== TEST 11: a contact changes only when the password was given lately (S40)
--- request eval
["POST /api/member
{\"values\":{\"phone\":\"13911112222\"}}", "POST /api/member
{\"values\":{\"email\":\"me\@example.org\",\"postcode\":\"310012\"}}",
"POST /api/member
{\"values\":{\"postcode\":\"310013\"}}"]
--- more_headers eval
"$::Stale\n$::Json\nIf-Match: \"1\""
--- error_code eval
[403, 403, 200]
--- response_headers eval
["Content-Type: application/problem+json\n! Set-Cookie",
 "Content-Type: application/problem+json", "ETag: \"2\""]
--- response_body_like eval
["\"code\":\"reauth_needed\".*请先输入密码确认身份", "\"code\":\"reauth_needed\"",
 "\"value\":\"138\\*{4}0001\".*\"value\":\"310013\""]
--- no_error_log
[error]
[alert]


=== TEST 12: who logged in just now may
--- request
POST /api/member
{"values":{"phone":"13911112222"}}
--- more_headers eval
"$::Other\n$::Json\nIf-Match: \"2\""
--- error_code: 200
--- response_body_like: "value":"139\*{4}2222"
--- no_error_log
[error]
[alert]
