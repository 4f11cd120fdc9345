#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

capsules=$VV_TOP/tests/data/capsules
export capsules

test_case 'the newest capsule comes back byte for byte' '
	new_vault && vvault import "$capsules/mira_v2.capsule" >/dev/null &&
	vvault import "$capsules/mira_v3.capsule" >/dev/null &&
	vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault export mira --format capsule >got 2>err && test ! -s err &&
	cmp got "$capsules/mira_v3.capsule" &&
	vvault export mira~2 --format=capsule | cmp - "$capsules/mira_v2.capsule"
'

test_case 'a construct without a capsule has none to export' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 vvault export --json nova --format capsule >out 2>err &&
	test ! -s out && error_is not-found
'

test_case 'lines hold everything, and come in again' '
	new_vault && vvault import "$capsules/mira_v1.capsule" \
		"$capsules/mira_v2.capsule" >/dev/null &&
	vvault add mira memory:create "{\"content\":\"made here\"}" >/dev/null &&
	vvault export mira --format jsonl >one && vvault export mira --format jsonl >two &&
	cmp one two && head -n 1 one | jq -e ".construct == \"mira\"" &&
	test "$(grep -c "^{\"at\"" one)" -eq "$(vvault construct list --json |
		jq "select(.construct == \"mira\").records")" &&
	vvault init --plain w >/dev/null && vvault -C w import --no-redact one >/dev/null &&
	vvault -C w export mira --format jsonl | sort >again && sort one | cmp - again &&
	vvault -C w export mira --format capsule | cmp - "$capsules/mira_v2.capsule" &&
	test "$(vvault verify --full --json | jq -r .sets.mira)" = \
		"$(vvault -C w verify --full --json | jq -r .sets.mira)"
'

test_case 'a large blob goes in pieces' '
	new_vault && perl -e "print \"{\\\"content\\\":\\\"\", join(\" \", 1 .. 250000), \"\\\"}\"" >big &&
	vvault add --new nova memory:create - <big >/dev/null &&
	vvault export nova --format jsonl >lines &&
	test "$(grep -c "^{\"\$blob" lines)" -eq 4 &&
	awk "length > 1000000" lines >long && test ! -s long &&
	vvault init w >/dev/null && vvault -C w import lines >/dev/null &&
	vvault -C w export nova --format jsonl | cmp - lines &&
	grep "^{\"\$blob" lines | tail -n 1 | cat lines - >extra &&
	expect_exit 3 vvault -C w import extra >out && grep -F "does not follow" out &&
	sed 3d lines >gap && expect_exit 3 vvault -C w import gap >out &&
	grep -F "does not follow" out
'

test_case 'markdown reads like a portrait' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault export mira --format markdown >out &&
	head -n 1 out | grep -x "# mira" && grep -x "## Persona" out &&
	grep -xF "  - creativity: 0.6" out && grep -x "### emotional" out &&
	grep -xF -e "- Felt calm when the fog came." out &&
	expect_exit 1 grep -e sekret -e lighthouse out
'

test_case 'markdown shows the active branch of a conversation' '
	new_vault && {
		say() { vvault add --entity "message:t:1/$1" nova message:create \
			"{\"session\":\"session:t:1\",\"parent\":$2,\"index\":$3,\"role\":\"$4\",\"content\":\"$5\",\"visibility\":\"${6:-visible}\"}"; }
		vvault add --new --entity session:t:1 nova session:create \
			"{\"title\":\"About tea\",\"active\":\"message:t:1/d\"}"
		say a null 0 user "shall we?"
		say b "\"message:t:1/a\"" 1 assistant "the other answer"
		say c "\"message:t:1/a\"" 2 assistant "yes\\ntwo lines"
		say h "\"message:t:1/c\"" 3 system "a hidden thing" hidden
		say d "\"message:t:1/h\"" 4 user "good"
	} >/dev/null &&
	vvault export nova --format markdown >out && cat out &&
	sed -n "/^### About tea/,\$p" out >talk &&
	grep "^>" talk >said && printf "> %s\n" "shall we?" yes "two lines" good |
		cmp - said &&
	grep -xF "*Not told here: 1 message on other branches, 1 hidden message. \`vvault export nova --format html -o <folder>\` tells all.*" talk
'

test_case 'control characters do not reach the terminal' '
	new_vault && vvault add --new nova memory:create \
		"{\"content\":\"a\\u001b[31mb\"}" >/dev/null &&
	vvault export nova --format markdown >out && expect_exit 1 grep "$(printf "\033")" out &&
	grep -F "a\\e[31mb" out
'

test_case 'wrong words' '
	new_vault && expect_exit 129 vvault export nova 2>err &&
	expect_exit 129 vvault export --format capsule 2>err &&
	expect_exit 129 vvault export nova --format yaml 2>err && grep -F "yaml" err &&
	expect_exit 128 vvault export nova --format jsonl 2>err
'

done_testing
