# The same wrong versions before different eyes; read after tamper.sh. All are
# signed by a member whose key is good. Who looks:
#
#	b	a member, with the vault's keys where it has any
#	x	who cloned and is no member: blind in an encrypted vault
#	later	x, after an owner has added it
#
# eyes [<option of init>...]: before the first case, as prepare().
eyes() {
	prepare "$@"
	(
		export GIT_CONFIG_GLOBAL=/dev/null
		tap_case=$tap_root/made
		cd "$tap_root/made" && git init -q --bare --template= then &&
		while read -r id type name; do
			git -C r push -q ../then "$id:$name" || exit 1
		done <old-refs && as s vvault clone "$PWD/then" x &&
		cp -a a granted && as a vvault -C granted member add "$(cat did-s)"
	) >"$tap_root/prepared" 2>&1 </dev/null || {
		diag "$(tail -n 30 "$tap_root/prepared")"
		echo 'Bail out! the onlookers cannot be prepared'
		exit 1
	}
	is_encrypted=$(git -C "$tap_root/made/r" ls-tree -r --name-only \
		"refs/heads/vault/$(cat "$tap_root/made/name-a")" | grep -c ^key/)
}

# look: what x has of nova.
look() {
	as s vvault -C x ls nova memory --json | jq -r .state.content | sort
}

# comes_to_light <code> <version>: an owner adds x. It says what is wrong, shows
# what was good before, and writes on top of that alone.
comes_to_light() {
	git -C r fetch -q ../granted "refs/heads/vault/*:refs/heads/vault/*" &&
	: >said &&
	for command in pull 'ls nova' pull; do
		as s vvault -C x $command >>said 2>&1 || test $? -eq 1 || {
			cat said
			return 1
		}
	done
	grep -F "$1" said >/dev/null && look >seen &&
	printf 'one\ntwo\n' | cmp - seen &&
	as s vvault -C x add nova memory:create '{"content":"three"}' &&
	own=$(git -C x rev-parse "refs/heads/$nova/$S") &&
	! git -C x rev-list "$own" | grep -x "$2" || {
		cat said seen
		return 1
	}
}

# blind_takes <version>: stored, relayed, and neither read nor built upon.
blind_takes() {
	as s vvault -C x pull >out 2>err || { cat out err; return 1; }
	git -C x cat-file -e "$1" && expect_exit 128 as s vvault -C x ls nova
}

# x_finds <result> <code>: refused or held before x's eyes.
x_finds() {
	refs_of x >before-x &&
	expect_exit 1 as s vvault -C x pull --json >out 2>err &&
	grep -F "\"result\":\"$1\"" out >said &&
	grep "^vvault: $2: " err >said && refs_of x | cmp - before-x || {
		cat out err
		return 1
	}
}

# open_wrong <title> <result> <code> <version> [<device>]: in a's place, or that
# one's. Nobody needs a key to see it.
open_wrong() {
	echo "row: $1"
	test -n "$4" && rm -rf x && cp -a "$tap_root/made/x" x &&
	git config -f x/config remote.origin.url "$PWD/r" &&
	shows "$nova/$A" "$next^" && shows "$nova/${5:-$A}" "$4" &&
	b_finds_too "$2" "$3" && x_finds "$2" "$3" &&
	git -C r update-ref -d "refs/heads/$nova/${5:-$A}"
}

# inner_wrong <title> <code> <version>: what is wrong is inside. Whoever has no
# keys takes it unread; with the keys comes the verdict.
inner_wrong() {
	if test "$is_encrypted" -eq 0; then
		open_wrong "$1" refused "$2" "$3"
		return
	fi
	echo "row: $1"
	test -n "$3" && rm -rf x && cp -a "$tap_root/made/x" x &&
	git config -f x/config remote.origin.url "$PWD/r" &&
	shows "$nova/$A" "$3" && b_finds_too refused "$2" && blind_takes "$3" &&
	vaults=$(git -C r rev-parse "refs/heads/vault/$A") &&
	comes_to_light "$2" "$3" &&
	git -C r update-ref "refs/heads/vault/$A" "$vaults"
}

# with_line <trailer> <value>: a's next version with that trailer.
with_line() {
	forged a "s/^Vvault-$1:.*/Vvault-$1: $2/"
}

# with_change <tree> <change>
with_change() {
	with_tree "$1" "s/^Vvault-Change:.*/Vvault-Change: $2/"
}

# with_segment <entity> <text>: a's next version, which brings it too.
with_segment() {
	segment "$2" && with_tree "$(edit put 100644 "$blob" "$(place "$1")/$seg")"
}

# compacted_to <text>: in place of all segments.
compacted_to() {
	segment "$1" && with_change "$(edit replaced)" compact
}

# by_another <device> <seq>: next, by that device.
by_another() {
	forged "$1" -e "$(by "$1")" -e "s/^Vvault-Seq:.*/Vvault-Seq: $2/"
}

# judge_all: the cases.
judge_all() {
	test_case 'what is wrong with a version itself' '
		begin && first=$(git -C r rev-list --max-parents=0 \
			"refs/heads/vault/$A") &&
		old=$(git -C r cat-file commit "$first" | sha256sum | cut -c1-64) &&
		open_wrong "a seq too high" refused wrong-seq "$(with_line Seq 9)" &&
		open_wrong "a seq again" refused wrong-seq "$(with_line Seq 1)" &&
		open_wrong "a wrong root" refused wrong-root \
			"$(with_line Root "sha256:$zeros")" &&
		open_wrong "a wrong digest of a parent" refused wrong-parents \
			"$(with_line Parents "sha256:$zeros")" &&
		open_wrong "an older state of vault" refused wrong-members \
			"$(with_line Members "sha256:$old")" &&
		open_wrong "a state that nobody knows" held unknown-members \
			"$(with_line Members "sha256:$zeros")" &&
		open_wrong "another vault" refused foreign-vault \
			"$(forged a "s/^\(Vvault-Vault: .*\)....\$/\1aaaa/")"
	'

	test_case 'who may not sign it' '
		begin && open_wrong "a reader" refused not-a-writer \
			"$(by_another c 1)" "$C" &&
		open_wrong "a stranger" refused not-a-member \
			"$(by_another s 1)" "$S" &&
		open_wrong "a writer, who forgets" refused not-an-owner \
			"$(forged w -e "$(by w)" \
			-e "s/^Vvault-Seq:.*/Vvault-Seq: 2/" \
			-e "s/^Vvault-Change:.*/Vvault-Change: forget/")" "$W"
	'

	test_case 'what is wrong with its tree' '
		begin && path=$(paths | head -n 1) && id=$(git -C r rev-parse "$next:$path") &&
		gone=$(git -C r ls-tree -r --name-only "$next^" | head -n 1) &&
		open_wrong "a segment is gone" refused dropped-segment \
			"$(with_tree "$(edit drop "$gone")")" &&
		open_wrong "an executable" refused bad-tree \
			"$(with_tree "$(edit put 100755 "$id" "$path")")" &&
		open_wrong "a segment that is not there" refused missing-object \
			"$(with_tree "$(edit put 100644 \
				1234567890123456789012345678901234567890 \
				"${path%%/*}/$(echo lost | forge cid)")")"
	'

	test_case 'what is wrong with its records' '
		begin && records >two && test "$(wc -l <two)" -eq 2 &&
		inner_wrong "a compaction that loses one" changed-record \
			"$(compacted_to "$(head -n 1 two)")" &&
		inner_wrong "a compaction that adds one" changed-record \
			"$(compacted_to "$(cat two; memory a a | sed s/2026/2027/)")" &&
		inner_wrong "a record that is not canonical" bad-segment \
			"$(with_segment memory:x "$(memory x y | sed "s/,/, /")")" &&
		inner_wrong "a record in a place of another" bad-segment \
			"$(with_segment memory:elsewhere "$(memory x y)")" &&
		inner_wrong "a record that forgets, in an addition" bad-change \
			"$(with_segment forget:x "$(memory x y |
			sed "s/memory:/forget:/g; s/\"content\":\"y\"/\"records\":[]/")")" &&
		inner_wrong "a record that only vault may hold" vault-record \
			"$(with_segment key:x "$(memory x y | sed "s/memory:/key:/g")")"
	'
}
