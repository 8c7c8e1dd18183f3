# While one writer is stuck, what needs no writing goes on: uploads that wait
# for the lock stop neither certificates nor pages.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;
use Time::HiRes qw(sleep time);

need('module', 'ctl');

my @numbers = map { "33000001000$_" } 1 .. 5;
my $site = new_site(
    people => [map { person($_) } @numbers],
    photos => { $numbers[0] => 2 },
    conf   => { server => "        membercert_thread_pool store=store cpu=cpu;\n",
                certificate_cache => 'off' },
    nginx  => { main => "thread_pool store threads=16;\nthread_pool cpu threads=1;\n" },
);

my $reader = $site->login($numbers[0]);
my $version = $reader->get('/api/certificate')->json()->{version};
is($reader->post_json('/api/certificate', { version => $version })->status(),
   201, 'a confirmed certificate');

# the first file is recorded before it leaves; that is a write

is($reader->get('/api/certificate.pdf')->status(), 200, 'its first file');

my @writers = map { $site->login($_) } @numbers[1 .. 4];
my @photos = map { portrait(10 + $_) } 0 .. $#writers;

my $lock = $site->hold_lock();
my @uploads = map {
    my $n = $_;
    in_background(sub {
        $writers[$n]->put_photo('/api/photo?declare=1', $photos[$n])->status();
    });
} 0 .. $#writers;
sleep 0.5;

my $began = time();
my $pdf = $reader->get('/api/certificate.pdf');
is($pdf->status(), 200, 'it is sent again while four uploads wait');
like($pdf->body(), qr/^%PDF-/, 'whole');
is($reader->get('/api/member')->status(), 200, 'a page too');
cmp_ok(time() - $began, '<', 3, 'long before the uploads give up');

$lock->release();
is_deeply([map { $_->wait(20) } @uploads], [(202) x @uploads],
          'and the uploads end well when the lock comes free');

clean_log($site->nginx());
done_testing();
