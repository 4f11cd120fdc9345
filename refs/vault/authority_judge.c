#include "refs/vault/authority_judge.h"

#include <stdlib.h>
#include <string.h>

#include "refs/history/version.h"
#include "refs/vault/limits.h"

static int compare_statements(const void *a, const void *b)
{
	const struct statement *x = a;
	const struct statement *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return memcmp(x->record, y->record, RECORD_ID_BYTES);
}

static int authority_judge_refuse(const char **out_code, const char *code,
				  struct err *err, const char *what,
				  const unsigned char public[DID_KEY_BYTES])
{
	char name[DID_SHORT_MAX];

	*out_code = code;
	did_short(public, name);
	return err_set(err, ERR_UNTRUSTED, "%s '%s'", what, name);
}

/* What is being judged. */
struct court {
	const struct roster *roster;	/* NULL: the first version */
	const struct version *version;
	struct statement *earlier;	/* of the same version, kept */
	size_t earlier_n;
	const char **out_code;
};

static bool has_earlier(const struct court *court, enum statement_kind kind,
			const unsigned char *key)
{
	size_t i;

	for (i = 0; i < court->earlier_n; i++) {
		const struct statement *said = &court->earlier[i];

		if (said->kind == kind &&
		    !memcmp(kind == STATEMENT_KEY ? said->key : said->public,
			    key, DID_KEY_BYTES))
			return true;
	}
	return false;
}

static const struct roster_member *known_member(const struct court *court,
						const unsigned char *public)
{
	return court->roster ? roster_member(court->roster, public) : NULL;
}

static bool is_encrypted(const struct court *court)
{
	return court->roster ? court->roster->create->is_encrypted
			     : court->earlier->is_encrypted;
}

static int judge_name(const struct court *court, const struct statement *said,
		      struct err *err)
{
	if (!said->name.len || said->is_name_sealed == is_encrypted(court))
		return 0;
	return authority_judge_refuse(court->out_code, "bad-vault-record", err,
				      "a name is sealed in a plain vault or open in an "
				      "encrypted one:", said->public);
}

/*
 * Taking another's place is for that one itself to say, or for whoever could
 * remove it: so nobody comes to stand where it could not put anybody.
 */
static int judge_replaced(const struct court *court,
			  const struct statement *said, struct err *err)
{
	const struct roster_member *member =
		known_member(court, said->replaced);
	const unsigned char *signer = court->version->device;

	if (!member || member->removals.n)
		return authority_judge_refuse(court->out_code, "bad-vault-record", err,
					      "it replaces somebody who is no member,",
					      said->replaced);
	if (!memcmp(signer, said->replaced, DID_KEY_BYTES) ||
	    roster_is_above(court->roster, signer, said->replaced))
		return 0;
	return authority_judge_refuse(court->out_code, "not-above", err,
				      "its signer does not stand above the member",
				      said->replaced);
}

static int judge_admit(const struct court *court, const struct statement *said,
		       bool *out_counts, struct err *err)
{
	const struct roster_member *member = known_member(court, said->public);

	if (member && member->removals.n)
		return authority_judge_refuse(court->out_code, "removed-member", err,
					      "it admits a removed member again,",
					      said->public);
	*out_counts = !member &&
		      !has_earlier(court, STATEMENT_ADMIT, said->public);
	if (*out_counts && said->has_replaced &&
	    judge_replaced(court, said, err) < 0)
		return ERR_UNTRUSTED;
	return judge_name(court, said, err);
}

/*
 * A second word of one version that takes a right from the same member: they
 * are one limit, with the least role and all cuts. So more cuts than one
 * record holds can be said.
 */
static int merge_limit(struct court *court, struct statement *said,
		       struct err *err)
{
	struct statement *first = NULL;
	struct member_cut *cuts;
	size_t i;

	for (i = 0; i < court->earlier_n; i++)
		if (court->earlier[i].kind == said->kind &&
		    court->earlier[i].is_lowering &&
		    !memcmp(court->earlier[i].public, said->public,
			    DID_KEY_BYTES) && !court->earlier[i].is_merged)
			first = &court->earlier[i];
	if (!first)
		return 0;
	cuts = calloc(first->cuts_n + said->cuts_n + 1, sizeof(*cuts));
	if (!cuts)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (first->cuts_n)
		memcpy(cuts, first->cuts, first->cuts_n * sizeof(*cuts));
	if (said->cuts_n)
		memcpy(cuts + first->cuts_n, said->cuts,
		       said->cuts_n * sizeof(*cuts));
	free(first->cuts);
	first->cuts = cuts;
	first->cuts_n += said->cuts_n;
	cuts_sort(first->cuts, &first->cuts_n);
	if (said->role < first->role)
		first->role = said->role;
	said->is_merged = true;
	return 0;
}

/* Lowering and removing: by whoever is above, or by oneself. */
static int judge_right(struct court *court, struct statement *said,
		       bool *out_counts, struct err *err)
{
	const struct roster_member *member = known_member(court, said->public);
	const unsigned char *signer = court->version->device;

	if (!member)
		return authority_judge_refuse(court->out_code, "bad-vault-record", err,
					      "it speaks of somebody who is no member,",
					      said->public);
	if (member->removals.n)
		return 0;	/* nothing can change that any more */
	*out_counts = true;
	if (said->kind == STATEMENT_ROLE &&
	    (!said->has_role ||
	     said->role >= roster_role(court->roster, said->public)))
		return judge_name(court, said, err);
	said->is_lowering = true;
	if (!memcmp(signer, said->public, DID_KEY_BYTES) ||
	    roster_is_above(court->roster, signer, said->public))
		return said->name.len && judge_name(court, said, err) < 0
			       ? ERR_UNTRUSTED
			       : merge_limit(court, said, err);
	return authority_judge_refuse(court->out_code, "not-above", err,
				      "its signer does not stand above the member",
				      said->public);
}

static void judge_key(const struct court *court, const struct statement *said,
		      bool *out_counts)
{
	bool has_key = court->roster && roster_key(court->roster, said->key);
	bool has_new = has_earlier(court, STATEMENT_KEY, said->key);
	const struct roster_member *member;

	if (said->kind == STATEMENT_KEY) {
		*out_counts = !has_key && !has_new;
		return;
	}
	/* Who was removed is granted nothing any more. */
	member = known_member(court, said->public);
	*out_counts = (has_key || has_new) &&
		      (member ? !member->removals.n :
		       has_earlier(court, STATEMENT_ADMIT, said->public));
}

static int judge(struct court *court, struct statement *said,
		 bool *out_counts, struct err *err)
{
	*out_counts = false;
	if (court->roster &&
	    table_get(&court->roster->records, said->record, NULL))
		return 0;
	switch (said->kind) {
	case STATEMENT_CREATE:
		*out_counts = true;
		if (!court->roster && !court->earlier_n)
			return 0;
		return authority_judge_refuse(court->out_code, "foreign-vault", err,
					      "it brings the vault:create of another vault, by",
					      said->public);
	case STATEMENT_ADMIT:
		return judge_admit(court, said, out_counts, err);
	case STATEMENT_ROLE:
	case STATEMENT_REMOVE:
		return judge_right(court, said, out_counts, err);
	case STATEMENT_KEY:
	case STATEMENT_GRANT:
		judge_key(court, said, out_counts);
		return 0;
	case STATEMENT_RENEW:
		*out_counts = court->roster != NULL;
		return 0;
	}
	return 0;
}

/* The first version: vault:create by its signer, who admits the owners. */
static int judge_first(const struct court *court,
		       const struct authority_news *news, struct err *err)
{
	const struct statement *create = news->at;
	char id[CID_TEXT_MAX];
	size_t i;
	size_t j;

	if (!news->n || create->kind != STATEMENT_CREATE)
		return authority_judge_refuse(court->out_code, "no-vault-create", err,
					      "a version without parents brings no "
					      "vault:create, by", court->version->device);
	if (memcmp(create->public, court->version->device, DID_KEY_BYTES))
		return authority_judge_refuse(court->out_code, "not-the-creator", err,
					      "the first version is not signed by the creator",
					      create->public);
	cid_text(CID_JSON, create->record, id);
	if (strcmp(id, court->version->vault_id))
		return authority_judge_refuse(court->out_code, "foreign-vault", err,
					      "it brings the vault:create of another vault, by",
					      create->public);
	for (i = 0; i < create->owners_n; i++) {
		for (j = 0; j < news->n; j++)
			if (news->at[j].kind == STATEMENT_ADMIT &&
			    news->at[j].role == ROLE_OWNER &&
			    !memcmp(news->at[j].public, create->owners[i],
				    DID_KEY_BYTES))
				break;
		if (j == news->n)
			return authority_judge_refuse(court->out_code, "bad-vault-record", err,
						      "it does not add as owner",
						      create->owners[i]);
	}
	return 0;
}

static int judge_signer(const struct court *court, struct err *err)
{
	const unsigned char *signer = court->version->device;
	const struct roster_member *member = known_member(court, signer);

	if (!member)
		return authority_judge_refuse(court->out_code, "not-a-member",
					      err, "its signer is no member:",
					      signer);
	if (member->removals.n)
		return authority_judge_refuse(court->out_code, "removed-member",
					      err, "its signer was removed:",
					      signer);
	if (roster_role(court->roster, signer) != ROLE_OWNER)
		return authority_judge_refuse(court->out_code, "not-an-owner", err,
					      "only owners sign versions of 'vault', not",
					      signer);
	return 0;
}

int authority_judge(const struct roster *roster, const struct version *version,
		    struct authority_news *news, const char **out_code,
		    struct err *err)
{
	struct court court = { roster, version, news->at, 0, out_code };
	size_t i;
	int rc;

	if (news->n)
		qsort(news->at, news->n, sizeof(*news->at),
		      compare_statements);
	rc = roster ? judge_signer(&court, err)
		    : judge_first(&court, news, err);
	for (i = 0; rc == 0 && i < news->n; i++) {
		struct statement said = news->at[i];
		bool counts;

		rc = judge(&court, &said, &counts, err);
		if (rc < 0 || !counts)
			continue;
		news->at[i] = news->at[court.earlier_n];
		news->at[court.earlier_n++] = said;
	}
	if (rc < 0)
		return rc;
	for (i = court.earlier_n; i < news->n; i++)
		statement_release(&news->at[i]);
	news->n = court.earlier_n;
	return 0;
}
