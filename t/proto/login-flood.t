# 10,000 attempts on one account from 1,000 addresses: nobody gets in by
# guessing, hardly any hash is computed, and the owner logs in from a device
# that was there before, at once.
# I03 I05

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my ($owner, $other, $mini) = map { "33000001000$_" } 1 .. 3;
my $site = new_site(
    people => [map { person($_) } $owner, $other, $mini],
    conf => { server => <<'END_SERVER' },
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
END_SERVER
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $ADDRESSES = 1000;
my $ROUNDS = 10;


sub address { return sprintf '10.%d.%d.7', int($_[0] / 250), $_[0] % 250 }

sub log_in {
    my ($client, $number, $from, %more) = @_;

    return $client->post_json('/api/session',
        $site->login_data($number, %more), 'X-Real-IP' => $from);
}

# One attempt from each address, one after the other on one connection, 50 at
# a time: how many were answered with which status.
sub attempts {
    my ($number, $password, @from) = @_;

    my %count;
    my $socket = raw($site->port());
    my $body = JSON::PP->new->utf8->canonical->encode(
        $site->login_data($number, password => $password));

    while (my @some = splice @from, 0, 50) {
        $socket->send(join '', map {
            "POST /api/session HTTP/1.1\r\nHost: a\r\nX-Real-IP: $_\r\n"
            . 'Origin: http://127.0.0.1:' . $site->port() . "\r\n"
            . "Content-Type: application/json\r\n"
            . 'Content-Length: ' . length($body) . "\r\n\r\n$body" } @some);

        for (@some) {
            my $r = $socket->read_response(method => 'POST', timeout => 20);
            $count{$r ? $r->status() : 'none'}++;
        }
    }

    $socket->close();
    return \%count;
}


my $home = $site->visitor();
my $token;

subtest 'a device is known once it has logged in' => sub {
    my $r = log_in($home, $owner, '192.0.2.1');
    is($r->status(), 200, 'the owner, once before');

    my ($cookie) = grep { /device/ } $r->headers('Set-Cookie');
    like($cookie, qr/^membercert-device=[\w-]{62};\ Path=\/;
         \ Max-Age=15552000;\ HttpOnly;\ SameSite=Lax$/x,
         'leaves a cookie no script can read, for 180 days');

    $r = log_in($site->visitor(), $mini, '192.0.2.3', client => 'mini');
    $token = $r->json()->{device};
    like($token, qr/^[\w-]{62}$/, 'the mini program gets it to keep');
    is(scalar($r->headers('Set-Cookie')), 0, 'and no cookie');
};


subtest 'the flood' => sub {
    my %total;
    my @waits;

    for my $round (1 .. $ROUNDS) {
        my $count = attempts($owner, "guess $round",
                             map { address($_) } 1 .. $ADDRESSES);
        $total{$_} += $count->{$_} for keys %$count;

        my $start = time();
        my $r = log_in($home, $owner, address($round));
        push @waits, time() - $start;
        is($r->status(), 200, 'the owner gets in from the known device');
    }

    is($total{429} + $total{401}, $ADDRESSES * $ROUNDS,
       '10,000 attempts, each answered');
    cmp_ok($total{401}, '>=', 90, 'some were tried');
    cmp_ok($total{401}, '<=', 140, 'about 20 times account= of them: '
           . $total{401});

    my ($slowest) = sort { $b <=> $a } @waits;
    cmp_ok($slowest, '<', 3, sprintf 'quickly: %.0f ms at most',
           1000 * $slowest);
};


subtest 'who is no known device has to wait' => sub {
    my $r = log_in($site->visitor(), $owner, '192.0.2.9');
    is($r->status() . ' ' . $r->problem(), '429 too_many_attempts',
       'the right password from elsewhere');

    my $wait = $r->header('Retry-After');
    ok($wait >= 1 && $wait <= 9, "until the next token: $wait s");

    my $thief = $site->visitor();
    is(log_in($thief, $other, '192.0.2.1')->status(), 200,
       'another member logs in');
    is(log_in($thief, $owner, '192.0.2.1')->status(), 429,
       'whose device is none of this account');

    my $forged = $site->visitor();
    $forged->cookie('membercert-device', 'A' x 62);
    is(log_in($forged, $owner, '192.0.2.1')->status(), 429,
       'nor is a made-up one');
};


subtest 'a known device has a budget of its own' => sub {
    my @codes = map {
        log_in($home, $owner, '192.0.2.1', password => 'wrong')->status()
    } 1 .. 6;
    is("@codes", '401 401 401 401 401 429',
       'five failures, then it waits, too');

    my $elsewhere = log_in($home, $owner, '198.51.100.7');
    is($elsewhere->status(), 429, 'wherever it goes');
    sleep $elsewhere->header('Retry-After');
    is(log_in($home, $owner, '192.0.2.1')->status(), 200, 'and then is in');
};


subtest 'the mini program shows its token in the body' => sub {
    my $count = attempts($mini, 'x', map { address($_) } 1 .. 120);
    cmp_ok($count->{429}, '>=', 10, 'somebody tries that account');

    my @in = (client => 'mini', device => $token);
    my $client = $site->visitor(origin => '');
    is(log_in($client, $mini, '192.0.2.4', client => 'mini')->status(), 429,
       'without the token it waits');

    my $r = log_in($client, $mini, '192.0.2.4', @in);
    is($r->status(), 200, 'with it, it is in');
    isnt($r->json()->{device}, undef, 'with a newer one');

    $r = log_in($client, $mini, '192.0.2.4', client => 'mini', device => 7);
    is($r->status() . ' ' . $r->problem(), '400 body_malformed',
       'a token that is no text');
};


is_deeply([query($site->store() . '/core.db', 'SELECT count(*) FROM audit '
    . "WHERE action = 'login' AND result = 'ok' AND address = '10.0.1.7'")],
    [[1]], 'the audit names the address of the client');
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'and fits');

clean_log($nginx, 'nothing bad in the log');
done_testing();
