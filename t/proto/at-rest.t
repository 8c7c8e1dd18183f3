# Somebody carries off a copy of the store but not the secret: no phone
# number, e-mail address, ID number, picture, usable token or code is in it,
# raw or in another spelling.  And no answer of the site holds a whole one.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use Encode ();
use JSON::PP ();
use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use MIME::Base64 qw(decode_base64url encode_base64);
use Test::More;

need('module', 'ctl');

my $desk = '/officer/api';
my $dir = temp_dir('out');
chmod 0777, $dir;

# The people of the demo, with a password.
my @people = demo_people();
my %by_no = map { $_->{member_no} => $_ } @people;
my ($one, $two, $new) = qw(330000010001 330000010002 330000010006);
$by_no{$new}{password_hash} = '';

my $site = new_site(
    people => \@people,
    photos => { $one => 8, '330000010004' => 5 },
    conf => { server => officer_location() . <<'END_CONF' });
        membercert_outbox exec;
        membercert_privacy https://example.org/privacy 1;
END_CONF
my $nginx = $site->nginx();

my @bodies;         # of every answer
my %secret;         # tokens, codes, passwords: name => bytes
my %value;          # personal data: name => bytes
my %picture;        # name => JPEG

sub demo_people {
    my ($head, @lines) = split /\n/,
        Encode::decode('UTF-8', slurp(repository() . '/tools/demo/members.csv'));
    my @names = split /,/, $head;
    my $phc = person('1')->{password_hash};

    return map {
        my %row;
        @row{@names} = split /,/, $_, -1;
        person($row{member_no}, %row, institute =>
               $row{institute} eq '53' ? '31' : $row{institute});
    } @lines;
}

# One request whose answer is kept for later; its status must be this one.
sub ask {
    my ($client, $status, $method, $path, @more) = @_;

    my $r = $method eq 'POST' ? $client->post_json($path, @more)
          : $method eq 'PUT'  ? $client->put_photo($path, @more)
          : $method eq 'DELETE' ? $client->delete($path, @more)
          : $client->get($path, @more);
    is($r->status(), $status, "$method $path") or diag($r->body());
    push @bodies, ["$method $path", $r->body()]
        if ($r->header('Content-Type') || '') =~ /json/;
    return $r;
}

sub tokens_of {
    my ($name, $client) = @_;

    my $cookies = $client->{cookies};
    $secret{"$name: $_"} = $cookies->{$_} for keys %$cookies;
}


subtest 'every route is used' => sub {
    my $visitor = $site->visitor();
    ask($visitor, 200, 'GET', '/api/site');

    my $member = $site->visitor();
    ask($member, 200, 'POST', '/api/session', $site->login_data($one));
    tokens_of('log-in', $member);
    my $r = ask($member, 200, 'GET', '/api/member');
    my %changed = (phone => '13899990001', email => 'new.mail@example.net',
                   address => '杭州市上城区新地址9号');
    $value{"saved $_"} = $changed{$_} for keys %changed;
    my $saved = ask($member, 200, 'POST', '/api/member',
        { values => \%changed }, 'If-Match' => $r->header('ETag'));
    ask($member, 412, 'POST', '/api/member',
        { values => { address => '旧' } }, 'If-Match' => '"1"');
    ask($member, 422, 'POST', '/api/member',
        { values => { phone => '13800001x' } },
        'If-Match' => $saved->header('ETag'));
    ask($member, 200, 'GET', $_) for map { "/api/$_" }
        qw(session sessions photo/state certificate photo);
    my $version = ask($member, 200, 'GET', '/api/certificate')->json()
        ->{version};
    ask($member, 201, 'POST', '/api/certificate', { version => $version });
    ask($member, 200, 'GET', '/api/certificate.pdf');

    my $mini = $site->visitor();
    $r = $mini->post_json('/api/session',
                          $site->login_data($two, client => 'mini'));
    is($r->status(), 200, 'log-in of the mini program');
    $secret{'mini token'} = $r->json()->{token};
    $secret{'mini device'} = $r->json()->{device} if $r->json()->{device};
    my @bearer = (Authorization => 'Bearer ' . $r->json()->{token});
    $mini->{headers}{Authorization} = $bearer[1];
    ask($mini, 204, 'POST', '/api/consent',
        { document => 'privacy', version => '1', accepted => JSON::PP::true });
    $picture{upload} = portrait(11);
    ask($mini, 202, 'PUT', '/api/photo?declare=1', $picture{upload});

    # a new password, and sessions that end
    my $other = $site->login($one);
    tokens_of('other session', $other);
    $secret{'new password'} = 'kettle-of-purple-rain-77';
    $r = ask($member, 200, 'POST', '/api/password',
             { old => password(), password => $secret{'new password'} });
    tokens_of('after the change', $member);
    ask($member, 204, 'DELETE', '/api/sessions');
};


subtest 'the desk\'s as well' => sub {
    my $li = add_officer($site, 'li', '33');
    $secret{'TOTP secret'} = $li->{secret};
    my $officer = officer_login($site, $li);
    tokens_of('officer', $officer);
    my $about = { user_type => 'nonpractising', member_no => $two };

    ask($officer, 200, 'GET', "$desk/session");
    my $case = ask($officer, 200, 'GET', "$desk/queue")->json()
        ->{items}[0]{photo_id};
    ask($officer, 200, 'GET', "$desk/case/$case");
    ask($officer, 200, 'GET', "$desk/photo/$case");
    ask($officer, 200, 'POST', "$desk/search", { text => '33000001' });
    my $shown = ask($officer, 200, 'POST', "$desk/member", $about)->json();
    ask($officer, 200, 'POST', "$desk/member/save",
        { %$about, values => { certificate_no => 'F33-9' } },
        'If-Match' => qq("$shown->{revision}"));
    $picture{'put in'} = portrait(6);
    ask($officer, 200, 'PUT', "$desk/member/photo?reference=1",
        $picture{'put in'}, 'Membercert-Member' => "nonpractising/$two");
    ask($officer, 200, 'POST', "$desk/case/$case",
        { decision => 'approve' });
    my $code = ask($officer, 201, 'POST', "$desk/member/activate",
        { user_type => 'nonpractising', member_no => '330000010004' })
        ->json()->{code};
    $secret{'institute code'} = $code;
    $secret{'institute code, letters'} = $code =~ tr/-//dr;
};


subtest 'codes wait in the outbox' => sub {
    my $p = $by_no{$new};
    my %who = (user_type => 'nonpractising', name => $p->{name},
               id_number => $p->{id_number}, client => 'web');

    my $r = ask($site->visitor(), 202, 'POST', '/api/recovery',
                { %who, member_no => $new });
    $secret{'recovery token'} = $r->json()->{recovery};
    ask($site->visitor(), 202, 'POST', '/api/activation', \%who);
    ask($site->visitor(), 422, 'POST', '/api/recovery/confirm',
        { recovery => $secret{'recovery token'}, code => '00000000',
          password => 'some-password-of-mine' });

    my ($row) = query($site->store() . '/core.db',
        "SELECT count(*) FROM outbox WHERE state = 'queued'");
    cmp_ok($row->[0], '>=', 2, 'messages are queued');
};


# What a thief carries off, once while everything runs and once stopped.
sub copy_of_store {
    return join '', map { slurp($_) } sort glob $site->store() . '/*';
}

sleep 2;            # notes of the audit
our @copies = (copy_of_store());

# Now the codes may be known: they leave, and what was sent is read.
write_file("$dir/send", "#!/bin/sh\ncat >> $dir/sent\necho >> $dir/sent\n",
           0755);
write_file("$dir/ctl.conf", "events { }\n" . $site->text());
my $work = ctl('-c', "$dir/ctl.conf", 'work', '--once', '--exec',
               "$dir/send");
ok($work->{ok}, 'the messages leave') or diag($work->{err});
my $sent = slurp("$dir/sent");
my @codes = $sent =~ /"code":"(\d{8})"/g;
cmp_ok(@codes, '>=', 2, 'with codes');
$secret{"code $_"} = $codes[$_] for 0 .. $#codes;

push @copies, copy_of_store();
$nginx->stop();
push @copies, copy_of_store();

for my $id (map { $_->[0] } query($site->store() . '/photo.db',
                                  'SELECT id FROM photo')) {
    $site->must_ctl('photo', 'show', $id, '-o', "$dir/$id.jpg");
    $picture{"stored $id"} = slurp("$dir/$id.jpg");
}

for my $no (sort keys %by_no) {
    for my $key (qw(id_number phone email address)) {
        my $text = $by_no{$no}{$key};
        $value{"$no $key"} = $text if length $text;
    }
}


# All spellings of a text: as it is, hex, base64 wherever it begins in a
# longer one, UTF-16.
sub spellings {
    my ($text) = @_;

    my $bytes = $text;
    utf8::encode($bytes);
    my $hex = unpack 'H*', $bytes;
    my %form = (raw => $bytes, hex => $hex, HEX => uc $hex,
                'UTF-16LE' => Encode::encode('UTF-16LE', $text),
                'UTF-16BE' => Encode::encode('UTF-16BE', $text));

    # letters that do not depend on what stands before and behind
    for my $shift (0 .. 2) {
        my $base = encode_base64(("\0" x $shift) . $bytes, '');
        my $first = $shift == 0 ? 0 : $shift + 1;
        my $whole = int((length($bytes) + $shift) * 8 / 6);
        my $part = substr $base, $first, $whole - $first;
        $form{"base64 $shift"} = $part;
        $form{"base64url $shift"} = $part =~ tr{+/}{-_}r;
    }

    return \%form;
}

sub found {
    my ($text) = @_;

    my $forms = spellings($text);
    my @found;
    for my $name (sort keys %$forms) {
        next if length $forms->{$name} < 8;
        push @found, $name
            if grep { index($_, $forms->{$name}) >= 0 } @copies;
    }
    return "@found";
}


subtest 'the search finds what is there' => sub {
    my $name = $by_no{$one}{name};
    is(found($name), 'raw', 'a name, which is no secret');
    for my $form (values %{spellings('13800000001')}) {
        local @copies = ("xx$form" . 'yy');
        isnt(found('13800000001'), '', 'each spelling');
    }
    for my $n (0 .. 5) {
        local @copies = (encode_base64('x' x $n . 'zhang@example.org, ...'));
        like(found('zhang@example.org'), qr/base64/, "base64 at $n");
    }
};


subtest 'personal data' => sub {
    cmp_ok(keys %value, '>', 25, 'of all the people');
    is(found($value{$_}), '', $_) for sort keys %value;
};


subtest 'tokens, codes, passwords' => sub {
    cmp_ok(keys %secret, '>', 10, 'all there were');
    for my $name (sort keys %secret) {
        is(found($secret{$name}), '', $name);

        # and what the letters stand for
        my $raw = $name =~ /TOTP/ ? base32($secret{$name})
                : $secret{$name} =~ /^[\w-]{43}$/
                ? decode_base64url($secret{$name}) : next;
        is((grep { index($_, $raw) >= 0 || index($_, unpack 'H*', $raw) >= 0 }
            @copies) + 0, 0, "$name, its bytes");
    }
    is(found(password()), '', 'the password of all');
};

sub base32 {
    my ($letters) = @_;

    my @alphabet = ('A' .. 'Z', 2 .. 7);
    my %bits = map { $alphabet[$_] => sprintf '%05b', $_ } 0 .. $#alphabet;
    return pack 'B*', join '', map { $bits{$_} } split //, $letters;
}


# Any 16 bytes of any picture, at any place.
sub pieces_in {
    my ($bytes, @pictures) = @_;

    my %piece;
    for my $jpeg (@pictures) {
        for my $at (0 .. length($jpeg) - 16) {
            my $part = substr $jpeg, $at, 16;
            $piece{$part} = 1 if $part !~ /^(.)\1*$/s;
        }
    }

    my $count = 0;
    for my $at (0 .. length($bytes) - 16) {
        $count++ if exists $piece{substr $bytes, $at, 16};
    }
    return $count;
}


subtest 'pictures' => sub {
    cmp_ok(keys %picture, '>', 4, 'uploaded, put in, stored');
    my @pictures = values %picture;

    is(pieces_in('x' x 100 . substr($pictures[0], 300, 40), @pictures), 25,
       'a piece would be found');
    is(pieces_in($copies[-1], @pictures), 0, 'no piece of any');
    for my $mark ('JFIF', "\xff\xd8\xff\xe0", "\xff\xd8\xff\xdb", 'Exif') {
        is((grep { index($_, $mark) >= 0 } @copies) + 0, 0, 'no marker');
    }
};


subtest 'no answer held a whole one' => sub {
    cmp_ok(@bodies, '>', 25, 'answers');
    my %whole = (%value, 'ID, upper half' => substr($by_no{$one}{id_number},
                                                   6, 8));

    for my $body (@bodies) {
        my ($title, $text) = @$body;
        utf8::decode($text);
        my @held = grep { index($text, $whole{$_}) >= 0 } sort keys %whole;
        is("@held", '', $title);
    }

    for my $list (['member', 'show', $one], ['photo', 'list'],
                  ['export', 'members', '--masked']) {
        my $out = $site->must_ctl('--json', @$list);
        utf8::decode($out);
        my @held = grep { index($out, $value{$_}) >= 0 } sort keys %value;
        is("@held", '', "membercertctl @$list");
    }

    my $log = $nginx->error_log() . $nginx->access_log();
    utf8::decode($log);
    my @held = grep { index($log, $value{$_}) >= 0 } sort keys %value;
    is("@held", '', 'nor did a log');
};

clean_log($nginx, 'nothing bad in the log');
done_testing();
