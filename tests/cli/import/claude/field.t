#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# Inputs in shapes that broke other programs: Claude.ai, cards, SillyTavern.
# They lie beside the tree, and are skipped where they do not.
field=${VV_SHARED:+$VV_SHARED/field}
export field

# same_states <vault> <vault>: all but the sources are the same.
same_states() {
	for vault in "$1" "$2"; do
		vvault -C "$vault" ls --json claude | jq -cS "select(.kind != \"source\") |
			[.entity, .state]" | sort >"states.$vault"
	done
	test -s "states.$1" && cmp "states.$1" "states.$2"
}

test_case '10: archives with a manifest and the unpacked folder are the same; projects keep both times' '
	need_shared && new_vault && vvault init w >/dev/null &&
	vvault import "$field"/10*/export >/dev/null && vvault -C w import "$field"/10*/unpacked >/dev/null &&
	same_states v w &&
	vvault ls --json claude memory | jq -se "[.[].state | select(.content | test(\"^DESC\")) |
		[.created, .updated]] == [[\"2026-01-01T00:00:00.000000Z\", \"2026-01-02T00:00:00.000000Z\"],
		[\"2026-01-01T00:00:00.000000Z\", \"2026-01-02T00:00:00.000000Z\"]]" &&
	vvault import --json "$field"/10*/unpacked | jq -e ".version == null"
'

test_case '11: a file is a document with its versions; what was only pasted is what was said' '
	need_shared && new_vault && vvault import "$field"/11*/conversations.json >/dev/null &&
	vvault export claude --format jsonl | jq -cs "map(select(.type // \"\" | startswith(\"memory:\")) |
		[.data.title, .data.version, .data.content]) | sort" >got && cat got &&
	jq -e ". == [[\"Page\", 1, \"# Heron\n\nold line\n\"], [\"Page\", 2, \"# Heron\n\nNEW line\n\"],
		[\"report.md\", 1, \"# Report\n\nFILE-V1 body\n\"], [\"report.md\", 2, \"# Report\n\nFILE-V2 body\n\"]]" got &&
	s=session:claude:c1a0de00-0000-4000-8000-000000000200 &&
	vvault read $s >shown && grep "^ONLY-PASTED content" shown && grep "^  ATTACHMENT-NOTES" shown &&
	vvault export claude --format markdown >shown && grep "^> ONLY-PASTED content" shown &&
	grep "FILE-V2 body" shown && grep "^> ATTACHMENT-NOTES" shown &&
	vvault export claude --format html -o html >/dev/null && grep -rq "ONLY-PASTED" html &&
	grep -q "FILE-V2 body" html/memories.html &&
	vvault read "memory:claude:artifact/${s#session:claude:}/%2fmnt%2fuser-data%2foutputs%2freport.md" |
		grep "FILE-V2 body" &&
	vvault export claude --format claude | jq -cS . >back && jq -cS . "$field"/11*/conversations.json | cmp - back
'

test_case '16: assets in the chunks of a picture are those that the card names' '
	need_shared && new_vault && vvault import "$field"/16*/risu.png >/dev/null &&
	vvault ls --json risu-heron construct | jq -e ".state.card.assets | keys == [\"0\", \"path/bg\"]" &&
	vvault export risu-heron --format card -o whole >/dev/null &&
	cmp whole/card.png "$field"/16*/risu.png && test -s whole/assets/0 && test -s whole/assets/path%2fbg
'

test_case '18: an odd card comes back exactly; one without a name is refused with what to do' '
	need_shared && new_vault && vvault import "$field"/18*/chub-null-book.json >/dev/null &&
	vvault export chub-heron --format card | cmp - "$field"/18*/chub-null-book.json &&
	for f in empty-name spaces-name; do
		expect_exit 1 vvault import "$field"/18*/$f.json >out && grep -F -- "--construct" out &&
		vvault import --construct x "$field"/18*/$f.json >/dev/null || exit 1
	done
'

test_case '19: two characters of one name are two' '
	need_shared && new_vault && vvault import "$field"/19* >out && grep "another Heron by ann" out &&
	vvault ls --json heron construct | jq -e ".state.persona.creator == \"ann\"" &&
	vvault ls --json heron-2 construct | jq -e ".state.persona.creator == \"bob\" and
		(.state.persona.extensions | has(\"depth_prompt\") | not)"
'

test_case '20: three swipes with their own times; an overwritten chat is refused' '
	need_shared && new_vault && vvault import "$field"/20*/Heron*.jsonl >out &&
	grep "1 turn names an alternative that is not there" out &&
	vvault ls --json heron message | jq -s "map(.state) | sort_by(.index, .native.swipe_id)" >m &&
	jq -e "[.[] | select(.index == 0) | .created[11:19]] == [\"10:00:00\", \"10:01:00\", \"10:02:00\"]" m &&
	jq -e "any(.native.swipe_id == 5)" m &&
	jq -e "[.[] | select(.content | test(\"^HIDDEN\")) | .visibility] == [\"hidden\"]" m &&
	jq -e "[.[] | select(.content | test(\"^NARRATOR\")) | .role] == [\"system\"]" m &&
	vvault read "$(vvault ls --json heron session | jq -r .entity)" >shown && grep "branch . of 3" shown &&
	expect_exit 1 vvault import "$field"/20*/overwritten.jsonl >out && grep "it was overwritten" out
'

test_case '37: what was injected is no word of the person' '
	need_shared && new_vault && vvault import "$field"/37* >/dev/null &&
	vvault export claude --format claude | jq -cS . >back &&
	jq -cS . "$field"/37*/conversations.json | cmp - back &&
	vvault ls --json claude message | jq -se "all(.state.content | test(\"injected\") | not)"
'

done_testing
