#!/bin/sh
# What comes from outside steers no terminal; and when output cannot be written.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"

command -v script >/dev/null || skip_all 'script is not here'

# hostile: a bit of everything that a terminal or an eye could fall for.
hostile() {
	printf 'x\033[31m\033]0;t\007\302\2332J\342\200\256\342\200\213\342\201\246\342\200\250\177\363\240\201\201\233'
}

# on_terminal <command>...: with its own arguments, on a terminal; what was
# written there holds no such thing.
on_terminal() {
	printf '%s\0' "$@" >args &&
	script -qec "xargs -0 -a args env --" typescript </dev/null >/dev/null || :
	perl -CS -e '
		use strict; my ($said, $bad) = (0, "");
		open my $f, "<:raw", "typescript" or die; my @lines = <$f>;
		@lines = grep { !/^Script (started|done) on / } @lines;
		my $text = join "", @lines;
		$said = length $text;
		$bad .= sprintf(" byte %02x", ord $1) while $text =~ /([\x00-\x08\x0b\x0c\x0e-\x1f\x7f])/g;
		utf8::decode($text) or $bad .= " not utf-8";
		$bad .= sprintf(" U+%04X", ord $1) while $text =~
			/([\x{80}-\x{9f}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{e0000}-\x{e007f}])/g;
		print STDERR "@ARGV:$bad\n" if $bad || !$said;
		exit(($bad || !$said) ? 1 : 0)' "$*"
}

test_case 'no command shows hostile words as they are' '
	export PAGER=cat && h=$(hostile) && new_vault --plain --name laptop &&
	json="\\u001b[31mRED\\u001b]0;t\\u0007\\u009b2J\\u202e\\u200b\\u2066\\u2028\\u007f\\udb40\\udc41" &&
	echo "{\"content\":\"$json\",\"tags\":[\"$json\"],\"$json\":{\"$json\":1}}" |
		vvault add --new nova memory:create - &&
	echo "{\"title\":\"$json\",\"provider\":\"$json\",\"participants\":[\"$json\"]}" |
		vvault add nova session:create - &&
	echo "{\"name\":\"$json\",\"persona\":{\"traits\":{\"$json\":0.5}}}" |
		vvault add nova construct:update --entity construct:nova - &&
	mkdir keys-b && VVAULT_KEYS="$PWD/keys-b" vvault init --name b b >/dev/null &&
	vvault member add --name "b${h%?}" "$(VVAULT_KEYS="$PWD/keys-b" did)" &&
	mkdir imp && echo "not json" >"imp/$h.json" && printf "<title" >"imp/$h.html" &&
	printf "{\"title\":\"$json\"" >imp/half.json && mkdir "imp/$h" &&
	printf "#!/bin/sh\necho \"$h\"; echo \"$h\" >&2; exit 3\n" >v/vvault/hooks/post-commit &&
	chmod 700 v/vvault/hooks/post-commit && vvault hooks approve && git init -q --bare r &&
	vvault remote add origin "$PWD/r" && vvault push && mkdir "git$h" &&
	git init -q --bare "git$h/r" &&
	id=$(vvault ls nova memory --json | jq -r ".records[0]") && {
		echo "show nova" && echo "show $id" && echo "ls nova" && echo "log" && echo "log -p" &&
		echo "log vault" && echo "member list" && echo "diff nova~1 nova" && echo "status" &&
		echo "diff nova~2 nova" && echo "construct list" && echo "verify --full" &&
		echo "export nova --format markdown" && echo "export nova --format jsonl" &&
		echo "import imp" && echo "acu extract nova" && echo "hooks list" && echo "remote list" &&
		echo "add nova memory:create --as-is {}" && echo "cat $id" && echo "pull" && echo "gc"
	} >commands && while read -r words; do
		on_terminal vvault $words </dev/null || exit 1
	done <commands
'

test_case 'nor wrong words, paths and names' '
	export PAGER=cat && h=$(hostile) && new_vault && vvault add --new nova memory:create --as-is "{}" &&
	vvault remote add origin "$PWD/gone" && e=$(printf "\033[31m") &&
	echo secret | vvault key backup >backup &&
	for word in "$h" "$e"; do
		on_terminal vvault "$word" && on_terminal vvault help "$word" &&
		on_terminal vvault "--$word" && on_terminal vvault log "--$word" &&
		on_terminal vvault show "$word" && on_terminal vvault show "nova@{$word}" &&
		on_terminal vvault ls nova "$word" && on_terminal vvault cat "$word" &&
		on_terminal vvault add "$word" memory:create --as-is "{}" &&
		on_terminal vvault add nova "mem$word:create" "{}" &&
		on_terminal vvault add nova memory:create --as-is "{\"a\":$word}" &&
		on_terminal vvault add --entity "memory:$word" nova memory:create --as-is "{}" &&
		on_terminal vvault -C "$word" log && on_terminal vvault init "dir-$word" &&
		on_terminal vvault init --plain --name "$word" plain && on_terminal vvault clone "$word" x &&
		on_terminal vvault clone /none "x$word" && on_terminal vvault remote add "$word" /x &&
		on_terminal vvault remote add x "$word" && on_terminal vvault remote remove "$word" &&
		on_terminal vvault remote add x "https://$word.example/" &&
		on_terminal vvault fetch "$word" && on_terminal vvault push "$word" &&
		on_terminal vvault import "$word" && on_terminal vvault import --format "$word" - &&
		on_terminal vvault import --since "$word" - && on_terminal vvault log --since "$word" &&
		on_terminal vvault log -n "$word" && on_terminal vvault export nova --format "$word" &&
		on_terminal vvault key restore "$word" && on_terminal vvault completion "$word" &&
		on_terminal vvault key backup --passphrase-file "$word" &&
		on_terminal vvault hooks approve "$word" && on_terminal vvault member add "$word" &&
		on_terminal vvault member add --role "$word" did:key:x &&
		on_terminal vvault acu derive nova "$word" || exit 1
	done
'

test_case 'nor the words of the other side' '
	export PAGER=cat && h=$(hostile) && new_vault && vvault add --new nova memory:create --as-is "{}" &&
	printf "#!/bin/sh\necho \"$h\" >&2\nexit 1\n" >ssh && chmod 700 ssh && GIT_SSH="$PWD/ssh" &&
	export GIT_SSH && vvault remote add s host:path && on_terminal vvault fetch s &&
	on_terminal vvault push s && git init -q --bare r && vvault remote add origin "$PWD/r" &&
	vvault push origin && git -C r update-ref "refs/heads/x$(printf "\342\200\256")/y" \
		"$(git -C r rev-parse "$(git -C r for-each-ref --format="%(refname)" | head -n 1)")" &&
	on_terminal vvault fetch origin && git -C v config "remote.t.url" "/x$h" &&
	on_terminal vvault remote list && on_terminal vvault fetch t && on_terminal vvault status
'

test_case 'nor what a server says beside the talk' '
	export PAGER=cat && h=$(hostile) && new_vault && serve_git && bare r &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null && vvault remote add origin "$url/r" &&
	printf "#!/bin/sh\nprintf \"%%s\\\\r%%s\\\\n%%s\" \"$h\" \"$h\" \"$h\" >&2\nexit 1\n" \
		>srv/r/hooks/pre-receive && chmod +x srv/r/hooks/pre-receive &&
	on_terminal vvault push && grep "remote: " typescript && grep "rejected .*declined: " typescript &&
	on_terminal vvault push --json && on_terminal vvault push --progress
'

test_case 'output that cannot be written: the reason, and 128, from every command' '
	test -e /dev/full || skip_case "/dev/full is not here" &&
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault add nova session:create "{\"title\":\"x\"}" >/dev/null && echo pw >pass &&
	perl -e "print qq({\"content\":\"), \"y\" x 20000, qq(\"}\n) for 1 .. 20" |
		vvault add nova memory:create - >/dev/null &&
	id=$(vvault ls nova memory --json | head -n 1 | jq -r ".records[0]") &&
	vvault remote add origin "$PWD/none" && echo "exit 0" >v/vvault/hooks/pre-push &&
	chmod 700 v/vvault/hooks/pre-push && {
		for name in $(vvault help | sed -n "s/^  \([a-z]*\) .*/\1/p"); do
			echo "help $name"
		done && echo help && echo version && echo "completion bash" && echo status &&
		echo "construct list" && echo log && echo "log -p" && echo "show nova" && echo "show $id" &&
		echo "ls nova" && echo "cat $id" && echo "diff nova~1 nova" && echo "verify --full" &&
		echo "export nova --format jsonl" && echo "export nova --format markdown" &&
		echo "member list" && echo "key show" && echo "key allowed-signers" && echo "gc" &&
		echo "remote list" && echo "hooks list" && echo "key backup --passphrase-file pass" &&
		echo "import $VV_TOP/tests/data/capsules/core.capsule" && echo "init other" &&
		echo "add nova memory:create --as-is {}" && echo "acu extract nova"
	} >commands && while read -r words; do
		case $words in help* | version | completion* | key\ b* | init* | key\ a*) forms="$words" ;;
		*) forms="$words:$words --json" ;;
		esac
		echo "$forms" | tr ":" "\n" | while read -r form; do
			case $form in *memory) form="$form:create --as-is {}" ;; create*) continue ;; esac
			expect_exit 128 vvault $form >/dev/full 2>err </dev/null &&
			grep "cannot write the output: No space left on device" err >/dev/null || {
				echo "$form"; cat err; exit 1
			}
		done || exit 1
	done <commands
'

test_case 'a pipe that its reader closes is quiet' '
	new_vault && perl -e "print qq({\"content\":\"), \"y\" x 20000, qq(\"}\n) for 1 .. 20" |
		vvault add --new nova memory:create - >/dev/null &&
	for words in "log -p" "ls nova" "export nova --format jsonl" "ls nova --json" help; do
		{ vvault $words 2>err; echo $? >code; } | true; test "$(cat code)" -eq 0 && test ! -s err ||
			{ echo "$words"; cat err; exit 1; }
	done
'

done_testing
