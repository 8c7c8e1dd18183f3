# membercertctl audit: heads written down elsewhere, export, rotation, and
# what each of them finds when somebody had a shell.  I15

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('ctl');

my ($no, $other) = ('330000010001', '330000010002');
my $site = new_site(people => [person($no), person($other)], start => 0);
my $core = $site->store() . '/core.db';
my $dir = temp_dir('out');
my $day = 24 * 3600_000;

sub lines {
    my ($file) = @_;

    return map { JSON::PP->new->utf8->decode($_) } split /\n/, slurp($file);
}

sub act {
    my ($times, $who) = @_;

    $site->must_ctl('member', 'status', $who || $no,
                    $_ % 2 ? 'suspended' : 'active') for 1 .. $times;
}

# The store as it was, after whatever the code did to it.
sub kept {
    my ($code) = @_;

    my %file = map { $_ => slurp($_) } glob $site->store() . '/core.db*';
    my ($uid, $gid) = (stat $core)[4, 5];
    $code->();
    unlink glob $site->store() . '/core.db*';
    write_file($_, $file{$_}, 0600) for keys %file;
    chown $uid, $gid, keys %file;
}

sub refused {
    my ($title, $words, @args) = @_;

    my $r = $site->ctl('audit', 'verify', @args);
    is($r->{status}, 1, "$title is found");
    like($r->{err}, $words, 'and named') or diag($r->{out});
}


act(4);
$site->must_ctl('audit', 'head', '-o', "$dir/head");

subtest 'a head that was written down elsewhere' => sub {
    my ($head) = lines("$dir/head");
    my ($seq) = query($core, 'SELECT max(seq) FROM audit');
    is($head->{head}, $seq->[0], 'names the last row');
    like($head->{$_}, qr/^[0-9a-f]{64}$/, $_) for qw(mac seal);

    act(2);
    my $out = $site->must_ctl('audit', 'verify', '--head', "$dir/head");
    like($out, qr/^\d+ rows fit/, 'still fits, with rows behind it');

    my $from = $head->{head};
    kept(sub {
        query($core, 'DELETE FROM audit WHERE seq >= ?', $from);
        query($core, 'DELETE FROM audit_head');
        refused('a head that is gone', qr/row $from would be the next/);
    });

    kept(sub {
        query($core, 'DELETE FROM audit WHERE seq > 3');
        query($core, 'UPDATE audit_head SET seq = 3, mac = '
              . '(SELECT mac FROM audit WHERE seq = 3)');
        refused('a cut tail with a head moved back', qr/row 4 would be/);
    });

    my $text = slurp("$dir/head");
    write_file("$dir/forged", $text =~ s/"head":\d+/"head":3/r);
    refused('a forged head', qr/not made by this site/, '--head',
            "$dir/forged");
    write_file("$dir/none", "hello\n");
    refused('what is no head', qr/not the head of an audit/, '--head',
            "$dir/none");
};


subtest 'a tail that was cut before the head was exported elsewhere' => sub {
    my $old = temp_dir('old');
    rmdir $old;
    mkdir $old, 0700;
    chown((stat $core)[4, 5], $old);
    $site->must_ctl('backup', $old);

    act(2);
    $site->must_ctl('audit', 'head', '-o', "$dir/later");
    my ($head) = lines("$dir/later");
    my $r = ctl('-d', $old, '-s', $site->dir() . '/secret', 'audit',
                'verify');
    is($r->{status}, 0, 'an older copy fits by itself');
    $r = ctl('-d', $old, '-s', $site->dir() . '/secret', 'audit', 'verify',
             '--head', "$dir/later");
    is($r->{status}, 1, 'but not with the head');
    like($r->{err}, qr/row \d+ is missing, as the exported head tells/,
         'which tells what is missing');

    ctl('-d', $old, '-s', $site->dir() . '/secret', 'member', 'status', $no,
        'active') for 1 .. 3;
    $r = ctl('-d', $old, '-s', $site->dir() . '/secret', 'audit', 'verify',
             '--head', "$dir/later");
    like($r->{err}, qr/row $head->{head} is another one/,
         'also when others were written in its place');
};


subtest 'export: JSON lines, whole or in part' => sub {
    act(1, $other);
    $site->must_ctl('audit', 'export', '-o', "$dir/all");
    my @all = lines("$dir/all");
    my ($count) = query($core, 'SELECT count(*) FROM audit');

    is(@all, $count->[0] + 2, 'every row, a first and a last line');
    is($all[0]{after}, 0, 'from the beginning');
    is($all[1]{seq}, 1, 'in order');
    is_deeply([sort keys %{$all[1]}], [sort qw(seq at time member_id actor
        action result address request_id mac)], 'all of a row');
    like($site->must_ctl('audit', 'verify', '--file', "$dir/all"),
         qr/^$count->[0] rows fit/, 'it can be checked');
    is((stat "$dir/all")[2] & 0777, 0600, 'and read by nobody else');

    my @of = map { JSON::PP->new->utf8->decode($_) } split /\n/,
        $site->must_ctl('audit', 'export', '--member', $other);
    is(@of, 1, 'of one member');
    is($of[0]{action}, 'status', 'what was done');
    is($site->must_ctl('audit', 'export', '--since', '2099-01-01'), '',
       'since a day');
    is($site->ctl('audit', 'export', '--member', '339')->{status}, 1,
       'of nobody');

    write_file("$dir/part", slurp("$dir/all") =~ s/\A.*\n//r);
    refused('a part', qr/not a whole file/, '--file', "$dir/part");
};


subtest 'rotation: rows move to a file, the chain goes on' => sub {
    my $seq = (query($core, 'SELECT max(seq) FROM audit'))[0][0];
    my $tomorrow = do {
        my @t = gmtime(time() + 2 * 86400);
        sprintf '%04d-%02d-%02d', $t[5] + 1900, $t[4] + 1, $t[3];
    };

    my $r = $site->ctl('audit', 'rotate', '--before', '2020-01-01', '-o',
                       "$dir/early");
    is($r->{status}, 1, 'nothing is that old');
    ok(!-s "$dir/early", 'and nothing is written');
    is($site->ctl('audit', 'rotate', '--keep', '12m', '-o',
                  "$dir/early")->{status}, 1, 'nor twelve months');
    is($site->ctl('audit', 'rotate', @$_)->{status}, 2, "rotate @$_")
        for ['--keep', '12x', '-o', "$dir/e2"], ['-o', "$dir/e3"],
            ['--before', 'x', '-o', "$dir/e4"], ['--keep', '1m'];
    is($site->ctl('audit', 'rotate', '--before', $tomorrow, '-o',
                  "$dir/all")->{status}, 1, 'never over another file');

    my $out = $site->must_ctl('audit', 'rotate', '--before', $tomorrow,
                              '-o', "$dir/first");
    like($out, qr/^$seq rows moved/, 'moved');
    like($site->must_ctl('audit', 'verify'),
         qr/^1 rows fit, after row $seq,/, 'the rest fits');
    like($site->must_ctl('audit', 'verify', '--file', "$dir/first"),
         qr/^$seq rows fit/, 'and so does the file');
    is_deeply([map { "$_->[0] $_->[1] $_->[2]" } query($core,
                   'SELECT actor, action, result FROM audit')],
              ["admin audit rotated to $seq"], 'the act is recorded');

    act(2);
    $site->must_ctl('audit', 'rotate', '--before', $tomorrow, '-o',
                    "$dir/second");
    my @first = lines("$dir/first");
    my @second = lines("$dir/second");
    is_deeply([@{$second[0]}{qw(after mac)}],
              [@{$first[-1]}{qw(head mac)}], 'the next file goes on there');

    refused('an exported head that is older than the audit',
            qr/older; check the rotated file/, '--head', "$dir/head");
    like($site->must_ctl('audit', 'verify', '--file', "$dir/first",
                         '--head', "$dir/head"), qr/rows fit/,
         'it fits the file');
    refused('one that lies behind a file', qr/is missing, as the exported/,
            '--file', "$dir/first", '--head', "$dir/later")
        if (lines("$dir/later"))[0]{head} > $seq;
};


subtest 'a start that was cut off' => sub {
    act(4);
    my ($first) = query($core, 'SELECT min(seq) FROM audit');
    my $next = $first->[0];

    for my $row (
        ['the first row removed', qr/row $next does not follow/,
         'DELETE FROM audit WHERE seq = (SELECT min(seq) FROM audit)'],
        ['the anchor removed', qr/row 1 does not follow/,
         'DELETE FROM audit_anchor'],
        ['the anchor moved', qr/anchor was changed/,
         'UPDATE audit_anchor SET seq = seq + 1'],
        ['the head put in the anchor\'s place', qr/anchor was changed/,
         'UPDATE audit_anchor SET (seq, mac, seal) = '
         . '(SELECT seq, mac, seal FROM audit_head)'],
        ['two rows exchanged', qr/does not fit/,
         'UPDATE audit SET seq = 1000 WHERE seq = (SELECT min(seq) + 1 '
         . 'FROM audit)',
         'UPDATE audit SET seq = seq - 1 WHERE seq = (SELECT min(seq) + 2 '
         . 'FROM audit)',
         'UPDATE audit SET seq = (SELECT min(seq) + 2 FROM audit) '
         . 'WHERE seq = 1000'])
    {
        my ($title, $words, @sql) = @$row;
        kept(sub {
            query($core, $_) for @sql;
            refused($title, $words);
        });
    }

    ok($site->ctl('audit', 'verify')->{ok}, 'untouched, it fits');
};


subtest 'a rotated file that was changed' => sub {
    my $text = slurp("$dir/first");
    my @lines = split /^/, $text;

    for my $row (
        ['a changed row', qr/row 3 does not fit/,
         sub { $_[3] =~ s/"actor":"/"actor":"x/ }],
        ['a removed row', qr/row 3 does not fit/, sub { splice @_, 3, 1 }],
        ['two rows exchanged', qr/row 3 does not fit/,
         sub { @_[3, 4] = @_[4, 3] }],
        ['the first row removed', qr/row 1 does not follow/,
         sub { splice @_, 1, 1 }],
        ['a cut tail', qr/is missing, as may be others/, sub { pop }],
        ['a tail cut before the last line', qr/is missing, as may be/,
         sub { splice @_, -2, 1 }],
        ['another start', qr/anchor was changed/,
         sub { $_[0] =~ s/"after":0/"after":1/ }],
        ['something behind the end', qr/does not fit/,
         sub { push @_, $_[1] }],
        ['no JSON', qr/row 2 does not fit/, sub { $_[2] = "x\n" }])
    {
        my ($title, $words, $change) = @$row;
        my @copy = @lines;
        apply($change, \@copy);
        write_file("$dir/copy", join '', @copy);
        refused($title, $words, '--file', "$dir/copy");
    }
};

# Lets the code change the list itself.
sub apply {
    my ($change, $list) = @_;

    local *_ = $list;
    &$change;
}


subtest 'another site\'s key opens none of it' => sub {
    my $alien = new_site(start => 0);
    my $r = $alien->ctl('audit', 'verify', '--file', "$dir/first");
    is($r->{status}, 1, 'a file');
    like($r->{err}, qr/anchor was changed/, 'is not of this site');
    $r = $alien->ctl('audit', 'verify', '--head', "$dir/later");
    is($r->{status}, 1, 'nor a head');
};

done_testing();
