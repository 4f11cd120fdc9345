#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# Written in two, so that nobody takes this file for a leak.
token=ghp"_a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3"

# new_session: a home in which an agent was told a secret, and a vault.
new_session() {
	new_vault && mkdir -p home/.claude/projects/-srv-heron && export HOME="$PWD/home" &&
	unset CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME COPILOT_HOME XDG_CONFIG_HOME &&
	printf "{\"type\":\"user\",\"uuid\":\"u1\",\"parentUuid\":null,\"sessionId\":\"%s\",\"timestamp\":\"2026-11-01T10:00:00Z\",\"cwd\":\"/srv/heron\",\"message\":{\"role\":\"user\",\"content\":\"use %s\"}}\n" \
		5e551000-0000-4000-8000-000000000001 "$token" \
		>"$HOME/.claude/projects/-srv-heron/5e551000-0000-4000-8000-000000000001.jsonl"
}

new_remote() {
	git init -q --bare r && vvault remote add origin "$PWD/r"
}

# said: what the vault has of it.
said() {
	vvault export --format jsonl claude-code >lines && grep -q -F "$1" lines
}

test_case 'a vault without a remote keeps what was said' '
	new_session && vvault capture >out && said "$token"
'

test_case 'with a remote, and nobody to ask, secrets are replaced, and it is told' '
	new_session && new_remote && vvault capture >out 2>err </dev/null &&
	said "use [GitHub token left out: 40 characters]" && expect_exit 1 said "$token" &&
	grep -q "vvault.redactsecrets" err &&
	vvault capture --redact-secrets >out 2>err && expect_exit 1 said "$token" &&
	expect_exit 129 vvault capture --redact-secrets --no-redact-secrets 2>err
'

test_case 'somebody at a terminal is asked once' '
	command -v script >/dev/null || skip_case "no script(1)"
	new_session && new_remote &&
	echo y | script -qec "vvault capture" said >/dev/null && grep -q "stays where it was" said &&
	grep -q "redactsecrets true" said && said "$token" && test "$(vvault config get vvault.redactsecrets)" = false &&
	echo n | script -qec "vvault capture" again >/dev/null &&
	expect_exit 1 grep -q "stays where it was" again && said "$token"
'

test_case 'whoever does not say yes has them replaced from then on' '
	command -v script >/dev/null || skip_case "no script(1)"
	new_session && new_remote &&
	echo | script -qec "vvault capture" said >/dev/null &&
	said "use [GitHub token left out" && expect_exit 1 said "$token" &&
	test "$(vvault config get vvault.redactsecrets)" = true
'

test_case 'what came before the vault had a remote is told of with the remote' '
	new_session && git init -q --bare r && vvault remote add early "$PWD/r" 2>err && test ! -s err &&
	vvault remote remove early && vvault capture >out && vvault remote add origin "$PWD/r" 2>err &&
	grep "sessions of agents that are here hold keys" err && grep -q "vvault.redactsecrets" err &&
	vvault config set vvault.redactsecrets true && vvault remote add other "$PWD/r" 2>err && test ! -s err
'

done_testing
