#include "cmd/action/read/handles.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"

void handles_release(struct handles *handles)
{
	buf_release(&handles->text);
	buf_release(&handles->seen);
	buf_release(&handles->where);
}

static void put_ids(struct buf *out, const git_oid *ids, size_t n)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	for (i = 0; i < n; i++) {
		hex_text(ids[i].id, GIT_OID_RAWSZ, hex);
		buf_putf(out, "%s%s", i ? "," : "", hex);
	}
}

/* What could not be put has no number, and the next one gets it. */
static void end_line(struct handles *handles, size_t start)
{
	buf_put_char(&handles->text, '\n');
	if (buf_settle(&handles->text, start, NULL) == 0)
		handles->n++;
}

static struct handles *handles_of(const struct action_call *call)
{
	struct handles *handles = call->settings.handles;

	return handles && handles->n < HANDLES_MAX ? handles : NULL;
}

/* Is the view what the construct's heads hold now? */
static bool is_newest(const struct view *view)
{
	struct head_list refs = HEAD_LIST_INIT;
	git_oid *heads = NULL;
	size_t n = 0;
	size_t i;
	bool is = view_heads(view->vault, view->ref_name, &refs, &heads, &n,
			     NULL) == 0 && n == view->heads_n;

	for (i = 0; is && i < n; i++)
		is = git_oid_equal(&heads[i], &view->heads[i]);
	head_list_release(&refs);
	free(heads);
	return is;
}

/* Lists are of one view for the most part: it is looked at once. */
static void put_where(struct handles *handles, const struct view *view)
{
	struct buf seen = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&seen, view->ref_name);
	buf_put_char(&seen, '\t');
	put_ids(&seen, view->heads, view->heads_n);
	if (!span_equals(buf_span(&seen), buf_span(&handles->seen))) {
		buf_reset(&handles->where);
		if (is_newest(view))
			buf_putf(&handles->where, "%s\t", view->ref_name);
		else
			buf_put_span(&handles->where, buf_span(&seen));
		buf_release(&handles->seen);
		handles->seen = seen;
		seen = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	}
	buf_put_span(&handles->text, buf_span(&handles->where));
	buf_fail(&handles->text, buf_end(&handles->seen, NULL));
	buf_fail(&handles->text, buf_end(&handles->where, NULL));
	buf_release(&seen);
}

static void put_entity(struct action_call *call, const struct view *view,
		       struct span entity, const char *mark,
		       const unsigned char *record)
{
	struct handles *handles = handles_of(call);
	char hex[HEX_TEXT(RECORD_ID_BYTES) + 1] = "";
	size_t start;

	if (!handles)
		return;
	start = handles->text.len;
	put_where(handles, view);
	if (record)
		hex_text(record, RECORD_ID_BYTES, hex);
	buf_putf(&handles->text, "\t%s%s\t", mark, hex);
	buf_put_span(&handles->text, entity);
	end_line(handles, start);
}

void handle_entity(struct action_call *call, const struct view *view,
		   struct span entity, const unsigned char *record)
{
	put_entity(call, view, entity, "", record);
}

void handle_record(struct action_call *call, const struct view *view,
		   struct span entity, const unsigned char *record)
{
	put_entity(call, view, entity, RECORD_MARK, record);
}

void handle_version(struct action_call *call, const char *ref_name,
		    const git_oid *id)
{
	struct handles *handles = handles_of(call);
	size_t start;

	if (!handles)
		return;
	start = handles->text.len;
	buf_putf(&handles->text, "%s\t", ref_name);
	if (id)
		put_ids(&handles->text, id, 1);
	buf_put_str(&handles->text, "\t\t");
	end_line(handles, start);
}

void handle_construct(struct action_call *call, const char *ref_name)
{
	handle_version(call, ref_name, NULL);
}
