#!/bin/sh
# vvault-format(5), read by a second implementation: a few lines of perl that
# share nothing with the program but the page.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

cat >"$tap_root/blake2b.pl" <<'EOP'
# BLAKE2b of RFC 7693, which perl has not.
sub blake2b {
	my ($key, $size, $data) = @_;
	use integer;
	my @iv = (0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179);
	my @sigma = map { [map hex, split //] } qw(0123456789abcdef ea489fd61c02b753 b8c052fdae367194 7931dcbe265a40f8 905724afe1bc683d
		2c6a0b834d75fe19 c51fed4a0763928b db7ec13950f4862a 6fe9b308c2d714a5 a2847615fb9e3cd0);
	my $turn = sub { my ($x, $n) = @_; $x >> $n & (1 << 64 - $n) - 1 | $x << 64 - $n };
	my @h = @iv;
	$h[0] ^= 0x01010000 ^ length($key) << 8 ^ $size;
	$data = $key . "\0" x (128 - length $key) . $data if length $key;
	my $done = 0;
	do {
		my $block = substr $data, $done, 128;
		$done += length $block;
		my @m = unpack 'q<16', $block . "\0" x (128 - length $block);
		my @v = (@h, @iv);
		$v[12] ^= $done;
		$v[14] = ~$v[14] if $done == length $data;
		for my $s (@sigma, @sigma[0, 1]) {
			my $g = 0;
			for ([0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]) {
				my ($a, $b, $c, $d) = @$_;
				for my $by ([32, 24], [16, 63]) {
					$v[$a] += $v[$b] + $m[$s->[$g++]];
					$v[$d] = $turn->($v[$d] ^ $v[$a], $by->[0]);
					$v[$c] += $v[$d];
					$v[$b] = $turn->($v[$b] ^ $v[$c], $by->[1]);
				}
			}
		}
		$h[$_] ^= $v[$_] ^ $v[$_ + 8] for 0 .. 7;
	} while ($done < length $data);
	return substr pack('q<8', @h), 0, $size;
}
1;
EOP
export blake2b="$tap_root/blake2b.pl"

cat >"$tap_root/second.pl" <<'EOP'
use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use JSON::PP;
require $ENV{blake2b};

my ($repo) = @ARGV;
my $json = JSON::PP->new->canonical->utf8->allow_nonref;
my ($versions, $segments, $records) = (0, 0, 0);

sub git { open my $in, '-|', 'git', '-C', $repo, @_ or die; local $/; my $out = <$in>; close $in or die "git @_"; $out }
sub base32 { my $bits = unpack 'B*', shift; $bits .= '0' while length($bits) % 5; join '', map { substr 'abcdefghijklmnopqrstuvwxyz234567', oct "0b$_", 1 } $bits =~ /.{5}/g }
sub unbase32 { my $bits = join '', map { sprintf '%05b', index 'abcdefghijklmnopqrstuvwxyz234567', $_ } split //, shift; pack 'B*', substr $bits, 0, length($bits) - length($bits) % 8 }
sub cid_json { 'b' . base32("\x01\x80\x04\x12\x20" . sha256 shift) }
sub cid_raw { 'b' . base32("\x01\x55\x12\x20" . sha256 shift) }

sub leaves {
	return $_[0] if @_ == 1;
	my $left = 1;
	$left *= 2 while $left * 2 < @_;
	return sha256("\1", leaves(@_[0 .. $left - 1]), leaves(@_[$left .. $#_]));
}

sub home {
	my ($kind, $key) = shift =~ /^([a-z]+):(.+)/ or die;
	return ('session', $1) if $kind =~ /^(message|acu)$/ && $key =~ m{^([^/]+)/.};
	return ($kind, $key);
}

sub segment {
	my ($path, $name, $id, $seen) = @_;
	my $text = git 'cat-file', 'blob', $id;
	my ($folder, @below) = split m{/}, $path;
	$text =~ s/\A(\{"leaves":"([0-9a-f]{64})","rest":"([0-9a-f]{64})","vvault":"segment-1"\}\n)// or $folder eq 'blob' or die "head";
	my ($head, $leaves, $rest) = ($1, $2, $3);
	$name eq cid_raw($folder eq 'blob' ? $text : $head) or die "name of $path/$name";
	return if $folder eq 'blob';
	$rest eq sha256_hex $text or die "rest";
	my @lines = split /(?<=\n)/, $text;
	@lines <= 256 && (length $text <= 131072 || @lines == 1) or die "limits";
	my $last = '';
	for my $line (@lines) {
		chomp $line or die "newline";
		my $data = $json->decode($line);
		join(' ', sort keys %$data) eq 'at data entity prev type' or die "keys";
		my $order = $data->{at} . sha256 $line;
		$order gt $last or die "order";
		$last = $order;
		my ($dir, $key) = home $data->{entity};
		my $hash = substr sha256("$dir:$key"), 0, 16;
		my @way = ((split //, substr unpack('H*', $hash), 0, 3), base32 $hash);
		$dir eq $folder or die "$data->{entity} lies in $folder";
		$below[$_] eq $way[$_] or die "$data->{entity} lies at $path" for 0 .. $#below;
		$seen->{cid_json $line} = 1;
	}
	my @ids = map { sha256 $_ } @lines;
	my $key = blake2b('', 32, join '', 'vvault leaf', @ids);
	$leaves eq unpack 'H*', leaves(map { sha256("\0", blake2b($key, 16, $_), $_) } @ids) or die "leaves";
	$segments++;
}

sub root {
	my ($tree, $path, $seen) = @_;
	my $sum = "vvault-root-1\0";
	for (split /\n/, git 'ls-tree', $tree) {
		my ($mode, $id, $name) = /^(\d+) \w+ ([0-9a-f]{40})\t(.*)$/ or die;
		my $digest;
		if ($mode eq '040000') {
			$digest = root($id, $path eq '' ? $name : "$path/$name", $seen);
		} else {
			segment($path, $name, $id, $seen);
			$digest = substr unbase32(substr $name, 1), 4;
		}
		$sum .= pack('N C', oct $mode, length $name) . $name . $digest;
	}
	return sha256 $sum;
}

for my $id (split /\n/, git 'rev-list', '--all') {
	my $commit = git 'cat-file', 'commit', $id;
	my %said = $commit =~ /^Vvault-(\w+): (.*)$/mg;
	my ($tree) = $commit =~ /^tree (\w+)/m;
	my @parents = $commit =~ /^parent (\w+)/mg;
	my %seen;
	"sha256:" . unpack('H*', root($tree, '', \%seen)) eq $said{Root} or die "root of $id";
	my $digests = join ',', map { sha256_hex git 'cat-file', 'commit', $_ } @parents;
	$said{Parents} eq (@parents ? "sha256:$digests" : 'none') or die "parents of $id";
	$versions++;
	my $ref = git 'for-each-ref', '--points-at', $id, '--format=%(refname)', 'refs/heads';
	next if $ref eq '';
	my ($device) = $said{Device} =~ /^did:key:(z6Mk\w{44})$/ or die "device";
	$ref eq "refs/heads/$said{Construct}/$device\n" or die "ref of $id";
	my $set = join '', map { "$_\n" } sort keys %seen;
	print "$said{Construct} ", sha256_hex($set), "\n";
}
print STDERR "$versions versions, $segments segments\n";
EOP
export second="$tap_root/second.pl"

test_case 'a plain vault is as the page says' '
	new_vault --plain --name laptop &&
	vvault add --new nova memory:create "{\"content\":\"\\u00e6\"}" >/dev/null &&
	vvault add nova session:create --entity session:t:1 "{}" >/dev/null &&
	i=0 && while test $i -lt 400; do
		echo "{\"n\":$i,\"session\":\"session:t:1\"}"
		i=$((i + 1))
	done >lines &&
	vvault add nova memory:create --as-is - <lines >/dev/null &&
	vvault add nova message:create --as-is --entity message:t:1/a "{}" >/dev/null &&
	vvault add nova acu:derive --entity "acu:t:1/a#0" "{}" >/dev/null &&
	for i in $(seq 1 35); do
		vvault add nova memory:create --as-is "{\"i\":$i}" >/dev/null || exit 1
	done &&
	perl -e "print q({\"content\":\") . q(x) x 600000 . q(\"})" >big &&
	vvault add nova memory:create --as-is - <big >/dev/null &&
	perl "$second" v | sort >got &&
	vvault verify --full --json |
		jq -r ".sets | to_entries[] | .key + \" \" + .value" | sort >want &&
	cmp want got
'

test_case 'two lines and the version that joins them, too' '
	two_devices --plain &&
	as a vvault -C a add nova memory:create --as-is "{\"a\":1}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{\"b\":1}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{\"c\":1}" >/dev/null &&
	perl "$second" b >/dev/null
'

test_case 'a version names the heads of vault by their digests' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git -C v cat-file commit HEAD | sha256sum | cut -c1-64 >want &&
	git -C v log -1 --format=%B "$(version_of nova)" |
		sed -n "s/^Vvault-Members: sha256://p" | cmp - want
'

test_case 'the example of the page can be computed again' '
	page=$VV_TOP/cmd/man/man5/vvault-format.5 &&
	printf "%s" "{\"at\":\"2026-11-21T10:09:16.094556Z-0000-6Mkosiub\",\"data\":{\"content\":\"The user likes rain\",\"tags\":[\"weather\"]},\"entity\":\"memory:rain\",\"prev\":[],\"type\":\"memory:create\"}" >line &&
	cat >again.pl <<-\END &&
	use Digest::SHA qw(sha256);
	require $ENV{blake2b};
	sub base32 { my $b = unpack "B*", shift; $b .= "0" while length($b) % 5; join "", map { substr "abcdefghijklmnopqrstuvwxyz234567", oct "0b$_", 1 } $b =~ /.{5}/g }
	local $/; my $line = <STDIN>;
	my $id = "b" . base32("\x01\x80\x04\x12\x20" . sha256 $line);
	my $key = blake2b("", 32, "vvault leaf" . sha256 $line);
	my $leaf = unpack "H*", sha256("\0", blake2b($key, 16, sha256 $line), sha256 $line);
	my $rest = unpack "H*", sha256 "$line\n";
	my $head = "{\"leaves\":\"$leaf\",\"rest\":\"$rest\",\"vvault\":\"segment-1\"}\n";
	my $name = "b" . base32("\x01\x55\x12\x20" . sha256 $head);
	my $inner = sha256("vvault-root-1\0" . pack("N C", 0100644, 59) . $name . sha256 $head);
	my $root = sha256("vvault-root-1\0" . pack("N C", 040000, 6) . "memory" . $inner);
	print unpack("H*", $key), "\n$leaf\n$rest\n$id\n$name\n", unpack("H*", $inner), "\n", unpack("H*", $root), "\n";
	END
	perl again.pl <line >values && test "$(wc -l <values)" -eq 7 &&
	while read -r value; do
		grep -qxF "$value" "$page" || { echo "$value"; exit 1; }
	done <values
'

done_testing
