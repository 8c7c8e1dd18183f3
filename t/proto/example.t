# conf.example as it stands, over TLS: every answer, ours and nginx's own,
# carries the headers that protect the pages (ASVS 3.4.1 to 3.4.6).

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $site = new_site(start => 0, people => [person('330000010001')]);
my $dir = $site->dir();
my $port = free_port();
my ($certificate, $key) = MembercertTest::self_signed($dir);
my $web = repository() . '/web';

my $text = slurp(repository() . '/conf.example');

utf8::decode($text);
$text =~ s/ *# demo:.*$//mg;

my $pools = join "\n", $text =~ /^(thread_pool .*)$/mg;

$text =~ s/.*?^http \{/http {/ms;
$text =~ s/^ *\w+_temp_path .*\n//mg;
$text =~ s/^ *access_log .*\n//mg;
$text =~ s/listen +443 ssl;/listen 127.0.0.1:$port ssl;/;
$text =~ s{/etc/nginx/cert\.example\.org\.pem}{$certificate};
$text =~ s{/etc/nginx/cert\.example\.org\.key}{$key};
$text =~ s{sqlite:/var/lib/membercert}{sqlite:$dir/store};
$text =~ s{/etc/membercert/secret;}{$dir/secret;};
$text =~ s{/usr/share/membercert/web}{$web};

# what stands in comments for mini programs, taken in

$text =~ s/^ *# (location = \/NAME\.txt .*)$/$1/m or die 'no place';
$text =~ s/root \/etc\/membercert;/root $dir\/verify;/;

my ($map) = $text =~ /^( *# map \$http_referer .*?^ *# \})$/ms
    or die 'no map';
my $taken = $map =~ s/^ *# //gmr;

$text =~ s/\Q$map\E/$taken/;
$text =~ s/^http \{/http {
    log_format mini '\$mini_program';
    access_log $dir\/mini.log mini;/m;

mkdir "$dir/verify" or die "mkdir: $!";
write_file("$dir/verify/NAME.txt", 'what WeChat gave');
utf8::encode($text);

my $nginx = start_nginx($text, main => "$pools\n");


# The head of the answer: (status, { name in lower case => [values] }).

sub head {
    my (@arguments) = @_;

    my $result = run_command(['curl', '-sSki', '-m', '10', @arguments]);
    die "curl: $result->{err}\n" unless $result->{ok};

    my ($head) = split /\r\n\r\n/, $result->{out}, 2;
    my ($status, @lines) = split /\r\n/, $head;
    my %head;

    for (@lines) {
        my ($name, $value) = split /: */, $_, 2;
        push @{ $head{lc $name} }, $value;
    }

    return ($status =~ / (\d+)/, \%head);
}

my $at = "https://127.0.0.1:$port";
my $long = 'x' x 70_000;

write_file("$dir/long", $long);

my @pages = (
    ['a page', 200, "$at/"],
    ['a script', 200, "$at/js/main.js"],
    ['no such page', 404, "$at/none"],
    ['an answer', 200, "$at/api/site"],
    ['no such route', 404, "$at/api/none"],
    ['a refusal', 401, "$at/api/member"],
    ['a body that nginx refuses', 413, "$at/api/session",
     '-H', 'Content-Type: application/json', '--data-binary',
     "\@$dir/long"],
    ['the desk', 401, "$at/officer/api/session"],
    ['the desk\'s page', 200, "$at/officer/"],
);

for (@pages) {
    my ($name, $status, @arguments) = @$_;

    my ($got, $head) = head(@arguments);
    my %one = map { $_ => join ' | ', @{ $head->{$_} || ['none'] } }
        qw(strict-transport-security x-content-type-options
           referrer-policy content-security-policy
           access-control-allow-origin);

    is($got, $status, "$name: status");
    is($one{'strict-transport-security'},
       'max-age=31536000; includeSubDomains', "$name: HSTS");
    is($one{'x-content-type-options'}, 'nosniff', "$name: nosniff, once");
    is($one{'referrer-policy'}, 'no-referrer', "$name: referrer");
    like($one{'content-security-policy'},
         qr/^default-src 'none';(?!.*unsafe).*frame-ancestors 'none'$/,
         "$name: policy, nothing inline, no frame");
    is($one{'access-control-allow-origin'}, 'none', "$name: no CORS");
}

my ($status) = head('-X', 'TRACE', "$at/");
is($status, 405, 'no TRACE');

($status) = head("$at/js/");
is($status, 403, 'no listing');

# S04, and what a mini program's web-view needs

my ($verified, $head) = head("$at/NAME.txt");
is($verified, 200, "WeChat's verification file is there");
is($head->{'content-type'}[0], 'text/plain', 'as plain text');
is(run_command(['curl', '-sSk', '-m', '10', "$at/NAME.txt"])->{out},
   'what WeChat gave', 'as it was given');

my @referers = (
    ['https://servicewechat.com/wx0123456789abcdef/12/page-frame.html',
     'wx0123456789abcdef/12'],
    ['https://servicewechat.com/wx0123456789abcdef/devtools/page-frame.html',
     'wx0123456789abcdef/devtools'],
    ['https://servicewechat.com/wx0123456789abcdef/12/page-frame.html?n=1',
     '-'],
    ["$at/?name=x", '-'],
);

for (@referers) {
    head('-H', "Referer: $_->[0]", "$at/api/site");
}

head("$at/api/site");
wait_for(sub { (() = slurp("$dir/mini.log") =~ /\n/g) >= 18 });
is_deeply([(split /\n/, slurp("$dir/mini.log"))[-5 .. -1]],
          [map({ $_->[1] } @referers), '-'],
          'a log can tell mini program and version, and nothing else of the '
          . 'referer');

is(join("\n", $nginx->faults()), '', 'nothing in the error log');

done_testing();
