# The helper of the protocol tests, on nothing but nginx core.

use strict;
use warnings;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = temp_dir('core');
my $port = free_port();
my $tls_port = free_port();


sub conf {
    my ($word) = @_;

    return <<"END_CONF";
http {
    server {
        listen 127.0.0.1:$port;
        keepalive_timeout 5s;
        location = /word { return 200 "$word"; }
        location = /echo {
            set \$rest "\$http_content_type \$http_origin \$http_x_a";
            return 200 "\$request_method \$http_content_length \$rest";
        }
        location = /in { add_header Set-Cookie "a=1; Path=/; HttpOnly";
                         add_header Set-Cookie "b=2"; return 204; }
        location = /out { add_header Set-Cookie "a=; Max-Age=0";
                          return 204; }
        location = /cookie { return 200 "\$http_cookie"; }
        location = /json { default_type application/problem+json;
                           return 409 '{"code":"gone","n":1}'; }
        location = /slow { limit_rate 10; return 200 "0123456789abcdef"; }
        location = /pid { return 200 "\$pid \$connection"; }
        location = /put { client_max_body_size 10k; proxy_pass
                          http://127.0.0.1:$port/echo; }
    }
}
END_CONF
}

my $nginx = start_nginx(conf('first'), dir => $dir, module => 0,
                        workers => 2);

ok($nginx->running(), 'nginx runs');
is(scalar($nginx->worker_pids()), 2, 'with two workers');

subtest 'the client' => sub {
    my $c = client($port);

    is($c->get('/word')->body(), 'first', 'get');
    is($c->head('/word')->header('Content-Length'), 5, 'head');
    is($c->post_json('/echo', { a => "\x{5f20}" })->body(),
       "POST 11 application/json http://127.0.0.1:$port ",
       'post_json sends the origin');
    is($c->put_photo('/echo', "\xff\xd8", 'X-A' => 'x')->body(),
       "PUT 2 image/jpeg http://127.0.0.1:$port x", 'put_photo');
    is($c->post_json('/echo', {}, Origin => undef)->body(),
       'POST 2 application/json  ', 'a header can be left out');

    my $problem = $c->get('/json');
    is($problem->status(), 409, 'the status of a problem');
    is($problem->problem(), 'gone', 'its code');
    is($problem->json()->{n}, 1, 'its data');
};

subtest 'cookies' => sub {
    my $c = client($port);

    $c->get('/in');
    is($c->get('/cookie')->body(), 'a=1; b=2', 'cookies are sent back');
    is($c->cookie('a'), '1', 'and can be looked at');
    $c->get('/out');
    is($c->get('/cookie')->body(), 'b=2', 'an expired one is gone');
    $c->forget_cookies();
    is($c->get('/cookie')->body(), '', 'all can be forgotten');
};

subtest 'a kept connection' => sub {
    my $c = client($port, keepalive => 1);
    my $first = $c->get('/pid')->body();

    is($c->get('/pid')->body(), $first, 'is used again');
    $c->{socket}->half_close();
    isnt($c->get('/pid')->body(), $first, 'a closed one is replaced');
};

subtest 'a raw connection' => sub {
    my $s = raw($port);
    my $head = "GET /word HTTP/1.1\r\nHost: a\r\n\r\n";

    is($s->send_slowly($head, 9, 0.005), length $head, 'slow pieces');
    is($s->read_response()->body(), 'first', 'a response');
    $s->send($head . $head);
    is($s->read_response()->status(), 200, 'two requests at once');
    is($s->read_response()->body(), 'first', 'two responses');
    ok(!$s->readable(0.05), 'and nothing more');
    is($s->ended(), undef, 'the connection lives');
    ok($s->half_close(), 'half closed');
    is($s->read_to_end(5), 'closed', 'nginx closes, too');

    my $slow = raw($port);
    my $start = time();
    $slow->send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    is($slow->read_response(timeout => 0.2), undef, 'no response in time');
    cmp_ok(time() - $start, '<', 2, 'the wait is bounded');
    ok($slow->reset(), 'a reset');
};

subtest 'an interim response is one of its own' => sub {
    my $s = raw($port);

    $s->send("PUT /put HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
             . "Expect: 100-continue\r\nConnection: close\r\n\r\n");
    is($s->read_response()->status(), 100, 'continue');
    $s->send('abc');
    like($s->read_response()->body(), qr/^PUT 3/, 'then the response');

    $s = raw($port);
    $s->send("PUT /put HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n"
             . "Expect: 100-continue\r\n\r\n");
    is($s->read_response()->status(), 413, 'a refusal without a 100');
};

subtest 'reload' => sub {
    my @old = $nginx->worker_pids();

    $nginx->configure(conf('second'));
    ok($nginx->reload(wait_old => 1), 'new workers, old ones gone');
    my %now = map { $_ => 1 } $nginx->worker_pids();
    ok(!grep({ $now{$_} } @old), 'no old one is left');
    is(client($port)->get('/word')->body(), 'second', 'new configuration');
};

subtest 'a killed worker' => sub {
    my @old = $nginx->worker_pids();
    my $new = $nginx->kill_worker('KILL');

    ok($new && !grep({ $_ == $new } @old), 'has a successor');
    is(client($port)->get('/word')->body(), 'second', 'which serves');
};

subtest 'commands' => sub {
    my $r = run_command(['sh', '-c', 'cat; echo bad >&2; exit 3'],
                        input => 'in');
    is_deeply([@{$r}{qw(ok status out err)}], ['', 3, 'in', "bad\n"],
              'input, output, status');

    my $start = time();
    $r = run_command(['sleep', '30'], timeout => 0.2);
    ok($r->{timeout} && !$r->{ok}, 'a late one is killed');
    cmp_ok(time() - $start, '<', 5, 'in time');

    is(run_command(['/no/such/program'])->{status}, 127, 'a missing one');
};

subtest 'background' => sub {
    my @jobs = map {
        my $n = $_;
        in_background(sub { return { n => $n,
            word => client($port)->get('/word')->body() } });
    } 1 .. 3;

    is_deeply([map { $_->wait(10) } @jobs],
              [map { { n => $_, word => 'second' } } 1 .. 3],
              'values of several');

    my $bad = in_background(sub { die "broken\n" });
    is(eval { $bad->wait(5) }, undef, 'a broken one');
    is($@, "broken\n", 'says so');

    my $n = 0;
    ok(wait_for(sub { ++$n > 3 }, 2), 'waiting for something');
    ok(!wait_for(sub { 0 }, 0.1), 'in vain');
    ok($nginx->running(), 'nginx outlives the children');
};

clean_log($nginx, 'nothing bad in the log', allow => qr/exited on signal 9/);
like($nginx->access_log(), qr{GET /word}, 'the access log is there');

my $start = time();
is($nginx->stop(), 'QUIT', 'nginx ends gracefully');
cmp_ok(time() - $start, '<', 2, 'and fast');
ok(!$nginx->running(), 'it is gone');

my ($status, $words) = test_nginx("http {\n    nonsense;\n}\n", module => 0);
is($status, 1, 'a bad configuration');
like($words, qr/unknown directive "nonsense" in \S+:\d+/, 'is explained');

is(eval { start_nginx("http {\n    nonsense;\n}\n", module => 0) }, undef,
   'and does not start');

SKIP: {
    my $python = run_command(['/usr/bin/python3', '-c', 'import h2'])->{ok};
    skip 'needs python3-h2', 1 unless $python;

    subtest 'HTTP/2' => \&http2;
}


sub http2 {
    my $tls = MembercertTest::tls_lines($dir, $tls_port);
    my $text = conf('two');
    $text =~ s/(listen .*\n)/$1$tls/;

    my $second = start_nginx($text, module => 0);
    my $r = h2($tls_port, [
        { path => '/word' },
        { path => '/put', method => 'POST', body => ['abc', 'de'],
          pause => 0.02, headers => [['x-a', 'two']] },
        { path => '/put', method => 'PUT', body => ['x' x 1000], end => 0,
          headers => [['content-length', '99999']] },
        { path => '/word', after => 2 },
    ], tls => 1);

    is($r->{error}, undef, 'no error');
    is_deeply([map { $_->{status} } @{$r->{streams}}], [200, 200, 413, 200],
              'four streams');
    is($r->{streams}[0]{body}, 'two', 'a body');
    is($r->{streams}[1]{sent}, 5, 'a body sent in pieces');
    ok($r->{streams}[2]{ended}, 'an early refusal ends its stream');
    ok(!$r->{closed} && $r->{pings} == 1, 'and the connection lives');
    is($r->{goaway}, undef, 'without a GOAWAY');

    $r = h2($tls_port, [{ path => '/slow' }], tls => 1, timeout => 0.3);
    ok($r->{timeout}, 'a time-out is reported');

    $r = h2(free_port(), [{ path => '/' }]);
    like($r->{error}, qr/refused/i, 'so is a refused connection');
    is($second->stop(), 'QUIT', 'nginx ends gracefully');
}

done_testing();
