# Passwords over the wire: a changed one ends every session in every worker
# at once, wrong old ones are counted, who must change is kept from
# everything else, hashes of an older system open the door once and are gone.
# S12 X03 X04

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use Digest::MD5 qw(md5_hex);
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $new = 'nine socks for my dog';
my $outbox = temp_dir('outbox');
chown((getpwnam(worker_user()))[2], -1, $outbox) if $> == 0;

my $site = new_site(
    people => [map { person(sprintf '3300000100%02d', $_) } 1 .. 9],
    conf => { server => "        add_header X-Worker \$pid always;\n"
                      . "        membercert_outbox file:$outbox;\n"
                      . "        membercert_login_limit account=3/10m;\n" },
    nginx => { workers => 2 },
);
my $core = $site->store() . '/core.db';


sub change {
    my ($client, $old, $password) = @_;

    return $client->post_json('/api/password',
                              { old => $old, password => $password });
}

# Until both workers have answered; the statuses by worker.
sub in_both {
    my ($client, $path) = @_;
    my %at;

    for (1 .. 200) {
        my $fresh = $site->visitor();
        my $r = $fresh->get($path, Cookie => $client->cookie_header());
        $at{$r->header('X-Worker')} = $r->status();
        last if keys %at == 2;
    }

    return join ' ', values %at;
}


subtest 'a changed password ends the other browser at once, in both workers'
    => sub
{
    my ($mine, $other) = map { $site->login('330000010001') } 1, 2;
    is(in_both($other, '/api/member'), '200 200', 'both know the session');
    my $was = $mine->cookie_header();

    my $r = change($mine, password(), $new);
    is($r->status(), 200, 'changed');
    is($r->json()->{password_expired}, JSON::PP::false(), 'as a log-in');
    isnt($mine->cookie_header(), $was, 'a new cookie');
    is(in_both($mine, '/api/member'), '200 200', 'the new one is good');
    is(in_both($other, '/api/member'), '401 401',
       'the other ended, in both workers');
    is($site->visitor()->get('/api/member', Cookie => $was)->status(), 401,
       'and the old cookie');

    is_deeply([query($core, "SELECT action, result FROM audit WHERE action "
                     . "= 'passwd' ORDER BY seq")], [['passwd', 'ok']],
              'it is in the audit');
    ok(wait_for(sub { glob("$outbox/*") }, 15), 'the member is told');
    my $told = join '', map { slurp($_) } glob("$outbox/*");
    like($told, qr/"kind":"changed"/, 'that it was changed');
    unlike($told, qr/\Q$new\E/, 'but not to what');
};


subtest 'wrong old ones are attempts: after three there is a wait' => sub {
    my $client = $site->login('330000010002');

    is(change($client, 'not the old one', $new)->problem(), 'password_wrong',
       "number $_") for 1 .. 3;
    my $r = change($client, password(), $new);
    is($r->problem(), 'too_many_attempts', 'the right one waits, too');
    cmp_ok($r->header('Retry-After'), '>', 0, 'so long');
    is($client->get('/api/member')->status(), 200, 'the session goes on');
    is($site->login('330000010002')->get('/api/session')->status(), 200,
       'and the door is open');

    ok(wait_for(sub {
        (query($core, "SELECT count(*) FROM audit WHERE action = 'passwd' "
               . "AND result = 'password_wrong'"))[0][0] == 3;
    }, 5), 'each is in the audit');

    my $good = $site->login('330000010003');
    is(change($good, password(), 'short')->problem(), 'password_short',
       "refused $_") for 1 .. 4;
    is(change($good, password(), $new)->status(), 200,
       'what is refused for the new one costs nothing');
};


subtest 'what the institute set must be changed before anything else (X03)'
    => sub
{
    $site->must_ctl('member', 'passwd', '330000010004',
                    { input => "paper lanterns 88\n" });
    my $data = $site->login_data('330000010004',
                                 password => 'paper lanterns 88');
    my $client = $site->visitor();
    my $r = $client->post_json('/api/session', $data);
    is($r->status(), 200, 'it opens the door');
    ok($r->json()->{password_expired}, 'and says so');

    for my $path (qw(member photo photo/state certificate certificate.pdf)) {
        my $r = $client->get("/api/$path");
        is($r->status() . ' ' . $r->problem(), '403 password_expired', $path);
    }
    is($client->post_json('/api/consent', { document => 'privacy',
           version => '1', accepted => JSON::PP::true() })->problem(),
       'password_expired', 'consent');
    is($client->put_photo('/api/photo?dry_run=1', portrait(1))->problem(),
       'password_expired', 'an upload');
    ok($client->get('/api/session')->json()->{password_expired}, 'session');
    is($client->get('/api/site')->status(), 200, 'site');

    is(change($client, 'paper lanterns 88', $new)->status(), 200, 'changed');
    is($client->get('/api/member')->status(), 200, 'and all is open');
    ok(!$client->get('/api/session')->json()->{password_expired}, 'session');

    $site->must_ctl('member', 'passwd', '330000010004', '--own',
                    { input => "paper lanterns 99\n" });
    $client = $site->visitor();
    $data->{password} = 'paper lanterns 99';
    ok(!$client->post_json('/api/session', $data)->json()->{password_expired},
       'with --own it is the member\'s');
};


subtest 'members of an older system keep their passwords' => sub {
    my $old = 'altes-system-7';
    my $csv = write_file($site->dir() . '/old.csv',
        "user_type,member_no,name,password_hash\n"
        . "nonpractising,88000001,甲,md5:" . md5_hex($old) . "\n"
        . "nonpractising,88000002,乙,md5-salt-password:"
        . md5_hex("pepper$old") . ":pepper\n"
        . "nonpractising,88000003,丙,\$2a\$06\$If6bvum7DFjUnE9p2uDeDu0YHzrHM6"
        . "tf.iqN8.yx.jNN1ILEf7h0i\n");
    $site->must_ctl('import', 'members', $csv);

    my $hashes = sub {
        return map { $_->[0] } query($core, 'SELECT password_hash FROM '
            . "member WHERE member_no LIKE '8800000_' ORDER BY member_no");
    };
    my @before = $hashes->();
    like($before[0], qr/^\$mc-wrap\$md5\$\$argon2id\$/, 'wrapped');
    for my $file (glob($site->store() . '/core.db*')) {
        unlike(slurp($file), qr/@{[md5_hex($old)]}/, 'no fast hash stays');
    }

    is($site->visitor()->post_json('/api/session',
           $site->login_data("8800000$_", password => 'wrong'))->problem(),
       'login_failed', "wrong $_") for 1 .. 3;
    is_deeply([$hashes->()], \@before, 'a wrong one changes nothing');

    for (['88000001', $old], ['88000002', $old], ['88000003', 'abc']) {
        my ($no, $password) = @$_;
        for my $time ('first', 'second') {
            is($site->visitor()->post_json('/api/session',
                   $site->login_data($no, password => $password))->status(),
               200, "$no, the $time time");
        }
    }
    like($_, qr/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/, 'plain from then on')
        for $hashes->();
};


subtest 'the rules are told to clients' => sub {
    is_deeply($site->visitor()->get('/api/site')->json()->{password},
              { profile => 'nist', min => 10, max => 256 }, 'site');
};


$site->nginx()->stop();
clean_log($site->nginx());


subtest 'profile djcp with a list of the operator\'s' => sub {
    my $list = write_file(temp_dir('list') . '/list',
                          "quiet-Herons-11\nsomething else\n");
    my $strict = new_site(
        people => [person('330000010001')],
        conf => { server => "        membercert_password profile=djcp min=12 "
                          . "blocklist=$list;\n" });
    my $client = $strict->login('330000010001');
    my $try = sub { change($client, $_[0], $_[1])->problem() };

    is_deeply($strict->visitor()->get('/api/site')->json()->{password},
              { profile => 'djcp', min => 12, max => 256 }, 'site');
    ok($client->get('/api/session')->json()->{password_expired},
       'an imported one is of unknown age');
    is($try->(password(), $new), 'password_classes', 'three classes');
    is($try->(password(), 'Xq-73 kv wb'), 'password_short', 'the minimum');
    is($try->(password(), 'QUIET-herons-11!'), 'password_common', 'the list');
    is(change($client, password(), 'Nine-socks 4 me')->status(), 200, 'fine');
    is(change($client, 'Nine-socks 4 me', 'Ten-socks 4 you')->status(), 200,
       'the next');
    is($try->('Ten-socks 4 you', 'Nine-socks 4 me'), 'password_reused',
       'not back again');
    is($client->get('/api/member')->status(), 200, 'all is open');

    $strict->nginx()->stop();
    clean_log($strict->nginx());
};


done_testing();
