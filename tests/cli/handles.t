#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# Every action is one of these: it lists, it reads what is named, or neither
# (it lists nothing that a command of ours could read, or it only writes).
lists="construct_list session_list recall grep log ls diff blame quarantine_list conflicts"
reads="recall grep read log show ls cat prove diff blame export quarantine_show quarantine_drop reject
	context handoff resume"
neither="browse watch check-proof init clone import agents capture add remember edit rm forget tag note acu_extract acu_derive status verify gc renew remote_add
	remote_list remote_remove fetch push pull member_add member_list key_show
	key_backup key_restore key_protect key_unlock key_lock key_rotate key_allowed-signers recover hooks_list hooks_approve
	hooks_revoke help completion_bash|zsh|fish version config_get config_list
	config_set config_unset member_rename member_remove member_role remote_rename remote_set-url resolve
	revert stats undo construct_show construct_rename construct_merge
	construct_split audit mcp mcp_admit mcp_install mcp_uninstall"

# actions: "log", "remote_add" ..., as the usage lines have them.
actions() {
	vvault help | sed -n "s/^  \([a-z-]*\) .*/\1/p" | while read -r name; do
		vvault help "$name" | sed -n "1s/^usage: vvault $name//p" |
			awk -v name="$name" -F " [|] " "{ for (i = 1; i <= NF; i++) {
				split(\$i, word, \" \")
				print name (word[1] ~ /^[a-z]/ ? \"_\" word[1] : \"\")
			} }"
	done
}

new_talk() {
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		"{\"title\":\"The garden\"}" >/dev/null &&
	for n in 1 2 3; do
		vvault add nova message:create --entity "message:t:1/$n" \
			"{\"content\":\"roses $n\",\"index\":$n,\"role\":\"user\",
			\"session\":\"session:t:1\"}" >/dev/null || return 1
	done
}

# run_list <action>: run it so that it lists something.
run_list() {
	case $1 in
	construct_list) vvault construct list ;;
	session_list) vvault session list ;;
	recall) vvault recall roses ;;
	grep) vvault grep roses ;;
	log) vvault log nova ;;
	ls) vvault ls nova ;;
	diff) vvault diff nova~1 nova ;;
	blame) vvault blame message:t:1/1 ;;
	# What is in quarantine takes a remote: see remote/quarantine.t.
	quarantine_list) echo "@1   refused" ;;
	# Conflicts take two devices: see mend/conflicts.t.
	conflicts) echo "@1   a conflict" ;;
	*) echo "how does $1 list?" >&2; return 1 ;;
	esac
}

takes_entities() {
	test "$1" = show || test "$1" = cat || test "$1" = read || test "$1" = prove || test "$1" = blame
}

# run_read <action> <handle>: of a version, or of an entity where it takes one.
run_read() {
	case $1 in
	show | cat | log | ls) vvault "$1" "$2" ;;
	prove) vvault prove "$2" || { test "$2" = @2 && vvault prove "$2" message:t:1/1; } ;;
	blame) vvault blame "$2" || { test "$2" = @2 && vvault blame "$2" message:t:1/1; } ;;
	recall) vvault recall "$2" roses ;;
	grep) vvault grep roses "$2" ;;
	read) vvault read "$2" || { test "$2" = @2 && vvault read "$2" session:t:1; } ;;
	diff) vvault diff "$2" "$2" && echo same ;;
	context) vvault context "$2" ;;
	# Of a session: a version alone names none.
	handoff) vvault session list >/dev/null && vvault handoff @1 ;;
	resume)	vvault session list >/dev/null &&
		vvault resume @1 --as codex --in . --dry-run ;;
	export) vvault export --format jsonl "$2" ;;
	reject) expect_exit 128 vvault reject "$2" 2>err && grep "written on top" err ;;
	quarantine_show | quarantine_drop)
		expect_exit 128 vvault quarantine "${1#*_}" "$2" 2>err &&
		grep "no version .$(version_of nova~1). in quarantine" err ;;
	*) echo "how does $1 read?" >&2; return 1 ;;
	esac
}

test_case 'each action lists, reads, or is known to do neither' '
	actions | sort >have && printf "%s\n" $lists $reads $neither | sort -u >want &&
	diff want have && for name in $neither; do
		case " $lists $reads " in *" $name "*) echo "$name"; exit 1 ;; esac
	done
'

test_case 'what an action lists has handles, which lead to it' '
	new_talk && for name in $lists; do
		run_list "$name" >out && grep -q "^@1   " out || { echo "$name"; exit 1; }
		test "$name" = quarantine_list || test "$name" = conflicts ||
			vvault show @1 >/dev/null ||
			{ echo "$name"; exit 1; }
	done
'

test_case 'each action that reads takes them' '
	new_talk && for name in $reads; do
		vvault ls nova >/dev/null && if takes_entities "$name"; then
			run_read "$name" @1 >out && test -s out
		fi && vvault log nova >/dev/null && run_read "$name" @2 >out && test -s out ||
			{ echo "$name"; exit 1; }
	done
'

test_case 'what takes a version takes that in which a listed thing is' '
	new_talk && vvault session list >out && grep "^@1 .*The garden" out &&
	for words in "ls @1 message" "log @1" "export --format jsonl @1" "grep roses @1" \
			"session list @1" "recall --construct @1 roses" "recall @1 roses" \
			"recall --as-of today --construct @1 roses" "acu extract --dry-run @1"; do
		vvault session list >/dev/null && vvault $words >out && test -s out ||
			{ echo "$words"; exit 1; }
	done &&
	vvault session list >/dev/null && vvault ls @1 message >out && test "$(wc -l <out)" = 3 &&
	vvault ls nova~1 message >/dev/null && vvault ls --json @1 message | jq -s -e "length == 2" &&
	expect_exit 128 vvault reject @1 2>err && grep "a version is wanted" err
'

test_case 'they name what was shown, in its order' '
	new_talk && vvault recall --json roses | jq -r .ref >refs &&
	vvault recall roses >out && test "$(grep -c "^@[123]   user: roses" out)" = 3 &&
	for n in 1 2 3; do
		vvault cat "$(sed -n ${n}p refs)" >want && vvault cat "@$n" | cmp - want &&
		says ".records == [\"$(sed -n ${n}p refs)\"]" vvault show --json "@$n" || exit 1
	done &&
	vvault log nova >out && vvault log --json nova | jq -r .version >ids &&
	test "$(version_of @2)" = "$(sed -n 2p ids)" &&
	says ".changes | length == 2" vvault diff --json @3 @1 &&
	vvault log nova >out && expect_exit 128 vvault show @5 2>err && grep "ends at .@4." err
'

test_case 'a list of what was keeps to it, one of what is goes with it' '
	new_talk && vvault ls nova session >/dev/null &&
	vvault add nova session:update --entity session:t:1 "{\"title\":\"New\"}" >/dev/null &&
	says ".state.title == \"New\"" vvault show --json @1 &&
	vvault ls nova~1 session >/dev/null &&
	vvault add nova session:update --entity session:t:1 "{\"title\":\"Newer\"}" >/dev/null &&
	says ".state.title == \"The garden\"" vvault show --json @1
'

test_case 'of several heads, too' '
	two_devices && sleep 1.1 && export VVAULT_DIR=$PWD/a &&
	as a vvault add nova memory:create "{\"content\":\"of a\"}" >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"of b\"}" >/dev/null &&
	as b vvault -C b push >/dev/null 2>&1 && as a vvault pull >/dev/null 2>&1 &&
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ) && sleep 1.1 &&
	as a vvault add nova memory:create "{\"content\":\"later\"}" >/dev/null &&
	as a vvault ls "nova@{$now}" >out && test "$(grep -c "^@" out)" = 3 &&
	for n in 1 2 3; do
		as a vvault show --json "@$n" | jq -r .state.content
	done | sort >got && printf "of a\nof b\nthe first\n" | cmp - got
'

test_case 'a list for a program is not the last one' '
	new_talk && vvault ls nova session >/dev/null && cp v/vvault/last before &&
	vvault ls --json nova >/dev/null && vvault log --json >/dev/null &&
	vvault add nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	cmp before v/vvault/last && says ".entity == \"session:t:1\"" vvault show --json @1
'

test_case 'after a list of nothing the handles of the one before are gone' '
	new_talk && for list in "ls nova memory" "session list --provider none" \
			"grep zebra" "recall zebra"; do
		vvault ls nova >/dev/null && vvault show @1 >/dev/null || exit 1
		vvault $list >out 2>told || test $? = 1 || exit 1
		test ! -s out && test -s told || { echo "$list" && cat told; exit 1; }
		expect_exit 128 vvault show @1 2>err && grep "the last list was empty" err ||
			exit 1
	done
'

test_case 'a number that the last list has not is told with those that it has' '
	new_talk && vvault ls nova >out && for n in 0 5 99 99999999999999999999999; do
		expect_exit 128 vvault read "@$n" 2>err &&
		grep "no .@$n.: the last list begins at .@1. and ends at .@4.$" err || exit 1
	done
'

test_case 'where there is nothing yet the next step is told, to people alone' '
	new_vault && for list in "construct list" "session list" "grep zebra"; do
		vvault $list >out 2>err || test $? = 1 || exit 1
		test ! -s out && grep "yet; .vvault import <file>. brings some in" err &&
		test "$(wc -l <err)" = 1 || exit 1
		vvault $list --json >out 2>err || test $? = 1 || exit 1
		test ! -s out && test ! -s err || exit 1
	done && vvault session list 2>err && expect_exit 1 vvault grep zebra 2>err &&
	vvault add --new nova session:create "{}" >/dev/null &&
	vvault session list --provider none 2>err && grep "no conversations match" err
'
test_case 'the kept list is sealed; what is no list of ours is none' '
	new_talk && expect_exit 128 vvault show @1 2>err && grep "there is no last list" err &&
	vvault ls nova >out && ! grep -a -e garden -e nova -e "t:1" v/vvault/last &&
	test "$(stat -c %a v/vvault/last)" = 600 &&
	printf x >>v/vvault/last && expect_exit 128 vvault show --json @1 2>err &&
	error_is not-found && vvault ls nova >out && vvault show @1 >out
'

test_case 'what cannot be kept costs the handles alone' '
	new_talk && mkdir v/vvault/last && vvault ls nova >out 2>err && test -s out &&
	grep "cannot be kept" err
'

test_case 'ten thousand are numbered' '
	new_vault && i=0 && while test $i -lt 10005; do
		echo "{\"n\":$i}"
		i=$((i + 1))
	done | vvault add --new nova memory:create --as-is - >/dev/null &&
	vvault ls nova >out && test "$(wc -l <out)" = 10005 &&
	test "$(grep -c "^@" out)" = 10000 &&
	vvault ls --json nova | sed -n 10000p | jq -r .entity >want &&
	vvault show --json @10000 | jq -r .entity | cmp - want &&
	expect_exit 128 vvault show @10001 2>err
'

done_testing
