#include "cmd/capture/notes.h"

#include <glob.h>

#include "cmd/capture/projects.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

/* Where an agent keeps them, and what they are called below that: a star for
 * any name. What they are to the agent says their importer. */
static const struct note_row {
	const char *agent;
	struct agent_place place;
	const char *const *patterns;
} note_rows[] = {
	{ "claude-code", { "CLAUDE_CONFIG_DIR", "", ".claude" },
	  (const char *const[]){
		"CLAUDE.md", "rules/*.md", "rules/*/*.md", "agents/*.md",
		"projects/*/memory/*.md", "plans/*.md", "tasks/*/*.json",
		"tasks/*.md", "todos/*.json", NULL } },
	{ "codex", { "CODEX_HOME", "", ".codex" },
	  (const char *const[]){
		"AGENTS.md", "AGENTS.override.md", "memories/*.md",
		"memories/rollout_summaries/*.md", NULL } },
	{ "gemini-cli", { "GEMINI_CLI_HOME", ".gemini", ".gemini" },
	  (const char *const[]){
		"GEMINI.md", "tmp/*/memory/*.md", NULL } },
	{ "copilot-cli", { "COPILOT_HOME", "", ".copilot" },
	  (const char *const[]){
		"copilot-instructions.md", "instructions/*.md",
		"agents/*.md", NULL } },
	{ "qwen", { "QWEN_HOME", "", ".qwen" },
	  (const char *const[]){
		"QWEN.md", "AGENTS.md", "memories/*.md",
		"projects/*/memory/*.md", NULL } },
	{ "pi", { "PI_CODING_AGENT_DIR", "", ".pi/agent" },
	  (const char *const[]){
		"AGENTS.md", "CLAUDE.md", "*SYSTEM.md", NULL } },
	{ "openclaw", { "OPENCLAW_STATE_DIR", "", ".openclaw" },
	  (const char *const[]){
		"workspace/*.md", "workspace/memory/*.md", NULL } },
	{ "cline", { "CLINE_DIR", "", ".cline" },
	  (const char *const[]){ "rules/*.md", NULL } },
};

/* And in each project that agents name in their lists. */
static const struct project_note {
	const char *agent;
	const char *pattern;
} project_notes[] = {
	{ "claude-code", "CLAUDE.md" },
	{ "claude-code", "CLAUDE.local.md" },
	{ "codex", "AGENTS.md" },
	{ "gemini-cli", "GEMINI.md" },
	{ "qwen", "QWEN.md" },
	{ "opencode", ".opencode/agent/*.md" },
	{ "cline", ".clinerules/*.md" },
	{ "cursor", ".cursor/rules/*.mdc" },
	{ "cursor", ".cursorrules" },
	{ "goose", ".goosehints" },
	{ "crush", "CRUSH.md" },
};

/* Is the path the one that leads there without links? */
static bool is_settled(const char *path)
{
	struct buf settled = PATH_BUF_INIT;
	bool is_so;

	buf_put_str(&settled, path);
	is_so = buf_end(&settled, NULL) == 0 &&
		file_settle(&settled, NULL) == 0 &&
		!strcmp(buf_text(&settled), path);
	buf_release(&settled);
	return is_so;
}

static bool has_file(const struct finds *finds, const char *path)
{
	size_t i;

	for (i = 0; i < finds->files.n; i++) {
		if (!strcmp(finds->files.at[i].path, path))
			return true;
	}
	return false;
}

static void put_literally(const char *path, struct buf *out)
{
	for (; *path; path++) {
		if (strchr("*?[\\", *path))
			buf_put_char(out, '\\');
		buf_put_char(out, *path);
	}
}

static int look_for_pattern(struct finds *finds, const struct agent *agent,
			    const char *root, const char *pattern,
			    struct err *err)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	glob_t found = { .gl_pathc = 0 };
	size_t i;
	int rc;

	put_literally(root, &all);
	buf_putf(&all, "/%s", pattern);
	rc = buf_end(&all, err);
	/* What cannot be looked into has none. */
	if (rc == 0 && glob(buf_text(&all), 0, NULL, &found) == 0) {
		for (i = 0; rc == 0 && i < found.gl_pathc; i++) {
			if (is_settled(found.gl_pathv[i]) &&
			    !has_file(finds, found.gl_pathv[i]))
				rc = finds_add(finds, agent,
					       found.gl_pathv[i], true, err);
		}
		globfree(&found);
	}
	buf_release(&all);
	return rc;
}

static int look_below(struct finds *finds, const struct agent *agent,
		      const char *base, const char *inner,
		      const struct note_row *row, struct err *err)
{
	const char *const *patterns = row->patterns;
	const char *name = path_base(row->place.home);
	struct buf root = PATH_BUF_INIT;
	int rc = 0;

	/* Under another name nobody knows later whose they are. */
	if (*base == '/' && path_join(&root, base, inner, NULL) == 0 &&
	    file_settle(&root, NULL) == 0 &&
	    !strcmp(path_base(buf_text(&root)), name)) {
		for (; rc == 0 && *patterns; patterns++)
			rc = look_for_pattern(finds, agent, buf_text(&root),
					      *patterns, err);
	}
	buf_release(&root);
	return rc;
}

static int look_in_projects(struct finds *finds, const struct agent *agent,
			    const struct project_note *note, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < finds->projects.n; i++)
		rc = look_for_pattern(finds, agent,
				      finds->projects.at[i].path,
				      note->pattern, err);
	return rc;
}

int finds_look_notes(struct finds *finds, const struct agent *agent,
		     const struct agent_home *home, struct err *err)
{
	const struct agent_place *place;
	const char *folder;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(note_rows) / sizeof(note_rows[0]);
	     i++) {
		if (strcmp(note_rows[i].agent, agent->name) != 0)
			continue;
		place = &note_rows[i].place;
		folder = home->variable(place->variable);
		if (folder && *folder)
			rc = look_below(finds, agent, folder, place->inner,
					&note_rows[i], err);
		folder = home->variable("HOME");
		if (rc == 0 && folder && *folder)
			rc = look_below(finds, agent, folder, place->home,
					&note_rows[i], err);
	}
	if (rc == 0)
		rc = finds_projects(finds, home, err);
	for (i = 0; rc == 0 && i < sizeof(project_notes) /
				   sizeof(project_notes[0]); i++) {
		if (!strcmp(project_notes[i].agent, agent->name))
			rc = look_in_projects(finds, agent, &project_notes[i],
					      err);
	}
	return rc;
}
