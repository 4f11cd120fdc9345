#include "cmd/import/claude_code/files.h"

#include "cmd/import/beside/home.h"
#include "cmd/import/beside/beside.h"

#define DESKTOP "local-agent-mode-sessions"
#define FOLDERS_MAX 16

#define NO_PART "of an agent that writes as Claude Code does, and no part of " \
	"its sessions"

static const char *const rooms[] = { "projects", NULL };
static const char *const no_signs[] = { NULL };

/* Agents that keep the sessions of Claude Code's format in homes of their
 * own. */
static const struct import_home openclaude_home = {
	.folder = ".openclaude", .rooms = rooms, .signs = no_signs,
	.reason = NO_PART, .construct = "openclaude",
};

static const struct import_home qoderwork_home = {
	.folder = ".qoderwork", .rooms = rooms, .signs = no_signs,
	.reason = NO_PART, .construct = "qoder", .next = &openclaude_home,
};

static const struct import_home qoder_home = {
	.folder = ".qoder", .rooms = rooms, .signs = no_signs,
	.reason = NO_PART, .construct = "qoder", .next = &qoderwork_home,
};

static const struct import_home iflow_home = {
	.folder = ".iflow", .rooms = rooms,
	.signs = (const char *const[]){ "iflow_accounts.json", NULL },
	.reason = NO_PART, .construct = "iflow", .next = &qoder_home,
};

const struct import_home cc_home = {
	.folder = ".claude",
	.rooms = rooms,
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
	.next = &iflow_home,
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

/* ~/.qoder/projects/<project>/<session>.jsonl */
static bool is_qoder(struct span place)
{
	return is_part(place, 2, "projects") &&
	       (is_part(place, 3, ".qoder") || is_part(place, 3, ".qoderwork"));
}

/* Replace out with the name of a file whose name is of another's. */
static int rename_as(struct span place, const char *from, const char *to,
		     struct buf *out, struct err *err)
{
	struct span stem = beside_between(beside_part(place, 0), "", from);

	buf_reset(out);
	if (stem.len) {
		buf_put_span(out, stem);
		buf_put_str(out, to);
	}
	return buf_end(out, err);
}

/* What tells of a session of Qoder that is there. */
static bool is_qoder_meta(const struct import_input *input, struct span place)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_one = is_qoder(place) &&
		rename_as(place, "-session.json", ".jsonl", &name, NULL) == 0 &&
		name.len && beside_is_there(input, place, buf_text(&name));

	buf_release(&name);
	return is_one;
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
	if (is_qoder_meta(input, place))
		return PLACE_BESIDE;
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

static int qoder_beside(struct span place, struct beside *to, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc = rename_as(place, ".jsonl", "-session.json", &name, err);

	if (rc == 0 && name.len)
		rc = beside_file(to, CC_BESIDE_QODER, buf_text(&name), err);
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
	return is_qoder(place) ? qoder_beside(place, to, err) : 0;
}
