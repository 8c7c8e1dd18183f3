# The block membercert_layout: nginx and membercertctl read the same lines,
# and every mistake is told with the file and line it stands in.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $dir = temp_dir('site');
my $port = free_port();
my $nginx_dir = temp_dir('nginx');
my $conf = "$nginx_dir/conf/nginx.conf";

write_file("$dir/secret", 'ab' x 32 . "\n", 0600);

my $head = <<'END';
page card;
style small size=8 least=6;
style plain size=10 least=7 en=small;
END

sub block {
    my ($lines, $name) = @_;

    $name = 'one "一" "One"' unless defined $name;
    return "membercert_layout $name {\n$lines}\n";
}

sub site_text {
    my ($blocks, %opt) = @_;

    return site_conf(dir => $dir, port => $port, server => $blocks, %opt);
}

# What nginx -t and membercertctl say of the line that ends in "# here".

sub mistake {
    my ($blocks, $reason, $title) = @_;

    my ($status, $out) = test_nginx(site_text($blocks), dir => $nginx_dir);
    my @lines = split /\n/, slurp($conf);
    my ($line) = grep { $lines[$_ - 1] =~ /# here$/ } 1 .. @lines;
    my @said = $out =~ /\[emerg\] (.*)/g;
    utf8::decode($_) for @said;

    my ($what) = "@said" =~ /^"membercert_layout" (.*) in \Q$conf\E:$line$/;
    ok($status != 0 && @said == 1 && defined $what,
       "$title: nginx names the line") or diag("line $line: $out");
    like(defined $what ? $what : '', $reason, $title);

    my $ctl = ctl('-c', $conf, qw(certificate render 1 -o),
                  "$dir/sample.pdf");
    isnt($ctl->{status}, 0, 'membercertctl refuses it');
    like($ctl->{err}, qr/\Q$conf\E:$line: /, 'with the same line');
}


# ---- mistakes in single lines -------------------------------------------------

my $long = 'x' x 300;
my @mistakes = (
    # words, what is said
    ['circle 1 2 3 plain a', qr/"circle" is no line of a layout/],
    ['text', qr/"text" invalid number of arguments/],
    ['page a4', qr/"page" is duplicate/],
    ['style plain size=9', qr/"style" duplicate name "plain"/],
    ['style Ä size=9', qr/"style" invalid name/],
    ['style 9 size=9', qr/"style" invalid name "9"/],
    ['style a least=5', qr/"style" needs size=/],
    ['style a size=2', qr/invalid value "2" of "size"/],
    ['style a size=900', qr/invalid value "900" of "size"/],
    ['style a size=9 size=9', qr/duplicate option "size"/],
    ['style a size=9 weight=7', qr/unknown option "weight=7"/],
    ['style a size=9 bold', qr/unknown option "bold"/],
    ['style a size=9 least=10', qr/"least" is larger than "size"/],
    ['style a size=9 color=red', qr/invalid value "red" of "color"/],
    ['style a size=9 color=#12345', qr/invalid value/],
    ['style a size=9 color=#12345g', qr/invalid value/],
    ['style a size=9 align=justify', qr/invalid value "justify" of "align"/],
    ['style a size=9 leading=9', qr/invalid value "9" of "leading"/],
    ['style a size=9 tracking=-1', qr/invalid value "-1" of "tracking"/],
    ['style a size=9 en=a', qr/unknown style "a"/],
    ['style a size=9 en=none', qr/unknown style "none"/],
    ['text 1 2 30 title words', qr/unknown style "title"/],
    ['text 1 2 30 plain', qr/invalid number of arguments/],
    ['text 1 2 30 40 plain', qr/needs one text/],
    ['text 1 2 30 plain a b c', qr/needs one text/],
    ['text 1 2 30 plain ""', qr/empty text/],
    ['text 1 2 30 small a b', qr/its style "small" has no en=/],
    ['text 1 2 x plain a', qr/needs X Y WIDTH \[HEIGHT\]/],
    ['text 1 2 30 20 10 plain a', qr/unknown style "10"/],
    ['text -1 2 30 plain a', qr/invalid x "-1", must be 0 to 148\.0 mm/],
    ['text 1 200 30 plain a', qr/invalid y "200", must be 0 to 105\.0/],
    ['text 1 1e3 30 plain a', qr/invalid y "1e3"/],
    ['text 1 2 99999999999 plain a', qr/invalid width/],
    ['text 1. 2 30 plain a', qr/invalid x "1\."/],
    ['text 1 2 0.5 plain a', qr/a place of less than 1 mm/],
    ['text 120 2 30 plain a', qr/ends at 150\.0 mm, the page at 148\.0/],
    ['text 1 90 30 20 plain a', qr/ends at 110\.0 mm, the page at 105\.0/],
    ['text 1 104 30 plain a', qr/the place ends below the page/],
    ['text 1 2 30 2 plain a', qr/lower than a line of style "plain"/],
    ['text 1 2 30 plain "a $nobody"', qr/unknown value "\$nobody"/],
    ['text 1 2 30 plain "a $"', qr/unknown value "\$"/],
    ['text 1 2 30 plain "a ${name"', qr/unknown value "\$\{name"/],
    ['text 1 2 30 plain "' . '$sex.' x 20 . '"', qr/more than 24 pieces/],
    ['title 1 2 60 plain a; title 1 20 60 plain b', qr/"title" is duplicate/],
    ['label nobody 1 2 30 plain', qr/unknown field "nobody"/],
    ['label name 1 2 30 plain a', qr/unexpected "a"/],
    ['value name_en 1 2 90 plain', qr/unknown field "name_en"/],
    ['value name 1 2 90 bold', qr/unknown style "bold"/],
    ['photo 1 2 30', qr/invalid number of arguments/],
    ['photo 1 2 30 plain', qr/needs X Y WIDTH HEIGHT/],
    ['photo 1 2 30 200', qr/invalid height "200"/],
    ['photo 1 2 30 40 50', qr/unexpected "50"/],
    ['photo 1 2 30 40 mirrored', qr/unexpected "mirrored"/],
    ['photo 1 2 3 4; photo 1 2 3 4', qr/"photo" is duplicate/],
    ['qr 1 2 30', qr/invalid number of arguments/],
    ['qr 1 2 30 40 address', qr/needs X Y SIZE/],
    ['qr 1 2 30 code', qr/needs X Y SIZE and "statement" or "address"/],
    ['qr 1 2 20 statement', qr/of less than 25 mm cannot be read/],
    ['qr 1 2 14 address', qr/of less than 15 mm cannot be read/],
    ['qr 1 2 30 address; qr 1 50 30 address', qr/"qr" is duplicate/],
    ['seal local 1 2 30', qr/unknown kind "local"/],
    ['seal national 1 2 30 dir=/a', qr/"dir=\/a", must be file=PATH/],
    ['seal regional 1 2 30 file=/a', qr/must be dir=PATH/],
    ['seal national 1 2 30 file=a.svg', qr/path "a\.svg" is not absolute/],
    ['seal national 1 2 30 file=/a b', qr/unexpected "b"/],
    ["seal national 1 2 30 file=$dir/none.svg", qr/\Q$dir\E\/none\.svg/],
    ["seal national 1 2 30 file=$dir/bad.svg", qr/\Q$dir\E\/bad\.svg/],
    ["seal regional 1 2 30 dir=$dir/none", qr/\Q$dir\E\/none/],
    ["seal regional 1 2 30 dir=$dir/seals", qr/33\.svg/],
    ['seal national 1 2 9; seal national 1 20 9', qr/"seal" is duplicate/],
    ['guilloche star 1 2 3', qr/unknown kind "star"/],
    ['guilloche emblem 1 2', qr/needs X Y SIZE/],
    ['guilloche rule 1 2 30 4 5', qr/needs X Y WIDTH/],
    ['guilloche frame 1 2 30', qr/needs X Y WIDTH HEIGHT/],
    ['guilloche border 1 2 30 200', qr/invalid height/],
    ["text 1 2 30 plain " . join(' ', ('a') x 20), qr/more than 16 words/],
    ['text 1 2 140 plain "ش"', qr/has the character U\+0634/],
    ['value name 1 2 10 small', qr/longest "name" fits in no size/],
    ['value name 1 2 50 small',
     qr/longest "name" .*points here, less than 5/],
    ['value name 1 2 12 5 small', qr/longest "name"/],
    ['value certificate_no 1 2 20 small', qr/longest "certificate_no"/],
    ['value institute 1 2 30 small', qr/longest "institute"/],
    ['text 1 2 60 small "' . '字' x 60 . '"', qr/longest "text"/],
    ['text 1 2 60 small "' . 'word ' x 300 . '"', qr/longest "text" fits in/],
);

write_file("$dir/bad.svg", '<svg viewBox="0 0 9 9"><image/></svg>', 0644);
mkdir "$dir/seals";
write_file("$dir/seals/33.svg", 'no drawing', 0644);

for my $mistake (@mistakes) {
    my ($line, $reason) = @$mistake;
    my $title = length $line > 60 ? substr($line, 0, 60) . '...' : $line;
    my $text = $line =~ s/; /;\n/r;

    subtest $title => sub {
        mistake(block("${head}text 1 1 20 plain a;\n$text; # here\n"),
                $reason, $title);
    };
}


# ---- mistakes of blocks -------------------------------------------------------

sub lines { return join '', map { "style s$_ size=9;\n" } 1 .. $_[0] }

my $some = "text 1 1 20 plain a;\n";

subtest 'a layout as a whole' => sub {
    mistake("membercert_layout one { # here\nstyle a size=9;\n}\n",
            qr/the layout "one" has no "page"/, 'no page');
    mistake("membercert_layout one { # here\npage a4;\n}\n",
            qr/the layout "one" is empty/, 'nothing on it');
    mistake("membercert_layout one { # here\n}\n", qr/has no "page"/, 'empty');
    mistake(block("style a size=9;\ntext 1 1 9 a b; # here\npage a4;\n"),
            qr/"text" stands before "page"/, 'a text before the page');
    mistake(block("page 20 20; # here\n"), qr/must be 40 to 1200 mm/,
            'a page too small');
    mistake(block("page letter; # here\n"), qr/unknown size "letter"/,
            'a page of a name we do not know');
    mistake(block($head . lines(30) . "style last size=9; # here\n"),
            qr/"style" more than 32 of them/, 'too many styles');
    mistake(block($head . $some x 128 . "text 1 1 20 plain b; # here\n"),
            qr/more than 128 items/, 'too many items');
    mistake(block($head . "guilloche rule 1 1 9;\n" x 253
                  . "guilloche rule 1 1 9; # here\n"),
            qr/more than 256 lines/, 'too many lines');
};

subtest 'names of layouts' => sub {
    mistake("membercert_layout A4 { # here\n$head$some}\n",
            qr/invalid name "A4"/, 'a capital letter');
    mistake("membercert_layout a/b { # here\n$head$some}\n",
            qr/invalid name "a\/b"/, 'a slash');
    mistake("membercert_layout $long { # here\n$head$some}\n",
            qr/invalid name/, 'a long name');
    mistake(block($head . $some) . "membercert_layout one { # here\n}\n",
            qr/duplicate name "one"/, 'a name twice');
    mistake("membercert_layout one a b c { # here\n$head$some}\n",
            qr/invalid number of arguments/, 'too many words');
    mistake(join('', map { block($head . $some, "l$_") } 1 .. 4)
            . "membercert_layout l5 { # here\n}\n",
            qr/more than 4 of them/, 'too many layouts');
};

subtest 'what is no block' => sub {
    my ($status, $out) = test_nginx(site_text("membercert_layout one;\n"),
                                    dir => $nginx_dir);
    isnt($status, 0, 'a line without a block');
    like($out, qr/"membercert_layout" has no opening "\{"/, 'is told');

    ($status, $out) = test_nginx(
        site_text(block("page a4;\ntext 1 {\n}\n")), dir => $nginx_dir);
    isnt($status, 0, 'a block in a block');
    like($out, qr/unexpected "\{"|"text"/, 'is told');
};


# ---- what is read -------------------------------------------------------------

subtest 'a layout that nginx and membercertctl take' => sub {
    my $text = block($head . <<'END') . block($head . $some, 'two');
include layout.part;
guilloche border;
value name 20 20 60 10 plain;
END
    mkdir "$nginx_dir/conf";
    write_file("$nginx_dir/conf/layout.part",
               qq{text 1 1 100 9 plain '\$name: "\${sex}"' "\$name_en";\n});

    my ($status, $out) = test_nginx(site_text($text), dir => $nginx_dir);
    is($status, 0, 'nginx -t') or diag($out);

    ($status, $out) = test_nginx(site_text('', http => $text),
                                 dir => $nginx_dir);
    is($status, 0, 'in http, for its servers') or diag($out);

    my $ctl = ctl('-c', $conf, 'init');
    is($ctl->{status}, 0, 'membercertctl') or diag($ctl->{err});
};

done_testing();
