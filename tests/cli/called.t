#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# renamed: a vault whose one construct, nova, is called stella, and one that
# is called as its id.
renamed() {
	vvault init --name laptop v >/dev/null &&
	vvault -C v add --new nova memory:create "{\"content\":\"likes tea\"}" >/dev/null &&
	vvault -C v add --new wren memory:create "{\"content\":\"likes rain\"}" >/dev/null &&
	vvault -C v construct rename nova stella >/dev/null
}

begin() {
	once renamed && export VVAULT_DIR="$PWD/v"
}

test_case 'status and log say what it is called, to programs its id too' '
	begin && vvault status >out && grep -q "^           stella  .*1 memory" out &&
	grep -q "^           wren  " out && ! grep -q nova out &&
	says "[.newest[] | [.construct, .called]] | sort == [[\"nova\",\"stella\"],[\"wren\",null]]" vvault status --json &&
	vvault log >out && test "$(grep -c "  stella  #" out)" -eq 2 && ! grep -q "  nova  " out &&
	says "select(.construct == \"nova\") | .called == \"stella\"" vvault log --json stella
'

test_case 'versions of vault say in words what they did' '
	vvault init --name laptop v >/dev/null 2>&1 && export VVAULT_DIR="$PWD/v" &&
	phone=$(as phone vvault init other >/dev/null 2>&1 && as phone vvault key show | head -n 1) &&
	vvault member add --name phone "$phone" >/dev/null && vvault member role --yes "$phone" reader >/dev/null &&
	vvault member rename phone tablet >/dev/null &&
	vvault log vault >out && sed "s/.*  vault  #/#/" out >told && {
		echo "#4 laptop  tablet was given a name"
		echo "#3 laptop  tablet is reader from now on"
		echo "#2 laptop  tablet was added as writer"
		echo "#1 laptop  the vault was made; laptop was added as owner"
	} >want && cmp want told && vvault log --oneline vault >out && grep -q "  the vault was made; laptop" out &&
	says "has(\"told\") | not" vvault log vault --json &&
	as phone vvault -C v log vault >out && test "$(wc -l <out)" -eq 4
'

test_case 'stats, the last import, show of an entity' '
	begin && vvault stats --by construct >out && grep -q "^stella " out && grep -q "^wren " out && ! grep -q "^nova" out &&
	says -s "map([.group, .called]) | sort == [[\"nova\",\"stella\"],[\"wren\",null]]" vvault stats --by construct --json &&
	printf "%s\n" "{\"at\":\"2026-01-01T00:00:01.000000Z-0000-00000000\",\"data\":{\"content\":\"hi\"},\"entity\":\"memory:x/1\",\"prev\":[],\"type\":\"memory:create\"}" >m.jsonl &&
	vvault import --construct stella --format jsonl m.jsonl | head -n 1 | grep -q "^stella " &&
	vvault status | grep -q "^import .*: 1 new record for stella$" &&
	says ".import.constructs == [\"nova\"] and .import.called == [\"stella\"]" vvault status --json &&
	vvault show stella memory:x/1 | grep -qx "construct  stella (nova)"
'

test_case 'verify names sets by both' '
	begin && vvault verify --full >out && grep -q "^set of .nova., called .stella.: " out && grep -q "^set of .wren.: " out &&
	says ".called == {nova: \"stella\"} and (.sets | has(\"nova\"))" vvault verify --full --json
'

test_case 'construct show says both' '
	begin && vvault construct show stella | head -n 1 | grep -qx "stella (its id is nova)"
'

test_case 'push, clone, pull and status by remotes' '
	begin && git init -q --bare remote && vvault remote add there "$PWD/remote" &&
	vvault status | grep -q "stella 2" &&
	vvault push >out && grep -q "^stella, new: " out && ! grep -q nova out &&
	vvault clone remote w >out && vvault -C w status >status && grep -q stella status &&
	vvault add stella memory:create "{\"content\":\"a\"}" >/dev/null &&
	vvault push >out && grep -q "^stella: 1 memory" out &&
	vvault -C w pull >out && grep -q "^stella: 1 memory" out && ! grep -q nova out &&
	vvault add nova memory:create "{\"content\":\"b\"}" >/dev/null && vvault push >/dev/null &&
	says -s "any(.construct == \"nova\" and .called == \"stella\")" vvault -C w pull --json
'

test_case 'undo --list, undo and what is remembered' '
	begin && vvault remember stella "likes salt" >out && grep -q "  remembered in stella$" out &&
	vvault undo --list >out && grep -q " -> stella" out && ! grep -q -- "-> nova" out &&
	vvault undo --list --json | jq -se "map(select(.command | startswith(\"construct rename\")))[0] | .constructs == [\"nova\"] and .called == [\"stella\"]" &&
	vvault undo >out && grep -q "^  stella: " out
'

test_case 'an export has its name as its heading, and its id in commands' '
	begin && vvault export stella --format markdown >out && head -n 1 out | grep -qx "# stella" &&
	vvault export stella --format html -o pages >/dev/null && grep -q "<h1>stella</h1>" pages/index.html
'

done_testing
