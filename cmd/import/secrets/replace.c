#include "cmd/import/secrets/secret.h"

#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"
#include "lib/json/lex.h"

#define BASE64_MARK ";base64,"
#define BASE64_BEFORE 128	/* bytes of a media type */
#define BASE64_LOOK 24		/* bytes that tell whether a text is in it */

static void put_marker(struct span secret, enum secret_kind kind,
		       struct secret_counts *counts, struct buf *out)
{
	size_t characters = 0;
	size_t i;

	for (i = 0; i < secret.len; i++)
		characters += ((unsigned char)secret.at[i] & 0xc0) != 0x80;
	buf_putf(out, "[%s left out: %zu characters]", secret_kind_name(kind),
		 characters);
	counts->at[kind]++;
}

int secrets_out_of_text(struct span text, struct buf *out,
			struct secret_counts *counts, struct err *err)
{
	struct secret found;
	size_t at = 0;

	while (secret_find(text, at, &found)) {
		buf_put(out, text.at + at, found.at - at);
		put_marker(span_of(text.at + found.at, found.len), found.kind,
			   counts, out);
		at = found.at + found.len;
	}
	if (at)
		buf_put(out, text.at + at, text.len - at);
	return buf_end(out, err);
}

/* A walk over the strings of canonical JSON. */
struct replacing {
	struct span json;
	size_t copied;		/* up to here it stands in out */
	struct span name;	/* of the member whose value comes */
	struct span called;	/* what its object says to be called, or none */
	struct buf text;	/* of the string, escapes resolved */
	struct buf clean;
	struct buf *out;
	struct secret_counts *counts;
	size_t names;		/* that were replaced: they are in no order */
};

/* A text with half a character stands as the base64 of its JSON, and bytes of a
 * database as theirs. */
static int clean_raw(struct replacing *replacing, struct span text,
		     struct err *err)
{
	struct buf raw = BUF_INIT(BUF_NO_LIMIT);
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = base64_decode(text, &raw, &why);

	/* What is none is a text like others. */
	if (rc == ERR_INVALID) {
		rc = secrets_out_of_text(text, &replacing->clean,
					 replacing->counts, err);
	} else if (rc < 0) {
		rc = err_copy(err, rc, &why);
	} else {
		rc = secrets_out_of_text(buf_span(&raw), &clean,
					 replacing->counts, err);
	}
	if (rc == 0 && clean.len)
		rc = base64_add(&replacing->clean, clean.data, clean.len, err);
	buf_release(&raw);
	buf_release(&clean);
	return rc;
}

/* Up to its padding; either alphabet. false: it is no base64. */
static bool put_base64(struct span text, struct buf *out)
{
	size_t i;

	while (text.len && text.at[text.len - 1] == '=')
		text.len--;
	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '-' || c == '_')
			c = c == '-' ? '+' : '/';
		else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			   (c >= '0' && c <= '9') || c == '+' || c == '/'))
			return false;
		buf_put_char(out, c);
	}
	for (; i % 4; i++)
		buf_put_char(out, '=');
	return true;
}

static bool begins_as_text(struct span text)
{
	struct buf base64 = BUF_INIT(BUF_NO_LIMIT);
	struct buf begin = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	bool is_text;

	if (text.len > BASE64_LOOK)
		text.len = BASE64_LOOK;
	is_text = text.len == BASE64_LOOK && put_base64(text, &base64) &&
		base64_decode(buf_span(&base64), &begin, NULL) == 0;
	for (i = 0; is_text && i < begin.len; i++)
		is_text = (unsigned char)begin.data[i] >= ' ' ||
			  strchr("\t\r\n", begin.data[i]);
	buf_release(&base64);
	buf_release(&begin);
	return is_text;
}

/* A text that stands as base64, as a tool gives a file: its secrets are out of
 * it, and it stands so again. */
static int clean_base64(struct replacing *replacing, struct span text,
			struct err *err)
{
	struct buf base64 = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	size_t mark = span_find(text, BASE64_MARK, 0);
	struct span before = span_of(text.at, 0);
	int rc = 0;

	if (mark != SPAN_NOWHERE && mark < BASE64_BEFORE) {
		before.len = mark + strlen(BASE64_MARK);
		text = span_of(text.at + before.len, text.len - before.len);
	}
	if (begins_as_text(text) && put_base64(text, &base64) &&
	    base64_decode(buf_span(&base64), &bytes, NULL) == 0)
		rc = secrets_out_of_text(buf_span(&bytes), &clean,
					 replacing->counts, err);
	if (rc == 0 && clean.len) {
		buf_put_span(&replacing->clean, before);
		rc = base64_add(&replacing->clean, clean.data, clean.len, err);
	}
	buf_release(&base64);
	buf_release(&bytes);
	buf_release(&clean);
	return rc;
}

/* What a value is called: {"name":"DB_PASSWORD","value":"..."} is one as well. */
static struct span name_of_value(const struct replacing *replacing)
{
	return span_equals(replacing->name, span_str("value")) ||
	       span_equals(replacing->name, span_str("Value")) ?
	       replacing->called : replacing->name;
}

/* A value whose name says that it is secret goes as a whole. */
static int clean_string(struct replacing *replacing, struct span text,
			struct err *err)
{
	struct span name = name_of_value(replacing);
	enum secret_kind kind;
	int rc;

	buf_reset(&replacing->clean);
	if (span_equals(replacing->name, span_str("$raw")) ||
	    span_equals(replacing->name, span_str("$base64")) ||
	    span_equals(replacing->name, span_str("$$base64")))
		return clean_raw(replacing, text, err);
	if (text.len && secret_is_named(name, &kind) &&
	    secret_is_value(text, kind, true)) {
		put_marker(text, kind, replacing->counts, &replacing->clean);
		return buf_end(&replacing->clean, err);
	}
	rc = secrets_out_of_text(text, &replacing->clean, replacing->counts,
				 err);
	return rc < 0 || replacing->clean.len ? rc :
	       clean_base64(replacing, text, err);
}

/* A name is replaced as any text; those of one record are told apart by a
 * number, so that the same record gives the same names. */
static int clean_name(struct replacing *replacing, struct span text,
		      struct err *err)
{
	int rc;

	buf_reset(&replacing->clean);
	rc = secrets_out_of_text(text, &replacing->clean, replacing->counts,
				 err);
	if (rc == 0 && replacing->clean.len) {
		buf_putf(&replacing->clean, " %zu", ++replacing->names);
		rc = buf_end(&replacing->clean, err);
	}
	return rc;
}

/* The string between these quotes. */
static int take_string(struct replacing *replacing, size_t from, size_t end,
		       bool is_name, struct err *err)
{
	struct span text = span_of(replacing->json.at + from, end - from);
	int rc = 0;

	if (text.len && memchr(text.at, '\\', text.len)) {
		buf_reset(&replacing->text);
		rc = jcs_inner_decode(text, &replacing->text, err);
		text = buf_span(&replacing->text);
	}
	if (rc == 0)
		rc = is_name ? clean_name(replacing, text, err) :
			clean_string(replacing, text, err);
	if (rc < 0 || !replacing->clean.len)
		return rc;
	buf_put(replacing->out, replacing->json.at + replacing->copied,
		from - 1 - replacing->copied);
	jcs_put_string(replacing->out, buf_span(&replacing->clean));
	replacing->copied = end + 1;
	return 0;
}

/* Does an object begin or end in these bytes between two strings? */
static bool is_other_object(const char *at, const char *end)
{
	while (at < end && *at != '{' && *at != '}')
		at++;
	return at < end;
}

static void take_called(struct replacing *replacing, struct span text)
{
	static const char *const names[] = { "name", "Name", "key", "Key" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (span_equals(replacing->name, span_str(names[i])))
			replacing->called = text;
	}
}

static int take_strings(struct replacing *replacing, struct err *err)
{
	const char *end = replacing->json.at + replacing->json.len;
	const char *at = replacing->json.at;
	const char *before = at;
	const char *from;
	int rc = 0;

	while (rc == 0 && (at = memchr(at, '"', (size_t)(end - at)))) {
		if (is_other_object(before, at))
			replacing->called = span_of("", 0);
		from = at + 1;
		at = lex_skip_string(from, end);
		before = at;
		if (!at)
			return err_set(err, ERR_INVALID, "a string without end");
		rc = take_string(replacing, (size_t)(from - replacing->json.at),
				 (size_t)(at - 1 - replacing->json.at),
				 at < end && *at == ':', err);
		if (at < end && *at == ':')
			replacing->name = span_of(from, (size_t)(at - 1 - from));
		else
			take_called(replacing, span_of(from, (size_t)(at - 1 -
								      from)));
	}
	return rc;
}

/* The members into their order again. */
static int order_names(struct buf *json, struct err *err)
{
	static const struct jdoc_options options = { .flags = 0 };
	struct buf ordered = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(buf_span(json), &options, &doc, err);

	if (rc == 0)
		rc = jdoc_to_jcs(jdoc_root(doc), &ordered, err);
	if (rc == 0) {
		buf_reset(json);
		rc = buf_add_span(json, buf_span(&ordered), err);
	}
	jdoc_free(doc);
	buf_release(&ordered);
	return rc;
}

int secrets_out_of_json(struct span json, struct buf *out,
			struct secret_counts *counts, struct err *err)
{
	struct replacing replacing = {
		.json = json, .out = out, .counts = counts,
		.called = span_of("", 0),
		.text = BUF_INIT(BUF_NO_LIMIT), .clean = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = take_strings(&replacing, err);

	if (rc == 0 && replacing.copied) {
		buf_put(out, json.at + replacing.copied,
			json.len - replacing.copied);
		rc = buf_end(out, err);
	}
	if (rc == 0 && replacing.names)
		rc = order_names(out, err);
	buf_release(&replacing.text);
	buf_release(&replacing.clean);
	return rc;
}

int secret_counts_tell(const struct secret_counts *counts, struct buf *out,
		       struct err *err)
{
	size_t i;

	for (i = 0; i < SECRET_KINDS; i++) {
		if (counts->at[i])
			buf_putf(out, "%s%s (%llu)", out->len ? ", " : "",
				 secret_kind_name((enum secret_kind)i),
				 (unsigned long long)counts->at[i]);
	}
	return buf_end(out, err);
}

uint64_t secret_counts_sum(const struct secret_counts *counts)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < SECRET_KINDS; i++)
		sum += counts->at[i];
	return sum;
}
