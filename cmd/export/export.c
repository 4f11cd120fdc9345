#include "cmd/export/export.h"

#include "lib/base/nearest.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "objects/blob/blob.h"
#include "objects/record/kinds.h"

static const struct export_format formats[] = {
	{ .name = "af", .run = export_af },
	{ .name = "capsule", .run = export_capsule },
	{ .name = "card", .run = export_card, .form = EXPORT_EITHER },
	{ .name = "chatgpt", .run = export_chatgpt },
	{ .name = "claude", .run = export_claude },
	{ .name = "html", .run = export_html, .form = EXPORT_FOLDER },
	{ .name = "jsonl", .run = export_jsonl },
	{ .name = "markdown", .run = export_markdown },
	{ .name = "mcp-memory", .run = export_mcp_memory },
	{ .name = NULL },
};

const struct export_format *export_find(const char *name)
{
	const struct export_format *format;

	for (format = formats; format->name; format++) {
		if (!strcmp(format->name, name))
			return format;
	}
	return NULL;
}

void export_names(struct buf *out)
{
	const struct export_format *format;

	for (format = formats; format->name; format++)
		buf_putf(out, "%s%s", format == formats ? "" : ", ",
			 format->name);
}

const char *export_near(const char *name)
{
	struct nearest nearest = NEAREST_INIT(name);
	const struct export_format *format;

	for (format = formats; format->name; format++)
		nearest_try(&nearest, span_str(format->name));
	return nearest.found.at;
}

int export_bytes(const struct export *export, struct buf *bytes,
		 struct err *err)
{
	int rc = buf_end(bytes, err);

	if (rc == 0)
		rc = host_bytes(export->host, buf_span(bytes), err);
	buf_reset(bytes);
	return rc;
}

struct span export_conversation_of(struct span entity)
{
	struct home home = { .key = { NULL, 0 } };
	const struct kind *kind;

	(void)!entity_home(entity, &home, &kind, NULL);
	return home.key;
}

int export_text(struct view *view, struct span value, struct buf *out,
		struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_there;
	uint64_t size;
	int rc;

	if (jcs_is_words(value))
		return jcs_words(value, out, err);
	if (!blob_ref_parse(value, digest, &size))
		return buf_add_span(out, value, err);
	rc = view_blob(view, digest, out, &is_there, err);
	/* Its place is taken by what refers to it. */
	return rc < 0 || is_there ? rc : buf_add_span(out, value, err);
}
