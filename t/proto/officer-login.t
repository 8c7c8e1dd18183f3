# An officer's log-in: wrong codes behind a right password, sessions beyond
# the third, the cookie a log-in came with, accounts by command.  I11

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

my $desk = '/officer/api';
my $http = "    set_real_ip_from 127.0.0.1;\n    real_ip_header X-From;\n";
my $site = new_site(people => [person('330000010001')],
    conf => { server => officer_location(), http => $http });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my $li = add_officer($site, 'li.lei', '33');
my $han = add_officer($site, 'han', '33');
my $address = 1;

# From another address each time, so that none of them has to wait.
sub try_login {
    my ($officer, %more) = @_;

    query($core, 'UPDATE officer SET totp_step = 0');
    return $site->visitor()->post_json("$desk/session",
        login_data($officer, %more),
        'X-From' => '198.51.100.' . $address++ % 250);
}

sub row {
    my ($name) = @_;

    return (query($core, 'SELECT code_failures, code_until FROM officer '
                  . 'WHERE name = ?', $name))[0];
}


subtest 'codes cannot be tried from many addresses' => sub {
    is(try_login($li, code => '000000')->problem(), 'officer_login_failed',
       'a wrong code') for 1 .. 4;
    is_deeply(row('li.lei'), [4, 0], 'is counted in the officer\'s row');

    is(try_login($li)->status(), 200, 'the right one still opens');
    is_deeply(row('li.lei'), [0, 0], 'and forgets them');

    try_login($li, code => '000000') for 1 .. 5;
    my $until = row('li.lei')->[1] / 1000 - time();
    cmp_ok(abs($until - 900), '<', 30, 'five lock codes for 15 minutes');
    is(try_login($li)->problem(), 'officer_login_failed',
       'the right code is not taken then');
    try_login($li, code => '000000') for 1 .. 3;
    is(row('li.lei')->[0], 5, 'nor a wrong one counted');
    is(try_login($han)->status(), 200, 'another officer has nothing of it');

    query($core, 'UPDATE officer SET code_until = 1');
    try_login($li, code => '000000') for 1 .. 5;
    $until = row('li.lei')->[1] / 1000 - time();
    cmp_ok(abs($until - 1800), '<', 30, 'five more: for 30');
    query($core, 'UPDATE officer SET code_until = 1');
    is(try_login($li)->status(), 200, 'afterwards all is well');
};


subtest 'who has no password locks nobody out' => sub {
    try_login($li, password => "wrong-password-$_", code => '000000')
        for 1 .. 120;
    is_deeply(row('li.lei'), [0, 0], 'nothing is counted');
    is(try_login($li)->status(), 200, 'the officer gets in');
};


subtest 'members and officers do not pay for each other' => sub {
    my @from = ('X-From' => '203.0.113.9');
    my $limits = "        membercert_login_limit account=3/15m "
        . "address=6/10m;\n";
    $nginx->configure($site->text(server => officer_location() . $limits));
    $nginx->reload(wait_old => 1);

    my $status = 0;
    for my $n (1 .. 12) {
        $status = $site->visitor()->post_json('/api/session',
            $site->login_data("33000001000$n", password => 'x'), @from)
            ->status();
    }
    is($status, 429, 'a member\'s address has no attempts left');
    query($core, 'UPDATE officer SET totp_step = 0');
    is($site->visitor()->post_json("$desk/session", login_data($li), @from)
           ->status(), 200, 'the officer at the same one has');
};


subtest 'the fourth session ends the first; a log-in that of its cookie' =>
sub {
    my @clients = map { officer_login($site, $han) } 1 .. 4;
    my @answers = map { $_->get("$desk/session")->status() } @clients;
    is_deeply(\@answers, [401, 200, 200, 200], 'three at most');

    my $client = $clients[3];
    my $old = $client->cookie_header();
    query($core, 'UPDATE officer SET totp_step = 0');
    is($client->post_json("$desk/session", login_data($han))->status(), 200,
       'a log-in over another one');
    isnt($client->cookie_header(), $old, 'has a session of its own');
    is($site->visitor()->get("$desk/session", Cookie => $old)->status(), 401,
       'the one before has ended');
    is($clients[$_]->get("$desk/session")->status(), 200, 'others have not')
        for 1, 2;
};


subtest 'officer passwd, disable, enable' => sub {
    my $client = officer_login($site, $li);
    my $new = 'another-password-2026';

    is($site->ctl('officer', 'passwd', 'li.lei', { input => "short\n" })
           ->{status}, 1, 'a short one is refused');
    is($site->ctl('officer', 'passwd', 'nobody', { input => "$new\n" })
           ->{status}, 1, 'nobody\'s');
    is($client->get("$desk/session")->status(), 200, 'nothing changed');

    $site->must_ctl('officer', 'passwd', 'li.lei', { input => "$new\n" });
    is($client->get("$desk/session")->status(), 401, 'it ends sessions');
    is(try_login($li)->status(), 401, 'the old one does not work');
    is(try_login($li, password => $new)->status(), 200, 'the new one does');

    $site->must_ctl('officer', 'disable', 'li.lei');
    is(try_login($li, password => $new)->status(), 401, 'disabled');
    $site->must_ctl('officer', 'enable', 'li.lei');
    is(try_login($li, password => $new)->status(), 200, 'enabled again');
    is($site->ctl('officer', 'enable', 'nobody')->{status}, 1, 'nobody');

    is_deeply([map { $_->[0] } query($core, 'SELECT result FROM audit '
                   . "WHERE action = 'officer' AND result NOT LIKE 'added%' "
                   . 'ORDER BY seq')],
              ['passwd 1', 'disabled 1', 'enabled 1'], 'recorded');
};

clean_log($nginx, 'nothing bad in the log');
done_testing();
