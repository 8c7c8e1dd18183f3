# A new secret is put first and everything is sealed anew while the site
# runs; then the old file can go.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 80;
my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { map { $numbers[$_] => 1 + $_ % 9 } 0 .. 39 },
    conf => { server => officer_location() });
my $nginx = $site->nginx();
my $dir = $site->dir();
my $core = $site->store() . '/core.db';
my $photos = $site->store() . '/photo.db';
my $li = add_officer($site, 'li', '33');

my $pdf = do {
    my $member = $site->login($numbers[0]);
    $member->post_json('/api/certificate',
        { version => $member->get('/api/certificate')->json()->{version} });
    $member->get('/api/certificate.pdf')->body();
};
$site->must_ctl('audit', 'head', '-o', "$dir/head");
my $shown = $site->must_ctl('--json', 'member', 'show', $numbers[5]);

# A second secret; commands need a configuration that names both.
write_file("$dir/new", join('', map { chr 33 + int rand 90 } 1 .. 48) . "\n",
           0600);

sub conf_of {
    my (@secrets) = @_;

    my $text = $site->text(secret => join ' ', map { "$dir/$_" } @secrets);
    write_file("$dir/ctl.conf", "events { }\n$text");
    return $text;
}

sub with {
    my ($secrets, @args) = @_;

    conf_of(@$secrets);
    return ctl('-c', "$dir/ctl.conf", @args);
}

# Values that carry another id than the newest: profiles, photos, codes.
sub old_values {
    my ($id) = query($core, 'SELECT hex(substr(profile, 2, 4)) FROM member '
                     . 'WHERE id = 1');
    my $sum = 0;
    for my $row (['core.db', 'member', 'profile'], ['core.db', 'officer',
                 'totp'], ['photo.db', 'photo', 'sealed']) {
        my ($file, $table, $column) = @$row;
        my ($n) = query($site->store() . "/$file",
            "SELECT count(*) FROM $table WHERE "
            . "hex(substr($column, 2, 4)) <> ?", $id->[0]);
        $sum += $n->[0];
    }
    return $sum;
}


subtest 'without a second secret nothing is to be done' => sub {
    my $r = with(['secret'], 'rekey');
    is($r->{status}, 0, 'it runs');
    like($r->{out}, qr/^profiles +0 sealed anew$/m, 'and changes nothing');
    like($r->{out}, qr/nothing to drop/, 'and says so');
};


subtest 'the secret that sealed must be named' => sub {
    my $r = with(['new'], 'rekey');
    is($r->{status}, 1, 'refused');
    like($r->{err}, qr/secret that is not named.*membercert_secret NEW OLD/,
         'why');
    ok($site->ctl('audit', 'verify')->{ok}, 'nothing was written');
};


my ($before) = query($core, 'SELECT id_key FROM member WHERE id = 7');

subtest 'rekey while members use the site' => sub {
    $nginx->configure(conf_of('secret', 'new'));
    ok($nginx->reload(wait_old => 1), 'first everybody learns the new one');
    $nginx->configure(conf_of('new', 'secret'));
    ok($nginx->reload(wait_old => 1), 'then it is put first');

    my $member = $site->login($numbers[1]);
    my $load = in_background(sub {
        my ($good, $end) = (0, time() + 4);
        while (time() < $end) {
            my $r = $member->get('/api/member');
            my $s = $member->post_json('/api/member',
                { values => { address => "路 $good" } },
                'If-Match' => $r->header('ETag'));
            return "save: " . $s->status() if $s->status() != 200;
            my $p = $member->get('/api/photo');
            return "photo: " . $p->status() if $p->status() != 200;
            $good++;
        }
        return $good;
    });

    my $r = with(['new', 'secret'], 'rekey');
    is($r->{status}, 0, 'it ends') or diag($r->{err});
    like($r->{out}, qr/^profiles +(?:79|80) sealed anew$/m, 'profiles');
    like($r->{out}, qr/^photos +40 sealed anew$/m, 'photos');
    like($r->{out}, qr/^one-time codes +1 sealed anew$/m, 'codes');
    like($r->{out}, qr/^audit keys +1$/m, 'the old audit key is kept');
    like($r->{out}, qr/^ID number keys +(?:79|80) made anew$/m, 'look-ups');
    like($r->{out}, qr/^the old files can be dropped/m, 'and what now');

    my $good = $load->wait(20);
    cmp_ok($good, '>', 3, 'reads and saves went on meanwhile');
    is(old_values(), 0, 'no value of the old secret is left');
    my ($key) = query($core, 'SELECT id_key FROM member WHERE id = 7');
    isnt($key->[0], $before->[0], 'the key of an ID number is another');
    is($site->ctl('check')->{status}, 0, 'all photos are whole');
};


subtest 'a second time it finds nothing' => sub {
    my $r = with(['new', 'secret'], 'rekey');
    like($r->{out}, qr/^$_ +0/m, $_) for 'profiles', 'photos', 'audit keys',
        'one-time codes', 'ID number keys';
};


subtest 'one that was interrupted goes on' => sub {
    # half of the photos, as a kill would have left them
    my ($id) = query($photos, 'SELECT max(id) FROM photo');
    my $r = with(['secret', 'new'], 'rekey');
    is($r->{status}, 0, 'back under the first one');
    like($r->{out}, qr/^photos +40 sealed anew$/m, 'all of them');

    my $killed = 0;
    for my $wait (0.02, 0.05, 0.1, 0.2) {
        my $pid = fork();
        if ($pid == 0) {
            conf_of('new', 'secret');
            open(STDOUT, '>', '/dev/null');
            exec ctl_file(), '-c', "$dir/ctl.conf", 'rekey' or POSIX::_exit(1);
        }
        select undef, undef, undef, $wait;
        kill 'KILL', $pid;
        waitpid $pid, 0;
        $killed++ if $? & 127;
        is($site->ctl('check')->{status}, 0, 'the store is whole');
    }
    note("$killed were killed");

    is(with(['new', 'secret'], 'rekey')->{status}, 0, 'the rest');
    is(old_values(), 0, 'nothing is left');
};


subtest 'without the old file' => sub {
    $nginx->configure(conf_of('new'));
    ok($nginx->reload(wait_old => 1), 'it is dropped');

    my $member = $site->login($numbers[0]);
    is($member->get('/api/certificate.pdf')->body(), $pdf,
       'the certificate, byte for byte');
    is($site->login($numbers[9])->get('/api/photo')->status(), 200,
       'a photo');
    my $desk = officer_login($site, $li);
    is($desk->get('/officer/api/queue')->status(), 200,
       'an officer\'s one-time code');
    is(with(['new'], '--json', 'member', 'show', $numbers[5])->{out},
       $shown, 'a profile');

    my $r = with(['new'], 'audit', 'verify');
    is($r->{status}, 0, 'the audit, rows of both keys') or diag($r->{err});
    $r = with(['new'], 'audit', 'verify', '--head', "$dir/head");
    is($r->{status}, 0, 'and against a head of before') or diag($r->{err});

    query($core, "UPDATE audit SET result = 'x' WHERE seq = 3");
    is(with(['new'], 'audit', 'verify')->{status}, 1,
       'a changed old row is found all the same');
};

clean_log($nginx, 'nothing bad in the log');
done_testing();
