# GET site at the desk: what its page needs before a log-in.  S02

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

=== TEST 1: issuer, hot line, institutes
--- request eval
"GET /desk/site"
--- more_headers eval
"X-Nothing: 1"
--- response_body_like eval
qr/"hotline":"010-88250337\/0338".*"institutes":\[\{"code":"31"/
--- no_error_log
[error]
[alert]


=== TEST 2: another method
--- request eval
"DELETE /desk/site"
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
