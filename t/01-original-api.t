# Test files for Test::Nginx::Socket use nothing the original lacks, and
# hold no assertion that can never fail.

use strict;
use warnings;

use File::Basename qw(basename dirname);
use Test::More;

my $here = dirname(__FILE__);
my %known = read_list("$here/lib/original-api.txt");
my %core = map { $_ => 1 } qw(
    abs_path bless chdir chmod close cwd defined delete die dirname each
    else elsif eval exists for foreach grep if index join keys last length
    local lc map mkdir my next open our pack plan print printf push qq qr qw
    ref require return reverse scalar shift sleep sort splice split sprintf
    sub substr uc undef unless unlink unpack until unshift use values while
    warn
);


sub read_list {
    my ($path) = @_;

    my %list;
    open(my $in, '<', $path) or die "$path: $!";

    while (my $line = <$in>) {
        next if $line =~ /^\s*(?:#|$)/;
        $line =~ /^(section|function|filter) (\w+)$/
            or die "$path line $.: bad line: $line";
        $list{$1}{$2} = 1;
    }

    return %list;
}


sub slurp {
    my ($path) = @_;

    open(my $in, '<', $path) or die "$path: $!";
    local $/;
    return scalar <$in>;
}


# Everything wrong with a test file's text: list of "line N: ...".

sub faults {
    my ($text) = @_;

    my ($perl, $data) = split /^__(?:DATA|END)__\n/m, $text, 2;
    return ('no __DATA__ line') unless defined $data;

    my $first = 1 + ($perl =~ tr/\n//) + 1;
    return (perl_faults($perl), data_faults($data, $first));
}


# Calls of functions that neither Perl, nor the file, nor the list knows.

sub perl_faults {
    my ($perl) = @_;

    my %own = map { $_ => 1 } $perl =~ /^\s*sub\s+(\w+)/mg;
    my @faults;
    my $n = 0;

    for my $line (split /\n/, $perl) {
        $n++;
        next if $line =~ /^\s*(?:#|use\b|=)/;
        $line =~ s/(["'])(?:\\.|(?!\1).)*\1//g;

        # names before a bracket, and a bare name that is a statement
        my @calls = $line =~ /(?<![\$\@%&>:\w{])([a-z_]\w*)\s*\(/g;
        push @calls, $1 if $line =~ /^\s*([a-z_]\w*)\s*;/;

        push @faults, map { "line $n: function $_" }
            grep { !$own{$_} && !$core{$_} && !$known{function}{$_} } @calls;
    }

    return @faults;
}


sub data_faults {
    my ($data, $n) = @_;

    my (@faults, $section, $filters, %seen);

    for my $line (split /\n/, $data) {
        my $at = $n++;

        if ($line =~ /^===/) {
            %seen = ();
            undef $section;
            next;
        }

        if ($line =~ /^---/) {
            my ($name, $rest) = $line =~ /^--- +(\w+)(?: +([^:]*))?/
                or push @faults, "line $at: not a section: $line";
            $section = $name;
            $filters = $rest || '';
            push @faults, section_faults($at, $name, $filters, \%seen);
            push @faults, "line $at: $name in more than one line ends in a"
                . ' newline no body has: write chomp'
                if $name =~ /_unlike$/ && $line =~ /^--- +\w+\s*$/;
            next;
        }

        if (($section || '') =~ /^no_(?:error|access)_log$/
            && $filters !~ /eval/ && $line =~ /^\s+\S/)
        {
            push @faults, "line $at: an indented pattern of $section";
        }
    }

    return @faults;
}


sub section_faults {
    my ($at, $name, $filters, $seen) = @_;

    my @faults;

    push @faults, "line $at: section $name" unless $known{section}{$name};
    push @faults, "line $at: $name twice in a block" if $seen->{$name}++;
    push @faults, map { "line $at: filter $_" }
        grep { !$known{filter}{$_} } split ' ', $filters;

    return @faults;
}


sub uses_runner {
    my ($text) = @_;

    return $text =~ /^\s*use\s+Test::Nginx::Socket\b/m;
}


# The check itself finds what it should.

my $good = "use Test::Nginx::Socket 'no_plan';\nmaster_on();\nrun_tests();\n"
    . "__DATA__\n\n=== TEST 1: a\n--- request\nGET /\n"
    . "--- response_body eval\n\"x\"\n";

is_deeply([faults($good)], [], 'a good file has no fault');

my @bad = (
    ['a section the original lacks', '--- request', '--- reqest',
     'line 7: section reqest'],
    ['a function the original lacks', 'master_on()', 'make_coffee()',
     'line 2: function make_coffee'],
    ['a function called without brackets', 'master_on()', 'make_tea',
     'line 2: function make_tea'],
    ['an unknown filter', 'body eval', 'body evil', 'line 9: filter evil'],
    ['a section given twice', '--- request', "--- request\nX\n--- request",
     'line 9: request twice in a block'],
    ['an indented no_error_log', '--- request',
     "--- no_error_log\n  [error]\n--- request",
     'line 8: an indented pattern of no_error_log'],
    ['an unlike pattern that ends in a newline', '--- request',
     "--- response_body_unlike\nabc\n--- request",
     'line 7: response_body_unlike in more than one line ends in a newline'
     . ' no body has: write chomp'],
);

for my $case (@bad) {
    my ($what, $from, $to, $fault) = @$case;

    my $text = $good;
    $text =~ s/\Q$from\E/$to/;
    is_deeply([faults($text)], [$fault], "$what is found");
}

# The files.

my @files = grep { uses_runner(slurp($_)) } sort glob("$here/*.t");

ok(@files > 0, 'there are test files to look at');

for my $file (@files) {
    my @faults = faults(slurp($file));

    ok(!@faults, basename($file) . ' uses only what the original has');
    diag(basename($file) . " $_") for @faults;
}

# What the list promises, our runner has.

my $runner = slurp("$here/lib/Test/Nginx/Runner.pm");
my $all = join '', map { slurp($_) } glob("$here/lib/Test/Nginx/*.pm");

for my $name (sort keys %{$known{function}}) {
    next if $name =~ /^(?:plan|blocks|diag)$/;       # of Test::Base
    like($runner, qr/\b\Q$name\E\b/, "the runner has the function $name");
}

for my $name (sort keys %{$known{section}}) {
    next if $name =~ /^(?:LAST|ONLY|SKIP)$/;         # of Test::Base
    next if $name =~ /^(?:no_check_leak|suppress_stderr)$/;   # nothing to do
    like($all, qr/\b\Q$name\E\b/, "the runner knows the section $name");
}

done_testing();
