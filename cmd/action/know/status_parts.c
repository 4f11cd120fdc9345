#include "cmd/action/know/status_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/know/who.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "refs/index/lists/constructs.h"

#define NEWEST_MAX 5

void status_constructs_release(struct status_constructs *list)
{
	free(list->at);
	memset(list, 0, sizeof(*list));
}

struct taking {
	struct vault *vault;
	struct status_constructs *list;
};

static int take(void *arg, const struct construct_summary *summary,
		struct err *err)
{
	const struct taking *taking = arg;
	struct status_constructs *list = taking->list;
	struct status_construct *one;
	uint64_t since = 0;
	const char *into;
	int rc = array_room(list, err);

	if (rc == 0 && summary->says.merged[0])
		rc = names_merged(taking->vault, summary->ref_name, &into,
				  &since, err);
	if (rc < 0)
		return rc;
	one = &list->at[list->n++];
	memcpy(one->ref_name, summary->ref_name, sizeof(one->ref_name));
	memcpy(one->name, summary->construct, sizeof(one->name));
	one->sessions = summary->sessions;
	one->messages = summary->messages;
	one->memories = summary->memories;
	one->versions = summary->versions;
	one->written = summary->written;
	one->since_merge = since;
	list->records += summary->records;
	list->conflicts += summary->conflicts;
	return 0;
}

/* Whoever reads it, or verifies, is told. */
static int pass_hurt(void *arg, const char *name, struct err *reason)
{
	(void)arg;
	(void)name;
	err_clear(reason);
	return 0;
}

int status_constructs_read(struct vault *vault, struct status_constructs *out,
			   struct err *err)
{
	struct taking taking = { vault, out };
	const struct construct_visitor visitor = { take, pass_hurt, &taking };

	/* Who can read none of them has nothing to learn from them. */
	return vault->has_keys ? constructs_each(vault, &visitor, err) : 0;
}

void status_put_merged(const struct status_constructs *list,
		       struct jcs_fields *fields)
{
	struct jcs_fields merged = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->at[i].since_merge)
			fields_integer(&merged, list->at[i].name,
				       (int64_t)list->at[i].since_merge);
	}
	if (merged.count)
		fields_object(fields, "since_merge", &merged);
	jcs_fields_release(&merged);
}

static void put_same_name(void *arg, const char *shown, const char *id)
{
	fields_str(arg, shown, id);
}

int status_put_same_name(struct vault *vault, struct jcs_fields *fields,
			 struct err *err)
{
	struct jcs_fields names = JCS_FIELDS_INIT;
	int rc = vault->has_keys ?
		names_each_disputed(vault, put_same_name, &names, err) : 0;

	if (rc == 0 && names.count)
		fields_object(fields, "same_name", &names);
	jcs_fields_release(&names);
	return rc;
}

int status_put_device(const struct action_call *call,
		      struct jcs_fields *fields, struct err *err)
{
	struct vault *vault = call->vault;
	struct jcs_fields device = JCS_FIELDS_INIT;
	struct buf request = BUF_INIT(BUF_NO_LIMIT);
	char backup[DEVICE_BACKUP_TIME_MAX];
	enum role role;
	int rc;

	if (!vault->has_device) {
		fields_null(fields, "device");
		return 0;
	}
	role = vault_state_role(&vault->state, vault->device.public);
	device_key_backed_up(call->keys_folder, vault->device.did, backup);
	result_text(&device, "backup", span_str(backup));
	result_did(&device, "device", vault->device.public);
	result_member(&device, vault, vault->device.public);
	fields_str(&device, "role", role_word(role));
	if (!vault_state_member(&vault->state, vault->device.public)) {
		who_request(call, NULL, &request);
		fields_text(&device, "request", buf_span(&request));
	}
	rc = buf_end(&request, err);
	fields_object(fields, "device", &device);
	jcs_fields_release(&device);
	buf_release(&request);
	return rc;
}

static int by_time(const void *a, const void *b)
{
	const struct status_construct *one =
		*(const struct status_construct *const *)a;
	const struct status_construct *two =
		*(const struct status_construct *const *)b;

	if (one->written != two->written)
		return one->written < two->written ? 1 : -1;
	return strcmp(one->name, two->name);
}

static void put_one(struct buf *out, struct jcs_fields *one, size_t nth)
{
	if (nth)
		buf_put_char(out, ',');
	buf_fail(out, jcs_fields_write(one, out, NULL));
	jcs_fields_release(one);
}

int status_put_newest(struct vault *vault,
		      const struct status_constructs *list,
		      struct jcs_fields *fields, struct err *err)
{
	const struct status_construct **sorted = calloc(list->n + 1,
							sizeof(*sorted));
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	if (!sorted)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < list->n; i++)
		sorted[i] = &list->at[i];
	qsort(sorted, list->n, sizeof(*sorted), by_time);
	buf_put_char(&out, '[');
	for (i = 0; i < list->n && i < NEWEST_MAX; i++) {
		struct jcs_fields one = JCS_FIELDS_INIT;

		result_construct_id(&one, vault, sorted[i]->name[0] ?
				    sorted[i]->name : sorted[i]->ref_name);
		fields_integer(&one, "sessions", (int64_t)sorted[i]->sessions);
		fields_integer(&one, "messages", (int64_t)sorted[i]->messages);
		fields_integer(&one, "memories", (int64_t)sorted[i]->memories);
		result_time(&one, "written", sorted[i]->written);
		put_one(&out, &one, i);
	}
	buf_put_char(&out, ']');
	fields_buf(fields, "newest", &out);
	buf_release(&out);
	free(sorted);
	return 0;
}
