# One HTTP/1 response as the protocol tests look at it.

package MembercertTest::Response;

use strict;
use warnings;

use JSON::PP ();
use Test::Nginx::Client;


# The first response in the text, or undef when it is not complete.  A body
# that only the end of the connection ends is complete when $closed.

sub parse {
    my ($class, $text, $method, $closed) = @_;

    my $self = Test::Nginx::Client::parse_response($text, $method);
    return undef if $self->{status} eq '';

    if (!$closed) {
        return undef if $self->{truncated};
        return undef if until_close($self, $method);
    }

    return bless $self, $class;
}


sub until_close {
    my ($self, $method) = @_;

    return 0 if $method eq 'HEAD' || $self->{status} =~ /^1|^204$|^304$/;
    return !$self->{headers}{'content-length'}
        && !$self->{headers}{'transfer-encoding'};
}


sub status    { return $_[0]{status} }
sub body      { return $_[0]{body} }
sub raw       { return $_[0]{raw_headers} }
sub truncated { return $_[0]{truncated} }
sub rest      { return $_[0]{rest} }


# header(name): the first value or undef; headers(name): all of them.

sub header {
    my ($self, $name) = @_;

    my @values = $self->headers($name);
    return $values[0];
}

sub headers {
    my ($self, $name) = @_;

    return @{$self->{headers}{lc $name} || []};
}


# The body as data; dies on a body that is not JSON.

sub json {
    my ($self) = @_;

    return JSON::PP->new->utf8->decode($self->{body});
}


# The code of a problem+json body; undef when the body is none.

sub problem {
    my ($self) = @_;

    my $type = $self->header('Content-Type') || '';
    return undef unless $type =~ m{^application/problem\+json\b};

    my $data = eval { $self->json() };
    return ref $data eq 'HASH' ? $data->{code} : undef;
}

1;
