#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# A time before 2000 or after 2100 is a slip: unknown, kept as it was said, and
# told. Of one that is finer than a record's own times all digits are kept.

field=${VV_SHARED:+$VV_SHARED/field}
export field

# source <format> <time>: a small source of that format, with that time (JSON)
# in one message. To standard output.
source() {
	case $1 in
	chatgpt) printf '%s' "[{\"id\":\"c\",\"create_time\":1700000000,\"mapping\":{\"m\":{\"id\":\"m\",
\"parent\":null,\"children\":[],\"message\":{\"id\":\"m\",\"author\":{\"role\":\"user\"},
\"create_time\":$2,\"content\":{\"content_type\":\"text\",\"parts\":[\"Say\"]}}}},\"current_node\":\"m\"}]" ;;
	claude) printf '%s' "[{\"uuid\":\"c\",\"name\":\"n\",\"created_at\":\"2024-01-01T00:00:00.000000Z\",
\"chat_messages\":[{\"uuid\":\"m\",\"text\":\"Say\",\"sender\":\"human\",\"created_at\":$2}]}]" ;;
	claude-code) printf '%s\n' "{\"type\":\"user\",\"uuid\":\"m\",\"parentUuid\":null,\"sessionId\":\"c\",
\"timestamp\":$2,\"message\":{\"role\":\"user\",\"content\":\"Say\"}}" | tr -d '\n' ;;
	codex) printf '%s\n' '{"timestamp":"2024-01-01T00:00:00.000Z","type":"session_meta","payload":{"id":"c"}}' \
"{\"timestamp\":$2,\"type\":\"response_item\",\"payload\":{\"type\":\"message\",\"role\":\"user\",
\"content\":[{\"type\":\"input_text\",\"text\":\"Say\"}]}}" | sed 'N;N;s/,\n"content/,"content/' ;;
	grok) printf '%s' "{\"conversations\":[{\"conversation\":{\"id\":\"c\",\"title\":\"t\"},
\"responses\":[{\"response\":{\"_id\":\"m\",\"sender\":\"human\",\"message\":\"Say\",\"create_time\":$2}}]}]}" ;;
	mem0) printf '%s' "{\"results\":[{\"id\":\"m\",\"memory\":\"Say\",\"user_id\":\"u\",\"created_at\":$2}]}" ;;
	sillytavern) printf '%s\n' '{"user_name":"Ines","character_name":"Wren","create_date":"2024-01-01T00:00:00.000Z","chat_metadata":{}}' \
"{\"name\":\"Ines\",\"is_user\":true,\"send_date\":$2,\"mes\":\"Say\"}" ;;
	esac
}

# says <format> <time> <filter>: what comes of "Say" there.
says() {
	rm -rf t && vvault init t >/dev/null 2>&1 && source "$1" "$2" >said.json &&
	vvault -C t import --construct c --format "$1" --json said.json >out &&
	vvault -C t ls --json c | jq -se "map(.state | select(.content == \"Say\")) |
		length == 1 and (.[0] | $3)" >/dev/null || { cat out said.json; vvault -C t ls --json c; return 1; }
}

# told <count>: times that are none, of the last source.
told() {
	jq -e --argjson n "$1" ".sources[0].unlikely_times == \$n" out >/dev/null ||
		{ cat out; return 1; }
}
formats="chatgpt claude claude-code codex grok mem0 sillytavern"
export formats

test_case 'a time of long ago or far ahead is none, kept and told' '
	for format in $formats; do
		for time in 0001-01-01T00:00:00Z 1999-12-31T23:59:59.999Z \
			2101-01-01T00:00:00.000Z 3270-01-05T12:00:00.000Z; do
			says $format "\"$time\"" "has(\"created\") == false and
				(tostring | contains(\"$time\"))" && told 1 &&
			jq -e ".sources[0].unknown_times >= 1" out || exit 1
		done
	done
'

test_case 'the first and the last time that is one' '
	for format in $formats; do
		says $format "\"2000-01-01T00:00:00.000Z\"" "tostring | contains(\"2000-01-01\")" &&
		told 0 || exit 1
	done
'

test_case 'all digits of a fine time are kept' '
	for format in $formats; do
		says $format "\"2024-03-01T08:00:00.123456789Z\"" \
			"tostring | contains(\"2024-03-01T08:00:00.123456789Z\")" && told 0 || exit 1
	done &&
	says chatgpt 1709280000.123456789 ".created == \"2024-03-01T08:00:00.123456Z\"" &&
	vvault -C t export c --format chatgpt >back && grep -F "1709280000.123456789" back
'

test_case 'numbers that are no times, and how the report says it' '
	says chatgpt -62135596800 ".native.message.create_time == -62135596800" && told 1 &&
	says chatgpt 41024448000 ".native.message.create_time == 41024448000" && told 1 &&
	says chatgpt 0 ".native.message.create_time == 0 and (has(\"created\") | not)" && told 0 &&
	rm -rf t && vvault init t >/dev/null && vvault -C t import --construct c said.json >out &&
	expect_exit 1 grep "2100" out && source chatgpt 41024448000 >said.json &&
	vvault -C t import --construct c said.json >out && cat out &&
	grep "1 unknown time, 1 time before 2000 or after 2100" out &&
	vvault -C t import --construct c said.json >out && grep "1 time before 2000" out
'

test_case 'the times of the field: right ones right, nonsense unknown' '
	need_shared && new_vault &&
	vvault import --json "$field"/35-chatgpt-times/conversations.json >out &&
	jq -e ".sources[0].unlikely_times == 4 and .sources[0].imported == 21" out &&
	vvault ls --json chatgpt message | jq -c "select(.state.content != \"\").state |
		[.content, .created]" | sort >got && cat >want <<-\END &&
	["TIME exp","2026-05-28T20:26:40.500000Z"]
	["TIME far",null]
	["TIME isostring","2026-05-28T20:26:40.000000Z"]
	["TIME ms",null]
	["TIME negative",null]
	["TIME numstring","2026-05-28T20:26:40.500000Z"]
	["TIME zero",null]
	END
	diff want got
'

done_testing
