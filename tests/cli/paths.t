#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# beside: an empty folder here, to be in.
beside() {
	mkdir here && cd here
}

test_case 'init, add, import, gc, verify of a vault beside' '
	beside && cp "$VV_TOP/tests/data/capsules/core.capsule" .. &&
	vvault init --recovery ../rec --passphrase-file "$(phrase)" ../v && test -s ../rec && vvault -C ../v log &&
	vvault -C ../v add --new nova memory:create --as-is "{}" && vvault -C ../v import ../core.capsule &&
	vvault -C ../here/../v gc && vvault -C ../v verify --full &&
	VVAULT_DIR=../v vvault export nova --format jsonl >../out && test -s ../out &&
	vvault init ../v/../w/ && vvault -C ../w status && test "$(ls ..| tr "\n" " ")" = \
		"core.capsule here out rec v w " && test -z "$(ls -A)"
'

test_case 'clone, push, pull, remote remove with vault and remote beside' '
	beside && git init -q --bare ../r.git && vvault init ../v &&
	vvault -C ../v add --new nova memory:create --as-is "{}" &&
	vvault -C ../v remote add origin ../r.git && vvault -C ../v push &&
	vvault clone ../r.git ../c && vvault clone ./../r.git d && vvault -C ../c pull &&
	vvault -C ../c add nova memory:create --as-is "{}" && vvault -C ../c push &&
	(cd / && vvault -C "$OLDPWD/d" pull && vvault -C "$OLDPWD/d" verify) &&
	test "$(cd d && vvault remote list)" = "$(printf "origin\t%s" "$(cd .. && pwd)/r.git")" &&
	vvault -C ../v remote remove origin && test -z "$(vvault -C ../v remote list)" &&
	test ! -e ../v/vvault/remotes/origin.git
'

test_case 'the path of a remote means the same from everywhere' '
	beside && mkdir -p ../deep/er && ln -s deep/er ../link && new_vault && unset VVAULT_DIR &&
	here=$PWD && vvault -C v remote add up ../r.git &&
	vvault -C v remote add linked ../link/../x && vvault -C v remote add dot . &&
	vvault -C v remote add new ./new/repo && vvault -C v remote list >out &&
	top=$(cd .. && pwd) && printf "%s\t%s\n" dot "$here" linked "$top/deep/x" \
		new "$here/new/repo" up "$top/r.git" | cmp - out &&
	expect_exit 128 vvault -C v remote add lost nope/../x --json 2>err && error_is not-found
'

test_case 'a folder above is no place for a vault, and stays as it was' '
	beside && touch ../mine && for path in .. ../ ../../work . ../here/..; do
		case $path in .) touch also ;; esac
		expect_exit 128 vvault init $path --json 2>err && error_is exists || exit 1
	done && test "$(ls -A ..)" = "$(printf "here\nmine")"
'

test_case 'with -C other relative paths stay those of the folder one is in' '
	new_vault && unset VVAULT_DIR && cp "$VV_TOP/tests/data/capsules/core.capsule" . &&
	git init -q --bare r && vvault -C v import core.capsule && vvault -C v remote add origin r &&
	vvault -C v push && test -n "$(git -C r for-each-ref)" && cd v && vvault import ../core.capsule
'

test_case 'a path that is no UTF-8 is told all the same' '
	odd=$(printf "caf\\351") && vvault init "$odd" >out && grep "vault .caf.xe9." out &&
	vvault init --json --recovery "$odd-key" \
		--passphrase-file "$(phrase)" "$odd-2" | jq -e ".path == \"caf\\\\xe9-2\"" &&
	test -s "$odd-key" && vvault -C "$odd" remote add o "$PWD/$odd" &&
	vvault -C "$odd" remote list --json | jq -e ".url | endswith(\"caf\\\\xe9\")"
'

done_testing
