# The HTTP/1 client of our Test::Nginx-compatible runner.
#
# Turns the sections of a block into bytes, sends them in the pieces and with
# the delays asked for, reads until the server closes or nothing comes for
# the time allowed, and cuts what came into responses.  Core Perl only;
# knows nothing of blocks, servers and assertions.

package Test::Nginx::Client;

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(sleep time);


# ---- requests -------------------------------------------------------------

# One request of the `request` section as a list of pieces
# {value => bytes, delay_before => seconds}.  $spec is text or a list of
# pieces; $headers is the text of more_headers; $connection the value of the
# Connection header unless the headers have their own.  The pieces know the
# method: the caller needs it to read the response.

sub build_request {
    my ($spec, $headers, $connection) = @_;

    my @pieces = map { as_piece($_) } ref $spec eq 'ARRAY' ? @$spec : $spec;
    my $first = $pieces[0]{value};

    $first =~ s/\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*//;
    $first =~ s/\A([^\n]*)\n?//;

    my $line = $1;
    my ($method, $uri, $protocol) = split ' ', $line;
    die "Request line should be non-empty\n" unless defined $method;

    $uri = '/' unless defined $uri;
    $protocol = 'HTTP/1.1' unless defined $protocol;
    $headers = defined $headers ? normal_headers($headers) : '';

    my $framed = $headers =~ /^(?:Transfer-Encoding|Content-Length)[ \t]*:/im;

    if ($headers !~ /^Transfer-Encoding[ \t]*:/im) {
        $first =~ s/\A\s+//;
        $pieces[0]{value} = $first;
        $pieces[-1]{value} =~ s/\n\z//;
        $first = $pieces[0]{value};
    }

    my $length = length $first;
    $length += length $pieces[$_]{value} for 1 .. $#pieces;

    my $head = "$method $uri $protocol\r\n";
    $head .= "Host: localhost\r\n" if $headers !~ /^Host[ \t]*:/im;
    $head .= "Connection: $connection\r\n"
        if $headers !~ /^Connection[ \t]*:/im;
    $head .= $headers;
    $head .= "Content-Length: $length\r\n" if $length && !$framed;

    $pieces[0]{value} = "$head\r\n$first";
    return { method => $method, pieces => \@pieces };
}


sub as_piece {
    my ($piece) = @_;

    return { %$piece, value => bytes($piece->{value}) } if ref $piece;
    return { value => bytes($piece) };
}

sub bytes {
    my ($text) = @_;

    $text = '' unless defined $text;
    utf8::encode($text) if utf8::is_utf8($text);
    return $text;
}


# Lines with CRLF, without blank ones; leading blanks of a line removed.

sub normal_headers {
    my ($text) = @_;

    my @lines = grep { length } map { s/^\s+|\s+$//gr } split /\r?\n/,
        bytes($text);
    return join '', map { "$_\r\n" } @lines;
}


# The raw_request section: sent as it is.

sub raw_request {
    my ($spec, $delay) = @_;

    my @pieces = map { as_piece($_) } ref $spec eq 'ARRAY' ? @$spec : $spec;
    my ($method) = $pieces[0]{value} =~ /\A(\S+)/;

    if ($delay) {
        $_->{delay_before} = $delay for @pieces[1 .. $#pieces];
    }

    return { method => defined $method ? $method : '', pieces => \@pieces };
}


# ---- the exchange ---------------------------------------------------------

# exchange(address, port, pieces, timeout =>, shutdown =>): what came, and
# how it ended: 'closed', 'reset' or 'timeout'.  The time-out is that of the
# original: the longest silence, not the whole.

sub exchange {
    my ($address, $port, $pieces, %opt) = @_;

    my $limit = $opt{timeout} || 3;
    my $socket = IO::Socket::INET->new(
        PeerAddr => $address, PeerPort => $port, Proto => 'tcp',
        Timeout => $limit) or return ('', "no connection: $!");

    local $SIG{PIPE} = 'IGNORE';
    $socket->blocking(0);
    $socket->sockopt(Socket::SO_KEEPALIVE(), 0);

    my $got = '';
    my $end = send_pieces($socket, $pieces, $limit, \$got);

    if (!$end && defined $opt{shutdown}) {
        shutdown($socket, $opt{shutdown});
    }

    while (!$end) {
        $end = read_some($socket, $limit, \$got);
    }

    close($socket);
    return ($got, $end);
}


# Reading goes on while writing, so that an early answer of a server that
# closes is not lost.  Returns the reason when it is over already.

sub send_pieces {
    my ($socket, $pieces, $limit, $got) = @_;

    my $gap = $ENV{TEST_NGINX_SLEEP};
    $gap = 0.015 unless defined $gap;

    for my $n (0 .. $#$pieces) {
        my $piece = $pieces->[$n];
        my $delay = $piece->{delay_before};
        $delay = $gap if !defined $delay && $n > 0;
        sleep $delay if $delay;

        my $over = send_piece($socket, $piece->{value}, $limit, $got);
        return $over if $over;
    }

    return undef;
}


sub send_piece {
    my ($socket, $data, $limit, $got) = @_;

    my $at = 0;

    while ($at < length $data) {
        my ($can_read, $can_write) = IO::Select->select(
            IO::Select->new($socket), IO::Select->new($socket), undef,
            $limit);

        return 'timeout' unless $can_read;

        if (@$can_read) {
            my $end = read_some($socket, $limit, $got);
            return $end if $end;
        }
        next unless @$can_write;

        my $sent = syswrite($socket, $data, length($data) - $at, $at);
        next if !defined $sent && ($!{EAGAIN} || $!{EINTR});

        if (!defined $sent) {
            read_rest($socket, $limit, $got);
            return 'reset';
        }
        $at += $sent;
    }

    return undef;
}


sub read_some {
    my ($socket, $limit, $got) = @_;

    return 'timeout' unless IO::Select->new($socket)->can_read($limit);

    my $n = sysread($socket, $$got, 65536, length $$got);
    return undef if $n || !defined $n && ($!{EAGAIN} || $!{EINTR});
    return defined $n ? 'closed' : 'reset';
}

sub read_rest {
    my ($socket, $limit, $got) = @_;

    until (read_some($socket, $limit, $got)) { }
}


# ---- responses ------------------------------------------------------------

# Cuts the first response from the text.  Returns {status, raw_headers,
# headers => {lowercase name => [values]}, body, truncated, rest}; an empty
# text or HTTP/0.9 gives an empty status.

sub parse_response {
    my ($text, $method) = @_;

    my %response = (status => '', raw_headers => '', headers => {},
                    body => '', rest => '', truncated => 0);

    my $line = qr/[^\r\n]*\r?\n/;
    my $field = qr/[^\r\n]+\r?\n/;

    if ($text !~ m{\A(HTTP/\d\.\d +(\d{3})$line(?:$field)*)\r?\n}) {
        $response{body} = $text;
        return \%response;
    }

    my ($raw, $status, $end) = ($1, $2, $+[0]);
    $response{status} = $status;
    $response{raw_headers} = $raw;
    $response{headers} = parse_headers($raw);

    cut_body(\%response, substr($text, $end), $method);
    return \%response;
}


sub parse_headers {
    my ($raw) = @_;

    my %headers;
    my (undef, @lines) = split /\r?\n/, $raw;

    for my $line (@lines) {
        my ($name, $value) = $line =~ /^([^:]+?)\s*:\s*(.*?)\s*$/ or next;
        push @{$headers{lc $name}}, $value;
    }

    return \%headers;
}


sub cut_body {
    my ($response, $text, $method) = @_;

    my $headers = $response->{headers};
    my $coding = $headers->{'transfer-encoding'};
    my $length = $headers->{'content-length'};
    my $status = $response->{status};

    if ($method eq 'HEAD' || $status =~ /^1|^204$|^304$/) {
        $response->{rest} = $text;
    }
    elsif ($coding && $coding->[-1] =~ /\bchunked$/i) {
        @{$response}{qw(body rest truncated)} = decode_chunks($text);
    }
    elsif ($length && $length->[0] =~ /^\d+$/) {
        $response->{truncated} = length($text) < $length->[0];
        $response->{body} = substr($text, 0, $length->[0]);
        $response->{rest} = $response->{truncated}
            ? '' : substr($text, $length->[0]);
    }
    else {
        $response->{body} = $text;
    }
}


# Returns body, what follows it, and whether the end was missing.

sub decode_chunks {
    my ($text) = @_;

    my $body = '';

    while ($text =~ s/\A([0-9A-Fa-f]+)[^\r\n]*\r\n//) {
        my $size = hex $1;

        if ($size == 0) {
            return ($body, $text, 0)
                if $text =~ s/\A(?:[^\r\n]+\r\n)*\r\n//;
            return ($body, '', 1);
        }

        return ($body . $text, '', 1) if length($text) < $size + 2;
        $body .= substr($text, 0, $size);
        substr($text, 0, $size) = '';
        return ($body, $text, 1) unless $text =~ s/\A\r\n//;
    }

    return ($body, $text, 1);
}

1;
