#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data
export data

# held [<construct>...]: what the vault holds, without the files it came from.
held() {
	for one in "$@"; do
		vvault ls --json "$one" | jq -c "select(.kind != \"source\") | [.entity, .state]" | sort
	done
}

# home <folder>: a program's own folder, with a session, what lies beside it, and a link.
home() {
	mkdir -p "$1/.claude/projects/-srv-x" && cp "$data"/claude-code/*.jsonl "$1/.claude/projects/-srv-x/" &&
	ln -s /etc/passwd "$1/.claude/projects/-srv-x/link.jsonl"
}

test_case 'a tar archive is as good as the folder, compressed or not, of any form' '
	home h && vvault init f >/dev/null && { vvault -C f import h >/dev/null || test $? -eq 3; } &&
	export VVAULT_DIR="$PWD/f" && held claude-code >folder && test -s folder &&
	tar cf a.tar h && tar czf b.tgz h && tar c --format=pax h | gzip >c.tar.gz &&
	tar c --format=gnu h | zstd -q >d.tar.zst && tar c --format=v7 h >e.tar &&
	for one in a.tar b.tgz c.tar.gz d.tar.zst e.tar; do
		rm -rf v && new_vault && { vvault import --json "$one" >out || test $? -eq 3; } &&
		held claude-code >got && cmp folder got &&
		jq -s -e "[.[].sources[].skipped[].reason] | any(contains(\"symbolic link\"))" out >/dev/null ||
			{ echo "$one"; return 1; }
	done && { vvault import --json b.tgz >out || test $? -eq 3; } && jq -s -e "all(.version == null)" out
'

test_case 'long names, and the later of two members of one name' '
	new_vault && long=$(printf "deep%.0s/" 1 2 3)$(printf "n%.0s" $(seq 140)) && mkdir -p "d/$(dirname "$long")" &&
	cp "$data/grok/"* d 2>/dev/null; cp "$data/chatty/said.md" "d/$long.md" &&
	for form in gnu pax; do
		tar c --format=$form d >$form.tar && { vvault import --json $form.tar >out || test $? -eq 3; } &&
		jq -s -r ".[].sources[].path" out | grep -q "$long.md" || return
	done &&
	mkdir n && echo first >n/note.md && tar cf twice.tar n && echo second >n/note.md && tar rf twice.tar n &&
	vvault import twice.tar >/dev/null && vvault ls --json notes memory | jq -e ".state.content == \"second\n\""
'

test_case 'names that leave the folder refuse the archive; links are told, and nothing is followed' '
	new_vault && cp "$data/chatty/said.md" said.md &&
	tar cPf up.tar --transform "s,^,../," said.md && expect_exit 3 vvault import up.tar >out && grep "\.\." out &&
	tar cPf abs.tar --transform "s,^,/srv/," said.md && expect_exit 3 vvault import abs.tar >out && cat out &&
	test "$(vvault ls --json | wc -l)" -eq 0 && ln -s /etc/passwd l && tar cf l.tar l said.md &&
	vvault import l.tar >out && grep "symbolic link" out && expect_exit 1 grep -r root: v
'

test_case 'a compressed file is what it holds: a session, a document, a database, from a pipe too' '
	new_vault && vvault import "$data/codex/rollout.jsonl" >/dev/null && held codex >plain && test -s plain &&
	gzip -c "$data/codex/rollout.jsonl" >r.gz && zstd -q -c "$data/codex/rollout.jsonl" >r.zst &&
	for one in r.gz r.zst; do
		rm -rf v && new_vault && vvault import --json "$one" >out && held codex >got && cmp plain got &&
		says ".records.new == 0" vvault import --json "$data/codex/rollout.jsonl" || return
	done &&
	rm -rf v && new_vault && vvault import - <r.gz >/dev/null && held codex >got && cmp plain got &&
	gzip -c "$data/chatty/said.md" >said.md.gz && vvault import --construct nova said.md.gz >/dev/null &&
	blob=$(vvault ls --json nova | jq -r "select(.kind == \"source\") | .state.bytes.\"\$blob\"") &&
	vvault cat "$blob" | cmp - "$data/chatty/said.md" &&
	{ command -v sqlite3 >/dev/null || skip_case "sqlite3 is not here"; } &&
	sqlite3 x.db "create table lamp(a)" && gzip x.db && expect_exit 3 vvault import x.db.gz >out &&
	grep "the tables lamp" out
'

test_case 'of what is cut short or damaged the begin comes home, and the damage is told once' '
	new_vault && for i in $(seq 300); do
		printf "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%d\"}]}\n" \
			"$(printf %d "$i" | sha256sum)" $i
	done >lines.jsonl && gzip -k lines.jsonl && zstd -q lines.jsonl &&
	head -c $(($(stat -c %s lines.jsonl.gz) / 2)) lines.jsonl.gz >torn.gz &&
	expect_exit 3 vvault import --construct c --json torn.gz >out && cat out &&
	jq -e ".sources[0] | (.malformed | length == 1) and (.malformed[0].reason | contains(\"cut short\")) and
		.imported > 50 and .imported < 890" out &&
	{ head -c 2000 lines.jsonl.gz && printf "\377\377\377\377\377\377" && tail -c +2007 lines.jsonl.gz; } >bad.gz &&
	expect_exit 3 vvault import --construct d --json bad.gz >out && cat out &&
	jq -e ".sources[0].malformed[-1].reason | contains(\"damaged\")" out &&
	mkdir t && cp lines.jsonl t/a.jsonl && head -c 3000 lines.jsonl >t/b.jsonl && tar cf t.tar t &&
	head -c $(($(stat -c %s t.tar) / 2)) t.tar >cut.tar && { vvault import --construct e --json cut.tar >out; true; } &&
	grep "the archive ends before" out
'

test_case 'bombs are stopped, and an archive in another is told' '
	new_vault && { head -n 1 "$data/codex/rollout.jsonl" && head -c 200000000 /dev/zero | tr "\0" " "; } |
		gzip >bomb.gz && expect_exit 3 vvault import --json bomb.gz >out &&
	jq -e ".sources[0].malformed[0].reason | contains(\"256 times\")" out &&
	echo "user: hello" >talk.log && gzip -k talk.log && expect_exit 3 vvault import --json talk.log.gz >out &&
	jq -e ".sources[0].suggested == \"chatty\"" out && head -c 9000000 /dev/zero | tr "\0" "\n" >>talk.log &&
	gzip -f talk.log && expect_exit 3 vvault import --json talk.log.gz >out && jq -e ".sources[0] | has(\"suggested\") | not" out &&
	mkdir b && head -c 300000000 /dev/zero >b/z && tar c b | gzip >bomb.tgz && rm -rf b &&
	expect_exit 3 vvault import bomb.tgz >out && grep "256 times" out &&
	mkdir i && cp "$data/chatty/said.md" i && tar czf i.tgz i && gzip -c i.tgz >twice.gz &&
	expect_exit 3 vvault import twice.gz >out && grep "archive inside another" out &&
	tar cf outer.tar i.tgz && { vvault import outer.tar >out; true; } && grep "archive inside another" out &&
	expect_exit 3 vvault import - <i.tgz >out && grep "from a pipe" out
'

done_testing
