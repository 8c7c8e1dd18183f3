# Two stores in one nginx, with one zone: no session, no log-in attempt of
# one means anything to the other; two servers with the same settings share.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my @people = (person('330000010001'), person('330000010002'));
my ($one, $two) = map { new_site(start => 0, people => \@people) } 1, 2;
my $third = free_port();


# The server block of a site, for one http block with both.
sub server_of {
    my ($site, %opt) = @_;

    my ($server) = $site->text(%opt) =~ /^(    server \{.*^    \}\n)/ms;
    return $server;
}

my %own = (origin => join ' ', map { "http://127.0.0.1:$_" }
           $one->port(), $two->port(), $third);
my $nginx = start_nginx("http {\n    membercert_zone zone=members:1m;\n"
    . server_of($one, %own) . server_of($two, %own)
    . server_of($one, %own, port => $third) . "}\n", workers => 2);


sub status {
    my ($port, $path, $cookie) = @_;

    return client($port)->get($path, Cookie => $cookie)->status();
}


subtest 'two stores in one nginx do not share sessions' => sub {
    my $first = $one->login();
    my $second = $two->login();
    my %cookie = (one => $first->cookie_header(),
                  two => $second->cookie_header());

    # `session` comes last: it always asks the store, and would clear what
    # the others find in the zone
    for my $path (qw(member certificate photo/state session)) {
        is(status($one->port(), "/api/$path", $cookie{one}), 200,
           "$path: the first at home");
        is(status($two->port(), "/api/$path", $cookie{two}), 200,
           "$path: the second at home");
        is(status($two->port(), "/api/$path", $cookie{one}), 401,
           "$path: the first is unknown to the second");
        is(status($one->port(), "/api/$path", $cookie{two}), 401,
           "$path: the second is unknown to the first");
    }

    # a stranger's token at the wrong store leaves no trace in the zone
    is(client($two->port())->delete('/api/session', Cookie => $cookie{one})
       ->status(), 204, 'logging out at the other');
    is(status($one->port(), '/api/member', $cookie{one}), 200,
       'ends nothing here');
    is($first->delete('/api/session')->status(), 204, 'at home it does');
    is(status($one->port(), '/api/member', $cookie{one}), 401, 'it ends');
    is(status($two->port(), '/api/member', $cookie{two}), 200,
       'the other goes on');
};


subtest 'servers with the same settings share' => sub {
    my $first = $one->login();
    is(status($third, '/api/member', $first->cookie_header()), 200,
       'the session is good at both');
    is($first->delete('/api/session')->status(), 204, 'and ends');
    is(status($third, '/api/member', $first->cookie_header() || 'a=b'), 401,
       'at both');
};


subtest 'attempts are counted for each store' => sub {
    for (1 .. 5) {
        $one->visitor()->post_json('/api/session',
            $one->login_data('330000010002', password => 'wrong'));
    }
    is($one->visitor()->post_json('/api/session',
        $one->login_data('330000010002'))->status(), 429,
       'five failures at the first');
    is($two->visitor()->post_json('/api/session',
        $two->login_data('330000010002'))->status(), 200,
       'none at the second');
};


clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
