#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/apart.sh"

# resolve <device> <word>...
resolve() {
	device=$1
	shift
	as "$device" vvault -C "$device" resolve "$@" </dev/null
}

# state <device> <entity>: as JSON, sets and members sorted.
state() {
	as "$1" vvault -C "$1" show --json "$2" | jq -cS .state
}

# same_state <entity>: on both.
same_state() {
	test "$(state a "$1")" = "$(state b "$1")"
}

test_case 'without a choice, where nobody is asked' '
	apart && expect_exit 129 resolve a session:x:1 >out 2>err &&
	test ! -s out && grep "say how: --take desk, --take laptop, --value" err &&
	expect_exit 129 resolve a memory:m --value x 2>err &&
	grep "name one with --field: in conflict are .content., .deep/a~1b~0., .type." err &&
	expect_exit 129 resolve a memory:m --field none --value x 2>err &&
	grep "no such field is in conflict" err &&
	expect_exit 129 resolve a memory:m --take desk --edit &&
	expect_exit 129 resolve a memory:gone --value x 2>err &&
	grep "take one side" err && expect_exit 129 resolve a nova &&
	expect_exit 128 resolve a memory:m --take nobody 2>err &&
	grep "nobody. says nothing of what is in conflict" err &&
	expect_exit 128 resolve a memory:none --take desk &&
	expect_exit 128 resolve a vault 2>err && grep "never in conflict" err &&
	test "$(list a | wc -l)" -eq 6
'

test_case 'a device by its name: all fields of which it says something' '
	apart && resolve a memory:m --take laptop >out && cat >want <<-end &&
	settled  memory:m
	  content
	      from a
	  deep/a~1b~0
	      1
	  type
	      project
	end
	diff want out && sync && same_state memory:m &&
	test "$(state b memory:m)" = "{\"content\":\"from a\",\"deep\":{\"a/b~\":1},\"tags\":[\"a\",\"b\",\"x\"],\"type\":\"project\"}" &&
	list b >left && test "$(wc -l <left)" -eq 3 &&
	expect_exit 1 grep memory:m left &&
	expect_exit 1 resolve b memory:m --take desk 2>err &&
	grep "memory:m. has no conflict" err && as b vvault -C b verify --full
'

test_case 'one field, by handle; the others stay' '
	apart && as a vvault -C a conflicts >out &&
	n=$(sed -n "s/^@\([0-9]*\) .*  memory  from b/\1/p" out | head -n 1) &&
	resolve a "@$n" --field deep/a~1b~0 --take desk >out &&
	grep -x "still in conflict: 2; .vvault conflicts nova. shows what" out &&
	sync && list b >left && list a | diff left - &&
	test "$(grep -c memory:m left)" -eq 2 && grep " /content " left &&
	resolve b memory:m --field /type --take desk --json >out &&
	jq -e ".left == 1 and .fields == [{field: \"/type\", value: null}] and
		.kind == \"memory\" and (.records | length) == 1" out &&
	keys_are "construct entity fields kind left records version" <out &&
	sync && test "$(state a memory:m | jq -c .type)" = null &&
	test "$(list a | grep -c memory:m)" -eq 1
'

test_case 'a record by the begin of its id' '
	apart && id=$(as a vvault -C a conflicts --json | jq -r "select(
		.field == \"/title\") | .values[] | select(.value == \"Of a\") |
		.record") && expect_exit 128 resolve a session:x:1 --take bagaaiera &&
	resolve a session:x:1 --take "$(echo "$id" | cut -c 10-20)" &&
	sync && test "$(state b session:x:1 | jq -r .title)" = "Of a"
'

test_case 'another value: words where there are words, JSON elsewhere' '
	apart && resolve a session:x:1 --value 2024 >/dev/null &&
	test "$(state a session:x:1 | jq -c .title)" = "\"2024\"" &&
	resolve a construct:nova --value 3 >/dev/null &&
	test "$(state a construct:nova | jq -c .persona.traits.warm)" = 3 &&
	resolve a memory:m --field deep/a~1b~0 --value "{\"x\":[1, 2]}" >/dev/null &&
	test "$(state a memory:m | jq -c ".deep[\"a/b~\"]")" = "{\"x\":[1,2]}" &&
	resolve a memory:m --field content --value null >/dev/null &&
	test "$(state a memory:m | jq -c .content)" = null && sync &&
	for entity in session:x:1 construct:nova memory:m; do
		same_state $entity || exit 1
	done
'

test_case 'both settle at once, alike: it is settled' '
	apart && resolve a session:x:1 --take desk >/dev/null &&
	resolve b session:x:1 --take desk >/dev/null && sync &&
	same_state session:x:1 && list a >of-a && list b | diff of-a - &&
	expect_exit 1 grep session of-a
'

test_case 'both settle at once, otherwise: a conflict of the two, once more' '
	apart && resolve a session:x:1 --take laptop >/dev/null &&
	resolve b session:x:1 --value third >/dev/null && sync &&
	same_state session:x:1 && list a >of-a && list b | diff of-a - &&
	grep "session:x:1 /title \*desk=\"third\" laptop=\"Of a\"" of-a &&
	resolve a session:x:1 --take desk >/dev/null && sync &&
	same_state session:x:1 && test "$(state a session:x:1 | jq -r .title)" = third &&
	test "$(list b | grep -c session)" -eq 0
'

test_case 'deleted here, changed there: kept as it was, or gone' '
	apart && cp -a b b2 && resolve a memory:gone --take desk >out &&
	printf "settled  memory:gone\n  kept\n" | diff - out && sync &&
	test "$(state b memory:gone)" = "{\"content\":\"new\",\"type\":\"goal\"}" &&
	same_state memory:gone && test "$(list b | grep -c gone)" -eq 0 &&
	rm -rf b && mv b2 b && resolve b memory:gone --take laptop >out &&
	printf "settled  memory:gone\n  deleted\n" | diff - out &&
	sync && same_state memory:gone &&
	list a | grep "memory:gone  \*laptop={\"content\":\"new\",\"type\":\"goal\"} desk=(deletes)" &&
	resolve a memory:gone --take desk >/dev/null && sync &&
	same_state memory:gone && test "$(state b memory:gone)" = null
'

# editor <script>: what the person does with the file.
editor() {
	printf "#!/bin/sh\ncp \"\$1\" %s/seen\nls -l \"\$1\" >>%s/modes\n%s\n" \
		"$PWD" "$PWD" "$1" >edit && chmod +x edit
	export GIT_EDITOR="$PWD/edit"
}

test_case 'all of a construct by one device, in one version' '
	apart && before=$(as b vvault -C b log nova --json | wc -l) &&
	expect_exit 129 resolve b nova 2>err && grep "or --take a device" err &&
	expect_exit 1 resolve b nova --take none 2>err &&
	grep "none. says nothing of what is in conflict in .nova." err &&
	resolve b nova --field content --take laptop >out && cat >want <<-end &&
	settled  nova: 1 of 6 fields in conflict
	still in conflict: 5; ~vvault conflicts nova~ shows what
	end
	tr "~" "\047" <want | diff - out && resolve b nova --take laptop >out &&
	test "$(cat out)" = "settled  nova: 5 of 5 fields in conflict" &&
	test "$(as b vvault -C b log nova --json | wc -l)" -eq $((before + 2)) &&
	as b vvault -C b log nova -n 1 | grep "resolve: 5 fields of 4 entities" &&
	sync && test "$(list a | wc -l)" -eq 0 && test "$(list b | wc -l)" -eq 0 &&
	for entity in session:x:1 construct:nova memory:m memory:gone; do
		same_state $entity || exit 1
	done && test "$(state a memory:gone)" = null &&
	test "$(state a session:x:1 | jq -r .title)" = "Of a" &&
	test "$(state a memory:m | jq -c "[.content, .type]")" = "[\"from a\",\"project\"]"
'

test_case 'an editor, with what each says marked' '
	apart && say a memory:create memory:long \
		"{\"content\":\"# One\n\nsame\nold\n\nlast\"}" && sync &&
	say a memory:update memory:long "{\"content\":\"# One\n\nsame\nof a\n\nlast\"}" &&
	say b memory:update memory:long "{\"content\":\"# One\n\nsame\nof b\n\nlast\"}" &&
	sync && editor "sed -i \"/^[<=>]\{7\}/d\" \"\$1\"" &&
	resolve a memory:long --edit >out && cat >want <<-end &&
	# One

	same
	<<<<<<< desk (stands)
	of b
	======= laptop
	of a
	>>>>>>>

	last
	end
	diff want seen && grep -q "^-rw-------" modes && sync && same_state memory:long &&
	state b memory:long | jq -r .content >got &&
	printf "# One\n\nsame\nof b\nof a\n\nlast\n" | diff - got
'

test_case 'an editor that leaves the marks, leaves nothing, or fails' '
	apart && editor true && expect_exit 128 resolve a session:x:1 --edit 2>err &&
	grep "the marks are still there" err && editor ": >\"\$1\"" &&
	expect_exit 128 resolve a session:x:1 --edit 2>err &&
	grep "nothing was left of it" err && editor "exit 1" &&
	expect_exit 128 resolve a session:x:1 --edit &&
	test "$(list a | wc -l)" -eq 6 && editor "echo 7 >\"\$1\"" &&
	resolve a construct:nova --edit >/dev/null &&
	test "$(state a construct:nova | jq -c .persona.traits.warm)" = 7
'

test_case 'values that are too large for a record are one field each' '
	two_devices && as a vvault -C a member rename "$(as a did)" laptop >/dev/null &&
	say a memory:create memory:big "{\"content\":\"small\"}" && sync &&
	for device in a b; do
		awk -v of="$device" "BEGIN { for (i = 0; i < 30000; i++)
			printf \"words of %s \", of; print of }" |
			jq -Rc "{content: .}" >$device.json &&
		as $device vvault -C $device add nova memory:update \
			--entity memory:big - <$device.json >/dev/null || exit 1
	done && sync && as a vvault -C a conflicts >out &&
	test "$(grep -c "^    content\$" out)" -eq 1 && test "$(grep -c "^@" out)" -eq 1 &&
	grep -c "kB: .vvault cat bafkrei[a-z2-7]*. prints it" out | grep -x 2 &&
	expect_exit 128 resolve a memory:big --edit 2>err && grep "too large" err &&
	resolve a memory:big --take laptop >out && grep "vvault cat" out && sync &&
	as b vvault -C b cat "$(state b memory:big | jq -r ".content[\"\$blob\"]")" |
		grep -q "words of a a\$" && test "$(list b | wc -l)" -eq 0
'

test_case 'on a terminal it asks, field by field' '
	apart && export VVAULT_KEYS="$tap_case/keys-a" VVAULT_DIR="$PWD/a" &&
	printf "2\n\n1\n" >answers &&
	script -qec "vvault resolve memory:m" typescript <answers >/dev/null &&
	grep "memory:m: content" typescript && grep "1  desk (stands): from b" typescript &&
	grep "2  laptop: from a" typescript && grep "3  edit" typescript &&
	test "$(state a memory:m | jq -r .content)" = "from a" &&
	list a >left && test "$(grep -c memory:m left)" -eq 1 && grep deep left &&
	script -qec "vvault resolve memory:m" typescript <answers >/dev/null &&
	test "$(state a memory:m | jq -c ".deep[\"a/b~\"]")" = 1
'

test_case 'what was written meanwhile stays in conflict with it' '
	apart && echo "{\"title\":\"meanwhile\"}" >said.json &&
	editor ". $PWD/writes" && cat >writes <<-end &&
	VVAULT_KEYS=$tap_case/keys-a vvault -C $PWD/a add nova \\
		session:update --entity session:x:1 "\$(cat $PWD/said.json)"
	echo mine >"\$1"
	end
	resolve a session:x:1 --edit >/dev/null &&
	list a | grep "session:x:1" >left && grep "meanwhile" left && grep "mine" left
'

test_case 'a device that may not write' '
	apart && as a vvault -C a member role --yes "$(as b did)" reader >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null 2>&1;
	expect_exit 128 resolve b session:x:1 --take desk 2>err && test -s err
'

test_case 'blame names who said it first, and who settled it' '
	apart && as a vvault -C a resolve memory:m --take desk >/dev/null 2>&1 &&
	as a vvault -C a blame memory:m >out && version=$(as a vvault -C a log --json -n 1 nova | jq -r ".version[:10]") &&
	grep "content: from b  (was in dispute; settled by laptop in $version)$" out &&
	grep "^@.*  desk  record" out && as a vvault -C a blame --json memory:m |
		jq -se "[.[] | select(.path == \"/content\")][0] | .name == \"desk\" and .settled.name == \"laptop\""
'

done_testing
