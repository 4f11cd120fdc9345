#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# say <session> <index> <role> <text as JSON> [<more members>]: one message.
say() {
	parent=null
	test "$2" -eq 1 || parent="\"message:x:$1/m$(($2 - 1))\""
	printf '{"at":"2026-01-01T00:00:%02d.000000Z-0000-00000000",' "$2"
	printf '"data":{"content":%s,"index":%d,"parent":%s,"role":"%s"%s},' \
		"$4" "$2" "$parent" "$3" "${5:-}"
	printf '"entity":"message:x:%s/m%d","prev":[],' "$1" "$2"
	printf '"type":"message:create"}\n'
}

# talks: two small sessions, as vvault's own export has them.
talks() {
	say one 1 user '"How do I sort?\n\nIn C, please.\n\nIn C, please."'
	say one 2 assistant \
		'"# Sorting\n\nUse qsort:\n\n```c\nint a;\n\nint b;\n```"'
	say one 3 assistant '"I must think of bounds."' \
		',"visibility":"thinking"'
	say one 4 tool '"42 lines of output"' ',"visibility":"tool"'
	say one 5 system '"You are kind."'
	say two 1 user '"你叫什么名字？"'
	say two 2 assistant '"我叫诺瓦。很高兴认识你。"'
}

# new_talks [<option of init>...]: a vault with them.
new_talks() {
	new_vault "$@"
	talks >talks.jsonl
	vvault import --format jsonl --construct nova talks.jsonl >/dev/null
}

# sets: what stands in the construct, as one hash.
sets() {
	vvault verify --full --json | jq -r .sets.nova
}

test_case 'each ACU points at its bytes, and their hash is right' '
	new_talks && vvault acu extract nova >out &&
	echo "nova: 4 messages, 7 new ACUs, 0 known" >want && cmp want out &&
	vvault ls nova message --json | jq -c "[.entity, .state.content]" |
		sort >messages &&
	vvault ls nova acu --json >acus && test "$(wc -l <acus)" -eq 7 &&
	cat >check.pl <<-\END &&
		use JSON::PP; use Digest::SHA "sha256_hex";
		my %text;
		open my $in, "<", "messages" or die;
		while (<$in>) {
			my ($entity, $content) = @{decode_json $_};
			utf8::encode($content);
			$text{$entity} = $content;
		}
		open $in, "<", "acus" or die;
		while (<$in>) {
			my $acu = decode_json($_);
			my $at = $acu->{state}{source};
			my $text = substr $text{$at->{message}}, $at->{start},
				$at->{end} - $at->{start};
			my $hash = sha256_hex($text);
			die "$text" if $hash ne $acu->{state}{sha256};
			my $tail = substr $hash, 0, 8;
			(my $home = $at->{message}) =~ s/^message/acu/;
			die $acu->{entity} if $acu->{entity} ne
				"$home#vvault-1:$at->{start}-$at->{end}:$tail";
			print "$acu->{state}{type}:$text\n";
		}
	END
	perl check.pl >texts && grep -x "question:How do I sort?" texts &&
	grep -x "answer:# Sorting" texts && grep -x "code_snippet:.*" texts &&
	grep -x "question:你叫什么名字？" texts &&
	grep -x "answer:我叫诺瓦。很高兴认识你。" texts &&
	test "$(grep -c "^statement:In C, please.$" texts)" -eq 2
'

test_case 'the record is the message'\''s age, and lives with its session' '
	new_talks --plain && vvault acu extract nova >/dev/null &&
	id=$(vvault ls nova acu --json | jq -r "select(.entity |
		startswith(\"acu:x:one/m2\")) | .records[0]" | head -n 1) &&
	vvault cat "$id" >record && jq -e ".type == \"acu:create\" and
		.prev == [] and
		.at == \"2026-01-01T00:00:02.000000Z-0000-00000000\"" record &&
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/nova) &&
	git -C v ls-tree -r --name-only "$ref" >tree &&
	! grep -v ^session/ tree
'

test_case 'a second run adds nothing' '
	for mode in --plain --name=sealed; do
		rm -rf v && new_talks $mode &&
		vvault acu extract nova >/dev/null && sets >one &&
		vvault acu extract nova --json >out &&
		echo "{\"construct\":\"nova\",\"extractor\":\"vvault-1\",\"messages\":{\"read\":7,\"taken\":4},\"records\":{\"known\":7,\"new\":0},\"skipped\":0,\"version\":null}" >want &&
		cmp want out && sets >two && cmp one two || exit 1
	done
'

test_case 'two devices make the same records' '
	two_devices && talks >talks.jsonl &&
	as a vvault -C a import --format jsonl --construct nova talks.jsonl \
		>/dev/null &&
	as b vvault -C b import --format jsonl --construct nova talks.jsonl \
		>/dev/null &&
	for name in vvault-1 vivim-generator vivim-processor; do
		as a vvault -C a acu extract nova --extractor $name >/dev/null &&
		as b vvault -C b acu extract nova --extractor $name \
			>/dev/null || exit 1
	done &&
	for device in a b; do
		id=$(as $device vvault -C $device ls nova acu --json |
			jq -r .entity | sed -n 1p) &&
		as $device vvault -C $device acu derive nova "$id" \
			--data "{\"content\":\"one\"}" >$device.id || exit 1
	done &&
	cmp a.id b.id &&
	as a vvault -C a verify --full --json | jq -r .sets.nova >one &&
	as b vvault -C b verify --full --json | jq -r .sets.nova >two &&
	cmp one two &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b show nova --json | jq -e ".conflicts == 0"
'

test_case 'a session that grows gains ACUs and keeps those that it had' '
	new_vault && talks >talks.jsonl && head -n 1 talks.jsonl >first.jsonl &&
	vvault import --format jsonl --construct nova first.jsonl >/dev/null &&
	vvault acu extract nova --json | jq -e ".records.new == 3" &&
	vvault import --format jsonl --construct nova talks.jsonl >/dev/null &&
	vvault acu extract nova --json |
		jq -e ".records == {known: 3, new: 4}" &&
	vvault ls nova acu --json | jq -s -e "all(.records | length == 1)" &&
	sets >grown && rm -rf v && new_talks &&
	vvault acu extract nova >/dev/null && sets >whole && cmp grown whole
'

test_case 'links of vivim-processor come with what they lead to' '
	new_vault && say c 1 user "\"Is that so, really?\"" >one.jsonl &&
	say c 2 assistant "\"It is so, really.\"" >two.jsonl &&
	for file in one two; do
		vvault import --format jsonl --construct nova $file.jsonl \
			>/dev/null &&
		vvault acu extract nova --extractor vivim-processor --json \
			>$file || exit 1
	done &&
	jq -e ".records == {known: 0, new: 1}" one &&
	jq -e ".records == {known: 0, new: 2}" two &&
	vvault ls nova acu --json | jq -s -e "length == 2 and
		(.[0].records | length) == 2 and .[0].state.links ==
		[{relation: \"answered_by\", target: .[1].entity, weight: 0.8}]" &&
	vvault show nova --json | jq -e ".conflicts == 0"
'

test_case 'a reply is known through what is hidden, and on its branch' '
	new_vault && {
		say c 1 user "\"Is that so?\"" &&
		say c 2 tool "\"42\"" ",\"visibility\":\"tool\"" &&
		say c 3 assistant "\"It is.\"" &&
		say c 4 user "\"Thanks.\"" &&
		say c 5 assistant "\"It is not.\"" | sed "s/c\/m4/c\/m1/" &&
		say c 6 assistant "\"Who knows.\"" | sed "s/c\/m5/c\/none/"
	} >talks.jsonl &&
	vvault import --format jsonl --construct nova talks.jsonl >/dev/null &&
	vvault acu extract nova >/dev/null &&
	vvault ls nova acu --json | jq -s -e "map({key:
		.state.source.message[-1:], value: .state.type}) | from_entries
		== {\"1\": \"question\", \"3\": \"answer\", \"4\": \"statement\",
		\"5\": \"answer\", \"6\": \"statement\"}" &&
	vvault acu extract nova --all --json |
		jq -e ".records == {known: 5, new: 1}" &&
	vvault show nova --json | jq -e ".conflicts == 0"
'

test_case 'a text that changes gets ACUs of its own' '
	new_talks && vvault acu extract nova >/dev/null &&
	vvault add nova message:update --entity message:x:two/m1 \
		"{\"content\":\"你叫什么？\"}" >/dev/null &&
	vvault acu extract nova --json |
		jq -e ".records.new == 2 and .records.known == 5" &&
	vvault ls nova acu --json | jq -s -e "[.[] | select(.state.source.message
		== \"message:x:two/m1\") | .state.source.end] | sort == [15, 21]" &&
	vvault show nova --json | jq -e ".conflicts == 0"
'

test_case 'export and import bring the same set' '
	new_talks && vvault acu extract nova >/dev/null &&
	id=$(vvault ls nova acu --json | jq -r .entity | head -n 1) &&
	vvault acu derive nova "$id" >/dev/null && sets >one &&
	vvault export nova --format jsonl >all.jsonl && rm -rf v && new_vault &&
	vvault import all.jsonl >/dev/null && sets >two && cmp one two
'

test_case 'visible talk by default, everything with --all' '
	new_talks && vvault acu extract nova --all --json |
		jq -e ".messages == {read: 7, taken: 7}" &&
	vvault ls nova acu --json | jq -s -e "[.[] | select(.state.source.message
		| test(\"one/m[345]\$\")) | .state.type] | sort ==
		[\"statement\", \"thought\", \"tool_use\"]" &&
	rm -rf v && new_talks &&
	vvault acu extract nova --extractor vivim-generator --json |
		jq -e ".messages.taken == 5 and .records.new == 4" &&
	rm -rf v && new_talks &&
	vvault acu extract nova --extractor vivim-processor --json |
		jq -e ".messages.taken == 5 and .records.new == 8"
'

test_case 'extractors stand beside each other' '
	new_talks && for name in vivim-processor vvault-1 vivim-generator; do
		vvault acu extract nova --extractor=$name >/dev/null || exit 1
	done &&
	vvault ls nova acu --json | jq -s -e "
		(map(.state.extractor.name) | group_by(.) | map(length)) ==
			[4, 8, 7] and
		all(.state.quality | .overall >= 0 and .overall <= 100)" &&
	vvault ls nova acu --json | jq -s -r ".[].state.vivim // empty" >ids &&
	grep -cxE "acu-[0-9a-f]{32}" ids >n && grep -x 4 n &&
	grep -cxE "[0-9a-f]{64}" ids >n && grep -x 8 n &&
	vvault verify --full && vvault show nova --json |
		jq -e ".conflicts == 0"
'

test_case 'the published id is of conversation and node' '
	new_talks && vvault acu extract nova --extractor vivim-generator \
		>/dev/null &&
	want=acu-$(printf "two:m1:你叫什么名字？" | sha256sum | cut -c1-32) &&
	vvault ls nova acu --json | jq -s -e --arg id "$want" \
		"any(.state.vivim == \$id)"
'

test_case 'a dry run tells and writes nothing' '
	new_talks && sets >one && vvault acu extract nova --dry-run --json >dry &&
	sets >two && cmp one two && vvault acu extract nova --json >wet &&
	jq -e ".version == null and .records.new == 7" dry &&
	is_id "$(jq -r .version wet)" &&
	jq -c "del(.version)" dry >a && jq -c "del(.version)" wet >b &&
	cmp a b && rm -rf v && new_talks && vvault acu extract nova >/dev/null &&
	id=$(vvault ls nova acu --json | jq -r .entity | head -n 1) &&
	sets >one && vvault acu derive nova "$id" --dry-run >/dev/null &&
	sets >two && cmp one two
'

test_case 'what JSON cannot hold, and blobs, are read too' '
	new_vault &&
	raw=$(printf "\"\\\\ud800 is half of a pair\"" | base64) &&
	say one 1 user "{\"\$raw\":\"$raw\"}" >talks.jsonl &&
	say one 2 user "{\"\$raw\":\"?\"}" >>talks.jsonl &&
	say one 3 user "{\"\$raw\":\"W10=\"}" >>talks.jsonl &&
	say one 4 user "{\"\$raw\":\"W10\"}" >>talks.jsonl &&
	vvault import --format jsonl --construct nova talks.jsonl >/dev/null &&
	perl -e "print qq({\"role\":\"user\",\"content\":\"), q(word ) x 70000,
		qq(end.\"}\n)" | vvault add nova message:create \
		--entity message:x:big/m1 - >/dev/null &&
	vvault ls nova message --json | grep -q "blob" &&
	vvault acu extract nova --extractor vivim-generator --json |
		jq -e ".records.new == 2" &&
	vvault ls nova acu --json | jq -s -e "map(.state.source.end) |
		sort == [21, 10000]" &&
	want=acu-$(printf "one:m1:\357\277\275 is half of a pair" | sha256sum |
		cut -c1-32) &&
	vvault ls nova acu --json | jq -s -e --arg id "$want" \
		"any(.state.vivim == \$id)" &&
	vvault acu extract nova --json | jq -e ".records.new == 2"
'

test_case 'messages without text or an index, and deleted ones' '
	new_vault && for data in "{}" "{\"content\":null}" "{\"content\":[]}" \
		"{\"content\":\"\",\"role\":\"user\"}" \
		"{\"content\":\"Here.\",\"role\":\"user\",\"parent\":\"x\"}" \
		"{\"content\":{\"x\":\"W10=\"},\"role\":\"user\"}"
	do
		n=$((${n:-0} + 1)) && vvault add --new nova message:create --as-is \
			--entity message:x:c/$n "$data" >/dev/null || exit 1
	done &&
	vvault add nova message:create --entity message:x:c/gone \
		"{\"content\":\"Gone.\",\"role\":\"user\"}" >/dev/null &&
	vvault add nova message:delete --entity message:x:c/gone "{}" >/dev/null &&
	vvault acu extract nova --all --json | jq -e ".messages.read == 6 and
		.records.new == 1" &&
	vvault ls nova acu --json | jq -e ".state.source.message ==
		\"message:x:c/5\""
'

test_case 'an id that is too long is told, and stops nothing' '
	new_talks && node=$(perl -e "print q(n) x 1000") &&
	vvault add nova message:create --entity "message:x:c/$node" \
		"{\"content\":\"Far away.\",\"role\":\"user\"}" >/dev/null &&
	vvault acu extract nova --json |
		jq -e ".skipped == 1 and .records.new == 7"
'

test_case 'derive names its parents' '
	new_talks && vvault acu extract nova >/dev/null &&
	vvault ls nova acu --json >acus &&
	one=$(jq -r .entity acus | sed -n 1p) &&
	two=$(jq -r ".records[0]" acus | sed -n 2p) &&
	vvault acu derive nova "$two" "$one" "$one" \
		--data "{\"content\":\"both\",\"links\":[{\"relation\":\"about\",\"target\":\"memory:x\",\"weight\":1}]}" >id &&
	vvault cat "$(cat id)" >record &&
	jq -e --arg one "$one" --arg two "$(jq -r .entity acus | sed -n 2p)" "
		.type == \"acu:derive\" and .data.content == \"both\" and
		(.entity | test(\"^acu:[a-z2-7]{26}\$\")) and
		.data.parents == ([\$one, \$two] | sort) and
		.data.parent == null and
		(.data.links | map(.relation) | sort) ==
			[\"about\", \"derived_from\", \"derived_from\"] and
		([.data.links[] | select(.weight == 1) | .target] | sort) ==
			([\$one, \$two, \"memory:x\"] | sort) and
		(.at | endswith(\"-0000-00000000\"))" record &&
	vvault acu derive nova "$one" --data - --json <<-\END >again &&
		{"content": "of one"}
	END
	keys_are "construct entity record records version" <again &&
	jq -e ".records == {known: 0, new: 1}" again &&
	vvault cat "$(jq -r .record again)" | jq -e --arg one "$one" \
		".data.parent == \$one" &&
	vvault acu derive nova "$(jq -r .entity again)" >third &&
	vvault cat "$(cat third)" | jq -e --arg one "$(jq -r .entity again)" \
		".data.parents == [\$one]" &&
	vvault verify --full
'

test_case 'the same derive twice adds nothing' '
	new_talks && vvault acu extract nova >/dev/null &&
	one=$(vvault ls nova acu --json | jq -r .entity | sed -n 1p) &&
	two=$(vvault ls nova acu --json | jq -r .entity | sed -n 2p) &&
	vvault acu derive nova "$one" "$two" --data "{\"a\":1,\"b\":2}" >id &&
	vvault acu derive nova "$two" "$one" --data "{\"b\":2, \"a\":1}" --json \
		>again && jq -e --arg id "$(cat id)" ".version == null and
		.records == {known: 1, new: 0} and .record == \$id" again
'

test_case 'what derive refuses' '
	new_talks && vvault acu extract nova >/dev/null && sets >one &&
	id=$(vvault ls nova acu --json | jq -r .entity | sed -n 1p) &&
	message=$(vvault ls nova message --json | jq -r ".records[0]" |
		head -n 1) &&
	expect_exit 128 vvault acu derive --json nova acu:none 2>err &&
	error_is not-found &&
	expect_exit 128 vvault acu derive --json nova "$message" 2>err &&
	error_is invalid &&
	expect_exit 128 vvault acu derive --json nova nonsense 2>err &&
	error_is invalid &&
	for data in "" "[]" "{" "{\"parents\":[]}" "{\"parent\":\"acu:x\"}" \
		"{\"links\":1}" "{\"a\":1,\"a\":2}"
	do
		expect_exit 128 vvault acu derive --json nova "$id" \
			--data "$data" 2>err && error_is invalid ||
			{ echo "$data"; exit 1; }
	done &&
	vvault add nova acu:delete --entity "$id" "{}" >/dev/null &&
	expect_exit 128 vvault acu derive --json nova "$id" 2>err &&
	error_is not-found
'

test_case 'a construct must exist, and a reader cannot write' '
	new_talks --plain &&
	expect_exit 128 vvault acu extract --json nope 2>err &&
	error_is not-found && as r vvault init other >/dev/null &&
	vvault member add --role reader "$(as r did)" >/dev/null &&
	expect_exit 128 as r vvault acu extract --json nova 2>err &&
	error_is denied
'

test_case 'a construct without messages has no ACUs' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault acu extract nova --json | jq -e ".version == null and
		.messages == {read: 0, taken: 0}"
'

test_case 'post-commit hears of it' '
	new_talks && mkdir -p v/vvault/hooks &&
	printf "#!/bin/sh\ncat >>\"$PWD/heard\"\n" >v/vvault/hooks/post-commit &&
	chmod 700 v/vvault/hooks/post-commit &&
	vvault hooks approve post-commit >/dev/null &&
	vvault acu extract nova >/dev/null && vvault acu extract nova >/dev/null &&
	test "$(wc -l <heard)" -eq 1 && jq -e ".construct == \"nova\"" heard
'

test_case 'wrong words are usage errors' '
	new_vault --plain &&
	expect_exit 129 vvault acu 2>err &&
	expect_exit 129 vvault acu extract 2>err &&
	expect_exit 129 vvault acu nothing nova 2>err &&
	expect_exit 129 vvault acu extract nova more 2>err &&
	expect_exit 129 vvault acu extract nova --extractor none 2>err &&
	grep "unknown extractor .none." err &&
	expect_exit 129 vvault acu extract nova --data "{}" 2>err &&
	expect_exit 129 vvault acu derive nova 2>err &&
	expect_exit 129 vvault acu derive nova acu:x --all 2>err &&
	expect_exit 129 vvault acu derive nova acu:x --extractor vvault-1 2>err
'

done_testing
