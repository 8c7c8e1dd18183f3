# The variables: what logs may say of a request.  I07

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Bearer = $ENV{TEST_NGINX_BEARER};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', "\$TEST_NGINX_SITE\n"
        . 'add_header X-Route "$membercert_route" always;'
        . 'add_header X-Member "$membercert_member" always;'
        . 'add_header X-Session "$membercert_session" always;'
        . 'add_header X-Code "$membercert_code" always;'
        . 'add_header X-Time "$membercert_job_time" always;'
        . 'add_header X-Cache "$membercert_cache" always;'
        . 'location /api/ { membercert; }'
        . 'location /other { return 200; }');
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: $membercert_route names the row, not the path
--- request eval
["GET /api/site?x=1", "HEAD /api/site", "GET /api/certificate.pdf",
 "GET /api/nothing", "PUT /api/site", "GET /other"]
--- error_code eval
[200, 200, 401, 404, 405, 200]
--- response_headers eval
["X-Route: GET site", "X-Route: GET site", "X-Route: GET certificate.pdf",
 "! X-Route", "! X-Route", "! X-Route"]
--- no_error_log
[error]
[alert]


=== TEST 2: $membercert_code says why a request was refused
--- request eval
["GET /api/site", "GET /api/member", "GET /api/nothing", "PUT /api/site",
 "POST /api/session
{\"user_type\":\"x\",\"member_no\":\"1\",\"password\":\"y\",\"client\":\"mini\"}"]
--- more_headers
Content-Type: application/json
--- error_code eval
[200, 401, 404, 405, 401]
--- response_headers eval
["! X-Code", "X-Code: session_expired", "X-Code: not_found",
 "X-Code: method_not_allowed", "X-Code: login_failed"]
--- no_error_log
[error]
[alert]


=== TEST 3: $membercert_session: who vouched for it
--- request eval
["GET /api/site", "GET /api/member", "GET /api/member", "GET /api/member"]
--- more_headers eval
["", $::Member, $::Member, "Cookie: membercert=" . "E" x 43]
--- error_code eval
[200, 200, 200, 401]
--- response_headers eval
["X-Session: none", "X-Session: miss", "X-Session: hit", "X-Session: miss"]
--- no_error_log
[error]
[alert]


=== TEST 4: $membercert_member is the same hash for a member, and no number
--- request eval
["GET /api/member", "GET /api/session", "GET /api/site"]
--- more_headers eval
[$::Member, $::Bearer, ""]
--- response_headers_like eval
["X-Member: [0-9a-f]{16}", "X-Member: [0-9a-f]{16}", "X-Member: "]
--- no_error_log
[error]
[alert]


=== TEST 5: $membercert_job_time, where a job ran
--- request eval
["GET /api/site", "GET /api/member"]
--- error_code eval
[200, 401]
--- response_headers_like eval
["X-Time: \\d+\\.\\d\\d\\d", "X-Time: "]
--- no_error_log
[error]
[alert]


=== TEST 6: $membercert_cache, where the zone knows who wants a certificate
--- request eval
["GET /api/certificate.pdf", "GET /api/certificate.pdf",
 "GET /api/certificate.pdf", "GET /api/member"]
--- more_headers eval
[$::Member, $::Member, $::Member, $::Member]
--- response_headers_like eval
["X-Cache: ", "X-Cache: miss", "X-Cache: hit", "X-Cache: "]
--- no_error_log
[error]
[alert]
