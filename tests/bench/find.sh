# Row of bench.sh: what recall costs in many messages, each time in a process of
# its own, beside ripgrep over the same messages as lines of JSON.

# Six words of each of some messages, as queries; but for those of common words
# alone, which are looked for in few messages and not in these.
common="a|an|and|are|as|at|be|by|for|from|have|he|i|in|is|it|my|not|of|on|or"
common="$common|that|the|they|this|to|was|we|what|when|with|you|your"
find_queries() {
	awk -v every="$((most / 60))" 'NR % every == 7' "$records" |
		jq -r '.data.content // empty' | tr -cs 'A-Za-z\n' ' ' |
		awk 'NF > 8 { print $3, $4, $5, $6, $7, $8 }' |
		grep -Eivx "(($common) ?)+" >queries
	test -s queries
}

# at <log> <hundredths>: that share of the times, in us, is not above it.
at() {
	sort -n "$work/$1.log" | awk -v share="$2" '{ all[NR] = $1 }
		END { at = int(NR * share / 100 + 0.99); print all[at ? at : 1] }'
}

bench_find() {
	vault "$most"
	find_queries
	rm -rf v
	cp -a "$vault" v
	rm -rf v/vvault/index
	text=$(jq -r '.data.content // empty' "$records" | wc -c)
	timed build 1 vvault -C v recall help
	index=$(find v/vvault/index -maxdepth 2 -type f -exec wc -c {} + |
		awk '$2 != "total" { sum += $1 } END { print sum }')
	while read -r query; do
		timed recall 1 vvault -C v recall $query
		set -- $query
		test -z "$(command -v rg)" || timed rg 1 sh -c \
			"rg -i -c -e $1 -e $2 -e $3 -e $4 -e $5 -e $6 '$records' >/dev/null"
	done <queries
	for i in $(seq "$runs"); do
		timed add-recall 1 sh -c "vvault -C v add nova memory:create \
			'{\"content\":\"only here$i\"}' &&
			vvault -C v recall here$i"
	done
	timed common "$runs" sh -c "vvault -C v recall what to that || test \$? = 1"
	for share in 50 95; do
		row "recall in $most, $share of 100" "$(ms "$(at recall $share)")" \
			- "$(calc "$(at recall $share) / 1000" 1)" \
			"at most $((share == 50 ? 20 : 40))" \
			"$(calc "$(middle recall 2) / 1000" 1)"
	done
	test ! -f "$work/rg.log" || row "  beside rg on $(nproc) cores" \
		"$(ms "$(middle recall)")" "$(ms "$(middle rg)")" \
		"$(calc "$(middle recall) / $(middle rg)" 3)" "at most 0.2"
	row "  memory" "$(calc "$(middle recall 3) / 1024" 0) MB" - \
		"$(calc "$(middle recall 3) / 1024" 0)" "at most 64"
	row "  of common words alone" "$(ms "$(middle common)")" - \
		"$(calc "$(middle common) / 1000" 1)" "at most 500" \
		"$(calc "$(middle common 2) / 1000" 1)"
	row "  one add, then recall" "$(ms "$(middle add-recall)")" - \
		"$(calc "$(middle add-recall) / 1000" 1)" "at most 30" \
		"$(calc "$(middle add-recall 2) / 1000" 1)"
	row "  index, of the text" "$(calc "$index / 1e6" 1) MB" \
		"($(calc "$text / 1e6" 1) MB)" "$(calc "$index / $text")" \
		"at most 0.45"
	row "  index built, MB/s of CPU" "$(ms "$(middle build 2)" 0)" - \
		"$(calc "$text / $(middle build 2)" 1)" "at least 10"
}
