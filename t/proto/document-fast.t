# The two writers hold each other to account (S16, I08): for each member both
# give the same page to the pixel, in poppler and in mupdf, the same text, and
# the same structure for a screen reader (each fifth: slow); both files are sound, and PDF/A
# asks no more of them than what only its first part asks.
#
# 30 members; MEMBERCERT_MEMBERS=1000 by hand takes some minutes.

use strict;
use warnings;
use utf8;

use Encode qw(decode_utf8 encode_utf8);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

chdir dirname(__FILE__) . '/../..' or die "no top folder: $!";

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);

my $build = $ENV{MEMBERCERT_BUILD} || 'build';
my $count = $ENV{MEMBERCERT_MEMBERS} || 30;
my $dpi = 72;

-x "$build/render" or BAIL_OUT("$build/render is not built (make build)");

for my $tool (qw(pdftoppm pdftotext pdfinfo pdffonts qpdf mutool)) {
    -x "/usr/bin/$tool" or BAIL_OUT("$tool is not installed");
}

my $dir = tempdir(CLEANUP => 1);
mkdir "$dir/$_" or die $! for qw(fast plain);


sub run {
    my (@command) = @_;
    my $pid = open my $out, '-|';
    defined $pid or die "fork: $!";
    if (!$pid) {
        open STDERR, '>', '/dev/null' or exit 126;
        exec map { encode_utf8($_) } @command or exit 127;
    }
    local $/;
    my $text = <$out> // '';
    close $out;
    return wantarray ? ($text, $? >> 8) : $text;
}

# Names as they come: two to four characters of the 6,763 of GB 2312's kind,
# now and then one of Extension A, a minority's, or a Latin one.
sub name {
    my ($n) = @_;
    return "Sample Name $n" if $n % 29 == 7;
    return '买买提' . chr(0x4E00 + $n % 900) . '·艾力' if $n % 17 == 5;
    return chr(0x3447 + $n % 40) . '伟' if $n == 13;
    return join '', map { chr(0x4E00 + ($n * 7919 + $_ * 104729) % 5600) }
        0 .. 1 + $n % 3;
}

my @names = map { name($_) } 1 .. $count;

for my $writer (qw(fast plain)) {
    open my $names, '|-', "$build/render " . ($writer eq 'plain' ? '-r ' : '')
        . "$dir/$writer - > $dir/$writer.txt" or die $!;
    binmode $names, ':utf8';
    print $names "$_\n" for @names;
    ok(close($names), "every member has a document of the $writer writer");
}

is(scalar(my @made = glob "$dir/fast/*.pdf"), $count, "$count of them");

my %differ = map { $_ => [] } qw(sound text structure poppler mupdf fonts);
my (%read, @small);

for my $n (1 .. $count) {
    my $file = sprintf '%02d.pdf', $n;
    my %got;

    for my $writer (qw(fast plain)) {
        my $path = "$dir/$writer/$file";

        my (undef, $status) = run('qpdf', '--check', $path);
        push @{ $differ{sound} }, "$writer $n" if $status;

        $got{$writer} = {
            text => scalar run('pdftotext', '-layout', $path, '-'),
            structure => $n % 5 == 1
                ? scalar run('pdfinfo', '-struct-text', $path) : 'x' x 20,
            poppler => scalar run('pdftoppm', '-r', $dpi, $path),
            mupdf => scalar run('mutool', 'draw', '-q', '-r', $dpi, '-F', 'ppm',
                '-o', '-', $path),
            fonts => join("\n", sort map { /^(\S+)/ }
                split /\n/, run('pdffonts', $path)),
        };
    }

    for my $what (qw(text structure poppler mupdf fonts)) {
        push @{ $differ{$what} }, "$n $names[$n - 1]"
            if length $got{plain}{$what} < 20
                || $got{fast}{$what} ne $got{plain}{$what};
    }

    $read{$n} = decode_utf8($got{fast}{structure}) if $n % 5 == 1;
    push @small, $n if -s "$dir/fast/$file" > 0.7 * -s "$dir/plain/$file";
}

is_deeply($differ{sound}, [], 'qpdf finds every file sound');
is_deeply($differ{text}, [], 'the same text');
is_deeply($differ{fonts}, [], 'the same fonts, each with its tag');
is_deeply($differ{structure}, [], 'the same structure');
is_deeply($differ{poppler}, [], 'poppler draws the same pixels');
is_deeply($differ{mupdf}, [], 'and so does mupdf');
is_deeply(\@small, [], 'the fast writer also writes less');

{
    my @wrong;
    for my $n (sort { $a <=> $b } keys %read) {
        my $name = $names[$n - 1];
        (my $text = $read{$n}) =~ s/\s+/ /g;
        push @wrong, $name
            unless $text =~ /^Document H1 \(block\) "会员证书"/
                && $text =~ /LI \(block\) Lbl \(block\) "姓名Name" LBody \(block\) "\Q$name\E"/;
    }
    is_deeply(\@wrong, [], 'a reader hears the title first, and each label with'
        . ' its value, the name to the letter');
}


# --- what a file says about itself

my $info = decode_utf8(run('pdfinfo', "$dir/fast/01.pdf"));
like(decode_utf8(run('pdfinfo', '-meta', "$dir/fast/01.pdf")),
    qr/>会员证书 Membership Certificate</,
    'the title names the document, not the member');
like($info, qr/^Tagged:\s+yes$/m, 'tagged');
unlike($info, qr/^(?:Author|Creator|Producer|CreationDate|ModDate):/m,
    'no author, no program, no time');

my $plain = run('qpdf', '--qdf', '--object-streams=disable', "$dir/fast/01.pdf", '-');
my @figures = $plain =~ m{/S /Figure}g;
my @alts = $plain =~ m{/Alt }g;
cmp_ok(scalar @figures, '>=', 4, 'photo, code and seals are figures');
is(scalar @alts, scalar @figures, 'each with a text in its place');
like($plain, qr{/Lang \(zh-CN\)}, 'in Chinese');


# --- PDF/A: PDFBox checks part 1, whose own rules part 2 has dropped

SKIP: {
    my @jars = map { "/usr/share/java/$_.jar" } qw(preflight pdfbox2 fontbox2
        xmpbox commons-logging jaxb-api javax.activation);
    skip 'no PDFBox preflight (libpdfbox2-java and a Java runtime)', 2
        if !-x '/usr/bin/java' || grep { !-f } @jars;

    my @first_part_only = (
        qr/^1\.4 : .*XRef cross reference streams are not allowed/,
        qr/^3\.1\.11 : .*CIDSet entry is missing/,
        qr/^7\.11\.1 : .*conformance level must be A or B/,
        qr/^7\.11\.2 : .*part must be 1/,
    );

    for my $writer (qw(fast plain)) {
        my @found = grep { /^\d+\.\d/ } split /\n/, run('java', '-cp',
            join(':', @jars), 'org.apache.pdfbox.preflight.Validator_A1b',
            "$dir/$writer/01.pdf");
        my @other = grep {
            my $line = $_;
            !grep { $line =~ $_ } @first_part_only;
        } @found;
        is_deeply([@other, @found >= 3 ? () : 'not checked'], [],
            "$writer: PDFBox finds nothing but what PDF/A-1 alone forbids");
    }
}

done_testing();
