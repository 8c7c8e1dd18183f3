# The runner itself, on nothing but nginx core: every section it supports
# does what the original does.  Passes under the original, too.

use Test::Nginx::Socket 'no_plan';

our $Checked = 0;

$ENV{TEST_NGINX_HTML_DIR} = html_dir();

add_block_preprocessor(sub {
    my $block = shift;

    if (!defined $block->config && !defined $block->http_config) {
        $block->set_value('config', 'location = /status { return 204; }');
    }
});

add_response_body_check(sub {
    my ($block, $body, $request, $repeat, $dry) = @_;

    $Checked++ if !$dry && $body =~ /checked/;
});

no_shuffle();
no_long_string();
repeat_each(2);

run_tests();

__DATA__

=== TEST 1: a block without a configuration gets the preprocessor's
--- request
GET /status
--- error_code: 204
--- response_body
--- no_error_log
[error]
[alert]


=== TEST 2: the status is 200 unless said otherwise, bodies are exact
--- config
    location = /t { return 200 "hello\nworld\n"; }
--- request
GET /t
--- response_body
hello
world


=== TEST 3: server root and root location serve the block's files
--- user_files
>>> a.txt
first
>>> sub/b.txt 199801171935.33
second
--- request eval
["GET /a.txt", "GET /sub/b.txt", "GET /index.html"]
--- response_body_like eval
["^first\n\$", qr/^second$/m, "It works!"]
--- error_code eval
[200, 200, 200]


=== TEST 4: files can be a list, and their time of change is kept
--- user_files eval
[["a.bin" => "\x00\xff", "199801171935.33"]]
--- request
GET /a.bin
--- response_body eval
"\x00\xff"
--- response_headers_like
Last-Modified: \w{3}, 17 Jan 1998 .*


=== TEST 5: the default headers of a request
--- config
    location = /t {
        return 200 "$http_host|$http_connection|$server_protocol|$uri";
    }
--- request
GET /t
--- response_body chomp
localhost|close|HTTP/1.1|/t


=== TEST 6: headers, method, protocol and comments are the block's own
--- config
    location = /t {
        return 200 "$request_method $request_uri $http_host $http_x_a";
    }
--- request
# a comment

    DELETE /t?a=1 HTTP/1.0
--- more_headers
Host: foo.example
X-A: 1
--- response_body chomp
DELETE /t?a=1 foo.example 1


=== TEST 7: a body gets its length, without the section's last newline
--- config
    location = /t { return 200 "$http_content_length"; }
--- request eval
["POST /t\nabc\n", "POST /t\nabc", "GET /t"]
--- response_body eval
["3", "3", ""]


=== TEST 8: a body can be sent in pieces, with a delay
--- config
    location = /t { return 200 "$http_content_length"; }
--- request eval
[["POST /t\nabc", "def", { value => "ghi", delay_before => 0.05 }]]
--- response_body chomp
9


=== TEST 9: several requests are several connections
--- config
    location = /t { return 200 "$connection_requests $http_x_n"; }
--- request eval
["GET /t", "GET /t", "GET /none"]
--- more_headers eval
["X-N: one", "X-N: two", ""]
--- error_code eval
[200, 200, 404]
--- response_body_like eval
["^1 one\$", "^1 two\$", "404 Not Found"]
--- response_headers eval
["Content-Length: 5", "Content-Length: 5\n! X-None", "Content-Type: text/html"]


=== TEST 10: pipelined requests share one connection
--- config
    location = /t {
        return 200 "$connection_requests $http_connection $http_content_length";
    }
--- pipelined_requests eval
["POST /t\nabc", "GET /t", "GET /t", "HEAD /t"]
--- response_body eval
["1 keep-alive 3", "2 keep-alive ", "3 keep-alive ", ""]


=== TEST 11: a raw request is sent as it is, in pieces
--- config
    location = /t { return 200 "$http_x_a"; }
--- raw_request eval
["GET /t HTTP/1.1\r\nHost: a\r\nX-A: on",
 "e\r\nConnection: close\r\n", "\r\n"]
--- raw_request_middle_delay: 0.03
--- response_body chomp
one
--- raw_response_headers_like: ^HTTP/1\.1 200 OK\r\nServer: nginx
--- raw_response_headers_unlike: X-None


=== TEST 12: a bad raw request is refused by nginx
--- raw_request eval
"GET /\x01 HTTP/1.1\r\n\r\n"
--- error_code: 400
--- response_body_like: 400 Bad Request


=== TEST 13: a half-closed connection still gets its response
--- config
    location = /t { return 200 "ok"; }
--- raw_request eval
"GET /t HTTP/1.1\r\nHost: a\r\n\r\n"
--- shutdown: 1
--- response_body chomp
ok
--- timeout: 2s


=== TEST 14: header lines: value, several values, absence
--- config
    location = /t {
        add_header X-A "one";
        add_header X-A "two";
        add_header X-B "b: c";
        return 200;
    }
--- request
GET /t
--- response_headers
X-A: one, two
x-b: b: c
! X-C
Connection: close
--- response_body


=== TEST 15: header patterns cover the whole value
--- config
    location = /t { add_header X-A "abc-123"; return 200; }
--- request
GET /t
--- response_headers_like
X-A: [a-c]+-\d+
Server: nginx.*


=== TEST 16: a status can be a pattern
--- config
    location = /t { return 418; }
--- request
GET /t
--- error_code_like: ^4\d8$


=== TEST 17: a closed connection has an empty status
--- config
    location = /t { return 444; }
--- request
GET /t
--- error_code:
--- response_body


=== TEST 18: bodies can be matched, not matched, and filtered
--- config
    location = /t { return 200 "Hello"; }
--- request
GET /t
--- response_body_filters
uc length
--- response_body chomp
5


=== TEST 19: a body that must not match
--- config
    location = /t { return 200 "Hello checked"; }
--- request
GET /t
--- response_body_unlike chomp
^hello


=== TEST 20: the body check function was called for the block before
--- init
die "not called" if $main::Checked < 2;
--- config
    location = /t { return 200; }
--- request
GET /t


=== TEST 21: a chunked response is put together
--- config
    location = /t {
        alias $TEST_NGINX_HTML_DIR/page.html;
        default_type text/html;
        ssi on;
    }
--- user_files
>>> page.html
hello <!--# echo var="arg_a" -->!
--- request
GET /t?a=ssi
--- response_headers
Transfer-Encoding: chunked
! Content-Length
--- response_body
hello ssi!


=== TEST 22: lines that have to be in the error log, as text and pattern
--- config
    location = /t { root html; }
--- request
GET /t
--- error_code: 404
--- error_log eval
["open()", qr/No such file or directory.*, client: 127\.0\.0\.1/]
--- no_error_log eval
["[alert]", qr/\[emerg\]/]


=== TEST 23: matches in the error log are collected
--- config
    location = /t { rewrite ^ /u; }
    location = /u { return 200 "u"; }
    rewrite_log on;
--- log_level: notice
--- request
GET /t
--- response_body chomp
u
--- grep_error_log eval
qr/rewritten data: "[^"]+"/
--- grep_error_log_out
rewritten data: "/u"
--- no_error_log
[debug]


=== TEST 24: the access log is looked at, too
--- config
    location = /t { return 200; }
--- request
GET /t?token=1
--- access_log
GET /t?token=1
--- no_access_log
POST


=== TEST 25: sections of main and http, ports and paths from variables
--- main_config
    worker_rlimit_nofile 512;
--- http_config
    map $uri $mapped { default "mapped"; }
    upstream back { server 127.0.0.1:$TEST_NGINX_SERVER_PORT; }
--- config
    location = /t { proxy_pass http://back/u; }
    location = /u { return 200 "$mapped $server_port"; }
--- request
GET /t
--- response_body_like: ^mapped \d+$


=== TEST 26: a server of its own on a random port
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1;
        return 200 "other";
    }
--- config
    location = /t {
        proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1;
    }
--- request
GET /t
--- response_body chomp
other


=== TEST 27: a block between http and the end, a server name
--- server_name: foo.example
--- config
    location = /t { return 200 "$server_name"; }
--- post_main_config
    # nothing to say
--- request
GET /t
--- response_body chomp
foo.example


=== TEST 28: nginx must refuse a bad configuration
--- config
    retrun 200;
--- request
GET /t
--- must_die
--- error_log
unknown directive "retrun"
--- no_error_log
[alert]


=== TEST 29: nginx must refuse with the exit code given
--- config
    client_body_timeout much;
--- request
GET /t
--- must_die: 1
--- suppress_stderr
--- error_log eval
qr/"client_body_timeout" directive invalid value in \S+:\d+/


=== TEST 30: a slow response ends the wait, without a failure when told so
--- config
    location = /t { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/u; }
    location = /u { limit_rate 1; alias $TEST_NGINX_HTML_DIR/u; }
--- user_files eval
[["u" => "x" x 5000]]
--- request
GET /t
--- timeout: 100ms
--- abort
--- ignore_response
--- wait: 0.05
--- no_error_log
[alert]


=== TEST 31: versions: the subtests of the block are skipped
--- config
    location = /t { return 500; }
--- request
GET /t
--- skip_nginx: 1: > 1.0.0
--- response_body_like: x


=== TEST 32: versions: two rules
--- config
    location = /t { return 200; }
--- request
GET /t
--- skip_nginx2: 1: < 1.0.0 or > 9.0.0


=== TEST 33: a block that is skipped is not even started
--- SKIP
--- config
    nonsense;
--- request
GET /t


=== TEST 34: code may change the server root before nginx starts
--- post_setup_server_root
open(my $out, '>', server_root() . '/conf/extra.conf') or die;
print $out 'location = /t { return 200 "extra"; }';
close $out;
--- config
    include extra.conf;
--- request
GET /t
--- response_body chomp
extra
--- no_check_leak


=== TEST 35: blocks after the last are not run
--- config
    location = /t { return 200; }
--- request
GET /t
--- LAST


=== TEST 36: not run
--- config
    nonsense;
--- request
GET /t
