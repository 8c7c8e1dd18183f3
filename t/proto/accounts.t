# Logging in: one answer for everything that is wrong, attempts, sessions
# and their ends, the mini program's token.
# S05 S06 S08 S10 S12 S13 I05 I06

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 9;
my $site = new_site(
    people => [(map { person($_) } @numbers[0 .. 6]),
               person($numbers[7], password_hash => undef),
               person($numbers[8], status => '暂停'),
               person('330000010020', user_type => 'practising')],
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my $many = "        membercert_login_limit account=1000/1m "
    . "address=1000/1m;\n";
my $limits = "        membercert_login_limit account=3/1h address=12/1h;\n";


sub log_in {
    my ($number, %more) = @_;

    return $site->visitor()->post_json('/api/session',
        $site->login_data($number, %more));
}

# The answer without what may differ (nothing but the date).
sub plain {
    my ($r) = @_;

    return join "\n", $r->status(), $r->body(), sort map { lc }
        grep { !/^(?:date|connection|etag)$/i } keys %{$r->{headers}};
}

sub reconfigure {
    my ($title, %opt) = @_;

    $nginx->configure($site->text(%opt));
    ok($nginx->reload(wait_old => 1), $title);
}


subtest 'S05 S10: a log-in by type, number, password' => sub {
    is($site->visitor()->get('/api/session')->problem(), 'session_expired',
       'S05: without a session one is told to log in');

    my $r = log_in($numbers[0]);
    is($r->status(), 200, 'S10: a log-in, no captcha');
    like($r->header('Set-Cookie'),
         qr/^membercert=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
         'a session cookie no script can read');
    is($r->json()->{name}, '林晓岚', 'the name');
    is($r->json()->{member_no}, '33********01', 'the number, masked');
    is($r->json()->{token}, undef, 'no token in the body');
    like($r->header('Cache-Control'), qr/no-store/, 'kept by nobody');

    my $client = $site->login($numbers[0]);
    my $me = $client->get('/api/session')->json();
    is($me->{user_type}, 'nonpractising', 'who am I');
    is($me->{client}, 'web', 'and where');
    my $now = time() * 1000;
    ok(abs($me->{idle_ends} - $now - 30 * 60_000) < 60_000,
       'idle after half an hour');
    ok(abs($me->{ends} - $now - 12 * 3600_000) < 60_000,
       'over after twelve');
};


subtest 'S08: a number that was pasted' => sub {
    for my $number (" $numbers[0] ", '3300 0001 0001',
                    "\x{3000}$numbers[0]\t", "$numbers[0]\n")
    {
        is(log_in($number)->status(), 200, 'blanks are removed');
    }
};


subtest 'S06: the user type' => sub {
    is(log_in('330000010020', user_type => 'practising')->status(), 200,
       'the right one');
    is(log_in('330000010020')->problem(), 'login_failed', 'a wrong one');
    is(log_in($numbers[0], user_type => 'practising')->problem(),
       'login_failed', 'the other way round');
    is_deeply([map { $_->{code} } @{$site->visitor()->get('/api/site')
               ->json()->{user_types}}], ['nonpractising', 'practising'],
              'the pages are told which there are');
};


reconfigure('many attempts', server => $many);

subtest 'S12 I05: whatever is wrong, the same answer' => sub {
    my %wrong = (
        'a wrong password' => [$numbers[0], password => 'wrong'],
        'an unknown number' => ['999999999999'],
        'an empty password' => [$numbers[0], password => ''],
        'I05: an account without a password' => [$numbers[7]],
        'I05: one, with an empty password' => [$numbers[7], password => ''],
        'a wrong user type' => [$numbers[0], user_type => 'practising'],
        'a user type nobody has' => [$numbers[0], user_type => 'x'],
        'a number that cannot be one' => ["'; DROP TABLE member"],
        'an empty number' => [''],
        'a very long password' => [$numbers[0], password => 'x' x 300],
    );
    my (%answer, %cost);

    for my $name (sort keys %wrong) {
        my $start = time();
        my $r = log_in(@{$wrong{$name}});
        $cost{$name} = time() - $start;
        is($r->status(), 401, $name);
        push @{$answer{plain($r)}}, $name;
    }

    is(scalar keys %answer, 1, 'one answer for all')
        or diag(join "\n", map { "@{$answer{$_}}:\n$_" } keys %answer);
    my $r = log_in($numbers[0], password => 'wrong');
    is($r->json()->{detail}, '用户名密码错误', 'S12: the words');
    is($r->header('Set-Cookie'), undef, 'no cookie');

    my ($least) = sort { $a <=> $b } values %cost;
    cmp_ok($least, '>', 0.005, 'each costs a hash');
};


subtest 'a suspended member may log in, a disabled account may not' => sub {
    is(log_in($numbers[8])->status(), 200, 'suspended');

    my $client = $site->login($numbers[1]);
    $site->must_ctl('member', 'disable', $numbers[1]);
    is(log_in($numbers[1])->problem(), 'login_failed', 'disabled');
    is($client->get('/api/session')->status(), 401,
       'and the session has ended');
    $site->must_ctl('member', 'enable', $numbers[1]);
    is(log_in($numbers[1])->status(), 200, 'enabled');
};


subtest 'a password set by the institute' => sub {
    $site->must_ctl('member', 'passwd', $numbers[7],
                    { input => "brand-new-password\n" });
    is(log_in($numbers[7], password => 'brand-new-password')->status(), 200,
       'is good at once');

    for my $bad ('short', '', $numbers[7], 'x' x 300) {
        my $r = $site->ctl('member', 'passwd', $numbers[7],
                           { input => "$bad\n" });
        ok(!$r->{ok}, 'not: ' . (substr($bad, 0, 12) || 'empty'));
        isnt($r->{err}, '', 'with a reason');
    }
};


subtest 'at most five sessions: the oldest ends' => sub {
    my @clients = map { $site->login($numbers[2]) } 1 .. 6;

    is($clients[0]->get('/api/session')->status(), 401, 'the first');
    is($clients[$_]->get('/api/session')->status(), 200, "number $_ lives")
        for 1 .. 5;
    is((query($core, 'SELECT count(*) FROM session WHERE member_id = '
              . '(SELECT id FROM member WHERE member_no = ?)',
              $numbers[2]))[0][0], 5, 'five rows');
    is((query($core, 'SELECT count(*) FROM session WHERE hex(hash) LIKE ?',
              '%' . $clients[1]->cookie('membercert') . '%'))[0][0], 0,
       'and no token in the store');
};


subtest 'I06: sessions end, idle and absolutely' => sub {
    my ($idle, $old, $live) = map { $site->login($_) } @numbers[3 .. 5];
    my $mini = $site->login($numbers[5], client => 'mini');
    my $move = sub {
        my ($number, $sql) = @_;
        query($core, "UPDATE session SET $sql WHERE client = 0 AND "
              . 'member_id = (SELECT id FROM member WHERE member_no = ?)',
              $number);
    };

    # time goes on while nginx is away
    $nginx->stop();
    $move->($numbers[3], 'last_seen = last_seen - 1801000');
    $move->($numbers[4], 'expires_at = 1000 * unixepoch() - 1000');
    $move->($numbers[5], 'last_seen = last_seen - 1700000');
    query($core, 'UPDATE session SET last_seen = last_seen - 86400000 '
          . 'WHERE client = 1');
    ok($nginx->start(), 'nginx starts');

    is($idle->get('/api/member')->problem(), 'session_expired',
       'idle for more than half an hour');
    is($idle->put_photo('/api/photo?declare=1', portrait(1))->status(), 401,
       'an upload is told so, too');
    is($old->get('/api/member')->problem(), 'session_expired',
       'older than twelve hours');
    is($old->get('/api/member')->json()->{detail},
       '登录已过期，请重新登录', 'in plain words');
    is($live->get('/api/member')->status(), 200, 'idle for a little less');
    is($mini->get('/api/member')->status(), 200,
       'the mini program stays for days');

    my $seen = (query($core, 'SELECT last_seen FROM session WHERE client '
        . '= 0 AND member_id = (SELECT id FROM member WHERE member_no = ?)',
        $numbers[5]))[0][0];
    ok(time() * 1000 - $seen < 60_000, 'what was used is no longer idle');
};


subtest 'the mini program: a token, never a cookie' => sub {
    my $r = log_in($numbers[6], client => 'mini');
    like($r->json()->{token}, qr/^[\w-]{43}$/, 'the token');
    is($r->header('Set-Cookie'), undef, 'no cookie');

    my $client = $site->visitor(origin => '', headers =>
        { Authorization => 'Bearer ' . $r->json()->{token} });
    is($client->get('/api/session')->json()->{client}, 'mini', 'it works');
    ok(abs($client->get('/api/session')->json()->{ends} - time() * 1000
           - 7 * 86400_000) < 60_000, 'for seven days');
    $r = $client->delete('/api/session');
    is($r->status(), 204, 'log out');
    is($r->header('Set-Cookie'), undef, 'without a cookie');
    is($client->get('/api/session')->status(), 401, 'it has ended');
};


subtest 'bodies that are no log-in' => sub {
    my %bodies = (
        'nothing' => '', 'not JSON' => 'user=1', 'a text' => '"x"',
        'no number' => '{"user_type":"x","password":"y"}',
        'a number as a number' =>
            '{"user_type":"x","member_no":1,"password":"y"}',
        'a password as a list' =>
            '{"user_type":"x","member_no":"1","password":["y"]}',
        'another client' => '{"user_type":"x","member_no":"1",'
            . '"password":"y","client":"tv"}',
        'two passwords' => '{"user_type":"x","member_no":"1",'
            . '"password":"y","password":"z"}',
    );

    for my $name (sort keys %bodies) {
        my $r = $site->visitor()->request('POST', '/api/session',
            body => $bodies{$name},
            headers => { 'Content-Type' => 'application/json' });
        is($r->status() . ' ' . ($r->problem() || ''),
           '400 body_malformed', $name);
    }
};


reconfigure('few attempts', server => $limits);

subtest 'I05: who fails waits, longer each time' => sub {
    my @codes = map { log_in($numbers[0], password => 'wrong')->status() }
        1 .. 3;
    is("@codes", '401 401 401', 'three for an account are free');

    my @waits;

    for (1 .. 2) {
        my $r = log_in($numbers[0], password => 'wrong');
        is($r->status(), 429, 'then it is too early');
        push @waits, $r->header('Retry-After');
        sleep $waits[-1];
        is(log_in($numbers[0], password => 'wrong')->status(), 401,
           'until Retry-After has passed');
    }

    like("@waits", qr/^1 [12]$/, "the wait doubles: @waits");

    my $r = log_in($numbers[0]);
    is($r->status(), 429, 'not even the right password helps');
    is($r->problem(), 'too_many_attempts', 'the code');
    my $wait = $r->header('Retry-After') || 0;
    ok($wait >= 1 && $wait <= 4, "Retry-After: $wait");
    is($r->json()->{retry_after}, $wait, 'and for the page');
    is($r->json()->{detail}, "尝试次数过多，请 $wait 秒后再试",
       'in seconds below a minute');

    is(log_in(" $numbers[0]")->status(), 429,
       'however the number is written');
    is(log_in($numbers[1])->status(), 200, 'another account is free');

    sleep $wait;
    is(log_in($numbers[0])->status(), 200, 'the right password in time');
    is(log_in($numbers[0], password => 'wrong')->status(), 401,
       'clears what was held against it');
};


subtest 'unknown numbers are counted like known ones' => sub {
    my @codes = map { log_in('888888', password => 'x')->status() } 1 .. 4;
    is("@codes", '401 401 401 429', 'so they tell nothing');
};


subtest 'an address has its own limit; success gives tokens back' => sub {
    is(log_in($numbers[1])->status(), 200, "right, number $_") for 1 .. 4;

    my $r;
    my $failed = 0;

    for (1 .. 12) {
        $r = log_in("77770000$_", password => 'x');
        last if $r->status() == 429;
        $failed++;
    }

    cmp_ok($failed, '<=', 4, 'with those before twelve of one address');
    is($r->status(), 429, 'then it has to wait');
    my $wait = $r->header('Retry-After');
    ok($wait > 60 && $wait <= 300, "Retry-After: $wait");
    my $minutes = int(($wait + 59) / 60);
    is($r->json()->{detail}, "尝试次数过多，请 $minutes 分钟后再试",
       'in minutes');
    like($r->json()->{detail_en}, qr/ $minutes minutes$/, 'in English');
    is(log_in($numbers[1])->status(), 429, 'with any account');

    ok($nginx->reload(wait_old => 1), 'a reload');
    is(log_in($numbers[1])->status(), 429, 'changes nothing');
    my ($again) = $nginx->kill_worker('KILL');
    ok($again, 'a killed worker');
    is(log_in($numbers[1])->status(), 429, 'neither');
};


subtest 'what logs and audit know of it' => sub {
    my $log = $nginx->error_log() . $nginx->access_log();
    unlike($log, qr/\Q${\password()}\E|wrong/, 'no password');

    my %actions = map { $_->[0] => $_->[1] } query($core,
        'SELECT action || \' \' || result, count(*) FROM audit '
        . 'GROUP BY 1');
    cmp_ok($actions{'login ok'}, '>', 20, 'log-ins are audited');
    like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'and fit');
};


clean_log($nginx, 'nothing bad in the log', errors => 1,
          allow => qr/exited on signal 9/);
done_testing();
