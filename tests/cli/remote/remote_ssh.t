#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"

# A fake ssh: no network, only what it is called with.
fake_ssh() {
	cat >fake <<-END
	#!/bin/sh
	printf '<%s>\n' "\$@" >>'$PWD/calls'
	$1
	END
	chmod +x fake
	export GIT_SSH="$PWD/fake"
}

test_case 'push, clone and pull over sshd' '
	serve_ssh && bare r && new_vault &&
	vvault add --new nova memory:create --as-is "{}" &&
	vvault remote add origin "$url/r" && vvault push &&
	as b vvault clone "$url/r" b && test "$(refs_of v)" = "$(refs_of b)" &&
	vvault add nova memory:create --as-is "{}" && vvault push &&
	as b vvault -C b pull && test "$(refs_of v)" = "$(refs_of b)" &&
	as b vvault -C b verify --full
'

test_case 'a path with blanks, quotes and worse; the short form' '
	name="it$(printf "\047")s \$(touch no) \`touch no\` r!" &&
	serve_ssh && bare "$name" && new_vault &&
	printf "Port $port\nUser $(id -un)\n" >>ssh/config &&
	vvault remote add origin "127.0.0.1:$PWD/srv/$name" && vvault push &&
	test "$(refs_of v)" = "$(refs_of "srv/$name")" &&
	test -z "$(find . -name no)"
'

test_case 'an unknown host key ends it; ssh says why' '
	serve_ssh && bare r && new_vault && : >ssh/known &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 vvault push 2>err && grep -i "host key" err &&
	grep "ssh could not connect" err && test -z "$(refs_of srv/r)" &&
	expect_exit 128 vvault fetch --json 2>err &&
	tail -n 1 err >last && mv last err && error_is network
'

test_case 'a changed host key too' '
	serve_ssh && bare r && new_vault && ssh-keygen -q -t ed25519 -N "" \
		-f other && echo "[127.0.0.1]:$port $(cut -d" " -f1,2 other.pub)" \
		>ssh/known && vvault remote add origin "$url/r" &&
	expect_exit 128 vvault push 2>err && test -z "$(refs_of srv/r)"
'

test_case 'a key that is not let in' '
	serve_ssh && bare r && new_vault && : >ssh/authorized &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 vvault push 2>err && grep "Permission denied" err
'

test_case 'no such repository' '
	serve_ssh && new_vault && vvault remote add origin "$url/none" &&
	expect_exit 128 vvault fetch 2>err &&
	grep "no such repository\|not appear to be" err
'

test_case 'what ssh is called with' '
	fake_ssh "exit 255" && new_vault &&
	vvault remote add one "ssh://u@h:2222/a/b" &&
	vvault remote add two "h:~/a b" &&
	expect_exit 128 vvault fetch one && expect_exit 128 vvault push two &&
	tr q "\047" >want <<-END &&
	<-p>
	<2222>
	<-->
	<u@h>
	<git-upload-pack q/a/bq>
	<-->
	<h>
	<git-receive-pack q~/a bq>
	END
	cmp want calls
'

test_case 'nothing that begins with - reaches ssh' '
	fake_ssh "exit 255" && new_vault &&
	for url in -oProxyCommand=x:y ssh://-oProxyCommand=x/y \
		ssh://-u@h/y h:-y -u@h:y "ssh://%2dx@h/y"; do
		expect_exit 128 vvault remote add -- r "$url" 2>err || exit 1
		expect_exit 128 vvault clone -- "$url" c 2>err || exit 1
		git -C v config remote.x.url "$url" &&
		expect_exit 128 vvault fetch x 2>err || exit 1
	done && test ! -e calls
'

test_case 'an ssh that hangs' '
	fake_ssh "exec sleep 60" && new_vault &&
	vvault remote add origin h:r &&
	expect_exit 128 timeout 20 vvault fetch --max-idle-seconds 1 --json \
		2>err && error_is timeout &&
	sleep 0.2 && ! pgrep -f "^sleep 60\$" -P 1
'

test_case 'an ssh that is not there, or dies half-way' '
	new_vault && vvault remote add origin h:r && export GIT_SSH=/none/ssh &&
	expect_exit 128 vvault fetch 2>err && grep "cannot run ssh" err &&
	fake_ssh "printf 00" && expect_exit 128 vvault fetch 2>err &&
	test -s err && fake_ssh "kill -9 \$\$" &&
	expect_exit 128 vvault fetch 2>err && grep "signal 9" err
'

test_case 'what the other side says reaches the terminal without its escapes' '
	fake_ssh "printf \"\\033[2Jgone\\n\" >&2; exit 255" && new_vault &&
	vvault remote add origin h:r &&
	expect_exit 128 vvault fetch 2>err && grep "\\\\e\[2Jgone" err &&
	! grep "$(printf "\033")" err
'

done_testing
