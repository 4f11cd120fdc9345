#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"
. "$(dirname "$0")/watching.sh"

test_case 'what was there and what is written comes in, until a signal ends it' '
	new_home && says 1 1 null "the heron stands" && start_watch &&
	soon holds "the heron stands" && says 1 2 1 "the heron flies" && soon holds "the heron flies" &&
	says 2 1 null "another talk" && soon holds "another talk" &&
	soon told captured ".agent == \"claude-code\" and .sessions.new == 1 and .messages == 1" &&
	end_watch TERM && test ! -s said
'

test_case 'people read lines with local times, and -q leaves what went well' '
	new_home && export TZ=Asia/Tokyo && says 1 1 null "one" && : >events && beside out vvault watch &&
	soon grep "Claude Code: 1 new session, 1 new message" out &&
	grep "^$(TZ=Asia/Tokyo date +%Y-%m-)[0-9 :]*  watching what is written by Claude Code, " out &&
	kill -HUP $watch && wait $watch && grep "ended$" out && ! grep "{" out &&
	says 1 2 1 "two" && beside quiet vvault -q watch && soon holds two && kill -TERM $watch && wait $watch &&
	test ! -s quiet
'

test_case 'a place that comes later, and goes' '
	new_home && rm -r home/.claude && start_watch && mkdir -p "$claude" && says 1 1 null "new here" &&
	soon holds "new here" && rm -r home/.claude && mkdir -p "$claude" && says 2 1 null "here again" &&
	soon holds "here again" && holds "new here" && mv home/.claude home/gone &&
	mkdir -p "$claude" && says 3 1 null "once more" && soon holds "once more" && holds "here again" && end_watch
'

test_case 'files that are renamed, cut, put in place and deleted' '
	new_home && says 1 1 null "first of one" && says 1 2 1 "second of one" && says 2 1 null "first of two" &&
	start_watch && soon holds "first of two" && soon holds "second of one" &&
	one=$claude/5e551000-0000-4000-8000-000000000001.jsonl two=$claude/5e551000-0000-4000-8000-000000000002.jsonl &&
	head -n 1 "$one" >cut && cat cut >"$one" && says 1 3 1 "third of one" && soon holds "third of one" &&
	holds "second of one" && cp "$two" put && to=put && says 2 2 1 "second of two" && cp "$two" put &&
	says 2 3 2 "third of two" && cp "$two" put && mv put "$two" && soon holds "third of two" &&
	mv "$one" "$claude/moved.jsonl" && rm "$two" && says 3 1 null "the last" && soon holds "the last" &&
	for text in "first of one" "second of one" "third of one" "first of two" "second of two"; do
		holds "$text" || exit 1
	done && end_watch && test "$(vvault ls --json claude-code message | jq -s length)" = 7
'

test_case 'one watch is enough: another one says so, and ends' '
	new_home && start_watch && expect_exit 1 vvault watch 2>err &&
	grep "another .vvault watch. looks after this vault" err && end_watch &&
	start_watch && end_watch
'

test_case 'kill -9 loses nothing: the next one goes on' '
	new_home && says 1 1 null "before" && start_watch && soon holds before && kill -9 $watch &&
	says 1 2 1 "while nobody looked" && rm events && start_watch && soon holds "while nobody looked" &&
	says 1 3 2 after && kill -9 $watch && rm events && start_watch && soon holds after && end_watch &&
	vvault verify
'

test_case 'a vault that is in use is waited for, without a word' '
	new_home && mkdir -p v/vvault/capture && lock v/vvault/capture/lock && says 1 1 null "patience" &&
	start_watch && ! holds patience && unlock && soon holds patience && end_watch && test "$(count_of failed)" = 0
'

test_case 'a vault that was moved away ends it, with words' '
	new_home && says 1 1 null one && start_watch && soon holds one && mv v w && says 1 2 1 two &&
	expect_exit 128 wait $watch && cat said && grep "the vault is no more at" said
'

test_case 'no vault, no key, no right, no remote, no folder: it does not begin' '
	new_home && expect_exit 128 vvault -C nowhere watch 2>err && grep "no vault at nowhere" err &&
	VVAULT_KEYS=$PWD/none expect_exit 128 vvault watch 2>err && grep "no device key\|cannot be" err &&
	expect_exit 128 vvault watch --push nobody 2>err && grep nobody err &&
	expect_exit 128 vvault watch nofolder 2>err && grep "no folder" err &&
	expect_exit 129 vvault watch --agent claude-cod 2>err && grep "is .claude-code. meant" err &&
	expect_exit 129 vvault watch --every 10m 2>err && expect_exit 129 vvault watch --push x --every soon 2>err &&
	expect_exit 129 vvault watch --push x --every 0s 2>err && expect_exit 129 vvault watch --push x --every 5 2>err
'

test_case 'capsules that come are imported, and hooks are told' '
	new_home && mkdir -p caps/deep v/vvault/hooks && cp "$VV_TOP"/tests/data/demo/*.capsule . &&
	printf "#!/bin/sh\ncat >>\"$PWD/heard\"\n" >v/vvault/hooks/post-import && chmod 700 v/vvault/hooks/post-import &&
	vvault hooks approve post-import >/dev/null && cp wren-1.capsule caps && says 1 1 null "not asked for" &&
	start_watch caps && soon told imported ".construct == \"wren-001\"" &&
	mv wren-2.capsule caps/deep && soon grep -c wren-001 heard && soon told imported ".path | endswith(\"/deep/wren-2.capsule\")" &&
	echo "no capsule" >caps/broken.capsule && soon told note ".message | contains(\"broken.capsule\")" &&
	echo other >caps/other.txt && mkdir caps/later && cp wren-3.capsule caps/later/.hidden.capsule &&
	cp wren-3.capsule caps/later && soon told imported ".path | endswith(\"/later/wren-3.capsule\")" &&
	jq -es "length == 3 and all(.hook == \"post-import\" and .construct == \"wren-001\")" heard &&
	end_watch && test "$(count_of note)" = 1 && ! holds "not asked for" &&
	vvault import caps/wren-1.capsule --json | jq -e ".records.new == 0"
'

test_case 'a capsule that is still written to is waited for' '
	new_home && mkdir caps && start_watch caps && whole=$VV_TOP/tests/data/demo/wren-1.capsule &&
	{ head -c 1000 "$whole" && cp "$VV_TOP"/tests/data/demo/wren-2.capsule caps && sleep 0.5 &&
		tail -c +1001 "$whole"; } >caps/wren-1.capsule &&
	soon told imported && soon told imported ".path | endswith(\"wren-1.capsule\")" && end_watch && test "$(count_of note)" = 0
'

test_case 'what is new is pushed, and a remote that fails is told once' '
	new_home && git init -q --bare there.git && vvault remote add origin "$PWD/there.git" && vvault push >/dev/null &&
	start_watch --push origin --every 1s && says 1 1 null "to be sent" && soon told pushed ".versions == 1" &&
	VVAULT_DIR="" vvault clone -q there.git copy && test "$(count_of pushed)" = 1 &&
	mv there.git elsewhere.git && says 1 2 1 "not to be sent" && soon told failed ".what == \"origin\"" &&
	says 1 3 2 "neither" && soon holds neither && mv elsewhere.git there.git && soon told recovered && soon told pushed ".versions == 2" &&
	end_watch && test "$(count_of failed)" = 1
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
	new_home && says 1 1 null "hinted at" && start_watch --agent codex && ! holds "hinted at" &&
	: >v/vvault/capture/hint-claude-code && soon holds "hinted at" && test ! -e v/vvault/capture/hint-claude-code && end_watch
'

test_case 'a folder that goes comes back; what kills the work does not end the watch' '
	new_home && mkdir -p caps v/vvault/hooks && cp "$VV_TOP"/tests/data/demo/*.capsule . && start_watch --scan 1 caps &&
	mv caps gone && sleep 1.5 && mkdir new && cp wren-1.capsule new && mv new caps && soon told imported &&
	printf "#!/bin/sh\nkill -9 \$PPID\n" >v/vvault/hooks/post-import && chmod 700 v/vvault/hooks/post-import &&
	vvault hooks approve post-import >/dev/null && cp wren-2.capsule caps && soon told failed ".what == \"caps\"" &&
	soon told recovered && rm v/vvault/hooks/post-import && cp wren-3.capsule caps &&
	soon told imported ".path | endswith(\"wren-3.capsule\")" && end_watch
'

unit() {
	echo "$HOME/.config/systemd/user/vvault-watch.service"
}

test_case 'a unit is written, shown and taken away again' '
	new_home && git init -q --bare there.git && vvault remote add origin "$PWD/there.git" &&
	mkdir "50% \$off \"it\"" && mv v "50% \$off \"it\"/" && export VVAULT_DIR="$PWD/50% \$off \"it\"/v" CODEX_HOME="$PWD/co dex" &&
	vvault watch --install --capture --push origin --every 5m >out && cat out && diff "$(unit)" - <<-END &&
	$(head -n 1 "$(unit)")

	[Unit]
	Description=Bring the conversations of AI agents into a vault
	Documentation=man:vvault-watch(1)

	[Service]
	ExecStart="$VV_BUILD/vvault" "-q" "-C" "$PWD/50%% \$\$off \\"it\\"/v" "watch" "--capture" "--push" "origin" "--every" "5m"
	Environment="VVAULT_KEYS=$VVAULT_KEYS"
	Environment="XDG_DATA_HOME=$HOME/.local/share"
	Environment="XDG_CONFIG_HOME=$HOME/.config"
	Environment="CODEX_HOME=$PWD/co dex"
	$(sed -n "/^Restart=/,\$p" "$(unit)")
	END
	grep -x "  systemctl --user enable --now vvault-watch.service" out &&
	line=$(grep -F "*/5 * * * * " out) && line=${line#*\* \* \* \* } && line=$(echo "$line" | sed "s/\\\\%/%/g") &&
	mkdir bin && printf "#!/bin/sh\nprintf \"%%s\\\\n\" \"\$@\" >\"$PWD/words\"\n" >bin/vvault && chmod +x bin/vvault &&
	sh -c "$(echo "$line" | sed "s#$VV_BUILD/vvault#$PWD/bin/vvault#")" &&
	printf "%s\\n" -q -C "$VVAULT_DIR" watch --capture --push origin --every 5m | diff - words &&
	if command -v systemd-analyze >/dev/null; then
		mkdir -m 700 run && XDG_RUNTIME_DIR=$PWD/run systemd-analyze --user verify "$(unit)" >verified 2>&1 || :
		! grep -v "Command .man vvault-watch(1)" verified || exit 1
	fi
	vvault watch --install --capture >out && grep "^written anew" out && ! grep -- --push "$(unit)" &&
	mkdir -p "$(dirname "$(unit)")/default.target.wants" &&
	ln -s "$(unit)" "$(dirname "$(unit)")/default.target.wants/vvault-watch.service" &&
	vvault watch --uninstall >out && grep "^removed" out && test -z "$(find "$HOME/.config/systemd" -not -type d)" &&
	expect_exit 1 vvault watch --uninstall
'

test_case 'the unit of somebody else, or one that was changed, stays' '
	new_home && mkdir -p "$(dirname "$(unit)")" && echo mine >"$(unit)" &&
	expect_exit 128 vvault watch --install 2>err && grep "somebody else" err &&
	expect_exit 128 vvault watch --uninstall 2>err && test "$(cat "$(unit)")" = mine && rm "$(unit)" &&
	vvault watch --install >out && echo "# changed" >>"$(unit)" && cp "$(unit)" before &&
	expect_exit 128 vvault watch --install 2>err && grep "was changed" err &&
	expect_exit 128 vvault watch --uninstall 2>err && cmp "$(unit)" before
'

done_testing
