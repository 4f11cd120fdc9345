/*
 * Where agents are looked for: by their variable, in the home, in the homes of
 * Windows below WSL; as deep as their patterns say, and no deeper.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/capture/find.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "tests/tap.h"

static struct buf top = PATH_BUF_INIT;
static struct buf home = PATH_BUF_INIT;
static struct buf users = PATH_BUF_INIT;
static struct buf moved = PATH_BUF_INIT;
static bool has_moved;

static void make(const char *name)
{
	struct buf path = PATH_BUF_INIT;
	struct buf folder = PATH_BUF_INIT;

	if (path_join(&path, buf_text(&top), name, NULL) < 0 ||
	    path_parent(&folder, buf_text(&path), NULL) < 0 ||
	    dir_make_all(buf_text(&folder), 0755, NULL) < 0 ||
	    file_write_atomic(buf_text(&path), span_str("{}\n"), 0644, NULL) < 0)
		bail_out("cannot make %s", name);
	buf_release(&path);
	buf_release(&folder);
}

static void make_all(void)
{
	if (dir_make_temp("/tmp", "find", &top, NULL) < 0 ||
	    path_join(&home, buf_text(&top), "home", NULL) < 0 ||
	    path_join(&users, buf_text(&top), "Users", NULL) < 0 ||
	    path_join(&moved, buf_text(&top), "moved", NULL) < 0)
		bail_out("no folder");
	make("home/.claude/projects/-p/a.jsonl");
	make("home/.claude/projects/-p/agent-b.jsonl");
	make("home/.claude/projects/-p/a/subagents/agent-c.jsonl");
	make("home/.claude/projects/-p/a/subagents/workflows/w/agent-d.jsonl");
	make("home/.claude/projects/-p/a/elsewhere/agent-e.jsonl");
	make("home/.claude/projects/-p/deep/er/f.jsonl");
	make("home/.claude/projects/-p/notes.md");
	make("home/.claude/projects/g.jsonl");
	make("home/.codex/sessions/rollout-h.jsonl");
	make("home/.codex/sessions/2026/11/01/rollout-i.jsonl");
	make("home/.codex/sessions/2026/11/01/rollout-j.jsonl.zst");
	make("home/.codex/sessions/2026/11/01/other.jsonl");
	make("home/.codex/auth.json");
	make("moved/projects/-q/k.jsonl");
	make("Users/ann/.claude/projects/-p/l.jsonl");
	make("Users/bob/AppData/Roaming/Code/User/workspaceStorage/1/"
	     "chatSessions/m.json");
	make("Users/a file");
}

static const char *variable(const char *name)
{
	if (!strcmp(name, "HOME"))
		return buf_text(&home);
	return has_moved && !strcmp(name, "CLAUDE_CONFIG_DIR") ?
	       buf_text(&moved) : NULL;
}

static const char *none(const char *name)
{
	(void)name;
	return NULL;
}

/* The names of the files, without their ends: of sessions, then a stroke and
 * those of parts. */
static const char *found(const char *agent, const struct agent_home *where)
{
	static struct buf names = BUF_INIT(4096);
	struct finds finds = FINDS_INIT;
	size_t i;
	int pass;

	buf_reset(&names);
	is_int(finds_look(&finds, agent_find(agent), where, NULL), 0, agent);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < finds.files.n; i++) {
			const char *base = path_base(finds.files.at[i].path);

			if (finds.files.at[i].is_part == pass)
				buf_put_char(&names, base[strcspn(base, ".") -
							  1]);
		}
		buf_put_str(&names, pass ? "" : "|");
	}
	finds_release(&finds);
	return buf_text(&names);
}

static void test_patterns(void)
{
	const struct agent_home where = { variable, NULL };

	is_str(found("claude-code", &where), "a|cdb", "sessions, and parts of "
	       "them at any depth");
	is_str(found("codex", &where), "ijh|", "what is no rollout is none");
	is_str(found("gemini-cli", &where), "|", "what is not here");
}

static void test_places(void)
{
	const struct agent_home both = { variable, buf_text(&users) };
	const struct agent_home away = { variable, "/nowhere/at/all" };
	const struct agent_home nobody = { none, NULL };

	is_str(found("claude-code", &both), "al|cdb", "homes of Windows");
	is_str(found("vscode-chat", &both), "m|", "only there");
	is_str(found("claude-code", &away), "a|cdb", "no Windows");
	has_moved = true;
	is_str(found("claude-code", &both), "kal|cdb", "and where a variable "
	       "leads, first");
	has_moved = false;
	is_str(found("claude-code", &nobody), "|", "no home");
}

static void test_once(void)
{
	struct finds finds = FINDS_INIT;
	const struct agent_home where = { variable, buf_text(&top) };
	size_t n;

	/* The home itself is among the others, too. */
	ok(finds_look(&finds, agent_find("claude-code"), &where, NULL) == 0,
	   "looked");
	n = finds.files.n;
	is_int((int)n, 4, "each file once");
	ok(finds.roots.n == 1 && finds.folders.n > 1 && finds.gaps.n == 0,
	   "one root, and what was looked into");
	finds_release(&finds);
}

static void test_agents(void)
{
	struct err err = ERR_INIT;

	ok(agent_find("codex") && !agent_find("none"), "by name");
	ok(agent_refuse("codxe", &err) == ERR_INVALID &&
	   strstr(err.text, "'codex'"), "what is meant");
	ok(agent_may_hold(agent_find("codex"), "rollout-x.jsonl") &&
	   !agent_may_hold(agent_find("codex"), "auth.json"),
	   "what may be its");
}

int main(void)
{
	make_all();
	test_patterns();
	test_places();
	test_once();
	test_agents();
	if (dir_remove_all("/tmp", buf_text(&top), NULL) < 0)
		bail_out("cannot remove %s", buf_text(&top));
	buf_release(&top);
	buf_release(&home);
	buf_release(&users);
	buf_release(&moved);
	return done_testing();
}
