# perl -It/lib bench/queue.pl [CASES]: what a bystander feels while a queue of
# comparisons is worked off. One client asks GET site again and again, first
# alone, then while CASES uploads come in and a service answers them; prints
# p50 and p99 of both. Loopback only; ends by itself.
use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256);
use MIME::Base64 qw(encode_base64url);
use MembercertTest;
use MembercertTest::Provider;
use MembercertTest::Site;
use Time::HiRes qw(sleep time);

my $cases = shift || 1000;
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. $cases;
my $provider = new_provider(mode => 'mismatch');
my $site = new_site(people => [map { person($_) } @numbers], start => 0,
    conf => { server => $provider->directives() });
my $core = $site->store() . '/core.db';

my $folder = temp_dir('references');
write_file("$folder/$_.jpg", portrait(3)) for @numbers;
$site->must_ctl('import', 'photos', $folder, '--reference');


# Sessions and consents of all of them, without hashing as many passwords.

sub token { return encode_base64url(pack('A32', "token of $_[0]")) }

query($core, "INSERT INTO consent (member_id, document, version, accepted, at) "
      . "SELECT id, 'comparison', '2026-11', 1, 0 FROM member");

my $now = int(time() * 1000);
my $hashes = join ',', map {
    "('$_', x'" . unpack('H*', sha256(pack('A32', "token of $_"))) . "')"
} @numbers;

query($core, "WITH t (no, hash) AS (VALUES $hashes) INSERT INTO session "
    . "SELECT t.hash, m.id, m.epoch, 0, $now, $now, $now + 3600000 "
    . 'FROM t JOIN member m ON m.member_no = t.no');

my $nginx = $site->start(workers => 2);
my $jpeg = portrait(1);
my $bystander = $site->visitor();

sub left {
    my ($row) = query($core, "SELECT count(*) FROM photo_case WHERE state = 'pending'");
    return $row->[0];
}

# times of GET site until the sub says no
sub ask {
    my ($more) = @_;
    my @times;
    while ($more->(scalar @times)) {
        my $start = time();
        $bystander->get('/api/site');
        push @times, 1000 * (time() - $start);
        sleep 0.002;
    }
    @times = sort { $a <=> $b } @times;
    return map { $times[$_ * $#times] } 0.5, 0.99;
}

my @idle = ask(sub { $_[0] < 2000 });
my $began = time();
my $uploads = in_background(sub {
    my $n = 0;
    for my $number (@numbers) {
        my $client = $site->visitor();
        $client->cookie('membercert', token($number));
        $n++ if $client->put_photo('/api/photo?declare=1', $jpeg)->status() =~ /^20[02]$/;
    }
    return $n;
});
my $checked = 0;
my @busy = ask(sub {
    return time() < $began + 300 if $_[0] % 200 || $_[0] < 200;
    return ++$checked < 2 || left() > 0;
});
printf "%d uploads accepted, worked off in %.1f s\n", $uploads->wait(300), time() - $began;
printf "GET site alone                 p50 %6.2f ms  p99 %6.2f ms\n", @idle;
printf "GET site beside the queue      p50 %6.2f ms  p99 %6.2f ms  (p99 x %.1f, budget <= 10)\n",
    @busy, $busy[1] / $idle[1];
$nginx->stop();
