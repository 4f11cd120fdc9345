#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "refs/index/lists/constructs.h"
#include "refs/remote/remote.h"
#include "refs/trust/whole.h"
#include "refs/view/forks.h"

/* From here on it is worth a word how much lies in quarantine. */
#define MUCH_BYTES ((uint64_t)16 << 20)

/* How far apart this vault and its remotes are. */
struct distances {
	struct jcs_fields ahead;
	struct jcs_fields behind;
};

static int add_remote(struct action_call *call, const char *name,
		      const struct head_list *heads,
		      struct distances *distances, struct err *err)
{
	struct err reason = ERR_INIT;
	uint64_t ahead;
	uint64_t behind;
	int rc = remote_distance(call->vault, name, heads, &ahead, &behind,
				 &reason);

	if (rc < 0)
		return action_pass_over(call, name, &reason, err);
	fields_integer(&distances->ahead, name, (int64_t)ahead);
	fields_integer(&distances->behind, name, (int64_t)behind);
	return 0;
}

static int read_remotes(struct action_call *call,
			const struct head_list *heads,
			struct distances *distances, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(call->vault, &list, err);

	for (i = 0; rc == 0 && i < list.n; i++)
		rc = add_remote(call, list.at[i].name, heads, distances, err);
	remote_list_release(&list);
	return rc;
}

static int add_conflicts(void *arg, const struct construct_summary *summary,
			 struct err *err)
{
	(void)err;
	*(uint64_t *)arg += summary->conflicts;
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

/* Fields that devices disagree about, as far as they are known to. */
static int put_conflicts(struct vault *vault, struct jcs_fields *fields,
			 struct err *err)
{
	uint64_t n = 0;
	const struct construct_visitor visitor = { add_conflicts, pass_hurt,
						   &n };
	int rc = constructs_each(vault, &visitor, err);

	fields_integer(fields, "conflicts", (int64_t)n);
	return rc;
}

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
	fields_integer(fields, "forks", (int64_t)forks);
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
	host_problems(call->host, &problems);
	call->has_lost |= problems.n > 0;
	problem_list_release(&problems);
	wholeness_release(&whole);
	return rc;
}

static int status_run(struct action_call *call, struct err *err)
{
	struct distances distances = { JCS_FIELDS_INIT, JCS_FIELDS_INIT };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	int rc = heads_list(call->vault->store, "refs/heads/", NULL, &heads,
			    NULL, err);

	if (rc == 0)
		rc = put_numbers(call->vault, &heads, &fields, err);
	if (rc == 0)
		rc = put_conflicts(call->vault, &fields, err);
	if (rc == 0)
		rc = read_remotes(call, &heads, &distances, err);
	fields_object(&fields, "ahead", &distances.ahead);
	fields_object(&fields, "behind", &distances.behind);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	if (rc == 0)
		rc = tell_holes(call, err);
	jcs_fields_release(&distances.ahead);
	jcs_fields_release(&distances.behind);
	jcs_fields_release(&fields);
	head_list_release(&heads);
	return rc;
}

const struct action action_status = {
	"status", "where the vault stands", no_params, ACTION_SHOWS, NULL, status_run
};
