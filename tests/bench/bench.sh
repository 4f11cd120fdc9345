#!/bin/sh
# usage: bench.sh [<row>...]
# How fast vvault is, side by side with git on the same data in one run. Rows:
# import memory add cost push clone diff size start members gc chatgpt agents,
# and of growth.sh: edit bulk sets constructs births trips verify; of recall.sh:
# recall (what it finds, no times); of find.sh: find; of lists.sh: lists; of
# capture.sh: capture; of importers.sh: importers; of cursor.sh: cursor; of
# mcp.sh: mcp; of proof.sh: proof; of
# forget.sh: forget; of renew.sh:
# renew; no words: all.
#
# Medians of BENCH_RUNS (5). The column "cpu" is the figure by user and system
# time of the clients, for machines that have other things to do.
# BENCH_QUICK=1 takes a tenth of the data, to see that all works; BENCH_FULL=1
# makes 100,000 adds for the row "cost" instead of 10,000; BENCH_EXPORT_MB is the
# size for the row "chatgpt" (1000), against jq reading the same file. Needs
# about 4 GB in TMPDIR, and git daemon.
set -eu

VV_TOP=${VV_TOP:-$(pwd)}
BUILD=$(cd "${BUILD:-build}" && pwd)
PATH=$BUILD:$BUILD/tests/bench:$BUILD/tests/tools:$PATH
runs=${BENCH_RUNS:-5}
many=100000 most=1000000 few=10000 adds=10000 grown=10000
export_mb=${BENCH_EXPORT_MB:-1000} sessions_n=2000 sessions_mb=1000 \
	stores_mb=20 cursor_chats=1000
test -z "${BENCH_QUICK:-}" || many=10000 most=100000 few=1000 adds=1000 grown=1000 \
	export_mb=${BENCH_EXPORT_MB:-100} sessions_n=200 sessions_mb=100 stores_mb=4 \
	cursor_chats=100
test -z "${BENCH_FULL:-}" || adds=100000

work=$(mktemp -d)
export HOME="$work" VVAULT_KEYS="$work/keys" LC_ALL=C TZ=UTC
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$work/gitconfig"
git config --global user.name bench
git config --global user.email bench@example.org
git config --global init.defaultBranch main
git config --global gc.auto 0
unset VVAULT_DIR GIT_DIR
daemon=
leave() {
	test -z "$daemon" || kill "$daemon" || echo "the daemon had gone" >&2
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM
cd "$work"

# --- measuring -------------------------------------------------------------

# timed <log> <times> <command>...: what it says goes to out. What others
# have left to be written is not ours to wait for.
timed() {
	log=$1
	shift
	sync
	run "$work/$log.log" "$@" >out 2>err || {
		echo "bench: exit status $?: $*" >&2
		tail -n 5 err >&2
		exit 1
	}
}

# middle <log> [<column>]: the median; columns: wall, cpu (us), memory (KiB).
middle() {
	sort -n -k "${2:-1},${2:-1}" "$work/$1.log" | awk -v c="${2:-1}" '
		{ at[NR] = $c }
		END { print (at[int((NR + 1) / 2)] + at[int(NR / 2) + 1]) / 2 }'
}

calc() {
	awk "BEGIN { printf \"%.${2:-2}f\", $1 }"
}

ms() {
	echo "$(calc "$1 / 1000" "${2:-1}") ms"
}

# row <measure> <ours> <git's> <figure> <target: "at most N" or "at least N">
# [<the same by processor time>]
missed=0
rows=0
row() {
	verdict=$(echo "$4 $5" | awk '{
		print ($3 == "most" ? $1 <= $4 : $1 >= $4) ? "ok" : "MISSED" }')
	test "$verdict" = ok || missed=$((missed + 1))
	rows=$((rows + 1))
	printf '%-30s %12s %12s %7s %7s  %-13s %s\n' "$1" "$2" "$3" "$4" \
		"${6:--}" "$5" "$verdict" | tee -a table
}

# against <measure> <log of ours> <log of git's> <target> [<digits>]
against() {
	row "$1" "$(ms "$(middle "$2")" "${5:-1}")" \
		"$(ms "$(middle "$3")" "${5:-1}")" \
		"$(calc "$(middle "$2") / $(middle "$3")")" "$4" \
		"$(calc "$(middle "$2" 2) / $(middle "$3" 2)")"
}

# --- data ------------------------------------------------------------------

# vault <messages>: the folder of a vault that holds them, made once.
vault() {
	vault=$work/vault-$1
	test ! -d "$vault" || return 0
	records "$1"
	vvault init "$vault" >out
	vvault -C "$vault" import --construct nova "$records" >out
}

records() {
	records=$work/records-$1.jsonl
	test -f "$records" || generate records "$1" >"$records"
}

stream() {
	records "$1"
	test -f stream || generate stream <"$records" >stream
}

# The same messages as files that git has committed.
files() {
	test ! -d files || return 0
	stream "$many"
	git init -q files
	git -C files fast-import --quiet <stream
	git -C files reset -q --hard
	git -C files gc -q
}

# --- rows ------------------------------------------------------------------

bench_import() {
	stream "$many"
	for i in $(seq "$runs"); do
		rm -rf v g
		vvault init v >out
		timed import 1 vvault -C v import --construct nova "$records"
		git init -q --bare g
		timed fast-import 1 git -C g fast-import --quiet <stream
	done
	ours=$(calc "1000000 * $many / $(middle import)" 0)
	theirs=$(calc "1000000 * $many / $(middle fast-import)" 0)
	row "import of $many messages" "$ours/s" "$theirs/s" \
		"$(calc "$ours / $theirs")" "at least 6" \
		"$(calc "$(middle fast-import 2) / $(middle import 2)")"
}

bench_memory() {
	for n in "$many" "$most"; do
		records "$n"
		for i in $(seq "$runs"); do
			rm -rf v
			vvault init v >out
			timed "memory-$n" 1 vvault -C v import \
				--construct nova "$records"
		done
		peak=$(calc "$(middle "memory-$n" 3) / 1024" 0)
		row "peak memory, $n messages" "$peak MB" - "$peak" \
			"at most 256"
		test -d "vault-$n" || mv v "vault-$n"
	done
}

bench_add() {
	vault "$many"
	files
	rm -rf v
	cp -a "$vault" v
	for i in $(seq $((2 * runs))); do
		timed add 1 vvault -C v add nova memory:create \
			"{\"content\":\"$(memory "$i")\"}"
		memory "$i" >"files/new-$i"
		timed git-add 1 sh -c "cd files && git add new-$i &&
			git -c core.fsync=all commit -q -m $i"
	done
	against "one durable add to $many" add git-add "at most 0.33"
}

memory() {
	printf 'On day %s she told me again of the garden behind the house ' \
		"$1"
	printf 'where her brother kept bees, and that she means to go back.'
}

bench_cost() {
	add_cost "$adds" >out
	mean=$(sed -n 's/^bytes per add: mean \([0-9]*\).*/\1/p' out)
	row "object bytes per add, $adds adds" "$mean" - "$mean" "at most 6144"
}

# Serve $work/remotes; sets $url.
serve() {
	test -z "$daemon" || return 0
	mkdir remotes
	for try in 1 2 3 4 5; do
		port=$((20000 + ($$ * 7 + try * 101) % 20000))
		url=git://127.0.0.1:$port
		git daemon --listen=127.0.0.1 --port="$port" --export-all \
			--enable=receive-pack --base-path="$work/remotes" \
			"$work/remotes" 2>daemon.log &
		daemon=$!
		git init -q --bare remotes/probe
		for wait in 1 2 3 4 5 6 7 8 9 10; do
			git ls-remote "$url/probe" >out 2>err && return 0
			sleep 0.2
		done
		kill "$daemon" || echo "the daemon had gone" >&2
	done
	echo "bench: git daemon does not come up" >&2
	exit 1
}

bench_push() {
	vault "$many"
	serve
	rm -rf v
	cp -a "$vault" v
	for i in $(seq "$runs"); do
		git init -q --bare "remotes/ours-$i"
		git init -q --bare "remotes/git-$i"
		vvault -C v remote add "ours-$i" "$url/ours-$i"
		timed push 1 vvault -C v push "ours-$i"
		timed git-push 1 git -C v push -q "$url/git-$i" \
			'refs/heads/*:refs/heads/*'
	done
	against "push of $many messages" push git-push "at most 1.5"
}

bench_clone() {
	vault "$many"
	serve
	git clone -q --mirror "$vault" remotes/full
	for i in $(seq "$runs"); do
		rm -rf c g
		timed clone 1 vvault clone "$url/full" c
		timed git-clone 1 git clone -q --mirror "$url/full" g
	done
	vvault -C c ls nova session | head -n 1 | grep -q . || {
		echo "bench: the clone cannot be read" >&2
		exit 1
	}
	against "clone of $many, all verified" clone git-clone "at most 2"
}

# Two versions of a construct 10 records apart: sets $from, $to.
two_versions() {
	vault "$1"
	rm -rf v
	cp -a "$vault" v
	generate later "$1" 10 >later.jsonl
	from=$(vvault -C v log nova -n 1 --json | jq -r .version)
	to=$(vvault -C v import --construct nova --json later.jsonl |
		jq -r .version)
	test "$(vvault -C v diff --json "$from" "$to" |
		jq '.changes | length')" -eq 10
}

bench_diff() {
	two_versions "$few"
	for i in $(seq "$runs"); do
		timed diff-few 5 vvault -C v diff "$from" "$to"
	done
	two_versions "$most"
	for i in $(seq "$runs"); do
		timed diff 5 vvault -C v diff "$from" "$to"
		timed diff-tree 5 git -C v diff-tree -r "$from" "$to"
	done
	against "diff of 10 in $most" diff diff-tree "at most 10"
	row "  against 10 in $few" "$(ms "$(middle diff)")" \
		"($(ms "$(middle diff-few)"))" \
		"$(calc "$(middle diff) / $(middle diff-few)")" "at most 1.5"
}

# The bytes of all objects of a vault, without indexes.
object_bytes() {
	find "$1/objects" -type f ! -name '*.idx' -exec wc -c {} + |
		awk '$2 != "total" { sum += $1 } END { print sum }'
}

# size_of <name> <lines>
size_of() {
	rm -rf v
	vvault init v >out
	vvault -C v import --construct nova "$2" >out
	raw=$(wc -c <"$2")
	sealed=$(object_bytes v)
	row "pack of $1" "$(calc "$sealed / 1e6") MB" \
		"($(calc "$raw / 1e6") MB)" "$(calc "$sealed / $raw")" \
		"at most 0.35"
}

bench_size() {
	data=${VV_SHARED:-$VV_TOP/../shared}/data
	for name in claude-ai chatgpt-large; do
		chat=$data/$name/conversations.json
		if test ! -f "$chat"; then
			echo "(no real chat text here: $name is left out)"
			continue
		fi
		jq -S -c -f "$VV_TOP/tests/bench/${name%-large}.jq" "$chat" \
			>chat.jsonl
		size_of "$name" chat.jsonl
	done
	records "$many"
	size_of "made messages" "$records"
}

# An export of so many bytes: real conversations with other ids each time,
# else made ones. Kept only while this row is measured.
bench_chatgpt() {
	chat=${VV_SHARED:-$VV_TOP/../shared}/data
	set -- "$chat/chatgpt-large/conversations.json" "$chat"/chatgpt/c*2*.json
	if test ! -f "$1"; then
		echo "(no real chat text here: the conversations are made)"
		vault "$few"
		vvault -C "$vault" export nova --format chatgpt >made.json
		set -- made.json
	fi
	repeat "${export_mb}000000" "$@" >export.json
	for i in $(seq "$runs"); do
		rm -rf v
		vvault init v >out
		timed chatgpt 1 vvault -C v import export.json
		timed again 1 vvault -C v import export.json
		timed jq 1 sh -c "jq -c '.[]' export.json >/dev/null"
	done
	rm -f export.json out
	size="ChatGPT export of $export_mb MB"
	row "$size" "$(ms "$(middle chatgpt)" 0)" \
		"($(ms "$(middle jq)" 0))" \
		"$(calc "$(middle jq) / $(middle chatgpt)")" "at least 1.5" \
		"$(calc "$(middle jq 2) / $(middle chatgpt 2)")"
	peak=$(calc "$(middle chatgpt 3) / 1024" 0)
	row "  peak memory" "$peak MB" - "$peak" "at most 300"
	row "  imported again" "$(ms "$(middle again)" 0)" \
		"($(ms "$(middle chatgpt)" 0))" \
		"$(calc "$(middle again) / $(middle chatgpt)" 3)" \
		"at most 0.1" \
		"$(calc "$(middle again 2) / $(middle chatgpt 2)" 3)"
}

# The same versions, trees and segments in a repository that git made: loose
# as single commits leave them, or in the pack of one fast-import.
plain_git() {
	git init -q --bare "$2"
	git -C "$2" config fastimport.unpackLimit "$3"
	git -C "$1" fast-export --all | git -C "$2" fast-import --quiet
}

# gc_against <log> <vault> <repository>: each afresh; leaves v and g.
gc_against() {
	for i in $(seq "$runs"); do
		rm -rf v g
		cp -a "$2" v
		cp -a "$3" g
		timed "$1" 1 vvault -C v gc
		timed "git-$1" 1 git -C g gc -q
	done
}

# after_gc <command> [<word>...]: beside a vault of one import.
after_gc() {
	for i in $(seq $((2 * runs))); do
		timed "old-$1" 1 vvault -C v "$@"
		timed "new-$1" 1 vvault -C fresh "$@"
	done
	against "$1 after gc, ($1 if fresh)" "old-$1" "new-$1" "at most 1.2" 2
}

bench_gc() {
	rm -rf loose packed fresh loose-git packed-git
	vvault init loose >out
	grow loose nova "$grown"
	plain_git loose loose-git 100000000
	gc_against gc loose loose-git
	against "gc after $grown adds, all loose" gc git-gc "at most 1"
	ours=$(object_bytes v)
	theirs=$(object_bytes g)
	row "  its pack" "$(calc "$ours / 1e6") MB" \
		"$(calc "$theirs / 1e6") MB" "$(calc "$ours / $theirs")" \
		"at most 1.2"
	vvault -C v export --format jsonl nova >grown.jsonl
	vvault init fresh >out
	vvault -C fresh import --construct nova grown.jsonl >out
	after_gc log -n 1
	after_gc show nova
	after_gc add nova memory:create '{"content":"one more"}'
	vvault init packed >out
	grow packed nova "$grown" auto
	plain_git packed packed-git 1
	gc_against gc-packed packed packed-git
	against "gc after as many, packed before" gc-packed git-gc-packed \
		"at most 1"
}

# Agent sessions as they lie in their folder, in the vault and in git.
bench_agents() {
	sessions=${VV_SHARED:-$VV_TOP/../shared}/data/claude-code
	if test ! -d "$sessions"; then
		echo "(no agent sessions here: the row is left out)"
		return 0
	fi
	rm -rf agents
	mkdir agents
	cp -r "$sessions"/* agents
	find agents -type f ! -name '*.jsonl' -exec rm {} +
	for i in $(seq "$runs"); do
		rm -rf v g
		vvault init v >out
		cp -r agents g
		git init -q g
		timed agents 1 vvault -C v import agents
		timed git-agents 1 sh -c "cd g && git add . &&
			git -c core.fsync=all commit -q -m $i"
	done
	against "agent sessions, (git add, commit)" agents git-agents "at most 1"
	vvault -C v gc >out
	git -C g gc -q
	ours=$(object_bytes v)
	theirs=$(object_bytes g/.git)
	row "  their pack" "$(calc "$ours / 1e6") MB" \
		"$(calc "$theirs / 1e6") MB" "$(calc "$ours / $theirs")" \
		"at most 1.2"
}

bench_start() {
	vault "$many"
	for i in $(seq "$runs"); do
		timed version 11 vvault version
		timed git-version 11 git version
		timed log 11 vvault -C "$vault" log -n 1
		timed git-log 11 git -C "$vault" log -1
	done
	against "start: version" version git-version "at most 3" 2
	against "start: log -n 1" log git-log "at most 4" 2
}

# What a command costs with 100 members, by processor time, against one member.
bench_members() {
	for n in 1 100; do
		rm -rf "m$n"
		vvault init "m$n" >out
		vvault -C "m$n" add --new nova memory:create --as-is '{"n":1}' >out
		for i in $(seq 2 "$n"); do
			vvault -C "m$n" member add \
				"$(forge key "member-$i")" >out
		done
	done
	for i in $(seq "$runs"); do
		for n in 1 100; do
			timed "log-$n" 21 vvault -C "m$n" log -n 1 nova
			timed "add-$n" 21 vvault -C "m$n" add nova \
				memory:create --as-is '{"n":2}'
		done
	done
	for what in log add; do
		row "$what with 100 members" "$(ms "$(middle "$what-100" 2)")" \
			"($(ms "$(middle "$what-1" 2)"))" \
			"$(calc "$(middle "$what-100" 2) / $(middle "$what-1" 2)")" \
			"at most 1.5"
	done
	for i in $(seq "$runs"); do
		timed remove 1 vvault -C m100 member remove --yes "$(a_writer)"
	done
	row "removal with 100 members" "$(ms "$(middle remove)")" - \
		"$(calc "$(middle remove) / 1000")" "at most 1000"
	removal_cost
	rm -rf member-*
}

# objects_of <vault>: how many there are, and their bytes.
objects_of() {
	git -C "$1" count-objects -v |
		awk '/^(count|in-pack)/ { n += $2 } END { printf "%d ", n }'
	find "$1/objects" -type f -printf '%s\n' |
		awk '{ n += $1 } END { print n + 0 }'
}

a_writer() {
	vvault -C m100 member list --json |
		jq -rn 'first(inputs | select(.role == "writer")).did'
}

# What a removal among 100 members writes, and how often it waits for the disk.
removal_cost() {
	gone=$(a_writer)
	before=$(objects_of m100)
	syncs=$(syncs_of vvault -C m100 member remove --yes "$gone")
	set -- $before $(objects_of m100)
	row "  its objects" "$(($3 - $1))" - "$(($3 - $1))" "at most 24"
	row "  their bytes" "$(($4 - $2))" - "$(($4 - $2))" "at most 65536"
	test "$syncs" = - ||
		row "  waits for the disk" "$syncs" - "$syncs" "at most 16"
}

. "$VV_TOP/tests/bench/growth.sh"
. "$VV_TOP/tests/bench/recall.sh"
. "$VV_TOP/tests/bench/lists.sh"
. "$VV_TOP/tests/bench/find.sh"
. "$VV_TOP/tests/bench/capture.sh"
. "$VV_TOP/tests/bench/importers.sh"
. "$VV_TOP/tests/bench/cursor.sh"
. "$VV_TOP/tests/bench/mcp.sh"
. "$VV_TOP/tests/bench/proof.sh"
. "$VV_TOP/tests/bench/forget.sh"
. "$VV_TOP/tests/bench/renew.sh"

echo "$(nproc) cores, $(git version), medians of $runs; $many and $most messages"
printf '%-30s %12s %12s %7s %7s  %s\n' measure ours "git's" figure cpu target |
	tee table
for name in ${*:-import memory add cost push clone diff size start members gc chatgpt agents edit bulk sets constructs births trips verify recall find lists capture importers cursor mcp proof forget renew}; do
	"bench_$name"
done
echo "bench: $((rows - missed)) of $rows reached"
test -z "${BENCH_QUICK:-}" ||
	echo "(a quick run: the targets are meant for ten times the data)"
