#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# three: nova in three versions, rose in one.
three() {
	new_vault --name laptop --plain &&
	vvault add --new nova memory:create --entity memory:m \
		"{\"content\":\"rain\"}" >/dev/null &&
	printf "{\"content\":\"a\"}\n{\"content\":\"b\"}\n" |
		vvault add nova memory:create - >/dev/null &&
	vvault add nova memory:update --entity memory:m \
		"{\"content\":\"snow\"}" >/dev/null &&
	vvault add --new rose memory:create "{\"content\":\"x\"}" >/dev/null
}

three_of() {
	once three && export VVAULT_DIR="$PWD/v"
}

# ids [<option>...]: of the versions of nova that are listed.
ids() {
	vvault log --json "$@" nova | jq -r .version | cut -c 1-10
}

# seqs <option or version>...: of the versions that are listed, in one line.
seqs() {
	vvault log --json "$@" | jq -r .seq | paste -sd " "
}

test_case '--oneline' '
	three_of && vvault log --oneline nova >out &&
	ids | paste -d " " - - - >n && read -r c b a <n && cat >want <<-END &&
	@1   $c  add: 1 memory:update
	@2   $b  add: 2 memory:create
	@3   $a  add: 1 memory:create
	END
	cmp want out && vvault show @3 >/dev/null
'

test_case '--stat counts the records of each kind' '
	three_of && vvault log --oneline --stat nova >out &&
	ids | paste -d " " - - - >n && read -r c b a <n && cat >want <<-END &&
	@1   $c  add: 1 memory:update
	         1 change
	@2   $b  add: 2 memory:create
	         2 memories
	@3   $a  add: 1 memory:create
	         1 memory
	END
	cmp want out || { cat out >&2; exit 1; } &&
	vvault log --json --stat nova | jq -c "[.made, .changed]" >out &&
	printf "[{},1]\n[{\"memory\":2},0]\n[{\"memory\":1},0]\n" >want && cmp want out &&
	! vvault log --json nova | grep made
'

test_case '--stat of what is sealed for this device' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault log --json --stat nova | jq -ce ".made == {memory: 1}" &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" log --stat >out && grep "^         not known here$" out &&
	as stranger vvault -C "$PWD/v" log --json --stat |
		jq -se "any(.made == null and .changed == null)"
'

test_case '--reverse, of what -n leaves' '
	three_of && test "$(seqs --reverse nova)" = "1 2 3" &&
	test "$(seqs --reverse -n 2 nova)" = "2 3" && test "$(seqs -n 2 nova)" = "3 2" &&
	test "$(vvault log --reverse --json | wc -l)" = 5 &&
	vvault log --reverse --oneline nova >out && ids >want &&
	sed "s/^@[0-9]* *//; s/ .*//" out | tac | cmp - want
'

test_case '--grep is a regular expression, -i passes over case' '
	three_of && test "$(seqs --grep "create$" nova)" = "2 1" &&
	test "$(seqs --grep "^ADD: [12] MEMORY:c" -i nova)" = "2 1" &&
	vvault log --grep "CREATE" nova >out && test ! -s out &&
	expect_exit 129 vvault log --grep "(" 2>err && grep "^vvault: " err
'

test_case '--author is a part of a name, or the begin of a did' '
	two_devices && as a vvault -C a member rename "$(as b did)" "My Tablet" \
		>/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 &&
	as b vvault -C b add nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	export VVAULT_DIR="$PWD/b" &&
	as b seqs --author tablet nova >out && test "$(cat out)" = 1 &&
	as b seqs --author "my tab" nova | cmp - out &&
	as b seqs --author "$(as b did)" nova | cmp - out &&
	as b seqs --author "$(as b did | cut -c 9-22)" nova | cmp - out &&
	test -z "$(as b seqs --author table.t nova)" && test -z "$(as b seqs --author zzz)" &&
	as b vvault log -n 1 --author tablet --format "%an" nova >out &&
	echo "My Tablet" >want && cmp want out
'

test_case '--format' '
	three_of && vvault log -n 1 --json nova >line &&
	export TZ=EAT-3 && id=$(jq -r .version line) && parent=$(jq -r ".parents[0]" line) &&
	vvault log -n 1 --format "%H %h|%P|%p|%c|%an|%ae|%at|%s|%r %q %v%n%%h" nova >out &&
	seconds=$(date -d "$(jq -r .time line)" +%s) && cat >want <<-END &&
	$id $(echo $id | cut -c 1-10)|$parent|$(echo $parent | cut -c 1-10)|nova|laptop|$(did)|$seconds|add: 1 memory:update|1 3 add
	%h
	END
	cmp want out || { cat out >&2; exit 1; } &&
	vvault log -n 1 --format %ad nova >out &&
	date -d "@$seconds" +%Y-%m-%dT%H:%M:%S%:z | cmp - out &&
	test "$(vvault log --reverse --format %q nova | paste -sd " ")" = "1 2 3" &&
	vvault log --format "" nova >out && test "$(wc -c <out)" = 3 &&
	expect_exit 129 vvault log --format %x nova 2>err && grep -F "'\''%x'\'' is no placeholder; there are %H %h" err &&
	expect_exit 129 vvault log --format "100%" 2>err
'

test_case 'what has no numbers leaves those of the last list' '
	three_of && vvault log --oneline nova >/dev/null && id=$(version_of nova~2) &&
	vvault log --format %h nova >/dev/null && test "$(version_of @3)" = "$id" &&
	vvault diff --stat nova >/dev/null && test "$(version_of @3)" = "$id"
'

test_case 'a device without a name has the begin of its did' '
	new_vault && vvault add --new a memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault log --format %an a >out && did | cut -c 9-20 | cmp - out
'

test_case 'a..b: what b has and a has not' '
	three_of && test "$(seqs nova~2..nova)" = "3 2" && test "$(seqs nova~1..)" = 3 &&
	test "$(seqs nova..nova)" = "" && test "$(seqs ..nova~1)" = "" &&
	test "$(seqs nova~2..nova^)" = 2 &&
	vvault log nova >/dev/null && test "$(seqs @3..@1)" = "3 2" &&
	expect_exit 128 vvault log nova..rose 2>err && grep "two constructs" err &&
	expect_exit 128 vvault log .. 2>err && expect_exit 128 vvault log nova..nope 2>err
'

test_case 'damage to what one version brought costs its numbers alone' '
	three_of && blob=$(git -C v cat-file --batch-all-objects --batch-check |
		while read -r id type rest; do
			test "$type" != blob || ! git -C v cat-file -p $id | grep -q snow ||
				echo $id
		done) && test -n "$blob" && file=v/objects/$(echo $blob | sed "s,..,&/,") &&
	chmod u+w "$file" && echo bad >"$file" &&
	expect_exit 1 vvault log --oneline --stat nova >out 2>err && sed "s/.* //" out >got &&
	printf "memory:update\nhere\nmemory:create\nmemories\nmemory:create\nmemory\n" >want &&
	cmp want got && grep "^vvault: nova: cannot read object .$blob" err &&
	expect_exit 1 vvault log --json nova >out 2>err &&
	jq -c .records out >got && printf "null\n2\n1\n" >want && cmp want got
'

test_case 'all of it at once' '
	three_of && test "$(vvault log --since 2000-01-01 --until 2999-01-01 --grep add \
		--author lap --reverse -n 2 --format %q nova | paste -sd " ")" = "2 3" &&
	expect_exit 129 vvault log --graph --reverse 2>err &&
	echo "vvault: either --graph or --reverse" >want && head -n 1 err | cmp - want &&
	expect_exit 129 vvault log --graph --format x 2>err
'

done_testing
