# What a photo shows: portraits with defects by membercertctl and by upload,
# each refused for its own reason; warnings; the modes of each check.
# S27 S32 I09 I12

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $people = 20;
my $number = '330000020001';
my $folder = temp_dir('defects');
my $defect = repository() . '/build/defect';
my $site = new_site(people => [person($number)]);
my $nginx = $site->nginx();
my $member = $site->login($number);

my @kinds = split /\n/, run_command([$defect, '--list'])->{out};
ok(run_command([$defect, '--all', $folder, $people])->{ok},
   'portraits with defects are made');


sub jpeg_of {
    my ($kind, $person) = @_;

    return slurp("$folder/$kind-" . ($person || 1) . '.jpg');
}

sub upload {
    my ($jpeg, $query) = @_;

    return $member->put_photo("/api/photo?$query", $jpeg);
}

sub codes { return join ' ', map { $_->{code} } @{$_[0] || []} }

# "422 photo_blurred" or "200 | photo_low_quality"
sub said {
    my ($r) = @_;
    my $data = $r->json();
    my $warnings = $data->{warnings} && codes($data->{warnings});

    return join ' ', grep { length } $r->status(), codes($data->{errors}),
        $warnings ? "| $warnings" : '';
}

sub checks {
    my ($line) = @_;
    my ($words) = $line =~ /(\S.*);/;

    $nginx->configure($site->text(server => $line));
    ok($nginx->reload(wait_old => 1), $words);
}


# Faults and warnings; a regex where a borderline kind may pass.
my %wanted = (
    (map { $_ => ['', ''] } qw(none background-grey-225 background-grey-235
        background-cream gamma-2.2 quality-60)),
    (map { $_ => ['photo_background', ''] } qw(background-blue
        background-red background-light-blue background-sepia
        background-grey-210)),
    (map { $_ => ['photo_background_uneven', ''] } qw(gradient-215
        gradient-180 gradient-180-left)),
    'dark' => ['photo_dark', ''],
    'bright' => ['photo_bright', ''],
    'gamma-0.45' => [qr/^(?:photo_bright)?$/, ''],
    'flat' => ['photo_flat photo_background', qr/^(?:photo_blurred)?$/],
    'grey' => ['photo_colour', ''],
    'blur-0.7' => ['', qr/^(?:photo_blurred)?$/],
    'blur-1' => [qr/^(?:photo_blurred)?$/, qr/^(?:photo_blurred)?$/],
    (map { $_ => ['photo_blurred', ''] } qw(blur-1.5 blur-2 blur-3
        enlarged-4)),
    'enlarged-2' => ['', qr/^(?:photo_blurred)?$/],
    'enlarged-3' => [qr/^(?:photo_blurred)?$/, qr/^(?:photo_blurred)?$/],
    (map { $_ => ['', 'photo_low_quality'] } qw(quality-20 quality-40)),
);

sub fits {
    my ($got, $wanted) = @_;

    return ref $wanted ? $got =~ $wanted : $got eq $wanted;
}


subtest "`photo check`: each defect of $people people has its reason" => sub {
    is_deeply([grep { !$wanted{$_} } @kinds], [], 'each kind is known here');

    for my $kind (@kinds) {
        my $r = $site->ctl('photo', 'check',
                           map { "$folder/$kind-$_.jpg" } 1 .. $people);
        my @lines = map { JSON::PP->new->utf8->decode($_) }
            split /\n/, $r->{out};
        my ($faults, $warnings) = @{$wanted{$kind}};
        my @odd = grep { !fits(codes($_->{errors}), $faults)
                         || !fits(codes($_->{warnings}), $warnings)
                         || !$_->{ok} != !!@{$_->{errors}} } @lines;

        is(scalar @lines, $people, "$kind: a line each");
        is_deeply(\@odd, [], "$kind: the reasons");
        is($r->{status}, $faults ? 1 : 0, "$kind: the exit code")
            if !ref $faults;
    }
};


subtest 'an upload gets the verdict of `photo check`' => sub {
    for my $kind (grep { !grep { ref } @{$wanted{$_}} } @kinds) {
        my ($faults, $warnings) = @{$wanted{$kind}};
        my $r = upload(jpeg_of($kind), 'dry_run=1');

        is(said($r), $faults ? "422 $faults"
                   : '200' . ($warnings ? " | $warnings" : ''), $kind);
    }
};


subtest 'I09: the refusal tells what was measured, in both languages' => sub {
    my $r = upload(jpeg_of('background-blue'), 'declare=1');
    my $error = $r->json()->{errors}[0];

    is(said($r), '422 photo_background', 'a blue wall');
    like($error->{measured}, qr/^#4[0-9a-f]8[0-9a-f]d[0-9a-f]$/,
         'the colour');
    is($error->{allowed}, 'L*>=88 C*<=8 85%', 'what white is');
    is($error->{detail},
       "背景不是白色（检测到蓝色，平均色 $error->{measured}）", 'in Chinese');
    is($error->{detail_en}, 'The background is not white (it is blue, '
       . "$error->{measured} on average)", 'in English');
    is(scalar($site->cases()), 0, 'nothing is stored');

    $r = upload(jpeg_of('flat'), 'dry_run=1');
    is(said($r) =~ s/ \|.*//r, '422 photo_flat photo_background',
       'every fault at once');
};


subtest 'a warning does not stop an upload' => sub {
    my $r = upload(jpeg_of('quality-20'), 'declare=1');
    my $warning = $r->json()->{warnings}[0];

    is(said($r), '202 | photo_low_quality', 'taken, with a warning');
    is($warning->{measured}, '20', 'what was measured');
    is($warning->{allowed}, '>=50', 'what is allowed');
    is($warning->{detail}, '照片压缩过度：质量约为 20，要求不低于 50',
       'in words');
    is(scalar($site->cases()), 1, 'it is stored');

    is_deeply(upload(portrait(7), 'dry_run=1')->json()->{warnings}, [],
              'a good one has none');
};


subtest 'a photo refused before, same_rejected=warn and reject' => sub {
    my ($case) = $site->cases('--state', 'review');
    $site->must_ctl('photo', 'reject', $case->{photo_id}, '--reason', '换');

    my $r = upload(jpeg_of('quality-20'), 'declare=1');
    is(said($r), '200 | photo_low_quality photo_same_rejected',
       'warn: the earlier answer again');
    is($r->json()->{state}, 'mismatched', 'which is no');
    is($r->json()->{attempts}, 1, 'at no cost');

    checks("        membercert_photo_check same_rejected=reject;\n");
    $r = upload(jpeg_of('quality-20'), 'declare=1');
    is(said($r), '422 photo_same_rejected', 'reject: refused');
    is($r->json()->{detail}, '这张照片此前未通过，请更换照片', 'in words');
    is(said(upload(jpeg_of('quality-20'), 'dry_run=1')),
       '422 photo_same_rejected', 'a dry run says so, too');
    is(said(upload(portrait(8), 'dry_run=1')), '200', 'not another one');
};


subtest 'I12: each check off, warn or reject' => sub {
    checks("        membercert_photo_check background=warn blur=off "
           . "quality=reject same_rejected=off;\n");

    is(said(upload(jpeg_of('background-red'), 'dry_run=1')),
       '200 | photo_background', 'warn');
    is(said(upload(jpeg_of('blur-3'), 'dry_run=1')), '200', 'off');
    is(said(upload(jpeg_of('quality-40'), 'dry_run=1')),
       '422 photo_low_quality', 'reject');
    is(said(upload(jpeg_of('grey'), 'dry_run=1')), '422 photo_colour',
       'a check that is not named has its default');
};


clean_log($nginx, 'nothing bad in the log', errors => 1);
done_testing();
