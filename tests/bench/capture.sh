# Rows of bench.sh: the sessions of agents, as they come in by themselves.

# The home that agents write in, made once: 2,000 sessions, 1 GB.
agents_home() {
	test ! -d home || return 0
	mkdir home
	sessions "$work/home" "$sessions_n" $((sessions_mb * 1000000 / sessions_n))
}

# captured <log> <times>: into v, as the person whose home that is.
captured() {
	timed "$1" "$2" env HOME="$work/home" vvault -C v capture
}

bench_capture() {
	agents_home
	for i in $(seq "$runs"); do
		rm -rf v
		vvault init v >out
		captured capture 1
		# What is known of a file begins to count when it is a moment old.
		captured capture-known 1
		captured capture-same 5
		grown=$(find home -name '*.jsonl' | LC_ALL=C sort | sed -n 1p)
		cp "$grown" before
		tail -n 1 "$grown" | sed "s/\"uuid\":\"0*/\"uuid\":\"more$i/" >>"$grown"
		captured capture-grown 1
		cp before "$grown"
	done
	# What it is measured against is the same each time, and as slow.
	timed jq-home 1 sh -c "find home -name '*.jsonl' -exec cat {} + |
		jq -c . >/dev/null"
	row "capture of $sessions_mb MB, $sessions_n files" \
		"$(ms "$(middle capture)" 0)" "($(ms "$(middle jq-home)" 0))" \
		"$(calc "$(middle jq-home) / $(middle capture)")" "at least 1" \
		"$(calc "$(middle jq-home 2) / $(middle capture 2)")"
	peak=$(calc "$(middle capture 3) / 1024" 0)
	row "  peak memory" "$peak MB" - "$peak" "at most 300"
	row "  unchanged, in s" "$(ms "$(middle capture-same)")" - \
		"$(calc "$(middle capture-same) / 1000000")" "at most 1" \
		"$(calc "$(middle capture-same 2) / 1000000")"
	row "  one has grown, in s" "$(ms "$(middle capture-grown)")" - \
		"$(calc "$(middle capture-grown) / 1000000")" "at most 2" \
		"$(calc "$(middle capture-grown 2) / 1000000")"
	rm -rf home
}
