# Row of bench.sh: how well recall finds what answers a question, on LoCoMo (a
# construct for each dialogue, then all in one) and on BEAM, beside counting
# words as with grep, and SQLite's FTS5. The figures are shares, not times.

recall_data=${VV_SHARED:-$VV_TOP/../shared}/data

# Questions with the ends of the entities that answer them.
locomo_questions() {
	jq -r --arg pooled "$1" '.[] | .sample_id as $id | .qa[] |
		([.evidence[]? | scan("D[0-9]+:[0-9]+")] | unique) as $answers |
		select($answers | length > 0) |
		[if $pooled == "" then $id else $pooled end,
		 (.question | tostring | gsub("[\\s\"]+"; " ")),
		 ($answers | map(capture("D(?<s>[0-9]+)") as $s |
			"\($id)%2fsession_\($s.s)/\(.)") | join(" "))] | join("\t")' \
		"$recall_data/locomo/locomo5.json"
}

beam_questions() {
	jq -r --arg construct "$1" '[.[][] | select(.source_chat_ids != null)] | .[] |
		([.source_chat_ids | .. | numbers] | unique) as $answers |
		select($answers | length > 0) |
		[$construct, (.question | gsub("[\\s\"]+"; " ")),
		 ($answers | map(tostring) | join(" "))] | join("\t")' "$2"
}

# construct, key, text of each turn.
locomo_turns() {
	jq -r '.[] | .sample_id as $id | .conversation | to_entries[] |
		select((.key | test("^session_[0-9]+$")) and (.value | type == "array")) |
		.key as $session | .value[] |
		[$id, "\($id)%2f\($session)/\(.dia_id)", (.text | gsub("[\\s\"]+"; " "))] |
		join("\t")' "$recall_data/locomo/locomo5.json"
}

# Questions without the commonest words, which tell nothing.
without_stops() {
	awk -F '\t' 'BEGIN {
		n = split("a an and are as at be by did do does for from had has have he her his how i in is it its my of on or she that the their they this to was we were what when where which who why will with would you your", list, " ")
		for (i = 1; i <= n; i++)
			stop[list[i]] = 1
	}
	{
		text = tolower($2)
		gsub(/[^a-z0-9]+/, " ", text)
		n = split(text, words, " ")
		text = ""
		for (i = 1; i <= n; i++)
			if (!(words[i] in stop))
				text = text " " words[i]
		print $1 "\t" text "\t" $3
	}' "$1"
}

# R@5 and MRR of turns where a turn counts the words that it shares.
by_words() {
	awk -F '\t' '
	function split_words(text, list) {
		gsub(/[^a-z0-9]+/, " ", text)
		return split(text, list, " ")
	}
	NR == FNR {
		n[$1]++
		key[$1, n[$1]] = $2
		words[$1, n[$1]] = " " tolower($3) " "
		gsub(/[^a-z0-9]+/, " ", words[$1, n[$1]])
		next
	}
	{
		split("", score); split("", want)
		all = split_words(tolower($2), asked)
		wanted = split($3, answers, " ")
		for (i = 1; i <= wanted; i++)
			want[answers[i]] = 1
		top = 0
		for (t = 1; t <= n[$1]; t++) {
			score[t] = 0
			for (i = 1; i <= all; i++)
				score[t] += index(words[$1, t], " " asked[i] " ") > 0
			if (score[t] > top)
				top = score[t]
		}
		found = first = place = 0
		for (s = top; s > 0; s--)
			for (t = 1; t <= n[$1]; t++) {
				if (score[t] != s)
					continue
				place++
				if (!(key[$1, t] in want))
					continue
				if (!first)
					first = place
				found += place <= 5
			}
		share += found / wanted
		rank += first ? 1 / first : 0
		questions++
	}
	END { printf "%.3f %.3f\n", share / questions, rank / questions }' "$1" "$2"
}

by_fts5() {
	awk -F '\t' '{
		match_words = tolower($2)
		gsub(/[^a-z0-9]+/, " ", match_words)
		gsub(/^ | $/, "", match_words)
		gsub(/ /, " OR ", match_words)
		n = split($3, answers, " ")
		print NR "\t" $1 "\t" tolower(match_words) >"fts.questions"
		for (i = 1; i <= n; i++)
			print NR "\t" answers[i] >"fts.answers"
	}' "$2"
	sed -i 's/ or / OR /g' fts.questions
	rm -f fts.db
	sqlite3 fts.db <<-END
	.mode tabs
	CREATE VIRTUAL TABLE turns USING fts5(construct UNINDEXED, key UNINDEXED,
		text, tokenize = 'porter unicode61');
	CREATE TABLE questions (id INTEGER, construct TEXT, words TEXT);
	CREATE TABLE answers (id INTEGER, key TEXT);
	.import $1 turns
	.import fts.questions questions
	.import fts.answers answers
	CREATE TABLE hits AS SELECT q.id AS id, t.key AS key, t.rank AS score
		FROM questions q JOIN turns t ON t.text MATCH q.words
		WHERE t.construct = q.construct;
	CREATE TABLE places AS SELECT id, key, row_number() OVER
		(PARTITION BY id ORDER BY score) AS place FROM hits;
	CREATE TABLE each AS SELECT a.id AS id,
		avg(ifnull(p.place <= 5, 0)) AS share,
		ifnull(1.0 / min(p.place), 0) AS first
		FROM answers a LEFT JOIN places p ON p.id = a.id AND p.key = a.key
		GROUP BY a.id;
	.mode list
	.separator ' '
	SELECT printf('%.3f', avg(share)), printf('%.3f', avg(first)) FROM each;
	END
}

# figure <measure> <number of the figure> <target> [<others' figure>]: of asked.
figure() {
	row "$1" "$(echo "$figures" | cut -d ' ' -f "$2")" "${4:--}" \
		"$(echo "$figures" | cut -d ' ' -f "$2")" "at least $3"
}

bench_recall() {
	if test ! -f "$recall_data/locomo/locomo5.json"; then
		echo "(no LoCoMo here: the rows of recall are left out)"
		return 0
	fi
	vvault init recalled >out
	for id in $(jq -r '.[].sample_id' "$recall_data/locomo/locomo5.json"); do
		jq --arg id "$id" '[.[] | select(.sample_id == $id)]' \
			"$recall_data/locomo/locomo5.json" >"$id.json"
		vvault -C recalled import --construct "$id" "$id.json" >out 2>&1
	done
	vvault -C recalled import "$recall_data/locomo/locomo5.json" >out 2>&1
	locomo_questions "" >asked.tsv
	locomo_turns >turns.tsv
	without_stops asked.tsv >plain.tsv
	words=$(by_words turns.tsv plain.tsv)
	if command -v sqlite3 >/dev/null; then
		fts=$(by_fts5 turns.tsv plain.tsv)
	else
		echo "(no sqlite3 here: FTS5 is left out)"
		fts='- -'
	fi
	echo "(turns R@5 and MRR: counting words, as grep can, $words; FTS5 $fts)"
	figures=$(asked recalled "$VVAULT_KEYS" asked.tsv)
	figure "recall, LoCoMo: turn R@5" 2 .74 "${words% *}"
	figure "  turn MRR" 3 .62 "${words#* }"
	figure "  session any@1" 4 .76
	figure "  session any@5" 5 .94
	locomo_questions locomo >pooled.tsv
	figures=$(asked recalled "$VVAULT_KEYS" pooled.tsv)
	figure "  pooled: session R@5" 6 .885
	figure "  pooled: session MRR" 7 .83
	for chat in "$recall_data"/beam/100K/*; do
		id=beam-$(basename "$chat")
		vvault -C recalled import --construct "$id" "$chat/chat.json" \
			>out 2>&1
		beam_questions "$id" "$chat/probing_questions.json"
	done >beam.tsv
	figures=$(asked recalled "$VVAULT_KEYS" beam.tsv)
	figure "recall, BEAM: turn R@5" 2 .47
	figure "  turn MRR" 3 .54
}
