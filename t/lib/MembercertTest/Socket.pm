# A connection under full control: bytes in pieces, pauses, half close,
# reset, responses one after the other.  Every call has an end.

package MembercertTest::Socket;

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use MembercertTest::Response;
use Socket qw(IPPROTO_TCP SOL_SOCKET SO_LINGER TCP_NODELAY);
use Time::HiRes qw(sleep time);


# new(port, address => '127.0.0.1', from => own address, timeout => 10)

sub new {
    my ($class, $port, %opt) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => $opt{address} || '127.0.0.1', PeerPort => $port,
        Proto => 'tcp', Timeout => 5,
        $opt{from} ? (LocalAddr => $opt{from}) : ()) or die "connect to $port: $!\n";

    $socket->blocking(0);
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);

    return bless { socket => $socket, buffer => '', end => undef,
                   timeout => $opt{timeout} || 10 }, $class;
}


# Sends all bytes.  True when the kernel took them; false when the peer has
# closed or took nothing in time.

sub send {
    my ($self, $data) = @_;

    local $SIG{PIPE} = 'IGNORE';
    my $select = IO::Select->new($self->{socket});
    my $at = 0;

    while ($at < length $data) {
        return 0 unless $select->can_write($self->{timeout});

        my $sent = syswrite($self->{socket}, $data, length($data) - $at, $at);
        if (defined $sent) {
            $at += $sent;
        }
        elsif (!$!{EAGAIN} && !$!{EINTR}) {
            return 0;
        }
    }

    return 1;
}


# Pieces of the given size with a pause between; stops when the peer has
# closed.  Returns the number of bytes sent.

sub send_slowly {
    my ($self, $data, $size, $pause) = @_;

    my $at = 0;

    while ($at < length $data) {
        my $piece = substr($data, $at, $size);
        last unless $self->send($piece);
        $at += length $piece;
        sleep $pause;
    }

    return $at;
}


# Reads once.  Returns true when the buffer grew; {end} is 'closed', 'reset'
# or undef.

sub fill {
    my ($self, $seconds) = @_;

    return 0 if $self->{end};
    return 0 unless IO::Select->new($self->{socket})->can_read($seconds);

    my $n = sysread($self->{socket}, $self->{buffer}, 65536,
                    length $self->{buffer});
    return 1 if $n;

    if (defined $n) {
        $self->{end} = 'closed';
    }
    elsif (!$!{EAGAIN} && !$!{EINTR}) {
        $self->{end} = 'reset';
    }

    return 0;
}


# The next response, undef when none came whole within the time.  Options:
# method => 'GET' (HEAD has no body), timeout => seconds.  An interim 100
# is a response of its own.

sub read_response {
    my ($self, %opt) = @_;

    my $method = $opt{method} || 'GET';
    my $end = time() + ($opt{timeout} || $self->{timeout});

    while (1) {
        my $response = MembercertTest::Response->parse(
            $self->{buffer}, $method, defined $self->{end});

        if ($response) {
            $self->{buffer} = $response->rest();
            return $response;
        }

        my $left = $end - time();
        return undef if $self->{end} || $left <= 0;
        $self->fill($left);
    }
}


# Reads until the peer ends the connection.  Returns how: 'closed', 'reset'
# or 'timeout'; the bytes are in buffer().

sub read_to_end {
    my ($self, $seconds) = @_;

    my $end = time() + ($seconds || $self->{timeout});

    while (!$self->{end}) {
        my $left = $end - time();
        return 'timeout' if $left <= 0;
        $self->fill($left);
    }

    return $self->{end};
}


# Whether the peer has sent anything within the time.

sub readable {
    my ($self, $seconds) = @_;

    return 1 if length $self->{buffer} || $self->{end};
    $self->fill($seconds || 0);
    return length $self->{buffer} || $self->{end} ? 1 : 0;
}


sub buffer     { return $_[0]{buffer} }
sub ended      { return $_[0]{end} }
sub half_close { return shutdown($_[0]{socket}, 1) }
sub local_port { return $_[0]{socket}->sockport() }


sub close {
    my ($self) = @_;

    $self->{end} ||= 'closed';
    return $self->{socket}->close();
}


# Ends the connection with a TCP reset.

sub reset {
    my ($self) = @_;

    setsockopt($self->{socket}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    return $self->close();
}

1;
