# A small HTTP/1.1 client with cookies, for tests that think in requests.

package MembercertTest::Client;

use strict;
use warnings;

use JSON::PP ();
use MembercertTest::Socket;


# new(port, origin => URL or '' for none, keepalive => 0, timeout => 10,
# from => own address, headers => {name => value} for every request)

sub new {
    my ($class, $port, %opt) = @_;

    my $self = {
        port      => $port,
        origin    => "http://127.0.0.1:$port",
        timeout   => 10,
        keepalive => 0,
        headers   => {},
        cookies   => {},
        %opt,
    };

    return bless $self, $class;
}


# request(method, path, headers => {}, body => bytes, timeout => seconds):
# the response; dies when none came.  Header values may be undef: the header
# (a default one, too) is not sent then.

sub request {
    my ($self, $method, $path, %opt) = @_;

    my $text = $self->build($method, $path, \%opt);
    my @wait = (method => $method, timeout => $opt{timeout}
                || $self->{timeout});
    my $kept = delete $self->{socket};
    my $response;

    # a kept connection may have been closed meanwhile: no byte comes back
    if ($kept) {
        $kept->fill(0);
        my $sent = $kept->send($text);
        $response = read_final($kept, @wait) if $sent;
        undef $kept if !$sent || $kept->ended() && !$response;
    }

    if (!$kept) {
        $kept = MembercertTest::Socket->new($self->{port},
                                              from => $self->{from});
        $kept->send($text);
        $response = read_final($kept, @wait);
    }

    if (!$response) {
        die "no response to $method $path: " . ($kept->ended() || 'timeout')
            . "\n";
    }

    $self->keep($kept, $response);
    $self->take_cookies($response);
    return $response;
}


sub read_final {
    my ($socket, @wait) = @_;

    my $response;

    do {
        $response = $socket->read_response(@wait);
    } while ($response && $response->status() =~ /^1/);

    return $response;
}


sub keep {
    my ($self, $socket, $response) = @_;

    my $connection = $response->header('Connection') || '';

    if ($self->{keepalive} && $connection !~ /close/i && !$socket->ended()) {
        $self->{socket} = $socket;
    }
    else {
        $socket->close();
    }
}


sub build {
    my ($self, $method, $path, $opt) = @_;

    my $body = $opt->{body};
    my $cookie = $self->cookie_header();
    my %headers = (
        'Host'       => "127.0.0.1:$self->{port}",
        'Connection' => $self->{keepalive} ? 'keep-alive' : 'close',
        %{$self->{headers}},
    );

    $headers{'Content-Length'} = length $body if defined $body;
    $headers{'Cookie'} = $cookie if length $cookie;

    if ($self->{origin} && $method !~ /^(?:GET|HEAD|OPTIONS)$/) {
        $headers{'Origin'} = $self->{origin};
    }

    %headers = (%headers, %{$opt->{headers} || {}});

    my $head = join '', map { "$_: $headers{$_}\r\n" }
        grep { defined $headers{$_} } sort keys %headers;

    return "$method $path HTTP/1.1\r\n$head\r\n"
        . (defined $body ? $body : '');
}


sub get {
    my ($self, $path, %headers) = @_;

    return $self->request('GET', $path, headers => \%headers);
}

sub head {
    my ($self, $path, %headers) = @_;

    return $self->request('HEAD', $path, headers => \%headers);
}

sub delete {
    my ($self, $path, %headers) = @_;

    return $self->request('DELETE', $path, headers => \%headers);
}


# Data is encoded as UTF-8 JSON; text in it is characters, not bytes.

sub post_json {
    my ($self, $path, $data, %headers) = @_;

    return $self->request('POST', $path,
        body => JSON::PP->new->utf8->canonical->encode($data),
        headers => { 'Content-Type' => 'application/json', %headers });
}

sub put_photo {
    my ($self, $path, $bytes, %headers) = @_;

    return $self->request('PUT', $path, body => $bytes,
        headers => { 'Content-Type' => 'image/jpeg', %headers });
}


# ---- cookies: by name; a cookie set to expire is forgotten ----------------

sub take_cookies {
    my ($self, $response) = @_;

    for my $line ($response->headers('Set-Cookie')) {
        my ($pair, @flags) = split /\s*;\s*/, $line;
        my ($name, $value) = split /=/, $pair, 2;
        my ($age) = map { /^max-age=(-?\d+)$/i ? $1 : () } @flags;

        if (defined $age && $age <= 0) {
            CORE::delete $self->{cookies}{$name};
        }
        else {
            $self->{cookies}{$name} = $value;
        }
    }
}

sub cookie_header {
    my ($self) = @_;

    my $cookies = $self->{cookies};
    return join '; ', map { "$_=$cookies->{$_}" } sort keys %$cookies;
}

sub cookie {
    my ($self, $name, @value) = @_;

    $self->{cookies}{$name} = $value[0] if @value;
    return $self->{cookies}{$name};
}

sub forget_cookies { $_[0]{cookies} = {}; return }

1;
