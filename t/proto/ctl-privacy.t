# All that is held of a member is given out, or erased: nothing of it is left
# in any file of the store.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use MIME::Base64 qw(decode_base64);
use Test::More;

need('module', 'ctl');

my ($no, $other) = ('330000010001', '330000010002');
my %mine = (name => '欧阳测试', id_number => '110101199003070919',
            phone => '13912345678', email => 'ouyang.ceshi@example.net',
            work_unit => '某某示例事务所', address => '北京市某某街道77号',
            postcode => '100077', certificate_no => 'F99-1999-7777');
my $site = new_site(
    people => [person($no, %mine), person($other)],
    photos => { $no => 3, $other => 4 },
    conf => { server => officer_location() });
my $nginx = $site->nginx();
my $core = $site->store() . '/core.db';
my $photos = $site->store() . '/photo.db';
my $dir = temp_dir('out');

# Everything a member can leave behind.
my $member = $site->login($no);
my $version = $member->get('/api/certificate')->json()->{version};
$member->post_json('/api/certificate', { version => $version });
$member->get('/api/certificate.pdf');
$member->put_photo('/api/photo?declare=1', portrait(8));
my $theirs = $site->login($other);
$theirs->post_json('/api/certificate',
    { version => $theirs->get('/api/certificate')->json()->{version} });
my ($case) = map { $_->{photo_id} } $site->cases();
$site->must_ctl('photo', 'reject', $case, '--reason', '欧阳测试的照片不符');

sub exported {
    my ($number) = @_;

    return JSON::PP->new->utf8->decode(
        $site->must_ctl('member', 'export', $number));
}


my $code;
subtest 'export: one JSON with everything' => sub {
    $site->must_ctl('member', 'export', $no, '-o', "$dir/all");
    is((stat "$dir/all")[2] & 0777, 0600, 'for nobody else to read');
    my $all = JSON::PP->new->utf8->decode(slurp("$dir/all"));

    is($all->{member}{name}, $mine{name}, 'the name');
    is($all->{profile}{$_}, $mine{$_}, "$_, not masked")
        for qw(id_number phone email work_unit address postcode);
    is($all->{member}{certificate_no}, $mine{certificate_no}, 'the columns');

    is(@{$all->{photos}}, 2, 'both photos');
    my @jpeg = map { decode_base64($_->{data}) } @{$all->{photos}};
    like($_, qr/^\xff\xd8\xff/, 'one is a picture') for @jpeg;
    isnt($jpeg[0], $jpeg[1], 'they differ');

    is(@{$all->{cases}}, 1, 'the upload');
    is($all->{cases}[0]{reason}, '欧阳测试的照片不符', 'what was said of it');
    is(@{$all->{confirmations}}, 1, 'the confirmation');
    $code = $all->{confirmations}[0]{code};
    my $frozen = JSON::PP->new->decode($all->{confirmations}[0]{frozen});
    ok($frozen, 'what was frozen');
    is(@{$all->{sessions}}, 1, 'the session');
    is($all->{sessions}[0]{hash}, undef, 'without anything to use it with');
    ok((grep { $_->{action} eq 'login' } @{$all->{audit}}), 'the audit');
    is_deeply($all->{$_}, [], "no $_") for qw(recoveries messages passwords);

    unlike(slurp("$dir/all"), qr/argon2/, 'no password hash');
    unlike(slurp("$dir/all"), qr/330000010002/, 'nobody else');

    my ($row) = query($core, 'SELECT actor, action, result FROM audit '
                      . "WHERE action = 'export'");
    is("@$row", 'admin export member', 'the act is recorded');
    is($site->ctl('member', 'export', '339')->{status}, 1, 'of nobody');
};


subtest 'a photo that cannot be read keeps nothing back' => sub {
    my ($id) = query($photos, 'SELECT id FROM photo WHERE member_id = 2');
    query($photos, 'UPDATE photo SET sealed = zeroblob(length(sealed)) '
          . 'WHERE id = ?', $id->[0]);
    my $all = exported($other);
    is($all->{photos}[0]{data}, undef, 'null');
    is($all->{member}{member_no}, $other, 'and all the rest');
};


subtest 'erase asks for the number once more' => sub {
    for my $answer ("\n", "no\n", "$other\n", '') {
        my $r = $site->ctl('member', 'erase', $no, { input => $answer });
        is($r->{status}, 1, 'another answer');
        like($r->{err}, qr/nothing was changed/, 'changes nothing');
    }
    is($site->ctl('member', 'erase', '339', '--yes')->{status}, 1, 'nobody');
    is(exported($no)->{member}{name}, $mine{name}, 'all is there');
};


my $jpeg = decode_base64(exported($no)->{photos}[0]{data});
my ($sealed) = query($photos, 'SELECT sealed FROM photo WHERE member_id = 1');

subtest 'erase: no file of the store has any of it' => sub {
    my $r = $site->ctl('member', 'erase', $no, { input => "$no\n" });
    is($r->{status}, 0, 'erased') or diag($r->{err});
    like($r->{out}, qr/^erased, with 2 photos; the row is erased-1 now$/m,
         'what was done');
    like($r->{out}, qr/backups/, 'and what was not');

    # a reader of the site may hold the WAL: the second run empties it
    if ($r->{out} =~ /WAL/) {
        $nginx->reload(wait_old => 1);
        $r = $site->ctl('member', 'erase', 'erased-1', '--yes');
        unlike($r->{out}, qr/WAL/, 'older pages are gone now');
    }

    my $store = join '', map { slurp($_) } glob $site->store() . '/*';
    my %text = (%mine, number => $no, reason => '的照片不符');
    for my $key (sort keys %text) {
        my $bytes = $text{$key};
        utf8::encode($bytes);
        is(index($store, $bytes), -1, "no $key");
    }
    is(index($store, pack 'H*', substr $sealed->[0], 0, 64), -1,
       'not even sealed pictures');
};


subtest 'what stays is a number without a person' => sub {
    my $all = exported('erased-1');
    is_deeply($all->{$_}, [], "no $_")
        for qw(photos cases sessions recoveries messages passwords);
    is_deeply($all->{profile}, {}, 'no profile');
    is($all->{member}{$_}, '', "no $_")
        for qw(name sex certificate_no category admitted_on institute);

    my $tomb = $all->{confirmations}[0];
    is($tomb->{code}, $code, 'a confirmation is found by its code');
    ok($tomb->{erased_at}, 'and says that it was erased');
    is_deeply([@$tomb{qw(frozen photo_id)}], ['', 0], 'nothing is in it');
    ok((grep { $_->{action} eq 'erase' } @{$all->{audit}}),
       'the audit has the act');
    ok((grep { $_->{action} eq 'confirm' } @{$all->{audit}}),
       'and what was before');
    ok($site->ctl('audit', 'verify')->{ok}, 'it fits');

    is($member->post_json('/api/member', { values => {} },
                          'If-Match' => '"1"')->status(), 401,
       'the session has ended');
    is($site->visitor()->post_json('/api/session',
           $site->login_data($no))->problem(), 'login_failed',
       'nobody can log in');
    is($site->ctl('member', 'show', $no)->{status}, 1, 'there is no number');

    my $csv = $site->must_ctl('export', 'confirmations');
    utf8::decode($csv);
    my @rows = split /\r\n/, $csv;
    like($rows[1], qr/^1,,,,.*,\Q$code\E,erased,,,,nonpractising$/, 'export confirmations');
    ok($site->ctl('export', 'members')->{ok}, 'export members');
    is($site->ctl('certificate', 'render', 'erased-1', '-o',
                  "$dir/pdf")->{status}, 1, 'no certificate is drawn');
    query($photos, 'DELETE FROM photo WHERE member_id = 2');
    query($core, 'UPDATE member SET photo_id = NULL WHERE id = 2');
    query($core, 'DELETE FROM confirmation WHERE member_id = 2');
    is($site->ctl('check')->{status}, 0, 'check finds nothing wrong');
};


subtest 'erase once more, and one whose profile nobody can open' => sub {
    is($site->ctl('member', 'erase', 'erased-1', '--yes')->{status}, 0,
       'a second time');
    query($core, 'UPDATE member SET profile = zeroblob(100) WHERE id = 2');
    is($site->ctl('member', 'export', $other)->{status}, 2,
       'it cannot be given out');
    is($site->ctl('member', 'erase', $other, '--yes')->{status}, 0,
       'but erased');
};

clean_log($nginx, 'nothing bad in the log');
done_testing();
