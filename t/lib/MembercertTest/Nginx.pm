# An nginx for the protocol tests: master and workers, logs, reload, kills.
#
# Adds to NginxProcess the writing of the whole nginx.conf around an http
# block, and what tests do to workers.

package MembercertTest::Nginx;

use strict;
use warnings;

use parent -norequire, 'NginxProcess';

use File::Path qw(make_path);
use NginxProcess;
use Time::HiRes qw(sleep time);


# prepare(http block, dir =>, module => path or 0, workers =>, user =>,
# log_level =>, main =>): writes dir/conf/nginx.conf; nothing runs yet.

sub prepare {
    my ($class, $text, %opt) = @_;

    my $dir = $opt{dir};
    my @made = make_path(map { "$dir/$_" } qw(conf logs html temp));
    chmod 0755, @made;

    my $self = $class->new(root => $dir, conf => "$dir/conf/nginx.conf",
                           options => \%opt);
    $self->configure($text);
    return $self;
}


# Writes a new configuration; a running nginx takes it with reload().

sub configure {
    my ($self, $text) = @_;

    my $opt = $self->{options};
    my $dir = $self->{root};
    my $workers = $opt->{workers} || 1;
    my $level = $opt->{log_level} || 'info';
    my $user = $opt->{user} ? user_line($opt->{user}) : '';
    my $main = defined $opt->{main} ? $opt->{main} : '';
    my $module = $opt->{module} ? "load_module $opt->{module};" : '';
    my $temp = join '', map { "    ${_}_temp_path $dir/temp/$_;\n" }
        qw(client_body proxy fastcgi scgi uwsgi);

    $temp .= "    access_log $dir/logs/access.log;\n";
    $text =~ s/^http\s*\{\n/http {\n$temp/m or die "no http block\n";
    utf8::encode($text) if utf8::is_utf8($text);

    open(my $out, '>:raw', $self->{conf}) or die "$self->{conf}: $!\n";
    print $out <<"END_CONF";
$module
$user
worker_processes $workers;
daemon off;
master_process on;
error_log $dir/logs/error.log $level;
pid $dir/logs/nginx.pid;
$main
events { worker_connections 1024; }
$text
END_CONF
    close($out) or die "$self->{conf}: $!\n";
}


# The user with its own group; nginx alone would take one of the same name.

sub user_line {
    my ($name) = @_;

    my $gid = (getpwnam $name)[3];
    die "no such user: $name\n" unless defined $gid;

    return "user $name " . getgrgid($gid) . ';';
}


# True once the pid file and all workers are there.

sub start {
    my ($self) = @_;

    return 0 unless $self->SUPER::start();

    my $want = $self->{options}{workers} || 1;
    my $end = time() + 10;

    while ($self->worker_pids() < $want) {
        return 0 if time() > $end || !$self->running();
        sleep 0.003;
    }

    return 1;
}


# Process ids of the workers proper; cache manager and loader left out.

sub worker_pids {
    my ($self) = @_;

    return grep {
        NginxProcess::slurp("/proc/$_/cmdline") =~ /worker process/
    } $self->SUPER::worker_pids();
}


# Sends the signal (KILL) to worker number n (0) and waits for its successor.
# Returns the new worker's process id, undef when none came.

sub kill_worker {
    my ($self, $signal, $n) = @_;

    my @before = $self->worker_pids();
    my %old = map { $_ => 1 } @before;

    kill $signal || 'KILL', $before[$n || 0];

    my $end = time() + 10;
    while (time() < $end) {
        my ($new) = grep { !$old{$_} } $self->worker_pids();
        return $new if $new;
        sleep 0.005;
    }

    return undef;
}


sub access_log {
    my ($self) = @_;

    return NginxProcess::slurp("$self->{root}/logs/access.log");
}


# nginx's version as a number: 1.22.1 is 1022001.

sub version {
    our $version;

    if (!$version) {
        my $binary = $ENV{TEST_NGINX_BINARY} || 'nginx';
        `'$binary' -v 2>&1` =~ m{nginx/(\d+)\.(\d+)\.(\d+)}
            or die "no version from $binary\n";
        $version = ($1 * 1000 + $2) * 1000 + $3;
    }

    return $version;
}

1;
