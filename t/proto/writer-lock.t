# A writer that is killed, or stopped, while it holds the lock of the store:
# others go on, or have their 503 after five seconds; nobody hangs.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use Fcntl qw(:flock);
use MembercertTest;
use MembercertTest::Site;
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $site = new_site(people => [map { person("33000001000$_") } 1 .. 3],
                    nginx => { workers => 2 });
my $nginx = $site->nginx();
my ($member, @others) = map { $site->login("33000001000$_") } 1 .. 3, 1;
my @writers;


# Another process that takes the lock as a writer does, and keeps it.

sub writer {
    pipe(my $reader, my $told) or die "pipe: $!";
    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(my $lock, '<', $site->store() . '/lock') or POSIX::_exit(1);
        flock($lock, LOCK_EX) or POSIX::_exit(1);
        syswrite($told, 'x');
        sleep 60;
        POSIX::_exit(0);
    }

    close $told;
    sysread($reader, my $x, 1) or die "no writer\n";
    push @writers, $pid;
    return $pid;
}

sub end_writer {
    my ($pid) = @_;

    kill 'KILL', $pid;
    waitpid($pid, 0);
}

END { my $status = $?; kill 'KILL', @writers if @writers; $? = $status }


# One save with the revision of now; (status, code, seconds).

sub save {
    my ($client, $value) = @_;

    my $tag = $client->get('/api/member')->header('ETag');
    my $start = time();
    my $r = $client->post_json('/api/member',
        { values => { work_unit => $value } }, 'If-Match' => $tag);

    return [$r->status(), $r->problem() || '-', time() - $start,
            $r->header('Retry-After') || '-'];
}


subtest 'a writer killed with the lock in its hand: others go on' => sub {
    my $pid = writer();
    my $job = in_background(sub { save($member, 'after the kill') });

    sleep 0.5;
    end_writer($pid);
    my $result = $job->wait(10);

    is($result->[0], 200, 'who waited saves');
    cmp_ok($result->[2], '<', 4, 'well before the deadline');
    is(values_of($member->get('/api/member')->json())->{work_unit},
       'after the kill', 'and it is stored');
};


subtest 'a writer stopped with the lock in its hand: 503 after 5 s' => sub {
    my $pid = writer();
    kill 'STOP', $pid;

    my $start = time();
    my @jobs = map {
        my $n = $_;
        in_background(sub { save($others[$n], "never $n") });
    } 0 .. 2;
    my $login = in_background(sub {
        my $r = $site->visitor()->post_json('/api/session',
            $site->login_data('330000010003'));
        return [$r->status(), time() - $start];
    });
    my $command = in_background(sub {
        my $r = $site->ctl('member', 'status', '330000010003', 'suspended');
        return [$r->{status}, $r->{err}, time() - $start];
    });

    sleep 0.5;
    my $read = time();
    is($member->get('/api/member')->status(), 200, 'reads go on');
    is($member->get('/api/certificate')->status(), 200, 'all of them');
    cmp_ok(time() - $read, '<', 2, 'at once');

    for my $n (0 .. 2) {
        my $result = $jobs[$n]->wait(15);
        is("@$result[0, 1]", '503 service_busy', "save $n is told so");
        cmp_ok($result->[2], '>', 4, 'not before the deadline');
        cmp_ok($result->[2], '<', 9, 'and not much later');
        like($result->[3], qr/^\d+$/, 'with Retry-After');
    }

    my $result = $login->wait(15);
    is($result->[0], 503, 'a log-in, too');
    cmp_ok($result->[1], '<', 9, 'does not hang');

    $result = $command->wait(15);
    isnt($result->[0], 0, 'a command fails');
    like($result->[1], qr/busy: another process holds the writer lock/,
         'and says why');

    end_writer($pid);
    is(save($member, 'again')->[0], 200, 'when it is gone, saves go on');
    like($nginx->error_log(),
         qr/\[error\].*busy: another process holds the writer lock/,
         'the log has a hint');
};


subtest 'a worker killed in the middle of a save gives the lock back' => sub {
    for my $n (1 .. 5) {
        my $job = in_background(sub {
            my $i = 0;
            while (++$i < 500) { last if !eval { save($member, "$n $i") } }
            return $i;
        });
        sleep 0.1;
        $nginx->kill_worker('KILL', $n % 2);
        my $start = time();
        is(save($others[1], "kill $n")->[0], 200,
           'somebody else saves');
        cmp_ok(time() - $start, '<', 4, 'without waiting for the deadline');
        kill 'KILL', $job->pid();
    }
};


like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain is, too');
clean_log($nginx, 'nothing bad in the log', allow => qr/exited on signal 9/);
done_testing();
