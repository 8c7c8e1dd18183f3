# membercertctl certificate: a sample of each layout without nginx, lists,
# revocation, and what check says of seals (X06 I13).

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use JSON::PP ();
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $dir = temp_dir('certificate');
chmod 0755, $dir;
mkdir "$dir/seals", 0755;
write_file("$dir/seals/33.svg", <<'END_SVG');
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<circle cx="50" cy="50" r="45" fill="none" stroke="#c00" stroke-width="4"/>
</svg>
END_SVG
chmod 0644, "$dir/seals/33.svg";

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 3;
my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { $numbers[0] => 1, $numbers[1] => 2 },
    conf => { server => <<"END_CONF" });
    membercert_public_url https://member.example.org;
    membercert_layout page "证书" "Certificate" {
        page a4;
        style plain size=20 least=8;
        title 20 20 170 plain "会员证书";
        value name 20 40 100 12 plain;
        value certificate_no 20 54 100 12 plain;
        photo 140 40 30 40;
        qr 20 80 40 statement;
        seal regional 140 90 30 dir=$dir/seals;
    }
    membercert_layout card {
        page card;
        style plain size=9 least=6;
        title 14 14 80 plain "会员证";
        value name 14 30 60 8 plain;
        photo 90 30 20 28;
        qr 14 45 30 address;
    }
END_CONF
my $json = JSON::PP->new->utf8;


# membercertctl with the site's own configuration.

sub run {
    my (@args) = @_;

    my $r = MembercertTest::ctl('-c', $site->nginx()->{conf}, @args);
    return @$r{qw(status out err)};
}

sub text_of {
    my ($file) = @_;

    my $r = run_command(['pdftotext', $file, '-']);
    return undef if $r->{status} == 127;
    utf8::decode(my $text = $r->{out});
    return $text;
}

my %member = map { $_ => $site->login($_) } @numbers[0, 1];

for my $number (sort keys %member) {
    my $version = $member{$number}->get('/api/certificate')->json()
        ->{version};
    $member{$number}->post_json('/api/certificate',
                                { version => $version });
}


subtest 'a sample of each layout, without nginx and without a member' => sub {
    my @files = ("$dir/page.pdf", "$dir/card.pdf", "$dir/seal.pdf");

    for my $case (["a4, the first", [], $files[0]],
                  ['the card', [qw(--layout card)], $files[1]],
                  ['a seal', [qw(--institute 33)], $files[2]])
    {
        my ($name, $options, $file) = @$case;
        my ($status, $out, $err) = run(qw(certificate render --sample),
                                       @$options, '-o', $file);

        is_deeply([$status, $out, $err], [0, '', ''], $name);
        like(slurp($file), qr/^%PDF-1\.\d.*%%EOF\s*$/s, 'a PDF');
    }

    cmp_ok(-s $files[2], '>', -s $files[0], 'the seal is in it');

    SKIP: {
        my $text = text_of($files[0]);
        skip('needs pdftotext', 3) if !defined $text;
        like($text, qr/样本/, 'the name says what it is');
        like($text, qr/SAMPLE-000000/, 'the number, too');
        my $info = run_command(['pdfinfo', $files[1]])->{out};
        like($info, qr/Page size:\s+4\d\d(?:\.\d+)? x /, 'a small page')
            or diag($info);
    }

    my ($status, $out, $err) = run(qw(certificate render --sample --layout
                                      nothing -o), "$dir/none.pdf");
    is($status, 1, 'an unknown layout');
    like($err, qr/no layout "nothing"/, 'is named');
    ok(!-s "$dir/none.pdf", 'and there is no file');

    for my $words (['--sample'], ['--sample', $numbers[0], '-o', 'x'],
                   [$numbers[0], '--institute', '33', '-o', 'x'],
                   [$numbers[0]])
    {
        is((run(qw(certificate render), @$words))[0], 2, "usage: @$words");
    }
};


subtest 'render writes the file the member gets' => sub {
    for my $layout ('', 'card') {
        my $file = "$dir/own$layout.pdf";
        my ($status, $out, $err) = run(qw(certificate render), $numbers[0],
            ($layout ? ('--layout', $layout) : ()), '-o', $file);

        is_deeply([$status, $out, $err], [0, '', ''], "render $layout");

        my $r = $member{$numbers[0]}->get('/api/certificate.pdf'
            . ($layout ? "?layout=$layout" : ''));
        ok(slurp($file) eq $r->body(), 'byte for byte, though it was first');
    }
};


subtest 'list' => sub {
    my ($status, $out, $err) = run(qw(certificate list));
    my @lines = split /\n/, $out;

    is($status, 0, 'list');
    is(scalar @lines, 2, 'two certificates');
    like($lines[0], qr/^1\t[0-9A-Z]{16}\t\d{4}-\S+Z\tvalid\t$/, 'the first');

    ($status, $out) = run(qw(certificate list), $numbers[1], '--json');
    my $row = $json->decode($out);
    is($row->{serial}, 2, 'of one member, as JSON');
    is($row->{state}, 'valid', 'its state');
    is_deeply([@$row{qw(replaced_at revoked_at reason)}], [undef, undef, ''],
              'nothing more to say');

    is((run(qw(certificate list), $numbers[2]))[1], '', 'nothing confirmed');
    is((run(qw(certificate list --state revoked)))[1], '', 'by state');
    is((run(qw(certificate list --state gone)))[0], 2, 'no such state');
    is((run(qw(certificate list 330000019999)))[0], 1, 'nobody');
};


subtest 'revoke and unrevoke' => sub {
    my ($status, $out, $err) = run(qw(certificate revoke 2));
    is($status, 2, 'a reason is needed');

    for my $case ([['17', '--reason', 'x'], qr/no certificate has serial 17/],
                  [['2', '--reason', ' '], qr/a reason is one line/],
                  [['2', '--reason', "a\nb"], qr/a reason is one line/],
                  [['2', '--reason', 'x' x 201], qr/a reason is one line/])
    {
        my ($words, $why) = @$case;
        ($status, $out, $err) = run(qw(certificate revoke), @$words);
        is($status, 1, 'refused');
        like($err, $why, 'with a reason');
    }

    is((run(qw(certificate revoke two --reason x)))[0], 2, 'not a serial');

    ($status, $out, $err) = run(qw(certificate revoke 2 --reason),
                                'wrong photo');
    is_deeply([$status, $err], [0, ''], 'revoked');
    like($out, qr/^serial 2: revoked/, 'it says so');

    ($status, $out, $err) = run(qw(certificate revoke 2 --reason again));
    is($status, 1, 'twice is once');
    like($err, qr/serial 2 is revoked already/, 'it says so');

    ($status, $out, $err) = run(qw(certificate render), $numbers[1], '-o',
                                "$dir/revoked.pdf");
    is($status, 1, 'and it is not drawn');
    like($err, qr/serial 2 was revoked on \d{4}-\d\d-\d\d/, 'with the day');

    ok(wait_for(sub {
        my $r = $member{$numbers[1]}->get('/api/certificate.pdf');
        return ($r->problem() || '') eq 'certificate_revoked';
    }, 40), 'the member is refused within 30 s');

    like((run(qw(certificate list --state revoked)))[1],
         qr/^2\t\S+\t\S+\trevoked\twrong photo$/, 'list shows the reason');

    my $csv = $site->must_ctl(qw(export confirmations));
    my ($head, @rows) = split /\r\n/, $csv;
    like($head, qr/,state,replaced_at,revoked_at,reason,user_type$/,
         'export confirmations: columns');
    like($rows[1], qr/,revoked,,\d{4}-\S+Z,wrong photo,nonpractising$/,
         'and what they say');

    ($status, $out) = run('--json', qw(certificate unrevoke 2 --reason),
                          'mistake');
    is($status, 0, 'given back');
    is($json->decode($out)->{state}, 'valid', 'as JSON');
    is((run(qw(certificate unrevoke 2 --reason x)))[0], 1, 'once');
    ok(wait_for(sub {
        $member{$numbers[1]}->get('/api/certificate.pdf')->status() == 200
    }, 40), 'and the member has it again');

    like((run(qw(audit verify)))[1], qr/rows fit/, 'the chain fits');
};


subtest 'check names institutes without a regional seal' => sub {
    my ($status, $out, $err) = run('check');
    is_deeply([$status, $err], [0, ''], 'check');
    utf8::decode($out);
    is_deeply([$out =~ /^layout\s+(.*)$/mg],
              ['page: no regional seal of 31 上海市注册会计师协会'],
              'one, of one layout');

    ($status, $out) = run('--json', 'check');
    is_deeply($json->decode($out)->{seals_missing},
              [{ layout => 'page', institute => '31' }], 'as JSON');
};


clean_log($site->nginx());
done_testing();
