# The comparison by a service: what it answers, what it does not, and what
# a member sees of it.  Nothing but a well-formed answer with a known word
# ever counts; whatever else happens, no attempt is lost.
# S24 S25 S26 X01 X07

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Provider;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

# each is asked once in this way, then answered with a match
my @bad = qw(hang late drip drop cut error busy refused redirect garbage
    empty unknown percent twice huge endless long-header);

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 2 * @bad + 20;
my $provider = new_provider();
my $secret = write_file(temp_dir('token') . '/token', "s3cret-token\n", 0600);
my $site = new_site(people => [map { person($_) } @numbers],
    conf => { server => $provider->directives("secret=$secret") });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';

# all but the last have a photo on file to compare with (X07)
my $folder = temp_dir('references');
write_file("$folder/$_.jpg", portrait(3)) for @numbers[0 .. $#numbers - 1];
$site->must_ctl('import', 'photos', $folder, '--reference');

my $next = 0;


# A member nobody has used yet, logged in, with consent unless told.

sub fresh {
    my ($consent) = @_;

    my $client = $site->login($numbers[$next++]);
    consent($client, 1) unless defined $consent && !$consent;
    return $client;
}

sub consent {
    my ($client, $accepted) = @_;

    return $client->post_json('/api/consent', { document => 'comparison',
        version => '2026-11',
        accepted => $accepted ? JSON::PP::true : JSON::PP::false });
}

sub upload {
    my ($client, $person) = @_;

    return $client->put_photo('/api/photo?declare=1', portrait($person || 1));
}

sub state_of { return $_[0]->get('/api/photo/state')->json() }

sub becomes {
    my ($client, $state, $seconds) = @_;

    my $now;
    wait_for(sub { $now = state_of($client); $now->{state} eq $state },
             $seconds || 8);
    is($now->{state}, $state, "it becomes $state");
    return $now;
}

sub tries {
    my ($number) = @_;

    my ($row) = query($core, 'SELECT c.tries, m.attempts, c.result, c.score, '
        . 'c.model FROM photo_case c JOIN member m ON m.id = c.member_id '
        . 'WHERE m.member_no = ? ORDER BY c.id DESC', $number);
    return @$row;
}


subtest 'S24: clients are told who compares, and what to consent to' => sub {
    my $told = $site->visitor()->get('/api/site')->json()->{compare};

    is($told->{provider}, 'http', 'a service');
    is_deeply($told->{consent}, { url => '/comparison.html',
                                  version => '2026-11' }, 'its consent');
};


subtest 'S24 S25: an upload waits, is compared, and the member goes on' => sub
{
    my $client = fresh();
    my $r = upload($client);

    is($r->status(), 202, 'accepted');
    is($r->json()->{state}, 'pending', 'it waits');
    is($r->json()->{next}, 'wait', 'and so does the member');

    my $now = becomes($client, 'matched');
    is($now->{next}, 'confirm', 'then the certificate');
    is($now->{attempts}, 0, 'no attempt is used');
    is_deeply([tries($numbers[0])], [1, 0, 'match', 8750, 'scripted'],
              'word, score and model are kept for officers');
    ok(!exists $now->{score}, 'and not shown');

    my ($question) = $provider->asked();
    is($question->{path}, '/v1/compare', 'asked where it should be');
    is($question->{deadline}, '1000', 'with the time it has');
    is($question->{authorization}, 'Bearer s3cret-token', 'and the secret');
    like($question->{key}, qr/^[0-9a-f]{64}$/, 'and a key');
    is($question->{meta}{job}, $question->{key}, 'which is the job');
    is($question->{meta}{probe_sha256}, $question->{probe},
       'the picture is the one named');
    is($question->{meta}{reference}, 'inline', 'the reference comes along');
    is($question->{meta}{attempt}, 1, 'the first time');
    is_deeply($question->{types}, { meta => 'application/json',
        probe => 'image/jpeg', reference => 'image/jpeg' }, 'as pictures');
    unlike(JSON::PP->new->encode($question), qr/$numbers[0]/,
           'and nothing says whose it is');
};


subtest 'S26 X01: a mismatch costs one attempt and says what to do' => sub {
    $provider->mode('mismatch');
    my $number = $numbers[$next];
    my $client = fresh();
    upload($client);

    my $now = becomes($client, 'mismatched');
    is($now->{attempts}, 1, 'one attempt');
    is($now->{next}, 'upload', 'another picture');
    is((tries($number))[2], 'mismatch', 'kept');

    my $asked = () = $provider->asked();
    is(upload($client)->status(), 200, 'the same picture: its result again');
    is(scalar(() = $provider->asked()), $asked, 'nobody is asked');
    is(state_of($client)->{attempts}, 1, 'and it costs nothing');

    upload($client, 10 + $_) and becomes($client, 'mismatched')
        and sleep 0.02 for 1 .. 4;
    $now = state_of($client);
    is($now->{attempts}, 5, 'five attempts');
    is($now->{next}, 'institute', 'then the institute');
    is(upload($client, 20)->problem(), 'attempts_used', 'no sixth');
};


subtest 'what the service is not sure of goes to the institute' => sub {
    my $asked;

    for my $word (qw(unsure no_reference bad_probe bad_reference)) {
        $provider->mode($word);
        my $client = fresh();
        upload($client);

        my $now = becomes($client, 'review');
        is($now->{attempts}, 0, "$word costs nothing");
        ok(length $now->{reason} && length $now->{reason_en}, 'says why')
            or diag(explain($now));
    }

    $provider->mode('wait-then-409');
    my $client = fresh();
    upload($client);
    becomes($client, 'matched');
    my @two = ($provider->asked())[-2, -1];
    is($two[0]{key}, $two[1]{key}, '202, then 409: the same key');
    is_deeply([map { $_->{meta}{attempt} } @two], [1, 2], 'counted');
};


subtest 'S24: without consent nothing is sent and the institute looks' => sub {
    $provider->mode('match');
    my $asked = () = $provider->asked();

    my $never = fresh(0);
    is($never->get('/api/member')->json()->{compare_accepted}, undef,
       'never asked');
    is(upload($never)->json()->{state}, 'review', 'who was never asked');
    like(state_of($never)->{reason}, qr/未同意自动比对/, 'says why');

    my $no = fresh(0);
    is(consent($no, 0)->status(), 204, 'who declines');
    is($no->get('/api/member')->json()->{compare_accepted},
       JSON::PP::false, 'is known to have declined');
    is(upload($no)->json()->{state}, 'review', 'goes to review, too');

    my $old = fresh(0);
    is($old->post_json('/api/consent', { document => 'comparison',
        version => '2025-01', accepted => JSON::PP::true })->problem(),
       'consent_unknown', 'another version is no consent');

    sleep 0.5;
    is(scalar(() = $provider->asked()), $asked, 'the service saw none of it');

    is(consent($no, 1)->status(), 204, 'a change of mind');
    is(upload($no, 2)->json()->{state}, 'pending', 'holds for the next one');
    becomes($no, 'matched');
};


subtest 'a consent that is taken back while the photo waits holds' => sub {
    $provider->mode('busy');
    my $client = fresh();
    my $asked = () = $provider->asked();
    upload($client);
    wait_for(sub { $provider->asked() > $asked }, 5);
    consent($client, 0);
    $provider->mode('match');

    my $now = becomes($client, 'review', 12);
    is(scalar(() = $provider->asked()), $asked + 1, 'not asked again');
};


subtest 'whatever is no answer is no match and costs nothing' => sub {
    my %waits;
    my $asked = () = $provider->asked();

    for my $mode (@bad) {
        my $number = $numbers[$next];
        my $client = fresh();

        $provider->mode($mode);
        upload($client);
        ok(wait_for(sub { $provider->asked() > $asked }, 8), "$mode: asked");
        # until it was judged: the mode holds for an answer not yet begun
        ok(wait_for(sub { (tries($number))[0] >= 1 }, 10), "$mode: in vain");
        $asked++;

        my $now = state_of($client);
        is($now->{state}, 'pending', "$mode: still waits");
        is($now->{attempts}, 0, "$mode: no attempt is used");
        $waits{$number} = $client;

        # a good answer in between, so that the breaker stays shut
        $provider->mode('match');
        my $other = fresh();
        upload($other);
        wait_for(sub { state_of($other)->{state} eq 'matched' }, 8);
        $asked = () = $provider->asked();
    }

    my $left = wait_for(sub {
        !grep { state_of($_)->{state} ne 'matched' } values %waits
    }, 30);
    ok($left, 'each is asked again and answered');

    for my $number (sort keys %waits) {
        my ($tries, $attempts, $result) = tries($number);
        is_deeply([$attempts, $result], [0, 'match'], "$number: one result");
        cmp_ok($tries, '>=', 2, "after $tries questions");
    }

    ok(!grep({ $_->{path} ne '/v1/compare' } $provider->asked()),
       'no redirect was followed');
};


subtest 'a service that is down: uploads wait, and are answered later' => sub
{
    $provider->stop();
    my $number = $numbers[$next];
    my $client = fresh();
    is(upload($client)->status(), 202, 'accepted all the same');

    ok(wait_for(sub {
        $nginx->error_log() =~ /\[error\].*service cannot be reached/
    }, 5), 'the log says so');
    is_deeply([@{state_of($client)}{qw(state attempts)}], ['pending', 0],
              'it waits, no attempt is used');

    $provider->start();
    my $now = becomes($client, 'matched', 15);
    is((tries($number))[1], 0, 'nothing was lost');
};


subtest 'membercertctl does the same by hand' => sub {
    $provider->mode('busy');
    my $number = $numbers[$next];
    my $client = fresh();
    my $asked = () = $provider->asked();
    upload($client);
    wait_for(sub { $provider->asked() > $asked }, 8);
    sleep 0.2;

    my @conf = ('-c', $site->dir() . '/nginx/conf/nginx.conf');
    $nginx->stop();
    sleep 2;
    $provider->mode('match');

    my $result = ctl(@conf, 'work', '--once');
    is($result->{status}, 0, 'work') or diag($result->{err});
    like($result->{out}, qr/^1 comparisons asked for, 1 decided$/m,
         'one was due');
    is_deeply([(tries($number))[0 .. 2]], [2, 0, 'match'], 'and answered');

    unlike($site->must_ctl('work', '--once'), qr/comparisons/,
           'without a configuration nobody is asked');
    $nginx = $site->start();
};


subtest 'a worker told to stop ends after the question it is at' => sub {
    $provider->mode('hang');
    my @clients = map { fresh() } 1 .. 4;
    my $asked = () = $provider->asked();
    upload($_) for @clients;
    wait_for(sub { $provider->asked() > $asked }, 8);

    my $start = time();
    is($nginx->stop(grace => 10), 'QUIT', 'it ends in order');
    cmp_ok(time() - $start, '<', 3.5, 'not after the questions that wait');

    $provider->mode('match');
    $nginx = $site->start();
    is(scalar(grep { becomes($_, 'matched', 15) } @clients), 4,
       'what was put back is answered by the next one');
};


subtest 'X07: without a photo on file there is nothing to compare' => sub {
    my $asked = () = $provider->asked();
    $next = $#numbers;
    my $client = fresh();
    upload($client);

    my $now = becomes($client, 'review');
    like($now->{reason}, qr/没有可供比对的照片/, 'the institute looks');
    is(scalar(() = $provider->asked()), $asked, 'nobody was asked');
};


like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
clean_log($nginx, 'nothing else in the log',
          allow => qr/the service (?:says a word|sends a score|answers with)/);
done_testing();
