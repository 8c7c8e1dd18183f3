# SECURITY.md keeps its promises: each requirement of ASVS 5.0 level 1 and 2
# is spoken of, and each file it names is there.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

chdir dirname(abs_path(__FILE__)) . '/..' or die "chdir: $!";


sub slurp {
    my ($path) = @_;

    open my $fh, '<', $path or die "$path: $!";
    local $/;
    return scalar <$fh>;
}

# "7.2.1 - 7.2.3" with an en dash stands for all three.

sub items {
    my ($text) = @_;

    my %items;

    while ($text =~ /(\d+\.\d+)\.(\d+)(?:\s\xe2\x80\x93\s\1\.(\d+))?/g) {
        $items{"$1.$_"} = 1 for $2 .. $3 // $2;
    }

    return \%items;
}


my $text = slurp('SECURITY.md');
my $spoken = items($text =~ s/^## Scanners.*//msr);     # has versions
my %chapter = map { $_ => 1 }
    map { /\d+/g } $text =~ /\bchapters?\s+(\d+(?:\s+and\s+\d+)?)/g;
my %known = map { (split)[0] => 1 }
    grep { /^\d/ } split /\n/, slurp('t/asvs.txt');

cmp_ok(scalar keys %known, '>', 240, 'the requirements were read');

is_deeply([grep { !$spoken->{$_} && !$chapter{(split /\./)[0]} }
           sort keys %known], [], 'a word on each requirement');

is_deeply([grep { !$known{$_} } sort keys %$spoken], [],
          'no requirement that is none');

my @paths = $text =~ m{`((?:src|t|tools|web|bench)/[\w./-]*)`}g;

cmp_ok(scalar @paths, '>', 100, 'files are named');
is_deeply([grep { !-e } @paths], [], 'each of them is there');

for my $row (grep { /^\| [\d.]+[\d\s.,\xe2\x80\x93]* \|/ } split /\n/, $text) {
    my @cells = split /\s*\|\s*/, $row;

    # what is not met has no test
    next if @cells < 5;

    like($cells[4], qr{`t/|`\./test|README\.md|sqlmap},
         "$cells[1] names its test");
}

done_testing();
