# Runs the blocks of a test file: server, requests, checks, end.
#
# Everything Test::Nginx::Socket exports comes from here (that package is
# under a source filter of Test::Base, this one is plain Perl).

package Test::Nginx::Runner;

use strict;
use warnings;

use Test::More ();
use Time::HiRes qw(sleep);
use NginxProcess;
use Test::Nginx::Check;
use Test::Nginx::Client;
use Test::Nginx::Util;

our @functions = qw(
    run_tests bail_out is_str
    repeat_each workers worker_connections log_level timeout server_name
    server_addr server_port server_port_for_client server_root html_dir
    config_preamble master_on master_off master_process_enabled
    no_root_location no_long_string no_shuffle check_accum_error_log
    env_to_nginx add_block_preprocessor add_cleanup_handler
    add_response_body_check
);

my @own = qw(run_tests bail_out is_str);
my $Test = Test::More->builder;

for my $name (grep { my $n = $_; !grep { $n eq $_ } @own } @functions) {
    no strict 'refs';
    *{$name} = \&{"Test::Nginx::Util::$name"};
}

*is_str = \&Test::Nginx::Check::is_str;
*section = \&Test::Nginx::Check::section;

my %seen;          # bytes of each log that were looked at


# ---- entry points ---------------------------------------------------------

sub run_tests {
    for my $block (Test::Base::blocks()) {
        my $name = join ' ', $0, $block->{name}[0];

        if (!eval { run_block($block, $name); 1 }) {
            my $error = $@;
            Test::More::fail("$name - the block can be run");
            Test::More::diag($error);
        }
    }

    end_server('last block');
}


# Ends this file and, under prove, all others.

sub bail_out {
    my ($why) = @_;

    Test::Nginx::Util::clean_up(0);
    $Test->BAIL_OUT($why);
}


# ---- a block --------------------------------------------------------------

sub run_block {
    my ($block, $name) = @_;

    $_->($block) for @{$Test::Nginx::Util::set{preprocessors}};

    my ($count, $why) = skip_rule($block);

    if ($count) {
        $Test->skip("$name - $why") for 1 .. $count * repeat_each();
        return;
    }

    if (defined section($block, 'must_die')) {
        end_server($name);
        must_die($block, $name, $_) for 0 .. repeat_each() - 1;
        return;
    }

    return unless server_for($block, $name);

    perl_section($block, 'init');

    for my $repeat (0 .. repeat_each() - 1) {
        run_requests($block, $name, $repeat);
    }
}


# Sections skip_nginx, skip_nginx2 (count: rule) and skip_eval (count: code).

sub skip_rule {
    my ($block) = @_;

    for my $kind (qw(skip_nginx skip_nginx2 skip_eval)) {
        my $rule = section($block, $kind);
        next unless defined $rule;

        $rule =~ /^\s*(\d+)\s*:\s*(.*?)\s*$/s or die "bad $kind: $rule\n";

        my ($count, $test) = ($1, $2);
        my $yes = $kind eq 'skip_eval' ? main_eval($test)
                : Test::Nginx::Util::version_matches($test);
        return ($count, "$kind: $test") if $yes;
    }

    return 0;
}


sub main_eval {
    my ($code) = @_;

    my $value = eval "package main; no strict; no warnings; $code";
    die $@ if $@;
    return $value;
}

sub perl_section {
    my ($block, $name) = @_;

    my $code = section($block, $name);
    main_eval($code) if defined $code;
}


# Starts nginx for the block.  A block without any configuration of its own
# goes to the server that runs already, as in the original.

sub server_for {
    my ($block, $name) = @_;

    my %part = map { $_ => section($block, $_) } qw(main_config http_config
        config post_main_config log_level server_name);
    my $own = grep { defined $part{$_} } qw(main_config http_config config);

    if (!$own && $Test::Nginx::Util::process
        && $Test::Nginx::Util::process->running())
    {
        my $files = section($block, 'user_files');
        Test::Nginx::Util::write_user_files($files) if defined $files;
        look_away();
        return 1;
    }

    end_server($name);

    my $process = start_server($block, \%part);
    return 1 if $process->pid();

    Test::More::fail("$name - nginx starts");
    Test::More::diag($process->stderr_text());
    return 0;
}


sub start_server {
    my ($block, $part) = @_;

    %seen = (error => 0, access => 0);
    return Test::Nginx::Util::start_block(
        $part, section($block, 'user_files'),
        sub { perl_section($block, 'post_setup_server_root') });
}


# Stops nginx and looks for what no block may cause, whatever it asks for:
# a crashed worker or a report of a sanitizer.

sub end_server {
    my ($name) = @_;

    my $process = $Test::Nginx::Util::process or return;
    my $pid = $process->pid();
    my $signal = $process->running() ? 0 : $process->{exit_signal};

    my $how = Test::Nginx::Util::stop_nginx();

    # a crash may show only while it is being stopped
    $signal ||= (grep { $_ == ($process->{exit_signal} || 0) }
                 4, 6, 7, 8, 11)[0];

    my $text = $process->error_log() . $process->stderr_text();
    my @faults = NginxProcess::faults($text);

    undef $Test::Nginx::Util::process;

    push @faults, "nginx was ended by signal $signal" if $signal;
    push @faults, 'nginx had to be killed' if ($how || '') eq 'KILL';

    if (@faults) {
        Test::More::fail("nginx served the blocks before '$name' cleanly");
        Test::More::diag($_) for splice(@faults, 0, 20);
    }
}


sub must_die {
    my ($block, $name, $repeat) = @_;

    my %part = map { $_ => section($block, $_) } qw(main_config http_config
        config post_main_config log_level server_name);
    my $process = start_server($block, \%part);
    my $code = section($block, 'must_die');

    if ($process->pid()) {
        Test::More::fail("$name - die as expected");
        Test::More::diag('nginx runs');
    }
    elsif ($code =~ /(\d+)/) {
        Test::More::is($process->{exit_code}, $1,
                       "$name - die with the expected exit code");
    }
    else {
        Test::More::isnt($process->{exit_code}, 0,
                         "$name - die as expected");
    }

    check_logs($block, { name => $name, n => 0, repeat => $repeat,
                         many => 0 });
    end_server($name);
}


# ---- the requests of a block ----------------------------------------------

sub run_requests {
    my ($block, $name, $repeat) = @_;

    my @requests = requests_of($block);
    my $pipelined = defined section($block, 'pipelined_requests');
    my $many = @requests > 1;
    my @places = map {
        { name => $name, n => $_, repeat => $repeat, many => $many }
    } 0 .. $#requests;

    if ($pipelined) {
        run_pipeline($block, \@requests, \@places);
        return;
    }

    for my $n (0 .. $#requests) {
        my $got = send_request($block, $requests[$n]{pieces}, $name);
        my $response = Test::Nginx::Client::parse_response(
            $got, $requests[$n]{method});

        check($block, $response, $places[$n]);
    }
}


# All requests on one connection; the responses are cut apart.

sub run_pipeline {
    my ($block, $requests, $places) = @_;

    my @pieces = map { @{$_->{pieces}} } @$requests;
    my $rest = send_request($block, [{ value => join '',
                                       map { $_->{value} } @pieces }],
                            $places->[0]{name});

    for my $n (0 .. $#$requests) {
        my $response = Test::Nginx::Client::parse_response(
            $rest, $requests->[$n]{method});

        $rest = $response->{rest};
        $response->{rest} = '' if $n < $#$requests;
        check($block, $response, $places->[$n]);
    }
}


sub requests_of {
    my ($block) = @_;

    my $raw = section($block, 'raw_request');

    if (defined $raw) {
        return Test::Nginx::Client::raw_request(
            $raw, section($block, 'raw_request_middle_delay'));
    }

    my $pipelined = section($block, 'pipelined_requests');
    my $spec = defined $pipelined ? $pipelined : section($block, 'request');
    die "no request\n" unless defined $spec;

    my @specs = ref $spec eq 'ARRAY' ? @$spec : $spec;
    my $headers = section($block, 'more_headers');

    if (defined $pipelined && grep { ref } @specs) {
        die "a request of pipelined_requests is a text, not a list\n";
    }

    return map {
        my $last = !defined $pipelined || $_ == $#specs;
        Test::Nginx::Client::build_request(
            $specs[$_], ref $headers ? $headers->[$_] : $headers,
            $last ? 'close' : 'keep-alive');
    } 0 .. $#specs;
}


sub send_request {
    my ($block, $pieces, $name) = @_;

    my $limit = Test::Nginx::Util::seconds(section($block, 'timeout'));
    my $how = section($block, 'shutdown');
    $how = $how =~ /(\d)/ ? $1 : 1 if defined $how;

    my ($got, $end) = Test::Nginx::Client::exchange(
        Test::Nginx::Util::server_addr(), $ENV{TEST_NGINX_CLIENT_PORT},
        $pieces, timeout => $limit || timeout(), shutdown => $how);

    if ($end eq 'timeout' && !defined section($block, 'abort')) {
        Test::More::fail("ERROR: client socket timed out - $name");
    }
    elsif ($end =~ /^no connection/) {
        Test::More::diag("$name - $end");
    }

    return $got;
}


# ---- checks ---------------------------------------------------------------

sub check {
    my ($block, $response, $at) = @_;

    if (!defined section($block, 'ignore_response')) {
        Test::Nginx::Check::response($block, $response, $at);
    }

    my $wait = section($block, 'wait');
    sleep Test::Nginx::Util::seconds($wait) if $wait;

    check_logs($block, $at);
}


sub check_logs {
    my ($block, $at) = @_;

    Test::Nginx::Check::error_log($block, log_reader('error'), $at);
    Test::Nginx::Check::access_log($block, log_reader('access'), $at);

    look_away() unless $Test::Nginx::Util::set{accum_log};
}


sub log_reader {
    my ($kind) = @_;

    my $from = $seen{$kind};

    return sub {
        my $text = log_text($kind);
        return length $text > $from ? substr($text, $from) : '';
    };
}

sub log_text {
    my ($kind) = @_;

    return $kind eq 'error' ? Test::Nginx::Util::error_log_text()
                            : Test::Nginx::Util::access_log_text();
}

sub look_away {
    %seen = map { $_ => length log_text($_) } qw(error access);
}


END {
    my $status = $?;

    Test::Nginx::Util::clean_up($status == 0 && $Test->is_passing());
    $? = $status;
}

1;
