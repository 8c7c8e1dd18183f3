# GET photo/state: where the photo stands.  S22 S24 X01

use BlockSite;
use Test::Nginx::Socket 'no_plan';

our $Member = $ENV{TEST_NGINX_MEMBER};
our $Other = $ENV{TEST_NGINX_OTHER};

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

=== TEST 1: a photo on record, and none
--- request eval
["GET /api/photo/state", "GET /api/photo/state"]
--- more_headers eval
[$::Member, $::Other]
--- error_code eval
[200, 200]
--- response_headers eval
[("Content-Type: application/json\nCache-Control: private, no-store") x 2]
--- response_body_like eval
["^\\{\"state\":\"none\",\"attempts\":0,\"most\":5,.*\"may_upload\":true,\"current\":true,\"waiting\":false,\"contact\":\".*0571-88250337\"",
 "\"current\":false"]
--- no_error_log
[error]
[alert]


=== TEST 2: another number of tries (X01, membercert_compare)
--- config
    $TEST_NGINX_SITE
    membercert_compare manual attempts=2;
    location /api/ { membercert; }
--- request
GET /api/photo/state
--- more_headers eval
$::Other
--- response_body_like: "most":2
--- no_error_log
[error]
[alert]


=== TEST 3: no session, wrong methods, a path beside it
--- request eval
["GET /api/photo/state", "PUT /api/photo/state\nx", "DELETE /api/photo/state",
 "GET /api/photo/states"]
--- error_code eval
[401, 405, 405, 404]
--- response_headers eval
["", "Allow: GET, HEAD", "Allow: GET, HEAD", ""]
--- no_error_log
[error]
[alert]
