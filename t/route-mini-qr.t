# GET mini/qr: the picture of the mini program's code.  S04

use BlockSite;
use Test::Nginx::Socket 'no_plan';
use File::Temp ();

our $Dir = File::Temp->newdir();
our $Png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" . 'x' x 100
    . "\0\0\0\0IEND\xae\x42\x60\x82";
our $Jpeg = "\xff\xd8\xff\xe0" . 'x' x 100 . "\xff\xd9";

for my $file ([png => $Png], [jpeg => $Jpeg]) {
    open(my $out, '>:raw', "$Dir/$file->[0]") or die "$Dir: $!";
    print $out $file->[1];
    close($out) or die "$Dir: $!";
}

$ENV{TEST_NGINX_QR_DIR} = "$Dir";

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . "membercert_mini_program \"示例 小程序\" qr=$Dir/png;\n"
            . "location /api/ { membercert; }\n"
            . "location /officer/ { membercert officer; }");
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: the bytes as they are, typed by what they are, for anybody
--- request
GET /api/mini/qr
--- response_headers
Content-Type: image/png
Content-Length: 128
Cache-Control: no-cache
X-Content-Type-Options: nosniff
Accept-Ranges: bytes
! Set-Cookie
--- response_body eval: $::Png
--- no_error_log
[error]
[alert]


=== TEST 2: a JPEG is told by its bytes, too
--- config
$TEST_NGINX_SITE
membercert_mini_program a qr=$TEST_NGINX_QR_DIR/jpeg;
location /api/ { membercert; }
--- request
GET /api/mini/qr
--- response_headers
Content-Type: image/jpeg
--- response_body eval: $::Jpeg
--- no_error_log
[error]
[alert]


=== TEST 3: who has it is told so
--- request
GET /api/mini/qr
--- more_headers eval
use Digest::SHA 'sha256_hex';
'If-None-Match: W/"x", "' . substr(sha256_hex($::Png), 0, 32) . '"'
--- error_code: 304
--- response_headers
! Content-Type
--- response_body
--- no_error_log
[error]
[alert]


=== TEST 4: the tag is told
--- request
GET /api/mini/qr
--- response_headers_like
ETag: "[0-9a-f]{32}"
--- no_error_log
[error]
[alert]


=== TEST 5: HEAD has no body; a range has its bytes
--- request eval
["HEAD /api/mini/qr", "GET /api/mini/qr"]
--- more_headers eval
["", "Range: bytes=1-3"]
--- error_code eval
[200, 206]
--- response_headers eval
["Content-Length: 128", "Content-Range: bytes 1-3/128"]
--- response_body eval
["", "PNG"]
--- no_error_log
[error]
[alert]


=== TEST 6: GET site tells name and where the picture is
--- request
GET /api/site
--- response_body_like: "mini_program":\{"name":"示例 小程序","qr":"mini/qr"\}
--- no_error_log
[error]
[alert]


=== TEST 7: a name alone is shown alone
--- config
$TEST_NGINX_SITE
membercert_mini_program 名称;
location /api/ { membercert; }
--- request eval
["GET /api/site", "GET /api/mini/qr"]
--- error_code eval
[200, 404]
--- response_body_like eval
['"mini_program":\{"name":"名称","qr":null\}', '"code":"not_found"']
--- no_error_log
[error]
[alert]


=== TEST 8: without the directive there is none
--- config
$TEST_NGINX_SITE
location /api/ { membercert; }
--- request eval
["GET /api/site", "GET /api/mini/qr"]
--- error_code eval
[200, 404]
--- response_body_like eval
['"mini_program":null', '"code":"not_found"']
--- no_error_log
[error]
[alert]


=== TEST 9: nothing but GET, and nothing around it
--- request eval
["POST /api/mini/qr", "GET /api/mini", "GET /api/mini/", "GET /api/mini/qr/",
 "GET /officer/mini/qr"]
--- error_code eval
[405, 404, 404, 404, 404]
--- response_body_like eval
['"code":"method_not_allowed"', ('"code":"not_found"') x 4]
--- no_error_log
[error]
[alert]


=== TEST 10: a body nobody asked for is refused
--- raw_request eval
"GET /api/mini/qr HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
--- error_code: 413
--- response_headers
Connection: close
--- no_error_log
[error]
[alert]
