#!/bin/sh
# Nouns that list, words that are nearly right, and the options that every
# command knows, wherever they stand.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

filled() {
	new_vault --plain && vvault add --new nova memory:create "{\"content\":\"one\"}" >/dev/null && vvault remote add origin /r &&
	vvault add nova session:create --entity session:x:1 "{\"title\":\"a talk\"}" >/dev/null
}

world() {
	once filled && export VVAULT_DIR="$PWD/v"
}

test_case 'a noun alone, and its plural, list' '
	world && vvault member add "$(as b vvault init b >/dev/null && as b did)" >/dev/null &&
	for pair in remote:remote.list member:member.list key:key.show construct:construct.list \
		session:session.list quarantine:quarantine.list hooks:hooks.list; do
		noun=${pair%%:*} && list=$(echo "${pair#*:}" | tr . " ") &&
		vvault $list --json >want && vvault $noun --json >got && cmp want got &&
		case $noun in hooks) continue ;; esac &&
		vvault ${noun}s --json >got && cmp want got || { echo "$noun"; exit 1; }
	done && vvault devices | cmp - <<-END
	$(vvault member list)
	END
'

test_case 'behind a plural stand words of its list, or of one of the family' '
	world && vvault sessions nova --json >got && jq -e ".session == \"session:x:1\"" got &&
	vvault session -n 1 --json >one && cmp got one &&
	vvault remotes add spare /s && vvault remotes | cut -f1 >got &&
	printf "origin\nspare\n" | cmp - got &&
	expect_exit 129 vvault remotes add 2>err && grep -x "vvault: <name> is missing behind .remote add." err &&
	expect_exit 129 vvault diff 2>err && grep -x "vvault: <version|a..b> is missing behind .diff." err &&
	expect_exit 129 vvault undo x 2>err && grep -x "vvault: not a number: .x." err
'

test_case 'what does not list says what is missing' '
	expect_exit 129 vvault acu >out 2>err && test ! -s out &&
	grep -x "vvault: something is missing behind .acu." err &&
	expect_exit 129 vvault logs 2>err && grep "is .log. meant" err
'

test_case 'one of a family, and an option, that are nearly right are told' '
	world && expect_exit 129 vvault remote lsit 2>err &&
	echo "vvault: '\''remote lsit'\'' is not known in this form; is '\''remote list'\'' meant?" >want &&
	head -n 1 err | cmp want - &&
	expect_exit 129 vvault log --sicne 2024 2>err && head -n 1 err >first &&
	echo "vvault: unknown option '\''--sicne'\''; is '\''--since'\'' meant?" | cmp - first &&
	expect_exit 129 vvault log --no-pagr 2>err && grep "is .--no-pager. meant" err &&
	expect_exit 129 vvault --jsn log 2>err && grep "is .--json. meant" err
'

test_case 'a construct, a remote, a kind, a format that is nearly right is told' '
	world && expect_exit 128 vvault log nvoa 2>err &&
	echo "vvault: no construct or version '\''nvoa'\''; is '\''nova'\'' meant?" | cmp - err &&
	expect_exit 128 vvault show nvoa~1 2>err && grep "is .nova. meant" err &&
	expect_exit 128 vvault add nvoa memory:create "{\"content\":\"x\"}" 2>err && grep "is .nova. meant" err &&
	expect_exit 128 vvault fetch orgin 2>err && grep "no remote .orgin.; is .origin. meant" err &&
	expect_exit 128 vvault ls nova memry 2>err && grep "no kind .memry.; is .memory. meant" err &&
	expect_exit 128 vvault add nova memory:craete "{}" 2>err && cat err && grep "create" err &&
	expect_exit 129 vvault export --format jsnol nova 2>err && grep "is .jsonl. meant" err &&
	expect_exit 129 vvault import --format chatgtp x 2>err && grep "is .chatgpt. meant" err &&
	expect_exit 129 vvault read --format htlm nova 2>err && grep "is .html. meant" err &&
	expect_exit 128 vvault log wholly-other 2>err && grep "there is: .*nova" err
'

test_case 'options that all know stand before the command and behind it' '
	world && vvault --json log >a && vvault log --json >b && cmp a b &&
	vvault --color always log >a && vvault log --color always >b && cmp a b &&
	vvault log --color=always | cmp - a && vvault --color log | cmp - a &&
	grep "$(printf "\033")" a && vvault --color never log >plain && ! grep "$(printf "\033")" plain &&
	vvault --no-pager --color never remote list >a && vvault remote --color never list | cmp - a &&
	expect_exit 129 vvault --json nope 2>err && error_is invalid &&
	expect_exit 129 vvault log --color=blue 2>err &&
	head -n 1 err | grep -x "vvault: colors are always, auto or never, not .blue."
'

test_case '-q leaves results and errors' '
	new_vault && vvault sessions 2>err && test -s err && vvault -q sessions 2>err &&
	test ! -s err && vvault sessions --quiet 2>err && test ! -s err &&
	expect_exit 128 vvault -q show nope 2>err && grep "no construct or version" err
'

test_case '-v says what is done, on standard error, and results stay' '
	world && vvault ls nova >want 2>err && test ! -s err && vvault -v ls nova >out 2>err && cmp want out &&
	grep -x "vvault: does: ls" err && grep -x "vvault: vault: .$PWD/v." err && grep "^vvault: keys: " err &&
	grep -E "^vvault: objects read: [1-9][0-9]*, which are [0-9]+ bytes$" err &&
	grep -E "^vvault: took [0-9.]+ s, [0-9.]+ s of a processor" err &&
	vvault -v recall one >out 2>&1 && grep -nE "opening the vault: [0-9.]+ s$|until the first result: [0-9.]+ s more, [1-9][0-9]* objects read$|one$|took [0-9.]+ s" out |
		cut -d: -f1 | sort -n >at && test "$(wc -l <at)" -eq 4 && grep -n "  *one$" out | cut -d: -f1 >hit && test "$(sed -n 3p at)" = "$(cat hit)" &&
	for words in log "sessions nova" "show nova"; do
		vvault -v $words 2>err >out && grep -E "until the first result: [0-9.]+ s more" err || { echo "$words"; exit 1; }
	done && git init -q --bare r && vvault remote set-url origin "$PWD/r" &&
	vvault -v push 2>err >out && grep "until the first result" err && grep -E "^vvault: [a-z ]+: [0-9]+.*, [0-9.]+ s$" err &&
	vvault verify --full --verbose 2>err >out && grep -E "^vvault: [a-z ]+: [0-9]+.*, [0-9.]+ s$" err &&
	expect_exit 128 vvault -v show nope 2>err >out && grep "no construct or version" err
'

test_case '-h and --help at the end explain, whatever stands before' '
	vvault help log >want && vvault log -n 3 --help | cmp want - && vvault log nova -h | cmp want - &&
	vvault help session list >want && vvault session list -n 3 -h | cmp want - &&
	vvault sessions --help >all && vvault help session | cmp all - &&
	expect_exit 128 vvault show -- -h 2>err
'

# rows: the words of other programs, each with what it means here.
rows() {
	tr -d "\n" <"$VV_TOP/cmd/cli/words/meant.c" | grep -oE "\{ \"[a-z-]+\", *\{ \"[a-z \",-]*\" \}" |
		sed "s/^{ \"//; s/\", *{/:/; s/\"[ }]*$//; s/\", *\"/,/; s/\", *\"/,/; s/: \"/:/"
}

test_case 'words of git, restic and gh lead to ours, and their help, too' '
	rows >rows && test "$(wc -l <rows)" -gt 30 && while IFS=: read -r word ours; do
		expect_exit 129 vvault "$word" 2>err && vvault help "$word" >out || { echo "$word"; exit 1; }
		echo "$ours" | tr "," "\n" >each && while IFS= read -r one; do
			grep -q "^vvault: .$word. is no command here; see .*.vvault $one. (" err &&
			grep -qE "^  $one +[a-z]" out && vvault $one --help >/dev/null || { echo "$word: $one"; exit 1; }
		done <each
	done <rows && for word in search find list commit checkout fsck restore remove delete whoami \
		history save sync branch merge alias; do grep -q "^$word:" rows || { echo "$word"; exit 1; }; done &&
		expect_exit 129 vvault --json search 2>err && error_is invalid
'

test_case 'short forms of git are taken, or ours is told' '
	world && vvault log -1 --json >got && vvault log -n 1 --json | cmp got - && test "$(wc -l <got)" -eq 1 &&
	vvault session -5 --json >got && vvault session -n 5 --json | cmp got - &&
	expect_exit 129 vvault show -1 2>err && grep "unknown option .-1." err &&
	expect_exit 129 vvault diff --name-only nova 2>err && grep "is .--stat. meant" err &&
	expect_exit 129 vvault push -n 2>err && grep "is .--dry-run. meant" err &&
	expect_exit 129 vvault log --max-count=3 2>err && grep "is .-n. meant" err &&
	expect_exit 129 vvault status -s 2>err && grep ".-s.: .status. has none of its own" err &&
	expect_exit 128 vvault log HEAD 2>err && grep "as in nova, and nova~1 for the one before; there is: nova" err
'

test_case 'a role that nobody has is told, and which there are' '
	world && vvault add nova message:create --entity message:x:1/a \
		"{\"session\":\"session:x:1\",\"index\":0,\"role\":\"user\",\"content\":\"two\"}" >/dev/null &&
	vvault recall --role usr two 2>err && grep -x "vvault: no message is of role .usr.; there are: user" err &&
	vvault recall --role user two
'

test_case 'settings are got and set as with git' '
	world && vvault config --global alias.one "log -1" >out && test ! -s out && vvault config alias.one >out && echo "log -1" | cmp - out &&
	vvault config --global vvault.color never && vvault config --global vvault.color | grep -x never &&
	expect_exit 129 vvault config vvault.colr 2>err && grep "is .vvault.color. meant" err &&
	expect_exit 129 vvault config nope 2>err && grep "config nope. is not known in this form" err
'

done_testing
