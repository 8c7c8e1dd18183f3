# A runner that cannot fail proves nothing: blocks with a wrong expectation,
# a crashed nginx and a sanitizer's report must each give a failed test.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $lib = abs_path(dirname(__FILE__) . '/lib');
my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;


# Runs blocks in a process of their own: (output, exit status).

sub run_blocks {
    my ($blocks, %env) = @_;

    my $file = "$dir/case.t";
    open(my $out, '>', $file) or die "$file: $!";
    print $out "use Test::Nginx::Socket 'no_plan';\nrun_tests();\n",
        "__DATA__\n\n$blocks";
    close $out;

    local %ENV = (%ENV, TEST_NGINX_SERVROOT => "$dir/root", %env);
    my $text = `'$^X' '-I$lib' '$file' 2>&1`;
    return ($text, $? >> 8);
}


sub block {
    my ($sections) = @_;

    return "=== TEST 1: a case\n--- config\n"
        . "    location = /t { add_header X-A 1; return 200 'ok'; }\n"
        . "    location = /w { limit_rate 1; return 200 'slowly, slowly'; }\n"
        . "    location = /e { root html; }\n$sections\n";
}

my @cases = (
    ['nothing wrong', "--- request\nGET /t\n--- response_body chomp\nok", ''],
    ['a status not announced', "--- request\nGET /e",
     'status code ok'],
    ['another status', "--- request\nGET /t\n--- error_code: 404",
     'status code ok'],
    ['another body', "--- request\nGET /t\n--- response_body chomp\nko",
     'response_body'],
    ['a body that does not match',
     "--- request\nGET /t\n--- response_body_like: k\$\n--- error_code: 201",
     'status code ok'],
    ['another header', "--- request\nGET /t\n--- response_headers\nX-A: 2",
     'header X-A ok'],
    ['a header that is there',
     "--- request\nGET /t\n--- response_headers\n! X-A",
     'header X-A not present'],
    ['a header pattern that covers a part only',
     "--- request\nGET /t\n--- response_headers_like\nContent-Type: text",
     'header Content-Type like'],
    ['no such line in the error log',
     "--- request\nGET /t\n--- error_log\nnever said",
     'pattern "never said" matches'],
    ['a line in the error log that may not be there',
     "--- request\nGET /e\n--- error_code: 404\n--- no_error_log\n[error]",
     'pattern "[error]" does not match'],
    ['no such line in the access log',
     "--- request\nGET /t\n--- access_log\nGET /u",
     'pattern "GET /u" matches'],
    ['other matches in the error log',
     "--- request\nGET /t\n--- grep_error_log chomp\nnever said\n"
     . "--- grep_error_log_out\nnever said", 'grep_error_log_out'],
    ['a time-out',
     "--- request\nGET /w\n--- timeout: 80ms\n--- ignore_response",
     'client socket timed out'],
    ['nginx should die and lives', "--- must_die", 'die as expected'],
    ['an assertion that would be passed over',
     "--- request\nGET /t\n--- response_body chomp\nok\n"
     . "--- response_body_like: o", 'the block can be run'],
    ['several requests with one expectation',
     "--- request eval\n['GET /t', 'GET /t']\n--- response_body chomp\nok",
     'the block can be run'],
    ['an unset variable in the request\'s configuration',
     "--- http_config\n# \$TEST_NGINX_NOT_SET_AT_ALL\n--- request\nGET /t",
     'the block can be run'],
);

for my $case (@cases) {
    my ($title, $sections, $failed) = @$case;

    my ($text, $status) = run_blocks(block($sections));
    my @failed = $text =~ /^not ok \d+ - (.*)$/mg;

    if ($failed eq '') {
        is_deeply([$status, @failed], [0], "$title: passes");
        next;
    }

    isnt($status, 0, "$title: the exit status tells");
    ok(@failed == 1 && index($failed[0], $failed) >= 0,
       "$title: one test fails, for that reason") or diag($text);
}

# A bad configuration.

my ($text, $status) = run_blocks("=== TEST 1: a\n--- config\n    no way;\n"
    . "--- request\nGET /t\n");
like($text, qr/^not ok 1 - .*nginx starts$/m, 'nginx that cannot start');
like($text, qr/unknown directive "no"/, 'and its words are shown');

# A crash, and a report of a sanitizer (nginx itself is told to log it).

my $crash = "--- init\nkill 'SEGV', "
    . "\$Test::Nginx::Util::process->pid();\n--- request\nGET /t\n"
    . "--- ignore_response";
($text) = run_blocks(block($crash));
like($text, qr/^not ok \d+ - nginx served .* cleanly$/m,
     'an nginx that crashed fails the file');

my $report = "--- init\nopen(my \$log, '>>', server_root() . "
    . "'/logs/error.log');\nprint \$log "
    . "\"src/photo/mc_scan.c:3:4: runtime error: shift\\n\";\n"
    . "--- request\nGET /t";
($text) = run_blocks(block($report));
like($text, qr/^not ok \d+ - nginx served .* cleanly$/m,
     'a report of a sanitizer fails the file');

# What is left behind.

my @left = glob("$dir/root/*");
ok(@left > 0, 'the server root of a failed file is kept');

run_blocks(block("--- request\nGET /t"), TEST_NGINX_SERVROOT => "$dir/clean");
is_deeply([glob("$dir/clean/*")], [], 'that of a passed one is removed');

done_testing();
