# The certificate: what blocks it, its confirmation, the file.
# S01 S16 S17 S34 S35 S37 S38 S41 I08 I13 I14

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use Encode qw(decode);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 9;
my $site = new_site(
    people => [
        person($numbers[0]),
        person($numbers[1], work_unit => '', admitted_on => ''),
        person($numbers[2], status => '暂停'),
        person($numbers[3], name => '阿依古丽·𠮷䶮'),
        person($numbers[4], name => "林\x{e000}岚"),
        person($numbers[5]), person($numbers[6]), person($numbers[7]),
        person($numbers[8], status => '已退会', work_unit => '',
               name => "\x{e001}"),
    ],
    photos => { map { $numbers[$_] => $_ + 1 } 0, 2 .. 5, 7 },
    # every answer is today's; t/proto/cache.t has the cache
    conf => { tls_port => undef, certificate_cache => 'off' },
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $member = $site->login($numbers[0]);


sub view {
    my ($client) = @_;

    return $client->get('/api/certificate')->json();
}

sub blockers {
    my ($client) = @_;

    return map { $_->{code} } @{view($client)->{blockers}};
}

sub confirm {
    my ($client, $version) = @_;

    return $client->post_json('/api/certificate',
        { version => defined $version ? $version
                                      : view($client)->{version} });
}

sub pdf {
    my ($client, %headers) = @_;

    return $client->get('/api/certificate.pdf', %headers);
}

# The text of a file, blanks and line ends removed; undef without pdftotext.
sub text_of {
    my ($bytes) = @_;

    my $file = write_file($site->dir() . '/out.pdf', $bytes);
    my $r = run_command(['pdftotext', '-enc', 'UTF-8', $file, '-']);
    return undef unless $r->{ok};
    return decode('UTF-8', $r->{out}) =~ s/\s+//gr;
}


subtest 'I08: what is shown is what will be confirmed' => sub {
    my $view = view($member);
    my $shown = values_of($view);

    is($shown->{name}, '林晓岚', 'the name');
    is($shown->{certificate_no}, 'F33-2019-0001', 'the number');
    is($shown->{institute}, '浙江省注册会计师协会', 'the institute by name');
    is($shown->{admitted_on}, '2019-06-18', 'the date');
    like($view->{version}, qr/^[0-9a-f]{64}$/, 'and the version of it all');
    ok($view->{has_photo} && $view->{photo_readable}, 'with the photo');
    is_deeply($view->{blockers}, [], 'nothing blocks it');
    is($view->{confirmed}, undef, 'nothing is confirmed yet');
    ok(!grep({ !length $_->{label} || !length $_->{label_en} }
             @{$view->{fields}}), 'labels in both languages');
};


subtest 'no file before the confirmation' => sub {
    for my $method (qw(GET HEAD)) {
        is($member->request($method, '/api/certificate.pdf')->status(), 409,
           $method);
    }
    is(pdf($member)->problem(), 'confirm_first', 'the code');
    is(pdf($member)->json()->{detail}, '请先确认信息，再下载会员证',
       'the words');
};


subtest 'S16: the confirmation freezes exactly that version' => sub {
    is(confirm($member, 'x' x 64)->problem(), 'version_changed',
       'another version is not confirmed');
    is(confirm($member, '')->status(), 409, 'nor is none');
    is(view($member)->{confirmed}, undef, 'nothing is');

    my $r = confirm($member);
    is($r->status(), 201, 'this one is');
    my $confirmed = $r->json()->{confirmed};
    ok($confirmed->{valid}, 'it is valid');
    is($confirmed->{version}, view($member)->{version}, 'of this version');

    my $again = confirm($member);
    is($again->status(), 200, 'once more is fine');
    is($again->json()->{confirmed}{serial}, $confirmed->{serial},
       'with the same serial');
};


subtest 'S17: the file' => sub {
    my $r = pdf($member);

    is($r->status(), 200, 'is there');
    is($r->header('Content-Type'), 'application/pdf', 'a PDF');
    like($r->body(), qr/^%PDF-1\.\d/, 'really');
    cmp_ok(length $r->body(), '<=', 65_000, 'of at most 65 kB');
    is($r->header('Content-Length'), length $r->body(), 'whole');
    is($r->header('Content-Disposition'),
       'attachment; filename="membercert-F33-2019-0001.pdf"; '
       . "filename*=UTF-8''%E4%BC%9A%E5%91%98%E8%AF%81-"
       . '%E6%9E%97%E6%99%93%E5%B2%9A.pdf', 'to be saved, by its name');
    is($r->header('Cache-Control'), 'private, no-cache', 'asked for anew');
    like($r->header('ETag'), qr/^"[0-9a-f]{64}"$/, 'with a strong tag');
    is($r->header('X-Content-Type-Options'), 'nosniff', 'and nosniff');

    SKIP: {
        my $text = text_of($r->body());
        skip 'needs pdftotext', 3 unless defined $text;
        like($text, qr/林晓岚/, 'I08: the name');
        like($text, qr/F33-2019-0001/, 'the number');
        like($text, qr/浙江省注册会计师协会/, 'the institute');
    }
};


subtest 'the same bytes every time, from every worker' => sub {
    my $first = pdf($member);
    my %seen;

    $seen{sha256_hex(pdf($member)->body()) . pdf($member)->header('ETag')}++
        for 1 .. 8;
    is(scalar keys %seen, 1, 'eight times');

    ok($nginx->reload(wait_old => 1), 'reload');
    ok(pdf($member)->body() eq $first->body(), 'the same after it');
    is(pdf($member)->header('ETag'), $first->header('ETag'),
       'and the same tag');

    my $mini = $site->login($numbers[0], client => 'mini');
    ok(pdf($mini)->body() eq $first->body(), 'S01: and for the other client');

    my $file = $site->dir() . '/rendered.pdf';
    my $r = $site->ctl('-c', $site->dir() . '/nginx/conf/nginx.conf',
                       'certificate', 'render', $numbers[0], '-o', $file);
    ok($r->{ok}, 'membercertctl draws it') or diag($r->{err});
    ok(slurp($file) eq $first->body(), 'the same');
};


subtest 'HEAD, Range, If-Range, If-None-Match' => sub {
    my $whole = pdf($member);
    my ($body, $tag) = ($whole->body(), $whole->header('ETag'));
    my $size = length $body;

    my $r = $member->head('/api/certificate.pdf');
    is($r->status(), 200, 'HEAD');
    is($r->header('Content-Length'), $size, 'tells the size');
    is($r->header('ETag'), $tag, 'and the tag');

    $r = pdf($member, Range => 'bytes=0-99');
    is($r->status(), 206, 'a range');
    is($r->header('Content-Range'), "bytes 0-99/$size", 'which');
    ok($r->body() eq substr($body, 0, 100), 'its bytes');
    $r = pdf($member, Range => 'bytes=-50');
    ok($r->status() == 206 && $r->body() eq substr($body, -50),
       'the last bytes');
    $r = pdf($member, Range => "bytes=$size-");
    is($r->status(), 416, 'beyond the end');
    is($r->header('Content-Range'), "bytes */$size", 'which says where');

    is(pdf($member, Range => 'bytes=0-9', 'If-Range' => $tag)->status(),
       206, 'If-Range with the tag');
    is(pdf($member, Range => 'bytes=0-9', 'If-Range' => '"old"')->status(),
       200, 'with another: whole');

    for my $value ($tag, "W/$tag", qq("x", $tag), '*') {
        $r = pdf($member, 'If-None-Match' => $value);
        is($r->status(), 304, "If-None-Match: $value") or next;
        is($r->header('ETag'), $tag, 'with the tag');
        is($r->body(), '', 'without a body');
    }
    is(pdf($member, 'If-None-Match' => '"x"')->status(), 200,
       'another tag: whole');
    is(pdf($member, 'If-Match' => '"x"')->status(), 412, 'If-Match, wrong');

    my $keep = client($site->port(), keepalive => 1,
                      headers => { Cookie => $member->cookie_header() });
    my $first = $keep->get('/api/certificate.pdf', 'If-None-Match' => $tag);
    is($keep->get('/api/session')->status(), 200,
       'the connection goes on after a 304');
    is($first->status(), 304, '(it was one)');
};


subtest 'I13: changed data want a new confirmation' => sub {
    my $old = pdf($member);
    my $tag = $member->get('/api/member')->header('ETag');

    $member->post_json('/api/member', { values => { postcode => '310000' } },
                       'If-Match' => $tag);
    is(pdf($member)->status(), 200,
       'what does not stand on it changes nothing');
    is(pdf($member)->header('ETag'), $old->header('ETag'), 'at all');

    my $csv = write_file($site->dir() . '/n.csv',
        members_csv(person($numbers[0], name => '林晓兰')));
    $site->must_ctl('import', 'members', $csv);

    my $r = pdf($member);
    is($r->status(), 409, 'the institute has corrected the name');
    is($r->problem(), 'confirm_again', 'the code');
    is($r->json()->{detail}, '信息已变更，请重新确认', 'the words');
    is(pdf($member, 'If-None-Match' => $old->header('ETag'))->status(),
       409, 'no 304 of the old one either');

    my $view = view($member);
    is(values_of($view)->{name}, '林晓兰', 'the page shows the new name');
    ok($view->{confirmed} && !$view->{confirmed}{valid},
       'and that the confirmation is of yesterday');

    $r = confirm($member);
    is($r->status(), 201, 'confirmed again');
    isnt($r->json()->{confirmed}{serial}, $view->{confirmed}{serial},
         'under a new serial');
    $r = pdf($member);
    is($r->status(), 200, 'and downloaded');
    isnt($r->header('ETag'), $old->header('ETag'), 'another file');

    SKIP: {
        my $text = text_of($r->body());
        skip 'needs pdftotext', 1 unless defined $text;
        like($text, qr/林晓兰/, 'with the new name');
    }
};


subtest 'I13: a new photo wants one, too' => sub {
    my $client = $site->login($numbers[5]);
    confirm($client);
    is(pdf($client)->status(), 200, 'a certificate');

    $client->put_photo('/api/photo?declare=1', portrait(66));
    is(pdf($client)->status(), 200, 'good while the new photo waits');
    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'approve', $case->{photo_id});

    is(pdf($client)->problem(), 'confirm_again', 'not when it has matched');
    is(confirm($client)->status(), 201, 'confirmed');
    is(pdf($client)->status(), 200, 'and good again');
    is($client->get('/api/photo/state')->json()->{state}, 'confirmed',
       'the new photo is the current one');
};


subtest 'S34 S37 S38: missing data block it, by name, all at once' => sub {
    my $client = $site->login($numbers[1]);
    my @blockers = @{view($client)->{blockers}};
    my %by = map { ($_->{field} || $_->{code}) => $_ } @blockers;

    is(join(' ', map { $_->{code} } @blockers), 'profile_incomplete '
       . 'field_institute_only field_required photo_none', 'in order');
    is($by{profile_incomplete}{detail},
       '请您先将基础信息中的必填信息补充完整…', 'S34: the words');
    is($by{work_unit}{where}, 'profile', 'S35: the member fills it in');
    is($by{admitted_on}{where}, 'institute', 'S38: the institute does');
    like($by{admitted_on}{detail}, qr/0571-88250337/, 'whose number it has');
    is($by{photo_none}{where}, 'photo', 'S22: a photo is to be uploaded');

    my $r = confirm($client);
    is($r->status(), 409, 'it cannot be confirmed');
    is(join(' ', map { $_->{code} } @{$r->json()->{errors}}),
       join(' ', map { $_->{code} } @blockers), 'for the same reasons');
    is($r->json()->{detail}, '请您先将基础信息中的必填信息补充完整…',
       'the first speaks');
};


subtest 'I14: a member in bad standing' => sub {
    my $client = $site->login($numbers[2]);
    my ($blocker) = @{view($client)->{blockers}};

    is($blocker->{code}, 'member_not_active', 'is refused');
    like($blocker->{detail}, qr/^会员状态为“暂停”，暂不能下载会员证，请联系 /,
         'with the status and whom to ask');
    is(confirm($client)->problem(), 'member_not_active', 'no confirmation');
    like(pdf($client)->problem(), qr/^(?:member_not_active|confirm_first)$/,
         'no file');

    my $good = $site->login($numbers[5]);
    is(pdf($good)->status(), 200, 'who has one');
    $site->must_ctl('member', 'status', $numbers[5], 'left');
    is(pdf($good)->problem(), 'member_not_active', 'loses it on leaving');
    $site->must_ctl('member', 'status', $numbers[5], 'active');
    is(pdf($good)->status(), 200, 'and has it again on coming back');
};


subtest 'a name with rare characters is printed right' => sub {
    my $client = $site->login($numbers[3]);

    is_deeply([blockers($client)], [], 'nothing blocks it');
    is(confirm($client)->status(), 201, 'confirmed');
    my $r = pdf($client);
    is($r->status(), 200, 'a file');
    like($r->header('Content-Disposition'),
         qr/%E9%98%BF.*%F0%A0%AE%B7%E4%B6%AE\.pdf$/, 'named by it');

    SKIP: {
        my $text = text_of($r->body());
        skip 'needs pdftotext', 1 unless defined $text;
        like($text, qr/阿依古丽·𠮷䶮/, 'its text is exact');
    }
};


subtest 'a character no font has blocks it, and is named' => sub {
    my $client = $site->login($numbers[4]);
    my ($blocker) = grep { $_->{code} eq 'glyph_missing' }
        @{view($client)->{blockers}};

    ok($blocker, 'blocked');
    like($blocker->{detail}, qr/“\x{e000}”/, 'with the character');
    is(confirm($client)->problem(), 'glyph_missing', 'no confirmation');
};


subtest 'everything at once, in the order it is worked off' => sub {
    is(join(' ', blockers($site->login($numbers[8]))),
       'member_not_active profile_incomplete field_required photo_none '
       . 'glyph_missing', 'five blockers');
};


subtest 'the photo changes between the look and the confirmation' => sub {
    my $client = $site->login($numbers[7]);
    my $version = view($client)->{version};
    my $csv = write_file($site->dir() . '/c.csv',
        members_csv(person($numbers[7], certificate_no => 'F33-NEW')));

    $site->must_ctl('import', 'members', $csv);
    my $r = confirm($client, $version);
    is($r->status(), 409, 'what was seen is gone');
    is($r->problem(), 'version_changed', 'the code');
    is(view($client)->{confirmed}, undef, 'nothing is confirmed');
};


subtest 'two confirmations at once are one' => sub {
    my $client = $site->login($numbers[7]);
    my $version = view($client)->{version};
    my @jobs = map {
        in_background(sub {
            my $r = confirm($client, $version);
            return [$r->status(), $r->json()->{confirmed}{serial}];
        });
    } 1 .. 6;
    my @results = map { $_->wait(20) } @jobs;
    my %serials = map { ($_->[1] || 'none') => 1 } @results;

    is(scalar keys %serials, 1, 'one serial');
    is(scalar(grep { $_->[0] == 201 } @results), 1, 'made once');
    is(scalar(grep { $_->[0] == 200 } @results), 5, 'found by the others');
};


like($site->must_ctl('export', 'confirmations'),
     qr/^\x{feff}?\S*serial,/, 'confirmations can be exported');
clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
