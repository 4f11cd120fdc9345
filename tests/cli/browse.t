#!/bin/sh
# The whole screen, driven by tmux.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../tmux.sh"

# say <session> <key> <role> <index> <content>
say() {
	vvault add nova message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$5\",\"created\":\"2024-05-0$4T10:00:00.000000Z\",
		\"index\":$4,\"role\":\"$3\",\"session\":\"session:t:$1\"}" >/dev/null
}

# think <session> <key> <index> <content>
think() {
	vvault add nova message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$4\",\"index\":$3,\"role\":\"assistant\",
		\"session\":\"session:t:$1\",\"visibility\":\"thinking\"}" >/dev/null
}

new_talks() {
	new_vault "$@" && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"The garden","created":"2024-05-01T10:00:00.000000Z"}' >/dev/null &&
	vvault add nova session:create --entity session:t:2 \
		'{"title":"The boat","created":"2024-06-01T10:00:00.000000Z"}' >/dev/null &&
	say 1 a user 1 'When shall we plant the tomatoes?' &&
	say 1 b assistant 2 'In the middle of May, behind the old greenhouse.' &&
	say 1 c user 3 'The roses were planted yesterday.' &&
	say 2 a user 4 'The keel needs paint.'
}

test_case 'vvault alone, on a terminal, opens it on the newest sessions' '
	new_talks && on_screen 80 24 vvault && shows "2 sessions" &&
	sed -n 3p screen | grep "^> 2024-05-04  The boat" &&
	sed -n 4p screen | grep "^  2024-05-03  The garden .*3 messages" &&
	press C-c && shows "left with 0"
'

test_case 'it finds while one types, and marks the words in the preview' '
	new_talks && on_screen 80 24 "env -u NO_COLOR vvault browse" &&
	shows "2 sessions" && type_in tomat && shows " hits" &&
	shows "When shall we plant the tomatoes?" && shows "old greenhouse" &&
	tmux_run capture-pane -ep >colored &&
	grep "$(printf "\033\[1m\033\[31mtomatoes")" colored &&
	press BSpace BSpace BSpace BSpace BSpace && shows "2 sessions" &&
	type_in "role:assistant plant" && shows "role assistant" &&
	press C-u && shows "2 sessions" && press C-c && shows "left with 0"
'

test_case 'words on the command line are what is looked for at first' '
	new_talks && on_screen 80 24 "vvault browse the keel" &&
	shows "The keel needs paint." && sed -n 1p screen | grep "Search: the keel" &&
	press Escape && shows "q quit" && press q && shows "left with 0"
'

test_case 'Enter opens the conversation where the hit stands, Esc goes back' '
	new_talks && think 1 d 4 "roses, in silence" && on_screen 80 24 "vvault browse roses" &&
	shows "roses were planted" && press Enter && shows "Esc back" &&
	sed -n 1p screen | grep "^The garden  nova" && shows "behind the old greenhouse" &&
	shows "1 hidden or thinking: T shows them" && lacks "roses, in silence" && press T && shows "roses, in silence" &&
	press / && type_in greenhouse && press Enter && hides "Find:" &&
	press n && hides "not found" && type_in "/zebra" && press Enter && shows "not found" &&
	press Escape && shows "Search: roses" && press q && shows "left with 0"
'

# copies <entity>: y does, as soon as the conversation has come.
copies() {
	press y && grep -F "copied $1" screen
}

test_case 'what is read goes to the pager, its id to the clipboard' '
	new_talks && on_screen 80 24 "GIT_PAGER=\"sed s/^/paged:/w$PWD/paged\" vvault browse keel" &&
	tmux_run set -g set-clipboard on && shows "The keel needs paint." && press Enter &&
	shows "Esc back" && until_screen copies message:t:2/a &&
	test "$(tmux_run show-buffer)" = message:t:2/a &&
	press p && hides "copied" && until_screen grep "paged:The keel needs paint." paged &&
	shows "Esc back" && press C-c && shows "left with 0"
'

# fork_talk: an answer of the garden is given twice.
fork_talk() {
	for n in 1 2; do
		vvault add nova message:create --entity "message:t:3/r$n" "{\"content\":\"answer $n\",
			\"index\":$n,\"parent\":\"message:t:3/q\",\"role\":\"assistant\",
			\"session\":\"session:t:3\"}" >/dev/null || return 1
	done
	vvault add nova message:create --entity message:t:3/q "{\"content\":\"the question\",
		\"index\":0,\"parent\":null,\"role\":\"user\",\"session\":\"session:t:3\"}" >/dev/null
}

test_case 'branches by [ and ], kept when tools are unfolded or the size changes' '
	new_talks && fork_talk && on_screen 80 24 "vvault browse question" &&
	shows "the question" && press Enter && shows "Esc back" && shows "branch 2 of 2" && shows "answer 2" &&
	press "[" && shows "branch 1 of 2" && shows "answer 1" && lacks "answer 2" &&
	press "[" && shows "it is the first one" && press t && press T &&
	hides "first one" && shows "answer 1" &&
	tmux_run resize-window -x 60 -y 20 && shows "branch 1 of 2" &&
	press "]" && shows "answer 2" && press C-c && shows "left with 0"
'

test_case 'a browser gets a page of the session, which is gone in the end' '
	new_talks && mkdir run && cat >opener <<-"END" && chmod +x opener &&
		#!/bin/sh
		stat -c %a "$(dirname "$2")" >mode && cp "$2" "$1"
	END
	on_screen 80 24 "BROWSER=\"$PWD/opener page\" XDG_RUNTIME_DIR=$PWD/run vvault browse keel" &&
	shows "The keel needs paint." && press Enter && shows "Esc back" &&
	press o && shows "opened in the browser" &&
	until_screen grep "The keel needs paint" page && grep "^700" mode &&
	press q && shows "left with 0" && test -z "$(ls run)"
'

test_case 'a browser that fails is told, with the path of the page' '
	new_talks && mkdir run &&
	on_screen 160 24 "BROWSER=false XDG_RUNTIME_DIR=$PWD/run vvault browse keel" &&
	shows "The keel needs paint." && press Enter && shows "Esc back" &&
	press o && shows "no browser opened it (status 1); the page is" &&
	lacks "opened in the browser" && press q && shows "left with 0"
'

test_case '} and { go from fork to fork' '
	new_talks && fork_talk && on_screen 80 24 "vvault browse question" &&
	shows "the question" && press Enter && shows "Esc back" && shows "branch 2 of 2" &&
	press g && press "}" && press "}" && shows "no fork behind this" &&
	press "{" && shows "no fork before this" && press C-c && shows "left with 0"
'

test_case 'help lists the keys, and a key that has no meaning is told' '
	new_talks && on_screen 80 24 vvault && shows "2 sessions" &&
	press "?" && shows "While typing" && shows "to the list" &&
	press Escape && shows "2 sessions" && press F1 && shows "While typing" &&
	press F1 && shows "2 sessions" &&
	press Tab && shows "q quit" && press Z && shows "Z means nothing here" &&
	press j && hides "means nothing" && sed -n 4p screen | grep "^> " &&
	press q && shows "left with 0"
'

test_case 'memories are found and read, in any script, as wide as they are' '
	new_talks && vvault add nova memory:create --entity memory:ja \
		"{\"content\":\"明日は**東京タワー**に行きます\"}" >/dev/null &&
	on_screen 80 24 vvault && shows "2 sessions" && type_in "タワー" &&
	shows "行きます" && press Enter && shows "Esc back" && sed -n 1p screen | grep "memory:ja" &&
	shows "明日は東京タワーに行きます" && press y && shows "copied memory:ja" &&
	press C-c && shows "left with 0"
'

test_case 'single keys set filters in the search line, and take them out' '
	new_talks && on_screen 80 24 "vvault browse the" && shows "hits" && press Tab &&
	press u && shows "Search: the role:user" && shows "role user" && hides "assistant: " &&
	press u && hides "role:user" && shows "assistant: " &&
	press c && shows "construct:nova" && press s && shows "session:session:t:" &&
	press C-u && shows "2 sessions" && press C-c && shows "left with 0"
'

test_case 'without colors the words that are found are underlined' '
	new_talks && on_screen 80 24 "vvault browse keel" && shows "The keel needs paint." &&
	tmux_run capture-pane -ep >plain && grep "$(printf "\033\[[0-9;]*4m.*keel")" plain &&
	! grep "$(printf "\033\[[0-9;]*3[1-6]m")" plain && press C-c && shows "left with 0"
'

test_case 'a terminal that goes away ends it' '
	new_talks && on_screen 80 24 "sh -c '\''echo \$\$ >pid; exec vvault'\''" &&
	shows "2 sessions" && pid=$(cat pid) && tmux_run kill-server &&
	tries=300 && while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries - 1)) && test "$tries" -gt 0 && sleep 0.1 || exit 1
	done
'

test_case 'a failure of a search is said, and the next key goes on' '
	new_talks && on_screen 80 24 vvault && shows "2 sessions" &&
	type_in "since:nonsense keel" && shows "'\''nonsense'\''" && shows "2 sessions" &&
	press C-u && hides "nonsense" && type_in keel && shows "1 hit" &&
	press C-c && shows "left with 0"
'

test_case 'it follows the size of the terminal, down to what is too small' '
	new_talks && on_screen 80 24 "vvault browse keel" && shows "1 hit" &&
	tmux_run resize-window -x 40 -y 10 && hides "──" && shows "The keel" &&
	tmux_run resize-window -x 20 -y 5 && shows "too small" &&
	tmux_run resize-window -x 100 -y 30 && shows "──" && shows "1 hit" &&
	press C-c && shows "left with 0"
'

test_case 'a plain terminal, without color and in ASCII' '
	new_talks && say 2 b assistant 5 "Grüne Farbe – “schön”" &&
	on_screen 80 24 "LC_ALL=C TERM=vt100 vvault browse keel" && shows "1 hit" &&
	shows "The keel needs paint." && shows "\"sch?n\"" && ! grep "─" screen &&
	press C-c && shows "left with 0" &&
	on_screen 80 24 "TERM=nothing-known vvault browse" &&
	shows "terminal '\''nothing-known'\'' is not known" && shows "left with 128" &&
	on_screen 80 24 "TERM=dumb vvault browse" && shows "no screen" && shows "left with 128" &&
	on_screen 80 90 "TERM=dumb vvault" && shows "left with 0" && shows "usage: vvault"
'

test_case 'signals end it and give the terminal back' '
	new_talks && for signal in INT:130 TERM:143 HUP:129; do
		on_screen 80 24 "sh -c '\''echo \$\$ >pid; exec vvault'\''" &&
		shows "2 sessions" && kill -"${signal%:*}" "$(cat pid)" &&
		shows "left with ${signal#*:}" && hides "2 sessions" &&
		tmux_run respawn-pane -k "stty -a; exec cat" && shows " icanon" || exit 1
	done
'

test_case 'Ctrl-Z stops it, fg goes on with it' '
	new_talks && on_screen 80 24 "PS1=ready: bash --norc" && shows "ready:" &&
	type_in vvault && press Enter && shows "2 sessions" &&
	press C-z && shows "Stopped" && hides "2 sessions" && type_in fg && press Enter &&
	shows "2 sessions" && type_in keel && shows "1 hit" && press C-c && hides "1 hit"
'

test_case 'what cannot be shown says what to do' '
	expect_exit 128 vvault browse 2>err && grep "needs a terminal" err &&
	on_screen 100 90 vvault && shows "left with 0" && shows "usage: vvault" &&
	grep "vvault: there is no vault here: .vvault init <dir>. makes one" screen &&
	for words in "browse" "-C nowhere browse"; do
		on_screen 100 40 "vvault $words" && shows "left with 128" &&
		shows "vvault init <dir>" || exit 1
	done && on_screen 100 90 "vvault -C nowhere" && shows "left with 0" && shows "usage:" &&
	new_vault && on_screen 80 24 vvault && shows "vvault import" &&
	press C-c && shows "left with 0"
'

test_case 'what is sealed for this device is told, not that nothing is here' '
	new_talks && as b vvault init other >/dev/null && export VVAULT_KEYS="$tap_case/keys-b" &&
	on_screen 80 24 "vvault browse" && shows "no conversation here can be read on this device" &&
	shows "vvault status tells why" && shows "sealed for this device" && lacks "vvault import" &&
	press C-c && shows "left with 0"
'

done_testing
