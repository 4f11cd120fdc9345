# Rows of bench.sh: proofs, of a record in a vault of a million.

bench_proof() {
	vault "$most"
	record=$(vvault -C "$vault" ls --json nova message |
		jq -rn 'first(inputs).records[0]')
	vvault -C "$vault" prove "$record" >proof 2>err
	for i in $(seq "$runs"); do
		timed prove 5 vvault -C "$vault" prove "$record"
		timed check-proof 21 vvault check-proof proof
	done
	row "prove a record of $most, in ms" "$(ms "$(middle prove)")" - \
		"$(calc "$(middle prove) / 1000")" "at most 50" \
		"$(calc "$(middle prove 2) / 1000")"
	row "  check-proof, in ms" "$(ms "$(middle check-proof)")" - \
		"$(calc "$(middle check-proof) / 1000")" "at most 5" \
		"$(calc "$(middle check-proof 2) / 1000")"
	kb=$(calc "$(wc -c <proof) / 1000")
	row "  the proof, in kB" "$kb kB" - "$kb" "at most 20"
	rm -f proof
}
