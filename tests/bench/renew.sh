# Row of bench.sh: a vault made anew.

bench_renew() {
	vault "$most"
	for i in $(seq "$runs"); do
		rm -rf v
		cp -a "$vault" v
		vvault -C v ls --json nova message | head -n 1 |
			jq -r '.records[0]' >one
		vvault -C v forget --yes "$(cat one)" >out
		timed renew 1 vvault -C v renew
	done
	figure=$(calc "1000000 * $most / $(middle renew)" 0)
	row "renew of $most, records a second" "$figure/s" - "$figure" \
		"at least 50000" "$(calc "1000000 * $most / $(middle renew 2)" 0)"
	row "  peak memory" "$(calc "$(middle renew 3) / 1024" 0) MB" - \
		"$(calc "$(middle renew 3) / 1024" 0)" "at most 512"
}
