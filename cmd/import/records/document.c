#include "cmd/import/records/document.h"

#include <stdlib.h>

#include "cmd/import/records/find.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"

/* Each version stands whole in memory. */
#define VERSIONS_MAX_BYTES ((size_t)64 << 20)

/* What a document was before a message changed it. */
struct document_undo {
	unsigned char id[SHA256_BYTES];
	uint64_t version;
	bool was_there;
};

struct document_visit {
	size_t message;
	size_t undos;		/* to keep when it is left */
};

/* The children of each message, linked in the order of their places. */
struct children {
	size_t *first;
	size_t *next;
	bool *is_done;
};

void documents_release(struct documents *documents)
{
	size_t i;

	for (i = 0; i < documents->versions.n; i++)
		buf_release(&documents->versions.at[i].text);
	free(documents->versions.at);
	free(documents->undos.at);
	free(documents->path.at);
	table_release(&documents->now);
	buf_release(&documents->entity);
	buf_release(&documents->value);
	buf_release(&documents->data);
	jcs_fields_release(&documents->fields);
}

const struct document *documents_get(const struct documents *documents,
				     struct span id)
{
	unsigned char key[SHA256_BYTES];
	uint64_t at;

	sha256_of(id.at, id.len, key);
	return table_get(&documents->now, key, &at) ?
		&documents->versions.at[at] : NULL;
}

static struct span new_or(struct span value, struct span before)
{
	return value.at ? value : before;
}

/* The version on top of the list becomes what the document is here. */
static int set_version(struct documents *documents, struct span id,
		       struct err *err)
{
	struct document_undo undo = { .version = 0 };
	int rc;

	sha256_of(id.at, id.len, undo.id);
	undo.was_there = table_get(&documents->now, undo.id, &undo.version);
	rc = array_room(&documents->undos, err);
	if (rc >= 0)
		rc = table_put(&documents->now, undo.id,
			       documents->versions.n - 1, err);
	if (rc >= 0)
		documents->undos.at[documents->undos.n++] = undo;
	return rc;
}

static int push_version(struct documents *documents,
			const struct document_change *change, bool is_written,
			struct err *err)
{
	const struct document *before;
	struct document version = {
		.text = BUF_INIT(BUF_NO_LIMIT), .number = is_written,
	};
	int rc;

	rc = buf_add_span(&version.text, change->text, err);
	if (rc >= 0)
		rc = array_room(&documents->versions, err);
	if (rc < 0) {
		buf_release(&version.text);
		return rc;
	}
	before = documents_get(documents, change->id);
	if (before) {
		version.title = before->title;
		version.media = before->media;
		version.language = before->language;
		version.number += before->number;
	}
	version.title = new_or(change->title, version.title);
	version.media = new_or(change->media, version.media);
	version.language = new_or(change->language, version.language);
	documents->bytes += version.text.len;
	documents->versions.at[documents->versions.n++] = version;
	return set_version(documents, change->id, err);
}

/* The message it was made in, and the conversation. */
static void put_places(struct documents *documents, struct span message)
{
	const char *provider = documents->chat->provider;
	struct jcs_fields *fields = &documents->fields;
	struct buf *value = &documents->value;

	buf_reset(value);
	chat_put_entity(provider, documents->conversation, message, value);
	fields_fail(fields, value->failed, NULL);
	fields_text(fields, "message", buf_span(value));
	buf_reset(value);
	buf_putf(value, "session:%s:", provider);
	chat_put_key(value, documents->conversation);
	fields_fail(fields, value->failed, NULL);
	fields_text(fields, "session", buf_span(value));
}

static int make_entity(struct documents *documents, struct span id,
		       struct err *err)
{
	struct buf *entity = &documents->entity;

	buf_reset(entity);
	buf_putf(entity, "memory:%s:artifact/", documents->chat->provider);
	chat_put_key(entity, documents->conversation);
	buf_put_char(entity, '/');
	chat_put_key(entity, id);
	return buf_end(entity, err);
}

/* The record of the version on top of the list. */
static int put_record(struct documents *documents,
		      const struct document_change *change, struct err *err)
{
	const struct document *version =
		&documents->versions.at[documents->versions.n - 1];
	struct record_parts record = { .type = "memory:create" };
	struct jcs_fields *fields = &documents->fields;
	char at[HLC_TEXT_MAX];
	int rc;

	jcs_fields_reset(fields);
	if (change->native.at)
		fields_raw(fields, "native", change->native);
	fields_said(fields, "content", buf_span(&version->text));
	fields_said(fields, "title", version->title);
	fields_said(fields, "media", version->media);
	fields_said(fields, "language", version->language);
	fields_str(fields, "type", "artifact");
	/* So that one which is taken back in the same moment is another. */
	fields_integer(fields, "version", (int64_t)version->number);
	fields_str(fields, "source", documents->chat->provider);
	put_places(documents, change->message);
	buf_reset(&documents->data);
	rc = jcs_fields_write(fields, &documents->data, err);
	if (rc >= 0)
		rc = make_entity(documents, change->id, err);
	if (rc < 0)
		return rc;
	chat_time_at(&change->time, at);
	record.entity = buf_span(&documents->entity);
	record.at = at;
	record.data = buf_span(&documents->data);
	return import_put(documents->chat->job, documents->chat->source,
			  documents->chat->construct, &record, err);
}

int documents_put(struct documents *documents,
		  const struct document_change *change, struct err *err)
{
	int rc;

	if (documents->bytes > VERSIONS_MAX_BYTES)
		return import_leave_out(documents->chat->source, "versions of "
					"documents beyond 64 MiB in one "
					"conversation", NULL, err);
	rc = push_version(documents, change, true, err);
	return rc < 0 ? rc : put_record(documents, change, err);
}

int documents_know(struct documents *documents, struct span id,
		   struct span text, struct err *err)
{
	const struct document_change change = { .id = id, .text = text };

	if (documents->bytes > VERSIONS_MAX_BYTES)
		return 0;
	return push_version(documents, &change, false, err);
}

static int leave(struct documents *documents, size_t undos, struct err *err)
{
	const struct document_undo *undo;
	int rc = 0;

	while (rc >= 0 && documents->undos.n > undos) {
		undo = &documents->undos.at[--documents->undos.n];
		if (undo->was_there)
			rc = table_put(&documents->now, undo->id,
				       undo->version, err);
		else
			(void)table_remove(&documents->now, undo->id);
	}
	return rc;
}

/* Onto the path, with all that the message did. */
static int visit(struct documents *documents, struct children *children,
		 size_t message,
		 int (*enter)(void *arg, size_t message, struct err *err),
		 void *arg, struct err *err)
{
	struct document_visit here = { message, documents->undos.n };
	int rc;

	children->is_done[message] = true;
	rc = array_room(&documents->path, err);
	if (rc < 0)
		return rc;
	documents->path.at[documents->path.n++] = here;
	return enter(arg, message, err);
}

/* Depth first, without recursion; nothing is visited twice. */
static int walk_from(struct documents *documents, struct children *children,
		     size_t root,
		     int (*enter)(void *arg, size_t message, struct err *err),
		     void *arg, struct err *err)
{
	const struct document_visit *top;
	size_t child;
	int rc;

	rc = visit(documents, children, root, enter, arg, err);
	while (rc >= 0 && documents->path.n) {
		top = &documents->path.at[documents->path.n - 1];
		child = children->first[top->message];
		if (child == DOCUMENT_ROOT) {
			rc = leave(documents, top->undos, err);
			documents->path.n--;
			continue;
		}
		children->first[top->message] = children->next[child];
		if (!children->is_done[child])
			rc = visit(documents, children, child, enter, arg,
				   err);
	}
	return rc;
}

static int children_find(struct children *children, const size_t *parents,
			 size_t n, struct err *err)
{
	size_t i;

	children->first = calloc(n + 1, sizeof(*children->first));
	children->next = calloc(n + 1, sizeof(*children->next));
	children->is_done = calloc(n + 1, sizeof(*children->is_done));
	if (!children->first || !children->next || !children->is_done)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++)
		children->first[i] = DOCUMENT_ROOT;
	for (i = n; i-- > 0;) {
		if (parents[i] == DOCUMENT_ROOT)
			continue;
		children->next[i] = children->first[parents[i]];
		children->first[parents[i]] = i;
	}
	return 0;
}

int documents_replay(struct documents *documents, const size_t *parents,
		     size_t n,
		     int (*enter)(void *arg, size_t message, struct err *err),
		     void *arg, struct err *err)
{
	struct children children = { NULL, NULL, NULL };
	size_t i;
	int rc;

	rc = children_find(&children, parents, n, err);
	for (i = 0; rc >= 0 && i < n; i++) {
		if (parents[i] == DOCUMENT_ROOT)
			rc = walk_from(documents, &children, i, enter, arg,
				       err);
	}
	/* Parents that go in a circle have no root. */
	for (i = 0; rc >= 0 && i < n; i++) {
		if (!children.is_done[i])
			rc = walk_from(documents, &children, i, enter, arg,
				       err);
	}
	free(children.first);
	free(children.next);
	free(children.is_done);
	return rc;
}

int document_replace(struct span text, struct span old, struct span new,
		     struct buf *out, bool *out_is_found, struct err *err)
{
	size_t at = 0;
	int rc;

	rc = text_find(text, old, out_is_found, &at, err);
	if (rc < 0 || !*out_is_found)
		return rc;
	buf_put(out, text.at, at);
	buf_put_span(out, new);
	buf_put(out, text.at + at + old.len, text.len - at - old.len);
	return buf_end(out, err);
}
