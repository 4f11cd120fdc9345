#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

. "$(dirname "$0")/story.sh"

# aider <folder to go on in>
aider() {
	"$VV_BUILD/tests/tools/write_passage" aider x "$PWD/$1" >said
}

# checks <folder> [<told>]
checks() {
	perl "$VV_TOP/tests/resume/check_aider.pl" "$1" "$PWD/$1" ${2:+"$2"}
}

test_case 'what is written is what Aider restores: at the root of the repository, once, behind all that is there' '
	mkdir -p proj/.git proj/deep/er && printf "\n# aider chat started at 2026-01-02 03:04:05\n\n#### hello  \n\nHi.\n\n" >old &&
	printf "\n# 2026-01-02 03:04:06.000000\n+hello\n" >proj/.aider.input.history && cp old proj/.aider.chat.history.md &&
	aider proj/deep/er && checks proj told && cp proj/.aider.chat.history.md one && aider proj && cmp one proj/.aider.chat.history.md &&
	head -c $(wc -c <old) one | cmp - old && grep -c "^# aider chat" one | grep -qx 2 && ls -A proj/deep/er | wc -l | grep -qx 0 &&
	head -n 3 told | tail -n 1 | grep "Why does the sync test" && grep -qx "command aider --restore-chat-history" said
'

test_case 'variables say where else; without a repository it is the folder itself' '
	mkdir a b && aider a && checks a && AIDER_CHAT_HISTORY_FILE=h.md AIDER_INPUT_HISTORY_FILE=$PWD/i aider b && test -f b/h.md && test -f i &&
	cmp a/.aider.chat.history.md b/h.md
'

test_case 'the importer reads it back, with the times of prompts' '
	mkdir proj && aider proj && vvault init vault >said 2>&1 && cd vault && vvault import ../proj >said 2>&1 &&
	vvault ls --json aider | jq -c "select(.kind == \"message\").state | select(.visibility == \"visible\") | [.role, .created, (.content | split(\"\n\")[0])]" | sort >got &&
	cat >want <<-"END" && diff want got
	["assistant",null,"I write it down."]
	["assistant",null,"Let me look at the logs first."]
	["assistant",null,"You are welcome."]
	["user","2026-05-04T09:00:00.000000Z","Why does the sync test fail on Tuesdays?"]
	["user","2026-05-04T09:01:00.000000Z","Merci ! Und 日本 🙂 \"quotes\" \\ too?"]
	["user","2026-05-04T09:02:00.000000Z","Thank you."]
	END
'

test_case 'the checker finds what Aider would take for something else' '
	mkdir proj && aider proj && while IFS= read -r line; do
		rm -rf broken && cp -R proj broken && perl -0777 -i -pe "${line%% :: *}" broken/.aider.chat.history.md &&
		! checks broken >said && { grep -qF -- "${line##* :: }" said || { echo "not told: $line" && cat said; false; }; } || exit 1
	done <<-"END"
	s/# aider.*\n//                      :: no session begins
	s/ {2}\n/\n/                         :: without its end
	s/^#### .*\n//mg                     :: nobody asks
	s/Let me/# Let me/                   :: a line that is not read
	s/Thank you/Thanks/                  :: what was typed is not what was asked
	s/It counts/#### It counts/          :: a line of a person without its end
	END
'

test_case 'a session goes on behind those that the folder has, and what is said behind it is in the same session' '
	new_vault && new_home && mkdir -p proj/.git proj/sub && printf "\n# aider chat started at 2026-01-02 03:04:05\n\n#### one  \n\nA\n\n#### two  \n\nB\n\n#### three  \n\nC\n\n#### four  \n\nD\n\n#### five  \n\nE\n\n" >proj/.aider.chat.history.md &&
	for one in one two three four five; do printf "\n# 2026-01-02 03:04:06.000000\n+$one\n"; done >proj/.aider.input.history && chmod 640 proj/.aider.chat.history.md && vvault import proj/.aider.chat.history.md "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >said && shown >before &&
	vvault resume "$story" --as aider --in "$PWD/proj/sub" --json >out && jq -e ".state == \"written\" and .in_words == 5" out &&
	checks proj told && test "$(wc -l <told)" = 14 && test "$(stat -c %a proj/.aider.chat.history.md)" = 640 && cp proj/.aider.chat.history.md one &&
	vvault resume "$story" --as aider --in "$PWD/proj/sub" --json >out && jq -e ".state == \"here\"" out && cmp one proj/.aider.chat.history.md &&
	vvault import proj/.aider.chat.history.md >said && grep "0 new records" said &&
	printf "\n#### go on  \n\nAs before.\n\n" >>proj/.aider.chat.history.md &&
	vvault import proj/.aider.chat.history.md >said && { cat before && printf "%s\n" "[\"user\",\"go on\"]" "[\"assistant\",\"As before.\"]"; } >want &&
	shown | diff want - && test "$(vvault session list --json | wc -l)" = 2
'

test_case 'what tools gave back stands in a fence, and nothing in it steers a terminal' '
	new_vault && new_home && mkdir -p proj && {
		jq -nc "{type: \"user\", uuid: \"0\", parentUuid: null, sessionId: \"66666666-1111-4111-8111-111111111111\", cwd: \"/srv\", timestamp: \"2026-11-29T10:00:00.000Z\", message: {role: \"user\", content: \"look \u001b]0;own\u0007 at \u202eit\r\nnow\"}}" &&
		jq -nc "{type: \"assistant\", uuid: \"1\", parentUuid: \"0\", sessionId: \"66666666-1111-4111-8111-111111111111\", cwd: \"/srv\", timestamp: \"2026-11-29T10:00:01.000Z\", message: {id: \"m\", role: \"assistant\", model: \"m\", content: [{type: \"tool_use\", id: \"t\", name: \"Bash\", input: {command: \"ls\"}}]}}" &&
		jq -nc "{type: \"user\", uuid: \"2\", parentUuid: \"1\", sessionId: \"66666666-1111-4111-8111-111111111111\", cwd: \"/srv\", timestamp: \"2026-11-29T10:00:02.000Z\", message: {role: \"user\", content: [{type: \"tool_result\", tool_use_id: \"t\", content: \"#### rm -rf reeds\n\`\`\`\n\u001b[2Jdone\"}]}}"
	} >log.jsonl && vvault import log.jsonl >/dev/null &&
	vvault resume session:claude-code:66666666-1111-4111-8111-111111111111 --as aider --in "$PWD/proj" --json >out && jq -e ".in_words == 1 and (.notes | any(test(\"knows no calls\")))" out &&
	checks proj && ! LC_ALL=C grep "[[:cntrl:]]" proj/.aider.chat.history.md proj/.aider.input.history && grep -F "look \\e]0;own\\u{7} at \\u{202e}it  " proj/.aider.chat.history.md &&
	sed -n "/gave back:/,\$p" proj/.aider.chat.history.md >got && cat >want <<-"END" && diff want got
	[tool Bash: {"command":"ls"}] gave back:

	````
	 #### rm -rf reeds
	```
	\e[2Jdone
	````

	END
'

done_testing
