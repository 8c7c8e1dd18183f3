# The house holds together: who may include whom, where nginx names may
# stand, how long files and functions are, and that directives, routes and
# requirement ids have their documentation and tests (DESIGN: layers).

use strict;
use warnings;
use Test::More;
use File::Basename qw(basename dirname);

chdir dirname(__FILE__) . '/..' or die "no top folder: $!";

sub slurp {
    my ($file) = @_;
    open my $fh, '<', $file or die "$file: $!";
    local $/;
    return scalar <$fh>;
}

sub none {
    my ($title, @found) = @_;
    ok(!@found, $title) or diag(join "\n", @found);
}

my @c = grep { -f } glob('*.c src/*/*.c tools/*.c tools/ctl/*.c');
my @h = grep { -f } glob('src/*/*.h tools/*.h tools/ctl/*.h');
my @core = grep { m{^src/(?!http/)} } @c, @h;

# --- layers

my %may = (
    base     => [],
    domain   => ['base'],
    photo    => ['domain', 'base'],
    document => ['domain', 'base'],
    auth     => ['domain', 'base'],
    store    => ['domain', 'base'],
    service  => ['photo', 'document', 'auth', 'store', 'domain', 'base'],
    http     => ['service', 'domain', 'base'],
    tools    => ['service', 'photo', 'document', 'auth', 'store', 'domain', 'base'],
);

my %home = map { basename($_) => (m{^src/(\w+)/} ? $1 : 'tools') } @h;
my @wrong;

for my $file (@c, @h) {
    my $room = $file =~ m{^src/(\w+)/} ? $1 : $file =~ m{^tools/} ? 'tools' : 'http';
    my %ok = map { $_ => 1 } $room, @{ $may{$room} };
    my $text = slurp($file);
    while ($text =~ /^\s*#\s*include\s+"([^"]+)"/mg) {
        my $of = $home{ basename($1) } or next;
        push @wrong, "$file includes $1 of $of" unless $ok{$of};
    }
}
none('includes follow the arrows', @wrong);

none('nginx names stand in src/http and the top file only',
    grep { slurp($_) =~ /\bngx_/ } @core, grep { m{^tools/} } @c, @h);

# --- size and style

none('no file has more than 600 lines',
    map { my $n = () = slurp($_) =~ /\n/g; $n > 600 ? "$_: $n" : () } @c, @h, glob('t/unit/*.[ch]'));

SKIP: {
    my @tags = `ctags --version 2>/dev/null` ? `ctags -x --_xformat='%{input} %N %n %{end}' --kinds-C=f --fields=+ne @c 2>/dev/null` : ();
    skip 'no universal-ctags', 1 unless @tags || $ENV{MEMBERCERT_NO_SKIP};
    ok(@tags > 100, 'functions were counted');
    none('no function has more than 100 lines', map {
        my ($file, $name, $from, $to) = split;
        defined $to && $to - $from + 1 > 100 ? "$file $name: " . ($to - $from + 1) : ();
    } @tags);
}

my @style;
for my $file (@c, @h) {
    my $n = 0;
    for (split /\n/, slurp($file)) {
        $n++;
        my $wide = length($_ =~ /[^\x00-\x7f]/ ? do { my $s = $_; utf8::decode($s); $s } : $_);
        push @style, "$file:$n: $wide columns" if $wide > 79;
        push @style, "$file:$n: tab" if /\t/;
        push @style, "$file:$n: trailing blank" if /[ \t]$/;
        my $code = s{"(?:\\.|[^"\\])*"}{""}gr;
        push @style, "$file:$n: // comment" if $code =~ m{(?<!:)//};
        push @style, "$file:$n: banned function"
            if $code =~ /\b(?:strcpy|strcat|sprintf|gets|strtok|atoi|alloca|rand)\s*\(/;
        push @style, "$file:$n: unbraced"
            if $code =~ /^\s*(?:if|for|while)\b.*\)\s*[^{;\\]*;\s*$/ && $code !~ /^\s*for\s*\(.*;.*;.*\)\s*\{/ && $code !~ /\bwhile\s*\(.*\)\s*;\s*$/ && $code !~ /\{.*\}/ && !($code =~ /^\s*for\b/ && $code =~ tr/;// < 3);
    }
}
none('style: width, tabs, blanks, comments, banned functions, braces', @style);

none('headers of ours hide their symbols',
    grep { slurp($_) !~ /visibility push\(hidden\)/ } grep { m{^src/} } @h);

# --- exported symbols

SKIP: {
    my $so = 'build/ngx_http_membercert_module.so';
    skip 'module not built', 1 unless -f $so;
    my @symbols = sort map { (split)[2] } `nm -D --defined-only $so`;
    is_deeply(\@symbols, [qw(ngx_module_names ngx_module_order ngx_modules)],
        'the module exports what nginx needs and no more');
}

# --- directives, routes, requirement ids

my $top = -f 'ngx_http_membercert_module.c' ? slurp('ngx_http_membercert_module.c') : '';
my %directive = map { $_ => 1 } $top =~ /(?:ngx_string|_SETTING)\("(membercert\w*)"\)/g;
my $settings = join '', map { slurp($_) } glob('src/domain/mc_settings*.c');
my %row = map { $_ => 1 } $settings =~ /"(membercert_\w+)"/g;
my $readme = -f 'README.md' ? slurp('README.md') : '';
my $tests = join '', map { slurp($_) } glob('t/*.t t/proto/*.t');

none('each settings row is a directive of nginx',
    grep { !$directive{$_} } sort keys %row);
none('each directive stands in README.md with syntax, default, context',
    grep { $readme !~ /^### `?\Q$_\E`?\n+(?:.*\n)*?.*\*\*Syntax/m } sort keys %directive);
none('each directive in README.md exists',
    grep { !$directive{$_} } $readme =~ /^### `?(membercert\w*)`?$/mg);
none('each directive is named by a test',
    grep { $tests !~ /\b\Q$_\E\b/ } sort keys %directive);

my $routes = join '', map { slurp($_) } glob('src/http/*_route.c');
my %route = map { $_ => 1 } $routes =~ /ngx_string\("([a-z.\/]+)"\)/g;
ok(keys %route, 'the route table was found');
none('each route has a test file t/route-*.t', grep {
    my $name = s{[/.]}{-}gr;
    !-f "t/route-$name.t";
} sort keys %route);

my $desk = slurp('src/http/ngx_http_membercert_route_officer.c');
%route = map { $_ => 1 } $desk =~ /ngx_string\("([a-z.\/]+)"\)/g;
ok(keys %route > 10, 'the table of the desk was found');
none('each of its routes has a test file t/route-officer-*.t', grep {
    my $name = s{[/.]}{-}gr;
    !-f "t/route-officer-$name.t";
} sort keys %route);

my $named = join '', map { slurp($_) }
    grep { -f } glob('t/*.t t/proto/*.t t/web/*.t t/web/steps/* t/mini/*.t t/mini/steps/* t/mini/unit/* t/unit/*.c');
my @needed = map { chomp; $_ } grep { /^[SIX]\d\d$/ } split /\n/, slurp('t/requirements.txt');
none('each requirement id served so far is named by a test',
    grep { my $id = $_; $named !~ /\b\Q$id\E\b/ } @needed);

done_testing();
