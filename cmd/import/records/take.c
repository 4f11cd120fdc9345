#include "cmd/import/records/take.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

struct take take_begin(const struct jval *object)
{
	struct take take = { .object = object };

	if (!jval_is(object, JVAL_OBJECT))
		take.object = NULL;
	return take;
}

struct take take_exact(const struct jval *object)
{
	struct take take = { .object = object, .is_exact = true };

	if (!jval_is(object, JVAL_OBJECT))
		take.object = NULL;
	return take;
}

const struct jval *take_see(const struct take *take, const char *name)
{
	return jval_get(take->object, name);
}

void take_done(struct take *take, const struct jval *member)
{
	if (member && take->n < TAKE_MAX)
		take->taken[take->n++] = member;
}

const struct jval *take_any(struct take *take, const char *name)
{
	const struct jval *member = take_see(take, name);

	take_done(take, member);
	return member;
}

/* One that says nothing, unless it is to be written again. */
static void take_null(struct take *take, const struct jval *member)
{
	if (!take->is_exact && jval_is(member, JVAL_NULL))
		take_done(take, member);
}

const struct jval *take_value(struct take *take, const char *name,
			      enum jval_type type)
{
	const struct jval *member = take_see(take, name);

	if (!jval_is(member, type)) {
		take_null(take, member);
		return NULL;
	}
	take_done(take, member);
	return member;
}

struct take take_inner(struct take *take, const char *name)
{
	struct take inner = take_begin(take_value(take, name, JVAL_OBJECT));

	inner.is_exact = take->is_exact;
	return inner;
}

struct span take_text(struct take *take, const char *name)
{
	return jval_text(take_value(take, name, JVAL_STRING));
}

struct span take_filled(struct take *take, const char *name)
{
	return jval_text(take_see(take, name)).len ? take_text(take, name) :
		span_of(NULL, 0);
}

bool take_same(struct take *take, const char *name, struct span known)
{
	const struct jval *member = take_see(take, name);

	if (!jval_is(member, JVAL_STRING) ||
	    !span_equals(jval_text(member), known))
		return false;
	take_done(take, member);
	return true;
}

bool take_word(struct take *take, const char *name, const char *known)
{
	return take_same(take, name, span_str(known));
}

bool take_flag(struct take *take, const char *name)
{
	return !take_value(take, name, JVAL_FALSE) &&
	       take_value(take, name, JVAL_TRUE);
}

bool take_integer(struct take *take, const char *name, long long *out)
{
	const struct jval *member = take_see(take, name);
	bool is_one = jval_integer(member, out);

	if (is_one)
		take_done(take, member);
	else
		take_null(take, member);
	return is_one;
}

struct chat_time take_time_as(struct take *take, const char *name,
			      struct chat_time (*read)(const struct jval *))
{
	const struct jval *member = take_see(take, name);
	struct chat_time time = read(member);

	if (chat_time_is_whole(&time))
		take_done(take, member);
	else
		take_null(take, member);
	return time;
}

struct chat_time take_time(struct take *take, const char *name)
{
	return take_time_as(take, name, chat_time_of);
}

const char *take_role(struct take *take, const char *name,
		      const struct take_role *roles)
{
	const struct jval *member = take_see(take, name);

	while (roles->said && !jval_is_text(member, roles->said))
		roles++;
	if (roles->said && jval_is_text(member, roles->role))
		take_done(take, member);
	return roles->role;
}

bool take_is_done(const struct take *take, const struct jval *member)
{
	size_t i;

	for (i = 0; i < take->n; i++) {
		if (take->taken[i] == member)
			return true;
	}
	return false;
}

void take_absent(const struct take *take, const char *prefix,
		 const char *const *names, struct buf *list)
{
	for (; *names; names++) {
		if (!take_see(take, *names))
			buf_putf(list, "%s\"%s%s\"", list->len ? "," : "[",
				 prefix, *names);
	}
}

const struct jval *take_left(const struct take *take,
			     const struct jval *behind)
{
	const struct jval *member = behind ? behind->next :
		jval_first(take->object);

	while (member && take_is_done(take, member))
		member = member->next;
	return member;
}

static bool is_own(const struct jcs_fields *fields, size_t n,
		   struct span name)
{
	const struct jcs_field *field = fields->list;

	for (; n; n--, field++) {
		if (span_equals(name, span_of(fields->text.data + field->name,
					      field->name_len)))
			return true;
	}
	return false;
}

static void add_member(const struct take *take, struct jcs_fields *fields,
		       const struct jval *member)
{
	if (take->is_exact)
		fields_exact_member(fields, member);
	else
		fields_member(fields, member);
}

/* A member beside the first n fields, under a name that they leave it. */
static void add_beside(const struct take *take, struct jcs_fields *fields,
		       size_t n, const struct jval *member)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct jval renamed;

	if (!is_own(fields, n, member->key)) {
		add_member(take, fields, member);
		return;
	}
	renamed = *member;
	buf_put_span(&name, member->key);
	do {
		buf_put_char(&name, '_');
		renamed.key = buf_span(&name);
	} while (!name.failed && (is_own(fields, n, renamed.key) ||
				  jval_get_span(take->object, renamed.key)));
	fields_fail(fields, name.failed, NULL);
	add_member(take, fields, &renamed);
	buf_release(&name);
}

static void put_raw(struct jcs_fields *fields, const struct jval *value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_put_char(&text, '"');
	buf_fail(&text, base64_add(&text, value->raw.at, value->raw.len,
				   NULL));
	buf_put_char(&text, '"');
	fields_buf(fields, "$raw", &text);
	buf_release(&text);
}

void take_rest(const struct take *take, struct jcs_fields *fields)
{
	const struct jval *member = take_left(take, NULL);
	size_t own = fields->count;

	/* A key that no record can hold takes its object along as $raw. */
	if (take->object && (take->object->marks & JVAL_MEMBER_WTF)) {
		put_raw(fields, take->object);
		return;
	}
	for (; member; member = take_left(take, member))
		add_beside(take, fields, own, member);
}

/* Without what was taken; a key that no record can hold takes all of it along
 * as $raw. */
static int write_rest(const struct take *take, struct buf *out,
		      struct err *err)
{
	return jdoc_to_jcs_without(take->object, take->taken, take->n,
				   take->is_exact, out, err);
}

void take_rest_under(const struct take *take, const char *name,
		     struct jcs_fields *fields)
{
	struct buf *out = take_left(take, NULL) ?
			  fields_open(fields, span_str(name)) : NULL;

	if (out)
		fields_close(fields, write_rest(take, out, &fields->err));
}

void take_put(const struct take *take, struct buf *out)
{
	if (take_left(take, NULL))
		buf_fail(out, write_rest(take, out, NULL));
}

const struct take *take_one_rest(struct take *outer, const struct take *inner,
				 const char *member)
{
	bool has_inner = take_left(inner, NULL);

	if (inner->object)
		take_done(outer, take_see(outer, member));
	else
		take_null(outer, take_see(outer, member));
	if (!has_inner)
		return outer;
	if (!take_left(outer, NULL))
		return inner;
	*outer = take_begin(outer->object);
	return outer;
}
