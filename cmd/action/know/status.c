#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/capture/noted.h"
#include "cmd/action/know/last_import.h"
#include "cmd/action/know/status_parts.h"
#include "cmd/action/result.h"
#include "cmd/action/vault/twins.h"
#include "lib/id/did.h"
#include "lib/os/dir.h"
#include "lib/os/path.h"
#include "refs/remote/remote.h"
#include "refs/trust/whole.h"
#include "refs/view/forks.h"

/* From here on it is worth a word how much lies in quarantine. */
#define MUCH_BYTES ((uint64_t)16 << 20)

/* All but `vault`. */
static int64_t count_constructs(const struct head_list *heads)
{
	int64_t count = 0;
	size_t i;

	for (i = 0; i < heads->n; i++)
		count += strcmp(heads->at[i].construct, VAULT_CONSTRUCT) &&
			 (!i || strcmp(heads->at[i - 1].construct,
				       heads->at[i].construct));
	return count;
}

/* Is this the word on a device that was removed, and signs on? */
static bool is_of_removed(const struct vault *vault,
			  const struct quarantine_note *note,
			  unsigned char out[DID_KEY_BYTES])
{
	const struct member *member;

	if (strcmp(note->code, "removed-member") != 0 ||
	    did_parse_short(span_str(note->head.device), out, NULL) < 0)
		return false;
	member = vault_state_member(&vault->state, out);
	return member && member->is_removed;
}

/* "shut_out": the removed devices of which versions are kept apart. */
static void put_shut_out(struct vault *vault,
			 const struct quarantine_notes *all,
			 struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	unsigned char public[DID_KEY_BYTES];
	size_t i;
	size_t j;

	buf_put_char(&list, '[');
	for (i = 0; i < all->n; i++) {
		struct jcs_fields one = JCS_FIELDS_INIT;

		for (j = 0; j < i; j++)
			if (!strcmp(all->at[j].head.device,
				    all->at[i].head.device))
				break;
		if (j < i || !is_of_removed(vault, &all->at[i], public))
			continue;
		result_did(&one, "device", public);
		result_member(&one, vault, public);
		buf_put_str(&list, list.len > 1 ? "," : "");
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	if (list.len > 2)
		fields_buf(fields, "shut_out", &list);
	buf_release(&list);
}

/* How many wait for somebody's word, and how many failed. */
static int put_waiting(struct vault *vault, struct jcs_fields *fields,
		       struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	int64_t held = 0;
	size_t i;
	int rc = remote_quarantine(vault, &all, err);

	for (i = 0; rc == 0 && i < all.n; i++)
		held += !strcmp(all.at[i].state, "held");
	fields_integer(fields, "held", held);
	if (rc == 0)
		put_shut_out(vault, &all, fields);
	quarantine_notes_release(&all);
	return rc;
}

/* Of the objects: what else lies there can be made anew. */
static void put_bytes(const struct vault *vault, struct jcs_fields *fields)
{
	struct buf path = PATH_BUF_INIT;
	uint64_t bytes = 0;

	if (path_join(&path, vault->path, "objects", NULL) == 0)
		bytes = dir_bytes(buf_text(&path), NULL);
	fields_integer(fields, "bytes", (int64_t)bytes);
	buf_release(&path);
}

static int put_numbers(struct vault *vault, const struct head_list *heads,
		       struct jcs_fields *fields, struct err *err)
{
	int64_t constructs = count_constructs(heads);
	uint64_t kept = remote_quarantine_bytes(vault);
	uint64_t quarantined = 0;
	uint64_t forks = 0;
	int rc = remote_quarantined(vault, &quarantined, err);

	if (rc == 0)
		rc = vault_forks(vault, heads, &forks, err);
	fields_str(fields, "vault", vault->state.vault_id);
	fields_integer(fields, "constructs", constructs);
	fields_integer(fields, "quarantined", (int64_t)quarantined);
	if (rc == 0 && quarantined)
		rc = put_waiting(vault, fields, err);
	fields_integer(fields, "forks", (int64_t)forks);
	twins_put_all(fields, vault);
	if (vault->state.is_sealing_known)
		fields_bool(fields, "key_known", true);
	if (!vault->has_keys)
		fields_integer(fields, "blind", constructs);
	if (kept >= MUCH_BYTES)
		fields_integer(fields, "quarantine_bytes", (int64_t)kept);
	return rc;
}

/* Whatever else is said, a vault that lacks something is not up to date. */
static int tell_holes(struct action_call *call, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	struct problem_list problems = PROBLEM_LIST_INIT;
	int rc = whole_check(call->vault, &whole, err);

	if (rc == 0)
		rc = whole_tell(&whole, &problems, err);
	problems_name_devices(call->vault, &problems);
	host_problems(call->host, &problems);
	call->has_lost |= problems.n > 0;
	problem_list_release(&problems);
	wholeness_release(&whole);
	return rc;
}

/* What it holds, and who has it. */
static int put_contents(struct action_call *call,
			const struct head_list *heads,
			struct jcs_fields *fields, struct err *err)
{
	struct status_constructs list = STATUS_CONSTRUCTS_INIT;
	struct vault *vault = call->vault;
	int rc = status_constructs_read(vault, &list, err);

	result_outside(fields, "path", vault->path);
	fields_bool(fields, "encrypted", vault->state.is_encrypted);
	fields_integer(fields, "conflicts", (int64_t)list.conflicts);
	status_put_merged(&list, fields);
	if (vault->has_keys)
		fields_integer(fields, "records", (int64_t)list.records);
	else
		fields_null(fields, "records");
	put_bytes(vault, fields);
	last_import_put(fields, vault);
	noted_tell(call, fields);
	if (rc == 0)
		rc = status_put_same_name(vault, fields, err);
	if (rc == 0)
		rc = status_put_newest(vault, &list, fields, err);
	if (rc == 0)
		rc = status_put_remotes(call, heads, &list, fields, err);
	status_constructs_release(&list);
	return rc;
}

static int status_run(struct action_call *call, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	int rc = heads_list(call->vault->store, "refs/heads/", NULL, &heads,
			    NULL, err);

	if (rc == 0)
		rc = put_numbers(call->vault, &heads, &fields, err);
	if (rc == 0)
		rc = status_put_device(call, &fields, err);
	if (rc == 0)
		rc = put_contents(call, &heads, &fields, err);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	if (rc == 0)
		rc = tell_holes(call, err);
	jcs_fields_release(&fields);
	head_list_release(&heads);
	return rc;
}

const struct action action_status = {
	"status", "where the vault stands", no_params, ACTION_SHOWS, NULL, status_run
};
