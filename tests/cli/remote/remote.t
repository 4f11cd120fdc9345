#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'remotes are added, listed and removed' '
	new_vault && vvault remote list >out && test ! -s out &&
	vvault remote add origin /srv/r.git >out && test ! -s out &&
	vvault remote add two https://host.example/v.git &&
	vvault remote list >out &&
	printf "origin\t/srv/r.git\ntwo\thttps://host.example/v.git\n" >want &&
	sort out | cmp - want &&
	vvault remote remove origin && vvault remote list | grep -c . | grep -x 1
'

test_case 'the list as JSON' '
	new_vault && vvault remote add origin ssh://git@host.example:2222/~/v.git &&
	vvault remote list --json >out && keys_are "name url" <out &&
	jq -e ". == {name: \"origin\",
		url: \"ssh://git@host.example:2222/~/v.git\"}" out
'

test_case 'what git can carry is taken' '
	new_vault && n=0 && for url in /a/b ./b ../b file:///a/b git://h/b \
		git://h:9418/b https://h/b https://h:8443/b https://u@h/b \
		http://127.0.0.1:8080/b http://localhost/b ssh://h/b \
		ssh://u@h:22/b u@h:b host:path/b
	do
		n=$((n + 1))
		vvault remote add r$n "$url" || { echo "$url"; exit 1; }
	done
'

test_case 'urls that are dangerous or unknown are refused' '
	new_vault && for url in "" ext::sh ftp://h/b http://h.example/b \
		https://u:secret@h/b ssh://-oProxyCommand=x/b -h:b u@-h:b \
		ssh://-u@h/b h:-b "$(printf "https://h/\033b")" \
		"$(printf "/a\nb")" git://h
	do
		expect_exit 128 vvault remote add --json -- r "$url" 2>err &&
		error_is invalid || { echo "$url"; exit 1; }
	done &&
	vvault remote list >out && test ! -s out
'

test_case 'a password in a url is not repeated in the error' '
	new_vault &&
	expect_exit 128 vvault remote add r https://u:hunter2@h/b 2>err &&
	! grep hunter2 err
'

test_case 'names are those of constructs' '
	new_vault && for name in A a/b .a a..b "" -a a.lock; do
		expect_exit 128 vvault remote add --json -- "$name" /srv/r 2>err &&
		error_is invalid || { echo "$name"; exit 1; }
	done
'

test_case 'a name is taken once' '
	new_vault && vvault remote add origin /a &&
	expect_exit 128 vvault remote add --json origin /b 2>err &&
	error_is exists && vvault remote list | grep -x "origin	/a"
'

test_case 'what is not there cannot be removed' '
	new_vault && expect_exit 128 vvault remote remove --json nope 2>err &&
	error_is not-found
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault remote lsit 2>err &&
	grep "usage: vvault remote" err &&
	expect_exit 129 vvault remote add origin 2>err &&
	expect_exit 129 vvault remote list more 2>err &&
	expect_exit 129 vvault remote nope 2>err
'

test_case 'a remote is renamed with what was seen of it, and has another address' '
	two_devices && export VVAULT_KEYS="$PWD/../keys-a" VVAULT_DIR="$PWD/a" &&
	test -d a/vvault/remotes || vvault fetch >/dev/null && vvault status --json >before &&
	vvault remote rename origin home && vvault remote list | cut -f1 >names && echo home | cmp - names &&
	git -C a for-each-ref refs/remotes/origin >refs && test ! -s refs &&
	git -C a for-each-ref refs/remotes/home >refs && test -s refs &&
	vvault status --json | sed "s/\"home\"/\"origin\"/g" | cmp - before &&
	vvault fetch home >/dev/null && vvault push home >/dev/null &&
	cp -R r r2 && vvault remote set-url home ./r2 && vvault remote list | grep "$PWD/r2$" &&
	add nova "more" >/dev/null && vvault push home >/dev/null &&
	test "$(git -C r for-each-ref)" != "$(git -C r2 for-each-ref)" &&
	expect_exit 128 vvault remote rename nope other 2>err && grep "no remote .nope." err &&
	vvault remote add other /x && expect_exit 128 vvault remote rename home other 2>err &&
	grep "there is a remote .other." err && expect_exit 128 vvault remote set-url nope /x 2>err &&
	expect_exit 129 vvault remote set-url home 2>err && vvault verify >/dev/null
'

test_case 'what must not go back does not under another name of the remote either' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{\"n\":1}" >/dev/null &&
	as a vvault -C a push >/dev/null && as a vvault -C a remote rename origin home >out &&
	test ! -s out && test ! -e a/vvault/remotes/origin.git &&
	test ! -e a/vvault/marks/origin && says ".remotes[0] | .seen and .ahead == 0" \
		as a vvault -C a status --json &&
	name=$(git -C r for-each-ref --format="%(refname)" | grep -v /vault/ | head -n 1) &&
	git -C r update-ref "$name" "$name~1" &&
	expect_exit 1 as a vvault -C a fetch >out 2>err && grep "^back  nova  " out
'

test_case 'a path that leads to nothing yet is told, with how to make what is to be there' '
	new_vault && vvault remote add spare nowhere/r.git 2>err || vvault remote add spare r.git 2>err &&
	grep -x "vvault: there is nothing at .$PWD/.*r.git. yet; .git init --bare <path>. makes a repository that a vault can be pushed to" err &&
	git init -q --bare s.git && vvault remote set-url spare s.git 2>err && test ! -s err &&
	vvault remote set-url spare "$PWD/t" 2>err && grep "nothing at .$PWD/t. yet" err &&
	vvault remote add far ssh://h/x 2>err && test ! -s err && vvault -q remote add q "$PWD/t" 2>err && test ! -s err
'

done_testing
