#include "cmd/import/gemini/gemini_cli_internal.h"

#include "cmd/import/beside/home.h"
#include "cmd/import/beside/beside.h"

#define NO_PART "of Gemini CLI, and no part of its sessions"

/*
 * ~/.gemini/tmp/<slug>/chats/session-<time>-<id>.jsonl, and those of its
 * agents in chats/<its session>/<id>.jsonl; tmp/<slug>/.project_root says
 * which folder that is, and so does ~/.gemini/projects.json.
 */
const struct import_home gemini_cli_home = {
	.folder = ".gemini",
	.rooms = (const char *const[]){ "tmp", NULL },
	.signs = (const char *const[]){
		"projects.json", "oauth_creds.json", "google_accounts.json",
		"installation_id", "trustedFolders.json", NULL
	},
	.reason = NO_PART,
	.notes = (const char *const[]){ "GEMINI.md", NULL },
};

static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

static bool is_prompts(const struct import_input *input, struct span place)
{
	return is_part(place, 0, "logs.json") &&
	       (is_part(place, 2, "tmp") ||
		beside_is_there(input, place, ".project_root"));
}

/* tool-outputs/session-<id>/<tool>_<call>.txt: the session. */
static struct span output_of(struct span place)
{
	return is_part(place, 2, GEMINI_CLI_OUTPUTS) ?
		beside_between(beside_part(place, 1), "session-", "") :
		span_of(NULL, 0);
}

enum import_place gemini_cli_place(const struct import_input *input,
				   struct span place,
				   const char **out_reason)
{
	*out_reason = NO_PART;
	if (is_part(place, 0, ".project_root"))
		return PLACE_BESIDE;
	if (is_prompts(input, place) || output_of(place).at)
		return PLACE_OWN;
	/* Beside the sessions of a folder: lists, what was typed to a shell. */
	return is_part(place, 2, "tmp") && is_part(place, 3, ".gemini") ?
		PLACE_APART : PLACE_ANYWHERE;
}

int gemini_cli_beside(const struct import_input *input, struct span place,
		      struct beside *to, struct err *err)
{
	struct span parent = beside_part(place, 1);
	bool is_agent = is_part(place, 2, "chats") && beside_is_uuid(parent);
	const char *root = is_agent ? "../../.project_root" :
		"../.project_root";
	int rc = 0;

	if (output_of(place).at) {
		rc = beside_say(to, "output", beside_part(place, 0), err);
		return rc < 0 ? rc : beside_say(to, "session",
						output_of(place), err);
	}
	if (is_prompts(input, place))
		return beside_file(to, "root", ".project_root", err);
	if (is_agent)
		rc = beside_say(to, "parent", parent, err);
	else if (!is_part(place, 1, "chats"))
		return 0;
	if (rc < 0 || beside_is_there(input, place, root))
		return rc < 0 ? rc : beside_file(to, "root", root, err);
	rc = beside_file(to, "projects", is_agent ?
			 "../../../../projects.json" :
			 "../../../projects.json", err);
	return rc < 0 ? rc : beside_say(to, "slug",
			beside_part(place, is_agent ? 3 : 2), err);
}

/* {"projects":{"<folder>":"<slug>"}} */
static int find_project(struct span text, struct span slug, struct buf *out,
			struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	const struct jval *project = NULL;
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc = jdoc_parse(text, &options, &doc, &why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		project = jval_first(jval_get(jdoc_root(doc), "projects"));
	while (project && !span_equals(jval_text(project), slug))
		project = project->next;
	if (project)
		buf_put_span(out, project->key);
	jdoc_free(doc);
	return buf_end(out, err);
}

int gemini_cli_root(const struct import_source *source, struct buf *out,
		    struct err *err)
{
	struct span root = beside_get(source, "root");
	struct span projects = beside_get(source, "projects");

	if (projects.at)
		return find_project(projects, beside_get(source, "slug"), out,
				    err);
	if (root.at)
		root = span_take_line(&root);
	buf_put_span(out, root);
	return buf_end(out, err);
}
