# I11: an officer of one institute can neither see, nor decide, nor infer
# anything of another: each route of the desk is asked about what the other
# one has and about what does not exist, and must answer byte for byte the
# same; nothing of the other one is changed.  A plain location has no route
# of the desk.  I07 I11

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
my ($ours, $theirs, $nobody) = ('330000010001', '310000010001',
                                '310000019999');
my $site = new_site(
    people => [person($ours),
               person($theirs, institute => '31', name => '周文博'),
               person('310000010002', institute => '31')],
    photos => { $theirs => 3, '310000010002' => 4 },
    conf => { server => officer_location() });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my $officer = officer_login($site, add_officer($site, 'li', '33'));
my $other = officer_login($site, add_officer($site, 'han', '31'));
my $national = officer_login($site, add_officer($site, 'national'));

my ($case) = (sub {
    $site->login('310000010002')->put_photo('/api/photo?declare=1',
                                            portrait(9));
    return map { $_->[0] } query($core, 'SELECT photo_id FROM photo_case');
})->();
my ($photo) = map { $_->[0] } query($core,
    'SELECT photo_id FROM member WHERE member_no = ?', $theirs);
my ($reference) = (sub {
    my $r = $other->put_photo("$desk/member/photo?reference=1", portrait(3),
        'Membercert-Member' => "nonpractising/$theirs");
    return $r->json()->{reference_photo_id};
})->();
my $m = $other->post_json("$desk/member", about($theirs))->json();
my $version = $m->{certificate}{version};
my %match = ('If-Match' => qq("$m->{revision}"));

$other->post_json("$desk/member/confirm",
                  about($theirs, version => $version));
my $serial = (map { $_->[0] } query($core, 'SELECT serial FROM confirmation'))
    [0];


sub about {
    my ($number, %more) = @_;

    return { user_type => 'nonpractising', member_no => $number, %more };
}

# All that is kept of institute 31; nothing in it may change.

sub of_31 {
    return map { join '|', map { defined $_ ? $_ : '-' } @$_ } map {
        query($core, $_)
    } ("SELECT * FROM member WHERE institute = '31'",
       "SELECT c.* FROM photo_case c JOIN member m ON m.id = c.member_id "
       . "WHERE m.institute = '31'",
       "SELECT c.* FROM confirmation c JOIN member m ON m.id = c.member_id "
       . "WHERE m.institute = '31'",
       "SELECT a.seq FROM audit a JOIN member m ON m.id = a.member_id "
       . "WHERE m.institute = '31' AND a.action <> 'view'");
}

# What one can tell from an answer; time and names of headers included.

sub told {
    my ($r) = @_;

    my $head = $r->raw() =~ s/\r\n\r\n.*//sr;
    $head =~ s/^Date: .*?\r\n//m;
    return $head . "\n" . $r->body();
}


my %put = map { $_ => { 'Membercert-Member' => "nonpractising/$_" } }
    $theirs, $nobody;
my @same = (
    ['GET case/ID', sub { $officer->get("$desk/case/$_[0]") },
     $case, 99_999],
    ['POST case/ID approve', sub { $officer->post_json("$desk/case/$_[0]",
        { decision => 'approve' }) }, $case, 99_999],
    ['POST case/ID reject', sub { $officer->post_json("$desk/case/$_[0]",
        { decision => 'reject', reason => 'unclear' }) }, $case, 99_999],
    ['POST case/ID without a reason', sub { $officer->post_json(
        "$desk/case/$_[0]", { decision => 'reject' }) }, $case, 99_999],
    ['GET photo/ID of an upload', sub { $officer->get("$desk/photo/$_[0]") },
     $case, 99_999],
    ['GET photo/ID on record', sub { $officer->get("$desk/photo/$_[0]") },
     $photo, 99_999],
    ['GET photo/ID of a reference',
     sub { $officer->get("$desk/photo/$_[0]") }, $reference, 99_999],
    ['HEAD photo/ID', sub { $officer->head("$desk/photo/$_[0]") },
     $photo, 99_999],
    ['POST search by number', sub { $officer->post_json("$desk/search",
        { text => $_[0] }) }, $theirs, $nobody],
    ['POST search by name', sub { $officer->post_json("$desk/search",
        { text => $_[0] }) }, '周文博', '周文薄'],
    ['POST member', sub { $officer->post_json("$desk/member",
        about($_[0])) }, $theirs, $nobody],
    ['POST member/save', sub { $officer->post_json("$desk/member/save",
        about($_[0], values => { admitted_on => '2001-01-01' }), %match) },
     $theirs, $nobody],
    ['POST member/save to take him', sub { $officer->post_json(
        "$desk/member/save", about($_[0], values => { institute => '33' }),
        %match) }, $theirs, $nobody],
    ['POST member/save without If-Match', sub { $officer->post_json(
        "$desk/member/save", about($_[0], values => { nonsense => 'x' })) },
     $theirs, $nobody],
    ['POST member/reset', sub { $officer->post_json("$desk/member/reset",
        about($_[0])) }, $theirs, $nobody],
    ['PUT member/photo', sub { $officer->put_photo("$desk/member/photo",
        portrait(5), %{$put{$_[0]}}) }, $theirs, $nobody],
    ['PUT member/photo, a reference', sub { $officer->put_photo(
        "$desk/member/photo?reference=1", portrait(5), %{$put{$_[0]}}) },
     $theirs, $nobody],
    ['PUT member/photo, a bad one', sub { $officer->put_photo(
        "$desk/member/photo", hostile('pixels:177220'), %{$put{$_[0]}}) },
     $theirs, $nobody],
    ['POST member/confirm', sub { $officer->post_json("$desk/member/confirm",
        about($_[0], version => $version)) }, $theirs, $nobody],
    ['POST member/certificate', sub { $officer->post_json(
        "$desk/member/certificate", about($_[0])) }, $theirs, $nobody],
    ['POST member/certificates', sub { $officer->post_json(
        "$desk/member/certificates", about($_[0])) }, $theirs, $nobody],
    ['POST certificate/revoke', sub { $officer->post_json(
        "$desk/certificate/revoke", { serial => $_[0], reason => 'x' }) },
     $serial, 99_999],
    ['POST certificate/revoke without a reason', sub { $officer->post_json(
        "$desk/certificate/revoke", { serial => $_[0], reason => '' }) },
     $serial, 99_999],
    ['POST certificate/unrevoke', sub { $officer->post_json(
        "$desk/certificate/unrevoke", { serial => $_[0], reason => 'x' }) },
     $serial, 99_999],
);

my $before = join "\n", of_31();

for my $row (@same) {
    my ($title, $ask, $there, $nowhere) = @$row;
    my $r = $ask->($there);
    is(told($r), told($ask->($nowhere)),
       "$title: as what does not exist (" . $r->status() . ')');
    unlike($r->body(), qr/周文博|\Q$theirs\E.*"name"/, 'nothing of his');
}

is(join("\n", of_31()), $before, 'nothing of the other institute changed');

is_deeply($officer->get("$desk/queue")->json(),
          { items => [], next => undef }, 'GET queue: none of theirs');
is($officer->get("$desk/session")->json()->{institute}{code}, '33',
   'GET session: his own institute');


# The same requests find it all where it may be found.

for my $who ([$other, 'an officer of theirs'], [$national, 'one of all']) {
    my ($client, $name) = @$who;
    is($client->get("$desk/queue")->json()->{items}[0]{photo_id}, $case,
       "$name has it in the queue");
    is($client->get("$desk/case/$case")->status(), 200, 'sees the case');
    is($client->get("$desk/photo/$_")->status(), 200, "sees photo $_")
        for $case, $photo, $reference;
    is(scalar @{$client->post_json("$desk/search", { text => '周' })->json()
       ->{items}}, 1, 'finds the member');
    is($client->post_json("$desk/member/certificate", about($theirs))
       ->status(), 200, 'has the certificate');
}

is($other->post_json("$desk/member", about($ours))->status(), 404,
   'who in turn finds nothing of ours');
$m = $national->post_json("$desk/member", about($ours))->json();
my ($field) = grep { $_->{key} eq 'institute' } @{$m->{fields}};
ok($field->{editable}, 'the national office moves members');
is($national->post_json("$desk/member/save",
    about($ours, values => { institute => '31' }),
    'If-Match' => qq("$m->{revision}"))->status(), 200, 'from one');
is($officer->post_json("$desk/member", about($ours))->status(), 404,
   'who is gone here');
is($other->post_json("$desk/member", about($ours))->status(), 200,
   'and there now');


# ---- who may come in at all -------------------------------------------------

my @routes = do {
    my $text = slurp(repository()
        . '/src/http/ngx_http_membercert_route_officer.c');
    map { [$_->[1], $_->[0] . ($_->[2] =~ /\.id = 1/ ? "/$case" : '')] }
        map { [/ngx_string\("([^"]+)"\).*?ngx_string\("(\w+)"\)(.*)/s] }
        $text =~ /\{ (\.path = .*?) \}/sg;
};
cmp_ok(scalar @routes, '>=', 15, 'the table of routes was read');

my %members = map { $_ => 1 } 'GET site', 'POST session', 'GET session',
    'DELETE session', 'POST member';

# a body that fits every route
my $all = '{"user_type":"nonpractising","member_no":"' . $ours . '",'
    . '"values":{},"version":"x","text":"zz","decision":"approve",'
    . '"name":"x","password":"x","code":"x","serial":1,"reason":"x"}';

for my $route (@routes) {
    my ($method, $path) = @$route;
    my %opt = $method eq 'PUT'
        ? (headers => { 'Content-Type' => 'image/jpeg' },
           body => portrait(5))
        : $method eq 'POST'
        ? (headers => { 'Content-Type' => 'application/json' },
           body => $all) : ();

    if (!$members{"$method $path"}) {
        is($officer->request($method, "/api/$path", %opt)->problem(),
           'not_found', "$method $path: not in a plain location");
    }

    next if $path eq 'site' || $path eq 'session';

    is($site->visitor()->request($method, "$desk/$path", %opt)->status(),
       401, 'nor for a stranger');

    my $member = $site->login($ours);
    my ($token) = $member->cookie('membercert') =~ /([\w-]{43})/;
    is($member->request($method, "$desk/$path", %opt)->status(), 401,
       'nor for a member');
    $member->forget_cookies();
    is($member->request($method, "$desk/$path", %opt,
           headers => { %{$opt{headers} || {}},
                        Cookie => "membercert-officer=$token" })->status(),
       401, 'a member\'s token is none of an officer');
    is($member->request($method, "$desk/$path", %opt,
           headers => { %{$opt{headers} || {}},
                        Authorization => "Bearer $token" })->status(),
       401, 'in no form');
}

is($officer->get('/api/member')->status(), 401,
   'an officer is no member either');
is($officer->get("$desk/$_")->problem(), 'not_found',
   "a desk has no $_") for qw(certificate certificate.pdf photo photo/state);
is($officer->request('PUT', "$desk/photo", body => 'x')->status(), 404,
   'nor an upload of members');

clean_log($nginx);
done_testing();
