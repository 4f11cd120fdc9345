#include <stdio.h>
#include <string.h>

#include "cmd/export/markdown/beside.h"
#include "cmd/render/read/prose.h"
#include "cmd/render/read/words.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define NAMED_MARK "»"

/* Program state: turns without words of their own stand together. */
static bool is_folded;

static void put_dim_text(const struct jval *object, const char *before,
			 const char *name)
{
	struct span text = jval_get_text(object, name);

	if (!text.len)
		return;
	say_printf("%s", before);
	say_colored(SAY_DIM, text);
}

static void put_count(unsigned long long n, const char *one)
{
	say_printf("%llu %s%s", n, one, n == 1 ? "" : "s");
}

/* What there is beside what is shown, and how to get it. */
static void put_rest(const struct jval *session)
{
	unsigned long long before = render_number(session, "before");
	unsigned long long after = render_number(session, "after");
	const struct jval *left_out = jval_get(session, "left_out");
	unsigned long long thinking = render_number(left_out, "thinking");
	unsigned long long hidden = render_number(left_out, "hidden");

	if (before || after) {
		put_count(before, "turn");
		say_printf(" before and %llu behind these: read ", after);
		say_text(jval_get_text(session, "session"));
		say_printf("\n");
	}
	if (thinking) {
		put_count(thinking, "thought");
		say_printf(" left out: --thinking\n");
	}
	if (hidden) {
		put_count(hidden, "hidden message");
		say_printf(" left out: --all\n");
	}
}

static void put_notes(const struct jval *session)
{
	const struct jval *note = jval_first(jval_get(session, "notes"));
	struct span rest;

	for (; note; note = note->next) {
		if (!jval_is(note, JVAL_STRING))
			continue;
		rest = jval_text(note);
		say_colored(SAY_YELLOW, span_str("note: "));
		while (rest.len) {
			say_text(span_take_line(&rest));
			say_printf("\n%s", rest.len ? "      " : "");
		}
	}
}

static void put_session(const struct jval *session)
{
	const struct jval *model = jval_first(jval_get(session, "models"));
	unsigned long long branches = render_number(session, "branches");
	struct span title = jval_get_text(session, "title");

	if (!title.len)
		title = jval_get_text(session, "first");
	say_colored(SAY_BOLD, title.len ? title :
		    jval_get_text(session, "session"));
	say_printf("\n");
	render_time(SAY_DIM, session, "created", "undated");
	put_dim_text(session, "  ", "provider");
	for (; model; model = model->next) {
		say_printf("  ");
		say_colored(SAY_DIM, jval_text(model));
	}
	say_printf("  ");
	put_count(render_number(session, "messages"), "message");
	if (branches > 1)
		say_printf(", %llu branches", branches);
	say_printf("\n");
	put_notes(session);
	put_rest(session);
}

static void put_who(const struct jval *turn)
{
	const struct jval *role = jval_get(turn, "role");
	const struct jval *branch = jval_get(turn, "branch");
	struct span name = jval_get_text(turn, "name");
	unsigned color = jval_is_text(role, "user") ? SAY_GREEN :
			 jval_is_text(role, "assistant") ? SAY_CYAN :
			 SAY_YELLOW;

	if (render_flag(turn, "named"))
		say_styled(SAY_YELLOW | SAY_AND_BOLD, span_str(NAMED_MARK " "));
	say_styled(color | SAY_AND_BOLD, name.len ? name : jval_text(role));
	if (jval_get_text(turn, "created").len) {
		say_printf("  ");
		render_time(SAY_DIM, turn, "created", "");
	}
	put_dim_text(turn, "  ", "model");
	if (!jval_is_text(jval_get(turn, "visibility"), "visible"))
		put_dim_text(turn, "  ", "visibility");
	if (jval_is(branch, JVAL_OBJECT)) {
		say_printf("  ");
		say_styled(SAY_YELLOW, span_str("branch "));
		render_line(branch, "{n} of {of}");
	}
	say_printf("\n");
}

/* One line, whatever stands in it. */
static void put_folded(struct flow *flow, const char *mark, struct span name,
		       struct span gist)
{
	flow_put(flow, SAY_AND_DIM, 0, span_str(mark));
	flow_cells_put(&flow->cells, SAY_YELLOW, 0, name);
	flow_put(flow, SAY_AND_DIM, 0, span_str(name.len && gist.len ?
						" " : ""));
	flow_cells_put(&flow->cells, SAY_AND_DIM, 0, gist);
	flow_cut(flow);
	flow_end(flow, false);
}

static void put_tool(struct flow *flow, const struct jval *tool)
{
	const struct jval *input = jval_get(tool, "input");
	char size[64];

	if (jval_is_text(jval_get(tool, "kind"), "call")) {
		put_folded(flow, "▸ ", jval_get_text(tool, "name"),
			   jval_get_text(tool, "gist"));
		if (input) {
			flow_push(flow, "  ", "  ");
			prose_print_plain(flow, SAY_AND_DIM,
					  jval_is(input, JVAL_STRING) ?
					  jval_text(input) : input->raw);
			flow_pop(flow);
		}
		return;
	}
	snprintf(size, sizeof(size), "%llu byte%s%s",
		 render_number(tool, "bytes"),
		 render_number(tool, "bytes") == 1 ? "" : "s",
		 render_flag(tool, "error") ? ", an error:" : "");
	if (render_flag(tool, "error"))
		put_folded(flow, "◂ ", span_str(size),
			   jval_get_text(tool, "gist"));
	else
		put_folded(flow, "◂ ", span_str(""), span_str(size));
}

static void put_file(struct flow *flow, const struct jval *file)
{
	struct span name = jval_get_text(file, "name");
	struct span media = jval_get_text(file, "media");
	const char *lacks;
	char size[32];

	if (screen_picture(media, jval_get_text(file, "data"), &lacks))
		return;
	flow_put(flow, SAY_AND_DIM, 0, span_str("▫ "));
	flow_cells_put(&flow->cells, SAY_YELLOW, 0, name.len ? name :
		       span_str("file"));
	if (media.len) {
		flow_put(flow, SAY_AND_DIM, 0, span_str("  "));
		flow_cells_put(&flow->cells, SAY_AND_DIM, 0, media);
	}
	if (jval_is(jval_get(file, "size"), JVAL_NUMBER)) {
		words_of_size(render_number(file, "size"), size);
		flow_put(flow, SAY_AND_DIM, 0, span_str("  "));
		flow_put(flow, SAY_AND_DIM, 0, span_str(size));
	}
	if (jval_is(jval_get(file, "blob"), JVAL_STRING)) {
		flow_put(flow, SAY_AND_DIM, 0, span_str("  "));
		flow_put(flow, SAY_AND_DIM, 0, jval_get_text(file, "blob"));
	}
	if (lacks) {
		flow_put(flow, SAY_AND_DIM, 0, span_str("  "));
		flow_put(flow, SAY_AND_DIM, 0, span_str(lacks));
	}
	flow_end(flow, true);
	flow_push(flow, "  ", "  ");
	prose_print_plain(flow, SAY_AND_DIM, jval_get_text(file, "text"));
	flow_pop(flow);
}

static void put_thinking(struct flow *flow, const struct jval *turn)
{
	struct span text = jval_get_text(turn, "thinking");

	if (!text.len)
		return;
	flow_push(flow, "┊ ", "┊ ");
	prose_print(flow, SAY_AND_DIM | SAY_AND_ITALIC, text);
	flow_pop(flow);
	flow_gap(flow);
}

static void put_readable(struct flow *flow, struct span text)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);

	beside_put_readable(&plain, text);
	if (buf_end(&plain, NULL) == 0)
		text = buf_span(&plain);
	prose_print(flow, 0, text);
	buf_release(&plain);
}

static void put_words(struct flow *flow, const struct jval *turn)
{
	const struct jval *visibility = jval_get(turn, "visibility");
	struct span text = jval_get_text(turn, "text");

	if (jval_is_text(visibility, "tool")) {
		flow_push(flow, "  ", "  ");
		prose_print_plain(flow, SAY_AND_DIM, text);
		flow_pop(flow);
	} else if (jval_is_text(visibility, "thinking")) {
		prose_print(flow, SAY_AND_DIM | SAY_AND_ITALIC, text);
	} else {
		put_readable(flow, text);
	}
}

/* Its sources and the like. */
static void put_beside(struct flow *flow, const struct jval *turn)
{
	struct span text = jval_get_text(turn, "beside");

	if (!text.len)
		return;
	flow_gap(flow);
	prose_print(flow, SAY_AND_DIM, text);
}

/* Is it Markdown, as far as is known? Code is set as it stands. */
static bool is_prose(const struct jval *document)
{
	struct span media = jval_get_text(document, "media");
	struct span title = jval_get_text(document, "title");

	if (media.len)
		return span_equals(media, span_str("text/markdown"));
	return !jval_get_text(document, "language").len &&
	       (span_ends(title, ".md") ||
		span_find(title, ".", 0) == SPAN_NOWHERE);
}

static void put_document(struct flow *flow, const struct jval *document)
{
	struct span text = jval_get_text(document, "text");
	struct span title = jval_get_text(document, "title");

	say_colored(SAY_BOLD, title.len ? title :
		    jval_get_text(document, "document"));
	put_dim_text(document, "  ", "type");
	put_dim_text(document, "  ", "media");
	say_printf("\n");
	put_dim_text(document, "", "session");
	say_printf(jval_get_text(document, "session").len ? "\n\n" : "\n");
	if (is_prose(document))
		prose_print(flow, 0, text);
	else
		prose_print_plain(flow, 0, text);
}

const char *render_read_mark(const struct jval *session)
{
	return jval_get_text(session, "named").len ? NAMED_MARK : NULL;
}

bool render_read(const struct jval *object)
{
	struct flow flow = FLOW_INIT(screen_width());
	const struct jval *tool = jval_first(jval_get(object, "tools"));
	const struct jval *file = jval_first(jval_get(object, "files"));
	bool has_words = jval_get_text(object, "text").len ||
			 jval_get_text(object, "thinking").len || file ||
			 render_flag(object, "named");

	if (jval_get(object, "document")) {
		put_document(&flow, object);
		flow_release(&flow);
		return true;
	}
	if (jval_get(object, "session")) {
		put_session(object);
		is_folded = false;
		return true;
	}
	/* Nothing is said here. */
	if (!has_words && !tool)
		return false;
	if (has_words || !is_folded)
		say_printf("\n");
	if (has_words)
		put_who(object);
	put_thinking(&flow, object);
	put_words(&flow, object);
	put_beside(&flow, object);
	for (; tool; tool = tool->next)
		put_tool(&flow, tool);
	for (; file; file = file->next)
		put_file(&flow, file);
	is_folded = jval_first(jval_get(object, "tools")) != NULL;
	flow_release(&flow);
	return true;
}
