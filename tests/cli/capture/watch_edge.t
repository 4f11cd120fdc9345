#!/bin/sh
# A watch with remotes, a full disk, a system that tells of nothing, hooks.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"
. "$(dirname "$0")/watching.sh"

test_case 'what is new is pushed, and a remote that fails is told once' '
	new_home && git init -q --bare there.git && vvault remote add origin "$PWD/there.git" && vvault push >/dev/null &&
	start_watch --push origin --every 1s && says 1 1 null "to be sent" && soon told pushed ".versions == 1" &&
	VVAULT_DIR="" vvault clone -q there.git copy && test "$(count_of pushed)" = 1 &&
	mv there.git elsewhere.git && says 1 2 1 "not to be sent" && soon told failed ".what == \"origin\"" &&
	says 1 3 2 "neither" && soon holds neither && mv elsewhere.git there.git && soon told recovered && soon told pushed ".versions == 2" &&
	end_watch && test "$(count_of failed)" = 1
'

test_case 'nobody is asked for a password, and what ssh says is told' '
	new_home && vvault remote add origin ssh://nobody@localhost/there.git && export SSH_ASKPASS="$PWD/ask" &&
	printf "#!/bin/sh\necho \"no way in\" >&2\n(exec </dev/tty) || echo alone >>\"$PWD/heard\"\nenv | grep ASKPASS >>\"$PWD/heard\"\nexit 255\n" >ssh &&
	chmod +x ssh && export GIT_SSH="$PWD/ssh" && start_watch --push origin --every 1s &&
	soon told failed ".what == \"origin\"" && told note ".message == \"no way in\"" && sleep 3 && end_watch &&
	test "$(count_of failed)" = 1 && test "$(sort -u heard)" = "SSH_ASKPASS_REQUIRE=never
alone"
'

test_case 'a remote that does not answer holds up nothing, and its ssh ends with the watch' '
	new_home && vvault remote add origin ssh://nobody@localhost/there.git && says 1 1 null "first" &&
	printf "#!/bin/sh\necho \$\$ >\"%s/ssh-pid\"\nexec sleep 300\n" "$PWD" >ssh && chmod +x ssh && export GIT_SSH="$PWD/ssh" &&
	start_watch --capture --push origin --every 1s && soon test -s ssh-pid && kill -0 "$(cat ssh-pid)" && soon holds first &&
	says 1 2 1 "while it hangs" && soon holds "while it hangs" && kill -0 "$(cat ssh-pid)" && end_watch &&
	soon sh -c "! kill -0 $(cat ssh-pid)"
'

test_case 'a full disk is told once, and tried again' '
	small_disk d 4096 && new_home && mv v d/v && export VVAULT_DIR="$PWD/d/v" && says 1 1 null "room" &&
	start_watch && soon holds room && leave d 0 && says 1 2 1 "no room" && soon told failed ".message | test(\"no space\"; \"i\")" &&
	says 1 3 2 "none at all" && rm d/filler && soon holds "none at all" && soon told recovered && end_watch &&
	test "$(count_of failed)" = 1 && vvault verify
'

test_case 'where the system tells of nothing it is looked now and then' '
	unshare -Ur true 2>/dev/null || skip_case "no name space is to be had"
	unshare -Ur sh -c "echo 0 >/proc/sys/user/max_inotify_instances" || skip_case "nothing can be limited"
	new_home && says 1 1 null one && mkdir caps &&
	beside events unshare -Ur sh -c "echo 0 >/proc/sys/user/max_inotify_instances; exec vvault watch --json --scan 1 --capture caps" &&
	soon told watching && soon told limited &&
	soon holds one && says 1 2 1 two && soon holds two && cp "$VV_TOP"/tests/data/demo/wren-1.capsule caps &&
	soon told imported && end_watch && test "$(count_of limited)" = 1
'

test_case 'a hint of a hook is taken, whoever is watched' '
	new_home && unset XDG_CONFIG_HOME && says 1 1 null "hinted at" && start_watch --agent codex && ! holds "hinted at" &&
	vvault capture --hook claude-code >out 2>&1 && test ! -s out && soon holds "hinted at" && soon told captured &&
	test -z "$(ls v/vvault/capture/hint-* 2>/dev/null)" && end_watch
'

test_case 'a folder that goes comes back; what kills the work does not end the watch' '
	new_home && mkdir -p caps v/vvault/hooks && cp "$VV_TOP"/tests/data/demo/*.capsule . && start_watch --scan 1 caps &&
	mv caps gone && sleep 1.5 && mkdir new && cp wren-1.capsule new && mv new caps && soon told imported &&
	printf "#!/bin/sh\nkill -9 \$PPID\n" >v/vvault/hooks/post-import && chmod 700 v/vvault/hooks/post-import &&
	vvault hooks approve post-import >/dev/null && cp wren-2.capsule caps && soon told failed ".what == \"caps\"" &&
	soon told recovered && rm v/vvault/hooks/post-import && cp wren-3.capsule caps &&
	soon told imported ".path | endswith(\"wren-3.capsule\")" && end_watch
'

done_testing
