#include "cmd/import/vivim/vivim.h"

#include <stdio.h>

#include "cmd/import/input/items.h"
#include "cmd/import/sniff.h"
#include "cmd/import/vivim/stamp.h"
#include "cmd/import/vivim/vivim_internal.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define OPERATION_DEPTH_MAX 200

/* A packet being read. */
struct packet {
	struct import_job *job;
	struct import_source *source;
	struct table places;	/* sha256 of a message's id: where in ids */
	struct buf ids;		/* ids of conversations, each ended by NUL */
	struct buf entity;
	struct buf data;
};

static enum vivim_kind kind_of(const struct jval *operation)
{
	static const struct {
		const char *type;
		enum vivim_kind kind;
	} kinds[] = {
		{ "conversation", VIVIM_SESSION }, { "session", VIVIM_SESSION },
		{ "message", VIVIM_MESSAGE }, { "acu", VIVIM_ACU },
		{ "atomicChatUnit", VIVIM_ACU }, { "memory", VIVIM_MEMORY },
	};
	struct span type = jval_get_text(operation, "entityType");
	struct span table = jval_get_text(operation, "tableName");
	size_t i;

	/* A row of the log has the table's name, which is the type's and s. */
	if (!type.at && table.len && table.at[table.len - 1] == 's')
		type = span_of(table.at, table.len - 1);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (span_equals(type, span_str(kinds[i].type)))
			return kinds[i].kind;
	}
	return VIVIM_OTHER;
}

static const char *verb_of(const struct jval *operation)
{
	static const char *const verbs[][2] = {
		{ "INSERT", "create" }, { "UPDATE", "update" },
		{ "DELETE", "delete" },
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		if (jval_is_text(jval_get(operation, "operation"),
				 verbs[i][0]))
			return verbs[i][1];
	}
	return NULL;
}

/* The conversation of a message: the payload says it, or did before. */
static int find_conversation(struct packet *packet,
			     struct vivim_operation *operation,
			     struct err *err)
{
	unsigned char key[SHA256_BYTES];
	const unsigned char *len;
	uint64_t at;
	int rc = 0;

	operation->conversation = jval_get_text(operation->payload,
						"conversationId");
	sha256_of(operation->id.at, operation->id.len, key);
	if (operation->conversation.len) {
		rc = table_put(&packet->places, key, packet->ids.len, err);
		buf_put_u32(&packet->ids,
			    (uint32_t)operation->conversation.len);
		buf_put_span(&packet->ids, operation->conversation);
	} else if (table_get(&packet->places, key, &at)) {
		len = (const unsigned char *)packet->ids.data + at;
		operation->conversation = span_of(len + 4, u32_at(len));
	}
	return rc < 0 ? rc : buf_end(&packet->ids, err);
}

static int make_entity(const struct vivim_operation *operation,
		       struct buf *out, struct err *err)
{
	static const char *const kinds[] = {
		[VIVIM_SESSION] = "session", [VIVIM_ACU] = "acu",
		[VIVIM_MEMORY] = "memory",
	};

	buf_reset(out);
	if (operation->kind == VIVIM_MESSAGE) {
		chat_put_entity(VIVIM_PROVIDER, operation->conversation,
				operation->id, out);
	} else {
		buf_putf(out, "%s:" VIVIM_PROVIDER ":",
			 kinds[operation->kind]);
		chat_put_key(out, operation->id);
	}
	return buf_end(out, err);
}

static int set_at(struct packet *packet, const struct jval *operation,
		  struct record_parts *parts, char at[HLC_TEXT_MAX],
		  struct err *err)
{
	struct vivim_stamp stamp;

	parts->at = HLC_UNKNOWN_TEXT;
	if (vivim_stamp_parse(jval_get_text(operation, "hlcTimestamp"), &stamp,
			      NULL) == 0) {
		vivim_stamp_at(&stamp, at);
		parts->at = at;
		return 0;
	}
	packet->source->unknown_times++;
	return import_skip(packet->source, "a clock stamp that cannot be "
			   "read: the operation is of an unknown time", NULL,
			   err);
}

static int put(struct packet *packet, const struct vivim_operation *operation,
	       const char *verb, struct err *err)
{
	static const char *const kinds[] = {
		"session", "message", "acu", "memory"
	};
	struct record_parts parts = { .prev_n = 0 };
	char at[HLC_TEXT_MAX];
	char type[64];
	int rc;

	snprintf(type, sizeof(type), "%s:%s", kinds[operation->kind], verb);
	rc = set_at(packet, operation->value, &parts, at, err);
	if (rc >= 0)
		rc = make_entity(operation, &packet->entity, err);
	buf_reset(&packet->data);
	if (rc >= 0)
		rc = vivim_data(operation, &packet->data, err);
	parts.type = type;
	parts.entity = buf_span(&packet->entity);
	parts.data = buf_span(&packet->data);
	return rc < 0 ? rc : import_put(packet->job, packet->source, NULL,
					&parts, err);
}

/* Older than --since, as far as its stamp tells? */
static bool is_wanted(const struct packet *packet,
		      const struct jval *operation)
{
	struct vivim_stamp stamp;

	return vivim_stamp_parse(jval_get_text(operation, "hlcTimestamp"),
				 &stamp, NULL) < 0 ||
	       import_is_wanted(packet->job, stamp.time.micros);
}

static int take_operation(struct packet *packet, const struct jval *value,
			  uint64_t offset, struct err *err)
{
	struct vivim_operation operation = { .value = value };
	const char *verb = verb_of(value);
	int rc = 0;

	operation.kind = kind_of(value);
	operation.payload = jval_get(value, "payload");
	if (!jval_is(operation.payload, JVAL_OBJECT))
		operation.payload = NULL;
	operation.id = jval_get_text(value, "entityId");
	if (!operation.id.len)
		operation.id = jval_get_text(value, "recordId");
	operation.is_delete = verb && !strcmp(verb, "delete");
	if (!verb || !operation.id.len)
		return import_malformed(packet->job, packet->source, verb ?
					"an operation on nothing" :
					"an operation that is no INSERT, "
					"UPDATE or DELETE", offset, value->raw,
					err);
	if (operation.kind == VIVIM_OTHER)
		return import_leave_out(packet->source, "an operation on a "
					"kind of entity that vvault does not "
					"have", NULL, err);
	if (operation.kind == VIVIM_MESSAGE)
		rc = find_conversation(packet, &operation, err);
	if (rc < 0)
		return rc;
	if (!is_wanted(packet, value))
		return import_leave_out(packet->source, "older than --since",
					NULL, err);
	if (operation.kind == VIVIM_MESSAGE && !operation.conversation.len)
		return import_leave_out(packet->source, "an operation on a "
					"message of an unknown conversation",
					NULL, err);
	return put(packet, &operation, verb, err);
}

static int take_item(void *arg, const struct jdoc *doc,
		     const struct array_item *item, struct err *err)
{
	struct packet *packet = arg;

	return jval_is(jdoc_root(doc), JVAL_OBJECT) ?
		take_operation(packet, jdoc_root(doc), item->offset, err) :
		import_malformed(packet->job, packet->source,
				 "an operation that is no object",
				 item->offset, item->text, err);
}

static int read_packet(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct packet packet = {
		.job = job, .source = source,
		.places = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.ids = BUF_INIT(BUF_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
		.data = BUF_INIT(BUF_NO_LIMIT),
	};
	struct span head = buf_span(&source->input.head);
	const struct items_visitor visitor = {
		.item = take_item, .arg = &packet,
		.options = {
			.max_depth = OPERATION_DEPTH_MAX,
			.flags = JDOC_SURROGATES_KEEP,
		},
	};
	int rc;

	rc = items_each(job, source, input_feed(&source->input),
			sniff_has(head, "operations") ? "operations" : NULL, &visitor, err);
	table_release(&packet.places);
	buf_release(&packet.ids);
	buf_release(&packet.entity);
	buf_release(&packet.data);
	return rc;
}

/* "hasMore" tells an empty answer from anything else with operations. */
static const char *const signs[] = {
	"hlcTimestamp entityType|tableName", "operations hasMore",
	"operations *hlcTimestamp", NULL
};

const struct importer vivim_importer = {
	.name = "vivim",
	.one = "sync packet of VIVIM",
	.many = "sync packets of VIVIM",
	.construct = VIVIM_PROVIDER,
	.signs = signs,
	.read = read_packet,
};
