#include "cmd/export/markdown/markdown.h"

#include "cmd/action/result.h"
#include "cmd/export/portrait.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define DEEPEST 3	/* members deeper than that stand as JSON */

void markdown_put_lines(struct buf *out, struct span text, const char *prefix)
{
	struct span line;
	const char *end;

	while (text.len) {
		end = memchr(text.at, '\n', text.len);
		line = span_of(text.at, end ? (size_t)(end - text.at) :
			       text.len);
		buf_put_str(out, prefix);
		buf_fail(out, text_escape(out, line, TEXT_KEEP_LINES, NULL));
		buf_put_char(out, '\n');
		line.len += end ? 1 : 0;
		text = span_of(text.at + line.len, text.len - line.len);
	}
}

/* A list item at that depth: the first line after a dash, others below it. */
static void put_list_item(struct buf *out, struct span text, size_t depth)
{
	static const char blanks[] = "            ";
	size_t begin = out->len;
	size_t width = 2 * (depth + 1);

	markdown_put_lines(out, text, blanks + sizeof(blanks) - 1 - width);
	if (!out->failed && out->len > begin)
		out->data[begin + width - 2] = '-';
}

/* "- name: value" for each, an object as a list below. */
static int render_members(struct view *view, struct span object, size_t depth,
			  struct buf *out, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	bool is_list;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		is_list = jcs_type_of(value) == JCS_OBJECT && depth < DEEPEST;
		buf_reset(&text);
		rc = jcs_inner_decode(name, &text, err);
		buf_put_str(&text, is_list ? ":" : ": ");
		if (rc == 0 && !is_list)
			rc = export_text(view, value, &text, err);
		put_list_item(out, buf_span(&text), depth);
		if (rc == 0 && is_list)
			rc = render_members(view, value, depth + 1, out, err);
	}
	buf_release(&text);
	return rc;
}

static int render_persona(struct view *view, struct buf *out, struct err *err)
{
	struct buf persona = BUF_INIT(BUF_NO_LIMIT);
	int rc = view_persona(view, &persona, err);

	if (rc == 0 && persona.len > 2) {
		buf_put_str(out, "\n## Persona\n\n");
		rc = render_members(view, buf_span(&persona), 0, out, err);
	}
	buf_release(&persona);
	return rc;
}

/* Its title, where it has one, above what it says. */
static void put_memory(const struct remembered *memory, struct buf *out)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span title;

	if (jcs_find(buf_span(&memory->state), "title", &title) &&
	    jcs_type_of(title) == JCS_STRING && title.len > 2) {
		buf_put_str(&text, "**");
		buf_fail(&text, jcs_string_decode(title, &text, NULL));
		buf_put_str(&text, "**\n\n");
	}
	buf_put_span(&text, buf_span(&memory->text));
	buf_fail(out, text.failed);
	put_list_item(out, buf_span(&text), 0);
	buf_release(&text);
}

static void render_memories(const struct portrait *portrait, struct buf *out)
{
	struct span before = { NULL, 0 };
	struct span bucket;
	size_t i;

	if (portrait->n)
		buf_put_str(out, "\n## Memories\n");
	for (i = 0; i < portrait->n; i++) {
		bucket = buf_span(&portrait->at[i].bucket);
		if (!i || !span_equals(bucket, before)) {
			buf_put_str(out, "\n### ");
			markdown_put_lines(out, bucket.len ? bucket :
					   span_str("other"), "");
			buf_put_char(out, '\n');
		}
		put_memory(&portrait->at[i], out);
		before = bucket;
	}
}

/* A line that counts what is left out; way: how `ls` has it. */
static void put_untold(struct buf *out, const char *what, uint64_t n,
		       const char *thing, const char *way)
{
	if (n)
		buf_putf(out, "\n*Not told here: %s %llu %s. `vvault ls %s` "
			 "has it.*\n", what, (unsigned long long)n, thing, way);
}

/* What is not told, and how to get it. */
static int write_untold(const struct export *export,
			struct portrait *portrait,
			const struct markdown_untold *untold, struct err *err)
{
	const char *construct = view_title(export->view);
	struct buf others = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf way = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	portrait->others[kind_find(span_str("acu")) - kind_table] +=
		untold->others;
	portrait_put_others(portrait, &others);
	buf_putf(&way, "%s memory --json", construct);
	put_untold(&text, "what else is known of", portrait->richer,
		   portrait->richer == 1 ? "memory" : "memories",
		   buf_text(&way));
	buf_reset(&way);
	buf_putf(&way, "%s message --json", construct);
	put_untold(&text, "what else the source said of", untold->natives,
		   untold->natives == 1 ? "message" : "messages",
		   buf_text(&way));
	put_untold(&text, "of sessions that were deleted,", untold->deleted,
		   untold->deleted == 1 ? "message" : "messages",
		   buf_text(&way));
	if (others.len)
		buf_putf(&text, "\n*Not told here: %s. `vvault ls %s` lists "
			 "all there is.*\n", buf_text(&others), construct);
	buf_fail(&text, others.failed < 0 ? others.failed : way.failed);
	rc = export_bytes(export, &text, err);
	buf_release(&others);
	buf_release(&text);
	buf_release(&way);
	return rc;
}

int export_markdown(const struct export *export, struct err *err)
{
	struct view *view = export->view;
	struct portrait portrait = { .view = view };
	struct markdown_untold untold = { .natives = 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&text, "# %s\n", view_called(view));
	rc = render_persona(view, &text, err);
	if (rc == 0)
		rc = portrait_read(view, &portrait, err);
	render_memories(&portrait, &text);
	if (rc == 0)
		rc = export_bytes(export, &text, err);
	if (rc == 0)
		rc = markdown_sessions(export, &untold, err);
	if (rc == 0)
		rc = write_untold(export, &portrait, &untold, err);
	buf_release(&text);
	portrait_release(&portrait);
	return rc;
}
