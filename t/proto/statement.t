# The statement of a certificate's QR code, checked by a program that shares
# no code with ours (X05): tools/statement-verify, python and openssl alone.
#
# No nginx: build/statement makes the statements.

use strict;
use warnings;
use utf8;

use Encode qw(decode_utf8 encode_utf8);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Math::BigInt;
use Test::More;

chdir dirname(__FILE__) . '/../..' or die "no top folder: $!";

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);

my $build = $ENV{MEMBERCERT_BUILD} || 'build';
-x "$build/statement" or BAIL_OUT("$build/statement is not built (make units)");

my $dir = tempdir(CLEANUP => 1);
my $address = 'https://certificate.institute.example.cn/v/#';


sub put {
    my ($name, $bytes, $mode) = @_;
    open my $fh, '>:raw', "$dir/$name" or die "$name: $!";
    print $fh $bytes;
    close $fh or die "$name: $!";
    chmod $mode, "$dir/$name" or die "$name: $!";
    return "$dir/$name";
}


sub run {
    my (@command) = @_;
    my $pid = open my $out, '-|';
    defined $pid or die "fork: $!";
    if (!$pid) {
        open STDERR, '>&', \*STDOUT or exit 126;
        exec map { encode_utf8($_) } @command or exit 127;
    }
    local $/;
    my $text = decode_utf8(<$out> // '');
    close $out;
    return ($? >> 8, $text);
}


my $old = put('old', 'the secret of years ago, 32 bytes and more', 0600);
my $new = put('new', 'the secret of today, of 32 bytes and more', 0600);
my $photo = put('photo.jpg', join('', map { chr $_ % 256 } 1 .. 3000), 0644);
my $other = put('other.jpg', join('', map { chr $_ % 251 } 1 .. 3000), 0644);

sub state_ {
    my ($secret, @words) = @_;
    my ($code, $digits) = run("$build/statement", $secret, '--', @words);
    is($code, 0, 'a statement was made') or diag($digits);
    chomp $digits;
    return $digits;
}

sub keys_of {
    my ($name, @secrets) = @_;
    my ($code, $json) = run("$build/statement", @secrets, '--', 'keys');
    is($code, 0, 'keys were printed') or diag($json);
    return put($name, $json, 0644);
}

my @words = ('0123456789ABCDEF', '2026-11-23', '330000010001', '张三',
    '非执业会员', $photo, 402);
my $keys = keys_of('keys.json', $new);
my $digits = state_($new, @words);

my ($code, $text) = run('tools/statement-verify', $keys, $digits);
is($code, 0, 'an independent program finds the statement valid (X05)');
like($text, qr/^valid$/m, 'and says so');
like($text, qr/^number +330000010001$/m, 'number');
like($text, qr/^name +张三$/m, 'name');
like($text, qr/^category +非执业会员$/m, 'category');
like($text, qr/^date +2026-11-23$/m, 'date');
like($text, qr/^code +0123-4567-89AB-CDEF$/m, 'code');

($code) = run('tools/statement-verify', $keys, $address . $digits);
is($code, 0, 'the whole address out of the QR code will do');

# --- photo

($code) = run('tools/statement-verify', '--photo', $photo, $keys, $digits);
is($code, 0, 'the photo that was stated is found to be it');
($code, $text) = run('tools/statement-verify', '--photo', $other, $keys, $digits);
is($code, 1, 'a swapped photo shows (X05)');
like($text, qr/^not valid: another photo$/m, 'and is named');

# --- one changed digit: some places, by a fixed rule

my $wrong = 0;
for (my $n = 0; $n < length $digits; $n += 41) {
    my $changed = $digits;
    substr($changed, $n, 1) = (substr($digits, $n, 1) + 1) % 10;
    ($code, $text) = run('tools/statement-verify', $keys, $changed);
    $wrong++ if $code == 0 || $text =~ /^valid$/m;
}
is($wrong, 0, 'a statement with a changed digit is never valid (X05)');

# --- other names: plane 2, cut, a number of letters

for (['𠮷𫍯䶮·阿㛃', '个人会员', '京2026-7'], ['欧阳', '', '7'],
     ['Zhang San', 'member', 'A12345'])
{
    my ($name, $category, $number) = @$_;
    my $made = state_($new, $words[0], $words[1], $number, $name, $category,
        $photo, 402);
    ($code, $text) = run('tools/statement-verify', $keys, $made);
    is($code, 0, "the statement of $name is valid");
    like($text, qr/^name +\Q$name\E$/m, 'its name is to the letter');
    like($text, qr/^number +\Q$number\E$/m, 'its number too');
}

my $long = '一二三四五六七八九十' x 4;
my $made = state_($new, @words[0 .. 2], $long, @words[4 .. 6]);
ok(length $made <= 402, 'a name of 40 characters fits behind an address of 40');
($code, $text) = run('tools/statement-verify', $keys, $made);
is($code, 0, 'and is valid');
like($text, qr/^name +(\S+) \.\.\.$/m, 'cut, which is told');
my ($cut) = $text =~ /^name +(\S+) /m;
is(substr($long, 0, length $cut), $cut, 'what is left is its beginning');

# --- keys: a statement of years ago, as long as its key is published

$made = state_($old, @words);
($code, $text) = run('tools/statement-verify', $keys, $made);
is($code, 1, 'a statement by a key the site does not have is not valid');
like($text, qr/^not valid: the site has no such key$/m, 'and says why');
($code) = run('tools/statement-verify', keys_of('both.json', $new, $old), $made);
is($code, 0, 'an older secret still verifies what it signed');

my $forged = do { local (@ARGV, $/) = ($keys); <> };
my ($id) = $forged =~ /"id":"(\w+)"/;
my $theirs = do { local (@ARGV, $/) = (keys_of('old.json', $old)); <> };
$theirs =~ s/"id":"\w+"/"id":"$id"/;
($code, $text) = run('tools/statement-verify', put('theirs.json', $theirs, 0644), $digits);
is($code, 2, 'a key under another one\'s id is refused');

# --- malformed

for ('', '0', '12', '9' x 521, $digits . '0' x 300, "$address", 'x' x 100) {
    ($code) = run('tools/statement-verify', $keys, $_);
    is($code, 2, 'what is no statement cannot be read: ' . substr($_, 0, 20));
}

# --- texts of a forger, who need not sign what is only printed

sub forged {
    my ($name) = @_;
    my $bytes = encode_utf8($name);
    my $head = pack 'C a4 a10 n a20 C/a C/a C', 1, 'keyi', 'codecodeco', 9000,
        'p' x 20, '7', $bytes, 0;
    return Math::BigInt->from_hex(unpack 'H*', $head . 's' x 64)->bstr;
}

($code, $text) = run('tools/statement-verify', $keys, forged('Zhang San'));
is($code, 1, 'one that nobody signed is printed, and not valid');
like($text, qr/^name +Zhang San$/m, 'as it stands there');

for ("Zhang\nvalid", "Zhang\rvalid", "\e[2Jvalid", "Zhang\x{9b}2J",
     "Zhang\x{202e}dilav", "Zhang\x{2028}valid")
{
    ($code, $text) = run('tools/statement-verify', $keys, forged($_));
    is($code, 2, sprintf 'a name with %vX is not printed (X05)', $_);
    unlike($text, qr/valid$/m, 'nor anything that passes for an answer');
}

($code) = run('tools/statement-verify', "$dir/none", $digits);
is($code, 2, 'keys that are not there cannot be read');

done_testing();
