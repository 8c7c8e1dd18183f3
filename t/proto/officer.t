# An officer at work: log-in with a one-time code, the queue, decisions, and
# what is done for a member at the counter.
# S26 S27 S32 S38 I07 I11 X01 X08

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
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 9;
my $site = new_site(
    people => [(map { person($_) } @numbers[0 .. 5]),
               person($numbers[6], name => '周文博'),
               person($numbers[7], work_unit => ''),
               person($numbers[8], admitted_on => '')],
    photos => { $numbers[0] => 3 },
    conf => { server => officer_location(),
              http => "    membercert_compare manual attempts=2;\n"
                  . "    membercert_photo_check background=warn;\n"
                  . "    membercert_login_limit account=8/15m "
                  . "address=100/10m;\n" });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my $li = add_officer($site, 'li.lei', '33');
my $han = add_officer($site, 'han', '33');
my $officer = officer_login($site, $li);


sub about {
    my ($number, %more) = @_;

    return { user_type => 'nonpractising', member_no => $number, %more };
}

sub post {
    my ($path, $data, %headers) = @_;

    return $officer->post_json("$desk/$path", $data, %headers);
}

sub upload {
    my ($number, @picture) = @_;

    my $r = $site->login($number)->put_photo('/api/photo?declare=1',
                                             portrait(@picture));
    is($r->status(), 202, "an upload of $number waits");
    my ($case) = query($core, 'SELECT photo_id FROM photo_case '
        . 'ORDER BY id DESC LIMIT 1');
    return $case->[0];
}

sub queue {
    return $officer->get("$desk/queue")->json();
}

sub audit {
    return map { join ' ', @$_ } query($core,
        "SELECT actor, action, result FROM audit WHERE action <> 'view' "
        . 'ORDER BY seq DESC LIMIT ?', $_[0] || 1);
}


subtest 'log-in: name, password and code, one answer for every failure' =>
sub {
    my ($answer, $r);

    for my $row (['a wrong password', password => 'wrong-password'],
                 ['an empty one', password => ''],
                 ['a wrong code', code => '000000'],
                 ['no code', code => ''],
                 ['a code of two steps before', step => -2],
                 ['one of two steps after', step => 3],
                 ['no such name', name => 'nobody'],
                 ['a name that cannot be', name => "\x{c4}/../x"]) {
        my ($title, %more) = @$row;
        $r = $site->visitor()->post_json("$desk/session",
                                         login_data($han, %more));
        is($r->status(), 401, "$title is refused");
        $answer ||= $r->json();
        is_deeply($r->json(), $answer, 'with the same words');
        is($r->problem(), 'officer_login_failed', 'and code');
        is($r->header('Set-Cookie'), undef, 'and no cookie');
    }

    is($site->visitor()->post_json("$desk/session", login_data($han),
           'Sec-Fetch-Site' => 'cross-site')->problem(),
       'origin_refused', 'a foreign page cannot log anybody in');

    for (1 .. 4) {
        $r = $site->visitor()->post_json("$desk/session",
            login_data($han, code => '000000', name => 'HAN'));
    }

    is($r->status(), 429, 'attempts are counted, however it is written');
    is($site->visitor()->post_json("$desk/session", login_data($han))
       ->status(), 429, 'and the right ones wait, too');
};


subtest 'a code works once' => sub {
    my $wu = add_officer($site, 'wu', '33');
    my $data = login_data($wu);
    my $r = $site->visitor()->post_json("$desk/session", $data);

    is($r->status(), 200, 'the first time');
    my $s = $r->json();
    is($s->{name}, 'wu', 'name');
    is($s->{institute}{code}, '33', 'institute');
    ok(!$s->{all}, 'not of all');
    is(scalar @{$s->{reasons}}, 8, 'reasons of a rejection (S32)');
    cmp_ok($s->{ends} / 1000 - time(), '<=', 8 * 3600 + 1, '8 hours at most');
    cmp_ok($s->{idle_ends} / 1000 - time(), '<=', 901, '15 minutes idle');
    like($r->header('Set-Cookie'),
         qr/^membercert-officer=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
         'a cookie of its own');

    $r = $site->visitor()->post_json("$desk/session", $data);
    is($r->status() . $r->problem(), '401officer_login_failed', 'not again');
    $r = $site->visitor()->post_json("$desk/session",
                                     login_data($wu, step => -1));
    is($r->status(), 401, 'nor an older one');
    $r = $site->visitor()->post_json("$desk/session",
                                     login_data($wu, step => 1));
    is($r->status(), 200, 'a newer one does');
    is((grep { $_ eq 'officer 3 login ok' } audit(10)), 2,
       'and both are recorded');
};


subtest 'a session ends: idle, absolute, by log-out, by disabling' => sub {
    my $zhao = add_officer($site, 'zhao', '33');
    my $client = officer_login($site, $zhao);
    my $now = 1000 * time();
    my $id = (query($core, "SELECT id FROM officer WHERE name = 'zhao'"))[0][0];
    my $set = sub {
        query($core, 'UPDATE officer_session SET last_seen = ?, '
              . 'expires_at = ? WHERE officer_id = ?', @_, $id);
    };
    my $status = sub { return $client->get("$desk/queue")->status() };

    is($status->(), 200, 'open');
    $set->($now - 14 * 60_000, $now + 3600_000);
    is($status->(), 200, '14 minutes idle');
    my ($seen) = query($core, 'SELECT last_seen FROM officer_session '
        . 'WHERE officer_id = ?', $id);
    cmp_ok($seen->[0], '>=', $now, 'a request counts as seen');
    $set->($now - 15 * 60_000, $now + 3600_000);
    is($status->(), 401, '15 minutes idle');
    $set->($now, $now - 1);
    is($status->(), 401, 'after 8 hours in all');

    # the clean-up may have taken the row by now
    $client = officer_login($site, $zhao);
    is($status->(), 200, 'a new log-in opens again');

    my $other = officer_login($site, $zhao);
    is($other->delete("$desk/session", 'Sec-Fetch-Site' => 'cross-site')
       ->status(), 403, 'a foreign page cannot log out');
    my $r = $other->delete("$desk/session");
    is($r->status(), 204, 'log-out');
    like($r->header('Set-Cookie'), qr/^membercert-officer=; .*Max-Age=0/,
         'takes the cookie');
    is((audit())[0], "officer $id logout ok", 'is recorded');
    is($other->get("$desk/session")->status(), 401, 'it is over');
    is($other->delete("$desk/session")->status(), 204, 'twice is fine');

    $site->must_ctl('officer', 'disable', 'zhao');
    is($status->(), 401, 'disabled: at once');
    is($site->visitor()->post_json("$desk/session", login_data($zhao))
       ->status(), 401, 'and no log-in');

    $site->must_ctl('officer', 'reset-totp', 'han');
    my ($old) = query($core, 'SELECT count(*) FROM officer_session s '
        . "JOIN officer o ON o.id = s.officer_id WHERE o.name = 'han'");
    is($old->[0], 0, 'a new secret ends sessions');
};


subtest 'the queue, oldest first; a case with all that is needed' => sub {
    is_deeply(queue(), { items => [], next => undef }, 'empty');

    my $one = upload($numbers[1], 11);
    my $two = upload($numbers[2], 12);
    my $q = queue();

    is_deeply([map { $_->{photo_id} } @{$q->{items}}], [$one, $two],
              'in their order');
    is($q->{items}[0]{member_no}, $numbers[1], 'whose');
    is($q->{items}[0]{name}, '林晓岚', 'name');
    ok($q->{items}[0]{declared}, 'declared (S27)');
    is($officer->get("$desk/queue?after=x")->status(), 400, 'a bad place');

    my $r = $officer->get("$desk/case/$one");
    is($r->status(), 200, 'a case');
    my $c = $r->json();
    is($c->{state}, 'review', 'waits');
    ok($c->{waiting}, 'for a decision');
    is($c->{next}, $two, 'the one behind it');
    is($c->{provider}, undef, 'nobody compared');
    is(ref $c->{warnings}, 'ARRAY', 'warnings');
    my %field = map { $_->{key} => $_ } @{$c->{member}{fields}};
    is($field{id_number}{value}, '3301**********2366', 'masked');
    ok($field{admitted_on}{editable}, 'the institute corrects this');
    ok(!$field{work_unit}{editable}, 'the member that');
    ok(!$field{institute}{editable}, 'nobody is given away');
    is($c->{member}{cases}[0]{photo_id}, $one, 'history');
    is($c->{member}{certificate}{blockers}[0]{code}, 'compare_review',
       'what blocks');
    unlike($r->body(), qr/330102198503072366/, 'no whole ID number');

    $r = $officer->get("$desk/photo/$one");
    is($r->header('Content-Type'), 'image/jpeg', 'the picture');
    like($r->body(), qr/^\xff\xd8\xff/, 'is one');
    like($r->header('Cache-Control'), qr/private, no-store/, 'kept nowhere');

    for my $bad (qw(0 01 -1 x 1x 99999999999999999999), '') {
        is($officer->get("$desk/case/$bad")->status(), 404, "case/$bad");
    }
    is($officer->get("$desk/case/999999")->problem(), 'not_found',
       'a photo that is not there');
    is($officer->post_json("$desk/queue", {})->status(), 405,
       'a wrong method');
    is($officer->request('PUT', "$desk/case/$one")->header('Allow'),
       'GET, HEAD, POST', 'is told which are right');
};


subtest 'warnings of the content checks, with what was measured' => sub {
    my $red = MembercertTest::Site::program('defect', 'background-red', 11);
    my $r = $site->login($numbers[4])->put_photo('/api/photo?declare=1',
                                                 $red);
    is($r->status(), 202, 'an upload that is accepted with a warning');
    my $told = $r->json()->{warnings};
    is($told->[0]{code}, 'photo_background', 'of the background');
    my $id = queue()->{items}[-1]{photo_id};
    is_deeply($officer->get("$desk/case/$id")->json()->{warnings}, $told,
              'the officer reads what the member read');
    post("case/$id", { decision => 'approve' });
};


subtest 'a decision names the photo it is about (S26, S32)' => sub {
    my ($one, $two) = map { $_->{photo_id} } @{queue()->{items}};

    for my $row ([{}, 400], [{ decision => 'maybe' }, 400],
                 [{ decision => 'reject' }, 422],
                 [{ decision => 'reject', reason => 'ugly' }, 422],
                 [{ decision => 'reject', reason => 'other' }, 422],
                 [{ decision => 'reject', reason => 'other',
                    words => ' ' }, 422],
                 [{ decision => 'reject', reason => 'other',
                    words => 'x' x 201 }, 422],
                 [{ decision => 'reject', reason => 'other',
                    words => "a\nb" }, 422]) {
        is(post("case/$one", $row->[0])->status(), $row->[1],
           'refused: ' . join ' ', map { substr($_, 0, 9) } %{$row->[0]});
    }

    my $r = post("case/$one", { decision => 'approve' });
    is($r->status(), 200, 'approved');
    is_deeply($r->json(), { photo_id => $one, state => 'matched',
                            attempts => 0, most => 2, next => $two },
              'and where to go on');
    is((audit())[0], "officer 1 decide photo $one matched", 'recorded');
    is($site->login($numbers[1])->get('/api/photo/state')->json()->{state},
       'matched', 'the member sees it');
    is(post("case/$one", { decision => 'approve' })->problem(),
       'photo_decided', 'once');

    $r = post("case/$two", { decision => 'reject', reason => 'background' });
    is_deeply($r->json(), { photo_id => $two, state => 'mismatched',
                            attempts => 1, most => 2, next => undef },
              'rejected: it costs an attempt');
    my $state = $site->login($numbers[2])->get('/api/photo/state')->json();
    is($state->{reason}, '不是白底照片', 'the member reads why');
    is($state->{reason_en}, 'The background is not white', 'in English too');

    my $three = upload($numbers[2], 13);
    my $four = upload($numbers[2], 14);
    $r = post("case/$three", { decision => 'approve' });
    is($r->status() . $r->problem(), '409photo_replaced',
       'a photo replaced meanwhile is not decided');
    $r = post("case/$four", { decision => 'reject', reason => 'unclear',
                              words => '右耳被遮挡' });
    is($r->json()->{attempts}, 2, 'the next one is');
    like($site->login($numbers[2])->get('/api/photo/state')->json()
         ->{reason}, qr/不清晰.*右耳被遮挡/, 'with own words');
};


subtest 'X01: attempts used up are given back' => sub {
    my $m = post('member', about($numbers[2]))->json();
    is($m->{attempts}, 2, 'both are used');
    is($m->{cases}[0]{reason_en}, $m->{cases}[0]{reason}, 'own words');
    is($site->login($numbers[2])->put_photo('/api/photo?declare=1',
           portrait(15))->problem(), 'attempts_used', 'no more uploads');

    my $r = post('member/reset', about($numbers[2]));
    is($r->status(), 200, 'reset');
    is($r->json()->{attempts}, 0, 'none used');
    is($r->json()->{cases}[0]{state}, 'closed', 'the case is closed');
    is((audit())[0], 'officer 1 reset ok', 'recorded');
    upload($numbers[2], 15);
};


subtest 'search by the start of number or name' => sub {
    my $found = sub { return @{post('search', { text => $_[0] })->json()
        ->{items}} };

    is(scalar $found->('3300'), 9, 'by number');
    is(($found->($numbers[6]))[0]{name}, '周文博', 'the whole number');
    is(($found->(' 周 '))[0]{member_no}, $numbers[6], 'by family name');
    is(($found->($numbers[2]))[0]{state}, 'review', 'state of the photo');
    is(scalar $found->('文博'), 0, 'not by the middle');
    is(scalar $found->('%%'), 0, 'no patterns');
    is(post('search', { text => $_ })->problem(), 'search_short',
       "too short: '$_'") for '3', '', '  ';
    is(post('search', {})->status(), 400, 'nothing');
};


subtest 'S38: the institute corrects what members cannot' => sub {
    my $m = post('member', about($numbers[8]))->json();
    my %match = ('If-Match' => qq("$m->{revision}"));
    my $save = sub {
        my ($values, %headers) = @_;
        return post('member/save', about($numbers[8], values => $values),
                    %headers);
    };

    ok(!$m->{complete}, 'something is missing');
    is($save->({ admitted_on => '2019-06-18' })->status(), 428,
       'not without If-Match');
    is($save->({ admitted_on => 'soon' }, %match)->problem(),
       'field_format', 'checked');
    is($save->({ work_unit => 'x' }, %match)->problem(),
       'field_member_only', 'the member\'s own are not his to change');
    is($save->({ institute => '31' }, %match)->problem(),
       'field_institute_only', 'nor does he give members away');
    is($save->({ nonsense => 'x' }, %match)->problem(), 'field_unknown',
       'unknown');

    my $r = $save->({ admitted_on => '2019-06-18' }, %match);
    is($r->status(), 200, 'saved');
    ok($r->json()->{complete}, 'nothing is missing');
    is((audit())[0], 'officer 1 save ok', 'recorded');
    $r = $save->({ admitted_on => '2019-06-19' }, %match);
    is($r->status(), 412, 'a stale revision');
    is(values_of($r->json()->{member})->{admitted_on}, '2019-06-18',
       'comes with what stands now');
    is(values_of($site->login($numbers[8])->get('/api/member')->json())
       ->{admitted_on}, '2019-06-18', 'the member sees it');
};


subtest 'X08: a verified photo, confirmation and certificate' => sub {
    my $n = $numbers[3];
    my $waiting = upload($n, 20);
    my $put = sub {
        my ($path, $bytes, %headers) = @_;
        return $officer->put_photo("$desk/member/photo$path", $bytes,
            'Membercert-Member' => "nonpractising/$n", %headers);
    };

    is(post('member/certificate', about($n))->problem(), 'confirm_first',
       'nothing to download yet');
    is($put->('', portrait(21), 'Membercert-Member' => 'x')->status(), 400,
       'whose?');
    is($put->('', hostile('pixels:177220'))->problem(), 'photo_pixels',
       'the rules hold');
    is($put->('', hostile('size:20481'))->status(), 413, 'all of them');

    my $r = $put->('?reference=1', portrait(20));
    is($r->status(), 200, 'a reference');
    my $reference = $r->json()->{reference_photo_id};
    ok($reference, 'is there');
    is($r->json()->{cases}[0]{state}, 'review', 'the upload still waits');
    is($officer->get("$desk/photo/$reference")->status(), 200,
       'to be looked at beside it');

    $r = $put->('', portrait(21));
    is($r->status(), 200, 'a photo');
    my $m = $r->json();
    ok($m->{current_photo_id}, 'is current');
    is($m->{cases}[0]{state}, 'closed', 'what waited is closed');
    is((audit())[0], "officer 1 import photo $m->{current_photo_id}",
       'recorded');
    is(post("case/$waiting", { decision => 'approve' })->problem(),
       'photo_decided', 'and cannot be decided');
    is_deeply($m->{certificate}{blockers}, [], 'nothing blocks');

    is(post('member/confirm', about($n, version => 'x'))->problem(),
       'version_changed', 'another version');
    $r = post('member/confirm',
              about($n, version => $m->{certificate}{version}));
    is($r->status(), 201, 'confirmed at the counter');
    ok($r->json()->{certificate}{confirmed}{valid}, 'valid');
    is(post('member/confirm',
            about($n, version => $m->{certificate}{version}))->status(),
       200, 'the same again');

    $r = post('member/certificate', about($n));
    is($r->status(), 200, 'downloaded');
    is($r->header('Content-Type'), 'application/pdf', 'a PDF');
    like($r->body(), qr/^%PDF-/, 'that is one');
    is((audit())[0], 'officer 1 download certificate', 'recorded');
    my $theirs = $site->login($n)->get('/api/certificate.pdf');
    is($theirs->body(), $r->body(), 'the member gets the same bytes');

    # what is recorded as a download is one, whatever a header asks for
    is($r->header('Cache-Control'), 'private, no-store', 'no cache keeps it');
    for (['If-None-Match' => $theirs->header('ETag')],
         ['If-Match' => '"x"'], [Range => 'bytes=0-3'])
    {
        $r = post('member/certificate', about($n), @$_);
        is($r->status(), 200, "$_->[0]: a POST all the same");
        is($r->body(), $theirs->body(), 'the whole file');
    }
};


is($site->ctl('audit', 'verify')->{ok}, 1, 'the audit holds together');
clean_log($nginx);
done_testing();
