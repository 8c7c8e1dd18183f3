# A pool that has no room left: 503 with Retry-After at once, no [error] in
# the log, reads go on while writers wait, and all is well afterwards.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $main = join '', map { "thread_pool $_->[0] threads=$_->[1] "
                          . "max_queue=256;\n" }
    ['one', 1], ['many', 16], ['hash', 1], ['cpu', 1];

my $site = new_site(
    conf => {
        server => "        membercert_thread_pool store=one cpu=cpu "
            . "hash=hash;\n        membercert_login_limit "
            . "account=1000/1m address=10000/1m;\n",
    },
    nginx => { main => $main },
);
my $nginx = $site->nginx();
my $member = $site->login('330000010001');
my $revision = $member->get('/api/member')->json()->{revision};
my $site_header = "Host: a\r\nCookie: " . $member->cookie_header() . "\r\n"
    . 'Origin: http://127.0.0.1:' . $site->port() . "\r\n";


sub save_text {
    my ($rev, $value) = @_;

    my $body = qq({"values":{"work_unit":"$value"}});
    return "POST /api/member HTTP/1.1\r\n${site_header}If-Match: \"$rev\"\r\n"
        . "Content-Type: application/json\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body";
}

sub statuses {
    my (@sockets) = @_;

    my %count;
    for my $s (@sockets) {
        my $r = $s->read_response(timeout => 20);
        $count{$r ? $r->status() : 'none'}++;
        push @{$count{refused}}, $r if $r && $r->status() == 503;
    }
    return %count;
}

sub one_after_the_other {
    my ($n, $text) = @_;

    return map { my $s = raw($site->port()); $s->send($text); $s } 1 .. $n;
}


subtest 'a full store pool answers 503, with no [error] in the log' => sub {
    my $lock = $site->hold_lock();

    # the pool's only thread waits for the lock we hold
    my ($save) = one_after_the_other(1, save_text($revision, 'first'));
    sleep 0.2;

    my $start = time();
    my @waiting = one_after_the_other(90,
        "GET /api/session HTTP/1.1\r\n$site_header\r\n");
    ok($waiting[-1]->readable(3), 'who finds no room is answered at once');
    cmp_ok(time() - $start, '<', 3, 'while the others wait');
    $lock->release();

    my %count = statuses(@waiting);
    is($count{200}, 63, 'the room of 64 was used');
    is($count{503}, 27, 'and no more');
    is($count{refused}[0]->problem(), 'service_busy', 'the code');
    like($count{refused}[0]->header('Retry-After') || '', qr/^\d+$/,
         'with Retry-After');
    is($save->read_response()->status(), 200, 'the save went through');

    is($member->get('/api/session')->status(), 200, 'room again');
    clean_log($nginx, 'not a single [error]', errors => 1);
};


subtest 'no room is told before the body is read' => sub {
    my $lock = $site->hold_lock();
    my $rev = $member->get('/api/member')->json()->{revision};
    my @first = one_after_the_other(1, save_text($rev, 'second'));

    sleep 0.2;
    push @first, one_after_the_other(63,
        "GET /api/session HTTP/1.1\r\n$site_header\r\n");

    my ($put) = one_after_the_other(1, "POST /api/member HTTP/1.1\r\n"
        . "${site_header}If-Match: \"1\"\r\nExpect: 100-continue\r\n"
        . "Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n");
    my $r = $put->read_response();
    is($r && $r->status(), 503, '503 without a 100');
    is($r && lc($r->header('Connection') || ''), 'close', 'and close');
    $lock->release();

    my %count = statuses(@first);
    is($count{200}, 64, 'the others are served');
    clean_log($nginx, 'not a single [error]', errors => 1);
};


subtest 'a full hash pool answers 503 and stays fair to the rest' => sub {
    my $body = '{"user_type":"nonpractising","member_no":"330000010001",'
        . '"password":"wrong password","client":"mini"}';
    my @logins = one_after_the_other(120, "POST /api/session HTTP/1.1\r\n"
        . "Host: a\r\nContent-Type: application/json\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body");

    my $start = time();
    is($site->visitor()->get('/api/site')->status(), 200, 'a bystander');
    cmp_ok(time() - $start, '<', 2, 'does not wait for them');

    my %count = statuses(@logins);
    is($count{401} + ($count{503} || 0), 120, 'each has its answer');
    cmp_ok($count{503}, '>', 0, 'some found no room');
    cmp_ok($count{401}, '>=', 64, 'the room was used');
    clean_log($nginx, 'not a single [error]', errors => 1);
};


subtest 'writers who wait leave the readers their threads' => sub {
    $nginx->configure($site->text(server => "        "
        . "membercert_thread_pool store=many cpu=cpu hash=hash;\n"));
    ok($nginx->reload(wait_old => 1), 'a pool of 16 threads');

    my $rev = $member->get('/api/member')->json()->{revision};
    my $lock = $site->hold_lock();
    my @saves = one_after_the_other(20, save_text($rev, 'third'));

    sleep 0.2;
    my $start = time();
    is($member->get('/api/member')->status(), 200, 'a read') for 1 .. 5;
    cmp_ok(time() - $start, '<', 2, 'does not wait for the writers');
    ok(grep({ $_->readable(0) } @saves),
       'writers beyond half of the threads have their 503 already');
    $lock->release();

    my %count = statuses(@saves);
    is($count{200}, 1, 'one save wins');
    is(($count{412} || 0) + ($count{503} || 0), 19,
       'the others are told: changed meanwhile, or busy');
};

clean_log($nginx);
done_testing();
