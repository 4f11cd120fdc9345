#!/bin/sh
# What lets systemd start a watch.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/watching.sh"

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
		mkdir -m 700 run && XDG_RUNTIME_DIR=$PWD/run systemd-analyze --user verify --man=no "$(unit)" >verified 2>&1 &&
			cat verified && test ! -s verified || exit 1
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

test_case 'a remote that is unknown is refused before a unit is written' '
	new_home && expect_exit 128 vvault watch --install --push nobody 2>err && cat err && grep nobody err && test ! -e "$(unit)"
'

done_testing
