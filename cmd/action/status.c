#include <string.h>

#include "refs/remote/remote.h"
#include "refs/trust/whole.h"
#include "refs/view/forks.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

#define MUCH_BYTES ((uint64_t)16 << 20)

/* How far apart this vault and its remotes are. */
struct distances {
	struct jcs_fields ahead;
	struct jcs_fields behind;
};

static int read_remotes(struct session *session, struct vault *vault,
			const struct head_list *heads,
			struct distances *distances)
{
	struct err *err = &session->err;
	struct remote_list list = REMOTE_LIST_INIT;
	struct err reason = ERR_INIT;
	uint64_t ahead;
	uint64_t behind;
	size_t i;
	int rc;

	rc = remote_list(vault, &list, err);
	for (i = 0; rc >= 0 && i < list.n; i++) {
		const char *name = list.at[i].name;

		err_clear(&reason);
		rc = remote_distance(vault, name, heads, &ahead, &behind,
				     &reason);
		if (rc < 0) {
			rc = session_pass_over(session, name, &reason) ? 0 :
				     rc;
			continue;
		}
		rc = jcs_fields_integer(&distances->ahead, name,
					(int64_t)ahead, err);
		if (rc >= 0)
			rc = jcs_fields_integer(&distances->behind, name,
						(int64_t)behind, err);
		if (rc >= 0 && !session->is_json)
			out_printf("remote   %s: %llu to push, %llu to "
				   "pull\n", name, (unsigned long long)ahead,
				   (unsigned long long)behind);
	}
	remote_list_release(&list);
	return rc;
}

static int add_object(struct jcs_fields *fields, const char *name,
		      struct jcs_fields *inner, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_fields_write(inner, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

static int print(struct session *session, struct vault *vault,
		 struct distances *distances, const int64_t numbers[3])
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	uint64_t kept;
	int rc;

	if (!session->is_json) {
		out_printf("vault    %s\n", vault->state.vault_id);
		out_printf("constructs %lld, quarantined %lld, forks %lld\n",
			   (long long)numbers[0], (long long)numbers[1],
			   (long long)numbers[2]);
		if (!vault->has_keys && numbers[0])
			out_printf("blind    all %lld: sealed, and this device "
				   "holds no key, so that only hashes and "
				   "signatures are checked\n",
				   (long long)numbers[0]);
		kept = remote_quarantine_bytes(vault);
		if (kept >= MUCH_BYTES)
			out_printf("quarantine takes %llu MB: 'vvault "
				   "quarantine list' shows what lies there\n",
				   (unsigned long long)(kept >> 20));
		return 0;
	}
	rc = jcs_fields_text(&fields, "vault",
			     span_str(vault->state.vault_id), err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "constructs", numbers[0],
					err);
	if (rc >= 0)
		rc = add_object(&fields, "ahead", &distances->ahead, err);
	if (rc >= 0)
		rc = add_object(&fields, "behind", &distances->behind, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "quarantined", numbers[1],
					err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "forks", numbers[2], err);
	if (rc >= 0 && !vault->has_keys)
		rc = jcs_fields_integer(&fields, "blind", numbers[0], err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
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

/* Constructs, heads in quarantine, forks. */
static int read_numbers(struct session *session, struct vault *vault,
			const struct head_list *heads, int64_t numbers[3])
{
	struct err *err = &session->err;
	uint64_t quarantined = 0;
	uint64_t forks = 0;
	int rc = remote_quarantined(vault, &quarantined, err);

	if (rc >= 0)
		rc = vault_forks(vault, heads, &forks, err);
	numbers[0] = count_constructs(heads);
	numbers[1] = (int64_t)quarantined;
	numbers[2] = (int64_t)forks;
	return rc;
}

/* Whatever else is said, a vault that lacks something is not up to date. */
static int tell_holes(struct session *session, struct vault *vault)
{
	struct wholeness whole = WHOLENESS_INIT;
	struct problem_list problems = PROBLEM_LIST_INIT;
	int rc = whole_check(vault, &whole, &session->err);

	if (rc >= 0)
		rc = whole_tell(&whole, &problems, &session->err);
	out_problems(&problems);
	session->has_lost |= problems.n > 0;
	problem_list_release(&problems);
	wholeness_release(&whole);
	return rc;
}

int cmd_status(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct distances distances = { JCS_FIELDS_INIT, JCS_FIELDS_INIT };
	struct head_list heads = HEAD_LIST_INIT;
	struct vault *vault = NULL;
	int64_t numbers[3];
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 0);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = heads_list(vault->store, "refs/heads/",
				NULL, &heads, NULL, &session->err);
	if (rc >= 0)
		rc = read_numbers(session, vault, &heads, numbers);
	if (rc >= 0)
		rc = read_remotes(session, vault, &heads, &distances);
	if (rc >= 0)
		rc = print(session, vault, &distances, numbers);
	if (rc >= 0)
		rc = tell_holes(session, vault);
	jcs_fields_release(&distances.ahead);
	jcs_fields_release(&distances.behind);
	head_list_release(&heads);
	vault_close(vault);
	return rc;
}
