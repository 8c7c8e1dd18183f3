# A stranger who is refused leaves nothing in the zone: however many accounts
# he names, what the failures of others cost is not forgotten.
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

need('module', 'ctl');

my $number = '330000010001';
my $site = new_site(
    people => [person($number)],
    conf => { zone => 'zone=members:256k', server => <<'END_SERVER' },
        membercert_login_limit account=1/30m address=20/30m;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
END_SERVER
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $NAMES = 3000;       # the zone has room for less than 1,000 of a kind


sub log_in {
    my ($named, $from, %more) = @_;

    return $site->visitor()->post_json('/api/session',
        $site->login_data($named, password => 'wrong', %more),
        'X-Real-IP' => $from);
}

# As many accounts as stated, from one address, 50 at a time: how many were
# answered with which status.
sub flood {
    my ($from) = @_;

    my %count;
    my $origin = 'http://127.0.0.1:' . $site->port();

    for my $round (1 .. $NAMES / 50) {
        my $socket = raw($site->port());

        $socket->send(join '', map {
            my $body = JSON::PP->new->utf8->canonical->encode(
                $site->login_data('77' . (50 * $round + $_)));
            "POST /api/session HTTP/1.1\r\nHost: a\r\nX-Real-IP: $from\r\n"
            . "Origin: $origin\r\nContent-Type: application/json\r\n"
            . 'Content-Length: ' . length($body) . "\r\n\r\n$body" } 1 .. 50);

        for (1 .. 50) {
            my $r = $socket->read_response(method => 'POST', timeout => 20);
            $count{$r ? $r->status() : 'none'}++;
        }

        $socket->close();
    }

    return \%count;
}


is(log_in($number, "10.1.0.$_")->status(), 401, "address $_: no such luck")
    for 1 .. 20;
is(log_in($number, '10.1.0.21')->status(), 429,
   'the account has seen enough of them from everywhere');

subtest 'a flood that pays for nothing' => sub {
    my $count = flood('10.2.0.1');

    is($count->{401}, 20, 'what the address has is tried');
    is($count->{429}, $NAMES - 20, 'all others are refused');
    is(log_in($number, '10.1.0.22')->status(), 429,
       'the account is not forgotten');
};

subtest 'a flood without an answer to the captcha' => sub {
    $nginx->configure($site->text(captcha => 'web=on mini=on'));
    $nginx->reload(wait_old => 1);

    my $count = flood('10.2.0.2');

    is($count->{422}, $NAMES, 'every attempt is asked for one');
    is(log_in($number, '10.1.0.23')->status(), 429,
       'the account is not forgotten');
};

clean_log($nginx);
done_testing();
