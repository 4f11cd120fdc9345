#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# What a person saw of sessions of Claude Code, counted by other means: what
# stands in the lines of the file, in its order.

# seen.jq: [session, text] for each prompt that was typed and each text of an
# answer. What a program put into a prompt stands in tags; a line that stands
# there twice counts once; a prompt that was edited, and what followed it, was
# taken back where another one stands in its place.
cat >"$tap_root/seen.jq" <<'END'
def session: .sessionId + (if .agentId and .isSidechain
	then ":agent-" + .agentId else "" end);
def blocks: .message.content | if type == "string" then [.]
	else [.[]? | select(.type == "text") | .text] end;
def result: .message.content | type == "array" and
	any(.[]; .type == "tool_result");
def untagged: gsub("<(?<tag>[a-z][a-z_-]*)>(.|\n)*?</\\k<tag>>"; "") |
	sub("^\\s+"; "") | sub("\\s+$"; "");
def prompt: .type == "user" and (result | not) and (.isMeta | not) and
	(.isCompactSummary | not) and (.isVisibleInTranscriptOnly | not);
def texts: if .type == "assistant" then blocks[]
	elif prompt then blocks[] | untagged |
		select(startswith("[Request interrupted by user") | not)
	else empty end;
[inputs | if .loglines then .loglines[] else . end |
	select(type == "object" and .sessionId)] |
reduce .[] as $r ({seen: {}, list: []};
	if $r.uuid and .seen[$r.uuid] then .
	else (if $r.uuid then .seen[$r.uuid] = true else . end) |
	.list += [$r] end) | .list |
map(select((.isSidechain and (.agentId | not)) | not)) as $all |
([$all | to_entries[] | select(.value | prompt and .parentUuid) |
	{parent: .value.parentUuid, at: .key}] | group_by(.parent) |
	map(map(.at) | select(length > 1)) |
	map([range(.[0]; .[-1])]) | add // []) as $gone |
$all | to_entries | map(select(.key as $k | $gone | index($k) | not)) |
.[].value | [session] + [texts] | select(length > 1) |
[.[0], .[1:][]] | .[0] as $s | .[1:][] | select(test("\\S")) | [$s, .]
END
# lost.jq: those of $seen that do not stand, in their order, on the branch that
# their session shows.
cat >"$tap_root/lost.jq" <<'END'
map(select(.kind != "source")) as $all |
($all | map({key: .entity, value: .state}) | from_entries) as $of |
($all | map(select(.kind == "session") | {key: .entity[20:], value:
	[[.state.active | recurse($of[.].parent; . != null) |
		select($of[.]) | $of[.].content] | reverse |
		.[] | select(type == "string")]}) | from_entries) as $shown |
reduce $seen[] as $one ({at: {}, lost: []};
	$one[0] as $s | $one[1] as $text | ($shown[$s] // []) as $branch |
	(first(range(.at[$s] // 0; $branch | length) |
		select(. as $i | $branch[$i] | index($text))) // null) as $i |
	if $i then .at[$s] = $i else .lost += [$one] end) | .lost[]
END
export seen="$tap_root/seen.jq" lost="$tap_root/lost.jq"

# all_shown <file>: how many texts a person saw of it goes to the file counts.
all_shown() {
	jq -nc -f "$seen" "$1" >seen || return
	rm -rf v && vvault init --plain v >/dev/null 2>&1 &&
	{ vvault -C v import --json "$1" >out || test $? -eq 3; } &&
	vvault -C v ls --json claude-code >all &&
	jq -sc --slurpfile seen seen -f "$lost" all >lost &&
	wc -l <seen >>counts && test ! -s lost || {
		echo "of $1 are not shown:"
		head -c 2000 lost
		return 1
	}
}

test_case 'real sessions: all that was typed and answered is on the shown branch' '
	need_shared
	data=$VV_SHARED/data
	printf "%s\n" "$data"/claude-code/sessions/*.jsonl \
		"$data"/claude-code/snapshots/*/*.jsonl | some >files
	while read -r file; do
		all_shown "$file" </dev/null || exit 1
	done <files
	test "$(awk "{ n += \$1 } END { print n }" counts)" -gt $(($(wc -l <files) * 15))
'

test_case 'fixtures, and what the program itself wrote' '
	need_shared
	data=$VV_SHARED/data
	for file in "$data"/claude-code-fixtures/*.json* \
		"$data"/claude-code-fixtures/vscode/*.jsonl \
		"$data"/claude-code-fixtures/vscode/*/subagents/*.jsonl \
		"$data"/agents/claude-code*/home/.claude/projects/*/*.jsonl \
		"$data"/polylogue-fixtures/*/normalization-*.jsonl \
		"$data"/polylogue-fixtures/*/claude-code-session.jsonl; do
		all_shown "$file" || exit 1
	done
	test "$(awk "{ n += \$1 } END { print n }" counts)" -gt 50
'

test_case 'what came from the field' '
	need_shared
	for file in "$VV_SHARED"/field/*-cc-*/*.jsonl \
		"$VV_SHARED"/field/*-cc-*/*/*.jsonl; do
		case $file in
		*journal*) continue ;;
		esac
		test ! -e "$file" || all_shown "$file" || exit 1
	done
	test "$(awk "{ n += \$1 } END { print n }" counts)" -gt 20
'

test_case 'own sessions' '
	data=$VV_TOP/tests/data/claude-code
	for file in "$data"/project/*.jsonl "$data"/project/*/subagents/*.jsonl \
		"$data/web.json"; do
		all_shown "$file" || exit 1
	done
	test "$(awk "{ n += \$1 } END { print n }" counts)" -gt 10
'

done_testing
