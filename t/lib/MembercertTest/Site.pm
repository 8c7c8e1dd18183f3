# A whole site for the protocol tests: people made up, store, nginx, clients
# that are logged in, photos, the writer lock in the test's own hand.
#
#   my $site = new_site(people => [person('330000010001')]);
#   my $member = $site->login('330000010001');
#   $member->get('/api/member');
#
# Everybody's password is password(); it is imported as a PHC string, so no
# time goes into hashing.  See t/lib/README.md.

package MembercertTest::Site;

use strict;
use warnings;
use utf8;

use Exporter qw(import);
use Fcntl qw(:flock O_RDONLY);
use JSON::PP ();
use MembercertTest qw(client free_port make_store repository run_command
    site_conf start_nginx temp_dir write_file);
use Test::More ();

binmode(Test::More->builder()->$_(), ':encoding(UTF-8)')
    for qw(output failure_output todo_output);

our @EXPORT = qw(
    new_site person password institutes_csv members_csv portrait hostile
    query values_of
);

# argon2id with the product's own parameters, of password()
my $phc = '$argon2id$v=19$m=19456,t=2,p=1$l05Wz5hkMLH1Rznf/3qILQ'
    . '$fCGDga66vuK4eqtOaRms0LgyQgWMVNRo+uin2Q78ahs';

my @columns = qw(user_type member_no name sex certificate_no category
    admitted_on institute status id_number phone email work_unit address
    postcode password_hash);


sub password { return 'test-password-2026' }


# A member who lacks nothing but a photo; options replace values, undef or
# '' empties them.

sub person {
    my ($number, %opt) = @_;

    return {
        user_type      => 'nonpractising',
        member_no      => $number,
        name           => '林晓岚',
        sex            => '女',
        certificate_no => 'F33-2019-' . substr($number, -4),
        category       => '个人会员',
        admitted_on    => '2019-06-18',
        institute      => '33',
        status         => '正常',
        id_number      => '330102198503072366',
        phone          => '13800000001',
        email          => 'linxl@example.org',
        work_unit      => '杭州示例会计咨询有限公司',
        address        => '杭州市西湖区示例路1号',
        postcode       => '310012',
        password_hash  => $phc,
        %opt,
    };
}


sub institutes_csv {
    return <<'END_CSV';
code,name,name_en,contact,phone
33,浙江省注册会计师协会,Zhejiang Institute of CPAs,会员服务部,0571-88250337
31,上海市注册会计师协会,Shanghai Institute of CPAs,会员部,021-62250338
END_CSV
}


sub members_csv {
    my (@people) = @_;

    return join '', map { "$_\n" } join(',', @columns),
        map { my $p = $_; join ',', map { cell($p->{$_}) } @columns } @people;
}

sub cell {
    my ($value) = @_;

    $value = '' unless defined $value;
    return $value unless $value =~ /[",\r\n]/;

    $value =~ s/"/""/g;
    return qq("$value");
}


# new_site(people => [...], photos => {number => portrait's number},
# conf => {options of site_conf}, nginx => {options of start_nginx},
# start => 0): everything is there and runs.

sub new_site {
    my (%opt) = @_;

    my $dir = $opt{dir} || temp_dir('site');
    my $port = free_port();
    my $people = $opt{people} || [person('330000010001')];
    my %conf = (dir => $dir, port => $port, %{$opt{conf} || {}});

    $conf{tls_port} = free_port() if $opt{tls};

    my $self = bless { dir => $dir, port => $port, conf => \%conf,
                       tls_port => $conf{tls_port} }, __PACKAGE__;

    make_store($dir, institutes => institutes_csv(),
               members => members_csv(@$people));
    $self->import_photos($opt{photos}) if $opt{photos};

    return $self if defined $opt{start} && !$opt{start};

    $self->start(%{$opt{nginx} || {}});
    return $self;
}


sub start {
    my ($self, %nginx) = @_;

    $self->{nginx} = start_nginx($self->text(), dir => "$self->{dir}/nginx",
                                 %nginx);
    return $self->{nginx};
}


sub dir      { return $_[0]{dir} }
sub port     { return $_[0]{port} }
sub tls_port { return $_[0]{tls_port} }
sub nginx    { return $_[0]{nginx} }
sub store    { return "$_[0]{dir}/store" }


# The http block; options replace those the site was made with.

sub text {
    my ($self, %opt) = @_;

    return site_conf(%{$self->{conf}}, %opt);
}


# membercertctl on this store; the site's other settings are defaults.

sub ctl {
    my ($self, @args) = @_;

    return MembercertTest::ctl('-d', $self->store(), '-s',
                               "$self->{dir}/secret", @args);
}

sub must_ctl {
    my ($self, @args) = @_;

    my $result = $self->ctl(@args);
    return $result->{out} if $result->{ok};
    die 'membercertctl ' . join(' ', grep { !ref } @args)
        . " failed: $result->{err}\n";
}


sub import_photos {
    my ($self, $photos) = @_;

    my $folder = temp_dir('photos');
    write_file("$folder/$_.jpg", portrait($photos->{$_})) for keys %$photos;
    $self->must_ctl('import', 'photos', $folder);
}


# A client of nobody, and one who has logged in; client => 'mini' gets a
# Bearer token instead of a cookie.

sub visitor {
    my ($self, @more) = @_;

    return client($self->{port}, timeout => 20, @more);
}

sub login_data {
    my ($self, $number, %more) = @_;

    return { user_type => 'nonpractising', member_no => $number,
             password => password(), client => 'web', %more };
}

sub login {
    my ($self, $number, %more) = @_;

    my $client = $self->visitor();
    my $answer = $client->post_json('/api/session',
        $self->login_data($number || '330000010001', %more));

    die 'log-in failed: ' . $answer->status() . ' ' . $answer->body() . "\n"
        if $answer->status() != 200;

    if (($more{client} || '') eq 'mini') {
        $client->{headers}{Authorization} = 'Bearer '
            . $answer->json()->{token};
    }

    return $client;
}


# The newest upload, as `photo list` tells it: {photo_id, state, ...}.

sub cases {
    my ($self, @args) = @_;

    my $out = $self->must_ctl('--json', 'photo', 'list', @args);
    return map { JSON::PP->new->utf8->decode($_) } split /\n/, $out;
}


# Holds the writer lock of the store, as a writer would.  release() gives it
# back; closing alone would not, while a forked child has the handle, too.

sub hold_lock {
    my ($self) = @_;

    sysopen(my $lock, $self->store() . '/lock', O_RDONLY)
        or die "open lock: $!";
    flock($lock, LOCK_EX | LOCK_NB) or die "flock: $!";
    return bless { handle => $lock }, 'MembercertTest::Lock';
}

# True while somebody holds it.

sub locked {
    my ($self) = @_;

    sysopen(my $lock, $self->store() . '/lock', O_RDONLY)
        or die "open lock: $!";
    return !flock($lock, LOCK_EX | LOCK_NB);
}


# ---- pictures --------------------------------------------------------------

sub program {
    my ($name, @args) = @_;

    my $path = repository() . "/build/$name";
    my $result = run_command([$path, @args]);

    return $result->{out} if $result->{ok};
    die "$name @args failed ($result->{status}): $result->{err}\n";
}

# portrait(options, person): bytes of a JPEG that fits all the rules.

sub portrait {
    my (@args) = @_;

    our %drawn;
    return $drawn{"@args"} ||= program('portrait', @args);
}

# A picture with one fault, by name.

sub hostile {
    my (@args) = @_;

    return program('hostile', @args);
}


# ---- the database from outside ---------------------------------------------

# query(file, sql, values...): rows as lists, by the owner of the file while
# nothing else writes to it.

my $python = <<'END_PYTHON';
import json, os, sqlite3, sys
path, sql, values = json.load(sys.stdin)
st = os.stat(path)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(st.st_gid); os.setuid(st.st_uid)
db = sqlite3.connect(path, timeout=10)
rows = db.execute(sql, values).fetchall()
db.commit()
db.close()
print(json.dumps([[v.hex() if isinstance(v, bytes) else v for v in row]
                  for row in rows]))
END_PYTHON

sub query {
    my ($path, $sql, @values) = @_;

    my $result = run_command(['/usr/bin/python3', '-c', $python],
        input => JSON::PP->new->utf8->encode([$path, $sql, \@values]));

    die "query failed: $result->{err}\n" unless $result->{ok};
    return @{JSON::PP->new->utf8->decode($result->{out})};
}


# The fields of GET member, POST member or GET certificate as key => value.

sub values_of {
    my ($data) = @_;

    return { map { $_->{key} => $_->{value} } @{$data->{fields}} };
}


package MembercertTest::Lock;

use strict;
use warnings;

sub release {
    my ($self) = @_;

    flock($self->{handle}, Fcntl::LOCK_UN());
    return close($self->{handle});
}

1;
