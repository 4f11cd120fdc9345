#include "cmd/import/kimi/kimi_internal.h"

#include <stdio.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/logs/document.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

#define OF_KIMI "of Kimi, and no part of its sessions"
#define STATE "state.json"
#define CONTEXT_MAX 40		/* bytes of the name of a context */
#define CONTEXTS_MAX 100000

static const struct import_home code_home = {
	.folder = ".kimi-code",
	.rooms = (const char *const[]){ "sessions", NULL },
	.signs = (const char *const[]){
		"session_index.jsonl", "credentials", NULL
	},
	.reason = OF_KIMI,
};

/*
 * ~/.kimi/sessions/<md5 of the folder>/<id>/context.jsonl, and that of an agent
 * that it let work in subagents/<agent> there; kimi.json names the folders.
 * ~/.kimi-code/sessions/<folder>/<id>/agents/<agent>/wire.jsonl.
 */
const struct import_home kimi_home = {
	.folder = ".kimi",
	.rooms = (const char *const[]){ "sessions", NULL },
	.signs = (const char *const[]){ "kimi.json", "device_id", NULL },
	.reason = OF_KIMI,
	.next = &code_home,
};

static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

/* context_<n>.jsonl */
static bool is_old(struct span place)
{
	struct span number = beside_between(beside_part(place, 0), "context_",
					    ".jsonl");
	size_t i;

	for (i = 0; i < number.len; i++) {
		if (number.at[i] < '0' || number.at[i] > '9')
			return false;
	}
	return number.len > 0;
}

static bool is_context(struct span place)
{
	return is_part(place, 0, KIMI_CONTEXT) || is_old(place);
}

enum import_place kimi_place(const struct import_input *input,
			     struct span place, const char **out_reason)
{
	(void)out_reason;
	if (is_context(place))
		return beside_is_there(input, place, STATE) ||
		       beside_is_there(input, place, KIMI_WIRE) ?
			PLACE_OWN : PLACE_ANYWHERE;
	if (is_part(place, 0, KIMI_WIRE))
		return beside_is_there(input, place, KIMI_CONTEXT) ?
			PLACE_BESIDE : PLACE_ANYWHERE;
	if (is_part(place, 0, STATE))
		return beside_is_there(input, place, KIMI_CONTEXT) ||
		       beside_is_there(input, place, "agents/main/"
				       KIMI_WIRE) ?
			PLACE_BESIDE : PLACE_ANYWHERE;
	return is_part(place, 0, "meta.json") &&
	       is_part(place, 2, "subagents") &&
	       beside_is_there(input, place, KIMI_CONTEXT) ?
		PLACE_BESIDE : PLACE_ANYWHERE;
}

/* The name of what was put away before it: context_<n - 1>.jsonl, or of the
 * newest the last of them; "": nothing was. */
static void older_than(const struct import_input *input, struct span place,
		       char out[CONTEXT_MAX])
{
	struct span number = beside_between(beside_part(place, 0), "context_",
					    ".jsonl");
	char name[CONTEXT_MAX];
	size_t n = 0;
	size_t i;

	*out = '\0';
	for (i = 0; i < number.len && n < CONTEXTS_MAX; i++)
		n = n * 10 + (size_t)(number.at[i] - '0');
	for (i = 1; i < CONTEXTS_MAX && (!is_old(place) || i < n); i++) {
		snprintf(name, sizeof(name), "context_%zu.jsonl", i);
		if (!beside_is_there(input, place, name))
			break;
		memcpy(out, name, sizeof(name));
	}
}

/* Kimi CLI: what lies beside a context, or beside that of the session that let
 * it work. */
static int context_beside(const struct import_input *input,
			  struct span place, struct beside *to,
			  struct err *err)
{
	bool is_agent = is_part(place, 2, "subagents");
	char older[CONTEXT_MAX];
	int rc;

	older_than(input, place, older);

	rc = beside_say(to, "session", beside_part(place, is_agent ? 3 : 1),
			err);
	if (rc == 0 && is_agent)
		rc = beside_say(to, "agent", beside_part(place, 1), err);
	if (rc == 0)
		rc = beside_later(to, "wire", KIMI_WIRE, err);
	if (rc == 0 && is_old(place))
		rc = beside_later(to, "newer", KIMI_CONTEXT, err);
	if (rc == 0 && *older)
		rc = beside_later(to, "older", older, err);
	if (rc == 0)
		rc = beside_say(to, "folder", beside_part(place, is_agent ? 4 :
							  2), err);
	if (rc == 0)
		rc = beside_file(to, "state", is_agent ? "meta.json" : STATE,
				 err);
	return rc < 0 ? rc : beside_file(to, "folders", is_agent ?
			"../../../../../kimi.json" : "../../../kimi.json",
			err);
}

int kimi_beside(const struct import_input *input, struct span place,
		struct beside *to, struct err *err)
{
	int rc;

	if (is_context(place))
		return context_beside(input, place, to, err);
	if (!is_part(place, 0, KIMI_WIRE) || !is_part(place, 2, "agents"))
		return 0;
	rc = beside_say(to, "session", beside_part(place, 3), err);
	if (rc == 0 && !is_part(place, 1, "main"))
		rc = beside_say(to, "agent", beside_part(place, 1), err);
	return rc < 0 ? rc : beside_file(to, "state", "../../" STATE, err);
}

/* --- what is told there ---------------------------------------------------- */

static bool is_folder(const struct jval *entry, struct span folder,
		      struct span session)
{
	struct span path = jval_get_text(entry, "path");
	unsigned char digest[MD5_BYTES];
	char hex[HEX_TEXT(MD5_BYTES) + 1];

	md5_of(path.at, path.len, digest);
	hex_text(digest, sizeof(digest), hex);
	/* Of one on another machine: <which>_<md5>. */
	return span_ends(folder, hex) ||
	       (session.len && span_equals(jval_get_text(entry,
					   "last_session_id"), session));
}

/* {"work_dirs":[{"path","kaos","last_session_id"}]} */
static int learn_folder(struct log *log, const struct jval *folders,
			struct err *err)
{
	const struct jval *entry = jval_first(jval_get(folders, "work_dirs"));

	(void)err;
	while (entry && !is_folder(entry, beside_get(log->source, "folder"),
				   beside_get(log->source, "session")))
		entry = entry->next;
	if (jval_get_text(entry, "path").len)
		fields_said(&log->about, "cwd", jval_get_text(entry, "path"));
	return 0;
}

static int learn_state(struct log *log, const struct jval *state,
		       struct err *err)
{
	struct take take = take_begin(state);
	struct chat_session *session = &log->session;
	bool is_agent = beside_get(log->source, "agent").at != NULL;
	struct chat_time created = take_time(&take, "createdAt");
	struct chat_time updated = take_time(&take, "updatedAt");
	struct span folder = take_text(&take, "workDir");

	(void)err;
	if (folder.len)
		fields_said(&log->about, "cwd", folder);
	if (is_agent) {
		take_rest_under(&take, "agent", &log->about);
		return 0;
	}
	log_learn(log, &session->title, take_text(&take, "title"));
	log_learn(log, &session->title, take_text(&take, "custom_title"));
	if (created.micros != CHAT_TIME_UNKNOWN)
		session->created = created;
	if (updated.micros > session->updated.micros)
		session->updated = updated;
	take_rest_under(&take, "state", &log->about);
	return 0;
}

int kimi_learn_beside(struct log *log, struct err *err)
{
	struct span session = beside_get(log->source, "session");
	struct span agent = beside_get(log->source, "agent");
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_span(&key, session);
	if (agent.len) {
		buf_put_char(&key, ':');
		buf_put_span(&key, agent);
		log_learn(log, &log->session.parent, session);
		log_learn(log, &log->session.title, agent);
	}
	rc = buf_end(&key, err);
	log_learn(log, &log->session.key, buf_span(&key));
	buf_release(&key);
	if (rc == 0)
		rc = log_document(log, "folders", learn_folder, err);
	return rc < 0 ? rc : log_document(log, "state", learn_state, err);
}
