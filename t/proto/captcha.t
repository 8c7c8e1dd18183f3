# Captchas end to end: an answer is good once, in all workers and over a
# reload; wrong, expired and a wrong password are three things; pictures
# come from the ring or the pool and never fill either; memory stays small.
# S09 I01 I02 I03

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Captcha;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 4;
my $many = "        membercert_login_limit account=1000/1m "
    . "address=1000/1m;\n";
my $site = new_site(
    people => [map { person($_) } @numbers],
    conf => { captcha => 'web=on ttl=2m bits=9', server => $many },
    nginx => { workers => 2, main => "thread_pool one threads=1;\n" },
);
my $nginx = $site->nginx();
my $visitor = $site->visitor();


sub log_in {
    my (%more) = @_;

    return $site->visitor()->post_json('/api/session',
        $site->login_data($numbers[0], %more));
}

sub reconfigure {
    my ($title, %opt) = @_;

    $nginx->configure($site->text(%opt));
    ok($nginx->reload(wait_old => 1), $title);
}

# kB of resident memory of all workers
sub resident {
    my $sum = 0;

    for my $pid ($nginx->worker_pids()) {
        my ($kb) = slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m;
        $sum += $kb;
    }
    return $sum;
}


subtest 'S09 I01: a picture lets the mini program in, once' => sub {
    is(log_in(client => 'mini')->problem(), 'captcha_needed', 'S09: none');

    my $captcha = picture($visitor, $site);
    my $r = log_in(client => 'mini', captcha => $captcha);

    is($r->status(), 200, 'a right one');
    ok($r->json()->{token}, 'with a token');
    is(log_in(client => 'mini', captcha => $captcha)->problem(),
       'captcha_expired', 'I01: the same again');
    is(log_in(client => 'mini', captcha => proof($visitor))->status(), 200,
       'or a proof of work');
};


subtest 'I03: a proof of work lets the web in, once' => sub {
    is(log_in()->problem(), 'captcha_needed', 'none');

    my $captcha = proof($visitor);

    is(log_in(captcha => $captcha)->status(), 200, 'a right one');
    is(log_in(captcha => $captcha)->problem(), 'captcha_expired',
       'the same again');
};


subtest 'I02: a wrong captcha is told apart from a wrong password' => sub {
    my $wrong = picture($visitor, $site, wrong => 1);
    my (undef, $letters) = opened($wrong->{id}, $site);
    my $r = log_in(captcha => $wrong);

    is($r->status(), 422, 'the status');
    is($r->problem(), 'captcha_wrong', 'the captcha');
    is(log_in(captcha => { %$wrong, answer => $letters })->problem(),
       'captcha_expired', 'I01: a picture that was answered wrong is used up');

    $wrong = proof($visitor, wrong => 1);
    is(log_in(captcha => $wrong)->problem(), 'captcha_wrong', 'a number');
    my $right = solve($wrong->{id}, 9);
    is(log_in(captcha => { %$wrong, answer => $right })->status(), 200,
       'which costs nothing to find and uses nothing up');

    my $captcha = proof($visitor);
    is(log_in(password => 'x', captcha => $captcha)->problem(),
       'login_failed', 'a wrong password');
    is(log_in(captcha => $captcha)->problem(), 'captcha_expired',
       'I01: a new one after every failed log-in');
};


subtest 'I01: of many at once one is let in' => sub {
    for my $round (1 .. 3) {
        my $captcha = proof($visitor);
        my @jobs = map {
            in_background(sub {
                my $r = log_in(captcha => $captcha);
                return $r->status() == 200 ? 'in' : $r->problem();
            })
        } 1 .. 8;
        my %count;
        $count{$_->wait(20)}++ for @jobs;

        is_deeply(\%count, { in => 1, captcha_expired => 7 },
                  "round $round");
    }
};


subtest 'I01: used stays used over a reload, unused stays good' => sub {
    my $used = proof($visitor);
    my $kept = proof($visitor);
    my $shown = picture($visitor, $site);

    is(log_in(captcha => $used)->status(), 200, 'one is used');
    ok($nginx->reload(wait_old => 1), 'reload');

    for (1 .. 6) {
        is(log_in(captcha => $used)->problem(), 'captcha_expired',
           'the used one');
    }
    is(log_in(captcha => $kept)->status(), 200, 'a proof');
    is(log_in(captcha => $shown)->status(), 200, 'a picture');
};


subtest 'a new secret in front: what was asked stays good' => sub {
    my $captcha = proof($visitor);
    my $dir = $site->dir();

    write_file("$dir/new-secret", 'cd' x 32 . "\n", 0600);
    reconfigure('rotated', secret => "$dir/new-secret $dir/secret");
    is(log_in(captcha => $captcha)->status(), 200, 'an old one');
    my $new = proof($visitor);
    ok(!eval { opened($new->{id}, $site) }, 'new ones are the new key\'s');
    is(log_in(captcha => $new)->status(), 200, 'and good');

    reconfigure('and back');
    is(log_in(captcha => proof($visitor))->status(), 200, 'as before');
    is(log_in(captcha => { %$new, answer => '1' })->problem(),
       'captcha_expired', 'of a key that is gone: asked for a new one');
};


subtest 'I02: expired' => sub {
    reconfigure('a second to answer', captcha => 'web=on ttl=1s bits=8');
    my $late = proof($visitor);
    my $shown = picture($visitor, $site);

    is(challenge($visitor)->{expires_in}, 1, 'the client is told');
    sleep 1.1;
    is(log_in(captcha => $late)->problem(), 'captcha_expired', 'a proof');
    is(log_in(captcha => $shown)->problem(), 'captcha_expired', 'a picture');
    is(log_in(captcha => proof($visitor))->status(), 200, 'in time');
};


subtest 'I03: on the web only after so many failures' => sub {
    my $limits = "        membercert_login_limit account=50/1h "
        . "address=100/1h;\n";

    reconfigure('after two', captcha => 'web=after:2 mini=off bits=8',
                server => $limits);
    is(log_in()->status(), 200, 'none at first');
    is(log_in(password => 'x')->problem(), 'login_failed', 'a failure');
    is(log_in()->status(), 200, 'one failure asks for none');

    # the success forgave the account's failure, not the address's
    is(log_in(password => 'x')->problem(), 'login_failed', 'another');
    is(log_in()->problem(), 'captcha_needed', 'two do');
    is(log_in(password => 'x')->problem(), 'captcha_needed',
       'whatever the password');
    is($site->visitor()->post_json('/api/session',
       $site->login_data('999999'))->problem(), 'captcha_needed',
       'and whatever the account, from this address');
    is(log_in(client => 'mini')->problem(), 'captcha_needed',
       'nor is calling oneself a mini program a way around it');

    reconfigure('both off', captcha => 'web=off mini=off bits=8',
                server => $limits);
    is(log_in(client => 'mini')->status(), 200, 'both off');
};


subtest 'being asked costs no attempt' => sub {
    my $limits = "        membercert_login_limit account=3/1h "
        . "address=5/1h;\n";

    reconfigure('few attempts, others\' spent ones forgotten',
                captcha => 'web=on bits=8', server => $limits,
                zone => 'zone=members:2m');
    is(log_in()->problem(), 'captcha_needed', 'none') for 1 .. 12;
    is(log_in(captcha => proof($visitor, wrong => 1))->problem(),
       'captcha_wrong', 'a wrong one') for 1 .. 12;
    is(log_in(captcha => proof($visitor))->status(), 200, 'still let in');
};


subtest 'who is too early is told so before a captcha is used up' => sub {
    my $limits = "        membercert_login_limit account=2/1h "
        . "address=100/1h;\n";

    reconfigure('two attempts', captcha => 'web=on bits=8',
                server => $limits, zone => 'zone=members:3m');

    my %wrong = (password => 'x');
    is(log_in(%wrong, captcha => proof($visitor))->problem(),
       'login_failed', 'a failure') for 1 .. 2;
    my $captcha = proof($visitor);
    my $r = log_in(captcha => $captcha);
    is($r->status(), 429, 'too early');
    sleep 0.1 + $r->header('Retry-After');
    is(log_in(captcha => $captcha)->status(), 200, 'the same one later');
};


subtest 'pictures wait for no full pool' => sub {
    my $single = new_site(
        conf => { captcha => 'web=off mini=off bits=8',
                  server => $many . "        membercert_thread_pool "
                      . "store=one cpu=one hash=one;\n" },
        nginx => { main => "thread_pool one threads=1;\n" });
    my $session = $single->login();
    my $revision = $session->get('/api/member')->json()->{revision};
    my $guest = $single->visitor();

    # the pool's only thread waits for the lock we hold, then readers
    my $lock = $single->hold_lock();
    my $head = "Host: a\r\nCookie: " . $session->cookie_header() . "\r\n";
    my $body = '{"values":{"work_unit":"x"}}';
    my @waiting = map { raw($single->port()) } 0 .. 20;

    $waiting[0]->send("POST /api/member HTTP/1.1\r\n${head}"
        . 'Origin: http://127.0.0.1:' . $single->port() . "\r\n"
        . "If-Match: \"$revision\"\r\nContent-Type: application/json\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body");
    sleep 0.2;
    $_->send("GET /api/session HTTP/1.1\r\n$head\r\n")
        for @waiting[1 .. 20];
    sleep 0.3;

    for (1 .. 4) {
        my $start = time();
        my $r = $guest->get('/api/captcha?kind=picture');

        is($r->problem(), 'service_busy', 'no picture');
        cmp_ok(time() - $start, '<', 1, 'told at once');
        like($r->header('Retry-After'), qr/^\d+$/, 'and when to come back');
        is($guest->get('/api/captcha')->status(), 200,
           'a proof of work needs no pool');
    }

    $lock->release();
    is($_->read_response(timeout => 20)->status(), 200, 'others are answered')
        for @waiting;
    is($guest->get('/api/captcha?kind=picture')->status(), 200,
       'pictures again');
    clean_log($single->nginx(), 'nothing in the log', errors => 1);
    $single->nginx()->stop();
};


subtest 'a flood leaves no memory behind' => sub {
    reconfigure('one worker\'s worth', captcha => 'web=on bits=8 mini=on',
                server => $many, zone => 'zone=members:64k');
    my $client = $site->visitor(keepalive => 1);
    my $old = proof($visitor);

    is(log_in(captcha => $old)->status(), 200, 'one is used');
    challenge($client, 'picture') for 1 .. 100;
    challenge($client) for 1 .. 200;
    sleep 0.2;
    my $before = resident();

    my ($sent, $busy) = (0, 0);
    for (1 .. 600) {
        my $r = $client->get('/api/captcha?kind=picture');
        $r->status() == 200 ? $sent++ : $busy++;
    }
    challenge($client) for 1 .. 2000;
    sleep 0.2;

    # a sanitizer keeps what was freed
    cmp_ok(resident() - $before, '<', $ENV{TEST_NGINX_PRELOAD} ? 600_000 : 2048,
           'less than 2 MB more') or diag("before $before kB");
    cmp_ok($sent, '>', 500, 'pictures were sent') or diag("$busy busy");
    is(log_in(captcha => $old)->problem(), 'captcha_expired',
       'and the used one is still known');
};


subtest 'used ids fill nobody\'s zone' => sub {
    my $client = $site->visitor(keepalive => 1);
    my $session = $site->visitor();
    my $r = $session->post_json('/api/session', $site->login_data(
        $numbers[1], captcha => proof($visitor)));

    is($r->status(), 200, 'a member');

    for (1 .. 400) {
        $r = $client->post_json('/api/session', $site->login_data(
            '9999', captcha => picture_wrong($client)));
        last if $r->problem() !~ /^captcha_(?:wrong|expired)$/;
    }
    like($r->problem(), qr/^captcha_(?:wrong|expired)$/, '400 used up');
    is($session->get('/api/session')->status(), 200, 'the member stays');
};

sub picture_wrong {
    my ($client) = @_;

    return { id => challenge($client, 'picture')->{id}, answer => '22222' };
}


clean_log($nginx);
done_testing();
