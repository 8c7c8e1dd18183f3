# membercertctl and the store itself: init, backup, check, audit verify; no
# file of root, no planted link.  Backups under writes: backup.t.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use File::Copy ();
use File::Find qw(find);
use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $no = '330000010001';
my $root = $> == 0;
my $user = worker_user();
my $uid = getpwnam($user);
my $site = new_site(start => 0, photos => { $no => 1, 330000010002 => 2 },
                    people => [person($no), person('330000010002')]);
my $dir = $site->dir();
my $core = $site->store() . '/core.db';


# (exit code, standard output, standard error).

sub run {
    my (@args) = @_;

    my $r = $site->ctl(@args);
    return ($r->{status}, $r->{out}, $r->{err});
}

# membercertctl on another folder with the same secret.

sub on {
    my ($store, @args) = @_;

    my $r = ctl('-d', $store, '-s', "$dir/secret", @args);
    return ($r->{status}, $r->{out}, $r->{err});
}

# A folder of the store's owner.

sub owned_dir {
    my $folder = temp_dir('owned');

    chown $uid, -1, $folder if $root;
    chmod 0700, $folder;
    return $folder;
}

# Files that are not the worker user's, or open to others.

sub strays {
    my ($folder) = @_;

    my @found;
    find(sub {
        my ($mode, $owner) = (lstat $_)[2, 4];
        push @found, $_ if $owner != $uid || $mode & 077;
    }, $folder);
    return \@found;
}

# A copy of the store as it stands, for somebody to spoil.

sub copy_of_store {
    my $folder = owned_dir();

    for my $file (glob $site->store() . '/*') {
        my ($name) = $file =~ m{([^/]+)$};
        File::Copy::copy($file, "$folder/$name") or die "copy: $!";
        chown $uid, -1, "$folder/$name" if $root;
        chmod 0600, "$folder/$name";
    }
    return $folder;
}


# ---- init ----------------------------------------------------------------------------

subtest 'init' => sub {
    my $base = temp_dir('init');
    my ($status, $out, $err) = on("$base/none", 'init');
    is($status, 2, 'a folder that is not there');
    like($err, qr/nginx -t makes the folder, or init --owner USER/,
         'it says where one comes from');
    ok(!-e "$base/none", 'and makes nothing');

    SKIP: {
        skip 'needs root', 5 if !$root;
        ($status, $out) = on("$base/made", 'init', '--owner', $user);
        is_deeply([$status, $out], [0, "$base/made: ready\n"], '--owner');
        is_deeply([(stat "$base/made")[2] & 0777, (stat _)[4]],
                  [0700, $uid], 'makes the folder, for them alone');
        is_deeply(strays("$base/made"), [], 'with no file of root in it');

        ($status, $out, $err) = on("$base/x", 'init', '--owner', 'nosuchus');
        is($status, 2, 'a user there is not');
        ok(!-e "$base/x", 'nothing is made');
    }

    my $folder = owned_dir();
    is((on($folder, 'init'))[0], 0, 'a folder that is there');
    is_deeply(strays($folder), [], 'only files of its owner');
    my @before = map { (stat)[7, 9] } glob "$folder/*";
    ($status, $out, $err) = on($folder, 'init');
    is($status, 1, 'a second time');
    like($err, qr/there is a store already/, 'is refused');
    is_deeply([map { (stat)[7, 9] } glob "$folder/*"], \@before,
              'and changes nothing');
    like((on($folder, 'migrate'))[1], qr/^schema (\d+) -> \1$/,
       'nothing to migrate');

    my $link = "$base/link";
    symlink("$base/target", $link) or die "symlink: $!";
    is((on($link, 'init', $root ? ('--owner', $user) : ()))[0], 2,
       'a link to nowhere');
    ok(!-e "$base/target", 'is not followed');

    SKIP: {
        skip 'needs root', 2 if !$root;
        my $etc = "$base/etc";
        mkdir $etc, 0755;
        symlink($etc, "$base/link2") or die "symlink: $!";
        ($status, $out, $err) = on("$base/link2", 'init', '--owner', $user);
        is_deeply([glob "$etc/*"], [], 'a planted link: nothing is made');
        is((stat $etc)[4], 0, 'nor given away behind it');
    }
};


# ---- backup ------------------------------------------------------------------------------

subtest 'backup: a copy that is a store' => sub {
    my $target = owned_dir();
    my ($status, $out) = run('backup', $target);
    is_deeply([$status, $out], [0, "$target: complete\n"], 'complete');
    is_deeply(strays($target), [], 'all of the store\'s owner');
    is_deeply([map { m{([^/]+)$} } sort glob "$target/*"],
              [qw(core.db lock photo.db)], 'three files');

    is((on($target, 'check'))[0], 0, 'check');
    like((on($target, qw(audit verify)))[1], qr/^\d+ rows fit/,
         'audit verify');
    is((on($target, qw(export members)))[1], (run(qw(export members)))[1],
       'the same members');
    like((on($target, qw(photo show 1 -o -)))[1], qr/^\xff\xd8/,
         'their photos');
    is((on($target, qw(member status), $no, 'suspended'))[0], 0,
       'it can be written');
    is(JSON::PP->new->utf8->decode($site->must_ctl('--json', 'member',
       'show', $no))->{status}, 'active', 'and is another one');
};


subtest 'backup: where it is refused, nothing is left' => sub {
    my $full = owned_dir();
    write_file("$full/something", 'x');
    my ($status, $out, $err) = run('backup', $full);
    is($status, 1, 'a folder that is not empty') or diag($err);
    is_deeply([glob "$full/*"], ["$full/something"], 'is left alone');

    ($status, $out, $err) = run('backup', "$dir/none");
    is($status, 2, 'one that is not there');
    like($err, qr{\Q$dir\E/none: No such file}, 'is named');
    is((run('backup', "$dir/secret"))[0], 2, 'a file');
    isnt((run('backup', $site->store()))[0], 0, 'the store itself');
    is((run('check'))[0], 0, 'which is still whole');

    SKIP: {
        skip 'needs root', 3 if !$root;
        my $closed = temp_dir('closed');
        ($status, $out, $err) = run('backup', $closed);
        is($status, 2, 'one of root');
        like($err, qr/\Q$closed\E: the owner of the store cannot write there; /,
             'with what to do');
        is_deeply([glob "$closed/*"], [], 'stays empty');
    }

    # a link where a file would be made: somebody else's folder
    my $planted = owned_dir();
    symlink("$dir/victim", "$planted/core.db") or die "symlink: $!";
    isnt((run('backup', $planted))[0], 0, 'a planted link');
    ok(!-e "$dir/victim", 'leads nowhere');
};


subtest 'backup while the site writes, restore, log in' => sub {
    my $nginx = $site->start(workers => 2);
    my $stop = "$dir/stop";
    my $member = $site->login($no);
    my $writer = in_background(sub {
        my ($n, $tag) = (0, $member->get('/api/member')->header('ETag'));
        until (-e $stop) {
            my $r = $member->post_json('/api/member',
                { values => { work_unit => 'n' . ++$n } },
                'If-Match' => $tag);
            die $r->body() if $r->status() != 200;
            $tag = $r->header('ETag');
        }
        return $n;
    });

    ok(wait_for(sub { (run('audit', 'verify'))[1] =~ /^(\d+)/ && $1 > 10 },
                10), 'the site writes');
    my $target = owned_dir();
    is((run('backup', $target))[0], 0, 'backup');
    write_file($stop, '');
    cmp_ok(eval { $writer->wait(20) } || 0, '>', 0, 'every save went on');
    is($nginx->stop(), 'QUIT', 'nginx ends');
    clean_log($nginx);

    # as README.md says it
    unlink glob $site->store() . '/*';
    my $r = run_command(['cp', '-a', "$target/.", $site->store()]);
    ok($r->{ok}, 'the files are put back') or diag($r->{err});
    is((run('check'))[0], 0, 'check');
    is_deeply(strays($site->store()), [], 'the owner is right');

    $nginx = $site->start();
    my $back = $site->login($no);
    like(values_of($back->get('/api/member')->json())->{work_unit},
         qr/^n\d+$|^杭州/, 'log-in and data');
    like($back->get('/api/photo')->body(), qr/^\xff\xd8/, 'photo');
    is($nginx->stop(), 'QUIT', 'nginx ends');
    clean_log($nginx);
};


# ---- check and audit verify ------------------------------------------------------------------

subtest 'check finds what is damaged' => sub {
    my $report = sub {
        my ($store) = @_;
        my ($status, $out, $err) = on($store, '--json', 'check');
        my $data = eval { JSON::PP->new->utf8->decode($out) } || {};
        return ($status, $data, $err);
    };

    my $copy = copy_of_store();
    is_deeply([$report->($copy)]->[0], 0, 'a copy is fine');
    my $spoil = run_command([repository() . '/build/spoil', $copy, $no]);
    ok($spoil->{ok}, 'one byte of a photo is turned over');
    my ($status, $data) = $report->($copy);
    is_deeply([$status, @$data{qw(bad_photos lost_photos integrity)}],
              [1, 1, 0, JSON::PP::true], 'a bad photo');
    is((on($copy, qw(photo show 1 -o), "$dir/bad.jpg"))[0], 2,
       'it is not shown');
    ok(!-s "$dir/bad.jpg", 'not a byte of it');
    like((on($copy, qw(photo show 2 -o -)))[1], qr/^\xff\xd8/,
         'the others are');

    $copy = copy_of_store();
    query("$copy/photo.db", 'DELETE FROM photo WHERE id = 1');
    ($status, $data) = $report->($copy);
    is_deeply([$status, @$data{qw(bad_photos lost_photos)}], [1, 0, 1],
              'a lost photo');

    $copy = copy_of_store();
    open(my $file, '+<:raw', "$copy/core.db") or die "open: $!";
    seek($file, 4096 * 3 + 100, 0);
    print $file "\xa5" x 8000;
    close $file;
    ($status, $data, my $err) = $report->($copy);
    isnt($status, 0, 'damaged pages');
    ok($err ne '' || !$data->{integrity}, 'are told');

    $copy = copy_of_store();
    truncate("$copy/core.db", 8192);
    isnt(($report->($copy))[0], 0, 'a file that was cut');

    $copy = copy_of_store();
    unlink "$copy/photo.db";
    ($status, $data, $err) = $report->($copy);
    is($status, 2, 'no photo.db');
    ok(!-e "$copy/photo.db", 'none is made in its place');

    $copy = copy_of_store();
    query("$copy/core.db", 'PRAGMA user_version = 99');
    ($status, $data, $err) = $report->($copy);
    is($status, 2, 'a schema of tomorrow');
    like($err, qr/membercertctl|version/, 'with a hint');
};


# SQL that somebody with a shell could run; which row is told.
my @tricks = (
    ['the result changed', 'UPDATE audit SET result = \'no\' WHERE seq = 3',
     3],
    ['a time changed', 'UPDATE audit SET at = at + 1 WHERE seq = 2', 2],
    ['the address changed', "UPDATE audit SET address = 'x' WHERE seq = 4",
     4],
    ['the first removed', 'DELETE FROM audit WHERE seq = 1', 1],
    ['one in the middle removed', 'DELETE FROM audit WHERE seq = 3', 3],
    ['the end cut off', 'DELETE FROM audit WHERE seq > 3', 4],
    ['all of it removed', 'DELETE FROM audit', 1],
    ['the head moved back', 'UPDATE audit_head SET seq = seq - 1', undef],
    ['the head removed and the end cut off',
     'DELETE FROM audit_head; DELETE FROM audit WHERE seq > 3', undef],
);

for my $trick (@tricks) {
    my ($name, $sql, $row) = @$trick;

    subtest "audit verify: $name" => sub {
        our $whole ||= do {
            $site->must_ctl(qw(member status), $no, $_)
                for qw(suspended active);
            copy_of_store();
        };
        my $copy = $whole;
        my $kept = slurp("$copy/core.db");

        my ($status, $out) = on($copy, qw(audit verify));
        is($status, 0, 'it fits');
        my ($rows) = $out =~ /^(\d+) rows fit, head [0-9a-f]{64}$/;
        cmp_ok($rows || 0, '>', 5, 'some rows');

        query("$copy/core.db", $_) for split /; /, $sql;
        ($status, $out, my $err) = on($copy, qw(audit verify));
        is($status, 1, 'it does not any more') or diag($out);
        $row = '\d+' if !defined $row;
        like($err, qr/row $row (?:does not |is missing|would be )/,
             'which row');

        # the members are not made to pay for it
        is((on($copy, qw(member status), $no, 'active'))[0], 0,
           'the store goes on');
        is((on($copy, qw(audit verify)))[0], 1, 'and does not forget');

        unlink "$copy/core.db-wal", "$copy/core.db-shm";
        write_file("$copy/core.db", $kept, 0600);
        chown $uid, -1, "$copy/core.db" if $root;
    };
}


subtest 'gc and work' => sub {
    is((run('gc'))[0], 0, 'gc');
    my ($status, $out) = run('work', '--once');
    is_deeply([$status, $out =~ /\b\d+ rows removed$/m ? 1 : 0], [0, 1],
              'work --once');
    is((run('check'))[0], 0, 'the store is whole');
    is_deeply(strays($site->store()), [], 'every file is the owner\'s');
};


done_testing();
