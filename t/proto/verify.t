# The public check: what it says right after each of many changes, in every
# worker; that it tells nobody which codes there are; its limit; the logs.
# X05 I13 I14

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my ($lin, $wang) = qw(330000010001 330000010002);
my $dir = temp_dir('site');
my ($format) = slurp(repository() . '/conf.example')
    =~ /^( *map \$uri .*?log_format .*?;\n)/ms;
my $server = <<"END_SERVER";
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
        access_log $dir/access.log membercert;
        access_log $dir/workers.log worker;
END_SERVER
my $site = new_site(
    dir => $dir,
    people => [person($lin),
               person($wang, name => '王小明')],
    photos => { $lin => 1, $wang => 2 },
    conf => {
        http => $format . <<'END_HTTP',
    limit_req_zone $server_port zone=one:64k rate=1r/m;
    log_format worker '$pid';
END_HTTP
        server => "$server        membercert_verify limit=100000/1m;\n"
            . officer_location(),
    },
    nginx => { workers => 2 },
);
my $nginx = $site->nginx();
my $chen = add_officer($site, 'chen', '33');
my $desk = officer_login($site, $chen);
my %member = map { $_ => $site->login($_) } $lin, $wang;
my %code;       # of each certificate, by a name of ours
my %serial;
my %now;        # what each is worth


# Asks on a new connection, so that either worker may have to answer.
sub check {
    my ($code, @headers) = @_;

    return $site->visitor()->get("/api/verify/$code", @headers);
}

sub confirm {
    my ($number, $name) = @_;

    my $client = $member{$number};
    my $version = $client->get('/api/certificate')->json()->{version};
    my $r = $client->post_json('/api/certificate', { version => $version });

    return $r->status() if $r->status() != 201;

    $serial{$name} = $r->json()->{confirmed}{serial};
    ($code{$name}) = map { @$_ } query($site->store() . '/core.db',
        'SELECT code FROM confirmation WHERE serial = ?', $serial{$name});
    return 201;
}

sub import_person {
    my ($number, %fields) = @_;

    my $csv = write_file("$dir/one.csv",
                         members_csv(person($number, %fields)));
    $site->must_ctl('import', 'members', $csv);
    return 1;
}

sub at_the_desk {
    my ($path, $name, $reason) = @_;

    my $r = $desk->post_json("/officer/api/certificate/$path",
        { serial => $serial{$name}, reason => $reason });
    return $r->status() == 200;
}

sub by_command {
    my ($path, $name, $reason) = @_;

    $site->must_ctl('certificate', $path, $serial{$name}, '--reason',
                    $reason);
    return 1;
}

sub status {
    my ($number, $status) = @_;

    $site->must_ctl('member', 'status', $number, $status);
    return 1;
}

# One change, and what every certificate is worth right behind it.
my $changes = 0;

sub step {
    my ($title, $change, %expected) = @_;

    $changes++;
    subtest "$changes: $title" => sub {
        ok($change->(), 'done');
        %now = (%now, %expected);

        for my $name (sort keys %now) {
            my @told = map { check($code{$name})->json()->{status} } 1, 2;
            is("@told", "$now{$name} $now{$name}", "$name: $now{$name}");
        }
    };
}

sub said { return check($code{$_[0]})->json() }


# ---- twenty changes --------------------------------------------------------

step('a confirmation', sub { confirm($lin, 'lin1') == 201 },
     lin1 => 'valid');
step('another member\'s', sub { confirm($wang, 'wang1') == 201 },
     wang1 => 'valid');
step('the same data again', sub { confirm($lin, 'lin1') == 200 });
step('a field that is not on it', sub {
    my $tag = $member{$lin}->get('/api/member')->header('ETag');
    $member{$lin}->post_json('/api/member',
        { values => { postcode => '310000' } }, 'If-Match' => $tag)
        ->status() == 200 });
step('the institute corrects the name', sub {
    import_person($lin, name => '林晓兰') });
step('which is confirmed', sub { confirm($lin, 'lin2') == 201 },
     lin1 => 'replaced', lin2 => 'valid');

subtest 'both versions, each as it was' => sub {
    my ($one, $two) = (said('lin1'), said('lin2'));

    is("$one->{name} $two->{name}", '林晓岚 林晓兰', 'the names');
    like($one->{replaced_at}, qr/^\d{4}-\d\d-\d\d$/, 'the day it was replaced');
    is($two->{replaced_at}, undef, 'the newer one was not');
};

step('an officer takes it back', sub {
    at_the_desk('revoke', 'lin2', '发证有误') }, lin2 => 'revoked');

subtest 'with the reason' => sub {
    my $r = said('lin2');

    is($r->{reason}, '发证有误', 'in the officer\'s words');
    like($r->{revoked_at}, qr/^\d{4}-\d\d-\d\d$/, 'and the day');
    is($r->{text}, '已撤销', 'said in Chinese');
    is($r->{text_en}, 'Revoked', 'and in English');
};

step('and gives it back', sub {
    at_the_desk('unrevoke', 'lin2', '查明无误') }, lin2 => 'valid');
is(said('lin2')->{reason}, undef, 'nothing is left of the reason');
step('a command takes it back', sub { by_command('revoke', 'lin2', 'x') },
     lin2 => 'revoked');
step('the member confirms the same again', sub {
    confirm($lin, 'lin3') == 201 }, lin3 => 'valid');
step('the revoked one is given back', sub {
    by_command('unrevoke', 'lin2', 'x') }, lin2 => 'replaced');
step('the membership is suspended', sub {
    status($lin, 'suspended') },
     lin3 => 'suspended');
is(said('lin3')->{member_status}, '暂停', 'the member\'s status');
step('and goes on', sub {
    status($lin, 'active') }, lin3 => 'valid');
step('a member leaves', sub {
    status($wang, 'left') }, wang1 => 'ended');
step('dies', sub { status($wang, 'deceased') });
step('and was somebody else', sub {
    status($wang, 'active') },
     wang1 => 'valid');
step('a certificate of who is suspended is taken back', sub {
    status($wang, 'suspended');
    by_command('revoke', 'wang1', 'x') }, wang1 => 'revoked');
step('a file is fetched', sub {
    my $r = $member{$lin}->get('/api/certificate.pdf');

    is_deeply(said('lin3')->{files}, [sha256_hex($r->body())],
              'the check knows it by its hash');
    is_deeply(said('lin1')->{files}, [], 'and none of the others');
    $r->status() == 200 });
step('the photo may be shown', sub {
    my $r = $member{$lin}->post_json('/api/consent',
        { document => 'verify_photo', version => '1',
          accepted => JSON::PP::true() });
    $r->status() == 204 });

subtest 'the photo that was confirmed, not the newest' => sub {
    my $photo = sub {
        return $site->visitor()->get("/api/verify/$code{$_[0]}/photo");
    };
    my $first = $photo->('lin3')->body();

    is($first, $member{$lin}->get('/api/photo')->body(), 'the member\'s');
    is($photo->('lin1')->body(), $first, 'of each confirmation its own');
    is($photo->('wang1')->problem(), 'photo_not_shown', 'not of others');

    $member{$lin}->put_photo('/api/photo?declare=1', portrait(77));
    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'approve', $case->{photo_id});
    confirm($lin, 'lin4');
    $now{lin3} = 'replaced';
    $now{lin4} = 'valid';

    is($photo->('lin3')->body(), $first, 'an old one keeps the old one');
    isnt($photo->('lin4')->body(), $first, 'the new one has the new one');
};

step('all is erased', sub {
    $site->must_ctl('member', 'erase', $lin, '--yes');
    1 },
     map { $_ => 'erased' } qw(lin1 lin2 lin3 lin4));

is_deeply(said('lin4'), { status => 'erased',
    text => '信息已删除，不再提供查询', text_en => 'No longer available' },
    'and nothing more is said');
is($site->visitor()->get("/api/verify/$code{lin4}/photo")->problem(),
   'photo_not_shown', 'nor shown');
cmp_ok($changes, '>=', 20, "$changes changes");

my %pid;
$pid{$_}++ for split /\n/, slurp("$dir/workers.log");
is(scalar(keys %pid), 2, 'both workers answered');


# ---- nobody learns which codes there are -----------------------------------

subtest 'what cannot be a code and what nobody has, byte for byte' => sub {
    my $plain = sub {
        my ($r) = @_;
        return $r->raw() =~ s/^Date: [^\r\n]*\r\n//mr;
    };
    my $unknown = check('0' x 16);
    my @others = ('', '1', 'photo', '0' x 15, '0' x 17, 'U' x 16, 'A' x 22,
                  '-' x 22, '%20', '%C3%28', "%27%22%3C%3E", 'x' x 4000,
                  # one letter beside a real one
                  map { substr($code{wang1}, 0, 15) . $_ } grep {
                      $_ ne substr($code{wang1}, 15) } qw(0 A Z));

    is($unknown->status() . ' ' . $unknown->problem(), '404 code_unknown',
       'no certificate has this code');

    for my $code (@others) {
        is($plain->(check($code)), $plain->($unknown),
           'the same for ' . substr($code, 0, 24));
    }

    my $photo = $site->visitor()->get('/api/verify/1/photo');
    is($plain->($photo), $plain->($unknown), 'and where its photo is asked for');
};


subtest 'so many questions for an address, whatever they ask' => sub {
    my $asked = sub {
        my ($from, @codes) = @_;
        return join ' ', map {
            check($_, 'X-Real-IP' => $from)->status() } @codes;
    };

    $nginx->configure($site->text(
        server => "$server        membercert_verify limit=5/1h;\n"));
    ok($nginx->reload(wait_old => 1), 'five an hour');

    is($asked->('192.0.2.1', '1', $code{wang1}, '0' x 16, "$code{wang1}/photo",
                '2', '3', $code{wang1}, "1/photo"),
       '404 200 404 404 404 429 429 429', 'five, in both workers together');
    is($asked->('192.0.2.2', $code{wang1}), '200', 'another address');
    is($asked->("2001:db8::$_", $code{wang1}), '200', "of a /64: $_") for 1 .. 5;
    is($asked->('2001:db8::6', $code{wang1}), '429', 'and no more');

    my $r = check($code{wang1}, 'X-Real-IP' => '192.0.2.1');
    is($r->problem(), 'too_many_checks', 'the code');
    cmp_ok(abs($r->header('Retry-After') - 720), '<', 60, 'when to come back');
    is($r->json()->{retry_after}, $r->header('Retry-After'), 'twice');
    is($site->visitor()->get('/api/keys', 'X-Real-IP' => '192.0.2.1')
           ->status(), 200, 'the keys cost nothing');
};


subtest 'no log has a code' => sub {
    $nginx->configure($site->text(location => 'limit_req zone=one;'));
    ok($nginx->reload(wait_old => 1), 'another module refuses');
    check($code{wang1}) for 1 .. 3;

    $nginx->configure($site->text(
        store => "sqlite:$dir/elsewhere"));
    ok($nginx->reload(wait_old => 1), 'the store is not there');
    is(check($code{wang1})->status(), 503, 'no answer');

    my $error = $nginx->error_log();
    like($error, qr/limiting requests.*request: "GET verify\/\.\.\."/,
         'the first is in the error log');
    like($error, qr/membercert: .*request: "GET verify\/\.\.\."/,
         'the second, too');

    my $access = slurp("$dir/access.log");
    like($access, qr{"GET /api/verify/-" 200 }, 'the access log has checks');
    like($access, qr{"GET /api/verify/-/photo" 200 }, 'and photos');

    for my $name (sort keys %code) {
        unlike($error . $access, qr/\Q$code{$name}\E/i, "not that of $name");
    }
};


clean_log($nginx, 'nothing else went wrong', errors => 1,
          allow => qr/limiting requests|membercert: /);
done_testing();
