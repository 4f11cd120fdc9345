#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "refs/trust/open.h"
#include "refs/vault/authority.h"

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

static int check_named(const struct authority *authority, uint32_t number,
		       const struct table *identities, struct err *err)
{
	const struct authority_version *version =
		authority_version(authority, number);
	size_t i;
	size_t k;

	for (i = 0; i < version->statements_n; i++) {
		const struct statement *said = &version->statements[i];

		for (k = 0; k < said->renewed_n; k++)
			if (!table_get(identities, said->renewed[k].digest,
				       NULL))
				return err_set(err, ERR_NOT_FOUND, "this "
					"vault was made anew, and the remote "
					"does not have all of that: nothing "
					"was changed");
	}
	return 0;
}

/* The newest word that counts: is all that it names here? */
int follow_check_word(struct stage *stage, const struct table *digests,
		      struct err *err)
{
	struct vault *made = stage->made;
	struct index_set set = INDEX_SET_INIT;
	struct authority *authority = NULL;
	const struct roster *roster = NULL;
	uint32_t *heads = calloc(made->vault_heads_n + 1, sizeof(*heads));
	size_t i;
	int rc = heads ? authority_new(&authority, err) :
			 err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = authority_load(authority, made->store, made->vault_heads,
				    made->vault_heads_n, err);
	for (i = 0; rc == 0 && i < made->vault_heads_n; i++)
		if (!authority_find_id(authority, &made->vault_heads[i],
				       &heads[i]))
			rc = err_set(err, ERR_CORRUPT, "a head of 'vault' is "
				     "not there");
	if (rc == 0)
		rc = authority_effective(authority, heads,
					 made->vault_heads_n, &set, err);
	if (rc == 0)
		rc = authority_roster(authority, &set, &roster, err);
	if (rc == 0 && roster->has_renewal)
		rc = check_named(authority, roster->renewal, digests, err);
	index_set_release(&set);
	authority_free(authority);
	free(heads);
	return rc;
}

int vault_follow(struct vault *vault, const struct renew_source *source,
		 const struct renew_options *options,
		 struct renew_report *out, struct err *err)
{
	struct stage stage = { .vault = vault, .options = options,
			       .lock = LOCK_INIT,
			       .packing = LOCK_INIT, .path = PATH_BUF_INIT };
	int rc = stage_begin(&stage, err);

	if (rc == 0)
		rc = stage_copy_vault(&stage, err);
	if (rc == 0)
		rc = stage_open(&stage, err);
	if (rc == 0)
		rc = fetch_made(&stage, source, err);
	if (rc == 0)
		rc = compare_lineages(&stage, err);
	if (rc == 0)
		rc = stage_exchange(&stage, err);
	if (rc == 0)
		*out = stage.report;
	stage_end(&stage);
	return rc;
}
