# Reload, quit, killed workers, another size of the zone: requests under way
# are answered, sessions stay, nothing that was saved is lost.

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

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 4;
my $site = new_site(people => [map { person($_) } @numbers],
                    nginx => { workers => 2 });
my $nginx = $site->nginx();


# One save by a fresh connection; the new revision, or dies.

sub save {
    my ($client, $revision, $value) = @_;

    my $r = $client->post_json('/api/member',
        { values => { work_unit => $value } },
        'If-Match' => qq("$revision"));

    die 'save: ' . $r->status() . ' ' . $r->body() . "\n"
        if $r->status() != 200;
    return $r->json()->{revision};
}

sub revision {
    my ($client) = @_;

    return $client->get('/api/member')->json()->{revision};
}


subtest 'a reload while a job runs: the request is answered' => sub {
    my $member = $site->login($numbers[0]);
    my $revision = revision($member);
    my @old = $nginx->worker_pids();

    # the job waits for the lock we hold
    my $lock = $site->hold_lock();
    my $job = in_background(sub { save($member, $revision, 'reloaded') });
    sleep 0.3;

    ok($nginx->reload(), 'new workers are there');
    is($site->visitor()->get('/api/site')->status(), 200, 'and answer');
    $lock->release();

    is(eval { $job->wait(15) }, $revision + 1, 'the old one finished')
        or diag($@);
    is(values_of($member->get('/api/member')->json())->{work_unit},
       'reloaded', 'what it saved is there');

    my %old = map { $_ => 1 } @old;
    ok(wait_for(sub { !grep { $old{$_} } $nginx->worker_pids() }, 10),
       'old workers end');
};


subtest 'quit while a job runs: the request is answered' => sub {
    my $member = $site->login($numbers[0]);
    my $revision = revision($member);
    my $lock = $site->hold_lock();
    my $job = in_background(sub { save($member, $revision, 'quit') });

    sleep 0.3;
    $nginx->signal('QUIT');
    sleep 0.2;
    ok($nginx->running(), 'nginx waits for the job');
    $lock->release();

    is(eval { $job->wait(15) }, $revision + 1, 'the job was answered')
        or diag($@);
    ok(wait_for(sub { !$nginx->running() }, 10), 'then nginx ends');
    is($nginx->{exit_code}, 0, 'in order');

    ok($nginx->start(), 'nginx starts again');
    is($member->get('/api/session')->status(), 200,
       'the session has survived the restart');
};


subtest '10 reloads under store writes lose nothing' => sub {
    my $stop = "$site->{dir}/stop";
    my @jobs;

    for my $number (@numbers) {
        my $member = $site->login($number);

        push @jobs, in_background(sub {
            my $revision = revision($member);
            my $first = $revision;

            until (-e $stop) {
                $revision = save($member, $revision, "value $revision");
            }

            return [$first, $revision];
        });
    }

    for (1 .. 10) {
        $nginx->reload() or diag('a reload was late');
        sleep 0.1;
    }
    write_file($stop, '');

    my $sum = 0;
    for my $n (0 .. $#jobs) {
        my $range = eval { $jobs[$n]->wait(20) };
        ok($range, "every save of member $n was answered 200") or diag($@);
        next unless $range;

        my ($first, $last) = @$range;
        my $data = $site->login($numbers[$n])->get('/api/member')->json();

        is($data->{revision}, $last, 'as many saves as were acknowledged');
        is(values_of($data)->{work_unit}, 'value ' . ($last - 1),
           'and the last value stands');
        $sum += $last - $first;
    }
    cmp_ok($sum, '>', 40, "there were writes all the time ($sum)");

    like($site->must_ctl('check'), qr/^integrity\s+ok$/m,
         'the databases are whole');
    like($site->must_ctl('audit', 'verify'), qr/rows fit/,
         'and so is the audit chain');
};


subtest 'sessions survive reload and killed workers' => sub {
    my $web = $site->login($numbers[1]);
    my $mini = $site->login($numbers[1], client => 'mini');

    ok($nginx->reload(wait_old => 1), 'reload');
    is($web->get('/api/session')->status(), 200, 'the cookie is good');
    is($mini->get('/api/session')->status(), 200, 'the token, too');

    for my $n (0, 0) {
        ok($nginx->kill_worker('KILL', $n), 'a worker is killed');
        is($web->get('/api/session')->status(), 200, 'the cookie is good');
        is($mini->get('/api/member')->status(), 200, 'the token, too');
    }
};


subtest 'the zone gets another size: sessions come from the store' => sub {
    my $web = $site->login($numbers[2]);

    for my $size ('2m', '512k', '1m') {
        $nginx->configure($site->text(zone => "zone=members:$size"));
        ok($nginx->reload(wait_old => 1), "a zone of $size");
        is($web->get('/api/member')->status(), 200, 'the session is good');
    }
};


subtest 'a member\'s last words: log out, reload, still out' => sub {
    my $web = $site->login($numbers[3]);
    my $cookie = $web->cookie_header();

    is($web->delete('/api/session')->status(), 204, 'log out');
    ok($nginx->reload(wait_old => 1), 'reload');
    is($site->visitor()->get('/api/session', Cookie => $cookie)->problem(),
       'session_expired', 'the session has ended');
};


clean_log($nginx, 'nothing bad in the log',
          allow => qr/exited on signal 9|was locked by/);
is($nginx->stop(), 'QUIT', 'nginx ends in order');
done_testing();
