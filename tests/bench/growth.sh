# Rows that show how cost grows: the same for n, 2n and 4n (or a small and a
# large n), by processor time. Read by bench.sh.

# grows <measure> <log of the small> <log of the large> <target>
grows() {
	row "$1" "$(ms "$(middle "$3" 2)")" "($(ms "$(middle "$2" 2)"))" \
		"$(calc "$(middle "$3" 2) / $(middle "$2" 2)")" "$4"
}

# curve <measure> <log> <n> <target for 4n against n>: logs are <log>-<n>.
curve() {
	grows "$1, $((2 * $3)) to $3" "$2-$3" "$2-$((2 * $3))" "at most 3"
	grows "$1, $((4 * $3)) to $3" "$2-$3" "$2-$((4 * $3))" "$4"
}

# talk <n>: one session of so many messages, as records.
talk() {
	awk -v n="$1" 'BEGIN {
		tail = "Z-0000-00000000"
		at = "2026-01-01T00:00:00.000000" tail
		print "{\"at\":\"" at "\",\"data\":{\"title\":\"long\"},\"entity\":" \
			"\"session:b:s\",\"prev\":[],\"type\":\"session:create\"}"
		for (i = 1; i < n; i++) {
			at = sprintf("2026-01-01T%02d:%02d:%02d.%06d", \
				i / 3600 % 24, i / 60 % 60, i % 60, i) tail
			printf "{\"at\":\"%s\",\"data\":{\"content\":\"%d: and ", at, i
			printf "so the talk about %d goes on and on, as ", i * 7919 % n
			printf "talks of %x do.\",\"index\":%d},\"entity\":", \
				i * 104729 % 1000003, i
			printf "\"message:b:s/%d\",\"prev\":[],\"type\":", i
			print "\"message:create\"}"
		}
	}'
}

# An edit where much is there: of a long session, of an entity often changed.
bench_edit() {
	for n in 1000 $((many / 4)) $((many / 2)) "$many"; do
		rm -rf v
		vvault init v >out
		talk "$n" >talk.jsonl
		vvault -C v import --construct nova talk.jsonl >out
		seq "$n" | sed 's/.*/{"n":&}/' |
			vvault -C v add nova memory:update --entity memory:x - >out
		for i in $(seq "$runs"); do
			timed "message-$n" 8 vvault -C v add nova \
				message:create --as-is --entity "message:b:s/new$i" '{}'
			timed "diff-$n" 8 vvault -C v diff nova~1 nova
			timed "update-$n" 8 vvault -C v add nova memory:update \
				--entity memory:x "{\"n\":$i}"
		done
	done
	for what in message diff update; do
		grows "$what, $many to 1000" "$what-1000" "$what-$many" \
			"at most 3"
		curve "$what" "$what" $((many / 4)) "at most 3"
	done
}

# segments_of <vault>: how many there are, of every version.
segments_of() {
	git -C "$1" cat-file --batch-check --batch-all-objects |
		grep -c ' blob '
}

# bulk <n>: messages of some 1,270 bytes, a hundred to a session: each fills a
# segment of its own.
bulk() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < 1110; i++)
			pad = pad substr("etaoin shrdlu", i * i % 13 + 1, 1)
		for (i = 0; i < n; i++) {
			at = sprintf("2026-01-%02dT%02d:%02d:%02d.000000Z", \
				i / 86400 % 28 + 1, i / 3600 % 24, i / 60 % 60, \
				i % 60)
			printf "{\"at\":\"%s-0000-00000000\",\"data\":{", at
			printf "\"content\":\"%x %s %x\",\"index\":%d},", \
				i * 7919, pad, i * 104729 % 1000003, i % 100
			printf "\"entity\":\"message:b:s%d/%d\",\"prev\":", \
				i / 100, i % 100
			print "[],\"type\":\"message:create\"}"
			if (i % 100)
				continue
			printf "{\"at\":\"%s-0000-00000000\",\"data\":{", at
			printf "\"title\":\"%d\"},\"entity\":", i
			printf "\"session:b:s%d\",\"prev\":[],", i / 100
			print "\"type\":\"session:create\"}"
		}
	}'
}

# Each segment is written once, where it stays.
bench_bulk() {
	for n in $((most * 2 / 5)) "$most"; do
		bulk "$n" >"bulk-$n.jsonl"
		rm -rf "bulk-$n"
		vvault init "bulk-$n" >out
		timed "bulk-$n" 1 vvault -C "bulk-$n" import --construct nova \
			"bulk-$n.jsonl"
	done
	grows "import of $most to 2/5 of it" "bulk-$((most * 2 / 5))" \
		"bulk-$most" "at most 2.8"
	written=$(segments_of "bulk-$most")
	needed=$(calc "$(wc -c <"bulk-$most.jsonl") / 131072" 0)
	row "  segments" "$written" "($needed)" \
		"$(calc "$written / $needed")" "at most 1.1"
	for format in jsonl markdown; do
		timed "$format" 1 vvault -C "bulk-$most" export nova \
			--format "$format"
		rm -f out
	done
	grows "  markdown to jsonl" jsonl markdown "at most 3"
	peak=$(calc "$(middle markdown 3) / 1024" 0)
	row "  its peak memory" "$peak MB" - "$peak" "at most 128"
	rm -rf bulk-*
}

# tags <records> <tags>: a chain of edits, each with tags of its own.
tags() {
	awk -v n="$1" -v m="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf "{\"tags\":["
			for (j = 0; j < m; j++)
				printf "%s\"%x\"", j ? "," : "", i * m + j
			print "]}"
		}
	}'
}

bench_sets() {
	for n in 1000 2000 4000; do
		rm -rf v
		vvault init v >out
		tags "$n" 100 | vvault -C v add --new nova memory:update \
			--entity memory:x - >out
		for i in $(seq "$runs"); do
			timed "sets-$n" 1 vvault -C v ls nova
		done
	done
	curve "sets of 100 tags" sets 1000 "at most 6"
}

# constructs_in <folder> <n>: a file for each of n constructs of one record.
constructs_in() {
	rm -rf "$1"
	mkdir "$1"
	for i in $(seq "$2"); do
		printf '{"$vvault":"jsonl-1","construct":"c%d"}\n' "$i"
		printf '{"at":"2026-01-01T00:00:00.000000Z-0000-00000000",'
		printf '"data":{"content":"of %d"},"entity":"memory:x",' "$i"
		printf '"prev":[],"type":"memory:create"}\n'
	done | split -l 2 -a 4 - "$1/"
	for file in "$1"/*; do mv "$file" "$file.jsonl"; done
}

bench_constructs() {
	rm -rf v c
	constructs_in many $((few / 2))
	vvault init v >out
	vvault -C v import many >out
	timed constructs 1 vvault clone "$work/v" c
	peak=$(calc "$(middle constructs 3) / 1024" 0)
	row "clone of $((few / 2)) constructs" "$peak MB" - "$peak" \
		"at most 150"
}

# New constructs in one import, and the list of them.
bench_births() {
	n=$((few / 8))
	for n in "$n" $((2 * n)) $((4 * n)); do
		constructs_in many "$n"
		for i in $(seq "$runs"); do
			rm -rf v
			vvault init v >out
			timed "births-$n" 1 vvault -C v import many
			vvault -C v construct list >out
			timed "list-$n" 3 vvault -C v construct list
		done
	done
	n=$((few / 8))
	curve "new constructs" births "$n" "at most 5"
	curve "construct list" list "$n" "at most 5"
	row "  of $((2 * n)), again" "$(ms "$(middle "list-$((2 * n))")")" - \
		"$(calc "$(middle "list-$((2 * n))") / 1e6" 3)" "at most 0.3"
}

# syncs_of <command>...: how often it waits for the disk; - without strace.
syncs_of() {
	command -v strace >/dev/null || { echo - && return; }
	strace -f -qq -e trace=fsync,fdatasync -o syncs "$@" >out 2>err
	grep -c sync syncs
}

# trips <n>: a vault of n new constructs to a remote, from there to another
# device, and then one change of one of them.
trips() {
	rm -rf v r c
	constructs_in many "$1"
	vvault init v >out
	vvault -C v import many >out
	git init -q --bare r
	vvault -C v remote add origin "$work/r"
	timed "push-new-$1" 1 vvault -C v push
	timed "clone-$1" 1 vvault clone "$work/r" c
	for i in $(seq "$runs"); do
		vvault -C v add c1 memory:create --as-is "{\"n\":$i}" >out
		timed "push-one-$1" 1 vvault -C v push
		timed "fetch-one-$1" 1 vvault -C c fetch
	done
	vvault -C v add c1 memory:create --as-is '{"n":0}' >out
	syncs=$(syncs_of vvault -C v push)
}

bench_trips() {
	n=$((few / 8))
	trips "$n"
	before=$syncs
	trips $((2 * n))
	trips $((4 * n))
	for what in push-new clone push-one fetch-one; do
		curve "$what" "$what" "$n" "at most 6"
	done
	case $syncs in
	-) ;;
	*) row "  fsyncs of push-one" "$syncs" "($before)" \
		"$(calc "$syncs / $before")" "at most 1" ;;
	esac
}

# device <name> <command>...: as that device, in its own vault.
device() {
	VVAULT_KEYS=$work/keys-$1 vvault -C "$@" >out
}

# Three devices that have cloned one another's vault.
three_devices() {
	rm -rf a b c hub keys-a keys-b keys-c
	VVAULT_KEYS=$work/keys-a vvault init a >out
	device a add --new nova memory:create '{"content":"first"}'
	git init -q --bare hub
	device a remote add origin "$work/hub"
	device a push
	for name in b c; do
		VVAULT_KEYS=$work/keys-$name vvault clone hub "$name" >out
		device "$name" key show --json
		device a member add "$(jq -r .did out)"
	done
	device a push
	for name in b c; do device "$name" fetch; done
}

# rounds <from> <to>: each adds, and all join what the others have added.
rounds() {
	for i in $(seq "$1" "$2"); do
		for name in a b c; do
			device "$name" add nova memory:create \
				"{\"content\":\"$name says $(memory "$i")\"}"
		done
		for name in a b c; do device "$name" push; done
		for name in a b c; do device "$name" fetch; done
	done
}

# Everything from scratch: single adds, and three that add apart and join.
bench_verify() {
	n=$((few / 10))
	for n in "$n" $((2 * n)) $((4 * n)); do
		rm -rf v
		vvault init v >out
		grow v nova "$n"
		timed "verify-$n" "$runs" vvault -C v verify
	done
	curve "verify of adds" verify $((few / 10)) "at most 5"
	three_devices
	n=$((few / 100))
	done=0
	for n in "$n" $((2 * n)) $((4 * n)); do
		rounds $((done + 1)) "$n"
		done=$n
		VVAULT_KEYS=$work/keys-a timed "joined-$n" "$runs" \
			vvault -C a verify
	done
	curve "verify of three who join" joined $((few / 100)) "at most 5.5"
	rm -rf a b c hub
}
