#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

# not_forged <file>: no line of it is from outside, and no byte is one that a
# terminal obeys.
not_forged() {
	! grep "^2026-11-30 10:00:00  forged" "$1" && ! LC_ALL=C grep "$(printf "[\001-\010\013-\037\177]")" "$1"
}

test_case 'a session comes in, grows, and is left alone' '
	new_vault && new_home && claude_says 1 null "the first words" | fill "$claude" &&
	vvault capture --json >out &&
	of claude-code ".sessions == {new: 1, grown: 0, unchanged: 0} and
		.messages == 1 and .unread == []" &&
	vvault capture --json >out &&
	of claude-code ".sessions == {new: 0, grown: 0, unchanged: 1} and .messages == 0" &&
	claude_says 2 1 "the second words" | fill "$claude" &&
	vvault capture --json >out &&
	of claude-code ".sessions == {new: 0, grown: 1, unchanged: 0} and .messages == 1" &&
	test "$(vvault log --oneline claude-code | wc -l)" = 2 &&
	vvault grep words | grep "the second"
'

test_case 'all agents come in together, in one version for each construct' '
	new_vault && new_home && one_of_each && vvault capture --json >out &&
	for agent in claude-code codex gemini-cli copilot-cli vscode-chat; do
		of $agent ".sessions.new == 1 and .messages > 0 and .unread == []" || exit 1
	done && for word in claude codex gemini copilot vscode; do
		vvault grep "of $word" >found && test -s found || { echo "$word"; exit 1; }
	done && for name in $(jq -r "select(.construct) | .construct" out); do
		test "$(vvault log --oneline $name | wc -l)" = 1 || exit 1
	done
'

test_case 'what each agent writes next is what comes next' '
	new_vault && new_home && one_of_each && vvault capture >/dev/null &&
	codex_says 2 "codex again" | fill "$codex" && gemini_says 2 "gemini again" | fill "$gemini" &&
	copilot_says 2 "copilot again" | fill "$copilot" && vvault capture --json >out &&
	for agent in codex gemini-cli copilot-cli; do
		of $agent ".sessions.grown == 1 and .messages == 1" || exit 1
	done && of claude-code ".sessions.unchanged == 1" && of vscode-chat ".sessions.unchanged == 1" &&
	vvault capture --json --agent codex --agent gemini-cli >out &&
	test "$(jq -r "select(.agent) | .agent" out | xargs)" = "codex gemini-cli"
'

# files_read: those of the home that a capture opened, but for lists of projects
# that may say where sessions are.
files_read() {
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
		strace -f -qq -e trace=openat -o trace vvault capture >/dev/null &&
	grep "\"$HOME/.*\.jsonl*\"" trace | grep -cvE "/(projects|trustedFolders|config|kimi|\.claude)\.json"
}

# none_is_read: once what was written lately is old enough to be known by its
# times.
none_is_read() {
	n=0
	until test "$(files_read)" = 0; do
		n=$((n + 1)) && test $n -lt 100 || return 1
	done
}

test_case 'only what has changed is read' '
	strace -qq -o /dev/null true 2>/dev/null || skip_case "no strace here"
	new_vault && new_home && one_of_each && vvault capture >/dev/null && none_is_read &&
	gemini_says 2 "more" | fill "$gemini" && test "$(files_read)" -gt 0 &&
	! grep "claude.*jsonl" trace && vvault grep more | grep gemini && none_is_read &&
	touch "$HOME/$codex" && test "$(files_read)" -gt 0 && none_is_read
'

test_case 'a change that leaves size and time as they were is seen' '
	new_vault && new_home && claude_says 1 null "a first word" | fill "$claude" && vvault capture >/dev/null &&
	cp -p "$HOME/$claude" before && for n in 1 2 3 4 5 6 7 8; do vvault capture >/dev/null; done &&
	sed "s/a first/another/" before >after && cat after >"$HOME/$claude" && touch -r before "$HOME/$claude" &&
	test "$(stat -c "%s %Y" before)" = "$(stat -c "%s %Y" "$HOME/$claude")" && vvault capture --json >out &&
	of claude-code ".sessions.grown == 1" && vvault grep another | grep another
'

test_case 'a last line that is cut waits for its end, and is told when none comes' '
	new_vault && new_home && claude_says 1 null "whole" | fill "$claude" &&
	printf "{\"type\":\"user\",\"uuid\":\"u2\",\"paren" | fill "$claude" &&
	vvault capture --json >out && of claude-code ".messages == 1 and .unread == []" &&
	printf "tUuid\":\"u1\",\"sessionId\":\"5e551000-0000-4000-8000-000000000001\",\"timestamp\":\"2026-11-01T10:00:02Z\",\"message\":{\"role\":\"user\",\"content\":\"now whole\"}}\n{\"ty" |
		fill "$claude" &&
	vvault capture --json >out && of claude-code ".messages == 1 and .unread == []" &&
	vvault grep "now whole" && touch -d "2 days ago" "$HOME/$claude" &&
	expect_exit 3 vvault capture --json >out &&
	of claude-code ".messages == 0 and (.unread | length) == 1 and (.unread[0].path | endswith(\".jsonl\"))"
'

# states <vault>: what is known of all that was said, without the files; but for
# titles, which the file of another session may give.
states() {
	for name in $(vvault -C "$1" construct list --json | jq -r .construct); do
		for kind in session message; do
			vvault -C "$1" ls --json $name $kind
		done
	done | jq -cS "[.entity, (.state | del(.title))]" | LC_ALL=C sort
}

# written: the sessions of the tests' own data in the order in which they were,
# each with its place below the home, and how many lines were written at once: a
# fork of Codex begins with all that it copies.
written() {
	data=$VV_TOP/tests/data
	one=11111111-aaaa-4000-8000-000000000001
	for name in $one $one/subagents/agent-a1b2c3 22222222-bbbb-4000-8000-000000000002; do
		echo "$data/claude-code/project/$name.jsonl .claude/projects/-p/$name.jsonl 1"
	done
	n=0
	for name in rollout fork legacy paginated; do
		n=$((n + 1))
		echo "$data/codex/$name.jsonl .codex/sessions/2026/11/01/rollout-2026-11-01T10-00-0$n-01900000-0000-7000-8000-00000000000$n.jsonl $(test $name = fork && echo 12 || echo 1)"
	done
}

test_case 'step by step it becomes what an import of all at the end becomes' '
	new_vault && new_home && written >files && while read -r from to first; do
		mkdir -p "$HOME/${to%/*}" && for line in 1 2 4 7 12 20 1000; do
			test $line -ge $first || continue
			head -n $line "$from" >"$HOME/$to" && { vvault capture >/dev/null || test $? = 3; } || exit 1
		done
	done <files && vvault init w >/dev/null && { vvault -C w capture >/dev/null || test $? = 3; } &&
	states v >steps && states w >once && test -s once && diff steps once
'

# many_say <lines>: a session of so many, on standard output.
many_say() {
	jq -nc --argjson n "$1" 'range(1; $n + 1) | {type: "user", uuid: "u\(.)",
		parentUuid: (if . > 1 then "u\(. - 1)" else null end),
		sessionId: "5e551000-0000-4000-8000-000000000001",
		timestamp: (1793527200 + . | todate), message: {role: "user", content: "n \(.)"}}'
}

# forks <digit>: another session that begins as that one, and goes on.
forks() {
	other=.claude/projects/-srv-heron/5e551000-0000-4000-8000-00000000000$1.jsonl
	head -n 5 "$HOME/$claude" | sed "s/0001\"/000$1\"/" | fill "$other" &&
	claude_says 9 5 "of its own" | sed "s/0001\"/000$1\"/; s/\"u9\"/\"v$1\"/" | fill "$other"
}

test_case 'what copies a session is told from it by what is remembered of all' '
	new_vault && new_home && many_say 1500 | fill "$claude" && vvault capture >/dev/null &&
	for n in 2 3 4 5; do
		forks $n && case $n in
		3) rm v/vvault/cache/kin-* ;;
		4) kin=$(ls v/vvault/cache/kin-*) && head -c 2000 "$kin" >cut && cat cut >"$kin" ;;
		esac && vvault capture --json >out && of claude-code ".messages == 1 and .sessions.new == 1" || exit 1
		test $n = 2 || ls v/vvault/cache/kin-* || exit 1
	done && ! grep -r 5e551000 v/vvault/cache && test "$(vvault ls claude-code message | wc -l)" = 1504
'

test_case 'what an agent deletes stays, and so does a whole folder that goes' '
	new_vault && new_home && one_of_each && vvault capture >/dev/null &&
	rm -r "$HOME/.claude" && rm "$HOME/$codex" && vvault capture --json >out &&
	test -z "$(jq -c "select(.agent == \"claude-code\")" out)" &&
	of codex ".sessions == {new: 0, grown: 0, unchanged: 0}" &&
	vvault grep "of claude" | grep claude && vvault grep "of codex" | grep codex
'

test_case 'links lead nowhere below a root, and a root may be one' '
	new_vault && new_home && mkdir elsewhere && claude_says 1 null "outside" >elsewhere/x.jsonl &&
	mkdir -p home/.claude/projects/-srv-heron && ln -s "$PWD/elsewhere" home/.claude/projects/-srv-link &&
	ln -s "$PWD/elsewhere/x.jsonl" home/.claude/projects/-srv-heron/y.jsonl &&
	vvault capture --json >out && of claude-code ".sessions.new == 0" &&
	mkdir -p moved/projects/-srv-heron && cp elsewhere/x.jsonl moved/projects/-srv-heron &&
	rm -r home/.claude && ln -s "$PWD/moved" home/.claude &&
	vvault capture --json >out && of claude-code ".sessions.new == 1"
'

test_case 'where the variable of an agent leads, and where it kept them before' '
	new_vault && new_home && one_of_each && mkdir -p other/projects/-srv-heron &&
	claude_says 1 null "of the other place" | sed s/0001/0002/ >other/projects/-srv-heron/z.jsonl &&
	CLAUDE_CONFIG_DIR=$PWD/other vvault capture --json --agent claude-code >out &&
	of claude-code ".sessions.new == 2"
'

test_case 'what is no session is told, and an empty one is not' '
	new_vault && new_home && : | fill "$claude" && vvault capture --json >out &&
	of claude-code ".sessions.new == 0 and .unread == []" &&
	echo "just words" | fill "$claude" && expect_exit 3 vvault capture --json >out &&
	of claude-code ".sessions.new == 0 and (.unread | length) == 1"
'

test_case 'a session without a message is looked at once' '
	new_vault && new_home && one_of_each &&
	echo "{\"type\":\"summary\",\"summary\":\"a title\",\"leafUuid\":\"nowhere\"}" |
		fill .claude/projects/-srv-heron/5e551000-0000-4000-8000-0000000000ff.jsonl &&
	vvault capture --json >out && vvault capture --json >out &&
	of claude-code ".sessions.unchanged == 2 and .unread == []"
'

test_case '--since, --construct, --dry-run' '
	new_vault && new_home && one_of_each && touch -d "2 days ago" "$HOME/$claude" &&
	vvault capture --json --dry-run >out && of codex ".sessions.new == 1" &&
	test -z "$(vvault construct list --json)" &&
	vvault capture --json --since yesterday >out && of claude-code ".sessions.new == 0" &&
	of codex ".sessions.new + .sessions.unchanged <= 1" &&
	vvault capture --construct heron >/dev/null && vvault grep --construct heron "of claude" &&
	vvault capture --json >out && of claude-code ".sessions.new + .sessions.grown == 1"
'

test_case 'a capture is undone as an import is, and may come again' '
	new_vault && new_home && one_of_each && vvault capture >/dev/null &&
	vvault undo --list >list && grep capture list && vvault undo &&
	test -z "$(vvault grep "of claude")" && vvault capture >/dev/null &&
	vvault grep "of claude" | grep claude
'

test_case 'shared: stores that agents wrote come in as what they are' '
	need_shared && new_vault && new_home && vvault init w >/dev/null &&
	for agent in claude-code claude-code-2.1.332 codex gemini-cli copilot-cli; do
		store=$VV_SHARED/data/agents/$agent && cp -r "$store/home/." home && chmod -R u+w home &&
		vvault -C w import "$store/home" >/dev/null || test $? = 3 || exit 1
	done && vvault capture --json >out && test "$(jq -s "map(.sessions.new // 0) | add" out)" = 5 &&
	states v >captured && states w >imported && test -s imported && diff captured imported &&
	vvault capture --json >out && test "$(jq -s "map(.messages // 0) | add" out)" = 0 &&
	test "$(jq -s "map(.sessions.unchanged // 0) | add" out)" = 5
'

test_case 'no name and no title makes a line of its own, also where no terminal is' '
	new_vault && new_home && forged="$(printf "x\n2026-11-30 10:00:00  forged\033[31m")" && mkdir -p "$HOME/.claude/projects/$forged" &&
	echo "no session" >"$HOME/.claude/projects/$forged/$forged.jsonl" &&
	claude_says 1 null "t\\u001b[31m" | fill "$claude" &&
	printf "%s\n" "{\"type\":\"summary\",\"summary\":\"ti\\ntle\\u001b[31m\",\"leafUuid\":\"u1\"}" | fill "$claude" &&
	expect_exit 3 vvault capture >out && cat out && grep "x.n2026-11-30 10:00:00  forged.e" out && not_forged out &&
	vvault session list >out && cat out && test "$(wc -l <out)" = 1 && not_forged out
'

test_case 'where no agent is, that is said' '

	new_vault && new_home && vvault capture 2>err &&
	grep "no agent keeps sessions here" err &&
	expect_exit 129 vvault capture --agent claude-cod 2>err &&
	grep "is .claude-code. meant" err &&
	expect_exit 129 vvault capture chatgpt.zip 2>err && grep "vvault import" err
'

test_case 'what an agent keeps on another disk, by a link under its very name, is found' '
	new_vault && export HOME="$PWD/home" && unset CODEX_HOME CLAUDE_CONFIG_DIR XDG_CONFIG_HOME && mkdir -p home/.codex disk &&
	mkdir disk/sessions && cp "$VV_TOP/tests/data/codex/rollout.jsonl" disk/sessions/rollout-2026-01-01T00-00-00-a.jsonl && ln -s "$PWD/disk/sessions" home/.codex/sessions &&
	ln -s . disk/sessions/round && vvault agents >out && cat out &&
	grep "^Codex.*  1 session" out && vvault capture >/dev/null && vvault session list | grep codex
'

done_testing
