# GET verify/CODE: what anybody may know of a certificate.  What it says
# after changes: t/proto/verify.t.  The photo: t/route-verify-photo.t.
# X05

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Code = $ENV{TEST_NGINX_CODE};
our $Typed = lc($Code =~ s/(....)(?=.)/$1-/gr);
our $Blanks = $Code =~ s/(....)(?=.)/$1%20/gr;
our $Found = qr/^\{"status":"valid","text":"有效","text_en":"Valid","code":"$Code","serial":1,"at":"\d{4}-\d\d-\d\d","replaced_at":null,"revoked_at":null,"reason":null,"name":"林晓岚","name_en":"林晓岚","number":"F33-2019-0001","category":"个人会员","category_en":"[^"]+","institute":"浙江省注册会计师协会","institute_en":"Zhejiang Institute of CPAs","issuer":"Institute","issuer_en":"Test Institute","member_status":"正常","member_status_en":"Active","photo":false,"files":\["[0-9a-f]{64}"\],"statement":(null|"\d+")\}$/;
our $Unknown = qr/^\{"type":"about:blank","title":"没有找到","status":404,"detail":"查无此证，请核对核验码","detail_en":"[^"]+","code":"code_unknown","errors":\[\{"code":"code_unknown","detail":"查无此证，请核对核验码","detail_en":"[^"]+"\}\],"hotline":"010-88250337\/0338"\}$/;

$ENV{TEST_NGINX_ELSEWHERE} = $ENV{TEST_NGINX_SITE}
    =~ s{/store;}{/elsewhere;}r;

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; }');
    }
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: who has the code learns what stands on it and what it is worth
--- request eval
"GET /api/verify/$::Code"
--- response_headers
Content-Type: application/json
Cache-Control: no-store
X-Content-Type-Options: nosniff
! Set-Cookie
! ETag
! Access-Control-Allow-Origin
--- response_body_like eval
$::Found
--- no_error_log
[error]
[alert]


=== TEST 2: as it is typed: small letters, dashes, blanks
--- request eval
["GET /api/verify/$::Typed", "GET /api/verify/$::Blanks", "HEAD /api/verify/$::Typed"]
--- response_body_like eval
[$::Found, $::Found, qr/^$/]
--- error_code eval
[200, 200, 200]
--- no_error_log
[error]
[alert]


=== TEST 3: a code that nobody has, and what cannot be one
--- request eval
["GET /api/verify/0000000000000000", "GET /api/verify/", "GET /api/verify/1",
 "GET /api/verify/" . "A" x 22, "GET /api/verify/" . "0" x 3000,
 "GET /api/verify/%FF%27%22", "GET /api/verify/photo", "HEAD /api/verify/1"]
--- error_code eval
[404, 404, 404, 404, 404, 404, 404, 404]
--- response_headers eval
[("Content-Type: application/problem+json\nCache-Control: private, no-store\n! Set-Cookie") x 8]
--- response_body_like eval
[($::Unknown) x 7, qr/^$/]
--- no_error_log
[error]
[alert]


=== TEST 4: nobody's session is looked at
--- request eval
["GET /api/verify/$::Code", "GET /api/verify/$::Code"]
--- more_headers eval
["Cookie: membercert=" . "A" x 43, "Authorization: Bearer x"]
--- response_headers eval
[("! Set-Cookie") x 2]
--- response_body_like eval
[$::Found, $::Found]
--- no_error_log
[error]
[alert]


=== TEST 5: wrong methods, other paths, a body
--- request eval
["POST /api/verify/$::Code", "DELETE /api/verify/$::Code",
 "GET /api/verify", "GET /api/verify/a/b", "GET /api/verifyx",
 "GET /api/verify/$::Code
body"]
--- error_code eval
[405, 405, 404, 404, 404, 413]
--- response_body_like eval
[("method_not_allowed") x 2, (qr/"code":"not_found"/) x 3, "body_size"]
--- no_error_log
[error]
[alert]


=== TEST 6: so many checks for an address, and then a while none (the path's text decides nothing)
--- config
    $TEST_NGINX_SITE
    membercert_verify limit=3/1h;
    location /api/ { membercert; }
--- request eval
["GET /api/verify/1", "GET /api/verify/$::Code", "GET /api/verify/0000000000000000",
 "GET /api/verify/$::Code", "GET /api/verify/1", "GET /api/verify/$::Code/photo",
 "GET /api/keys"]
--- error_code eval
[404, 200, 404, 429, 429, 429, 200]
--- response_headers_like eval
["", "", "", ("Retry-After: 1[12]\\d\\d") x 3, ""]
--- response_body_like eval
[$::Unknown, $::Found, $::Unknown, qr/"detail":"查询次数过多，请 20 分钟后再试","detail_en":"Too many checks; try again in 20 minutes","code":"too_many_checks".*"retry_after":1[12]\d\d/, ("too_many_checks") x 2, "keys"]
--- no_error_log
[error]
[alert]


=== TEST 7: a store that is not there is said, and the check is not counted
--- config
    $TEST_NGINX_ELSEWHERE
    membercert_verify limit=1/1h;
    location /api/ { membercert; }
--- request eval
["GET /api/verify/$::Code", "GET /api/verify/$::Code"]
--- error_code eval
[503, 503]
--- response_body_like eval
["service_unavailable", "service_unavailable"]
--- response_headers_like eval
[("Retry-After: \\d+") x 2]
--- no_error_log
[alert]


=== TEST 8: a body that nginx refuses before it asks us: the log has no code
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; client_max_body_size 1k; }
--- request eval
["GET /api/verify/$::Code\n" . "x" x 2000, "GET /api/verify/$::Typed/photo\n" . "x" x 2000]
--- error_code eval
[413, 413]
--- error_log eval
qr/too large body.*, request: "GET verify\/\.\.\."$/m
--- no_error_log eval
[qr/\[(?!debug).*$::Code/, qr/\[(?!debug).*$::Typed/, "[alert]"]


=== TEST 9: other requests of the server are logged as ever
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; client_max_body_size 1k; }
    location /verify/ { client_max_body_size 1k; }
--- request eval
["GET /api/session\n" . "x" x 2000, "GET /verify/1\n" . "x" x 2000]
--- error_code eval
[413, 413]
--- error_log eval
qr{too large body.*, request: "GET (/api/session|/verify/1) HTTP/1\.1", host: }
--- no_error_log
[alert]
