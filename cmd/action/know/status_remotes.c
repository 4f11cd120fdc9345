#include "cmd/action/know/status_parts.h"
#include "cmd/action/result.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/open.h"
#include "refs/remote/remote.h"

#define NAMED_MAX 5

/* How far apart this vault and its remotes are. */
struct distances {
	struct vault *vault;
	struct jcs_fields ahead;
	struct jcs_fields behind;
	struct buf list;		/* of remotes, as JSON */
	const struct head_list *heads;
	const struct status_constructs *constructs;
};

static int by_ref_name(const void *key, const void *element)
{
	return strcmp(key,
		      ((const struct status_construct *)element)->ref_name);
}

static const struct status_construct *
find(const struct status_constructs *list, const char *ref_name)
{
	return list->n ? bsearch(ref_name, list->at, list->n,
				 sizeof(*list->at), by_ref_name) : NULL;
}

static uint64_t versions_of(void *arg, const char *construct)
{
	const struct distances *distances = arg;
	const struct status_construct *one = find(distances->constructs,
						  construct);

	return one ? one->versions : 0;
}

static const char *title_of(const struct status_constructs *list,
			    const char *ref_name)
{
	const struct status_construct *one = find(list, ref_name);

	return one && one->name[0] ? one->name : ref_name;
}

static int by_ahead(const void *a, const void *b)
{
	const struct remote_gap *one = a;
	const struct remote_gap *two = b;

	if (one->ahead != two->ahead)
		return one->ahead < two->ahead ? 1 : -1;
	return strcmp(one->construct, two->construct);
}

/* "unpushed": the constructs with the most, `vault` not by that name. */
static void put_unpushed(const struct distances *distances,
			 struct remote_gaps *gaps, struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	uint64_t others = 0;
	size_t n = 0;
	size_t i;

	if (gaps->n)
		qsort(gaps->at, gaps->n, sizeof(*gaps->at), by_ahead);
	buf_put_char(&list, '[');
	for (i = 0; i < gaps->n && gaps->at[i].ahead; i++) {
		struct jcs_fields one = JCS_FIELDS_INIT;

		if (n == NAMED_MAX) {
			others++;
			continue;
		}
		result_construct_id(&one, distances->vault,
				    title_of(distances->constructs,
					     gaps->at[i].construct));
		fields_integer(&one, "versions", (int64_t)gaps->at[i].ahead);
		buf_put_str(&list, n++ ? "," : "");
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "unpushed", &list);
	fields_integer(fields, "others", (int64_t)others);
	buf_release(&list);
}

static int add_remote(struct action_call *call, const char *name,
		      struct distances *distances, struct err *err)
{
	struct remote_gaps gaps = REMOTE_GAPS_INIT;
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct err reason = ERR_INIT;
	int rc;

	gaps.known = versions_of;
	gaps.arg = distances;
	rc = remote_distance(call->vault, name, distances->heads, &gaps,
				 &reason);

	if (rc < 0) {
		rc = action_pass_over(call, name, &reason, err);
		goto out;
	}
	fields_integer(&distances->ahead, name, (int64_t)gaps.ahead);
	fields_integer(&distances->behind, name, (int64_t)gaps.behind);
	fields_str(&one, "name", name);
	fields_integer(&one, "ahead", (int64_t)gaps.ahead);
	fields_integer(&one, "behind", (int64_t)gaps.behind);
	fields_bool(&one, "seen", gaps.is_seen);
	put_unpushed(distances, &gaps, &one);
	if (distances->list.len > 1)
		buf_put_char(&distances->list, ',');
	rc = jcs_fields_write(&one, &distances->list, err);
out:
	jcs_fields_release(&one);
	remote_gaps_release(&gaps);
	return rc;
}

int status_put_remotes(struct action_call *call,
		       const struct head_list *heads,
		       const struct status_constructs *constructs,
		       struct jcs_fields *fields, struct err *err)
{
	struct distances distances = {
		call->vault, JCS_FIELDS_INIT, JCS_FIELDS_INIT,
		BUF_INIT(BUF_NO_LIMIT), heads, constructs
	};
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(call->vault, &list, err);

	buf_put_char(&distances.list, '[');
	for (i = 0; rc == 0 && i < list.n; i++)
		rc = add_remote(call, list.at[i].name, &distances, err);
	buf_put_char(&distances.list, ']');
	fields_object(fields, "ahead", &distances.ahead);
	fields_object(fields, "behind", &distances.behind);
	fields_buf(fields, "remotes", &distances.list);
	jcs_fields_release(&distances.ahead);
	jcs_fields_release(&distances.behind);
	buf_release(&distances.list);
	remote_list_release(&list);
	return rc;
}
