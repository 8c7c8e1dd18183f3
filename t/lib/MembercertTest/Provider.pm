# The scripted comparison service t/lib/provider.py, started and questioned.
#
#   my $provider = new_provider();
#   conf => { compare lines: $provider->directives() }
#   $provider->mode('mismatch');   $provider->asked();
#
# It ends with the test program.

package MembercertTest::Provider;

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();
use MembercertTest qw(free_port repository slurp temp_dir wait_for
    write_file);
use POSIX ();
use Socket qw(AF_INET INADDR_LOOPBACK SOCK_STREAM pack_sockaddr_in);

our @EXPORT = qw(new_provider);

my %live;


# new_provider(mode => 'match', start => 0)

sub new_provider {
    my (%opt) = @_;

    my $self = bless { port => free_port(), dir => temp_dir('provider'),
                       owner => $$ }, __PACKAGE__;

    $self->mode($opt{mode} || 'match');
    $self->start() unless defined $opt{start} && !$opt{start};
    return $self;
}


sub start {
    my ($self) = @_;

    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(STDIN, '<', '/dev/null');
        open(STDOUT, '>', "$self->{dir}/out");
        open(STDERR, '>&', \*STDOUT);
        { no warnings; exec '/usr/bin/python3',
            repository() . '/t/lib/provider.py', $self->{port}, $self->{dir}; }
        POSIX::_exit(127);
    }

    $self->{pid} = $pid;
    $live{$pid} = $self;

    wait_for(sub { $self->listens() }, 10)
        or die 'the provider does not start: ' . slurp("$self->{dir}/out");
}

sub listens {
    my ($self) = @_;

    socket(my $try, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
    return connect($try, pack_sockaddr_in($self->{port}, INADDR_LOOPBACK));
}

sub stop {
    my ($self) = @_;

    my $pid = delete $self->{pid} or return;
    kill 'KILL', $pid;
    waitpid($pid, 0);
    delete $live{$pid};
}


sub url  { return "http://127.0.0.1:$_[0]{port}/v1/compare" }
sub mode { return write_file("$_[0]{dir}/mode", "$_[1]\n") }

# Lines for the server block; more words of membercert_compare may follow.

sub directives {
    my ($self, @more) = @_;

    return 'membercert_compare ' . join(' ', 'http', 'url=' . $self->url(),
                                        'timeout=1s', @more) . ";\n"
        . "membercert_compare_consent /comparison.html 2026-11;\n";
}

# What was asked so far, oldest first.

sub asked {
    my ($self) = @_;

    return map { JSON::PP->new->utf8->decode($_) }
        split /\n/, slurp("$self->{dir}/log");
}


END {
    my $status = $?;
    $_->stop() for grep { $_->{owner} == $$ } values %live;
    $? = $status;
}

1;
