#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data
shared=${VV_SHARED:-/nonexistent}/data
export data shared

# states <construct>: of the memories, by entity.
states() {
	vvault ls --json "$1" memory | jq -s 'map({(.entity): .state}) | add'
}

# graph <file>: its lines without dialect, in one order of everything.
graph() {
	jq -cS "del(.type, ._type, ._savedAt)" "$1" | sort
}

test_case 'a graph becomes memories with links' '
	new_vault && f=$data/mcp-memory/plain.jsonl &&
	expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"mcp-memory\" and (.sources[0] | .format == \"mcp-memory\" and
		.read == 13 and .imported == 7 and .unknown_times == 7 and
		(.malformed | map(.reason)) == [\"an entity without a name\",
			\"a relation without its two ends\", \"open string at line 10, column 30 (byte 662)\"] and
		(.skipped | map(.count)) == [1, 1, 1])" out &&
	for n in 0 1; do
		grep -b -e "no name" -e "only one end" "$f" | sed -n "$((n + 1))s/:.*//p" >at &&
		test "$(jq ".sources[0].malformed[$n].offset" out)" -eq "$(cat at)" || exit 1
	done && states mcp-memory >s &&
	jq -e ".[\"memory:mcp:entity/Ines\"] | .content == \"Ines\" and .entity_type == \"Person\" and
		.type == \"semantic\" and (.observations | length == 3)" s &&
	jq -e ".[\"memory:mcp:entity/Lamp%20%2f%20north\"].observations == []" s &&
	jq -e "[to_entries[] | select(.value.type == \"factual\") | .value.content] | sort ==
		[\"keeps the lamp\", \"keeps the lamp\", \"likes rain\"]" s &&
	jq -e "[.[] | select(.type == \"factual\") | .links] | unique == [[{entity: \"memory:mcp:entity/Ines\",
		relation: \"observation_of\"}]]" s &&
	jq -e "[.[] | select(.type == \"relationship\")] | sort_by(.to) | map([.from, .relation_type, .to, .content]) ==
		[[\"Ines\", \"tends\", \"Lamp / north\", \"Ines tends Lamp / north\"],
		 [\"Ines\", \"misses\", \"Nobody\", \"Ines misses Nobody\"]]" s &&
	jq -e "[.[] | select(.relation_type == \"misses\") | .links[]] | sort_by(.relation) == [
		{entity: \"memory:mcp:entity/Ines\", relation: \"from\"},
		{entity: \"memory:mcp:entity/Nobody\", relation: \"to\"}]" s &&
	jq -e "has(\"memory:mcp:entity/Nobody\") | not" s && twice mcp-memory "$f"
'

test_case 'the last parts of observations come from their text' '
	new_vault && expect_exit 3 vvault import "$data/mcp-memory/plain.jsonl" >/dev/null && states mcp-memory >s &&
	a=$(printf %s "keeps the lamp" | sha256sum | cut -c1-32) &&
	b=$(printf %s "likes rain" | sha256sum | cut -c1-32) &&
	jq -e --arg a "$a" --arg b "$b" ".[\"memory:mcp:entity/Ines\"].observations == [\$a, \$b, \$a + \"-2\"]" s &&
	jq -e --arg a "$a" ".[\"memory:mcp:observation/Ines/\" + \$a].content == \"keeps the lamp\" and
		.[\"memory:mcp:observation/Ines/\" + \$a + \"-2\"].content == \"keeps the lamp\"" s
'

test_case 'lines without a type, with times in three forms' '
	new_vault && vvault import --json "$data/mcp-memory/typed_times.jsonl" | jq -e ".sources[0] |
		.imported == 5 and .unknown_times == 2" && states mcp-memory >s &&
	jq -e ".[\"memory:mcp:entity/Ines\"] | .created == \"2024-05-04T09:00:00.000000Z\" and
		.updated == \"2024-05-04T10:00:00.000000Z\" and
		.native == {createdAt: 1714813200, updatedAt: 1714816800, createdBy: \"keeper\", version: 2}" s &&
	jq -e ".[\"memory:mcp:entity/Boat\"].created == \"2024-05-04T09:00:00.000000Z\" and
		([.[] | select(.relation_type) | .created] == [\"2024-05-04T09:00:00.000000Z\"])" s
'

test_case 'the time of saving changes nothing' '
	new_vault && vvault import --json "$data/mcp-memory/saved.jsonl" | jq -e ".sources[0] |
		.imported == 4 and (.skipped == [{reason: \"the time when the graph was saved\", at: null, count: 2}])" &&
	sed "s/05-06T00/05-07T11/" "$data/mcp-memory/saved.jsonl" >later.jsonl &&
	! cmp -s later.jsonl "$data/mcp-memory/saved.jsonl" &&
	vvault import --json later.jsonl | jq -e ".sources[0].known == 4" &&
	states mcp-memory | jq -e "[.[] | select(.content == \"likes rain\")] | .[0] |
		.created == \"2024-05-05T09:00:00.000000Z\" and .native == {timestamp: \"2024-05-05T09:00:00.000Z\", by: \"Wren\"}"
'

test_case 'one document is a graph too' '
	new_vault && vvault import --json "$data/mcp-memory/graph.json" | jq -e ".sources[0] |
		.format == \"mcp-memory\" and .read == 8 and .imported == 7 and
		(.skipped | map(.reason)) == [\"an unknown member of the graph\"]" &&
	states mcp-memory | jq -e "[.[] | .content] | sort == [null, \"Boat\", \"Ines\", \"Ines rows Boat\",
		\"keeps the lamp\", \"leaks\", \"red\"]"
'

test_case 'an observation that is no text goes out as it came' '
	new_vault && printf "%s\n" "{\"entities\": [{\"name\": \"Boat\", \"entityType\": \"Thing\", \"observations\":
		[\"red\", 7, null, {\"length\": {\"m\": 4, \"beam\": null}}, 7]}], \"relations\": []}" >f.json &&
	vvault import --json f.json | jq -e ".sources[0] | .imported == 5 and .malformed == [] and
		(.skipped | map([.reason, .count])) == [[\"an observation that is null\", 1]]" &&
	vvault export mcp-memory --format mcp-memory >out.jsonl && jq -se "map(.observations) == [[\"red\", 7,
		{length: {m: 4, beam: null}}, 7]]" out.jsonl && fold mcp-memory >one &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import out.jsonl >/dev/null && fold mcp-memory >two && cmp one two
'

test_case 'a graph that grew changes what it is about and nothing else' '
	new_vault && vvault import "$data/mcp-memory/grow_1.jsonl" >/dev/null &&
	vvault ls --json mcp-memory memory | jq -r ".records[]" | sort >one &&
	vvault import --json "$data/mcp-memory/grow_2.jsonl" >out &&
	jq -e ".sources[0].imported == 8 and .sources[0].known == 5 and .records.new == 4" out &&
	vvault ls --json mcp-memory memory | jq -r ".records[]" | sort >two &&
	test -z "$(comm -23 one two)" && test "$(comm -13 one two | wc -l)" -eq 3 && fold mcp-memory >both &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import "$data/mcp-memory/grow_2.jsonl" >/dev/null && fold mcp-memory >last && cmp both last
'

test_case 'an exported graph says the same' '
	for f in "$data"/mcp-memory/grow_2.jsonl "$data"/mcp-memory/saved.jsonl \
		"$data"/mcp-memory/typed_times.jsonl; do
		rm -rf v w && new_vault && vvault import "$f" >/dev/null &&
		vvault export mcp-memory --format mcp-memory >out.jsonl && jq -e . out.jsonl >/dev/null &&
		graph "$f" >a && graph out.jsonl >b && cmp a b && fold mcp-memory >one &&
		vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
		vvault import out.jsonl >/dev/null && fold mcp-memory >two && cmp one two || exit 1
	done
'

test_case 'what is added, edited or deleted here goes out too' '
	new_vault && vvault import "$data/mcp-memory/grow_1.jsonl" >/dev/null &&
	b=$(printf %s "likes rain" | sha256sum | cut -c1-32) &&
	vvault add mcp-memory memory:create "{\"content\":\"made here\",\"links\":[{\"entity\":\"memory:mcp:entity/Ines\",
		\"relation\":\"observation_of\"}]}" >/dev/null &&
	vvault add mcp-memory memory:update --entity "memory:mcp:observation/Ines/$b" "{\"content\":\"likes snow\"}" >/dev/null &&
	vvault add mcp-memory memory:create "{\"content\":\"of no graph\"}" >/dev/null &&
	vvault export mcp-memory --format mcp-memory >out.jsonl 2>err && grep -F "memories of other kinds are not in the graph: 1" err &&
	jq -se "map(select(.name == \"Ines\"))[0].observations == [\"keeps the lamp\", \"likes snow\", \"made here\"]" out.jsonl &&
	a=$(printf %s "keeps the lamp" | sha256sum | cut -c1-32) &&
	vvault add mcp-memory memory:delete --entity "memory:mcp:observation/Ines/$a" "{}" >/dev/null &&
	vvault export mcp-memory --format mcp-memory 2>/dev/null >out.jsonl &&
	jq -se "map(select(.name == \"Ines\"))[0].observations == [\"likes snow\", \"made here\"]" out.jsonl
'

test_case 'a construct without a graph has none to give' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	expect_exit 128 vvault export nova --format mcp-memory 2>err >out && test ! -s out &&
	grep -F "came from no knowledge graph" err
'

test_case 'what is older is left out on demand' '
	new_vault && vvault import --json --since 2024-05-04T09:30:00Z "$data/mcp-memory/typed_times.jsonl" |
	jq -e ".sources[0] | .imported == 2 and (.skipped | map([.reason, .count])) == [[\"older than --since\", 2]]" &&
	vvault import --json --since 2024-06-01 "$data/mem0/get_all.json" | jq -se "
		[.[].sources[0].imported] | add == 2"
'

test_case 'memories of mem0 go to their agents' '
	new_vault && expect_exit 3 vvault import --json "$data/mem0/get_all.json" >out &&
	jq -se "map([.construct, .sources[0].imported]) | sort == [[\"mem0\", 1], [\"moth\", 1], [\"wren-1\", 5]]" out &&
	jq -se ".[0].sources[0] | .read == 12 and .hashes_checked == 6 and .hashes_wrong == 1 and
		(.malformed | map(.reason)) == [\"a memory without text\", \"a memory that is no object\",
			\"a relation without its two ends\"] and
		(.skipped[] | select(.reason | test(\"hash\")) | .at) == \"00000000-0000-4000-8000-000000000004\"" out &&
	states wren-1 >s && jq -e ".[\"memory:mem0:00000000-0000-4000-8000-000000000005\"] | .content == \"Found\" and
		.tags == [\"places\", \"x y\"] and .native.run_id == \"r1\" and (.native | has(\"score\") | not) and
		.created == \"2024-05-04T16:00:00.000000Z\"" s &&
	jq -e ".[\"memory:mem0:00000000-0000-4000-8000-000000000001\"].content == \"Keeps the lamp\"" s &&
	jq -e ".[\"memory:mem0:00000000-0000-4000-8000-000000000002\"] | .updated == \"2024-06-04T16:00:00.000001Z\" and
		.native.metadata == {source: \"talk\"}" s &&
	jq -e "[.[] | select(.type == \"relationship\")] | map([.from, .relation_type, .to]) == [[\"ines\", \"tends\", \"lamp\"]]" s &&
	twice wren-1 "$data/mem0/get_all.json"
'

test_case 'an id that stands for two memories of mem0: both are kept, and once; a score makes no other' '
	new_vault && jq "{results: (.results[:2] + [.results[0] + {score: 0.5, memory: \"Other\"}, .results[0] + {score: 0.9}])}" \
		"$data/mem0/get_all.json" >f.json && vvault import --json f.json | jq -e ".sources[0] | .imported == 3 and
		([.skipped[] | [.reason, .count]] | contains([[\"a memory that stands before\", 1]]))" && states wren-1 >s &&
	jq -e "[to_entries[] | select(.key | test(\"0001\")) | [(.key | test(\"0001~[0-9a-f]{16}$\")), .value.content]] | sort ==
		[[false, \"Keeps the lamp\"], [true, \"Other\"]]" s
'

test_case 'a bare list, and a construct that takes all' '
	new_vault && vvault import --json "$data/mem0/list.json" | jq -e ".construct == \"mem0\" and .sources[0].imported == 2" &&
	vvault import --json --construct nova "$data/mem0/get_all.json" | jq -se "map(.construct) == [\"nova\"] and
		.[0].sources[0].imported == 7"
'

test_case 'tags of an index go to its capsules' '
	new_vault && expect_exit 3 vvault import --json "$data/vvault/Wren_index.json" >out &&
	jq -e ".construct == \"wren\" and (.sources[0] | .format == \"vvault-index\" and .read == 4 and .imported == 2 and
		(.malformed | map(.reason)) == [\"an entry that is no object\"])" out &&
	vvault ls --json wren capsule | jq -s "sort_by(.entity) | map(.state)" >s &&
	jq -e "map(.tags | sort) == [[\"calm\", \"first\"], [\"late\"]] and
		.[0].native.index.filename == \"Wren_1.capsule\" and .[0].native.index.file_size == 1234" s &&
	twice wren "$data/vvault/Wren_index.json"
'

test_case 'of what breaks off, an answer of mem0 or an index, the begin comes in and the place is told' '
	new_vault && head -c 1226 "$data/mem0/get_all.json" >torn.json && expect_exit 3 vvault import --json torn.json >out && cat out &&
	jq -se "map([.construct, .sources[0].imported]) | sort == [[\"mem0\", 1], [\"moth\", 1], [\"wren-1\", 2]]" out &&
	jq -se ".[0].sources[0].malformed[0] | .offset == 1119 and (.reason | test(\"open string\"))" out &&
	head -c 705 "$data/vvault/Wren_index.json" >index.json && expect_exit 3 vvault import --json index.json >out && cat out &&
	jq -e ".construct == \"wren\" and (.sources[0] | .imported == 2 and .malformed[0].offset == 658)" out
'

test_case 'an index before or after its capsule: the same state' '
	new_vault && c=$data/capsules/mira_v1.capsule &&
	vvault import --construct wren "$c" >/dev/null &&
	uuid=$(vvault ls --json wren capsule | jq -r ".entity | sub(\"capsule:\"; \"\")") &&
	vvault export wren --format capsule >bytes && vvault show --json wren | jq .persona >persona &&
	jq --arg u "$uuid" "{instance_name, capsules: {(\$u): .capsules[\"11111111-0000-4000-8000-000000000001\"]}}" \
		"$data/vvault/Wren_index.json" >index.json &&
	vvault import index.json >/dev/null &&
	vvault ls --json wren capsule | jq -e ".state.tags == [\"calm\", \"first\"]" && fold wren >one &&
	vvault export wren --format capsule | cmp - bytes && vvault show --json wren | jq .persona | cmp - persona &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import index.json >/dev/null && vvault import --construct wren "$c" >/dev/null &&
	fold wren >two && cmp one two && vvault export wren --format capsule | cmp - bytes
'

test_case 'a chain is checked, with both rules for its first link' '
	new_vault && vvault import --json "$data/cutthroat/leaf.jsonl" >out &&
	jq -e ".construct == \"cutthroat\" and (.sources[0] | .imported == 4 and .skipped == [] and .genesis == \"leaf\" and
		.texts == {right: 4, wrong: 0, absent: 0} and .leaves == {right: 4, wrong: 0, absent: 0} and
		.links == {right: 4, wrong: 0, absent: 0} and (.notes | length == 1))" out &&
	states cutthroat >s && jq -e "(.[\"memory:cutthroat:mem_0000000000000000\"] | .consent == \"self\" and
		.tags == [\"light\", \"t0\"] and .created == \"2025-08-12T01:00:00.000000Z\" and
		(.native.embedding | length == 128) and .native.source_id == \"src-00001\" and
		(.native.raw_sha256 | length == 64))" s &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import --json "$data/cutthroat/zeros.json" | jq -e ".sources[0] | .imported == 4 and .genesis == \"zeros\" and
		.notes == [] and .links.right == 4" &&
	vvault import --json "$data/cutthroat/one.json" | jq -e ".sources[0].imported == 1" &&
	twice cutthroat "$data/cutthroat/zeros.json"
'

test_case 'forged memories are imported and named' '
	new_vault && vvault import --json "$data/cutthroat/forged.jsonl" >out &&
	jq -e ".sources[0] | .imported == 4 and .texts.wrong == 1 and .leaves.wrong == 2 and .links.wrong == 1 and
		(.skipped | map([.reason, .at, .count])) == [
		[\"a raw_sha256 that is not that of the text\", \"mem_0000000000000001\", 1],
		[\"a leaf_sha256 that is not that of the record\", \"mem_0000000000000001\", 2],
		[\"a chain_sha256 that does not follow from the one before\", \"mem_0000000000000003\", 1]]" out &&
	{ cat "$data/cutthroat/leaf.jsonl" && sed -n 1p "$data/cutthroat/leaf.jsonl" |
		jq -c ".raw = \"another text\"" && sed -n 2p "$data/cutthroat/leaf.jsonl"; } >more.jsonl &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import --json more.jsonl |
	jq -e ".sources[0] | .read == 6 and .imported == 5 and ([.skipped[].reason] |
		index(\"a memory that stands before\") and index(\"a link that stands on another one than that before it\"))" &&
	vvault ls --json cutthroat memory | jq -se "map(select(.entity | test(\"mem_0000000000000000\"))) | length == 2"
'

test_case 'a chain without its memories is refused' '
	new_vault && expect_exit 3 vvault import --json "$data/cutthroat/chain.json" >out &&
	jq -e ".sources[0] | .imported == 0 and .format == \"cutthroat\" and
		(.skipped[0].reason | test(\"chain of hashes without\"))" out
'

test_case 'broken files harm nobody' '
	new_vault && head -c 300 "$data/mcp-memory/graph.json" >torn.json && expect_exit 3 vvault import --json torn.json >out &&
	jq -e ".sources[0] | .imported == 7 and (.malformed | map(.at)) == [\"byte 293\"]" out && rm -rf v && new_vault &&
	head -c 150 "$data/mem0/get_all.json" >torn.json &&
	expect_exit 3 vvault import --json torn.json >out &&
	jq -e ".sources[0] | .imported == 0 and (.skipped[0].at | test(\"^byte [0-9]+\"))" out &&
	head -c 100 "$data/vvault/Wren_index.json" >torn.json && expect_exit 3 vvault import --json torn.json >out &&
	jq -e ".sources[0] | .imported == 0 and .refused" out &&
	for f in cutthroat/one.json; do
		head -c 200 "$data/$f" >torn.json && expect_exit 3 vvault import --json torn.json >out &&
		jq -e ".sources[0] | .imported == 0 and (.malformed | length == 1) and
			.skipped[0].reason == \"nothing of it can be read\"" out || exit 1
	done && head -c 90 "$data/mcp-memory/grow_1.jsonl" >torn.jsonl &&
	expect_exit 3 vvault import --json torn.jsonl >out &&
	jq -e ".sources[0] | .imported == 0 and (.malformed | length == 1)" out &&
	vvault verify --full >/dev/null
'

test_case 'counts of the shared graphs against jq' '
	need_shared && for f in "$shared"/mcp-memory/*.jsonl "$shared"/mcp-memory-graph/*.jsonl; do
		rm -rf v w && new_vault && vvault import --json "$f" >out &&
		want=$(jq -s "([.[] | select(.observations)] | length) +
			([.[] | select(.relationType)] | length) + ([.[].observations // [] | length] | add)" "$f") &&
		jq -e --argjson n "$want" ".sources[0] | .read == \$n and .imported == \$n and .malformed == []" out &&
		test "$(vvault ls mcp-memory memory | wc -l)" -eq "$want" && twice mcp-memory "$f" &&
		vvault export mcp-memory --format mcp-memory >out.jsonl && graph "$f" >a && graph out.jsonl >b && cmp a b &&
		fold mcp-memory >one && vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
		vvault import out.jsonl >/dev/null && fold mcp-memory >two && cmp one two || exit 1
	done
'

test_case 'counts of shared mem0 files against jq' '
	need_shared && new_vault && f=$shared/mem0/get_all.json && vvault import --json "$f" >out &&
	jq -e --argjson n "$(jq "(.results | length) + (.relations | length)" "$f")" ".construct == \"nova-001\" and
		(.sources[0] | .read == \$n and .imported == \$n and .hashes_wrong == 0) and
		.sources[0].hashes_checked == \$n - 1" out && twice nova-001 "$f" &&
	f=$shared/mem0/get_all_list_v1.json && vvault import --json "$f" >out &&
	jq -e --argjson n "$(jq length "$f")" ".sources[0] | .read == \$n and .imported == \$n" out &&
	vvault ls --json nova-001 memory | jq -c "select(.state.tags) | .state.content" | sort >a &&
	jq -c ".[].memory" "$f" | sort >b && cmp a b
'

test_case 'the shared index, chain and schema' '
	need_shared && new_vault && f=$shared/vvault/Nova_index.json && vvault import --json "$f" >out &&
	jq -e --argjson n "$(jq ".capsules | length" "$f")" ".construct == \"nova\" and .sources[0].imported == \$n" out &&
	vvault ls --json nova capsule | jq -c "[.entity, (.state.tags | sort)]" | sort >a &&
	jq -c ".capsules[] | [\"capsule:\" + .uuid, (.tags | sort)]" "$f" | sort >b && cmp a b && twice nova "$f" &&
	expect_exit 3 vvault import --json "$shared/vvault/merkle_chain.json" >out &&
	jq -e ".sources[0].skipped[0].reason | test(\"chain of hashes\")" out &&
	expect_exit 3 vvault import --json "$shared/vvault/capsule_schema.json" >out &&
	jq -e ".sources[0].skipped[0].reason | test(\"not known here\")" out
'

done_testing
