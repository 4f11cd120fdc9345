#include "refs/trust/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/repo.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/reject.h"
#include "refs/trust/scope.h"
#include "refs/trust/settle.h"
#include "refs/verify/verify.h"

enum vouch vouch_needed(const struct vault *vault, const char *construct)
{
	if (!strcmp(construct, VAULT_CONSTRUCT) ||
	    !vault->state.is_encrypted || vault->has_keys)
		return VOUCH_FULL;
	return VOUCH_BLIND;
}

static bool is_vouched(const struct vault *vault, const struct head *head)
{
	return verified_get(vault->verified, head) >=
	       vouch_needed(vault, head->construct);
}

/* Heads that must be verified now. */
struct settling {
	struct vault *vault;
	struct head_list doubtful;
	enum verdict *verdicts;
	struct problem_list problems;
	struct head_list good;	/* where there are doubtful ones: all others,
				   and those that passed */
	bool is_damaged;
	bool is_blind;
	bool has_taken;		/* a head out of refs */
};

static int add_doubtful(struct settling *settling,
			const struct head_list *heads, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads->n; i++)
		if (!is_vouched(settling->vault, &heads->at[i]))
			rc = head_list_add(&settling->doubtful, &heads->at[i],
					   err);
	return rc;
}

static int add_good(struct settling *settling, const struct head_list *heads,
		    struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && settling->doubtful.n && i < heads->n; i++)
		if (is_vouched(settling->vault, &heads->at[i]))
			rc = head_list_add(&settling->good, &heads->at[i],
					   err);
	return rc;
}

/* What was verified of each construct concerned, if it is still here. */
static int add_known(struct settling *settling, struct head_list *known,
		     struct err *err)
{
	struct vault *vault = settling->vault;
	const struct head_list *doubtful = &settling->doubtful;
	const char *last = "";
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < doubtful->n; i++) {
		const char *construct = doubtful->at[i].construct;

		if (strcmp(last, construct))
			rc = verified_list(vault->verified, construct,
					   vouch_needed(vault, construct),
					   known, err);
		last = construct;
	}
	for (i = 0; i < known->n; i++)
		if (store_has(vault->store, &known->at[i].id))
			known->at[kept++] = known->at[i];
	known->n = kept;
	return rc;
}

/* Who may write is said by `vault`, whose heads are settled before. */
static int add_vault(struct settling *settling, struct head_list *known,
		     struct err *err)
{
	return heads_settled(settling->vault, VAULT_CONSTRUCT, known, NULL,
			     err);
}

static int verify(struct settling *settling, bool of_vault, struct err *err)
{
	struct vault *vault = settling->vault;
	struct head_list known = HEAD_LIST_INIT;
	struct table rejected = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct verifier *verifier = NULL;
	char pinned[CID_TEXT_MAX];
	struct verify_options options = {
		.device = vault->has_device ? &vault->device : NULL,
		.rejected = &rejected,
		.is_whole = true,
		.trust_heads = true,
	};
	int rc = rejected_load(vault, &rejected, err);

	if (vault_pinned_id(vault->path, pinned, NULL) == 0)
		options.expected_vault_id = pinned;
	if (rc == 0 && !of_vault)
		rc = add_vault(settling, &known, err);
	if (rc == 0)
		rc = add_known(settling, &known, err);
	if (rc == 0)
		rc = verifier_new(vault->store, &known, &options, &verifier,
				  err);
	if (rc == 0)
		rc = verifier_check(verifier, &settling->doubtful,
				    settling->verdicts, &settling->problems,
				    err);
	if (rc == 0) {
		settling->is_damaged = verifier_met_damage(verifier);
		settling->is_blind = verifier_is_blind(verifier);
	}
	verifier_free(verifier);
	table_release(&rejected);
	head_list_release(&known);
	return rc;
}

/* The words for one head: about its own version, else about what it stands
 * on, else the first there are. */
static const struct problem *reason_of(const struct settling *settling,
				       const struct head *head)
{
	const struct problem_list *problems = &settling->problems;
	const struct problem *best = NULL;
	char name[CONSTRUCT_NAME_MAX + DID_SHORT_MAX + 1];
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	hex_text(head->id.id, GIT_OID_RAWSZ, hex);
	snprintf(name, sizeof(name), "%s/%s", head->construct, head->device);
	for (i = 0; i < problems->n; i++) {
		if (!strcmp(problems->at[i].object, hex))
			return &problems->at[i];
		if (!best || !strcmp(problems->at[i].object, name))
			best = &problems->at[i];
	}
	return best;
}

static void settle_tell(const struct settling *settling,
			const struct head *head, const char *code,
			const char *before, const char *after)
{
	const struct problem *reason = reason_of(settling, head);
	struct vault *vault = settling->vault;
	struct problem said;

	if (!vault->calls.tell)
		return;
	memset(&said, 0, sizeof(said));
	snprintf(said.code, sizeof(said.code), "%s", code);
	snprintf(said.object, sizeof(said.object), "%s/%s", head->construct,
		 head->device);
	snprintf(said.message, sizeof(said.message), "%s: %.300s; %s", before,
		 reason ? reason->message : "no reason", after);
	vault->calls.tell(vault->calls.arg, &said);
}

static int take_out(struct settling *settling, size_t at, struct err *err)
{
	const struct head *head = &settling->doubtful.at[at];
	const struct problem *reason = reason_of(settling, head);
	bool is_held = settling->verdicts[at] == VERDICT_HELD;
	struct quarantine_note note = { .head = *head };
	int rc;

	snprintf(note.state, sizeof(note.state), "%s",
		 is_held ? "held" : "refused");
	snprintf(note.code, sizeof(note.code), "%s",
		 reason ? reason->code : "refused");
	snprintf(note.message, sizeof(note.message), "%s",
		 reason ? reason->message : "");
	settling->has_taken = true;
	rc = quarantine_take(settling->vault, &note, err);
	if (rc == 0)
		settle_tell(settling, head, note.code,
			    is_held ? "held back" : "taken out of the vault",
			    "see 'vvault quarantine list'");
	return rc;
}

/* Found good now; and remembered, as far as the ledger has room. */
static int pass(struct settling *settling, const struct head *head,
		enum vouch vouch, struct err *err)
{
	struct vault *vault = settling->vault;
	int rc = verified_put(vault->verified, head, vouch, err);

	if (rc == 0 && vouch >= vouch_needed(vault, head->construct))
		rc = head_list_add(&settling->good, head, err);
	return rc;
}

static int conclude(struct settling *settling, struct err *err)
{
	struct vault *vault = settling->vault;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < settling->doubtful.n; i++) {
		const struct head *head = &settling->doubtful.at[i];
		bool is_blind = settling->is_blind &&
				strcmp(head->construct, VAULT_CONSTRUCT);

		if (settling->verdicts[i] == VERDICT_OK)
			rc = pass(settling, head,
				  is_blind ? VOUCH_BLIND : VOUCH_FULL, err);
		/* A ref that leads to a tree or a blob is a damaged file, and
		 * no offence. */
		else if (settling->is_damaged ||
			 !repo_has_commit(vault->store, &head->id))
			settle_tell(settling, head, "unverified",
				    "left out, for it cannot be verified",
				    "'vvault verify' says what is damaged or "
				    "missing");
		else
			rc = take_out(settling, i, err);
	}
	return rc;
}

/* Without a head of `vault` nothing can be judged: then all stays. */
static int check_rest(const struct settling *settling, struct err *err)
{
	const struct problem *first = settling->problems.at;
	size_t i;

	for (i = 0; i < settling->doubtful.n; i++)
		if (settling->verdicts[i] == VERDICT_OK)
			return 0;
	return err_set(err, settling->is_damaged ? ERR_CORRUPT :
						   ERR_UNTRUSTED,
		       "no head of '%s' can be verified: %s: %s",
		       VAULT_CONSTRUCT, settling->problems.n ? first->code :
							       "refused",
		       settling->problems.n ? first->message : "");
}

static int settle(struct settling *settling, bool of_vault, bool has_others,
		  struct err *err)
{
	size_t i;
	int rc;

	settling->verdicts = calloc(settling->doubtful.n,
				    sizeof(*settling->verdicts));
	if (!settling->verdicts)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < settling->doubtful.n; i++)
		settling->verdicts[i] = VERDICT_REFUSED;
	rc = verify(settling, of_vault, err);
	if (rc == 0 && of_vault && !has_others)
		rc = check_rest(settling, err);
	if (rc == 0)
		rc = conclude(settling, err);
	if (rc == 0)
		verified_save(settling->vault->verified, settling->vault,
			      false);
	return rc;
}

static bool is_good(const struct settling *settling,
		       const struct head *head)
{
	size_t i;

	for (i = 0; i < settling->good.n; i++)
		if (git_oid_equal(&settling->good.at[i].id, &head->id) &&
		    !strcmp(settling->good.at[i].construct,
			    head->construct) &&
		    !strcmp(settling->good.at[i].device, head->device))
			return true;
	return false;
}

/* The ledger knows two lines of a device, which may have more: what has just
 * been entered may have put out what was vouched for until then. */
static void keep_good(const struct settling *settling, struct head_list *list)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (is_vouched(settling->vault, &list->at[i]) ||
		    is_good(settling, &list->at[i]))
			list->at[kept++] = list->at[i];
	list->n = kept;
}

static int list_refs(struct vault *vault, const char *construct,
		     struct head_list *heads, struct head_list *forks,
		     struct err *err)
{
	struct store *store = vault->store;
	/* First second lines: one that goes meanwhile is in a head by then. */
	int rc = fork_refs_list(store, construct, forks, err);

	return rc < 0 ? rc : heads_list(store, HEADS_PREFIX, construct, heads,
					NULL, err);
}

static bool is_below_any(const struct vault *vault,
			 const struct head_list *list, const git_oid *id)
{
	bool is_below = false;
	size_t i;

	for (i = 0; !is_below && i < list->n; i++)
		if (history_is_ancestor(vault->store, id, &list->at[i].id,
					&is_below, NULL) < 0)
			return true;	/* 'vvault verify' says what it is */
	return is_below;
}

/*
 * Has our own ref gone back behind what we wrote last (refs of a backup, a git
 * command)? What we write next would be a second line beside what is lost,
 * and nobody but the ledger knows of that one. True if it stands again.
 */
static bool own_put_forward(struct vault *vault, const char *construct,
			    const struct head_list *heads,
			    const struct head_list *forks)
{
	struct problem said = { .code = "healed" };
	struct head own;

	memset(&own, 0, sizeof(own));
	snprintf(own.construct, sizeof(own.construct), "%s", construct);
	memcpy(own.device, vault_signer(vault)->name, DID_SHORT_MAX);
	/* Where nothing of `vault` is left, whoever opens it looks further. */
	if (!vault->has_device || vault->is_glanced_at ||
	    (!heads->n && !strcmp(construct, VAULT_CONSTRUCT)) ||
	    !verified_before(vault->verified, &own, forks, &own.id) ||
	    head_list_has_id(heads, &own.id) ||
	    !store_has(vault->store, &own.id) ||
	    is_below_any(vault, heads, &own.id) ||
	    is_below_any(vault, forks, &own.id) ||
	    head_put_back(vault, &own, NULL) < 0)
		return false;
	snprintf(said.object, sizeof(said.object), "%s/%s", own.construct,
		 own.device);
	snprintf(said.message, sizeof(said.message), "the ref of this device "
		 "went back, and stands again");
	if (vault->calls.tell)
		vault->calls.tell(vault->calls.arg, &said);
	return true;
}

/* Those of `vault` for themselves and first: the rest is judged by them. */
static int settle_lists(struct vault *vault, const char *construct,
			struct head_list *heads, struct head_list *forks,
			struct err *err)
{
	struct settling settling = { .vault = vault };
	bool of_vault = construct && !strcmp(construct, VAULT_CONSTRUCT);
	int rc = add_doubtful(&settling, heads, err);

	if (rc == 0)
		rc = add_doubtful(&settling, forks, err);
	if (rc == 0)
		rc = add_good(&settling, heads, err);
	if (rc == 0)
		rc = add_good(&settling, forks, err);
	if (rc == 0 && settling.doubtful.n) {
		head_list_sort(&settling.doubtful);
		rc = settle(&settling, of_vault,
			    settling.doubtful.n < heads->n + forks->n, err);
	}
	/* In the place of one that was taken out may stand the one before. */
	if (rc == 0 && settling.has_taken) {
		heads->n = 0;
		forks->n = 0;
		rc = list_refs(vault, construct, heads, forks, err);
	}
	if (rc == 0) {
		keep_good(&settling, heads);
		keep_good(&settling, forks);
	}
	problem_list_release(&settling.problems);
	head_list_release(&settling.doubtful);
	head_list_release(&settling.good);
	free(settling.verdicts);
	return rc;
}

/* One after the other, so that others are not even looked at. */
static int settle_scope(struct vault *vault, struct head_list *heads,
			struct head_list *forks, struct err *err)
{
	const struct scope *scope = vault->scope;
	size_t n;
	size_t i;
	int rc = 0;

	for (n = 0; rc == 0 && n < scope->refs.n; n++) {
		struct head_list one = HEAD_LIST_INIT;

		rc = heads_settled(vault, scope->refs.at[n], &one, forks, err);
		for (i = 0; rc == 0 && i < one.n; i++)
			rc = head_list_add(heads, &one.at[i], err);
		head_list_release(&one);
	}
	head_list_sort(heads);
	return rc;
}

int heads_damaged(struct vault *vault, struct head_list *out, struct err *err)
{
	struct head_list all = HEAD_LIST_INIT;
	size_t i;
	int rc = refs_damaged(vault->store, HEADS_PREFIX, &all, err);

	for (i = 0; rc == 0 && i < all.n; i++) {
		if (scope_tells(vault, all.at[i].construct))
			rc = head_list_add(out, &all.at[i], err);
	}
	head_list_release(&all);
	return rc;
}

int heads_settled(struct vault *vault, const char *construct,
		  struct head_list *heads, struct head_list *forks,
		  struct err *err)
{
	struct head_list own = HEAD_LIST_INIT;
	struct head_list *lines = forks ? forks : &own;
	size_t i;
	int rc;

	if (construct && !scope_has(vault, construct))
		return 0;
	if (!construct && vault->scope && vault->scope->is_named)
		return settle_scope(vault, heads, forks, err);
	rc = list_refs(vault, construct, heads, lines, err);
	if (rc == 0 && construct &&
	    own_put_forward(vault, construct, heads, lines)) {
		heads->n = 0;
		lines->n = 0;
		rc = list_refs(vault, construct, heads, lines, err);
	}
	if (rc == 0)
		rc = settle_lists(vault, construct, heads, lines, err);
	if (rc == 0)
		rc = scope_settle(vault, !construct, heads, err);
	if (rc == 0)
		rc = scope_settle(vault, !construct, lines, err);
	for (i = 0; rc == 0 && i < own.n; i++)
		rc = head_list_add(heads, &own.at[i], err);
	if (own.n)
		head_list_sort(heads);
	head_list_release(&own);
	return rc;
}
