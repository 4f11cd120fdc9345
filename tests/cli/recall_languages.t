#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# Words as they are written in the languages of the world, and in code.

# keep <name> <text>: the memory of that name says it.
keep() {
	jq -nc --arg text "$2" '{content: $text}' >"$1.json" &&
	vvault add nova memory:create --entity "memory:$1" "$(cat "$1.json")" >/dev/null
}

begin() {
	new_vault && vvault add --new nova memory:create "{\"content\":\"filler\"}" >/dev/null
}

# finds <name> <words>...: each of them finds it alone.
finds() {
	name=$1
	shift
	for word; do
		vvault recall --json --construct nova "$word" >got 2>/dev/null &&
		test "$(jq -r .entity got)" = "memory:$name" || {
			echo "'$word' finds '$(jq -r .entity got | tr '\n' ' ')', not $name"
			return 1
		}
	done
}

# shows <words> <text>: what a person is shown of it on a terminal.
shows() {
	script -qec "vvault recall --construct nova $1" typescript >/dev/null &&
	tr -d "\r" <typescript | grep -F "   $2" >line || { cat typescript; return 1; }
}

test_case 'English: forms of a word, apostrophes, hyphens' '
	begin && keep a "The children'"'"'s well-known stories were written by foxes" &&
	finds a children story stories well-known known fox "\"well-known stories\"" foxes
'

test_case 'German: forms, umlauts, and words inside compounds where nothing says them' '
	begin && keep a "Die Cocktailtomaten wachsen im Gewächshaus, und die Häuser sind schön" &&
	keep b "Wir haben die Straßenbahnhaltestelle gefunden" &&
	finds a Haus haus Cocktailtomate wachsen WACHSEN schöne Tomaten Gewächs &&
	finds b Straßenbahnhaltestellen Haltestelle Bahn
'

test_case 'French, Spanish, Russian: forms of a word' '
	begin && keep fr "Les maisons de la rue sont belles et les jardins sont grands" &&
	keep es "Los perros de la casa estaban cansados por el calor" &&
	keep ru "Мы видели больших собак и белые дома в этом городе" &&
	finds fr maison jardin && finds es perro cansado && finds ru собака дом
'

test_case 'Chinese and Japanese: words of two characters inside a run, and one' '
	begin && keep zh "我昨天在北京大学图书馆看书，天气很好。" &&
	keep ja "明日は東京タワーに行きます。人々が多い。" && keep ko "우리는 도서관에서 책을 읽었다" &&
	finds zh 北京 大学 图书 书馆 昨天 天气 图书馆 书 && finds ja 東京 明日 タワー 行き 人々 &&
	finds ko 도서관 도서 && shows 图书馆 "我昨天在北京大学图书馆看书，天气很好。" &&
	test "$(vvault recall --json nova 图书馆 | jq -c .marks)" = "[[24,33]]"
'

test_case 'phrases and unwanted words inside a run' '
	begin && keep ja "明日の天気はどうですか？東京タワーに行きたいです。" && keep b "東京の天気" &&
	finds ja "\"東京タワー\"" "\"明日の天気\"" "東京 \"行きたい\"" "天気 -東京の" &&
	finds b "東京 -タワー" "天気 -明日" "\"東京の\"" &&
	test "$(vvault recall --json --construct nova "\"東京\"" | wc -l)" = 2
'

test_case 'Thai and Hindi' '
	begin && keep th "ฉันเห็นแมวดำในสวน" && keep hi "मुझे हिन्दी में किताब पढ़ना पसंद है" &&
	finds th แมว สวน && finds hi हिन्दी किताब
'

test_case 'right to left: found, with and without vowel signs; marks of direction are escaped' '
	begin && keep ar "قرأت كِتَابًا في مدرسة أحمد" && keep he "שָׁלוֹם לכולם בגינה" &&
	finds ar مدرسة احمد قرات && finds he שלום בגינה &&
	keep evil "$(printf "lizard \342\200\256gnirts\342\200\254 \342\201\246x\342\201\251")" &&
	shows lizard "lizard \\u{202e}gnirts\\u{202c} \\u{2066}x\\u{2069}" &&
	shows שלום "שָׁלוֹם לכולם בגינה"
'

test_case 'code: snake_case, CamelCase, paths; whole and in parts' '
	begin && keep a "call read_file from src/loader/Main.c and parseHTTPHeader in std::vector" &&
	keep b "the flag --no-pager of git-log, foo.bar@example.org and x86_64" &&
	finds a read_file file src/loader/Main.c main.c loader parseHTTPHeader parsehttpheader \
		header http std::vector vector &&
	finds b no-pager pager git-log foo.bar@example.org example x86_64
'

test_case 'emoji' '
	begin && keep a "🌧️ in the garden, 👍🏽" && keep b "👩‍💻 from 🇩🇪" &&
	finds a 🌧️ 🌧 👍 👍🏿 && finds b 💻 🇩🇪 👩‍💻 && shows 👍 "🌧️ in the garden, 👍🏽"
'

test_case 'numbers: whole, in parts, in other digits' '
	begin && keep a "pi is 3.14159, invoice 2024-0815 costs 1,250 and ４２" &&
	keep b "الرقم ٧٧" &&
	finds a 3.14159 14159 2024-0815 0815 250 42 && finds b 77 ٧٧
'

done_testing
