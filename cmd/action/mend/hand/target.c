#include "cmd/action/mend/hand/target.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

#define NODE_OF_SOURCES "-00000000"
#define NODE_LEN (sizeof(NODE_OF_SOURCES) - 1)

void target_release(struct target *target)
{
	ref_release(&target->ref);
	buf_release(&target->state);
	free(target->standing.ids);
	*target = (struct target)TARGET_INIT;
}

struct span target_entity(const struct target *target)
{
	return buf_span(&target->ref.entity);
}

/* A handle or an expression may name a state of yesterday. */
static int open_newest(struct action_call *call, struct target *target,
		       struct err *err)
{
	struct view *newest = NULL;
	int rc;

	if (target->ref.view->is_newest)
		return 0;
	rc = view_open_ref(call->vault, target->ref.view->ref_name, &newest,
			   err);
	if (rc < 0)
		return rc;
	view_free(target->ref.view);
	target->ref.view = newest;
	return 0;
}

/* The clock of what was imported has no device. */
static bool is_imported(const struct view_entity *entity)
{
	struct span at;
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		at = entity->records[i].record.at;
		if (at.len > NODE_LEN &&
		    !memcmp(at.at + at.len - NODE_LEN, NODE_OF_SOURCES, NODE_LEN))
			return true;
	}
	return false;
}

static int take_target(void *arg, const struct view_entity *entity, struct err *err)
{
	struct target *target = arg;

	target->kind = entity->kind;
	target->conflicts = entity->conflicts;
	target->is_live = entity->state.at != NULL;
	target->is_imported = is_imported(entity);
	return buf_add_span(&target->state, entity->state, err);
}

/* A construct may be without a record of its own. */
static bool is_own(const struct target *target)
{
	struct span entity = target_entity(target);

	return span_begins(entity, "construct:") &&
	       span_equals(span_of(entity.at + 10, entity.len - 10),
			   span_str(target->ref.view->construct));
}

static int take_own(struct target *target, struct err *err)
{
	target->kind = kind_find(span_str("construct"));
	target->is_live = true;
	return buf_add_str(&target->state, "{}", err);
}

/* A second word before it, as show has it, would be another target here. */
static int find(struct action_call *call, const char *word, struct ref *out,
		struct err *err)
{
	const char *construct = action_text(call, "construct");
	struct err reason = ERR_INIT;
	struct span text;
	size_t end;
	int rc;

	if (construct)
		return ref_open(call->vault, construct, word, out, err);
	rc = ref_open(call->vault, word, NULL, out, &reason);
	text = span_str(reason.text);
	end = span_find(text, "; name one before it", 0);
	if (rc < 0 && end != SPAN_NOWHERE)
		return err_set(err, ERR_INVALID, "%.*s; --construct says which",
			       (int)end, text.at);
	return err_copy(err, rc, &reason);
}

int target_open(struct action_call *call, const char *word,
		struct target *out, struct err *err)
{
	const struct view_visitor visitor = { take_target, out };
	struct buf *entity = &out->ref.entity;
	int rc = find(call, word, &out->ref, err);

	out->word = word;
	if (rc == 0)
		rc = open_newest(call, out, err);
	out->is_whole = rc == 0 && !entity->len;
	if (out->is_whole)
		rc = buf_printf(entity, err, "construct:%s",
				out->ref.view->construct);
	if (rc == 0)
		rc = view_one(out->ref.view, buf_span(entity), &visitor, err);
	if (rc == 0 && !out->kind && is_own(out))
		rc = take_own(out, err);
	/* Of some sessions there are messages alone. */
	if (rc == 0 && !out->kind &&
	    span_begins(buf_span(entity), "session:")) {
		out->kind = kind_find(span_str("session"));
		out->is_live = true;
		rc = buf_add_str(&out->state, "{}", err);
	}
	if (rc == 0 && !out->kind)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no '%s' any more",
			     out->ref.view->construct, buf_text(entity));
	return rc < 0 ? rc : view_standing(out->ref.view, buf_span(entity),
					   &out->standing, err);
}

static int refuse_reserved(const struct target *target, struct err *err)
{
	return err_set(err, ERR_DENIED, "'%s' is written by vvault itself%s",
		       target->word, !strcmp(target->kind->name, "forget") ?
		       ": it says what was forgotten, which is for good" : "");
}

int target_live(const struct target *target, struct err *err)
{
	if (!target->is_whole && target->kind->is_reserved)
		return refuse_reserved(target, err);
	if (target->is_live)
		return 0;
	return err_set(err, ERR_NOT_FOUND, "'%s' was deleted; 'vvault log %s' "
		       "tells what it was", target->word,
		       buf_text(&target->ref.entity));
}

int target_words(const struct target *target, const char *field,
		 struct buf *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	struct span value;
	bool is_there;

	if (!field || !jcs_find(buf_span(&target->state), field, &value))
		return 0;
	if (jcs_type_of(value) == JCS_STRING)
		return jcs_string_decode(value, out, err);
	if (!blob_ref_parse(value, digest, &size))
		return 0;
	return view_blob(target->ref.view, digest, out, &is_there, err);
}

int target_write_stood(const struct stood *stood, struct entry *entry,
		       const char *verb, struct span data, struct err *err)
{
	const struct standing *standing = stood->standing;
	struct buf type = BUF_INIT(64);
	unsigned char (*ids)[RECORD_ID_BYTES];
	int rc = buf_printf(&type, err, "%s:%s", stood->kind->name, verb);

	ids = realloc(entry->prev.ids, (standing->n + 1) * sizeof(*ids));
	if (rc == 0 && !ids)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (ids)
		entry->prev.ids = ids;
	if (rc == 0)
		rc = vault_observe(entry->vault, &standing->newest, false,
				   err);
	if (rc == 0) {
		memcpy(ids, standing->ids, standing->n * sizeof(*ids));
		entry->prev.n = standing->n;
		entry->type = buf_text(&type);
		entry->kind = stood->kind;
		entry->entity = stood->entity;
		rc = entry_add(entry, data, err);
	}
	entry->type = NULL;
	buf_release(&type);
	return rc;
}

int target_write(const struct target *target, struct entry *entry,
		 const char *verb, struct span data, struct err *err)
{
	const struct stood stood = {
		buf_text(&target->ref.entity), target->kind, &target->standing
	};

	return target_write_stood(&stood, entry, verb, data, err);
}
