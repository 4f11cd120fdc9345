# Rows of bench.sh: the importers of what agents and apps keep, in MB/s of
# processor time, beside a program that reads the same files and keeps nothing
# of them: jq of JSON (of text as raw lines), the .dump of sqlite3. A store of
# $stores_mb MB is made for each (stores.c), and a quarter of that, to see that
# the cost grows as the store does. BENCH_STORE names one of them.
#
# 10 MB/s are wanted, or what its shape says (%least). In memory a store may take
# 100 MB, and as many times its size as its shape says (%memory): where that is
# one document of all conversations.

# store_of <shape> <bytes>: the folder "store" with it, its databases made; sets
# $store_bytes and what they say ($bytes_made, before it is compressed or has
# indexes), and $many_made and $kind_made of what an import has to bring.
store_of() {
	rm -rf store
	set -- $(stores "$1" store "$2")
	many_made=$2 bytes_made=$3 kind_made=$4
	find store -name '*.sql' | while read -r sql; do
		(cd "$(dirname "$sql")" && sqlite3 "$(basename "${sql%.sql}")") \
			<"$sql" || exit 1
		rm "$sql"
	done
	store_bytes=$(find store -type f -exec cat {} + | wc -c)
}

# read_beside <log>: by another program, $beside.
read_beside() {
	case $(find store -type f ! -path '*/.obsidian/*' | sed 1q) in
	*.json | *.jsonl)
		beside=jq
		read_all='find store -type f -exec cat {} + | jq -c .' ;;
	*.md)
		beside="jq -R"
		read_all='find store -type f -exec cat {} + | jq -R .' ;;
	*)
		beside=sqlite3
		read_all='find store -type f -exec sqlite3 {} .dump \;' ;;
	esac
	timed "$1" 1 sh -c "$read_all >/dev/null"
}

# all_came <name>: every message that was made is in v.
all_came() {
	came=0
	for construct in $(vvault -C v construct list --json |
		jq -r .construct); do
		came=$((came + $(vvault -C v ls "$construct" "$kind_made" |
			wc -l)))
	done
	test "$came" -eq "$many_made" || {
		echo "bench: $1: $came of $many_made came" >&2
		exit 1
	}
}

# import_store <log> <name>
import_store() {
	for i in $(seq "$runs"); do
		rm -rf v
		vvault init v >out
		timed "$1" 1 vvault -C v import store
	done
	all_came "$2"
}

# store_rows <name> <shape>
store_rows() {
	store_of "$2" "$((stores_mb / 4))000000"
	import_store "$1-small" "$1"
	small=$(calc "$(middle "$1-small" 2) / $bytes_made" 9)
	store_of "$2" "${stores_mb}000000"
	import_store "$1" "$1"
	for i in $(seq "$runs"); do
		read_beside "$1-beside"
	done
	ours=$(calc "$bytes_made / $(middle "$1" 2)" 1)
	theirs=$(calc "$bytes_made / $(middle "$1-beside" 2)" 1)
	least=$(sed -n 's/^%least //p' "$2")
	row "$1, MB/s ($beside)" "$ours" "($theirs)" "$ours" \
		"at least ${least:-10}" "$(calc "$ours / $theirs")"
	row "  of 4 times as much" "$(ms "$(middle "$1" 2)" 0)" \
		"($(ms "$(middle "$1-small" 2)" 0))" \
		"$(calc "4 * $(middle "$1" 2) / $bytes_made / $small" 1)" \
		"at most 4.5"
	peak=$(calc "$(middle "$1" 3) / 1024" 0)
	times=$(sed -n 's/^%memory //p' "$2")
	row "  peak memory" "$peak MB" "($(calc "$store_bytes / 1e6" 0) MB)" \
		"$peak" "at most $((100 + ${times:-0} * store_bytes / 1048576))"
}

bench_importers() {
	for shape in "$VV_TOP"/tests/bench/stores/*/*.shape; do
		name=$(basename "$shape" .shape)
		test "${BENCH_STORE:-$name}" = "$name" || continue
		store_rows "$name" "$shape"
	done
	rm -rf store
}
