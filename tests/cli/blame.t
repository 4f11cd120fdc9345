#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

data=$VV_TOP/tests/data
export data

# edits: a memory in four records.
edits() {
	new_vault --name laptop "$@" &&
	for one in "create {\"content\":\"rain\",\"tags\":[\"a\"]}" \
		"update {\"content\":\"rain\",\"tags\":[\"a\",\"b\"],\"type\":\"goal\"}" \
		"update {\"content\":\"snow\"}" "update {\"type\":null}"; do
		vvault add $new nova "memory:${one%% *}" --entity memory:m \
			"${one#* }" || return
		new=
	done >ids
}

edits_of() {
	new=--new && export new && once edits "$@" && export VVAULT_DIR="$PWD/v"
}

# line <n>: of the nth record, what a person sees of it.
line() {
	vvault log --json nova | jq -sr --arg n "$1" --arg id "$(sed -n "$1p" ids)" \
		"map(select(.seq == (\$n | tonumber)))[0] |
		.version[:10] + \"  \" + .time + \"  laptop  record \" + \$id[9:19]"
}

test_case 'each field under the record that set it' '
	edits_of && vvault blame memory:m >out &&
	cat >want <<-END &&
	@1   $(line 3)
	       content: snow
	@2   $(line 1)
	       tags: + a
	@3   $(line 2)
	       tags: + b
	@4   $(line 4)
	       type: (gone)
	END
	cmp want out || { cat out >&2; exit 1; }
'

test_case 'lists and objects are counted, words are listed' '
	new_vault && vvault add --new nova memory:create --entity memory:l \
		"{\"content\":\"x\",\"native\":{\"blocks\":[{\"at\":0},{\"at\":1}],\"names\":[\"a\",\"b\"],\"one\":[{\"at\":0}],\"none\":[]}}" >/dev/null &&
	vvault blame memory:l >out && sed 1d out >got && cat >want <<-END && diff want got
	       content: x
	       native/blocks: 2 blocks
	       native/names: a, b
	       native/none: none
	       native/one: 1 item
	END
'

test_case 'the same as JSON' '
	edits_of && vvault blame --json memory:m >out && head -n 1 out >one &&
	keys_are "at device element entity name path place record source sources time value version" <one &&
	jq -c "[.path, .value, .element, .record, .version, .name, .device,
		.entity, .place, .source, .sources]" out >got &&
	rest="\"laptop\",\"$(did)\",\"memory:m\",null,null,0]" &&
	for one in "3 /content \"snow\" false" "1 /tags \"a\" true" \
		"2 /tags \"b\" true" "4 /type null false"; do
		set -- $one &&
		echo "[\"$2\",$3,$4,\"$(sed -n "$1p" ids)\",\"$(vvault log --json nova |
			jq -r "select(.seq == $1).version")\",$rest"
	done >want && cmp want got || { cat got >&2; exit 1; }
'

test_case 'as of an older version, and by whatever names an entity' '
	edits_of && vvault blame nova~2 memory:m >out &&
	grep -c . out >n && test "$(cat n)" = 6 && grep " content: rain" out &&
	vvault blame memory:m >want && vvault ls nova >/dev/null &&
	vvault blame @1 >out && cmp want out &&
	vvault blame "$(head -n 1 ids | cut -c 1-17)" >out && cmp want out &&
	vvault blame @3 >out 2>err && cmp want out &&
	vvault blame memory:m >/dev/null && vvault show --json @3 | jq -e \
		".type == \"memory:update\" and .data.tags == [\"a\",\"b\"]"
'

test_case 'what was deleted' '
	edits_of && id=$(vvault add nova memory:delete --entity memory:m "{}") &&
	vvault blame memory:m >out && grep "^     deleted$" out &&
	test "$(wc -l <out)" -eq 2 &&
	vvault blame --json memory:m | jq -e --arg id "$id" \
		".path == \"\" and .value == null and .record == \$id"
'

test_case 'two devices: each by its name, else its did' '
	two_devices && as b vvault -C b add nova memory:create --entity memory:m \
		"{\"content\":\"one\",\"tags\":[\"x\"]}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a add nova memory:update --entity memory:m \
		"{\"content\":\"two\",\"tags\":[\"x\",\"y\"]}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b blame --json memory:m |
		jq -c "[.path, .value, .device, .name]" >out &&
	cat >want <<-END &&
	["/content","two","$(as a did)",null]
	["/tags","y","$(as a did)",null]
	["/tags","x","$(as b did)",null]
	END
	cmp want out || { cat out >&2; exit 1; } &&
	as a vvault -C a member rename "$(as b did)" tablet >/dev/null &&
	as a vvault -C a blame memory:m | cut -c 40- | cut -d " " -f 1 >out &&
	printf "%.12s\n\n\ntablet\n\n" "$(as a did | cut -c 9-)" >want &&
	cmp want out || { cat out >&2; exit 1; }
'

# imported: a conversation that has grown, and a capsule that has changed.
imported() {
	new_vault && vvault import "$data/chatgpt/grow-1.json" \
		"$data/capsules/mira_v1.capsule" >/dev/null 2>&1 &&
	vvault import "$data/chatgpt/grow-2.json" >/dev/null 2>&1 &&
	vvault import "$data/capsules/mira_v2.capsule" >/dev/null 2>&1
}

imported_of() {
	once imported && export VVAULT_DIR="$PWD/v"
}

test_case 'from which file, and where in it' '
	imported_of && one=$(sha256sum "$data/chatgpt/grow-1.json" | cut -c 1-64) &&
	two=$(sha256sum "$data/chatgpt/grow-2.json" | cut -c 1-64) &&
	vvault blame --json message:chatgpt:c-grow/a1 >out &&
	jq -c "select(.path == \"/content\" or .path == \"/role\") |
		[.source, .sources, .place]" out >got &&
	place="{\"id\":\"a1\",\"in\":\"chatgpt:c-grow\",\"index\":2}" &&
	cat >want <<-END &&
	[{"entity":"source:$two","format":"chatgpt","size":5521},1,$place]
	[{"entity":"source:$one","format":"chatgpt","size":3184},1,$place]
	END
	cmp want got && vvault blame message:chatgpt:c-grow/a1 >out &&
	sed -n 2,4p out >got && cat >want <<-END &&
	     from a file of format chatgpt, source:$(echo "$two" | cut -c 1-10), 5521 bytes: chatgpt:c-grow, a1, number 2
	       content: Two, in the end.
	       native/message/status: finished_successfully
	END
	cmp want got || { cat got >&2; exit 1; }
'

test_case 'the persona of a construct is of its capsule, but for what is its own' '
	imported_of && vvault add mira construct:update --entity construct:mira \
		"{\"persona\":{\"traits\":{\"wit\":1}}}" >/dev/null &&
	vvault blame --json mira >out &&
	jq -c "select(.path | test(\"name|wit|creativity\")) |
		[.path, .value, .entity, .source.entity, .place.id]" out >got &&
	id=5d3c1f0e-8f0a-4d52-9d3a-0a1b2c3d4e && cat >want <<-END &&
	["/name","Mira","construct:mira","capsule:${id}01",null]
	["/persona/traits/wit",1,"construct:mira",null,null]
	["/persona/traits/creativity",0.65,"capsule:${id}02","capsule:${id}02","${id}02"]
	END
	cmp want got || { cat got >&2; exit 1; } &&
	vvault show --json mira | jq -c "[.persona | .. | scalars] | length" >n &&
	jq -s "[.[] | select(.path | test(\"^/persona\")) | .value |
		if type == \"array\" then .[] else . end] | length" out | cmp - n
'

test_case 'a folder leaves no trace of its files' '
	new_vault && vvault import - <"$data/chatgpt/grow-1.json" >/dev/null 2>&1 &&
	vvault blame message:chatgpt:c-grow/a1 >out &&
	grep "^     imported; from which file is not recorded: chatgpt:c-grow, a1, number 2$" out
'

test_case 'a record that is damaged is told, and the rest is shown' '
	edits_of --plain && blob=$(git -C v cat-file --batch-all-objects --batch-check |
		while read -r id type rest; do
			test "$type" != blob || ! git -C v cat-file -p $id | grep -q snow ||
				echo $id
		done) && test -n "$blob" && file=v/objects/$(echo $blob | sed "s,..,&/,") &&
	chmod u+w "$file" && echo bad >"$file" &&
	expect_exit 1 vvault blame memory:m >out 2>err && grep "^       content: rain$" out &&
	grep "unreadable-segment: .*of .nova. is missing from what is shown" err &&
	expect_exit 1 vvault log --format %q memory:m >out 2>err &&
	printf "4\n2\n1\n" >want && cmp want out
'

test_case 'what is not there, what is sealed, wrong words' '
	edits_of && expect_exit 128 vvault blame memory:none 2>err &&
	echo "vvault: no record of '\''memory:none'\'' in what this device can read" >want &&
	cmp want err &&
	expect_exit 128 vvault blame nova 2>err && echo "vvault: no record says who '\''nova'\'' is; name an entity of it, as '\''vvault ls nova'\'' shows them" >want &&
	cmp want err &&
	expect_exit 128 vvault blame nova memory:none 2>err &&
	expect_exit 129 vvault blame 2>err && expect_exit 129 vvault blame a b c 2>err &&
	as stranger vvault init other >/dev/null &&
	expect_exit 128 as stranger vvault -C "$PWD/v" blame --json \
		"$(as stranger vvault -C "$PWD/v" construct list --json |
			jq -r "select(.construct != \"vault\").construct")" memory:m 2>err &&
	error_is no-key
'

done_testing
