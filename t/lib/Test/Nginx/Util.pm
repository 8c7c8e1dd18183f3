# Settings of a test file, its server root, nginx.conf and nginx itself.
#
# The part of our Test::Nginx-compatible runner that knows files and
# processes.  Knows nothing of requests (Test::Nginx::Client) and of
# assertions (Test::Nginx::Socket).  Written from the documentation and the
# observed behaviour of the original; no code of it is used.

package Test::Nginx::Util;

use strict;
use warnings;

use Cwd qw(abs_path cwd);
use File::Basename qw(basename dirname);
use File::Path qw(make_path remove_tree);
use File::Spec;
use NginxProcess;

our %set = (
    repeat_each        => 1,
    workers            => 1,
    worker_connections => 64,
    log_level          => $ENV{TEST_NGINX_LOG_LEVEL} || 'debug',
    timeout            => $ENV{TEST_NGINX_TIMEOUT} || 3,
    master             => $ENV{TEST_NGINX_MASTER_PROCESS} || 'off',
    server_name        => 'localhost',
    server_addr        => '127.0.0.1',
    root_location      => 1,
    long_string        => 1,
    accum_log          => 0,
    preamble           => '',
    env                => [],
    preprocessors      => [],
    cleanups           => [],
    body_checks        => [],
);

our ($root, $port, $process, $last_conf, %rand_port);

my $owner = $$;
my $made_root = 0;
my $default_base = 0;


# ---- settings: without an argument each returns what is set --------------

sub setting {
    my ($name, @value) = @_;

    $set{$name} = $value[0] if @value;
    return $set{$name};
}

sub repeat_each        { return setting('repeat_each', @_) }
sub workers            { return setting('workers', @_) }
sub worker_connections { return setting('worker_connections', @_) }
sub log_level          { return setting('log_level', @_) }
sub timeout            { return setting('timeout', map { seconds($_) } @_) }
sub server_name        { return setting('server_name', @_) }
sub server_addr        { return setting('server_addr', @_) }
sub config_preamble    { return setting('preamble', @_) }
sub master_on          { return setting('master', 'on') }
sub master_off         { return setting('master', 'off') }
sub master_process_enabled { return $set{master} eq 'on' }
sub no_root_location   { return setting('root_location', 0) }
sub no_long_string     { return setting('long_string', 0) }
sub check_accum_error_log { return setting('accum_log', 1) }
sub no_shuffle         { return }    # our order is always the file's order
sub env_to_nginx       { push @{$set{env}}, @_; return }
sub add_block_preprocessor { unshift @{$set{preprocessors}}, @_; return }
sub add_cleanup_handler    { push @{$set{cleanups}}, @_; return }
sub add_response_body_check { push @{$set{body_checks}}, @_; return }


# "50ms", "1.5s" and "2" as seconds.

sub seconds {
    my ($text) = @_;

    return undef unless defined $text;
    return $1 / 1000 if $text =~ /^\s*([\d.]+)\s*ms\s*$/;
    return $1 if $text =~ /^\s*([\d.]+)\s*s?\s*$/;
    die "not a time: $text\n";
}


# ---- server root ----------------------------------------------------------

# One folder a test program, so that files can run side by side.

sub server_root {
    return $root if $root;

    my $name = basename($0);
    $name =~ s/\.t$//;
    $name =~ s/[^\w-]/_/g;

    my $base = $ENV{TEST_NGINX_SERVROOT};

    if (defined $base && length $base) {
        $base = File::Spec->rel2abs($base);
    }
    else {
        $base = File::Spec->tmpdir() . "/membercert-t-$>";
        $default_base = 1;
    }

    open_folder($base);
    $root = abs_path($base) . "/servroot-$name-$$";
    $ENV{TEST_NGINX_SERVROOT} = $root;
    return $root;
}


# Folder that a worker of another user can reach, whatever the umask.

sub open_folder {
    my ($path) = @_;

    my @made = make_path($path);
    chmod 0755, @made;
    -d $path or die "cannot make $path\n";
}

sub html_dir { return server_root() . '/html' }


sub server_port {
    if (@_) {
        $port = $_[0];
    }

    if (!$port) {
        my $asked = $ENV{TEST_NGINX_SERVER_PORT} || $ENV{TEST_NGINX_PORT};
        $port = NginxProcess::free_port($asked);
    }

    $ENV{TEST_NGINX_SERVER_PORT} = $port;
    $ENV{TEST_NGINX_CLIENT_PORT} ||= $port;
    return $port;
}

sub server_port_for_client { return server_port() }


# Empties the server root and writes index.html and the block's files.

sub fresh_root {
    my ($files) = @_;

    my $dir = server_root();
    remove_tree($dir) if $made_root;
    die "$dir exists already\n" if -e $dir;

    $made_root = 1;
    open_folder($_) for $dir, map { "$dir/$_" } qw(conf html logs);

    write_file("$dir/html/index.html", '<html><head><title>It works!</title>'
               . "</head><body>It works!</body></html>\n");
    write_user_files($files) if defined $files;
}


sub write_file {
    my ($path, $content) = @_;

    open_folder(dirname($path));
    open(my $out, '>:raw', $path) or die "cannot write $path: $!\n";
    print $out $content;
    close($out) or die "cannot write $path: $!\n";
    chmod 0644, $path;
}


# Text: ">>> name [time]" lines, each followed by the content.  Or a list of
# [name => content, time].

sub write_user_files {
    my ($files) = @_;

    my @list;

    if (ref $files) {
        @list = @$files;
    }
    else {
        my (undef, @parts) = split /^>>> +(\S+)(?: +(\S+))?[ \t]*\n/m, $files;
        while (my ($name, $time, $content) = splice(@parts, 0, 3)) {
            push @list, [$name, defined $content ? $content : '', $time];
        }
    }

    for my $file (@list) {
        my ($name, $content, $time) = @$file;
        my $path = $name =~ m{^/} ? $name : html_dir() . "/$name";
        my $bytes = $content;

        utf8::encode($bytes) if utf8::is_utf8($bytes);
        write_file($path, $bytes);
        touch($path, $time) if defined $time;
    }
}


# Time as touch(1) takes it: [[CC]YY]MMDDhhmm[.ss].

sub touch {
    my ($path, $time) = @_;

    system('touch', '-t', $time, $path) == 0
        or die "bad time stamp $time of $path\n";
}


# ---- configuration --------------------------------------------------------

# $TEST_NGINX_NAME from the environment; an unset one is a mistake.

sub expand_env {
    my ($text) = @_;

    server_port();
    server_root();
    $text =~ s/\$(TEST_NGINX_[A-Z0-9_]+)/expand_one($1)/ge;
    return $text;
}

sub expand_one {
    my ($name) = @_;

    if ($name =~ /^TEST_NGINX_RAND_PORT_\d+$/) {
        return $rand_port{$name} ||= NginxProcess::free_port();
    }

    return $ENV{$name} if defined $ENV{$name};
    die "No environment $name defined.\n";
}


# part->{name} holds the block's sections main_config, http_config, config,
# post_main_config, log_level, server_name.

sub configuration {
    my ($part) = @_;

    my %text = map {
        $_ => expand_env(defined $part->{$_} ? $part->{$_} : '')
    } qw(main_config http_config config post_main_config);

    my $dir = server_root();
    my $level = $part->{log_level} || $set{log_level};
    my $name = $part->{server_name} || $set{server_name};
    my $temp = join '', map { "    ${_}_temp_path $dir/${_}_temp;\n" }
        qw(client_body proxy fastcgi scgi uwsgi);
    my $home = $set{root_location}
        ? "location / { root $dir/html; index index.html index.htm; }" : '';
    my $head = head_lines($text{main_config});

    $level =~ s/^\s+|\s+$//g;

    return <<"END_CONF";
$head
worker_processes $set{workers};
daemon off;
master_process $set{master};
error_log $dir/logs/error.log $level;
pid $dir/logs/nginx.pid;
$text{main_config}
events {
    accept_mutex off;
    worker_connections $set{worker_connections};
}
http {
    access_log $dir/logs/access.log;
$temp    default_type text/plain;
    keepalive_timeout 68s;
$text{http_config}
    server {
        listen 127.0.0.1:$port;
        server_name '$name';
        client_max_body_size 30M;
$set{preamble}
$text{config}
        $home
    }
}
$text{post_main_config}
END_CONF
}


sub head_lines {
    my ($main) = @_;

    my @head = map { 'load_module ' . File::Spec->rel2abs($_) . ';' }
        split ' ', $ENV{TEST_NGINX_LOAD_MODULES} || '';
    my $user = $ENV{TEST_NGINX_WORKER_USER};

    if ($user && $> == 0 && $main !~ /^\s*user\s/m) {
        push @head, "user $user;";
    }

    for my $name (@{$set{env}}) {
        push @head, $name =~ /\s/ ? "env '$name';" : "env $name;";
    }

    return join "\n", @head;
}


# ---- nginx ----------------------------------------------------------------

# Writes everything for the block and starts nginx.  Returns the process;
# its pid() is undef when nginx ended by itself.

sub start_block {
    my ($part, $files, $setup) = @_;

    stop_nginx();
    fresh_root($files);

    my $dir = server_root();
    write_file("$dir/conf/nginx.conf", configuration($part));
    $setup->() if $setup;

    $process = NginxProcess->new(root => $dir,
                                 conf => "$dir/conf/nginx.conf");
    $process->start();
    return $process;
}


sub stop_nginx {
    return unless $process;

    my $how = $process->stop();
    my $log = $ENV{TEST_NGINX_ERROR_LOG};

    if ($log && open(my $out, '>>:raw', $log)) {
        print $out $process->error_log();
    }

    return $how;
}


sub error_log_text  { return $process ? $process->error_log() : '' }

sub access_log_text {
    return NginxProcess::slurp(server_root() . '/logs/access.log');
}


# "1.22.1" of the binary under test, as a number for comparison.

sub nginx_version {
    our $version;

    if (!$version) {
        my $binary = $ENV{TEST_NGINX_BINARY} || 'nginx';
        my $text = `'$binary' -v 2>&1`;
        $text =~ m{nginx/(\d+\.\d+\.\d+)} or die "no version from $binary\n";
        $version = $1;
    }

    return version_number($version);
}

sub version_number {
    my ($text) = @_;

    my @part = split /\./, $text;
    return ($part[0] * 1000 + ($part[1] || 0)) * 1000 + ($part[2] || 0);
}


# "> 1.22.0" (or with `and`/`or` a second one) against the binary.

sub version_matches {
    my ($rule) = @_;

    my ($first, $join, $second) = split /\s+(and|or)\s+/, $rule;
    my $yes = version_test($first);
    return $yes unless $join;

    return $join eq 'and' ? $yes && version_test($second)
                          : $yes || version_test($second);
}

sub version_test {
    my ($rule) = @_;

    $rule =~ /^\s*(<=|>=|<|>|==|=)\s*([\d.]+)\s*$/
        or die "bad version rule: $rule\n";

    my ($op, $have, $want) = ($1, nginx_version(), version_number($2));

    return $have <  $want if $op eq '<';
    return $have <= $want if $op eq '<=';
    return $have >  $want if $op eq '>';
    return $have >= $want if $op eq '>=';
    return $have == $want;
}


# Removes the server root, unless something failed: then it is evidence.

sub clean_up {
    my ($passed) = @_;

    return if $$ != $owner;

    stop_nginx();
    $_->() for splice @{$set{cleanups}};

    return unless $made_root;

    if ($passed && !$ENV{TEST_NGINX_NO_CLEAN}) {
        remove_tree($root);
        rmdir dirname($root) if $default_base;
        return;
    }

    print STDERR "# server root kept: $root\n";
}

1;
