#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../robust.sh"

# device_b: a writer's vault b from $url/r, into which a has been pushed.
device_b() {
	as b vvault clone "$url/r" b >/dev/null 2>&1
	as a vvault -C a member add "$(as b did)" >/dev/null
	as a vvault -C a push >/dev/null
	as b vvault -C b pull >/dev/null
}

# device_a: a vault a with nova, its remote $url/r, pushed.
device_a() {
	bare r
	as a vvault init a >/dev/null
	as a vvault -C a add --new nova memory:create --as-is "{}" >/dev/null
	as a vvault -C a remote add origin "$url/r"
	as a vvault -C a push >/dev/null
}

test_case 'two devices meet at a git daemon' '
	serve_git && device_a && device_b &&
	as b vvault -C b add nova memory:create "{\"content\":\"b\"}" &&
	as b vvault -C b push --json >out &&
	jq -s -e "map(select(.construct == \"nova\" and
		.result == \"new\")) | length == 1" out &&
	as a vvault -C a pull &&
	test "$(refs_of a)" = "$(refs_of b)" &&
	test "$(refs_of a)" = "$(refs_of srv/r)" &&
	git -C a fsck --strict --no-dangling &&
	git -C srv/r fsck --strict --no-dangling &&
	as a vvault -C a verify --full && as b vvault -C b verify --full
'

# libgit2 names 256 of them to the other side; the last is beyond twice as many.
unpushed=$(size "255 256 300 520" "255 256 300 1000" "255 256 300")
last=${unpushed##* }
test_case "$unpushed versions unpushed: a fetch takes what is new" '
	serve_git && device_a && device_b && i=0 &&
	for n in $unpushed; do
		while test $i -lt $n; do
			i=$((i + 1))
			as b vvault -C b add nova memory:create --as-is "{\"i\":$i}" \
				>>ids
		done
		as a vvault -C a add nova memory:create --as-is "{\"a\":$n}" &&
		as a vvault -C a push &&
		as b vvault -C b fetch --max-objects 8 --json >out &&
		jq -s -e "map(select(.result == \"forward\")) | length == 1" \
			out || exit 1
	done &&
	as b vvault -C b push && as a vvault -C a pull &&
	test "$(as a vvault -C a show nova --json | jq .counts.memory)" \
		-eq $((last + 1 + $(echo $unpushed | wc -w)))
'

test_case 'what one construct lacks is asked for apart from the others' '
	serve_git && device_a && device_b &&
	as a vvault -C a add --new old memory:create --as-is "{}" && i=0 &&
	while test $i -lt 30; do
		i=$((i + 1))
		as a vvault -C a add old memory:create --as-is "{\"i\":$i}"
	done >/dev/null && i=0 &&
	while test $i -lt 30; do
		i=$((i + 1))
		as a vvault -C a add nova memory:create --as-is "{\"i\":$i}"
	done >/dev/null && as a vvault -C a push && as b vvault -C b pull &&
	as a vvault -C a add old memory:create --as-is "{\"n\":1}" &&
	as a vvault -C a push && as b vvault -C b fetch --max-objects 8
'

test_case 'a second remote that has most of it sends only the rest' '
	serve_git && device_a && device_b && bare two &&
	as a vvault -C a remote add two "$url/two" && i=0 &&
	while test $i -lt 20; do
		i=$((i + 1))
		as a vvault -C a add nova memory:create --as-is "{\"i\":$i}"
	done >/dev/null && as a vvault -C a push && as b vvault -C b pull &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":1}" &&
	as a vvault -C a push two &&
	as b vvault -C b remote add two "$url/two" &&
	as b vvault -C b fetch --max-objects 8 two &&
	test "$(refs_of a)" = "$(refs_of b)"
'

test_case 'heads are relayed; a new remote gets everything' '
	serve_git && device_a && device_b && bare two &&
	as b vvault -C b remote add two "$url/two" &&
	as b vvault -C b push two &&
	test "$(refs_of srv/two)" = "$(refs_of srv/r)" &&
	as c vvault clone "$url/two" c &&
	as a vvault -C a member add "$(as c did)" && as a vvault -C a push &&
	as b vvault -C b pull && as b vvault -C b push two &&
	as c vvault -C c pull &&
	as c vvault -C c add nova memory:create "{\"content\":\"c\"}" &&
	as c vvault -C c push && as b vvault -C b pull two &&
	as b vvault -C b push origin && as a vvault -C a pull &&
	test "$(refs_of a)" = "$(refs_of b)" &&
	test "$(refs_of a)" = "$(refs_of c)"
'

test_case 'a server that hangs ends the fetch, and nothing has changed' '
	serve_silence && new_vault && refs_of v >before &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 timeout 20 vvault fetch --max-idle-seconds 1 \
		--json 2>err && error_is timeout && refs_of v | cmp - before
'

test_case 'so does one that hangs after a few words' '
	serve_silence "printf 003e" && new_vault &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 timeout 20 vvault fetch --max-idle-seconds 1 \
		--json 2>err && error_is timeout
'

test_case 'and a clone leaves nothing behind' '
	serve_silence &&
	expect_exit 128 timeout 20 vvault clone --max-idle-seconds 1 \
		"$url/r" c 2>err && grep "silent for 1 second" err &&
	test ! -e c && test -z "$(ls -A | grep vvault)"
'

test_case 'the whole of a fetch has a limit too' '
	serve_silence "yes 0032 | head -c 200" && new_vault &&
	vvault remote add origin "$url/r" &&
	expect_exit 128 timeout 20 vvault fetch --max-seconds 1 2>err
'

test_case 'no server, no repository, no vault' '
	serve_git && bare r && git init -q --bare srv/empty && new_vault &&
	vvault remote add none "git://127.0.0.1:1/r" &&
	expect_exit 128 vvault fetch none --json 2>err && error_is network &&
	vvault remote add lost "$url/lost" &&
	expect_exit 128 vvault fetch lost 2>err && test -s err &&
	vvault remote add empty "$url/empty" && vvault fetch empty &&
	expect_exit 128 vvault clone "$url/empty" c --json 2>err &&
	error_is not-found && test ! -e c
'

test_case 'limits: bytes, objects, sizes' '
	serve_git && device_a &&
	for limit in pack-bytes=300 objects=3 object-bytes=100 \
		inflated-bytes=400; do
		expect_exit 128 as b vvault clone --json \
			"--max-${limit%=*}" "${limit#*=}" "$url/r" c \
			2>err && error_is limit && test ! -e c || {
			echo "$limit"; cat err; exit 1; }
	done
'

test_case 'a foreign branch is left alone on both sides' '
	serve_git && device_a && git init -q w && cd w &&
	git commit -q --allow-empty -m x &&
	git push -q ../srv/r HEAD:refs/heads/main HEAD:refs/heads/a/b/c &&
	cd .. && as b vvault clone "$url/r" b &&
	test "$(refs_of a)" = "$(refs_of b)" &&
	as a vvault -C a add nova memory:create --as-is "{}" &&
	as a vvault -C a push && git -C srv/r rev-parse main a/b/c
'

test_case 'the commit hook of the other side can refuse one ref' '
	serve_git && device_a &&
	printf "#!/bin/sh\ncase \$1 in refs/heads/vault/*) exit 1 ;; esac\n" \
		>srv/r/hooks/update && chmod +x srv/r/hooks/update &&
	as a vvault -C a member add \
		did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw &&
	as a vvault -C a add nova memory:create --as-is "{}" &&
	expect_exit 1 as a vvault -C a push --json >out &&
	jq -s -e "map(.construct + \" \" + .result) | sort ==
		[\"nova forward\", \"vault rejected\"]" out &&
	rm srv/r/hooks/update && as a vvault -C a push &&
	test "$(refs_of a)" = "$(refs_of srv/r)"
'

test_case 'the reason of a server that says no' '
	two_devices && serve_git && cp -a r srv/r && export VVAULT_KEYS="$tap_case/keys-a" &&
	vvault -C a remote add two "$url/r" && vvault -C a add nova memory:create --as-is "{}" &&
	printf "#!/bin/sh\necho not on sundays >&2\nexit 1\n" >srv/r/hooks/pre-receive &&
	chmod +x srv/r/hooks/pre-receive &&
	expect_exit 1 vvault -C a push two >out 2>err &&
	grep "rejected .*declined: not on sundays" out && grep "remote: not on sundays" err &&
	rm srv/r/hooks/pre-receive && git -C srv/r config receive.maxInputSize 100 &&
	got=0 && { vvault -C a push two >out 2>err || got=$?; } && test $got -ne 0 &&
	cat out err | grep -i "pack exceeds maximum allowed size" &&
	git -C srv/r config --unset receive.maxInputSize && vvault -C a push two
'

# Who closes before it has read all may take with it what it said last.
test_case 'the reason of a server whose disk is full' '
	small_disk srv 2048 && serve_git && device_a && leave srv 12 &&
	lines nova 900 >lines.jsonl && as a vvault -C a import --construct nova lines.jsonl &&
	for i in 1 2 3 4 5; do
		got=0
		as a vvault -C a push >out 2>err || got=$?
		test $got -ne 0 || exit 1
		cat out err
		grep "broke off" err || break
	done &&
	cat out err | grep -i "no space left" && rm srv/filler && as a vvault -C a push &&
	test "$(refs_of a)" = "$(refs_of srv/r)" && git -C srv/r fsck --strict --no-dangling
'

test_case 'a server that takes forward moves only is no hindrance, and a fork has its reason' '
	serve_git && device_a && git -C srv/r config receive.denyNonFastForwards true &&
	cp -a a old && as a vvault -C a add nova memory:create --as-is "{}" && as a vvault -C a push &&
	test "$(refs_of a)" = "$(refs_of srv/r)" && before=$(refs_of srv/r) &&
	as a vvault -C old add nova memory:create "{\"content\":\"other\"}" &&
	expect_exit 1 as a vvault -C old push >out && grep "rejected .*fetch first" out &&
	test "$(refs_of srv/r)" = "$before"
'

# progress_is_true <word> <objects> <KiB>: what stands in err
progress_is_true() {
	tr "\r" "\n" <err | perl -ne '
		BEGIN { ($word, $objects, $kib) = splice @ARGV, 0, 3 }
		die "wrong: $_" if /(\d+) of (\d+)/ && ($1 > $2 || $2 > $objects);
		die "wrong: $_" if /(\d+) KiB/ && $1 > $kib;
		$n++ if /^$word: \d+/;
		END { die "nothing of $word" if !$n }' "$@"
}

# What is told of one way and back: every number is at most what went over.
tells_truth() {
	for n in $(seq 30); do
		as a vvault -C a add --new "c$n" memory:create --as-is "{}" >/dev/null
	done
	as a vvault -C a push --progress 2>err >/dev/null
	objects=$(git -C "srv/r" rev-list --objects --all | wc -l)
	kib=$(du -sk --apparent-size "srv/r/objects" | cut -f1)
	progress_is_true "(sending|packing)" "$objects" "$kib"
	as b vvault clone --progress "$url/r" b 2>err >/dev/null
	progress_is_true "(receiving|verifying)" "$objects" "$kib"
}

test_case 'what is told of progress is true' 'serve_git && device_a && tells_truth'

test_case 'over ssh too' 'serve_ssh && device_a && tells_truth'

done_testing
