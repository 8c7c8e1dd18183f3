# Helper of the protocol tests t/proto/*.t: sites, nginx, clients.
#
#   use lib 't/lib';  use Test::More;  use MembercertTest;
#
# Plain functions, all exported; the list with one line each stands in
# README.md.  Everything ends in bounded time; processes are ended by their
# ids when the test program ends, folders are removed when it has passed.
# Environment: MEMBERCERT_MODULE (default: that of TEST_NGINX_LOAD_MODULES,
# else build/), MEMBERCERT_CTL (build/membercertctl), TEST_NGINX_BINARY,
# TEST_NGINX_PRELOAD (sanitizer), TEST_NGINX_NO_CLEAN.

package MembercertTest;

use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Path qw(make_path remove_tree);
use File::Spec;
use IO::Select;
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);
use MembercertTest::Client;
use MembercertTest::Nginx;
use MembercertTest::Socket;
use NginxProcess;
use POSIX qw(WNOHANG);
use Test::More ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
    repository module_file ctl_file need temp_dir free_port write_file
    slurp start_nginx test_nginx site_conf make_store ctl run_command
    client raw self_signed h2 in_background wait_for clean_log
    worker_user
);

my $repository = abs_path(dirname(__FILE__) . '/../..');
my $owner = $$;
my @folders;
my %children;      # background processes that still run


# ---- where things are ------------------------------------------------------

sub repository { return $repository }

# The module of MEMBERCERT_MODULE, else the one the blocks are run with.

sub module_file {
    my ($loaded) = grep { /membercert/ }
        split ' ', $ENV{TEST_NGINX_LOAD_MODULES} || '';

    return File::Spec->rel2abs($ENV{MEMBERCERT_MODULE} || $loaded
        || "$repository/build/ngx_http_membercert_module.so");
}

sub ctl_file {
    return File::Spec->rel2abs($ENV{MEMBERCERT_CTL}
        || "$repository/build/membercertctl");
}


# need('module', 'ctl', 'h2', 'openssl', 'root'): skips the whole file with
# a reason when one is missing.  To be called before any test.

sub need {
    my %have = (
        module  => sub { -e module_file() },
        ctl     => sub { -x ctl_file() },
        root    => sub { $> == 0 },
        openssl => sub { (run_command([qw(openssl version)]))->{ok} },
        h2      => sub {
            (run_command(['/usr/bin/python3', '-c', 'import h2']))->{ok};
        },
    );

    for my $thing (@_) {
        my $test = $have{$thing} or die "unknown need: $thing\n";
        Test::More::plan(skip_all => "needs $thing") unless $test->();
    }
}


# ---- files and ports -------------------------------------------------------

# A fresh folder any user can reach.

sub temp_dir {
    my ($name) = @_;

    my $base = File::Spec->tmpdir() . "/membercert-t-$>/proto-"
        . basename($0, '.t') . "-$$";
    my $dir = "$base/" . ($name || 'd') . (1 + @folders);

    my @made = make_path($dir);
    chmod 0755, @made;
    die "cannot make $dir\n" unless -d $dir;

    push @folders, $dir;
    return abs_path($dir);
}

sub free_port { return NginxProcess::free_port() }
sub slurp     { return NginxProcess::slurp(@_) }


# Bytes, or text (encoded as UTF-8), with mode 0644 unless given.

sub write_file {
    my ($path, $content, $mode) = @_;

    utf8::encode($content) if utf8::is_utf8($content);
    open(my $out, '>:raw', $path) or die "cannot write $path: $!\n";
    print $out $content;
    close($out) or die "cannot write $path: $!\n";
    chmod defined $mode ? $mode : 0644, $path;
    return $path;
}


# The user of the workers: nobody when root starts nginx, else ourselves.

sub worker_user {
    return $> == 0 ? 'nobody' : scalar getpwuid($>);
}


# ---- commands --------------------------------------------------------------

# run_command([program, args...], input => bytes, timeout => 60): a hash with
# ok, status, signal, out, err, timeout.

sub run_command {
    my ($command, %opt) = @_;

    my $dir = scratch();
    my $id = "$$-" . ++our $command_count;
    my %file = map { $_ => "$dir/$_-$id" } qw(in out err);

    write_file($file{in}, defined $opt{input} ? $opt{input} : '', 0600);

    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(STDIN,  '<', $file{in})  or POSIX::_exit(126);
        open(STDOUT, '>', $file{out}) or POSIX::_exit(126);
        open(STDERR, '>', $file{err}) or POSIX::_exit(126);
        $SIG{__DIE__} = 'DEFAULT';
        { no warnings; exec { $command->[0] } @$command; }
        POSIX::_exit(127);
    }

    my $late = !wait_pid($pid, $opt{timeout} || 60);
    my $status = $?;

    my %result = (
        ok      => $status == 0,
        status  => $status >> 8,
        signal  => $status & 127,
        out     => slurp($file{out}),
        err     => slurp($file{err}),
        timeout => $late,
    );

    unlink values %file;
    return \%result;
}


sub scratch {
    our $scratch ||= temp_dir('scratch');
    return $scratch;
}


# Waits for a child; kills it when it is late.  True when it ended by itself.

sub wait_pid {
    my ($pid, $seconds) = @_;

    my $end = time() + $seconds;
    $children{$pid} = 1;

    while (waitpid($pid, WNOHANG) == 0) {
        if (time() > $end) {
            kill 'KILL', $pid;
            waitpid($pid, 0);
            CORE::delete $children{$pid};
            return 0;
        }
        sleep 0.003;
    }

    CORE::delete $children{$pid};
    return 1;
}


# ctl(args..., { input => bytes, timeout => 60 }): runs membercertctl.

sub ctl {
    my @args = @_;
    my $opt = ref $args[-1] eq 'HASH' ? pop @args : {};

    return run_command([ctl_file(), @args], %$opt);
}


# ---- a site ----------------------------------------------------------------

# make_store(dir, institutes => csv, members => csv, owner => user,
# passwords => { number => password }): dir/secret and dir/store, ready for
# site_conf(dir => dir).  Dies with membercertctl's words when it fails.

sub make_store {
    my ($dir, %opt) = @_;

    my $user = $opt{owner} || worker_user();
    my @where = ('-d', "$dir/store", '-s', "$dir/secret");
    my @owner = $> == 0 ? ('--owner', $user) : ();

    if (!-e "$dir/secret") {
        open(my $random, '<:raw', '/dev/urandom') or die "urandom: $!";
        read($random, my $bytes, 32) == 32 or die "urandom: $!";
        write_file("$dir/secret", unpack('H*', $bytes) . "\n", 0600);
    }

    if (!-d "$dir/store") {
        mkdir "$dir/store", 0700 or die "mkdir $dir/store: $!";
        my ($uid, $gid) = (getpwnam $user)[2, 3];
        chown $uid, $gid, "$dir/store" if $> == 0;
    }

    must_ctl(@where, 'init', @owner);

    for my $what (grep { defined $opt{$_} } qw(institutes members)) {
        my $csv = write_file("$dir/$what.csv", $opt{$what});
        must_ctl(@where, 'import', $what, $csv);
    }

    my $passwords = $opt{passwords} || {};
    for my $number (sort keys %$passwords) {
        must_ctl(@where, 'member', 'passwd', $number, '--own',
                 { input => "$passwords->{$number}\n" });
    }
}


sub must_ctl {
    my $result = ctl(@_);

    return $result if $result->{ok};
    die "membercertctl " . join(' ', grep { !ref } @_)
        . " failed ($result->{status}): $result->{err}$result->{out}\n";
}


# site_conf(dir =>, port =>, ...): the text of an http block with one site.
# Options and their defaults stand in the table below; `http`, `server`,
# `location` add lines at that place; a membercert_* line that is set to
# undef is left out; `tls_port` adds an HTTPS listener with HTTP/2.

sub site_conf {
    my (%opt) = @_;

    my %site = (
        zone     => 'zone=members:1m',
        store    => "sqlite:$opt{dir}/store",
        secret   => "$opt{dir}/secret",
        issuer   => '"测试协会" "Test Institute"',
        hotline  => '"010-88250337/0338"',
        session  => 'secure=off',
        captcha  => 'web=off mini=off',
        origin   => "http://127.0.0.1:$opt{port}",
        body_max => '64k',
        prefix   => '/api/',
        http     => '',
        server   => '',
        location => '',
        %opt,
    );

    my $lines = join '', map { "        membercert_$_ $site{$_};\n" }
        grep { defined $site{$_} }
        qw(store secret issuer hotline session captcha origin
           certificate_cache);
    my $zone = defined $site{zone} ? "    membercert_zone $site{zone};" : '';
    my $tls = $site{tls_port} ? tls_lines($site{dir}, $site{tls_port}) : '';

    return <<"END_CONF";
http {
$zone
$site{http}
    server {
        listen 127.0.0.1:$site{port};
$tls$lines$site{server}
        location $site{prefix} {
            membercert;
            client_max_body_size $site{body_max};
$site{location}
        }
    }
}
END_CONF
}


# Lines of a server block for HTTPS and HTTP/2 with a certificate made here.

sub tls_lines {
    my ($dir, $port) = @_;

    my ($certificate, $key) = self_signed($dir);
    my $new = MembercertTest::Nginx::version() >= 1_025_001;
    my $listen = $new ? 'ssl' : 'ssl http2';
    my $on = $new ? "        http2 on;\n" : '';

    return "        listen 127.0.0.1:$port $listen;\n$on"
        . "        ssl_certificate $certificate;\n"
        . "        ssl_certificate_key $key;\n";
}


# A self-signed certificate for localhost: (certificate file, key file).

sub self_signed {
    my ($dir) = @_;

    my @files = ("$dir/site.crt", "$dir/site.key");
    return @files if -e $files[0];

    my $result = run_command([qw(openssl req -x509 -newkey ec -pkeyopt
        ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost
        -out), $files[0], '-keyout', $files[1]]);
    die "openssl: $result->{err}\n" unless $result->{ok};
    return @files;
}


# ---- nginx and clients -----------------------------------------------------

# start_nginx(http block, %options): a running MembercertTest::Nginx; dies
# with nginx's words when it does not start.  test_nginx: `nginx -t` only,
# returns (exit status, output).  Options: dir, module => 0|1, workers,
# user, log_level, main => lines.

sub start_nginx {
    my ($text, %opt) = @_;

    my $nginx = new_nginx($text, %opt);
    return $nginx if $nginx->start();

    die 'nginx does not start: ' . $nginx->stderr_text() . "\n";
}

sub test_nginx {
    my ($text, %opt) = @_;

    return new_nginx($text, %opt)->test_config();
}

sub new_nginx {
    my ($text, %opt) = @_;

    $opt{dir} ||= temp_dir('nginx');
    $opt{user} = worker_user() if $> == 0 && !defined $opt{user};
    $opt{module} = module_file() if !defined $opt{module} || $opt{module};

    return MembercertTest::Nginx->prepare($text, %opt);
}


# client(port, %options): see MembercertTest::Client.
# raw(port, %options): see MembercertTest::Socket.

sub client { return MembercertTest::Client->new(@_) }
sub raw    { return MembercertTest::Socket->new(@_) }


# h2(port, [stream...], %options): what t/lib/h2client.py reports.  A stream
# is {method, path, headers => [[name, value]...], body => bytes or list of
# pieces, pause, end, after}; options are tls, timeout, linger.

sub h2 {
    my ($port, $streams, %opt) = @_;

    my @streams = map { h2_stream($_) } @$streams;
    my %plan = (port => $port, timeout => 10, %opt, streams => \@streams);
    $plan{tls} = $plan{tls} ? JSON::PP::true : JSON::PP::false;

    my $result = run_command(
        ['/usr/bin/python3', "$repository/t/lib/h2client.py"],
        input => JSON::PP->new->utf8->encode(\%plan),
        timeout => $plan{timeout} + ($plan{linger} || 0) + 20);
    die "h2client: $result->{err}\n" unless $result->{ok};

    my $report = JSON::PP->new->utf8->decode($result->{out});
    $_->{body} = decode_base64($_->{body}) for @{$report->{streams}};
    return $report;
}

sub h2_stream {
    my ($stream) = @_;

    my %copy = %$stream;
    my $body = $copy{body};
    my @pieces = !defined $body ? () : ref $body ? @$body : $body;

    $copy{body} = [map { encode_base64($_, '') } @pieces];
    $copy{end} = $copy{end} ? JSON::PP::true : JSON::PP::false
        if exists $copy{end};
    return \%copy;
}


# ---- more than one thing at a time ------------------------------------------

# in_background(sub): runs it in a child.  The result's wait(seconds) gives
# what the sub returned (data JSON can hold), dies with its error, and kills
# it when late.

sub in_background {
    my ($code) = @_;

    pipe(my $reader, my $writer) or die "pipe: $!";
    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        close $reader;
        my $value = eval { [$code->()] };
        my $result = $value ? { value => $value->[0] } : { error => "$@" };
        print $writer JSON::PP->new->utf8->allow_nonref->encode($result);
        close $writer;
        POSIX::_exit(0);
    }

    close $writer;
    $children{$pid} = 1;
    return bless { pid => $pid, reader => $reader },
        'MembercertTest::Background';
}


# wait_for(sub, seconds): calls it until it returns true; its last value.

sub wait_for {
    my ($code, $seconds) = @_;

    my $end = time() + ($seconds || 5);
    my $value;

    until ($value = $code->()) {
        last if time() > $end;
        sleep 0.01;
    }

    return $value;
}


# One test: no [alert], [crit], [emerg], crash or sanitizer report in the
# log; with errors => 1 no [error] either; allow => regex excuses lines.

sub clean_log {
    my ($nginx, $title, %opt) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    my $level = $opt{errors} ? qr/\[(?:error|crit|alert|emerg)\]/
                             : qr/\[(?:crit|alert|emerg)\]/;
    my $text = $nginx->error_log();
    my @bad = grep { $_ =~ $level } split /\n/, $text;

    @bad = grep { $_ !~ $opt{allow} } @bad if $opt{allow};
    push @bad, NginxProcess::faults($text . $nginx->stderr_text());

    my $ok = Test::More::ok(!@bad, $title || 'the error log is clean');
    Test::More::diag($_) for splice(@bad, 0, 20);
    return $ok;
}


END {
    my $status = $?;

    if ($$ == $owner) {
        kill 'KILL', keys %children if %children;
        waitpid($_, 0) for keys %children;

        NginxProcess::stop_all();

        if ($status == 0 && Test::More->builder->is_passing()
            && !$ENV{TEST_NGINX_NO_CLEAN})
        {
            remove_tree(dirname($folders[0])) if @folders;
        }
        elsif (@folders) {
            print STDERR '# kept: ' . dirname($folders[0]) . "\n";
        }
    }

    $? = $status;
}


package MembercertTest::Background;

use strict;
use warnings;

sub pid { return $_[0]{pid} }

sub wait {
    my ($self, $seconds) = @_;

    my $text = '';
    my $end = Time::HiRes::time() + ($seconds || 30);
    my $select = IO::Select->new($self->{reader});

    while ((my $left = $end - Time::HiRes::time()) > 0) {
        next unless $select->can_read($left);
        last unless sysread($self->{reader}, $text, 65536, length $text);
    }

    MembercertTest::wait_pid($self->{pid}, 1);

    my $result = eval { JSON::PP->new->utf8->decode($text) };
    die "the background process did not end well\n" unless $result;
    die $result->{error} if defined $result->{error};
    return $result->{value};
}

1;
