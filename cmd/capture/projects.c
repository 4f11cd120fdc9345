#include "cmd/capture/projects.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/settings/jtext.h"
#include "lib/settings/toml_text.h"

#define LIST_MAX ((size_t)64 << 20)	/* bytes */

/* How a list names its folders. */
enum list_shape {
	LIST_OF_KEYS,		/* {<member>:{<folder>:...}} */
	LIST_OF_TEXTS,		/* {<member>:[<folder>]} */
	LIST_OF_ITEMS,		/* {<member>:[{"path":<folder>}]} */
	LIST_OF_TABLES		/* [<member>."<folder>"] */
};

static const struct project_list {
	struct agent_place file;	/* home is of the file, too */
	enum list_shape shape;
	const char *member;		/* NULL: the whole */
} project_lists[] = {
	{ { "CLAUDE_CONFIG_DIR", ".claude.json", ".claude.json" },
	  LIST_OF_KEYS, "projects" },
	{ { "CODEX_HOME", "config.toml", ".codex/config.toml" },
	  LIST_OF_TABLES, "projects" },
	{ { "GEMINI_CLI_HOME", ".gemini/projects.json",
	    ".gemini/projects.json" }, LIST_OF_KEYS, "projects" },
	{ { "GEMINI_CLI_HOME", ".gemini/trustedFolders.json",
	    ".gemini/trustedFolders.json" }, LIST_OF_KEYS, NULL },
	{ { "QWEN_HOME", "trustedFolders.json",
	    ".qwen/trustedFolders.json" }, LIST_OF_KEYS, NULL },
	{ { "COPILOT_HOME", "config.json", ".copilot/config.json" },
	  LIST_OF_TEXTS, "trusted_folders" },
	{ { "CRUSH_GLOBAL_DATA", "projects.json",
	    ".local/share/crush/projects.json" }, LIST_OF_ITEMS, "projects" },
	{ { "KIMI_SHARE_DIR", "kimi.json", ".kimi/kimi.json" },
	  LIST_OF_ITEMS, "work_dirs" },
};

static bool is_project_known(const struct find_folders *folders,
			     const char *path)
{
	size_t i;

	for (i = 0; i < folders->n; i++) {
		if (!strcmp(folders->at[i].path, path))
			return true;
	}
	return false;
}

/* What is no folder here, or not any more, is none. */
static int add_project(struct finds *finds, struct span folder,
		       struct err *err)
{
	struct find_folder project = { NULL };
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	buf_put_span(&path, folder);
	if (buf_end(&path, NULL) < 0 || !path.len || *path.data != '/' ||
	    strlen(path.data) != path.len || !file_is_dir(path.data) ||
	    file_settle(&path, NULL) < 0 ||
	    finds->projects.n == PROJECTS_MAX ||
	    is_project_known(&finds->projects, buf_text(&path)))
		goto out;
	rc = array_room(&finds->projects, err);
	if (rc == 0)
		project.path = strdup(buf_text(&path));
	if (rc == 0 && !project.path)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		finds->projects.at[finds->projects.n++] = project;
out:
	buf_release(&path);
	return rc;
}

static int read_json(struct finds *finds, const struct project_list *list,
		     struct span text, struct err *err)
{
	struct jtext json = JTEXT_INIT;
	const struct jval *item = NULL;
	int rc = 0;

	if (jtext_read(&json, text, true, NULL) == 0)
		item = jval_first(list->member ?
				  jval_get(jtext_root(&json), list->member) :
				  jtext_root(&json));
	for (; rc == 0 && item; item = item->next)
		rc = add_project(finds, list->shape == LIST_OF_KEYS ?
				 item->key : list->shape == LIST_OF_TEXTS ?
				 jval_text(item) : jval_get_text(item, "path"),
				 err);
	jtext_release(&json);
	return rc;
}

static int add_table(struct finds *finds, const struct project_list *list,
		     const struct toml_table *table, struct err *err)
{
	struct span key = table->key;
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	size_t quote = 0;
	int rc = 0;

	while (quote < key.len && key.at[quote] != '"' &&
	       key.at[quote] != '\'')
		quote++;
	if (toml_text_is_below(key, list->member) &&
	    toml_text_read(span_of(key.at + quote, key.len - quote),
			   &folder) == 0)
		rc = add_project(finds, buf_span(&folder), err);
	buf_release(&folder);
	return rc;
}

static int read_toml(struct finds *finds, const struct project_list *list,
		     struct span text, struct err *err)
{
	static const char *const no_names[] = { NULL };
	struct toml_text toml = TOML_TEXT(text);
	struct toml_table table;
	bool is_there = true;
	int rc = 0;

	while (rc == 0 && is_there &&
	       toml_text_next(&toml, no_names, &table, &is_there, NULL) == 0 &&
	       is_there)
		rc = add_table(finds, list, &table, err);
	return rc;
}

static int read_list(struct finds *finds, const struct project_list *list,
		     const char *base, const char *inner, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(LIST_MAX);
	int rc = 0;

	if (*base == '/' && path_join(&path, base, inner, NULL) == 0 &&
	    file_read_plain(buf_text(&path), LIST_MAX, &text, NULL) == 0)
		rc = list->shape == LIST_OF_TABLES ?
		     read_toml(finds, list, buf_span(&text), err) :
		     read_json(finds, list, buf_span(&text), err);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

int finds_projects(struct finds *finds, const struct agent_home *home,
		   struct err *err)
{
	const char *person = home->variable("HOME");
	const char *named;
	size_t i;
	int rc = 0;

	if (finds->has_projects)
		return 0;
	finds->has_projects = true;
	if (person)
		rc = add_project(finds, span_str(person), err);
	for (i = 0; rc == 0 && i < sizeof(project_lists) /
				   sizeof(project_lists[0]); i++) {
		named = home->variable(project_lists[i].file.variable);
		if (named && *named)
			rc = read_list(finds, &project_lists[i], named,
				       project_lists[i].file.inner, err);
		if (rc == 0 && person && *person)
			rc = read_list(finds, &project_lists[i], person,
				       project_lists[i].file.home, err);
	}
	return rc;
}
