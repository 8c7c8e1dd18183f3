# What a review of the whole found, each a test that failed before: tokens
# that nobody has, files that somebody else has.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(time);

need('module', 'ctl');

my $site = new_site(people => [map { person("33000001000$_") } 1 .. 3]);
my $nginx = $site->nginx();


subtest 'a log-out with a made-up token does not wait for the writer' => sub {
    my $lock = $site->hold_lock();
    my $began = time();
    my $r = $site->visitor()->request('DELETE', '/api/session',
        headers => { Authorization => 'Bearer ' . 'A' x 43 });

    is($r->status(), 204, 'it is answered as any log-out');
    cmp_ok(time() - $began, '<', 2, 'at once');
    $lock->release();
};


subtest 'a command writes nothing into a file of somebody else' => sub {
    plan(skip_all => 'needs root') if $> != 0;

    my $dir = temp_dir('out');
    my $file = write_file("$dir/waiting.csv", 'bait', 0666);
    chown scalar(getpwnam(worker_user())), -1, $file;

    my $r = $site->ctl('export', 'members', '-o', $file);
    ok(!$r->{ok}, 'refused');
    like($r->{err}, qr/belongs to somebody else/, 'and says why');
    is(slurp($file), 'bait', 'nothing was written, nothing removed');
};


subtest 'a command that fails leaves the file it was to write' => sub {
    my $file = write_file(temp_dir('out') . '/kept.pdf', 'older and longer');

    ok(!$site->ctl('certificate', 'render', '999', '-o', $file)->{ok},
       'no such member');
    is(slurp($file), 'older and longer', 'the older file is as it was');

    ok($site->ctl('export', 'confirmations', '-o', $file)->{ok}, 'success');
    unlike(slurp($file), qr/longer/, 'replaces all of it');
};


subtest 'a FIFO in the place of the output does not hang a command' => sub {
    my $fifo = temp_dir('out') . '/fifo';

    POSIX::mkfifo($fifo, 0600) or die "mkfifo: $!";
    my $r = $site->ctl('export', 'members', '-o', $fifo, { timeout => 10 });
    ok(!$r->{ok} && !$r->{timeout}, 'refused at once');
};


subtest 'init --owner does not settle in another\'s folder' => sub {
    plan(skip_all => 'needs root') if $> != 0;

    my $dir = temp_dir('folder');
    my $r = run_command([ctl_file(), '-d', $dir, '-s',
                         $site->dir() . '/secret', 'init', '--owner',
                         worker_user()]);
    ok(!$r->{ok}, 'refused');
    like($r->{err}, qr/does not belong to/, 'and says why');
    is_deeply([glob "$dir/*"], [], 'nothing was made');
};


subtest 'one account does not fill the disk with photos' => sub {
    my $member = $site->login('330000010003');
    my $put = sub {
        return $member->put_photo("/api/photo?$_[1]", portrait($_[0]));
    };

    is($put->($_, 'declare=1')->status(), 202, "upload $_") for 1 .. 20;

    my $r = $put->(21, 'declare=1');
    is($r->status() . ' ' . $r->problem(), '429 photo_too_many', 'the 21st');
    like($r->json()->{detail}, qr/最近 24 小时内已上传 20 张照片/, 'its words');
    cmp_ok($r->header('Retry-After'), '>', 86000, 'a day later');
    is($put->(21, 'dry_run=1')->status(), 200, 'a dry run is none');
    is($put->(20, 'declare=1')->status(), 202, 'nor is what waits already');

    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'reject', $case->{photo_id});
};


subtest 'a flood of numbers gives nobody tokens back' => sub {
    my $log_in = sub {
        return $site->visitor()->post_json('/api/session',
            $site->login_data($_[0], password => 'wrong'))->status();
    };

    $nginx->configure($site->text(zone => 'zone=small:32k', server =>
        "        membercert_login_limit account=3/1h address=9999/1m;\n"));
    ok($nginx->reload(wait_old => 1), 'room for 128 buckets');

    is(join(' ', map { $log_in->('330000010001') } 1 .. 4),
       '401 401 401 429', 'an account is spent');

    # By then the account waits no more: its failures must outlast others
    # that are younger, but fewer.
    sleep(4);

    my %seen;
    $seen{$log_in->("7700$_")}++ for 1000 .. 1089;
    is_deeply(\%seen, { 401 => 90 }, 'ninety others, two nodes each');

    # On a slow machine the next wait, of two seconds, may be over as well;
    # forgotten, it would have three for nothing.
    like(join(' ', map { $log_in->('330000010001') } 1 .. 3), qr/429/,
         'it still is');
};


clean_log($nginx);
done_testing();
