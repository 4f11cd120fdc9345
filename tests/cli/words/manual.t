#!/bin/sh
# The manual: the examples of each page are run as they stand, in a world that
# has what they name, and print what the page shows. What differs from one run
# to the next (ids, times, sizes) is as good as any other of its kind.
#
# MANUAL_OUT=<folder>: what was printed is left there, to write pages from.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# examples <page>: each into ex/<nn>.cmd and what it shows into ex/<nn>.want.
examples() {
	mkdir -p ex && perl -e '
		my ($in, $is_code, $n, $out) = (0, 0, 0);
		while (<>) {
			$in = 1 if /^\.SH EXAMPLES/;
			$in = 0 if /^\.SH/ && !/EXAMPLES/;
			$is_code = 1 if /^\.nf/;
			($is_code, $out) = (0, undef) if /^\.fi/;
			next if !$in || !$is_code || /^\./;
			s/\\-/-/g; s/\\\(aq/\x27/g; s/\\f[BIRP]//g; s/\\[:&]//g; s/\\e/\\/g;
			if (s/^\$ //) {
				$n++;
				open $out, ">", sprintf "ex/%02d.cmd", $n or die;
				print $out $_;
				open $out, ">", sprintf "ex/%02d.want", $n or die;
			} elsif ($out) {
				print $out $_;
			}
		}' "$1"
}

# plain <file>: with a word in place of all that no two runs have in common.
plain() {
	{ cat "$1" && echo; } | sed -E -e "s#$PWD/|/srv/|/[^ ]*made_make_world/work/##g; s/(bagaaiera|bafkrei)[a-z2-7]+/RECORD/g; s/z6Mk[1-9A-Za-z]+/DEVICE/g" \
		-e 's/[a-z]+:[a-z2-7]{26}|\bmemory:m\b/ENTITY/g; s/\b[0-9a-f]{10,64}\b/ID/g' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)/TIME/g' \
		-e 's/\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b/DATE/g' \
		-e 's/[0-9.,]+ (kB|MB|bytes|B)\b/SIZE/g; s/^(bytes|loose objects|packs): .*/\1: N/' \
		-e "s#'[^' ]*/(keys[^/']*|media/stick|media/me/keys)/#'KEYS/#; s/ +/ /g; s/ +\$//; /^\$/d" \
		-e 's/\b[a-z2-7]{10}\b/SHORT/g; s/^[a-z2-7]{26}([, ])/NAME\1/; s/-[0-9a-f]{4}-6Mk[0-9A-Za-z]{5}/NODE/g'
}

# same <file> <file>: the same lines, in any order: that of constructs in a
# sealed vault is nobody's.
same() {
	for file in "$@"; do sed -E 's/^@[0-9]+ +//' "$file" | LC_ALL=C sort >"$file.sorted"; done
	cmp -s "$1.sorted" "$2.sorted" || diff "$1" "$2"
}

# The world.

turn() {
	printf '{"type":"message:create","entity":"message:chatgpt:garden/%s","at":"2024-05-03T10:0%s:00.000000Z-0000-00000000","prev":[],"data":{"session":"session:chatgpt:garden","index":%s,"role":"%s","created":"2024-05-03T10:0%s:00Z","content":"%s","parent":%s}}\n' \
		"$1" "$2" "$2" "$3" "$2" "$4" "$5"
}

talk_of_garden() {
	printf '{"at":"2024-05-03T10:00:00.000000Z-0000-00000000","data":{"provider":"chatgpt","title":"The garden","active":"message:chatgpt:garden/m2"},"entity":"session:chatgpt:garden","prev":[],"type":"session:create"}\n'
	turn m1 1 user "When did we plan the old greenhouse? It leaks after the rain, and C++ hangs." null
	turn m2 2 assistant "In the middle of May, behind the old greenhouse. The antifouling is dry." '"message:chatgpt:garden/m1"'
}

make_world() {
	export VVAULT_DEVICE_NAME=laptop VVAULT_DIR="$PWD/v" VVAULT_KEYS="$tap_case/keys"
	cp "$VV_TOP"/tests/data/demo/*.capsule . && cp "$VV_TOP/hooks/samples/"* . &&
	(cd "$VV_TOP/tests/data/demo/export" && make_zip "$OLDPWD/chatgpt.zip" $(for f in *; do echo "$f $f"; done)) &&
	echo "a long sentence of mine" >phrase && mkdir me backup &&
	git init -q --bare me/vault.git && vvault init v && vvault remote add origin me/vault.git &&
	vvault add --new nova memory:create --entity memory:m '{"content":"The user likes rain","tags":["home"]}' &&
	vvault add nova construct:update '{"persona":{"traits":{"warmth":0.9}}}' &&
	talk_of_garden | jq -cS . >garden.jsonl && vvault import --construct nova --format jsonl garden.jsonl &&
	for n in 1 2 3; do vvault import --construct wren-001 wren-$n.capsule || return; done &&
	vvault push && cp -R me/vault.git backup/vault.git
} >/dev/null

# ssh, which leads to the folder here.
fake_ssh() {
	printf '#!/bin/sh\nwhile test $# -gt 1; do shift; done\ncd "%s" && eval "$(echo "$1" | sed "s#/me/#me/#")"\n' \
		"$PWD" >ssh && chmod +x ssh && export GIT_SSH="$PWD/ssh"
}

# prepare_<page>: what else it needs; its folder is the world's.
prepare_vvault() {
	unset VVAULT_DIR && mkdir -p ~/Downloads && cp chatgpt.zip ~/Downloads && fake_ssh &&
	rm -rf me/vault.git && git init -q --bare me/vault.git
}
prepare_revert() {
	vvault add nova memory:update --entity memory:m "{\"content\":\"The user likes snow\"}"
}
prepare_clone() {
	fake_ssh && unset VVAULT_DIR && export VVAULT_KEYS="$tap_case/keys-server" VVAULT_DEVICE_NAME=server
}
prepare_init() {
	unset VVAULT_DIR && export VVAULT_KEYS="$tap_case/keys-new"
}
prepare_hooks() {
	mv v vault && unset VVAULT_DIR
}
prepare_remote() {
	vvault remote remove origin
}
prepare_import() {
	export VVAULT_DIR="$PWD/empty" && vvault init empty
}
prepare_agents() {
	prepare_capture
}
# A home with the sessions of an agent.
# It stays until somebody ends it.
prepare_watch() {
	mkdir -p ~/capsules && vvault() {
		timeout --preserve-status -s INT 2 "$VV_BUILD/vvault" "$@"
	}
}
prepare_resume() {
	export HOME="$PWD/person" && mkdir -p "$HOME/src/garden" programs &&
	echo "#!/bin/sh" >programs/claude && chmod +x programs/claude && export PATH="$PWD/programs:$PATH"
}
prepare_capture() {
	unset CLAUDE_CONFIG_DIR XDG_CONFIG_HOME && export HOME="$PWD/me" &&
	mkdir -p me/.claude/projects/-srv-heron me/.codex &&
	for n in 1 2; do
		printf '{"type":"user","uuid":"u%s","parentUuid":null,"sessionId":"5e551000-0000-4000-8000-000000000001","timestamp":"2026-11-01T10:00:00Z","message":{"role":"user","content":"hello"}}\n' $n
	done >me/.claude/projects/-srv-heron/5e551000-0000-4000-8000-000000000001.jsonl
}
prepare_mcp() {
	export HOME="$PWD/me" && mkdir -p me/.claude me/.cursor
}
by_phone() {
	VVAULT_KEYS="$tap_case/keys-b" VVAULT_DEVICE_NAME=phone vvault "$@"
}
# The other device, a member, with all that there is.
add_phone() {
	by_phone clone me/vault.git phone && vvault member add --name phone \
		"$(by_phone key show | head -n 1)" && vvault push && by_phone -C phone pull
}
prepare_fetch() {
	add_phone && for i in 1 2 3; do
		by_phone -C phone add wren-001 memory:create "{\"content\":\"$i\"}" || return
	done && by_phone -C phone push
}
prepare_pull() {
	prepare_fetch
}
prepare_member() {
	prepare_fetch && vvault pull
}
prepare_reject() {
	prepare_fetch && vvault pull
}
prepare_conflicts() {
	add_phone && vvault add nova memory:update --entity memory:m "{\"content\":\"Rain again.\"}" &&
	by_phone -C phone add nova memory:update --entity memory:m "{\"content\":\"Rain again, and I like it.\"}" &&
	by_phone -C phone push && vvault pull
}
prepare_resolve() {
	prepare_conflicts && vvault add nova construct:update "{\"persona\":{\"traits\":{\"warmth\":0.5}}}" &&
	by_phone -C phone add nova construct:update "{\"persona\":{\"traits\":{\"warmth\":0.7}}}" &&
	vvault add nova session:update --entity session:chatgpt:garden "{\"title\":\"Glass\"}" &&
	by_phone -C phone add nova session:update --entity session:chatgpt:garden "{\"title\":\"Leaks\"}" &&
	by_phone -C phone push && vvault pull
}
prepare_push() {
	vvault add --new mia memory:create "{\"content\":\"one\"}" &&
	vvault add mia memory:create "{\"content\":\"two\"}" && vvault add nova memory:create "{\"content\":\"three\"}"
}
prepare_status() {
	prepare_push
}
prepare_undo() {
	vvault add --new mia memory:create "{\"content\":\"one\"}"
}
prepare_export() {
	vvault init other
}
prepare_key() {
	cd v && cp ../phrase .
}
prepare_construct() {
	cp "$VV_TOP/tests/data/cards/owl_v2.json" card.json && vvault import --construct nova card.json &&
	for i in 1 2 3; do vvault add --new nova-2 memory:create "{\"content\":\"$i\"}" || return; done
}
prepare_edit() {
	vvault add nova memory:create "{\"content\":\"The user likes rain\"}" && vvault ls nova memory &&
	export EDITOR="sed -i s/likes/loves/"
}
prepare_rm() {
	prepare_edit
}
prepare_forget() {
	vvault add nova memory:create "{\"content\":\"The password is hunter2\"}"
}
prepare_renew() {
	prepare_forget && vvault forget --yes --match hunter2 && git init -q --bare me/fresh.git && fake_ssh
}
prepare_tag() {
	vvault add nova memory:create "{\"content\":\"The user likes tea\"}" && vvault rm memory:m &&
	vvault ls nova memory
}
prepare_note() {
	vvault sessions
}
prepare_remember() {
	echo "The user likes notes" >notes.txt
}
prepare_read() {
	vvault recall greenhouse
}
prepare_show() {
	vvault ls nova
}
prepare_cat() {
	vvault ls nova
}

test_page() {
	once make_world && export VVAULT_DIR="$PWD/v" VVAULT_DEVICE_NAME=laptop && examples "$2" &&
	ex=$PWD/ex && work=$PWD
	if command -v "prepare_$1" >/dev/null; then "prepare_$1" >/dev/null; fi
	for cmd in "$ex"/*.cmd; do
		want=${cmd%.cmd}.want && got=${cmd%.cmd}.got
		cat "$cmd"
		# Asked at a terminal: key.t.
		case $(cat "$cmd") in *" /media/"*) continue ;; esac
		eval "$(cat "$cmd")" >"$got" 2>"$got.err" && cat "$got.err" >>"$got" ||
			{ cat "$got.err"; exit 1; }
		test -z "${MANUAL_OUT:-}" || { mkdir -p "$MANUAL_OUT/$1" && cp "$got" "$MANUAL_OUT/$1/"; continue; }
		test -s "$want" || continue
		(cd "$work" && plain "$want" >"$want.plain" && plain "$got" >"$got.plain" &&
			same "$want.plain" "$got.plain") || exit 1
	done
}

for page in "$VV_TOP"/cmd/man/man1/*.1; do
	name=${page##*/vvault} && name=${name#-} && name=${name%.1}
	case $name in
	"") name=vvault ;;
	# It wants a terminal, and has it in browse.t.
	.1 | browse) test "$name" = browse && continue; name=vvault ;;
	esac
	test_case "the examples of $name" "test_page $name '$page'"
done

done_testing
