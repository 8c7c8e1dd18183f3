# GET verify/CODE/photo: the picture of a confirmation, where its member
# agreed to it.  X05

use BlockSite 'confirmed';
use Test::Nginx::Socket 'no_plan';

our $Code = $ENV{TEST_NGINX_CODE};
our $Member = $ENV{TEST_NGINX_MEMBER};
our $Json = "Content-Type: application/json";

sub consent {
    my ($accepted, $version) = @_;

    return "POST /api/consent\n{\"document\":\"verify_photo\","
        . "\"version\":\"" . ($version || 1) . "\",\"accepted\":$accepted}";
}

add_block_preprocessor(sub {
    my $block = shift;

    $block->set_value('http_config', 'membercert_zone zone=members:256k;');

    if (!defined $block->config) {
        $block->set_value('config', "\$TEST_NGINX_SITE\n"
            . 'location /api/ { membercert; }');
    }
});

no_shuffle();
no_long_string();
run_tests();

__DATA__

=== TEST 1: who was not asked has not agreed
--- request eval
["GET /api/verify/$::Code/photo", "GET /api/certificate", "GET /api/site",
 "GET /api/verify/0000000000000000/photo", "GET /api/verify/x/photo",
 "GET /api/verify//photo"]
--- more_headers eval
["", $::Member, "", "", "", ""]
--- error_code eval
[404, 200, 200, 404, 404, 404]
--- response_body_like eval
[qr/"code":"photo_not_shown"/, qr/"verify_photo":null,/,
 qr/"verify":\{"photo":true\}/, ("code_unknown") x 2, "code_unknown|photo"]
--- no_error_log
[error]
[alert]


=== TEST 2: agreed: the picture, for everybody and for no cache
--- request eval
[main::consent("true"), "GET /api/certificate", "GET /api/verify/$::Code",
 "GET /api/verify/$::Code/photo", "HEAD /api/verify/$::Code/photo"]
--- more_headers eval
["$::Member\n$::Json", $::Member, "", "", ""]
--- error_code eval
[204, 200, 200, 200, 200]
--- response_headers eval
["", "", "", ("Content-Type: image/jpeg\nCache-Control: no-store\nX-Content-Type-Options: nosniff\n! Set-Cookie") x 2]
--- response_body_like eval
[qr/^$/, qr/"verify_photo":true,/, qr/"photo":true,/, qr/^\xff\xd8\xff/, qr/^$/]
--- no_error_log
[error]
[alert]


=== TEST 3: taken back
--- request eval
[main::consent("false"), "GET /api/certificate", "GET /api/verify/$::Code",
 "GET /api/verify/$::Code/photo"]
--- more_headers eval
["$::Member\n$::Json", $::Member, "", ""]
--- error_code eval
[204, 200, 200, 404]
--- response_body_like eval
[qr/^$/, qr/"verify_photo":false,/, qr/"photo":false,/, "photo_not_shown"]
--- no_error_log
[error]
[alert]


=== TEST 4: only to what is asked for
--- request eval
[main::consent("true", 2), main::consent("1"), main::consent("true")]
--- more_headers eval
[("$::Member\n$::Json") x 2, $::Json]
--- error_code eval
[422, 400, 401]
--- response_body_like eval
["consent_unknown", "body_malformed", "session_expired"]
--- no_error_log
[error]
[alert]


=== TEST 5: a site that shows none asks nobody
--- config
    $TEST_NGINX_SITE
    membercert_verify photo=off;
    location /api/ { membercert; }
--- request eval
[main::consent("true"), "GET /api/site", "GET /api/certificate",
 "GET /api/verify/$::Code/photo", "GET /api/verify/$::Code"]
--- more_headers eval
["$::Member\n$::Json", "", $::Member, "", ""]
--- error_code eval
[422, 200, 200, 404, 200]
--- response_body_like eval
["consent_unknown", qr/"verify":\{"photo":false\}/, qr/"verify_photo":null,/,
 "photo_not_shown", qr/"photo":false,/]
--- no_error_log
[error]
[alert]


=== TEST 6: wrong methods
--- request eval
["POST /api/verify/$::Code/photo", "GET /api/verify/$::Code/photo/x"]
--- error_code eval
[405, 404]
--- response_headers eval
["Allow: GET, HEAD", ""]
--- no_error_log
[error]
[alert]
