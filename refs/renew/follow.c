#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "refs/trust/open.h"
#include "refs/vault/authority.h"

#define ADDRESS_SHOWN_MAX 512	/* bytes; a longer one is not read by anybody */

/*
 * What the remote has comes into the vault in the making as into any that is
 * empty: every version, signature and segment is verified. `vault` goes on
 * from what is known of it here.
 */
static int fetch_made(struct stage *stage, const struct renew_source *source,
		      struct err *err)
{
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	int rc = remote_url(stage->vault, source->remote, &url, err);

	if (rc == 0)
		rc = remote_add(stage->made, source->remote, buf_text(&url),
				err);
	if (rc == 0)
		rc = remote_fetch(stage->made, source->remote, source->limits,
				  source->calls, &report, err);
	sync_report_release(&report);
	buf_release(&url);
	return rc < 0 ? rc : vault_reload(stage->made, err);
}

/* Is a version there that the word names, and one that is known here and that
 * it names as made anew? */
static int check_head(const struct renewed_head *named,
		      const struct ancestry *before,
		      const struct ancestry *lineage, struct err *err)
{
	uint64_t at;

	if (!named->is_old && table_get(&lineage->digests, named->digest,
					NULL))
		return 0;
	if (named->is_old &&
	    (!table_get(&before->digests, named->digest, &at) ||
	     ancestry_find(lineage, table_key_at(&before->identities,
						(size_t)at))))
		return 0;
	return named->is_old ?
		       err_set(err, ERR_UNTRUSTED, "an owner has made this "
			       "vault anew, but without a version that the "
			       "owner's word says is there: it is not followed, "
			       "and nothing was changed") :
		       err_set(err, ERR_NOT_FOUND, "this vault was made anew, "
			       "and the remote does not have all of that: "
			       "nothing was changed");
}

/* Where it lies, as its maker says: shown, and not gone to. */
static void tell_address(const struct authority_version *word, struct err *err)
{
	const struct buf *address = NULL;
	const struct err found = *err;
	size_t i;

	for (i = 0; i < word->statements_n; i++)
		if (word->statements[i].remote.len)
			address = &word->statements[i].remote;
	if (!address || address->len > ADDRESS_SHOWN_MAX ||
	    remote_url_check(buf_text(address), NULL, NULL) < 0)
		return;
	err_clear(err);
	(void)err_set(err, ERR_NOT_FOUND, "%s; the owner who made it says that "
		      "it is at '%s': if that is so, 'vvault remote set-url "
		      "<name> <url>' and 'vvault pull'", found.text,
		      buf_text(address));
}

static int check_named(const struct authority_version *word,
		       const struct ancestry *before,
		       const struct ancestry *lineage, struct err *err)
{
	size_t i;
	size_t k;
	int rc = 0;

	for (i = 0; i < word->statements_n; i++) {
		const struct statement *said = &word->statements[i];

		for (k = 0; rc == 0 && k < said->renewed_n; k++)
			rc = check_head(&said->renewed[k], before, lineage,
					err);
	}
	return rc;
}

/* The renewal that counts for who knows these heads of `vault`, all of which
 * are in the vault in the making. */
static int find_renewal(struct authority *authority, const struct vault *made,
			const struct vault *of, bool *out_has,
			uint32_t *out_number, struct err *err)
{
	struct index_set set = INDEX_SET_INIT;
	const struct roster *roster = NULL;
	uint32_t *heads = calloc(of->vault_heads_n + 1, sizeof(*heads));
	size_t i;
	int rc = heads ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = authority_load(authority, made->store, of->vault_heads,
				    of->vault_heads_n, err);
	for (i = 0; rc == 0 && i < of->vault_heads_n; i++)
		if (!authority_find_id(authority, &of->vault_heads[i],
				       &heads[i]))
			rc = err_set(err, ERR_CORRUPT, "a head of 'vault' is "
				     "not there");
	if (rc == 0)
		rc = authority_effective(authority, heads, of->vault_heads_n,
					 &set, err);
	if (rc == 0)
		rc = authority_roster(authority, &set, &roster, err);
	if (rc == 0) {
		*out_has = roster->has_renewal;
		*out_number = roster->renewal;
	}
	index_set_release(&set);
	free(heads);
	return rc;
}

/*
 * The word that counts there must be another than here. What a host shows
 * without it, or with the one that is here already, is no new lineage, and what
 * it leaves out would be taken for what nobody has.
 */
int follow_check_word(struct stage *stage, const struct ancestry *before,
		      struct ancestry *lineage, struct err *err)
{
	const struct authority_version *word;
	struct authority *authority = NULL;
	struct err reason = ERR_INIT;
	bool is_here = false;
	bool is_there = false;
	uint32_t here = 0;
	uint32_t there = 0;
	int rc = authority_new(&authority, err);

	if (rc == 0)
		rc = find_renewal(authority, stage->made, stage->vault,
				  &is_here, &here, err);
	if (rc == 0)
		rc = find_renewal(authority, stage->made, stage->made,
				  &is_there, &there, err);
	if (rc == 0 && (!is_there || (is_here && here == there)))
		rc = err_set(err, ERR_NOT_FOUND, "the remote does not show "
			     "any more that this vault was made anew: nothing "
			     "was changed");
	if (rc == 0) {
		word = authority_version(authority, there);
		memcpy(lineage->maker, word->signer, DID_KEY_BYTES);
		rc = check_named(word, before, lineage, &reason);
		if (rc == ERR_NOT_FOUND)
			tell_address(word, &reason);
		rc = err_copy(err, rc, &reason);
	}
	authority_free(authority);
	return rc;
}

static int follow(struct stage *stage, const struct renew_source *source,
		  struct err *err)
{
	int rc = stage_copy_vault(stage, err);

	if (rc == 0)
		rc = stage_open(stage, err);
	if (rc == 0)
		rc = fetch_made(stage, source, err);
	return rc < 0 ? rc : compare_lineages(stage, err);
}

int vault_follow(struct vault *vault, const struct renew_source *source,
		 const struct renew_options *options,
		 struct renew_report *out, struct err *err)
{
	struct stage stage = { .vault = vault, .options = options,
			       .lock = LOCK_INIT,
			       .packing = LOCK_INIT, .path = PATH_BUF_INIT };
	struct err reason = ERR_INIT;
	int rc = tried_check(&stage, source, err);

	if (rc == 0)
		rc = stage_begin(&stage, err);
	if (rc == 0) {
		rc = follow(&stage, source, &reason);
		if (rc == ERR_NOT_FOUND || rc == ERR_UNTRUSTED)
			tried_note(&stage, source, &reason);
		rc = err_copy(err, rc, &reason);
	}
	if (rc == 0)
		rc = stage_exchange(&stage, err);
	if (rc == 0)
		*out = stage.report;
	stage_end(&stage);
	return rc;
}
