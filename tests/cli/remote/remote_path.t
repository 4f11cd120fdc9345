#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"

# nova_ref <repository> <device>: the full name of that device's ref of nova.
nova_ref() {
	git -C "$1" for-each-ref --format="%(refname)" refs/heads |
		grep -v "/vault/" | grep "/$(as "$2" did | sed "s/.*://")\$"
}

# results: what the JSON report in the file out says, one a line.
results() {
	jq -r '.construct + " " + .result' out | sort
}

test_case 'remotes are added, listed and removed' '
	new_vault && vvault remote add one /srv/one &&
	vvault remote add two h:two && mkdir sub && cd sub &&
	vvault remote add three ../r && cd .. &&
	vvault remote list --json >out && jq -s -e ". == [
		{name: \"one\", url: \"/srv/one\"},
		{name: \"three\", url: \"$PWD/r\"},
		{name: \"two\", url: \"h:two\"}]" out &&
	expect_exit 128 vvault remote add one /x --json 2>err &&
	error_is exists && expect_exit 128 vvault remote add "a/b" /x &&
	vvault remote remove one && expect_exit 128 vvault remote remove one &&
	test "$(vvault remote list | wc -l)" -eq 2 &&
	expect_exit 128 vvault fetch one --json 2>err && error_is not-found
'

test_case 'path and file url; clone, push, pull' '
	two_devices && as b vvault -C b add nova memory:create --as-is "{}" &&
	as b vvault -C b push && as a vvault -C a pull &&
	test "$(refs_of a)" = "$(refs_of b)" &&
	as c vvault clone "file://$PWD/r" c &&
	test "$(refs_of a)" = "$(refs_of c)" &&
	git -C a fsck --strict --no-dangling &&
	git -C b fsck --strict --no-dangling &&
	git -C r fsck --strict --no-dangling &&
	as a vvault -C a verify --full && as b vvault -C b verify --full &&
	as c vvault -C c verify
'

test_case 'a vault can be fetched from as it is' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" &&
	as b vvault -C b remote add direct "$PWD/a" &&
	as b vvault -C b fetch direct && test "$(refs_of a)" = "$(refs_of b)"
'

test_case 'repacked, with packed refs, and loose again' '
	two_devices && git -C r gc -q && git -C r pack-refs --all &&
	as c vvault clone "$PWD/r" c && test "$(refs_of a)" = "$(refs_of c)" &&
	as a vvault -C a add nova memory:create --as-is "{}" &&
	as a vvault -C a push && mv r/objects/pack/*.pack . &&
	for pack in *.pack; do git -C r unpack-objects -q <"$pack"; done &&
	rm -f r/objects/pack/* && as c vvault -C c pull &&
	test "$(refs_of a)" = "$(refs_of c)" &&
	as d vvault clone "$PWD/r" d && test "$(refs_of a)" = "$(refs_of d)"
'

test_case 'clone: the id is pinned, another one is refused' '
	two_devices && id=$(as a vvault -C a status --json | jq -r .vault) &&
	as c vvault clone --vault "$id" "$PWD/r" c &&
	as a vvault init other && other=$(as a vvault -C other status --json |
		jq -r .vault) &&
	expect_exit 128 as c vvault clone --vault "$other" --json "$PWD/r" d \
		2>err && error_is untrusted && test ! -e d &&
	as a vvault -C other remote add r "$PWD/r" &&
	expect_exit 1 as a vvault -C other fetch r --json >out &&
	jq -s -e "all(.result == \"refused\")" out &&
	test "$(as a vvault -C other status --json | jq .quarantined)" -gt 0 &&
	as a vvault -C other verify
'

test_case 'clone: a place that is taken stays as it is' '
	two_devices && mkdir full && echo x >full/x &&
	expect_exit 128 as c vvault clone "$PWD/r" full --json 2>err &&
	error_is exists && test "$(cat full/x)" = x && mkdir empty &&
	as c vvault clone "$PWD/r" empty && as c vvault -C empty status &&
	as c vvault clone "$PWD/r" deep/er/ && as c vvault -C deep/er status &&
	expect_exit 128 as c vvault clone "$PWD/none" e && test ! -e e &&
	test -z "$(ls -A | grep "^\.vvault")"
'

test_case 'symbolic links and foreign alternates are refused' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" &&
	as a vvault -C a push && cp -r r ra && mv ra/objects ra/moved &&
	ln -s moved ra/objects && cp -r r rb &&
	echo "$PWD/r/objects" >rb/objects/info/alternates &&
	cp -r r rc && for f in rc/objects/pack/*.pack; do
		mv "$f" kept && ln -s ../../../kept "$f" && break
	done && refs_of b >before &&
	for r in ra rb rc; do
		as b vvault -C b remote add "$r" "$PWD/$r" &&
		expect_exit 128 as b vvault -C b fetch "$r" --json 2>err &&
		error_is denied || exit 1
	done && refs_of b | cmp - before
'

test_case 'nothing is linked to the other side' '
	two_devices && as c vvault clone "$PWD/r" c &&
	find r c -type f -links +1 >linked && test ! -s linked
'

test_case 'a remote that went back moves nothing' '
	two_devices && ref=$(nova_ref r a) && old=$(git -C r rev-parse "$ref") &&
	as a vvault -C a add nova memory:create --as-is "{}" && as a vvault -C a push &&
	as b vvault -C b pull && refs_of b >before &&
	git -C r update-ref "$ref" "$old" &&
	expect_exit 1 as b vvault -C b fetch --json >out &&
	test "$(results)" = "nova back
vault same" && refs_of b | cmp - before &&
	expect_exit 1 as b vvault -C b fetch && as b vvault -C b push &&
	as b vvault -C b fetch && test "$(refs_of r)" = "$(refs_of b)"
'

test_case 'so does one that lost a ref, or went sideways' '
	two_devices && ref=$(nova_ref r a) && cp -r a old &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":1}" &&
	as a vvault -C a push && as b vvault -C b pull && refs_of b >before &&
	git -C r update-ref -d "$ref" &&
	expect_exit 1 as b vvault -C b fetch --json >out &&
	test "$(results)" = "nova back
vault same" && refs_of b | cmp - before &&
	as a vvault -C old add nova memory:create --as-is "{\"n\":2}" &&
	as a vvault -C old push &&
	expect_exit 1 as b vvault -C b fetch --json >out &&
	test "$(results)" = "nova back
vault same" && refs_of b | cmp - before &&
	test "$(as b vvault -C b status --json | jq .quarantined)" -eq 1 &&
	test -z "$(git -C b for-each-ref refs/forks)"
'

test_case 'a restored backup goes on writing: both lines live' '
	two_devices && cp -r a old &&
	as a vvault -C a add nova memory:create "{\"content\":\"lost?\"}" &&
	as a vvault -C a push && rm -rf a && mv old a &&
	as a vvault -C a add nova memory:create "{\"content\":\"other\"}" &&
	expect_exit 1 as a vvault -C a push --json >out &&
	jq -s -e "map(select(.result == \"rejected\")) | length == 1" out &&
	as a vvault -C a pull 2>err && grep fork err &&
	test "$(as a vvault -C a show nova --json | jq .counts.memory)" -eq 3 &&
	as a vvault -C a pull &&
	as a vvault -C a add nova memory:create "{\"content\":\"joined\"}" &&
	as a vvault -C a push && as b vvault -C b pull &&
	test "$(refs_of a)" = "$(refs_of b)" &&
	test "$(as b vvault -C b show nova --json | jq .counts.memory)" -eq 4 &&
	test "$(as b vvault -C b status --json | jq .forks)" -eq 1 &&
	as a vvault -C a fetch && test -z "$(git -C a for-each-ref refs/forks)"
'

test_case 'two lines of one device from two remotes: both are heads' '
	two_devices && cp -r a old && git init -q --bare r2 &&
	as a vvault -C old remote add two "$PWD/r2" &&
	as a vvault -C a add nova memory:create "{\"content\":\"one\"}" &&
	as a vvault -C a push &&
	as a vvault -C old add nova memory:create "{\"content\":\"two\"}" &&
	as a vvault -C old push two && as b vvault -C b pull &&
	as b vvault -C b remote add two "$PWD/r2" &&
	as b vvault -C b fetch two 2>err && grep fork err &&
	test "$(as b vvault -C b show nova --json | jq .counts.memory)" -eq 3 &&
	as b vvault -C b verify --json >out ||:
	as b vvault -C b add nova memory:create "{\"content\":\"b\"}" &&
	as b vvault -C b push && as b vvault -C b push two &&
	as a vvault -C a pull &&
	test "$(as a vvault -C a show nova --json | jq .counts.memory)" -eq 4
'

test_case 'a head that comes before its vault head waits' '
	two_devices && as c vvault clone "$PWD/r" c &&
	as a vvault -C a member add "$(as c did)" && as a vvault -C a push &&
	as c vvault -C c pull && as c vvault -C c add nova memory:create --as-is "{}" &&
	git init -q --bare r2 && as c vvault -C c remote add two "$PWD/r2" &&
	as c vvault -C c push two &&
	for ref in $(git -C r2 for-each-ref --format="%(refname)" \
		refs/heads/vault); do git -C r2 update-ref -d $ref; done &&
	as b vvault -C b remote add two "$PWD/r2" && refs_of b >before &&
	expect_exit 1 as b vvault -C b fetch two --json >out &&
	results | grep -x "nova held" && refs_of b | cmp - before &&
	test "$(as b vvault -C b status --json | jq .quarantined)" -gt 0 &&
	as b vvault -C b fetch origin --json >out &&
	test "$(as b vvault -C b status --json | jq .quarantined)" -eq 0 &&
	test "$(refs_of b)" = "$(refs_of c)"
'

test_case 'a bad version is kept out, the others come in' '
	two_devices && as a vvault -C a add --new other memory:create --as-is "{}" &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":1}" &&
	as a vvault -C a push && ref=$(nova_ref r a | grep -m1 .) &&
	commit=$(git -C r cat-file commit "$ref" |
		sed "s/^Vvault-Seq: .*/Vvault-Seq: 77/" |
		git -C r hash-object -t commit -w --stdin) &&
	git -C r update-ref "$ref" "$commit" && refs_of b >before &&
	expect_exit 1 as b vvault -C b fetch --json >out 2>err &&
	jq -s -e "map(select(.result == \"refused\")) | length == 1" out &&
	jq -s -e "map(select(.result == \"new\" or .result == \"forward\")) |
		length > 0" out && ! git -C b cat-file -e "$commit" &&
	test "$(as b vvault -C b status --json | jq .quarantined)" -eq 1 &&
	as b vvault -C b verify --full &&
	git -C b fsck --strict --no-dangling &&
	git -C r update-ref "$ref" "$(git -C a rev-parse "$ref")" &&
	as b vvault -C b fetch && test "$(refs_of b)" = "$(refs_of a)" &&
	test "$(as b vvault -C b status --json | jq .quarantined)" -eq 0
'

test_case 'a missing object: refused; mended: taken' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{\"n\":1}" &&
	as a vvault -C a push && mv r/objects/pack/*.pack . &&
	for pack in *.pack; do git -C r unpack-objects -q <"$pack"; done &&
	rm -f r/objects/pack/* && ref=$(nova_ref r a) &&
	blob=$(git -C r diff-tree -r --no-commit-id "$ref~1" "$ref" |
		cut -d" " -f4) && test -n "$blob" && refs_of b >before &&
	file=r/objects/$(echo "$blob" | sed "s/../&\//") &&
	mv "$file" kept && expect_exit 1 as b vvault -C b fetch --json >out &&
	results | grep -x "nova refused" && refs_of b | cmp - before &&
	printf x >"$file" &&
	expect_exit 1 as b vvault -C b fetch --json >out 2>err &&
	grep bad-object err && refs_of b | cmp - before && rm -f "$file" &&
	mv kept "$file" && as b vvault -C b fetch &&
	test "$(refs_of a)" = "$(refs_of b)"
'

test_case 'two fetches at once' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" &&
	as a vvault -C a push
	as b vvault -C b fetch &
	one=$!
	as b vvault -C b fetch && wait $one &&
	test "$(refs_of a)" = "$(refs_of b)"
'

test_case 'objects that came before their refs are there when these come' '
	two_devices && ref=$(git -C a for-each-ref --format="%(refname)" \
		refs/heads | grep -v /vault/)
	export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	seen=$(git -C r rev-parse $ref)
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	last=$(git -C r rev-parse $ref) && git -C r update-ref $ref $seen
	as b vvault -C b pull
	git -C r update-ref $ref $last && as b vvault -C b pull >out 2>err
	test ! -s err && test "$(git -C b rev-parse $ref)" = "$last"
'

test_case 'a fetch that was killed between two packs is finished by the next' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	ls r/objects/pack/*.pack >first
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	last=$(ls r/objects/pack/*.pack | comm -13 first -) && test -n "$last"
	cp "$last" "${last%.pack}.idx" b/vvault/remotes/origin.git/objects/pack
	cp "$(head -n 1 first | sed s/pack\$/idx/)" \
		b/vvault/remotes/origin.git/objects/pack
	as b vvault -C b pull >out 2>err && test ! -s err
	as b vvault -C b verify --full >out && as b vvault -C b show nova \
		--json | jq -e ".counts.memory == 3"
'

done_testing
