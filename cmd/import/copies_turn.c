#include "cmd/import/copies_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/import/records/chat.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define MESSAGES_MAX_BYTES ((size_t)256 << 20)

struct copy {
	struct copy_line line;
	struct buf construct;
	int64_t next;
	int64_t count;
	bool has_messages;	/* they were read: */
	struct buf messages;
	struct table keys;	/* where the original's entity begins in it */
	struct buf last;	/* the message that came before, an entity */
};

struct copies {
	struct buf list;
	struct copy *at;
	size_t n;
	size_t cap;
};

void copies_release(struct import_job *job)
{
	struct copies *copies = job->copies;
	size_t i;

	for (i = 0; copies && i < copies->n; i++) {
		buf_release(&copies->at[i].construct);
		buf_release(&copies->at[i].messages);
		buf_release(&copies->at[i].last);
		table_release(&copies->at[i].keys);
	}
	if (copies) {
		buf_release(&copies->list);
		free(copies->at);
	}
	free(copies);
	job->copies = NULL;
}

static int64_t number_of(struct span digits)
{
	int64_t number = 0;

	(void)jcs_integer(digits, &number);
	return number;
}

static int add_copy(struct copies *copies, const struct copy_line *line,
		    struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	const struct table keys = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	struct copy *copy;
	int rc = array_room(copies, err);

	if (rc < 0)
		return rc;
	copy = &copies->at[copies->n++];
	*copy = (struct copy){
		.line = *line, .construct = none, .messages = none,
		.last = none, .keys = keys, .next = number_of(line->next),
		.count = number_of(line->count),
	};
	return buf_add_span(&copy->construct, line->construct, err);
}

/* Once for a run. */
static int load_copied(struct import_job *job, struct err *err)
{
	struct copy_line line;
	struct copies *copies;
	struct span rest;
	int rc;

	if (job->copies || !job->vault || job->sink)
		return 0;
	copies = calloc(1, sizeof(*copies));
	if (!copies)
		return err_set(err, ERR_NOMEM, "out of memory");
	job->copies = copies;
	copies->list = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	rc = !job->vault->has_device ? 0 :
		copies_reveal(job->vault, COPIES_LIST, COPIES_LIST_MAX,
			      &copies->list, err);
	rest = buf_span(&copies->list);
	while (rc == 0 && rest.len) {
		if (copy_line_read(span_take_line(&rest), &line))
			rc = add_copy(copies, &line, err);
	}
	return rc;
}

int copies_construct(struct import_job *job, const char *path,
		     const char **out_construct, struct err *err)
{
	struct buf settled = PATH_BUF_INIT;
	size_t i;
	int rc = load_copied(job, err);

	*out_construct = NULL;
	if (rc < 0 || !job->copies || !job->copies->n)
		return rc;
	if (buf_add_str(&settled, path, NULL) == 0)
		(void)!file_settle(&settled, NULL);
	for (i = 0; i < job->copies->n; i++) {
		if (span_equals(job->copies->at[i].line.path,
				buf_span(&settled)))
			*out_construct =
				buf_text(&job->copies->at[i].construct);
	}
	buf_release(&settled);
	return 0;
}

/* --- records --------------------------------------------------------------- */

/* "P:C" of session:P:C and message:P:C/K; what is behind that, in *out_key. */
static struct span home_of(struct span entity, struct span *out_key)
{
	size_t start = span_find(entity, ":", 0);
	size_t end;

	*out_key = span_of(NULL, 0);
	if (start == SPAN_NOWHERE)
		return span_of(NULL, 0);
	end = span_find(entity, "/", start++);
	if (end != SPAN_NOWHERE)
		*out_key = span_of(entity.at + end + 1, entity.len - end - 1);
	else
		end = entity.len;
	return span_of(entity.at + start, end - start);
}

static struct copy *find_copy(struct copies *copies, struct span entity,
			      struct span *out_key)
{
	struct span home = home_of(entity, out_key);
	struct span other;
	size_t i;

	for (i = 0; home.len && i < copies->n; i++) {
		if (span_equals(home_of(copies->at[i].line.copy, &other),
				home))
			return &copies->at[i];
	}
	return NULL;
}

static int read_messages(struct import_job *job, struct copy *copy,
			 struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	char name[COPIES_NAME_MAX];
	struct span rest;
	int rc;

	if (copy->has_messages)
		return 0;
	copies_name(copy->line.copy, name);
	rc = copies_reveal(job->vault, name, MESSAGES_MAX_BYTES, &copy->messages,
		    err);
	rest = buf_span(&copy->messages);
	while (rc == 0 && rest.len) {
		struct span line = span_take_line(&rest);
		size_t tab = span_find(line, "\t", 0);

		if (tab == SPAN_NOWHERE)
			continue;
		sha256_of(line.at, tab, digest);
		rc = table_put(&copy->keys, digest, (uint64_t)
			       (line.at + tab + 1 -
				buf_text(&copy->messages)), err);
	}
	copy->has_messages = true;
	return rc;
}

/* The message that one of the copy repeats; absent: it is new. */
static struct span original_of(const struct copy *copy, struct span key)
{
	unsigned char digest[SHA256_BYTES];
	struct span rest;
	uint64_t at;

	sha256_of(key.at, key.len, digest);
	if (!table_get(&copy->keys, digest, &at))
		return span_of(NULL, 0);
	rest = span_of(buf_text(&copy->messages) + at,
		       copy->messages.len - (size_t)at);
	return span_take_line(&rest);
}

/* The agent's own session, which came back to it: ids are what they were. */
static bool is_itself(const struct copy *copy)
{
	return span_equals(copy->line.copy, copy->line.original);
}

/* What a message of the copy is called in the vault: by agent, session and key,
 * which nothing else there can be called. */
static void put_copied_entity(const struct copy *copy, struct span key,
		       struct buf *out)
{
	struct span original = original_of(copy, key);
	struct span other;
	struct span home = home_of(copy->line.original, &other);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	if (original.len) {
		buf_put_span(out, original);
		return;
	}
	buf_put_str(out, "message:");
	buf_put_span(out, home);
	buf_put_char(out, '/');
	if (is_itself(copy)) {
		buf_put_span(out, key);
		return;
	}
	home = home_of(copy->line.copy, &other);
	buf_put_span(&name, home);
	buf_put_char(&name, ':');
	buf_put_span(&name, key);
	chat_put_key(out, buf_span(&name));
	buf_fail(out, name.failed);
	buf_release(&name);
}

/* Whom it follows: as the copy says it, else whoever came before. */
static void put_parent(const struct copy *copy, struct span value,
		       struct buf *out)
{
	struct span parent = jcs_string_inner(value);
	struct span key;
	struct span other;
	struct span home = home_of(parent, &key);

	if (key.len && span_equals(home, home_of(copy->line.copy, &other)))
		put_copied_entity(copy, key, out);
	else if (parent.len)
		buf_put_span(out, parent);
	else
		buf_put_span(out, buf_span(&copy->last));
}

static int turn_fields(const struct copy *copy,
		       const struct record_parts *parts,
		       struct copy_turned *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(parts->data);
	struct buf parent = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int64_t index = 0;
	int rc;

	while (jcs_next(&iter, &name, &value)) {
		if (span_equals(name, span_str("parent")))
			put_parent(copy, value, &parent);
		else if (span_equals(name, span_str("index")))
			(void)jcs_integer(value, &index);
		else if (!span_equals(name, span_str("session")))
			fields_add(&fields, name, value);
	}
	if (!parent.len && copy->last.len)
		buf_put_span(&parent, buf_span(&copy->last));
	fields_text(&fields, "session", copy->line.original);
	fields_integer(&fields, "index", index - copy->count + copy->next);
	if (copy->line.has_parents.at[0] == '1' && parent.len)
		fields_text(&fields, "parent", buf_span(&parent));
	else
		fields_null(&fields, "parent");
	rc = buf_end(&parent, err);
	if (rc == 0)
		rc = jcs_fields_write(&fields, &out->data, err);
	jcs_fields_release(&fields);
	buf_release(&parent);
	return rc;
}

static int turn_message(struct copy *copy, const struct record_parts *parts,
			struct span key, struct copy_turned *out,
			struct err *err)
{
	int rc;

	out->is_known = original_of(copy, key).len > 0;
	put_copied_entity(copy, key, &out->entity);
	rc = buf_end(&out->entity, err);
	if (rc == 0 && !out->is_known)
		rc = turn_fields(copy, parts, out, err);
	out->parts.entity = buf_span(&out->entity);
	out->parts.data = buf_span(&out->data);
	buf_reset(&copy->last);
	if (rc == 0)
		rc = buf_add_span(&copy->last, buf_span(&out->entity), err);
	return rc;
}

/* A session that another one called, which is a copy: it is the original's. */
static int turn_parent(struct copies *copies, const struct record_parts *parts,
		       struct copy_turned *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(parts->data);
	const struct copy *copy;
	struct span parent;
	struct span name;
	struct span value;
	int rc;

	if (!jcs_find_string(parts->data, "parent", &parent) ||
	    !span_begins(parent, "session:"))
		return 0;
	copy = find_copy(copies, parent, &name);
	if (!copy)
		return 0;
	while (jcs_next(&iter, &name, &value)) {
		if (!span_equals(name, span_str("parent")))
			fields_add(&fields, name, value);
	}
	fields_text(&fields, "parent", copy->line.original);
	rc = jcs_fields_write(&fields, &out->data, err);
	out->parts.data = buf_span(&out->data);
	jcs_fields_release(&fields);
	return rc;
}

int copies_turn(struct import_job *job, const struct record_parts *parts,
		struct copy_turned *out, struct err *err)
{
	struct span entity = parts->entity;
	struct copy *copy;
	struct span key;
	int rc = load_copied(job, err);

	out->is_known = false;
	out->construct = NULL;
	out->parts = *parts;
	buf_reset(&out->entity);
	buf_reset(&out->data);
	if (rc < 0 || !job->copies || !job->copies->n ||
	    (!span_begins(entity, "session:") &&
	     !span_begins(entity, "message:")))
		return rc;
	copy = find_copy(job->copies, entity, &key);
	if (!copy)
		return span_begins(entity, "session:") ?
			turn_parent(job->copies, parts, out, err) : 0;
	out->construct = buf_text(&copy->construct);
	rc = read_messages(job, copy, err);
	if (rc == 0 && key.len)
		rc = turn_message(copy, parts, key, out, err);
	else
		out->is_known = true;
	return rc;
}
