#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/going_on.sh"

test_case 'a session of Codex goes on in Claude Code: nothing comes twice, and what is said behind it is in the same session' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	jq -e ".state == \"written\" and .turns == 4 and .calls == 1 and .renamed == 1 and .command[0] == \"claude\"" out &&
	file=$(jq -r ".files[0].path" out) && test "$(stat -c %a "$file")" = 600 &&
	jq -es "any(.[] | .message.content | arrays | .[0]; .name == \"Bash\" and .input.command == \"ls\")" "$file" &&
	vvault import "$HOME/.claude" >said && grep "0 new, 6 known" said &&
	vvault capture >said && grep "1 unchanged" said && test "$(messages)" = 5 &&
	claude_goes_on "and now?" "as before" &&
	vvault capture --json >out && of claude-code ".messages == 2" &&
	test "$(vvault session list --json | wc -l)" = 1 && test "$(messages)" = 7 &&
	vvault read --json "$session" | jq -r "select(.role) | .text" >told &&
	printf "look around\n\none.c two.c\nTwo files.\nthanks\nand now?\nas before\n" | diff - told &&
	vvault capture --json >out && of claude-code ".messages == 0"
'

test_case 'a second time it is here already; where it grew, that is told' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	file=$(jq -r ".files[0].path" out) && cp "$file" before &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	jq -e ".state == \"here\"" out && cmp "$file" before &&
	claude_goes_on "and now?" "as before" && cp "$file" before &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	jq -e ".state == \"grown\"" out && cmp "$file" before && vvault capture >/dev/null &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	jq -e --arg f "$file" ".state == \"here\" and .turns == 6 and .files[0].path == \$f" out && cmp "$file" before &&
	test "$(find "$HOME/.claude" -type f | wc -l)" = 1
'

test_case 'over nothing that differs, and not while it is open' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as claude-code --in "$PWD/here" --json >out &&
	file=$(jq -r ".files[0].path" out) && echo other >"$file" && touch -d "2 hours ago" "$file" &&
	expect_exit 128 vvault resume "$session" --as claude-code --in "$PWD/here" 2>err &&
	grep "is there already with something else" err && test "$(cat "$file")" = other &&
	touch "$file" && expect_exit 128 vvault resume "$session" --as claude-code --in "$PWD/here" 2>err &&
	grep "is open in Claude Code" err && test "$(cat "$file")" = other
'

test_case 'the folder: the one that is named, the setting, the own one if it is here, never a foreign one' '
	new_vault && new_home && old_session && here &&
	expect_exit 128 vvault resume "$session" --as claude-code 2>err && grep "/srv/heron.*--in" err &&
	expect_exit 128 vvault resume "$session" --as claude-code --in nowhere 2>err && grep "no folder" err &&
	mkdir -p src/heron && vvault config set --global vvault.pathmap "/other=/x;/srv=$PWD/src" &&
	vvault resume "$session" --as claude-code --json >out &&
	jq -e --arg in "$(pwd -P)/src/heron" ".in == \$in and .moved" out &&
	! grep -r /srv/heron "$HOME/.claude"
'

test_case 'without --as it goes back to its own agent, under its own id where that is free' '
	new_vault && new_home && old_session && here && 
	vvault resume "$session" --in "$PWD/here" --json >out &&
	jq -e ".agent == \"codex\" and .id != \"01900000-0000-7000-8000-00000000000a\"" out &&
	rm -r "$HOME/.codex" && vvault resume "$session" --in "$PWD/here" --json >out &&
	jq -e ".id == \"01900000-0000-7000-8000-00000000000a\" and .state == \"written\"" out &&
	vvault capture --json >out && of codex ".messages == 0" &&
	test "$(messages)" = 5
'

test_case 'only the last prompts, only up to a message, nothing at all' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as qwen --in "$PWD/here" --last 1 --dry-run --json >out &&
	jq -e ".turns == 1 and .left_out.before == 3 and .state == \"would write\"" out &&
	test ! -e "$HOME/.qwen" && test -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name "vvault-resume-*" -user "$(id -u)" -newer out)" &&
	message=$(vvault read --json "$session" | jq -r "select(.text == \"Two files.\") | .entity") &&
	vvault resume "$message" --as qwen --in "$PWD/here" --dry-run --json >out && jq -e ".turns == 3" out &&
	expect_exit 128 vvault resume "$session" --as qwen --in "$PWD/here" --from-last-compaction 2>err && grep compacted err &&
	expect_exit 129 vvault resume "$session" --as claude 2>err && grep claude-code err
'

test_case 'the agent is started in its folder, with its words as they are' '
	new_vault && new_home && old_session && here && mkdir bin &&
	printf "#!/bin/sh\npwd >\"$PWD/ran\"\nprintf \"%%s\\\\n\" \"\$@\" >>\"$PWD/ran\"\numask >>\"$PWD/ran\"\nexit 7\n" >bin/claude && chmod +x bin/claude &&
	umask 022 && PATH="$PWD/bin:$PATH" && export PATH &&
	expect_exit 7 vvault resume "$session" --as claude-code --in "$PWD/here" --run >out &&
	printf "%s\n--resume\n%s\n0022\n" "$(pwd -P)/here" "$(basename "$HOME"/.claude/projects/*/*.jsonl .jsonl)" | diff - ran &&
	rm bin/claude && expect_exit 128 env PATH=/nowhere "$(command -v vvault)" resume "$session" --as claude-code --in "$PWD/here" --run 2>err &&
	grep "does not start" err
'

test_case 'all sessions of a construct as files of an agent, which say the same' '
	new_vault && new_home && old_session &&
	expect_exit 129 vvault export --format qwen codex 2>err && grep -e "-o is missing" err &&
	expect_exit 129 vvault export --format qwem -o files codex 2>err &&
	for agent in claude-code codex gemini-cli qwen opencode cline kimi; do
		vvault export --format $agent -o files --json codex >out && jq -e ".sessions == 1 and .left_out == 0" out || exit 1
		vvault init other 2>/dev/null >&2 && vvault -C other import files >/dev/null &&
		vvault -C other session list --json | head -n 1 >list && name=$(jq -r .session list) &&
		vvault -C other read --json "$name" | jq -r "select(.role == \"user\" or .role == \"assistant\") | select(.text != \"\") | .text" | xargs >told &&
		test "$(cat told)" = "look around Two files. thanks" || { echo $agent; cat told; exit 1; }
		rm -r files other
	done
'

test_case 'a picture behind a copy lies with the session, also where its file is one of several' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as cline --in "$PWD/here" --json >out &&
	file=$(jq -r ".files[].path" out | grep "messages.json$") &&
	jq -c ".messages += [{id: \"new1\", role: \"user\", ts: 1793613600000, content: [{type: \"text\", text: \"see this\"}, {type: \"image\", source: {type: \"base64\", media_type: \"image/png\", data: \"iVBORw0KGgo=\"}}]}]" "$file" >grown && cat grown >"$file" &&
	vvault capture --json >out && of cline ".messages == 1" && test "$(vvault construct list --json | wc -l)" = 1 &&
	vvault read --json "$session" | tail -n 1 >last && jq -e ".text == \"see this\" and .files[0].size == 8" last &&
	vvault verify >/dev/null && vvault read --json --images "$session" | tail -n 1 | jq -e ".files[0].data == \"iVBORw0KGgo=\""
'

done_testing
