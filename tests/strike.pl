#!/usr/bin/perl
# usage: strike.pl <microseconds> <command>...
# Run a command and kill it -9 after that time, unless it ended before. Waits
# until it is gone, which timeout(1) does not when its signal is KILL. Exits
# 137 when the kill came in time, else as the command did.
use strict;
use warnings;

my $time = shift(@ARGV) / 1e6;
$SIG{CHLD} = sub { };
my $child = fork() // die "cannot fork: $!\n";
if (!$child) {
	exec(@ARGV) or die "cannot run $ARGV[0]: $!\n";
}
select(undef, undef, undef, $time);
kill('KILL', $child);
waitpid($child, 0) == $child or die "lost the child: $!\n";
exit(($? & 127) ? 128 + ($? & 127) : $? >> 8);
