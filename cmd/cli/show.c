#include "cmd/cli/show.h"

#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"
#include "cmd/cli/terminal.h"
#include "cmd/cli/verbose.h"
#include "lib/json/jcs_scan.h"

/* Before anything is printed. */
static void begin(struct terminal *terminal, const struct jval *first)
{
	const struct rendering *rendering = terminal->rendering;

	if (rendering->is_long && !terminal->has_begun)
		say_pager_begin(terminal->session, first && rendering->mark ?
				rendering->mark(first) : NULL);
	terminal->has_begun = true;
}

/* Hand the value to the rendering of the action. */
static int render(struct terminal *terminal, struct span json, bool is_item,
		  struct err *err)
{
	const struct rendering *rendering = terminal->rendering;
	struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX + 2 };
	struct jdoc *doc;
	bool is_shown = true;
	int rc;

	say_set_handle(terminal->handles.n > terminal->numbered ?
		       terminal->handles.n : 0);
	if (rendering->text) {
		begin(terminal, NULL);
		terminal->printed += rendering->text(json);
		terminal->numbered = terminal->handles.n;
		return 0;
	}
	rc = jdoc_parse(json, &options, &doc, err);
	if (rc < 0)
		return rc;
	begin(terminal, jdoc_root(doc));
	if (is_item)
		rendering->item(jdoc_root(doc));
	else if (rendering->line)
		render_line(jdoc_root(doc), rendering->line);
	else
		terminal->printed += is_shown =
			rendering->object(jdoc_root(doc));
	/* Of a list that has no line the first item takes the handle. */
	if (is_shown)
		terminal->numbered = terminal->handles.n;
	jdoc_free(doc);
	return 0;
}

int show_object(void *arg, struct span json, struct err *err)
{
	struct terminal *terminal = arg;

	verbose_result();
	progress_wipe();
	if (terminal->rendering)
		return render(terminal, json, false, err);
	say_bytes(json);
	say_bytes(span_str("\n"));
	return 0;
}

/* One member, as it stands, with what comes before it. */
static void put_member(struct buf *out, const char *before, struct span name,
		       struct span value)
{
	buf_put_str(out, before);
	buf_put_char(out, '"');
	buf_put_span(out, name);
	buf_put_str(out, "\":");
	buf_put_span(out, value);
}

/* The object's members are sorted: some come before the list, some behind. */
static int begin_json(struct terminal *terminal, struct span json,
		      const char *list, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(json);
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc;

	buf_reset(&terminal->rest);
	buf_put_char(&first, '{');
	while (jcs_next(&iter, &name, &value)) {
		if (span_compare(name, span_str(list)) < 0)
			put_member(&first, first.len > 1 ? "," : "", name,
				   value);
		else
			put_member(&terminal->rest, ",", name, value);
	}
	put_member(&first, first.len > 1 ? "," : "", span_str(list),
		   span_str("["));
	buf_put_str(&terminal->rest, "}\n");
	rc = buf_end(&terminal->rest, err);
	if (rc == 0)
		rc = buf_end(&first, err);
	if (rc == 0)
		say_bytes(buf_span(&first));
	buf_release(&first);
	return rc;
}

int show_list(void *arg, struct span json, const char *name,
		     struct err *err)
{
	struct terminal *terminal = arg;

	verbose_result();
	progress_wipe();
	terminal->is_first = true;
	return terminal->rendering ? render(terminal, json, false, err) :
	       begin_json(terminal, json, name, err);
}

int show_item(void *arg, struct span json, struct err *err)
{
	struct terminal *terminal = arg;

	verbose_result();
	progress_wipe();
	if (terminal->rendering)
		return render(terminal, json, true, err);
	if (!terminal->is_first)
		say_bytes(span_str(","));
	terminal->is_first = false;
	say_bytes(json);
	return 0;
}

int show_list_end(void *arg, struct err *err)
{
	struct terminal *terminal = arg;

	(void)err;
	if (terminal->rendering)
		return 0;
	say_bytes(span_str("]"));
	say_bytes(buf_span(&terminal->rest));
	return 0;
}

int show_bytes(void *arg, struct span bytes, struct err *err)
{
	(void)arg;
	(void)err;
	verbose_result();
	progress_wipe();
	say_bytes(bytes);
	return 0;
}
