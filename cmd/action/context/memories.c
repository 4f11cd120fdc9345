#include "cmd/action/context/gather.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/export/export.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/time/hlc.h"
#include "lib/time/timestamp.h"

struct memory {
	struct span entity, state;	/* of the arena */
	unsigned char id[RECORD_ID_BYTES];
	int64_t micros;			/* INT64_MIN: unknown */
};

struct remembering {
	struct gathering *gathering;
	struct arena arena;
	struct { struct memory *at; size_t n, cap; } list;
	struct table texts;		/* their hashes */
	size_t rank;
};

/* When it was last changed, as it says; else by the record's clock. */
static int64_t memory_time_of(const struct view_entity *entity)
{
	static const char *const names[] = { "updated", "created" };
	struct hlc clock = HLC_INIT;
	struct span text;
	int64_t micros;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (jcs_find_string(entity->state, names[i], &text) &&
		    timestamp_parse(text, &micros, NULL, NULL) == 0)
			return micros;
	}
	if (hlc_parse(view_newest(entity)->record.at, &clock, NULL, NULL) < 0)
		return INT64_MIN;
	return clock.micros == HLC_UNKNOWN ? INT64_MIN : clock.micros;
}

static int take_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct remembering *remembering = arg;
	struct memory memory = { .micros = 0 };
	int rc;

	if (!entity->state.at)
		return 0;
	memory.micros = memory_time_of(entity);
	memcpy(memory.id, view_newest(entity)->id, RECORD_ID_BYTES);
	rc = arena_keep(&remembering->arena, entity->entity, &memory.entity,
			err);
	if (rc == 0)
		rc = arena_keep(&remembering->arena, entity->state,
				&memory.state, err);
	if (rc == 0)
		rc = array_room(&remembering->list, err);
	if (rc == 0)
		remembering->list.at[remembering->list.n++] = memory;
	return rc;
}

static int newest_first(const void *a, const void *b)
{
	const struct memory *x = a;
	const struct memory *y = b;

	if (x->micros != y->micros)
		return x->micros > y->micros ? -1 : 1;
	return span_compare(x->entity, y->entity);
}

/* Has recall found it already? */
static bool is_found(const struct gathering *gathering, const char *ref)
{
	size_t i;

	if (!gathering->about)
		return false;
	for (i = 0; i < gathering->about->items.n; i++) {
		if (span_equals(gathering->about->items.at[i].ref,
				span_str(ref)))
			return true;
	}
	return false;
}

static void put_head(const struct memory *memory, bool is_typed,
		     struct buf *out)
{
	static const char *const names[] = { "title", "type", "bucket" };
	struct buf word = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	for (i = 0; i < (is_typed ? 3 : 1); i++) {
		if (!jcs_find(memory->state, names[i], &value) ||
		    !jcs_is_words(value))
			continue;
		buf_reset(&word);
		buf_fail(&word, jcs_words(value, &word, NULL));
		gather_put_word(out, buf_span(&word));
		buf_fail(out, word.failed);
		if (i == 1)
			break;
	}
	gather_put_day(out, memory->micros);
	buf_release(&word);
}

static int put_json(const struct memory *memory, struct buf *out,
		    struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char text[TIMESTAMP_TEXT_MAX];
	int rc;

	fields_text(&fields, "entity", memory->entity);
	if (memory->micros == INT64_MIN) {
		fields_null(&fields, "at");
	} else {
		timestamp_text(memory->micros, text);
		fields_str(&fields, "at", text);
	}
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static int add_memory(struct remembering *remembering,
		      const struct memory *memory,
	       struct brief_section *section, struct span text, struct err *err)
{
	struct brief *brief = remembering->gathering->brief;
	struct brief_item item = { .text = text,
				  .rank = remembering->rank++ };
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	char ref[BRIEF_REF + 1];
	int rc = put_json(memory, &json, err);

	brief_ref(memory->id, ref);
	put_head(memory, section != remembering->gathering->decisions, &head);
	if (rc == 0)
		rc = buf_end(&head, err);
	item.ref = span_str(ref);
	item.head = buf_span(&head);
	item.json = buf_span(&json);
	if (rc == 0)
		rc = brief_add(brief, section, &item, NULL, err);
	buf_release(&head);
	buf_release(&json);
	return rc;
}

static int consider(struct remembering *remembering,
		    const struct memory *memory, struct err *err)
{
	struct gathering *gathering = remembering->gathering;
	struct brief_section *section = gather_is_decision(memory->state) ?
				       gathering->decisions :
				       gathering->memories;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	char ref[BRIEF_REF + 1];
	struct span value;
	bool is_new = true;
	int rc = 0;

	brief_ref(memory->id, ref);
	if (is_found(gathering, ref) ||
	    !jcs_find(memory->state, "content", &value))
		return 0;
	if (!brief_wants(gathering->brief, section)) {
		section->beyond++;
		return 0;
	}
	rc = export_text(gathering->view, value, &text, err);
	if (rc == 0) {
		sha256_of(text.data, text.len, digest);
		rc = table_include(&remembering->texts, digest, &is_new, err);
	}
	if (rc == 0 && is_new)
		rc = add_memory(remembering, memory, section, buf_span(&text),
				err);
	section->same += !is_new;
	buf_release(&text);
	return rc;
}

int gather_memories(struct gathering *gathering, struct err *err)
{
	struct remembering remembering = {
		.gathering = gathering, .arena = ARENA_INIT,
		.texts = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	const struct view_visitor visitor = { take_memory, &remembering };
	size_t i;
	int rc = view_each(gathering->view, kind_find(span_str("memory")),
			   false, &visitor, err);

	if (rc == 0 && remembering.list.n)
		qsort(remembering.list.at, remembering.list.n,
		      sizeof(*remembering.list.at), newest_first);
	for (i = 0; rc == 0 && i < remembering.list.n; i++)
		rc = consider(&remembering, &remembering.list.at[i], err);
	free(remembering.list.at);
	table_release(&remembering.texts);
	arena_release(&remembering.arena);
	return rc;
}
