# writes.pl BASE SECONDS PORTRAIT: durable writes a second, one connection
# each, 8 at once: saves of the profile and uploads of new photos.
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;
use Time::HiRes qw(time);

my ($base, $seconds, $portrait) = @ARGV;
my ($host) = $base =~ m{//([^/]+)};
my @people = map { [nonpractising => $_] } qw(330000010001 330000010002 310000010003 330000010004
    530000010005 310000010007);
push @people, [practising => '530000010008'];

sub request {
    my ($socket, $method, $path, $headers, $body) = @_;
    print $socket "$method $path HTTP/1.1\r\nHost: $host\r\nOrigin: $base\r\n",
        (map { "$_: $headers->{$_}\r\n" } keys %$headers), 'Content-Length: ', length $body, "\r\n\r\n", $body;
    my ($head, $line) = ('');
    while (defined($line = <$socket>) && $line ne "\r\n") { $head .= $line }
    my ($length) = $head =~ /^Content-Length: (\d+)/mi;
    read $socket, my $reply, $length // 0;
    my ($status) = $head =~ m{^HTTP/1\.\d (\d+)};
    return ($status // 0, $head, $reply);
}

sub worker {
    my ($person, $what, $until, $photos) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, Timeout => 5) or die "connect: $!";
    my ($logged, $head) = request($socket, 'POST', '/api/session', { 'Content-Type' => 'application/json' },
        encode_json({ user_type => $person->[0], member_no => "$person->[1]", password => 'membercert-2026', client => 'web' }));
    my ($cookie) = $head =~ /^Set-Cookie: ([^;]+)/mi or die "no log-in for $person->[1]: $logged";
    my %headers = (Cookie => $cookie);
    my (undef, $member_head, $member) = request($socket, 'GET', '/api/member', \%headers, '');
    my ($etag) = $member_head =~ /^ETag: (\S+)/mi;
    request($socket, 'POST', '/api/consent', { %headers, 'Content-Type' => 'application/json' },
        encode_json({ document => 'privacy', version => '2026-11', accepted => JSON::PP::true }));
    my ($n, $bad, $start) = (0, 0, time);
    while (time < $until) {
        my ($status, $h);
        if ($what eq 'save') {
            ($status, $h) = request($socket, 'POST', '/api/member',
                { %headers, 'Content-Type' => 'application/json', 'If-Match' => $etag },
                encode_json({ values => { work_unit => "unit $n" } }));
            ($etag) = $h =~ /^ETag: (\S+)/mi if $status == 200;
        }
        else {
            my $photo = shift @$photos // last;
            ($status) = request($socket, 'PUT', '/api/photo?declare=1',
                { %headers, 'Content-Type' => 'image/jpeg' }, $photo);
        }
        if ($status =~ /^20/) { $n++ }
        elsif (++$bad > 3) { last }
    }
    return ($n, time - $start);
}

# drawn before the clock starts; each upload needs pixels of its own
my %photos;
for my $person (@people) {
    $photos{ $person->[1] } = [ map { scalar qx($portrait @{[ $person->[1] % 1000 ]} $_) } 1 .. 60 ];
}

for my $what ('save', 'upload') {
    my ($start, @pipes) = time;
    for my $person (@people) {
        my $pid = open my $pipe, '-|' // die "fork: $!";
        if (!$pid) { print join ' ', worker($person, $what, $start + 2 + $seconds, $photos{ $person->[1] }); exit 0 }
        push @pipes, $pipe;
    }
    my $sum = 0;
    my $longest = 0;
    for my $pipe (@pipes) {
        my ($n, $took) = split ' ', <$pipe> // '0 0';
        $sum += $n;
        $longest = $took if $took > $longest;
    }
    printf "%-38s %10.1f /s\n", $what eq 'save' ? 'save of the profile (durable)' : 'upload of a new photo (durable)',
        $sum / ($longest || 1);
}
