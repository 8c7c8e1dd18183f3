# Whose the store is: the worker user's, whoever runs the commands; planted
# symbolic links lead nowhere; nginx -t makes the folder and nothing else;
# a module that is loaded but unused does nothing.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use Cwd qw(abs_path);
use File::Find qw(find);
use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl');

my $uid = getpwnam(worker_user());


# Everything below a folder: path => mode, owner, size, times.

sub snapshot {
    my ($dir) = @_;

    my %seen;
    find(sub {
        my @st = lstat $_;
        $seen{substr($File::Find::name, length $dir)}
            = join ' ', @st[1, 2, 4, 5, 7, 9, 10];
    }, $dir);
    return \%seen;
}

# Files and folders of root below a folder, itself included.
sub of_others {
    my ($dir) = @_;

    my @found;
    find(sub { push @found, $File::Find::name if (lstat $_)[4] != $uid },
         $dir);
    return @found;
}

sub bare_site {
    my $dir = temp_dir('bare');
    my $port = free_port();

    write_file("$dir/secret", 'ab' x 32 . "\n", 0600);
    return bless { dir => $dir, port => $port,
                   conf => { dir => $dir, port => $port, server =>
                       '        membercert_public_url '
                       . "https://member.example.org;\n" } },
        'MembercertTest::Site';
}


subtest 'nginx -t creates and changes nothing but the folder' => sub {
    my $site = bare_site();
    my $nginx_dir = temp_dir('nginx');
    my $store = $site->store();

    my ($status, $out) = test_nginx($site->text(), dir => $nginx_dir);
    is($status, 0, 'the configuration is fine') or diag($out);
    like($out, qr/core\.db" is missing: run membercertctl init/,
         'with a word about the missing store');
    ok(-d $store, 'the folder is there');
    is_deeply([(stat $store)[2] & 0777, (stat _)[4]], [0700, $uid],
              'of the worker user, for nobody else');
    is_deeply([glob "$store/* $store/.??*"], [], 'and empty');

    my $before = snapshot($site->dir());
    is((test_nginx($site->text(), dir => $nginx_dir))[0], 0, 'once more');
    is_deeply(snapshot($site->dir()), $before, 'changes nothing');

    ok($site->ctl('init')->{ok}, 'init');
    $before = snapshot($site->dir());
    ($status, $out) = test_nginx($site->text(), dir => $nginx_dir);
    is($status, 0, 'with a store');
    unlike($out, qr/\[warn\]/, 'there is nothing to warn of');
    is_deeply(snapshot($site->dir()), $before, 'and nothing changes');
};


subtest 'the folder is the worker user\'s; commands of root leave no file'
    . ' of root' => sub
{
    plan(skip_all => 'needs root') if $> != 0;

    my $site = bare_site();
    test_nginx($site->text());

    my $csv = write_file($site->dir() . '/i.csv', institutes_csv());
    my $members = write_file($site->dir() . '/m.csv',
        members_csv(map { person("33000001000$_") } 1 .. 3));
    my $photos = temp_dir('photos');
    write_file("$photos/330000010001.jpg", portrait(1));

    my $backup = temp_dir('backup');
    chown $uid, -1, $backup;

    for my $command (
        ['init'], ['import', 'institutes', $csv],
        ['import', 'members', $members], ['import', 'photos', $photos],
        ['member', 'passwd', '330000010002', { input => "paper lanterns 88\n" }],
        ['member', 'status', '330000010003', 'suspended'],
        ['export', 'members', '-o', $site->dir() . '/out.csv'],
        ['check'], ['gc'], ['work', '--once'], ['audit', 'verify'], ['migrate'],
        ['backup', $backup])
    {
        my $r = $site->ctl(@$command);
        my $name = join ' ', grep { !ref } @$command;
        ok($r->{ok}, $name) or diag($r->{err});
        is_deeply([of_others($site->store())], [], 'leaves no file of root');
    }
    is_deeply([of_others($backup)], [], 'nor does backup in its folder');

    my $start = start_nginx($site->text(), dir => $site->dir() . '/nginx');
    my $member = $site->login();
    is($member->get('/api/photo')->body() =~ /^\xff\xd8/ ? 1 : 0, 1,
       'workers read and write it, with a master of root');
    is_deeply([of_others($site->store())], [], 'as their own');
    is($start->stop(), 'QUIT', 'nginx ends');
    clean_log($start);

    my $r = $site->ctl('backup', temp_dir('closed'));
    ok(!$r->{ok}, 'a backup where the owner cannot write');
    like($r->{err}, qr/cannot write there; chown/, 'says what to do');
};


subtest 'a file of root is warned of' => sub {
    plan(skip_all => 'needs root') if $> != 0;

    my $site = new_site(start => 0);
    chown 0, 0, $site->store() . '/core.db';
    like((test_nginx($site->text()))[1], qr/does not belong to the owner/,
         'by nginx -t');
};


for my $name (qw(lock core.db photo.db core.db-wal photo.db-shm)) {
    subtest "a planted symbolic link is refused: $name" => sub {
        my $site = new_site(start => 0);
        my $store = $site->store();
        my $target = $site->dir() . '/target';

        # what a link could reach: a file of the same kind, ours to read
        rename("$store/$name", $target) or write_file($target, '');
        chown $uid, -1, $target;
        symlink($target, "$store/$name") or die "symlink: $!";
        my $before = slurp($target);

        my $r = $site->ctl('import', 'members',
            write_file($site->dir() . '/x.csv',
                       members_csv(person('330000010009'))));
        ok(!$r->{ok}, 'by a command that writes') or diag($r->{out});

        my $nginx = $site->start();
        $r = $site->visitor()->post_json('/api/session',
            $site->login_data('330000010001'));
        is($r->status(), 503, 'by a worker');
        is($r->problem(), 'service_unavailable', 'the code');
        $nginx->stop();

        is(slurp($target), $before, 'what it leads to is as it was');
        like($nginx->error_log(), qr/symbolic link|missing or of another/,
             'the log has a hint');
    };
}


subtest 'init does not follow planted links either' => sub {
    for my $name (qw(lock core.db photo.db core.db-wal photo.db-journal)) {
        my $site = bare_site();
        test_nginx($site->text());

        my $target = $site->dir() . '/target';
        symlink($target, $site->store() . "/$name") or die "symlink: $!";
        my $r = $site->ctl('init');

        ok(!$r->{ok}, "$name: refused");
        ok(!-e $target, "$name: nothing was made at its end");
    }
};


subtest 'a store folder that is a link is followed once, on purpose' => sub {
    my $site = new_site(start => 0);
    my $real = $site->dir() . '/elsewhere';

    rename($site->store(), $real) or die "rename: $!";
    symlink($real, $site->store()) or die "symlink: $!";

    my $nginx = $site->start();
    is($site->login()->get('/api/member')->status(), 200,
       'an administrator may keep it elsewhere');
    $nginx->stop();
    clean_log($nginx);
};


subtest 'module loaded but unused: nothing changes' => sub {
    my $dir = temp_dir('unused');
    my $port = free_port();
    my $text = <<"END_CONF";
http {
    membercert_store sqlite:$dir/store;
    membercert_zone zone=unused:256k;
    client_body_buffer_size 1k;
    server {
        listen 127.0.0.1:$port;
        location /api/ { return 404 "none here"; }
        location /in/ { proxy_pass http://127.0.0.1:$port/echo; }
        location /echo { proxy_pass http://127.0.0.1:$port/length; }
        location /length { return 200 "\$content_length"; }
    }
}
END_CONF
    my $nginx = start_nginx($text);
    my $c = client($port);

    ok(!-e "$dir/store", 'no folder is made');
    is($c->get('/api/site')->body(), 'none here', 'no route answers');
    is($c->request('PUT', '/in/x', body => 'x' x 50000)->body(), '50000',
       'bodies pass untouched');
    is($nginx->stop(), 'QUIT', 'nginx ends');
    clean_log($nginx, 'and the log is clean', errors => 1);
};


done_testing();
