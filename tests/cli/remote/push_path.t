#!/bin/sh
# A push into a folder that somebody else prepared: a stick, a share.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# pushable [<option of git init>...]: a plain vault v with nova, and r.
pushable() {
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" &&
	git init -q --bare "$@" r && vvault remote add origin "$PWD/r" &&
	mkdir victim && echo precious >precious &&
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/nova)
}

# refused <code> <words>: neither push nor fetch waits, follows or writes.
refused() {
	find r victim precious -printf "%p %y %s %T@\n" | sort >before
	got=0
	timeout 20 vvault push --json >out 2>err || got=$?
	test "$got" -eq 128 && error_is "$1" && grep -e "$2" err || {
		echo "push: $got"
		cat out err
		return 1
	}
	find r victim precious -printf "%p %y %s %T@\n" | sort | diff before - &&
	test "$(cat precious)" = precious
}

test_case 'a symbolic link in place of a folder or a file' '
	pushable && cp -a r whole &&
	for name in objects objects/pack refs refs/heads packed-refs HEAD \
		config hooks; do
		rm -rf r && cp -a whole r && rm -rf "r/$name" &&
		case $name in
		packed-refs | HEAD | config) ln -s "$PWD/precious" "r/$name" ;;
		*) ln -s "$PWD/victim" "r/$name" ;;
		esac || exit 1
		case $name in
		HEAD) refused not-found "no repository" ;;
		*) refused denied "symbolic link" ;;
		esac || { echo "$name"; exit 1; }
	done
'

test_case 'a link in place of a construct, a ref or its lock' '
	pushable && ln -s "$PWD/victim" r/refs/heads/nova &&
	expect_exit 1 vvault push --json >out &&
	jq -s -e "map(select(.construct == \"nova\") | .result) == [\"rejected\"] and
		any(.construct == \"vault\" and .result == \"new\")" out &&
	grep "symbolic link" out && test -z "$(ls victim)" &&
	rm r/refs/heads/nova && mkdir r/refs/heads/nova &&
	ln -s "$PWD/precious" "r/$ref" && got=0 &&
	{ vvault push --json >out 2>err || got=$?; } && test $got -ne 0 &&
	test "$(cat precious)" = precious && rm "r/$ref" &&
	ln -s "$PWD/precious" "r/$ref.lock" &&
	expect_exit 1 vvault push --json >out && grep "another process" out &&
	test "$(cat precious)" = precious && rm "r/$ref.lock" &&
	vvault push && git -C r fsck --strict --no-dangling
'

test_case 'pipes are not waited for' '
	pushable && cp -a r whole &&
	for name in config packed-refs HEAD; do
		rm -rf r && cp -a whole r && rm -f "r/$name" &&
		mkfifo "r/$name" && case $name in
		HEAD) refused not-found "no repository" ;;
		*) refused denied "no regular file" ;;
		esac || { echo "$name"; exit 1; }
	done
	rm -rf r && cp -a whole r && mkfifo included &&
	printf "[include]\n\tpath = %s/included\n" "$PWD" >>r/config &&
	refused denied "includes other files" && timeout 20 vvault fetch &&
	rm -rf r && cp -a whole r && mkdir -p r/refs/heads/nova &&
	mkfifo "r/$ref" && got=0 &&
	{ timeout 20 vvault push 2>err || got=$?; } && test $got -eq 1
'

test_case 'a repository in another form stays as it is' '
	pushable --object-format=sha256 && refused unsupported "objectformat" &&
	expect_exit 128 vvault fetch 2>err && grep "objectformat" err &&
	git -C r fsck && rm -rf r && git init -q --bare r && cp -a r whole &&
	printf "[Extensions] objectFormat = SHA256 ; so\n" >>r/config &&
	refused unsupported "SHA256" && cp whole/config r/config &&
	git -C r config core.repositoryformatversion 7 &&
	refused unsupported "version" && cp whole/config r/config &&
	git -C r config core.repositoryformatversion 1 &&
	git -C r config extensions.refStorage reftable &&
	refused unsupported "refstorage = reftable" && cp whole/config r/config &&
	git -C r config core.repositoryformatversion 1 &&
	git -C r config extensions.objectFormat sha1 &&
	git -C r config extensions.preciousObjects true && vvault push &&
	git -C r fsck --strict --no-dangling
'

test_case 'hooks of a folder are neither run nor passed by' '
	pushable && for hook in pre-receive update post-receive post-update \
		proc-receive reference-transaction; do
		printf "#!/bin/sh\ntouch %s/ran\n" "$PWD" >r/hooks/$hook &&
		chmod +x r/hooks/$hook && refused denied "$hook" || exit 1
		rm r/hooks/$hook
	done
	git -C r config core.hooksPath "$PWD/victim" &&
	refused denied "core.hooksPath" && vvault fetch &&
	git -C r config --unset core.hooksPath && cp r/config whole &&
	for line in "[core] hooksPath = $PWD/victim # ]" "[core]\thooksPath = /x]" \
		"[x \"a]\\\\\"] \"]\n[core]hooksPath=/x" \
		"[CORE]hooksPath" "[core \"]\"]y=1\n[core]hooksPath=]"; do
		{ cat whole && printf "$line\n"; } >r/config &&
		refused denied "core.hooksPath" || { cat r/config; exit 1; }
	done && printf "\357\273\277[core]hooksPath=/x\n" >r/config &&
	refused denied "core.hooksPath" && cp whole r/config &&
	touch r/hooks/pre-receive &&
	chmod -x r/hooks/pre-receive && vvault push && test ! -e ran
'

test_case 'objects that lie elsewhere' '
	pushable && git init -q --bare other &&
	echo "$PWD/other/objects" >r/objects/info/alternates &&
	refused denied "takes objects from elsewhere" &&
	rm r/objects/info/alternates && vvault push
'

test_case 'locks and files that the dead left' '
	pushable && mkdir -p r/refs/heads/nova && : >"r/$ref.lock" &&
	touch -d "1 minute ago" "r/$ref.lock" &&
	: >r/objects/pack/.tmp-0000000000000000 && exec 8>r/objects/pack/.tmp-0000000000000001 &&
	flock 8 && vvault push && test ! -e "r/$ref.lock" &&
	test "$(ls -A r/objects/pack | grep tmp)" = .tmp-0000000000000001 &&
	exec 8>&- && vvault add nova memory:create --as-is "{}" && vvault push &&
	test -z "$(ls -A r/objects/pack | grep tmp)" &&
	git -C r fsck --strict --no-dangling
'

test_case 'pushes that are killed leave nothing behind the next one' '
	pushable && for n in 1 2 3 4 5 6 7 8; do
		for k in 1 2 3; do
			vvault add --new "c$n-$k" memory:create --as-is "{}" >/dev/null || exit 1
		done
		timeout -s KILL "0.0$n" vvault push >/dev/null 2>&1 || :
		git -C r fsck --connectivity-only || exit 1
	done
	sleep 6 && vvault push && test "$(git -C r for-each-ref)" = \
		"$(git -C v for-each-ref refs/heads)" &&
	! find r | grep -e tmp- -e "\.lock" && git -C r fsck --strict
'

test_case 'many new refs are one file, and plain git reads on' '
	pushable && for n in $(seq 12); do
		vvault add --new "c$n" memory:create --as-is "{}" >/dev/null || exit 1
	done
	git -C r pack-refs --all && vvault push &&
	test "$(grep -c refs/heads r/packed-refs)" -eq 13 &&
	test "$(git -C r for-each-ref)" = "$(git -C v for-each-ref refs/heads)" &&
	vvault add c3 memory:create --as-is "{}" && vvault push && vvault add --new d1 memory:create --as-is "{}" &&
	vvault push && git -C r pack-refs --all --prune && vvault push &&
	test "$(git -C r for-each-ref)" = "$(git -C v for-each-ref refs/heads)" &&
	git -C r fsck --strict --no-dangling && git clone -q r plain
'

test_case 'a full disk at the other side' '
	small_disk d 2048 && pushable && rm -rf r &&
	for n in $(seq 10); do
		vvault add --new "c$n" memory:create --as-is "{}" >/dev/null || exit 1
	done
	failed=0
	for room in $(seq 0 4 120 | some); do
		git init -q --bare d/r && vvault remote remove origin &&
		vvault remote add origin "$PWD/d/r" && leave d $room || exit 1
		got=0
		vvault push >out 2>&1 || got=$?
		test "$got" -eq 0 || grep -i "no space left" out || exit 1
		test "$got" -eq 0 || failed=$((failed + 1))
		rm -f d/filler && vvault push &&
		test "$(git -C d/r for-each-ref)" = \
			"$(git -C v for-each-ref refs/heads)" &&
		! find d/r | grep -e tmp- -e "\.lock" &&
		git -C d/r fsck --strict --no-dangling && rm -r d/r || exit 1
	done
	test "$failed" -ge "$full_least"
'

test_case 'what is told of progress is true' '
	pushable && for n in $(seq 30); do
		vvault add --new "c$n" memory:create --as-is "{}" >/dev/null || exit 1
	done
	vvault push --progress 2>err && tr "\r" "\n" <err >lines &&
	perl -ne "
		die \$_ if /(\d+) of (\d+)/ && \$1 > \$2;
		die \$_ if /(\d+) KiB/ && \$1 > 1000;
		\$n++ if /^(sending|packing): \d+/;
		END { die q(nothing) if !\$n }" lines || { cat lines; exit 1; }
'

done_testing
