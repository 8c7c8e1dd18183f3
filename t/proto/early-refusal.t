# An answer that goes out before the whole body was read: the rest of the
# body is never taken for the next request, a client that asks first is told
# no without a 100, a sender who stalls is answered, and on HTTP/2 the other
# streams go on.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl', 'openssl');

my $site = new_site(tls => 1, conf => {
    server => "        lingering_timeout 200ms;\n",
});
my $nginx = $site->nginx();
my $member = $site->login('330000010001');
my $cookie = 'Cookie: ' . $member->cookie_header() . "\r\n"
    . "Origin: http://127.0.0.1:" . $site->port() . "\r\n";

# What the attacker puts where a careless server would read on.
my $smuggled = "GET /api/site HTTP/1.1\r\nHost: a\r\n\r\n";
my $bad = ('not a picture ' x 10) . $smuggled x 3;

# name, request line and headers, status, code
my @refusals = (
    ['a body that is no JPEG',
     "PUT /api/photo?declare=1 HTTP/1.1\r\n${cookie}Content-Type: image/jpeg",
     422, 'photo_not_jpeg'],
    ['a photo without a session',
     "PUT /api/photo HTTP/1.1\r\nContent-Type: image/jpeg",
     401, 'session_expired'],
    ['a session nobody knows',
     "PUT /api/photo HTTP/1.1\r\nAuthorization: Bearer " . ('A' x 43)
     . "\r\nContent-Type: image/jpeg", 401, 'session_expired'],
    ['a wrong type',
     "PUT /api/photo HTTP/1.1\r\n${cookie}Content-Type: image/png",
     415, 'body_type'],
    ['a wrong method',
     "DELETE /api/member HTTP/1.1\r\n${cookie}X-A: b",
     405, 'method_not_allowed'],
    ['a path that is not there',
     "POST /api/nothing HTTP/1.1\r\n${cookie}X-A: b", 404, 'not_found'],
    ['a save from another site',
     "POST /api/member HTTP/1.1\r\n${cookie}Sec-Fetch-Site: cross-site\r\n"
     . 'Content-Type: application/json', 403, 'origin_refused'],
    ['a body nobody asked for',
     "GET /api/member HTTP/1.1\r\n${cookie}X-A: b", 413, 'body_size'],
);


sub head_of {
    my ($start, $length) = @_;

    return "$start\r\nHost: 127.0.0.1\r\n"
        . ($length < 0 ? 'Transfer-Encoding: chunked'
                       : "Content-Length: $length") . "\r\n\r\n";
}

sub chunked {
    my ($body) = @_;

    return sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body, $body);
}


# How the bytes come: all at once; head, then body; head with a part of the
# body, the rest later; the same chunked.

my %modes = (
    whole   => sub {
        my ($s, $start, $body) = @_;
        $s->send(head_of($start, length $body) . $body);
    },
    split   => sub {
        my ($s, $start, $body) = @_;
        $s->send(head_of($start, length $body));
        sleep 0.05;
        $s->send($body);
    },
    preread => sub {
        my ($s, $start, $body) = @_;
        $s->send(head_of($start, length $body) . substr($body, 0, 100));
        sleep 0.05;
        $s->send(substr($body, 100));
    },
    chunked => sub {
        my ($s, $start, $body) = @_;
        $s->send(head_of($start, -1) . chunked($body));
    },
    'chunked in pieces' => sub {
        my ($s, $start, $body) = @_;
        $s->send(head_of($start, -1));
        $s->send_slowly(chunked($body), 97, 0.005);
    },
);


sub one_answer {
    my ($title, $socket, $status, $code) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    my $r = $socket->read_response();
    my $how = $socket->read_to_end(5);
    my $seen = $r ? join(' ', $r->status(), $r->problem() || '-',
                         lc($r->header('Connection') || '-'), $how,
                         length $socket->buffer()) : "nothing, $how";

    is($seen, "$status $code close closed 0", $title)
        or diag($socket->buffer());
}

for my $mode (sort keys %modes) {
    subtest "no request is smuggled after an early refusal: $mode" => sub {
        for my $refusal (@refusals) {
            my ($name, $start, $status, $code) = @$refusal;
            my $s = raw($site->port());

            $modes{$mode}->($s, $start, $bad);
            one_answer($name, $s, $status, $code);
        }
    };
}


subtest 'a body longer than the maximum, said or not, is refused' => sub {
    my $json = "POST /api/session HTTP/1.1\r\n"
        . 'Content-Type: application/json';
    my $photo = "PUT /api/photo HTTP/1.1\r\n${cookie}"
        . 'Content-Type: image/jpeg';
    my $big = '{"a":"' . ('x' x 17000) . $smuggled;
    my $jpeg = portrait(1) . "\0" x 9000 . $smuggled;

    my $s = raw($site->port());
    $s->send(head_of($json, length $big) . $big);
    one_answer('JSON, announced', $s, 413, 'body_size');

    $s = raw($site->port());
    $s->send(head_of($json, -1) . chunked($big));
    one_answer('JSON, chunked', $s, 413, 'body_size');

    $s = raw($site->port());
    $s->send(head_of($photo, 30000) . $jpeg);
    one_answer('a photo, announced', $s, 413, 'photo_too_large');

    my $long = "\xff\xd8" . "\xff\xe1\xff\xff" . 'x' x 60000;
    $s = raw($site->port());
    $s->send(head_of($photo, -1) . chunked($long));
    my $r = $s->read_response();
    is($r && $r->status(), 413, 'a photo, chunked');
    is($s->read_to_end(5), 'closed', 'and closed');
    unlike($s->buffer(), qr/HTTP/, 'with nothing behind it');
};


subtest 'Expect: 100-continue is refused without a 100' => sub {
    my @more = (
        ['a photo that is too large',
         "PUT /api/photo HTTP/1.1\r\n${cookie}Content-Type: image/jpeg",
         413, 'photo_too_large', 60_000],
        ['JSON that is too large', "POST /api/session HTTP/1.1\r\n"
         . 'Content-Type: application/json', 413, 'body_size', 50_000],
    );
    # the first is refused by its bytes, so the others only
    my (undef, @by_head) = @refusals;

    for my $refusal (@more, @by_head) {
        my ($name, $start, $status, $code, $length) = @$refusal;
        my $s = raw($site->port());

        $s->send(head_of("$start\r\nExpect: 100-continue", $length || 900));
        one_answer($name, $s, $status, $code);
    }

    my $s = raw($site->port());
    $s->send(head_of("PUT /api/photo?dry_run=1 HTTP/1.1\r\n${cookie}"
        . "Expect: 100-continue\r\nContent-Type: image/jpeg",
        length portrait(1)));
    my $r = $s->read_response();
    is($r && $r->status(), 100, 'a good photo is asked for');
    $s->send(portrait(1));
    $r = $s->read_response();
    is($r && $r->status(), 200, 'and taken');
};


subtest 'a sender who stalls is answered at once' => sub {
    my $start = time();
    my $s = raw($site->port());

    $s->send(head_of("PUT /api/photo HTTP/1.1\r\n${cookie}"
        . 'Content-Type: image/jpeg', 15000) . "\x89PNG\r\n\x1a\n" . 'x' x 60);
    my $r = $s->read_response();
    is($r && $r->problem(), 'photo_not_jpeg', 'the type is known already');
    cmp_ok(time() - $start, '<', 3, 'nobody waits for the rest');
    like($r->json()->{detail}, qr/PNG/, 'and what it is has a name');
};


subtest 'who sends on after a refusal still gets to read it' => sub {
    for (1 .. 5) {
        my $s = raw($site->port());
        my $sent = $s->send(head_of("PUT /api/photo HTTP/1.1\r\n${cookie}"
            . 'Content-Type: image/jpeg', 20000) . 'x' x 20000);
        my $r = $s->read_response();

        is($r && $r->status(), 422, 'no reset');
    }

    # refused by the head: the answer is there before the body is sent
    my (undef, @by_head) = @refusals;

    for my $refusal (@by_head) {
        my ($name, $start, $status) = @$refusal;
        my $s = raw($site->port());

        $s->send(head_of($start, 20000));
        my $r = $s->read_response();
        is($r && $r->status(), $status, $name);
        is($s->send_slowly('x' x 20000, 5000, 0.01), 20000,
           'every byte that follows is still taken');
    }
};


subtest 'a refusal after the whole body keeps the connection' => sub {
    my $wrong = portrait('--width=179', 1);
    my $s = raw($site->port());

    $s->send(head_of("PUT /api/photo HTTP/1.1\r\n${cookie}"
        . 'Content-Type: image/jpeg', length $wrong) . $wrong);
    my $r = $s->read_response();
    is($r && $r->problem(), 'photo_pixels', 'a fault found at the end');
    isnt(lc($r->header('Connection') || ''), 'close', 'no close');

    $s->send("GET /api/session HTTP/1.1\r\nHost: a\r\n$cookie\r\n");
    $r = $s->read_response();
    is($r && $r->status(), 200, 'the next request on it');

    my $body = '{"user_type":"nonpractising","member_no":"1",'
        . '"password":"x","client":"mini"}';
    $s->send(head_of("POST /api/session HTTP/1.1\r\nContent-Type: "
        . 'application/json', length $body) . $body . $smuggled);
    $r = $s->read_response();
    is($r && $r->problem(), 'login_failed', 'a log-in that fails');
    $r = $s->read_response();
    is($r && $r->status(), 200, 'and one more request, sent with it');
};


SKIP: {
    my $h2 = run_command(['/usr/bin/python3', '-c', 'import h2'])->{ok};
    skip 'needs python3-h2', 1 unless $h2;

    subtest 'HTTP/2: an early refusal leaves the other streams alive'
        => \&http2;
}


sub http2 {
    my @login = (['cookie', $member->cookie_header()],
                 ['origin', 'http://127.0.0.1:' . $site->port()]);
    my @jpeg = (@login, ['content-type', 'image/jpeg']);
    my $good = portrait(1);
    my $half = length($good) / 2;

    my $r = h2($site->tls_port(), [
        # lasts longer than the refusals beside it
        { method => 'PUT', path => '/api/photo?dry_run=1',
          headers => \@jpeg, pause => 0.15,
          body => [map { substr($good, $_ * 3000, 3000) }
                   0 .. int((length($good) - 1) / 3000)] },
        { method => 'PUT', path => '/api/photo', headers => \@jpeg,
          body => ['x' x 100, 'y' x 100], end => 0 },
        { method => 'PUT', path => '/api/photo',
          headers => [@jpeg, ['content-length', '40000']],
          body => ['z' x 100], end => 0 },
        { method => 'POST', path => '/api/session', end => 0,
          headers => [['content-type', 'text/plain']], body => ['{}'] },
        { path => '/api/session', headers => \@login, after => 1 },
    ], tls => 1);

    is($r->{error}, undef, 'no error');
    is_deeply([map { $_->{status} } @{$r->{streams}}],
              [200, 422, 413, 415, 200], 'every stream has its answer');
    ok($r->{streams}[1]{ended}, 'the refused stream has ended');
    is($r->{goaway}, undef, 'no GOAWAY');
    ok(!$r->{closed} && $r->{pings} == 1, 'the connection lives');
}


is(client($site->port())->get('/api/site')->status(), 200,
   'the worker lives');
clean_log($nginx);
done_testing();
