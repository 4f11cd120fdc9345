#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/know/gather.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/index/lists/lists.h"

/* --- who wrote it --- */

struct writer_seen {
	unsigned char device[DID_KEY_BYTES];
	uint64_t versions;
	int64_t first;
	int64_t last;
};

struct history_seen {
	uint64_t versions;
	int64_t first;
	int64_t last;
	struct {
		struct writer_seen *at;
		size_t n;
		size_t cap;
	} devices;
};

static int find_device(struct history_seen *seen,
		       const unsigned char device[DID_KEY_BYTES],
		       struct writer_seen **out, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < seen->devices.n; i++) {
		*out = &seen->devices.at[i];
		if (!memcmp((*out)->device, device, DID_KEY_BYTES))
			return 0;
	}
	rc = array_room(&seen->devices, err);
	if (rc < 0)
		return rc;
	*out = &seen->devices.at[seen->devices.n++];
	**out = (struct writer_seen){ .first = INT64_MAX, .last = INT64_MIN };
	memcpy((*out)->device, device, DID_KEY_BYTES);
	return 0;
}

static void stretch(int64_t time, int64_t *first, int64_t *last)
{
	*first = time < *first ? time : *first;
	*last = time > *last ? time : *last;
}

static int see_version(void *arg, const struct version *version,
		       struct err *err)
{
	struct history_seen *seen = arg;
	struct writer_seen *device;
	int rc = find_device(seen, version_writer(version), &device, err);

	if (rc < 0)
		return rc;
	seen->versions++;
	device->versions++;
	stretch(version->time, &device->first, &device->last);
	stretch(version->time, &seen->first, &seen->last);
	return 0;
}

static int put_history(const struct view *view, struct jcs_fields *fields,
		       struct err *err)
{
	struct history_seen seen = { 0, INT64_MAX, INT64_MIN, { NULL, 0, 0 } };
	const struct history_visitor visitor = { see_version, &seen, NULL };
	const struct history_range range = { view->heads, view->heads_n, NULL,
					     0 };
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = history_walk(view->vault->store, &range, &visitor, err);

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < seen.devices.n; i++) {
		const struct writer_seen *device = &seen.devices.at[i];

		result_did(&one, "device", device->device);
		result_member(&one, view->vault, device->device);
		fields_integer(&one, "versions", (int64_t)device->versions);
		result_time(&one, "first", device->first);
		result_time(&one, "last", device->last);
		buf_put_str(&list, i ? "," : "");
		rc = jcs_fields_write(&one, &list, err);
		jcs_fields_reset(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "devices", &list);
	fields_integer(fields, "versions", (int64_t)seen.versions);
	if (seen.versions) {
		result_time(fields, "created", seen.first);
		result_time(fields, "written", seen.last);
	}
	free(seen.devices.at);
	jcs_fields_release(&one);
	buf_release(&list);
	return rc;
}

/* --- where it came from --- */

static int see_source(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct buf *list = arg;
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct span value;
	int64_t size;
	int rc;

	if (!entity->state.at)
		return 0;
	fields_text(&one, "entity", entity->entity);
	if (jcs_find(entity->state, "format", &value))
		fields_raw(&one, "format", value);
	if (jcs_find(entity->state, "size", &value) &&
	    jcs_integer(value, &size))
		fields_integer(&one, "size", size);
	fields_bool(&one, "kept", jcs_find(entity->state, "bytes", &value));
	buf_put_str(list, list->len > 1 ? "," : "");
	rc = jcs_fields_write(&one, list, err);
	jcs_fields_release(&one);
	return rc;
}

static int put_sources(struct view *view, struct jcs_fields *fields,
		       struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct view_visitor visitor = { see_source, &list };
	int rc;

	buf_put_char(&list, '[');
	rc = view_each(view, kind_find(span_str("source")), false, &visitor,
		       err);
	buf_put_char(&list, ']');
	fields_buf(fields, "sources", &list);
	buf_release(&list);
	return rc;
}

/* --- all of it --- */

static void put_totals(const struct lists *lists, struct jcs_fields *fields)
{
	const struct lists_totals *totals = lists_totals(lists);
	struct jcs_fields counts = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if (totals->counts[i])
			fields_integer(&counts, kind_table[i].name,
				       (int64_t)totals->counts[i]);
	}
	fields_object(fields, "counts", &counts);
	fields_integer(fields, "records", (int64_t)totals->records);
	fields_integer(fields, "conflicts", (int64_t)totals->conflicts);
	if (totals->first != INT64_MIN && totals->last != INT64_MIN) {
		result_micros(fields, "first", totals->first);
		result_micros(fields, "last", totals->last);
	}
	jcs_fields_release(&counts);
}

static int put_names(struct view *view, struct jcs_fields *fields,
		     struct err *err)
{
	const char *shown = NULL;
	const char *into = NULL;
	uint64_t since;
	int rc = construct_shown(view, &shown, err);

	if (rc == 0)
		rc = names_merged(view->vault, view->ref_name, &into, &since,
				  err);
	fields_str(fields, "construct", view->construct);
	if (rc == 0 && *shown)
		fields_str(fields, "called", shown);
	if (into)
		fields_str(fields, "merged_into", into);
	return rc;
}

static int show_run(struct action_call *call, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct lists *lists = NULL;
	struct view *view = NULL;
	uint64_t bytes = 0;
	int rc = construct_open(call, action_text(call, "construct"), &view,
				err);

	if (rc == 0)
		rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);
	if (rc < 0)
		goto out;
	rc = put_names(view, &fields, err);
	if (rc == 0)
		rc = view_disk_bytes(view, &bytes, err);
	fields_integer(&fields, "bytes", (int64_t)bytes);
	fields_raw(&fields, "persona", lists_persona(lists));
	put_totals(lists, &fields);
	if (rc == 0)
		rc = put_sources(view, &fields, err);
	if (rc == 0)
		rc = put_history(view, &fields, err);
	result_ids(&fields, "heads", view->heads, view->heads_n);
	result_digest(&fields, "root", view->root);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
out:
	lists_free(lists);
	view_free(view);
	jcs_fields_release(&fields);
	return rc;
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "which one, by its id or by what it is called" },
	ACTION_PARAMS_END
};

const struct action action_construct_show = {
	"construct show", "who a construct is, and who wrote it", params,
	ACTION_SHOWS, NULL, show_run
};
