#!/bin/sh
# Sources that mean harm, or were harmed: each gives a clear answer with
# status 0 or 1, what is whole in it is imported, nothing goes in silence, and
# nothing of it steers a terminal or breaks the report.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# talk <id> <members>: a ChatGPT conversation of one message, with more members
talk() {
	printf '{"id":"%s","conversation_id":"%s","title":"t",' "$1" "$1"
	printf '"create_time":1700000000,"current_node":"m","mapping":{"m":'
	printf '{"id":"m","parent":null,"children":[],"message":{"id":"m",'
	printf '"author":{"role":"user"},"content":{"content_type":"text",'
	printf '"parts":["of %s"]}}}}%s}' "$1" "${2:-}"
}

# between <members>: a whole conversation, one with them, a whole one
between() {
	printf '[' && talk a && printf ',' && talk b ",$1" && printf ',' &&
		talk c && printf ']'
}

# tree <shape> <n>: a conversation of so many messages
tree() {
	perl -e '
		my ($shape, $n) = @ARGV;
		my %parent = (
			chain => sub { $_[0] ? "n" . ($_[0] - 1) : "" },
			back => sub { $_[0] < $n - 1 ? "n" . ($_[0] + 1) : "" },
			star => sub { $_[0] ? "n0" : "" },
			ring => sub { "n" . (($_[0] + $n - 1) % $n) },
			self => sub { "n$_[0]" },
			lost => sub { "x$_[0]" },
		);
		print "[{\"id\":\"a\",\"title\":\"t\",\"current_node\":\"n1\",",
			"\"mapping\":{";
		for my $i (0..$n - 1) {
			my $parent = $parent{$shape}->($i);
			$parent = $parent eq "" ? "null" : "\"$parent\"";
			print $i ? "," : "", "\"n$i\":{\"id\":\"n$i\",",
				"\"parent\":$parent,\"children\":[],",
				"\"message\":{\"id\":\"n$i\",\"author\":",
				"{\"role\":\"user\"},\"content\":{",
				"\"content_type\":\"text\",\"parts\":[\"$i\"]}}}";
		}
		print "}}]";' "$1" "$2"
}

# sessions: the ids of all
sessions() {
	vvault ls --json chatgpt session | jq -r .entity | sort | tr '\n' ' '
}

test_case 'names of files that steer a terminal or are no text' '
	new_vault && mkdir x && talk a >x/conversations.json
	echo "{}" >x/user.json && echo 1 >"$(printf "x/b\377d.txt")"
	expect_exit 0 vvault import --json x >out
	jq -e ".sources[0].skipped | any(.at == \"b\\\\xffd.txt\")" out
	rm x/b* && echo 1 >"$(printf "x/esc\033[31m.txt")"
	expect_exit 0 vvault import --json x >out
	jq -e ".sources[0].skipped | any(.at == \"esc\\u001b[31m.txt\")" out
	command -v script >/dev/null || skip_case "no script(1)"
	echo 2 >x/more && script -qec "vvault import x" /dev/null >out </dev/null
	grep -F "esc\\e[31m.txt" out || { cat -v out; exit 1; }
'

test_case 'links and pipes in a folder are told of and not followed' '
	new_vault && mkdir -p x/y whole
	talk secret >outside && talk a >x/a.json
	ln -s "$PWD/outside" x/link && ln -s .. x/y/loop && mkfifo x/pipe
	expect_exit 0 vvault import --json x >out
	jq -se "[.[].sources[] | select(.format == null) |
		.path, .skipped[0].reason] | length == 6 and
		all(.[range(1; 6; 2)]; test(\"not followed\"))" out
	test "$(sessions)" = "session:chatgpt:a "
	cp x/a.json whole/conversations.json && ln -s ../outside whole/link
	expect_exit 0 vvault import --json whole >out
	jq -e ".sources[0].skipped[] | select(.count == 1).reason |
		test(\"not followed\")" out
'

test_case 'a source of which nothing can be read is refused' '
	new_vault
	talk a | sed "s/of a/of \xff/" >chatgpt.json
	printf "[{\"uuid\":\"u\",\"name\":\"\xff\",\"chat_messages\":[]}]" \
		>claude.json
	for format in chatgpt claude; do
		expect_exit 3 vvault import --json $format.json >out
		jq -e ".sources[0] | .imported == 0 and
			(.malformed | length == 1) and
			.skipped[0].reason == \"nothing of it can be read\"" out
	done
	test -z "$(vvault construct list)"
'

test_case 'and its bytes are kept where that is asked' '
	new_vault && talk a | sed "s/of a/of \xff/" >a.json
	expect_exit 3 vvault import --keep-bad --json a.json >out
	vvault ls --json chatgpt source >source
	blob=$(jq -r ".state.bad[0].bytes.\"\$blob\"" source)
	vvault cat "$blob" | grep -a "conversation_id"
	expect_exit 3 vvault import --keep-bad a.json
	vvault ls --json chatgpt source | cmp - source
	vvault verify --full
'

test_case 'who the user is stays out of conversations too' '
	new_vault --plain
	printf "%s" "[{\"uuid\":\"u\",\"name\":\"n\",\"created_at\":" \
		"\"2024-01-01T00:00:00Z\",\"account\":{\"uuid\":\"acc-1\"," \
		"\"email_address\":\"me@leak.example\"," \
		"\"verified_phone_number\":\"+15550001111\"}," \
		"\"chat_messages\":[{\"uuid\":\"m\",\"sender\":\"human\"," \
		"\"text\":\"hi\"}]}]" >c.json
	expect_exit 0 vvault import --json c.json >out
	jq -e ".sources[0].redactions == 2" out
	git -C v cat-file --batch-all-objects --batch >all
	grep -a "acc-1" all >/dev/null
	expect_exit 1 grep -a -e leak.example -e 15550001111 all
'

test_case 'a mapping that is no tree is kept as it stands' '
	new_vault
	printf "[" >a.json && talk a >>a.json &&
		printf ",{\"id\":\"b\",\"mapping\":[\"odd\"]}]" >>a.json
	expect_exit 0 vvault import a.json
	vvault ls --json chatgpt session | jq -se "map(.state.native.conversation
		| select(. != null).mapping) | any(. == [\"odd\"])"
'

test_case 'bombs of JSON stand beside whole conversations' '
	deep=$(head -c 1000000 /dev/zero | tr "\0" "[")
	n=$(head -c 1000000 /dev/zero | tr "\0" "9")
	printf "[" >deep && talk a >>deep && printf ",%s" "$deep" >>deep
	between "\"q\":$(perl -e "print q([) x 900000, q(]) x 900000" |
		head -c 100000)" >cut
	between "$(perl -e "print join(q(,), map { qq(\"k\$_\":1) } 1..9999)")" \
		>keys
	{ printf "[" && talk a && printf ",{\"id\":\"b\",\"mapping\":{},\"q\":" &&
		printf "%s},{\"id\":\"c\",\"mapping\":{}}]" "$n"; } >number
	{ printf "[" && talk a && printf ",{\"mapping\":{},\"id\":\"%s\"}]" "$n"
	} >id
	for want in "deep:1:1" "keys:3:0" "number:3:0" "id:2:0"; do
		file=${want%%:*} rest=${want#*:} && exit=0
		test $file != deep || exit=3
		rm -rf v && new_vault
		expect_exit $exit vvault import --json $file >out
		test "$(sessions | wc -w)" -eq "${rest%:*}"
		jq -e ".sources[0].malformed | length == ${rest#*:}" out
	done
	rm -rf v && new_vault
	expect_exit 3 vvault import --json cut >out
	sessions | grep "session:chatgpt:a "
'

test_case 'trees that are none' '
	for shape in chain back star ring self lost; do
		rm -rf v && new_vault && tree $shape 500 >a.json
		expect_exit 0 vvault import --json a.json >out
		vvault ls --json chatgpt message >ls
		test "$(wc -l <ls)" -eq 500
		jq -se "map(.state.content | tonumber) | sort == [range(500)]" ls
		vvault export --format chatgpt chatgpt >back.json
		rm -rf v && new_vault && vvault import back.json
		vvault ls --json chatgpt message | cmp - ls
	done
'

# The time of ten times as much is below 30 times, whatever the machine does.
test_case 'and time grows with them, not with their square' '
	n=4000 && test -z "${VV_NIGHTLY:-}" || n=30000
	for shape in chain back star ring lost; do
		for size in $n $((n * 10)); do
			rm -rf v && new_vault && tree $shape $size >a.json
			begin=$(date +%s%N)
			vvault import a.json >/dev/null
			echo $((($(date +%s%N) - begin) / 1000000)) >$size.ms
		done
		echo "$shape: $(cat $n.ms) ms, $(cat ${n}0.ms) ms"
		test "$(cat ${n}0.ms)" -lt $(($(cat $n.ms) * 30 + 2000))
	done
'

test_case 'ids of any bytes stay apart, and come back' '
	new_vault
	jq -cn "[\"a/b\", \"a#b\", \"a%2fb\", \"../../x\", \" \", \"a\u0000b\",
		\"\u001b[31m\", \"\u202e\", \"e\u0301\", \"\u00e9\",
		(\"i\" * 10240), (\"i\" * 10239), \"\\\"\"] |
		map({id: ., title: \"t\", create_time: 1700000000,
		current_node: ., mapping: {(.): {id: ., parent: null,
		children: [], message: {id: ., author: {role: \"user\"},
		content: {content_type: \"text\", parts: [.]}}}}})" >a.json
	expect_exit 0 vvault import a.json
	test "$(sessions | wc -w)" -eq 13
	vvault export --format chatgpt chatgpt >back.json
	jq -S "map(.mapping | keys[0]) | sort" a.json >want
	jq -S "map(.mapping | keys[0]) | sort" back.json | cmp - want
	vvault ls --json chatgpt message >ls && rm -r v && new_vault
	vvault import back.json && vvault ls --json chatgpt message | cmp - ls
'

test_case 'a source cut anywhere loses nothing that was whole' '
	{ printf "[" && for i in $(seq 9); do talk c$i && printf ","; done
		talk last && printf "]"; } >whole.json
	size=$(wc -c <whole.json)
	for i in $(seq 0 50); do
		rm -rf v && new_vault && cut=$((size * i / 50))
		head -c $cut whole.json >cut.json
		got=0 && vvault import --json cut.json >out 2>err || got=$?
		test $got -eq 0 || test $got -eq 3
		want=$(grep -oE "\"parts\":\[\"of (c[0-9]|last)\"\]}}}}}" \
			cut.json | wc -l)
		test $want -eq 0 && test $got -eq 3 ||
			test "$(sessions | wc -w)" -eq $want
		test $i -eq 50 || jq -e ".sources[0] | .refused or
			(.malformed | length == 1)" out
	done
'

test_case 'text that is not UTF-8 is named, with the way out' '
	new_vault && talk a >a.json
	iconv -f utf-8 -t utf-16 a.json >u16 && iconv -f utf-8 -t utf-32 a.json >u32
	for file in u16 u32; do
		expect_exit 3 vvault import --json $file >out
		jq -e ".sources[0].skipped[0].reason |
			test(\"convert it to UTF-8\")" out
	done
	{ printf "\357\273\277" && cat a.json; } >bom
	expect_exit 0 vvault import bom
'

done_testing
