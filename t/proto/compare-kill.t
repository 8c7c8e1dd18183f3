# Many comparisons with kill -9 of workers in between: each case gets one
# result and costs one attempt, whoever had it when he died.  The service may
# be asked twice, then with the same key.
# S24 X01
#
# MEMBERCERT_CASES=1000 for a longer run.

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MIME::Base64 qw(encode_base64url);
use MembercertTest;
use MembercertTest::Provider;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $cases = $ENV{MEMBERCERT_CASES} || 200;
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. $cases;
my $provider = new_provider(mode => 'slow-mismatch');
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
    . '(hash, member_id, epoch, client, created_at, last_seen, expires_at) '
    . "SELECT t.hash, m.id, m.epoch, 0, $now, $now, $now + 3600000 "
    . 'FROM t JOIN member m ON m.member_no = t.no');


my $nginx = $site->start(workers => 2);
my $jpeg = portrait(1);

# every upload is answered, however often its worker dies
sub upload {
    my ($number) = @_;

    for (1 .. 50) {
        my $client = $site->visitor();
        $client->cookie('membercert', token($number));
        my $r = eval { $client->put_photo('/api/photo?declare=1', $jpeg) };
        return 1 if $r && $r->status() =~ /^20[02]$/;
        diag($r->body()) if $r && $r->status() < 500;
        sleep 0.05;
    }
    return 0;
}

my $killer = in_background(sub {
    my $kills = 0;
    for my $n (1 .. 8 + $cases / 50) {
        sleep 0.25;
        my @workers = $nginx->worker_pids();
        $kills += kill 'KILL', $workers[$n % @workers] if @workers;
    }
    return $kills;
});

my $uploaded = grep { upload($_) } @numbers;
is($uploaded, $cases, "$uploaded uploads were accepted");
my $kills = $killer->wait(60 + $cases / 10);
cmp_ok($kills, '>=', 8, "$kills workers were killed meanwhile");

sub left {
    my ($row) = query($core, "SELECT count(*) FROM photo_case "
                      . "WHERE state = 'pending'");
    return $row->[0];
}

ok(wait_for(sub { sleep 0.3; left() == 0 }, 60 + $cases / 5),
   'all are answered') or diag(left() . ' are left');

my ($row) = query($core, "SELECT count(*), sum(state = 'mismatched'), "
    . "sum(result = 'mismatch'), count(DISTINCT member_id), max(tries) "
    . "FROM photo_case WHERE state <> 'closed'");
is_deeply([@$row[0 .. 3]], [($cases) x 4], 'one case, one result a member');

($row) = query($core, 'SELECT min(attempts), max(attempts) FROM member');
is_deeply($row, [1, 1], 'which cost each of them one attempt');

($row) = query($core, "SELECT count(*), count(DISTINCT result) FROM audit "
    . "WHERE action = 'compare' AND result LIKE '%mismatched'");
is_deeply($row, [$cases, $cases], 'each stands in the audit once');

my %asked;
$asked{$_->{key}}++ for $provider->asked();
is(scalar(keys %asked), $cases, 'each was asked by a key of its own');
my $twice = grep { $_ > 1 } values %asked;
note("$twice of them twice, after a worker died");

$nginx->stop();
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
clean_log($nginx, 'nothing bad in the log',
          allow => qr/exited on signal 9|was locked by/);
done_testing();
