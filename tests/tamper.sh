# A forger's remote, for the tests of tampering; read after tap.sh, lib.sh and
# servers.sh.
#
# Prepared once and copied for each case: owner a, writer w, reader c and
# writer b, whose vault is the victim; a stranger s who has only a key; the
# remote r. Into r a has pushed a version of nova that b has not seen yet, so
# a forger may have it and b would take it.

forge() {
	"$VV_BUILD/tests/tools/forge" "$@"
}

# prepare [<option of init>...]: before the first case.
prepare() {
	mkdir "$tap_root/made"
	tap_case=$tap_root/made
	prepare_in "$@" >"$tap_root/prepared" 2>&1 </dev/null || {
		diag "$(tail -n 30 "$tap_root/prepared")"
		echo 'Bail out! the vaults cannot be prepared'
		exit 1
	}
}

prepare_in() (
	export HOME="$tap_root/made" GIT_CONFIG_GLOBAL=/dev/null
	cd "$tap_root/made"
	set -e
	git init -q --bare --template= r
	as a vvault init "$@" a
	as a vvault -C a remote add origin "$PWD/r"
	for device in b w c s; do
		forge key "keys-$device" >"did-$device"
	done
	as a vvault -C a member add --role writer "$(cat did-b)"
	as a vvault -C a member add --role writer "$(cat did-w)"
	as a vvault -C a member add --role reader "$(cat did-c)"
	as a vvault -C a add --new nova memory:create '{"content":"one"}'
	as a vvault -C a push
	as w vvault clone "$PWD/r" w
	as w vvault -C w add nova memory:create '{"content":"two"}'
	as w vvault -C w push
	as b vvault clone "$PWD/r" b
	as a vvault -C a pull
	as a vvault -C a add nova memory:create '{"content":"three"}'
	git -C a for-each-ref --format='%(refname)' refs/heads |
		cut -d/ -f3 | sort -u | grep -vx vault >nova
	sed 's/^did:key://' did-w >name-w
	sed 's/^did:key://' did-b >name-b
	sed 's/^did:key://' did-c >name-c
	sed 's/^did:key://' did-s >name-s
	as a did | sed 's/^did:key://' >name-a
	refs_of r >old-refs
	as a vvault -C a push
	test "$(wc -l <nova)" -eq 1
)

# begin: the prepared vaults, here; sets nova (the construct's name in refs),
# old and next (a's versions of nova), and A, B, C, S, W, the devices' names.
begin() {
	cp -a "$tap_root"/made/. .
	for device in a b c s w; do
		rm -rf "$tap_case/keys-$device"
		mv "keys-$device" "$tap_case/"
		test ! -d "$device" ||
			git config -f "$device/config" remote.origin.url \
				"$PWD/r"
	done
	nova=$(cat nova)
	A=$(cat name-a) B=$(cat name-b) C=$(cat name-c) S=$(cat name-s)
	W=$(cat name-w)
	next=$(git -C r rev-parse "refs/heads/$nova/$A")
	refs_of b >before
}

# current: b has all of r, so that nothing may move.
current() {
	as b vvault -C b pull >out 2>err && refs_of b >before
}

# payload <version>: what was signed.
payload() {
	git -C r cat-file commit "$1" | sed '/^gpgsig /,/^ -----END/d'
}

# forged <device> <sed script>...: a's next version with other words, and a
# note sealed for these, signed by that device.
forged() {
	signer=$1
	shift
	payload "$next" | sed "$@" | forge note a "$tap_case/keys-a" nova |
		forge sign "$tap_case/keys-$signer" r
}

# by <device>: as a sed script: in its name.
by() {
	name=$(cat "name-$1")
	echo "s/$A/$name/g"
}

# shows <ref below heads> <version>: what the remote says.
shows() {
	git -C r update-ref "refs/heads/$1" "$2"
}

# nothing_moved: and b is as sound as it was.
nothing_moved() {
	refs_of b | cmp - before
	as b vvault -C b verify --full >verified || {
		cat verified
		return 1
	}
	git -C b fsck --strict --no-dangling --connectivity-only
}

# b_finds <result> <code> [<object>]: fetch and pull name it, and exit 1.
b_finds() {
	expect_exit 1 as b vvault -C b fetch >out 2>err &&
	grep "^$1 " out >said && grep "^vvault: $2: " err >said &&
	grep -F "${3:-}" said &&
	expect_exit 1 as b vvault -C b pull --json >out 2>err &&
	grep -F "\"result\":\"$1\"" out >said &&
	grep "^vvault: $2: " err >said && grep -F "${3:-}" said || {
		cat out err
		return 1
	}
	nothing_moved
}

# b_finds_too: the same in one step, for the rows of a table.
b_finds_too() {
	expect_exit 1 as b vvault -C b pull --json >out 2>err &&
	grep -F "\"result\":\"$1\"" out >said &&
	grep "^vvault: $2: " err >said && grep -F "${3:-}" said &&
	refs_of b | cmp - before || {
		cat out err
		return 1
	}
}

# quarantined <n>: what status shows.
quarantined() {
	as b vvault -C b status --json >status
	grep "\"quarantined\":$1[,}]" status || {
		cat status
		return 1
	}
}

# clone_refuses <code>: so does a fresh clone of what was forged, and has the
# rest.
clone_refuses() {
	expect_exit 1 as b vvault clone "$PWD/r" fresh >out 2>err || {
		cat out err
		return 1
	}
	grep -F "$1" err >said || { cat out err; return 1; }
	as b vvault -C fresh verify --full
}

# mended: the remote is as before, and b takes a's version.
mended() {
	rm -rf r
	cp -a "$tap_root/made/r" r
	as b vvault -C b pull --json >out 2>err || {
		cat out err
		return 1
	}
	refs_of b >after
	refs_of r | cmp - after
	as b vvault -C b verify --full >verified
	quarantined 0
	as b vvault -C b show nova --json | grep "\"counts\":{[^}]*\"memory\":3[,}]"
}

zeros=0000000000000000000000000000000000000000000000000000000000000000

# edit <command>...: a's next version with its tree in git's index; prints
# the tree that the command makes of it.
edit() (
	export GIT_DIR="$PWD/r" GIT_INDEX_FILE="$PWD/index"
	rm -f index
	git read-tree "$next^{tree}"
	"$@" >&2
	git write-tree --missing-ok
)

# with_tree <tree> [<sed script>]: a's version with that tree instead, and its
# root if it has one.
with_tree() {
	root=$(forge root r "$1" 2>/dev/null) || root=$zeros
	forged a -e "s/^tree.*/tree $1/" \
		-e "s/^Vvault-Root:.*/Vvault-Root: sha256:$root/" -e "${2:-}"
}

# blob: of standard input, in r.
blob() {
	git -C r hash-object -w --stdin
}

# paths: of the segments of next.
paths() {
	git -C r ls-tree -r --name-only "$next"
}

put() {
	git update-index --add --cacheinfo "$1,$2,$3"
}

drop() {
	printf '0 %s\t%s\n' 0000000000000000000000000000000000000000 "$1" |
		git update-index --index-info
}

# memory <key> <content>: its record as a line.
memory() {
	printf '{"at":"%s","data":{"content":"%s"},"entity":"memory:%s",' \
		2026-11-01T00:00:00.000000Z-0000-00000000 "$2" "$1"
	printf '"prev":[],"type":"memory:create"}\n'
}

# segment <text>: sealed, its file's name in seg, its blob in blob.
segment() {
	printf '%s\n' "$1" | forge seal a "$tap_case/keys-a" "$nova" >sealed &&
	seg=$(forge cid <sealed) && blob=$(blob <sealed)
}

# place <entity>: where its segments lie.
place() {
	forge place a "$tap_case/keys-a" "$nova" "$1"
}

# replaced: all segments of next gone, and the last one in place of them.
replaced() {
	paths | while read -r path; do
		drop "$path"
	done
	put 100644 "$blob" "$(paths | sed 's,/.*,,;q')/$seg"
}

# records: of nova, what its last version but one holds.
records() {
	for id in $(as b vvault -C b ls nova memory --json |
		jq -r '.records[]'); do
		as b vvault -C b cat "$id" && echo
	done | grep . | sort
}
