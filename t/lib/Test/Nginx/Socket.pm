# Test::Nginx::Socket: data-driven tests of nginx, one block one server.
#
# A clean-room runner with the interface of the original Test::Nginx, on
# Debian's Test::Base.  What is supported stands in t/lib/original-api.txt;
# how to write tests in t/lib/README.md.  The work is done in
# Test::Nginx::Util (files, nginx), ::Client (HTTP), ::Check (assertions).
#
# Blocks run in the order of the file; the original shuffles them, so no
# block may depend on another.

package Test::Nginx::Socket;

use Test::Base -Base;

use Test::Nginx::Runner;

our @EXPORT = @Test::Nginx::Runner::functions;

for my $name (@EXPORT) {
    no strict 'refs';
    *{$name} = \&{"Test::Nginx::Runner::$name"};
}

1;
