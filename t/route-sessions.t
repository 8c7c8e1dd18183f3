# GET, DELETE sessions, DELETE sessions/ID: where am I logged in, end that.
# I06

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};
our $Stale = $ENV{TEST_NGINX_STALE};
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

=== TEST 1: without a session there is nothing to see or end
--- request eval
["GET /api/sessions", "DELETE /api/sessions", "DELETE /api/sessions/7"]
--- more_headers
Origin: http://localhost
--- error_code eval
[401, 401, 401]
--- response_body_like eval
[("\"code\":\"session_expired\"") x 3]
--- no_error_log
[error]
[alert]


=== TEST 2: the list, by cookie and by token, kept by no cache
--- request eval
["GET /api/sessions", "GET /api/sessions"]
--- more_headers eval
[$::Member, $::Bearer]
--- error_code eval
[200, 200]
--- response_headers eval
["Cache-Control: private, no-store", "Cache-Control: private, no-store"]
--- response_body_like eval
[("^\\{\"sessions\":\\[.*\\{\"id\":\\d+,\"client\":\"(?:web|mini)\",\"label\":\"[^\"]+\",\"address\":\"127\\.0\\.0\\.1\",\"created\":\\d{13},\"last_seen\":\\d{13},\"current\":true\\}") x 2]
--- no_error_log
[error]
[alert]


=== TEST 3: HEAD has no body
--- request
HEAD /api/sessions
--- more_headers eval
$::Member
--- error_code: 200
--- response_body:
--- no_error_log
[error]
[alert]


=== TEST 4: a page of somebody else ends nothing
--- request eval
["DELETE /api/sessions", "DELETE /api/sessions/7"]
--- more_headers eval
[$::Member =~ s/localhost/evil.example/r,
 "$::Member\nSec-Fetch-Site: cross-site"]
--- error_code eval
[403, 403]
--- response_body_like eval
[("\"code\":\"origin_refused\"") x 2]
--- no_error_log
[error]
[alert]


=== TEST 5: a session that is not there, or not one's own, is not found
--- request eval
["DELETE /api/sessions/256", "DELETE /api/sessions/9007199254740991",
 "DELETE /api/sessions/0", "DELETE /api/sessions/07",
 "DELETE /api/sessions/x", "DELETE /api/sessions/99999999999999999999"]
--- more_headers eval
$::Member
--- error_code eval
[404, 404, 404, 404, 404, 404]
--- response_body_like eval
[("\"code\":\"not_found\"") x 6]
--- no_error_log
[error]
[alert]


=== TEST 6: other methods are told what there is
--- request eval
["POST /api/sessions\n{}", "GET /api/sessions/7"]
--- more_headers eval
$::Member . "\nContent-Type: application/json"
--- error_code eval
[405, 405]
--- response_headers eval
["Allow: GET, HEAD, DELETE", "Allow: DELETE"]
--- no_error_log
[error]
[alert]


=== TEST 7: the others end, the one that asks stays
--- request eval
["DELETE /api/sessions", "GET /api/sessions", "DELETE /api/sessions"]
--- more_headers eval
$::Member
--- error_code eval
[204, 200, 204]
--- response_headers eval
["! Set-Cookie", "! Set-Cookie", "! Set-Cookie"]
--- response_body_like eval
["^\$", "^\\{\"sessions\":\\[\\{\"id\":\\d+[^\\[\\]\\{\\}]*\"current\":true\\}\\]\\}\$", "^\$"]
--- no_error_log
[error]
[alert]


=== TEST 8: the password was given long ago: nothing else ends, and nothing is told
--- request eval
["DELETE /api/sessions", "DELETE /api/sessions/256",
 "DELETE /api/sessions/3", "GET /api/sessions"]
--- more_headers eval
$::Stale
--- error_code eval
[403, 403, 403, 200]
--- response_body_like eval
[("\"code\":\"reauth_needed\"") x 3,
 "\"id\":(?:171|256),.*\"id\":(?:171|256),"]
--- no_error_log
[error]
[alert]


=== TEST 9: but the own session always does
--- request eval
["DELETE /api/sessions/171", "GET /api/sessions"]
--- more_headers eval
$::Stale
--- error_code eval
[204, 401]
--- response_headers_like eval
["Set-Cookie: membercert=;.*Max-Age=0;.*", "Content-Type: application/problem\\+json"]
--- no_error_log
[error]
[alert]
