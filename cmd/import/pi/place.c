#include "cmd/import/pi/pi_internal.h"

#include <stdio.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/records/rest.h"

#define NAMES "sessions.json"

#define OF_PI "of Pi, and no part of its sessions"
#define OF_OPENCLAW "of OpenClaw, and no part of its sessions"

static const char *const pi_rooms[] = { "sessions", NULL };
static const char *const pi_signs[] = {
	"models.json", "settings.json", "trust.json", NULL
};

/* An agent of OpenClaw: its keys lie beside its sessions. */
static const struct import_home openclaw_agent = {
	.folder = "agents/main", .rooms = pi_rooms,
	.signs = (const char *const[]){
		"agent/auth-profiles.json", "agent/auth.json",
		"agent/models.json", NULL
	},
	.reason = OF_OPENCLAW,
};

static const struct import_home openclaw_home = {
	.folder = ".openclaw",
	.rooms = (const char *const[]){ "agents", "workspace", "state", NULL },
	.signs = (const char *const[]){ "openclaw.json", NULL },
	.reason = OF_OPENCLAW,
	.next = &openclaw_agent,
};

static const struct import_home omp_home = {
	.folder = ".omp/agent", .rooms = pi_rooms, .signs = pi_signs,
	.reason = OF_PI, .next = &openclaw_home,
};

/* ~/.pi/agent/sessions/--<folder>--/<time>_<id>.jsonl; the settings and keys
 * beside `sessions` are not opened. */
const struct import_home pi_home = {
	.folder = ".pi/agent", .rooms = pi_rooms, .signs = pi_signs,
	.reason = OF_PI, .next = &omp_home,
};

/* ~/.openclaw/agents/<agent>/sessions/<id>.jsonl. */
static bool is_openclaw(struct span place)
{
	return span_equals(beside_part(place, 1), span_str("sessions")) &&
	       span_equals(beside_part(place, 3), span_str("agents"));
}

enum import_place pi_place(const struct import_input *input,
			   struct span place, const char **out_reason)
{
	(void)input;
	(void)out_reason;
	return is_openclaw(place) &&
	       span_equals(beside_part(place, 0), span_str(NAMES)) ?
		PLACE_BESIDE : PLACE_ANYWHERE;
}

/* What stands before the first of these in a name; all of it without. */
static struct span before(struct span name, const char *mark)
{
	size_t at = span_find(name, mark, 0);

	return at == SPAN_NOWHERE ? name : span_of(name.at, at);
}

struct span pi_session_of(struct span path)
{
	struct span name = path;
	size_t i;

	if (!path.len)
		return span_of(NULL, 0);
	for (i = path.len; i && path.at[i - 1] != '/' &&
	     path.at[i - 1] != '\\'; i--)
		;
	name = span_of(path.at + i, path.len - i);
	name = before(before(name, ".jsonl"), ".checkpoint.");
	/* <time>_<id> */
	for (i = name.len; i && name.at[i - 1] != '_'; i--)
		;
	return name.len > i ? span_of(name.at + i, name.len - i) :
		span_of(NULL, 0);
}

/* As what OpenClaw put a copy of the log away. */
static const char *archived_as(struct span name)
{
	static const char *const marks[] = {
		"checkpoint", "reset", "deleted", "bak"
	};
	char mark[16];
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		snprintf(mark, sizeof(mark), ".%s", marks[i]);
		if (span_has(name, mark))
			return marks[i];
	}
	return NULL;
}

/* Is the session's own log there too? */
static bool has_own(const struct import_input *input, struct span place)
{
	struct span id = pi_session_of(beside_part(place, 0));
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;

	buf_put_span(&name, id);
	buf_put_str(&name, ".jsonl");
	is_there = buf_end(&name, NULL) == 0 &&
		beside_is_there(input, place, buf_text(&name));
	buf_release(&name);
	return is_there;
}

int pi_beside(const struct import_input *input, struct span place,
	      struct beside *to, struct err *err)
{
	struct span name = beside_part(place, 0);
	const char *archived = archived_as(name);
	int rc = 0;

	if (!span_has(name, ".jsonl") && !archived)
		return 0;
	rc = beside_say(to, "session", pi_session_of(name), err);
	if (rc < 0 || !is_openclaw(place))
		return rc;
	rc = beside_say(to, "construct", span_str(OPENCLAW), err);
	if (rc == 0 && archived && !has_own(input, place))
		rc = beside_say(to, "archived", span_str(archived), err);
	return rc < 0 ? rc : beside_file(to, "names", NAMES, err);
}

/* The session that is listed under that name. */
static struct span listed(const struct jval *names, struct span name)
{
	return jval_get_text(jval_get_span(names, name), "sessionId");
}

/* What the list says of the session: {"<name>":{"sessionId",..}}. */
static void learn_listed(struct log *log, const struct jval *names)
{
	const struct jval *at = jval_first(names);
	struct chat_session *session = &log->session;

	while (at && !span_equals(jval_get_text(at, "sessionId"),
				  session->key))
		at = at->next;
	if (!at)
		return;
	fields_said(&log->about, "listed_as", at->key);
	log_learn_once(log, &session->title, jval_get_text(at, "displayName"));
	log_learn_once(log, &session->title, jval_get_text(at, "label"));
	log_learn_once(log, &session->title, jval_get_text(at, "subject"));
	log_learn_once(log, &session->parent,
		       listed(names, jval_get_text(at, "spawnedBy")));
}

void pi_learn_archived(struct log *log)
{
	struct span archived = beside_get(log->source, "archived");

	if (archived.len)
		fields_said(&log->about, "archived", archived);
}

int pi_learn_names(struct log *log, const struct jval *names, struct err *err)
{
	(void)err;
	learn_listed(log, names);
	return 0;
}
