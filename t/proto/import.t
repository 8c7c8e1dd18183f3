# Members from CSV files, and out again: encodings, faults with line and
# column, interrupts that leave nothing half imported, photos in bulk.  I15

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

my $n = 0;


sub file {
    my ($text) = @_;

    return write_file(temp_dir('csv') . '/' . ++$n . '.csv', $text);
}

sub empty_site {
    return new_site(start => 0, people => []);
}

sub members {
    my ($site) = @_;

    return (query($site->store() . '/core.db',
                  'SELECT count(*) FROM member'))[0][0];
}

sub show {
    my ($site, $number) = @_;

    return JSON::PP->new->utf8->decode(
        $site->must_ctl('--json', 'member', 'show', $number));
}

sub fields {
    my ($data) = @_;

    return ref $data->{fields} eq 'HASH' ? $data->{fields}
                                         : values_of($data);
}


subtest 'I15: import, again, and with changes' => sub {
    my $site = empty_site();
    my @people = map { person("33000001000$_") } 1 .. 3;
    my $csv = file(members_csv(@people));

    like($site->must_ctl('import', 'members', $csv, '--dry-run'),
         qr/3 rows, 3 would change/, 'a dry run counts');
    is(members($site), 0, 'and writes nothing');
    like($site->must_ctl('import', 'members', $csv),
         qr/3 rows, 3 changed/, 'an import');
    like($site->must_ctl('import', 'members', $csv),
         qr/3 rows, 0 changed/, 'again: nothing to do');
    is(members($site), 3, 'three members');

    my $changed = file(members_csv(
        person('330000010001', name => '林晓兰', work_unit => '别的单位'),
        person('330000010009')));
    $site->must_ctl('import', 'members', $changed);
    is(members($site), 4, 'rows the file does not name stay');

    my $data = fields(show($site, '330000010001'));
    is($data->{name}, '林晓兰', 'the institute\'s columns are replaced');
    is($data->{work_unit}, '杭州示例会计咨询有限公司',
       'the member\'s are only filled in');
    $site->must_ctl('import', 'members', $changed, '--overwrite');
    is(fields(show($site, '330000010001'))->{work_unit}, '别的单位',
       'unless --overwrite');

    my $some = file("user_type,member_no,name,phone\n"
        . "nonpractising,330000010002,周文博,\n");
    $site->must_ctl('import', 'members', $some);
    $data = fields(show($site, '330000010002'));
    is($data->{name}, '周文博', 'a file of some columns');
    is($data->{certificate_no}, 'F33-2019-0002', 'leaves the others alone');
};


subtest 'UTF-8 with BOM, CR LF, GB18030' => sub {
    my $text = members_csv(person('330000010001', name => '𠮷䶮岚'));
    my $plain = encode('UTF-8', $text);
    my $gb = run_command(['iconv', '-f', 'UTF-8', '-t', 'GB18030',
                          file($plain)]);
    my %files = (
        'UTF-8 with BOM and CR LF' =>
            ["\xef\xbb\xbf" . $plain =~ s/\n/\r\n/gr],
        'GB18030' => [$gb->{out}, '--encoding', 'gb18030'],
    );

    for my $name (sort keys %files) {
        my ($bytes, @options) = @{$files{$name}};
        my $site = empty_site();

        $site->must_ctl('import', 'members', file($bytes), @options);
        my $data = fields(show($site, '330000010001'));
        is($data->{name}, '𠮷䶮岚', "$name: names are exact");
        is($data->{work_unit}, '杭州示例会计咨询有限公司', "$name: all of it");
    }

    my $r = empty_site()->ctl('import', 'members', file($gb->{out}));
    is($r->{status}, 1, 'GB18030 taken for UTF-8 is refused');
    like($r->{err}, qr/UTF-8/, 'and why');
};


subtest 'a wrong file: each fault with line and column, nothing written'
    => sub
{
    my $site = empty_site();
    my $csv = file(members_csv(
        person('330000010001'),
        person('330000010002', sex => '未知'),
        person('3.3E+11'),
        person('330000010004', institute => '99'),
        person('330000010005', admitted_on => '2019-02-30'),
        person('330000010006', id_number => '330102198503072367'),
        person('330000010007', user_type => 'nobody'),
        person('330000010008', status => '不明'),
        person('330000010001'),
        person('330000010010', password_hash => 'secret123')));
    my $r = $site->ctl('import', 'members', $csv);
    my $err = decode('UTF-8', $r->{err});

    is($r->{status}, 1, 'refused');
    my @expected = ([3, 4, 'sex'], [4, 2, 'exponent'], [5, 8, 'institute'],
        [6, 7, 'date'], [7, 10, 'ID number'], [8, 1, 'user type'],
        [9, 9, 'status'], [10, 2, 'twice'], [11, 16, 'PHC']);
    like($err, qr/^\Q$csv\E:$_->[0]:$_->[1]: /m, "$_->[2]: line and column")
        for @expected;
    like($err, qr/nothing was written/, 'told that nothing was written');
    is(members($site), 0, 'and nothing was');
    unlike($err, qr/330102198503072367|secret123/, 'no value is shown');

    my %heads = (
        'a column twice' => "user_type,member_no,name,name\n",
        'no member_no' => "user_type,name\nnonpractising,x\n",
        'an unknown column' =>
            "user_type,member_no,name,shoe\nnonpractising,1,x,42\n",
        'a plain password' =>
            "user_type,member_no,name,password\nnonpractising,1,x,y\n",
        'an open quote' => "user_type,member_no,name\nnonpractising,1,\"x\n",
        'a short row' => "user_type,member_no,name\nnonpractising,1\n",
        'a NUL' => "user_type,member_no,name\nnonpractising,1,a\0b\n",
        'nothing' => '',
    );
    for my $name (sort keys %heads) {
        my $r = $site->ctl('import', 'members', file($heads{$name}));
        is($r->{status}, 1, $name) or diag($r->{out});
        like($r->{err}, qr/:\d+:\d+: /, "$name: with line and column");
    }
    is(members($site), 0, 'nothing was written');
};


subtest 'an interrupt leaves nothing half imported' => sub {
    my $site = empty_site();
    my $rows = 150_000;
    my $csv = file("user_type,member_no,name\n" . join '', map {
        sprintf "nonpractising,%012d,n%d\n", $_, $_ } 1 .. $rows);
    my @import = (ctl_file(), '-d', $site->store(), '-s',
                  $site->dir() . '/secret', 'import', 'members', $csv);
    my %seen;

    for my $try ([INT => 0.3], [INT => 1], [TERM => 0.8], [KILL => 0.6],
                 [KILL => 1.2])
    {
        my ($signal, $delay) = @$try;
        my $r = run_command(['timeout', '-s', $signal, $delay, @import]);
        my $count = members($site);

        $seen{$r->{ok} ? 'done' : 'interrupted'}++;
        ok($r->{ok} ? $count == $rows : $count == 0,
           "$signal after $delay s: " . ($r->{ok} ? 'all' : 'none'))
            or diag("$count rows: $r->{err}");
        query($site->store() . '/core.db', 'DELETE FROM member') if $count;
    }
    cmp_ok($seen{interrupted} || 0, '>', 2, 'most were interrupted');

    my $part = $rows / 3;
    for my $delay (0.9, 1.2) {
        my $r = run_command(['timeout', '-s', 'INT', $delay, @import,
                             '--parts']);
        my $count = members($site);
        is($count % $part, 0, "with --parts: whole parts ($count)");
        is($count, $rows, 'all of them') if $r->{ok};
    }
    like($site->must_ctl('import', 'members', $csv, '--parts'),
         qr/$rows rows/, 'run again, it finishes');
    is(members($site), $rows, 'all rows are there');
    like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
};


subtest 'export, and what comes out goes in again' => sub {
    my $site = new_site(
        people => [person('330000010001', name => '林"晓",岚'),
                   person('330000010002', work_unit => '=cmd|x')],
        photos => { '330000010001' => 1 });
    my $out = $site->dir() . '/out.csv';

    $site->must_ctl('export', 'members', '-o', $out);
    my $text = decode('UTF-8', slurp($out));
    like($text, qr/^\x{feff}user_type,member_no,name/, 'a BOM and a header');
    like($text, qr/"林""晓"",岚"/, 'quoted where it must be');
    like($text, qr/'=cmd\|x/, 'no formula for a spreadsheet');
    like($text, qr/330102198503072366/, 'whole values');
    unlike($text, qr/argon2/, 'never a password');
    is((stat $out)[2] & 077, 0, 'for nobody else to read');

    unlike($site->must_ctl('export', 'members', '--masked'),
           qr/330102198503072366|13800000001/, 'or masked');

    my $other = empty_site();
    $other->must_ctl('import', 'members', $out);
    is(fields(show($other, '330000010001'))->{name}, '林"晓",岚',
       'it goes in again');
    is(fields(show($other, '330000010002'))->{work_unit}, '=cmd|x',
       'as it was');

    my $member = $site->login();
    my $version = $member->get('/api/certificate')->json()->{version};
    $member->post_json('/api/certificate', { version => $version });
    $site->must_ctl('export', 'confirmations', '-o', $out);
    $text = decode('UTF-8', slurp($out));
    like($text, qr/330000010001.*F33-2019-0001.*$version/,
         'I15: who has confirmed what');
    is(scalar(() = $site->must_ctl('export', 'confirmations', '--since',
        '2099-01-01') =~ /\n/g), 1, '--since');
};


subtest 'photos in bulk' => sub {
    my $site = new_site(start => 0, people => [
        person('330000010001'), person('330000010002'),
        person('330000010001', user_type => 'practising')]);
    my $folder = temp_dir('photos');

    write_file("$folder/330000010002.jpg", portrait(2));
    write_file("$folder/practising-330000010001.jpg", portrait(3));
    write_file("$folder/330000010001.jpg", portrait(1));
    write_file("$folder/999999999999.jpg", portrait(4));
    write_file("$folder/readme.txt", 'x');
    write_file("$folder/nonpractising-330000010002.jpg", 'no picture');

    my $r = $site->ctl('import', 'photos', $folder);
    is($r->{status}, 1, 'some were refused');
    like($r->{out}, qr/^2 photos imported, 3 refused/m, 'how many');
    like($r->{err}, qr/999999999999\.jpg/, 'which: nobody has this number');
    like($r->{err}, qr{/330000010001\.jpg}, 'which: it is not unique');

    cmp_ok(show($site, 'practising-330000010001')->{photo_id}, '>', 0,
           'who was named by type and number has his');
    like($site->must_ctl('check'), qr/^photos\s+2$/m, 'two are stored');
};


done_testing();
