#include "cmd/import/codex/reading_internal.h"

#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/view/view.h"

/*
 * A long session goes on in a new file, which says so by a reference to the
 * one before it (rollout_reference). Its first message follows the last one
 * there: of a file that is read too, else of what the vault has.
 */
int codex_segment_note(struct codex_skeleton *skeleton,
		       struct lineage *lineage, struct err *err)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc = codex_skeleton_judge(skeleton, lineage, err);

	if (rc == 0 && skeleton->leaf != CODEX_NONE) {
		rc = codex_key(skeleton, skeleton->leaf, &key, err);
		if (rc == 0)
			rc = lineage_end(lineage, skeleton->number,
					 skeleton->begun, buf_span(&key), err);
	}
	buf_release(&key);
	return rc;
}

/* What the vault has of the session. */
struct looking {
	struct buf begin;	/* "message:codex:<session>/" */
	struct buf first;	/* the first message of this file */
	struct buf parent;	/* what that one follows there */
	struct buf active;	/* what the session shows */
	struct buf last;	/* of the messages before this file the last, */
	struct buf created;	/* when it was said, */
	int64_t index;		/* and its place */
	bool is_active_older;
	char begun[TIMESTAMP_TEXT_MAX];	/* this file was */
};

static void put_instead(struct buf *out, struct span text)
{
	buf_reset(out);
	buf_put_span(out, text);
}

/* The later of those from before this file. */
static void take_older(struct looking *looking, const struct view_entity *entity)
{
	struct span created = { NULL, 0 };
	struct span value;
	int64_t index = 0;
	int order;

	if (!jcs_find_string(entity->state, "created", &created) ||
	    span_compare(created, span_str(looking->begun)) >= 0)
		return;
	looking->is_active_older |= span_equals(entity->entity,
						buf_span(&looking->active));
	if (jcs_find(entity->state, "index", &value))
		(void)jcs_integer(value, &index);
	order = span_compare(created, buf_span(&looking->created));
	if (order < 0 || (order == 0 && index < looking->index))
		return;
	put_instead(&looking->last, entity->entity);
	put_instead(&looking->created, created);
	looking->index = index;
}

static int look_at(void *arg, const struct view_entity *entity,
		   struct err *err)
{
	struct looking *looking = arg;
	struct span text;

	if (!entity->state.at)
		return 0;
	if (span_begins(entity->entity, "session:")) {
		if (jcs_find_string(entity->state, "active", &text))
			put_instead(&looking->active, text);
		return buf_end(&looking->active, err);
	}
	if (span_equals(entity->entity, buf_span(&looking->first)) &&
	    jcs_find_string(entity->state, "parent", &text))
		put_instead(&looking->parent, text);
	if (span_begins(entity->entity, buf_text(&looking->begin)))
		take_older(looking, entity);
	buf_fail(&looking->parent, buf_end(&looking->last, NULL));
	return buf_end(&looking->parent, err);
}

/* The key of a message; an escaped one is no key any more: it is left alone. */
static int put_key(const struct looking *looking, const struct buf *entity,
		   struct buf *out, struct err *err)
{
	size_t len = looking->begin.len;
	struct span text = buf_span(entity);

	if (span_begins(text, buf_text(&looking->begin)) &&
	    !memchr(text.at + len, '%', text.len - len))
		buf_put_span(out, span_of(text.at + len, text.len - len));
	return buf_end(out, err);
}

/*
 * What the first message follows there already; else where the session stands,
 * or stood when this file began: files may come the newest first.
 */
static int look_for(struct view *view, struct codex_reading *reading,
		    struct looking *looking, struct err *err)
{
	const struct view_visitor visitor = { look_at, looking };
	struct buf session = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&session, "session:" CODEX ":");
	chat_put_key(&session, reading->skeleton->session);
	rc = buf_end(&session, err);
	if (rc == 0)
		rc = view_one(view, buf_span(&session), &visitor, err);
	if (rc == 0)
		rc = view_home(view, buf_span(&session), &visitor, err);
	buf_release(&session);
	return rc < 0 ? rc : put_key(looking, looking->parent.len ?
		&looking->parent : looking->is_active_older ?
		&looking->active : &looking->last, &reading->before, err);
}

static int begin_looking(struct codex_reading *reading, uint32_t first,
			 struct looking *looking, struct err *err)
{
	const struct codex_skeleton *skeleton = reading->skeleton;
	int rc = codex_key(skeleton, first, &reading->key, err);

	timestamp_text(skeleton->begun, looking->begun);
	chat_put_entity(CODEX, skeleton->session, buf_span(&reading->key),
			&looking->first);
	chat_put_entity(CODEX, skeleton->session, span_str("x"),
			&looking->begin);
	buf_fail(&looking->begin, buf_end(&looking->first, NULL));
	if (rc == 0)
		rc = buf_end(&looking->begin, err);
	if (rc == 0)
		looking->begin.data[--looking->begin.len] = '\0';
	return rc;
}

static int look_in_vault(struct codex_reading *reading, uint32_t first,
			 struct err *err)
{
	struct looking looking = {
		.begin = BUF_INIT(BUF_NO_LIMIT), .first = BUF_INIT(BUF_NO_LIMIT),
		.parent = BUF_INIT(BUF_NO_LIMIT),
		.active = BUF_INIT(BUF_NO_LIMIT), .last = BUF_INIT(BUF_NO_LIMIT),
		.created = BUF_INIT(BUF_NO_LIMIT),
	};
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc;

	if (reading->job->sink)
		return 0;
	rc = view_open(reading->job->vault, reading->source->construct, &view,
		       &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_set(err, (enum err_code)rc, "%s", why.text);
	rc = begin_looking(reading, first, &looking, err);
	if (rc == 0)
		rc = look_for(view, reading, &looking, err);
	buf_release(&looking.begin);
	buf_release(&looking.first);
	buf_release(&looking.parent);
	buf_release(&looking.active);
	buf_release(&looking.last);
	buf_release(&looking.created);
	view_free(view);
	return rc;
}

int codex_segment_find(struct codex_reading *reading, struct err *err)
{
	const struct codex_skeleton *skeleton = reading->skeleton;
	struct span end;
	uint32_t first = 0;
	int rc = 0;

	while (first < skeleton->lines.n &&
	       !skeleton->lines.at[first].is_message)
		first++;
	if (!skeleton->is_segment || first == skeleton->lines.n)
		return 0;
	end = lineage_end_before(reading->lineage, skeleton->number,
				 skeleton->begun);
	if (end.at)
		buf_put_span(&reading->before, end);
	else
		rc = look_in_vault(reading, first, err);
	if (rc < 0 || reading->before.len)
		return rc;
	/* It is read again once something else of the construct has come. */
	reading->source->awaits = true;
	return import_skip(reading->source, "a rollout that goes on from "
			    "another one, which is not here", NULL, err);
}
