#!/bin/sh
# make demo: a ChatGPT export comes home and is found and read; a second device
# and a remote between them; a character that grows; an agent's session. Says
# what it shows, checks that it is so, and leaves nothing behind. Exit 1 at the
# first thing that is not as claimed.
set -eu
# Nobody is asked anything.
exec </dev/null
top=${VV_TOP:-$(cd "$(dirname "$0")/.." && pwd)}
case ${BUILD:-build} in
/*) PATH=$BUILD:$PATH ;;
*) PATH=$top/${BUILD:-build}:$PATH ;;
esac
export PATH LC_ALL=C.UTF-8 TZ=UTC PAGER=cat GIT_PAGER=cat
unset VVAULT_DIR VVAULT_KEYS GIT_DIR GIT_SSH

root=$(mktemp -d "${TMPDIR:-/tmp}/vvault-demo.XXXXXX")
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export HOME="$root/home" GIT_CONFIG_NOSYSTEM=1
mkdir "$HOME"
. "$top/tests/lib.sh"
cp -R "$top/tests/data/demo" "$root/capsules"
mv "$root/capsules/export" "$root/capsules/session" "$root"
cd "$root"
set --
for file in export/*; do
	set -- "$@" "${file#*/}" "$file"
done
make_zip chatgpt.zip "$@"

# A device is a folder of keys and a vault.
boat() {
	VVAULT_KEYS=$root/keys-boatshed VVAULT_DIR=$root/boatshed vvault "$@"
}
home() {
	VVAULT_KEYS=$root/keys-home VVAULT_DIR=$root/kitchen vvault "$@"
}

title() {
	printf '\n== %s\n' "$*"
}

failed() {
	printf '\nNOT AS CLAIMED: %s\n' "$*" >&2
	exit 1
}
# run <device> <words>...: shows the command and what it prints; must work.
run() {
	device=$1
	shift
	printf '\n   %s$ vvault' "$device"
	for word in "$@"; do
		case $word in
		*[\ {]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	status=0
	"$device" "$@" >"$root/out" 2>&1 || status=$?
	sed "s|^|       |; s|$root/||" "$root/out"
	test "$status" -eq 0 || failed "exit status $status"
}
# claim <what> <test>...: shows that it holds.
claim() {
	what=$1
	shift
	"$@" >"$root/why" 2>&1 || {
		cat "$root/why" >&2
		failed "$what"
	}
	printf '   ok: %s\n' "$what"
}
claim_no() {
	what=$1
	shift
	! "$@" >"$root/why" 2>&1 || {
		cat "$root/why" >&2
		failed "$what"
	}
	printf '   ok: %s\n' "$what"
}
same() {
	test -n "$1" && test "$1" = "$2"
}
# All that a repository holds, inflated, and its refs.
everything() {
	git -C "$1" cat-file --batch-all-objects --batch
	git -C "$1" for-each-ref
}
versions() {
	"$1" log wren-001 --json | jq -s length
}
union_root() {
	"$1" show --json wren-001 | jq -r .root
}
record_set() {
	"$1" verify --full --json | jq -S -c .sets
}
fold() {
	{ "$1" show --json wren-001; "$1" ls --json wren-001; } |
		jq -S -c 'del(.heads, .version)' | sort | sha256sum
}
plain_git_agrees() {
	git -C "$1" fsck --strict --no-dangling 2>&1 | grep . && return 1
	boat key allowed-signers >"$root/signers"
	for id in $(git -C "$1" rev-list --all); do
		git -C "$1" -c gpg.format=ssh \
			-c gpg.ssh.allowedSignersFile="$root/signers" \
			verify-commit "$id" || return 1
	done
}

title 'A vault on the first device, in a boat shed, and a ChatGPT export'
run boat init --name boatshed boatshed
counts() {
	boat show --json "$1" | jq -r ".counts.$2"
}
run boat import chatgpt.zip
claim 'both conversations are there' same "$(counts chatgpt session)" 2
boat ls --json chatgpt message >messages
claim 'the answer that was shown, and the one that was not' \
	same "$(jq -s '[.[].state | select(.role == "assistant")] | length' messages)" 3
blob=$(jq -rs '[.. | objects | .["$blob"]? // empty][0]' messages)
boat cat "$blob" >picture
claim 'the picture came along, byte for byte' \
	cmp picture export/file-Tiller01-tiller.png
boat export --format jsonl chatgpt >chatgpt.jsonl
claim_no 'the address and telephone number of the account did not' \
	grep -e example.org -e '555 0100' chatgpt.jsonl messages
run boat import export
claim 'the same as a folder makes no version' grep -q '  0 new' out

title 'What was said is found, and read'
run boat session list
claim 'both conversations are listed' grep -q 'Which paint for the keel' out
run boat recall -n 1 how long does antifouling last
claim 'the answer is found by its words' grep -q 'lasts two seasons' out
run boat read --around 2 @1
claim 'and its conversation can be read' grep -q 'Which paint keeps weed off' out
claim 'the other answer is told of' grep -q '1 of 2\|2 of 2' out

title 'Three capsules of one construct, as it grew over the year 2026'
for n in 1 2 3; do
	run boat import "capsules/wren-$n.capsule"
	claim 'its fingerprint is the one that CapsuleForge computes' \
		grep -q 'fingerprint verified-forge' out
done
claim 'there are three versions' same "$(versions boat)" 3
run boat import capsules/wren-3.capsule
claim 'the same file again makes no version' same "$(versions boat)" 3
run boat log

title 'What changed between the first version and the third'
run boat diff wren-001~2 wren-001
claim 'a trait that grew is named' grep -q 'seamanship: 0.2 -> 0.7' out
claim 'a trait that came' grep -q 'traits/humour: 0.5$' out
claim 'a trait that went' grep -q 'traits/caution: 0.7 (gone)' out
claim 'a memory that came' grep -q '+ memory .*new mast stood' out
claim 'a memory that went' grep -q -e '- memory .*mast had rotted' out
{ boat ls --json wren-001; boat show --json wren-001; boat log -p; } >views
claim_no 'nothing of the machine that wrote the capsules is in any view' \
	grep -e boatshed-pi -e invented-token -e 02:00:5e views
boat export --format capsule wren-001 >back.capsule
claim 'the capsule comes back byte for byte, sealed as it was kept' \
	cmp back.capsule capsules/wren-3.capsule

title 'A remote: any bare git repository, here a folder'
git init -q --bare remote.git
run boat remote add origin "$root/remote.git"
run boat push
everything remote.git >remote.all
claim_no 'the remote has no readable word of it' \
	grep -a -i -e wren-001 -e marta -e folkboat -e seamanship -e antifouling -e boatshed remote.all

title 'A second device, at home, clones it'
printf '\n   home$ vvault clone %s kitchen\n' remote.git
VVAULT_KEYS=$root/keys-home vvault clone "$root/remote.git" kitchen >out 2>&1 ||
	failed 'clone'
sed "s|^|       |" out
did=$(home key show --json | jq -r .did)
claim 'it is told its did, to hand to an owner' grep -q "$did" out
run home verify
claim_no 'it can verify, and read nothing yet' home show wren-001

title 'The owner adds it as a member; then it reads everything'
run boat member add --name home "$did"
run boat push
run home pull
run home show wren-001
claim 'both see the same state' same "$(fold home)" "$(fold boat)"

title 'Both write, without having seen each other'
run home add wren-001 memory:create '{"content":"Marta keeps the logbook in the kitchen.","bucket":"long_term"}'
run home add wren-001 memory:create '{"content":"How to whip a rope: seven turns.","bucket":"procedural"}'
run boat add wren-001 memory:create '{"content":"The winter cover is mended.","bucket":"short_term"}'
run boat add wren-001 construct:update '{"persona":{"traits":{"patience":0.8}}}'
claim_no 'now they differ' same "$(union_root home)" "$(union_root boat)"

title 'Both push, both pull: pushes never race, nothing is forced'
run boat push
run home push
run boat pull
run home pull
claim 'both show the same union root' same "$(union_root home)" "$(union_root boat)"
claim 'both hold the same set of records' same "$(record_set home)" "$(record_set boat)"
claim 'both fold it to the same state' same "$(fold home)" "$(fold boat)"
home ls wren-001 >out
claim 'what the boat shed wrote is at home' grep -q 'winter cover' out
boat ls wren-001 >out
claim 'what was written at home is in the boat shed' grep -q 'seven turns' out
run home construct list

title 'The next version has both lines as parents'
run home remember wren-001 'We start again in April.'
claim 'one head is left' same "$(home show --json wren-001 | jq '.heads | length')" 1
run home push
run boat pull
claim 'in the boat shed too' same "$(union_root home)" "$(union_root boat)"

title 'Both change the same sentence at once; it is settled, and that taken back'
april=$(boat ls --json wren-001 memory |
	jq -r 'select(.state.content == "We start again in April.").entity')
run home edit "$april" --content 'We start again in May.'
run home push
run boat edit "$april" --content 'We start again in March.'
run boat pull
claim 'the pull names the conflict' grep -q '1 new conflict' out
run boat conflicts
claim 'with what each device says' grep -q 'We start again in May' out
run boat resolve "$april" --take home
sentence() {
	"$1" show --json "$april" | jq -r .state.content
}
claim 'what was said at home stands' same "$(sentence boat)" 'We start again in May.'
run boat blame "$april"
claim 'and by whom it was said is known' grep -q ' home ' out
run boat push
run home pull
claim 'at home too' same "$(sentence home)" "$(sentence boat)"
run boat remember wren-001 'The moon is a boat.'
run boat undo
boat ls wren-001 memory >out
claim_no 'what was written by mistake is gone from sight' grep -q 'moon is a boat' out
run boat push
run home pull
claim 'both fold it to the same state' same "$(fold home)" "$(fold boat)"
run boat status
run boat stats

title 'Everything is verified, on both devices and by plain git'
run boat verify --full
run home verify --full
claim 'git fsck and git verify-commit agree about the boat shed' \
	plain_git_agrees boatshed
claim 'and about home' plain_git_agrees kitchen
claim 'git fsck has no complaint about the remote' \
	git -C remote.git fsck --strict --no-dangling

title 'The session of an agent, in the morning and grown at noon'
run boat import session/morning.jsonl
morning=$(counts claude-code message)
run boat import session/noon.jsonl
claim 'what is new was added' test "$(counts claude-code message)" -gt "$morning"
claim 'and nothing conflicts' same "$(boat show --json claude-code | jq .conflicts)" 0

title 'Pieces of knowledge in what was said, and back out again'
run boat acu extract chatgpt
claim 'code with an empty line in it is one piece' same 1 "$(boat ls --json \
	chatgpt acu | jq -s '[.[] | select(.state.type == "code_snippet")] | length')"
boat export --format chatgpt chatgpt >chatgpt.json
claim 'the export is one that ChatGPT could have written' \
	same "$(jq -r '.[0].mapping | length' chatgpt.json)" 5
run boat gc
run boat verify --full
printf '\nAll as claimed.\n'
