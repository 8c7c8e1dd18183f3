# The way back into an account: whoever asks gets the same answer at the same
# moment; the code goes to the contact on file, is tried five times, used
# once among all workers, and opens no session.
# S03 S11 S12 I04 I05 X02 X03 X04

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

my $id = '110105194912310038';
my $new = 'tall brown kettle 88';
my $sent = temp_dir('sent');
chmod 0777, $sent;

my @no = map { sprintf '3300000100%02d', $_ } 1 .. 20;
my @people = map { person($_, name => '王小明', id_number => $id,
                          certificate_no => "F-$_") } @no;
$people[1]{password_hash} = '';             # never had one
$people[2]{phone} = $people[2]{email} = '';
$people[4]{name} = '赵新会';
$people[4]{id_number} = '110105194912310046';
$people[4]{password_hash} = '';

my $server = <<"END";
        membercert_outbox file:$sent;
        membercert_recovery account=1000/1h address=1000/1h all=10000/1h;
        add_header X-Worker \$pid always;
END
my $site = new_site(people => \@people, conf => { server => $server },
                    nginx => { workers => 2 }, tls => 1);
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
$site->must_ctl('member', 'disable', $no[3]);


sub body_of {
    my ($no, %more) = @_;

    return { user_type => 'nonpractising', member_no => $no,
             name => '王小明', id_number => $id, client => 'web', %more };
}

# Asks, from the outside; (response, seconds).
sub ask {
    my ($what, $body) = @_;

    my $start = time();
    my $r = $site->visitor()->post_json("/api/$what", $body);
    return ($r, time() - $start);
}

# What was sent since the last call, oldest first.
my %seen;
sub messages {
    my ($count) = @_;

    my @new;
    wait_for(sub {
        @new = grep { !$seen{$_} } glob "$sent/*.json";
        return @new >= $count;
    }, 10);
    $seen{$_} = 1 for @new;
    return map { JSON::PP->new->utf8->decode(slurp($_)) }
        sort { -M $b <=> -M $a } @new;
}

# A code for this member: (token, code).
sub code_for {
    my ($no, %more) = @_;

    my ($r) = ask('recovery', body_of($no, %more));
    is($r->status(), 202, "$no asks") or diag($r->body());
    my ($message) = messages(1);
    return ($r->json()->{recovery}, $message->{params}{code});
}

sub confirm {
    my ($body) = @_;

    my $r = $site->visitor()->post_json('/api/recovery/confirm', $body);
    return $r->status() == 204 ? 204
        : $r->status() . ' ' . ($r->problem() || '-');
}

sub logs_in {
    my ($no, $password) = @_;

    return $site->visitor()->post_json('/api/session',
        $site->login_data($no, password => $password))->status();
}

# Bodies sent on connections of their own at one moment; their statuses.
sub at_once {
    my ($path, @bodies) = @_;

    my @sockets;
    for my $body (@bodies) {
        my $json = JSON::PP->new->utf8->encode($body);
        my $s = raw($site->port());
        $s->send("POST $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            . "Content-Type: application/json\r\nContent-Length: "
            . length($json) . "\r\n\r\n" . substr($json, 0, -1));
        push @sockets, $s;
    }

    sleep 0.1;
    $_->send('}') for @sockets;
    return map { $_->read_response() } @sockets;
}

sub statuses { return join ' ', sort map { $_ ? $_->status() : '-' } @_ }


subtest 'whoever is meant, the answer is the same (S03 I04)' => sub {
    my %asked = (
        'a member' => ['recovery', body_of($no[0])],
        'by mini program' => ['recovery', body_of($no[0], client => 'mini')],
        'unknown number' => ['recovery', body_of('999999999999')],
        'no number at all' => ['recovery', body_of('???')],
        'another name' => ['recovery', body_of($no[0], name => '王大明')],
        'another ID number' => ['recovery', body_of($no[0],
            id_number => '110105194912310054')],
        'another user type' => ['recovery', body_of($no[0],
            user_type => 'practising')],
        'no such user type' => ['recovery', body_of($no[0],
            user_type => 'x')],
        'disabled' => ['recovery', body_of($no[3])],
        'no contact on file' => ['recovery', body_of($no[2])],
        'a new member' => ['activation', body_of('', name => '赵新会',
            id_number => '110105194912310046')],
        'no new member' => ['activation', body_of('', name => '赵新会',
            id_number => '110105194912310054')],
    );
    my $first;

    for my $who (sort keys %asked) {
        my ($r, $time) = ask(@{$asked{$who}});
        my $json = $r->json();
        my $text = $r->raw();

        $text =~ s/^(?:Date|X-Worker): .*\r\n//mg;
        like($json->{recovery}, qr/^[-_A-Za-z0-9]{43}$/, "$who: a token");
        $text =~ s/\Q$json->{recovery}\E/TOKEN/;
        is_deeply([$json->{expires_in}, $json->{code_length}], [600, 8],
                  "$who: the same promises");
        $first = $text unless defined $first;
        is($text, $first, "$who: the same bytes");
        like($text, qr/^HTTP.* 202 .*^Cache-Control: private, no-store\r$/ms,
             "$who: accepted");
        cmp_ok($time, '>=', 0.49, "$who: not before the deadline");
    }

    unlike($nginx->error_log(), qr/\[error\]/, 'nothing in the log');

    my @messages = messages(3);
    is_deeply([sort map { "$_->{kind} $_->{to}" } @messages],
              ['code 13800000001', 'code 13800000001',
               'lookup 13800000001'], 'three messages left');
    my ($lookup) = grep { $_->{kind} eq 'lookup' } @messages;
    is_deeply([@{$lookup->{params}}{qw(member_no certificate_no)}],
              [$no[4], "F-$no[4]"], 'a new member learns the numbers');
};


subtest 'a late answer leaves at the next quarter of a second' => sub {
    my $lock = $site->hold_lock();
    my @jobs = map {
        my $body = $_;
        in_background(sub { my (undef, $time) = ask('recovery', $body);
                            return $time; });
    } body_of($no[5]), body_of('999999999999');

    sleep 0.85;
    $lock->release();

    for my $who ('a member', 'nobody') {
        my $time = (shift @jobs)->wait(10);
        cmp_ok($time, '>', 0.99, "$who: not before 1 s");
    }

    messages(1);
};


subtest 'a forgotten password (S11 S12)' => sub {
    my @old = map { $site->login($no[0]) } 1 .. 2;
    my ($token, $code) = code_for($no[0]);

    like($code, qr/^\d{8}$/, 'eight digits');
    is(confirm({ recovery => $token, code => $code, password => 'short 1x' }),
       '422 password_short', 'a short password');
    is(confirm({ recovery => $token, code => substr($code, 0, 4) . ' '
                     . substr($code, 4), password => $new }), 204,
       'a good one; the code as people type it');

    for my $old (@old) {
        is($old->get('/api/member')->status(), 401, 'the sessions ended');
    }

    is(logs_in($no[0], password()), 401, 'the old password is none');
    is(logs_in($no[0], $new), 200, 'the new one is, by hand');
    my ($told) = messages(1);
    is("$told->{kind} $told->{to}", 'changed 13800000001',
       'the member is told');
    is(confirm({ recovery => $token, code => $code, password => $new }),
       '422 recovery_refused', 'a second time');
};


subtest 'an empty password leads there, and nowhere else (I05)' => sub {
    is(logs_in($no[1], ''), 401, 'it logs nobody in');
    my ($token, $code) = code_for($no[1], channel => 'email');
    my $r = $site->visitor()->post_json('/api/recovery/confirm',
        { recovery => $token, code => $code, password => $new });
    is($r->status(), 204, 'a first password');
    is($r->header('Set-Cookie'), undef, 'no session by itself');
    is(logs_in($no[1], $new), 200, 'it does');
    my ($told) = messages(1);
    is("$told->{kind} $told->{channel}", 'changed email',
       'told by the channel of the code');
};


subtest 'five wrong codes are all there are, however they come' => sub {
    my ($token, $code) = code_for($no[6]);
    my $wrong = $code ^ "\0" x 7 . "\1";
    my %body = (recovery => $token, password => $new);

    my @r = at_once('/api/recovery/confirm',
                    map { { %body, code => $wrong } } 1 .. 8);
    is(statuses(@r), join(' ', (422) x 8), 'eight at once, refused');
    my ($row) = query($core, 'SELECT max(tries) FROM recovery '
                      . 'WHERE member_id = (SELECT id FROM member '
                      . 'WHERE member_no = ?)', $no[6]);
    is($row->[0], 5, 'five were judged');
    is(confirm({ %body, code => $code }), '422 recovery_refused',
       'the right one comes too late');
};


# Which worker takes a connection is the kernel's choice: up to three codes
# are used until both took part.

subtest 'a code is used once, over two workers' => sub {
    my %worker;

    for my $time (1 .. 3) {
        my ($token, $code) = code_for($no[7]);

        my @r = at_once('/api/recovery/confirm', map {
            { recovery => $token, code => $code,
              password => "$new $time $_" }
        } 1 .. 8);
        $worker{$_->header('X-Worker')} = 1 for grep { $_ } @r;
        is(statuses(@r), '204 ' . join(' ', (422) x 7), 'one of eight');
        my ($won) = grep { $r[$_] && $r[$_]->status() == 204 } 0 .. $#r;
        is(logs_in($no[7], "$new $time " . (1 + $won)), 200,
           'and its password');
        messages(1);
        last if keys %worker == 2;
    }

    is(scalar(keys %worker), 2, 'by both workers');
};


subtest 'a code ends after its time' => sub {
    my ($token, $code) = code_for($no[8]);

    query($core, 'UPDATE recovery SET expires_at = expires_at - 600000');
    is(confirm({ recovery => $token, code => $code, password => $new }),
       '422 recovery_refused', 'after ten minutes');
};


subtest 'a member gets three codes an hour; nobody sees a difference' =>
sub {
    my @r = map { (ask('recovery', body_of($no[9])))[0] } 1 .. 5;

    is(statuses(@r), join(' ', (202) x 5), 'five times accepted');
    is(scalar(messages(3)), 3, 'three were sent');
    sleep 0.5;
    is(scalar(messages(0)), 0, 'and no more');
};


subtest 'what is sent to all is bounded; what is asked for is not' => sub {
    my ($had) = map { @$_ } query($core, "SELECT count(*) FROM outbox WHERE "
        . "kind IN ('code', 'lookup')");
    my $some = $had + 1;

    $nginx->configure($site->text(server =>
        $server =~ s/all=\d+/all=$some/r));
    ok($nginx->reload(wait_old => 1), 'one more');

    for my $n (1 .. 5) {
        my ($r) = ask('recovery', body_of("99$n"));
        is($r->status(), 202, "stranger $n");
    }

    my ($one) = ask('recovery', body_of($no[17]));
    is($one->status(), 202, 'they use up nothing');
    is(scalar(messages(1)), 1, 'a member gets a code');

    my ($two, $time) = ask('recovery', body_of($no[18]));
    is($two->status(), 202, 'the next one is answered alike');
    cmp_ok($time, '>=', 0.45, 'at its moment');
    is(length($two->body()), length($one->body()), 'with as much');
    sleep 0.5;
    is(scalar(messages(0)), 0, 'and gets none');
    like($nginx->error_log(), qr/as many codes were sent as/,
         'which the log says');
    is_deeply([query($core, 'SELECT count(*) FROM audit WHERE result = '
                            . "'limited_all'")], [[1]], 'and the audit');

    $nginx->configure($site->text());
    ok($nginx->reload(wait_old => 1), 'as before');
};


subtest 'who asks may leave; the code is sent' => sub {
    my $json = JSON::PP->new->utf8->encode(body_of($no[10]));
    my $s = raw($site->port());

    $s->send("POST /api/recovery HTTP/1.1\r\nHost: a\r\n"
        . "Content-Type: application/json\r\nOrigin: http://127.0.0.1:"
        . $site->port() . "\r\nContent-Length: " . length($json)
        . "\r\n\r\n$json");
    sleep 0.2;
    $s->reset();
    is(scalar(messages(1)), 1, 'to the member');
};


subtest 'HTTP/2: answers of one connection, at their moment' => sub {
    plan(skip_all => 'no python3-h2')
        unless run_command(['/usr/bin/python3', '-c', 'import h2'])->{ok};

    my $start = time();
    my $report = h2($site->tls_port(), [map { {
        method => 'POST', path => '/api/recovery',
        headers => [['content-type', 'application/json'],
                    ['sec-fetch-site', 'same-origin']],
        body => JSON::PP->new->utf8->encode($_),
    } } body_of($no[14]), body_of('999999999999')], tls => 1);
    is(join(' ', map { $_->{status} || '-' } @{$report->{streams}}),
       '202 202', 'both accepted');
    cmp_ok(time() - $start, '>=', 0.49, 'not at once');
    messages(1);
};


subtest 'a reload waits for the answer' => sub {
    my $ask = in_background(sub {
        my ($r, $time) = ask('recovery', body_of($no[11]));
        return [$r->status(), $time];
    });

    sleep 0.15;
    ok($nginx->reload(wait_old => 1), 'meanwhile a reload');
    my $got = $ask->wait(10);
    is($got->[0], 202, 'answered');
    cmp_ok($got->[1], '>=', 0.49, 'at its time');
    messages(1);
};


subtest "an institute's code is the other way (X03)" => sub {
    my $out = $site->must_ctl('member', 'activate', $no[2]);
    my ($code) = $out =~ /^code +((?:[0-9A-HJKMNP-TV-Z]{5}-?){5})$/m;

    ok($code, 'twenty-five letters') or diag($out);
    like($out, qr/^until +\d{4}-\d\d-\d\dT/m, 'and until when');

    my $typed = lc($code =~ s/-/ /gr);
    $typed =~ tr/01/ol/;
    my %body = (user_type => 'nonpractising', member_no => $no[2],
                code => $typed, password => $new);

    is(confirm({ %body, member_no => $no[12] }), '422 recovery_refused',
       'not for another');
    is(confirm({ %body, code => 'AAAAA-' x 4 . 'AAAAA' }),
       '422 recovery_refused', 'not a made-up one');
    is(confirm({ %body, password => "xx $no[2]" }), '422 password_context',
       'the password is judged');
    is(confirm(\%body), 204, 'used');
    is(confirm(\%body), '422 recovery_refused', 'once');
    is(logs_in($no[2], $new), 200, 'and good');

    my $json = JSON::PP->new->decode($site->must_ctl('--json', 'member',
        'activate', $no[12]));
    is(join(' ', sort keys %$json), 'code until', 'for machines');
    is($site->ctl('member', 'activate', $no[3])->{status}, 1,
       'not for one who is disabled');
    is($site->ctl('member', 'activate', '1')->{status}, 1,
       'not for nobody');
};


subtest 'without an outbox' => sub {
    my $off = new_site(people => [person($no[0], password_hash => '')]);
    my $client = $off->visitor();

    ok(!$client->get('/api/site')->json()->{recovery}, 'the site says so');
    for my $path (qw(recovery activation)) {
        my $r = $client->post_json("/api/$path", body_of($no[0]));
        is($r->status() . ' ' . $r->problem(), '404 recovery_off', $path);
    }

    my ($code) = $off->must_ctl('member', 'activate', $no[0])
        =~ /^code +(\S+)$/m;
    is($client->post_json('/api/recovery/confirm',
        { user_type => 'nonpractising', member_no => $no[0],
          code => $code, password => $new })->status(), 204,
       "an institute's code is good there, too");
    clean_log($off->nginx(), undef, errors => 1);
};


subtest 'members from before the look-up keys are found' => sub {
    query($core, 'UPDATE member SET id_key = NULL');
    my ($lost) = ask('activation', body_of('', name => '赵新会',
        id_number => '110105194912310046'));
    is($lost->status(), 202, 'without them');
    sleep 0.3;
    is(scalar(messages(0)), 0, 'nobody is found');

    like($site->must_ctl('migrate'), qr/^look-up keys of 20 members$/m,
         'migrate writes them');
    unlike($site->must_ctl('migrate'), qr/look-up/, 'once');
    ask('activation', body_of('', name => '赵新会',
        id_number => '110105194912310046'));
    is(scalar(messages(1)), 1, 'found');
};


subtest 'what is kept tells no code' => sub {
    my ($token, $code) = code_for($no[13]);
    my $bytes = join '', map { slurp($_) } glob $site->store() . '/core.db*';

    is(index($bytes, $_), -1, 'not in the store')
        for $code, $token, $id, '13800000001';
    ok($site->must_ctl('audit', 'verify'), 'the audit fits');
    my @acts = map { "$_->[0] $_->[1]" } query($core,
        'SELECT DISTINCT action, result FROM audit ORDER BY action, result');
    for my $act ('recovery sent', 'recovery unknown', 'recovery disabled',
                 'recovery no_contact', 'recovery limited',
                 'recovery wrong_code', 'activation sent', 'activate ok',
                 'activation unknown', 'passwd recovery',
                 'passwd institute')
    {
        ok((grep { $_ eq $act } @acts), "recorded: $act");
    }
};


clean_log($nginx, 'the error log is clean', errors => 1,
          allow => qr/as many codes were sent as/);
done_testing();
