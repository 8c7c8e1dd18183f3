# GET site: what pages need to draw themselves.  S02 S06 S13 S29 S30 S31

use BlockSite;
use Test::Nginx::Socket 'no_plan';

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . "location /api/ { membercert; }");
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: institute, hot line (S02), photo rules, institutes with contacts
--- request
GET /api/site
--- response_headers
Content-Type: application/json
Cache-Control: no-cache
X-Content-Type-Options: nosniff
! Set-Cookie
--- response_body_like eval
qr/^\{(?=.*"issuer_en":"Test Institute")(?=.*"hotline":"010-88250337\/0338")(?=.*"photo":\{"min":10000,"max":20480,"width":178,"height":220,"dpi":96,"attempts":5\})(?=.*"captcha":\{"web":"off","mini":"off"\})(?=.*"institutes":\[\{"code":"31".*"phone":"021-62250338")(?=.*"timezone":480)(?=.*"languages":\["zh","en"\]).*\}$/
--- no_error_log
[error]
[alert]


=== TEST 2: HEAD has the headers and no body
--- request
HEAD /api/site
--- response_headers
Content-Type: application/json
--- response_body
--- no_error_log
[error]
[alert]


=== TEST 3: user types (S06), footer, privacy notice as configured
--- config
    $TEST_NGINX_SITE
    membercert_user_type a "甲" "First";
    membercert_user_type b "乙" "Second";
    membercert_footer "备案号" https://example.org/;
    membercert_footer "text only";
    membercert_privacy /privacy.html v7;
    membercert_public_url https://cert.example.org/;
    membercert_review_time "3天";
    membercert_timezone -03:30;
    membercert_photo size=1k-30k pixels=200x300 dpi=72;
    membercert_compare manual attempts=3;
    location /api/ { membercert; }
--- request
GET /api/site
--- response_body_like eval
qr/(?=.*\{"code":"a","zh":"甲","en":"First"\},\{"code":"b")(?=.*"footer":\[\{"text":"备案号","url":"https:\/\/example.org\/"\},\{"text":"text only")(?=.*"privacy":\{"url":"\/privacy.html","version":"v7"\})(?=.*"public_url":"https:\/\/cert.example.org")(?=.*"review_time":"3天")(?=.*"timezone":-210)(?=.*"min":1024,"max":30720,"width":200,"height":300,"dpi":72,"attempts":3)/
--- no_error_log
[error]
[alert]


=== TEST 4: wrong methods are told which are right
--- request eval
["POST /api/site", "PUT /api/site", "DELETE /api/site", "PATCH /api/site",
 "OPTIONS /api/site"]
--- error_code eval
[405, 405, 405, 405, 405]
--- response_headers eval
["Allow: GET, HEAD", "Allow: GET, HEAD", "Allow: GET, HEAD",
 "Allow: GET, HEAD", "Allow: GET, HEAD"]
--- response_body_like eval
[("\"code\":\"method_not_allowed\"") x 5]
--- no_error_log
[error]
[alert]


=== TEST 5: paths that are none are problem+json, too
--- request eval
["GET /api/", "GET /api/sit", "GET /api/sites", "GET /api/site/",
 "GET /api/site/x", "GET /api//site/x", "GET /api/SITE", "GET /api/site%00"]
--- error_code eval
[404, 404, 404, 404, 404, 404, 404, 400]
--- response_body_like eval
[("\"code\":\"not_found\"") x 7, "400 Bad Request"]
--- no_error_log
[error]
[alert]


=== TEST 6: a body nobody asked for is refused, and the connection ends
--- raw_request eval
"GET /api/site HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\n"
. "GET /api/site HTTP/1.1\r\nHost: a\r\n\r\n"
--- error_code: 413
--- response_headers
Connection: close
--- response_body_like: "code":"body_size"
--- no_error_log
[error]
[alert]


=== TEST 7: another prefix, another place
--- config
    $TEST_NGINX_SITE
    location /members/v1/ { membercert; }
    location /api/ { return 404 "elsewhere"; }
--- request eval
["GET /members/v1/site", "GET /api/site", "GET /members/v1/api/site"]
--- error_code eval
[200, 404, 404]
--- response_body_like eval
["\"issuer\"", "elsewhere", "not_found"]
--- no_error_log
[error]
[alert]


=== TEST 8: a subrequest gets nothing
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
    location /page { auth_request /api/member; }
--- request
GET /page
--- error_code: 500
--- error_log
auth request unexpected status: 404
--- no_error_log
[alert]


=== TEST 9: layouts by name, the default first; none without any
--- config
    $TEST_NGINX_SITE
    membercert_layout a4 "A4 证书" "A4 certificate" {
        page a4;
        style plain size=12;
        text 20 20 100 plain "a";
    }
    membercert_layout card_2 { page card; style p size=9; text 9 9 99 p "a"; }
    membercert_layout third "三" { page a6; style p size=9; photo 9 9 9 9; }
    location /api/ { membercert; }
--- request
GET /api/site
--- response_body_like: "layouts":\[\{"name":"a4","zh":"A4 证书","en":"A4 certificate"\},\{"name":"card_2","zh":"card_2","en":"card_2"\},\{"name":"third","zh":"三","en":"三"\}\]
--- no_error_log
[error]
[alert]


=== TEST 10: without a layout of one's own
--- request
GET /api/site
--- response_body_like: "layouts":\[\]
--- no_error_log
[error]
[alert]
