#include "refs/verify/verify_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/vault/limits.h"

#define RENEWED "an owner has made this vault anew, without what was " \
		"forgotten: 'vvault pull' follows"

#define BEYOND "it lies beyond what still counts of a device that was removed, " \
	       "or that lost the right to write it"

static void init_tables(struct verifier *made)
{
	const struct table by_id = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	const struct table by_digest = TABLE_INIT(SHA256_BYTES,
						  TABLE_NO_LIMIT);
	const struct table by_device = TABLE_INIT(DID_KEY_BYTES,
						  TABLE_NO_LIMIT);
	const struct table by_both = TABLE_INIT(GIT_OID_RAWSZ + DID_KEY_BYTES,
						TABLE_NO_LIMIT);
	const struct table by_key = TABLE_INIT(JOB_KEY_BYTES, TABLE_NO_LIMIT);

	made->by_id = by_id;
	made->members_by_hash = by_digest;
	made->devices = by_device;
	made->known_seqs = by_both;
	made->by_seq = by_digest;
	made->checked = by_key;
}

static int copy_known(struct verifier *made, const struct head_list *known,
		      struct err *err)
{
	size_t i;
	int rc = 0;

	if (!made->options.trust_heads || !known)
		return 0;
	for (i = 0; rc == 0 && i < known->n; i++)
		rc = head_list_add(&made->known, &known->at[i], err);
	return rc;
}

/* The numbers of the known heads of `vault`, *n of them; caller frees. */
static int known_vault_heads(const struct verifier *verifier, uint32_t **out,
			     size_t *n, size_t room, struct err *err)
{
	uint32_t *heads = calloc(verifier->known.n + room + 1,
				 sizeof(*heads));
	size_t i;

	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	*n = 0;
	for (i = 0; i < verifier->known.n; i++) {
		const struct head *head = &verifier->known.at[i];

		if (!strcmp(head->construct, VAULT_CONSTRUCT) &&
		    authority_find_id(verifier->authority, &head->id,
				      &heads[*n]))
			++*n;
	}
	*out = heads;
	return 0;
}

/* What these heads stand for counts from now on. The first here_n of them are
 * in the vault, and stay there whatever becomes of them. */
static int accept_heads(struct verifier *verifier, const uint32_t *heads,
			size_t n, size_t here_n, struct err *err)
{
	struct authority *authority = verifier->authority;
	int rc = authority_effective(authority, heads, n, &verifier->accepted,
				     err);

	if (rc == 0)
		rc = authority_closure(authority, heads, n,
				       &verifier->nameable, err);
	if (rc == 0)
		rc = authority_closure(authority, heads, here_n,
				       &verifier->here, err);
	return rc < 0 ? rc : index_set_add_all(&verifier->here,
					       &verifier->accepted, err);
}

static int load_known(struct verifier *made, struct err *err)
{
	uint32_t *heads = NULL;
	size_t n = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < made->known.n; i++)
		if (!strcmp(made->known.at[i].construct, VAULT_CONSTRUCT))
			rc = authority_load(made->authority, made->store,
					    &made->known.at[i].id, 1, err);
	if (rc == 0)
		rc = known_vault_heads(made, &heads, &n, 0, err);
	if (rc == 0)
		rc = accept_heads(made, heads, n, n, err);
	free(heads);
	return rc;
}

static int check_expected(const struct verifier *verifier, struct err *err)
{
	const char *id = authority_vault_id(verifier->authority);

	if (verifier->expected_id[0] && id[0] &&
	    strcmp(id, verifier->expected_id))
		return err_set(err, ERR_UNTRUSTED,
			       "this is vault '%s', not '%s'", id,
			       verifier->expected_id);
	return 0;
}

int verifier_new(struct store *store, const struct head_list *known,
		 const struct verify_options *options, struct verifier **out,
		 struct err *err)
{
	struct verifier *made = calloc(1, sizeof(*made));
	struct problem_list problems = PROBLEM_LIST_INIT;
	int rc;

	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	init_tables(made);
	made->options = *options;
	made->options.expected_vault_id = NULL;
	made->problems = &problems;
	if (options->expected_vault_id)
		snprintf(made->expected_id, sizeof(made->expected_id), "%s",
			 options->expected_vault_id);
	rc = store_open_again(store, &made->store, err);
	if (rc == 0)
		rc = workers_init(made, err);
	if (rc == 0)
		rc = authority_new(&made->authority, err);
	if (rc == 0)
		rc = copy_known(made, known, err);
	if (rc == 0)
		rc = load_known(made, err);
	if (rc == 0)
		rc = check_expected(made, err);
	if (rc == 0)
		rc = members_learn(made, err);
	made->problems = NULL;
	problem_list_release(&problems);
	if (rc < 0) {
		verifier_free(made);
		return rc;
	}
	*out = made;
	return 0;
}

static void free_tables(struct verifier *verifier)
{
	table_release(&verifier->by_id);
	table_release(&verifier->members_by_hash);
	table_release(&verifier->devices);
	table_release(&verifier->known_seqs);
	table_release(&verifier->by_seq);
	table_release(&verifier->checked);
}

void verifier_free(struct verifier *verifier)
{
	size_t i;

	if (!verifier)
		return;
	members_forget(verifier);
	workers_release(verifier);
	for (i = 0; i < verifier->nodes_n; i++)
		node_forget(&verifier->nodes[i]);
	for (i = 0; i < verifier->jobs.n; i++)
		job_release(&verifier->jobs.at[i]);
	for (i = 0; i < verifier->members_n; i++) {
		index_set_release(&verifier->members[i].closure);
		index_set_release(&verifier->members[i].effective);
	}
	free_tables(verifier);
	free(verifier->jobs.at);
	free(verifier->jobs.twins);
	free(verifier->nodes);
	free(verifier->parents);
	free(verifier->order);
	free(verifier->members);
	index_set_release(&verifier->accepted);
	index_set_release(&verifier->nameable);
	index_set_release(&verifier->here);
	index_set_release(&verifier->needed);
	head_list_release(&verifier->known);
	authority_free(verifier->authority);
	store_free(verifier->store);
	free(verifier);
}

int verify_progress(struct verifier *verifier, struct err *err)
{
	const struct verify_options *options = &verifier->options;

	if (options->progress &&
	    options->progress(options->progress_arg, &verifier->counts))
		return err_set(err, ERR_CANCELED, "verification was stopped");
	return 0;
}

/* The heads of one call, and what is found out about each. */
struct hearing {
	struct verifier *verifier;
	const struct head_list *heads;
	enum verdict *verdicts;
	uint32_t *nodes;		/* NODE_NONE: could not be walked */
};

static int say(const struct hearing *hearing, size_t at, enum verdict verdict,
	       const char *code, const char *message, struct err *err)
{
	const struct head *head = &hearing->heads->at[at];
	char name[CONSTRUCT_NAME_MAX + DID_SHORT_MAX + 1];

	hearing->verdicts[at] = verdict;
	snprintf(name, sizeof(name), "%s/%s", head->construct, head->device);
	return problem_list_add(hearing->verifier->problems, code, name,
				message, err);
}

static int verify_refuse(const struct hearing *hearing, size_t at,
			 const char *code, const char *message, struct err *err)
{
	return say(hearing, at, VERDICT_REFUSED, code, message, err);
}

static bool is_in_group(const struct hearing *hearing, size_t at,
			bool is_vault)
{
	return is_vault ==
	       !strcmp(hearing->heads->at[at].construct, VAULT_CONSTRUCT);
}

static int walk_group(const struct hearing *hearing, bool is_vault,
		      struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < hearing->heads->n; i++) {
		const struct head *head = &hearing->heads->at[i];
		struct err reason = ERR_INIT;

		if (!is_in_group(hearing, i, is_vault))
			continue;
		rc = nodes_walk(verifier, head, &hearing->nodes[i], &reason);
		if (rc == 0)
			continue;
		hearing->nodes[i] = NODE_NONE;
		if (!is_finding(rc))
			return err_copy(err, rc, &reason);
		rc = verify_refuse(hearing, i, "broken-history", reason.text,
				   err);
		if (rc == 0)
			rc = verify_blame(verifier, &head->id, err);
	}
	return rc;
}

/* The ancestor that a head fails by. */
static int tell_cause(const struct hearing *hearing, size_t at,
		      struct err *err)
{
	const struct verifier *verifier = hearing->verifier;
	const struct verify_node *node =
		&verifier->nodes[hearing->nodes[at]];
	bool is_held = node->status == NODE_HELD;
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];
	char message[160];

	hearing->verdicts[at] = is_held ? VERDICT_HELD : VERDICT_REFUSED;
	if (node->cause == hearing->nodes[at])
		return 0;
	hex_text(verifier->nodes[node->cause].id.id, GIT_OID_RAWSZ, hex);
	snprintf(message, sizeof(message), "it stands on version %s, which %s",
		 hex, is_held ? "is held back" : "was refused");
	return say(hearing, at, hearing->verdicts[at],
		   is_held ? "held-ancestor" : "refused-ancestor", message,
		   err);
}

/* Does another head that counts stand on it? nodes: of the heads; NULL where
 * all are known to be valid. */
static int is_below(struct verifier *verifier, const struct head_list *heads,
		    const uint32_t *nodes, const struct head *head, bool *out,
		    struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && !*out && i < heads->n; i++) {
		const struct head *other = &heads->at[i];

		if (strcmp(other->construct, head->construct) ||
		    git_oid_equal(&other->id, &head->id) ||
		    (nodes && (nodes[i] == NODE_NONE ||
			       verifier->nodes[nodes[i]].status != NODE_OK)))
			continue;
		rc = history_is_ancestor(verifier->store, &head->id,
					 &other->id, out, err);
		if (rc == 0 && *out)
			rc = members_allow(verifier, MEMBERS_NONE, &other->id,
					   out, err);
	}
	return rc;
}

/* A head that is here already stays, and whoever reads leaves it out. */
static bool is_here(const struct verifier *verifier, const struct head *head)
{
	return verifier->options.is_whole ||
	       head_list_has_id(&verifier->known, &head->id);
}

/* In the lineage that counts now? */
static int check_lineage(const struct hearing *hearing, size_t at,
			 const struct version *tip, struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	struct lineage_look look = {
		.construct = tip->construct, .digest = tip->digest,
		.device = tip->device, .is_renewed = tip->is_renewed,
	};
	const char *message;
	const char *code;
	int rc = members_find(verifier, tip, &look.members, err);

	if (rc == 0)
		rc = lineage_of_head(verifier, &look, &code, &message, err);
	return rc < 0 || !code ?
		       rc : verify_refuse(hearing, at, code, message, err);
}

/* Beyond what still counts of a device whose rights were taken, or of a
 * device that only such versions ever admitted? */
static int check_standing(const struct hearing *hearing, size_t at,
			  const struct version *tip, struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	const struct head *head = &hearing->heads->at[at];
	const struct roster_member *member;
	const struct roster *roster;
	bool counts = true;
	int rc = authority_roster(verifier->authority, &verifier->accepted,
				  &roster, err);

	if (rc < 0)
		return rc;
	if (is_here(verifier, head))
		return 0;
	member = roster_member(roster, tip->device);
	if (!member)
		return verify_refuse(hearing, at, "not-a-member",
				     "its device is no member in what 'vault' says "
				     "now", err);
	if (!member->limits_n)
		return 0;
	rc = members_allow(verifier, MEMBERS_NONE, &head->id, &counts, err);
	if (rc == 0 && !counts)
		rc = is_below(verifier, &verifier->known, NULL, head, &counts,
			      err);
	if (rc == 0 && !counts)
		rc = is_below(verifier, hearing->heads, hearing->nodes, head,
			      &counts, err);
	if (rc < 0 || counts)
		return rc;
	return verify_refuse(hearing, at, "removed-member", BEYOND, err);
}

/* Does it say that the vault was made anew, to one who did not ask? */
static bool is_renewing(const struct hearing *hearing, size_t at)
{
	const struct verifier *verifier = hearing->verifier;
	const struct head *head = &hearing->heads->at[at];
	uint32_t number;

	return !verifier->options.may_renew && !is_here(verifier, head) &&
	       authority_find_id(verifier->authority, &head->id, &number) &&
	       renewal_is_new(verifier, number);
}

static int check_tip(const struct hearing *hearing, size_t at, bool is_vault,
		     struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	const struct head *head = &hearing->heads->at[at];
	char device[DID_SHORT_MAX];
	struct version tip;
	int rc;

	version_init(&tip);
	rc = version_read(verifier->store, &head->id, &tip, err);
	if (rc < 0)
		goto out;
	did_short(tip.device, device);
	hearing->verdicts[at] = VERDICT_OK;
	if (strcmp(tip.construct, head->construct) ||
	    strcmp(device, head->device))
		rc = verify_refuse(hearing, at, "wrong-ref",
				   "the ref's name is not the construct and device "
				   "of its version", err);
	else if (!is_vault) {
		rc = check_lineage(hearing, at, &tip, err);
		if (rc == 0 && hearing->verdicts[at] == VERDICT_OK)
			rc = check_standing(hearing, at, &tip, err);
	} else if (is_renewing(hearing, at))
		rc = say(hearing, at, VERDICT_HELD, "renewed", RENEWED, err);
	else if (!is_here(verifier, head) &&
		 !members_stand(verifier, &head->id))
		rc = verify_refuse(hearing, at, "removed-member", BEYOND, err);
out:
	version_release(&tip);
	return rc;
}

/* A valid version of `vault` under the name of its own device? */
static bool is_candidate(const struct hearing *hearing, size_t at,
			 uint32_t *out_number)
{
	const struct verifier *verifier = hearing->verifier;
	const struct head *head = &hearing->heads->at[at];
	char device[DID_SHORT_MAX];

	if (!is_in_group(hearing, at, true) ||
	    hearing->nodes[at] == NODE_NONE ||
	    verifier->nodes[hearing->nodes[at]].status != NODE_OK ||
	    !authority_find_id(verifier->authority, &head->id, out_number))
		return false;
	did_short(authority_version(verifier->authority, *out_number)->signer,
		  device);
	return !strcmp(device, head->device) && !is_renewing(hearing, at);
}

/* The new heads of `vault` that are valid join the known ones. */
static int accept_vault(const struct hearing *hearing, struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	uint32_t *heads;
	size_t known_n;
	size_t n;
	size_t i;
	int rc = known_vault_heads(verifier, &heads, &known_n,
				   hearing->heads->n, err);

	if (rc < 0)
		return rc;
	n = known_n;
	for (i = 0; i < hearing->heads->n; i++)
		n += is_candidate(hearing, i, &heads[n]);
	rc = accept_heads(verifier, heads, n,
			  verifier->options.is_whole ? n : known_n, err);
	free(heads);
	return rc < 0 ? rc : members_learn(verifier, err);
}

/* Walk and judge the versions of a group. */
static int judge_group(const struct hearing *hearing, bool is_vault,
		       struct err *err)
{
	int rc = walk_group(hearing, is_vault, err);

	if (rc == 0)
		rc = verify_order(hearing->verifier, is_vault, err);
	return rc < 0 || !is_vault ? rc : accept_vault(hearing, err);
}

/* And the heads themselves, by what was found. */
static int check_tips(const struct hearing *hearing, bool is_vault,
		      struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < hearing->heads->n; i++) {
		if (!is_in_group(hearing, i, is_vault) ||
		    hearing->nodes[i] == NODE_NONE)
			continue;
		if (verifier->nodes[hearing->nodes[i]].status == NODE_OK)
			rc = check_tip(hearing, i, is_vault, err);
		else
			rc = tell_cause(hearing, i, err);
	}
	return rc;
}

/*
 * Heads that are taken may stand for the work of somebody who had not known
 * that a device's rights were taken, and name what that said in `vault` beyond
 * its cut. That counts for nothing and comes in with them all the same: else it
 * would depend on what came here first whether they can be judged. What such
 * a head stands on knew no more than it does.
 */
static int call_needed(const struct hearing *hearing, struct err *err)
{
	struct verifier *verifier = hearing->verifier;
	size_t i;
	int rc = 0;

	index_set_release(&verifier->needed);
	if (index_set_covers(&verifier->here, &verifier->nameable))
		return 0;
	for (i = 0; rc == 0 && i < hearing->heads->n; i++)
		if (is_in_group(hearing, i, false) &&
		    hearing->nodes[i] != NODE_NONE &&
		    hearing->verdicts[i] == VERDICT_OK)
			rc = members_need(verifier,
					  &hearing->heads->at[i].id, err);
	return rc;
}

int verifier_check(struct verifier *verifier, const struct head_list *heads,
		   enum verdict *verdicts, struct problem_list *problems,
		   struct err *err)
{
	struct hearing hearing = { verifier, heads, verdicts, NULL };
	unsigned i;
	int rc = 0;

	hearing.nodes = calloc(heads->n + 1, sizeof(*hearing.nodes));
	if (!hearing.nodes)
		return err_set(err, ERR_NOMEM, "out of memory");
	verifier->problems = problems;
	for (i = 0; rc == 0 && i < verifier->workers_n; i++)
		rc = store_refresh(verifier->workers[i].store, err);
	if (rc == 0)
		rc = judge_group(&hearing, true, err);
	if (rc == 0)
		rc = judge_group(&hearing, false, err);
	if (rc == 0)
		rc = check_tips(&hearing, false, err);
	if (rc == 0)
		rc = call_needed(&hearing, err);
	if (rc == 0)
		rc = check_tips(&hearing, true, err);
	verifier->problems = NULL;
	free(hearing.nodes);
	return rc;
}

const char *verifier_vault_id(const struct verifier *verifier)
{
	return authority_vault_id(verifier->authority);
}

struct verify_counts verifier_counts(const struct verifier *verifier)
{
	return verifier->counts;
}
