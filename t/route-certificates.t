# GET certificates: the versions of the own certificate.  I13 X06

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Bearer = $ENV{TEST_NGINX_BEARER};
our $Code = $ENV{TEST_NGINX_CODE};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', "\$TEST_NGINX_SITE\n"
        . 'location /api/ { membercert; client_max_body_size 64k; }');
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: the one that was confirmed, by its code of 16 letters
--- request
GET /api/certificates
--- more_headers eval
$::Member
--- response_headers
Content-Type: application/json
Cache-Control: private, no-store
--- response_body_like eval
qr/^\{"certificates":\[\{"serial":1,"code":"$::Code","at":\d{13},"state":"valid","replaced_at":null,"revoked_at":null,"reason":null\}\]\}$/
--- no_error_log
[error]
[alert]


=== TEST 2: the code is one of Crockford's alphabet
--- request
GET /api/certificates
--- more_headers eval
$::Bearer
--- response_body_like: "code":"[0-9A-HJKMNP-TV-Z]{16}"
--- no_error_log
[error]
[alert]


=== TEST 3: who confirmed nothing has an empty list
--- request
GET /api/certificates
--- more_headers eval
$::Other
--- response_body chomp
{"certificates":[]}
--- no_error_log
[error]
[alert]


=== TEST 4: nobody without a session
--- request
GET /api/certificates
--- error_code: 401
--- response_body_like: "code":"session_expired"
--- no_error_log
[error]
[alert]


=== TEST 5: another method
--- request eval
["POST /api/certificates\n{}", "DELETE /api/certificates"]
--- more_headers eval
[$::Member, $::Member]
--- error_code eval
[405, 405]
--- response_headers eval
["Allow: GET, HEAD", "Allow: GET, HEAD"]
--- no_error_log
[error]
[alert]


=== TEST 6: revoked by the command: told here with the reason, and no download
--- init
BlockSite::ctl(qw(certificate revoke 1 --reason), 'wrong photo');
--- request eval
["GET /api/certificates", "GET /api/certificate.pdf", "GET /api/certificate"]
--- more_headers eval
[$::Member, $::Member, $::Member]
--- error_code eval
[200, 409, 200]
--- response_body_like eval
[qr/"state":"revoked","replaced_at":null,"revoked_at":\d{13},"reason":"wrong photo"/,
 qr/"detail_en":"This certificate was revoked on \d{4}-\d\d-\d\d \(wrong photo\).*"code":"certificate_revoked"/,
 qr/"confirmed":\{"serial":1,.*"valid":false,"revoked_at":\d{13},"reason":"wrong photo"\}/]
--- no_error_log
[error]
[alert]


=== TEST 7: given back: valid again
--- init
BlockSite::ctl(qw(certificate unrevoke 1 --reason mistake));
--- request eval
["GET /api/certificates", "GET /api/certificate.pdf"]
--- more_headers eval
[$::Member, $::Member]
--- error_code eval
[200, 200]
--- response_body_like eval
[qr/"state":"valid","replaced_at":null,"revoked_at":null,"reason":null/,
 qr/^%PDF/]
--- no_error_log
[error]
[alert]
