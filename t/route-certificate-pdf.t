# GET certificate.pdf: the file.  S17 I13

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Bearer = $ENV{TEST_NGINX_BEARER};

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

=== TEST 1: the file, to be saved (S17)
--- request
GET /api/certificate.pdf
--- more_headers eval
$::Member
--- response_headers_like
Content-Type: application/pdf
Cache-Control: private, no-cache
X-Content-Type-Options: nosniff
ETag: "[0-9a-f]{64}"
Content-Disposition: attachment; filename="membercert-F33-2019-0001\.pdf"; filename\*=UTF-8''%E4%BC%9A%E5%91%98%E8%AF%81-.*\.pdf
--- response_body_like eval
qr/^%PDF-1\.[4-7].*%%EOF\s*$/s
--- no_error_log
[error]
[alert]


=== TEST 2: HEAD, a range, a range beyond the end
--- request eval
["HEAD /api/certificate.pdf", "GET /api/certificate.pdf",
 "GET /api/certificate.pdf"]
--- more_headers eval
[$::Member, "$::Member\nRange: bytes=0-3", "$::Member\nRange: bytes=9999999-"]
--- error_code eval
[200, 206, 416]
--- response_body_like eval
["^\$", "^%PDF\$", "416 Requested Range Not Satisfiable"]
--- no_error_log
[error]
[alert]


=== TEST 3: 304 with the tag, 412 with another
--- request eval
["GET /api/certificate.pdf", "GET /api/certificate.pdf",
 "GET /api/certificate.pdf"]
--- more_headers eval
["$::Member\nIf-None-Match: $ENV{TEST_NGINX_PDF_TAG}",
 "$::Member\nIf-None-Match: W/$ENV{TEST_NGINX_PDF_TAG}",
 "$::Member\nIf-Match: \"x\""]
--- error_code eval
[304, 304, 412]
--- response_headers eval
["ETag: $ENV{TEST_NGINX_PDF_TAG}", "ETag: $ENV{TEST_NGINX_PDF_TAG}", ""]
--- no_error_log
[error]
[alert]


=== TEST 4: by token, the same file
--- request
GET /api/certificate.pdf
--- more_headers eval
$::Bearer
--- response_headers eval
"ETag: $ENV{TEST_NGINX_PDF_TAG}"
--- no_error_log
[error]
[alert]


=== TEST 5: nothing is confirmed
--- request
GET /api/certificate.pdf
--- more_headers eval
$::Other
--- error_code: 409
--- response_headers
Content-Type: application/problem+json
! ETag
! Content-Disposition
--- response_body_like: "detail":"请先确认信息，再下载会员证".*"code":"confirm_first"
--- no_error_log
[error]
[alert]


=== TEST 6: two locations of a server are one site
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
    location /other/ { membercert; }
--- request eval
["GET /api/certificate.pdf", "GET /other/certificate.pdf"]
--- more_headers eval
[$::Member, $::Member]
--- response_headers eval
["ETag: $ENV{TEST_NGINX_PDF_TAG}", "ETag: $ENV{TEST_NGINX_PDF_TAG}"]
--- no_error_log
[error]
[alert]


=== TEST 7: no session, wrong methods
--- request eval
["GET /api/certificate.pdf", "POST /api/certificate.pdf\nx",
 "DELETE /api/certificate.pdf", "GET /api/certificate.pdff"]
--- error_code eval
[401, 405, 405, 404]
--- response_headers eval
["", "Allow: GET, HEAD", "Allow: GET, HEAD", ""]
--- no_error_log
[error]
[alert]


=== TEST 8: a layout that is not there, and a name that is no name
--- request eval
["GET /api/certificate.pdf?layout=card",
 "GET /api/certificate.pdf?layout=" . 'x' x 4000,
 "GET /api/certificate.pdf?layout="]
--- more_headers eval
[$::Member, $::Member, $::Member]
--- error_code eval
[404, 404, 200]
--- response_body_like eval
[qr/"code":"layout_unknown"/, qr/"code":"layout_unknown"/, qr/^%PDF/]
--- no_error_log
[error]
[alert]


=== TEST 9: two layouts: each its own file, told apart by the tag (X05)
--- config
    $TEST_NGINX_SITE
    membercert_layout page {
        page a4;
        style plain size=20 least=8;
        value name 20 40 100 12 plain;
        photo 140 40 30 40;
    }
    membercert_layout card {
        page card;
        style plain size=9 least=6;
        value name 14 30 60 8 plain;
        photo 90 30 20 28;
    }
    location /api/ { membercert; }
--- request eval
["GET /api/certificate.pdf", "GET /api/certificate.pdf?layout=card",
 "GET /api/certificate.pdf?layout=card",
 "GET /api/certificate.pdf?layout=built-in"]
--- more_headers eval
[$::Member, $::Member, "$::Member\nIf-None-Match: $ENV{TEST_NGINX_PDF_TAG}",
 $::Member]
--- error_code eval
[200, 200, 200, 404]
--- response_body_like eval
[qr/^%PDF/, qr/^%PDF/, qr/^%PDF/, qr/"code":"layout_unknown"/]
--- no_error_log
[error]
[alert]
