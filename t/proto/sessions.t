# Where am I logged in: the list, ending one or all others at once in every
# worker, a log-in that takes the place of the session it came with, and a
# changed password.
# I05 I06 X04

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

my @numbers = map { "33000001000$_" } 1 .. 6;
my $site = new_site(
    people => [map { person($_) } @numbers],
    conf => { session => 'secure=off max=4',
              server => "        add_header X-Session \$membercert_session"
                        . " always;\n" },
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my %agent = (
    edge => 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 '
        . '(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0',
    wechat => 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, '
        . 'like Gecko) Chrome/116.0.0.0 MicroMessenger/8.0.49',
);


sub browser {
    my ($number, $agent) = @_;

    my $client = $site->visitor($agent
        ? (headers => { 'User-Agent' => $agent{$agent} }) : ());
    my $r = $client->post_json('/api/session', $site->login_data($number));
    die 'no log-in: ' . $r->body() unless $r->status() == 200;
    return $client;
}

sub sessions {
    my ($client) = @_;

    return @{$client->get('/api/sessions')->json()->{sessions}};
}

# What a cookie still opens, asked often enough to meet both workers, whose
# zone has seen it before.
sub opens {
    my ($client) = @_;

    my %seen;
    $seen{$client->get($_)->status()}++
        for map { ('/api/session', '/api/member') } 1 .. 8;
    return join ' ', sort keys %seen;
}


subtest 'the list tells device, address, times, and which one asks' => sub {
    my $here = browser($numbers[0], 'edge');
    my $phone = browser($numbers[0], 'wechat');
    my $start = time() * 1000;

    $site->visitor(origin => '')->post_json('/api/session',
        $site->login_data($numbers[0], client => 'mini'),
        'User-Agent' => "\xff<b>");
    $site->login($numbers[1]);

    my @list = sessions($here);
    is(scalar @list, 3, 'three of this member');
    is_deeply([sort map { $_->{label} } @list],
              [sort 'Edge · Windows', '微信 · Android', '小程序'],
              'named as people know them');
    is_deeply([map { $_->{label} } grep { $_->{current} } @list],
              ['Edge · Windows'], 'one of them asks');
    is_deeply([sort map { $_->{client} } @list], [qw(mini web web)],
              'browsers and mini program');

    for my $one (@list) {
        is_deeply([sort keys %$one], [qw(address client created current id
                                         label last_seen)], 'no more');
        is($one->{address}, '127.0.0.1', 'the address');
        ok(abs($one->{created} - $start) < 60_000, 'when it began');
        ok($one->{id} > 0 && $one->{id} < 2 ** 53, 'a name of its own');
    }

    my ($token) = $phone->cookie('membercert');
    unlike($here->get('/api/sessions')->body(), qr/\Q$token\E/,
           'no token in it');
};


subtest 'one is ended: at once, in every worker' => sub {
    my ($here, $there) = map { browser($numbers[2], $_) } qw(edge wechat);
    my $stranger = browser($numbers[3]);

    is(opens($there), '200', 'the other browser is in, and the zone knows');
    my ($id) = map { $_->{id} } grep { !$_->{current} } sessions($here);

    my $r = $stranger->delete("/api/sessions/$id");
    is($r->status() . ' ' . $r->problem(), '404 not_found',
       'by no stranger');
    is(opens($there), '200', 'it is still in');

    $r = $here->delete("/api/sessions/$id");
    is($r->status(), 204, 'by its member');
    is($r->header('Set-Cookie'), undef, 'who stays logged in');
    is(opens($there), '401', 'it is out');
    is(opens($here), '200', 'the one that asked is not');
    is($here->delete("/api/sessions/$id")->status(), 404, 'once only');

    my ($own) = map { $_->{id} } sessions($here);
    $r = $here->delete("/api/sessions/$own");
    is($r->status(), 204, 'the own one, too');
    like($r->header('Set-Cookie'), qr/^membercert=;.*Max-Age=0/,
         'which is a log-out');
    is(opens($here), '401', 'it is out');
};


subtest 'all others are ended' => sub {
    my @all = map { browser($numbers[4]) } 1 .. 3;
    is(opens($_), '200', 'in') for @all;

    is($all[1]->delete('/api/sessions')->status(), 204, 'one ends the others');
    is(join(' ', map { opens($_) } @all), '401 200 401', 'at once');
    is(scalar(sessions($all[1])), 1, 'it is alone');
};


subtest 'the oldest of too many is out at once' => sub {
    my @all = map { browser($numbers[4]) } 1 .. 4;
    is(opens($all[0]), '200', 'the fourth of four');
    push @all, browser($numbers[4]);
    is(join(' ', map { opens($_) } @all), '401 200 200 200 200',
       'a fifth pushes the first out');
};


subtest 'a log-in takes the place of the session it came with' => sub {
    my $client = browser($numbers[5]);
    my $old = $site->visitor();
    $old->cookie(membercert => $client->cookie('membercert'));
    is(opens($old), '200', 'the token works');

    my $r = $client->post_json('/api/session',
                               $site->login_data($numbers[5]));
    is($r->status(), 200, 'the same browser logs in again');
    isnt($client->cookie('membercert'), $old->cookie('membercert'),
         'with a new token');
    is(opens($old), '401', 'the old one is worth nothing');
    is(scalar(sessions($client)), 1, 'and no session is left behind');

    $old->cookie(membercert => $client->cookie('membercert'));
    $r = $client->post_json('/api/session',
        $site->login_data($numbers[5], password => 'wrong'));
    is($r->status(), 401, 'a log-in that fails');
    is(opens($old), '200', 'ends nothing');

    $r = $client->post_json('/api/session', $site->login_data($numbers[3]));
    is($r->status(), 200, 'another member in the same browser');
    is(opens($old), '401', 'ends the session of the first');
};


subtest 'X04: a changed password ends the others, zone and all' => sub {
    my ($here, $there) = map { browser($numbers[3]) } 1 .. 2;

    is(opens($there), '200', 'the other browser is in');
    is($there->get('/api/session')->header('X-Session'), 'hit',
       'and the zone vouches for it');

    my $r = $here->post_json('/api/password',
        { old => password(), password => 'purple-otter-7-lamps' });
    is($r->status(), 200, 'a new password');

    $r = $there->get('/api/session');
    is($r->status(), 401, 'it is out');
    is($r->header('X-Session'), 'miss', 'the zone says so itself');
    is(opens($here), '200', 'who changed it is in, with a new session');
    is(scalar(sessions($here)), 1, 'the only one');
};


clean_log($nginx, 'nothing bad in the log');
done_testing();
