#!/bin/sh
# Completion: what the program offers, and what the shells make of it.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../tmux.sh"

filled() {
	vvault init v >/dev/null
	for name in nova orion; do
		vvault -C v add --new $name memory:create "{\"content\":\"one\"}" >/dev/null
	done
	vvault -C v add nova session:create --entity session:x:garden "{\"title\":\"The garden\"}" >/dev/null
	vvault -C v remote add origin /r && vvault -C v remote add spare /s
}

world() {
	once filled && export VVAULT_DIR="$PWD/v"
}

# asks <word>...: what the last one may become, without what it is.
asks() {
	vvault __complete "$@" >raw 2>err && test ! -s err && cut -f1 raw >got
}

# offers <word>...: just those, in any order.
offers() {
	printf "%s\n" "$@" | LC_ALL=C sort >want && LC_ALL=C sort got | diff want -
}

offers_nothing() {
	test ! -s got
}

test_case 'commands, verbs, and what they are' '
	asks ve && offers verify version && grep "^version	print the version$" raw &&
	asks "" && for name in $(vvault help | sed -n "s/^  \([a-z][a-z-]*\) .*/\1/p"); do
		grep -qx "$name" got || { echo "$name"; exit 1; }
	done && ! grep __complete got &&
	asks remote "" && for verb in add list remove; do grep -x $verb got || exit 1; done &&
	asks help re && offers $(vvault help | sed -n "s/^  \(re[a-z-]*\) .*/\1/p")
'

test_case 'options, those that all know too, and values that are known' '
	asks grep - && for word in -E -F --construct --json --no-pager --quiet; do
		grep -qx -e $word got || { echo $word; exit 1; }
	done && asks read --format "" && offers text markdown html json &&
	expect_exit 129 vvault export nova 2>err.export &&
	asks export --format "" && offers $(sed "s/.*missing: //; s/,//g; 1q" err.export) &&
	asks export --format=h && offers --format=html &&
	asks import --format chat && offers chatbox chatgpt chatty &&
	asks resume --as co && offers codex continue copilot-cli &&
	asks capture --agent co && offers codex continue copilot-cli &&
	asks capture --install-hook cl && offers claude-code cline &&
	asks mcp install --agent cl && offers claude-code claude-desktop cline && asks mcp "" && offers admit install uninstall &&
	asks recall --kind "" && offers message memory session &&
	asks grep --role "" && offers user assistant &&
	asks member add --role "" && offers owner writer reader &&
	asks log --color "" && offers always auto never &&
	asks recall -n "" && offers_nothing && asks log -- - && offers_nothing &&
	asks remote remove --j && offers --json
'

test_case 'constructs, remotes, sessions, settings; the last list stays' '
	world && vvault ls nova >out && cp v/vvault/last before &&
	asks log "" && offers nova orion session:x:garden && asks recall --construct n && offers nova &&
	asks import --construct n && offers nova && asks fetch "" && offers origin spare &&
	asks remote remove s && offers spare && asks sessions n && offers nova &&
	asks read session && offers session:x:garden && grep "	The garden" raw &&
	asks config set vvault.co && offers vvault.color &&
	asks config set vvault.color "" && offers always auto never &&
	vvault config set --global alias.last "log -n" && asks la && offers last && asks last 3 no && offers nova &&
	asks read @ && test "$(wc -l <got)" = "$(wc -l <out)" && cmp before v/vvault/last
'

test_case 'files are left to the shell' '
	asks import x && offers :files && asks -C "" && offers :files && asks init "" && offers :files &&
	asks key backup --passphrase-file "" && offers :files
'

test_case 'of the vault that -C names, and of none nothing' '
	vvault init "a vault" >/dev/null && vvault -C "a vault" add --new nova memory:create \
		"{\"content\":\"one\"}" >/dev/null &&
	asks -C "a vault" ls no && offers nova && asks -C nowhere ls no && offers_nothing &&
	asks ls no && offers_nothing && asks -C "a vault" nope x && offers_nothing &&
	cd "a vault" && asks ls no && offers nova && HOME=${PWD%/*} && asks -C "~/a vault" ls no && offers nova
'

test_case 'it is quick, whatever the vault does not know' '
	world && vvault __complete ls "" >/dev/null && begun=$(date +%s%N) &&
	for i in 1 2 3 4 5; do vvault __complete ls "" >/dev/null; done &&
	test $((($(date +%s%N) - begun) / 5000000)) -lt 200
'

# in_bash <line>: what bash makes of it, the cursor at its end.
in_bash() {
	command -v bash >/dev/null || skip_case "bash is not here"
	vvault completion bash >script.bash
	bash -c '. ./script.bash; COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMP_CWORD=0
		complete -p vvault >/dev/null || exit
		# Words as readline breaks them.
		rest=$1
		while test -n "$rest"; do
			rest=${rest#"${rest%%[! ]*}"}
			case $rest in
			[:=@]*) n=${rest%%[!:=@]*} ;;
			\"*) n=${rest#\"} && n=\"${n%%\"*}\" ;;
			*) n=${rest%%[ :=@]*} ;;
			esac
			test -n "$n" || break
			COMP_WORDS+=("$n") && rest=${rest#"$n"}
		done
		case $1 in *" ") COMP_WORDS+=("") ;; esac
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _vvault
		test ${#COMPREPLY[@]} = 0 || printf "%s\n" "${COMPREPLY[@]}"' - "$1" >got
}

test_case 'bash: what the function hands over' '
	world && in_bash "vvault ve" && offers verify version &&
	in_bash "vvault log " && offers nova orion session:x:garden && in_bash "vvault export --format=h" && offers html &&
	in_bash "vvault read session:x" && offers x:garden && in_bash "vvault read sess" && offers session:x:garden &&
	vvault ls nova >/dev/null && in_bash "vvault read @" && grep -x 1 got && in_bash "vvault read @1" && offers 1 &&
	cp -R v "a vault" && unset VVAULT_DIR && in_bash "vvault -C \"a vault\" ls no" && offers nova &&
	in_bash "vvault import x" && offers_nothing && in_bash "vvault log \$(touch bad) x" && test ! -e bad
'

# pressed <shell command> <setup> <line>: what stands on the line after tab.
pressed() {
	on_screen 100 20 "$1" && shows "ready>" && type_in "$2" && press Enter && shows "all set" &&
	type_in "$3" && press Tab
}

test_case 'bash: a key is pressed' '
	command -v bash >/dev/null || skip_case "bash is not here" &&
	world && pressed "PS1=\"ready> \" bash --norc -i" ". <(vvault completion bash); echo all set" "vvault log ori" &&
	shows "vvault log orion" && press C-u && type_in "vvault export --format=mark" && press Tab &&
	shows "vvault export --format=markdown" && press C-u && type_in "vvault read session:x:g" && press Tab &&
	shows "vvault read session:x:garden"
'

test_case 'zsh: a key is pressed' '
	command -v zsh >/dev/null || skip_case "zsh is not here" &&
	world && pressed "PS1=\"ready> \" zsh -f" \
		"autoload -U compinit; compinit -u -d dump; . <(vvault completion zsh); echo all set" "vvault log ori" &&
	shows "vvault log orion" && press C-u && type_in "vvault export --format=mark" && press Tab &&
	shows "vvault export --format=markdown" && press C-u && type_in "vvault read session:x:g" && press Tab &&
	shows "vvault read session:x:garden" && press C-u && type_in "vvault vers" && press Tab && press Tab &&
	shows "vvault version" && press C-u && type_in "vvault ver" && press Tab && press Tab &&
	shows "version  -- print the version"
'

test_case 'fish: what it offers' '
	command -v fish >/dev/null || skip_case "fish is not here" &&
	world && vvault completion fish >script.fish && fish_of() {
		fish --no-config -c ". script.fish; complete -C \"$1\"" >raw && cut -f1 raw >got
	} && fish_of "vvault ve" && offers verify version && grep "^version	print the version" raw &&
	fish_of "vvault log " && offers nova orion session:x:garden && fish_of "vvault export --format=mark" && offers --format=markdown &&
	fish_of "vvault read session:x" && offers session:x:garden && touch xfile &&
	fish_of "vvault import xf" && offers xfile && fish_of "vvault log x" && offers_nothing
'

test_case 'other shells are a usage error' '
	expect_exit 129 vvault completion tcsh >out 2>err && test ! -s out &&
	grep "no completion for .tcsh., only for bash, zsh and fish" err &&
	expect_exit 129 vvault completion fihs 2>err && grep "is .fish. meant" err &&
	expect_exit 129 vvault completion 2>err &&
	for shell in bash zsh fish; do
		command -v $shell >/dev/null || continue
		vvault completion $shell >out && $shell -n out || exit 1
	done
'

done_testing
