#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

# A vault v with two constructs, a capsule; its own device's keys.
fill() (
	export HOME="$tap_root/made" GIT_CONFIG_GLOBAL=/dev/null
	export VVAULT_KEYS="$tap_root/made/keys"
	cd "$tap_root/made"
	set -e
	vvault init v
	vvault -C v add --new nova memory:create '{"content":"one"}' >record
	vvault -C v add nova memory:create '{"content":"two"}'
	vvault -C v add nova construct:update '{"persona":{"traits":["kind"]}}'
	vvault -C v import --construct nova \
		"$VV_TOP/tests/data/capsules/core.capsule"
	vvault -C v add --new luna session:create '{"title":"talk"}'
	vvault -C v construct list
	find v -path '*/objects/??/*' -type f | sort >objects
	chmod -R u+w v/objects
)

mkdir "$tap_root/made"
fill >"$tap_root/prepared" 2>&1 || {
	diag "$(cat "$tap_root/prepared")"
	echo 'Bail out! the vault cannot be made'
	exit 1
}

# here: the vault, its keys, and what every command says of it when it is
# whole, in folder good.
here() {
	cp -a "$tap_root/made/." . && rm -rf "$tap_case/keys" &&
	mv keys "$tap_case/keys" && export VVAULT_DIR="$PWD/v" &&
	record=$(cat record) && nova=$(version_of nova) && mkdir good bad &&
	readers good
}

# reads <folder> <name> <command>...: a damaged vault gives the same answer
# as a whole one, or what is left of it and what is not, or a reason.
reads() {
	folder=$1 name=$2 got=0
	shift 2
	timeout 20 "$@" >"$folder/$name" 2>err || got=$?
	case $got in
	0) test "$folder" = good || cmp "good/$name" "$folder/$name" ;;
	1) test "$folder" != good && grep -E "^vvault: [a-z0-9-]+: ." err >said ;;
	128) test "$folder" != good && grep -E "^(vvault: .|\{\"error\":)" err >said ;;
	*) false ;;
	esac || {
		echo "exit $got: $*"
		cat err
		return 1
	}
}

# few <folder>: commands that between them read everything.
few() {
	reads "$1" log-p vvault log -p nova &&
	reads "$1" ls vvault ls nova --json &&
	reads "$1" diff vvault diff nova~2 nova --json &&
	reads "$1" jsonl vvault export nova --format jsonl
}

readers() {
	few "$1" &&
	reads "$1" log vvault log &&
	reads "$1" show vvault show nova &&
	reads "$1" version vvault show "$nova" --json &&
	reads "$1" record vvault show "$record" &&
	reads "$1" old vvault ls nova~2 --json &&
	reads "$1" cat vvault cat "$record" &&
	reads "$1" capsule vvault export nova --format capsule &&
	reads "$1" markdown vvault export nova --format markdown &&
	reads "$1" list vvault construct list --json &&
	reads "$1" members vvault member list --json &&
	reads "$1" status vvault status --json
}

# found: verify says what is wrong, or why it cannot even begin. What it says
# is looked at by found_all.
found() {
	got=0
	timeout 20 vvault verify --full --json >out 2>err || got=$?
	case $got in
	1) cat out >>founds && test "$(wc -l <out)" -eq 1 ;;
	128) error_is corrupt ;;
	*) false ;;
	esac || {
		echo "verify: exit $got"
		cat out err
		return 1
	}
}

# found_all: all that was found has its code, its object and a message.
found_all() {
	jq -se 'length > 0 and all(.[]; .ok == false and
		(.problems | length > 0) and all(.problems[]; .code != "" and
		.object != "" and .message != ""))' founds >said || {
		cat founds
		return 1
	}
}

# damaged <title> <readers> <command>: each object in turn, as the command makes
# it of file $file; every other one, where no night is at hand.
damaged() {
	test_case "$1" "
		here && some <objects | awk \"NR % ${VV_NIGHTLY:+1 + }2\" >tried && while read -r file; do
			cp -a \$file spare && { $3; } && echo \"\$file\" &&
			found && $2 bad && rm -rf \$file &&
			mv spare \$file || exit 1
		done <tried && test \$(wc -l <objects) -gt 15 && found_all &&
		vvault verify --full && readers bad
	"
}

flip='perl -e '\''my ($file, $part) = @ARGV; my $at = int((-s $file) * $part);
	open my $f, "+<:raw", $file or die; seek $f, $at, 0;
	read $f, my $byte, 1; seek $f, $at, 0; print $f chr(ord($byte) ^ 16);
	close $f or die'\'' "$file"'

damaged 'a flipped bit in the middle of each object' readers "$flip 0.5"
damaged 'a flipped bit at the end of each object' few "$flip 0.95"
damaged 'each object lost' few 'rm -f $file'
damaged 'each object empty' few ': >$file'
damaged 'each object cut short' few 'truncate -s -7 $file'
damaged 'each object in place of the next' few \
	'other=$(grep -A1 -x "$file" objects | tail -n 1)
	test "$other" != "$file" || other=$(head -n 1 objects)
	cat "$other" >"$file"'

# all_objects: what they say.
all_objects() {
	git -C v cat-file --batch-all-objects --batch 2>/dev/null | cksum
}

# The last byte of a deflated stream has bits that say nothing.
test_case 'the same in a pack' '
	here && git -C v config extensions.preciousObjects false &&
	git -C v repack -q -a -d && chmod -R u+w v/objects &&
	pack=$(echo v/objects/pack/*.pack) && size=$(stat -c %s "$pack") &&
	cp "$pack" spare && whole=$(all_objects) && at=12 && while test $at -lt $((size - 20)); do
		echo "at $at" && perl -e "
			open my \$f, q(+<:raw), q($pack); seek \$f, $at, 0;
			read \$f, my \$byte, 1; seek \$f, $at, 0;
			print \$f chr(ord(\$byte) ^ 4); close \$f" &&
		if test "$(all_objects)" = "$whole"; then
			vvault verify --full
		else
			found
		fi && few bad && cat spare >"$pack" &&
		at=$((at + size / $(seq 20 | some | wc -l))) || exit 1
	done && found_all && vvault verify --full
'

test_case 'refs that lead nowhere, to no version or to no id' '
	exact_stacks && here &&
	ref=$(git -C v for-each-ref --format="%(refname)" \
		--points-at "$nova") && blob=$(git -C v hash-object -w --stdin <record) &&
	for bad in 1234567890123456789012345678901234567890 "$blob" \
		"$(git -C v rev-parse "$nova^{tree}")" nonsense ""; do
		echo "$bad" >"v/$ref" && echo "ref: $bad" && found &&
		readers bad || exit 1
	done && found_all && echo "$nova" >"v/$ref" && vvault verify --full
'

test_case 'caches that are damaged cost nothing but time' '
	here && for file in $(ls -d v/vvault/cache/* | some); do
		cp "$file" spare && for what in "$flip 0.1" "$flip 0.9" \
			": >\$file" "truncate -s -3 \$file" \
			"head -c 4000 /dev/urandom >\$file"; do
			eval "$what" && echo "$file: $what" &&
			vvault verify --full >out && few bad &&
			for name in log-p ls diff jsonl; do
				cmp "good/$name" "bad/$name" || exit 1
			done && cp spare "$file" || exit 1
		done || exit 1
	done
'

test_case 'local files that are damaged give a reason' '
	here && for file in v/vvault/format v/vvault/id v/vvault/clock v/HEAD \
		v/config; do
		cp "$file" spare && for what in "$flip 0.5" ": >\$file" \
			"head -c 100 /dev/urandom >\$file"; do
			eval "$what" && echo "$file: $what" && few bad &&
			got=0 && { vvault verify >out 2>err || got=$?; } &&
			case $got in
			0 | 1 | 128) ;;
			*) false ;;
			esac && cp spare "$file" || exit 1
		done || exit 1
	done && vvault verify --full
'

done_testing
