# Finished certificates in the workers' caches: the same bytes, and never
# those of yesterday.  S17 I13 I14

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Officer;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my $headers = "        add_header X-Worker \$pid always;\n"
    . "        add_header X-Cache \$membercert_cache always;\n"
    . "        add_header X-Session \$membercert_session always;\n";
my @numbers = map { sprintf '33000001%04d', $_ } 1 .. 6;
my $other_port = free_port();
my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { map { $numbers[$_] => $_ + 1 } 0 .. $#numbers },
    conf => { server => officer_location() . $headers },
    start => 0,
);
my $core = $site->store() . '/core.db';

# another hot line, the same store
my $second = <<"END_CONF";
    server {
        listen 127.0.0.1:$other_port;
        membercert_store sqlite:@{[ $site->store() ]};
        membercert_secret @{[ $site->dir() ]}/secret;
        membercert_issuer "测试协会" "Test Institute";
        membercert_hotline "021-62250338";
        membercert_session secure=off;
        membercert_origin http://127.0.0.1:$other_port;
        membercert_captcha web=off mini=off;
$headers
        location /api/ { membercert; }
    }
END_CONF

# two more, of a cache for one or two files, and of none
my (%ports, $small) = ();
for my $size (qw(64k off)) {
    my $port = $ports{$size} = free_port();
    $small .= $second =~ s/\Q$other_port\E/$port/gr
        =~ s/(membercert_captcha)/membercert_certificate_cache $size;\n        $1/r
        =~ s/\{ membercert; \}/{ membercert; limit_rate \$arg_rate; }/r;
}

# and one of two layouts
my $layouts = '';
for my $page (qw(a4 card)) {
    $layouts .= "        membercert_layout $page { page $page;\n"
        . "            style plain size=9 least=6; title 14 14 80 plain \"a\";\n"
        . "            value name 14 30 60 8 plain; photo 90 30 20 28; }\n";
}
my $layout_port = free_port();
$small .= $second =~ s/\Q$other_port\E/$layout_port/gr
    =~ s/(membercert_captcha)/$layouts        $1/r;

$site->{conf}{http} = $second . $small;
my $nginx = $site->start(workers => 2);


sub pdf {
    my ($client, %headers) = @_;

    return $client->get('/api/certificate.pdf', %headers);
}

sub cached { return $_[0]->header('X-Cache') // '-' }

# A member who has confirmed, and a kept connection to each worker.
sub confirmed {
    my ($number, $port) = @_;

    my $client = $site->login($number);
    my $version = $client->get('/api/certificate')->json()->{version};
    my $r = $client->post_json('/api/certificate', { version => $version });
    die 'not confirmed: ' . $r->body() if $r->status() >= 300;
    return $client;
}

sub workers_of {
    my ($client, $port) = @_;

    my %at;
    for (1 .. 200) {
        my $own = client($port || $site->port(), keepalive => 1,
                         timeout => 20,
                         headers => { Cookie => $client->cookie_header() });
        my $worker = $own->get('/api/site')->header('X-Worker');
        $at{$worker} ||= $own;
        last if keys %at == 2;
    }
    return map { $at{$_} } sort keys %at;
}

# Until both have it.
sub warm {
    for my $worker (@_) {
        ok(wait_for(sub { cached(pdf($worker)) eq 'hit' }, 10), 'kept');
    }
    return;
}


subtest 'S17: once more is the same file, without the store' => sub {
    my $member = confirmed($numbers[0]);
    my ($own) = workers_of($member);
    my $first = pdf($own);

    is($first->status() . cached($first), '200miss', 'made');
    my $again = pdf($own);
    is($again->status() . cached($again), '200hit', 'kept');
    is($again->header('X-Session'), 'hit', 'the zone knows who asks');
    ok($first->body() eq $again->body(), 'byte for byte');
    is(length $again->body(), $again->header('Content-Length'), 'whole');

    for my $name (qw(ETag Content-Type Content-Disposition Cache-Control
                     X-Content-Type-Options Accept-Ranges)) {
        is($again->header($name), $first->header($name), $name);
    }

    my $size = length $first->body();
    my $r = pdf($own, Range => 'bytes=10-19');
    is($r->status() . cached($r), '206hit', 'a range');
    is($r->body(), substr($first->body(), 10, 10), 'of these bytes');

    # over every border of the parts
    for my $from (0, int($size / 3), $size - 30_000, $size - 100) {
        $r = pdf($own, Range => "bytes=$from-");
        ok($r->body() eq substr($first->body(), $from), "from $from");
    }

    $r = pdf($own, Range => 'bytes=0-9,20-29');
    is($r->status(), 200, 'several ranges get the whole');
    ok($r->body() eq $first->body(), 'and nothing else');
    is(pdf($own, Range => 'bytes=9999999-')->status(), 416, 'beyond its end');

    $r = pdf($own, 'If-None-Match' => $first->header('ETag'));
    is($r->status() . cached($r) . $r->body(), '304hit', 'not modified');
    is($r->header('ETag'), $first->header('ETag'), 'with its tag');
    is(pdf($own, 'If-None-Match' => '"x"')->status(), 200, 'another tag');
    is(pdf($own, 'If-Match' => '"x"')->status(), 412, 'If-Match');
    is(pdf($own, Range => 'bytes=0-3', 'If-Range' => '"x"')->status(), 200,
       'If-Range of another file');

    $r = $own->head('/api/certificate.pdf');
    is($r->status() . cached($r), '200hit', 'HEAD');
    is($r->header('Content-Length'), $size, 'has the length');
};


subtest 'each of them is told to the audit' => sub {
    my $member = confirmed($numbers[3]);
    my ($own) = workers_of($member);

    my @got = map { pdf($own) } 1 .. 10;
    is($got[-1]->status() . cached($got[-1]), '200hit', 'sent ten times');
    is(pdf($own, 'If-None-Match' => $got[0]->header('ETag'))->status(), 304,
       'which is no download');
    is($own->head('/api/certificate.pdf')->status(), 200, 'nor is HEAD');

    my $told = sub {
        my $count = 0;
        for (query($core, q(SELECT result FROM audit JOIN member m
                            ON m.id = member_id WHERE member_no = ?
                            AND action = 'download'), $numbers[3])) {
            $count += $1 || 1 if $_->[0] =~ /^serial \d+(?:, (\d+) times)?$/;
        }
        return $count;
    };
    wait_for(sub { $told->() >= 10 }, 5);
    sleep 1;
    is($told->(), 10, 'as often as it was sent');
};


subtest 'I13: what another worker writes shows at once' => sub {
    my $member = confirmed($numbers[1]);
    my ($here, $there) = workers_of($member);
    ok($there, 'a connection to each worker');

    warm($here, $there);
    my $revision = $there->get('/api/member')->json()->{revision};
    my $r = $there->post_json('/api/member',
        { values => { work_unit => 'elsewhere' } },
        'If-Match' => qq("$revision"), Origin => undef,
        'Sec-Fetch-Site' => 'same-origin');
    is($r->status(), 200, 'a save there');
    $r = pdf($here);
    is($r->status() . cached($r), '200miss', 'asks the store here');

    warm($here, $there);
    $member->put_photo('/api/photo?declare=1', portrait(61));
    is(cached(pdf($_)), 'miss', 'so does a photo') for $here, $there;

    warm($here, $there);
    add_officer($site, 'li', '33');
    my ($officer) = map { officer_login($site, $_) }
        { name => 'wang', %{add_officer($site, 'wang', '33')} };
    my ($case) = $site->cases('--state', 'review');
    $r = $officer->post_json("/officer/api/case/$case->{photo_id}",
                             { decision => 'approve' });
    is($r->status(), 200, 'an officer approves the photo');
    for my $worker ($here, $there) {
        is(pdf($worker)->problem(), 'confirm_again', 'and it is not sent');
    }

    my $version = $there->get('/api/certificate')->json()->{version};
    $r = $member->post_json('/api/certificate', { version => $version });
    is($r->status(), 201, 'confirmed again');
    my $old = pdf($here);
    is($old->status() . cached($old), '200miss', 'sent again');
    ok($old->body() eq pdf($there)->body(), 'the same from both');

    warm($here, $there);
    my $serial = $there->get('/api/certificate')->json()->{confirmed}{serial};
    my %taken = (serial => $serial, reason => '照片有误');
    is($officer->post_json('/officer/api/certificate/revoke', \%taken)
       ->status(), 200, 'an officer takes it back');
    for my $worker ($here, $there) {
        is(pdf($worker)->problem(), 'certificate_revoked', 'it is not sent');
    }
    is($officer->post_json('/officer/api/certificate/unrevoke', \%taken)
       ->status(), 200, 'and gives it back');
    is(pdf($_)->status(), 200, 'it is sent') for $here, $there;
};


subtest 'each layout is kept for itself' => sub {
    my $member = confirmed($numbers[1]);
    my ($own) = workers_of($member, $layout_port);
    my %file;

    for my $layout ('', 'a4', 'card') {
        my @got = map {
            $own->get("/api/certificate.pdf?layout=$layout")
        } 1 .. 3;
        is(cached($got[2]), 'hit', "layout=$layout is kept");
        ok($got[0]->body() eq $got[2]->body(), 'the same bytes');
        $file{$layout} = $got[2]->body();
    }
    ok($file{''} eq $file{a4} && $file{''} ne $file{card},
       'the first is the default, the other one another');
    is($own->get('/api/certificate.pdf?layout=c%61rd')->status(), 404,
       'names are exact');
    is($own->get('/api/certificate.pdf?layout=' . 'x' x 40)->problem(),
       'layout_unknown', 'and none is too long to be unknown');
};


subtest 'a session that has ended gets nothing' => sub {
    my $member = confirmed($numbers[2]);
    my ($here, $there) = workers_of($member);

    warm($here, $there);
    is($member->delete('/api/session')->status(), 204, 'logged out');
    for my $worker ($here, $there) {
        my $r = pdf($worker);
        is($r->status() . ' ' . $r->problem(), '401 session_expired',
           'at once, in each worker');
        is(cached($r), '-', 'the cache was not asked');
    }

    my $other = confirmed($numbers[3]);
    my $r = pdf($other);
    isnt($r->header('ETag'), undef, 'another member');
    is(pdf($site->visitor())->status(), 401, 'a stranger');
};


subtest 'membercertctl is seen within 30 s' => sub {
    my $member = confirmed($numbers[4]);
    my ($own) = workers_of($member);

    warm($own);
    my $start = time();
    $site->must_ctl('member', 'status', $numbers[4], 'suspended');
    is(cached(pdf($own)), 'hit', 'not yet');
    ok(wait_for(sub { pdf($own)->status() == 409 }, 35), 'it is');
    cmp_ok(time() - $start, '<=', 31, 'in time');
    is(pdf($own)->problem(), 'member_not_active', 'for what it is');
};


subtest 'two sites of one store have their own' => sub {
    my $member = confirmed($numbers[5]);
    my ($one) = workers_of($member);
    my ($two) = grep {
        $_->get('/api/site')->header('X-Worker')
            eq $one->get('/api/site')->header('X-Worker')
    } workers_of($member, $other_port);

    warm($one);
    my $r = pdf($two);
    is(cached($r), 'miss', 'not kept for the other one');
    warm($two);
    is(cached(pdf($_)), 'hit', 'now both have it') for $one, $two;

    my $revision = $two->get('/api/member')->json()->{revision};
    is($two->post_json('/api/member', { values => { work_unit => 'new' } },
                       'If-Match' => qq("$revision"),
                       'Sec-Fetch-Site' => 'same-origin')->status(), 200,
       'a save at one of them');
    is(cached(pdf($one)), 'miss', 'is known to the other');
};


subtest 'membercert_certificate_cache is a bound, and off' => sub {
    my @members = map { confirmed($numbers[$_]) } 0, 1, 3, 5;
    my @own = map { [workers_of($_, $ports{'64k'})] } @members;
    my $worker = $own[0][0]->get('/api/site')->header('X-Worker');
    my @here = map {
        my ($same) = grep {
            $_->get('/api/site')->header('X-Worker') eq $worker
        } @$_;
        $same;
    } @own;

    pdf($_) for @here;
    is(cached(pdf($here[-1])), 'hit', 'the latest is kept');
    is(cached(pdf($here[0])), 'miss', 'the oldest had to go');
    is(cached(pdf($here[0])), 'hit', 'and comes back');

    my ($client) = workers_of($members[0], $ports{off});
    is(pdf($client)->status(), 200, 'off: sent') for 1 .. 2;
    is(cached(pdf($client)), '-', 'and nobody asks');
};


subtest 'one that is being sent outlives its place' => sub {
    my @members = map { confirmed($numbers[$_]) } 0, 1, 3, 5;
    my ($first, @rest) = map { [workers_of($_, $ports{'64k'})] } @members;
    my $own = $first->[0];
    my $worker = $own->get('/api/site')->header('X-Worker');
    my $whole = pdf($own)->body();
    is(cached(pdf($own)), 'hit', 'kept');

    # 20 kB/s, so that it takes a while
    my @slow = map {
        my $s = raw($ports{'64k'}, timeout => 20);
        my $got;
        for (1 .. 200) {
            $s->send("GET /api/site HTTP/1.1\r\nHost: a\r\n\r\n");
            last if $s->read_response()->header('X-Worker') eq $worker;
            $s->close();
            $s = raw($ports{'64k'}, timeout => 20);
        }
        $s->send("GET /api/certificate.pdf?rate=20k HTTP/1.1\r\nHost: a\r\n"
            . 'Cookie: ' . $members[0]->cookie_header() . "\r\n\r\n");
        $s;
    } 1, 2;
    sleep 0.2;

    for (@rest) {
        pdf($_) for grep {
            $_->get('/api/site')->header('X-Worker') eq $worker
        } @$_;
    }
    is(cached(pdf($own)), 'miss', 'its place is another one\'s');

    $slow[1]->reset();
    my $r = $slow[0]->read_response();
    ok($r && $r->status() == 200 && cached($r) eq 'hit'
           && $r->body() eq $whole, 'it comes whole');
};


subtest 'a reload begins anew, with the same bytes' => sub {
    my $member = confirmed($numbers[0]);
    my ($own) = workers_of($member);
    warm($own);
    my $before = pdf($own);
    my %old = map { $_ => 1 } $nginx->worker_pids();

    ok($nginx->reload(), 'a reload');
    ok(wait_for(sub { !grep { $old{$_} } $nginx->worker_pids() }, 10),
       'the old workers have gone');
    my ($here, $there) = workers_of($member);
    my $after = pdf($here);
    is(cached($after), 'miss', 'made anew');
    is($after->header('ETag'), $before->header('ETag'), 'the same tag');
    ok($after->body() eq $before->body(), 'the same bytes');

    warm($here, $there);
    my $revision = $there->get('/api/member')->json()->{revision};
    $there->post_json('/api/member', { values => { work_unit => 'later' } },
                      'If-Match' => qq("$revision"),
                      'Sec-Fetch-Site' => 'same-origin');
    is(cached(pdf($here)), 'miss', 'generations go on');
};


clean_log($nginx);
done_testing();
