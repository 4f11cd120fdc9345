#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'one line for each entity' '
	new_vault --plain &&
	vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"x\"}" >/dev/null &&
	vvault ls nova >out &&
	at=$(vvault ls --json nova | jq -r .at | sed "s/\.[0-9]*Z/Z/") &&
	echo "@1   $at  memory     x  memory:a" >want && cmp want out
'

test_case 'the shape of the JSON' '
	new_vault && id=$(vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"x\"}") &&
	vvault ls --json nova >out &&
	keys_are "at entity kind records state" <out &&
	jq -e --arg id "$id" --arg at "$(vvault cat "$id" | jq -r ".at[:27]")" \
		". == {at: \$at, entity: \"memory:a\", kind: \"memory\",
		records: [\$id], state: {content: \"x\"}}" out
'

test_case 'columns for each kind: when, what, who and the first words' '
	new_vault --plain && vvault add --new nova session:create --entity session:t:1 \
		"{\"title\":\"The garden\",\"created\":\"2024-05-01T10:00:00.000000Z\"}" >/dev/null &&
	vvault add nova message:create --entity message:t:1/a "{\"content\":\"When shall\\n\\n  we plant?\",
		\"role\":\"user\",\"session\":\"session:t:1\",\"created\":\"2024-05-02T10:00:00.000000Z\"}" >/dev/null &&
	vvault add nova message:create --entity message:t:1/b "{\"content\":\"\",\"parts\":[{\"type\":\"tool_use\",\"name\":\"Bash\"}],
		\"role\":\"assistant\",\"name\":\"Ada\",\"session\":\"session:t:1\",\"created\":\"2024-05-03T10:00:00.000000Z\"}" >/dev/null &&
	vvault ls nova >out && cat >want <<-END &&
	@1   2024-05-02T10:00:00Z  message    user: When shall we plant?  message:t:1/a
	@2   2024-05-03T10:00:00Z  message    Ada: Bash  message:t:1/b
	@3   2024-05-01T10:00:00Z  session    The garden  session:t:1
	END
	cmp want out || { cat out; exit 1; }
'

test_case 'columns fit the terminal, wide characters and all' '
	new_vault --plain && long=$(printf "你好世界%.0s" 1 2 3 4 5 6 7 8 9) &&
	vvault add --new nova memory:create --entity memory:a "{\"content\":\"$long$long\",
		\"created\":\"2024-05-01T10:00:00.000000Z\"}" >/dev/null &&
	for width in 70 71 80 100; do
		COLUMNS=$width vvault ls nova >out && grep "…$" out &&
		perl -CSD -ne "chomp; s/[\x{3000}-\x{9fff}]/xx/g; exit !(length() >= $width - 2 && length() <= $width)" out ||
			{ cat out; exit 1; }
	done && COLUMNS=20 vvault ls nova >out
'

test_case 'right to left, and what steers a terminal' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault --plain && vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"שלום \\u202e\\u001b[2J עולם\"}" >/dev/null &&
	script -qec "vvault ls --no-pager nova" typescript >/dev/null &&
	grep -F "שלום \\u{202e}\\e[2J עולם" typescript && ! grep "$(printf "\033\[2J")" typescript
'

test_case 'long states are cut for people, whole in JSON' '
	new_vault --plain && long=$(printf "%0300d" 7) &&
	vvault add --new nova memory:create "{\"content\":\"$long\"}" >/dev/null &&
	vvault ls nova >out && test "$(wc -c <out)" -lt 200 &&
	grep "…" out && vvault ls --json nova | grep "$long"
'

test_case 'one kind alone' '
	new_vault &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova construct:update "{\"name\":\"N\"}" >/dev/null &&
	test "$(vvault ls nova memory --json | jq -r .kind)" = memory &&
	test "$(vvault ls nova construct --json | jq -r .kind)" = construct &&
	vvault ls nova session >out && test ! -s out
'

test_case 'sessions, their messages and acus; each once' '
	for mode in --plain --name=x; do
		rm -rf v && new_vault $mode &&
		vvault add --new nova session:create --entity session:t:1 \
			"{\"title\":\"T\"}" >/dev/null &&
		vvault add nova message:create --entity message:t:1/a \
			"{\"content\":\"hi\",\"session\":\"session:t:1\"}" >/dev/null &&
		vvault add nova acu:derive --entity "acu:t:1/a#0" \
			"{\"type\":\"statement\"}" >/dev/null &&
		vvault add nova acu:create --entity acu:alone \
			"{\"type\":\"fact\"}" >/dev/null &&
		vvault ls nova --json | jq -r .entity | sort >out &&
		printf "acu:alone\nacu:t:1/a#0\nmessage:t:1/a\nsession:t:1\n" >want &&
		cmp want out &&
		vvault ls nova acu --json | jq -r .entity | sort >out &&
		printf "acu:alone\nacu:t:1/a#0\n" >want && cmp want out &&
		test "$(vvault ls nova message --json | jq -r .entity)" = message:t:1/a &&
		test "$(vvault ls nova session --json | jq -r .entity)" = session:t:1 ||
			exit 1
	done
'

test_case 'what was deleted is not listed, in an older version it is' '
	new_vault --plain &&
	vvault add --new nova memory:create --as-is --entity memory:a "{\"n\":1}" >/dev/null &&
	vvault add nova memory:delete --entity memory:a "{}" >/dev/null &&
	vvault ls nova >out && test ! -s out &&
	test "$(vvault ls nova~1 | wc -l)" -eq 1
'

test_case 'null deletes a field, tags are a set' '
	new_vault && vvault add --new nova memory:create --as-is --entity memory:a \
		"{\"a\":1,\"b\":2,\"tags\":[\"y\",\"x\"]}" >/dev/null &&
	vvault add nova memory:update --entity memory:a \
		"{\"a\":null,\"tags\":[\"x\",\"z\"]}" >/dev/null &&
	vvault ls nova --json | jq -e ".state == {b: 2, tags: [\"x\", \"z\"]}"
'

test_case 'thousands of records in many places are all there' '
	new_vault && i=0 && while test $i -lt 5000; do
		echo "{\"n\":$i}"
		i=$((i + 1))
	done | vvault add --new nova memory:create --as-is - >/dev/null &&
	vvault ls nova --json | jq -s -e "length == 5000 and
		([.[].state.n] | sort) == [range(5000)] and
		([.[].entity] | unique | length) == 5000"
'

test_case 'an unknown kind or version is a failure' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 vvault ls nova nope >out 2>err && test ! -s out &&
	echo "vvault: there is no kind '\''nope'\''" >want && cmp want err &&
	expect_exit 128 vvault ls --json nope 2>err && error_is not-found
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault ls 2>err &&
	expect_exit 129 vvault ls a b c 2>err
'

done_testing
