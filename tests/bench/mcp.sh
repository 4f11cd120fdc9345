# Row of bench.sh: how long an agent waits for `vvault mcp`, from the start of
# the process to the first answer, in a vault of 1,000,000 messages.

# requests <tool> <arguments>: what a client sends before its first call, and that.
requests() {
	printf '%s\n' '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}'
	test -z "${1:-}" || printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":%s}}\n' "$1" "$2"
}

bench_mcp() {
	vault "$most"
	rm -rf v
	cp -a "$vault" v
	requests >begin
	requests status '{}' >status
	find_queries
	query=$(head -n 1 queries)
	requests recall "{\"query\":\"$query\"}" >recall
	vvault -C v recall $query >out
	vvault -C v status >out
	for i in $(seq "$runs"); do
		for name in begin status recall; do
			timed "mcp-$name" 1 sh -c "vvault -C v mcp <$name"
		done
	done
	for name in begin status recall; do
		most_ms=30
		test $name != recall || most_ms=50
		row "mcp: start to answer, $name" "$(ms "$(middle "mcp-$name")")" - \
			"$(calc "$(middle "mcp-$name") / 1000" 1)" "at most $most_ms" \
			"$(calc "$(middle "mcp-$name" 2) / 1000" 1)"
	done
}
