# GET photo/ID at the desk.  S26 I11

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

=== TEST 1: the picture
--- request eval
"GET /desk/photo/$::Case"
--- more_headers eval
$::Officer
--- response_body_like eval
qr/^\xff\xd8\xff/
--- no_error_log
[error]
[alert]


=== TEST 2: what another institute has answers as what does not exist (I11)
--- request eval
["GET /desk/photo/$::Case_31",
 "GET /desk/photo/99999",
 "GET /desk/photo/0",
 "GET /desk/photo/",
 "GET /desk/photo"]
--- error_code eval
[404, 404, 404, 404, 404]
--- more_headers eval
$::Officer
--- response_body_like eval
[$DeskSite::Nothing,
 $DeskSite::Nothing,
 $DeskSite::Nothing,
 $DeskSite::Nothing,
 $DeskSite::Nothing]
--- no_error_log
[error]
[alert]


=== TEST 3: nobody without a session
--- request eval
"GET /desk/photo/$::Case"
--- error_code: 401
--- more_headers eval
"Content-Type: application/json"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 4: a plain location has no such route
--- request eval
"GET /api/photo/$::Case"
--- error_code: 404
--- more_headers eval
$::Officer
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]


=== TEST 5: another method
--- request eval
"PUT /desk/photo/$::Case"
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
