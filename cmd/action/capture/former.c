#include "cmd/action/capture/former.h"

#include "cmd/capture/queue.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

/* What a kept file begins with; the text follows. */
#define WAS_THERE '+'
#define WAS_NOT_THERE '-'

static int former_path(const struct hook_call *call, struct buf *out,
		       struct err *err)
{
	int rc = capture_folder(call->vault, out, err);

	return rc < 0 ? rc : buf_printf(out, err, "/former-%s",
					call->agent->name);
}

static bool is_blank(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] != ' ' && text.at[i] != '\t' &&
		    text.at[i] != '\r' && text.at[i] != '\n')
			return false;
	}
	return true;
}

/* Blank, {} or {"hooks":{}} */
static bool holds_nothing(struct span text)
{
	const struct jdoc_options options = { .flags = JDOC_BOM_SKIP };
	struct jdoc *doc = NULL;
	const struct jval *hooks;
	bool is_none = is_blank(text);

	if (!is_none && jdoc_parse(text, &options, &doc, NULL) == 0 &&
	    jval_is(jdoc_root(doc), JVAL_OBJECT)) {
		hooks = jval_get(jdoc_root(doc), "hooks");
		is_none = jval_count(jdoc_root(doc)) == (hooks ? 1 : 0) &&
			  (!hooks || (jval_is(hooks, JVAL_OBJECT) &&
				      !jval_count(hooks)));
	}
	jdoc_free(doc);
	return is_none;
}

int former_keep(const struct hook_call *call, bool was_there,
		struct span text, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf kept = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!holds_nothing(text))
		return 0;
	buf_put_char(&kept, was_there ? WAS_THERE : WAS_NOT_THERE);
	buf_put_span(&kept, text);
	rc = buf_end(&kept, err);
	if (rc == 0)
		rc = former_path(call, &path, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(&kept), 0600,
				       err);
	buf_release(&path);
	buf_release(&kept);
	return rc;
}

/* The same piece put in and taken out of it again: whatever else was changed
 * meanwhile shows. */
static int leave(const struct hook_call *call, struct span text,
		 struct buf *out, struct err *err)
{
	struct buf with = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_add(call, text, &with, err);

	if (rc == 0)
		rc = hook_remove(call, buf_span(&with), out, err);
	buf_release(&with);
	return rc;
}

int former_settle(const struct hook_call *call, struct buf *left,
		  bool *out_goes, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf kept = BUF_INIT(HOOK_FILE_MAX);
	struct buf same = BUF_INIT(BUF_NO_LIMIT);
	struct span text;
	int rc = 0;

	*out_goes = hook_is_empty(call->agent, buf_span(left));
	if (former_path(call, &path, NULL) < 0 ||
	    file_read(buf_text(&path), HOOK_FILE_MAX, &kept, NULL) < 0 ||
	    !kept.len)
		goto out;
	text = span_of(buf_text(&kept) + 1, kept.len - 1);
	if (leave(call, text, &same, NULL) < 0 ||
	    !span_equals(buf_span(&same), buf_span(left)))
		goto out;
	*out_goes = *buf_text(&kept) != WAS_THERE;
	buf_reset(left);
	rc = buf_add_span(left, text, err);
out:
	buf_release(&path);
	buf_release(&kept);
	buf_release(&same);
	return rc;
}
