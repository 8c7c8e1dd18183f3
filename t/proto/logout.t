# Logging out: it holds although the client has left before the answer, and
# a slow read that began before it does not bring the session back.

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

# a short idle time: a session is touched after a quarter of it
my $site = new_site(
    people => [map { person("33000001000$_") } 1 .. 4],
    conf => { session => 'secure=off idle=1m',
              server => "        add_header X-Worker \$pid always;\n" },
    nginx => { workers => 2, main => "worker_shutdown_timeout 300ms;\n" },
);
my $nginx = $site->nginx();


sub head_of {
    my ($client) = @_;

    return "Host: a\r\nCookie: " . $client->cookie_header()
        . "\r\nOrigin: http://127.0.0.1:" . $site->port() . "\r\n\r\n";
}

# What a thief with the same cookie gets.
sub stolen {
    my ($cookie, $path) = @_;

    my $r = $site->visitor()->get($path, Cookie => $cookie);
    return $r->status() . ' ' . ($r->problem() || '-');
}


subtest 'log out' => sub {
    my $member = $site->login('330000010001');
    my $cookie = $member->cookie_header();
    my $r = $member->delete('/api/session');

    is($r->status(), 204, 'is answered 204');
    like($r->header('Set-Cookie'), qr/^membercert=;.*Max-Age=0/,
         'the cookie is cleared');
    is(stolen($cookie, '/api/session'), '401 session_expired',
       'the session has ended');
    is(stolen($cookie, '/api/member'), '401 session_expired',
       'for every route');
    is($site->visitor()->delete('/api/session', Cookie => $cookie)->status(),
       204, 'once more is fine');
    is($site->visitor()->delete('/api/session')->status(), 204,
       'without a session, too');
};


subtest 'a log-out whose client has left still ends the session' => sub {
    my $member = $site->login('330000010002');
    my $cookie = $member->cookie_header();
    my $lock = $site->hold_lock();
    my $s = raw($site->port());

    $s->send("DELETE /api/session HTTP/1.1\r\n" . head_of($member));
    sleep 0.3;
    $s->reset();
    is(stolen($cookie, '/api/member'), '200 -', 'not yet: it waits');
    $lock->release();

    ok(wait_for(sub { stolen($cookie, '/api/member') =~ /^401/ }, 10),
       'it has ended, in store and zone');
    is(stolen($cookie, '/api/session'), '401 session_expired', 'for good');
};


# a thread that still runs could take the lock when it comes free
sub all_stopped {
    my ($pid) = @_;
    return !grep { slurp($_) !~ /^\d+ \(.*\) T / } glob("/proc/$pid/task/*/stat");
}


subtest 'a log-out of a worker that had to go ends the session' => sub {
    my $member = $site->login('330000010001');
    my $cookie = $member->cookie_header();

    is($member->get('/api/member')->status(), 200, 'the zone knows it');
    my $lock = $site->hold_lock();
    my $s = raw($site->port());
    $s->send("DELETE /api/session HTTP/1.1\r\n" . head_of($member));
    sleep 0.2;

    # worker_shutdown_timeout ends the request, the job goes on
    ok($nginx->reload(), 'a reload');
    sleep 0.8;
    $lock->release();
    is($s->read_to_end(5), 'closed', 'the client is cut off');
    is($s->buffer(), '', 'without an answer');

    ok(wait_for(sub { stolen($cookie, '/api/member') =~ /^401/ }, 10),
       'it has ended, in store and zone');
};


subtest 'a slow read does not bring a logged-out session back' => sub {
    my $member = $site->login('330000010003');
    my $cookie = $member->cookie_header();

    # the session is to be touched by the next read, and the zone is empty
    $nginx->stop();
    query($site->store() . '/core.db',
          'UPDATE session SET last_seen = last_seen - 20000');
    ok($nginx->start(), 'nginx starts');

    my %at = two_workers();
    is(scalar(keys %at), 2, 'a connection to each worker');
    my ($slow, $fast) = sort keys %at;

    my $lock = $site->hold_lock();
    $at{$slow}->send("GET /api/member HTTP/1.1\r\n" . head_of($member));
    sleep 0.3;
    ok(!$at{$slow}->readable(0), 'the read waits to touch the session');
    kill 'STOP', $slow;
    ok(wait_for(sub { all_stopped($slow) }, 5), 'all its threads stand');

    $at{$fast}->send("DELETE /api/session HTTP/1.1\r\n" . head_of($member));
    $lock->release();
    my $r = $at{$fast}->read_response();
    is($r && $r->status(), 204, 'meanwhile its owner logs out');

    kill 'CONT', $slow;
    ok($at{$slow}->read_response(), 'the read ends somehow');

    for my $path (qw(member session photo/state certificate)) {
        is(stolen($cookie, "/api/$path"), '401 session_expired',
           "the session is not back: $path");
    }
};


# Kept connections, one to each worker: process id => connection.

sub two_workers {
    my %at;

    for (1 .. 200) {
        my $s = raw($site->port());
        $s->send("GET /api/session HTTP/1.1\r\nHost: a\r\n\r\n");
        my $r = $s->read_response() or next;
        $at{$r->header('X-Worker')} ||= $s;
        last if keys %at == 2;
    }

    return %at;
}


subtest 'a new password ends every session' => sub {
    my @clients = map { $site->login('330000010004') } 1, 2;

    $site->must_ctl('member', 'passwd', '330000010004',
                    { input => "another-password-1\n" });
    for my $client (@clients) {
        ok(wait_for(sub {
            $client->get('/api/member')->status() == 401;
        }, 5), 'a read with the old epoch is refused at once');
    }
};


clean_log($nginx);
done_testing();
