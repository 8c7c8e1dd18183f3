# The QR code of a certificate, read from the page as a phone or a scanner
# would (X05): at low resolutions, turned and out of focus; what it says is
# checked by a program that shares nothing with the module.

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $url = 'https://members.cert.example.org.cn/a123';
my $layout = <<'END_LAYOUT';
        membercert_layout card "卡片" "Card" {
            page  148 105;
            style plain size=10 least=5;
            value name 10 10 120 20 plain;
            photo 10 30 25 31;
            qr    100 60 30 address;
        }
END_LAYOUT

my $a4 = <<'END_LAYOUT';
        membercert_layout a4 {
            page  a4;
            style plain size=12 least=6;
            value name 20 20 160 20 plain;
            photo 20 50 25 31;
            qr    85 200 40 statement;
        }
END_LAYOUT

my %people = (
    '330000010001' => '林晓岚',
    '330000010002' => '𠮷𫍯䶮·阿㛃',
    '330000010003' => '买买提江·阿卜杜热西提·吐尔逊江·玉素甫',
);
my $site = new_site(
    people => [map { person($_, name => $people{$_}) } sort keys %people],
    photos => { map { $_ => substr $_, -1 } keys %people },
    conf => { server => "        membercert_public_url $url;\n$a4$layout" },
);

is(length $url, 40, 'an address of forty characters');


# Downloads confirmed certificates: the files by number and layout.
my %files;

for my $number (sort keys %people) {
    my $member = $site->login($number);
    my $view = $member->get('/api/certificate')->json();
    my $answer = $member->post_json('/api/certificate',
                                    { version => $view->{version} });

    is($answer->status(), 201, "$number is confirmed");

    for my $layout ('a4', 'card') {
        my $pdf = $member->get("/api/certificate.pdf?layout=$layout");

        is($pdf->status(), 200, "... and downloads $layout");
        $files{$number}{$layout} = write_file(
            $site->dir() . "/$number-$layout.pdf", $pdf->body());
    }
}

my $keys = write_file($site->dir() . '/keys.json',
                      $site->visitor()->get('/api/keys')->body());


# { width, height, rows of grey bytes } of a binary PGM.
sub picture {
    my ($bytes) = @_;

    $bytes =~ /\AP5\s+(\d+)\s+(\d+)\s+255\s/ or die 'no PGM';
    return { width => $1, height => $2, data => substr($bytes, $+[0]) };
}

# Each pixel the mean of the (2n + 1)^2 around it, as out of focus.
sub blurred {
    my ($picture, $n) = @_;

    my ($width, $height) = @$picture{qw(width height)};

    for my $across (1, 0) {
        my @from = unpack 'C*', $picture->{data};
        my @to = @from;
        my $step = $across ? 1 : $width;

        for my $y ($n .. $height - $n - 1) {
            for my $x ($n .. $width - $n - 1) {
                my $at = $y * $width + $x;
                my $sum = 0;
                $sum += $from[$at + $_ * $step] for -$n .. $n;
                $to[$at] = int($sum / (2 * $n + 1));
            }
        }

        $picture = { %$picture, data => pack('C*', @to) };
    }

    return $picture;
}

# Shot of a page: the text of its QR code, '' where none is read.
sub scan {
    my ($picture) = @_;

    my $file = write_file($site->dir() . '/scan.pgm',
        "P5\n$picture->{width} $picture->{height}\n255\n$picture->{data}");
    my $r = run_command(['zbarimg', '-q', '--raw', '-Sdisable',
                         '-Sqrcode.enable', $file]);

    return $r->{out} =~ s/\s+\z//r;
}

sub shot {
    my ($file, $dpi) = @_;

    my $r = run_command(['pdftoppm', '-r', $dpi, '-gray', '-singlefile',
                         $file]);

    return picture($r->{out});
}

sub turned {
    my ($file, $dpi, $degrees) = @_;

    my $out = $site->dir() . '/turned.pgm';
    run_command(['mutool', 'draw', '-q', '-r', $dpi, '-R', $degrees, '-c',
                 'gray', '-F', 'pgm', '-o', $out, $file, 1]);

    return picture(slurp($out));
}


subtest 'the A4: the check page with a statement, at 72, 96 and 150 dpi' => sub {
    for my $number (sort keys %people) {
        my $file = $files{$number}{a4};
        my %read = map { $_ => scan(shot($file, $_)) } 72, 96, 150;

        like($read{150}, qr{\A\Q$url\E/v/#\d{200,}\z}, "$number at 150 dpi");
        is($read{$_}, $read{150}, "... at $_ dpi") for 72, 96;
    }
};

subtest 'the card: the check page with the code, at 96 and 150 dpi' => sub {
    for my $number (sort keys %people) {
        my $file = $files{$number}{card};
        my %read = map { $_ => scan(shot($file, $_)) } 96, 150;

        like($read{150}, qr{\A\Q$url\E/v/#[0-9A-HJKMNP-TV-Z]{16}\z},
             "$number at 150 dpi");
        is($read{96}, $read{150}, '... at 96 dpi');
    }
};

subtest 'turned and out of focus' => sub {
    my $number = (sort keys %people)[2];

    for my $layout ('a4', 'card') {
        my $file = $files{$number}{$layout};
        my $said = scan(shot($file, 150));

        is(scan(turned($file, 150, $_)), $said, "$layout turned by $_ degrees")
            for 12, 90, 217;
        is(scan(blurred(shot($file, 150), 1)), $said, "$layout, blurred");
        is(scan(blurred(turned($file, 200, 7), 1)), $said,
           "$layout, turned and blurred");
    }
};

subtest 'the statement, checked by a program of its own' => sub {
    for my $number (sort keys %people) {
        my $said = scan(shot($files{$number}{a4}, 150));
        my $folder = temp_dir('image');

        run_command(['pdfimages', '-all', $files{$number}{a4}, "$folder/i"]);
        my ($photo) = glob "$folder/*.jpg";

        my $verify = repository() . '/tools/statement-verify';
        my $r = run_command([$verify, '--photo', $photo, $keys, $said]);

        is($r->{status}, 0, "$number: valid") or diag($r->{out}, $r->{err});
        my $start = substr $people{$number}, 0, 3;
        utf8::encode($start);
        like($r->{out}, qr/\Q$start\E/, '... in that name');

        # one digit of it
        (my $other = $said) =~ s/(\d)(\d{40})\z/($1 + 1) % 10 . $2/e;
        $r = run_command([$verify, $keys, $other]);
        isnt($r->{status}, 0, '... another digit is noticed');

        # somebody else's photo
        my ($stranger) = grep { $_ ne $number } sort keys %people;
        run_command(['pdfimages', '-all', $files{$stranger}{a4}, "$folder/x"]);
        my ($swapped) = glob "$folder/x*.jpg";
        $r = run_command([$verify, '--photo', $swapped, $keys, $said]);
        isnt($r->{status}, 0, '... and so is another photo');
    }
};

done_testing();
