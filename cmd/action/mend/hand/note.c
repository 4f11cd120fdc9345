#include <stdio.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/form/text.h"
#include "cmd/action/mend/hand/target.h"
#include "lib/id/encode.h"
#include "lib/time/timestamp.h"

#define MESSAGE "message:"

/* A message stands for its session. */
static int find_session(struct action_call *call, struct target *out,
			struct err *err)
{
	struct buf session = BUF_INIT(ENTITY_MAX_BYTES);
	const char *word = action_text(call, "what");
	struct span entity;
	size_t slash;
	int rc = target_open(call, word, out, err);

	entity = target_entity(out);
	slash = span_find(entity, "/", 0);
	if (rc == 0 && span_begins(entity, MESSAGE) && slash != SPAN_NOWHERE) {
		rc = buf_printf(&session, err, "session:%.*s",
				(int)(slash - strlen(MESSAGE)),
				entity.at + strlen(MESSAGE));
		target_release(out);
		if (rc == 0)
			rc = target_open(call, buf_text(&session), out, err);
		out->word = word;
	}
	if (rc == 0 && strcmp(out->kind->name, "session") != 0)
		rc = err_set(err, ERR_INVALID, "a note is of a conversation; "
			     "'vvault edit' changes a %s", out->kind->name);
	buf_release(&session);
	return rc < 0 ? rc : target_live(out, err);
}

/* {"notes":{"<time>-<random>":text}}: in the order of their times, and no two
 * devices write the same. */
static int make_note(struct span text, struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields notes = JCS_FIELDS_INIT;
	char time[TIMESTAMP_TEXT_MAX];
	char key[RANDOM_KEY26_MAX];
	char name[sizeof(time) + 16];
	int rc;

	timestamp_text(timestamp_now(), time);
	random_key26(key);
	snprintf(name, sizeof(name), "%s-%.8s", time, key);
	fields_text(&notes, name, text);
	fields_object(&fields, "notes", &notes);
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&notes);
	jcs_fields_release(&fields);
	return rc;
}

static int write_note(struct action_call *call, const struct target *session,
		      struct span text, struct err *err)
{
	struct entry entry = {
		.vault = call->vault,
		.construct = session->ref.view->construct,
	};
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf subject = BUF_INIT(ENTITY_MAX_BYTES + 64);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc = make_note(text, &data, err);

	if (rc == 0)
		rc = entry_open(&entry, err);
	if (rc == 0)
		rc = target_write(session, &entry, "update", buf_span(&data),
				  err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "note: %s",
				buf_text(&session->ref.entity));
	if (rc == 0)
		rc = entry_commit(&entry, call, buf_text(&subject), &result,
				  err);
	fields_text(&fields, "entity", target_entity(session));
	entry_put(&entry, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	buf_release(&data);
	entry_release(&entry);
	return rc;
}

static int run(struct action_call *call, struct err *err)
{
	struct target session = TARGET_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = find_session(call, &session, err);

	if (rc == 0)
		rc = text_join(call, action_value(call, "text"), &text, err);
	if (rc == 0 && !text.len) {
		host_note(call->host, "no words, so there is nothing to note: "
			  "nothing is written");
		call->is_no = true;
	} else if (rc == 0) {
		rc = write_note(call, &session, buf_span(&text), err);
	}
	buf_release(&text);
	target_release(&session);
	return rc;
}

static const struct action_param params[] = {
	TARGET_CONSTRUCT,
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<session|message|@n>", "the conversation" },
	{ "text", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED, "<text|->",
	  "the words; -: those of the input" },
	ACTION_PARAMS_END
};

const struct action action_note = {
	"note", "put a note on a conversation", params, ACTION_WRITES, NULL,
	run
};
