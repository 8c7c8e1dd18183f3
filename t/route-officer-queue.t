# GET queue: photos in review of the own institute.  S24 I11

use DeskSite;
use Test::Nginx::Socket 'no_plan';

our $Officer = $ENV{TEST_NGINX_OFFICER};
our $Theirs = $ENV{TEST_NGINX_THEIRS};
our $Case = $ENV{TEST_NGINX_CASE};
our $Case_31 = $ENV{TEST_NGINX_CASE_31};

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');
    $block->set_value('config', $DeskSite::Config);
});

no_long_string();
run_tests();

__DATA__

=== TEST 1: the own, oldest first
--- request eval
"GET /desk/queue"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"items":\[\{"photo_id":$::Case,"at":\d{13},"user_type":"nonpractising","member_no":"330000010002"[^]]*\}\],"next":null\}$/
--- no_error_log
[error]
[alert]


=== TEST 2: the other institute has its own
--- request eval
"GET /desk/queue"
--- more_headers eval
$::Theirs
--- response_body_like eval
qr/^\{"items":\[\{"photo_id":$::Case_31,[^]]*\}\],"next":null\}$/
--- no_error_log
[error]
[alert]


=== TEST 3: behind a place
--- request eval
"GET /desk/queue?after=999"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"items":\[\],"next":null\}$/
--- no_error_log
[error]
[alert]


=== TEST 4: a place that is none
--- request eval
"GET /desk/queue?after=-1"
--- error_code: 400
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"request_malformed"/
--- no_error_log
[error]
[alert]


=== TEST 5: nobody without a session
--- request eval
"GET /desk/queue"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 6: a plain location has no such route
--- request eval
"GET /api/queue"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 7: another method
--- request eval
"POST /desk/queue
{}"
--- error_code: 405
--- more_headers eval
$::Officer
--- response_headers
Allow: GET, HEAD
--- response_body_like eval
qr/"code":"method_not_allowed"/
--- no_error_log
[error]
[alert]
