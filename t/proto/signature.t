# The electronic signature of a certificate (X06), as readers of others see
# it: pdfsig (NSS) and openssl cms, with a root made here; P-256 and RSA.
# One changed byte anywhere makes it invalid.

use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';

use MembercertTest;
use MembercertTest::Site;
use Test::More;

need('module', 'ctl', 'openssl');

for my $tool (qw(pdfsig certutil)) {
    -x "/usr/bin/$tool" or BAIL_OUT("$tool is not installed");
}

my $dir = temp_dir('sign');
my $number = '330000010001';


sub must {
    my (@command) = @_;

    my $r = run_command(\@command);
    die "@command failed: $r->{err}$r->{out}\n" unless $r->{ok};
    return $r->{out};
}

sub openssl { return must('openssl', @_) }


# NAME.key and NAME.pem, signed by ISSUER.key (or by itself)

sub certificate {
    my ($name, $kind, $issuer, @more) = @_;

    my @kind = $kind =~ /^rsa/
        ? ('-newkey', $kind)
        : ('-newkey', 'ec', '-pkeyopt', "ec_paramgen_curve:$kind");
    my @by = $issuer ? ('-CA', "$dir/$issuer.pem", '-CAkey', "$dir/$issuer.key")
                     : ();

    openssl('req', '-x509', @kind, '-nodes', '-days', 60, '-subj',
        "/O=membercert test/CN=$name", '-keyout', "$dir/$name.key", '-out',
        "$dir/$name.pem", @by, @more);
    chmod 0600, "$dir/$name.key";
    return;
}

my @ca = ('-addext', 'keyUsage=critical,keyCertSign,cRLSign');
my @leaf = ('-addext', 'basicConstraints=critical,CA:FALSE',
    '-addext', 'keyUsage=critical,digitalSignature,nonRepudiation');

certificate('root', 'P-256', undef, @ca);
certificate('middle', 'P-256', 'root', '-addext',
    'basicConstraints=critical,CA:TRUE', @ca);
certificate('p256', 'P-256', 'middle', @leaf);
certificate('rsa', 'rsa:2048', 'root', @leaf);

sub content {
    my ($name) = @_;

    open my $fh, '<', "$dir/$name" or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

write_file("$dir/chain.pem", content('p256.pem') . content('middle.pem'));

# a reader that trusts our root alone

mkdir "$dir/nss" or die $!;
must('certutil', '-N', '-d', "sql:$dir/nss", '--empty-password');
must('certutil', '-A', '-d', "sql:$dir/nss", '-n', 'root', '-t', 'CT,C,C',
    '-i', "$dir/root.pem");

sub pdfsig {
    my ($bytes) = @_;

    my $file = write_file("$dir/look.pdf", $bytes);
    my $r = run_command(['pdfsig', '-nssdir', "sql:$dir/nss", $file]);
    return $r->{out};
}

sub signed_site {
    my ($chain, $key) = @_;

    return new_site(
        people => [person($number), person('330000010002')],
        photos => { $number => 1, '330000010002' => 2 },
        conf => { server => <<"END_SERVER" });
        membercert_sign certificate=$dir/$chain key=$dir/$key;
        membercert_public_url https://certificate.institute.example.cn;
END_SERVER
}

sub certificate_of {
    my ($client) = @_;

    my $view = $client->get('/api/certificate')->json();
    my $answer = $client->post_json('/api/certificate',
        { version => $view->{version} });
    is($answer->status(), 201, 'the certificate is confirmed')
        or diag($answer->body());

    $answer = $client->get('/api/certificate.pdf');
    is($answer->status(), 200, 'and downloaded') or diag($answer->body());
    return $answer->body();
}

# (signed bytes, CMS, places of the hole) as the file's ByteRange says

sub parts {
    my ($pdf) = @_;

    my ($from, $len, $again, $rest) =
        $pdf =~ m{/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]}
        or return;
    my $hex = substr $pdf, $len, $again - $len;

    return {
        from => $from, hole => $len, behind => $again,
        ends => $again + $rest, hex => $hex,
        signed => substr($pdf, $from, $len) . substr($pdf, $again, $rest),
        cms => pack('H*', $hex =~ s/^<|>$//gr),
    };
}


sub check {
    my ($title, $chain, $key, $certificates) = @_;

    subtest $title => sub {
        my $site = signed_site($chain, $key);
        my $pdf = certificate_of($site->login($number));
        my $told = pdfsig($pdf);

        like($told, qr/^\s+- Signature Validation: Signature is Valid\.$/m,
            'pdfsig: the signature is valid') or diag($told);
        like($told, qr/^\s+- Certificate Validation: Certificate is Trusted\.$/m,
            'the certificate is trusted');
        like($told, qr/^\s+- Total document signed$/m, 'all of it is signed');
        like($told, qr/^\s+- Signature Type: ETSI\.CAdES\.detached$/m,
            'as PAdES');
        like($told, qr/^\s+- Signing Hash Algorithm: SHA-?256$/m, 'SHA-256');

        my $part = parts($pdf);
        ok($part, 'the byte range is there') or return;
        is($part->{from}, 0, 'it begins with the file');
        is($part->{ends}, length $pdf, 'and ends with it');
        like($part->{hex}, qr/^<[0-9A-Fa-f]+>$/,
            'what is left out is the hole for the signature alone');

        write_file("$dir/signed", $part->{signed});
        write_file("$dir/cms", $part->{cms});
        my @look = ('cms', '-inform', 'DER', '-in', "$dir/cms");
        my $r = run_command(['openssl', 'cms', '-verify', @look[1 .. 4],
            '-binary', '-content', "$dir/signed", '-CAfile', "$dir/root.pem",
            '-cades', '-out', '/dev/null']);
        ok($r->{ok}, 'openssl verifies it as CAdES') or diag($r->{err});

        my $text = openssl(@look, '-cmsout', '-print');
        unlike($text, qr/signingTime/, 'no time but the one of the PDF');
        like($text, qr/signingCertificateV2/, 'the certificate is bound');
        is(() = $text =~ /^\s+d\.certificate:/mg, $certificates,
            'the chain is included');

        # the very same file again, also by another worker's hand

        is($site->login($number)->get('/api/certificate.pdf')->body(), $pdf,
            'a second download is the same file, signature and all');

        changed($pdf, $part);
    };
    return;
}


# Places all over the file, and those that matter: the first and the last
# byte, the trailer, around the hole, the photo's data.

sub changed {
    my ($pdf, $part) = @_;

    my @places = (1, length($pdf) - 2, $part->{hole} - 1, $part->{behind},
        index($pdf, '/ByteRange') + 12, index($pdf, 'trailer') + 10,
        map { int(length($pdf) * $_ / 17) } 1 .. 16);
    my $valid = 0;

    for my $place (@places) {
        next if $place >= $part->{hole} && $place < $part->{behind};
        my $other = $pdf;
        substr($other, $place, 1) = chr(ord(substr $pdf, $place, 1) ^ 1);
        next unless pdfsig($other) =~ /Signature is Valid/
            && pdfsig($other) =~ /Total document signed/;
        $valid++;
        diag("byte $place");
    }
    is($valid, 0, 'one changed byte anywhere makes it invalid');

    my $longer = pdfsig("$pdf%\n");
    ok($longer !~ /Total document signed/,
        'something put behind is not signed, and pdfsig tells');

    # within the CMS: its digest, its signature

    my $at = $part->{hole} + 1 + 2 * index($part->{cms}, "\x04\x20") + 8;
    my $other = $pdf;
    substr($other, $at, 1) = substr($pdf, $at, 1) eq '0' ? '1' : '0';
    unlike(pdfsig($other), qr/Signature is Valid/,
        'nor can the digest within the signature be changed');
    return;
}


check('P-256, with an institute between root and signer: valid (X06)',
    'chain.pem', 'p256.key', 2);
check('RSA of 2048 bits: valid (X06)', 'rsa.pem', 'rsa.key', 1);


subtest 'nginx -t names file and line of what it cannot sign with' => sub {
    certificate('short', 'rsa:1024', 'root', @leaf);
    certificate('p384', 'P-384', 'root', @leaf);
    certificate('cipher', 'P-256', 'root', '-addext',
        'keyUsage=keyAgreement');
    openssl('pkcs8', '-topk8', '-in', "$dir/p256.key", '-out',
        "$dir/locked.key", '-passout', 'pass:secret');
    write_file("$dir/open.key", content('p256.key'));
    chmod 0600, "$dir/locked.key";
    chmod 0644, "$dir/open.key";
    write_file("$dir/nothing.pem", "nothing\n");

    my $site = new_site(start => 0);

    for (['none.pem', 'p256.key', 'certificate file "\S+/none.pem" does not exist'],
         ['nothing.pem', 'p256.key', 'certificate file "\S+/nothing.pem" holds no certificate in PEM form'],
         ['p256.pem', 'none.key', 'key file "\S+/none.key" does not exist'],
         ['p256.pem', 'nothing.pem', 'key file "\S+/nothing.pem" is readable or writable by others \(chmod o-rw\)'],
         ['p256.pem', 'open.key', 'key file "\S+/open.key" is readable or writable by others \(chmod o-rw\)'],
         ['p256.pem', 'locked.key', 'key file "\S+/locked.key" has a pass phrase'],
         ['p256.pem', 'rsa.key', 'key file "\S+/rsa.key" does not fit the first certificate of "\S+/p256.pem"'],
         ['short.pem', 'short.key', 'key file "\S+/short.key": RSA of 1024 bits, must be of 2048 to 4096'],
         ['p384.pem', 'p384.key', 'key file "\S+/p384.key": the key\'s curve is not P-256'],
         ['cipher.pem', 'cipher.key', 'certificate file "\S+/cipher.pem": certificate 1 is not meant for signatures .*'])
    {
        my ($chain, $key, $want) = @$_;
        my ($status, $out) = test_nginx($site->text(server =>
            "membercert_sign certificate=$dir/$chain\n key=$dir/$key;\n"));
        isnt($status, 0, "$chain with $key stops nginx -t");
        like($out, qr/\[emerg\] .*"membercert_sign" $want in \S+nginx\.conf:\d+$/m,
            'with its name and line');
    }

    my ($status, $out) = test_nginx($site->text(server =>
        "membercert_sign certificate=$dir/chain.pem key=$dir/p256.key;\n"));
    is($status, 0, 'a good chain and key pass') or diag($out);
};

subtest 'nginx -t warns of what works but is hardly meant' => sub {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt',
        'ec_paramgen_curve:P-256', '-nodes', '-days', 20, '-subj', '/CN=soon',
        '-keyout', "$dir/soon.key", '-out', "$dir/soon.pem");
    chmod 0600, "$dir/soon.key";

    my $site = new_site(start => 0);
    my $url = 'membercert_public_url https://certificate.institute.example.cn';
    my ($status, $out) = test_nginx($site->text(server => "$url;\n"
        . "membercert_sign certificate=$dir/chain.pem key=$dir/p256.key;\n"));
    is($status, 0, 'a site with all of it');
    unlike($out, qr/\[warn\] .*(?:QR|ends on)/, 'gets no warning') or diag($out);

    for (['', qr/certificates have no QR code without "membercert_public_url"/],
         ["$url/" . 'a' x 100 . ';', qr/"membercert_public_url" is so long that statements hardly fit/],
         ["$url;\nmembercert_sign certificate=$dir/soon.pem key=$dir/soon.key;",
          qr/the certificate of "membercert_sign" ends on \d{4}-\d\d-\d\d/])
    {
        my ($lines, $want) = @$_;
        ($status, $out) = test_nginx($site->text(server => "$lines\n"));
        is($status, 0, 'nginx -t passes');
        like($out, qr/\[warn\] .*$want/, "with a warning: $want");
    }
};

done_testing();
