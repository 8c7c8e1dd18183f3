# 1,000 clients who leave at the worst moment: no worker crashes, no room of
# a pool is lost, nothing half done is stored.  Runs with the sanitized
# module of build/asan where it is as new as the plain one.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

# Chooses the sanitized module before anything asks for the module's name.

sub sanitized {
    return if $ENV{MEMBERCERT_MODULE} || $ENV{TEST_NGINX_PRELOAD};

    my $build = dirname(__FILE__) . '/../../build';
    my ($plain, $asan) = map { "$build/${_}ngx_http_membercert_module.so" }
        '', 'asan/';
    return unless -e $asan && (stat $asan)[9] >= (stat $plain)[9];

    chomp(my @libraries = map { `gcc -print-file-name=$_ 2>/dev/null` }
          qw(libasan.so libubsan.so));
    return if grep { !m{^/} } @libraries;

    $ENV{MEMBERCERT_MODULE} = $asan;
    $ENV{TEST_NGINX_PRELOAD} = "@libraries";
}


BEGIN { sanitized() }

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);


need('module', 'ctl');
note('module: ' . module_file() . ' preload: '
     . ($ENV{TEST_NGINX_PRELOAD} || 'none'));

my $count = 1000;
my $crowd = 4;      # processes that abort side by side

my $site = new_site(
    people => [person('330000010001'), person('330000010002')],
    photos => { '330000010001' => 1 },
    conf => { server => "        membercert_login_limit "
              . "account=10000/1m address=10000/1m;\n"
              . "        membercert_thread_pool cpu=cpu;\n" },
    nginx => { workers => 2,
               main => "thread_pool cpu threads=1 max_queue=256;\n" },
);
my $nginx = $site->nginx();
my $member = $site->login('330000010001');

my $view = $member->get('/api/certificate')->json();
is($member->post_json('/api/certificate',
                      { version => $view->{version} })->status(), 201,
   'a certificate to be downloaded');

my @workers = $nginx->worker_pids();
my $photo = portrait(2);
my $head = "Host: a\r\nCookie: " . $member->cookie_header()
    . "\r\nOrigin: http://127.0.0.1:" . $site->port() . "\r\n";
# of another member: each log-in beyond the fifth ends the oldest session
my $login = '{"user_type":"nonpractising","member_no":"330000010002",'
    . '"password":"' . password() . '","client":"mini"}';


sub with_body {
    my ($start, $type, $body) = @_;

    return "$start HTTP/1.1\r\n${head}Content-Type: $type\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}

# Each is what one client sends; he may leave after any byte of it.
my @requests = (
    "GET /api/certificate HTTP/1.1\r\n$head\r\n",
    "GET /api/certificate.pdf HTTP/1.1\r\n$head\r\n",
    "GET /api/photo HTTP/1.1\r\n$head\r\n",
    with_body('PUT /api/photo?dry_run=1', 'image/jpeg', $photo),
    with_body('PUT /api/photo?declare=1', 'image/jpeg',
              substr($photo, 0, 9000) . 'x' x 1000),
    with_body('POST /api/member', 'application/json',
              '{"values":{"work_unit":"never"}}'),
    with_body('POST /api/session', 'application/json', $login)
        =~ s/^Cookie:.*\r\n//mr,
    "PUT /api/photo HTTP/1.1\r\n${head}Content-Type: image/jpeg\r\n"
        . "Transfer-Encoding: chunked\r\n\r\n1000\r\n"
        . substr($photo, 0, 4096) . "\r\n0\r\n\r\n",
);

# The ways to leave.
my @ends = (
    sub { $_[0]->reset() },
    sub { $_[0]->close() },
    sub { $_[0]->half_close(); sleep 0.002; $_[0]->reset() },
    sub { sleep 0.004; $_[0]->reset() },
    sub { $_[0]->readable(0.02); $_[0]->reset() },
);


sub abort_some {
    my ($seed, $n) = @_;

    srand($seed);
    my $done = 0;

    for (1 .. $n) {
        my $text = $requests[rand @requests];
        my $cut = rand() < 0.5 ? length $text : int rand length $text;
        my $s = raw($site->port());

        if (rand() < 0.3) {
            my $half = int($cut / 2);
            $s->send(substr($text, 0, $half));
            sleep 0.001;
            $s->send(substr($text, $half, $cut - $half));
        }
        else {
            $s->send(substr($text, 0, $cut));
        }

        $ends[rand @ends]->($s);
        $done++;
    }

    return $done;
}


my @jobs = map {
    my $seed = $_;
    in_background(sub { abort_some($seed, $count / $crowd) });
} 1 .. $crowd;

my $sum = 0;
$sum += $_->wait(120) for @jobs;
is($sum, $count, "$count client aborts");

# who leaves while his document waits in the queue takes nothing along
for (1 .. 20) {
    my @queue = map { raw($site->port()) } 1 .. 60;
    $_->send("GET /api/certificate.pdf HTTP/1.1\r\n$head\r\n") for @queue;
    $_->reset() for @queue;
}
pass('1,200 documents asked for by nobody');

is_deeply([$nginx->worker_pids()], \@workers, 'the workers are the same');

# jobs of those who left are still counted until they end
ok(wait_for(sub {
    my $r = $member->get('/api/certificate.pdf');
    return $r->status() == 200;
}, 20), 'the document is there');

subtest 'no room of a pool was lost' => sub {
    for my $path (qw(session certificate certificate.pdf photo)) {
        my @sockets = map {
            my $s = raw($site->port());
            $s->send("GET /api/$path HTTP/1.1\r\n$head\r\n");
            $s;
        } 1 .. 40;
        my %seen;

        for my $s (@sockets) {
            my $r = $s->read_response(timeout => 30);
            $seen{!$r ? 'none' : $r->status() . ($r->problem() ? ' ' . $r->problem() : '')}++;
        }
        is_deeply(\%seen, { 200 => 40 }, "40 at once: $path");
    }
};

isnt(values_of($member->get('/api/member')->json())->{work_unit}, 'never',
     'a save without If-Match was not saved');
is(scalar($site->cases()), 0, 'no broken photo was stored');
like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
ok($nginx->stop() =~ /QUIT|TERM/, 'nginx ends');
clean_log($nginx);
done_testing();
