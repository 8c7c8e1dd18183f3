# The assertions of our Test::Nginx-compatible runner: one request's
# response and one window of the logs against the sections of a block.
#
# How many tests a section gives is part of the interface (files may state a
# plan): the status always one; each header line, each pattern one.

package Test::Nginx::Check;

use strict;
use warnings;

use Test::More ();
use Test::LongString ();
use Time::HiRes qw(sleep time);
use Test::Nginx::Util;

my $Test = Test::More->builder;

my %body_filter = (
    md5_hex  => sub { require Digest::MD5; Digest::MD5::md5_hex($_[0]) },
    sha1_hex => sub { require Digest::SHA; Digest::SHA::sha1_hex($_[0]) },
    length   => sub { length $_[0] },
    uc       => sub { uc $_[0] },
    lc       => sub { lc $_[0] },
    ucfirst  => sub { ucfirst $_[0] },
    lcfirst  => sub { lcfirst $_[0] },
);


# The value of a section, undef when the block has none.  (The accessors of
# Test::Base give an empty list in list context; this does not.)

sub section {
    my ($block, $name) = @_;

    my $values = $block->{$name};
    return ref $values eq 'ARRAY' ? $values->[0] : undef;
}


# What a section expects of request number n.  With several requests it has
# to be a list, as in the original.

sub expected {
    my ($block, $name, $at) = @_;

    my $value = section($block, $name);
    return $value if !defined $value;

    if (ref $value eq 'ARRAY') {
        return $value->[$at->{n}];
    }

    die "You asked for many requests, $name should be a list as well.\n"
        if $at->{many};
    return $value;
}


# ---- the response ---------------------------------------------------------

# $at: {name, n, repeat, many}; n counts the requests of the block.

sub response {
    my ($block, $response, $at) = @_;

    one_of($block, qw(response_headers response_headers_like));
    one_of($block, qw(response_body response_body_like response_body_unlike));
    one_of($block, qw(error_code error_code_like));

    check_status($block, $response, $at);
    check_raw_headers($block, $response, $at);
    check_headers($block, $response, $at);
    check_body($block, $response, $at);

    if (length $response->{rest}) {
        $Test->diag("$at->{name} - unexpected bytes after the response: ",
                    substr($response->{rest}, 0, 200));
    }
}


# The original looks at the first of such sections only: the others would be
# assertions that never run.

sub one_of {
    my ($block, @names) = @_;

    my @used = grep { defined section($block, $_) } @names;
    die "only one of these may stand in a block: @used\n" if @used > 1;
}


sub check_status {
    my ($block, $response, $at) = @_;

    my $title = "$at->{name} - status code ok";
    my $like = expected($block, 'error_code_like', $at);

    if (defined $like) {
        Test::More::like($response->{status}, regex($like), $title);
        return;
    }

    my $code = expected($block, 'error_code', $at);
    $code = 200 unless defined $code;
    $code =~ s/^\s+|\s+$//g;
    Test::More::is($response->{status}, $code, $title);
}


sub check_raw_headers {
    my ($block, $response, $at) = @_;

    my $raw = $response->{raw_headers};
    my $like = expected($block, 'raw_response_headers_like', $at);
    my $unlike = expected($block, 'raw_response_headers_unlike', $at);

    Test::More::like($raw, regex($like), "$at->{name} - raw headers like")
        if defined $like;
    Test::More::unlike($raw, regex($unlike),
                       "$at->{name} - raw headers unlike")
        if defined $unlike;
}


sub check_headers {
    my ($block, $response, $at) = @_;

    my $raw = $response->{raw_headers};

    for my $line (lines(expected($block, 'response_headers', $at))) {
        my ($absent, $name, $value) = header_line($line);
        my $title = "$at->{name} - header $name";

        if ($absent) {
            Test::More::unlike($raw, qr/^\s*\Q$name\E\s*:/mi,
                               "$title not present");
        }
        else {
            Test::More::is(header($response, $name), $value, "$title ok");
        }
    }

    for my $line (lines(expected($block, 'response_headers_like', $at))) {
        my ($absent, $name, $value) = header_line($line);

        Test::More::like(header($response, $name), qr/^$value$/,
                         "$at->{name} - header $name like");
    }
}


sub header_line {
    my ($line) = @_;

    $line =~ /^\s*(!?)\s*([^:\s]+)\s*(?::\s*(.*?)\s*)?$/
        or die "bad header line: $line\n";
    return ($1, $2, defined $3 ? $3 : '');
}

sub header {
    my ($response, $name) = @_;

    return join ', ', @{$response->{headers}{lc $name} || []};
}


sub check_body {
    my ($block, $response, $at) = @_;

    my $body = filtered_body($block, $response->{body}, $at);
    my $is = expected($block, 'response_body', $at);
    my $like = expected($block, 'response_body_like', $at);
    my $unlike = expected($block, 'response_body_unlike', $at);
    my $title = "$at->{name} - response_body";

    if (defined $is) {
        is_str($body, $is, "$title - as expected (repeat $at->{repeat},"
               . " request $at->{n})");
    }

    Test::More::like($body, regex($like), "$title like") if defined $like;
    Test::More::unlike($body, regex($unlike), "$title unlike")
        if defined $unlike;

    for my $check (@{$Test::Nginx::Util::set{body_checks}}) {
        $check->($block, $body, $at->{n}, $at->{repeat}, 0);
    }

    if ($response->{truncated}) {
        $Test->diag("$at->{name} - the response was cut short");
    }
}


# Section response_body_filters: names, a function, a list of them, or a
# list of lists, one for each request.

sub filtered_body {
    my ($block, $body, $at) = @_;

    my $filters = section($block, 'response_body_filters');
    return $body unless defined $filters;

    my @list = ref $filters eq 'ARRAY' ? @$filters
             : ref $filters ? $filters : split ' ', $filters;

    if (ref $list[0] eq 'ARRAY') {
        @list = @{$list[$at->{n}]};
    }

    for my $filter (@list) {
        my $code = ref $filter ? $filter : $body_filter{$filter};
        die "unknown response_body_filters: $filter\n" unless $code;
        $body = $code->($body);
    }

    return $body;
}


sub is_str {
    my ($got, $want, $title) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    if (ref $want eq 'Regexp') {
        return Test::More::like($got, $want, $title);
    }

    utf8::encode($want) if defined $want && utf8::is_utf8($want);

    if ($Test::Nginx::Util::set{long_string}) {
        return Test::LongString::is_string($got, $want, $title);
    }

    return Test::More::is($got, $want, $title);
}


# Patterns of sections: text becomes a regex in which . matches a newline.

sub regex {
    my ($pattern) = @_;

    return $pattern if ref $pattern;
    return qr/$pattern/s;
}


# Text as its non-empty lines; a list as it is; nothing as an empty list.

sub lines {
    my ($value) = @_;

    return () unless defined $value;
    return @$value if ref $value eq 'ARRAY';
    return ($value) if ref $value;
    return grep { /\S/ } split /\n/, $value;
}


# ---- the logs -------------------------------------------------------------

# $log: function that returns the text since the last look.  A wanted line
# may come a moment after the response: it is waited for.

sub error_log {
    my ($block, $log, $at) = @_;

    check_grep($block, $log, $at);

    for my $pattern (lines(section($block, 'error_log'))) {
        wanted($pattern, $log, "$at->{name} - pattern \"$pattern\""
               . " matches a line in error.log");
    }

    for my $pattern (lines(section($block, 'no_error_log'))) {
        unwanted($pattern, $log, "$at->{name} - pattern \"$pattern\""
                 . " does not match a line in error.log");
    }
}


sub access_log {
    my ($block, $log, $at) = @_;

    for my $pattern (lines(section($block, 'access_log'))) {
        wanted($pattern, $log, "$at->{name} - pattern \"$pattern\""
               . " matches a line in access.log");
    }

    for my $pattern (lines(section($block, 'no_access_log'))) {
        unwanted($pattern, $log, "$at->{name} - pattern \"$pattern\""
                 . " does not match a line in access.log");
    }
}


sub matching {
    my ($pattern, $text) = @_;

    return grep {
        ref $pattern ? $_ =~ $pattern : index($_, $pattern) >= 0
    } split /\n/, $text;
}


sub wanted {
    my ($pattern, $log, $title) = @_;

    my $end = time() + 0.5;

    until (matching($pattern, $log->()) || time() > $end) {
        sleep 0.01;
    }

    $Test->ok(scalar(matching($pattern, $log->())), $title);
}


sub unwanted {
    my ($pattern, $log, $title) = @_;

    my @found = matching($pattern, $log->());

    $Test->ok(!@found, $title);
    $Test->diag("found: $_") for splice(@found, 0, 5);
}


sub check_grep {
    my ($block, $log, $at) = @_;

    my $pattern = section($block, 'grep_error_log');
    my $want = section($block, 'grep_error_log_out');
    return unless defined $pattern && defined $want;

    $want = $want->[$at->{repeat}] if ref $want eq 'ARRAY';
    $pattern = qr/\Q$pattern\E/ unless ref $pattern;

    my $got = '';
    for my $line (split /\n/, $log->()) {
        while ($line =~ /($pattern)/g) {
            $got .= "$1\n";
        }
    }

    is_str($got, $want, "$at->{name} - grep_error_log_out");
}

1;
