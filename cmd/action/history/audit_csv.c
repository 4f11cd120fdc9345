#include "cmd/action/history/audit.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/json/jdoc.h"

/* Where each column stands in the object. */
static const struct {
	const char *name;
	const char *in;		/* of that object; or NULL */
	const char *field;
} columns[] = {
	{ "time", NULL, "time" },	    { "device", NULL, "name" },
	{ "act", NULL, "act" },		    { "member", "member", "name" },
	{ "role", NULL, "role" },	    { "construct", NULL, "construct" },
	{ "called", NULL, "called" },	    { "records", NULL, "records" },
	{ "keys", NULL, "keys" },	    { "grants", NULL, "grants" },
	{ "sources", NULL, "sources" },	    { "format", "source", "format" },
	{ "source", "source", "entity" },   { "version", NULL, "version" },
	{ "device_did", NULL, "device" },   { "member_did", "member", "did" },
	{ "renewed_by", NULL, "renewed_by" },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

/*
 * Between quotes, which are doubled. What a spreadsheet would take for a
 * formula gets a quote before it: names are from outside.
 */
static void put_cell(struct buf *out, struct span text)
{
	size_t i;

	buf_put_char(out, '"');
	if (text.len && strchr("=+-@\t\r", text.at[0]))
		buf_put_char(out, '\'');
	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_put_char(out, '"');
		buf_put_char(out, text.at[i]);
	}
	buf_put_char(out, '"');
}

static void put_act_row(struct buf *out, const struct jval *act)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		const struct jval *in = columns[i].in ?
			jval_get(act, columns[i].in) : act;
		const struct jval *at = in ? jval_get(in, columns[i].field)
					   : NULL;

		buf_put_str(out, i ? "," : "");
		if (at && jval_is(at, JVAL_NUMBER))
			buf_put_span(out, at->raw);
		else if (at && jval_is(at, JVAL_STRING))
			put_cell(out, jval_text(at));
	}
	buf_put_str(out, "\r\n");
}

int audit_csv(const struct host *host, struct span act, bool wants_header,
	      struct err *err)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const struct jdoc_options options = { .max_depth = 0 };
	struct jdoc *doc = NULL;
	size_t i;
	int rc = jdoc_parse(act, &options, &doc, err);

	for (i = 0; wants_header && i < COLUMNS; i++) {
		buf_put_str(&out, i ? "," : "");
		buf_put_str(&out, columns[i].name);
	}
	buf_put_str(&out, wants_header ? "\r\n" : "");
	if (rc == 0)
		put_act_row(&out, jdoc_root(doc));
	if (rc == 0)
		rc = buf_end(&out, err);
	if (rc == 0)
		rc = host_bytes(host, buf_span(&out), err);
	jdoc_free(doc);
	buf_release(&out);
	return rc;
}
