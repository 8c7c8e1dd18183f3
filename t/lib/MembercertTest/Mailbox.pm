# The scripted gateway and mail server t/lib/mailbox.py, started and
# questioned; and messages put into a site's outbox as recovery does it.
#
#   my $box = new_mailbox();
#   "membercert_outbox " . $box->url('https') . ' ' . $box->ca()
#   $box->mode('500');   $box->got();   $box->forget();
#   queue_message($site, '330000010001', 'code', '12345678');
#
# It ends with the test program.

package MembercertTest::Mailbox;

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();
use MembercertTest qw(free_port repository run_command self_signed slurp
    temp_dir wait_for write_file);
use POSIX ();
use Socket qw(AF_INET INADDR_LOOPBACK SOCK_STREAM pack_sockaddr_in);

our @EXPORT = qw(new_mailbox queue_message);

my @ways = qw(http https smtp smtps);
my %live;


sub new_mailbox {
    my $dir = temp_dir('mailbox');
    my $self = bless { dir => $dir, owner => $$,
                       ports => { map { $_ => free_port() } @ways } },
        __PACKAGE__;

    $self->mode('ok');
    write_file("$dir/log", '');
    $self->start();
    return $self;
}


sub start {
    my ($self) = @_;

    my @files = self_signed($self->{dir});
    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(STDIN, '<', '/dev/null');
        open(STDOUT, '>', "$self->{dir}/out");
        open(STDERR, '>&', \*STDOUT);
        { no warnings; exec '/usr/bin/python3',
            repository() . '/t/lib/mailbox.py', $self->{dir},
            @{$self->{ports}}{@ways}, @files; }
        POSIX::_exit(127);
    }

    $self->{pid} = $pid;
    $live{$pid} = $self;

    wait_for(sub { !grep { !listens($_) } values %{$self->{ports}} }, 10)
        or die 'the mailbox does not start: ' . slurp("$self->{dir}/out");
    $self->forget();
}

sub listens {
    my ($port) = @_;

    socket(my $try, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
    return connect($try, pack_sockaddr_in($port, INADDR_LOOPBACK));
}

sub stop {
    my ($self) = @_;

    my $pid = delete $self->{pid} or return;
    kill 'KILL', $pid;
    waitpid($pid, 0);
    delete $live{$pid};
}


# The name in the certificate; a second way to write it is not known as this
# machine's own, so that the rules for far hosts hold.

sub url {
    my ($self, $way, $host) = @_;

    return "$way://" . ($host || 'localhost') . ":$self->{ports}{$way}"
        . ($way =~ /^http/ ? '/v1/message' : '');
}

sub far  { return $_[0]->url($_[1], 'LOCALHOST') }
sub ca   { return "ca=$_[0]{dir}/site.crt" }
sub mode { return write_file("$_[0]{dir}/mode", "$_[1]\n") }

# What came so far, oldest first.

sub got {
    my ($self) = @_;

    return map { JSON::PP->new->utf8->decode($_) }
        split /\n/, slurp("$self->{dir}/log");
}

sub forget { return write_file("$_[0]{dir}/log", '') }


# queue_message(site, number, kind, code, seconds, channel): its key.

sub queue_message {
    my ($site, @args) = @_;

    my $result = run_command([repository() . '/build/message',
        $site->store(), $site->dir() . '/secret', @args]);
    die "message failed: $result->{err}\n" unless $result->{ok};
    chomp(my $key = $result->{out});
    return $key;
}


END {
    my $status = $?;
    $_->stop() for grep { $_->{owner} == $$ } values %live;
    $? = $status;
}

1;
