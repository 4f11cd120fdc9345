#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"

#define NO_PART "of Cline or its kin, and no part of their sessions"

#define API "api_conversation_history.json"
#define UI "ui_messages.json"
#define ITEM "history_item.json"
#define METADATA "task_metadata.json"
#define MESSAGES ".messages.json"
#define UP_MAX 12

/*
 * ~/.cline/data/sessions/<id>/, and ~/.cline/data/tasks/<id>/ of the program
 * for the terminal; the tasks of extensions lie below globalStorage/<name>/.
 */
const struct import_home cline_home = {
	.folder = ".cline",
	.rooms = (const char *const[]){ "data", NULL },
	.signs = (const char *const[]){ "cline_mcp_settings.json", NULL },
	.reason = NO_PART,
};

/* Zoo Code goes on where Roo Code ended, with the same tasks. */
static const struct family {
	const char *folder;
	const char *provider;
} families[] = {
	{ ".cline", "cline" },
	{ "saoudrizwan.claude-dev", "cline" },
	{ "saoudrizwan.cline-nightly", "cline" },
	{ "rooveterinaryinc.roo-cline", "roo" },
	{ "rooveterinaryinc.roo-code-nightly", "roo" },
	{ "zoocodeorganization.zoo-code", "roo" },
	{ "kilocode.kilo-code", "kilo" },
};

static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

/* Whose folder it lies in, and how many steps below it; or NULL. */
static const char *family_of(struct span place, size_t *out_up)
{
	size_t up;
	size_t i;

	for (up = 1; up < UP_MAX; up++) {
		for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
			if (!is_part(place, up, families[i].folder))
				continue;
			*out_up = up;
			return families[i].provider;
		}
	}
	return NULL;
}

/* Milliseconds, a UUID or a ULID: what tasks are called by. */
static bool is_task_id(struct span name)
{
	size_t digits = 0;
	size_t i;

	if (beside_is_uuid(name))
		return true;
	for (i = 0; i < name.len; i++) {
		char c = name.at[i];

		digits += c >= '0' && c <= '9';
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z'))
			return false;
	}
	return (name.len >= 12 && digits == name.len) || name.len == 26;
}

/* Is there anything of a task beside it that is read before it? */
static bool is_beside_task(const struct import_input *input, struct span place,
			   bool is_ui)
{
	return beside_is_there(input, place, API) ||
	       (!is_ui && beside_is_there(input, place, UI));
}

static enum import_place task_place(const struct import_input *input,
				    struct span place)
{
	bool is_item = is_part(place, 0, ITEM);
	bool is_ui = is_part(place, 0, UI);

	if (is_part(place, 0, API))
		return PLACE_OWN;
	if (is_ui || is_item)
		return is_beside_task(input, place, is_ui) ? PLACE_BESIDE :
			PLACE_OWN;
	if (is_part(place, 0, METADATA) ||
	    beside_between(beside_part(place, 0), "focus_chain_taskid_",
			   ".md").at)
		return is_beside_task(input, place, false) ? PLACE_BESIDE :
			PLACE_ANYWHERE;
	return PLACE_ANYWHERE;
}

/* <id>.json beside <id>.messages.json. */
static bool is_manifest(const struct import_input *input, struct span place)
{
	struct span stem = beside_between(beside_part(place, 0), "", ".json");
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_one = false;

	if (!stem.at || span_ends(stem, ".messages"))
		return false;
	buf_put_span(&name, stem);
	buf_put_str(&name, MESSAGES);
	if (buf_end(&name, NULL) == 0)
		is_one = beside_is_there(input, place, buf_text(&name));
	buf_release(&name);
	return is_one;
}

/* What holds sessions, among all that lies in the folder of the program. */
static bool is_of_sessions(struct span place, size_t up)
{
	if (is_part(place, up - 1, "data"))
		up--;
	return up && is_part(place, up - 1, "sessions");
}

enum import_place cline_place(const struct import_input *input,
			      struct span place, const char **out_reason)
{
	enum import_place found = task_place(input, place);
	size_t up = 0;

	*out_reason = NO_PART;
	if (found != PLACE_ANYWHERE)
		return found;
	if ((is_part(place, 0, "taskHistory.json") &&
	     is_part(place, 1, "state")) ||
	    (is_part(place, 0, "_index.json") && is_part(place, 1, "tasks")))
		return PLACE_OWN;
	if (is_manifest(input, place))
		return PLACE_BESIDE;
	return family_of(place, &up) && !is_of_sessions(place, up) ?
		PLACE_APART : PLACE_ANYWHERE;
}

static int beside_session(struct span place, struct beside *to,
			  struct err *err)
{
	struct span stem = beside_between(beside_part(place, 0), "", MESSAGES);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_span(&name, stem);
	buf_put_str(&name, ".json");
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = beside_say(to, "stem", stem, err);
	if (rc == 0)
		rc = beside_file(to, "manifest", buf_text(&name), err);
	buf_release(&name);
	return rc;
}

static int beside_task(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err)
{
	struct span task = beside_part(place, 1);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (is_task_id(task))
		rc = beside_say(to, "task", task, err);
	if (rc == 0 && is_part(place, 0, API))
		rc = beside_later(to, "ui", UI, err);
	if (rc == 0 && !is_part(place, 0, ITEM) &&
	    beside_is_there(input, place, ITEM))
		rc = beside_file(to, "item", ITEM, err);
	if (rc == 0)
		rc = beside_file(to, "metadata", METADATA, err);
	buf_put_str(&name, "focus_chain_taskid_");
	buf_put_span(&name, task);
	buf_put_str(&name, ".md");
	if (rc == 0)
		rc = buf_end(&name, err);
	if (rc == 0)
		rc = beside_file(to, "todo", buf_text(&name), err);
	buf_release(&name);
	return rc;
}

int cline_beside(const struct import_input *input, struct span place,
		 struct beside *to, struct err *err)
{
	size_t up = 0;
	const char *family = family_of(place, &up);
	int rc = 0;

	if (family)
		rc = beside_say(to, "family", span_str(family), err);
	if (rc == 0 && (is_part(place, 0, API) || is_part(place, 0, UI) ||
			is_part(place, 0, ITEM)))
		rc = beside_task(input, place, to, err);
	else if (rc == 0 && span_ends(beside_part(place, 0), MESSAGES))
		rc = beside_session(place, to, err);
	return rc;
}
