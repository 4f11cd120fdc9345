# usage: spoil.pl <how> <file> <folder>: flip bytes all over a file, cut it,
# let it grow, empty it, or put another file of the folder in its place.
use strict;
use warnings;
use File::Find;

my ($how, $file, $folder) = @ARGV;
my $text = '';
open(my $in, '<:raw', $file) or die "$file: $!";
{ local $/; $text = <$in>; }
close($in);
if ($how eq 'flip') {
	for my $i (0 .. 15) {
		my $at = int(length($text) * $i / 16);
		substr($text, $at, 1) ^= "\x10";
	}
} elsif ($how eq 'cut') {
	$text = substr($text, 0, length($text) / 2);
} elsif ($how eq 'grow') {
	$text .= 'more';
} elsif ($how eq 'empty') {
	$text = '';
} else {
	my @others;
	find(sub { push(@others, $File::Find::name)
		if -f && -s && $File::Find::name ne $file }, $folder);
	open(my $other, '<:raw', (sort(@others))[-1]) or die;
	local $/;
	$text = <$other>;
}
open(my $out, '>:raw', $file) or die "$file: $!";
print $out $text;
close($out) or die;
