#include "cmd/action/resume/make_internal.h"

#include "cmd/action/read/part_files.h"
#include "cmd/action/read/part_tools.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

/* The text of the first of these members; "" where none is one. */
int making_member(struct making *making, struct span part,
		  const char *const *names, struct buf *out)
{
	struct span value;

	return part_find(part, names, &value) && jcs_is_words(value) ?
		jcs_words(value, out, making->err) : 0;
}

/* The call that it is of; without an id, the first that waits and has none. */
static size_t find_call(struct making *making, struct span id)
{
	unsigned char key[SHA256_BYTES];
	uint64_t place = 0;
	size_t i;

	sha256_of(id.at, id.len, key);
	if (id.len)
		return table_get(&making->ids, key, &place) ? (size_t)place :
		       MAKING_NONE;
	for (i = 0; i < making->pieces.n; i++) {
		if (making->made->pieces.at[i].kind == PIECE_CALL &&
		    !making->pieces.at[i].has_id &&
		    !making->pieces.at[i].is_answered)
			return i;
	}
	return MAKING_NONE;
}

static int answer(struct making *making, struct span id, struct span text,
		  bool is_error, bool *out_is_new)
{
	size_t place = find_call(making, id);
	struct passage_call *call;
	int rc;

	*out_is_new = false;
	making->call = place;
	if (place == MAKING_NONE) {
		making->made->passage.counts.orphan_results++;
		return 0;
	}
	/* Some sources tell of a result twice. */
	if (making->pieces.at[place].is_answered)
		return 0;
	making->pieces.at[place].is_answered = true;
	*out_is_new = true;
	call = &making->made->pieces.at[place].call;
	call->is_error = is_error;
	call->ended = making->created;
	rc = arena_keep(&making->made->arena, buf_span(&making->said->entity),
			&call->entity, making->err);
	return rc < 0 ? rc : making_keep_said(making, text, &call->result);
}

/* Where it stands in the message's content. */
static bool find_place(const struct making *making, struct span part,
		       struct span *out)
{
	struct span content = buf_span(&making->content);
	struct span value;
	int64_t start = 0;
	int64_t end = -1;

	if (jcs_find(part, "start", &value))
		(void)jcs_integer(value, &start);
	if (jcs_find(part, "end", &value))
		(void)jcs_integer(value, &end);
	if (start < 0 || end < start || (uint64_t)end > content.len)
		return false;
	*out = span_of(content.at + start, (size_t)(end - start));
	return true;
}

/* {"content":"..."}, with others that are no words: what it says. */
static struct span content_in(struct span value)
{
	struct span inner;

	return jcs_type_of(value) == JCS_OBJECT &&
	       jcs_find(value, "content", &inner) && jcs_is_words(inner) ?
	       inner : value;
}

/* A tool's own message says in words what its part may have as a value. */
static int put_paired_result(struct making *making, struct span part,
		      struct buf *out)
{
	static const char *const texts[] = { "text", "content", "output",
					     "result", "func_response", NULL };
	struct span content = buf_span(&making->content);
	struct span role;
	struct span value = { NULL, 0 };
	bool is_tool = jcs_find(buf_span(&making->said->state), "role",
				&role) && jcs_is_text(role, "tool");

	if (find_place(making, part, &value)) {
		buf_put_span(out, value);
		return 0;
	}
	(void)part_find(part, texts, &value);
	if (is_tool && content.len && !jcs_is_words(value)) {
		buf_put_span(out, content);
		return 0;
	}
	return value.at ? making_words(making, content_in(value), out) : 0;
}

/* Files that stand among what a tool gave back. */
static int put_files(struct making *making, struct span part)
{
	struct span item = { NULL, 0 };
	struct jcs_iter iter;
	int rc = 0;

	if (!jcs_find(part, "content", &item) ||
	    jcs_type_of(item) != JCS_ARRAY)
		return 0;
	iter = jcs_iter_array(item);
	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		if (jcs_type_of(item) == JCS_OBJECT && part_is_file(item))
			rc = making_file(making, item);
	}
	return rc;
}

int making_result(struct making *making, struct span part)
{
	static const char *const ids[] = { "tool_use_id", "tool_call_id",
					   "call_id", "id", NULL };
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	bool is_new;
	bool is_error = jcs_find(part, "is_error", &value) &&
			jcs_type_of(value) == JCS_TRUE;
	int rc = making_member(making, part, ids, &id);

	if (rc == 0)
		rc = put_paired_result(making, part, &text);
	if (rc == 0)
		rc = buf_end(&text, making->err);
	if (rc == 0)
		rc = answer(making, buf_span(&id), buf_span(&text), is_error,
			    &is_new);
	if (rc == 0 && is_new)
		rc = put_files(making, part);
	buf_release(&id);
	buf_release(&text);
	return rc;
}

int making_bare_result(struct making *making)
{
	bool is_new;

	return answer(making, span_of(NULL, 0), buf_span(&making->content),
		      false, &is_new);
}
