#!/bin/sh
# Settings of a vault and of a person, and aliases.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

world() {
	once new_vault --plain && export VVAULT_DIR="$PWD/v"
}

test_case 'what is set is listed, got, taken away' '
	world && vvault config >out 2>err && test ! -s out && grep "nothing is set" err &&
	vvault config set vvault.color never >out && test ! -s out &&
	vvault config get vvault.color >out && echo never | cmp - out &&
	vvault config >out && echo "vvault.color = never  (vault)" | cmp - out &&
	vvault config list --json >out &&
	echo "{\"from\":\"vault\",\"key\":\"vvault.color\",\"value\":\"never\"}" | cmp - out &&
	test "$(git -C v config vvault.color)" = never &&
	vvault config unset vvault.color && expect_exit 1 vvault config get vvault.color >out &&
	test ! -s out && expect_exit 1 vvault config unset vvault.color 2>err && grep "is not set" err
'

test_case 'the vault beats the person, and --global asks the person alone' '
	world && vvault config set --global vvault.color always &&
	test "$(git config -f .config/vvault/config vvault.color)" = always 2>/dev/null ||
	test "$(git config -f "$XDG_CONFIG_HOME/vvault/config" vvault.color)" = always &&
	vvault config get vvault.color | grep -x always && vvault config set vvault.color never &&
	vvault config get vvault.color | grep -x never &&
	vvault config get --global vvault.color | grep -x always &&
	vvault config list --all --json >all && test "$(wc -l <all)" -ge 6 &&
	jq -es "all(.help != \"\") and any(.key == \"vvault.pager\" and .value == null)" all &&
	test "$(stat -c %a "$XDG_CONFIG_HOME/vvault")" = 700
'

test_case 'without a vault there is the person, or a reason' '
	unset VVAULT_DEVICE_NAME && vvault config set --global vvault.name box && vvault config | grep -x "vvault.name = box  (global)" &&
	expect_exit 128 vvault config set vvault.color never 2>err && grep "no vault here" err &&
	vvault init v >/dev/null && vvault -C v member list --json | jq -e ".name == \"box\"" &&
	expect_exit 128 vvault -C nowhere config 2>err && grep "no vault at .nowhere." err
'

test_case 'colors as set, unless the command line says otherwise' '
	world && vvault log >plain && vvault config set vvault.color always &&
	vvault log >out && grep "$(printf "\033")" out && vvault log --color never | cmp plain - &&
	vvault --color=never log | cmp plain -
'

test_case 'the pager and the editor are a person'\''s own' '
	command -v script >/dev/null || skip_case "script is not here" &&
	world && unset GIT_PAGER && expect_exit 129 vvault config set vvault.pager "touch bad" 2>err &&
	grep "is of a person, and no vault.s: give --global" err &&
	git -C v config vvault.pager "touch bad" && git -C v config vvault.editor "touch bad" &&
	script -qec "vvault log" typescript >/dev/null && test ! -e bad &&
	vvault config set --global vvault.pager "sed s/^/paged:/" &&
	script -qec "vvault log" typescript >/dev/null && grep "paged:" typescript
'

test_case 'a setting that is none, and a value that it cannot be, are refused' '
	world && expect_exit 129 vvault config set vvault.colr never 2>err &&
	head -n 1 err | grep -x "vvault: .vvault.colr. is no setting; is .vvault.color. meant?" &&
	expect_exit 129 vvault config get color 2>err && grep "is .vvault.color. meant" err &&
	expect_exit 129 vvault config set vvault.color blue 2>err &&
	grep "one of always|auto|never, not .blue." err &&
	expect_exit 129 vvault config set vvault.quarantinesize much 2>err && grep "as in 100m" err &&
	expect_exit 129 vvault config set remote.x.url /r 2>err && grep "vvault remote" err &&
	expect_exit 129 vvault config set core.bare false 2>err && grep "is no setting; .vvault config list --all" err &&
	vvault config set vvault.quarantinesize 100m && vvault config set vvault.autogc false
'

test_case 'an alias is a command with words before those that are given' '
	world && vvault config set --global alias.last "log -n 1" && vvault config set --global alias.l "last --json" &&
	vvault log -n 1 --json >want && vvault l | cmp want - && vvault last --json | cmp want - &&
	vvault -C v l | cmp want - && vvault config set --global alias.say "add --new nova memory:create '\''{\"content\":\"a  b\"}'\''" &&
	vvault say && vvault ls nova --json | grep "a  b" && vvault l -n 5 >all && test "$(wc -l <all)" -gt 1
'

test_case 'no alias over a command, none for a program, none that leads back' '
	world && expect_exit 129 vvault config set --global alias.log "show" 2>err && grep "is a command already" err &&
	expect_exit 129 vvault config set --global alias.help "show" 2>err &&
	expect_exit 129 vvault config set --global alias.x "!rm -rf /" 2>err && grep "no program" err &&
	expect_exit 129 vvault config set --global alias.x "" 2>err &&
	expect_exit 129 vvault config set --global alias.X log 2>err &&
	vvault config set --global vvault.color auto &&
	git config -f "$XDG_CONFIG_HOME/vvault/config" alias.log "show nova" &&
	git config -f "$XDG_CONFIG_HOME/vvault/config" alias.bad "!touch bad" &&
	vvault log >out && test -s out && expect_exit 129 vvault bad 2>err && test ! -e bad &&
	vvault config set --global alias.a b && vvault config set --global alias.b a &&
	expect_exit 129 vvault a 2>err && grep -x "vvault: the alias .a. leads back to itself" err &&
	vvault config set --global alias.b nope && expect_exit 129 vvault a 2>err && grep "leads to no command" err
'

test_case 'a vault'\''s file makes no command' '
	world && mkdir here && here="$PWD/here" && export here &&
	git -C v config alias.st "config set --global vvault.pager '\''touch X'\''" &&
	git -C v config alias.q "hooks approve" && git -C v config alias.l "log -n 1" &&
	git -C v config alias.k "key backup --passphrase-file /etc/hostname $here/stolen" &&
	git -C v config vvault.name eve && git -C v config vvault.color never &&
	for word in st q k; do expect_exit 129 vvault "$word" </dev/null 2>err || exit 1; done &&
	test ! -e "$XDG_CONFIG_HOME/vvault/config" && test ! -e "$here/stolen" &&
	vvault config >out && grep -x "alias.q = hooks approve  (vault: not obeyed there)" out &&
	grep -x "vvault.name = eve  (vault: not obeyed there)" out && grep -x "vvault.color = never  (vault)" out &&
	vvault config list --json | jq -es "map(select(.obeyed == false)) | length == 5" &&
	expect_exit 1 vvault config get alias.q &&
	vvault config set --global alias.l "log -n 2 --json" && vvault l >out && vvault log -n 2 --json | cmp out - &&
	vvault config unset alias.q && expect_exit 129 vvault config set alias.q log 2>err &&
	head -n 1 err | grep -x "vvault: .alias.q. is of a person, and no vault.s: give --global"
'

test_case 'a file that takes in others is refused' '
	mkdir -p "$XDG_CONFIG_HOME/vvault" && printf "[vvault]\n\tcolor = always\n[include]\n\tpath = /etc/passwd\n" \
		>"$XDG_CONFIG_HOME/vvault/config" && world &&
	vvault log >out 2>err && grep "takes in other files" err && ! grep "$(printf "\033")" out &&
	expect_exit 128 vvault config 2>err && grep "takes in other files" err
'

test_case 'neither a clone nor a remote brings settings' '
	git init -q --bare r && git -C r config vvault.color always && git -C r config alias.x log && world &&
	vvault config set vvault.autogc false && vvault remote add origin "$PWD/r" && vvault push >/dev/null &&
	as b vvault clone "$PWD/r" c >/dev/null 2>&1 && unset VVAULT_DIR &&
	as b vvault -C c config --json >out && jq -es "all(.key | startswith(\"remote.\"))" out
'

done_testing
