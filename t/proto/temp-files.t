# No password and no photo byte is ever written to a temporary file: nginx
# gets folders it cannot write to and tiny buffers, and every upload works
# all the same.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl', 'openssl');

my $site = new_site(
    tls => 1,
    conf => { http => "    client_body_buffer_size 1k;\n",
              server => "        location /echo/ { client_max_body_size "
                  . "64k; proxy_pass http://127.0.0.1:1; }\n" },
);
my $nginx = $site->nginx();
my $dir = $site->dir() . '/nginx';
my $photo = portrait(1);

# the workers' folders belong to them, until now
for my $folder (glob "$dir/temp/*") {
    is_deeply([glob "$folder/*"], [], "$folder is empty");
    chown 0, 0, $folder if $> == 0;
    chmod 0500, $folder;
}


sub body_of {
    my ($length) = @_;

    my $data = $site->login_data('330000010001');
    $data->{filler} = '';
    my $body = JSON::PP->new->utf8->encode($data);
    $data->{filler} = 'x' x ($length - length $body);
    return JSON::PP->new->utf8->encode($data);
}


subtest 'the check itself finds a temporary file' => sub {
    my $r = $site->visitor()->request('PUT', '/echo/', body => $photo);
    is($r->status(), 500, 'nginx cannot keep a body there');
    like($nginx->error_log(), qr/\[crit\].*Permission denied/,
         'and the log says why');
};

my $log = length $nginx->error_log();


subtest 'no password in a temporary file' => sub {
    for my $length (300, 3000, 16000) {
        my $r = $site->visitor()->request('POST', '/api/session',
            body => body_of($length),
            headers => { 'Content-Type' => 'application/json' });
        is($r->status(), 200, "a log-in of $length bytes") or diag($r->body());
    }

    my $s = raw($site->port());
    my $body = body_of(9000);
    $s->send("POST /api/session HTTP/1.1\r\nHost: a\r\nOrigin: "
        . 'http://127.0.0.1:' . $site->port() . "\r\nContent-Type: "
        . "application/json\r\nContent-Length: " . length($body)
        . "\r\n\r\n");
    $s->send_slowly($body, 500, 0.002);
    my $r = $s->read_response();
    is($r && $r->status(), 200, 'one that comes slowly');
};


subtest 'no photo byte in a temporary file' => sub {
    my $member = $site->login();
    my $head = "Host: a\r\nCookie: " . $member->cookie_header()
        . "\r\nOrigin: http://127.0.0.1:" . $site->port()
        . "\r\nContent-Type: image/jpeg\r\n";
    my $start = "PUT /api/photo?dry_run=1 HTTP/1.1\r\n$head";

    is($member->put_photo('/api/photo?declare=1', $photo)->status(), 202,
       'at once');

    my $s = raw($site->port());
    $s->send($start . 'Content-Length: ' . length($photo) . "\r\n\r\n");
    $s->send_slowly($photo, 700, 0.002);
    my $r = $s->read_response();
    is($r && $r->status(), 200, 'slowly');

    $s = raw($site->port());
    $s->send("${start}Transfer-Encoding: chunked\r\n\r\n");
    for (my $at = 0; $at < length $photo; $at += 900) {
        my $piece = substr($photo, $at, 900);
        $s->send(sprintf("%x\r\n%s\r\n", length $piece, $piece));
    }
    $s->send("0\r\n\r\n");
    $r = $s->read_response();
    is($r && $r->status(), 200, 'chunked');

    $s = raw($site->port());
    $s->send("$start\r\n" =~ s/\r\n\r\n$/\r\nContent-Length: 15000\r\n\r\n/r);
    $s->send('x' x 15000);
    $r = $s->read_response();
    is($r && $r->status(), 422, 'a body that is no photo');

    $s = raw($site->port());
    $s->send($start . 'Content-Length: ' . length($photo) . "\r\n\r\n"
             . substr($photo, 0, 6000));
    $s->reset();

    SKIP: {
        my $h2 = run_command(['/usr/bin/python3', '-c', 'import h2'])->{ok};
        skip 'needs python3-h2', 1 unless $h2;

        my $report = h2($site->tls_port(), [{
            method => 'PUT', path => '/api/photo?dry_run=1',
            headers => [['cookie', $member->cookie_header()],
                        ['origin', 'http://127.0.0.1:' . $site->port()],
                        ['content-type', 'image/jpeg']],
            body => [map { substr($photo, $_ * 4000, 4000) }
                     0 .. int((length($photo) - 1) / 4000)],
            pause => 0.02,
        }], tls => 1);
        is($report->{streams}[0]{status}, 200, 'over HTTP/2');
    }
};


unlike(substr($nginx->error_log(), $log),
       qr/\[(?:crit|alert|emerg)\]|buffered to a temporary file/,
       'nginx never tried to write one');

for my $folder (glob "$dir/temp/*") {
    is_deeply([glob "$folder/*"], [], "$folder is still empty");
    chmod 0700, $folder;
}

my $found = run_command(['grep', '-rlaF', password(), $site->dir()]);
is($found->{out}, '', 'the password stands in no file at all');
done_testing();
