# kill -9 of workers under 500 acknowledged saves loses none: what was
# answered with 200 stands in the store, and in the audit chain.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $crowd = 4;
my $each = 130;         # acknowledged saves of each member
my $goal = 500;
my @numbers = map { "33000001000$_" } 1 .. $crowd;
my $site = new_site(people => [map { person($_) } @numbers],
                    nginx => { workers => 2 });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';


# Saves 1, 2, 3 ... until enough were acknowledged.  A save whose answer did
# not come may be stored or not: the next one asks what stands.  Tells the
# last acknowledged value and the last one that was sent.

sub save_many {
    my ($client) = @_;

    my ($sent, $known, $acknowledged, $lost) = (0, 0, 0, 0);
    my $tag;

    while ($acknowledged < $each && $lost < 200) {
        my $r = eval {
            $tag ||= $client->get('/api/member')->header('ETag')
                or die "no tag\n";
            $sent++;
            $client->post_json('/api/member',
                { values => { work_unit => "n$sent" } },
                'If-Match' => $tag);
        };

        if ($r && $r->status() == 200) {
            $acknowledged++;
            $known = $sent;
            $tag = $r->header('ETag');
            next;
        }

        $lost++;
        undef $tag;
        sleep 0.01;
    }

    return { sent => $sent, known => $known, count => $acknowledged,
             lost => $lost };
}


my @clients = map { $site->login($_) } @numbers;
my @jobs = map { my $c = $_; in_background(sub { save_many($c) }) } @clients;

my $kills = 0;
for my $n (1 .. 6) {
    sleep 0.12;
    $kills++ if $nginx->kill_worker('KILL', $n % 2);
}

my @results = map { eval { $_->wait(60) } || { } } @jobs;
my ($count, $lost) = (0, 0);
$count += $_->{count} || 0 for @results;
$lost += $_->{lost} || 0 for @results;

cmp_ok($kills, '>=', 5, "workers were killed ($kills)");
cmp_ok($count, '>=', $goal, "$count saves were acknowledged, $lost were not");

for my $n (0 .. $#numbers) {
    my $result = $results[$n];
    my $value = values_of($clients[$n]->get('/api/member')->json())
        ->{work_unit};
    my ($stored) = $value =~ /^n(\d+)$/;

    ok(defined $stored && $stored >= $result->{known}
       && $stored <= $result->{sent},
       "member $n: the last acknowledged save ($result->{known}) stands")
        or diag("stored: $value, sent: $result->{sent}");
}

$nginx->stop();
my ($rows) = query($core, "SELECT count(*) FROM audit WHERE action = 'save' "
                   . "AND result = 'ok'");
cmp_ok($rows->[0], '>=', $count, "each has its audit row ($rows->[0])");
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
like($site->must_ctl('check'), qr/^integrity\s+ok$/m, 'the store is whole');
clean_log($nginx, 'nothing bad in the log',
          allow => qr/exited on signal 9|was locked by/);
done_testing();
