# Every mistake in every directive is found by nginx -t, with file, line and
# the directive's name.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use POSIX qw(mkfifo);
use Test::More;

need('module', 'ctl');

my $dir = temp_dir('site');
my $port = free_port();
my $nginx_dir = temp_dir('nginx');
my $conf = "$nginx_dir/conf/nginx.conf";

write_file("$dir/secret", 'ab' x 32 . "\n", 0600);


# The mistake stands in the line that ends in "# here".  Answers what nginx
# says of it, without place; '' and a diagnosis when the place is not that
# line, or nginx found nothing or more than one mistake.

sub found {
    my ($text) = @_;

    my ($status, $out) = test_nginx($text, dir => $nginx_dir);
    my @lines = split /\n/, slurp($conf);
    my ($line) = grep { $lines[$_ - 1] =~ /# here$/ } 1 .. @lines;
    my @said = $out =~ /\[emerg\] (.*)/g;

    utf8::decode($_) for @said;
    return $1 if $status != 0 && @said == 1
        && $said[0] =~ /^(.*) in \Q$conf\E:$line$/;

    diag("status $status, line $line: $out");
    return '';
}

# The site's configuration, but for the directive, which is replaced.

sub site_with {
    my ($name, $lines) = @_;

    my $key = $name =~ s/^membercert_//r;
    return site_conf(dir => $dir, port => $port, $key => undef,
                     server => "$lines\n");
}


# ---- the words of each directive --------------------------------------------

my $count = qr/invalid number of arguments/;
my $unknown = qr/unknown parameter/;
my $twice = qr/is duplicate/;
my $again = qr/duplicate parameter/;
my $absolute = qr/is not absolute/;
my $variable = qr/variables are not supported/;
my $long = 'x' x 300;

# words after the name => what nginx says; two statements are two lines, the
# second is at fault
my %mistakes = (
    membercert_store => [
        ['', $count], ['sqlite:/a /b', $count],
        ['/var/lib/members', qr/not supported, must be "sqlite:DIR"/],
        ['postgresql:dbname=x', qr/not supported/],
        ['sqlite:members', $absolute], ['sqlite:', $absolute],
        ['sqlite:/', qr/invalid path/], ['sqlite:/srv/$host', $variable],
        ["sqlite:/a\nsqlite:/b", $twice],
    ],
    membercert_secret => [
        ['', $count], ['secret', $absolute], ['/$pid', $variable],
        ["$dir/secret $dir/secret", qr/duplicate file/],
        ["$dir/secret\n$dir/secret", $twice],
        [join(' ', map { "/s$_" } 1 .. 40), $count],
    ],
    membercert_thread_pool => [
        ['', $count], ['store', $unknown], ['disk=default', $unknown],
        ['store=default store=default', $again],
        ['hash=', qr/invalid value/], ['hash=a/b', qr/invalid value/],
        ['hash=$pool', qr/invalid value/],
        ["store=default\ncpu=default", $twice],
        ['store=default cpu=default hash=default net=default x=y', $count],
    ],
    membercert_session => [
        ['', $count], ['idle', $unknown], ['length=5m', $unknown],
        ['idle=1s', qr/invalid time "1s" of "idle", must be 60s to/],
        ['idle=abc', qr/invalid time/], ['idle=', qr/invalid time/],
        ['idle=5x', qr/invalid time/], ['idle=1m1h', qr/invalid time/],
        ['absolute=0', qr/invalid time/],
        ['absolute=99999999999999999999', qr/invalid time/],
        ['mini=-1d', qr/invalid time/],
        ['fresh=59s', qr/"59s" of "fresh", must be 60s to 43200s/],
        ['fresh=13h', qr/invalid time/], ['fresh=', qr/invalid time/],
        ['idle=2h absolute=1h', qr/"idle" is longer than "absolute"/],
        ['idle=12h mini=1h', qr/"idle" is longer than "mini"/],
        ['max=0', qr/invalid number "0" of "max", must be 1 to 100/],
        ['max=101', qr/invalid number/], ['max=1.5', qr/invalid number/],
        ['secure=yes', qr/invalid value "yes" of "secure"/],
        ['max=5 max=5', $again], ["max=5\nidle=5m", $twice],
        ['idle=1h idle=2h', $again],
    ],
    membercert_origin => [
        ['', $count], ['example.org', qr/invalid origin/],
        ['ftp://example.org', qr/must be scheme/],
        ['https://example.org/', qr/invalid origin/],
        ['https://example.org/path', qr/invalid origin/],
        ['https://', qr/invalid origin/], ['null', qr/invalid origin/],
        ['https://example.org:0', qr/invalid origin/],
        ['https://example.org:65536', qr/invalid origin/],
        ['https://*.example.org', qr/invalid origin/],
        ["https://a.org\nhttps://b.org", $twice],
    ],
    membercert_issuer => [
        ['', $count], ['a b c', $count], ['""', qr/empty text/],
        ['协会 ""', qr/empty text/], ["a\nb", $twice],
        [$long, qr/is longer than 200 letters/],
    ],
    membercert_hotline => [
        ['', $count], ['a b', $count], ['" "', qr/empty text/],
        [$long, qr/is longer than/], ["1\n2", $twice],
    ],
    membercert_public_url => [
        ['', $count], ['a b', $count],
        ['cert.example.org', qr/invalid URL/],
        ['https://a.org/?x=1', qr/invalid URL/],
        ['"https://a.org/a b"', qr/invalid URL/],
        ['"javascript:alert(1)"', qr/invalid URL/],
        ["https://a.org\nhttps://a.org", $twice],
    ],
    membercert_mini_program => [
        ['', $count], ['名称 qr=/a.png qr=/b.png', $count],
        ['""', qr/empty text/], [$long, qr/is longer than 64 letters/],
        ['名称 /a.png', $unknown], ['名称 code=/a.png', $unknown],
        ['名称 qr=a.png', $absolute], ['名称 qr=', $absolute],
        ['名称 qr=/$host.png', $variable], ["a\nb", $twice],
    ],
    membercert_review_time => [
        ['', $count], ['2 days', $count], ['""', qr/empty text/],
        [$long, qr/is longer than/], ["a\nb", $twice],
    ],
    membercert_footer => [
        ['', $count], ['a https://a.org c', $count],
        ['""', qr/empty text/], [$long, qr/is longer than 200/],
        ['a a.org', qr/invalid URL/], ['a //a.org', qr/invalid URL/],
        ['a "javascript:alert(1)"', qr/invalid URL/],
        [join("\n", map { "t$_" } 1 .. 99), undef],
    ],
    membercert_privacy => [
        ['', $count], ['/privacy.html', $count], ['/p 1 2', $count],
        ['privacy.html 1', qr/invalid URL/], ['/p ""', qr/invalid version/],
        ['/p "version one"', qr/invalid version/],
        ["/p 1\n/p 2", $twice],
    ],
    membercert_timezone => [
        ['', $count], ['+08:00 x', $count], ['+8', qr/invalid offset "\+8"/],
        ['08:00', qr/must be like/], ['+08:60', qr/invalid offset/],
        ['+15:00', qr/invalid offset/], ['-13:00', qr/invalid offset/],
        ['Asia/Shanghai', qr/invalid offset/],
        ["+08:00\n+09:00", $twice],
    ],
    membercert_user_type => [
        ['', $count], ['a b', $count], ['a b c d', $count],
        ['A 会员 Member', qr/invalid key "A"/], ['a-b x y', qr/invalid key/],
        ['"" x y', qr/invalid key/], ['a "" y', qr/empty text/],
        ['a x ""', qr/empty text/], ["a $long y", qr/longer than 60/],
        ["a x y\na x y", qr/duplicate code "a"/],
        [join("\n", map { "t$_ x y" } 1 .. 99), undef],
    ],
    membercert_field => [
        ['', $count], ['name', $count], ['name 姓名', $count],
        ['Name x y', qr/invalid key/], ['"a b" x y', qr/invalid key/],
        ['member_no x y', qr/reserved key "member_no"/],
        ['password x y', qr/reserved key/], ['photo x y', qr/reserved key/],
        ['a "" y', qr/empty text/], ['a x y colour=red', $unknown],
        ['a x y optional', $unknown],
        ['a x y type=number', qr/invalid parameter "type=number"/],
        ['a x y type=', qr/invalid parameter/],
        ['a x y edit=nobody', qr/invalid parameter/],
        ['a x y max=0', qr/invalid parameter/],
        ['a x y max=99999', qr/invalid parameter/],
        ['a x y required required', $again],
        ['a x y max=5 max=6', $again],
        ['name x y type=date', qr/type=date is not for the field "name"/],
        ['a x y type=institute', qr/type=institute is not for/],
        ["a x y\na x y", qr/duplicate key "a"/],
        ['a x y type=text required edit=member max=9 more', $count],
        [join("\n", map { "f$_ x y" } 1 .. 99), undef],
    ],
    membercert_login_limit => [
        ['', $count], ['5/15m', $unknown], ['ip=5/15m', $unknown],
        ['account=5', qr/invalid rate "5" of "account", must be N\/TIME/],
        ['account=0/15m', qr/invalid rate/], ['account=5/0', qr/invalid/],
        ['account=5/31d', qr/invalid rate/], ['address=/1m', qr/invalid/],
        ['account=1/1m account=1/1m', $again],
        ["account=1/1m\naddress=1/1m", $twice],
    ],
    membercert_captcha => [
        ['', $count], ['web=maybe', qr/invalid value/], ['x=1', $unknown],
        ['web=after:0', qr/invalid value/], ['ttl=0', qr/invalid time/],
        ['bits=7', qr/invalid number/], ['bits=8 bits=9', $again],
        ["bits=8\nbits=9", $twice],
    ],
    membercert_recovery => [
        ['', $count], ['tries=0', qr/invalid number/], ['x', $unknown],
        ['code_ttl=2h', qr/invalid time/], ['all=5', qr/invalid rate/],
        ['tries=1 tries=2', $again], ["tries=1\ntries=2", $twice],
    ],
    membercert_outbox => [
        ['', $count], ['mail', qr/invalid outbox/], ['file:out', $absolute],
        ['http://far.example/', qr/invalid outbox/],
        ['https://far.example/', qr/needs "secret"/],
        ['smtp://a.example/x', qr/invalid outbox/],
        ['smtp://a.example', qr/needs "from"/],
        ['smtp://a.example from=a@b channel=sms', qr/carries e-mail/],
        ['smtp://a.example from=a@b user=c', qr/go together/],
        ['exec from=a', qr/invalid value/], ['exec x=1', $unknown],
        ['exec from=a@b from=a@b', $again],
        ['file:/srv/$host', $variable],
        [join("\n", ('exec') x 5), qr/more than 4/],
    ],
    membercert_password => [
        ['', $count], ['profile=x', qr/invalid value/],
        ['min=7', qr/invalid number/], ['blocklist=words', $absolute],
        ['x=1', $unknown], ['min=8 min=9', $again],
        ["min=8\nmin=9", $twice],
    ],
    membercert_photo => [
        ['', $count], ['178x220', $unknown], ['width=178', $unknown],
        ['size=20480', qr/must be MIN-MAX/], ['size=0-10', qr/invalid size/],
        ['size=5-3', qr/invalid size: 5 is more than 3/],
        ['size=10k-1m', qr/invalid size/], ['size=1-65537', qr/invalid/],
        ['pixels=178', qr/must be WxH/], ['pixels=15x220', qr/invalid size/],
        ['pixels=178x5000', qr/invalid size/],
        ['pixels=178X220', qr/invalid size/],
        ['dpi=0', qr/invalid number/], ['dpi=2401', qr/invalid number/],
        ['dpi=96.0', qr/invalid number/],
        ['dpi_missing=ignore', qr/invalid value/],
        ['max_age=forever', qr/invalid time/],
        ['daily=0', qr/invalid number "0" of "daily"/],
        ['daily=1001', qr/invalid number/], ['daily=20/24h', qr/invalid/],
        ['dpi=96 dpi=96', $again], ["dpi=96\nsize=1-2", $twice],
    ],
    membercert_photo_check => [
        ['', $count], ['blur', $unknown], ['face=off', $unknown],
        ['blur=on', qr/invalid value "on" of "blur", must be off, warn or/],
        ['blur=', qr/invalid value/], ['BLUR=off', $unknown],
        ['blur=off blur=off', $again], ["blur=off\ndark=off", $twice],
    ],
    membercert_compare => [
        ['', $count], ['automatic', qr/provider "automatic" is not supp/],
        ['attempts=5', qr/is not supported, must be "manual"/],
        ['manual attempts=0', qr/invalid number/],
        ['manual attempts=101', qr/invalid number/],
        ['manual tries=5', $unknown], ['manual 5', $unknown],
        ['manual attempts=5 attempts=5', qr/$count|$again/],
        ["manual\nmanual", $twice],
        ['manual url=https://a.example/', $unknown],
        ['http', qr/"http" needs "url"/],
        ['http url=ftp://a.example/', qr/invalid value/],
        ['http url=https://u:p@a.example/', qr/invalid value/],
        ['http url=http://a.example/', qr/must be https/],
        ['http url=https://a/ timeout=60s', qr/must be 1s to 10s/],
        ['http url=https://a/ reference=no', qr/invalid value/],
        ['http url=https://a/ secret=token', $absolute],
        ['http url=https://a/ ca=/$a.pem', $variable],
        ['http url=https://a/ proxy=http://p/', $unknown],
        ['http url=https://a/', qr/needs "membercert_compare_consent"/],
    ],
    membercert_compare_consent => [
        ['', $count], ['/c.html', $count], ['c.html 1', qr/invalid URL/],
        ['/c.html 1/2', qr/invalid version/],
        ["/c.html 1\n/c.html 2", $twice],
    ],
    membercert_font => [
        ['', $count], ['font.ttf', $absolute], ['/f/$a.ttf', $variable],
        ['/a.ttf /a.ttf', qr/duplicate file/], ["/a.ttf\n/b.ttf", $twice],
        [join(' ', map { "/f$_" } 1 .. 40), $count],
    ],
    membercert_sign => [
        ['', $count], ['certificate=/a.pem', $count], ['key=/a', $count],
        ['certificate=/a.pem certificate=/a.pem', $again],
        ['certificate=a.pem key=/a.key', $absolute],
        ['certificate=/a.pem key=/$a.key', $variable],
        ['certificate=/a.pem x=/a.key', $unknown],
        ["certificate=/a key=/b\ncertificate=/a key=/b", $twice],
    ],
    membercert_verify => [
        ['', $count], ['60/10m', $unknown], ['x=1', $unknown],
        ['limit=60', qr/invalid rate/], ['limit=0/1m', qr/invalid rate/],
        ['photo=ask', qr/invalid value/], ['photo=on photo=on', $again],
        ["photo=on\nlimit=1/1m", $twice],
    ],
    membercert_certificate_cache => [
        ['', $count], ['1m 2m', $count], ['big', qr/invalid size/],
        ['1k', qr/invalid size "1k", must be "off", or 64k to 1024m/],
        ['0', qr/invalid size/], ['2000m', qr/invalid size/],
        ["1m\n2m", $twice],
    ],
);

for my $name (sort keys %mistakes) {
    subtest $name => sub {
        for my $mistake (@{$mistakes{$name}}) {
            my ($words, $reason) = @$mistake;
            my @lines = map { "$name $_;" } 
                $words eq '' ? '' : split /\n/, $words;
            my $title = length $words > 60 ? substr($words, 0, 60) . '...'
                                           : $words;

            # too many of them: which is one too many is not of interest
            if (!defined $reason) {
                my ($status, $out) = test_nginx(
                    site_with($name, join "\n", @lines), dir => $nginx_dir);
                like($out, qr/\[emerg\] "$name" more than \d+ of them in /,
                     'more than there may be');
                next;
            }

            $lines[-1] .= ' # here';
            my $said = found(site_with($name, join "\n", @lines));
            like($said, $reason, $title =~ s/\n/ | /gr);
            like($said, qr/"$name"/, 'names the directive');
        }
    };
}


my ($settings) = slurp(repository() . '/ngx_http_membercert_module.c')
    =~ /(ngx_http_membercert_commands\[\].*?ngx_null_command)/s;
is_deeply([sort keys %mistakes],
          [sort $settings =~ /_SETTING\("(\w+)"\)/g],
          'every setting has its mistakes here');


# ---- words nobody may write --------------------------------------------------

subtest 'bytes that are no text, in any directive' => sub {
    for my $bad ("\xff\xfe", "a\x01b", "\xc3\xa4\xc0\xaf") {
        my $text = site_with('membercert_hotline', '@');
        utf8::encode($text);
        $text =~ s/\@\n/membercert_hotline "$bad"; # here\n/;
        like(found($text), qr/"membercert_hotline" word 1 is not printable/,
             'bytes ' . unpack 'H*', $bad);
    }

    like(found(site_with('membercert_hotline', 'membercert_hotline '
                         . 'x' x 3000 . '; # here')),
         qr/"membercert_hotline" too long word "xxx/, 'very long ones');
};


# ---- files --------------------------------------------------------------------

subtest 'secrets' => sub {
    my $good = 'q' x 40;
    my %files = (
        missing  => [undef, 0600, qr/does not exist/],
        short    => ['q' x 31 . "\n", 0600, qr/is shorter than 32 bytes/],
        empty    => ['', 0600, qr/is shorter than 32 bytes/],
        long     => ['q' x 5000, 0600, qr/is longer than 4096 bytes/],
        open_r   => [$good, 0644, qr/readable or writable by others \(chmod/],
        open_w   => [$good, 0602, qr/readable or writable by others/],
    );

    for my $name (sort keys %files) {
        my ($text, $mode, $reason) = @{$files{$name}};
        my $path = "$dir/$name";

        write_file($path, $text, $mode) if defined $text;
        for my $words ($path, "$dir/secret $path") {
            my $said = found(site_with('membercert_secret',
                                       "membercert_secret $words; # here"));
            like($said, $reason, $words eq $path ? $name
                                                 : "$name, as an old one");
            like($said, qr/"membercert_secret".*"\Q$path\E"/,
                 'names directive and file');
        }
    }

    mkdir "$dir/folder" or die "mkdir: $!";
    mkfifo("$dir/pipe", 0600) or die "mkfifo: $!";
    for my $path ("$dir/folder", "$dir/pipe", '/dev/zero') {
        my $said = found(site_with('membercert_secret',
                                   "membercert_secret $path; # here"));
        like($said, qr/is not a regular file/, $path);
    }

    SKIP: {
        skip 'root may read all', 1 if $> == 0;
        write_file("$dir/closed", $good, 0000);
        like(found(site_with('membercert_secret',
                             "membercert_secret $dir/closed; # here")),
             qr/cannot be opened/, 'not ours to read');
    }

    symlink("$dir/secret", "$dir/link") or die "symlink: $!";
    is((test_nginx(site_with('membercert_secret',
                             "membercert_secret $dir/link;"),
                   dir => $nginx_dir))[0], 0,
       'a symbolic link to a good one is fine');
};


subtest 'lists of passwords' => sub {
    my %lists = (
        missing_list => [undef, qr{/missing_list: No such file}],
        long_line => ["one\ntwo\n" . 'x' x 257 . "\n",
                      qr{/long_line:3: is longer than a password may be}],
        binary => ["one\n\0\n", qr{/binary:2: holds a NUL}],
    );

    for my $name (sort keys %lists) {
        my ($text, $reason) = @{$lists{$name}};
        my $path = "$dir/$name";

        write_file($path, $text) if defined $text;
        my $said = found(site_with('membercert_password',
            "membercert_password blocklist=$path; # here"));
        like($said, $reason, $name);
        like($said, qr/"membercert_password"/, 'names the directive');
    }

    like(found(site_with('membercert_password',
                         "membercert_password blocklist=$dir; # here")),
         qr/not a regular file/, 'a folder');
};


subtest 'pictures of the mini program' => sub {
    my $png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" . 'x' x 100
        . "\0\0\0\0IEND\xae\x42\x60\x82";
    my $jpeg = "\xff\xd8\xff\xe0" . 'x' x 100 . "\xff\xd9";
    my %pictures = (
        missing => [undef, qr/does not exist/],
        empty   => ['', qr/is no whole PNG or JPEG picture/],
        cut     => [substr($png, 0, -1), qr/is no whole PNG or JPEG/],
        cut_off => [substr($jpeg, 0, -1), qr/is no whole PNG or JPEG/],
        gif     => ['GIF89a' . 'x' x 100, qr/is no whole PNG or JPEG/],
        svg     => ['<svg xmlns="http://www.w3.org/2000/svg"/>',
                    qr/is no whole PNG or JPEG/],
        long    => [$png =~ s/x+/'x' x 204800/er, qr/is too long/],
    );

    for my $name (sort keys %pictures) {
        my ($bytes, $reason) = @{$pictures{$name}};
        my $path = "$dir/code-$name.png";

        write_file($path, $bytes) if defined $bytes;
        my $said = found(site_with('membercert_mini_program',
            "membercert_mini_program name qr=$path; # here"));
        like($said, $reason, $name);
        like($said, qr/"membercert_mini_program".*"\Q$path\E"/,
             'names directive and file');
    }

    like(found(site_with('membercert_mini_program',
                         "membercert_mini_program name qr=$dir; # here")),
         qr/is not a regular file/, 'a folder');

    for my $good (["png", $png], ["jpeg", $jpeg], ["named.txt", $png]) {
        my $path = write_file("$dir/good-$good->[0]", $good->[1]);
        is((test_nginx(site_with('membercert_mini_program',
                                 "membercert_mini_program name qr=$path;"),
                       dir => $nginx_dir))[0], 0, "$good->[0] is fine");
    }
};


subtest 'fonts' => sub {
    my $cns = '/usr/share/fonts/truetype/cns11643';
    my $whole = slurp("$cns/TW-Sung-98_1.ttf");
    my %fonts = (
        missing => [undef, qr/cannot be opened \(No such file/],
        empty   => ['', qr/is no font file/],
        text    => ["this is not a font\n" x 100, qr/is no font file/],
        cut     => [substr($whole, 0, 20000), qr/damaged|is no font|lacks/],
        cff     => ['OTTO' . substr($whole, 4, 2_000_000),
                    qr/PostScript outlines; a TrueType \(\.ttf\)/],
        ttc     => ['ttcf' . substr($whole, 4, 2_000_000),
                    qr/font collection; a TrueType/],
    );

    for my $name (sort keys %fonts) {
        my ($bytes, $reason) = @{$fonts{$name}};
        my $path = "$dir/$name.ttf";

        write_file($path, $bytes) if defined $bytes;
        my $said = found(site_with('membercert_font',
                                   "membercert_font $path; # here"));
        like($said, $reason, $name);
        like($said, qr/"membercert_font".*"\Q$path\E"/,
             'names directive and file');
    }

    like(found(site_with('membercert_font',
                         "membercert_font $dir/folder; # here")),
         qr/"membercert_font"/, 'a folder');
    like(found(site_with('membercert_font', "membercert_font "
                         . "$cns/TW-Sung-Ext-B-98_1.ttf; # here")),
         qr/"membercert_font".*no font has the character U\+[0-9A-F]{4} of /,
         'one without the certificate\'s own words');
    like(found(site_with('membercert_font', 'membercert_font '
                         . "$cns/TW-Sung-98_1.ttf $dir/cff.ttf; # here")),
         qr/"\Q$dir\E\/cff\.ttf" has PostScript/, 'the second of two');
};


# ---- what is missing, what is elsewhere ---------------------------------------

subtest 'what a location needs' => sub {
    for my $key (qw(store secret issuer)) {
        my $text = site_with("membercert_$key", '')
            =~ s/membercert;/membercert; # here/r;
        like(found($text), qr/"membercert_$key" is required/,
             "membercert_$key");
    }

    my $text = site_conf(dir => $dir, port => $port, zone => undef)
        =~ s/membercert;/membercert; # here/r;
    like(found($text), qr/"membercert" needs "membercert_zone"/,
         'membercert_zone');
};


subtest 'a thread pool must exist' => sub {
    my $text = site_with('membercert_thread_pool',
                         'membercert_thread_pool hash=slow; # here');
    like(found($text), qr/unknown thread pool "slow"/, 'it does not');

    is((test_nginx($text, dir => $nginx_dir,
                   main => 'thread_pool slow threads=1;'))[0], 0, 'it does');
};


subtest 'membercert_zone' => sub {
    my @mistakes = (
        ['', $count], ['zone=a:1m b', $count], ['a:1m', qr/invalid param/],
        ['zone=a', qr/invalid zone/], ['zone=:1m', qr/invalid zone/],
        ['zone=a:', qr/invalid size/], ['zone=a:x', qr/invalid size/],
        ['zone=a:-1m', qr/invalid size/],
        ['zone=a:4k', qr/"zone=a:4k" is too small/],
    );

    for my $mistake (@mistakes) {
        my ($words, $reason) = @$mistake;
        my $text = site_conf(dir => $dir, port => $port, zone => undef,
                             http => "membercert_zone $words; # here\n");
        my $said = found($text);
        like($said, $reason, $words);
        like($said, qr/membercert_zone/, 'names the directive');
    }

    like(found(site_conf(dir => $dir, port => $port,
                         http => "membercert_zone zone=b:1m; # here\n")),
         qr/"membercert_zone" directive is duplicate/, 'stated twice');
};


subtest 'where membercert may stand' => sub {
    my $needs = qr/"membercert" directive needs a prefix location that ends/;
    my %places = (
        '~ ^/api/'  => $needs, '~* /API/' => $needs, '= /api/' => $needs,
        '/api'      => $needs, '@api'     => $needs,
    );
    my $base = site_conf(dir => $dir, port => $port);

    for my $place (sort keys %places) {
        my $text = $base =~ s/location \S+ \{\n\s*membercert;/
            "location $place {\n membercert; # here"/er;
        like(found($text), $places{$place}, "location $place");
    }

    for my $place ('/', '^~ /api/', '/a/b/c/') {
        my $text = $base =~ s/location \S+ \{/location $place {/r;
        is((test_nginx($text, dir => $nginx_dir))[0], 0,
           "location $place is fine");
    }

    like(found($base =~ s/membercert;/membercert; membercert; # here/r),
         qr/"membercert" directive is duplicate/, 'twice');
    like(found($base =~ s/membercert;/membercert on; # here/r),
         qr/"membercert" invalid parameter "on"/, 'with a word');
    like(found($base =~ s/membercert;/membercert officer on; # here/r),
         qr/invalid number of arguments in "membercert"/, 'with two words');
    like(found(site_conf(dir => $dir, port => $port,
                         server => "membercert; # here\n")),
         qr/"membercert" directive is not allowed here/, 'in a server');
    like(found(site_conf(dir => $dir, port => $port,
                         location => "membercert_hotline 1; # here\n")),
         qr/"membercert_hotline" directive is not allowed here/,
         'a setting in a location');
    like(found(site_conf(dir => $dir, port => $port,
                         server => "membercert_zone zone=b:1m; # here\n")),
         qr/"membercert_zone" directive is not allowed here/,
         'the zone in a server');
    like(found(site_conf(dir => $dir, port => $port,
                         server => "membercert_colour red; # here\n")),
         qr/unknown directive "membercert_colour"/, 'one there is not');
};


subtest 'a mistake in http, or in a file that is included' => sub {
    like(found(site_conf(dir => $dir, port => $port,
                         http => "membercert_photo dpi=x; # here\n")),
         qr/"membercert_photo" invalid number "x" of "dpi"/, 'http');

    write_file("$dir/more.conf", "\n\nmembercert_photo dpi=x;\n");
    my $text = site_conf(dir => $dir, port => $port,
                         server => "include $dir/more.conf;\n");
    my ($status, $out) = test_nginx($text, dir => $nginx_dir);
    like($out, qr/"membercert_photo".* in \Q$dir\E\/more\.conf:3$/m,
         'the included file and its line');

    # a secret that http names is opened for a server: the line is http's
    like(found(site_conf(dir => $dir, port => $port, secret => undef,
                         http => "membercert_secret $dir/short; # here\n")),
         qr/"membercert_secret".*is shorter/, 'inherited');
};


done_testing();
