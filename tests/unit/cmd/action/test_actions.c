/*
 * Every action, called by a plain program: without a terminal, a process exit
 * or a printed byte. A new action needs a case here.
 */
#include <git2.h>
#include <sodium.h>

#include "tests/unit/cmd/action/caller.h"

/* The cases, in an order in which each finds what it needs. */
static void test_nothing_there(void)
{
	gives("version", NULL, 1);
	fails("status", NULL, ERR_NOT_FOUND);
	fails("key show", NULL, ERR_NOT_FOUND);
	fails("verify", NULL, ERR_NOT_FOUND);
	fails("fetch", NULL, ERR_NOT_FOUND);
}

static void test_init_and_key(void)
{
	static char backup[FIXTURE_PATH_MAX * 2];
	static char others[FIXTURE_PATH_MAX * 2];
	char mine[sizeof(keys)];
	char did[128];
	char restored[128];

	gives("init", WORDS("dir", vault, "name", "laptop"), 1);
	fails("init", WORDS("dir", vault), ERR_EXISTS);
	gives("key show", NULL, 1);
	get_text("did", did, sizeof(did));
	gives("key backup", NULL, 0);
	set_path(backup, "backup");
	write_file(backup, buf_text(&heard.bytes), 0600);
	gives("key allowed-signers", NULL, 0);
	ok(strstr(buf_text(&heard.bytes), did) != NULL, "a signer");

	set_path(others, "restored-keys");
	memcpy(mine, keys, sizeof(keys));
	memcpy(keys, others, sizeof(keys));
	gives("key restore", WORDS("file", backup), 1);
	get_text("did", restored, sizeof(restored));
	is_str(restored, did, "the same key");
	fails("key restore", WORDS("file", backup), ERR_EXISTS);
	memcpy(keys, mine, sizeof(keys));
	host = &deaf_host;
	fails("key backup", NULL, ERR_INVALID);
	host = &whole_host;
}

static void test_write(void)
{
	static char lines[FIXTURE_PATH_MAX * 2];

	gives("add", WORDS("new", "", "construct", "nova", "type",
			   "memory:create", "json", "{\"content\":\"rain\"}"),
	      1);
	set_path(lines, "lines");
	write_file(lines, "{\"content\":\"sun\"}\n\n{\"content\":\"x\"}\n", 0600);
	input = open(lines, O_RDONLY);
	gives("add", WORDS("construct", "nova", "type", "memory:create", "json", "-"), 1);
	close(input);
	input = -1;
	fails("add", WORDS("construct", "nova", "type", "memory:create", "json", "-"), ERR_IO);
	fails("add", WORDS("construct", "nova", "type", "member:add", "json", "{}"), ERR_DENIED);
	fails("add", WORDS("construct", "other", "type", "memory:create",
			   "json", "{}"), ERR_NOT_FOUND);
	fails("add", WORDS("construct", "nova", "type", "memory:create",
			   "json", "[]"), ERR_INVALID);
}

static void test_import(void)
{
	static const char line[] =
		"{\"at\":\"2026-01-01T00:00:01.000000Z-0000-00000000\","
		"\"data\":{\"content\":\"How do I sort?\\n\\nI like C.\","
		"\"index\":1,\"parent\":null,\"role\":\"user\"},"
		"\"entity\":\"message:x:one/m1\",\"prev\":[],"
		"\"type\":\"message:create\"}\n";
	static char path[FIXTURE_PATH_MAX * 2];

	set_path(path, "talk.jsonl");
	write_file(path, line, 0600);
	gives("import", WORDS("construct", "nova", "format", "jsonl", "path", path), 1);
	gives("import", WORDS("path", "-"), 1);
	ok(last_call.is_partial, "import: nobody has said what '-' is");
	input = open(path, O_RDONLY);
	gives("import", WORDS("path", "-", "construct", "nova", "format",
			      "jsonl", "dry-run", ""), 1);
	ok(!last_call.is_partial, "import: of what '-' is");
	close(input);
	input = -1;
	misused("import", WORDS("path", path, "format", "none-such"));
	misused("import", WORDS("path", path, "since", "soon"));
}

/* Nothing of the environment is known here: no agent is. */
static void test_capture(void)
{
	gives("agents", NULL, 1);
	ok(last_call.has_no_source, "agents: none is here");
	gives("agents", WORDS("all", ""), 40);
	gives("capture", NULL, 0);
	ok(last_call.has_no_source, "capture: no agent is here");
	fails("capture", WORDS("hook", "codex"), ERR_UNSUPPORTED);
	fails("capture", WORDS("install-hook", "codex"), ERR_UNSUPPORTED);
	misused("capture", WORDS("event", "{}"));
	misused("capture", WORDS("agent", "none-such"));
	misused("capture", WORDS("since", "soon"));
}

/* Where this program lies is not known here, so nobody can be told of it. */
static void test_mcp(void)
{
	fails("mcp install", NULL, ERR_UNSUPPORTED);
	fails("mcp uninstall", NULL, ERR_UNSUPPORTED);
	misused("mcp install", WORDS("agent", "none-such"));
	misused("mcp install", WORDS("name", "a b"));
	misused("mcp uninstall", WORDS("agent", "none-such"));
}

/* Nobody says where a person's home is, so no agent has one. */
static void test_resume(void)
{
	misused("resume", WORDS("session", "nova", "as", "none-such"));
	misused("resume", WORDS("session", "nova", "last", "0"));
	misused("resume", WORDS("session", "nova", "run", "", "dry-run", ""));
	fails("resume", WORDS("session", "nova", "as", "codex"), ERR_INVALID);
	fails("resume", WORDS("session", "session:x:none", "as", "codex"), ERR_NOT_FOUND);
}

static void test_config(void)
{
	gives("config list", NULL, 0);
	gives("config set", WORDS("key", "vvault.color", "value", "never"), 0);
	gives("config get", WORDS("key", "vvault.color"), 1);
	gives("config list", NULL, 1);
	gives("config unset", WORDS("key", "vvault.color"), 0);
	gives("config get", WORDS("key", "vvault.color"), 0);
	ok(last_call.is_no, "config get: it is not set any more");
	fails("config set", WORDS("key", "vvault.pager", "value", "less",
				  "global", ""), ERR_NOT_FOUND);
	misused("config set", WORDS("key", "vvault.pager", "value", "less"));
	misused("config get", WORDS("key", "vvault.colour"));
	misused("config set", WORDS("key", "alias.log", "value", "show", "global", ""));
	misused("config set", WORDS("key", "alias.l", "value", "log"));
}

static void test_acu(void)
{
	char acu[128];

	gives("acu extract", WORDS("construct", "nova", "dry-run", ""), 1);
	gives("acu extract", WORDS("construct", "nova"), 1);
	fails("acu extract", WORDS("construct", "nobody"), ERR_NOT_FOUND);
	misused("acu extract", WORDS("construct", "nova", "extractor", "x"));
	gives("ls", WORDS("version", "nova", "kind", "acu"), 2);
	get_text("entity", acu, sizeof(acu));
	gives("acu derive", WORDS("construct", "nova", "parent", acu, "data",
				  "{\"content\":\"C sorts.\"}"), 1);
	fails("acu derive", WORDS("construct", "nova", "parent", "acu:none"), ERR_NOT_FOUND);
}

static void test_revert(void)
{
	gives("add", WORDS("construct", "nova", "type", "memory:create",
			   "json", "{\"content\":\"wrong\"}"), 1);
	gives("revert", WORDS("what", "nova"), 1);
	fails("revert", WORDS("what", "vault"), ERR_DENIED);
	fails("revert", WORDS("what", "nobody"), ERR_NOT_FOUND);
	gives("undo", NULL, 1);
	gives("undo", WORDS("redo", ""), 1);
	gives("undo", WORDS("list", "", "-n", "2"), 2);
	misused("undo", WORDS("list", "", "redo", ""));
}

static void test_export(void)
{
	static char pages[FIXTURE_PATH_MAX * 2];

	snprintf(pages, sizeof(pages), "%s/pages", scratch);
	gives("export", WORDS("format", "jsonl", "version", "nova"), 0);
	ok(heard.bytes.len > 0, "export: bytes");
	misused("export", WORDS("format", "papyrus", "version", "nova"));
	gives("export", WORDS("format", "html", "version", "nova", "-o", pages), 1);
	fails("export", WORDS("format", "html", "version", "nova", "-o", pages), ERR_EXISTS);
	misused("export", WORDS("format", "html", "version", "nova"));
	fails("export", WORDS("format", "jsonl", "version", "nobody"), ERR_NOT_FOUND);
}

static void test_stats(void)
{
	gives("stats", NULL, 1);
	gives("stats", WORDS("by", "kind", "total", "", "local", ""), 3);
	gives("stats", WORDS("by", "month", "format", "svg", "plot", "", "all", ""), 0);
	fails("stats", WORDS("version", "nobody"), ERR_NOT_FOUND);
	misused("stats", WORDS("by", "moon"));
}

static void test_construct(void)
{
	char entity[128];

	gives("add", WORDS("new", "", "construct", "stray", "type",
			   "memory:create", "json", "{\"content\":\"fog\"}"),
	      1);
	gives("construct show", WORDS("construct", "stray"), 1);
	gives("construct rename", WORDS("construct", "stray", "new", "lost"), 1);
	fails("construct rename", WORDS("construct", "lost", "new", "nova"), ERR_EXISTS);
	fails("construct show", WORDS("construct", "vault"), ERR_INVALID);
	gives("ls", WORDS("version", "lost", "kind", "memory"), 1);
	get_text("entity", entity, sizeof(entity));
	misused("construct split", WORDS("construct", "lost", "into", "x"));
	gives("construct split", WORDS("construct", "lost", "into", "found", "session", entity), 1);
	gives("construct merge", WORDS("from", "found", "into", "lost"), 1);
	fails("construct merge", WORDS("from", "lost", "into", "found"), ERR_INVALID);
}

static void test_context(void)
{
	gives("context", WORDS("version", "nova", "query", "rain"), 1);
	misused("context", WORDS("version", "nova", "budget", "1"));
	fails("context", WORDS("version", "nova", "clipboard", ""), ERR_UNSUPPORTED);
	gives("handoff", WORDS("session", "session:x:one"), 1);
	fails("handoff", WORDS("session", "nova"), ERR_INVALID);
	misused("handoff", WORDS("session", "session:x:one", "to", "nobody"));
}

static void test_read(void)
{
	char id[128];
	char entity[128];
	struct span records;

	gives("status", NULL, 1);
	gives("construct list", NULL, 1);
	gives("session list", NULL, 1);
	gives("session list", WORDS("project", "nowhere", "version", "nova"), 0);
	fails("session list", WORDS("version", "nobody"), ERR_NOT_FOUND);
	misused("session list", WORDS("until", "never"));
	test_stats();
	gives("log", NULL, 4);
	gives("log", WORDS("-n", "1", "-p", "", "brief", "", "version", "nova"), 1);
	ok(jcs_find(buf_span(&heard.last), "changes", &records), "changes");
	misused("log", WORDS("since", "never"));
	fails("ls", WORDS("version", "nova", "kind", "dream"), ERR_INVALID);
	fails("ls", WORDS("version", "nobody"), ERR_NOT_FOUND);
	gives("ls", WORDS("version", "nova", "kind", "memory"), 3);
	(void)jcs_find(buf_span(&heard.last), "records", &records);
	snprintf(id, sizeof(id), "%.*s", (int)records.len - 4, records.at + 2);
	gives("recall", WORDS("construct", "nova", "words", "zzzz"), 0);
	is_int(heard.notes, 1, "recall: told that nothing was found");
	misused("recall", WORDS("words", "x", "kind", "acu"));
	gives("show", WORDS("what", "nova"), 1);
	gives("show", WORDS("what", id), 1);
	gives("show", WORDS("what", id + strlen("bagaaiera")), 1);
	get_text("entity", entity, sizeof(entity));
	gives("show", WORDS("what", entity), 1);
	gives("show", WORDS("what", "nova", "entity", entity), 1);
	misused("show", WORDS("what", "nova", "entity", "nobody"));
	fails("show", WORDS("what", "@1"), ERR_NOT_FOUND);
	fails("show", WORDS("what", "nobody"), ERR_NOT_FOUND);
	gives("cat", WORDS("what", id), 0);
	ok(heard.bytes.len > 0, "cat: bytes");
	fails("cat", WORDS("what", "xyz"), ERR_NOT_FOUND);
	gives("recall", WORDS("words", "rain"), 1);
	gives("read", WORDS("what", "message:x:one/m1"), 2);
	gives("read", WORDS("what", "message:x:one/m1", "format", "markdown"), 0);
	ok(heard.bytes.len > 0, "read: bytes");
	fails("read", WORDS("what", "nova"), ERR_INVALID);
	misused("read", WORDS("what", "nova", "format", "papyrus"));
	misused("recall", WORDS("words", "rain", "since", "never"));
	gives("grep", WORDS("pattern", "rain"), 1);
	gives("grep", WORDS("pattern", "ra.n$", "-E", "", "version", "nova"), 1);
	gives("grep", WORDS("pattern", "snow"), 0);
	ok(last_call.is_no, "grep: not found");
	misused("grep", WORDS("pattern", "(", "-E", ""));
	gives("verify", WORDS("full", ""), 1);
	ok(!last_call.is_no, "all is well");
	misused("verify", WORDS("remote", "origin"));
	gives("gc", WORDS("auto", ""), 1);
	gives("gc", NULL, 1);
	gives("renew", NULL, 1);
}

static void test_blame(void)
{
	char entity[128], path[128];

	gives("ls", WORDS("version", "nova", "kind", "memory"), 3);
	get_text("entity", entity, sizeof(entity));
	gives("blame", WORDS("what", entity), 1);
	get_text("path", path, sizeof(path));
	ok(path[0] == '/', "blame: field by field");
	misused("blame", WORDS("what", "nova", "entity", "nobody"));
	gives("log", WORDS("version", entity, "stat", ""), 1);
	gives("log", WORDS("version", "nova", "reverse", "", "-n", "1",
			   "author", "did:", "grep", "."), 1);
	gives("log", WORDS("version", "nova", "format", "%h"), 0);
	ok(heard.bytes.len > 10, "log: lines");
	misused("log", WORDS("format", "%z"));
	misused("log", WORDS("graph", "", "reverse", ""));
	misused("log", WORDS("grep", "("));
	fails("blame", WORDS("what", "memory:none"), ERR_NOT_FOUND);
	fails("prove", WORDS("what", "nova"), ERR_INVALID);
	fails("check-proof", WORDS("proof", "/nowhere"), ERR_NOT_FOUND);
	misused("check-proof", WORDS("proof", "x", "vault", "nova"));
	gives("audit", WORDS("until", "2001-01-01"), 0);
}

static void test_diff(void)
{
	const char *const *words = WORDS("from", "nova~1", "to", "nova",
					 "exit-code", "");
	struct span changes;

	gives("diff", words, 1);
	ok(last_call.is_no && !heard.items, "diff: they differ, in one piece");
	ok(jcs_find(buf_span(&heard.last), "changes", &changes) &&
	   changes.len > 2, "diff: with the changes");
	host = &piece_host;
	gives("diff", words, 1);
	ok(last_call.is_no && heard.items > 0, "diff: item by item");
	gives("diff", WORDS("from", "nova", "to", "nova", "exit-code", ""), 1);
	ok(!last_call.is_no && !heard.items, "diff: no difference, no items");
	gives("log", WORDS("-p", "", "version", "nova"), 5);
	ok(heard.items > 2, "log: item by item");
	gives("diff", WORDS("from", "nova~1..nova", "stat", ""), 1);
	ok(jcs_find(buf_span(&heard.last), "stat", &changes), "diff: a range");
	gives("diff", WORDS("from", "nova"), 1);
	fails("diff", WORDS("from", "nova", "to", "vault"), ERR_INVALID);
	gives("conflicts", WORDS("exit-code", ""), 0);
	ok(!last_call.is_no, "none disagree");
	gives("conflicts", WORDS("version", "nova"), 0);
	fails("conflicts", WORDS("version", "vault"), ERR_INVALID);
	misused("resolve", WORDS("what", "nova"));
	misused("resolve", WORDS("what", "nova", "take", "x", "value", "y"));
	gives("resolve", WORDS("what", "nova", "take", "x"), 0);
	ok(last_call.is_no, "nothing is in conflict in it");
	fails("resolve", WORDS("what", "vault"), ERR_DENIED);
	fails("resolve", WORDS("what", "memory:none"), ERR_NOT_FOUND);
	host = &whole_host;
}

static void test_hooks(void)
{
	static char path[FIXTURE_PATH_MAX * 3];
	const char *const *words = WORDS("construct", "nova", "type",
					 "memory:create", "as-is", "", "json", "{}");

	gives("hooks list", NULL, 0);
	fails("hooks approve", NULL, ERR_NOT_FOUND);
	snprintf(path, sizeof(path), "%s/vvault/hooks/post-commit", vault);
	write_file(path, "#!/bin/sh\necho heard; echo of it >&2\n", 0700);
	gives("hooks list", NULL, 1);
	gives("add", words, 1);
	ok(heard.notes == 1 && !heard.words.len, "not approved: a note");
	gives("hooks approve", WORDS("name", "post-commit"), 1);
	gives("add", words, 1);
	is_str(buf_text(&heard.words), "heard\nof it\n", "approved: words");
	fails("hooks approve", WORDS("name", "no-such"), ERR_INVALID);
	gives("hooks revoke", NULL, 1);
}

static void test_remote(void)
{
	static char bare[FIXTURE_PATH_MAX * 2];
	static char clone[FIXTURE_PATH_MAX * 2];
	git_repository *made = NULL;
	char mine[sizeof(vault)];

	set_path(bare, "bare");
	set_path(clone, "clone");
	fails("push", NULL, ERR_NOT_FOUND);
	if (git_repository_init(&made, bare, 1) < 0)
		bail_out("cannot make a repository");
	git_repository_free(made);
	gives("remote add", WORDS("name", "origin", "url", bare), 0);
	fails("remote add", WORDS("name", "origin", "url", bare), ERR_EXISTS);
	gives("remote list", NULL, 1);
	gives("remote rename", WORDS("name", "origin", "new", "home"), 0);
	gives("remote rename", WORDS("name", "home", "new", "origin"), 0);
	fails("remote rename", WORDS("name", "home", "new", "x"), ERR_NOT_FOUND);
	gives("remote set-url", WORDS("name", "origin", "url", bare), 0);
	fails("remote set-url", WORDS("name", "home", "url", bare),
	      ERR_NOT_FOUND);
	gives("push", NULL, 2);
	fails("push", WORDS("remote", "nobody"), ERR_NOT_FOUND);
	gives("clone", WORDS("url", bare, "dir", clone), 2);
	ok(heard.notes == 1, "clone: a note with the id");
	fails("clone", WORDS("url", bare, "dir", clone), ERR_EXISTS);
	fails("clone", WORDS("url", bare, "dir", in_scratch("no"), "max-refs",
			     "many"), ERR_INVALID);

	gives("add", WORDS("construct", "nova", "type", "memory:create",
			   "json", "{\"content\":\"hail\"}"), 1);
	gives("push", NULL, 1);
	memcpy(mine, vault, sizeof(vault));
	memcpy(vault, clone, sizeof(vault));
	gives("fetch", WORDS("remote", "origin"), 1);
	gives("pull", WORDS("unchanged", ""), 2);
	gives("pull", WORDS("all", "", "unchanged", ""), 2);
	fails("push", WORDS("all", "", "remote", "origin"), ERR_INVALID);
	fails("pull", WORDS("remote", "nobody"), ERR_NOT_FOUND);
	memcpy(vault, mine, sizeof(vault));
}

/* Of a device nothing of its own is rejected: so another one does. */
static void test_quarantine(void)
{
	char mine[2][sizeof(vault)];
	char id[64];

	gives("push", NULL, 1);
	memcpy(mine[0], vault, sizeof(vault));
	memcpy(mine[1], keys, sizeof(keys));
	set_path(vault, "others-clone");
	set_path(keys, "others-keys");
	gives("clone", WORDS("url", in_scratch("bare"), "dir", vault), 2);
	gives("quarantine list", NULL, 0);
	gives("reject", WORDS("version", "nova"), 1);
	get_text("version", id, sizeof(id));
	fails("reject", WORDS("version", "nobody"), ERR_NOT_FOUND);
	gives("quarantine list", NULL, 1);
	gives("quarantine show", WORDS("version", id), 1);
	fails("quarantine show", WORDS("version", "0123456"), ERR_NOT_FOUND);
	gives("quarantine drop", WORDS("version", id), 1);
	fails("quarantine drop", WORDS("version", id), ERR_NOT_FOUND);
	gives("reject", WORDS("undo", "", "version", id), 1);
	fails("reject", WORDS("undo", "", "version", "nova"), ERR_INVALID);
	gives("remote remove", WORDS("name", "origin"), 0);
	fails("remote remove", WORDS("name", "origin"), ERR_NOT_FOUND);
	memcpy(vault, mine[0], sizeof(vault));
	memcpy(keys, mine[1], sizeof(keys));
}

static void test_member(void)
{
	char did[128];
	char mine[sizeof(keys)];
	char role[16];

	gives("member list", NULL, 1);
	memcpy(mine, keys, sizeof(keys));
	set_path(keys, "others-keys");
	gives("init", WORDS("dir", in_scratch("others"), "plain", ""), 1);
	get_text("device", did, sizeof(did));
	memcpy(keys, mine, sizeof(keys));
	gives("member add", WORDS("did", did, "role", "reader", "changes", ""), 1);
	get_text("role", role, sizeof(role));
	is_str(role, "reader", "a reader");
	gives("member list", NULL, 2);
	fails("member add", WORDS("did", "bob"), ERR_INVALID);
	fails("member add", WORDS("did", did, "role", "king"), ERR_INVALID);
	gives("member rename", WORDS("member", did, "name", "attic"), 1);
	fails("member rename", WORDS("member", "cellar", "name", "x"),
	      ERR_INVALID);
	gives("member role", WORDS("member", "attic", "role", "writer"), 1);
	gives("member remove", WORDS("member", "attic", "yes", ""), 1);
}

/* Whatever an action is, it is told of what is missing and of what it has not,
 * and a host that wants to hear nothing is as good as any. */
static void test_each(void)
{
	size_t i;
	size_t j;

	for (i = 0; action_table[i]; i++) {
		const struct action *action = action_table[i];
		struct action_value values[ACTION_PARAMS_MAX] = {
			{ false, 0, NULL, 0 } };
		bool needs = false;

		ok(was_called[i], "%s has a case", action->name);
		ok(action_give(action, values, "none such", NULL, 0, NULL) ==
		   ERR_INVALID, "%s has no parameter of that name",
		   action->name);
		for (j = 0; action->params[j].name; j++)
			needs |= (action->params[j].flags &
				  ACTION_REQUIRED) != 0;
		ok(j <= ACTION_PARAMS_MAX, "%s: so many parameters",
		   action->name);
		if (needs)
			misused(action->name, NULL);
	}
	host = &deaf_host;
	is_int(call("log", WORDS("-p", "")), 0, "nobody listens");
}

static void test_mend(void)
{
	char entity[128];

	gives("remember", WORDS("new", "", "construct", "mended", "text",
				"hail", "tag", "weather"), 1);
	get_text("entity", entity, sizeof(entity));
	fails("remember", WORDS("construct", "other", "text", "x"),
	      ERR_NOT_FOUND);
	misused("remember", WORDS("construct", "mended", "type", "gaol"));
	gives("remember", WORDS("construct", "mended", "text", " "), 0);
	ok(last_call.is_no && heard.notes == 1, "no words: a clean no");
	gives("edit", WORDS("what", entity, "content", "snow"), 1);
	fails("edit", WORDS("what", entity, "field", "tgas=x"), ERR_INVALID);
	fails("edit", WORDS("what", entity), ERR_INVALID);
	fails("edit", WORDS("what", "memory:none"), ERR_NOT_FOUND);
	misused("edit", WORDS("what", entity, "field", "tags"));
	gives("tag", WORDS("what", entity, "tag", "dry"), 1);
	gives("tag", WORDS("what", entity), 1);
	gives("tag", NULL, 2);
	fails("tag", WORDS("what", "memory:none", "tag", "x"), ERR_NOT_FOUND);
	misused("tag", WORDS("what", entity, "remove", ""));
	misused("note", WORDS("what", entity));
	fails("note", WORDS("what", entity, "text", "x"), ERR_INVALID);
	gives("add", WORDS("construct", "mended", "type", "session:create",
			   "entity", "session:t:mended", "json", "{}"), 1);
	gives("note", WORDS("what", "session:t:mended", "text", "x"), 1);
	gives("note", WORDS("what", "session:t:mended", "text", " "), 0);
	gives("rm", WORDS("what", entity), 1);
	gives("rm", WORDS("what", entity), 0);
	ok(last_call.is_no, "deleted already: a clean no");
	fails("rm", WORDS("what", "memory:none"), ERR_NOT_FOUND);
	fails("rm", WORDS("what", "mended"), ERR_INVALID);
	gives("forget", WORDS("what", "session:t:mended", "dry-run", ""), 1);
	gives("forget", WORDS("what", "session:t:mended", "yes", ""), 1);
	gives("forget", WORDS("list", ""), 1);
	gives("renew", NULL, 1);
}

static void test_mcp_server(void)
{
	gives("mcp", NULL, 0);
	misused("mcp", WORDS("kinds", "vault"));
	misused("mcp", WORDS("construct", "Nova"));
	misused("mcp", WORDS("construct", "nova", "write", "luna"));
	misused("mcp", WORDS("as-of", "2026-01-01", "write", "nova"));
	gives("mcp admit", WORDS("construct", "nova"), 1);
}

static void test_keys(void)
{
	char mine[sizeof(keys)];

	memcpy(mine, keys, sizeof(keys));
	gives("key rotate", NULL, 1);
	set_path(keys, "recovered-keys");
	gives("recover", WORDS("file", in_scratch("backup"), "url",
			       in_scratch("bare"), "dir", in_scratch("r")), 1);
	gives("key protect", NULL, 1);
	misused("key unlock", WORDS("for", "8"));
	gives("key lock", NULL, 1);
	memcpy(keys, mine, sizeof(keys));
}

int main(void)
{
	struct err err = ERR_INIT;
	struct stat st;

	if (sodium_init() < 0 || store_init_library(&err) < 0)
		bail_out("cannot begin: %s", err.text);
	scratch_begin();
	set_path(vault, "vault");
	set_path(keys, "keys");
	set_path(printed_path, "printed");
	test_nothing_there();
	test_init_and_key();
	test_write();
	test_import();
	test_capture();
	test_mcp();
	test_resume();
	test_read();
	test_context();
	test_acu();
	test_export();
	test_diff();
	test_blame();
	test_hooks();
	test_config();
	test_remote();
	test_member();
	test_quarantine();
	test_revert();
	test_mend();
	test_construct();
	test_mcp_server();
	test_keys();
	test_each();
	ok(stat(printed_path, &st) == 0 && !st.st_size, "not a byte was printed");
	heard_reset();
	store_stop_library();
	scratch_end();
	return done_testing();
}
