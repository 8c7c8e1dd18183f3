# membercertctl officer: accounts of the desk.  I11

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;

need('ctl');

my $site = new_site(start => 0);
my $core = $site->store() . '/core.db';
my $password = { input => officer_password() . "\n" };

my $out = $site->must_ctl('officer', 'add', 'li.lei', '--institute', '33',
                          $password);
like($out, qr/^TOTP secret   [A-Z2-7]{32}\notpauth:\/\/totp\/\S+:li\.lei\?secret=[A-Z2-7]{32}&issuer=\S+&algorithm=SHA1&digits=6&period=30\n$/,
     'the secret and its address are shown, once');
my ($secret) = $out =~ /secret   (\S+)/;
my $national = add_officer($site, 'national');

for my $row (
    ['a name that is taken', 1, ['li.lei', '--all'], $password],
    ['a name that cannot be', 1, ['Li Lei', '--all'], $password],
    ['no such institute', 1, ['x', '--institute', '99'], $password],
    ['a short password', 1, ['x', '--all'], { input => "short\n" }],
    ['one that is guessed', 1, ['x', '--all'], { input => "Password123!\n" }],
    ['two lines', 1, ['x', '--all'], { input => "one-password\ntwo\n" }],
    ['neither institute nor all', 2, ['x'], $password],
    ['both', 2, ['x', '--all', '--institute', '33'], $password],
    ['no institute', 2, ['x', '--institute', ''], $password],
    ['no name', 2, ['--all'], $password])
{
    my ($title, $status, $args, $input) = @$row;
    my $r = $site->ctl('officer', 'add', @$args, $input);
    is($r->{status}, $status, "$title is refused");
    is($r->{out}, '', 'and shows nothing');
}

my @rows = map { JSON::PP->new->utf8->decode($_) }
    split /\n/, $site->must_ctl('--json', 'officer', 'list');
is_deeply([map { [@$_{qw(name institute)}, $_->{disabled} ? 1 : 0] } @rows],
          [['li.lei', '33', 0], ['national', undef, 0]], 'the list');
like($site->must_ctl('officer', 'list'), qr/li\.lei +33 *\n.*national +all/,
     'for people');

my $kept = join '|', map { @$_ } query($core,
    'SELECT hex(totp), password_hash FROM officer');
unlike($kept, qr/\Q$secret\E/, 'the secret is not in the store');
unlike(slurp($core), qr/\Q$secret\E/, 'in no form');
like($kept, qr/\$argon2id\$/, 'nor the password');

my $new = $site->must_ctl('officer', 'reset-totp', 'li.lei');
like($new, qr/^TOTP secret   [A-Z2-7]{32}\n/, 'a new secret');
unlike($new, qr/\Q$secret\E/, 'is another one');
$site->must_ctl('officer', 'disable', 'li.lei');
like($site->must_ctl('officer', 'list'), qr/li\.lei .*disabled/, 'disabled');
is($site->ctl('officer', $_, 'nobody')->{status}, 1, "$_ of nobody")
    for qw(disable reset-totp);

is_deeply([map { "$_->[0] $_->[1] $_->[2]" } query($core,
              "SELECT actor, action, result FROM audit "
              . "WHERE action = 'officer' ORDER BY seq")],
          ['admin officer added 1', 'admin officer added 2',
           'admin officer totp 1', 'admin officer disabled 1'],
          'the audit has it all');
ok($site->ctl('audit', 'verify')->{ok}, 'and holds together');

done_testing();
