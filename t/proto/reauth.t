# The password once more, over a running server: a session is fresh for a
# while after the log-in, the store's row tells (not what a worker remembers),
# wrong tries are counted, the contact that was is told by message.
# S12 S40 I06

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

need('module', 'ctl');

my $sent = temp_dir('sent');
chmod 0777, $sent;

my @no = map { "33000001000$_" } 1 .. 6;
my $server = officer_location() . <<"END";
        membercert_outbox file:$sent;
        membercert_login_limit account=4/15m;
        membercert_field email "邮箱" "E-mail" type=email edit=institute;
        membercert_field office "办公电话" "Office" type=phone;
END
my $site = new_site(
    people => [map { person($_) } @no],
    conf => { session => 'secure=off fresh=2m', server => $server },
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';


# As if the password had been given so long ago.
sub age {
    my ($no, $seconds) = @_;

    query($core, 'UPDATE session SET confirmed_at = confirmed_at - ? '
          . 'WHERE member_id = (SELECT id FROM member WHERE member_no = ?)',
          $seconds * 1000, $no);
}

sub save {
    my ($client, %values) = @_;

    my $etag = $client->get('/api/member')->header('ETag');
    my $r = $client->post_json('/api/member', { values => \%values },
                               'If-Match' => $etag);
    return $r->status() == 200 ? 200 : $r->status() . ' ' . $r->problem();
}

sub confirm {
    my ($client, $password) = @_;

    my $r = $client->post_json('/api/session/confirm', {
        password => $password || MembercertTest::Site::password() });
    return $r->status() == 204 ? 204 : $r->status() . ' ' . $r->problem();
}

sub end_others {
    my ($client) = @_;

    my $r = $client->delete('/api/sessions');
    return $r->status() == 204 ? 204 : $r->status() . ' ' . $r->problem();
}

sub field {
    my ($client, $key) = @_;

    my ($one) = grep { $_->{key} eq $key }
        @{$client->get('/api/member')->json()->{fields}};
    return $one->{value};
}

my %seen;
sub messages {
    my ($count) = @_;

    my @new;
    wait_for(sub {
        @new = grep { !$seen{$_} } glob "$sent/*.json";
        return @new >= $count;
    }, 10);
    $seen{$_} = 1 for @new;
    return map { JSON::PP->new->utf8->decode(slurp($_)) } @new;
}

# The contact on record, from the import's own data.
my %person = %{person($no[0])};


subtest 'fresh after the log-in, then asked for, in every worker' => sub {
    my $client = $site->login($no[0]);

    is(end_others($client), 204, 'just logged in');
    age($no[0], 119);
    is(end_others($client), 204, 'two minutes are not over');
    age($no[0], 2);
    $client->get('/api/member') for 1 .. 8;     # every zone knows the session
    is(end_others($client), '403 reauth_needed', 'they are') for 1 .. 8;
    is(save($client, phone => '13911112222'), '403 reauth_needed',
       'another phone') for 1 .. 4;
    is(save($client, postcode => '310099'), 200, 'a postcode is free');
    is(confirm($client), 204, 'the password');
    is(end_others($client), 204, 'in every worker') for 1 .. 8;
    age($no[0], 121);
    is($client->delete('/api/session')->status(), 204, 'a log-out is free');
};


subtest 'a changed phone: nothing before the password, the old one is told'
    => sub {
    my $client = $site->login($no[1]);
    my $before = field($client, 'phone');

    age($no[1], 121);
    is(save($client, phone => '13911112222', postcode => '310088'),
       '403 reauth_needed', 'refused');
    is(field($client, 'phone'), $before, 'the phone is as it was');
    isnt(field($client, 'postcode'), '310088', 'and so is the rest');
    is(confirm($client), 204, 'the password');
    is(save($client, phone => '13911112222', postcode => '310088'), 200,
       'saved');
    is(field($client, 'phone'), '139****2222', 'it is the new one');

    my ($message) = messages(1);
    is($message->{kind}, 'contact', 'what it is about');
    is($message->{to}, $person{phone}, 'to the old phone');
    like($message->{text}, qr/登记的联系方式已于 \d{4}-.* 变更/, 'in Chinese');
    like($message->{text}, qr/If it was not you, call 010-/, 'in English');
    unlike($message->{text}, qr/13911112222/, 'the new one is not in it');

    my ($audit) = query($core, "SELECT count(*) FROM audit WHERE action = "
        . "'reauth' AND result = 'ok' AND member_id = (SELECT id FROM member "
        . 'WHERE member_no = ?)', $no[1]);
    is($audit->[0], 1, 'the confirmation is recorded');
};


subtest 'an officer needs no password of the member, who is told' => sub {
    my $officer = officer_login($site, add_officer($site, 'li', '33'));
    my @about = (user_type => 'nonpractising', member_no => $no[2]);
    my $m = $officer->post_json('/officer/api/member', { @about })->json();
    my $r = $officer->post_json('/officer/api/member/save',
        { @about, values => { email => 'new@example.org' } },
        'If-Match' => qq("$m->{revision}"));

    is($r->status(), 200, 'saved') or diag($r->body());
    my ($message) = messages(1);
    is($message->{kind}, 'contact', 'a message');
    is($message->{to}, $person{email}, 'to the old address');
};


subtest 'wrong tries are counted, and end nothing' => sub {
    my $client = $site->login($no[3]);
    my $other = $site->login($no[3]);

    age($no[3], 121);
    is(confirm($client, 'not the password'), '422 password_wrong', 'wrong')
        for 1 .. 4;
    is(confirm($client), '429 too_many_attempts', 'then even the right one');
    is(end_others($client), '403 reauth_needed', 'nothing is confirmed');
    is($client->get('/api/session')->status(), 200, 'the session goes on');
    is(confirm($other), 204, 'the member\'s other one is not locked out');
    my $in = $site->visitor()->post_json('/api/session',
                                         $site->login_data($no[3]));
    is($in->status(), 200, 'nor is the log-in');

    my $wrong = wait_for(sub {
        (query($core, "SELECT count(*) FROM audit WHERE action = 'reauth' "
               . "AND result = 'password_wrong'"))[0][0] == 4;
    }, 5);
    ok($wrong, 'each is recorded');
};


subtest 'a password changed elsewhere ends what was about to be confirmed'
    => sub {
    my $client = $site->login($no[4]);

    $site->must_ctl('member', 'passwd', $no[4],
                    { input => "another long password\n" });
    is(confirm($client), '401 session_expired', 'the session is gone');
};


clean_log($nginx);
done_testing();
