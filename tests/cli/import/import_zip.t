#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

capsules=$VV_TOP/tests/data/capsules
export capsules

# made <archive> <perl>: an archive by hand, its members stored. The perl code
# calls member(name, bytes, field => value ...), where fields are written into
# the headers as they are: flags, crc, size, mode.
made() {
	perl -MCompress::Zlib -e '
		my ($archive, $code) = @ARGV;
		my ($out, $dir, $count) = ("", "", 0);
		sub member {
			my ($name, $bytes, %is) = @_;
			my $crc = $is{crc} // crc32($bytes);
			my $size = $is{size} // length $bytes;
			my $method = $is{method} // 0;
			my $at = length $out;
			my $common = pack("vvvvvVVVvv", 20, $is{flags} // 0,
				$method, 0, 0x21, $crc, length $bytes, $size,
				length $name, 0);
			$out .= "PK\3\4" . $common . $name . $bytes;
			$dir .= "PK\1\2" . pack("v", 0x314) . $common .
				pack("vvvVV", 0, 0, 0,
				     ($is{mode} // 0100644) << 16, $at) . $name;
			$count++;
		}
		eval $code;
		die $@ if $@;
		open my $to, ">", $archive or die;
		binmode $to;
		print $to $out, $dir, "PK\5\6", pack("vvvvVVv", 0, 0, $count,
			$count, length $dir, length $out, 0);
		close $to or die;
	' "$@"
}

# whole: the bytes of a capsule, for the perl of made().
whole='my $capsule = do { local (@ARGV, $/) = "$ENV{capsules}/core.capsule"; <> };'
export whole

# refused <archive> <words>: nothing of it is imported, and why is told.
refused() {
	expect_exit 3 vvault import --json "$1" >out 2>err &&
	test ! -s err && jq -se "length == 1 and (.[0] | .construct == null and
		(.sources | length) == 1)" out >/dev/null &&
	jq -r ".sources[0].skipped[0].reason" out >reason &&
	grep -F "$2" reason >/dev/null || {
		cat out err >&2
		return 1
	}
	test "$(vvault ls --json | wc -l)" -eq 0
}

test_case 'each capsule of an archive is imported, strangers are left out' '
	new_vault && echo hello >readme &&
	make_zip a.zip readme.txt readme deep/er/one.capsule "$capsules/core.capsule" \
		two "$capsules/mira_v1.capsule" &&
	vvault import --json a.zip >out 2>err && test ! -s err &&
	test "$(jq -r "select(.construct != null).construct" out | sort | tr "\n" " ")" = \
		"core-kim mira " &&
	test "$(jq -r "select(.construct == \"core-kim\").sources[].path" out)" = \
		"a.zip!/deep/er/one.capsule" &&
	jq -r "select(.construct == null).sources[].path" out |
		grep -Fx "a.zip!/readme.txt" &&
	vvault show --json mira >from_zip &&
	vvault init w >/dev/null && vvault -C w import "$capsules/mira_v1.capsule" \
		>out && vvault -C w show --json mira | jq .counts >want &&
	jq .counts from_zip >got && diff want got
'

test_case 'an archive in a folder is walked, too, and again it is known' '
	new_vault && mkdir -p d/e && make_zip d/e/a.zip x "$capsules/core.capsule" &&
	cp "$capsules/mira_v1.capsule" d/y && vvault import --json d >out &&
	test "$(jq -r "select(.construct != null).construct" out | sort | tr "\n" " ")" = \
		"core-kim mira " &&
	vvault import --json d/e/a.zip >again &&
	jq -se "length == 1 and .[0].records.new == 0" again
'

test_case 'an archive in an archive is not opened' '
	new_vault && make_zip in.zip x "$capsules/core.capsule" &&
	make_zip out.zip in.zip in.zip y "$capsules/mira_v1.capsule" &&
	vvault import --json out.zip >out &&
	jq -r "select(.construct == null).sources[].skipped[].reason" out |
		grep -F "archive inside another" &&
	jq -r "select(.construct != null).construct" out | grep -x mira &&
	test "$(jq -r "select(.construct != null).construct" out | wc -l)" -eq 1
'

test_case 'an archive cannot come through a pipe, an empty one is told' '
	new_vault && make_zip a.zip x "$capsules/core.capsule" &&
	expect_exit 3 vvault import --json - <a.zip >out &&
	jq -r ".sources[].skipped[].reason" out | grep -F "pipe" &&
	made empty.zip "" && refused empty.zip "an empty zip archive"
'

test_case 'names that steer a terminal are shown escaped' '
	new_vault && made a.zip "$whole member(\"caf\\xc3\\xa9 \\xe2\\x80\\xae\", \$capsule, flags => 0x800)" &&
	vvault import a.zip >out && grep -F "core-kim" out &&
	! grep -P "\xe2\x80\xae" out
'

test_case 'names that leave the folder are refused' '
	new_vault &&
	made up.zip "$whole member(\"../up\", \$capsule)" && refused up.zip ".." &&
	made in.zip "$whole member(\"a/../../up\", \$capsule)" && refused in.zip ".." &&
	made abs.zip "$whole member(\"/etc/x\", \$capsule)" &&
	refused abs.zip "absolute" &&
	made drive.zip "$whole member(\"C:/x\", \$capsule)" && refused drive.zip "drive" &&
	made back.zip "$whole member(\"a\\\\..\\\\b\", \$capsule)" &&
	refused back.zip "backslash" && test ! -e ../up
'

test_case 'links, encryption, names that come twice are refused' '
	new_vault &&
	made link.zip "$whole member(\"good\", \$capsule);
		member(\"link\", \"/etc/passwd\", mode => 0120777)" &&
	refused link.zip "symbolic link" &&
	made locked.zip "$whole member(\"x\", \$capsule, flags => 1)" &&
	refused locked.zip "encrypt" &&
	made twice.zip "$whole member(\"x\", \$capsule); member(\"x\", \$capsule)" &&
	refused twice.zip "twice"
'

test_case 'a bomb is refused before it goes off' '
	new_vault &&
	made claim.zip "member(\"x\", \"y\" x 100, size => 3_000_000_000, method => 8)" &&
	refused claim.zip "unpack" &&
	made liar.zip "my \$z = deflateInit(-WindowBits => -MAX_WBITS);
		my \$packed = \$z->deflate(\" \" x 50_000_000) . \$z->flush;
		member(\"x\", \$packed, size => 1000, method => 8, crc => 0)" &&
	refused liar.zip ""
'

test_case 'torn and damaged archives are refused' '
	new_vault && make_zip a.zip x "$capsules/core.capsule" y "$capsules/mira_v1.capsule" &&
	size=$(wc -c <a.zip) &&
	head -c $((size - 1)) a.zip >end.zip && refused end.zip "" &&
	head -c $((size / 2)) a.zip >half.zip && refused half.zip "" &&
	head -c 4 a.zip >four.zip && refused four.zip "" &&
	made crc.zip "$whole member(\"x\", \$capsule, crc => 1)" &&
	refused crc.zip "checksum"
'

test_case 'a bad member does not stop the others' '
	new_vault && made some.zip "$whole member(\"a\", \$capsule, crc => 1);
		member(\"b\", \$capsule); member(\"c\", \"{\\\"a\\\":1}\")" &&
	expect_exit 3 vvault import --json some.zip >out &&
	jq -r "select(.construct != null).construct" out | grep -x core-kim &&
	jq -r "select(.construct == null).sources[] | .path + .skipped[0].reason" out \
		>reasons && grep -F "some.zip!/a" reasons | grep -F checksum &&
	grep -F "some.zip!/c" reasons
'

test_case 'text in another encoding is refused with what to do' '
	new_vault && printf "\377\376{\000" >wide && expect_exit 3 vvault import --json wide >out &&
	jq -r ".sources[0].skipped[0].reason" out |
		grep -Fx "this is UTF-16 text: convert it to UTF-8"
'

test_case 'many archives, and archives of many files, need few descriptors' '
	new_vault && mkdir d && for i in 1 2 3 4 5 6 7 8 9; do
		made d/$i.zip "member(\"f\$_\", \"stranger \$_\") for 1..400; $whole
			member(\"x\", \$capsule)" || exit 1
	done && (ulimit -n 24 && vvault import --json d >out) &&
	jq -se "map(select(.construct == \"core-kim\"))[0].sources | length == 9" out &&
	jq -se "map(select(.construct == null))[0].sources | length == 3600" out
'

done_testing
