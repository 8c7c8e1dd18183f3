# Saving with If-Match: a right one answers 200 (not the 412 nginx's own
# filter would make of it), a stale one tells what stands now, none is 428;
# and the rules of the fields.  S33 S34 S36 S37 S38 S40 S41 I07

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $site = new_site(people => [
    person('330000010001'),
    person('330000010002', work_unit => ''),
    person('330000010003', admitted_on => ''),
    person('330000010004', name => '周文博', phone => '13800000004'),
]);
my $nginx = $site->nginx();
my $member = $site->login('330000010001');


sub save {
    my ($client, $values, %headers) = @_;

    return $client->post_json('/api/member', { values => $values },
                              %headers);
}

sub revision {
    my ($client) = @_;

    return $client->get('/api/member')->header('ETag');
}

sub fields {
    my ($client) = @_;

    my $data = $client->get('/api/member')->json();
    return { map { $_->{key} => $_ } @{$data->{fields}} };
}


subtest 'a save with a right If-Match answers 200, not 412' => sub {
    my $before = revision($member);
    like($before, qr/^"\d+"$/, 'the ETag is the revision');

    my $r = save($member, { work_unit => '第一单位' },
                 'If-Match' => $before);
    is($r->status(), 200, 'saved');
    isnt($r->header('ETag'), $before, 'with a new revision');
    is($r->header('ETag'), '"' . $r->json()->{revision} . '"',
       'in header and body');
    is(values_of($r->json())->{work_unit}, '第一单位', 'the new value');
    is(values_of($member->get('/api/member')->json())->{work_unit},
       '第一单位', 'is stored');
    like($r->header('Cache-Control'), qr/no-store/, 'and nowhere else');
};


subtest 'a read with If-Match or If-None-Match is answered whole' => sub {
    my $now = revision($member);

    is($member->get('/api/member', 'If-Match' => '"999"')->status(), 200,
       'If-Match');
    is($member->get('/api/member', 'If-None-Match' => $now)->status(), 200,
       'If-None-Match');
};


subtest 'a save without If-Match: 428, nothing saved' => sub {
    my $before = revision($member);
    my %tries = ('none' => undef, 'a star' => '*');

    for my $name (sort keys %tries) {
        my $r = save($member, { work_unit => '不应保存' },
                     'If-Match' => $tries{$name});
        is($r->status(), 428, "$name: 428");
        is($r->problem(), 'if_match_missing', 'the code');
    }
    is(revision($member), $before, 'nothing was saved');
};


subtest 'a stale If-Match: 412 changed_meanwhile, nothing lost' => sub {
    my $other = $site->login('330000010001');
    my $stale = revision($member);

    is(save($other, { work_unit => '别处所改' },
            'If-Match' => $stale)->status(), 200, 'saved elsewhere');

    my $r = save($member, { work_unit => '此处所填' },
                 'If-Match' => $stale);
    is($r->status(), 412, 'refused with 412');
    is($r->problem(), 'changed_meanwhile', 'the code');

    my $now = $r->json()->{member};
    is(values_of($now)->{work_unit}, '别处所改', 'what stands now');
    is($now->{revision}, $other->get('/api/member')->json()->{revision},
       'and its revision');

    $r = save($member, { work_unit => '此处所填' },
              'If-Match' => qq("$now->{revision}"));
    is($r->status(), 200, 'with it the save goes through');

    for my $odd ('W/' . revision($member), '17', '"x"', '""', '"1", "2"',
                 '"99999999999999999999"')
    {
        my $r = save($member, { work_unit => '不' }, 'If-Match' => $odd);
        is($r->status(), 412, "no revision of ours: $odd");
    }
};


subtest 'S37: * is checked by the server, faults all at once' => sub {
    my $r = save($member, { work_unit => '', phone => '123',
                            postcode => 'abcdef', nonsense => 'x',
                            email => 'a@b@c' },
                 'If-Match' => revision($member));
    is($r->status(), 422, 'refused with 422');

    my %codes = map { ($_->{field} || '-') => $_->{code} }
        @{$r->json()->{errors}};
    is($codes{work_unit}, 'field_required', 'a required one is empty');
    is($codes{phone}, 'field_format', 'a phone number that is none');
    is($codes{postcode}, 'field_format', 'a postcode that is none');
    is($codes{email}, 'field_format', 'an address that is none');
    is($codes{nonsense}, 'field_unknown', 'a field that is not there');
    ok(!grep({ !$_->{detail} || !$_->{detail_en} } @{$r->json()->{errors}}),
       'each in both languages');
    is(values_of($member->get('/api/member')->json())->{work_unit},
       '此处所填', 'nothing was saved');

    $r = save($member, { work_unit => '长' x 101 },
              'If-Match' => revision($member));
    is($r->problem(), 'field_too_long', 'too long');
};


subtest 'sensitive values are masked; a mask is not saved' => sub {
    my $fields = fields($member);

    for my $key (qw(id_number phone email address)) {
        ok($fields->{$key}{sensitive}, "$key is sensitive");
        like($fields->{$key}{value}, qr/\*/, 'and masked');
    }
    unlike($member->get('/api/member')->body(),
           qr/330102198503072366|13800000001/, 'in the whole answer');

    my $r = save($member, { phone => $fields->{phone}{value} },
                 'If-Match' => revision($member));
    is($r->status(), 422, 'a value equal to its mask is refused');
    is($r->problem(), 'field_masked', 'with a code of its own');

    $r = save($member, { phone => '13911112222' },
              'If-Match' => revision($member));
    is($r->status(), 200, 'a new value is saved');
    unlike($r->body(), qr/13911112222/, 'and masked in the answer');
};


subtest 'S38: what only the institute may edit' => sub {
    my $r = save($member, { name => '别人', certificate_no => 'X' },
                 'If-Match' => revision($member));
    is($r->status(), 422, 'is refused');

    my $error = $r->json()->{errors}[0];
    is($error->{code}, 'field_institute_only', 'with its code');
    like($error->{detail}, qr/浙江省注册会计师协会.*0571-88250337/,
         'and the institute\'s contact');
    like($error->{detail_en}, qr/Zhejiang Institute of CPAs/, 'in English');

    my $other = $site->login('330000010003');
    my $data = $other->get('/api/member')->json();
    my ($field) = grep { $_->{key} eq 'admitted_on' } @{$data->{fields}};
    ok(!$data->{complete}, 'a member who lacks such an item');
    ok($field->{missing} && !$field->{editable} && $field->{required},
       'sees that it is missing, required, and not his to edit');
    is($data->{institute}{phone}, '0571-88250337', 'and whom to ask');
};


subtest 'S34 S36 S40 S41: what is missing is filled, then all is there' => sub {
    my $other = $site->login('330000010002');
    my $data = $other->get('/api/member')->json();
    my ($field) = grep { $_->{key} eq 'work_unit' } @{$data->{fields}};

    ok(!$data->{complete} && $field->{missing} && $field->{editable},
       'S36: a missing item the member may edit');

    my $view = $other->get('/api/certificate')->json();
    my ($blocker) = grep { $_->{code} eq 'profile_incomplete' }
        @{$view->{blockers}};
    is($blocker->{detail}, '请您先将基础信息中的必填信息补充完整…',
       'S34: the words of the manual');
    is($blocker->{where}, 'profile', 'S35: and where to go');
    ok(grep({ ($_->{field} || '') eq 'work_unit' } @{$view->{blockers}}),
       'S37: the missing item by name');

    my $r = save($other, { work_unit => '新单位' },
                 'If-Match' => $other->get('/api/member')->header('ETag'));
    is($r->status(), 200, 'S40: saved');
    ok($r->json()->{complete}, 'nothing is missing');

    $view = $other->get('/api/certificate')->json();
    ok(!grep({ $_->{where} eq 'profile' } @{$view->{blockers}}),
       'S41: the certificate is no longer blocked by it');
};


subtest 'I07: a member sees own data only' => sub {
    my $other = $site->login('330000010004');

    is(values_of($other->get('/api/member')->json())->{name}, '周文博',
       'own data');
    for my $path ('member/1', 'member?id=1', 'member/330000010001',
                  'photo/1', 'certificate/1')
    {
        my $r = $other->get("/api/$path");
        my $name = $r->status() == 200
            ? values_of($r->json())->{name} : 'nothing';
        like($name, qr/^(?:周文博|nothing)$/, "no id leads elsewhere: $path");
    }
};


subtest 'bodies that are no save' => sub {
    my %bodies = (
        'not JSON' => '{"values":', 'a list' => '[]', 'nothing' => '',
        'no values' => '{}', 'values a text' => '{"values":"x"}',
        'a number' => '{"values":{"phone":1}}',
        'a key twice' => '{"values":{},"values":{}}',
        'broken UTF-8' => "{\"values\":{\"work_unit\":\"\xc3\x28\"}}",
        'a lone surrogate' => '{"values":{"work_unit":"\ud800"}}',
        'deep' => '{"values":' . '[' x 5000 . ']' x 5000 . '}',
    );

    for my $name (sort keys %bodies) {
        my $r = $member->request('POST', '/api/member',
            body => $bodies{$name},
            headers => { 'Content-Type' => 'application/json',
                         'If-Match' => revision($member) });
        is($r->status(), 400, $name) or diag($r->body());
        is($r->problem(), 'body_malformed', "$name: the code");
    }
};


clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
