#include "cmd/import/vvault/vvault_index.h"

#include <stdlib.h>

#include "cmd/import/input/whole.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/base/array.h"

/* A tag that the index has for a capsule whose entry does not have it. */
struct tagged {
	struct span uuid;
	struct span tag;
};

struct reading {
	struct import_job *job;
	struct import_source *source;
	const struct jdoc *doc;
	struct tagged *extra;		/* sorted by uuid, then tag */
	size_t extra_n;
	size_t extra_cap;
	struct jcs_fields fields;
	struct buf entity;
	struct buf value;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       sniff_has(head, "instance_name") &&
	       sniff_has(head, "capsules") && !sniff_has(head, "metadata");
}

static int identify(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read(source, &doc, err);
	if (rc)
		return rc;
	rc = jval_is(jval_get(jdoc_root(doc), "capsules"), JVAL_OBJECT) ?
		import_name(job, source, jval_get_text(jdoc_root(doc),
			    "instance_name"), err) :
		import_refuse(source, "an index whose capsules are no object",
			      NULL, err);
	jdoc_free(doc);
	return rc;
}

static bool has_tag(const struct jval *entry, struct span tag)
{
	const struct jval *own = jval_first(jval_get(entry, "tags"));

	while (own && !(jval_is(own, JVAL_STRING) &&
			span_equals(jval_text(own), tag)))
		own = own->next;
	return own != NULL;
}

static int note_tagged(struct reading *reading, struct span uuid,
		       struct span tag, struct err *err)
{
	void *list = reading->extra;
	int rc;

	rc = array_grow(&list, &reading->extra_cap, reading->extra_n,
			sizeof(*reading->extra), err);
	reading->extra = list;
	if (rc < 0)
		return rc;
	reading->extra[reading->extra_n].uuid = uuid;
	reading->extra[reading->extra_n++].tag = tag;
	return 0;
}

static int compare_tagged(const void *a, const void *b)
{
	const struct tagged *left = a;
	const struct tagged *right = b;
	int order = span_compare(left->uuid, right->uuid);

	return order ? order : span_compare(left->tag, right->tag);
}

/* The table of tags says the same as the entries, or more. */
static int read_tags(struct reading *reading, const struct jval *root,
		     struct err *err)
{
	const struct jval *capsules = jval_get(root, "capsules");
	const struct jval *tag = jval_first(jval_get(root, "tags"));
	const struct jval *uuid;
	const struct jval *entry;
	int rc = 0;

	for (; rc >= 0 && tag; tag = tag->next) {
		uuid = jval_first(tag);
		for (; rc >= 0 && uuid; uuid = uuid->next) {
			entry = jval_get_span(capsules, jval_text(uuid));
			if (!jval_is(entry, JVAL_OBJECT))
				rc = import_leave_out(reading->source,
					"a tag of a capsule that the index "
					"does not have", NULL, err);
			else if (!has_tag(entry, tag->key))
				rc = note_tagged(reading, jval_text(uuid),
						 tag->key, err);
		}
	}
	if (reading->extra_n)
		qsort(reading->extra, reading->extra_n,
		      sizeof(*reading->extra), compare_tagged);
	return rc;
}

/* The first of the tags that only the table has for this capsule. */
static size_t find_extra(const struct reading *reading, struct span uuid)
{
	size_t low = 0;
	size_t high = reading->extra_n;
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (span_compare(reading->extra[middle].uuid, uuid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int add_tag(struct reading *reading, struct span tag, struct err *err)
{
	int rc;

	rc = buf_add_char(&reading->value, reading->value.len ? ',' : '[',
			  err);
	return rc < 0 ? rc : chat_add_text(&reading->value, tag, err);
}

static int add_tags(struct reading *reading, const struct jval *entry,
		    struct err *err)
{
	const struct jval *tag = jval_first(jval_get(entry, "tags"));
	size_t i = find_extra(reading, entry->key);
	int rc = 0;

	buf_reset(&reading->value);
	for (; rc >= 0 && tag; tag = tag->next)
		rc = jval_is(tag, JVAL_STRING) ?
			add_tag(reading, jval_text(tag), err) :
			import_leave_out(reading->source, "a tag that is no "
					 "text", NULL, err);
	for (; rc >= 0 && i < reading->extra_n; i++) {
		if (!span_equals(reading->extra[i].uuid, entry->key))
			break;
		if (!i || compare_tagged(&reading->extra[i - 1],
					 &reading->extra[i]))
			rc = add_tag(reading, reading->extra[i].tag, err);
	}
	if (rc < 0 || !reading->value.len)
		return rc;
	rc = buf_add_char(&reading->value, ']', err);
	return rc < 0 ? rc : jcs_fields_raw(&reading->fields, "tags",
					    buf_span(&reading->value), err);
}

/* What else the entry says, as native.index. */
static int add_index(struct reading *reading, const struct jval *entry,
		     struct err *err)
{
	static const char *const taken[] = {
		"instance_name", "uuid", "tags", NULL
	};
	int rc;

	buf_reset(&reading->value);
	rc = buf_add_str(&reading->value, "{\"index\":", err);
	if (rc >= 0)
		rc = chat_add_rest(&reading->value, entry, taken, err);
	if (rc >= 0)
		rc = buf_add_char(&reading->value, '}', err);
	if (rc < 0 || reading->value.len <= sizeof("{\"index\":}") - 1)
		return rc;
	return jcs_fields_raw(&reading->fields, "native",
			      buf_span(&reading->value), err);
}

static int put_entry(struct reading *reading, const struct jval *entry,
		     const struct chat_time *time, struct err *err)
{
	struct record_parts record = { .type = "capsule:update" };
	char at[HLC_TEXT_MAX];
	int rc;

	jcs_fields_reset(&reading->fields);
	buf_reset(&reading->entity);
	rc = buf_add_str(&reading->entity, "capsule:", err);
	if (rc >= 0)
		rc = chat_add_key(&reading->entity, entry->key, err);
	if (rc >= 0)
		rc = add_tags(reading, entry, err);
	if (rc >= 0)
		rc = add_index(reading, entry, err);
	buf_reset(&reading->value);
	if (rc >= 0)
		rc = jcs_fields_write(&reading->fields, &reading->value, err);
	if (rc < 0)
		return rc;
	chat_time_at(time, at);
	reading->source->unknown_times += time->micros == CHAT_TIME_UNKNOWN;
	record.at = at;
	record.entity = buf_span(&reading->entity);
	record.data = buf_span(&reading->value);
	return import_put(reading->job, reading->source, NULL, &record, err);
}

static int take_entry(struct reading *reading, const struct jval *entry,
		      struct err *err)
{
	struct chat_time time;

	if (!jval_is(entry, JVAL_OBJECT))
		return import_malformed(reading->job, reading->source,
					"an entry that is no object",
					jdoc_offset(reading->doc, entry),
					entry->raw, err);
	time = chat_time_of(jval_get(entry, "updated_at"));
	if (time.micros == CHAT_TIME_UNKNOWN)
		time = chat_time_of(jval_get(entry, "created_at"));
	if (!import_is_wanted(reading->job, time.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	return put_entry(reading, entry, &time, err);
}

/* What speaks of the index and not of a capsule. */
static int leave_out_rest(struct reading *reading, const struct jval *root,
			  struct err *err)
{
	static const char *const known[] = {
		"instance_name", "capsules", "tags", NULL
	};
	const struct jval *member = jval_first(root);
	const char *const *name;
	int rc = 0;

	for (; rc >= 0 && member; member = member->next) {
		for (name = known; *name; name++) {
			if (span_equals(member->key, span_str(*name)))
				break;
		}
		if (!*name)
			rc = import_skip(reading->source, "what the index "
					 "says of itself: its times and which "
					 "capsule it got last", NULL, err);
	}
	return rc;
}

static int read_index(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .fields = JCS_FIELDS_INIT,
		.entity = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct jval *entry;
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read(source, &doc, err);
	if (rc)
		return rc;
	reading.doc = doc;
	rc = read_tags(&reading, jdoc_root(doc), err);
	entry = jval_first(jval_get(jdoc_root(doc), "capsules"));
	for (; rc >= 0 && entry; entry = entry->next)
		rc = take_entry(&reading, entry, err);
	if (rc >= 0)
		rc = leave_out_rest(&reading, jdoc_root(doc), err);
	if (rc >= 0)
		rc = import_note(source, err, "an index names capsules and "
				 "holds none: import their files too");
	free(reading.extra);
	jcs_fields_release(&reading.fields);
	buf_release(&reading.entity);
	buf_release(&reading.value);
	jdoc_free(doc);
	return rc;
}

const struct importer vvault_index_importer = {
	.name = "vvault-index",
	.one = "index of capsules",
	.many = "indexes of capsules",
	.sniff = sniff,
	.identify = identify,
	.read = read_index,
};
