#include "cmd/import/datasets/oasst.h"

#include <stdlib.h>

#include "cmd/import/datasets/oasst_tree.h"
#include "cmd/import/input/values.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/sniff.h"
#include "lib/base/array.h"

#define OASST "oasst"

/* Each reply is two containers deeper than what it answers. */
#define DEPTH_MAX 100000

/* A message whose replies are still to be read. */
struct waiting {
	const struct jval *message;
	struct span parent;
};

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	struct oasst_tree tree;		/* the one that is being read */
	struct table trees;		/* SHA-256 of the keys of all */
	bool is_again;			/* its begin was read before */
	struct chat_time created;
	struct buf native;		/* of its session */
	struct buf value;
	struct waiting *waiting;
	size_t waiting_n;
	size_t waiting_cap;
};

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	if (sniff_has(head, "message_tree_id"))
		return sniff_has(head, "prompt") || sniff_has(head, "text");
	return sniff_has(head, "message_id") && sniff_has(head, "text") &&
	       sniff_has(head, "role") &&
	       (sniff_has(head, "parent_id") || sniff_has(head, "replies"));
}

static int malformed(struct reading *reading, const char *reason,
		     const struct source_value *given,
		     const struct jval *value, struct err *err)
{
	uint64_t offset = given->offset +
		(uint64_t)(value->raw.at - given->value->raw.at);

	return import_malformed(reading->job, reading->source, reason, offset,
				value->raw, err);
}

/* The session of the tree that was read. */
static int end_tree(struct reading *reading, struct err *err)
{
	struct chat_session session = {
		.provider = OASST, .created = CHAT_TIME_NONE,
		.updated = CHAT_TIME_NONE,
	};
	int rc;

	if (!reading->tree.n || reading->is_again) {
		buf_reset(&reading->tree.key);
		return 0;
	}
	session.key = buf_span(&reading->tree.key);
	session.created = reading->created;
	session.active = oasst_tree_leaf(&reading->tree);
	session.is_guessed = reading->tree.has_choice;
	session.native = buf_span(&reading->native);
	reading->source->guessed += session.is_guessed;
	rc = chat_put_session(&reading->chat, &session, err);
	buf_reset(&reading->tree.key);
	reading->tree.n = 0;
	return rc;
}

/* about: what the source says of the tree beside its messages. */
static int begin_tree(struct reading *reading, struct span key,
		      const struct jval *about, const struct jval *root,
		      struct err *err)
{
	static const char *const taken[] = {
		"message_tree_id", "prompt", NULL
	};
	unsigned char digest[SHA256_BYTES];
	int rc;

	sha256_of(key.at, key.len, digest);
	rc = table_add(&reading->trees, digest, 1, err);
	reading->is_again = rc == 0;
	reading->created = chat_time_of(jval_get(root, "created_date"));
	buf_reset(&reading->native);
	if (rc >= 0)
		rc = chat_add_rest(&reading->native, about, taken, err);
	if (rc >= 0)
		rc = oasst_tree_begin(&reading->tree, key, err);
	return rc < 0 ? rc : chat_begin(&reading->chat, reading->job,
					reading->source, OASST, key, err);
}

/*
 * What has no field. One form of the data leaves members out that another
 * has as null: both give the same.
 */
static int add_native(struct reading *reading, const struct jval *message,
		      struct err *err)
{
	static const char *const own[] = {
		"message_id", "message_tree_id", "tree_state", "parent_id",
		"replies", "created_date"
	};
	static const char *const often_null[] = {
		"rank", "emojis", "labels", "lang", "review_result",
		"review_count", "synthetic", "user_id", "detoxify"
	};
	const size_t own_n = sizeof(own) / sizeof(own[0]);
	const size_t null_n = sizeof(often_null) / sizeof(often_null[0]);
	const char *taken[32] = { NULL };
	size_t n = 0;
	size_t i;

	for (i = 0; i < own_n; i++)
		taken[n++] = own[i];
	for (i = 0; i < null_n; i++) {
		if (jval_is(jval_get(message, often_null[i]), JVAL_NULL))
			taken[n++] = often_null[i];
	}
	if (jval_get_text(message, "text").at)
		taken[n++] = "text";
	if (jval_get_text(message, "model_name").at ||
	    jval_is(jval_get(message, "model_name"), JVAL_NULL))
		taken[n++] = "model_name";
	buf_reset(&reading->value);
	return chat_add_rest(&reading->value, message, taken, err);
}

static int put_message(struct reading *reading, const struct jval *value,
		       struct span parent, int64_t depth, struct err *err)
{
	struct span role = jval_get_text(value, "role");
	struct chat_message message = {
		.key = jval_get_text(value, "message_id"),
		.parent = parent,
		.index = depth,
		.role = "assistant",
		.created = chat_time_of(jval_get(value, "created_date")),
		.content = jval_get_text(value, "text"),
		.visibility = "visible",
		.model = jval_get_text(value, "model_name"),
	};
	int rc;

	if (span_equals(role, span_str("prompter")) ||
	    span_equals(role, span_str("user")))
		message.role = "user";
	else if (span_equals(role, span_str("system")))
		message.role = "system";
	if (jval_is(jval_get(value, "deleted"), JVAL_TRUE))
		message.visibility = "hidden";
	rc = add_native(reading, value, err);
	message.native = buf_span(&reading->value);
	return rc < 0 ? rc : chat_put_message(&reading->chat, &message, err);
}

static int64_t rank_of(const struct jval *message)
{
	long long rank;

	return jval_integer(jval_get(message, "rank"), &rank) ? rank :
		INT64_MAX;
}

/* Returns 1 when the message stands in the tree now, and its replies can. */
static int take_message(struct reading *reading,
			const struct source_value *given,
			const struct jval *message, struct span parent,
			struct err *err)
{
	struct span id = jval_get_text(message, "message_id");
	struct span said = jval_get_text(message, "parent_id");
	int64_t depth = 0;
	int rc;

	if (!id.len) {
		rc = malformed(reading, "a message without an id, with the "
			       "replies to it", given, message, err);
		return rc < 0 ? rc : 0;
	}
	if (said.at)
		parent = said;
	rc = oasst_tree_add(&reading->tree, id, parent, rank_of(message),
			    &depth, err);
	if (rc == 0) {
		rc = import_leave_out(reading->source, "a message whose id "
				      "stands before in its tree", NULL, err);
		return rc < 0 ? rc : 0;
	}
	if (rc >= 0 && reading->is_again)
		rc = import_skip(reading->source, "a place in a tree that "
				 "came in pieces: counted from the piece",
				 NULL, err);
	if (rc >= 0)
		rc = put_message(reading, message, parent, depth, err);
	return rc < 0 ? rc : 1;
}

static int wait_for(struct reading *reading, const struct jval *message,
		    struct span parent, struct err *err)
{
	void *list = reading->waiting;
	int rc;

	rc = array_grow(&list, &reading->waiting_cap, reading->waiting_n,
			sizeof(*reading->waiting), err);
	reading->waiting = list;
	if (rc < 0)
		return rc;
	reading->waiting[reading->waiting_n].message = message;
	reading->waiting[reading->waiting_n++].parent = parent;
	return 0;
}

/* A message and all below it, level by level: depth costs no stack. */
static int take_replies(struct reading *reading,
			const struct source_value *given,
			const struct jval *root, struct err *err)
{
	const struct jval *reply;
	struct waiting next;
	size_t i;
	int rc;

	reading->waiting_n = 0;
	rc = wait_for(reading, root, span_of(NULL, 0), err);
	for (i = 0; rc >= 0 && i < reading->waiting_n; i++) {
		next = reading->waiting[i];
		rc = take_message(reading, given, next.message, next.parent,
				  err);
		reply = rc == 1 ? jval_first(jval_get(next.message,
						      "replies")) : NULL;
		for (; rc >= 0 && reply; reply = reply->next)
			rc = wait_for(reading, reply,
				      jval_get_text(next.message,
						    "message_id"), err);
	}
	return rc;
}

static int take_tree(struct reading *reading,
		     const struct source_value *given,
		     const struct jval *root, struct err *err)
{
	const struct jval *about = root == given->value ? NULL :
		given->value;
	struct span key = jval_get_text(given->value, "message_tree_id");
	struct chat_time created = chat_time_of(jval_get(root,
							 "created_date"));
	int rc;

	if (!key.len)
		key = jval_get_text(root, "message_id");
	if (!key.len)
		return malformed(reading, "a tree without an id", given,
				 given->value, err);
	if (!import_is_wanted(reading->job, created.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = end_tree(reading, err);
	if (rc >= 0)
		rc = begin_tree(reading, key, about, root, err);
	if (rc >= 0)
		rc = take_replies(reading, given, root, err);
	return rc < 0 ? rc : end_tree(reading, err);
}

/* A message on its own: of the tree before, or the first of another. */
static int take_flat(struct reading *reading,
		     const struct source_value *given, struct err *err)
{
	const struct jval *value = given->value;
	struct span key = jval_get_text(value, "message_tree_id");
	struct chat_time created = chat_time_of(jval_get(value,
							 "created_date"));
	int rc = 0;

	if (!import_is_wanted(reading->job, created.micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	if (!span_equals(key, buf_span(&reading->tree.key)) ||
	    !reading->tree.key.len) {
		rc = end_tree(reading, err);
		if (rc >= 0)
			rc = begin_tree(reading, key, NULL, value, err);
	}
	return rc < 0 ? rc : take_message(reading, given, value,
					  span_of(NULL, 0), err);
}

static int take_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	const struct jval *prompt = jval_get(given->value, "prompt");
	struct reading *reading = arg;
	int rc;

	if (jval_is(prompt, JVAL_OBJECT))
		rc = take_tree(reading, given, prompt, err);
	else if (jval_get_text(given->value, "message_tree_id").len &&
		 !jval_get(given->value, "replies"))
		rc = take_flat(reading, given, err);
	else
		rc = take_tree(reading, given, given->value, err);
	return rc < 0 ? rc : 0;
}

static int read_trees(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.tree = OASST_TREE_INIT,
		.trees = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.native = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_value, &reading };
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	if (rc == 0)
		rc = end_tree(&reading, err);
	chat_release(&reading.chat);
	oasst_tree_release(&reading.tree);
	table_release(&reading.trees);
	buf_release(&reading.native);
	buf_release(&reading.value);
	free(reading.waiting);
	return rc;
}

const struct importer oasst_importer = {
	.name = OASST,
	.one = "file of conversation trees",
	.many = "files of conversation trees",
	.construct = OASST,
	.sniff = sniff,
	.read = read_trees,
};
