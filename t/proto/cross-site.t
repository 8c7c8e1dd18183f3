# Requests from elsewhere: whatever carries our cookie, or is answered with
# one, needs the own origin.  S13

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $site = new_site(
    conf => { session => 'secure=off max=100',
              server => "        membercert_login_limit "
              . "account=1000/1m address=1000/1m;\n" },
);
my $nginx = $site->nginx();
my $own = 'http://127.0.0.1:' . $site->port();
my $member = $site->login();
my $cookie = $member->cookie_header();
my $mini = $site->login(undef, client => 'mini');
my $token = $mini->{headers}{Authorization};

# headers that say where a request comes from => is it one of ours?
my @origins = (
    [{ Origin => $own }, 1, 'the own Origin'],
    [{ Origin => uc $own }, 1, 'in capitals'],
    [{ 'Sec-Fetch-Site' => 'same-origin' }, 1, 'Sec-Fetch-Site says so'],
    [{ 'Sec-Fetch-Site' => 'same-origin', Origin => 'http://evil.example' },
     1, 'and decides alone'],
    [{}, 0, 'nothing said'],
    [{ Origin => 'null' }, 0, 'Origin: null'],
    [{ Origin => '' }, 0, 'an empty Origin'],
    [{ Origin => 'http://evil.example' }, 0, 'another Origin'],
    [{ Origin => "$own.evil.example" }, 0, 'one that begins like ours'],
    [{ Origin => 'https://127.0.0.1:' . $site->port() }, 0,
     'another scheme'],
    [{ Origin => 'http://127.0.0.1' }, 0, 'another port'],
    [{ 'Sec-Fetch-Site' => 'cross-site', Origin => $own }, 0,
     'Sec-Fetch-Site: cross-site'],
    [{ 'Sec-Fetch-Site' => 'same-site', Origin => $own }, 0,
     'Sec-Fetch-Site: same-site'],
    [{ 'Sec-Fetch-Site' => 'none', Origin => $own }, 0,
     'Sec-Fetch-Site: none'],
    [{ 'Sec-Fetch-Site' => 'Same-Origin' }, 0, 'a word browsers never send'],
);


# One request of a client without an origin of its own.

sub ask {
    my ($method, $path, $body, %headers) = @_;

    my $client = client($site->port(), origin => '', timeout => 20);
    my $type = $path =~ /photo/ ? 'image/jpeg' : 'application/json';

    $headers{'Content-Type'} = $type if defined $body;
    return $client->request($method, $path, body => $body,
                            headers => \%headers);
}

sub login_body {
    my (%more) = @_;

    return JSON::PP->new->utf8->encode(
        $site->login_data('330000010001', %more));
}

sub outcome {
    my ($r) = @_;

    return ($r->problem() || '') eq 'origin_refused' && $r->status() == 403
        ? 'refused' : 'heard';
}


subtest 'a log-in answered with a cookie needs the own origin' => sub {
    for my $row (@origins) {
        my ($headers, $ours, $name) = @$row;
        my $r = ask('POST', '/api/session', login_body(), %$headers);

        is($r->status(), $ours ? 200 : 403, $name);
        is(defined $r->header('Set-Cookie') ? 'cookie' : 'none',
           $ours ? 'cookie' : 'none', "$name: the cookie");
    }

    my $r = ask('POST', '/api/session', login_body(client => undef)
                =~ s/"client":null,?//r =~ s/,\}/}/r);
    is($r->status(), 403, 'who leaves "client" out is a browser');
};


subtest 'the mini program has no origin and gets no cookie' => sub {
    for my $headers ({}, { Origin => 'http://evil.example' },
                     { 'Sec-Fetch-Site' => 'cross-site' })
    {
        my $r = ask('POST', '/api/session', login_body(client => 'mini'),
                    %$headers);
        is($r->status(), 200, 'it may log in');
        like($r->json()->{token}, qr/^[\w-]{43}$/, 'with a token');
        is($r->header('Set-Cookie'), undef, 'and never a cookie');
    }
};


# whatever else they are answered with; what must not be is 403
my @unsafe = (
    ['POST', '/api/member', '{"values":{}}'],
    ['POST', '/api/consent',
     '{"document":"privacy","version":"1","accepted":true}'],
    ['PUT', '/api/photo?dry_run=1', 'x' x 100],
    ['POST', '/api/certificate', '{"version":"x"}'],
);

for my $request (@unsafe) {
    my ($method, $path, $body) = @$request;

    subtest "$method $path with our cookie needs the own origin" => sub {
        for my $row (@origins) {
            my ($headers, $ours, $name) = @$row;
            my $r = ask($method, $path, $body, Cookie => $cookie, %$headers);

            is(outcome($r), $ours ? 'heard' : 'refused', $name)
                or diag($r->status() . ' ' . $r->body());
        }

        is(outcome(ask($method, $path, $body, Authorization => $token)),
           'heard', 'with a token it does not');
    };
}


subtest 'a foreign page cannot log anybody out' => sub {
    for my $row (@origins) {
        my ($headers, $ours, $name) = @$row;
        my $r = ask('DELETE', '/api/session', undef, %$headers);

        is($r->status(), $ours ? 204 : 403, "without a cookie: $name");
        next if $ours;

        $r = ask('DELETE', '/api/session', undef, Cookie => $cookie,
                 %$headers);
        is($r->status(), 403, "with a cookie: $name");
    }
    is($member->get('/api/session')->status(), 200, 'still logged in');
};


subtest 'reading needs no origin, and no other site may read' => sub {
    for my $path (qw(site session member photo/state certificate)) {
        my $r = ask('GET', "/api/$path", undef, Cookie => $cookie,
                    'Sec-Fetch-Site' => 'cross-site',
                    Origin => 'http://evil.example');
        is($r->status(), 200, $path);
        ok(!grep({ /^access-control-/i } keys %{$r->{headers}}),
           "$path: no CORS header");
        is($r->header('X-Content-Type-Options'), 'nosniff',
           "$path: nosniff");
    }

    my $r = ask('OPTIONS', '/api/member', undef, Origin => $own,
                'Access-Control-Request-Method' => 'POST');
    is($r->status(), 405, 'OPTIONS is no method of ours');
    ok(!grep({ /^access-control-/i } keys %{$r->{headers}}),
       'and no CORS header either');
};


subtest 'two credentials at once: 400' => sub {
    for my $request (['GET', '/api/member'], ['GET', '/api/certificate.pdf'],
                     @unsafe, ['DELETE', '/api/session'])
    {
        my ($method, $path, $body) = @$request;
        my $r = ask($method, $path, $body, Cookie => $cookie,
                    Authorization => $token, Origin => $own);

        is($r->status(), 400, "$method $path");
        is($r->problem(), 'two_credentials', 'the code');
    }
};


subtest 'credentials that are none' => sub {
    my $good = $member->cookie('membercert');
    my %cookies = (
        'short' => 'membercert=abc', 'empty' => 'membercert=',
        'unknown' => 'membercert=' . 'A' x 43,
        'quoted' => qq(membercert="$good"),
        'longer' => "membercert=${good}A",
        'of another name' => "xmembercert=$good",
        'of the secure name' => "__Host-membercert=$good",
    );

    for my $name (sort keys %cookies) {
        my $r = ask('GET', '/api/member', undef, Cookie => $cookies{$name});
        is($r->status(), 401, "a cookie: $name");
        is($r->problem(), 'session_expired', 'the code');
    }

    my $r = ask('GET', '/api/member', undef,
                Cookie => "a=b; membercert=$good; c=d");
    is($r->status(), 200, 'among others it is found');
    $r = ask('GET', '/api/member', undef,
             Cookie => "membercert=$good; membercert=" . 'A' x 43);
    is($r->status(), 400, 'twice is malformed');

    my ($bare) = $token =~ /(\S+)$/;
    my %tokens = ('bearer' => "bearer $bare", 'BEARER' => "BEARER $bare");
    is(ask('GET', '/api/member', undef, Authorization => $tokens{$_})
       ->status(), 200, "the scheme in any case: $_") for sort keys %tokens;

    for my $value ("Basic $bare", 'Bearer', "Bearer $bare$bare",
                   'Bearer ' . 'A' x 5000)
    {
        is(ask('GET', '/api/member', undef, Authorization => $value)
           ->status(), 401, 'not: ' . substr($value, 0, 20));
    }
};


subtest 'S13: the secure cookie and an origin of the server\'s own' => sub {
    $nginx->configure($site->text(
        session => 'max=100',
        origin => "https://cert.example.org $own"));
    ok($nginx->reload(wait_old => 1), 'secure=on');

    my $r = ask('POST', '/api/session', login_body(),
                Origin => 'https://cert.example.org');
    is($r->status(), 200, 'the origin of the configuration');
    like($r->header('Set-Cookie'),
         qr/^__Host-membercert=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
         'the cookie is bound to host, https and site');

    my ($pair) = $r->header('Set-Cookie') =~ /^([^;]+)/;
    is(ask('GET', '/api/member', undef, Cookie => $pair)->status(), 200,
       'and taken');
    is(ask('GET', '/api/member', undef, Cookie => $cookie)->status(), 401,
       'the plain one no more');

    $nginx->configure($site->text(origin => undef));
    ok($nginx->reload(wait_old => 1), 'no membercert_origin at all');
    is(ask('POST', '/api/session', login_body(), Origin => $own)->status(),
       403, 'an Origin alone is nobody\'s');
    is(ask('POST', '/api/session', login_body(),
           'Sec-Fetch-Site' => 'same-origin')->status(), 200,
       'Sec-Fetch-Site is enough');
};


clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
