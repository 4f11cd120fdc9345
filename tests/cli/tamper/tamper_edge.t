#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

# denied <code> [<option>...]: fetch, pull and clone of r end with that error
# and leave everything as it was.
denied() {
	code=$1
	shift
	for command in fetch pull; do
		expect_exit 128 as b vvault -C b $command --json "$@" \
			>out 2>err && error_is "$code" || {
			echo "$command $*"
			cat out err
			return 1
		}
	done
	expect_exit 128 as b vvault clone --json "$@" "$PWD/r" fresh \
		>out 2>err && error_is "$code" && test ! -e fresh || {
		echo "clone $*"
		cat out err
		return 1
	}
	ls -A >names
	! grep vvault-clone names || return 1
	nothing_moved
}

# all_loose: every object of r in a file of its own.
all_loose() {
	mkdir packs && mv r/objects/pack/* packs/ &&
	for pack in packs/*.pack; do
		git -C r unpack-objects -q <"$pack" || return 1
	done
}

test_case 'each limit of a fetch, from a path' '
	begin && as b vvault -C b remote add spare "$PWD/r" &&
	for limit in pack-bytes=300 objects=3 object-bytes=100 \
		inflated-bytes=400; do
		denied limit "--max-${limit%=*}" "${limit#*=}" || exit 1
	done && mended
'

test_case 'each limit, and loose objects' '
	begin && all_loose && for limit in pack-bytes=300 objects=3 object-bytes=100 \
		inflated-bytes=400; do
		denied limit "--max-${limit%=*}" "${limit#*=}" || exit 1
	done && mended
'

# 64 MiB of zeros, as a loose object and as one in a pack.
test_case 'objects that inflate far beyond what they weigh' '
	begin && all_loose && head -c 67108864 /dev/zero |
		git -C r hash-object -w --stdin >bomb && denied limit &&
	{ cat bomb && git -C r rev-list --objects --no-object-names --all; } |
		(cd r && git pack-objects -q objects/pack/pack) &&
	git -C r prune-packed && test "$(ls r/objects)" = "info
pack" && denied limit && mended
'

# Some KB that are gigabytes when each delta is made of the one before. A head
# that nobody has makes the fetch take all there is. The limit is for a machine
# that is slow and busy; it takes a second or two.
test_case 'chains of deltas cost what they weigh' '
	begin && as b vvault -C b remote add spare "$PWD/r" &&
	echo 1234567890123456789012345678901234567890 \
		>"r/refs/heads/$nova/z6MkrvqWb4bfwvKeQCi2RoGCpB8UU2tkoUeEZoWJft2De7hQ" &&
	for bomb in "100 4000000" "1600 4000000" "200 1000000" "300 1000" \
		"100 4000000 by-id" "300 1000 by-id" "300 1000 late"; do
		perl "$VV_TOP/tests/bomb.pl" $bomb >r/objects/pack/pack-aa.pack &&
		begin=$(date +%s) && got=0 &&
		{ as b vvault -C b fetch --json >out 2>err || got=$?; } &&
		test $(($(date +%s) - begin)) -le 20 &&
		case $bomb in
		"200 1000000") test $got -eq 1 ;;
		*) test $got -eq 128 && error_is limit && grep pack-aa err ;;
		esac || { echo "$bomb: $got"; cat out err; exit 1; }
		ls -A b/vvault/remotes/origin.git/objects/pack >names &&
		! grep tmp names || exit 1
	done
'

test_case 'an object or a ref that is a symbolic link, or no file' '
	begin && all_loose && cp -a r whole && file=objects/$(echo "$next" |
		sed "s,^..,&/,") && mv "r/$file" moved &&
	ln -s "$PWD/moved" "r/$file" && denied denied &&
	rm "r/$file" && mkfifo "r/$file" && denied denied &&
	rm "r/$file" && mkdir "r/$file" && denied denied &&
	rm -rf r && cp -a whole r && mv "r/refs/heads/$nova" moved.refs &&
	ln -s "$PWD/moved.refs" "r/refs/heads/$nova" && got=0 &&
	{ as b vvault -C b fetch --json >out 2>err || got=$?; } && cat out err &&
	test $got -ne 0 && nothing_moved &&
	rm -rf r && cp -a whole r && mv r/refs moved.all &&
	ln -s "$PWD/moved.all" r/refs && denied denied &&
	rm r/refs && cp -a whole/refs r/ && echo "$PWD/whole" >r/commondir &&
	denied denied && mended
'

test_case 'objects from elsewhere are refused' '
	begin && cp -a r whole && rm -rf r/objects && git init -q --bare r &&
	echo "$PWD/whole/objects" >r/objects/info/alternates &&
	denied denied && rm r/objects/info/alternates &&
	echo "http://localhost/" >r/objects/info/http-alternates &&
	denied denied && mended
'

test_case 'urls that would be options, and others that lead astray' '
	begin && n=0 && for url in ssh://-oProxyCommand=x/r \
		ssh://-l@host/r host:-r \
		user@-host:r "ssh://host:-1/r" ext::sh \
		"ftp://host/r" "git://-host/r" "git://host/r
x"; do
		n=$((n + 1)) && expect_exit 128 as b vvault -C b remote add \
			"x$n" "$url" 2>err && test -s err &&
		git -C b config "remote.x$n.url" "$url" &&
		expect_exit 128 as b vvault -C b fetch "x$n" 2>err &&
		test -s err && expect_exit 128 as b vvault clone -- "$url" \
			fresh 2>err && test ! -e fresh || {
			echo "$url"; cat err; exit 1; }
	done && for url in -oProxyCommand=x:r --upload-pack=x; do
		git -C b config remote.y.url "$url" &&
		expect_exit 128 as b vvault -C b fetch y 2>err && test -s err &&
		expect_exit 128 as b vvault clone -- "$url" fresh 2>err &&
		expect_exit 129 as b vvault clone "$url" fresh 2>err || exit 1
	done && nothing_moved
'

test_case 'hooks of the remote are neither run nor copied' '
	begin && mkdir -p r/hooks r/vvault/hooks && for hook in post-receive \
		update pre-receive post-checkout post-merge post-update \
		reference-transaction pre-push post-pull post-import \
		post-commit; do
		for where in r/hooks r/vvault/hooks; do
			printf "#!/bin/sh\ntouch %s/ran\n" "$PWD" \
				>"$where/$hook" && chmod +x "$where/$hook"
		done
	done && git -C r config core.fsmonitor "touch $PWD/ran" &&
	git -C r config core.hooksPath "$PWD/r/hooks" &&
	git -C r config uploadpack.packObjectsHook "touch $PWD/ran" &&
	as b vvault -C b pull && as b vvault clone "$PWD/r" fresh &&
	as b vvault -C fresh add nova memory:create --as-is "{}" &&
	as b vvault -C fresh verify && test ! -e ran &&
	for vault in b fresh; do
		find $vault \( -name "post-*" -o -name "pre-*" -o \
			-name update \) ! -name "*.sample" >found
		test ! -s found || { cat found; exit 1; }
		! grep -r fsmonitor $vault/config || exit 1
	done
'

# typed <command>...: what a terminal would get, in the file typed.
typed() {
	words=
	for word; do
		words="$words '$word'"
	done
	typed_status=0
	script -qec "env NO_COLOR=1 PAGER=cat $words" /dev/null \
		>typed </dev/null || typed_status=$?
	case $typed_status in
	0 | 1 | 3 | 128 | 129) ;;
	*) echo "exit $typed_status: $*" >&2 && return 1 ;;
	esac
	test -s typed && perl -0ne '
		# Our own progress, and the blanks that take it away.
		s/\r(?:packing|sending): [\x20-\x7e]*\r(?: +\r)?//g;
		exit 1 if /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]/ ||
			/\r(?!\r*\n)/' typed || {
		echo "reaches the terminal: $*"
		od -c typed | head -n 40
		return 1
	}
}

test_case 'this looks at what a terminal gets' '
	typed echo fine && for bad in "\033[31m" "\302\233" "a\rb" "\007"; do
		expect_exit 1 typed printf "$bad" || exit 1
	done
'

control=$(printf '\033]0;owned\007\033[31mred\r\b')

test_case 'what records say cannot steer a terminal' '
	new_vault --plain && text="\\u001b]0;owned\\u0007\\u001b[31mred\\u009b2J" &&
	vvault add --new nova memory:create \
		"{\"content\":\"$text\",\"$text\":\"x\",\"tags\":[\"$text\"]}" &&
	vvault add nova construct:update \
		"{\"name\":\"$text\",\"persona\":{\"traits\":[\"$text\"]}}" &&
	vvault add nova session:create "{\"title\":\"$text\"}" &&
	record=$(vvault ls nova memory --json | jq -r ".records[0]") &&
	typed vvault log && typed vvault log -p nova &&
	typed vvault show nova && typed vvault show "$record" &&
	typed vvault ls nova && typed vvault diff nova~2 nova &&
	typed vvault cat "$record" && typed vvault construct list &&
	typed vvault export nova --format markdown &&
	typed vvault export nova --format jsonl && typed vvault status &&
	typed vvault show nova --json && typed vvault ls nova --json &&
	vvault cat "$record" >bytes && LC_ALL=C grep "$(printf "\302\233")" bytes
'

test_case 'nor what files, members and errors are called' '
	new_vault && printf "{}" >"$control.json" && touch "$control" &&
	typed vvault import --construct nova "$control.json" &&
	typed vvault import --construct nova "$control" &&
	typed vvault show "$control" && typed vvault "$control" &&
	typed vvault add "$control" memory:create --as-is "{}" &&
	typed vvault remote add "$control" /x &&
	typed vvault remote add x "/$control" &&
	typed vvault clone "/$control" x && typed vvault -C "$control" log &&
	typed vvault member add --name "$control" \
		did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw &&
	typed vvault member list
'

test_case 'nor what a remote calls its refs' '
	begin && printf "%s refs/heads/%s/%s\n" "$next" "$control" "$A" \
		>>r/packed-refs && mkdir "r/refs/heads/$control" &&
	cp "r/refs/heads/$nova/$A" "r/refs/heads/$control/$A" &&
	cp "r/refs/heads/$nova/$A" "r/refs/heads/$nova/$control" &&
	mv "r/objects/pack" "r/$control" && mkdir r/objects/pack &&
	export VVAULT_KEYS="$tap_case/keys-b" && typed vvault -C b fetch &&
	typed vvault -C b pull && typed vvault clone "$PWD/r" fresh &&
	nothing_moved
'

test_case 'nor what a server says' '
	serve_silence "printf \"002fERR \033]0;owned\007\033[31m you have no luck here\r\n\"" &&
	new_vault && vvault remote add origin "$url/r" &&
	typed vvault fetch --max-idle-seconds 2 && cat typed &&
	grep luck typed &&
	typed vvault clone --max-idle-seconds 2 "$url/r" c &&
	typed vvault push
'

test_case 'nor what hooks of a server print' '
	begin && serve_git && mv r srv/r && mkdir -p srv/r/hooks &&
	export VVAULT_KEYS="$tap_case/keys-b" &&
	printf "#!/bin/sh\nprintf %s >&2\n%s\n" \
		"\"\\033]0;owned\\007\\033[31m no luck\\r\\n\"" "exit 1" \
		>srv/r/hooks/pre-receive && chmod +x srv/r/hooks/pre-receive &&
	vvault -C b remote add two "$url/r" &&
	vvault -C b add nova memory:create --as-is "{}" && refs_of b >before &&
	typed vvault -C b push two && nothing_moved
'

done_testing
