# perl -It/lib bench/enumeration.pl [-n REQUESTS] [-r RUNS] [-c CLIENTS] [WAY...]:
# does an answer, or its time, tell whether a person is a member?
#
# Ways: login (a wrong password), recovery, activation, captcha (a log-in with
# a wrong proof of work). Of each, REQUESTS (2000) name an existing member and
# as many nobody, in the order A B B A, each kind on a connection of its own
# (exchanged every four pairs: what is a connection's is nobody's), RUNS times
# (3). Prints the medians, their difference and the two-sided p of
# Mann and Whitney; "equal" says that the answers were the same bytes but for
# Date and the random token. Wanted in at least two of three runs: difference
# below 1 %, p above 0.01.
#
# The limits are lifted by the site's configuration; every log-in is refused.
# What waits for its deadline is asked by CLIENTS (6) pairs of connections,
# evenly spread over half a second, the rest by one. Loopback only; ends by
# itself.
use strict;
use warnings;
use utf8;

use Getopt::Long qw(GetOptions);
use IO::Socket::INET;
use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(sleep time);

my ($requests, $runs, $clients) = (2000, 3, 6);
GetOptions('n=i' => \$requests, 'r=i' => \$runs, 'c=i' => \$clients)
    && $requests >= 20 && $runs > 0 && $clients > 0
    or die "usage: bench/enumeration.pl [-n REQUESTS] [-r RUNS] [-c CLIENTS] [WAY...]\n";
my @ways = @ARGV ? @ARGV : qw(login captcha recovery activation);
my $warm = 10;

# ---- people: a member is sent three codes in an hour, so each is asked for
# once a run and way; all ID numbers are of one length and have their digit.

sub id_number {
    my ($n) = @_;

    my @weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    my @digits = split //, sprintf '330102%04d%02d%02d%03d', 1950 + int($n / 12) % 50,
        $n % 12 + 1, 1 + int($n / 600) % 28, $n % 1000;
    my $sum = 0;
    $sum += $digits[$_] * $weights[$_] for 0 .. 16;
    return join('', @digits) . substr('10X98765432', $sum % 11, 1);
}

sub number { return sprintf '3300%08d', $_[0] }

my $people = $requests + $clients * $warm;
my %base = (recovery => 0, activation => $people);
my $server = "        keepalive_requests 1000000;\n"
    . "        membercert_login_limit account=100000/1s address=100000/1s;\n"
    . "        membercert_recovery account=1000/1s address=1000/1s all=100000/1s;\n";
my %site;

sub site {
    my ($captcha) = @_;

    return $site{$captcha} if $site{$captcha};

    my $sent = temp_dir('sent');
    chmod 0777, $sent;
    my @members = $captcha eq 'on' ? (0) : (0 .. 2 * $people - 1);
    return $site{$captcha} = new_site(
        people => [map { person(number($_), id_number => id_number($_)) } @members],
        conf => { captcha => "web=$captcha mini=on",
                  server => "$server        membercert_outbox file:$sent;\n" },
        nginx => { workers => 1, main => "thread_pool net threads=1;\n" });
}

# ---- requests: the i-th of somebody (0) and of nobody (1), of one length

sub body_of {
    my ($way, $i, $nobody) = @_;

    my %body = (user_type => 'nonpractising', client => 'web');
    my $n = ($base{$way} // 0) + ($way =~ /^(?:login|captcha)$/ ? 0 : $i);

    $n += 50_000_000 if $nobody;
    if ($way eq 'login' || $way eq 'captcha') {
        %body = (%body, member_no => number($n), password => 'wrong-password-1');
    }
    else {
        # of nobody's ID number another person has the digit
        my $id = id_number($n % 50_000_000);
        substr($id, 0, 4) = '9999' if $nobody;
        %body = (%body, name => '林晓岚', id_number => $id);
        $body{member_no} = number($n) if $way eq 'recovery';
    }
    return \%body;
}

sub request_of {
    my ($port, $path, $body) = @_;

    my $json = JSON::PP->new->utf8->canonical->encode($body);
    return "POST /api/$path HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nOrigin: http://127.0.0.1:$port\r\n"
        . "Content-Type: application/json\r\nContent-Length: " . length($json) . "\r\n\r\n$json";
}

sub connected {
    my ($port) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
        or die "connect: $!\n";
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    return $socket;
}

# (milliseconds, answer without Date and token)
sub ask {
    my ($socket, $text) = @_;

    my ($answer, $whole) = ('', undef);
    my $start = time();
    syswrite($socket, $text) == length $text or die "write: $!\n";
    until (defined $whole && length $answer >= $whole) {
        sysread($socket, $answer, 65536, length $answer) or die "the connection ended\n";
        $whole = $+[0] + $1 if !defined $whole
            && $answer =~ /\AHTTP.*?^Content-Length: (\d+)\r\n.*?^\r\n/ims;
    }
    my $time = 1000 * (time() - $start);
    $answer =~ s/^(Date: )[^\r]+/$1-/m;
    $answer =~ s/("recovery":")([\w-]+)/$1 . '-' x length $2/e;
    return ($time, $answer);
}

# One client's part: "kind time" lines and the different answers.
sub part {
    my ($way, $first, $count, $late, $extra) = @_;

    my $port = site($way eq 'captcha' ? 'on' : 'off')->port();
    my @sockets = map { connected($port) } 0, 1;
    my $path = $way =~ /^(?:login|captcha)$/ ? 'session' : $way;
    my (@times, %answers);

    sleep $late;
    for my $i (0 .. $count - 1) {
        for my $nobody ($i % 2 ? (1, 0) : (0, 1)) {
            my $body = body_of($way, $first + $i, $nobody);
            $body->{captcha} = $extra if $extra;
            my ($time, $answer) = ask($sockets[($nobody + int($i / 4)) % 2],
                request_of($port, $path, $body));
            next if $i < $warm;
            push @times, "$nobody $time";
            $answers{$nobody}{$answer} = 1;
        }
    }
    return JSON::PP->new->utf8->encode([\@times, [map { [sort keys %{$answers{$_}}] } 0, 1]]);
}

sub wrong_proof {
    my $site = site('on');
    my $asked = $site->visitor()->get('/api/captcha')->json();
    return { id => $asked->{id}, answer => 'none' };
}

# ---- numbers

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# The complementary error function (Abramowitz, Stegun 7.1.26; 1.5e-7).
sub erfc {
    my ($x) = @_;
    my $t = 1 / (1 + 0.3275911 * $x);
    my $sum = 0;
    $sum = ($sum + $_) * $t for 1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592;
    return $sum * exp(-$x * $x);
}

# Two-sided p, normal approximation with ties and continuity.
sub mann_whitney {
    my ($member, $nobody) = @_;

    my @both = ((map { [$_, 0] } @$member), (map { [$_, 1] } @$nobody));
    my @all = sort { $a->[0] <=> $b->[0] } @both;
    my ($na, $nb, $n) = (scalar @$member, scalar @$nobody, scalar @all);
    my ($ranks, $ties, $i) = (0, 0, 0);

    while ($i < $n) {
        my $j = $i;
        $j++ while $j + 1 < $n && $all[$j + 1][0] == $all[$i][0];
        my $count = $j - $i + 1;
        $ties += $count ** 3 - $count;
        my $members = grep { $_->[1] == 0 } @all[$i .. $j];
        $ranks += $members * (($i + $j) / 2 + 1);
        $i = $j + 1;
    }

    my $u = $ranks - $na * ($na + 1) / 2;
    my $sigma = sqrt($na * $nb / 12 * ($n + 1 - $ties / ($n * ($n - 1))));
    return 1 if $sigma == 0;
    my $distance = abs($u - $na * $nb / 2) - 0.5;
    return erfc(($distance > 0 ? $distance : 0) / $sigma / sqrt(2));
}

# ---- runs

printf "%-11s %4s %12s %12s %9s %8s %s\n", 'way', 'run', 'member, ms', 'nobody, ms', 'differ', 'p', 'answers';

for my $way (@ways) {
    die "no way: $way\n" if $way !~ /^(?:login|captcha|recovery|activation)$/;
    site($way eq 'captcha' ? 'on' : 'off');
    my $parts = $way =~ /^(?:login|captcha)$/ ? 1 : $clients;
    my $count = int($requests / $parts) + $warm;
    my $good = 0;

    for my $run (1 .. $runs) {
        my $extra = $way eq 'captcha' ? wrong_proof() : undef;
        my @jobs = map {
            my @mine = ($way, $_ * $count, $count, $_ / $parts / 2, $extra);
            in_background(sub { part(@mine) });
        } 0 .. $parts - 1;
        my (@times, %answers);
        for my $job (@jobs) {
            my ($lines, $seen) = @{JSON::PP->new->utf8->decode($job->wait(3600))};
            for (@$lines) { my ($nobody, $ms) = split; push @{$times[$nobody]}, $ms }
            for my $nobody (0, 1) { $answers{$nobody}{$_} = 1 for @{$seen->[$nobody]} }
        }
        my ($member, $nobody) = map { median(@$_) } @times;
        my $differ = 100 * abs($member - $nobody) / ($member < $nobody ? $member : $nobody);
        my $p = mann_whitney(@times);
        my @kinds = map { join "\0", sort keys %{$answers{$_}} } 0, 1;
        my $equal = $kinds[0] eq $kinds[1] && $kinds[0] !~ /\0/;
        $good++ if $differ < 1 && $p > 0.01 && $equal;
        printf "%-11s %4d %12.3f %12.3f %7.2f %% %8.3f %s (%s)\n", $way, $run, $member, $nobody, $differ, $p,
            $equal ? 'equal' : 'DIFFERENT', join ' ', map { /^HTTP\S+ (\d+)/ ? $1 : '-' } @kinds;
        print "$_\n" for $equal ? () : @kinds;
    }
    printf "%-11s %d of %d runs as wanted\n", '', $good, $runs;
}
