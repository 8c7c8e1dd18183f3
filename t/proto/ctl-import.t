# membercertctl import and export of CSV files (I15): what a file may be, what
# is said about a wrong one, what an upsert changes, what an interrupt leaves.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $site = new_site(start => 0, people => [person('330000010001')]);
my $dir = $site->dir();
my $core = $site->store() . '/core.db';
my $csv = "$dir/file.csv";


# (exit code, standard output, standard error), as characters.

sub run {
    my (@args) = @_;

    my $r = $site->ctl(@args);
    utf8::decode($r->{$_}) for qw(out err);
    return ($r->{status}, $r->{out}, $r->{err});
}

# Import of a text as a file; the last argument may be a list of options.

sub import_text {
    my ($what, $text, @options) = @_;

    return run('import', $what, write_file($csv, $text), @options);
}

sub shown {
    my ($key) = @_;

    my $r = $site->ctl('--json', 'member', 'show', $key);
    return $r->{ok} ? JSON::PP->new->utf8->decode($r->{out}) : undef;
}

sub fields { return (shown(@_) || { fields => {} })->{fields} }

# What stands in the database: all of it, as one text.

sub contents {
    return join "\n", map { join '|', map { defined $_ ? $_ : '' } @$_ }
        query($core, 'SELECT * FROM member ORDER BY id'),
        query($core, 'SELECT * FROM institute ORDER BY code');
}

sub count_members {
    return (query($core, 'SELECT count(*) FROM member'))[0][0];
}


# ---- what a file may be ------------------------------------------------------------

subtest 'encodings and line ends' => sub {
    my $text = "user_type,member_no,name,sex,admitted_on,work_unit\n"
        . "nonpractising,%d,张三𠮷,男,2020/1/5,\"甲, \"\"乙\"\"\"\n";
    my $bytes = sprintf $text, 41000003;
    my %files = (
        41000001 => [sprintf $text, 41000001],
        41000002 => ["\x{feff}" . sprintf($text, 41000002) =~ s/\n/\r\n/gr],
        41000004 => [sprintf($text, 41000004) =~ s/\n$//r],
    );

    for my $number (sort keys %files) {
        my ($status, $out, $err) = import_text('members', @{$files{$number}});
        is_deeply([$status, $err], [0, ''], "$number: imported");
        like($out, qr/^\Q$csv\E: 1 rows, 1 changed$/m, 'and counted');
    }

    my $r = run_command(['/usr/bin/python3', '-c', 'import sys; '
        . 'sys.stdout.buffer.write(sys.stdin.buffer.read().decode("utf-8")'
        . '.encode("gb18030"))'],
        input => do { my $b = $bytes; utf8::encode($b); $b });
    my ($status, $out, $err) = import_text('members', $r->{out});
    is($status, 1, 'GB18030 taken for UTF-8 is refused');
    like($err, qr/^\Q$csv\E:2:3: /m, 'with line and column');
    ($status, $out, $err) = import_text('members', $r->{out}, '--encoding',
                                        'gb18030');
    is_deeply([$status, $err], [0, ''], 'with --encoding gb18030 it is read');

    for my $number (41000001 .. 41000004) {
        is_deeply([@{fields($number)}{qw(name sex admitted_on work_unit)}],
                  ['张三𠮷', '男', '2020-01-05', '甲, "乙"'], "$number: every letter");
    }

    ($status, $out, $err) = import_text('members', "\xff\xff\xff",
                                        qw(--encoding gb18030));
    is($status, 1, 'no GB18030');
    like($err, qr/no meaning in GB18030/, 'is told');
};


subtest 'letters of older systems: mapped, named by a table, or reported' => sub {
    my $table = "$csv.private";
    my $rows = "user_type,member_no,name\n"
        . "nonpractising,41000020,\x{e81a}\x{674e}\n"         # GBK, FE55
        . "nonpractising,41000021,\x{845b}\x{e0100}\x{738b}\n"   # with a form
        . "nonpractising,41000022,\x{e000}\x{738b}\n";        # its own
    utf8::encode($rows);

    my ($status, $out, $err) = import_text('members', $rows);
    is($status, 0, 'the rows are kept');
    like($err, qr/^\Q$csv\E:2:0: warning: private-use U\+E81A was read as U\+3473$/m,
         'what GB 18030 knows is mapped, and told');
    like($err, qr/:3:0: warning: variation selector U\+E0100 is left out$/m,
         'a form of a character is not kept');
    like($err, qr/:4:0: warning: nobody knows what private-use U\+E000 means/m,
         'the rest is reported');
    is(fields('41000020')->{name}, "\x{3473}\x{674e}", 'mapped');
    is(fields('41000021')->{name}, "\x{845b}\x{738b}", 'without its selector');
    is(fields('41000022')->{name}, "\x{e000}\x{738b}", 'as it came');

    write_file($table, "# of the register\nU+E000 20BB7\n", 0644);
    ($status, $out, $err) = import_text('members', $rows, '--overwrite',
                                        '--private-use', $table);
    is($status, 0, 'with a table');
    like($err, qr/:4:0: warning: private-use U\+E000 was read as U\+20BB7$/m,
         'it is mapped by it');
    is(fields('41000022')->{name}, "\x{20bb7}\x{738b}", 'as the table says');

    for my $bad ('E000', 'E000 E001', '4E00 4E01', 'E000 110000', 'x y',
                 "E000 4E00\nE000 4E01") {
        write_file($table, "$bad\n", 0644);
        ($status, $out, $err) = import_text('members', $rows, '--private-use',
                                            $table);
        isnt($status, 0, "no table: $bad");
        like($err, qr/^membercertctl: \Q$table\E:[12]: must be a private code point/m,
             'is told with its line');
    }
};


subtest 'standard input; a file only its owner may read' => sub {
    my ($status, $out, $err) = run('import', 'members', '-',
        { input => "user_type,member_no,name\nnonpractising,41000010,a\n" });
    is_deeply([$status, $err], [0, ''], 'standard input');
    ok(shown('41000010'), 'is imported');

    write_file($csv, "user_type,member_no,name\n"
               . "nonpractising,41000011,b\n", 0600);
    is((run('import', 'members', $csv))[0], 0,
       'root\'s own file is opened before root is left behind');
    unlink $csv;
    ($status, $out, $err) = run('import', 'members', $csv);
    is($status, 2, 'no such file');
    like($err, qr/\Q$csv\E: No such file/, 'is told');
};


# ---- wrong files ----------------------------------------------------------------------

subtest 'a wrong file of members: line, column, reason; nothing written' => sub {
    my $before = contents();
    my ($status, $out, $err) = import_text('members', <<'END_CSV');
user_type,member_no,name,sex,admitted_on,institute,id_number,phone,email,status,password_hash
nonpractising,50000001,张三,M,2020-01-01,33,,,,,
nobody,50000002,张三,M,,,,,,,
nonpractising,3.3E+11,张三,M,,,,,,,
nonpractising,50000003,,X,2020-02-30,99,110105194912310020,12,a@,,
nonpractising,50000004,张三,M,,,,138****1234,,gone,secret
nonpractising,50000001,张三,M,,,,,,,
nonpractising,50000005,张三
nonpractising,50000006,"张"三,M,,,,,,,
nonpractising,50000007,张三,M,,,1.1E+17,,,,
END_CSV

    is($status, 1, 'the exit code');
    is($out, '', 'nothing on standard output');
    is($err, join('', map { "$_\n" } $err =~ /^(.*)$/mg), 'lines');

    my %wanted = (
        '3:1' => 'user type', '4:2' => 'exponent', '5:3' => 'name is empty',
        '5:4' => 'M nor F', '5:5' => 'not a date', '5:6' => 'no institute',
        '5:7' => 'not an ID number', '5:8' => 'telephone', '5:9' => 'e-mail',
        '6:8' => 'masked', '6:10' => 'status', '6:11' => 'password hashes',
        '7:2' => 'twice', '8:0' => '3 cells; the header has 11',
        '9:3' => '', '10:7' => 'exponent',
    );
    for my $place (sort keys %wanted) {
        like($err, qr/^\Q$csv\E:$place: .*\Q$wanted{$place}\E/m,
             "$place $wanted{$place}");
    }
    is(scalar(() = $err =~ /^\Q$csv\E:\d+:\d+: /mg), scalar keys %wanted,
       'and no others');
    like($err, qr/: 16 faults, nothing was written$/m, 'with their number');
    unlike($err, qr/138\*|secret|110105/, 'no value is repeated');
    is(contents(), $before, 'nothing was written');
};


subtest 'wrong headers, empty files, too many faults' => sub {
    my $before = contents();
    my @wrong = (
        ['members', '', ':1:', 'empty'],
        ['members', "member_no,name\n", ':1:0:', 'user_type'],
        ['members', "user_type,member_no,name,colour\n", ':1:4:', 'unknown'],
        ['members', "user_type,member_no,name,password\n", ':1:4:', 'as password_hash'],
        ['members', "user_type,member_no,name,name\n", ':1:4:', 'twice'],
        ['members', "user_type;member_no;name\n", ':1:1:', 'unknown'],
        ['institutes', '', ':1:', 'empty'],
        ['institutes', "code,phone\n", ':1:0:', 'name'],
        ['institutes', "code,name,town\n", ':1:3:', 'unknown column'],
        ['institutes', "code,name\nA B,x\n", ':2:1:', 'code'],
        ['institutes', "code,name\nX1,\n", ':2:2:', 'name is empty'],
        ['institutes', "code,name,phone\nX1,x,1.0E+10\n", ':2:3:', 'expon'],
        ['institutes', "code,name\nX1,x\nX1,y\n", ':3:1:', 'twice'],
        ['institutes', "code,name\nX1,\"x\n", ':', ''],
    );

    for my $case (@wrong) {
        my ($what, $text, $place, $reason) = @$case;
        my ($status, $out, $err) = import_text($what, $text);
        my $name = $text =~ s/\n/\\n/gr;
        is($status, 1, "$what \"$name\": exit code");
        like($err, qr/^\Q$csv$place\E\S* .*\Q$reason\E/m, 'place and reason');
    }

    my ($status, $out, $err) = import_text('members',
        "user_type,member_no,name\n" . "nobody,1,x\n" x 250);
    is(scalar(() = $err =~ /^\Q$csv\E:\d+:/mg), 100, '100 faults are shown');
    like($err, qr/: and 150 more$/m, 'the others are counted');
    is(contents(), $before, 'nothing was written by any of them');
};


# ---- what an upsert changes ----------------------------------------------------------------

my $header = "user_type,member_no,name,certificate_no,phone,work_unit,"
    . "postcode\n";

subtest 'institute columns are replaced, the member\'s only filled' => sub {
    import_text('members', $header
        . "nonpractising,42000001,旧名,C-1,13800000001,旧单位,\n");
    my $file = $header
        . "nonpractising,42000001,新名,,13900000002,,310000\n";
    my $before = contents();

    my ($status, $out) = import_text('members', $file, '--dry-run');
    like($out, qr/1 rows, 1 would change/, '--dry-run says so');
    is(contents(), $before, 'and changes nothing');

    my $revision = shown('42000001')->{revision};
    ($status, $out) = import_text('members', $file);
    like($out, qr/1 rows, 1 changed/, 'the import does');
    is_deeply([@{fields('42000001')}{qw(name certificate_no phone work_unit
                                        postcode)}],
              ['新名', '', '138****0001', '旧单位', '310000'],
              'replaced, emptied, kept, kept, filled');
    is(shown('42000001')->{revision}, $revision + 1, 'a new revision');

    $before = contents();
    ($status, $out) = import_text('members', $file);
    like($out, qr/1 rows, 0 changed/, 'a second run');
    is(contents(), $before, 'changes nothing, not even a revision');

    import_text('members', $file, '--overwrite');
    is_deeply([@{fields('42000001')}{qw(phone work_unit)}],
              ['139****0002', '旧单位'],
              '--overwrite replaces, an empty cell does not empty');

    import_text('members', "user_type,member_no,name\n"
                . "nonpractising,42000001,再名\n");
    is(fields('42000001')->{postcode}, '310000',
       'a column that is not in the file is left alone');
    ok(shown('330000010001'), 'and so is a member who is not');
};


subtest 'a password of the member\'s own is kept, unless --overwrite' => sub {
    my ($phc) = map { $_->{password_hash} } person('1');
    my $other = $phc =~ s/78ahs$/78ahw/r;
    my $of = sub {
        return (query($core, "SELECT coalesce(password_hash, ''), epoch FROM "
            . "member WHERE member_no = '42000002'"))[0];
    };
    my $file = "user_type,member_no,name,password_hash\n"
        . "nonpractising,42000002,x,\"%s\"\n";

    import_text('members', sprintf $file, '');
    is($of->()[0], '', 'none yet');
    import_text('members', sprintf $file, $phc);
    is($of->()[0], $phc, 'an empty one is filled');
    my ($status, $out) = import_text('members', sprintf $file, $other);
    like($out, qr/ 0 changed/, 'another one');
    is($of->()[0], $phc, 'is not taken');
    import_text('members', sprintf($file, $other), '--overwrite');
    is($of->()[0], $other, 'with --overwrite it is');
};


subtest 'institutes' => sub {
    my ($status, $out) = import_text('institutes', "code,name,phone\n"
        . "33,浙江省注册会计师协会,0571-1\n44,广东省注册会计师协会,020-1\n");
    like($out, qr/2 rows, 2 changed/, 'one changed, one new');
    is_deeply([query($core, 'SELECT code, name_en, phone FROM institute '
                     . 'ORDER BY code')],
              [['31', 'Shanghai Institute of CPAs', '021-62250338'],
               ['33', 'Zhejiang Institute of CPAs', '0571-1'],
               ['44', '', '020-1']], 'what the file does not have is kept');
    ($status, $out) = run('import', 'institutes', $csv);
    like($out, qr/2 rows, 0 changed/, 'a second run changes nothing');
    ($status, $out) = import_text('institutes', "code,name\n45,x\n",
                                  '--dry-run');
    like($out, qr/1 rows, 1 would change/, '--dry-run counts');
    is((query($core, 'SELECT count(*) FROM institute'))[0][0], 3,
       'and writes nothing');
};


subtest 'a character no font has is warned of' => sub {
    my ($status, $out, $err) = import_text('members',
        "user_type,member_no,name\nnonpractising,42000003,张\x{13000}\n");
    is($status, 0, 'the row is imported');
    like($err, qr/^\Q$csv\E:2:3: warning: no font has U\+13000: the cert/m,
         'with a warning');
};


# ---- export -----------------------------------------------------------------------------------

subtest 'export members: formulas are guarded, a way back' => sub {
    my %guarded = (
        42000011 => ['=HYPERLINK("http://x")', qr/"'=HYPERLINK\(""http/],
        42000012 => ['+1+1', qr/,'\+1\+1,/], 42000013 => ['-2', qr/,'-2,/],
        42000014 => ['@SUM(A1)', qr/,'\@SUM\(A1\),/],
        42000015 => ['a,b', qr/,"a,b",/],
    );
    import_text('members', "user_type,member_no,name,work_unit\n"
        . join '', map { "nonpractising,$_,x,\""
        . ($guarded{$_}[0] =~ s/"/""/gr) . "\"\n" } sort keys %guarded);

    my ($status, $out, $err) = run(qw(export members -o), "$dir/out.csv");
    is_deeply([$status, $out, $err], [0, '', ''], 'into a file');
    is((stat "$dir/out.csv")[2] & 0777, 0600, 'for nobody else');

    my $text = slurp("$dir/out.csv");
    utf8::decode($text);
    like($text, qr/^\x{feff}user_type,member_no,name,/, 'BOM and header');
    is(scalar(() = $text =~ /\r\n/g), count_members() + 1, 'every member');
    for my $number (sort keys %guarded) {
        my ($line) = $text =~ /^(nonpractising,$number,.*)$/m;
        like($line, $guarded{$number}[1], $guarded{$number}[0]);
    }
    unlike($text, qr/(?:^|,)"?[=+\@-]/m, 'no cell begins like a formula');
    unlike($text, qr/argon2/, 'no password hashes');

    my $before = contents();
    ($status, $out, $err) = run('import', 'members', "$dir/out.csv");
    is($status, 0, 'it can be imported') or diag($err);
    like($out, qr/ 0 changed/, 'and is what stands there');
    is(contents(), $before, 'to the letter');

    ($status, $out) = run(qw(export members --masked));
    unlike($out, qr/330102198503072366|13800000001/, '--masked hides');
    ($status, $out, $err) = import_text('members', $out);
    is($status, 1, 'what is masked is not imported');

    write_file("$dir/kept.csv", 'old');
    is(ctl('-d', "$dir/none", '-s', "$dir/secret", qw(export members -o),
           "$dir/kept.csv")->{status}, 2, 'an export that fails');
    is(slurp("$dir/kept.csv"), 'old', 'leaves the old file alone');

    symlink("$dir/out.csv", "$dir/link.csv") or die "symlink: $!";
    is((run(qw(export members -o), "$dir/link.csv"))[0], 2,
       'a symbolic link as the output is refused');
};


# ---- large files, interrupts ----------------------------------------------------------------------

sub many {
    my ($first, $count) = @_;

    write_file($csv, join '', "user_type,member_no,name,phone\n",
        map { 'nonpractising,' . ($first + $_) . ",甲乙,13800000000\n" }
        0 .. $count - 1);
}

# An import that runs; ends when $until is true, by the signal.  Answers
# (exit code, signal, standard error).

sub interrupted_import {
    my ($signal, $until, @options) = @_;

    my $err = "$dir/err";
    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(STDOUT, '>', '/dev/null');
        open(STDERR, '>', $err);
        no warnings;
        exec { ctl_file() } ctl_file(), '-d', $site->store(), '-s',
            "$dir/secret", 'import', 'members', $csv, @options;
        POSIX::_exit(127);
    }

    my $seen = 0;
    my $end = time() + 30;
    until ($seen = $until->() || time() > $end) {
        last if waitpid($pid, POSIX::WNOHANG()) != 0;
        sleep 0.001;
    }
    kill $signal, $pid if $seen;
    waitpid($pid, 0);
    my $status = $?;
    return ($seen ? $status >> 8 : -1, $status & 127, slurp($err));
}

# True once part number n is being written: the writer lock is taken for the
# n-th time.

sub writes_part {
    my ($n) = @_;

    my $changes = 0;    # of the lock: taken, free, taken ...
    return sub {
        $changes++ if ($site->locked() ? 1 : 0) != $changes % 2;
        return $changes >= 2 * $n - 1;
    };
}


subtest 'more than 200,000 rows need --parts' => sub {
    my $before = count_members();
    many(60000000, 200_001);
    my ($status, $out, $err) = run('import', 'members', $csv);
    is($status, 1, 'refused');
    like($err, qr/200001 rows; more than 200000 need/, 'and it says why');
    is(count_members(), $before, 'nothing was written');
};


subtest 'an interrupt leaves nothing half-imported' => sub {
    my $before = count_members();
    many(61000000, 40_000);

    my ($status, $signal, $err) = interrupted_import('INT', writes_part(1));
    is_deeply([$status, $signal], [2, 0], 'SIGINT while it writes')
        or diag($err);
    like($err, qr/interrupted; 0 rows are written/, 'it says so');
    is(count_members(), $before, 'no row of it is there');

    ($status, $signal) = interrupted_import('TERM', writes_part(1));
    is_deeply([$status, $signal], [2, 0], 'SIGTERM');
    is(count_members(), $before, 'no row of it is there');

    ($status, $signal) = interrupted_import('KILL', writes_part(1));
    is_deeply([$status, $signal], [0, 9], 'kill -9');
    is(count_members(), $before, 'no row of it is there');
    is((run('check'))[0], 0, 'the store is whole');

    my ($again, $out) = run('import', 'members', $csv);
    is($again, 0, 'another run goes on');
    like($out, qr/40000 rows, 40000 changed/, 'with all of it');
};


subtest 'with --parts: whole parts only' => sub {
    my $before = count_members();
    many(62000000, 90_000);

    my ($status, $signal, $err)
        = interrupted_import('KILL', writes_part(2), '--parts');
    is($signal, 9, 'kill -9 in the second part') or diag($err);
    is(count_members() - $before, 50_000, 'the first part is there, whole');
    is((run('check'))[0], 0, 'the store is whole');

    ($status, my $out, $err) = run('import', 'members', $csv, '--parts');
    is($status, 0, 'another run goes on');
    like($out, qr/90000 rows, 40000 changed/, 'with the rest');
    is(count_members() - $before, 90_000, 'now all of it is there');
    like((run('audit', 'verify'))[1], qr/rows fit/, 'the audit fits');
};


done_testing();
