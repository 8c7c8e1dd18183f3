# I13 I14 X06: a certificate's file is made once. The first downloads of two
# workers at once, a reload, a restart, workers killed while the first file
# is recorded: always the same bytes, and the ones whose hash is recorded.
# Signed, so that a file made anew would differ. Also: layouts, and what an
# officer revokes is refused at once by every worker.

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep stat time);

need('module', 'ctl');

my $dir = temp_dir('issued');
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 9;

my $made = run_command([qw(openssl req -x509 -newkey ec -pkeyopt
    ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=Institute -addext),
    'keyUsage=critical,digitalSignature', '-out', "$dir/sign.crt",
    '-keyout', "$dir/sign.key"]);
plan skip_all => 'needs openssl' unless $made->{ok};
chmod 0600, "$dir/sign.key";

my $server = join "\n", '',
    "membercert_sign certificate=$dir/sign.crt key=$dir/sign.key;",
    'membercert_public_url https://member.example.org;';
my $layouts = <<'END_CONF';
    membercert_layout page "证书" "Certificate" {
        page a4;
        style plain size=20 least=8;
        title 20 20 170 plain "会员证书";
        value name 20 40 100 12 plain;
        photo 140 40 30 40;
        qr 20 80 40 statement;
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

my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { map { $numbers[$_] => $_ + 1 } 0 .. $#numbers },
    conf => { server => "$server\n" . officer_location(),
              certificate_cache => 'off' },
    nginx => { workers => 2 });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my %member;


sub confirm {
    my ($number) = @_;

    my $member = $member{$number} ||= $site->login($number);
    my $version = $member->get('/api/certificate')->json()->{version};
    my $status = $member->post_json('/api/certificate',
                                    { version => $version })->status();

    die "confirm $number: $status\n" if $status !~ /^20[01]$/;
    return $member;
}

sub file_of {
    my ($number, $query) = @_;

    my $r = $member{$number}->get('/api/certificate.pdf' . ($query || ''));

    die "download: " . $r->status() . ' ' . $r->body() . "\n"
        if $r->status() != 200 || $r->truncated();
    return $r->body();
}

# Hashes recorded of a member's certificates, as hex.

sub recorded {
    my ($number) = @_;

    return map { $_->[0] } query($core, 'SELECT i.sha256 FROM issued i '
        . 'JOIN confirmation c ON c.serial = i.serial '
        . 'JOIN member m ON m.id = c.member_id WHERE m.member_no = ? '
        . 'ORDER BY i.at', $number);
}


subtest 'the first downloads of two workers at once are one file' => sub {
    for my $number (@numbers[0 .. 1]) {
        confirm($number);

        my @jobs = map {
            in_background(sub { sha256_hex(file_of($number)) })
        } 1 .. 6;
        my %seen = map { $_->wait(30) => 1 } @jobs;

        is_deeply([keys %seen], [recorded($number)], "member $number");
    }
};


subtest 'the same after a reload and after a restart' => sub {
    my $number = $numbers[0];
    my $before = file_of($number);

    like($before, qr/ETSI\.CAdES\.detached/, 'it is signed');
    ok($nginx->reload(), 'reload');
    ok(file_of($number) eq $before, 'the same bytes');

    $nginx->stop();
    ok($nginx->start(), 'restart');
    ok(file_of($number) eq $before, 'the same bytes');
    is(sha256_hex($before), (recorded($number))[0], 'those recorded');
};


# The database is written once, when the file is recorded: that is when the
# workers are killed.

subtest 'workers killed while the first file is recorded' => sub {
    my ($answers, $rows) = (0, 0);

    for my $number (@numbers[2 .. 7]) {
        confirm($number);

        my $was = (stat "$core-wal")[9];
        my $job = in_background(sub {
            my $body = eval { file_of($number) };
            return defined $body ? sha256_hex($body) : '';
        });
        my $end = time() + 5;

        while ((stat "$core-wal")[9] == $was && time() < $end) { }

        my %old = map { $_ => 1 } $nginx->worker_pids();

        kill 'KILL', keys %old;
        wait_for(sub { 2 == grep { !$old{$_} } $nginx->worker_pids() }, 10);

        my $sent = eval { $job->wait(30) } || '';
        my @there = recorded($number);
        my $later = sha256_hex(file_of($number));

        $answers++ if $sent;
        $rows += @there;
        is_deeply([recorded($number)], [$later], "$number: one file");
        is($there[0] || $later, $later, 'the one that was recorded');
        is($sent || $later, $later, 'and the one that arrived');
    }

    note("$answers of 6 arrived, $rows were recorded before");
};


subtest 'another layout is another file of the same serial' => sub {
    my $number = $numbers[0];
    my $built_in = file_of($number);

    is($member{$number}->get('/api/certificate.pdf?layout=card')->problem(),
       'layout_unknown', 'there is only the built-in one');

    $site->{conf}{server} = "$server\n$layouts" . officer_location();
    $nginx->configure($site->text());
    ok($nginx->reload(wait_old => 1), 'two layouts');

    my $page = file_of($number);
    my $card = file_of($number, '?layout=card');

    ok($page ne $built_in && $card ne $page, 'other files');
    ok($page eq file_of($number, '?layout=page'), 'the first is the default');
    ok($card eq file_of($number, '?layout=card'), 'each the same again');
    is($member{$number}->get('/api/certificate.pdf?layout=CARD')->problem(),
       'layout_unknown', 'names are exact');
    is_deeply([sort(recorded($number))],
              [sort(map { sha256_hex($_) } $built_in, $page, $card)],
              'all three are known');

    $site->{conf}{server} = "$server\n" . officer_location();
    $nginx->configure($site->text());
    ok($nginx->reload(wait_old => 1), 'back');
    ok(file_of($number) eq $built_in, 'the first file again');
};


subtest 'what an officer revokes is refused at once, with a cache' => sub {
    my $number = $numbers[8];

    $site->{conf}{certificate_cache} = '16m';
    $nginx->configure($site->text());
    ok($nginx->reload(wait_old => 1), 'a cache in each worker');

    my $account = add_officer($site, 'li', '33');
    my $officer = officer_login($site, $account);
    my $serial;

    confirm($number);

    for my $round (1 .. 3) {
        file_of($number) for 1 .. 8;

        my $list = $officer->post_json('/officer/api/member/certificates',
            { user_type => 'nonpractising', member_no => $number })->json();
        $serial = $list->{certificates}[0]{serial};

        is($officer->post_json('/officer/api/certificate/revoke',
               { serial => $serial, reason => "round $round" })->status(),
           200, "serial $serial revoked");

        my %seen = map { $member{$number}->get('/api/certificate.pdf')
                         ->problem() => 1 } 1 .. 8;
        is_deeply([keys %seen], ['certificate_revoked'], 'by every worker');

        if ($round < 3) {
            is($officer->post_json('/officer/api/certificate/unrevoke',
                   { serial => $serial, reason => 'again' })->status(), 200,
               'given back');
        }
    }

    confirm($number);
    like(file_of($number), qr/^%PDF/, 'the member confirms again');

    my $own = $member{$number}->get('/api/certificates')->json();
    is_deeply([map { $_->{state} } @{$own->{certificates}}],
              [qw(valid revoked)], 'and has a new serial');
    ok($own->{certificates}[0]{serial} > $serial, 'a higher one');

    my $audit = join '', map { "@$_\n" } query($core,
        "SELECT actor, action, result FROM audit WHERE action LIKE '%revoke'");
    is(scalar(() = $audit =~ /^officer \d+ (?:un)?revoke serial $serial$/mg),
       5, 'the audit has each of them');
};


clean_log($nginx, 'nothing bad in the log',
          allow => qr/exited on signal 9|was locked by/);
done_testing();
