#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# What lies in vvault/cache only saves time: it is a device's own, and nothing
# that stands there changes what is written or shown.

# filled: a vault v whose caches all have entries, and a source that it read.
filled() {
	new_vault "$@" && lines nova 600 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null &&
	many >many.jsonl && vvault import --construct nova many.jsonl &&
	vvault add nova memory:create --entity memory:x \
		'{"content":"old"}' >first &&
	vvault gc >/dev/null &&
	vvault add nova memory:create --entity memory:y \
		'{"content":"also"}' >/dev/null &&
	shown >before
}

# many: an entity of which twenty records stand.
many() {
	for i in $(seq 10 29); do
		printf '{"at":"2026-01-01T00:00:00.0000%s' "$i"
		printf 'Z-0000-00000000","data":{"content":"many %s"},' "$i"
		echo '"entity":"memory:many","prev":[],"type":"memory:create"}'
	done
}

# shown: what the vault says of itself.
shown() {
	vvault ls nova --json && vvault show --json nova &&
	vvault construct list --json && vvault log --json &&
	vvault diff --json nova~1 nova && vvault cat "$(cat first)"
}

# nothing_changed: neither what is shown, nor what an edit names as seen, nor
# what is signed, nor what an import finds to be new.
nothing_changed() {
	shown >after && cmp before after &&
	vvault add nova memory:update --entity memory:x \
		'{"content":"new"}' >second &&
	vvault cat "$(cat second)" |
		jq -e --arg id "$(cat first)" ".prev == [\$id]" &&
	vvault add nova memory:update --entity memory:many \
		'{"content":"one"}' >third &&
	vvault cat "$(cat third)" | jq -e ".prev | length == 20" &&
	vvault import --json --construct nova lines.jsonl |
		jq -e ".records == {\"new\": 0, \"known\": 600}" &&
	sed "s/\"content\":\"/&other /" lines.jsonl >others.jsonl &&
	vvault import --json --construct nova others.jsonl |
		jq -e ".records.new > 0" &&
	vvault gc >/dev/null && verified v && vvault verify --full >/dev/null &&
	vvault ls nova memory --json |
		jq -es "map(select(.entity == \"memory:x\").state.content)
			== [\"new\"]"
}

# doctored <file>: every slot that is filled gets another value, under its key.
doctored() {
	perl -e '
		my ($file) = @ARGV;
		my %shape = (roots => [24, 32], homes => [32, 1024], standing => [32, 939],
			counts => [32, 8], cuts => [32, 28], quiet => [20, 1]);
		my ($name) = $file =~ m{([^/]+)$};
		my ($key, $value) = @{ $shape{$name} || exit };
		my $slot = $key + $value + 16;
		open(my $in, "+<:raw", $file) or die;
		local $/;
		my $bytes = <$in>;
		for (my $at = 16; $at < length $bytes; $at += $slot) {
			next if substr($bytes, $at, $slot) !~ /[^\0]/;
			substr($bytes, $at + $key, $value) = "\0" x $value;
		}
		seek($in, 0, 0);
		print $in $bytes;
	' "$1"
}

test_case 'all caches are there to be tried' '
	filled && for name in counts cuts homes quiet roots sources standing \
		state; do
		test -f "v/vvault/cache/$name" || return
	done && nothing_changed
'

for how in '' --plain; do
test_case "deleted caches${how:+, plain}" "
	filled $how && rm -rf v/vvault/cache/* && nothing_changed
"

test_case "values that were changed under their keys${how:+, plain}" "
	filled $how &&
	for file in v/vvault/cache/*; do doctored \$file || return; done &&
	nothing_changed
"

test_case "caches that another device made of the same vault${how:+, plain}" "
	filled $how && as other vvault clone \"\$PWD/v\" w >out 2>&1 &&
	vvault member add \"\$(as other did)\" >out && as other vvault -C w pull &&
	as other vvault -C w ls nova >out && as other vvault -C w show nova &&
	as other vvault -C w construct list && as other vvault -C w gc &&
	as other vvault -C w import --construct nova lines.jsonl &&
	shown >before && cp w/vvault/cache/* v/vvault/cache/ &&
	nothing_changed
"
done

test_case 'truncated, empty, random and strange files' '
	filled &&
	for file in v/vvault/cache/*; do truncate -s 1000 "$file"; done &&
	nothing_changed && shown >before &&
	for file in v/vvault/cache/*; do
		size=$(stat -c %s "$file")
		head -c 16 "$file" >magic
		{ cat magic; openssl enc -aes-128-ctr -nosalt -pass pass:x \
			</dev/zero 2>/dev/null | head -c $((size - 16)); } >"$file"
	done &&
	shown >after && cmp before after &&
	rm -rf v/vvault/cache/* && mkdir v/vvault/cache/homes &&
	ln -s "$PWD/target" v/vvault/cache/roots &&
	shown >after && cmp before after && test ! -e target && verified v
'

test_case 'a folder of caches that is gone' '
	filled && rm -rf v/vvault/cache && shown >after && cmp before after &&
	vvault add nova memory:update --entity memory:x \
		"{\"content\":\"new\"}" >second && verified v
'

test_case 'entries of an older time are still true' '
	filled && cp -R v/vvault/cache old &&
	for i in 1 2 3; do
		vvault add nova memory:update --as-is --entity memory:z "{\"i\":$i}" ||
			return
	done >/dev/null && vvault gc >/dev/null && shown >before &&
	cp old/* v/vvault/cache/ && nothing_changed
'

# no_parents <commit-graph file>: as if no commit had any.
no_parents() {
	perl -MDigest::SHA=sha1 -e '
		open(my $in, "+<:raw", $ARGV[0]) or die;
		local $/;
		my $bytes = <$in>;
		my $at;
		for my $chunk (0 .. 7) {
			my ($name, $high, $low) = unpack("a4 N N",
				substr($bytes, 8 + 12 * $chunk, 12));
			$at = $low if $name eq "CDAT";
		}
		for (; $at + 36 <= length($bytes) - 20; $at += 36) {
			substr($bytes, $at + 20, 4) = pack("N", 0x70000000);
		}
		substr($bytes, -20) = sha1(substr($bytes, 0, -20));
		seek($in, 0, 0);
		print $in $bytes;
	' "$1"
}

test_case 'a commit-graph of git is not asked who descends from whom' '
	two_devices && as b vvault -C b add nova memory:create \
		"{\"content\":\"of b\"}" >out && as b vvault -C b push &&
	as a vvault -C a pull && cd a && export VVAULT_KEYS="$tap_case/keys-a" &&
	git commit-graph write --reachable && vvault show --json nova >before &&
	jq -e ".heads | length == 1" before &&
	chmod u+w objects/info/commit-graph &&
	no_parents objects/info/commit-graph &&
	vvault show --json nova >after && cmp before after && verified .
'

done_testing
