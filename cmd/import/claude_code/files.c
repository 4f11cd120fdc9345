#include "cmd/import/claude_code/files.h"

#include "cmd/import/beside/home.h"
#include "cmd/import/beside/beside.h"

#define DESKTOP "local-agent-mode-sessions"
#define FOLDERS_MAX 16

const struct import_home cc_home = {
	.folder = ".claude",
	.rooms = (const char *const[]){ "projects", NULL },
	.signs = (const char *const[]){
		".credentials.json", "history.jsonl", "todos",
		"shell-snapshots", "file-history", "statsig", "session-env",
		NULL
	},
	.reason = "of Claude Code, and no part of its sessions",
	.notes = (const char *const[]){
		"CLAUDE.md", "rules", "agents", "plans", "tasks", "todos",
		NULL
	},
};

static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

/* The session in whose folder the file lies; absent: in none. */
static struct span holder_of(struct span place)
{
	struct span part = beside_part(place, 1);
	size_t up;

	for (up = 2; part.at && up < FOLDERS_MAX; up++) {
		if (beside_is_uuid(part))
			return part;
		part = beside_part(place, up);
	}
	return span_of(NULL, 0);
}

static bool is_result(struct span place)
{
	return is_part(place, 1, CC_RESULTS) &&
	       beside_is_uuid(beside_part(place, 2));
}

/* <run>/journal.jsonl */
static bool is_journal(struct span place)
{
	return is_part(place, 0, "journal.jsonl") &&
	       is_part(place, 2, "workflows");
}

static struct span meta_of(struct span place)
{
	return beside_between(beside_part(place, 0), "agent-", ".meta.json");
}

/* Does the session lie there whose agent this meta speaks of? */
static bool has_agent(const struct import_input *input, struct span place)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span agent = meta_of(place);
	bool is_there;

	buf_putf(&name, "agent-%.*s.jsonl", (int)agent.len, agent.at);
	is_there = buf_end(&name, NULL) == 0 &&
		   beside_is_there(input, place, buf_text(&name));
	buf_release(&name);
	return is_there;
}

/* .../local-agent-mode-sessions/<account>/<space>/local_<id>.json, and what
 * lies in local_<id>/ beside .claude. */
static enum import_place desktop_place(struct span place)
{
	struct span part = beside_part(place, 0);
	struct span below = span_of(NULL, 0);
	size_t up;

	if (is_part(place, 3, DESKTOP) &&
	    beside_between(part, "local_", ".json").at)
		return PLACE_BESIDE;
	for (up = 1; part.at && up < FOLDERS_MAX; up++) {
		below = part;
		part = beside_part(place, up);
		if (span_begins(part, "local_") &&
		    is_part(place, up + 3, DESKTOP))
			return span_equals(below, span_str(".claude")) ?
				PLACE_ANYWHERE : PLACE_APART;
	}
	return PLACE_ANYWHERE;
}

enum import_place cc_place(const struct import_input *input,
			   struct span place, const char **out_reason)
{
	*out_reason = cc_home.reason;
	if (is_result(place) || is_journal(place))
		return PLACE_OWN;
	if (meta_of(place).at && has_agent(input, place))
		return PLACE_BESIDE;
	if (meta_of(place).at && holder_of(place).at)
		return PLACE_OWN;
	if (is_part(place, 0, "sessions-index.json"))
		return PLACE_APART;
	return desktop_place(place);
}

static int agent_beside(struct span place, struct span agent,
			struct beside *to, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&name, "agent-%.*s.meta.json", (int)agent.len, agent.at);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = beside_say(to, CC_BESIDE_AGENT, agent, err);
	if (rc == 0)
		rc = beside_file(to, CC_BESIDE_META, buf_text(&name), err);
	if (rc == 0 && is_part(place, 2, "workflows"))
		rc = beside_say(to, CC_BESIDE_RUN, beside_part(place, 1), err);
	buf_release(&name);
	return rc;
}

/* What has no name but the one that its place gives it. */
static int part_beside(struct span place, struct beside *to, struct err *err)
{
	struct span agent = meta_of(place);
	int rc;

	rc = beside_say(to, CC_BESIDE_SESSION, holder_of(place), err);
	if (rc == 0 && is_result(place))
		rc = beside_say(to, CC_BESIDE_RESULT, beside_part(place, 0),
				err);
	else if (rc == 0 && is_journal(place))
		rc = beside_say(to, CC_BESIDE_RUN, beside_part(place, 1), err);
	else if (rc == 0)
		rc = beside_say(to, CC_BESIDE_AGENT, agent, err);
	if (rc == 0 && agent.at && is_part(place, 2, "workflows"))
		rc = beside_say(to, CC_BESIDE_RUN, beside_part(place, 1), err);
	return rc;
}

/* local_<id>/.claude/projects/<project>/<session>.jsonl */
static int desktop_beside(struct span place, struct beside *to,
			  struct err *err)
{
	struct span folder = beside_part(place, 4);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&name, "../../../../%.*s.json", (int)folder.len, folder.at);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = beside_file(to, CC_BESIDE_DESKTOP, buf_text(&name), err);
	buf_release(&name);
	return rc;
}

int cc_beside(const struct import_input *input, struct span place,
	      struct beside *to, struct err *err)
{
	struct span agent = beside_between(beside_part(place, 0), "agent-",
					   ".jsonl");

	(void)input;
	if (is_result(place) || is_journal(place) ||
	    (meta_of(place).at && holder_of(place).at))
		return part_beside(place, to, err);
	if (agent.at)
		return agent_beside(place, agent, to, err);
	if (is_part(place, 2, "projects") && is_part(place, 3, ".claude") &&
	    span_begins(beside_part(place, 4), "local_"))
		return desktop_beside(place, to, err);
	return 0;
}
