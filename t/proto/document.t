# The certificate's PDF as viewers see it (S16, S17, I08): valid, fonts
# embedded, names extracted to the letter, and, above all, drawn right: each
# name's pixels in poppler and in mupdf against a drawing of our own.
#
# No nginx: build/render makes the files, build/inkdiff compares.
# MEMBERCERT_NAMES=file (a name a line) takes these names, too.

use strict;
use warnings;
use utf8;

use Encode qw(decode_utf8 encode_utf8);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use POSIX qw(ceil floor);
use Test::More;

chdir dirname(__FILE__) . '/../..' or die "no top folder: $!";

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);

my $build = $ENV{MEMBERCERT_BUILD} || 'build';
my $dpi = 600;
my $own = 5;            # per cent of ink that may differ, at most
my $other = 20;         # ... that differ from another name, at least
my $height = 841.89;

for my $tool ("$build/render", "$build/inkdiff") {
    -x $tool or BAIL_OUT("$tool is not built (make build)");
}

for my $tool (qw(pdftoppm pdftotext pdffonts qpdf mutool)) {
    -x "/usr/bin/$tool" or BAIL_OUT("$tool is not installed");
}

# Characters that differ in a stroke.  The strokes of the first two pairs
# are less than a fifth of the ink, whatever the resolution.
my %twin = qw(已 己 己 已 未 末 末 未);
my %like = qw(土 士 士 土 日 曰 曰 日 伟 玮 洋 样 静 净 磊 垒 国 围 强 弶);

my $dir = tempdir(CLEANUP => 1);

# poppler must not help itself from installed fonts
open my $fh, '>', "$dir/fonts.conf" or die $!;
print $fh "<?xml version=\"1.0\"?>\n<fontconfig></fontconfig>\n";
close $fh or die $!;
$ENV{FONTCONFIG_FILE} = "$dir/fonts.conf";


sub run {
    my (@command) = @_;
    my $pid = open my $out, '-|';
    defined $pid or die "fork: $!";
    if (!$pid) {
        open STDERR, '>', '/dev/null' or exit 126;
        exec map { encode_utf8($_) } @command or exit 127;
    }
    local $/;
    my $text = decode_utf8(<$out> // '');
    close $out;
    return wantarray ? ($text, $? >> 8) : $text;
}


# --- the files

my (@pages, @given);

if (my $list = $ENV{MEMBERCERT_NAMES}) {
    open my $in, '<:utf8', $list or die "$list: $!";
    chomp(@given = <$in>);
    unshift @given, map { (split /\t/)[1] } split /\n/, run("$build/render", $dir);
}

for (split /\n/, run("$build/render", $dir, @given)) {
    my ($file, $name, $size, @lines) = split /\t/;
    push @pages, { file => $file, name => $name, size => $size,
                   lines => [map { [split / /] } @lines] };
}

my @names = map { $_->{name} } @pages;
cmp_ok(scalar @pages, '>=', 60, 'at least sixty names have a certificate');

for my $name (qw(䶮 㛃 𠮷 𫍯), '𠮷𫍯䶮·阿㛃') {
    ok((grep { $_ eq $name } @names), "$name is among them");
}

ok((grep { length == 40 } @names), 'and so is one of forty characters');

my (@broken, @fonts, @texts, @warned);

for my $page (@pages) {
    my ($text, $status) = run('qpdf', '--check', $page->{file});
    push @broken, $page->{name} if $status;

    my @rows = split /\n/, run('pdffonts', $page->{file});
    splice @rows, 0, 2;
    push @fonts, $page->{name}
        if !@rows || grep { !/^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes / } @rows;

    my %tags;
    push @fonts, "$page->{name}: one tag twice"
        if grep { $tags{$_}++ } map { /^([A-Z]{6})/ } @rows;

    $text = run('pdftotext', '-enc', 'UTF-8', $page->{file}, '-');
    $text =~ s/\s+//g;
    (my $want = "兹证明$page->{name}为本会非执业会员") =~ s/\s+//g;
    push @texts, $page->{name} unless index($text, $want) >= 0;
}

is_deeply(\@broken, [], 'qpdf finds each file sound');
is_deeply(\@fonts, [], 'each font is embedded, a subset, mapped to Unicode,'
    . ' and has a tag of its own');
is_deeply(\@texts, [], 'each name is extracted to the letter, Extension B'
    . ' included');

{
    # names of Latin letters alone, or of the labels' characters, add none
    my (%seen, @same);
    for my $page (grep { $_->{name} =~ /[\x{3400}-\x{3FFFF}]/
                         && $_->{name} ne '注册' } @pages) {
        my $all = join ' ', run('pdffonts', $page->{file}) =~ /^([A-Z]{6})\+/mg;
        push @same, $page->{name} if $seen{$all}++;
    }
    is_deeply(\@same, [], 'no two names share their subset tags: a program that'
        . ' joins files must not mix their fonts');
}


# --- the pixels

sub rotate {
    my ($name, $by) = @_;
    return join '', map {
        my $c = ord;
        $c >= 0x3400 ? chr(0x4E00 + ($c * 7 + $by * 211) % 5000)
            : /[a-z]/ ? chr(97 + ($c - 97 + $by * 5) % 26)
            : /[A-Z]/ ? chr(65 + ($c - 65 + $by * 5) % 26)
            : $_
    } split //, $name;
}


# A name that a careless eye takes for this one.
sub look_alike {
    my ($name) = @_;
    my @c = split //, $name;
    for my $map (\%like, \%twin) {
        for my $i (reverse 0 .. $#c) {
            next unless $map->{$c[$i]};
            $c[$i] = $map->{$c[$i]};
            return (join('', @c), $map == \%twin);
        }
    }
    my $turned = reverse $name;
    return ($turned ne $name ? $turned : rotate($name, 9), 0);
}


# Four more of the same length: from the list where no character agrees,
# else made up.
sub others {
    my ($name) = @_;
    my @c = split //, $name;
    my @found;
    for my $known (@names) {
        next if length $known != @c || @found == 4;
        my @k = split //, $known;
        push @found, $known unless grep { $k[$_] eq $c[$_] } 0 .. $#c;
    }
    push @found, rotate($name, @found + 1) while @found < 4;
    return @found;
}


sub cut_out {
    my ($x, $y, $width, $size) = @_;
    my $pixels = $dpi / 72;

    # not so high that the line above or below shows
    return (floor($x * $pixels) - 20,
            floor(($height - $y - 0.96 * $size) * $pixels) - 4,
            ceil($width * $pixels) + 60, ceil($size * 1.22 * $pixels) + 8);
}


my @jobs;

for my $page (@pages) {
    my $n = 0;
    for my $line (@{ $page->{lines} }) {
        my ($x, $y, $width, $tracking, $first, $count) = @$line;
        my $text = substr $page->{name}, $first, $count;
        my @box = cut_out($x, $y, $width, $page->{size});
        my $stem = $page->{file} =~ s/\.pdf$//r . '-' . $n++;
        push @jobs, { page => $page, text => $text, stem => $stem,
                      box => \@box, place => [$page->{size}, $tracking, $x, $y] };
    }
}

# Runs code for each item in two processes.
sub in_two {
    my ($code, @items) = @_;
    my @pids;
    for my $half (0, 1) {
        my $pid = fork;
        defined $pid or die "fork: $!";
        if (!$pid) {
            for my $i (grep { $_ % 2 == $half } 0 .. $#items) {
                $code->($items[$i]);
            }
            POSIX::_exit(0);
        }
        push @pids, $pid;
    }
    waitpid $_, 0 for @pids;
}


for my $job (@jobs) {
    my ($like, $is_twin) = look_alike($job->{text});
    $job->{wrong} = [$like, others($job->{text})];
    $job->{is_twin} = $is_twin;
}

in_two(sub {
    my ($job) = @_;
    my ($left, $top, $width, $tall) = @{ $job->{box} };
    run('pdftoppm', '-r', $dpi, '-gray', '-singlefile', '-x', $left, '-y', $top,
        '-W', $width, '-H', $tall, $job->{page}{file}, "$job->{stem}-poppler");
    run('mutool', 'run', 't/lib/crop.js', $dpi, $job->{page}{file},
        "$job->{stem}-mupdf.pgm", @{ $job->{box} });
    for my $viewer (qw(poppler mupdf)) {
        open my $out, '>', "$job->{stem}-$viewer.txt" or die $!;
        print $out scalar run("$build/inkdiff", "$job->{stem}-$viewer.pgm", $dpi,
            $left, $top, @{ $job->{place} }, $job->{text}, @{ $job->{wrong} });
        close $out or die $!;
    }
}, @jobs);

my %worst = (poppler => [0, ''], mupdf => [0, '']);
my %least = (poppler => [1000, ''], mupdf => [1000, '']);
my (%far, %near, %twins);

for my $job (@jobs) {
    my @wrong = @{ $job->{wrong} };

    for my $viewer (qw(poppler mupdf)) {
        open my $in, '<', "$job->{stem}-$viewer.txt" or die $!;
        chomp(my ($mine, @theirs) = <$in>);

        if (!defined $mine || @theirs != @wrong) {
            push @{ $far{$viewer} }, "$job->{text}: not compared";
            next;
        }

        $worst{$viewer} = [$mine, $job->{text}] if $mine > $worst{$viewer}[0];
        push @{ $far{$viewer} }, "$job->{text}: $mine %" if $mine > $own;

        if ($job->{is_twin}) {
            my $share = shift @theirs;
            push @{ $twins{$viewer} }, [$job->{text}, $wrong[0], $mine, $share];
        }

        for my $i (0 .. $#theirs) {
            my $text = $wrong[$i + ($job->{is_twin} ? 1 : 0)];
            $least{$viewer} = [$theirs[$i], "$job->{text} and $text"]
                if $theirs[$i] < $least{$viewer}[0];
            push @{ $near{$viewer} }, "$job->{text} and $text: $theirs[$i] %"
                if $theirs[$i] < $other;
        }
    }
}

for my $viewer (qw(poppler mupdf)) {
    is_deeply($far{$viewer} || [], [],
        "$viewer draws each name as FreeType does, within $own % of its ink");
    is_deeply($near{$viewer} || [], [],
        "$viewer draws no name like one of five others: $other % differ");
    diag(sprintf '%s: at most %.2f %% differ (%s); from another name at least'
        . ' %.2f %% (%s)', $viewer, @{ $worst{$viewer} }, @{ $least{$viewer} });

    # one stroke: still more than may differ, and far from the own reading
    cmp_ok(scalar @{ $twins{$viewer} || [] }, '>=', 4, 'twins were compared');
    for (@{ $twins{$viewer} || [] }) {
        my ($text, $like, $mine, $share) = @$_;
        cmp_ok($share, '>', $own,
            "$viewer: $text is not $like ($share % differ, own $mine %)");
        cmp_ok($share, '>', 3 * $mine, '... by far');
    }
}

{
    my ($job) = grep { $_->{text} eq '王伟' } @jobs;
    my ($image) = "$dir/blank.pgm";
    open my $blank, '>:raw', $image or die $!;
    print $blank "P5\n$job->{box}[2] $job->{box}[3]\n255\n",
        "\xff" x ($job->{box}[2] * $job->{box}[3]);
    close $blank or die $!;
    cmp_ok(run("$build/inkdiff", $image, $dpi, @{ $job->{box} }[0, 1],
               @{ $job->{place} }, '王伟'), '>=', 99,
        'a name that is not drawn at all would be seen');
}


# --- what libharu got wrong where it was used as its manual says; each of
# these was reproduced with version 2.3.0

my %drawn = map { $_->{text} => 1 } @jobs;

my @bad = map { @{ $_ || [] } } values %far;

ok($drawn{'程浩垚'} && $drawn{'注册'} && !grep({ /^(?:程浩垚|注册):/ } @bad),
    'parts of composite glyphs are not lost (程浩垚 came out as 垚)');

ok($drawn{'𠮷'} && $drawn{'𣲘𠮷'}
        && !grep({ /^(?:𠮷|𣲘𠮷|𠮷𫍯䶮·阿㛃):/ } @bad),
    'characters outside of the first plane are not blank');

ok(@jobs >= 60 && !@bad,
    'the second and every later name of a process is drawn with its own font');

{
    my @used = run('nm', '-u', "$build/render") =~ /\b(HPDF_\w+)/g;
    cmp_ok(scalar @used, '>', 10, 'libharu is used');
    is_deeply([grep { /Png|LoadTTF|LoadJpeg|GetFont|_New(?:Ex|Doc)$|UseUTF|Encodings/ } @used], [],
        'none of its fonts (wrong maps, 55 ms), PNG loader (aborts the'
        . ' process) or JPEG loader (takes cut-off files) is linked');
}

{
    my $grown = `$build/render -n 20000 $dir \xe7\x8e\x8b\xe4\xbc\x9f 2>&1 >/dev/null`;
    my ($cpu, $more) = $grown =~ /([\d.]+) us, (\d+) kB/;
    ok(defined $more && $more <= 512,
        '20,000 documents in one process leave no memory behind');
    diag("$cpu us of CPU a document, $more kB more") if defined $more;
}

done_testing();
