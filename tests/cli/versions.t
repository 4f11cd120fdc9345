#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# four: nova in four versions, of one memory each.
four() {
	new_vault "$@" && vvault add --new nova memory:create --entity memory:m \
		"{\"content\":\"1\"}" >/dev/null || return
	for i in 2 3 4; do
		vvault add nova memory:update --entity memory:m \
			"{\"content\":\"$i\"}" >/dev/null || return
	done
}

four_of() {
	once four "$@" && export VVAULT_DIR="$PWD/v"
}

# names <expression>: what the memory was in that version.
names() {
	vvault ls --json "$1" memory | jq -r .state.content
}

# each '<expression> <content>'...: it names the version that has it.
each() {
	for pair; do
		test "$(names "${pair% *}")" = "${pair##* }" || {
			echo "'${pair% *}' is $(names "${pair% *}")" >&2
			return 1
		}
	done
}

test_case 'back from a construct' '
	four_of && each "nova 4" "nova~0 4" "nova^0 4" "nova~ 3" "nova^ 3" \
		"nova~1 3" "nova^1 3" "nova~~ 2" "nova^^ 2" "nova~2 2" \
		"nova~1^ 2" "nova^^^ 1" "nova~1~2 1" "nova^1~1^1 1"
'

test_case 'back from a date, a device, an id, a handle' '
	four_of && id=$(version_of nova) && short=$(echo "$id" | cut -c 1-7) &&
	key=$(did | cut -c 9-20) &&
	each "nova@{now} 4" "nova@{now}~1 3" "nova@{now}^^ 2" "nova@{today}~3 1" \
		"nova/$key 4" "nova/$key^ 3" "nova/$key@{now}~2 2" \
		"$id 4" "$short 4" "$short^ 3" "$short~3 1" &&
	vvault log nova >/dev/null && each "@2 3" "@2^ 2" "@2~2 1"
'

test_case 'a device by its name' '
	two_devices && as a vvault -C a member rename "$(as b did)" tablet \
		>/dev/null && as a vvault -C a push >/dev/null &&
	as b vvault -C b pull >/dev/null && export VVAULT_DIR="$PWD/b" &&
	as b vvault add --new rose memory:create "{\"content\":\"x\"}" >/dev/null &&
	as b vvault add rose memory:create --as-is "{}" >/dev/null &&
	as b vvault show --json rose/tablet | jq -e ".counts.memory == 2" &&
	as b vvault show --json rose/tablet~1 | jq -e ".counts.memory == 1" &&
	expect_exit 128 as b vvault show rose/table 2>err &&
	echo "vvault: '\''table'\'' names no version: no device of this construct has that name or begins so" >want &&
	cmp want err
'

test_case 'every command that takes a version takes each form' '
	four_of && id=$(version_of nova) && short=$(echo "$id" | cut -c 1-10) &&
	for form in nova nova~1 "nova^" "nova@{now}" "nova@{now}^" "$short" \
		"$short^"; do
		want=4 && case $form in *[~^]*) want=3 ;; esac &&
		vvault show "$form" >/dev/null &&
		test "$(vvault show --json "$form" memory:m |
			jq -r .state.content)" = $want &&
		test "$(vvault cat "$form" memory:m | jq -r .data.content)" = $want &&
		test "$(names "$form")" = $want &&
		test "$(vvault log --json -n 1 "$form" | jq .seq)" = $want &&
		vvault diff --exit-code "$form" "$form" &&
		vvault diff --exit-code "$form..$form" &&
		test "$(vvault log --format %q "$form..nova" | wc -l)" = $((4 - want)) &&
		test "$(vvault blame --json "$form" memory:m | jq -r .value)" = $want &&
		test "$(vvault log --format %q "$form" memory:m | wc -l)" = $want &&
		vvault export --format jsonl "$form" | grep -q "\"$want\"" &&
		vvault session list "$form" 2>/dev/null &&
		test "$(vvault recall --json --as-of "$form" $want |
			jq -r .entity)" = memory:m || {
			echo "$form" >&2
			exit 1
		}
	done
'

test_case 'the parents of a join' '
	two_devices &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	export VVAULT_DIR="$PWD/a" &&
	test "$(as a vvault show --json nova~1 | jq .counts.memory)" = 1 &&
	as a vvault add nova memory:create --as-is "{}" >/dev/null &&
	parents=$(as a vvault log --json -n 1 nova | jq -r ".parents[]") &&
	test "$(for n in 1 2; do as a vvault show --json "nova^$n" |
		jq -r .version; done)" = "$parents" &&
	expect_exit 128 as a vvault show nova^3 2>err &&
	echo "vvault: '\''nova^3'\'' names no version: it has not so many parents" >want &&
	cmp want err
'

test_case 'what names no version' '
	four_of && vvault ls nova >/dev/null &&
	while read -r form why; do
		expect_exit 128 vvault show "$form" 2>err &&
		echo "vvault: '\''$form'\'' names no version: $why" >want &&
		cmp want err || exit 1
	done <<-END &&
	nova~4 history does not go back so far
	nova^^^^ history does not go back so far
	nova^2 it has not so many parents
	nova~x a number must follow '\''~'\'' or '\''^'\''
	nova~1x a number must follow '\''~'\'' or '\''^'\''
	nova~9999999999 the number behind '\''~'\'' or '\''^'\'' is too large
	nova~1@{now} '\''~'\'' and '\''^'\'' stand behind a date
	nova@{now}x a date is written '\''@{2026-01-31}'\'' or '\''@{yesterday}'\''
	nova@{2001-01-01}~1 nothing is that old
	~1 it is empty
	END
	expect_exit 128 vvault show @7~1 2>err &&
	echo "vvault: there is no '\''@7'\'': the last list begins at '\''@1'\'' and ends at '\''@1'\''" >want &&
	cmp want err
'

done_testing
