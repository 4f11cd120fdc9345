#include "cmd/action/history/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/view/origin.h"

struct touching {
	struct log *log;
	struct origins *origins;
	size_t unknown;		/* records that came too far back */
};

static int touch_one(struct touching *touching, const struct fold_record *one,
		     struct err *err)
{
	const struct version *version = NULL;
	struct log *log = touching->log;
	struct log_touch *record;
	int rc = origin_find(touching->origins, one->record.entity, one->id,
			     &version, err);

	if (rc == 0)
		rc = array_room(&log->touches, err);
	if (rc < 0)
		return rc;
	if (!version) {
		touching->unknown++;
		return 0;
	}
	record = &log->touches.at[log->touches.n++];
	memset(record, 0, sizeof(*record));
	memcpy(record->id, one->id, RECORD_ID_BYTES);
	snprintf(record->verb, sizeof(record->verb), "%.*s",
		 (int)one->record.verb.len, one->record.verb.at);
	snprintf(record->at, sizeof(record->at), "%.*s",
		 (int)one->record.at.len, one->record.at.at);
	record->version = version->id;
	record->time = version->time;
	record->seq = version->seq;
	return 0;
}

static int touch_all(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct touching *touching = arg;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = touch_one(touching, &entity->records[i], err);
	return rc;
}

/* The newest version first, and of one its records in order of time. */
static int order_touches(const void *left, const void *right)
{
	const struct log_touch *a = left;
	const struct log_touch *b = right;
	int order;

	if (a->time != b->time)
		return a->time < b->time ? 1 : -1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? 1 : -1;
	order = git_oid_cmp(&a->version, &b->version);
	if (!order)
		order = strcmp(a->at, b->at);
	return order ? order : memcmp(a->id, b->id, RECORD_ID_BYTES);
}

static int visit_each(struct log *log,
		      int (*visit)(void *arg, const struct version *version,
				   struct err *err))
{
	struct store *store = log->call->vault->store;
	struct version version;
	size_t i;
	int rc = 0;

	version_init(&version);
	for (i = 0; rc == 0 && i < log->touches.n; i++) {
		const struct log_touch *one = &log->touches.at[i];

		if (i && git_oid_equal(&one->version, &one[-1].version))
			continue;
		rc = version_read(store, &one->version, &version, log->err);
		if (rc == 0)
			rc = visit(log, &version, log->err);
	}
	version_release(&version);
	return rc;
}

static void tell_unknown(const struct touching *touching)
{
	unsigned long long n = touching->unknown;

	if (n)
		host_note(touching->log->call->host, "%llu record%s of it came "
			  "too far back to tell with which version", n,
			  n == 1 ? "" : "s");
}

int log_of_entity(struct log *log,
		  int (*visit)(void *arg, const struct version *version,
			       struct err *err))
{
	struct touching touching = { log, NULL, 0 };
	const struct view_visitor visitor = { touch_all, &touching };
	struct view *view = log->entity->view;
	int rc = origins_new(view, &touching.origins, log->err);

	if (rc == 0)
		rc = view_one(view, buf_span(&log->entity->entity), &visitor,
			      log->err);
	origins_free(touching.origins);
	if (log->touches.n)
		qsort(log->touches.at, log->touches.n,
		      sizeof(*log->touches.at), order_touches);
	if (rc == 0)
		rc = visit_each(log, visit);
	if (rc >= 0)
		tell_unknown(&touching);
	return rc;
}

void log_put_verbs(struct log *log, const struct version *version)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < log->touches.n; i++) {
		const struct log_touch *one = &log->touches.at[i];

		if (git_oid_equal(&one->version, &version->id))
			buf_putf(&list, "%s\"%s\"", list.len > 1 ? "," : "",
				 one->verb);
	}
	buf_put_char(&list, ']');
	fields_buf(&log->fields, "verbs", &list);
	fields_text(&log->fields, "entity", buf_span(&log->entity->entity));
	buf_release(&list);
}
