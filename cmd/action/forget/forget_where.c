#include "cmd/action/forget/forget_where.h"

#include <stdio.h>
#include <string.h>

#include "cmd/action/result.h"
#include "refs/history/history.h"

/* Does some head of these stand on the version? */
static int knows(const struct forget_where *where,
		 const struct head_list *heads, const char *device,
		 const git_oid *version, bool *out, struct err *err)
{
	struct store *store = where->vault->store;
	size_t i;
	int rc = 0;

	*out = false;
	for (i = 0; rc == 0 && !*out && i < heads->n; i++) {
		const struct head *head = &heads->at[i];

		if (strcmp(head->construct, where->ref_name) != 0 ||
		    (device && strcmp(head->device, device) != 0))
			continue;
		*out = git_oid_equal(&head->id, version);
		if (!*out)
			rc = history_is_ancestor(store, version, &head->id,
						 out, err);
	}
	return rc;
}

static int put_remotes(const struct forget_where *where, const git_oid *version,
		       struct jcs_fields *fields, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char prefix[REF_NAME_MAX];
	size_t i;
	int rc = 0;

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < where->remotes.n; i++) {
		const char *name = where->remotes.at[i].name;
		struct head_list heads = HEAD_LIST_INIT;
		struct jcs_fields one = JCS_FIELDS_INIT;
		bool is_told = false;

		snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", name);
		rc = heads_list(where->vault->store, prefix,
				where->ref_name, &heads, NULL, err);
		if (rc == 0)
			rc = knows(where, &heads, NULL, version, &is_told,
				   err);
		fields_str(&one, "name", name);
		fields_bool(&one, "told", is_told);
		buf_put_str(&list, i ? "," : "");
		if (rc == 0)
			rc = jcs_fields_write(&one, &list, err);
		jcs_fields_release(&one);
		head_list_release(&heads);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "remotes", &list);
	buf_release(&list);
	return rc;
}

/* Who has written since has it; of others nobody can say. */
static int put_devices(const struct forget_where *where, const git_oid *version,
		       struct jcs_fields *fields, struct err *err)
{
	struct vault *vault = where->vault;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < vault->state.members_n; i++) {
		const struct member *member = &vault->state.members[i];
		struct jcs_fields one = JCS_FIELDS_INIT;
		char device[DID_SHORT_MAX];
		bool is_told = false;

		did_short(member->public, device);
		rc = knows(where, &where->heads, device, version, &is_told,
			   err);
		result_did(&one, "did", member->public);
		result_member(&one, vault, member->public);
		fields_bool(&one, "told", is_told);
		fields_bool(&one, "removed", member->is_removed);
		buf_put_str(&list, list.len > 1 ? "," : "");
		if (rc == 0)
			rc = jcs_fields_write(&one, &list, err);
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "devices", &list);
	buf_release(&list);
	return rc;
}

int forget_put_where(const struct forget_where *where, const git_oid *version,
		     struct jcs_fields *fields, struct err *err)
{
	int rc = put_remotes(where, version, fields, err);

	return rc < 0 ? rc : put_devices(where, version, fields, err);
}
