# Background work: ended sessions are removed by themselves; a worker that
# is told to stop meanwhile waits for it without burning a core.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $site = new_site(start => 0);
my $core = $site->store() . '/core.db';


# Ticks of CPU a process has used.
sub ticks {
    my ($pid) = @_;

    my @stat = split ' ', slurp("/proc/$pid/stat") =~ s/^.*\) //r;
    return $stat[11] + $stat[12];
}

# Switches of all threads of a process: one that polls the writer lock
# sleeps some thousand times a second.
sub switches {
    my ($pid) = @_;

    my $sum = 0;
    for my $status (glob "/proc/$pid/task/*/status") {
        $sum += $1 if slurp($status) =~ /^voluntary_ctxt_switches:\s+(\d+)/m;
    }
    return $sum;
}

sub expired_session {
    query($core, 'INSERT INTO session (hash, member_id, epoch, client, '
          . 'created_at, last_seen, expires_at) VALUES '
          . "(randomblob(32), 1, 0, 0, 1, 1, 2)");
}

sub sessions {
    return (query($core, 'SELECT count(*) FROM session'))[0][0];
}


expired_session();
is(sessions(), 1, 'a session that ended long ago');
my $nginx = $site->start();
my ($worker) = $nginx->worker_pids();
my $lock;

subtest 'a worker told to stop while a background job runs ends without'
    . ' burning a core' => sub
{
    # the job is posted 5 to 10 s after the start and waits for the lock at
    # most 5 s; so the lock is taken when the first job can be there
    sleep 4.7;
    $lock = $site->hold_lock();

    my $before = switches($worker);
    my $runs = wait_for(sub {
        my $now = switches($worker);
        my $polls = $now - $before;
        $before = $now;
        sleep 0.05;
        return $polls > 60;
    }, 9);
    ok($runs, 'the job waits for the lock');

    $nginx->signal('QUIT');
    ok(wait_for(sub {
        slurp("/proc/$worker/cmdline") =~ /shutting down/
    }, 5), 'the worker is told to stop');

    my ($ticks, $start) = (ticks($worker), time());
    sleep 1.5;
    my $used = (ticks($worker) - $ticks) / POSIX::sysconf(
        POSIX::_SC_CLK_TCK());
    my $share = $used / (time() - $start);

    ok(-e "/proc/$worker/stat" && $nginx->running(), 'it waits');
    cmp_ok($share, '<', 0.5, sprintf 'and uses %.0f %% of a core',
           100 * $share);

    $lock->release();
    ok(wait_for(sub { !$nginx->running() }, 8), 'then it ends');
    is($nginx->{exit_code}, 0, 'in order');
    is(sessions(), 0, 'and the ended session is gone');
};


subtest 'membercertctl does the same by hand' => sub {
    expired_session();
    like($site->must_ctl('work', '--once'), qr/^1 rows removed/, 'work');
    is(sessions(), 0, 'removed');
};


clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
