#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

cards=$VV_TOP/tests/data/cards
export cards

# png <json> <keyword> [<json> <keyword>]...: an image with these cards in it.
png() {
	perl -MMIME::Base64 -e "$(cat <<'PERL'
use strict;
my @table = map { my $c = $_;
	$c = $c & 1 ? 0xEDB88320 ^ ($c >> 1) : $c >> 1 for 1 .. 8; $c } 0 .. 255;
sub crc { my $c = 0xffffffff;
	$c = $table[($c ^ ord) & 255] ^ ($c >> 8) for split //, $_[0];
	$c ^ 0xffffffff }
sub chunk { my ($t, $d) = @_;
	pack("N", length $d) . $t . $d . pack("N", crc($t . $d)) }
local $/;
print "\x89PNG\r\n\x1a\n",
	chunk("IHDR", pack("NNCCCCC", 1, 1, 8, 0, 0, 0, 0));
while (@ARGV) {
	my ($path, $word) = splice @ARGV, 0, 2;
	open my $in, "<", $path or die;
	print chunk("tEXt", "$word\0" . encode_base64(<$in>, ""));
}
print chunk("IEND", "");
PERL
)" "$@"
}

# state <construct>: what it is, without its history.
state() {
	vvault show --json "$1" | jq -cS "{persona, memory: .counts.memory}" &&
	vvault ls --json "$1" memory | jq -cS "{entity, state}" | sort
}

# round <construct>: its export makes the same construct in an empty vault.
round() {
	state "$1" >before.state && vvault export "$1" --format card >"$1.json" &&
	rm -rf round && vvault init round >/dev/null &&
	vvault -C round import --construct "$1" "$1.json" >/dev/null &&
	VVAULT_DIR="$PWD/round" state "$1" >after.state &&
	cmp before.state after.state
}

test_case 'a V2 card is a persona and its lorebook memories' '
	new_vault && vvault import --json "$cards/owl_v2.json" >out &&
	jq -e ".construct == \"brass-owl\" and .sources[0].format == \"card\" and
		.sources[0].read == 4 and .sources[0].imported == 4 and
		.sources[0].skipped == []" out &&
	vvault show --json brass-owl >show &&
	jq -cS ".data | del(.character_book.entries)" "$cards/owl_v2.json" >want &&
	jq -cS .persona show >got && cmp want got &&
	vvault ls --json brass-owl memory | jq -cs "map(.state) | sort_by(.content)" >m &&
	jq -e "length == 2 and .[0].content == \"The bell is cracked.\" and
		.[0].type == \"semantic\" and .[0].tags == [\"bell\", \"gong\"] and
		.[0].native.id == 7 and .[1].native.enabled == false and
		.[1].native.use_regex == false" m &&
	says ".state.name == \"Brass Owl\" and
		.state.native == {talkativeness: \"0.9\", unknown_top: [1]} and
		.state.card.spec == \"chara_card_v2\"" vvault ls --json brass-owl construct &&
	vvault export brass-owl --format card | cmp - "$cards/owl_v2.json"
'

test_case 'V1, V3 and images of both give their JSON back' '
	new_vault && for f in v1 v3; do
		vvault import --construct $f "$cards/owl_$f.json" >/dev/null &&
		vvault export $f --format card | cmp - "$cards/owl_$f.json" &&
		round $f || exit 1
	done &&
	png "$cards/owl_v2.json" chara >v2.png &&
	png "$cards/owl_v1.json" chara "$cards/owl_v2.json" Chara "$cards/owl_v3.json" CCV3 >both.png &&
	vvault import --json --construct p2 v2.png >out &&
	jq -e ".sources[0].format == \"card\" and .sources[0].imported == 4" out &&
	vvault export p2 --format card | cmp - "$cards/owl_v2.json" && round p2 &&
	vvault import --construct p3 both.png >/dev/null &&
	vvault export p3 --format card | cmp - "$cards/owl_v3.json" &&
	id=$(vvault ls --json p3 construct | jq -r ".state.card.image[\"\$blob\"]") &&
	vvault cat "$id" | cmp - both.png
'

test_case 'the same card twice makes no version' '
	new_vault && png "$cards/owl_v2.json" chara >v2.png &&
	for f in "$cards/owl_v2.json" "$cards/owl_v3.json" v2.png; do
		vvault import "$f" >/dev/null || exit 1
	done && before=$(version_of brass-owl) &&
	for f in v2.png "$cards/owl_v3.json" "$cards/owl_v2.json"; do
		says ".version == null" vvault import --json "$f" || exit 1
	done && test "$(version_of brass-owl)" = "$before"
'

test_case 'a newer version counts, whichever comes first' '
	for order in "owl_v2 owl_v2_newer" "owl_v2_newer owl_v2"; do
		rm -rf v && new_vault && for f in $order; do
			vvault import "$cards/$f.json" >/dev/null || exit 1
		done &&
		says ".persona.description ==
			\"{{char}} counts minutes.\" and .persona.character_version == \"1.10\"" vvault show --json brass-owl &&
		vvault export brass-owl --format card | cmp - "$cards/owl_v2_newer.json" || exit 1
	done &&
	for order in "owl_v3_older owl_v3" "owl_v3 owl_v3_older"; do
		rm -rf v && new_vault && for f in $order; do
			vvault import "$cards/$f.json" >/dev/null || exit 1
		done &&
		says ".persona.nickname == \"Owl\"" vvault show --json brass-owl || exit 1
	done
'

test_case 'an edit is written into the card' '
	new_vault && vvault import "$cards/owl_v2.json" >/dev/null &&
	vvault add brass-owl construct:update --entity construct:brass-owl \
		"{\"persona\":{\"description\":\"{{char}} sleeps.\"}}" >/dev/null &&
	vvault add brass-owl memory:update --entity memory:card:tower/7 \
		"{\"content\":\"The bell rings.\",\"tags\":[\"bell\"]}" >/dev/null &&
	vvault export brass-owl --format card >card.json 2>err && grep edited err &&
	jq -e ".spec == \"chara_card_v2\" and .data.description == \"{{char}} sleeps.\" and
		.data.character_book.entries[0].content == \"The bell rings.\" and
		.data.character_book.entries[0].keys == [\"bell\"] and
		.data.character_book.entries[1].content == \"There are 99 stairs.\" and
		.unknown_top == [1]" card.json &&
	jq -S ".data | del(.description, .character_book.entries)" card.json >got &&
	jq -S ".data | del(.description, .character_book.entries)" "$cards/owl_v2.json" >want &&
	cmp want got && round brass-owl
'

test_case 'numbers and names that records cannot hold survive an edit' '
	new_vault && vvault import "$cards/owl_v1.json" >/dev/null &&
	vvault add brass-owl construct:update --entity construct:brass-owl \
		"{\"persona\":{\"scenario\":\"a cellar\"}}" >/dev/null &&
	vvault export brass-owl --format card >card.json 2>/dev/null &&
	grep -F "12345678901234567890" card.json && grep -F "\"\$weird\"" card.json &&
	round brass-owl
'

test_case 'lorebooks by themselves' '
	new_vault && expect_exit 1 vvault import --json "$cards/world.json" >out &&
	grep -F -- "--construct" out &&
	vvault import --json --construct w "$cards/world.json" >out &&
	jq -e ".sources[0].imported == 3" out &&
	vvault ls --json w memory | jq -s "sort_by(.state.content) | map(.state)" >m &&
	jq -e "length == 2 and .[0].content == \"It flows north.\" and
		.[0].tags == [\"river\", \"stream\"] and .[1].native.disable == true" m &&
	vvault export w --format card | cmp - "$cards/world.json" &&
	says ".construct == \"sky\"" vvault import --json "$cards/lorebook_v3.json" &&
	vvault export sky --format card | cmp - "$cards/lorebook_v3.json" &&
	vvault import --construct w "$cards/lorebook_v3.json" >/dev/null &&
	test "$(vvault ls w memory | wc -l)" -eq 3 &&
	expect_exit 128 vvault export w --format card 2>err && grep "2 lorebooks" err
'

test_case 'a charx brings its assets' '
	perl -e "print pack(q(C*), 0..255)" >icon.png &&
	make_zip owl.charx card.json "$cards/owl_v3.json" assets/icon/main.png icon.png &&
	new_vault && vvault import --json owl.charx >out &&
	jq -e ".construct == \"brass-owl\" and .sources[0].format == \"card\" and
		(.sources | length) == 1" out &&
	id=$(vvault ls --json brass-owl construct |
		jq -r ".state.card.assets[\"assets/icon/main.png\"][\"\$blob\"]") &&
	vvault cat "$id" | cmp - icon.png &&
	vvault export brass-owl --format card | cmp - "$cards/owl_v3.json" &&
	says ".version == null" vvault import --json owl.charx
'

test_case 'a picture brings the assets in its chunks, whichever way they are spelled' '
	perl -e "print pack(q(C*), 0..255)" >icon.png && echo back >bg &&
	png icon.png chara-ext-asset_0 bg chara-ext-asset_:path/bg icon.png chara-ext-asset_:0 \
		"$cards/owl_v3.json" ccv3 >owl.png &&
	new_vault && vvault import --json owl.png >out &&
	jq -e "[.sources[0].skipped[] | select(.reason | test(\"another one\")) | .at] == [\"0\"]" out &&
	vvault ls --json brass-owl construct | jq ".state.card.assets" >assets &&
	jq -e "keys == [\"0\", \"path/bg\"]" assets &&
	vvault cat "$(jq -r ".[\"0\"][\"\$blob\"]" assets)" | cmp - icon.png &&
	vvault cat "$(jq -r ".[\"path/bg\"][\"\$blob\"]" assets)" | cmp - bg &&
	vvault export brass-owl --format card -o whole >said && grep "files beside it: 2" said &&
	cmp whole/card.json "$cards/owl_v3.json" && cmp whole/card.png owl.png &&
	cmp whole/assets/0 icon.png && cmp whole/assets/path%2fbg bg &&
	expect_exit 128 vvault export brass-owl --format card -o whole 2>err && grep "nothing is written over" err
'

test_case 'a charx behind a picture, whose places count its bytes or not' '
	perl -e "print pack(q(C*), 0..255)" >icon.png && perl -e "print qq(\xff\xd8\xff\xe0), q(J) x 70000" >jpeg &&
	make_zip owl.charx card.json "$cards/owl_v3.json" assets/icon/main.png icon.png &&
	cat jpeg owl.charx >owl.jpeg && new_vault && vvault import --json owl.jpeg >out &&
	jq -e ".construct == \"brass-owl\" and .sources[0].format == \"card\"" out &&
	vvault export brass-owl --format card -o whole >/dev/null &&
	cmp whole/assets/icon/main.png icon.png && cmp whole/card.json "$cards/owl_v3.json" &&
	expect_exit 3 vvault import jpeg >out && grep "JPEG image, which is not known" out &&
	printf "no picture" | cat - owl.charx >odd.charx && expect_exit 3 vvault import odd.charx
'

test_case 'an asset that is named and did not come is told' '
	jq ".data.assets = [{type: \"icon\", uri: \"embeded://assets/a.png\", name: \"a\", ext: \"png\"},
		{type: \"x\", uri: \"__asset:7\"}, {type: \"icon\", uri: \"ccdefault:\"}]" "$cards/owl_v3.json" >owl.json &&
	new_vault && vvault import --json owl.json >out &&
	jq -e "[.sources[0].skipped[] | [.reason, .count, .at]] == [[\"an asset that the card names and that did not come\",
		2, \"assets/a.png\"]]" out
'

test_case 'lorebooks and modules of RisuAI are lorebooks' '
	echo "{\"type\":\"risu\",\"ver\":1,\"data\":[{\"key\":\"lake, water\",\"content\":\"It is deep.\",\"insertorder\":1}]}" >lore.json &&
	echo "{\"type\":\"risuModule\",\"module\":{\"name\":\"Lakes\",\"regex\":[{\"in\":\"a\"}],
		\"lorebook\":[{\"key\":\"shore\",\"content\":\"It is flat.\"}]}}" >module.json &&
	new_vault && vvault import --construct w lore.json >/dev/null &&
	vvault ls --json w memory | jq -e ".state.content == \"It is deep.\" and
		.state.tags == [\"lake\", \"water\"] and .state.native.key == \"lake, water\"" &&
	vvault export w --format card | cmp - lore.json &&
	vvault import module.json >/dev/null && vvault export lakes --format card | cmp - module.json &&
	vvault ls --json lakes construct | jq -e ".state.lorebooks.Lakes.native.regex == [{in: \"a\"}]"
'

test_case 'broken cards are refused for their reason' '
	new_vault && printf "{\"spec\":\"chara_card_v2\",\"data\":{\"name\":\"x\",\"first_mes\":" >torn.json &&
	png "$cards/owl_v2.json" chara >good.png &&
	head -c 300 good.png >short.png &&
	perl -pe "s/tEXtchara/tEXtcharb/" good.png >flipped.png &&
	printf "not json" >bad.txt && png bad.txt chara >bad.png && png >none.png &&
	for f in torn.json short.png flipped.png bad.png none.png; do
		expect_exit 3 vvault import --json $f >$f.out || exit 1
		jq -e ".construct == null and .sources[0].imported == 0" $f.out || exit 1
	done &&
	jq -e ".sources[0].skipped[0].reason | test(\"cannot be read\")" torn.json.out &&
	jq -e ".sources[0].skipped[0].reason | test(\"cut\")" short.png.out &&
	jq -e ".sources[0].skipped[0].reason | test(\"checksum\")" flipped.png.out &&
	jq -e ".sources[0].skipped[0].reason | test(\"cannot be read\")" bad.png.out &&
	jq -e ".sources[0].skipped[0].reason | test(\"no character\")" none.png.out &&
	test -z "$(vvault construct list)" &&
	mkdir d && cp none.png "$cards/owl_v1.json" d && vvault import d >/dev/null
'

test_case 'a dry run keeps nothing' '
	new_vault && png "$cards/owl_v2.json" chara >v2.png &&
	says ".sources[0].imported == 4" vvault import --dry-run --json v2.png &&
	test -z "$(vvault construct list)"
'

test_case 'a construct without a card has none to export' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	expect_exit 128 vvault export nova --format card 2>err && grep "no character card" err
'

test_case 'a card stands on top of a capsule' '
	new_vault && vvault import --construct c "$VV_TOP/tests/data/capsules/mira_v1.capsule" >/dev/null &&
	expect_exit 1 vvault import --construct c "$cards/owl_v2.json" >/dev/null &&
	vvault import --construct c --allow-changes "$cards/owl_v2.json" >/dev/null &&
	says ".persona.traits.creativity == 0.6 and
		.persona.scenario == \"a clock tower\"" vvault show --json c &&
	vvault export c --format card | cmp - "$cards/owl_v2.json"
'

# character <name> <creator> <greeting> <looks>: a card.
character() {
	jq -nc --arg n "$1" --arg c "$2" --arg g "$3" --arg d "$4" \
		'{spec: "chara_card_v2", spec_version: "2.0", data: ({name: $n,
		first_mes: $g, description: $d} +
		if $c == "" then {} else {creator: $c} end)}'
}

# six_novas: six characters of one name, each in a file.
six_novas() {
	mkdir -p novas &&
	character Nova kara "Hello, traveller." "A pilot." >novas/a.json &&
	character Nova lee "Hello, traveller." "A pilot." >novas/b.json &&
	character Nova "" "Good evening to you." "A butler." >novas/c.json &&
	character Nova "" "Beep." "A robot." >novas/d.json &&
	character NOVA ann "Hello, traveller." "A pilot." >novas/e.json &&
	character Nova mo "" "" >novas/f.json
}

# homes <file>...: where each of them goes.
homes() {
	vvault import --json "$@" | jq -r '.construct as $c |
		.sources[] | "\(.path | sub(".*/"; "")) \($c)"' | sort
}

test_case 'six characters of one name are six constructs, whatever comes first' '
	new_vault && six_novas && vvault import novas >out &&
	grep -Fx "    note: another Nova by kara stands in '\''nova'\''; this one is '\''nova-2'\''" out &&
	vvault construct list --json | jq -r .construct | sort >got &&
	printf "nova\nnova-2\nnova-3\nnova-4\nnova-5\nnova-6\n" >want && cmp want got &&
	homes novas >first && test "$(wc -l <first)" -eq 6 &&
	test "$(cut -d" " -f2 first | sort -u | wc -l)" -eq 6 &&
	rm -rf v/vvault/cache &&
	homes novas/f.json novas/d.json novas/e.json novas/b.json novas/a.json novas/c.json >second &&
	cmp first second && for f in f b e c a d; do
		homes novas/$f.json >one && grep -Fxf one first || exit 1
		says ".version == null" vvault import --json novas/$f.json || exit 1
	done
'

test_case 'a device that pulled finds each character again' '
	two_devices && six_novas && export VVAULT_DIR="$PWD/a" &&
	as a homes novas/b.json novas/f.json novas/a.json novas/d.json novas/c.json >first &&
	as a vvault push >/dev/null && as b vvault -C b pull >/dev/null &&
	export VVAULT_DIR="$PWD/b" &&
	as b homes novas/a.json novas/b.json novas/c.json novas/d.json novas/f.json >second &&
	cmp first second && as b vvault verify --full --json | jq -cS .sets >got &&
	as a vvault -C a verify --full --json | jq -cS .sets >want && cmp want got
'

test_case 'a later version of a character goes to the character' '
	new_vault && six_novas && vvault import novas >/dev/null &&
	homes novas/b.json >lee && lee=$(cut -d" " -f2 lee) && test "$lee" != nova &&
	character Nova lee "What now?" "A captain, these days." >later.json &&
	homes later.json >got && echo "later.json $lee" >want && cmp want got &&
	long="She has been the butler of this house for forty years." &&
	character Luna "" "Good morning." "$long" >l1.json &&
	character Luna "" "Good night." "$long" >l2.json &&
	character Luna "" "Good morning." "A cat." >l3.json &&
	homes l1.json l2.json l3.json >got &&
	printf "l1.json luna\nl2.json luna\nl3.json luna-2\n" >want && cmp want got
'

test_case 'names that differ in what no construct can be called differ' '
	new_vault && character "Nova ★" kara "Hi." "A star." >star.json &&
	character "Nova ♥" kara "Hi." "A star." >heart.json &&
	homes star.json heart.json >got &&
	printf "heart.json nova---2\nstar.json nova--\n" >want && cmp want got
'

test_case 'who says so gets one construct; what had no card is joined aloud' '
	new_vault && six_novas &&
	vvault import --allow-changes --construct all novas >out && ! grep -q another out &&
	vvault construct list --json | jq -r .construct >got && echo all >want && cmp want got &&
	vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault import novas/a.json >out &&
	grep -Fx "    note: it joins '\''nova'\'', which had no card so far" out
'

test_case 'what a construct is called is taken as well' '
	new_vault && character Luna kara "Hi." "A cat." >luna.json && vvault import luna.json >/dev/null &&
	vvault construct rename luna nova >/dev/null && six_novas && homes novas/b.json >got &&
	echo "b.json nova-2" >want && cmp want got && character Nova kara "Hi." "A cat." >same.json &&
	homes luna.json >got && echo "luna.json luna" >want && cmp want got &&
	vvault construct list | grep -q "^@.   nova  "
'

test_case 'on a terminal somebody is asked whose a card is' '
	command -v script >/dev/null || skip_case "no script(1) here"
	new_vault && six_novas && vvault import novas/a.json >/dev/null &&
	{ sleep 0.3; echo n; } | script -qec "vvault import novas/b.json" /dev/null >seen &&
	grep -F "another Nova by kara stands in '\''nova'\''." seen && grep -F "[y/N]" seen &&
	homes novas/b.json >got && echo "b.json nova-2" >want && cmp want got &&
	{ sleep 0.3; echo y; } | script -qec "vvault import novas/c.json" /dev/null >seen &&
	homes novas/c.json >got && echo "c.json nova" >want && cmp want got
'

test_case 'shared: cards good and broken' '
	need_shared && new_vault && d=$VV_SHARED/data/sillytavern &&
	for f in "$d"/card_v1.json "$d"/card_v2.json "$d"/card_v3.json; do
		c=$(basename "$f" .json) && vvault import --construct $c --json "$f" >out &&
		n=$(jq "[.data.character_book.entries[]?] | length" "$f") &&
		test "$(jq ".sources[0].imported" out)" -eq $((n + 2)) &&
		jq -cS "(.data // .) | del(.character_book.entries)" "$f" >want &&
		vvault show --json $c | jq -cS .persona >got && cmp want got &&
		vvault export $c --format card | cmp - "$f" && round $c || exit 1
		says ".version == null" vvault import --construct $c --json "$f" || exit 1
	done &&
	for f in card_v2 card_v3 card_upper_keyword; do
		vvault import --construct $f.png "$d/$f.png" >/dev/null &&
		vvault export $f.png --format card >$f.json && round $f.png || exit 1
	done &&
	jq -cS . card_v2.json | cmp - card_upper_keyword.json >/dev/null || jq -cS . card_v2.json >a &&
	jq -cS . card_upper_keyword.json >b && cmp a b &&
	for f in card_badcrc card_none card_truncated; do
		expect_exit 3 vvault import --json "$d/$f.png" >$f.out || exit 1
	done &&
	grep -F checksum card_badcrc.out && grep -F "no character" card_none.out &&
	grep -F "cut off" card_truncated.out
'

done_testing
