#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# chat <file> <n>: an export of n conversations of two messages, a day apart.
chat() {
	perl -e '
		my ($n, @c) = shift;
		for my $i (1 .. $n) {
			my $t = sprintf "2024-01-%02dT10:00:00.000000Z", $i;
			push @c, qq({"uuid":"c$i","name":"Talk $i",)
			    . qq("created_at":"$t","updated_at":"$t",)
			    . qq("chat_messages":[{"uuid":"m$i","text":"q $i",)
			    . qq("sender":"human","created_at":"$t"},)
			    . qq({"uuid":"n$i","text":"a $i",)
			    . qq("sender":"assistant","created_at":"$t"}]});
		}
		print "[", join(",", @c), "]\n"' "$2" >"$1"
}

# objects: how many there are, loose and packed.
objects() {
	git -C v cat-file --batch-all-objects --batch-check | wc -l
}

test_case 'a dry run says the same and writes nothing' '
	new_vault && chat three.json 3 && objects >before &&
	vvault import --dry-run --json three.json >dry && objects >after &&
	cmp before after && expect_exit 128 vvault show claude 2>err &&
	vvault import --json three.json >wet &&
	jq -S "del(.version) | .records.new -= .records.new" dry >a &&
	jq -S "del(.version) | .records.new -= .records.new" wet >b &&
	cmp a b && jq -e ".version == null and .records.new == 10" dry &&
	jq -e ".version != null and .records.new == 10" wet &&
	vvault import --dry-run --json three.json |
		jq -e ".records.new == 0 and .records.known == 9"
'

test_case 'read is what was imported and what was left out' '
	new_vault && chat three.json 3 &&
	vvault import --json three.json >out &&
	jq -e ".sources[0] | .read == 9 and .imported == 9 and .known == 0 and
		.guessed == 0 and .unknown_times == 0 and .redactions == 0 and
		.unchanged == false and .skipped == [] and .malformed == []" out
'

test_case 'what is older than --since is left out and told' '
	new_vault && chat three.json 3 &&
	vvault import --json --since 2024-01-02 three.json >out &&
	jq -e ".sources[0].skipped | length == 1 and .[0].count == 1 and
		(.[0].reason | test(\"since\"))" out &&
	vvault show --json claude | jq -e ".counts.session == 2 and
		.counts.message == 4" &&
	vvault import --json three.json |
		jq -e ".records == {new: 3, known: 7}" &&
	vvault show --json claude | jq -e ".counts.session == 3" &&
	expect_exit 129 vvault import --since soon three.json 2>err
'

test_case 'an unchanged source is not read again' '
	new_vault && chat three.json 3 && vvault import three.json >out &&
	vvault import --json three.json >out &&
	jq -e ".version == null and .records == {new: 0, known: 9} and
		.sources[0].unchanged and .sources[0].read == 9 and
		.sources[0].format == \"claude\"" out &&
	cp three.json same.json && vvault import --json same.json |
		jq -e ".sources[0].unchanged" &&
	vvault import --json --construct other three.json |
		jq -e ".construct == \"other\" and .records.new == 10 and
			(.sources[0].unchanged | not)" &&
	printf " " >>three.json && vvault import --json three.json |
		jq -e "(.sources[0].unchanged | not) and .records.new == 0"
'

test_case 'what is gone from the vault is read anew' '
	new_vault --plain && chat three.json 3 && vvault import three.json >out &&
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/claude) &&
	git -C v update-ref -d "$ref" && rm v/vvault/verified v/vvault/whole &&
	vvault import --json three.json | jq -e ".records.new == 10 and
		(.sources[0].unchanged | not)" && vvault verify --full >out
'

test_case 'a grown export adds what is new and nothing else' '
	new_vault && chat three.json 3 && chat four.json 4 &&
	vvault import three.json >out &&
	vvault import --json four.json >out &&
	jq -e ".records == {new: 4, known: 9}" out &&
	vvault show --json claude | jq -e ".counts.session == 4 and
		.conflicts == 0"
'

test_case 'one bad conversation does not stop the others, and is kept on request' '
	new_vault && chat three.json 3 &&
	sed "s/\"uuid\":\"c2\",/\"uuid\":\"c2\",,/" three.json >bad.json &&
	expect_exit 3 vvault import --json --keep-bad bad.json >out &&
	jq -e ".sources[0].malformed | length == 1 and .[0].offset > 1 and
		(.[0].at | test(\"^byte [0-9]+$\")) and (.[0].reason != \"\") and
		.[0].bytes.\"\$blob\" != null" out &&
	vvault show --json claude | jq -e ".counts.session == 2" &&
	blob=$(jq -r ".sources[0].malformed[0].bytes.\"\$blob\"" out) &&
	vvault cat "$blob" >kept && at=$(jq .sources[0].malformed[0].offset out) &&
	tail -c "+$((at + 1))" bad.json | head -c "$(wc -c <kept)" | cmp - kept &&
	grep -q "\"c2\",," kept &&
	vvault ls --json claude source | jq -e ".state.bad[0].reason != \"\""
'

test_case 'the exact bytes are kept on request' '
	new_vault && chat three.json 3 &&
	vvault import --keep-source three.json >out &&
	vvault ls --json claude source >ls && jq -e ".state.format == \"claude\"" ls &&
	test "$(jq -r .state.sha256 ls)" = "$(sha256sum <three.json | cut -c1-64)" &&
	vvault cat "$(jq -r ".state.bytes.\"\$blob\"" ls)" | cmp - three.json &&
	vvault verify --full >out
'

test_case 'secrets that were left out are not kept with the bytes' '
	new_vault --plain && mkdir e && chat e/conversations.json 1 &&
	echo "[{\"uuid\":\"u\",\"full_name\":\"Mira\",\"email_address\":\"mira@example.org\",\"verified_phone_number\":null}]" \
		>e/users.json &&
	(cd e && perl -MIO::Compress::Zip=:all -e "
		zip [\"conversations.json\", \"users.json\"] => \"../e.zip\"
			or die") &&
	vvault import --json --keep-source e.zip >out &&
	jq -e ".sources[0].redactions > 0 and
		any(.sources[0].notes[]; test(\"not kept\"))" out &&
	git -C v cat-file --batch-all-objects --batch >all && ! grep -a mira@ all &&
	vvault ls --json claude source | jq -e ".state.bytes == null"
'

test_case 'two imports into one construct at once lose nothing' '
	new_vault && chat one.json 9 && chat two.json 18 &&
	{ vvault import one.json >out1 & vvault import two.json >out2; } &&
	wait && vvault show --json claude | jq -e ".counts.session == 18 and
		.counts.message == 36" && vvault verify --full >out
'

test_case 'a killed import finishes when it is run again' '
	new_vault && chat many.json 28 && for ms in 2 4 6 8 12 16; do
		vvault import many.json >out 2>&1 & pid=$!
		perl -e "select undef, undef, undef, $ms / 1000" &&
		{ kill -9 $pid 2>err; wait $pid; status=$?; } &&
		case $status in 0|137) ;; *) exit 1 ;; esac
	done && vvault import many.json >out &&
	vvault show --json claude | jq -e ".counts.session == 28 and
		.counts.message == 56 and .conflicts == 0" &&
	vvault verify --full --json | jq -e .ok
'

test_case 'nonsense is refused with what it looked like' '
	new_vault && : >empty && printf "just\0words\n" >words.bin &&
	printf "%2000s" "" | tr " " "[" >deep.json &&
	printf "\377\376{\0}\0" >utf16.json &&
	for file in empty words.bin deep.json utf16.json; do
		expect_exit 3 vvault import --json $file >out &&
		jq -e ".construct == null and .version == null and
			(.sources[0].skipped[0].reason | length > 10)" out || exit 1
	done && expect_exit 3 vvault import empty >out && grep "an empty file" out &&
	expect_exit 3 vvault import utf16.json >out && grep "UTF-16" out &&
	expect_exit 3 vvault import deep.json >out && grep "known formats: jsonl, capsule" out
'

# lines_of <construct> <n> <word>: records, as lines.
lines_of() {
	awk -v c="$1" -v n="$2" -v w="$3" 'BEGIN {
		printf "{\"$vvault\":\"jsonl-1\",\"construct\":\"%s\"}\n", c
		for (i = 0; i < n; i++)
			printf "{\"at\":\"2024-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"%s\"},\"entity\":\"memory:%s%d\",\"prev\":[],\"type\":\"memory:create\"}\n", w, w, i
	}'
}

# What is known by its hash must be what was read, not what lay there before.
test_case 'a file that is written to while it is imported is read again' '
	lines_of big 60000 b >big && lines_of nova 1 one >one && lines_of nova 1 two >two &&
	for pause in 0.05 0.1 0.2 0.4 0.8 0.05 0.1 0.2 0.4 0.8; do
		rm -rf v && new_vault && cp one file
		vvault import big file >/dev/null &
		perl -e "select undef, undef, undef, $pause" && cp two file
		wait $!
		test -z "$(state_of nova memory:two0)" || break
	done &&
	test -n "$(state_of nova memory:two0)" && cp one file &&
	vvault import --json file >out &&
	jq -e ".sources[0].unchanged == false" out &&
	test -n "$(state_of nova memory:one0)"
'

test_case 'a folder without a bottom stops no other' '
	new_vault && mkdir -p top/good && lines_of nova 1 one >top/good/file &&
	perl -e "chdir q(top); for (1 .. 100) { mkdir q(d); chdir q(d) }" &&
	expect_exit 3 vvault import --json top >out &&
	jq -se "any(.construct == \"nova\" and .records.new == 1) and
		any(.construct == null and (.sources[0].skipped[0].reason |
			contains(\"too deep\")))" out
'

test_case 'many small files of one construct, and a broken one among them' '
	new_vault && mkdir many && for i in $(seq 70); do
		lines_of "c$((i % 66))" 1 "w$i" >many/$(printf %03d $i)
	done &&
	echo "{\"at\":\"broken" >>many/033 &&
	expect_exit 3 vvault import --json many >out &&
	jq -se "length == 66 and ([.[].sources[]] | length) == 70 and
		([.[].records.new] | add) == 69" out &&
	expect_exit 3 vvault import --json many | jq -se "([.[].records.new] | add) == 0" &&
	expect_exit 128 vvault show c33 2>err
'

done_testing
