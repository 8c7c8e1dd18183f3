# Backup and restore, and what check and audit verify find.

use strict;
use warnings;
use utf8;

use Encode qw(decode encode);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $uid = getpwnam(worker_user());


subtest 'backup, and restore from it' => sub {
    my $site = new_site(people => [person('330000010001')],
                        photos => { '330000010001' => 1 });
    my $member = $site->login();
    my $target = temp_dir('backup');
    chown $uid, -1, $target if $> == 0;

    $site->must_ctl('backup', $target);
    $member->post_json('/api/member', { values => { work_unit => 'later' } },
        'If-Match' => $member->get('/api/member')->header('ETag'));
    isnt($site->ctl('backup', $target)->{status}, 0,
         'a folder with a backup is not overwritten');

    $site->nginx()->stop();
    rename($site->store(), $site->dir() . '/old') or die "rename: $!";
    rename($target, $site->store()) or die "rename: $!";
    ok($site->nginx()->start(), 'restored');
    is($member->get('/api/photo')->status(), 200, 'with photo and session');
    is(values_of($member->get('/api/member')->json())->{work_unit},
       '杭州示例会计咨询有限公司', 'as it stood then');
    like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'and whole');
    clean_log($site->nginx());
};


subtest 'a backup under writes is consistent' => sub {
    my @numbers = map { "33000001000$_" } 1 .. 3;
    my $site = new_site(people => [map { person($_) } @numbers]);
    my $stop = $site->dir() . '/stop';
    my @jobs = map {
        my $client = $site->login($_);
        in_background(sub {
            my $tag = $client->get('/api/member')->header('ETag');
            my $n = 0;

            until (-e $stop) {
                $n++;
                my $r = $client->post_json('/api/member',
                    { values => { work_unit => "n$n" } },
                    'If-Match' => $tag);
                die $r->status() . "\n" if $r->status() != 200;
                $tag = $r->header('ETag');
                $client->put_photo('/api/photo?declare=1',
                                   portrait($n % 7 + 1)) if $n % 5 == 0;
            }
            return $n;
        });
    } @numbers;

    for my $n (1 .. 3) {
        my $target = temp_dir('backup');
        chown $uid, -1, $target if $> == 0;
        $site->must_ctl('backup', $target);

        my $report = JSON::PP->new->utf8->decode(ctl('-d', $target, '-s',
            $site->dir() . '/secret', '--json', 'check')->{out});
        ok($report->{integrity} && !$report->{lost_photos}
           && !$report->{bad_photos},
           "backup $n: every pointer leads to a photo");
    }

    write_file($stop, '');
    for my $job (@jobs) {
        my $saves = eval { $job->wait(20) };
        ok($saves, 'meanwhile every save went through') or diag($@);
    }
    clean_log($site->nginx());
};


subtest 'check finds a spoilt photo' => sub {
    my $site = new_site(start => 0, photos => { '330000010001' => 1 });

    is($site->ctl('check')->{status}, 0, 'all is well');
    my $report = JSON::PP->new->utf8->decode(
        $site->must_ctl('--json', 'check'));
    is_deeply([@{$report}{qw(members photos bad_photos lost_photos)}],
              [1, 1, 0, 0], 'for machines');

    run_command([repository() . '/build/spoil', $site->store(),
                 '330000010001']);
    chown $uid, -1, glob $site->store() . '/*' if $> == 0;
    my $r = $site->ctl('check');
    is($r->{status}, 1, 'one byte is wrong');
    like($r->{out}, qr/^bad_photos\s+1$/m, 'it is found');
};


my @tricks = (
    ['a row changed', "UPDATE audit SET action = 'login' WHERE seq = 2"],
    ['a row removed', 'DELETE FROM audit WHERE seq = 2'],
    ['the last row removed',
     'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)'],
    ['two rows swapped', 'UPDATE audit SET seq = -(5 - seq) '
     . 'WHERE seq IN (2, 3)'],
    ['a row of somebody else\'s making', 'INSERT INTO audit SELECT '
     . "(SELECT max(seq) + 1 FROM audit), at, member_id, actor, action, "
     . 'result, address, request_id, mac FROM audit WHERE seq = 2'],
);

for my $trick (@tricks) {
    my ($name, $sql) = @$trick;

    subtest "audit verify finds $name" => sub {
        my $site = new_site(start => 0);
        my $core = $site->store() . '/core.db';

        $site->must_ctl('member', 'status', '330000010001', $_)
            for qw(suspended active);
        like($site->must_ctl('audit', 'verify'), qr/^\d+ rows fit, head /,
             'the chain fits');

        query($core, $sql);
        query($core, 'UPDATE audit SET seq = -seq WHERE seq < 0');
        my $r = $site->ctl('audit', 'verify');
        is($r->{status}, 1, 'it does not any more');
        like($r->{err}, qr/does not fit/, 'and says where');
    };
}


done_testing();
