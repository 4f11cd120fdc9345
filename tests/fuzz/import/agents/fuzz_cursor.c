/*
 * Chats of Cursor without their database: {"key","composer","header","row",
 * "bubbles":{<key>:<value or its text>},"tabs"}; and the same bytes as a
 * transcript. Whatever is read becomes valid records, the same each time.
 */
#include <stdint.h>

#include "cmd/import/cursor/cursor.h"
#include "cmd/import/cursor/cursor_internal.h"
#include "cmd/import/input/whole.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int get_bubble(void *arg, struct span chat, struct span key,
		      struct buf *out, bool *out_is_there, struct err *err)
{
	const struct jval *value = jval_get_span(arg, key);
	struct span text = jval_text(value);

	(void)chat;
	buf_reset(out);
	*out_is_there = value && !jval_is(value, JVAL_NULL);
	return *out_is_there ? buf_add_span(out, text.at ? text : value->raw,
					    err) : 0;
}

static int each_bubble(void *arg, struct span chat,
		       int (*key)(void *to, struct span key, struct err *err),
		       void *to, struct err *err)
{
	const struct jval *value = jval_first(arg);
	int rc = 0;

	(void)chat;
	for (; rc == 0 && value; value = value->next)
		rc = key(to, value->key, err);
	return rc;
}

static int put_chat(struct cursor_run *run, const struct jval *root,
		    struct err *err)
{
	const struct jval *all = jval_get(root, "bubbles");
	const struct cursor_bubbles bubbles = {
		get_bubble, each_bubble,
		(void *)(uintptr_t)(jval_is(all, JVAL_OBJECT) ? all : NULL)
	};
	const struct cursor_talk talk = {
		.key = jval_get_text(root, "key"),
		.composer = jval_get(root, "composer"),
		.header = { .value = jval_get(root, "header"),
			    .row = jval_get(root, "row"),
			    .cwd = jval_get_text(root, "cwd") },
		.bubbles = &bubbles,
	};
	int rc = cursor_put_talk(run, &talk, err);

	return rc < 0 ? rc : cursor_put_tabs(run, root, span_of(NULL, 0),
					     err);
}

static int read_chat(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct cursor_run run;
	struct jdoc *doc = NULL;
	int rc = whole_read(source, &doc, err);

	if (rc == 0) {
		cursor_run_begin(&run, job, source, "cursor");
		rc = put_chat(&run, jdoc_root(doc), err);
		cursor_run_release(&run);
	}
	jdoc_free(doc);
	return rc;
}

static const struct importer chat_alone = {
	.name = "fuzz", .one = "chat", .many = "chats", .construct = "cursor",
	.signs = (const char *const[]){ "composer", NULL }, .read = read_chat,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	importer_fuzz(&chat_alone, data, len);
	return importer_fuzz(&cursor_transcript_importer, data, len);
}
