#!/bin/sh
# What holds and what does not, by the program and by tests/proof/second.py.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../proof/lib.sh"

test_case 'one whom an owner let write' '
	two_devices && id=$(as b vvault -C b add nova memory:create "{\"content\":\"by b\"}") &&
	as b vvault -C b prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".role == \"writer\" and .admitted_by == \"$(as a vvault key show | head -n 1)\"" out &&
	vvault check-proof proof | grep "writer by the word of" &&
	edit ".shown = .vault.words[0]" && both_hold edited "$(jq -r .shown.record edited |
		head -c -1 | sha256sum | cut -c 1-64 | xxd -r -p |
		{ printf "\\001\\200\\004\\022\\040"; cat; } | base32 -w 0 | tr A-Z a-z |
		sed "s/^/b/; s/=*\$//")" &&
	edit ".vault.words += .vault.words" && both_hold edited "$id" &&
	jq . proof >edited && refused edited "no proof" &&
	head -c 500 proof >edited && refused edited "no proof" &&
	: >edited && refused edited "no proof" && all_refused 3
'

# What somebody might make of a proof and of others that they have: of another
# construct (luna), of another vault (other), of a later version of the same
# signer (later), and the words that lowered and removed the signer. Why it is
# refused, a tab, and how it is made.
hostile() {
	cat <<-\ROWS
	might write	.vault.words = []
	might write	.vault.words += [$o.lowered]
	admits nobody	.vault.words += [$o.removed]
	does not name	.vault.words = $o.later.vault.words
	elsewhere than in	.vault.words = [.shown]
	of another vault	.shown = $o.other.shown
	of another vault	.vault = $o.other.vault
	of another vault	.vault.create = $o.other.vault.create
	does not stand	.shown.path[0] |= with_entries(.key = {left: "right", right: "left"}[.key])
	does not stand	.shown.path |= reverse
	does not stand	.shown.path |= .[1:]
	does not stand	.shown.path |= .[:-1]
	does not stand	.shown.path = []
	does not stand	.shown.path += .shown.path[:1]
	does not stand	.shown.rest |= .[1:] + .[:1]
	does not stand	.shown.leaf |= .[1:] + .[:1]
	does not stand	.shown.record |= sub("by b"; "by c")
	does not stand	.shown.record = $o.luna.shown.record
	does not stand	.shown += ($o.luna.shown | {leaf, path, record, rest})
	a folder of the tree	.shown += ($o.luna.shown | {leaf, path, record, rest}) | .shown.tree[0] = $o.luna.shown.tree[0]
	another tree	.shown += ($o.luna.shown | {leaf, path, record, rest, tree})
	another tree	.shown.version = $o.luna.shown.version
	another tree	.shown.version = $o.later.shown.version
	another tree	.vault.words[0].version = .shown.version
	the version is none	.shown.version |= sub("\nVvault-Change: add\n"; "\nVvault-Change: compact\n")
	the version is none	.shown.version |= sub("Vvault-Members: sha256:."; "Vvault-Members: sha256:")
	the record is none	.shown.record += " "
	form	.shown.tree |= .[:1]
	form	.shown.path[0].left = .shown.path[0].right
	form	.shown.leaf |= ascii_upcase + "0"
	form	.shown.more = 1
	form	.vvault = "proof-2"
	form	del(.shown.rest)
	ROWS
}

# said_by <command>...: what the newest record on device b is when a has done
# that, as a proof shows it.
said_by() {
	told_of_b | sort >told && as a vvault -C a "$@" >/dev/null &&
	as a vvault -C a prove "$(told_of_b | sort | comm -13 told -)" 2>/dev/null
}

told_of_b() {
	as a vvault -C a ls --json vault | jq -r --arg b "$(as b did)" \
		'select(.entity == "member:" + ($b | ltrimstr("did:key:"))).records[]'
}

test_case 'what somebody might make of proofs holds for nobody' '
	two_devices && as a vvault -C a add --new luna memory:create "{\"content\":\"of luna\"}" >luna-id &&
	printf "{\"content\":\"by b %s\"}\n" 1 2 3 4 5 >lines &&
	as b vvault -C b add nova memory:create - <lines >ids &&
	as b vvault -C b prove "$(sed -n 3p ids)" >proof 2>/dev/null && both_hold proof "$(sed -n 3p ids)" &&
	jq -e ".shown.path | length == 3" proof && as b vvault -C b push >/dev/null &&
	as a vvault -C a pull >/dev/null && as a vvault -C a member rename "$(as b did)" phone >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	id=$(as b vvault -C b add nova memory:create "{\"content\":\"later\"}") &&
	as b vvault -C b prove "$id" >later 2>/dev/null && both_hold later "$id" &&
	as a vvault -C a prove "$(cat luna-id)" >luna 2>/dev/null &&
	vvault init w >/dev/null 2>&1 && vvault -C w prove "$(cat w/vvault/id)" >other 2>/dev/null &&
	said_by member role --yes "$(as b did)" reader >lowered &&
	said_by member remove --yes "$(as b did)" >removed &&
	jq -s "{luna: .[0], other: .[1], later: .[2], lowered: .[3].shown, removed: .[4].shown}" \
		luna other later lowered removed >others &&
	hostile >table && jq -cS -s ".[1] as \$o | .[0] | $(cut -f2 table | sed "s/.*/(&)/" | paste -sd,)" \
		proof others >made && test "$(wc -l <made)" -eq "$(wc -l <table)" &&
	i=0 && while IFS="	" read -r words filter; do
		i=$((i + 1)) && sed -n "${i}p" made >edited &&
		expect_exit 1 vvault check-proof --json edited >out && grep "$words" out || {
			echo "$filter: $(cat out)" >&2
			exit 1
		}
	done <table && python3 "$second" --each <made >out &&
	test "$(grep -c "^refused" out)" -eq "$(wc -l <table)"
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
	as a vvault -C a member add "$(as c did)" >/dev/null &&
	as a vvault -C a member role "$(as c did)" owner >/dev/null &&
	as a vvault -C a push >/dev/null && as c vvault -C c pull >/dev/null &&
	as b vvault -C b pull >/dev/null &&
	as d vvault clone "$PWD/r" d >/dev/null 2>&1 &&
	as b vvault -C b member add "$(as d did)" >/dev/null &&
	as b vvault -C b push >/dev/null &&
	for w in c b c; do
		as $w vvault -C $w pull >/dev/null 2>&1 &&
		as $w vvault -C $w member rename "$(as a did)" "of $w" >/dev/null &&
		as $w vvault -C $w push >/dev/null || exit 1
	done && as d vvault -C d pull >/dev/null &&
	id=$(as d vvault -C d add nova memory:create "{\"content\":\"by d\"}") &&
	as d vvault -C d prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".vault.words | length == 3" proof && test "$(wc -c <proof)" -le 20000 &&
	jq -e ".admitted_by != \"$(as a did)\" and .device == \"$(as d did)\"" out &&
	edit "del(.vault.words[1])" && refused edited "was an owner" &&
	edit "del(.vault.words[2])" && refused edited "might write" &&
	edit ".vault.words |= reverse" && refused edited "was an owner" && all_refused 3
'

test_case 'of a version made anew there is none; of one written since there is' '
	two_devices && id=$(as b vvault -C b add nova memory:create "{\"content\":\"by b\"}") &&
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
