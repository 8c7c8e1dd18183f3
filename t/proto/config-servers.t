# What servers inherit from http, and what they have of their own.

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

write_file("$dir/secret", 'ab' x 32 . "\n", 0600);


# Lines of http; of the first server none, of the second some of its own.

sub servers {
    my ($http, %of) = @_;

    my $text = "http {\n    membercert_zone zone=members:1m;\n$http\n";
    for my $port (sort keys %of) {
        $text .= <<"END_SERVER";
    server {
        listen 127.0.0.1:$port;
$of{$port}
        location /api/ { membercert; }
    }
END_SERVER
    }
    return "$text}\n";
}


subtest 'a server inherits what it does not state' => sub {
    my ($plain, $own, $none) = map { free_port() } 1 .. 3;
    my $site = new_site(start => 0, people => [person('330000010001')]);
    my $home = $site->dir();

    my $nginx = start_nginx(servers(<<"END_HTTP",
    membercert_store sqlite:$home/store;
    membercert_secret $home/secret;
    membercert_issuer "总会" "Head Institute";
    membercert_hotline 010-1;
    membercert_public_url https://cert.example.org/;
    membercert_review_time 一天;
    membercert_footer 甲 https://a.example.org/;
    membercert_footer 乙;
    membercert_privacy /privacy.html 7;
    membercert_timezone -03:30;
    membercert_user_type nonpractising 会员 Member;
    membercert_user_type student 学员 Student;
    membercert_field fax 传真 Fax type=phone;
    membercert_photo size=1k-20k dpi=120;
    membercert_compare manual attempts=3;
    membercert_captcha mini=off;
    membercert_session secure=off;
END_HTTP
        $plain => '',
        $own => <<'END_SERVER'), dir => "$home/nginx");
        membercert_issuer 分会;
        membercert_hotline 021-2;
        membercert_footer 丙;
        membercert_user_type nonpractising 非执业会员 "Non-practising";
        membercert_field nick 昵称 Nick;
        membercert_photo dpi=96;
        membercert_session secure=off max=2;
END_SERVER

    my $all = client($plain)->get('/api/site')->json();
    my $part = client($own)->get('/api/site')->json();

    is_deeply([@$all{qw(issuer issuer_en hotline public_url review_time
                        timezone)}],
              ['总会', 'Head Institute', '010-1', 'https://cert.example.org',
               '一天', -210], 'texts of http');
    is_deeply([@$part{qw(issuer issuer_en hotline public_url review_time
                         timezone)}],
              ['分会', '', '021-2', 'https://cert.example.org', '一天', -210],
              'a directive of the server replaces it as a whole');
    is_deeply([map { [@$_{qw(text url)}] } @{$all->{footer}}],
              [['甲', 'https://a.example.org/'], ['乙', '']],
              'repeated lines in their order');
    is_deeply([map { $_->{text} } @{$part->{footer}}], ['丙'],
              'a repeatable directive replaces all inherited lines');
    is_deeply([map { $_->{code} } @{$all->{user_types}}],
              [qw(nonpractising student)], 'user types of http');
    is_deeply([map { $_->{code} } @{$part->{user_types}}],
              ['nonpractising'], 'and of the server');
    is_deeply($all->{privacy}, { url => '/privacy.html', version => '7' },
              'the privacy notice');
    is_deeply($part->{privacy}, $all->{privacy}, 'is inherited');
    is_deeply([$all->{captcha}, $part->{captcha}],
              [({ web => 'after', mini => 'off' }) x 2], 'as is the captcha');
    is_deeply([@{$all->{photo}}{qw(min max dpi attempts)}],
              [1024, 20480, 120, 3], 'photo rules of http');
    is_deeply([@{$part->{photo}}{qw(min max dpi attempts)}],
              [10000, 20480, 96, 3],
              'a word the server leaves out has its default');

    my %keys;
    for my $port ($plain, $own) {
        my $c = client($port, origin => "http://127.0.0.1:$port");
        my $r = $c->post_json('/api/session',
                              $site->login_data('330000010001',
                                                client => 'mini'));
        is($r->status(), 200, 'log-in') or diag($r->body());
        $r = $c->get('/api/member',
                     Authorization => 'Bearer ' . $r->json()->{token});
        $keys{$port} = join ' ', map { $_->{key} } @{$r->json()->{fields}};
    }
    like($keys{$plain}, qr/^name .*postcode fax$/, 'built-in fields and one');
    like($keys{$own}, qr/^name .*postcode nick$/, 'another one');

    is($nginx->stop(), 'QUIT', 'nginx ends');
    clean_log($nginx);
};


subtest 'servers of which not all are right' => sub {
    my ($good, $bad, $unused) = sort map { free_port() } 1 .. 3;
    my $http = "    membercert_store sqlite:$dir/store;\n"
        . "    membercert_issuer x;\n";

    my $text = servers($http, $good => "membercert_secret $dir/secret;",
                       $bad => "membercert_photo dpi=96;");
    my $line = 0;
    $text =~ s/(membercert;)(?= \})/$1 . (++$line == 2 ? ' } # here' : '')/ge;
    $text =~ s/# here \}/# here/;
    my $nginx_dir = temp_dir('nginx');
    my ($status, $out) = test_nginx($text, dir => $nginx_dir);
    my @lines = split /\n/, slurp("$nginx_dir/conf/nginx.conf");
    my ($at) = grep { $lines[$_ - 1] =~ /# here$/ } 1 .. @lines;
    like($out, qr/"membercert_secret" is required in \S+nginx\.conf:$at$/m,
         'the one that lacks something is named');

    $text = servers("$http    membercert_secret $dir/none;\n",
                    $good => "membercert_secret $dir/secret;");
    is((test_nginx($text, dir => $nginx_dir))[0], 0,
       'a file of http that no server uses is not opened');

    $text = servers($http, $good => "membercert_secret $dir/secret;")
        =~ s/\}\n$/    server { listen 127.0.0.1:$unused; }\n}\n/r;
    is((test_nginx($text, dir => $nginx_dir))[0], 0,
       'a server without a membercert location needs nothing');
};


done_testing();
