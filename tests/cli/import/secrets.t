#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# Written in two, so that nobody takes this file for a leak.
token=ghp"_a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3"

# session <file>: what somebody pasted, and what a tool printed, at length.
session() {
	perl -e '
		my $token = shift;
		my $id = "22222222-2222-4222-8222-222222222222";
		my $n = 0;
		my $line = sub {
			my ($type, $message) = @_;
			my $parent = $n ? "\"1111111$n-1111-4111-8111-111111111111\"" : "null";
			$n++;
			print qq({"parentUuid":$parent,"isSidechain":false,"type":"$type",)
			    . qq("uuid":"1111111$n-1111-4111-8111-111111111111",)
			    . qq("sessionId":"$id","cwd":"/srv/heron","version":"2.1.0",)
			    . qq("timestamp":"2026-09-01T10:00:0$n.000Z","message":$message}\n);
		};
		$line->("user", qq({"role":"user","content":"use $token, DB_PASSWORD=hunter22"}));
		$line->("assistant", qq({"id":"msg_1","role":"assistant","model":"m","content":[)
		    . qq({"type":"tool_use","id":"toolu_1","name":"Bash",)
		    . qq("input":{"command":"cat .env","apiKey":"a1b2c3d4e5a1b2c3d4e5"}}]}));
		$line->("user", qq({"role":"user","content":[{"type":"tool_result",)
		    . qq("tool_use_id":"toolu_1","content":")
		    . ("nothing to see here\\n" x 20000) . qq(TOKEN=$token"}]}));
	' "$token" >"$1"
}

# holds <what>: is it in any object or record of the vault?
holds() {
	vvault export --format jsonl claude-code >lines &&
	git -C v cat-file --batch-all-objects --batch --buffer >objects &&
	grep -q -a -F "$1" lines objects
}

test_case 'an encrypted vault without a remote keeps what was said' '
	new_vault && session s.jsonl && vvault import s.jsonl >out &&
	holds "$token" && holds hunter22 && expect_exit 1 grep -q secret out
'

test_case 'with --redact-secrets a marker tells kind and length, and no record holds the secret' '
	new_vault --plain && session s.jsonl &&
	vvault import --redact-secrets --json s.jsonl >out &&
	jq -e ".sources[0] | .redactions >= 4 and
		any(.notes[]; test(\"GitHub token\") and test(\"password\"))" out &&
	expect_exit 1 holds "$token" && expect_exit 1 holds hunter22 &&
	expect_exit 1 holds a1b2c3d4e5a1b2c3d4e5 &&
	holds "use [GitHub token left out: 40 characters], DB_PASSWORD=[password left out: 8 characters]" &&
	vvault import --redact-secrets --json s.jsonl >again &&
	jq -e ".records.new == 0 and .sources[0].unchanged" again &&
	vvault verify >/dev/null
'

test_case 'a long output is a blob, and is looked through as well' '
	new_vault --plain && session s.jsonl && vvault import --redact-secrets s.jsonl >out &&
	grep -q -F "GitHub token (2)" out &&
	vvault read --tools --all session:claude-code:22222222-2222-4222-8222-222222222222 >talk &&
	grep -q -F "TOKEN=[GitHub token left out: 40 characters]" talk &&
	expect_exit 1 grep -q -F "$token" talk
'

test_case 'a vault with a remote replaces secrets of agents, says so, and can be told otherwise' '
	new_vault --plain && session s.jsonl && git init -q --bare r &&
	vvault remote add origin "$PWD/r" && vvault import s.jsonl >out 2>err &&
	expect_exit 1 holds "$token" && grep -q "vvault.redactsecrets" out err &&
	vvault config set vvault.redactsecrets false &&
	vvault import s.jsonl >out 2>err && holds "$token" &&
	expect_exit 1 grep -q "vvault.redactsecrets" out err
'

test_case 'a vault that is not encrypted replaces them as well' '
	new_vault --plain && session s.jsonl && vvault import s.jsonl >out 2>err &&
	expect_exit 1 holds "$token" && grep -q "is not encrypted" out err
'

test_case 'what a person exported from an app stays as it is there' '
	new_vault --plain && git init -q --bare r && vvault remote add origin "$PWD/r" &&
	printf "%s\n" "[{\"uuid\":\"c1\",\"name\":\"t\",\"created_at\":\"2024-01-01T10:00:00Z\",
	\"updated_at\":\"2024-01-01T10:00:00Z\",\"chat_messages\":[{\"uuid\":\"m1\",
	\"text\":\"$token\",\"sender\":\"human\",\"created_at\":\"2024-01-01T10:00:00Z\"}]}]" >c.json &&
	vvault import c.json >out && vvault export --format jsonl claude | grep -q -F "$token" &&
	vvault import --redact-secrets --json c.json | jq -e ".sources[0].redactions > 0" &&
	vvault export --format markdown claude >talk && expect_exit 1 grep -q -F "$token" talk
'

test_case 'the setting holds without a remote, and --no-redact-secrets beats it' '
	new_vault --plain && session s.jsonl && vvault config set vvault.redactsecrets true &&
	vvault import s.jsonl >out && expect_exit 1 holds "$token" &&
	vvault import --no-redact-secrets s.jsonl >out && holds "$token"
'

test_case 'the exact bytes are not kept, and it is told' '
	new_vault --plain && session s.jsonl &&
	vvault import --redact-secrets --keep-source s.jsonl >out &&
	grep -q "exact bytes are not kept" out && expect_exit 1 holds "$token"
'

test_case 'what contradicts itself is refused before anything' '
	new_vault && session s.jsonl &&
	expect_exit 129 vvault import --redact-secrets --no-redact-secrets s.jsonl 2>err &&
	grep -q contradicts err &&
	expect_exit 129 vvault config set vvault.redactsecrets perhaps 2>err
'

test_case 'the page states each kind that there is' '
	sed -n "s/^\t\t\"\(.*\)\",$/\1/p" "$VV_TOP/cmd/import/secrets/shapes.c" |
		tr -d "\"" | tr "," "\n" | sed "s/^ *//;/^$/d" >kinds &&
	test "$(wc -l <kinds)" -ge 20 &&
	while read -r kind; do
		grep -q -F "$kind" "$VV_TOP/cmd/man/man7/vvault-secrets.7" ||
			{ echo "no word of: $kind"; exit 1; }
	done <kinds
'

done_testing
