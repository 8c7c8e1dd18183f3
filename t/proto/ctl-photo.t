# membercertctl and photos: check without a store, import, the institute's
# decisions, the certificate drawn from the command line (I11, X01).

use strict;
use warnings;
use utf8;

use File::Basename qw(basename dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my @numbers = map { "33000001000$_" } 1 .. 6;
my $site = new_site(
    people => [(map { person($_) } @numbers), person('330000010007',
               name => "张\x{13000}"), person('330000010008', phone => '')],
    photos => { 330000010001 => 1, 330000010007 => 7 });
my $dir = $site->dir();
my $folder = temp_dir('pictures');


# (exit code, standard output, standard error).

sub run {
    my (@args) = @_;

    my $r = $site->ctl(@args);
    utf8::decode($r->{err});
    return ($r->{status}, $r->{out}, $r->{err});
}

sub shown {
    my ($number) = @_;

    return JSON::PP->new->utf8->decode(
        $site->must_ctl('--json', 'member', 'show', $number));
}

sub lines {
    my ($text) = @_;

    return map { JSON::PP->new->utf8->decode($_) } split /\n/, $text;
}


# ---- photo check: no store, no secret, no configuration ---------------------------

sub check {
    my (@args) = @_;

    my $r = ctl('photo', 'check', @args);
    return ($r->{status}, $r->{err}, lines($r->{out}));
}


subtest 'a hundred portraits are right' => sub {
    my @files = map { "$folder/p$_.jpg" } 1 .. 100;

    my $portrait = repository() . '/build/portrait';
    my $drawn = run_command(['sh', '-c', 'for n in $(seq 100); do '
        . "'$portrait' \$n >'$folder'/p\$n.jpg || exit 1; done"]);
    ok($drawn->{ok}, 'they are drawn') or diag($drawn->{err});

    my ($status, $err, @said) = check(@files);
    is_deeply([$status, $err], [0, ''], 'exit code 0');
    is_deeply([map { $_->{file} } @said], \@files, 'a line each, in order');
    my @wrong = grep { !$_->{ok} || @{$_->{errors}} } @said;
    is_deeply(\@wrong, [], 'all are ok');
};


# What each recipe must get; '' is accepted.
my %verdict = (
    (map { $_ => '' } qw(valid progressive metadata size:10000 size:20480
        dpi:96 dpi:300 dpi-centimetre:38 exif-dpi:955 exif-centimetre:37795
        orientation:1 orientation:9 exif-days:-365 exif-days:0 exif-days:1
        exif-blank exif-loop fill scans:100 trailing-zero:100
        length:2)),
    (map { $_ => 'photo_size photo_truncated' } qw(size:0 size:1 size:2
        truncated:20 truncated:300)),
    'size:9999' => 'photo_size',
    (map { $_ => 'photo_too_large' } qw(size:20481 size:40000)),
    (map { $_ => 'photo_pixels' } qw(pixels:177220 pixels:178221
        pixels:220178 sof-huge)),
    (map { $_ => 'photo_dpi' } qw(dpi:72 dpi:95 dpi-centimetre:37 dpi-mixed
        exif-dpi:954)),
    (map { $_ => 'photo_dpi_missing' } qw(dpi-unit0:1 dpi-unit0:96
        dpi-missing)),
    (map { $_ => 'photo_orientation' } map { "orientation:$_" } 2 .. 8),
    'exif-days:-368' => 'photo_old', 'exif-days:3' => 'photo_future',
    (map { $_ => 'photo_scans' } qw(scans:101 scans:1665)),
    (map { $_ => 'photo_coding' } qw(sof:195 sof:197 sof:201 sof:202
        twelve-bits sampling dnl wide-table)),
    (map { $_ => 'photo_colour' } qw(gray rgb-ids)),
    (map { $_ => 'photo_dpi_missing photo_colour' } qw(cmyk rgb)),
    (map { $_ => 'photo_truncated' } qw(truncated:12000 truncated:-2
        truncated:-1 length:65535)),
    (map { $_ => 'photo_trailing' } qw(trailing-zip trailing-html)),
    restart => 'photo_flat photo_background',
    (map { $_ => 'photo_damaged' } qw(two-frames scan-first no-scan length:0
        length:1 insert:8224 insert:65496 insert:65488 insert:65280
        insert:65281 entropy-noise entropy-cut no-tables)),
    (map { $_ => 'photo_not_jpeg' } map { "is:$_" } 0 .. 9),
);

subtest 'every kind of wrong file gets its own reason' => sub {
    my @recipes = split /\n/, run_command([repository() . '/build/hostile',
                                           '--list'])->{out};
    is_deeply([grep { !defined $verdict{$_} } @recipes], [],
              'each recipe is known here');

    write_file("$folder/$_.jpg", hostile($_)) for @recipes;
    my ($status, $err, @said) = check(map { "$folder/$_.jpg" } @recipes);
    is_deeply([$status, $err], [1, ''], 'exit code 1: some are refused');

    my (%got, @odd);
    for my $line (@said) {
        $got{basename($line->{file}, '.jpg')}
            = join ' ', map { $_->{code} } @{$line->{errors}};
        push @odd, $line if !$line->{ok} != !!@{$line->{errors}};
    }
    is_deeply(\%got, { map { $_ => $verdict{$_} } @recipes }, 'the reasons');
    is_deeply(\@odd, [], '"ok" is true just where there is no error');

    my %of = map { basename($_->{file}, '.jpg') => $_->{errors}[0] } @said;
    is_deeply($of{'size:9999'}, { code => 'photo_size', measured => '9999',
                                  allowed => '10000-20480' }, 'a size');
    is_deeply($of{'pixels:177220'}, { code => 'photo_pixels',
        measured => '177×220', allowed => '178×220' }, 'pixels');
    is_deeply([@{$of{'dpi:95'}}{qw(measured allowed)}], ['95', '>=96'],
              'dots an inch');
};


subtest 'what could not be looked at is exit code 2, the others go on' => sub {
    my $good = "$folder/p1.jpg";
    my ($status, $err, @said) = check("$folder/none.jpg", $good);
    is($status, 2, 'a file that is not there');
    like($err, qr{\Q$folder\E/none\.jpg: No such file}, 'is named');
    is_deeply([map { $_->{ok} ? 1 : 0 } @said], [1], 'the next is checked');

    ($status, $err, @said) = check($folder, $good);
    is($status, 2, 'a folder');
    is(scalar @said, 1, 'the next is checked');

    my $name = "$folder/\"quoted\"\n名.jpg";
    utf8::encode($name);
    write_file($name, portrait(1));
    ($status, $err, @said) = check($name);
    is($status, 0, 'a strange name');
    is($said[0]{file}, "$folder/\"quoted\"\n名.jpg", 'is still good JSON');
};


subtest 'with -c the site\'s own limits' => sub {
    write_file("$dir/own.conf", site_conf(dir => $dir, port => 1,
        server => "membercert_photo size=1-9k dpi=1 dpi_missing=accept;\n"));
    my $r = ctl('-c', "$dir/own.conf", qw(photo check),
                map { "$folder/$_.jpg" } qw(p1 dpi-missing size:20481));
    is($r->{status}, 1, 'exit code');
    is_deeply([map { join ' ', map { "$_->{code} $_->{allowed}" }
                     @{$_->{errors}} } lines($r->{out})],
              [('photo_too_large 1-9216') x 3], 'other sizes');
};


# ---- import photos -------------------------------------------------------------------

subtest 'import photos: names, faults' => sub {
    my $photos = temp_dir('photos');
    write_file("$photos/330000010002.jpg", portrait(2));
    write_file("$photos/nonpractising-330000010003.JPG", portrait(3));
    write_file("$photos/330000010004.jpg", hostile('dpi:72'));
    write_file("$photos/330000010005.jpg", 'x' x 2_000_000);
    write_file("$photos/330000019999.jpg", portrait(9));
    write_file("$photos/.hidden.jpg", 'x');
    write_file("$photos/list.txt", 'x');
    write_file("$photos/330000010006.jpg", hostile('exif-days:-368'));

    my ($status, $out, $err) = run('import', 'photos', $photos);
    is($status, 2, 'the worst of all exit codes: one could not be read');
    is($out, "3 photos imported, 3 refused\n", 'how many');
    like($err, qr{/330000010004\.jpg: not imported\n  photo_dpi: .*72.*96},
         'a fault with what was measured and what is allowed');
    like($err, qr{/330000010005\.jpg: larger than}, 'too large to read');
    like($err, qr/no such member\n.*330000019999\.jpg: not imported/,
         'nobody of that number');
    unlike($err, qr/hidden|list\.txt/, 'other files are no photos');
    ok(shown($_)->{photo_id}, "$_ has one") for @numbers[1, 2, 5];
    ok(!shown($_)->{photo_id}, "$_ has none") for @numbers[3, 4];

    my $id = shown($numbers[1])->{photo_id};
    unlink glob "$photos/33*4.jpg $photos/33*5.jpg $photos/*9999.jpg";
    ($status, $out) = run('import', 'photos', $photos, '--reference');
    is_deeply([$status, $out], [0, "3 photos imported, 0 refused\n"],
              'as references of the comparison');
    is(shown($numbers[1])->{photo_id}, $id, 'the certificate\'s is kept');

    ($status, $out, $err) = run('import', 'photos', "$dir/none");
    is($status, 2, 'no such folder');
    SKIP: {
        skip 'needs root', 2 if $> != 0;
        chmod 0700, $photos;
        ($status, $out, $err) = run('import', 'photos', $photos);
        is($status, 2, 'one the store\'s owner cannot read');
        like($err, qr/must be readable to the owner/, 'and it says so');
    }
};


# ---- decisions --------------------------------------------------------------------------

subtest 'list, show, approve, reject, reset' => sub {
    my $no = $numbers[3];
    my $member = $site->login($no);
    my $put = sub {
        my ($n) = @_;
        my $r = $member->put_photo('/api/photo?declare=1', portrait($n));
        die $r->body() if $r->status() != 202;
        return ($site->cases('--state', 'review'))[-1]{photo_id};
    };

    is($site->must_ctl(qw(photo list)), '', 'nobody waits');
    my $first = $put->(41);
    like($site->must_ctl(qw(photo list --state review)),
         qr/^$first\s+review\s+\d{4}-\d\d-\d\dT\S+\s+nonpractising-$no\b/,
         'a line for people');
    my ($case) = $site->cases();
    is_deeply([@$case{qw(photo_id state user_type member_no reason)}],
              [$first, 'review', 'nonpractising', $no, ''], 'for machines');
    ok($case->{declared} && $case->{at} > 1.7e12, 'declared, when');

    my ($status, $out, $err) = run(qw(photo show), $first, '-o',
                                   "$dir/shown.jpg");
    is($status, 0, 'show');
    is((stat "$dir/shown.jpg")[2] & 0777, 0600, 'for nobody else');
    like(slurp("$dir/shown.jpg"), qr/^\xff\xd8\xff.*\xff\xd9$/s, 'a JPEG');
    is((check("$dir/shown.jpg"))[0], 0, 'that meets the rules');
    ok(slurp("$dir/shown.jpg") eq $site->must_ctl(qw(photo show), $first,
                                                  '-o', '-'), 'or to stdout');

    # a replaced photo answers a conflict
    my $second = $put->(42);
    for my $verb ('approve', 'reject') {
        ($status, $out, $err) = run('photo', $verb, $first);
        is($status, 1, "$verb of one that was replaced");
        like($err, qr/no longer the one that waits/, 'is a conflict');
    }
    is(shown($no)->{photo_state}, 'review', 'the new one still waits');

    for my $reason ("two\nlines", 'x' x 201, "\x1b[2J") {
        is((run('photo', 'reject', $second, '--reason', $reason))[0], 1,
           'a reason that is none');
    }
    ($status, $out) = run(qw(photo reject), $second, '--reason',
                          do { my $s = '请露出耳朵'; utf8::encode($s); $s });
    is_deeply([$status, $out], [0, "$second mismatched\n"], 'rejected');
    is($member->get('/api/photo/state')->json()->{reason}, '请露出耳朵',
       'the member reads why');
    is(shown($no)->{attempts}, 1, 'X01: it costs an attempt');
    is((run('photo', $_, $second))[0], 1, "no $_ afterwards")
        for 'approve', 'reject';

    is((run(qw(photo reset), $no))[0], 0, 'reset');
    is(shown($no)->{attempts}, 0, 'gives the attempts back');

    my $third = $put->(43);
    ($status, $out) = run(qw(photo approve), $third);
    is_deeply([$status, $out], [0, "$third matched\n"], 'approved');
    is(shown($no)->{photo_state}, 'matched', 'it shows');
    is($member->get('/api/photo')->status(), 200, 'the member sees it');
    is(join(' ', map { $_->{state} } $site->cases()),
       'closed closed matched', 'the whole history');
    is(scalar($site->cases('--state', 'closed')), 2, 'or a part of it');

    is((run(qw(photo list --state nix)))[0], 2, 'no such state');
    for my $id ('999999', '9223372036854775807') {
        is((run('photo', $_, $id))[0], 1, "$_ $id: no such photo")
            for 'approve', 'reject';
        ($status, $out, $err) = run('photo', 'show', $id, '-o', '-');
        is_deeply([$status, $out], [1, ''], "show $id");
        like($err, qr/no such photo/, 'and it says so');
    }
    is((run(qw(photo reset 1)))[0], 1, 'reset of nobody');
};


# ---- the certificate -------------------------------------------------------------------------

subtest 'certificate render' => sub {
    my $pdf = "$dir/out.pdf";
    my ($status, $out, $err) = run(qw(certificate render), $numbers[0],
                                   '-o', $pdf);
    is($status, 0, 'of a member who has not confirmed');
    like($err, qr/not confirmed by the member: drawn from today's data, without/,
         'with a word about it');
    like(slurp($pdf), qr/^%PDF-1\.\d.*%%EOF\s*$/s, 'a PDF');
    is((stat $pdf)[2] & 0777, 0600, 'for nobody else');

    SKIP: {
        my $qpdf = run_command(['qpdf', '--check', $pdf]);
        skip 'needs qpdf', 1 if $qpdf->{status} == 127;
        is($qpdf->{status}, 0, 'qpdf --check') or diag($qpdf->{out});
    }

    my $member = $site->login($numbers[0]);
    my $version = $member->get('/api/certificate')->json()->{version};
    is($member->post_json('/api/certificate', { version => $version })
       ->status(), 201, 'the member confirms');
    ($status, $out, $err) = run(qw(certificate render), $numbers[0],
                                '-o', $pdf);
    is_deeply([$status, $err], [0, ''], 'now it is the confirmed one');
    ok(slurp($pdf) eq $member->get('/api/certificate.pdf')->body(),
       'the bytes the member gets');

    my $lines = $site->must_ctl(qw(export confirmations));
    like($lines, qr/^\xef\xbb\xbfserial,member_no,.*\r\n1,$numbers[0],.*,
                     $version,[0-9A-Z]{16},valid,,,,nonpractising\r\n$/xs, 'export confirmations');
    is(scalar(() = $site->must_ctl(qw(export confirmations --since
        2099-01-01)) =~ /\n/g), 1, '--since: none of them');

    for my $case ([$numbers[4], 'no photo'], ['330000010008', 'no phone'],
                  ['330000010007', 'a character no font has'],
                  ['330000019999', 'nobody'])
    {
        my ($number, $why) = @$case;
        unlink $pdf;
        ($status, $out, $err) = run(qw(certificate render), $number, '-o',
                                    $pdf);
        is($status, 1, "$why: refused");
        ok(length $err > 20, 'with a reason') or diag($err);
        ok(!-s $pdf, 'no file that looks like one');
    }
};


clean_log($site->nginx());
done_testing();
