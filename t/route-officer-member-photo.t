# PUT member/photo: a verified photo of the institute.  I11 X08

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

=== TEST 1: becomes the current one
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . portrait(5)
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: nonpractising/330000010002"
--- response_body_like eval
qr/"current_photo_id":\d+,"reference_photo_id":null/
--- no_error_log
[error]
[alert]


=== TEST 2: of another institute (I11)
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . portrait(5)
--- error_code: 404
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: nonpractising/310000010001"
--- response_body_like eval
$DeskSite::Nothing
--- no_error_log
[error]
[alert]


=== TEST 3: of nobody: the same
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . portrait(5)
--- error_code: 404
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: nonpractising/310000019999"
--- response_body_like eval
$DeskSite::Nothing
--- no_error_log
[error]
[alert]


=== TEST 4: whose it is must be said
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . portrait(5)
--- error_code: 400
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: 330000010002"
--- response_body_like eval
qr/"code":"request_malformed"/
--- no_error_log
[error]
[alert]


=== TEST 5: the rules hold
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . hostile("dpi:95")
--- error_code: 422
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: nonpractising/330000010001"
--- response_body_like eval
qr/"code":"photo_dpi"/
--- no_error_log
[error]
[alert]


=== TEST 6: nobody without a session
--- request eval
use MembercertTest::Site; "PUT /desk/member/photo
" . portrait(5)
--- error_code: 401
--- more_headers eval
"Content-Type: image/jpeg
Membercert-Member: nonpractising/330000010001"
--- response_body_like eval
qr/"code":"session_expired"/
--- no_error_log
[error]
[alert]


=== TEST 7: a plain location has no such route
--- request eval
use MembercertTest::Site; "PUT /api/member/photo
" . portrait(5)
--- error_code: 404
--- more_headers eval
($::Officer =~ s/application.json/image\/jpeg/r) . "\nMembercert-Member: nonpractising/330000010001"
--- response_body_like eval
qr/"code":"not_found"/
--- no_error_log
[error]
[alert]
