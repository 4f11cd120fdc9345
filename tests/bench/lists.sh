# Row of bench.sh: what lists and show cost once they are known, by processor
# time, each in a process of its own.

# costs <measure> <log> [<target>]: so many milliseconds.
costs() {
	row "$1" "$(ms "$(middle "$2" 2)")" - \
		"$(calc "$(middle "$2" 2) / 1000" 1)" "at most ${3:-50}"
}

bench_lists() {
	vault "$most"
	rm -rf v
	cp -a "$vault" v
	for i in $(seq "$runs"); do
		rm -rf v/vvault/index
		timed show-first 1 vvault -C v show nova
		timed show-again 5 vvault -C v show nova
		timed sessions 5 vvault -C v session list -n 50
		timed sessions-all 5 vvault -C v session list --json
		timed status 5 vvault -C v status
		vvault -C v add nova memory:create \
			"{\"content\":\"$(memory "$i")\"}" >out
		timed show-later 1 vvault -C v show nova
	done
	row "show of $most, (the first)" "$(ms "$(middle show-again 2)")" \
		"($(ms "$(middle show-first 2)"))" \
		"$(calc "$(middle show-again 2) / $(middle show-first 2)" 4)" \
		"at most 0.1"
	costs "  the second" show-again
	costs "  after one add" show-later
	costs "session list -n 50" sessions
	costs "  of all $((most / 40)), --json" sessions-all 100
	costs "status" status
}
