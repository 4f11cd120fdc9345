#include "cmd/import/codex/reading_internal.h"

#include "lib/json/jcs_scan.h"
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

struct looking {
	const char *member;	/* what names a message */
	struct buf begin;	/* "message:codex:<session>/" */
	struct buf *out;	/* its key */
};

/* An escaped key is no key any more: it is left alone. */
static int take_key(void *arg, const struct view_entity *entity,
		    struct err *err)
{
	struct looking *looking = arg;
	size_t len = looking->begin.len;
	struct span text;

	if (!jcs_find_string(entity->state, looking->member, &text) ||
	    !span_begins(text, buf_text(&looking->begin)) ||
	    memchr(text.at + len, '%', text.len - len))
		return 0;
	buf_put_span(looking->out, span_of(text.at + len, text.len - len));
	return buf_end(looking->out, err);
}

/* What the first message follows there, or where the session stands. */
static int look_for(struct view *view, struct codex_reading *reading,
		   struct looking *looking, uint32_t first, struct err *err)
{
	const struct view_visitor visitor = { take_key, looking };
	struct span session = reading->skeleton->session;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	int rc = codex_key(reading->skeleton, first, &reading->key, err);

	chat_put_entity(CODEX, session, buf_span(&reading->key), &entity);
	if (rc == 0)
		rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_one(view, buf_span(&entity), &visitor, err);
	if (rc == 0 && !looking->out->len) {
		buf_reset(&entity);
		buf_put_str(&entity, "session:" CODEX ":");
		chat_put_key(&entity, session);
		looking->member = "active";
		rc = buf_end(&entity, err);
		if (rc == 0)
			rc = view_one(view, buf_span(&entity), &visitor, err);
	}
	buf_release(&entity);
	return rc;
}

static int look_in_vault(struct codex_reading *reading, uint32_t first,
			 struct err *err)
{
	struct looking looking = { "parent", BUF_INIT(BUF_NO_LIMIT),
				   &reading->before };
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
	chat_put_entity(CODEX, reading->skeleton->session, span_str("x"),
			&looking.begin);
	rc = buf_end(&looking.begin, err);
	if (rc == 0) {
		looking.begin.data[--looking.begin.len] = '\0';
		rc = look_for(view, reading, &looking, first, err);
	}
	buf_release(&looking.begin);
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
	return rc < 0 || reading->before.len ? rc :
		import_skip(reading->source, "a rollout that goes on from "
			    "another one, which is not here", NULL, err);
}
