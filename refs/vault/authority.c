#include "refs/vault/authority.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "refs/history/version.h"
#include "refs/vault/authority_judge.h"

#define ROSTERS 8	/* sets whose rosters are kept */

struct authority {
	char vault_id[CID_TEXT_MAX];
	bool is_encrypted;
	struct authority_version **versions;
	size_t n;
	size_t cap;
	struct table by_digest;
	struct table by_id;
	struct roster rosters[ROSTERS];
	uint64_t used[ROSTERS];		/* when, for choosing whom to forget */
	uint64_t clock;
};

int authority_new(struct authority **out, struct err *err)
{
	const struct table by_digest = TABLE_INIT(SHA256_BYTES,
						  TABLE_NO_LIMIT);
	const struct table by_id = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct authority *made = calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	made->by_digest = by_digest;
	made->by_id = by_id;
	for (i = 0; i < ROSTERS; i++)
		roster_init(&made->rosters[i]);
	*out = made;
	return 0;
}

static void version_free(struct authority_version *version)
{
	size_t i;

	if (!version)
		return;
	for (i = 0; i < version->statements_n; i++)
		statement_release(&version->statements[i]);
	free(version->statements);
	free(version->parents);
	index_set_release(&version->ancestors);
	free(version);
}

void authority_free(struct authority *authority)
{
	size_t i;

	if (!authority)
		return;
	for (i = 0; i < ROSTERS; i++)
		roster_release(&authority->rosters[i]);
	for (i = 0; i < authority->n; i++)
		version_free(authority->versions[i]);
	free(authority->versions);
	table_release(&authority->by_digest);
	table_release(&authority->by_id);
	free(authority);
}

const char *authority_vault_id(const struct authority *authority)
{
	return authority->vault_id;
}

const struct authority_version *
authority_version(const struct authority *authority, uint32_t number)
{
	return authority->versions[number];
}

static bool find_in(const struct table *table, const void *key,
		    uint32_t *out_number)
{
	uint64_t number;

	if (!table_get(table, key, &number))
		return false;
	*out_number = (uint32_t)number;
	return true;
}

bool authority_find(const struct authority *authority,
		    const unsigned char digest[SHA256_BYTES],
		    uint32_t *out_number)
{
	return find_in(&authority->by_digest, digest, out_number);
}

bool authority_find_id(const struct authority *authority, const git_oid *id,
		       uint32_t *out_number)
{
	return find_in(&authority->by_id, id->id, out_number);
}

void authority_news_release(struct authority_news *news)
{
	size_t i;

	for (i = 0; i < news->n; i++)
		statement_release(&news->at[i]);
	free(news->at);
	memset(news, 0, sizeof(*news));
}

int authority_news_add(struct authority_news *news,
		       const struct record *record,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct err *err)
{
	int rc = array_room(news, err);

	if (rc == 0)
		rc = statement_parse(record, id, &news->at[news->n], err);
	if (rc == 0)
		news->n++;
	return rc;
}

int authority_closure(const struct authority *authority, const uint32_t *heads,
		      size_t heads_n, struct index_set *out, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads_n; i++)
		rc = index_set_add_all(
			out, &authority->versions[heads[i]]->ancestors, err);
	return rc;
}

/* The largest kept roster that can grow to the set; else the oldest. */
static size_t choose_roster(const struct authority *authority,
			    const struct index_set *set)
{
	size_t oldest = 0;
	size_t best = ROSTERS;
	size_t best_count = 0;
	size_t i;

	for (i = 0; i < ROSTERS; i++) {
		const struct roster *roster = &authority->rosters[i];
		size_t count = index_set_count(&roster->covers);

		if (count > best_count &&
		    index_set_covers(set, &roster->covers)) {
			best = i;
			best_count = count;
		}
		if (authority->used[i] < authority->used[oldest])
			oldest = i;
	}
	return best < ROSTERS ? best : oldest;
}

int authority_roster(struct authority *authority, const struct index_set *set,
		     const struct roster **out, struct err *err)
{
	const struct authority_version *const *versions =
		(const struct authority_version *const *)authority->versions;
	size_t at = choose_roster(authority, set);
	struct roster *roster = &authority->rosters[at];
	int rc;

	if (!index_set_covers(set, &roster->covers))
		roster_release(roster);
	authority->used[at] = ++authority->clock;
	rc = roster_grow(roster, versions, set, err);
	if (rc < 0) {
		roster_release(roster);
		return rc;
	}
	*out = roster;
	return 0;
}

bool authority_renews(const struct authority *authority, uint32_t number,
		      const char *construct,
		      const unsigned char digest[SHA256_BYTES])
{
	const struct authority_version *version = authority->versions[number];
	size_t i;
	size_t k;

	for (i = 0; i < version->statements_n; i++) {
		const struct statement *said = &version->statements[i];

		for (k = 0; k < said->renewed_n; k++)
			if (!said->renewed[k].is_old &&
			    !memcmp(said->renewed[k].digest, digest,
				    SHA256_BYTES) &&
			    !strcmp(said->renewed[k].construct, construct))
				return true;
	}
	return false;
}

static int compare_past(const void *a, const void *b)
{
	const struct vault_past *x = a;
	const struct vault_past *y = b;

	return memcmp(x->digest, y->digest, SHA256_BYTES);
}

/* Who is limited is asked for what it knew: all versions, by digest. */
static int fill_past(const struct authority *authority,
		     struct vault_state *out, struct err *err)
{
	bool is_limited = false;
	size_t i;
	int rc = 0;

	for (i = 0; i < out->members_n; i++)
		is_limited = is_limited || out->members[i].limits_n;
	if (!is_limited)
		return 0;
	out->past = calloc(authority->n, sizeof(*out->past));
	if (!out->past)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < authority->n; i++) {
		const struct authority_version *from = authority->versions[i];
		struct vault_past *to = &out->past[out->past_n++];

		memcpy(to->digest, from->digest, SHA256_BYTES);
		rc = index_set_add_all(&to->ancestors, &from->ancestors, err);
	}
	qsort(out->past, out->past_n, sizeof(*out->past), compare_past);
	return rc;
}

int authority_state(struct authority *authority, const struct index_set *set,
		    struct vault_state *out, struct err *err)
{
	struct vault_state made;
	const struct roster *roster;
	int rc;

	memset(&made, 0, sizeof(made));
	rc = authority_roster(authority, set, &roster, err);
	if (rc == 0)
		rc = roster_state(roster, &made, err);
	if (rc == 0)
		rc = fill_past(authority, &made, err);
	if (rc < 0) {
		vault_state_release(&made);
		return rc;
	}
	memcpy(made.vault_id, authority->vault_id, sizeof(made.vault_id));
	*out = made;
	return 0;
}

static int authority_refuse(const char **out_code, const char *code,
			    struct err *err, const char *what)
{
	*out_code = code;
	return err_set(err, ERR_UNTRUSTED, "%s", what);
}

/*
 * Who knows that rights were taken builds on nothing that lies beyond the cut:
 * each parent must stand in what the parents say together.
 */
static int check_parents(struct authority *authority,
			 const struct authority_version *made,
			 const char **out_code, struct err *err)
{
	struct index_set standing = INDEX_SET_INIT;
	size_t i;
	int rc;

	if (made->parents_n < 2)
		return 0;
	rc = authority_effective(authority, made->parents, made->parents_n,
				 &standing, err);
	for (i = 0; rc == 0 && i < made->parents_n; i++)
		if (!index_set_has(&standing, made->parents[i]))
			rc = authority_refuse(out_code, "removed-parent", err,
					      "a parent lies beyond the cut of a device "
					      "whose rights were taken");
	index_set_release(&standing);
	return rc;
}

static int find_parents(const struct authority *authority,
			const struct version *version,
			struct authority_version *made, struct err *err)
{
	size_t i;
	int rc = 0;

	made->parents = calloc(version->parents_n + 1, sizeof(*made->parents));
	if (!made->parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < version->parents_n; i++) {
		const struct authority_version *parent;
		uint32_t number;

		if (!authority_find_id(authority, &version->parents[i],
				       &number))
			return err_set(err, ERR_UNTRUSTED,
				       "a parent is not a known version of "
				       "'vault'");
		parent = authority->versions[number];
		made->parents[made->parents_n++] = number;
		if (parent->depth >= made->depth)
			made->depth = parent->depth + 1;
		rc = index_set_add_all(&made->ancestors, &parent->ancestors,
				       err);
	}
	return rc;
}

static int judge(struct authority *authority, const struct version *version,
		 const struct authority_version *made,
		 struct authority_news *news, const char **out_code,
		 struct err *err)
{
	const struct roster *roster = NULL;
	int rc;

	if (authority->n && strcmp(version->vault_id, authority->vault_id))
		return authority_refuse(out_code, "foreign-vault", err,
					"it belongs to another vault");
	if (!version->parents_n && authority->n)
		return authority_refuse(out_code, "second-beginning", err,
					"a second version of 'vault' without parents");
	if (!version->parents_n)
		return authority_judge(NULL, version, news, out_code, err);
	rc = check_parents(authority, made, out_code, err);
	if (rc == 0)
		rc = authority_roster(authority, &made->ancestors, &roster,
				      err);
	if (rc == 0)
		rc = authority_judge(roster, version, news, out_code, err);
	return rc;
}

/* Make the version findable. */
static int publish(struct authority *authority, struct authority_version *made,
		   struct err *err)
{
	uint32_t number = (uint32_t)authority->n;
	int rc = array_room_in(authority->versions, authority->n,
			       authority->cap, err);

	if (rc == 0)
		rc = index_set_add(&made->ancestors, number, err);
	if (rc == 0)
		rc = table_put(&authority->by_digest, made->digest, number,
			       err);
	if (rc < 0)
		return rc;
	rc = table_put(&authority->by_id, made->id.id, number, err);
	if (rc < 0) {
		table_remove(&authority->by_digest, made->digest);
		return rc;
	}
	authority->versions[authority->n++] = made;
	return 0;
}

static void take_vault(struct authority *authority,
		       const struct version *version,
		       const struct authority_version *made)
{
	if (made->parents_n)
		return;
	memcpy(authority->vault_id, version->vault_id,
	       sizeof(authority->vault_id));
	authority->is_encrypted = made->statements[0].is_encrypted;
}

int authority_add(struct authority *authority, const struct version *version,
		  struct authority_news *news, const char **out_code,
		  struct err *err)
{
	struct authority_version *made;
	uint32_t number;
	int rc;

	*out_code = "bad-vault-record";
	if (authority_find_id(authority, &version->id, &number))
		return 0;
	made = calloc(1, sizeof(*made));
	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	made->id = version->id;
	made->seq = version->seq;
	made->time = version->time;
	memcpy(made->digest, version->digest, SHA256_BYTES);
	memcpy(made->signer, version->device, DID_KEY_BYTES);
	rc = find_parents(authority, version, made, err);
	if (rc == 0)
		rc = judge(authority, version, made, news, out_code, err);
	if (rc == 0) {
		made->statements = news->at;
		made->statements_n = news->n;
		memset(news, 0, sizeof(*news));
		rc = publish(authority, made, err);
	}
	if (rc < 0) {
		version_free(made);
		return rc;
	}
	take_vault(authority, version, made);
	return 0;
}
