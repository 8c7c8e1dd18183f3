# The audit's notes: failed log-ins, downloads and what a desk looks at stand
# in it within a second, survive a worker that quits, is reloaded or is told
# to end, and hold no personal data.  I15

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 3;
my $limits = "        membercert_login_limit account=1000/1m "
    . "address=1000/1m;\n";
my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { $numbers[0] => 3 },
    conf => { server => officer_location() . $limits });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';

# Rows behind "seq" as "actor action result".
sub rows {
    my ($seq) = @_;

    return map { join ' ', map { $_ // '-' } @$_ } query($core,
        'SELECT actor, action, result, member_id FROM audit WHERE seq > ? '
        . 'ORDER BY seq', $seq);
}

sub last_seq {
    return (query($core, 'SELECT max(seq) FROM audit'))[0][0];
}

sub fail_login {
    my ($number) = @_;

    return $site->visitor()->post_json('/api/session',
        $site->login_data($number || $numbers[0], password => 'wrong'));
}

# Downloads these rows tell of.
sub downloads {
    my $count = 0;

    for (@_) {
        $count += $1 || 1 if /download serial \d+(?:, (\d+) times)?/;
    }
    return $count;
}

# Waits for so many rows; how long it took.
sub wait_rows {
    my ($seq, $count) = @_;

    my $start = time();
    wait_for(sub { rows($seq) >= $count }, 5);
    return time() - $start;
}


subtest 'failed log-ins, of members known and unknown' => sub {
    my $seq = last_seq();

    is(fail_login()->status(), 401, 'a wrong password');
    is(fail_login('339999999999')->status(), 401, 'nobody');
    is(rows($seq), 0, 'nobody waited for the rows');

    cmp_ok(wait_rows($seq, 2), '<', 1.2, 'they stand there a second later');
    is_deeply([rows($seq)], ['member login login_failed 1',
                             'member login login_failed -'],
              'whose it was, where it was anybody\'s');

    my ($row) = query($core, 'SELECT at, address, length(request_id) '
        . 'FROM audit ORDER BY seq DESC LIMIT 1');
    cmp_ok(abs($row->[0] / 1000 - time()), '<', 5, 'the time of the act');
    is_deeply([@$row[1, 2]], ['127.0.0.1', 32], 'address and request');
};


subtest 'downloads, but for those that hand nothing out' => sub {
    my $member = $site->login($numbers[0]);
    my $version = $member->get('/api/certificate')->json()->{version};
    $member->post_json('/api/certificate', { version => $version });
    my $seq = last_seq();

    my $r = $member->get('/api/certificate.pdf');
    is($r->status(), 200, 'the certificate');
    is($member->get('/api/certificate.pdf',
                    'If-None-Match' => $r->header('ETag'))->status(), 304,
       'it is known already');
    is($member->head('/api/certificate.pdf')->status(), 200, 'its size');
    is($site->login($numbers[1])->get('/api/certificate.pdf')->status(),
       409, 'nothing to download');

    wait_rows($seq, 2);
    sleep 0.7;
    is_deeply([grep { /download/ } rows($seq)],
              ['member download serial 1 1'], 'one row');
};


subtest 'what an officer looks at' => sub {
    my $li = add_officer($site, 'li', '33');
    my $desk = officer_login($site, $li);
    my $about = { user_type => 'nonpractising', member_no => $numbers[0] };
    my $seq = last_seq();

    $desk->get('/officer/api/queue');
    $desk->post_json('/officer/api/search', { text => '3300000' });
    my $shown = $desk->post_json('/officer/api/member', $about)->json();
    my $photo = $shown->{current_photo_id};
    is($desk->get("/officer/api/photo/$photo")->status(), 200, 'a photo');
    is($desk->post_json('/officer/api/member',
           { %$about, member_no => '330000019999' })->status(), 404,
       'a member who is not there');

    wait_rows($seq, 4);
    is_deeply([rows($seq)],
              ['officer 1 view queue 0 -', 'officer 1 view search 3 -',
               'officer 1 view member 1', "officer 1 view photo $photo 1",
               'officer 1 view not_found -'],
              'is recorded with ids and numbers');

    $seq = last_seq();
    my $wrong = sub {
        $site->visitor()->post_json('/officer/api/session',
                                    login_data($li, @_))
    };
    $wrong->(password => 'wrong-password');
    $wrong->(name => 'nobody');
    $wrong->(code => '000000');
    wait_rows($seq, 3);
    is_deeply([sort(rows($seq))],
              ['officer 1 login code_wrong -',
               'officer 1 login officer_login_failed -',
               'officer login officer_login_failed -'],
              'and log-ins that fail');
};


subtest 'a busy writer delays the notes and nobody else' => sub {
    my $seq = last_seq();
    my $lock = $site->hold_lock();

    fail_login();
    sleep 1.5;
    is($site->visitor()->get('/api/site')->status(), 200, 'the site answers');
    is(rows($seq), 0, 'no row as long as somebody else writes');
    $lock->release();
    cmp_ok(wait_rows($seq, 1), '<', 1.5, 'then it comes');
    is(scalar(rows($seq)), 1, 'once');
};


for my $way (['QUIT', 'a worker that is told to quit'],
             ['TERM', 'one that is told to end'])
{
    my ($signal, $title) = @$way;

    subtest "$title writes what it has" => sub {
        my $seq = last_seq();

        fail_login() for 1 .. 3;
        $nginx->signal($signal);
        ok(wait_for(sub { !$nginx->running() }, 10), 'it ends');
        is_deeply([rows($seq)], [('member login login_failed 1') x 3],
                  'with its rows in the store');
        $nginx = $site->start();
    };
}


subtest 'so does one that is replaced' => sub {
    my $seq = last_seq();

    fail_login();
    ok($nginx->reload(wait_old => 1), 'a reload');
    fail_login();
    wait_rows($seq, 2);
    is(scalar(rows($seq)), 2, 'rows of both');
};


subtest 'a worker that is killed loses a second, and the chain holds' => sub
{
    my $seq = last_seq();

    fail_login();
    $nginx->kill_worker('KILL');
    ok(wait_for(sub { fail_login()->status() == 401 }, 10),
       'the next one answers');
    wait_rows($seq, 1);
    cmp_ok(scalar(rows($seq)), '<=', 2, 'a row was lost, or not');
    ok($site->ctl('audit', 'verify')->{ok}, 'it all fits');
};


subtest 'who asks for the same again and again fills one row' => sub {
    my $seq = last_seq();
    my $member = $site->login($numbers[0]);
    my $lock = $site->hold_lock();
    my %cookie = (Cookie => $member->cookie_header());
    my $client = client($site->port(), keepalive => 1, timeout => 20);

    $client->get('/api/certificate.pdf', %cookie) for 1 .. 300;
    $lock->release();

    wait_for(sub { downloads(rows($seq)) == 300 }, 10);
    is(downloads(rows($seq)), 300, 'all are told');
    cmp_ok(scalar(grep { /download/ } rows($seq)), '<=', 20,
           'by a few rows');
    ok($site->ctl('audit', 'verify')->{ok}, 'it all fits');
};


subtest 'a flood is counted where it is too much' => sub {
    my $seq = last_seq();
    my $member = $site->login($numbers[0]);
    my $lock = $site->hold_lock();

    # more than two halves of 1,024 notes, no two equal ones together
    my $many = 2200;
    my %cookie = (Cookie => $member->cookie_header());
    my @clients = map {
        client($site->port(), keepalive => 1, timeout => 20, from => $_)
    } '127.0.0.1', '127.0.0.2';
    my $good = grep {
        $clients[$_ % 2]->get('/api/certificate.pdf', %cookie)->status()
            == 200
    } 1 .. $many;
    is($good, $many, 'downloads while nobody can write');

    $lock->release();
    wait_for(sub { grep { /dropped/ } rows($seq) }, 10);
    sleep 1.5;
    my @rows = rows($seq);
    my ($dropped) = map { /dropped (\d+)/ } grep { /audit dropped/ } @rows;

    cmp_ok(scalar(grep { /download serial/ } @rows), '>=', 1024,
           'what found a place is there');
    is(downloads(@rows) + ($dropped || 0), $many, 'and the rest is told by one row');
    ok($site->ctl('audit', 'verify')->{ok}, 'it all fits');
};


subtest 'no row holds a value' => sub {
    my $all = join "\n", map { join ' ', map { $_ // '' } @$_ } query($core,
        'SELECT actor, action, result, address, request_id FROM audit');
    my $person = person($numbers[0]);

    unlike($all, qr/\Q$person->{$_}\E/, "no $_")
        for qw(id_number phone email name address member_no);
};


clean_log($nginx, 'nothing bad in the log', allow => qr/exited on signal 9/);
done_testing();
