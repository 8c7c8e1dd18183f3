# PUT and GET photo.  S18 S19 S20 S28 S29 S30 S31 I09

use BlockSite;
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

=== TEST 1: the photo on record (S18), kept by nobody
--- request
GET /api/photo
--- more_headers eval
$::Member
--- response_headers
Content-Type: image/jpeg
Cache-Control: private, no-store
X-Content-Type-Options: nosniff
--- response_body_like eval
qr/^\xff\xd8\xff/
--- no_error_log
[error]
[alert]


=== TEST 2: no photo (S19)
--- request
GET /api/photo
--- more_headers eval
$::Other
--- error_code: 404
--- response_headers
Content-Type: application/problem+json
--- response_body_like: "detail":"没有查询到照片信息".*"code":"photo_none"
--- no_error_log
[error]
[alert]


=== TEST 3: a good photo, dry run and declared
--- request eval
our $Photo = do { local (@ARGV, $/) = $ENV{TEST_NGINX_PHOTO}; <> };
["PUT /api/photo?dry_run=1\n$Photo", "PUT /api/photo?declare=1\n$Photo",
 "PUT /api/photo\n$Photo"]
--- more_headers eval
[("$::Other\nContent-Type: image/jpeg") x 3]
--- error_code eval
[200, 202, 422]
--- response_body_like eval
["\"state\":\"none\".*\"stored_size\":\\d+", "\"state\":\"review\"",
 "\"code\":\"declaration_missing\""]
--- no_error_log
[error]
[alert]


=== TEST 4: other rules (membercert_photo): every fault with its values (I09)
--- config
    $TEST_NGINX_SITE
    membercert_photo size=30000-60000 pixels=300x400 dpi=600;
    location /api/ { membercert; }
--- request eval
our $Photo = do { local (@ARGV, $/) = $ENV{TEST_NGINX_PHOTO}; <> };
"PUT /api/photo?dry_run=1\n$Photo"
--- more_headers eval
"$::Member\nContent-Type: image/jpeg"
--- error_code: 422
--- response_body_like eval
qr/(?=.*"code":"photo_size"[^}]*"allowed":"30000-60000")(?=.*"code":"photo_pixels"[^}]*"measured":"178×220","allowed":"300×400")(?=.*"code":"photo_dpi"[^}]*)/
--- no_error_log
[error]
[alert]


=== TEST 5: no JPEG (S28), too large (S29), wrong type
--- request eval
["PUT /api/photo?dry_run=1\n" . "\x89PNG\r\n\x1a\n" . "x" x 12000,
 "PUT /api/photo?dry_run=1\n" . "x" x 20481,
 "PUT /api/photo?dry_run=1\nx"]
--- more_headers eval
["$::Member\nContent-Type: image/jpeg",
 "$::Member\nContent-Type: image/jpeg", "$::Member\nContent-Type: image/png"]
--- error_code eval
[422, 413, 415]
--- response_body_like eval
["photo_not_jpeg", "photo_too_large", "\"allowed\":\"image/jpeg\""]
--- no_error_log
[error]
[alert]


=== TEST 6: no session, another site, two credentials
--- request eval
["PUT /api/photo\nx", "PUT /api/photo\nx", "PUT /api/photo\nx",
 "GET /api/photo"]
--- more_headers eval
["Content-Type: image/jpeg",
 "$::Member\nContent-Type: image/jpeg\nSec-Fetch-Site: cross-site",
 "$::Member\n$::Bearer\nContent-Type: image/jpeg", ""]
--- error_code eval
[401, 403, 400, 401]
--- response_body_like eval
["session_expired", "origin_refused", "two_credentials", "session_expired"]
--- no_error_log
[error]
[alert]


=== TEST 7: consent to the privacy notice comes first (membercert_privacy)
--- config
    $TEST_NGINX_SITE
    membercert_privacy /privacy.html v1;
    location /api/ { membercert; }
--- request eval
our $Photo = do { local (@ARGV, $/) = $ENV{TEST_NGINX_PHOTO}; <> };
"PUT /api/photo\n$Photo"
--- more_headers eval
"$::Other\nContent-Type: image/jpeg"
--- error_code: 409
--- response_body_like: "code":"consent_needed".*"code":"declaration_missing"
--- no_error_log
[error]
[alert]


=== TEST 8: wrong methods
--- request eval
["POST /api/photo\nx", "DELETE /api/photo"]
--- error_code eval
[405, 405]
--- response_headers eval
[("Allow: PUT, GET, HEAD") x 2]
--- no_error_log
[error]
[alert]
