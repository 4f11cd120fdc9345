#!/bin/sh
# What holds and what does not, by the program and by tests/proof/second.py.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../proof/lib.sh"

test_case 'one whom an owner let write, and one by a second word' '
	two_devices && vvault=$(cat a/vvault/id) &&
	id=$(as b vvault -C b add nova memory:create "{\"content\":\"by b\"}") &&
	as b vvault -C b prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".role == \"writer\" and .admitted_by == \"$(as a vvault key show | head -n 1)\"" out &&
	vvault check-proof proof | grep "writer by the word of" &&
	edit ".vault.words = []" && refused edited "might write" &&
	edit ".shown = .vault.words[0]" && both_hold edited "$(jq -r .shown.record edited |
		head -c -1 | sha256sum | cut -c 1-64 | xxd -r -p |
		{ printf "\\001\\200\\004\\022\\040"; cat; } | base32 -w 0 | tr A-Z a-z |
		sed "s/^/b/; s/=*\$//")" &&
	edit ".vault.words += .vault.words" && both_hold edited "$id" &&
	edit ".vault.words = [.shown]" && refused edited "elsewhere than in" &&
	edit "del(.shown.rest)" && refused edited "form" &&
	edit ".shown.more = 1" && refused edited "form" &&
	edit ".shown.tree = .shown.tree[:1]" && refused edited "form" &&
	edit ".shown.path += [{left: .shown.tree[0].segments[0]}]" && refused edited "does not stand in a segment" &&
	jq . proof >edited && refused edited "no proof" &&
	head -c 500 proof >edited && refused edited "no proof" &&
	: >edited && refused edited "no proof" &&
	other=$(as a vvault -C a add nova memory:create "{\"content\":\"by a\"}") &&
	as a vvault -C a prove "$other" >hers 2>/dev/null &&
	jq -cS --slurpfile a hers ".shown.record = \$a[0].shown.record" proof >edited &&
	refused edited "does not stand" &&
	jq -cS --slurpfile a hers ".shown.version = \$a[0].shown.version" proof >edited &&
	refused edited "another tree" &&
	vvault init w >/dev/null 2>&1 && vvault -C w prove "$(cat w/vvault/id)" >theirs 2>/dev/null &&
	jq -cS --slurpfile a theirs ".vault.create = \$a[0].vault.create" proof >edited &&
	refused edited "another vault" && all_refused 12
'

test_case 'a writer by the word of an owner who is one by another word' '
	two_devices && as a vvault -C a member role "$(as b did)" owner >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as b vvault -C b member add "$(as c did)" >/dev/null &&
	as b vvault -C b push >/dev/null && as c vvault -C c pull >/dev/null &&
	id=$(as c vvault -C c add nova memory:create "{\"content\":\"by c\"}") &&
	as c vvault -C c prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".admitted_by == \"$(as b did)\" and .device == \"$(as c did)\"" out &&
	jq -e ".vault.words | length == 3" proof && test "$(wc -c <proof)" -le 20000 &&
	edit "del(.vault.words[1])" && refused edited "was an owner" &&
	edit "del(.vault.words[2])" && refused edited "might write" &&
	edit ".vault.words |= reverse" && refused edited "was an owner" && all_refused 3
'

test_case 'as many steps, levels and words as there may be, and not one more' '
	two_devices && id=$(as b vvault -C b add nova memory:create "{\"content\":\"by b\"}") &&
	as b vvault -C b prove "$id" >proof 2>/dev/null &&
	step="{left: .shown.tree[0].segments[0]}" &&
	edit ".shown.path = [range(8) as \$i | $step]" && refused edited "does not stand in a segment" &&
	edit ".shown.path = [range(9) as \$i | $step]" && refused edited "form" &&
	edit ".shown.tree = [range(6) as \$i | .shown.tree[0]]" && refused edited "a folder of the tree" &&
	edit ".shown.tree = [range(7) as \$i | .shown.tree[0]]" && refused edited "form" &&
	edit ".vault.words = [range(32) as \$i | .vault.words[0]]" && both_hold edited "$id" &&
	edit ".vault.words = [range(33) as \$i | .vault.words[0]]" && refused edited "too many" &&
	all_refused 5
'

test_case 'of two owners who admit in turn, each by the shortest way' '
	two_devices && as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as a vvault -C a member role "$(as b did)" owner >/dev/null &&
	as a vvault -C a member add --role owner "$(as c did)" >/dev/null &&
	as a vvault -C a push >/dev/null && as c vvault -C c pull >/dev/null &&
	as b vvault -C b pull >/dev/null &&
	as d vvault clone "$PWD/r" d >/dev/null 2>&1 &&
	as b vvault -C b member add "$(as d did)" >/dev/null &&
	as b vvault -C b push >/dev/null &&
	for i in 1 2 3 4 5 6; do
		w=$(test $((i % 2)) = 0 && echo b || echo c) &&
		as "r$i" vvault init "x$i" >/dev/null 2>&1 && as "$w" vvault -C "$w" pull >/dev/null 2>&1 &&
		as "$w" vvault -C "$w" member add --role reader "$(as "r$i" did)" >/dev/null &&
		as "$w" vvault -C "$w" push >/dev/null || return
	done && as d vvault -C d pull >/dev/null &&
	id=$(as d vvault -C d add nova memory:create "{\"content\":\"by d\"}") &&
	as d vvault -C d prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".vault.words | length <= 3" proof
'

test_case 'of a version made anew there is none; of one written since there is' '
	two_devices --plain && id=$(as b vvault -C b add nova memory:create "{\"content\":\"by b\"}") &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	as a vvault -C a renew >/dev/null &&
	expect_exit 128 as a vvault -C a prove "$id" >none 2>err && test ! -s none &&
	grep "made the version anew" err && both_hold proof "$id" &&
	git -C a cat-file commit "$(as a vvault -C a log -n 1 --json nova |
		jq -r .version)" >renewed && grep "^Vvault-Renews: " renewed &&
	jq -cS --rawfile version renewed ".shown.version = \$version" proof >edited &&
	refused edited "made the version anew" && all_refused 1 &&
	as a vvault -C a add nova memory:create "{\"content\":\"since\"}" >/dev/null &&
	as a vvault -C a prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".device == \"$(as a did)\" and .data.content == \"by b\"" out
'

# In make check a few dozen; at night a thousand.
test_case 'proofs at random agree, and altered ones are refused' '
	n=40 && test -z "${VV_NIGHTLY:-}" || n=1000 &&
	two_devices && { for i in $(seq 300); do
		echo "{\"content\":\"number $i \\\\u00e6\",\"n\":$i.5}"
	done; } >lines && as b vvault -C b add nova memory:create - <lines >/dev/null &&
	as a vvault -C a add nova session:create --entity session:t:1 "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	"$VV_BUILD/tests/tools/proofs" b "$tap_case/keys-b" nova "$n" "$n" >made 2>want &&
	test "$(wc -l <made)" -eq $((2 * n)) &&
	python3 "$second" --each <made | sed "s/^holds \([a-z2-7]*\).*/good \1/; s/^refused.*/bad/" |
		diff want -
'

done_testing
