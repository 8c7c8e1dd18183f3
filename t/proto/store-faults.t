# The store fails: read-only, full, missing, of another version, damaged.
# Every request gets a 503 with Retry-After and the hot line, the log one
# hint, and when the store is back all is well.  S20 I17

use strict;
use warnings;
use utf8;

# a worker over its file size limit gets an error, not a signal
BEGIN { $SIG{XFSZ} = 'IGNORE' }

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $uid = getpwnam(worker_user());


# What each route says; the store has failed, so no session can be checked.

sub asked {
    my ($site, $client) = @_;

    my $login = $site->visitor()->post_json('/api/session',
        $site->login_data('330000010001'));
    return [$login, map { $client->get("/api/$_") }
            qw(session member photo photo/state certificate
               certificate.pdf)];
}

sub all_503 {
    my ($answers) = @_;

    my %seen;
    for my $r (@$answers) {
        $seen{join ' ', $r->status(), $r->problem() || '-',
              $r->header('Retry-After') ? 'later' : '-',
              eval { $r->json()->{hotline} } || '-'}++;
    }
    is_deeply(\%seen,
        { '503 service_unavailable later 010-88250337/0338' => scalar
          @$answers }, 'every route: 503, Retry-After, hot line');
    is($answers->[0]->json()->{detail},
       '系统暂时无法使用，请稍后再试', 'a plain text to try again');
}

sub hints {
    my ($nginx, $pattern) = @_;

    return scalar grep { /\[error\].*membercert: / && $_ =~ $pattern }
        split /\n/, $nginx->error_log();
}


subtest 'a missing store' => sub {
    my $site = new_site();
    my $client = $site->login();
    my $nginx = $site->nginx();

    $nginx->stop();
    rename($site->store(), $site->dir() . '/away') or die "rename: $!";
    ok($nginx->start(), 'nginx starts without it');
    all_503(asked($site, $client));

    my $r = $site->visitor()->get('/api/site');
    is($r->status(), 200, 'the pages still learn who we are');
    is($r->json()->{institutes}, undef, 'but for the institutes');
    is($r->json()->{hotline}, '010-88250337/0338', 'with the hot line');
    is(hints($nginx, qr/missing.*run membercertctl init/), 1,
       'the log has one hint');

    $nginx->stop();
    rmdir $site->store();
    rename($site->dir() . '/away', $site->store()) or die "rename: $!";
    ok($nginx->start(), 'the store is back');
    is($client->get('/api/member')->status(), 200, 'and so are sessions');
    clean_log($nginx);
};


for my $case (['of a later version', 'core.db', 99],
              ['of an earlier version', 'core.db', 0],
              ['with photos of another version', 'photo.db', 99])
{
    my ($name, $file, $version) = @$case;

    subtest "a store $name" => sub {
        my $site = new_site(start => 0);

        query($site->store() . "/$file",
              "PRAGMA user_version = $version");
        my $nginx = $site->start();
        all_503(asked($site, $site->visitor(
            headers => { Authorization => 'Bearer ' . 'A' x 43 })));
        is(hints($nginx, qr/of another version: run membercertctl/), 1,
           'the log has one hint');
        my $r = $site->ctl('check');
        ok(!$r->{ok} && $r->{err} =~ /another version/,
           'the command says the same');
        clean_log($nginx);
    };
}


subtest 'a damaged database' => sub {
    my $site = new_site(start => 0);
    my $core = $site->store() . '/core.db';

    query($core, 'PRAGMA wal_checkpoint(TRUNCATE)');
    open(my $file, '+<:raw', $core) or die "open: $!";
    print $file 'not a database at all ' x 200;
    close $file;

    my $nginx = $site->start();
    all_503(asked($site, $site->visitor(
        headers => { Authorization => 'Bearer ' . 'A' x 43 })));
    is(hints($nginx, qr/damaged/), 1, 'the log has one hint');
    clean_log($nginx);
};


subtest 'a store whose files the workers may only read' => sub {
    plan(skip_all => 'needs root') if $> != 0;

    my $site = new_site();
    my $nginx = $site->nginx();
    my $client = $site->login();

    # files of somebody else: workers may read them, at most
    $nginx->stop();
    my @files = glob $site->store() . '/*';
    chown 0, 0, @files, $site->store();
    chmod 0444, @files;
    chmod 0555, $site->store();
    ok($nginx->start(), 'nginx starts');
    # nginx gives the folder itself back to the workers
    chmod 0444, @files;

    my $r = $site->visitor()->post_json('/api/session',
        $site->login_data('330000010001'));
    is($r->status(), 503, 'a log-in') or diag($r->body());
    is($r->problem(), 'service_unavailable', 'the code');
    cmp_ok(hints($nginx, qr/read-only|no permission/), '==', 1,
           'the log has one hint');

    $nginx->stop();
    chmod 0600, @files;
    chown $uid, -1, @files, $site->store();
    ok($nginx->start(), 'the owner is put right');
    is($client->get('/api/member')->status(), 200, 'all is well');
    clean_log($nginx);
};


# A size no file of the worker may grow beyond: its successor inherits it
# from the master.

sub limit {
    my ($nginx, $size) = @_;

    return run_command(['prlimit', '--pid', $nginx->pid(),
                        "--fsize=$size:"])->{ok} && $nginx->kill_worker();
}


subtest 'a full disk: nothing half written, reads go on' => sub {
    my $limit = run_command([qw(prlimit --version)])->{ok};
    plan(skip_all => 'needs prlimit') unless $limit;

    my $site = new_site();
    my $nginx = $site->nginx();
    my $client = $site->login();
    my $before = $client->get('/api/member');

    # the log of the database is the largest file: it cannot grow
    my $size = -s $site->store() . '/core.db-wal';
    ok(limit($nginx, $size), "files cannot grow beyond $size") or return;

    my @saves = map {
        $client->post_json('/api/member',
            { values => { work_unit => 'x' x 100 } },
            'If-Match' => $before->header('ETag'));
    } 1 .. 3;
    is_deeply([map { $_->status() } @saves], [503, 503, 503],
              'saves are told 503');
    is($saves[0]->problem(), 'service_unavailable', 'the code');
    is($client->put_photo('/api/photo?declare=1', portrait(1))->status(),
       503, 'so are photos');
    ok($client->get('/api/member')->body() eq $before->body(),
       'reads go on, and nothing has changed');
    is($client->get('/api/photo')->problem(), 'photo_none',
       'no photo came in');
    is(hints($nginx, qr/disk is full/), 1, 'the log has one hint');

    ok(limit($nginx, 'unlimited'), 'room again') or return;
    my $r = $client->post_json('/api/member',
        { values => { work_unit => '新单位' } },
        'If-Match' => $before->header('ETag'));
    is($r->status(), 200, 'saves go through');
    like($site->must_ctl('check'), qr/^integrity\s+ok$/m,
         'the store is whole');
    clean_log($nginx, undef, allow => qr/exited on signal 9/);
};


subtest 'S20: a photo that cannot be read is not the same as none' => sub {
    my $site = new_site(
        start => 0,
        people => [person('330000010001'), person('330000010002')],
        photos => { '330000010001' => 1 });
    my $spoil = repository() . '/build/spoil';

    ok(run_command([$spoil, $site->store(), '330000010001'])->{ok},
       'one byte of a photo is flipped');
    chown $uid, -1, glob $site->store() . '/*' if $> == 0;

    my $nginx = $site->start();
    my $client = $site->login('330000010001');
    my $r = $client->get('/api/photo');
    is($r->status(), 503, 'an unreadable photo');
    is($r->problem(), 'photo_unavailable', 'has a code of its own');
    is($r->json()->{detail}, '获取照片信息失败', 'the words of the manual');

    $r = $site->login('330000010002')->get('/api/photo');
    is($r->status(), 404, 'no photo');
    is($r->problem(), 'photo_none', 'the other code');
    is($r->json()->{detail}, '没有查询到照片信息', 'and words');

    my $view = $client->get('/api/certificate')->json();
    ok($view->{photo}{current} && !$view->{photo_readable},
       'the page is told: there is one, unreadable');
    ok(grep({ $_->{code} eq 'photo_unavailable' && $_->{where} eq 'photo' }
            @{$view->{blockers}}), 'and that it blocks');
    is($client->get('/api/member')->status(), 200, 'the rest goes on');

    is($client->put_photo('/api/photo?declare=1', portrait(3))->status(),
       202, 'S21: a new one may be uploaded');
    clean_log($nginx);
};


done_testing();
