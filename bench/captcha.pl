# perl -It/lib bench/captcha.pl [RATE [SECONDS]]: what a bystander feels while
# RATE challenges a second are asked for (1000), proofs of work and then
# pictures, by four clients. One client asks GET site again and again; prints
# its p50 and p99 alone and meanwhile, how many challenges were answered, and
# the workers' memory. Loopback only; ends by itself.
use strict;
use warnings;
use utf8;

use MembercertTest;
use MembercertTest::Site;
use Time::HiRes qw(sleep time);

my $rate = shift || 1000;
my $seconds = shift || 5;
my $clients = 4;
my $site = new_site(conf => { captcha => 'web=after:3 mini=on', zone => 'zone=members:4m' },
    nginx => { workers => 2, main => "thread_pool cpu threads=1;\n" });
my $bystander = $site->visitor(keepalive => 1);

sub resident {
    my $sum = 0;
    for my $pid ($site->nginx()->worker_pids()) {
        $sum += (slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m)[0];
    }
    return $sum;
}

# (answered, 503) of one client that asks its part of the rate
sub ask {
    my ($path, $until) = @_;
    my $client = $site->visitor(keepalive => 1);
    my ($start, $n, %count) = (time(), 0, 200 => 0, 503 => 0);
    while (time() < $until) {
        my $due = $start + $n++ * $clients / $rate;
        my $wait = $due - time();
        sleep $wait if $wait > 0;
        $count{$client->get($path)->status()}++;
    }
    return "$count{200} $count{503}";
}

sub felt {
    my ($until) = @_;
    my @times;
    while (time() < $until) {
        my $start = time();
        $bystander->get('/api/site');
        push @times, 1000 * (time() - $start);
        sleep 0.002;
    }
    @times = sort { $a <=> $b } @times;
    return @times[int(@times / 2), int(@times * 0.99)];
}

felt(time() + 1);
my ($p50, $p99) = felt(time() + $seconds);
printf "%-22s %8.2f ms p50 %8.2f ms p99 %22s %6d kB\n", 'alone', $p50, $p99, '', resident();

for my $kind ('work', 'picture') {
    my $until = time() + $seconds;
    my @jobs = map { in_background(sub { ask("/api/captcha?kind=$kind", $until) }) } 1 .. $clients;
    my ($half, $most) = felt($until);
    my ($sent, $busy) = (0, 0);
    for (@jobs) { my ($s, $b) = split ' ', $_->wait(30); $sent += $s; $busy += $b }
    printf "%-22s %8.2f ms p50 %8.2f ms p99 (%4.1f x) %5d/s %5d busy %6d kB\n", $kind, $half, $most,
        $most / $p99, $sent / $seconds, $busy, resident();
}
