# Workers that die by kill -9 between a code and its delivery: the message
# leaves at least once, with the same key each time, and the code in it works
# once.
# S12 X03
#
# MEMBERCERT_CODES=200 for a longer run.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Mailbox;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl', 'openssl');

my $codes = $ENV{MEMBERCERT_CODES} || 24;
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. $codes + 5;
my $box = new_mailbox();
my $site = new_site(
    people => [map { person($numbers[$_],
                            phone => sprintf '138%08d', $_) } 0 .. $#numbers],
    start => 0,
    conf => { server => 'membercert_outbox ' . $box->url('http') . ";\n"
        . "membercert_recovery address=100000/1h all=100000/1h;\n" });
my $core = $site->store() . '/core.db';
my $nginx = $site->start(workers => 2);
my $password = 'violet-Ladder-4096';


# Asks for a code until it is answered, as a browser's user would.
sub ask {
    my ($number) = @_;

    for (1 .. 50) {
        my $r = eval { $site->visitor()->post_json('/api/recovery', {
            user_type => 'nonpractising', member_no => $number,
            name => '林晓岚', id_number => '330102198503072366',
            channel => 'phone', client => 'web' }) };
        return $r->json()->{recovery} if $r && $r->status() == 202;
        diag($r->status() . ' ' . $r->body()) if $r && $r->status() < 500;
        sleep 0.1;
    }
    return undef;
}

sub confirm {
    my ($recovery, $code, $new) = @_;

    return $site->visitor()->post_json('/api/recovery/confirm',
        { recovery => $recovery, code => $code, password => $new });
}

# What the gateway got for a phone: [key, code] each time.
sub told {
    my ($phone) = @_;

    my @told;
    for my $got ($box->got()) {
        my $said = JSON::PP->new->decode($got->{body});
        push @told, [$said->{id}, $said->{params}{code}]
            if $said->{to} eq $phone && $said->{kind} eq 'code';
    }
    return @told;
}

sub phone { return sprintf '138%08d', $_[0] }

sub states {
    return join ' ', map { "$_->[0]:$_->[1]" } query($core,
        'SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state');
}


subtest 'a code leaves at once, not at the next look' => sub {
    for my $n (2 .. 4) {
        ask($numbers[$n]);
        my $start = time();
        wait_for(sub { told(phone($n)) }, 8);
        cmp_ok(time() - $start, '<', 1.5, 'it is there');
    }
    ok(wait_for(sub { states() eq 'sent:3' }, 5), 'and recorded');
};


subtest 'killed while the gateway has the message: it comes again' => sub {
    $box->mode('slow');
    my $recovery = ask($numbers[0]);
    ok($recovery, 'a code is on its way');
    ok(wait_for(sub { told(phone(0)) }, 10), 'the gateway has it');
    is(states(), 'queued:1 sent:3', 'and has not said so yet');
    kill 'KILL', $nginx->worker_pids();
    $box->mode('ok');

    ok(wait_for(sub { told(phone(0)) >= 2 }, 40), 'it comes again');
    my @told = told(phone(0));
    is($told[1][0], $told[0][0], 'with its key');
    is($told[1][1], $told[0][1], 'and its code');
    ok(wait_for(sub { states() eq 'sent:4' }, 10), 'once on record')
        or diag(states());

    my $r = confirm($recovery, $told[0][1], $password);
    is($r->status(), 204, 'the code works') or diag($r->body());
    is(confirm($recovery, $told[0][1], "$password-2")->problem(),
       'recovery_refused', 'once');
    is($site->login($numbers[0], password => $password)->get('/api/member')
       ->status(), 200, 'and the password is the new one');
};


subtest 'killed at once: the code and its message are both there' => sub {
    $box->mode('hang');
    my $recovery = ask($numbers[1]);
    kill 'KILL', $nginx->worker_pids();
    $box->mode('ok');

    ok(wait_for(sub { states() !~ /queued/ }, 40), 'it leaves')
        or diag(states());
    my @told = told(phone(1));
    is(confirm($recovery, $told[-1][1], $password)->status(), 204,
       'the code works');
};


subtest "$codes codes while workers die" => sub {
    $box->mode('brief');

    my $killer = in_background(sub {
        my $kills = 0;
        for my $n (1 .. 6 + $codes / 10) {
            sleep 0.4;
            my @workers = $nginx->worker_pids();
            $kills += kill 'KILL', $workers[$n % @workers] if @workers;
        }
        return $kills;
    });

    my %recovery = map { $_ => ask($numbers[$_]) } 5 .. $#numbers;
    is(scalar(grep { defined } values %recovery), $codes,
       'every one is answered');
    my $kills = $killer->wait(60 + $codes);
    cmp_ok($kills, '>=', 5, "$kills workers were killed meanwhile");

    ok(wait_for(sub { sleep 0.3; states() !~ /queued/ }, 60), 'all leave')
        or diag(states());

    my ($once, $again, $twice) = (0, 0, 0);
    for my $n (sort { $a <=> $b } keys %recovery) {
        my @told = told(phone($n));
        my %codes = map { $_->[0] => $_->[1] } @told;
        $twice++ if @told > keys %codes;

        # an answer that was lost left another code: the newest one counts
        my ($good) = grep { confirm($recovery{$n}, $_, $password)->status()
                            == 204 } reverse map { $_->[1] } @told;
        $once++ if defined $good;
        $again++ if defined $good
            && confirm($recovery{$n}, $good, "$password-2")->status() == 204;
    }
    is($once, $codes, 'every code arrived and works');
    is($again, 0, 'none of them twice');
    note("$twice of them were told twice");
};


$nginx->stop();
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
clean_log($nginx, 'nothing bad in the log', allow => qr/exited on signal 9/);
done_testing();
