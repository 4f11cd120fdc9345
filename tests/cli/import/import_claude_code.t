#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data/claude-code
one=11111111-aaaa-4000-8000-000000000001
two=22222222-bbbb-4000-8000-000000000002
shared=${VV_SHARED:+$VV_SHARED/data}
export data one two shared

# talk [<vault>]: sessions and messages, without the sources.
talk() {
	for kind in session message; do
		vvault ${1:+-C "$1"} ls --json claude-code $kind
	done | jq -cS '[.entity, .state]' | sort
}

# state_of <end of an entity> [<filter>]: or whether that is true.
state_of() {
	vvault ls --json claude-code | jq -nc${2:+e} --arg e "$1" \
		"inputs | select(.kind != \"source\" and (.entity | endswith(\$e))) | .state${2:+ | $2}"
}

# ids: of all messages, without their sessions.
ids() {
	vvault ls --json claude-code message | jq -r '.entity | split("/")[1]' |
		sort
}

# path_of <session>: ends of the shown branch's messages, from the root.
path_of() {
	vvault ls --json claude-code >all.path
	jq -rs --arg s "session:claude-code:$1" '(map({key: .entity,
		value: .state}) | from_entries) as $all | [$all[$s].active |
		recurse($all[.].parent; . != null)] | reverse |
		map(.[-2:]) | join(" ")' all.path
}

# expected <file>: what must become of it, made by other means: one line
# [session/uuid, text of answers and of plain prompts, what the program wrote
# for itself] for each message. Where there is no uuid, the key is not told.
cat >"$tap_root/expected.jq" <<'END'
def about: (.type | IN("custom-title", "ai-title", "agent-name", "pr-link")) or
	(.type == "summary" and (.message | not));
# No prompt of these stands elsewhere.
def said: .operation == "enqueue" and (.content | startswith("<task-") | not);
def aside: (.type | IN("progress", "file-history-snapshot", "queue-operation",
		"last-prompt", "mode", "permission-mode")) and (said | not) or
	(.type == "system" and
	 (.subtype | IN("stop_hook_summary", "turn_duration")));
def session: .sessionId + (if .agentId and .isSidechain
	then ":agent-" + .agentId else "" end);
def texts: if (.message.content | type) == "string" then [.message.content]
	else [.message.content[]? | select(.type == "text") | .text] end;
# What a person typed, without what the program wrote around it.
def typed: if test("<command-name>/") then
		capture("<command-name>(?<text>[^<]*)</command-name>").text +
		((capture("<command-args>(?<text>[^<]+)</command-args>") |
		" " + .text) // "")
	elif test("^<local-command-stdout>") then .[22:-23]
	elif startswith("<system-reminder>")
	then split("</system-reminder>\n\n")[1]
	else . end;
def reminded: [.message.content[]? | .text? // empty] |
	any(startswith("<system-reminder>"));
def rest: del(.uuid, .sessionId, .timestamp, .parentUuid, .agentId,
	(.content | strings)) |
	# A null is in the record, but no state has any.
	walk(if type == "object" then with_entries(select(.value != null))
	     else . end);
[inputs | if .loglines then .loglines[] else . end] |
(map(select(.sessionId)) | last | session) as $own |
reduce .[] as $r ({seen: {}, list: []};
	if $r.uuid and .seen[$r.uuid] then .
	else (if $r.uuid then .seen[$r.uuid] = true else . end) |
	.list += [$r] end) | .list | map(select(about | not)) |
to_entries | map(.key as $n | .value + {group: (.value |
	if .type == "assistant" and .message.id
	then [session, .message.id, .requestId] else $n end)}) |
group_by(.group) | map(sort_by(.nr)) |
map((.[0] | [(if .sessionId then session else $own end) + "/" +
		(.uuid // "")]) +
	(if .[0] | aside
	 then [.[0].content // "", (.[0] | del(.group) | rest)]
	 elif .[0] | said
	 then [.[0].content, null]
	 elif .[0].type == "assistant"
	 then [([.[] | texts[]] | join("\n\n")), null]
	 elif .[0].type == "user" and (.[0].message.content | type) == "string"
	 then [(.[0].message.content | typed), null]
	 elif .[0].type == "user" and (.[0] | reminded)
	 then [(.[0] | [texts[] | select(startswith("<system-reminder>") | not) |
		typed] | join("\n\n")), null]
	 else [null, null] end)) | sort | .[]
END
# What a vault has, told in the same way: nothing that the program wrote for
# itself is anything but a system's message that nothing else leads back to.
cat >"$tap_root/got.jq" <<'END'
def aside: .native.record | (.type | IN("progress", "file-history-snapshot",
		"queue-operation", "last-prompt", "mode", "permission-mode")) or
	(.type == "system" and
	 (.subtype | IN("stop_hook_summary", "turn_duration")));
(map(select(.kind == "message" and .state.role == "system" and (.state | aside)) |
	{key: .entity, value: true}) | from_entries) as $asides |
[.[] | if .kind == "session"
	then select($asides[.state.active // ""]) | ["active is aside", .entity]
	elif .kind != "message" then empty
	elif $asides[.state.parent // ""]
	then ["parent is aside", .entity]
	else [(.entity[20:] | sub("/[0-9a-f]{32}(-[0-9]+)?$"; "/"))] +
	(if $asides[.entity] and .state.role == "system" and
	    .state.visibility == "meta" and .state.parts == null
	 then [.state.content,
		(.state.native.record | del(.parentUuid, .agentId))]
	 elif .state.role == "assistant" or
	    .state.native.record.type == "assistant" or .state.parts == null and
	    .state.role == "user" or
	    (.state.parts // [] | any(.type == "injected"))
	 then [.state.content, null]
	 else [null, null] end) end] | sort | .[]
END
export expect="$tap_root/expected.jq" tell="$tap_root/got.jq"

# only_copies <file of reports>: nothing was left out but what is there already.
only_copies() {
	jq -se '[.[].sources[] | .skipped[] | .reason | select(IN(
		"copy of a message of another session",
		"record whose uuid stands before in its file") | not)] == []' "$1"
}

# same_as_expected <file>: a vault of its own holds just that. What the import
# reports is added to the file reports.
same_as_expected() {
	rm -rf e && vvault init e >/dev/null &&
	vvault -C e import --json "$1" >e.out && test -s e.out &&
	cat e.out >>reports && jq -nSc -f "$expect" "$1" >e.want &&
	vvault -C e ls --json claude-code >e.all &&
	jq -sSc -f "$tell" e.all >e.got &&
	test -s e.want && cmp e.want e.got || {
		echo "not as expected: $1"
		diff e.want e.got | head
		return 1
	}
}

# stored <vault>: bytes of its objects.
stored() {
	git -C "$1" cat-file --batch-all-objects \
		--batch-check="%(objectsize:disk)" |
		awk "{ sum += \$1 } END { print sum }"
}

test_case 'lines of one answer become one message' '
	new_vault && vvault import --json "$data/project/$one.jsonl" >out &&
	jq -e ".construct == \"claude-code\" and .sources[0].imported == 23 and
		.sources[0].malformed == []" out &&
	state_of 0002 ".role == \"assistant\" and
		.content == \"I will look at two files.\" and
		(.parts | map(.type)) ==
			[\"thinking\", \"text\", \"tool_use\", \"tool_use\"] and
		.native.message.usage.output_tokens == 42 and
		.native.message.stop_reason == \"tool_use\" and
		(.native.lines | map(.uuid[-2:])) == [\"03\", \"04\", \"05\"] and
		.model == \"claude-test-1\" and .visibility == \"visible\""
'

test_case 'roles and visibility' '
	new_vault && vvault import "$data/project" >/dev/null &&
	vvault ls --json claude-code message |
		jq -r "[(.entity | split(\"/\")[1][34:]), .state.role, .state.visibility] | join(\" \")" |
		sort >got && cat >want <<-END &&
	 system meta
	 user visible
	01 user visible
	02 assistant visible
	06 system meta
	07 tool tool
	08 tool tool
	09 assistant visible
	10 system meta
	11 system meta
	12 user visible
	13 tool tool
	14 user meta
	15 user visible
	16 assistant visible
	17 user visible
	18 assistant visible
	19 system meta
	20 user meta
	21 system meta
	22 tool tool
	23 assistant visible
	31 user visible
	32 assistant visible
	41 user visible
	42 assistant visible
	END
	cmp want got
'

test_case 'the shown branch holds all results, joins over a compaction, and leaves the abandoned out' '
	new_vault && vvault import "$data/project/$one.jsonl" >/dev/null &&
	test "$(path_of $one)" = "01 02 07 08 09 12 13 14 17 18 e3 19 20 21 22 23" &&
	state_of 0016 ".parent | endswith(\"15\")"
'

test_case 'images are blobs, once' '
	new_vault && vvault import "$data/project/$one.jsonl" >/dev/null &&
	state_of 0008 >state && blob=$(jq -r ".parts[0].content[1].data[\"\$blob\"]" state) &&
	jq -e ".content == \"a frog\" and .parts[0].tool_use_id == \"toolu_two\" and
		.native.toolUseResult.data[\"\$blob\"] == .parts[0].content[1].data[\"\$blob\"]" state &&
	vvault cat "$blob" >image && grep -a "not really a picture" image
'

test_case 'what the program wrote for itself is kept, beside the talk' '
	new_vault && vvault import --json "$data/project/$one.jsonl" >out &&
	state_of 0006 ".role == \"system\" and .visibility == \"meta\" and
		.content == \"\" and (.parent | endswith(\"0002\")) and
		.created == \"2026-03-01T10:00:06.006000Z\" and
		(.native.record.parentUuid | endswith(\"0005\")) and
		.native.record.type == \"progress\" and
		.native.record.data == {hookEvent: \"PostToolUse\", type: \"hook_progress\"}" &&
	state_of 0011 ".native.record.durationMs == 1500 and
		.native.record.subtype == \"turn_duration\" and .content == \"\"" &&
	grep -a "\"queue-operation\"" "$data/project/$one.jsonl" | tr -d "\n" >line &&
	state_of "$one/$(sha256sum <line | cut -c 1-32)" ".content == \"later\" and
		.native == {record: {operation: \"enqueue\", type: \"queue-operation\"}}" &&
	grep -a "\"file-history" "$data/project/$one.jsonl" | tr -d "\n" >line &&
	state_of "$one/$(sha256sum <line | cut -c 1-32)" >state &&
	jq -e ".index == 0 and .parent == null and .role == \"system\"" state &&
	jq -S .native.record state >got && jq -S . line | cmp - got &&
	vvault ls --json claude-code message >all &&
	jq -se "[.[].state.parent // empty | .[-2:] |
		select(IN(\"06\", \"10\", \"11\"))] == []" all
'

test_case 'records that name no session are the file'"'"'s; where that names none, left out' '
	head -n 3 "$data/project/$one.jsonl" >bare.jsonl && new_vault &&
	vvault import --json bare.jsonl >out &&
	jq -e ".sources[0].imported == 0 and [.sources[0].skipped[] | [.reason, .count]] ==
		[[\"record of no session, in a file that names none\", 1]]" out &&
	printf "%s\n" "{\"type\":\"mode\",\"mode\":\"plan\"}" "{\"type\":\"mode\",\"mode\":\"plan\"}" \
		"{\"type\":\"permission-mode\",\"permissionMode\":\"ask\",\"sessionId\":\"$one\"}" >modes &&
	head -n 2 modes | cat - "$data/project/$two.jsonl" >other.jsonl &&
	cat modes "$data/project/$one.jsonl" modes >whole.jsonl &&
	for n in 4 6 9 20 32; do
		head -n $n whole.jsonl >part.jsonl &&
		vvault import part.jsonl >/dev/null || exit 1
	done && vvault import whole.jsonl >/dev/null && talk >grown &&
	rm -rf v && new_vault && vvault import --json whole.jsonl >out &&
	only_copies out && talk >alone && cmp grown alone &&
	vvault import --json other.jsonl >out && only_copies out &&
	vvault ls --json claude-code >all &&
	test "$(jq -r "select(.kind == \"session\") | .entity" all | wc -l)" -eq 2 &&
	jq -r "select(.state.native.record.type // \"\" | endswith(\"mode\")) |
		[.entity[20:24], .state.index, .state.role, .state.visibility,
		 (.state.native.record | .mode // .permissionMode)] | map(tostring) |
		join(\" \")" all | sort -n >got && cat >want <<-END && sort -n want | cmp - got
	1111 0 system meta plan
	1111 1 system meta plan
	1111 2 system meta ask
	1111 25 system meta plan
	1111 26 system meta plan
	1111 27 system meta ask
	2222 0 system meta plan
	2222 1 system meta plan
	END
'

test_case 'what is unknown is kept, what is left out is counted' '
	new_vault && vvault import --json "$data/project/$one.jsonl" >out &&
	state_of 0021 ".role == \"system\" and .visibility == \"meta\" and
		.native.record.type == \"brand-new\" and
		.native.record.flavour[\"\$\$odd\"] == 1" &&
	jq -e "[.sources[0].skipped[] | [.reason, .count]] | sort == [
		[\"record whose uuid stands before in its file\", 1]]" out &&
	state_of /a0000000-0000-4000-8000-000000000001 ".content | startswith(\"Plan a pond.\")" &&
	state_of "$one" ".title == \"The pond\" and
		.native.cwd == \"/boat/mira/garden\" and
		(.native.summaries | length) == 2 and (.active | endswith(\"0023\"))"
'

test_case 'a subagent has a session of its own' '
	new_vault && vvault import "$data/project" >/dev/null &&
	state_of "$one:agent-a1b2c3" | jq -e --arg one "$one" \
		".parent == \"session:claude-code:\" + \$one and (.active | endswith(\":agent-a1b2c3/a0000000-0000-4000-8000-000000000042\"))"
'

test_case 'a fork keeps only what is its own, whatever the order of arguments' '
	new_vault && vvault import --json "$data/project/$one.jsonl" \
		"$data/project/$two.jsonl" >out && talk >first &&
	jq -e "[.sources[] | select(.path | contains(\"2222\")) | .skipped[] |
		select(.reason | startswith(\"copy of\"))][0].count == 7" out &&
	ids >ids &&
	test -z "$(uniq -d ids)" && test "$(wc -l <ids)" -eq 24 &&
	state_of 0031 | jq -e --arg one "$one" ".parent | contains(\$one)" &&
	state_of "$two" | jq -e --arg one "$one" ".parent == \"session:claude-code:\" + \$one and
		.title == \"Winter in the pond\"" &&
	test "$(path_of $two)" = "01 02 07 08 09 31 32" &&
	rm -rf v && new_vault && vvault import "$data/project/$two.jsonl" \
		"$data/project/$one.jsonl" >/dev/null && talk >second &&
	cmp first second
'

test_case 'a fork on another day is the same; its title comes when that is read again' '
	new_vault && vvault import "$data/project/$one.jsonl" "$data/project/$two.jsonl" >/dev/null &&
	talk >together && rm -rf v && new_vault &&
	vvault import "$data/project/$one.jsonl" >/dev/null &&
	vvault import "$data/project/$two.jsonl" >/dev/null && talk >apart &&
	sed "s/,\"title\":\"Winter in the pond\"//" together |
		sed "/^\[\"session.*$one\"/d" >want &&
	sed "/^\[\"session.*$one\"/d" apart >got && cmp want got &&
	cp "$data/project/$one.jsonl" grown.jsonl && echo >>grown.jsonl &&
	vvault import grown.jsonl >/dev/null && talk >apart && cmp together apart
'

test_case 'a fork that came first keeps what it brought: no message stands twice' '
	new_vault && vvault import "$data/project/$two.jsonl" >/dev/null &&
	vvault import "$data/project/$one.jsonl" >/dev/null &&
	ids >ids &&
	test -z "$(uniq -d ids)" && test "$(wc -l <ids)" -eq 24 &&
	test "$(path_of $one)" = "01 02 07 08 09 12 13 14 17 18 e3 19 20 21 22 23" &&
	test "$(path_of $two)" = "01 02 07 08 09 31 32" &&
	vvault import --json "$data/project" >out &&
	vvault import "$data/project/$two.jsonl" >/dev/null &&
	ids | uniq -d >doubles &&
	test ! -s doubles
'

test_case 'a torn tail is told, and comes whole the next time' '
	new_vault && expect_exit 3 vvault import --json "$data/torn.jsonl" >out &&
	jq -e ".sources[0].malformed | length == 1 and
		(.[0].reason | length > 0) and .[0].offset > 11000" out &&
	vvault import --json "$data/project/$one.jsonl" >out &&
	jq -e ".records.new == 2 or .records.new == 3" out && talk >grown &&
	rm -rf v && new_vault &&
	vvault import "$data/project/$one.jsonl" >/dev/null && talk >whole &&
	cmp grown whole
'

test_case 'a file that grows line by line ends as the whole' '
	new_vault && whole=$data/project/$one.jsonl &&
	for n in 3 4 5 6 7 9 11 14 20 24; do
		head -n $n "$whole" >part.jsonl &&
		vvault import part.jsonl >/dev/null || exit 1
	done && vvault import "$whole" >/dev/null && talk >grown &&
	head -n 6 "$whole" >part.jsonl && vvault import part.jsonl >/dev/null &&
	talk >after && cmp grown after &&
	rm -rf v && new_vault && vvault import "$whole" >/dev/null && talk >whole &&
	cmp grown whole
'

test_case 'a web session, a pipe' '
	new_vault && vvault import --json "$data/web.json" >out &&
	jq -e ".sources[0].imported == 4 and .sources[0].format == \"claude-code\"" out &&
	vvault ls --json claude-code message | jq -r "[.state.index, .state.role,
		.state.content] | join(\" \")" | sort >got &&
	printf "%s\n" "0 user Hello from the web." "1 assistant Hello." "2 tool pond.txt" |
		cmp - got &&
	vvault init w >/dev/null && vvault -C w import - <"$data/web.json" >/dev/null &&
	talk >file && talk w >pipe && cmp file pipe
'

test_case 'the same again makes no version; --since leaves old sessions out' '
	new_vault && vvault import "$data/project" >/dev/null &&
	vvault import --json "$data/project" >out && jq -e ".version == null" out &&
	touch -d 2020-01-01 x && cp -r "$data/project" copy &&
	printf "\n" >>"copy/$one.jsonl" &&
	vvault import --json copy >out &&
	jq -e ".records.new <= 1" out &&
	vvault init w >/dev/null &&
	vvault -C w import --json --since 2026-03-02 "$data/project/$one.jsonl" >out &&
	jq -e ".sources[0].imported == 0 and ([.sources[0].skipped[] |
		select(.reason | contains(\"--since\"))][0].count == 22)" out
'

test_case 'real sessions have just the messages that another reader finds' '
	need_shared
	for file in $(ls "$shared"/claude-code/sessions/*.jsonl \
		"$shared"/claude-code/snapshots/*/*.jsonl | some) \
		"$shared"/claude-code-fixtures/simonw_sample_session.jsonl \
		"$shared"/claude-code-fixtures/vscode/*.jsonl \
		"$shared"/claude-code-fixtures/vscode/*/subagents/*.jsonl \
		"$shared"/polylogue-fixtures/claude-code/normalization-*.jsonl \
		"$shared"/polylogue-fixtures/origin-capability/claude-code-session.jsonl
	do
		case $file in
		# Lines of two sessions: what the other file holds stays there.
		*/b02ed4d8*) continue ;;
		esac
		same_as_expected "$file" || exit 1
	done
	jq -se "all(.[]; .sources[0].format == \"claude-code\" and
		.sources[0].malformed == [])" reports && only_copies reports
'

test_case 'real sessions are those of prompts and answers, and no others' '
	need_shared
	new_vault && vvault import --json "$shared/claude-code" >out &&
	only_copies out && jq -e "[.sources[].malformed[]] == []" out &&
	cat "$shared"/claude-code/*/*.jsonl "$shared"/claude-code/*/*/*.jsonl |
		jq -r "select(.type | IN(\"user\", \"assistant\")) | .sessionId" |
		sort -u >want && test "$(wc -l <want)" -eq 25 &&
	vvault ls --json claude-code session | jq -r ".entity[20:]" | sort >got &&
	cmp want got
'

test_case 'fixtures with records that have no id, or an id twice' '
	need_shared
	new_vault && vvault import --json \
		"$shared/claude-code-fixtures/simonw_sample_session.json" >out &&
	want=$(jq ".loglines | length" "$shared/claude-code-fixtures/simonw_sample_session.json") &&
	jq -e --argjson n "$want" ".sources[0].imported == \$n + 1" out &&
	vvault import --json "$shared/polylogue-fixtures/claude-code/claude-normalization-main.jsonl" >out &&
	jq -e ".sources[0].imported == 15 and .sources[0].read == 15" out &&
	vvault ls --json claude-code message | jq -c .state.content >texts &&
	grep -F "Review the parser." texts && grep -F "Conflicting duplicate" texts
'

test_case 'snapshots add what is new, and end as the last one' '
	need_shared
	for series in "$shared"/claude-code/snapshots/*; do
		rm -rf v w && new_vault && before=
		for file in "$series"/*; do
			vvault import --json "$file" >out || exit 1
			# Only what was not there.
			case $series in *198393f2*) ;; *)
				now=$(jq -nc -f "$expect" "$file" | wc -l)
				# and the session, and the source
				test -z "$before" ||
					test "$(jq .records.new out)" -eq \
						$((now - before + 2)) || exit 1
				before=$now
			esac
			last=$file
		done
		case $series in
		# Windows of one session, which do not overlap.
		*198393f2*) continue ;;
		esac
		talk >grown && vvault init w >/dev/null &&
		vvault -C w import "$last" >/dev/null && talk w >whole &&
		cmp grown whole || exit 1
		# The whole series takes little more than its last file alone.
		grown=$(stored v) alone=$(stored w) &&
		test "$grown" -lt $((alone * 4 / 3)) || exit 1
	done
'

done_testing
