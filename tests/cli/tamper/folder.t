#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# A vault's folder may have come from anywhere: nothing in it leads out of it.

# refused <words> <command>...: with that reason.
refused() {
	words=$1
	shift
	expect_exit 128 timeout 20 "$@" 2>err && grep -F "$words" err >/dev/null || {
		cat err
		return 1
	}
}

# away <path in the vault>: it becomes a symlink to where it was moved, away.
away() {
	rm -rf away && mv "v/$1" away && ln -s "$PWD/away" "v/$1" && find away | sort >before
}

# back <path in the vault>: nothing was made there meanwhile.
back() {
	find away | sort | cmp - before && rm "v/$1" && mv away "v/$1"
}

test_case 'a part of a vault that is a symlink is not followed' '
	new_vault && vvault add --new nova memory:create --as-is "{}" && git init -q --bare r &&
	vvault remote add origin "$PWD/r" && vvault push >/dev/null &&
	for part in objects objects/pack objects/info refs refs/heads refs/remotes HEAD config \
		vvault vvault/clock vvault/id vvault/format vvault/cache vvault/locks vvault/tmp \
		vvault/remotes vvault/remotes/origin.git vvault/hooks; do
		echo "$part" && away "$part" &&
		expect_exit 128 vvault add nova memory:create --as-is "{}" --json 2>err && error_is denied &&
		expect_exit 128 vvault log --json 2>err && error_is denied &&
		expect_exit 128 vvault gc --json 2>err && error_is denied &&
		expect_exit 128 vvault fetch --json 2>err && error_is denied &&
		back "$part" || exit 1
	done && vvault verify --full && vvault add nova memory:create --as-is "{}"
'

test_case 'nor is the folder of one construct, or of some objects' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" &&
	away refs/heads/nova && refused "no folder of its own" vvault add nova memory:create --as-is "{}" &&
	back refs/heads/nova && mkdir out && for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
		for j in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
			test -e v/objects/$i$j || ln -s "$PWD/out" v/objects/$i$j
		done
	done && refused "no folder of its own" vvault add nova memory:create --as-is "{}" &&
	rmdir out && find v/objects -type l -delete && vvault add nova memory:create --as-is "{}"
'

test_case 'a pipe in place of a file hangs nothing' '
	new_vault && vvault add --new nova memory:create --as-is "{}" &&
	for part in HEAD config packed-refs vvault/clock vvault/id vvault/format; do
		rm -f spare && { test ! -e v/$part || mv v/$part spare; } && mkfifo v/$part &&
		expect_exit 128 timeout 20 vvault add nova memory:create --as-is "{}" &&
		rm v/$part && { test ! -e spare || mv spare v/$part; } || exit 1
	done && vvault add nova memory:create --as-is "{}"
'

test_case 'a configuration that takes in another file is refused' '
	new_vault && printf "[remote \"x\"]\n\turl = /etc\n" >inc && cp v/config whole &&
	lines=$(wc -l <whole) && for text in "[include]\n\tpath = $PWD/inc" "[include] path = $PWD/inc" \
		"  [ InClude ]\npath=$PWD/inc" "[includeIf \"gitdir:/**\"]\n\tpath = $PWD/inc" \
		"[INCLUDEIF \"onbranch:*\"]path=$PWD/inc" "\r\v\f[include]\npath = $PWD/inc"; do
		{ cat whole && printf "$text\n"; } >v/config &&
		refused "in line $((lines + 1))" vvault remote list &&
		refused "v/config" vvault log || exit 1
	done && printf "\357\273\277[include]\n\tpath = $PWD/inc\n" | cat - whole >v/config &&
	refused "in line 1" vvault log &&
	printf "[core]\n\tx = \"a\\\\\n[include]\npath = $PWD/inc\n" | cat whole - >v/config &&
	refused "takes in other files" vvault log && cp whole v/config && vvault log
'

test_case 'that of a side repository too' '
	two_devices && git -C b/vvault/remotes/origin.git config include.path "$PWD/inc" &&
	as b refused "origin.git/config" vvault -C b fetch
'

test_case 'what else a configuration says to git is not obeyed' '
	two_devices && git init -q --bare other && printf "#!/bin/sh\ntouch $PWD/ran\n" >run &&
	chmod 700 run && mkdir hooks && cp run hooks/reference-transaction && cp run hooks/post-update &&
	for set in "url.$PWD/other.insteadOf $PWD/r" "url.$PWD/other.pushInsteadOf $PWD/r" \
		"remote.origin.pushurl $PWD/other" "remote.origin.vcs ext" "core.hooksPath $PWD/hooks" \
		"core.sshCommand $PWD/run" "core.fsmonitor $PWD/run" "core.askPass $PWD/run" \
		"core.pager $PWD/run" "core.alternateRefsCommand $PWD/run" "core.worktree $PWD/other" \
		"http.proxy http://127.0.0.1:1" "protocol.ext.allow always" "core.bare false" \
		"remote.origin.uploadpack $PWD/run" "remote.origin.receivepack $PWD/run" \
		"filter.x.clean $PWD/run" "gpg.ssh.program $PWD/run" "gpg.program $PWD/run"; do
		git config -f b/config ${set% *} "${set##* }" || exit 1
	done && as b vvault -C b add nova memory:create --as-is "{}" && as b vvault -C b push &&
	as b vvault -C b pull && test -z "$(git -C other for-each-ref)" &&
	test "$(git -C b for-each-ref refs/heads)" = "$(git -C r for-each-ref refs/heads)" &&
	as b vvault -C b verify && as b vvault -C b gc && test ! -e ran
'

test_case 'all that we make is for its owner alone, whatever the umask' '
	umask 000 && mkdir v && new_vault && umask 022 && git init -q --bare r && umask 000 &&
	vvault add --new nova memory:create --as-is "{}" && vvault remote add origin "$PWD/r" &&
	vvault push && vvault clone "$PWD/r" w 2>/dev/null && vvault gc && vvault -C w pull &&
	vvault -C w gc && vvault init --recovery key --passphrase-file "$(phrase)" x 2>/dev/null &&
	test -z "$(find v w x key "$VVAULT_KEYS" -perm /077)"
'

test_case 'a remote stays as open as it is' '
	umask 027 && new_vault && vvault add --new nova memory:create --as-is "{}" &&
	(umask 022 && git init -q --bare r && umask 007 && git init -q --bare g) &&
	vvault remote add r "$PWD/r" && vvault remote add g "$PWD/g" && vvault push r &&
	vvault push g && test -z "$(find r -not -perm -044)" && test -z "$(find g -perm /007)" &&
	test -z "$(find g/refs -type d -not -perm -070)"
'

test_case 'a vault of which a part belongs to another user is refused' '
	test "$(id -u)" -eq 0 || skip_case "only root can give files away" &&
	new_vault && vvault add --new nova memory:create --as-is "{}" &&
	for part in config HEAD objects refs/heads vvault; do
		chown 12345 v/$part && refused "" vvault log && chown 0 v/$part || exit 1
	done && vvault log
'

test_case 'a folder of keys that others can write in is refused' '
	new_vault && chmod 770 "$VVAULT_KEYS" && expect_exit 128 vvault key show --json 2>err &&
	error_is denied && refused "can be written by others" vvault init w && test ! -e w &&
	refused "can be written by others" vvault clone "$PWD/v" w && test ! -e w &&
	refused "can be written by others" vvault log && chmod 755 "$VVAULT_KEYS" && vvault log
'

test_case 'standard files that are closed are no vault files' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 vvault log >&- 2>err && grep "cannot write the output" err &&
	vvault add nova memory:create --as-is "{}" 2>&- <&- && vvault verify --full
'

done_testing
