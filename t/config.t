# Configuration, as blocks: the least that works, what is inherited, what
# stops nginx.  Every single mistake: t/proto/config.t.

use Test::Nginx::Socket 'no_plan';
use File::Temp ();

our $Dir = File::Temp->newdir();
our %Mode = (secret => 0600, open => 0644);

for my $name (keys %Mode) {
    open(my $out, '>', "$Dir/$name") or die "$Dir/$name: $!";
    print $out 'ab' x 32, "\n";
    close($out) or die "$Dir/$name: $!";
    chmod $Mode{$name}, "$Dir/$name";
}

$ENV{TEST_NGINX_SITE_DIR} = "$Dir";
$ENV{TEST_NGINX_SITE} = join "\n    ", "membercert_store sqlite:$Dir/store;",
    "membercert_secret $Dir/secret;", 'membercert_issuer "Institute";';

no_long_string();
run_tests();

__DATA__

=== TEST 1: the least that works; without a store it says 503
--- http_config
    membercert_zone zone=members:256k;
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
--- request eval
["GET /api/site", "GET /api/member", "GET /api/none", "DELETE /api/site",
 "GET /other"]
--- more_headers
Cookie: __Host-membercert=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
--- error_code eval
[200, 503, 404, 405, 404]
--- response_body_like eval
[qr/"issuer":"Institute".*"institutes":null/,
 qr/"code":"service_unavailable".*"hotline":"010-88250337\/0338"/,
 qr/"code":"not_found"/, qr/"code":"method_not_allowed"/, qr/404 Not Found/]
--- no_error_log
[alert]
[emerg]


=== TEST 2: settings of http are inherited
--- http_config
    membercert_zone zone=members:256k;
    membercert_hotline 400-1;
    $TEST_NGINX_SITE
--- config
    location /api/ { membercert; }
--- request
GET /api/none
--- error_code: 404
--- response_body_like: "hotline":"400-1"
--- no_error_log
[alert]
[emerg]


=== TEST 3: a server's own win, whatever their order
--- http_config
    membercert_zone zone=members:256k;
    membercert_store sqlite:/nowhere/to/be/made;
    membercert_hotline 400-1;
--- config
    location /api/ { membercert; }
    membercert_hotline 400-2;
    $TEST_NGINX_SITE
--- request
GET /api/none
--- error_code: 404
--- response_body_like: "hotline":"400-2"
--- no_error_log
[alert]
[emerg]


=== TEST 4: a location inside is not ours unless it says so
--- http_config
    membercert_zone zone=members:256k;
--- config
    $TEST_NGINX_SITE
    location /api/ {
        membercert;
        location /api/own/ { return 200 "nginx\n"; }
        location /api/v2/ { membercert; }
    }
--- request eval
["GET /api/own/site", "GET /api/v2/nix", "GET /api/nix"]
--- error_code eval
[200, 404, 404]
--- response_body_like eval
[qr/^nginx$/, qr/"code":"not_found"/, qr/"code":"not_found"/]
--- no_error_log
[alert]
[emerg]


=== TEST 5: limit_except and if inside it keep the handler
--- http_config
    membercert_zone zone=members:256k;
--- config
    $TEST_NGINX_SITE
    location /api/ {
        membercert;
        limit_except GET { deny all; }
        if ($arg_x) { set $y 1; }
    }
--- request eval
["GET /api/nix?x=1", "GET /api/nix", "POST /api/nix\n{}"]
--- error_code eval
[404, 404, 403]
--- response_body_like eval
[qr/"code":"not_found"/, qr/"code":"not_found"/, qr/403 Forbidden/]
--- no_error_log
[alert]
[emerg]


=== TEST 6: settings alone change nothing: no zone, secret or folder
--- http_config
    membercert_store sqlite:/nowhere/to/be/made;
    membercert_secret /nowhere/secret;
    membercert_hotline 400-1;
--- config
    location /api/ { return 200 "route=[$membercert_route]\n"; }
--- request
GET /api/site
--- response_body
route=[]
--- no_error_log
[error]
[alert]
[emerg]
membercertctl


=== TEST 7: a location without a zone
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert" needs "membercert_zone" in \S+nginx\.conf:\d+$/m


=== TEST 8: a location without a store
--- http_config
    membercert_zone zone=members:256k;
--- config
    location /api/ { membercert; }
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_store" is required in \S+nginx\.conf:\d+$/m


=== TEST 9: a value out of bounds
--- config
    membercert_session idle=1s;
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_session" invalid time "1s" of "idle", must be 60s to 2592000s in \S+nginx\.conf:\d+$/m


=== TEST 10: a word nobody knows
--- config
    membercert_photo colour=white;
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_photo" unknown parameter "colour=white" in \S+nginx\.conf:\d+$/m


=== TEST 11: a path that depends on where nginx was started
--- config
    membercert_secret conf/secret;
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_secret" path "conf\/secret" is not absolute in \S+nginx\.conf:\d+$/m


=== TEST 12: a directive stated twice
--- config
    membercert_hotline 1;
    membercert_hotline 2;
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_hotline" is duplicate in \S+nginx\.conf:\d+$/m


=== TEST 13: a location that is no prefix
--- http_config
    membercert_zone zone=members:256k;
--- config
    $TEST_NGINX_SITE
    location ~ ^/api/ { membercert; }
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert" directive needs a prefix location that ends with "\/" in \S+nginx\.conf:\d+$/m


=== TEST 14: a secret everybody may read
--- http_config
    membercert_zone zone=members:256k;
    membercert_secret $TEST_NGINX_SITE_DIR/open;
--- config
    membercert_store sqlite:$TEST_NGINX_SITE_DIR/store;
    membercert_issuer "Institute";
    location /api/ { membercert; }
--- must_die
--- error_log eval
qr/\[emerg\] .*"membercert_secret" secret file "\S+" is readable or writable by others \(chmod o-rw\) in \S+nginx\.conf:\d+$/m


=== TEST 15: the log says once what to do about a missing store
--- http_config
    membercert_zone zone=members:256k;
--- config
    $TEST_NGINX_SITE
    location /api/ { membercert; }
--- request
GET /api/member
--- more_headers
Cookie: __Host-membercert=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
--- error_code: 503
--- error_log
membercertctl
--- no_error_log
[alert]
[emerg]
