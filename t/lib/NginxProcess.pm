# One nginx as a child of the test: free ports, start, reload, stop, logs.
#
# Used by both kinds of tests (Test::Nginx::Socket for t/*.t, MembercertTest
# for t/proto/*.t).  Core Perl only.  Every wait has an end; every process is
# ended by its process id, at the latest when the test program ends.
#
# nginx runs with `daemon off` (the caller writes it into the configuration),
# so the master is our own child: waitpid tells the truth about its end, with
# no races about pid files and zombies.

package NginxProcess;

use strict;
use warnings;

use IO::Handle;
use Socket qw(AF_INET AF_UNIX INADDR_LOOPBACK SOCK_STREAM SOL_SOCKET
    SO_REUSEADDR pack_sockaddr_in pack_sockaddr_un);
use Time::HiRes qw(sleep time);
use POSIX qw(WNOHANG);

our %live;         # pid => object: what END still has to end
our @held;         # sockets that hold our ports against parallel tests


# A port of 127.0.0.1 that is free now and that no other test program of
# this machine takes while we run: its number is held through a name in the
# abstract socket namespace, which the kernel frees with our process.

sub free_port {
    my ($first) = @_;

    my $port = $first || 20000 + ($$ * 13) % 10000;

    for (1 .. 3000) {
        if (hold_port($port)) {
            return $port;
        }

        $port = $port >= 31999 ? 20000 : $port + 1;
    }

    die "no free port found\n";
}


sub hold_port {
    my ($port) = @_;

    socket(my $name, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";

    my $path = "\0membercert-test-port-$port";
    return 0 unless bind($name, pack_sockaddr_un($path));

    socket(my $try, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
    setsockopt($try, SOL_SOCKET, SO_REUSEADDR, 1);

    my $free = bind($try, pack_sockaddr_in($port, INADDR_LOOPBACK));
    close($try);
    return 0 unless $free;

    push @held, $name;
    return 1;
}


# new(root =>, conf =>, error_log =>, binary =>, preload =>): all paths
# absolute; pid file is root/logs/nginx.pid, stderr goes to root/logs/stderr.

sub new {
    my ($class, %opt) = @_;

    my $self = {
        binary  => $ENV{TEST_NGINX_BINARY} || 'nginx',
        preload => $ENV{TEST_NGINX_PRELOAD} || $ENV{TEST_NGINX_LD_PRELOAD},
        %opt,
    };

    $self->{error_log} ||= "$self->{root}/logs/error.log";
    $self->{pid_file}  ||= "$self->{root}/logs/nginx.pid";
    $self->{stderr}    ||= "$self->{root}/logs/stderr";

    return bless $self, $class;
}


sub command {
    my ($self, @more) = @_;

    return ($self->{binary}, '-p', "$self->{root}/", '-c', $self->{conf},
            '-e', $self->{error_log}, @more);
}


# Forks and executes; standard input is empty, output goes to the file.

sub spawn {
    my ($self, @command) = @_;

    STDOUT->flush();
    STDERR->flush();

    my $pid = fork();
    die "fork: $!" unless defined $pid;
    return $pid if $pid;

    %live = ();
    $SIG{__DIE__} = 'DEFAULT';

    if ($self->{preload}) {
        $ENV{LD_PRELOAD} = $self->{preload};
        $ENV{ASAN_OPTIONS}
            ||= 'detect_odr_violation=0:detect_leaks=0';
        $ENV{UBSAN_OPTIONS} ||= 'print_stacktrace=1';
    }

    open(STDIN,  '<',  '/dev/null')      or POSIX::_exit(126);
    open(STDOUT, '>>', $self->{stderr})  or POSIX::_exit(126);
    open(STDERR, '>&', \*STDOUT)         or POSIX::_exit(126);

    { no warnings; exec { $command[0] } @command; }

    print STDERR "cannot execute $command[0]: $!\n";
    POSIX::_exit(127);
}


# Runs nginx -t; returns exit status and output.

sub test_config {
    my ($self) = @_;

    unlink $self->{stderr};
    my $pid = $self->spawn($self->command('-t'));
    my $end = time() + 20;

    while (waitpid($pid, WNOHANG) != $pid) {
        if (time() > $end) {
            kill 'KILL', $pid;
        }
        sleep 0.005;
    }

    return ($? >> 8, slurp($self->{stderr}));
}


# Returns true when nginx listens (it writes the pid file after bind).
# False: it ended; exit_code, exit_signal and stderr_text() say how.

sub start {
    my ($self) = @_;

    unlink $self->{pid_file}, $self->{stderr};
    delete @{$self}{qw(exit_code exit_signal)};

    my $pid = $self->spawn($self->command());
    $self->{pid} = $pid;
    $self->{owner} = $$;
    $live{$pid} = $self;

    my $end = time() + ($self->{preload} ? 30 : 10);

    while (time() < $end) {
        return 1 if -s $self->{pid_file};
        return 0 if $self->reaped();
        sleep 0.003;
    }

    $self->stop();
    return 0;
}


# Collects the end of the master; true when there is none (any more).

sub reaped {
    my ($self) = @_;

    my $pid = $self->{pid} or return 1;
    my $got = waitpid($pid, WNOHANG);
    return 0 if $got == 0;

    if ($got == $pid) {
        $self->{exit_code} = $? >> 8;
        $self->{exit_signal} = $? & 127;
    }

    delete $live{$pid};
    delete $self->{pid};
    return 1;
}


sub pid { return $_[0]{pid} }


sub running {
    my ($self) = @_;

    return !$self->reaped();
}


# Process ids of the workers (of all children of the master), oldest first.

sub worker_pids {
    my ($self) = @_;

    my $pid = $self->{pid} or return ();
    return children_of($pid);
}


sub children_of {
    my ($pid) = @_;

    my $list = slurp("/proc/$pid/task/$pid/children");
    return sort { $a <=> $b } split ' ', $list;
}


sub signal {
    my ($self, $name) = @_;

    my $pid = $self->{pid} or return 0;
    return kill $name, $pid;
}


# HUP; waits until all old workers are told to go and new ones run.  With
# wait_old => seconds also until the old ones have ended.

sub reload {
    my ($self, %opt) = @_;

    my %old = map { $_ => 1 } $self->worker_pids();

    # workers of an earlier reload may still be on their way out
    my $want = $self->{options} ? $self->{options}{workers} || 1
                                : keys %old;

    $self->signal('HUP');

    my $end = time() + ($opt{timeout} || 10);
    my $new = 0;

    while (time() < $end && $self->running()) {
        my @now = $self->worker_pids();
        $new = grep { !$old{$_} } @now;
        my $left = grep { $old{$_} } @now;

        if ($new >= $want && (!$opt{wait_old} || $left == 0)) {
            return 1;
        }
        sleep 0.005;
    }

    return 0;
}


# Ends nginx: QUIT, after `grace` seconds TERM, then KILL, workers included.
# Returns the name of the signal that was enough.

sub stop {
    my ($self, %opt) = @_;

    my $pid = $self->{pid} or return 'none';
    return 'none' if $self->reaped();

    my @steps = ([QUIT => $opt{grace} || ($self->{preload} ? 5 : 2)],
                 [TERM => 2], [KILL => 5]);

    for my $step (@steps) {
        my ($name, $seconds) = @$step;
        my @workers = children_of($pid);

        kill $name, $pid;
        kill 'KILL', @workers if $name eq 'KILL' && @workers;

        my $end = time() + $seconds;
        while (time() < $end) {
            return $name if $self->reaped();
            sleep 0.003;
        }
    }

    delete $live{$pid};
    delete $self->{pid};
    return 'lost';
}


sub slurp {
    my ($path) = @_;

    open(my $in, '<:raw', $path) or return '';
    local $/;
    my $text = <$in>;
    return defined $text ? $text : '';
}


sub error_log   { return slurp($_[0]{error_log}) }
sub stderr_text { return slurp($_[0]{stderr}) }


# Reports of sanitizers and of crashed workers in a log text: list of lines.

sub faults {
    my ($text) = @_;

    return grep {
        /AddressSanitizer|: runtime error: |exited on signal (?!9\b|15\b)/
    } split /\n/, $text;
}


# A forked child of the test program has the same table: not its nginx.

sub stop_all {
    for my $process (grep { $_->{owner} == $$ } values %live) {
        $process->stop(grace => 1);
    }
}


END {
    my $status = $?;

    stop_all();
    $? = $status;
}

1;
