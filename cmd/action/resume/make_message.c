#include "cmd/action/resume/make_internal.h"

#include "cmd/action/read/part_files.h"
#include "cmd/export/talk.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/index/words/part_kind.h"
#include "refs/index/words/spoken.h"

static bool is_member(const struct making *making, const char *name,
		      const char *text)
{
	struct span value;

	return jcs_find(buf_span(&making->said->state), name, &value) &&
	       jcs_is_text(value, text);
}

/*
 * A summary that stands for what was said before it, by what the source says
 * of its record: agents name it each in a way of their own.
 */
static bool is_summary(const struct making *making)
{
	static const char *const marks[] = {
		"\"isCompactSummary\":true",		/* Claude Code */
		"\"type\":\"compaction\"",		/* Pi */
		"\"type\":\"compacted\"",		/* Codex */
		"\"isSummary\":true",			/* Cline, Roo */
		"\"type\":\"context.apply_compaction\"",	/* Kimi */
		"\"type\":\"session.compaction_complete\"",	/* Copilot */
		"\"summary\":true",			/* OpenCode */
		"\"is_summary_message\":1",		/* Crush */
	};
	struct span native;
	size_t i;

	if (!jcs_find(buf_span(&making->said->state), "native", &native))
		return false;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (span_has(native, marks[i]))
			return true;
	}
	return false;
}

static enum part_kind kind_of(struct span part)
{
	enum part_kind kind = part_kind_of(part);

	return kind == PART_OTHER && jcs_type_of(part) == JCS_OBJECT &&
	       part_is_file(part) ? PART_FILE : kind;
}

/* Where a part stands in the content; false: it says nothing of that. */
static bool place_of(const struct making *making, struct span part,
		     size_t *out_start, size_t *out_end)
{
	struct span value;
	int64_t start;
	int64_t end;

	if (!jcs_find(part, "start", &value) || !jcs_integer(value, &start) ||
	    !jcs_find(part, "end", &value) || !jcs_integer(value, &end) ||
	    start < 0 || end < start || (uint64_t)end > making->content.len)
		return false;
	*out_start = (size_t)start;
	*out_end = (size_t)end;
	return true;
}

/* What no part says where it stands comes first, for it has no other place. */
static int put_rest(struct making *making, struct span parts)
{
	struct span content = buf_span(&making->content);
	struct jcs_iter iter = jcs_iter_array(parts);
	struct span part;
	size_t at = 0;
	size_t start;
	size_t end;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &part)) {
		if (!place_of(making, part, &start, &end) || start < at)
			continue;
		rc = making_text(making, span_trim(span_of(content.at + at,
							 start - at), SPAN_BLANKS));
		at = end;
	}
	return rc < 0 ? rc : making_text(making, span_trim(
			span_of(content.at + at, content.len - at), SPAN_BLANKS));
}

static int take_part(struct making *making, struct span part, bool has_words)
{
	struct passage_counts *counts = &making->made->passage.counts;
	struct span state = buf_span(&making->said->state);
	size_t start;
	size_t end;

	switch (kind_of(part)) {
	case PART_CALL:
		return has_words ? making_call(making, part) : 0;
	case PART_RESULT:
		return making_result(making, part);
	case PART_THOUGHT:
		counts->thoughts++;
		return 0;
	case PART_FILE:
		return part_is_of_asset(state, part) ? 0 :
		       making_file(making, part);
	case PART_OTHER:
		break;
	}
	if (is_member(making, "role", "tool") || !has_words)
		return 0;
	if (place_of(making, part, &start, &end))
		return making_text(making, span_of(
				   buf_text(&making->content) + start,
				   end - start));
	counts->injected += jcs_find(part, "type", &part) &&
			    jcs_is_text(part, "injected");
	return 0;
}

static int take_asset(void *arg, struct span part, struct err *err)
{
	(void)err;
	return making_file(arg, part);
}

/* has_words: they are the person's or the model's; else only what tools gave
 * back counts. */
static int take_parts(struct making *making, bool has_words)
{
	const struct part_visitor assets = { take_asset, making };
	struct span state = buf_span(&making->said->state);
	struct span parts = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;
	int rc = 0;

	(void)jcs_find(state, "parts", &parts);
	if (has_words)
		rc = put_rest(making, parts);
	iter = jcs_iter_array(parts);
	while (rc == 0 && jcs_next(&iter, NULL, &part))
		rc = take_part(making, part, has_words);
	if (rc == 0 && (has_words || making->call != MAKING_NONE))
		rc = part_each_asset(state, &assets, making->err);
	return rc;
}

/* A result that came without a part for it is all that its message says. */
static int take_tool(struct making *making)
{
	struct span state = buf_span(&making->said->state);
	struct span parts = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;
	bool has_result = false;

	(void)jcs_find(state, "parts", &parts);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part))
		has_result |= part_kind_of(part) == PART_RESULT;
	if (!has_result && making->content.len && making_bare_result(making))
		return making->err->code;
	return take_parts(making, false);
}

static int take_summary(struct making *making)
{
	int rc = making_text(making, span_trim(buf_span(&making->content),
					       SPAN_BLANKS));

	if (rc == 0 && making->turn != MAKING_NONE) {
		making->made->turns.at[making->turn].is_summary = true;
		making->made->turns.at[making->turn].role = PASSAGE_USER;
	}
	return rc;
}

static void read_time(struct making *making)
{
	struct span value;
	unsigned flags;

	making->created = 0;
	if (jcs_find_string(buf_span(&making->said->state), "created",
			    &value) &&
	    timestamp_parse(value, &making->created, &flags, NULL) < 0)
		making->created = 0;
}

/* What a program said to the model, or to itself. */
static int leave(struct making *making, size_t *count)
{
	*count += making->content.len > 0;
	return 0;
}

int making_message(struct making *making)
{
	struct passage_counts *counts = &making->made->passage.counts;
	struct span state = buf_span(&making->said->state);
	bool is_shown = said_is_shown(making->said) ||
			is_member(making, "visibility", "tool");
	int rc;

	making->turn = MAKING_NONE;
	making->call = MAKING_NONE;
	if (spoken_is_root(state))
		return 0;
	read_time(making);
	buf_reset(&making->content);
	rc = talk_text(making->transcript->view, state, "content",
		       &making->content, making->err);
	if (rc < 0)
		return rc;
	if (making_is_shell(making))
		return leave(making, &counts->injected);
	if (is_summary(making) && making->content.len)
		return take_summary(making);
	if (is_member(making, "role", "tool"))
		return take_tool(making);
	if (is_member(making, "visibility", "thinking"))
		return leave(making, &counts->thoughts);
	if (is_member(making, "visibility", "hidden"))
		return leave(making, &counts->hidden);
	if (!is_shown || (!is_member(making, "role", "user") &&
			  !is_member(making, "role", "assistant")))
		return leave(making, &counts->injected);
	return take_parts(making, true);
}
