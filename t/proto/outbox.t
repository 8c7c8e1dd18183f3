# Messages leave the outbox: into files, to a mail server, to a gateway, to a
# command; at least once, with the same key each time; what is refused dies,
# what fails comes again.
# S12 X02 X03 X04

use strict;
use warnings;
use utf8;

use Digest::SHA qw(hmac_sha256_hex);
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Mailbox;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl', 'openssl');

my $number = '330000010001';
my $box = new_mailbox();
my $site = new_site(start => 0);
my $core = $site->store() . '/core.db';
my $folder = temp_dir('sent');
my $secret = write_file("$folder/secret", "s3cret-of-the-gateway\n", 0600);
my $code = 23571113;


# One round by hand with these lines; what it printed.
sub work {
    my ($lines, @args) = @_;

    my $conf = write_file("$folder/nginx.conf", "events {}\n"
        . $site->text(server => join '', map { "membercert_outbox $_;\n" }
                                 @$lines));
    return ctl('-c', $conf, 'work', '--once', @args);
}

sub queue {
    my (@more) = @_;

    $code++;
    return queue_message($site, $number, 'code', $code, @more ? @more : 600);
}

# (state, tries, bytes left, ms until the next try) of a message
sub row {
    my ($key) = @_;

    my ($row) = query($core, 'SELECT state, tries, length(sealed), next_try '
                      . 'FROM outbox WHERE dedupe = ?', $key);
    return @$row[0 .. 2], $row->[3] - time() * 1000;
}

sub due_now {
    query($core, "UPDATE outbox SET next_try = 0, lease_until = 0 "
          . "WHERE state = 'queued'");
}

sub bury {
    query($core, "UPDATE outbox SET state = 'dead', sealed = x'', done_at = 1"
          . " WHERE state = 'queued'");
}


# A command that takes too long is killed after 30 s; that takes place beside
# the rest, on a site of its own.

my $slow_site = new_site(start => 0);
queue_message($slow_site, $number, 'code', '11112222', 600);
my $slow = in_background(sub {
    my $start = time();
    my $result = $slow_site->ctl('work', '--once', '--exec',
        "echo \$\$ >$folder/slow.pid; sleep 300 & echo \$! >$folder/child.pid;"
        . ' wait', { timeout => 60 });
    return { took => time() - $start, %$result };
});
chmod 0777, $folder;


subtest 'a gateway is told by one signed POST' => sub {
    my @line = ($box->url('http') . " secret=$secret channel=sms");
    my $key = queue();
    my $result = work(\@line);
    is($result->{status}, 0, 'work') or diag($result->{err});
    like($result->{out}, qr/^1 messages sent, 0 given up$/m, 'sent');
    is_deeply([(row($key))[0 .. 2]], ['sent', 0, 0], 'nothing of it is left');

    my ($got) = $box->got();
    my $said = JSON::PP->new->utf8->decode(
        do { my $b = $got->{body}; utf8::encode($b); $b });
    is($got->{path}, '/v1/message', 'at its address');
    is($got->{headers}{'content-type'}, 'application/json', 'JSON');
    is($got->{headers}{'idempotency-key'}, $key, 'with its key');
    is($said->{id}, $key, 'which is its id');
    is($said->{to}, '13800000001', 'to the phone on file');
    is($said->{channel}, 'sms', 'by that channel');
    is($said->{params}{code}, $code, 'with the code');
    like($said->{text}, qr/验证码 $code，10 分钟.*\n\n.*$code is your code/s,
         'in both languages');

    my $time = $got->{headers}{'x-membercert-timestamp'};
    cmp_ok(abs($time - time()), '<', 10, 'the time');
    my $bytes = "$time.$got->{body}";
    utf8::encode($bytes);
    is($got->{headers}{'x-membercert-signature'}, 'sha256='
       . hmac_sha256_hex($bytes, 's3cret-of-the-gateway'), 'is signed');
    unlike(JSON::PP->new->encode($got), qr/s3cret/, 'the secret stays here');
};


subtest 'what a gateway answers decides' => sub {
    my @line = ($box->url('http'));
    my %becomes = (
        (map { $_ => 'sent' } qw(ok 200 201 202 204 slow huge)),
        (map { $_ => 'dead' } qw(400 401 403 404 413 422)),
        (map { $_ => 'queued' } qw(408 425 429 500 502 503 drop garbage
            redirect huge-error cut)),
    );

    for my $mode (sort keys %becomes) {
        my $key = queue();
        $box->forget();
        $box->mode($mode);
        my $result = work(\@line);
        my ($state, $tries, $left, $wait) = row($key);

        is($state, $becomes{$mode}, "$mode: $state");
        is($left > 0 ? 'kept' : 'gone', $state eq 'queued' ? 'kept' : 'gone',
           'its bytes') or diag($left);
        next if $state ne 'queued';

        is($tries, 1, 'one try');
        my $least = $mode eq '429' ? 0 : 3000;
        ok($wait > $least - 1500 && $wait < 5500, 'it waits')
            or diag($wait);

        $box->mode('ok');
        due_now();
        work(\@line);
        is((row($key))[0], 'sent', 'then it goes');
        my @keys = map { $_->{headers}{'idempotency-key'} } $box->got();
        is_deeply(\@keys, [$key, $key], 'with the same key');
    }

    ok(!grep({ $_->{path} ne '/v1/message' } $box->got()),
       'no redirect is followed');
};


subtest 'TLS is trusted by name and certificate, or nothing is said' => sub {
    $box->mode('ok');
    $box->forget();
    my $key = queue();

    for my $line ($box->url('https'), $box->far('https') . " secret=$secret",
                  $box->url('https', '127.0.0.1') . ' ' . $box->ca())
    {
        due_now();
        like(work([$line])->{err}, qr/no trusted TLS connection/, 'refused');
        is((row($key))[0], 'queued', 'it waits');
    }

    is(scalar($box->got()), 0, 'nothing was said');
    due_now();
    work([$box->far('https') . " secret=$secret " . $box->ca()]);
    is((row($key))[0], 'sent', 'with its certificate');
    is(($box->got())[0]{tls}, JSON::PP::true, 'over TLS');
};


subtest 'a mail server gets a mail' => sub {
    $box->forget();
    my $key = queue(600, 'email');
    work([$box->url('smtp') . ' from=no-reply@cert.example']);
    is((row($key))[0], 'sent', 'sent');

    my ($got) = $box->got();
    my %head = map { @$_ } @{$got->{headers}};
    is($got->{from}, '<no-reply@cert.example>', 'from the institute');
    is($got->{to}, '<linxl@example.org>', 'to the address on file');
    is($head{To}, 'linxl@example.org', 'as the mail says');
    like($head{From}, qr/<no-reply\@cert\.example>$/, 'and From');
    is($head{'Message-ID'}, "<$key\@cert.example>", 'its key');
    like($head{Subject}, qr/^测试协会：验证码 \/ 测试协会: verification code$/,
         'subject');
    like($got->{text}, qr/验证码 $code，.*\n\n.*$code is your code/s, 'text');
    is($head{'Auto-Submitted'}, 'auto-generated', 'no machine answers it');
    is_deeply($got->{defects}, [], 'nothing is wrong with it');
    like($got->{raw}, qr/\A(?:[\x20-\x7e]{0,76}\r\n)+\z/, 'short ASCII lines');
    ok(!$got->{tls} && !$got->{auth}, 'on this machine as it is');
};


subtest 'elsewhere by TLS alone, with a log-in where it is asked for' => sub {
    my $from = 'from=a@b.example ' . $box->ca();
    my $login = "$from user=post secret=$secret";

    for my $line ($box->far('smtp') . " $from", $box->url('smtps') . " $from",
                  $box->url('smtp') . " $from")
    {
        $box->forget();
        my $key = queue(600, 'email');
        work([$line]);
        is((row($key))[0], 'sent', 'sent');
        is(($box->got())[0]{tls}, JSON::PP::true, 'over TLS');
    }

    for my $mode (qw(ok login)) {
        $box->mode($mode);
        $box->forget();
        my $key = queue(600, 'email');
        work([$box->far('smtp') . " $login"]);
        is((row($key))[0], 'sent', 'sent');
        is_deeply(($box->got())[0]{auth}, [$mode eq 'ok' ? 'PLAIN' : 'LOGIN',
            'post', 's3cret-of-the-gateway'], 'with user and secret');
    }

    $box->forget();
    for my $mode (qw(no-starttls strip)) {
        $box->mode($mode);
        my $key = queue(600, 'email');
        my $result = work([$box->far('smtp') . " $login"]);
        is((row($key))[0], 'queued', "$mode: it waits");
        like($result->{err}, qr/no trusted TLS connection/, 'and says why');
        bury();
    }
    is(scalar($box->got()), 0, 'nothing went in the clear');
};


subtest 'what a mail server answers decides' => sub {
    my @line = ($box->url('smtp') . " from=a\@b.example user=u "
                . "secret=$secret");
    my %becomes = (
        slow => 'sent', 'hang-at-end' => 'sent', 550 => 'dead', 554 => 'dead',
        (map { $_ => 'queued' } qw(421 450 451 530 535 garbage drop)),
    );

    for my $mode (sort keys %becomes) {
        my $key = queue(600, 'email');
        $box->forget();
        $box->mode($mode);
        my $start = time();
        my $result = work(\@line);
        my ($state, $tries) = row($key);

        is($state, $becomes{$mode}, "$mode: $state")
            or diag("$result->{out}$result->{err}");
        cmp_ok(time() - $start, '<', 9, 'in time');
        like($result->{err}, qr/refuses/, 'worth a word')
            if $mode =~ /^5/;
        next if $state ne 'queued';

        is($tries, 1, 'one try');
        $box->mode('ok');
        due_now();
        work(\@line);
        is((row($key))[0], 'sent', 'then it goes');
        like(($box->got())[-1]{raw}, qr/^Message-ID: <$key\@b\.example>\r$/m,
             'the same mail');
    }
};


subtest 'who does not answer costs ten seconds' => sub {
    $box->mode('hang');
    my %line = (sms => $box->url('http'),
                email => $box->url('smtp') . ' from=a@b.example');

    for my $channel (sort keys %line) {
        my $key = queue(600, $channel);
        my $start = time();
        my $result = work([$line{$channel}]);
        cmp_ok(time() - $start, '<', 12, "$channel: bounded");
        is((row($key))[0], 'queued', 'it waits');
        like($result->{err}, qr/does not answer in time/, 'and says why');
        bury();
    }
    $box->mode('ok');
};


subtest 'the first line that carries the channel takes the message' => sub {
    my $post = $box->url('smtp') . ' from=a@b.example';
    my $gate = $box->url('http');
    my $dir = "$folder/files";
    mkdir $dir, 0777 or die;
    chmod 0777, $dir;

    for my $case ([[$post, $gate], 'sms', 'http'],
                  [[$post, $gate], 'email', 'smtp'],
                  [[$gate, $post], 'email', 'http'],
                  [["$gate channel=email", $post, "file:$dir"], 'sms', 'file'],
                  [['exec channel=sms', $gate], 'email', 'http'])
    {
        my ($lines, $channel, $way) = @$case;
        $box->forget();
        my $key = queue(600, $channel);
        work($lines);
        is((row($key))[0], 'sent', "$channel of " . @$lines . ' lines');
        is($way eq 'file' ? -e "$dir/$key.json" && 'file'
                          : ($box->got())[0]{way}, $way, "by $way");
    }

    my $key = queue();
    work(['exec channel=sms', $gate]);
    is((row($key))[0, 1], 0, 'what waits for a command waits');
    is((row($key))[0], 'queued', 'untried');
    bury();
};


subtest 'a message whose time is over dies and is wiped' => sub {
    my $key = queue(1);
    sleep 1.2;
    my $result = work([$box->url('http')]);
    like($result->{out}, qr/^0 messages sent, 1 given up$/m, 'given up');
    like($result->{err}, qr/could not be delivered/, 'and says so');
    is_deeply([(row($key))[0 .. 2]], ['dead', 0, 0], 'dead, and gone');
};


subtest 'a command gets the message on its standard input alone' => sub {
    my $key = queue();
    my $out = "$folder/exec";
    my $command = "cat >$out.stdin; cat /proc/\$\$/cmdline >$out.words; "
        . "env >$out.env; ls -l /proc/\$\$/fd >$out.fd";
    my $result = $site->ctl('work', '--once', '--exec', $command);

    is($result->{status}, 0, 'work') or diag($result->{err});
    is((row($key))[0], 'sent', 'delivered');
    my $said = JSON::PP->new->utf8->decode(slurp("$out.stdin"));
    is($said->{id}, $key, 'the message');
    is($said->{params}{code}, $code, 'with the code');
    unlike(slurp("$out.words"), qr/$code|$key|13800000001/, 'not as a word');
    unlike(slurp("$out.env"), qr/$code|$key|13800000001/, 'nor a variable');
    my @open = slurp("$out.fd") =~ /\s(\d+) -> (.*)$/mg;
    unlike("@open", qr{core\.db|photo\.db|/lock|secret}, 'nothing of ours');
    my %fd = @open;
    is(scalar(grep { $_ > 2 && $_ < 10 } keys %fd), 0, 'three descriptors')
        or diag(slurp("$out.fd"));

    for my $case (['exit 75', 'queued', 0], ['exit 1', 'queued', 1],
                  ['/does/not/exist', 'queued', 1], ['kill -9 $$', 'queued', 1],
                  ['true', 'sent', 0])
    {
        my ($words, $state, $tries) = @$case;
        bury();
        $key = queue();
        $site->ctl('work', '--once', '--exec', $words);
        my ($is, $tried) = row($key);
        is($is, $state, "$words: $state");
        is($tried, $tries, "$tries tries");
    }
};


subtest 'work goes on until it is told to stop' => sub {
    my $pid = fork();
    die "fork: $!" unless defined $pid;

    if ($pid == 0) {
        open(STDOUT, '>', "$folder/loop.out");
        open(STDERR, '>&', \*STDOUT);
        { no warnings; exec ctl_file(), '-d', $site->store(), '-s',
            $site->dir() . '/secret', 'work', '--exec',
            "cat >>$folder/loop.mail"; }
        POSIX::_exit(127);
    }

    for (1 .. 2) {
        my $key = queue();
        ok(wait_for(sub { (row($key))[0] eq 'sent' }, 5), 'sent');
        like(slurp("$folder/loop.mail"), qr/"id":"$key"/, 'this one');
    }

    kill 'TERM', $pid;
    is(waitpid($pid, 0), $pid, 'ends');
    is($?, 0, 'in order') or diag(slurp("$folder/loop.out"));
};


subtest 'nginx makes the folder and sends by itself' => sub {
    my $sent = $site->dir() . '/outbox';
    my $key = queue();
    my $nginx = $site->start(workers => 2);
    $nginx->configure($site->text(server =>
        "membercert_outbox file:$sent;\n"));
    $nginx->reload(wait_old => 1);

    ok(wait_for(sub { -e "$sent/$key.json" }, 8), 'the message is there');
    my @dir = stat $sent;
    my @file = stat "$sent/$key.json";
    is($file[2] & 07777, 0600, 'for its owner alone');
    is($file[4], (getpwnam worker_user())[2], 'who is the worker')
        if $> == 0;
    is($dir[2] & 0007, 0, 'in a folder of its own');

    my $again = queue();
    ok(wait_for(sub { -e "$sent/$again.json" }, 8), 'within seconds');
    is((row($again))[0], 'sent', 'recorded');
    like($site->must_ctl('outbox'), qr/^waiting  0\nsent     \d+\n/, 'counted');
    is(JSON::PP->new->decode($site->must_ctl('--json', 'outbox'))->{waiting},
       0, 'also for programs');

    # one line that fails is spared, and says so once in a while
    $nginx->configure($site->text(server => 'membercert_outbox '
        . $box->url('http') . ";\n"));
    $nginx->reload(wait_old => 1);
    $box->mode('500');
    my $third = queue();
    ok(wait_for(sub { (row($third))[1] > 0 }, 8), 'tried');
    $box->mode('ok');
    ok(wait_for(sub { (row($third))[0] eq 'sent' }, 15), 'and tried again');
    my $why = qr/the gateway answers with an error/;
    like($nginx->error_log(), $why, 'the log says why');
    $nginx->stop();
    clean_log($nginx, 'nothing else in the log', errors => 1, allow => $why);
};


subtest 'a command that takes too long is killed with its children' => sub {
    my $result = $slow->wait(60);

    cmp_ok($result->{took}, '>=', 29, 'it had half a minute');
    cmp_ok($result->{took}, '<', 36, 'and no more');
    like($result->{err}, qr/killed or took too long/, 'which is said');
    for my $name (qw(slow child)) {
        my $pid = slurp("$folder/$name.pid");
        chomp $pid;
        ok(!-e "/proc/$pid", "$name is gone");
    }
    my ($row) = query($slow_site->store() . '/core.db',
                      'SELECT state, tries FROM outbox');
    is_deeply($row, ['queued', 1], 'the message waits');
};


like($site->must_ctl('audit', 'verify'), qr/rows fit/, 'the chain fits');
my ($acts) = query($core, "SELECT count(*) FROM audit "
    . "WHERE action = 'message' AND actor = 'work'");
my ($over) = query($core, "SELECT count(*) FROM outbox "
    . "WHERE state <> 'queued' AND done_at > 1");
is($acts->[0], $over->[0], 'each that left or died stands in the audit');
done_testing();
