#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"

test_case 'push, clone and pull over https with a password' '
	serve_https && password "open sesame" && bare r && new_vault &&
	vvault add --new nova memory:create --as-is "{}" &&
	vvault remote add origin "$url/r" && vvault push &&
	test "$(refs_of v)" = "$(refs_of srv/r)" &&
	grep -x store helper.log && ! grep -x erase helper.log &&
	as b vvault clone "$url/r" b && test "$(refs_of v)" = "$(refs_of b)" &&
	vvault add nova memory:create --as-is "{}" && vvault push &&
	as b vvault -C b pull && test "$(refs_of v)" = "$(refs_of b)" &&
	as b vvault -C b verify --full && ! grep -r sesame v b
'

test_case 'only the helpers of the person are asked, not those of a vault' '
	serve_https && bare r && new_vault && vvault add --new nova memory:create --as-is "{}" &&
	vvault remote add origin "$url/r" && git -C v config credential.helper "!touch $PWD/ran" &&
	git init -q other && git -C other config credential.helper "!touch $PWD/ran" &&
	cd v && expect_exit 128 vvault push --json 2>../err && (cd .. && error_is auth) &&
	export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper \
		GIT_CONFIG_VALUE_0="!touch $PWD/../ran" GIT_DIR="$PWD" &&
	expect_exit 128 vvault push 2>err &&
	export GIT_DIR="$PWD/../other/.git" GIT_WORK_TREE="$PWD/../other" &&
	expect_exit 128 vvault push 2>err && test ! -e ../ran &&
	(unset GIT_DIR GIT_WORK_TREE GIT_CONFIG_COUNT && cd .. &&
		password "open sesame") && vvault push && test ! -e ../ran &&
	test "$(refs_of .)" = "$(refs_of ../srv/r)"
'

test_case 'a wrong password: three tries, then an end' '
	serve_https && password wrong && bare r && new_vault &&
	vvault remote add origin "$url/r" && refs_of v >before &&
	expect_exit 128 vvault push --json 2>err && error_is auth &&
	test "$(grep -cx get helper.log)" -eq 3 &&
	! grep -x store helper.log && grep -x erase helper.log &&
	test -z "$(refs_of srv/r)" && refs_of v | cmp - before
'

test_case 'no password and nobody to ask' '
	serve_https && bare r && new_vault &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 vvault fetch --json 2>err && error_is auth
'

test_case 'a certificate that nobody vouches for' '
	serve_https && password "open sesame" && bare r && new_vault &&
	vvault remote add origin "$url/r" && unset GIT_SSL_CAINFO &&
	expect_exit 128 vvault fetch --json 2>err && error_is network &&
	grep -i certificate err && test ! -e helper.log
'

test_case 'a certificate of another host' '
	names=DNS:other.example serve_https && password "open sesame" &&
	bare r && new_vault && vvault remote add origin "$url/r" &&
	expect_exit 128 vvault fetch --json 2>err && error_is network &&
	grep -i certificate err && test ! -e helper.log
'

test_case 'a server that insists on TLS 1.3 is named as what it is' '
	serve_https "ssl.openssl.ssl-conf-cmd = (
		\"MinProtocol\" => \"TLSv1.3\")" && new_vault &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 vvault fetch 2>err && grep "TLS 1.3" err
'

test_case 'no such repository' '
	serve_https && password "open sesame" && new_vault &&
	vvault remote add origin "$url/none" &&
	expect_exit 128 vvault fetch 2>err && grep "none" err
'

test_case 'an authority file that is none' '
	new_vault && vvault remote add origin https://127.0.0.1:1/r &&
	export GIT_SSL_CAINFO="$PWD/none" &&
	expect_exit 128 vvault fetch --json 2>err && error_is not-found &&
	echo rubbish >none && expect_exit 128 vvault fetch --json 2>err &&
	error_is invalid
'

test_case 'a redirect on the same server is followed' '
	serve_https "url.redirect = (\"^/old/(.*)\" => \"/git/\$1\")" &&
	password "open sesame" && bare r && new_vault &&
	vvault remote add origin "${url%/git}/old/r" && vvault push &&
	test "$(refs_of v)" = "$(refs_of srv/r)"
'

test_case 'a redirect to another host does not get the password' '
	serve_https "url.redirect = (\"^/old/(.*)\" =>
		\"https://127.0.0.1:@PORT@/git/\$1\")" &&
	password "open sesame" && bare r && new_vault &&
	vvault remote add origin "${url%/git}/old/r" &&
	expect_exit 128 vvault push --json 2>err && error_is auth &&
	grep "another host" err && test ! -e helper.log &&
	test -z "$(refs_of srv/r)"
'

test_case 'a hanging https server' '
	serve_silence && new_vault &&
	vvault remote add origin "https://127.0.0.1:$port/r" &&
	expect_exit 128 timeout 20 vvault fetch --max-idle-seconds 1 --json \
		2>err && error_is timeout
'

test_case 'http is for this machine only' '
	new_vault && expect_exit 128 vvault remote add o http://example.com/r \
		2>err && grep https err && vvault remote add o http://127.0.0.1/r
'

done_testing
