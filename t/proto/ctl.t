# membercertctl: its words, its ways to a configuration, members one by one.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use JSON::PP ();
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $no = '330000010001';
my $site = new_site(start => 0, people => [
    person($no), person('330000010002', password_hash => ''),
    person('330000010003', phone => ''),
    person('330000010002', user_type => 'practising', name => '王小明'),
]);
my $dir = $site->dir();
my @site = ('-d', $site->store(), '-s', "$dir/secret");


# The exit code of a command and what it prints, as characters.

sub run {
    my (@args) = @_;

    my $r = ctl(@args);
    utf8::decode($r->{$_}) for qw(out err);
    return ($r->{status}, $r->{out}, $r->{err}, $r->{signal});
}

sub shown {
    my ($key) = @_;

    my ($status, $out, $err) = run(@site, '--json', 'member', 'show', $key);
    die "show $key: $err" if $status != 0;
    utf8::encode($out);
    return JSON::PP->new->utf8->decode($out);
}


# The same with somebody who types at a terminal: (exit code, all shown).

sub at_terminal {
    my ($typed, @args) = @_;

    my $r = run_command(['/usr/bin/python3', '-c', <<'END_PYTHON',
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = os.read(fd, 100)
while b": " not in shown:
    shown += os.read(fd, 100)
os.write(fd, sys.argv[1].encode())
while True:
    try:
        piece = os.read(fd, 1000)
    except OSError:
        break
    if not piece:
        break
    shown += piece
sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END_PYTHON
        $typed, ctl_file(), @site, @args], timeout => 20);
    return ($r->{status}, $r->{out});
}


# ---- words ----------------------------------------------------------------------

subtest 'wrong words: usage on standard error, exit code 2' => sub {
    my @wrong = (
        [], ['nonsense'], ['member'], ['member', 'drop', $no], ['-x'],
        ['--bogus', 'check'], ['-c'], ['-d'], ['--server'], ['--json'],
        ['member', 'show'], ['member', 'show', $no, $no],
        ['member', 'status', $no], ['member', 'passwd'],
        ['member', 'passwd', $no, 'a-password-on-the-line'],
        ['member', 'disable'], ['import', 'members'],
        ['import', 'institutes', 'a.csv', '--parts'],
        ['import', 'members', 'a.csv', '--encoding', 'latin1'],
        ['import', 'members', 'a.csv', '--encoding'],
        ['import', 'members', 'a.csv', 'b.csv'], ['import', 'photos'],
        ['export', 'members', 'out.csv'], ['export', 'everything'],
        ['export', 'confirmations', '--since', 'yesterday'],
        ['photo', 'check'], ['photo', 'show', '1'],
        ['photo', 'show', 'x', '-o', '-'], ['photo', 'approve'],
        ['photo', 'approve', '0'], ['photo', 'approve', '-1'],
        ['photo', 'approve', '1x'], ['photo', 'reject', '1', '--why', 'x'],
        ['photo', 'reset'], ['certificate', 'render', $no],
        ['backup'], ['check', 'twice'], ['init', '--owner'],
        ['audit'], ['audit', 'verify', 'x'],
    );

    for my $args (@wrong) {
        my ($status, $out, $err, $signal) = run(@site, @$args);
        my $name = join ' ', @$args;

        is_deeply([$status, $out, $signal], [2, '', 0], "exit code: $name");
        like($err, qr/^usage: membercertctl /m, "usage: $name");
    }
};


subtest '--help: every command, on standard output, exit code 0' => sub {
    my ($status, $out, $err) = run('--help');

    is_deeply([$status, $err], [0, ''], 'no error');
    like($out, qr/^  \Q$_\E\b/m, $_) for
        'init', 'migrate', 'check', 'gc', 'work', 'outbox', 'backup', 'audit verify',
        'import institutes', 'import members', 'import photos',
        'export members', 'export confirmations', 'member show',
        'member status', 'member passwd', 'member activate', 'member disable',
        'member enable',
        'certificate render', 'certificate list', 'certificate revoke',
        'certificate unrevoke', 'photo check', 'photo list', 'photo show',
        'photo approve', 'photo reject', 'photo reset';
    is((ctl('--help'))->{out} =~ tr/\x80-\xff//, 0, 'in ASCII');
    my @wide = grep { length > 79 } split /\n/, $out;
    cmp_ok(@wide, '<=', 2, 'that fits a terminal') or diag("@wide");
};


subtest 'output that cannot be written is told' => sub {
    plan(skip_all => 'no /dev/full') unless -e '/dev/full';

    my $command = join ' ', map { "'$_'" } ctl_file(), @site;
    my $r = run_command(['sh', '-c', "$command export members >/dev/full"]);
    is($r->{status}, 2, 'exit code');
    like($r->{err}, qr/cannot be written/, 'and why');

    my ($status, $out, $err) = run(@site, qw(export members -o),
                                   "$dir/none/out.csv");
    is($status, 2, 'a folder that is not there');
    like($err, qr{\Q$dir\E/none/out\.csv: No such file}, 'is named');
};


# ---- members ----------------------------------------------------------------------

subtest 'member show' => sub {
    my ($status, $out) = run(@site, 'member', 'show', $no);

    is($status, 0, 'it answers');
    like($out, qr/^name\s+林晓岚$/m, 'the name');
    like($out, qr/^id_number\s+3301\*+2366$/m, 'an ID number is masked');
    like($out, qr/^password\s+set$/m, 'there is a password');
    unlike($out, qr/argon2|330102198503072366|13800000001/,
           'nothing that is secret');

    my $json = shown($no);
    is($json->{fields}{name}, '林晓岚', '--json');
    is($json->{status}, 'active', 'the status');
    ok($json->{complete} && $json->{has_password}, 'complete');
    ok(!shown('330000010003')->{complete}, 'another is not');
    like((run(@site, qw(member show 330000010003)))[1],
         qr/^phone\s+\(missing\)$/m, 'and it shows what is missing');

    is(shown('3300 0001 0001')->{member_no}, $no, 'blanks do not matter');
    is(shown('practising-330000010002')->{fields}{name}, '王小明',
       'a user type in front');
    ($status, $out, my $err) = run(@site, qw(member show 330000010002));
    is($status, 1, 'one number of two types is refused');
    like($err, qr/write USER_TYPE-NUMBER/, 'and it says what to write');

    for my $unknown ('999', 'practising-330000010001', 'nobody-1') {
        is((run(@site, 'member', 'show', $unknown))[0], 1,
           "$unknown: exit code 1");
    }
    is((run(@site, 'member', 'show', 'a/b'))[0], 1, 'no number at all');
};


subtest 'member status, disable, enable, passwd; what the site makes of it'
    => sub
{
    my $nginx = $site->start();
    my $other = 'nonpractising-330000010002';
    my $try = sub {
        my ($number, $password) = @_;
        my $data = $site->login_data($number);
        $data->{password} = $password if defined $password;
        return $site->visitor()->post_json('/api/session', $data)->status();
    };

    my $member = $site->login($no);
    is((run(@site, 'member', 'status', $no, 'gone'))[0], 2, 'no such status');
    is((run(@site, 'member', 'status', $no, 'suspended'))[0], 0, 'suspended');
    is(shown($no)->{status}, 'suspended', 'it shows');
    like($member->get('/api/certificate')->body(), qr/"member_not_active"/,
         'the certificate is blocked');
    is((run(@site, 'member', 'status', $no, 'active'))[0], 0, 'active again');

    is((run(@site, 'member', 'disable', $no))[0], 0, 'disabled');
    is($try->($no), 401, 'a disabled member cannot log in');
    ok(shown($no)->{disabled}, 'it shows');
    is($member->post_json('/api/member', { values => { work_unit => 'x' } },
                          'If-Match' => '"1"')->status(), 401,
       'nor write with an old session');
    is((run(@site, 'member', 'enable', $no))[0], 0, 'enabled');
    is($try->($no), 200, 'and can again');

    is($try->('330000010002', 'paper lanterns 88'), 401, 'no password yet');
    is((run(@site, 'member', 'passwd', $other,
            { input => "paper lanterns 88\n" }))[0], 0, 'passwd');
    is($try->('330000010002', 'paper lanterns 88'), 200,
       'the new one works');
    like((run(@site, 'member', 'passwd', $other,
              { input => "Password123!\n" }))[2], qr/guessed first/,
         'the rules of the site hold here as well');

    for my $bad ("\n", "short\n", '', "$no\n", 'x' x 2000,
                 "two-lines-of\npassword-text\n")
    {
        my ($status, $out, $err) = run(@site, 'member', 'passwd', $no,
                                       { input => $bad });
        my $name = substr($bad, 0, 20) =~ s/\n/\\n/gr;
        isnt($status, 0, "refused: \"$name\"");
        unlike($err, qr/\Q$bad\E/, 'and not shown') if length $bad > 1;
    }
    is($try->($no), 200, 'the old one still works');

    is((run(@site, 'member', 'passwd', $no,
            { input => "通行证密码二〇二六年十一月\r\n" }))[0], 0,
       'Chinese, and a line that ends as Windows writes it');
    is($try->($no, '通行证密码二〇二六年十一月'), 200, 'is good at the door');

    is_deeply([at_terminal("typed-password\n", 'member', 'passwd', $no)],
              [0, "new password: \r\n"], 'at a terminal: it is not shown');
    is($try->($no, 'typed-password'), 200, 'and works');
    is((at_terminal("some-thing\x03\n", 'member', 'passwd', $no))[0], 1,
       'Ctrl-C changes nothing');
    is($try->($no, 'typed-password'), 200, 'it still works');

    $nginx->stop();
    clean_log($nginx);
};


# ---- configurations ------------------------------------------------------------------

# A configuration of two sites and everything a real one has around them.

sub real_conf {
    my ($store, $secret) = @_;

    return <<"END_CONF";
load_module modules/ngx_http_membercert_module.so;
user www-data;   # a comment with { and "
events { worker_connections 1024; }
stream { server { listen 1; proxy_pass 'a{b'; } }
http {
    include  mime*.types;
    log_format x '\$remote_addr {"a": "\$request"} '
                 "\\"\$uri\\"";
    init_by_lua_block {
        local a = "} membercert_store sqlite:/wrong;"
        local b = [==[ } ]] { ]==]  -- } a comment
        --[[ } membercert_secret /wrong; ]]
        if a then b = '}' end
    }
    map \$uri \$v { default 0; "~^/a{2}\$" 1; "~x;y" 2; }
    membercert_store sqlite:$store;
    server { listen 80; server_name plain.example.org; return 301 /; }
    server {
        server_name first.example.org *.first.example.org;
        location / {
            content_by_lua_block { ngx.say("{") -- }
            }
        }
        include site-*.conf;
        location /api/ { membercert; }
    }
    server {
        server_name second.example.org;
        membercert_store sqlite:$store.none;
        membercert_secret $secret;
        membercert_issuer second;
        location /in/ { location /in/api/ { membercert; } }
    }
}
END_CONF
}


subtest 'a real nginx.conf is read as nginx reads it' => sub {
    write_file("$dir/real.conf", real_conf($site->store(), "$dir/secret"));
    write_file("$dir/mime1.types", "types { text/html html; }\n");
    write_file("$dir/site-1.conf", "membercert_secret\n  $dir/secret;\n");
    write_file("$dir/site-2.conf", "membercert_issuer \"一 会\"; # {\n");

    my @conf = ('-c', "$dir/real.conf");
    my ($status, $out, $err) = run(@conf, 'member', 'show', $no);
    is($status, 0, 'blocks, Lua, includes, quotes') or diag($err);
    like($out, qr/林晓岚/, 'the first server with membercert');

    for my $name ('first.example.org', '*.first.example.org') {
        is((run(@conf, '--server', $name, 'member', 'show', $no))[0], 0,
           "--server $name");
    }

    ($status, $out, $err) = run(@conf, qw(--server second.example.org),
                                'member', 'show', $no);
    is($status, 2, 'the other server has another store');
    like($err, qr/\Q${\$site->store()}\E\.none/, 'which is not there');

    for my $name ('plain.example.org', 'third.example.org') {
        ($status, $out, $err) = run(@conf, '--server', $name, 'check');
        is($status, 2, "$name is no site");
        like($err, qr/real\.conf: no server named \Q$name\E with a /, 'why');
    }

    is((run(@conf, qw(--server second.example.org -d), $site->store(),
            'member', 'show', $no))[0], 0, '-d wins over the file');
    is((run(@conf, '-s', "$dir/none", 'member', 'show', $no))[0], 2,
       'and -s');

    my $relative = run_command(['sh', '-c', "cd '$dir' && '"
        . ctl_file() . "' -c real.conf member show $no"]);
    is($relative->{status}, 0, 'a relative path; includes stand beside it')
        or diag($relative->{err});
};


subtest 'the directives of the site count' => sub {
    write_file("$dir/own.conf", site_conf(dir => $dir, port => 1,
        server => "membercert_user_type other 其他 Other;\n"));
    my ($status, $out, $err) = run('-c', "$dir/own.conf", 'member', 'show',
                                   'nonpractising-330000010002');
    is($status, 1, 'a user type the site does not have');
};


subtest 'mistakes are told with file and line' => sub {
    my %texts = (
        'a directive' => ["http {\n server {\n  membercert_photo dpi=x;\n"
            . "  location /a/ { membercert; }\n } }\n", 3,
            qr/invalid number "x" of "dpi"/],
        'a duplicate' => ["http { server {\n membercert_hotline 1;\n\n"
            . " membercert_hotline 2; location /a/ { membercert; } } }\n", 4,
            qr/is duplicate/],
        'a brace too few' => ["http {\n server {\n }\n", 4,
            qr/unexpected end of file/],
        'a brace too many' => ["events { }\n}\n", 2, qr/unexpected "\}"/],
        'a word that does not end' => ["http {\n  a \"b;\n }\n", undef,
            qr/unexpected end of file/],
        'a Lua block that does not end' => ["http {\n\n x_by_lua_block {"
            . " local a = [[ } \n } }\n", 3, qr/Lua block/],
        'an include' => ["http {\n include none.conf;\n}\n", 2,
            qr/none\.conf/],
        'a relative secret' => ["http { server { location /a/ {"
            . " membercert; }\n membercert_secret secret; } }\n", 2,
            qr/is not absolute/],
    );

    for my $name (sort keys %texts) {
        my ($text, $line, $reason) = @{$texts{$name}};
        write_file("$dir/bad.conf", $text);
        my ($status, $out, $err) = run('-c', "$dir/bad.conf", 'check');

        is($status, 2, "$name: exit code");
        $line = '\d+' unless defined $line;
        like($err, qr{\Q$dir\E/bad\.conf:$line: .*$reason}, "$name: where");
    }

    write_file("$dir/bad.conf", "http {\n include more/*.conf;\n}\n");
    mkdir "$dir/more";
    write_file("$dir/more/a.conf", "\n\nmembercert_timezone east;\n");
    like((run('-c', "$dir/bad.conf", 'check'))[2],
         qr{\Q$dir\E/more/a\.conf:3: .*east}, 'in an included file');
    like((run('-c', "$dir/bad.conf", 'check'))[2], qr/-d STORE and -s SECRET/,
         'with the way out');

    like((run('-c', "$dir/none.conf", 'check'))[2], qr{none\.conf},
         'no such configuration');
    like((run('-c', $dir, 'check'))[2], qr{^membercertctl: \Q$dir\E}m,
         'a folder');

    write_file("$dir/empty.conf", "http { server { listen 80; } }\n");
    like((run('-c', "$dir/empty.conf", 'check'))[2],
         qr/empty\.conf: no server with a "membercert" location/,
         'no site in it');

    write_file("$dir/lacks.conf", "http { server {\n membercert_store "
               . "sqlite:$dir/store;\n location /a/ { membercert; } } }\n");
    like((run('-c', "$dir/lacks.conf", 'check'))[2],
         qr/"membercert_secret" is required/, 'a site that lacks something');
};


subtest 'store and secret by name' => sub {
    my %wrong = (
        'no such folder' => [['-d', "$dir/none", '-s', "$dir/secret"],
                             qr{\Q$dir\E/none: No such file.*nginx -t makes}],
        'a file'         => [['-d', "$dir/secret", '-s', "$dir/secret"],
                             qr/not a folder/],
        'a relative one' => [['-d', 'store', '-s', "$dir/secret"],
                             qr/is not absolute/],
        'an empty one'   => [['-d', "$dir/more", '-s', "$dir/secret"],
                             qr/membercertctl|init|missing/],
        'no such secret' => [['-d', $site->store(), '-s', "$dir/none"],
                             qr{secret file "\Q$dir\E/none" does not exist}],
    );

    for my $name (sort keys %wrong) {
        my ($args, $reason) = @{$wrong{$name}};
        my ($status, $out, $err) = run(@$args, 'check');
        is($status, 2, "$name: exit code 2");
        like($err, $reason, "$name: why");
    }

    write_file("$dir/other", 'z' x 40, 0600);
    my ($status, $out, $err) = run('-d', $site->store(), '-s', "$dir/other",
                                   'member', 'show', $no);
    isnt($status, 0, 'another secret opens nothing');
    like($err, qr/cannot be opened with this secret/, 'and it says so');
};


done_testing();
