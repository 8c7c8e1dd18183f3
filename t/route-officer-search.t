# POST search: members by the start of number or name.  I11 X08

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

=== TEST 1: the own, by number
--- request eval
"POST /desk/search
{\"text\":\"3300\"}"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"items":\[\{[^[]*"member_no":"330000010001"[^[]*"member_no":"330000010002"[^[]*\],"more":false\}$/
--- no_error_log
[error]
[alert]


=== TEST 2: none of the other institute
--- request eval
"POST /desk/search
{\"text\":\"3100\"}"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\{"items":\[\],"more":false\}$/
--- no_error_log
[error]
[alert]


=== TEST 3: too short
--- request eval
"POST /desk/search
{\"text\":\"3\"}"
--- error_code: 422
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"search_short"/
--- no_error_log
[error]
[alert]


=== TEST 4: nobody without a session
--- request eval
"POST /desk/search
{\"text\":\"33\"}"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 5: a plain location has no such route
--- request eval
"POST /api/search
{\"text\":\"33\"}"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 6: another method
--- request eval
"GET /desk/search"
--- error_code: 405
--- more_headers eval
$::Officer
--- response_headers
Allow: POST
--- response_body_like eval
qr/"code":"method_not_allowed"/
--- no_error_log
[error]
[alert]
