# Photos, from the upload to the certificate: the rules with every fault at
# once, states of the comparison, attempts, consent and declaration.
# S18 S19 S21 S22 S24 S25 S26 S27 S28 S29 S30 S31 S32 I09 I12 X01

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 6;
my $site = new_site(people => [map { person($_) } @numbers],
                    photos => { $numbers[5] => 6 });
my $nginx = $site->nginx();
my $member = $site->login($numbers[0]);


sub codes {
    my ($r) = @_;

    return join ' ', $r->status(), map { $_->{code} }
        @{($r->status() >= 400 ? $r->json()->{errors} : []) || []};
}

sub upload {
    my ($client, $jpeg, $query) = @_;

    return $client->put_photo(
        '/api/photo?' . (defined $query ? $query : 'declare=1'), $jpeg);
}

sub state_of {
    my ($client) = @_;

    return $client->get('/api/photo/state')->json();
}


subtest 'I09: the rules of the upload, S28 to S31' => sub {
    my @table = (
        ['S28: a JPEG', 'valid', '200'],
        ['a progressive one', 'progressive', '200'],
        ['S28: PNG and the like', 'is:0', '422 photo_not_jpeg'],
        ['S28: cut short', 'truncated:12000', '422 photo_truncated'],
        ['S28: damaged', 'entropy-noise', '422 photo_damaged'],
        ['S29: 9,999 bytes', 'size:9999', '422 photo_size'],
        ['S29: 10,000 bytes', 'size:10000', '200'],
        ['S29: 20,480 bytes', 'size:20480', '200'],
        ['S29: 20,481 bytes', 'size:20481', '413 photo_too_large'],
        ['S30: one pixel less', 'pixels:177220', '422 photo_pixels'],
        ['S30: lying on its side', 'pixels:220178', '422 photo_pixels'],
        ['S31: 95 dpi', 'dpi:95', '422 photo_dpi'],
        ['S31: 96 dpi', 'dpi:96', '200'],
        ['S31 I12: none recorded', 'dpi-missing', '422 photo_dpi_missing'],
        ['S27: taken a year and a day ago', 'exif-days:-368',
         '422 photo_old'],
        ['S27: taken in the future', 'exif-days:3', '422 photo_future'],
        ['turned by its Exif', 'orientation:6', '422 photo_orientation'],
        ['grey', 'gray', '422 photo_colour'],
        ['something behind it', 'trailing-zip', '422 photo_trailing'],
        ['too many scans', 'scans:101', '422 photo_scans'],
        ['an odd coding', 'sof:201', '422 photo_coding'],
    );

    for my $row (@table) {
        my ($name, $recipe, $expected) = @$row;
        is(codes(upload($member, hostile($recipe), 'dry_run=1')), $expected,
           $name);
    }
};


subtest 'every fault at once, with measured and allowed values' => sub {
    my $bad = portrait('--width=100', '--dpi=72', '--quality=40', 1);
    my $r = upload($member, $bad, 'dry_run=1');
    my %by = map { $_->{code} => $_ } @{$r->json()->{errors}};

    is(codes($r), '422 photo_size photo_pixels photo_dpi',
       'three faults, three reasons');
    is($by{photo_size}{measured}, length $bad, 'the size measured');
    is($by{photo_size}{allowed}, '10000-20480', 'and allowed');
    is($by{photo_pixels}{measured}, '100×220', 'the pixels measured');
    is($by{photo_pixels}{allowed}, '178×220', 'and allowed');
    is($by{photo_dpi}{measured}, '72', 'the resolution measured');
    is($by{photo_dpi}{allowed}, '>=96', 'and allowed');
    is($by{photo_size}{detail}, '照片大小为 ' . length($bad)
       . ' 字节，要求 10000–20480 字节', 'in Chinese');
    like($by{photo_size}{detail_en}, qr/10000–20480 are allowed/,
         'in English');
    is($r->json()->{detail}, $by{photo_size}{detail},
       'the first one speaks for the answer');

    my $type = upload($member, hostile('is:0'), 'dry_run=1')->json();
    like($type->{detail}, qr/^文件是 .*PNG.*，要求 jpg 格式$/, 'what it is');
};


subtest 'upload and `photo check` say the same of every file' => sub {
    my @recipes = grep { length } split /\n/,
        run_command([repository() . '/build/hostile', '--list'])->{out};
    my $folder = temp_dir('hostile');

    cmp_ok(scalar @recipes, '>', 50, 'there are many');
    my %jpeg = map { $_ => hostile($_) } @recipes;
    write_file("$folder/$_.jpg", $jpeg{$_}) for @recipes;

    my $check = $site->ctl('photo', 'check',
                           map { "$folder/$_.jpg" } @recipes);
    is($check->{status}, 1, 'some are refused: exit code 1');

    my %told;
    for my $line (split /\n/, $check->{out}) {
        my $data = JSON::PP->new->utf8->decode($line);
        my ($recipe) = $data->{file} =~ m{([^/]+)\.jpg$};
        $told{$recipe} = join ' ', sort map { $_->{code} }
            @{$data->{errors}};
    }

    my $keep = client($site->port(), keepalive => 1, timeout => 20,
                      headers => { Cookie => $member->cookie_header() });
    my @differ;
    for my $recipe (@recipes) {
        my $r = upload($keep, $jpeg{$recipe}, 'dry_run=1');
        my $said = $r->status() < 400 ? '' : join ' ', sort map
            { $_->{code} } @{$r->json()->{errors}};
        push @differ, "$recipe: $told{$recipe} / $said"
            if $said ne $told{$recipe};
    }
    is_deeply(\@differ, [], 'no difference');
};


subtest 'a dry run stores nothing and asks for nothing' => sub {
    my $r = upload($member, portrait(1), 'dry_run=1');

    is($r->status(), 200, 'taken');
    is($r->json()->{state}, 'none', 'no upload');
    cmp_ok($r->json()->{stored_size}, '>', 1000, 'it was decoded');
    is(scalar($site->cases()), 0, 'nothing is stored');
    is($member->get('/api/photo')->problem(), 'photo_none', 'no photo');
};


subtest 'S27: the declaration is wanted with each upload' => sub {
    for my $query ('', 'declare=0', 'declare=yes', 'x=1') {
        is(codes(upload($member, portrait(1), $query)),
           '422 declaration_missing', "not: ?$query");
    }
    is(scalar($site->cases()), 0, 'nothing is stored');
};


subtest 'S19 S22 S24: no photo, upload, review' => sub {
    my $state = state_of($member);
    is_deeply([@{$state}{qw(state attempts most)}], ['none', 0, 5],
              'before');
    ok(!$state->{current} && $state->{may_upload}, 'none, may upload');
    is($member->get('/api/photo')->json()->{detail},
       '没有查询到照片信息', 'S19: the words of the manual');

    my $r = upload($member, portrait(1));
    is($r->status(), 202, 'S24: taken, and not yet compared');
    is($r->json()->{state}, 'review', 'an officer decides');
    ok($r->json()->{waiting}, 'it waits');
    is($member->get('/api/photo')->status(), 404, 'not yet a photo of his');

    my ($case) = $site->cases();
    is($case->{member_no}, $numbers[0], 'the officer sees whose it is');
    ok($case->{declared}, 'S27: and that it was declared');

    my ($blocker) = grep { $_->{where} eq 'photo' }
        @{$member->get('/api/certificate')->json()->{blockers}};
    is($blocker->{code}, 'compare_review', 'the certificate waits for it');
    like($blocker->{detail}, qr/^已转人工核验，所属注协将在.+内处理$/,
         'and says how long');
};


subtest 'the stored photo is the same picture without its extras' => sub {
    my ($case) = $site->cases();
    my $file = $site->dir() . '/shown.jpg';

    $site->must_ctl('photo', 'show', $case->{photo_id}, '-o', $file);
    my $shown = slurp($file);
    like($shown, qr/^\xff\xd8\xff/, 'S32: the officer looks at it');
    unlike($shown, qr/Exif|GPS|http/, 'no Exif, no comment');

    SKIP: {
        my @djpeg = ('djpeg', '-dct', 'int');
        my $mine = $site->dir() . '/mine.jpg';
        write_file($mine, portrait(1));
        my ($one, $two) = map { run_command([@djpeg, $_]) } $file, $mine;
        skip 'needs djpeg', 1 unless $one->{ok} && $two->{ok};
        ok($one->{out} eq $two->{out}, 'pixel by pixel what was uploaded');
    }
};


subtest 'S25: a match; the photo is on the certificate' => sub {
    my ($case) = $site->cases('--state', 'review');

    like($site->must_ctl('photo', 'approve', $case->{photo_id}),
         qr/matched/, 'approved');
    is(state_of($member)->{state}, 'matched', 'S25: compared');
    like($member->get('/api/photo')->body(), qr/^\xff\xd8/,
         'S18: the page shows it');
    is($member->get('/api/photo')->header('Content-Type'), 'image/jpeg',
       'as a picture');
    like($member->get('/api/photo')->header('Cache-Control'), qr/no-store/,
         'that nobody keeps');
    ok(!grep({ $_->{where} eq 'photo' }
             @{$member->get('/api/certificate')->json()->{blockers}}),
       'nothing blocks the certificate');

    my $again = $site->ctl('photo', 'reject', $case->{photo_id});
    is($again->{status}, 1, 'a decided one is not decided again');
    isnt($again->{err}, '', 'and it says so');
};


subtest 'the same pixels again: the earlier answer' => sub {
    my $before = scalar $site->cases();
    my $r = upload($member, portrait(1));

    is($r->status(), 200, 'no new comparison');
    is($r->json()->{state}, 'matched', 'the same result');
    is(scalar($site->cases()), $before, 'and no new case');
};


subtest 'S26: a mismatch costs an attempt, and says why' => sub {
    my $other = $site->login($numbers[1]);

    upload($other, portrait(11));
    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'reject', $case->{photo_id}, '--reason',
                    '背景不是白色');

    my $state = state_of($other);
    is($state->{state}, 'mismatched', 'the comparison has failed');
    is($state->{attempts}, 1, 'one attempt is used');
    is($state->{reason}, '背景不是白色', 'S32: with the officer\'s words');
    ok($state->{may_upload}, 'another may be uploaded');

    my ($blocker) = grep { $_->{where} eq 'photo' }
        @{$other->get('/api/certificate')->json()->{blockers}};
    is($blocker->{code}, 'compare_mismatched', 'the certificate says so');
    like($blocker->{detail}, qr/^比对失败，.*第 1 次，共 5 次/,
         'with the number of tries');

    is(upload($other, portrait(11))->json()->{state}, 'mismatched',
       'the same picture is refused without asking again');
    is(state_of($other)->{attempts}, 1, 'and costs nothing');
};


subtest 'a new upload replaces one that waits' => sub {
    my $other = $site->login($numbers[2]);

    upload($other, portrait(21));
    my ($first) = $site->cases('--state', 'review');
    upload($other, portrait(22));
    my (@waiting) = $site->cases('--state', 'review');

    is(scalar @waiting, 1, 'one waits');
    isnt($waiting[0]{photo_id}, $first->{photo_id}, 'the new one');
    is($site->ctl('photo', 'approve', $first->{photo_id})->{status}, 1,
       'nobody approves the one that was replaced');
    is(state_of($other)->{attempts}, 0, 'replacing costs nothing');
    $site->must_ctl('photo', 'reject', $waiting[0]{photo_id});
};


subtest 'X01: five mismatches, then the institute' => sub {
    my $other = $site->login($numbers[3]);

    for my $n (1 .. 5) {
        is(upload($other, portrait(30 + $n))->status(), 202, "upload $n");
        my ($case) = $site->cases('--state', 'review');
        $site->must_ctl('photo', 'reject', $case->{photo_id});
        is(state_of($other)->{attempts}, $n, "$n used");
    }

    ok(!state_of($other)->{may_upload}, 'no more');
    my $r = upload($other, portrait(36));
    is(codes($r), '409 attempts_used', 'X01: a sixth is refused');
    like($r->json()->{detail},
         qr/已上传 5 次，请联系所属注协现场核验：.*0571-88250337/,
         'with the institute\'s contact');
    is(codes(upload($other, portrait(36), 'dry_run=1')),
       '409 attempts_used', 'a dry run says so, too');

    $site->must_ctl('photo', 'reset', $numbers[3]);
    is(state_of($other)->{attempts}, 0, 'the institute gives them back');
    is(upload($other, portrait(37))->status(), 202, 'and it goes on');
    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'reject', $case->{photo_id});
};


subtest 'S18 S26: the photo on record stays while a new one waits' => sub {
    my $other = $site->login($numbers[5]);
    my $before = $other->get('/api/photo')->body();

    ok(state_of($other)->{current}, 'a photo is on record');
    is(upload($other, portrait(61))->status(), 202, 'a new one');
    ok($other->get('/api/photo')->body() eq $before, 'the old one is shown');
    ok(!grep({ $_->{where} eq 'photo' }
             @{$other->get('/api/certificate')->json()->{blockers}}),
       'and the certificate goes on with it');

    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'reject', $case->{photo_id});
    ok($other->get('/api/photo')->body() eq $before,
       'also after a mismatch');
    ok(!grep({ $_->{where} eq 'photo' }
             @{$other->get('/api/certificate')->json()->{blockers}}),
       'which does not block it');
};


subtest 'consent to the privacy notice before the first upload' => sub {
    $nginx->configure($site->text(
        server => "        membercert_privacy /privacy.html 2026-11;\n"));
    ok($nginx->reload(wait_old => 1), 'membercert_privacy');

    my $other = $site->login($numbers[4]);
    is(codes(upload($other, portrait(41))), '409 consent_needed',
       'without it');
    is(codes(upload($other, portrait(41), '')),
       '409 consent_needed declaration_missing', 'both are asked for');
    is(upload($other, portrait(41), 'dry_run=1')->status(), 200,
       'a dry run needs neither');

    my $consent = sub {
        my ($version, $accepted) = @_;
        return $other->post_json('/api/consent', { document => 'privacy',
            version => $version, accepted => $accepted
            ? JSON::PP::true : JSON::PP::false });
    };
    is(codes($consent->('2020-01', 1)), '422 consent_unknown',
       'to another version');
    ok(!$other->get('/api/member')->json()->{privacy_accepted}, 'no');
    is($consent->('2026-11', 1)->status(), 204, 'to this one');
    ok($other->get('/api/member')->json()->{privacy_accepted}, 'yes');
    is($consent->('2026-11', 0)->status(), 204, 'taken back');
    is(codes(upload($other, portrait(41))), '409 consent_needed',
       'holds again');
    is($consent->('2026-11', 1)->status(), 204, 'given again');
    is(upload($other, portrait(41))->status(), 202, 'now it is taken');
};


subtest 'I12: other rules by directive' => sub {
    $nginx->configure($site->text(server => '        membercert_photo '
        . "size=5000-30000 pixels=200x240 dpi=72 dpi_missing=accept;\n"));
    ok($nginx->reload(wait_old => 1), 'membercert_photo');

    my $client = $site->login($numbers[4]);
    my $photo = portrait('--width=200', '--height=240', '--no-density', 1);
    is(upload($client, $photo, 'dry_run=1')->status(), 200,
       'what the new rules want');
    is(codes(upload($client, portrait(1), 'dry_run=1')),
       '422 photo_pixels', 'what the old ones wanted');
    is_deeply({ %{$site->visitor()->get('/api/site')->json()->{photo}},
                attempts => 5 },
              { min => 5000, max => 30000, width => 200, height => 240,
                dpi => 72, attempts => 5 }, 'the pages are told');
};


like($site->must_ctl('check'), qr/^bad_photos\s+0$/m, 'all photos are good');
like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
