#include "cmd/export/export.h"

#include <stdio.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

static const struct format {
	const char *name;
	int (*run)(struct session *session, struct view *view);
} formats[] = {
	{ "af", export_af },
	{ "capsule", export_capsule },
	{ "card", export_card },
	{ "chatgpt", export_chatgpt },
	{ "claude", export_claude },
	{ "jsonl", export_jsonl },
	{ "markdown", export_markdown },
	{ "mcp-memory", export_mcp_memory },
	{ NULL, NULL },
};

void export_bytes(struct span bytes)
{
	out_bytes(bytes);
}

int export_text(struct view *view, struct span value, struct buf *out,
		struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct err reason = ERR_INIT;
	size_t begin = out->len;
	uint64_t size;
	int rc;

	if (jcs_type_of(value) == JCS_STRING)
		return jcs_string_decode(value, out, err);
	if (!blob_ref_parse(value, digest, &size))
		return buf_add_span(out, value, err);
	rc = blob_read(view->vault->store, view->codec, &view->tree, digest,
		       out, &reason);
	if (rc >= 0)
		return rc;
	/* Its place is taken by what refers to it. */
	buf_cut(out, begin);
	rc = view_lacks(view, "blob", digest, &reason, err);
	return rc < 0 ? rc : buf_add_span(out, value, err);
}

int export_lines(struct span text, const char *prefix, struct buf *out,
		 struct err *err)
{
	struct span line;
	const char *end;
	int rc = 0;

	while (rc >= 0 && text.len) {
		end = memchr(text.at, '\n', text.len);
		line = span_of(text.at, end ? (size_t)(end - text.at) :
			       text.len);
		rc = buf_add_str(out, prefix, err);
		if (rc >= 0)
			rc = text_escape(out, line, TEXT_KEEP_LINES, err);
		if (rc >= 0)
			rc = buf_add_char(out, '\n', err);
		line.len += end ? 1 : 0;
		text = span_of(text.at + line.len, text.len - line.len);
	}
	return rc;
}

static const struct format *find_format(const char *name)
{
	const struct format *format;

	for (format = formats; format->name; format++) {
		if (name && !strcmp(format->name, name))
			return format;
	}
	return NULL;
}

/* Name all that there are. */
static void refuse_format(struct session *session, const char *name)
{
	const struct format *format;
	char list[256] = "";
	size_t len = 0;
	int added;

	for (format = formats; format->name; format++) {
		added = snprintf(list + len, sizeof(list) - len, "%s%s",
				 len ? ", " : "", format->name);
		if (added < 0 || (size_t)added >= sizeof(list) - len)
			break;
		len += (size_t)added;
	}
	if (name)
		(void)err_set(&session->err, ERR_INVALID,
			      "unknown format '%s': %s", name, list);
	else
		(void)err_set(&session->err, ERR_INVALID,
			      "--format is missing: %s", list);
}

int cmd_export(struct session *session, int argc, char **argv)
{
	const char *name = NULL;
	const struct option_row rows[] = {
		{ "--format", OPTION_TEXT, &name },
		{ NULL, OPTION_FLAG, NULL },
	};
	const struct format *format;
	struct vault *vault = NULL;
	struct view *view = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	format = find_format(name);
	if (!format) {
		refuse_format(session, name);
		return CMD_USAGE;
	}
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = view_open(vault, argv[1], &view, &session->err);
	if (rc >= 0)
		rc = format->run(session, view);
	view_free(view);
	vault_close(vault);
	return rc < 0 ? rc : 0;
}
