#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data
export data

# story: memory:m in three of five versions, one of which has two records of it.
story() {
	new_vault --name laptop "$@" && say nova --new create m "{\"content\":\"rain\"}" &&
	say nova "" create x "{\"content\":\"x\"}" &&
	printf "{\"content\":\"snow\"}\n{\"type\":\"goal\"}\n" |
		vvault add nova memory:update --entity memory:m - >/dev/null &&
	say nova "" update x "{\"content\":\"1\"}" && say nova "" delete m "{}"
}

say() {
	vvault add $2 "$1" "memory:$3" --entity "memory:$4" "$5" >/dev/null
}

story_of() {
	once story "$@" && export VVAULT_DIR="$PWD/v"
}

test_case 'the versions that touched it, with what they did' '
	story_of && vvault log --oneline memory:m >out &&
	vvault log --json nova | jq -r ".version[:10]" >ids &&
	cat >want <<-END &&
	@1   $(sed -n 1p ids)  delete  add: 1 memory:delete
	@2   $(sed -n 3p ids)  update, update  add: 2 memory:update
	@3   $(sed -n 5p ids)  create  add: 1 memory:create
	END
	cmp want out || { cat out >&2; exit 1; } &&
	vvault log --json memory:m >out && head -n 1 out >one &&
	keys_are "change construct device entity parents records root seq subject time verbs version" <one &&
	jq -c "[.seq, .entity, .verbs]" out >got && cat >want <<-END && cmp want got
	[5,"memory:m",["delete"]]
	[3,"memory:m",["update","update"]]
	[1,"memory:m",["create"]]
	END
'

test_case 'with the options of a log' '
	story_of && test "$(vvault log --json -n 1 memory:m | jq .seq)" = 5 &&
	test "$(vvault log --format %q --reverse memory:m | paste -sd " ")" = "1 3 5" &&
	test "$(vvault log --format %q --reverse -n 2 memory:m | paste -sd " ")" = "3 5" &&
	test "$(vvault log --format %q --grep update memory:m)" = 3 &&
	vvault log --since 2999-01-01 memory:m >out && test ! -s out &&
	vvault log --json --stat memory:m | jq -cse "any(.seq == 3 and
		.made == {} and .changed == 2)" &&
	expect_exit 128 vvault log --graph memory:m 2>err &&
	echo "vvault: --graph draws versions, not what they did to an entity" >want &&
	cmp want err
'

test_case '-p tells what became of it, and of nothing else' '
	story_of && vvault log -p --format "" -n 0 memory:m >out && test ! -s out &&
	vvault log -p --oneline memory:m | sed "s/^@.*/-/" >out && cat >want <<-END &&
	-
	- memory snow
	-
	~ memory snow
	    /content: rain -> snow
	    /type: goal
	-
	+ memory rain
	END
	cmp want out || { cat out >&2; exit 1; }
'

test_case 'as of a version, by a handle, by the begin of an id, by its name' '
	story_of && test "$(vvault log --format %q nova~2 memory:m | paste -sd " ")" = "3 1" &&
	vvault log --format %q memory:x >want && vvault ls nova >/dev/null &&
	vvault log --format %q @1 | cmp - want &&
	id=$(vvault show --json memory:x | jq -r ".records[0]") &&
	vvault log --format %q "$(echo "$id" | cut -c 10-20)" | cmp - want
'

test_case 'a session, by the begin of its name' '
	new_vault && vvault import "$data/chatgpt/grow-1.json" >/dev/null 2>&1 &&
	vvault import "$data/chatgpt/grow-2.json" >/dev/null 2>&1 &&
	vvault log --json chatgpt:c-gr | jq -c "[.seq, .entity, .verbs]" >out &&
	printf "[2,\"session:chatgpt:c-grow\",[\"update\"]]\n[1,\"session:chatgpt:c-grow\",[\"create\"]]\n" \
		>want && cmp want out &&
	test "$(vvault log --format %q message:chatgpt:c-new/u)" = 2
'

test_case 'of two devices that joined, each is there once' '
	two_devices && as a vvault -C a add nova memory:create --entity memory:m "{\"content\":\"x\"}" >/dev/null &&
	as a vvault -C a push >/dev/null 2>&1 && as b vvault -C b pull >/dev/null 2>&1 &&
	as a vvault -C a add nova memory:update --entity memory:m "{\"a\":1}" >/dev/null &&
	as b vvault -C b add nova memory:update --entity memory:m "{\"b\":1}" >/dev/null &&
	as b vvault -C b push >/dev/null 2>&1 && as a vvault -C a pull >/dev/null 2>&1 &&
	as a vvault -C a add nova memory:update --entity memory:m "{\"c\":1}" >/dev/null &&
	as a vvault -C a log --json memory:m | jq -r .device | sort | uniq -c |
		sed "s/^ *//" >out &&
	printf "3 %s\n1 %s\n" "$(as a did)" "$(as b did)" | sort -k 2 >want &&
	sort -k 2 out | cmp - want
'

test_case 'what is not there' '
	story_of && expect_exit 128 vvault log memory:none 2>err &&
	echo "vvault: no record of '\''memory:none'\'' in what this device can read" >want &&
	cmp want err && expect_exit 128 vvault log nova memory:none 2>err &&
	expect_exit 129 vvault log nova nonsense 2>err &&
	expect_exit 129 vvault log nova memory:m x 2>err
'

test_case 'across compactions, of 70 versions' '
	new_vault --plain && i=0 && while test $i -lt 70; do
		vvault add --new nova memory:create --entity "memory:n$i" "{\"content\":\"$i\"}" \
			>/dev/null || exit 1
		i=$((i + 1))
	done &&
	vvault log --json nova | grep -q "\"change\":\"compact\"" &&
	for n in 0 35 69; do
		vvault log --json "memory:n$n" >out && test "$(wc -l <out)" = 1 &&
		test "$(jq -r .version out)" = "$(vvault blame --json "memory:n$n" |
			jq -r .version)" && jq -e ".change == \"add\"" out || exit 1
	done
'

done_testing
