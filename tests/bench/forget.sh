# What it costs to forget one message among many: the command as a whole, and
# the objects that it writes. Read by bench.sh.

# object_bytes <vault>
object_bytes() {
	find "$1/objects" -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'
}

bench_forget() {
	vault "$most"
	rm -rf v forget-bytes
	cp -a "$vault" v
	records "$most"
	awk -v n="$most" -v runs="$runs" '
		/"type":"message:create"/ && NR >= next_one && k < 2 * runs {
			k++
			next_one = NR + n / 20
			sub(/^.*"entity":"/, ""); sub(/".*/, ""); print
		}' "$records" >meant
	while read -r entity; do
		before=$(object_bytes v)
		timed forget 1 vvault -C v forget --yes "$entity"
		echo $(($(object_bytes v) - before)) >>forget-bytes
	done <meant
	row "forget one of $most" "$(ms "$(middle forget)")" - \
		"$(calc "$(middle forget) / 1000" 0)" "at most 100" \
		"$(calc "$(middle forget 2) / 1000" 0)"
	most_bytes=$(sort -n forget-bytes | tail -n 1)
	row "its new objects, the most" "$most_bytes" - "$most_bytes" \
		"at most 65536"
}
