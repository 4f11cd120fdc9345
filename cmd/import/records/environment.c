#include "cmd/import/records/environment.h"

#include "lib/json/jcs_write.h"

#define NAME_MAX_BYTES 64
#define STRIP_DEPTH_MAX 12	/* a record holds that, and JDOC_JCS_DEPTH_MAX */

/* Lower case and without marks: "MAC-Address" is macaddress. */
static const char *const names[] = {
	"environment", "environmentvariables", "envvars", "env", "systeminfo",
	"runtimeenvironment", "activeprocesses", "networkconnections",
	"hardwarefingerprint", "hostname", "macaddress", "pythonpath",
	"workingdirectory", NULL
};

static bool is_named(struct span key)
{
	char plain[NAME_MAX_BYTES];
	const char *const *name;
	size_t len = 0;
	size_t i;

	for (i = 0; i < key.len; i++) {
		char c = key.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == '_' || c == '-' || c == ' ' || c == '.')
			continue;
		if (len == sizeof(plain))
			return false;
		plain[len++] = c;
	}
	for (name = names; *name; name++) {
		if (span_equals(span_of(plain, len), span_str(*name)))
			return true;
	}
	return false;
}

bool environment_is_part(const struct jval *member)
{
	return member->key.at && is_named(member->key) &&
	       (member->type == JVAL_OBJECT || member->type == JVAL_ARRAY ||
		member->type == JVAL_STRING);
}

static bool is_empty(const struct jval *value)
{
	if (value->type == JVAL_STRING)
		return value->as.text.len == 0;
	return jval_count(value) == 0;
}

/* Recursion goes as deep as jdoc_parse() lets a document be. */
bool environment_is_inside(const struct jval *value)
{
	const struct jval *child;

	for (child = jval_first(value); child; child = child->next) {
		if (environment_is_part(child) ? !is_empty(child) :
		    environment_is_inside(child))
			return true;
	}
	return false;
}

static int strip(const struct jval *value, size_t depth, struct buf *out,
		 struct err *err);

static int strip_array(const struct jval *array, size_t depth, struct buf *out,
		       struct err *err)
{
	const struct jval *child;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (child = jval_first(array); rc >= 0 && child; child = child->next) {
		if (child != jval_first(array))
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = strip(child, depth, out, err);
	}
	return rc < 0 ? rc : buf_add_char(out, ']', err);
}

static int strip_member(const struct jval *member, size_t depth,
			struct jcs_fields *fields, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (span_begins(member->key, "$"))
		buf_put_char(&name, '$');
	buf_put_span(&name, member->key);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = strip(member, depth, &value, err);
	if (rc == 0)
		fields_add(fields, buf_span(&name), buf_span(&value));
	buf_release(&name);
	buf_release(&value);
	return rc;
}

static int strip_object(const struct jval *object, size_t depth,
			struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *child;
	int rc = 0;

	for (child = jval_first(object); rc >= 0 && child; child = child->next) {
		if (!environment_is_part(child))
			rc = strip_member(child, depth, &fields, err);
	}
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static bool has_part(const struct jval *value)
{
	const struct jval *child;

	for (child = jval_first(value); child; child = child->next) {
		if (environment_is_part(child) || has_part(child))
			return true;
	}
	return false;
}

static int strip(const struct jval *value, size_t depth, struct buf *out,
		 struct err *err)
{
	if (!has_part(value))
		return depth < STRIP_DEPTH_MAX || !jval_first(value) ?
		       jdoc_to_jcs(value, out, err) :
		       buf_add_str(out, "null", err);
	if (depth >= STRIP_DEPTH_MAX || (value->marks & JVAL_MEMBER_WTF))
		return buf_add_str(out, "null", err);
	if (value->type == JVAL_ARRAY)
		return strip_array(value, depth + 1, out, err);
	return strip_object(value, depth + 1, out, err);
}

int environment_strip(const struct jval *value, struct buf *out,
		      struct err *err)
{
	size_t before = out->len;
	int rc = strip(value, 0, out, err);

	if (rc < 0)
		buf_cut(out, before);
	return rc;
}

/* Copying the source with parts replaced; at: copied up to here. */
struct splice {
	struct span source;
	size_t at;
	struct buf *out;
	struct err *err;
};

static const char *empty_part(const struct jval *part)
{
	return part->type == JVAL_OBJECT ? "{}" :
	       part->type == JVAL_ARRAY ? "[]" : "\"\"";
}

static int splice_part(struct splice *splice, const struct jval *part)
{
	size_t begin = (size_t)(part->raw.at - splice->source.at);
	int rc;

	rc = buf_add(splice->out, splice->source.at + splice->at,
		     begin - splice->at, splice->err);
	if (rc >= 0)
		rc = buf_add_str(splice->out, empty_part(part), splice->err);
	splice->at = begin + part->raw.len;
	return rc;
}

static int splice_value(struct splice *splice, const struct jval *value)
{
	const struct jval *child;
	int rc = 0;

	for (child = jval_first(value); rc >= 0 && child; child = child->next) {
		if (environment_is_part(child))
			rc = splice_part(splice, child);
		else
			rc = splice_value(splice, child);
	}
	return rc;
}

static int write_afresh(const struct jval *value, struct buf *out,
			struct err *err);

static int write_members(const struct jval *container, struct buf *out,
			 struct err *err)
{
	const struct jval *child;
	int rc = 0;

	for (child = jval_first(container); rc >= 0 && child;
	     child = child->next) {
		if (child != jval_first(container))
			rc = buf_add_char(out, ',', err);
		if (rc >= 0 && container->type == JVAL_OBJECT) {
			rc = jdoc_add_text(out, child->key, err);
			if (rc >= 0)
				rc = buf_add_char(out, ':', err);
		}
		if (rc >= 0)
			rc = environment_is_part(child) ?
			     buf_add_str(out, empty_part(child), err) :
			     write_afresh(child, out, err);
	}
	return rc;
}

/*
 * The tree again, members that were dropped for later ones left out. As deep
 * as the reader of JSON goes.
 */
static int write_afresh(const struct jval *value, struct buf *out,
			struct err *err)
{
	bool is_object = value->type == JVAL_OBJECT;
	int rc;

	if (!is_object && value->type != JVAL_ARRAY)
		return buf_add_span(out, value->raw, err);
	rc = buf_add_char(out, is_object ? '{' : '[', err);
	if (rc >= 0)
		rc = write_members(value, out, err);
	return rc < 0 ? rc : buf_add_char(out, is_object ? '}' : ']', err);
}

int environment_redact(const struct jdoc *doc, struct span source,
		       struct buf *out, struct err *err)
{
	struct splice splice = { source, 0, out, err };
	int rc;

	if (jdoc_duplicates(doc))
		return write_afresh(jdoc_root(doc), out, err);
	rc = splice_value(&splice, jdoc_root(doc));
	if (rc >= 0)
		rc = buf_add(out, source.at + splice.at,
			     source.len - splice.at, err);
	return rc;
}
