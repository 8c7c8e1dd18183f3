# The preview looks as the PDF does, and a seal as its drawing (S18, X06):
# both are made PDFs, drawn by the same renderer and compared.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

for my $tool (qw(rsvg-convert pdftoppm)) {
    -x "/usr/bin/$tool" or BAIL_OUT("$tool is not installed");
}

my $scale = 6;          # pixels a millimetre
my $cell = 6;           # sides of the squares that are compared, pixels

my $dir = temp_dir('seals');
my $out = temp_dir('out');
mkdir "$dir/regional" or die $!;

# everything a seal may have: arcs, curves, transforms, uneven strokes,
# caps, joins, rules, a frame that is not square and cuts
my $svg = 'xmlns="http://www.w3.org/2000/svg"';
my %drawing = (
    'national.svg' => <<"END",
<svg $svg viewBox="-50 -50 100 100"><title>示例</title>
<circle r="46" fill="none" stroke="#c8102e" stroke-width="4"/>
<path fill="#c8102e" fill-rule="evenodd" d="M0-30L17.6 24.3-28.5-9.3h57L-17.6
 24.3zM0-5a5 5 0 1 0 .01 0z"/>
<g fill="none" stroke="#00487c" stroke-width="2" stroke-linecap="round">
<path d="M-35 0A20 12 30 0 1-20-25a9 4 0 1 1 4 6"/>
<path d="M20-30q10 0 10 10t8 6M-30 28c4 8 12 8 16 0s12-8 16 0"/>
<g transform="translate(24 30) rotate(20) skewX(15) scale(2 .7)">
<rect x="-6" y="-5" width="12" height="10" rx="3" stroke-linejoin="bevel"/>
</g></g>
<polyline points="-40,20 -36,12 -32,20" style="fill:none;stroke:black;stroke-width:1.5;stroke-linejoin:miter"/>
<ellipse cx="30" cy="-30" rx="8" ry="4" transform="rotate(40 30 -30)" fill="gold"/>
<line x1="-10" y1="38" x2="10" y2="38" stroke="green" stroke-width="3" stroke-linecap="square"/>
</svg>
END
    'regional/33.svg' => <<"END",
<svg $svg viewBox="0 0 200 100"><rect width="200" height="100" fill="#fdd"/>
<circle cx="150" cy="90" r="60" fill="rgb(200,16,46)"/>
<path d="M20 20H100V80H20zM40 40V60H80V40z" transform="matrix(1 .2 -.1 1 5 0)"/>
</svg>
END
    'regional/31.svg' => "<svg $svg viewBox='0 0 10 10'><path d='M1 1h8v8z'/></svg>",
);

write_file("$dir/$_", $drawing{$_}) for keys %drawing;

my $layouts = <<"END";
membercert_layout card "会员卡" "Card" {
    page 148 105;
    style small size=7 least=5 color=#5e6e82;
    style plain size=11 least=7 tracking=0.3 en=small;
    guilloche border;
    guilloche watermark 60 10 50;
    title 20 12 90 12 plain "会员证书";
    photo 110 14 24 30;
    guilloche frame 110 14 24 30;
    label name 20 30 20 8 small;
    value name 40 30 60 8 plain;
    value category 40 42 60 8 plain;
    value institute 40 54 60 12 plain;
    text 20 66 60 8 small "序号 \$serial \$date \$code";
    seal national 16 68 26 file=$dir/national.svg;
    seal regional 60 68 26 dir=$dir/regional;
    qr 105 66 24 address;
}
membercert_layout plain {
    page a4;
    style big size=30 least=10 align=center;
    value name 20 40 170 30 big;
    guilloche emblem 90 100 30;
}
END

my @numbers = qw(330000010001 330000010002 310000010003);
my $site = new_site(
    people => [person($numbers[0], name => '阿依古丽·𠮷䶮'),
               person($numbers[1], work_unit => ''),
               person($numbers[2], institute => '31', name => "\x{e000}")],
    photos => { $numbers[0] => 1 },
    conf => { server => "membercert_public_url http://127.0.0.1;\n$layouts" },
);
my $member = $site->login($numbers[0]);


# --- pictures

sub ok_command {
    my $result = run_command([@_]);
    $result->{ok} or die "@_: $result->{err}\n";
}

# [width, height, RGB bytes] of a PDF's first page, or of a piece of it.

sub pixels {
    my ($pdf, @piece) = @_;

    ok_command('pdftoppm', '-r', 25.4 * $scale, '-singlefile', @piece, $pdf,
               "$out/page");
    my $ppm = slurp("$out/page.ppm");
    $ppm =~ s/^P6\s+(\d+)\s+(\d+)\s+255\s// or die 'no picture';
    return [$1, $2, $ppm];
}

sub of_svg {
    my ($text, @size) = @_;

    my $file = "$out/" . ++our $drawn;

    write_file("$file.svg", $text);
    ok_command('rsvg-convert', '-f', 'pdf', @size, '-o', "$file.pdf",
               "$file.svg");
    return "$file.pdf";
}

# Mean colours of squares of $cell pixels; rows and columns at the edge that
# fill none are left out.

sub cells {
    my ($picture) = @_;

    my ($width, $height, $bytes) = @$picture;
    my ($columns, $rows) = map { int($_ / $cell) } $width, $height;
    my @cells;

    for my $row (0 .. $rows - 1) {
        my @sum = (0) x (3 * $columns);
        for my $y ($row * $cell .. $row * $cell + $cell - 1) {
            my @line = unpack "\@" . 3 * $y * $width . " C"
                . 3 * $columns * $cell, $bytes;
            for my $i (0 .. $#line) {
                $sum[3 * int($i / 3 / $cell) + $i % 3] += $line[$i];
            }
        }
        push @cells, [map { $_ / $cell / $cell } @sum];
    }
    return \@cells;
}

# Cells that differ by more than a third of all there is, and the mean
# difference; "without" is a box in millimetres that does not count.

sub differences {
    my ($one, $two, $without) = @_;

    my ($a, $b) = map { cells($_) } $one, $two;
    my ($far, $sum, $count) = (0, 0, 0);
    my ($x0, $y0, $x1, $y1) = map { $_ * $scale / $cell } @{$without || [0, 0, 0, 0]};

    is(scalar @$a, scalar @$b, 'as high');
    is(scalar @{$a->[0]}, scalar @{$b->[0]}, 'as wide');

    for my $y (0 .. $#$a) {
        for my $x (0 .. $#{$a->[0]}) {
            next if $x / 3 >= $x0 && $x / 3 < $x1 && $y >= $y0 && $y < $y1;
            my $away = abs($a->[$y][$x] - $b->[$y][$x]);
            $far++ if $away > 85;
            $sum += $away;
            $count++;
        }
    }
    return ($far, $sum / $count);
}

# What the preview has above the page: the mark, cut out.

sub unmarked {
    my ($svg) = @_;

    $svg =~ s{<g id="mark".*\z}{</g>\n</svg>\n}s or die 'no mark';
    return $svg;
}

sub preview {
    my ($client, $layout) = @_;
    return $client->get('/api/certificate/preview?layout=' . ($layout || ''));
}


# --- tests

subtest 'a seal is drawn as its drawing is (X06)' => sub {
    my $page = of_svg(unmarked(preview($member)->body()));

    for my $seal (['national.svg', 16, 68, 26, 26],
                  ['regional/33.svg', 60, 74.5, 26, 13])
    {
        my ($file, @place) = @$seal;
        my ($x, $y, $w, $h) = map { $scale * $_ } @place;

        my $drawn = pixels($page, '-scale-to-x', 148 * $scale,
                           '-scale-to-y', 105 * $scale,
                           '-x', $x, '-y', $y, '-W', $w, '-H', $h);
        my ($far) = differences($drawn,
            pixels(of_svg($drawing{$file}, '-w', $w, '-h', $h),
                   '-scale-to-x', $w, '-scale-to-y', $h));
        cmp_ok($far, '<=', $w * $h / $cell / $cell / 200,
               "$file: cells that differ");
    }
};

subtest 'nothing is confirmed: no serial number, no code' => sub {
    my $before = preview($member)->body();

    like($before, qr/<rect id="qr"/, 'the code has its place');
    my $view = $member->get('/api/certificate')->json();
    is($member->post_json('/api/certificate',
                          { version => $view->{version} })->status(), 201,
       'confirmed');
    isnt(preview($member)->body(), $before, 'then they are shown');
};

for my $layout (['card', [104, 65, 130, 91]], ['plain', undef]) {
    my ($name, $qr) = @$layout;

    subtest "$name: preview and PDF agree (S18)" => sub {
        my $pdf = $member->get("/api/certificate.pdf?layout=$name")->body();
        my $svg = unmarked(preview($member, $name)->body());

        write_file("$out/b.pdf", $pdf);
        my $one = pixels("$out/b.pdf");
        my $two = pixels(of_svg($svg), '-scale-to-x', $one->[0],
                         '-scale-to-y', $one->[1]);
        my ($far, $mean) = differences($one, $two, $qr);

        cmp_ok($far, '<=', @{$one}[0] * @{$one}[1] / $cell / $cell / 5000,
               'cells that differ');
        cmp_ok($mean, '<', 5, 'on average');

        # and the comparison can tell a letter that is missing
        $svg =~ s{<use href="#B[^>]*/>}{}g or die 'no name';
        ($far) = differences($one,
            pixels(of_svg($svg), '-scale-to-x', $one->[0],
                   '-scale-to-y', $one->[1]), $qr);
        cmp_ok($far, '>', @{$one}[0] * @{$one}[1] / $cell / $cell / 2000,
               'a name that is missing shows');
    };
}

subtest 'who lacks something sees what there is' => sub {
    my $other = $site->login($numbers[1]);
    my $answer = preview($other);

    is($answer->status(), 200, 'blockers do not matter');
    unlike($answer->body(), qr/<image/, 'a photo that is not there');

    my $third = $site->login($numbers[2]);
    $answer = preview($third);
    is($answer->status(), 409, 'a name without glyph cannot be drawn');
    is($answer->json()->{code}, 'glyph_missing', 'and that is said');

    is(preview($member, 'none')->status(), 404, 'no such layout');
};

clean_log($site->nginx());
done_testing();
