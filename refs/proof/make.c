#include "refs/proof/proof_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "objects/tree/segment_verify.h"
#include "refs/history/history.h"
#include "refs/vault/statement.h"
#include "refs/vault/vault.h"
#include "refs/view/origin.h"

/* Versions of `vault` that are looked at for whoever made an owner. */
#define ANCESTORS_MAX 65536

/* A record that says what somebody may do. */
struct word {
	unsigned char id[RECORD_ID_BYTES];
	enum role role;
	bool is_found;
};

/* What one version of `vault` says of one member: how it came, and what it
 * is if that is not said there. */
struct said {
	const char *entity;
	enum role needed;
	struct word admission;
	struct word raised;
};

struct making {
	struct store *store;
	struct codec *plain;		/* `vault` is in plain text */
	struct buf create;		/* the first record */
	struct statement first;
	struct buf words;		/* canonical, the last first needed */
	size_t words_n;
};

static bool is_first_owner(const struct making *making,
			   const unsigned char public[DID_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < making->first.owners_n; i++) {
		if (!memcmp(making->first.owners[i], public, DID_KEY_BYTES))
			return true;
	}
	return false;
}

static int take_said(void *arg, const struct record *record,
		     const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct statement statement = { .kind = STATEMENT_CREATE };
	struct said *said = arg;
	struct word *word = NULL;
	int rc;

	if (!span_equals(record->entity, span_str(said->entity)))
		return 0;
	rc = statement_parse(record, id, &statement, err);
	if (rc == 0 && statement.kind == STATEMENT_ADMIT)
		word = &said->admission;
	else if (rc == 0 && statement.kind == STATEMENT_ROLE &&
		 statement.has_role && statement.role >= said->needed)
		word = &said->raised;
	/* Of several the highest. */
	if (word && (!word->is_found || statement.role > word->role)) {
		word->is_found = true;
		word->role = statement.role;
		memcpy(word->id, id, RECORD_ID_BYTES);
	}
	statement_release(&statement);
	return rc;
}

/* What a version of `vault` holds of a member, wherever it came from. */
static int read_said(const struct making *making,
		     const struct version *version, struct said *said,
		     struct err *err)
{
	const struct segment_visitor visitor = { take_said, said };
	struct tree_segments along = TREE_SEGMENTS_INIT;
	unsigned char hash[PLACE_HASH_BYTES];
	struct home home;
	size_t i;
	int rc = entity_home(span_str(said->entity), &home, NULL, err);

	if (rc < 0)
		return rc;
	codec_place_hash(making->plain, &home, hash);
	rc = tree_along(making->store, &version->tree, home.dir, hash, &along,
			err);
	for (i = 0; rc == 0 && i < along.n; i++)
		rc = segment_verify(making->store, making->plain,
				    &along.at[i], &visitor, err);
	tree_segments_release(&along);
	return rc;
}

/* Does it make a member of them with that right? */
static bool said_enough(const struct said *said)
{
	return said->admission.is_found &&
	       (said->admission.role >= said->needed ||
		said->raised.is_found);
}

static int put_word(struct making *making, const struct version *version,
		    const struct said *said, const struct word *word,
		    struct err *err)
{
	const struct shown_at at = { making->store, making->plain, version };
	struct shown shown;
	int rc;

	if (making->words_n++ == PROOF_WORDS_MAX)
		return err_set(err, ERR_LIMIT, "the proof would rest on more "
			       "than %d records of 'vault'", PROOF_WORDS_MAX);
	shown_init(&shown);
	rc = shown_find(&at, span_str(said->entity), word->id, &shown, err);
	if (rc == 0 && making->words.len)
		rc = buf_add_char(&making->words, ',', err);
	if (rc == 0)
		rc = shown_write(&shown, &making->words, err);
	shown_release(&shown);
	return rc;
}

static int put_said(struct making *making, const struct version *version,
		    const struct said *said, struct err *err)
{
	int rc = put_word(making, version, said, &said->admission, err);

	if (rc == 0 && said->admission.role < said->needed)
		rc = put_word(making, version, said, &said->raised, err);
	return rc;
}

/* Versions that are left to look at, each once. */
struct ancestors {
	git_oid *at;
	size_t n;
	size_t cap;
	struct table seen;
};

static int push(struct ancestors *list, const git_oid *ids, size_t n,
		struct err *err)
{
	bool is_new;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		rc = table_include(&list->seen, ids[i].id, &is_new, err);
		if (rc == 0 && is_new)
			rc = array_room(list, err);
		if (rc == 0 && is_new)
			list->at[list->n++] = ids[i];
	}
	return rc;
}

/* Who is asked of each version, until it has found what it looks for. */
struct asking {
	struct making *making;
	const struct version *signed_version;	/* whose signer it is about */
	unsigned depth;
	bool is_found;
	int (*ask)(struct asking *asking, const struct version *version,
		   struct err *err);
};

/* These versions of `vault` and those behind them, the nearest first. */
static int ask_each(struct asking *asking, const git_oid *from, size_t n,
		    struct err *err)
{
	struct ancestors list = { .seen = TABLE_INIT(GIT_OID_RAWSZ,
						     TABLE_NO_LIMIT) };
	struct version version;
	size_t i;
	int rc = push(&list, from, n, err);

	version_init(&version);
	for (i = 0; rc == 0 && i < list.n && i < ANCESTORS_MAX &&
	     !asking->is_found; i++) {
		rc = version_read(asking->making->store, &list.at[i], &version,
				  err);
		if (rc == 0)
			rc = push(&list, version.parents, version.parents_n,
				  err);
		if (rc == 0)
			rc = asking->ask(asking, &version, err);
	}
	version_release(&version);
	table_release(&list.seen);
	free(list.at);
	return rc;
}

static int no_word(const unsigned char public[DID_KEY_BYTES], struct err *err)
{
	char did[DID_TEXT_MAX];

	did_from_public(public, did);
	return err_set(err, ERR_UNTRUSTED, "nothing in 'vault' shows that "
		       "'%s' might sign", did);
}

static int put_owner(struct making *making, const struct version *version,
		     unsigned depth, struct err *err);

/* Does this version of `vault` hold what gives the signer the right? Then that
 * of its own signer is shown first. */
static int ask_for(struct asking *asking, const struct version *version,
		   enum role needed, struct err *err)
{
	struct said said = { .needed = needed };
	char name[DID_SHORT_MAX];
	char entity[sizeof(name) + sizeof("member:")];
	int rc;

	did_short(asking->signed_version->device, name);
	snprintf(entity, sizeof(entity), "member:%s", name);
	said.entity = entity;
	rc = read_said(asking->making, version, &said, err);
	if (rc < 0 || !said_enough(&said))
		return rc;
	asking->is_found = true;
	rc = put_owner(asking->making, version, asking->depth + 1, err);
	return rc < 0 ? rc : put_said(asking->making, version, &said, err);
}

static int ask_owner(struct asking *asking, const struct version *version,
		     struct err *err)
{
	return memcmp(version->device, asking->signed_version->device,
		      DID_KEY_BYTES) ?
	       ask_for(asking, version, ROLE_OWNER, err) : 0;
}

/*
 * What lets the signer of a version of `vault` be an owner: a version among
 * those that it stood on which holds their admission and is signed by another,
 * whose right is shown before. The one that brought it is among them, and the
 * way up ends at the first owners.
 */
static int put_owner(struct making *making, const struct version *version,
		     unsigned depth, struct err *err)
{
	struct asking asking = { making, version, depth, false, ask_owner };
	int rc;

	if (is_first_owner(making, version->device))
		return 0;
	if (depth > PROOF_WORDS_MAX)
		return no_word(version->device, err);
	rc = ask_each(&asking, version->parents, version->parents_n, err);
	return rc < 0 || asking.is_found ? rc : no_word(version->device, err);
}

/* Only a head of `vault` that the version names counts: its tree holds all that
 * its signer knew. */
static int ask_writer(struct asking *asking, const struct version *version,
		      struct err *err)
{
	const struct version *signed_version = asking->signed_version;
	size_t i;

	for (i = 0; i < signed_version->members_n; i++) {
		if (!memcmp(signed_version->members[i], version->digest,
			    SHA256_BYTES))
			return ask_for(asking, version,
				       proof_role_needed(signed_version), err);
	}
	return 0;
}

static int put_signer(struct making *making, const struct vault *vault,
		      const struct version *version, struct err *err)
{
	struct asking asking = { making, version, 0, false, ask_writer };
	int rc;

	if (!version->members_n || is_first_owner(making, version->device))
		return put_owner(making, version, 0, err);
	rc = ask_each(&asking, vault->vault_heads, vault->vault_heads_n, err);
	return rc < 0 || asking.is_found ? rc : no_word(version->device, err);
}

/* --- the first record ------------------------------------------------------ */

struct first {
	struct making *making;
	const char *vault_id;
};

static int take_first(void *arg, const struct record *record,
		      const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct first *first = arg;
	struct making *making = first->making;
	char text[CID_TEXT_MAX];
	int rc;

	cid_text(CID_JSON, id, text);
	if (strcmp(text, first->vault_id) || making->create.len)
		return 0;
	rc = buf_add_span(&making->create, record->line, err);
	return rc < 0 ? rc : statement_parse(record, id, &making->first, err);
}

static int look_for_first(void *arg, const struct tree_segment *segment,
			  struct err *err)
{
	const struct segment_visitor visitor = { take_first, arg };
	struct first *first = arg;

	return first->making->create.len ? 0 :
	       segment_verify(first->making->store, first->making->plain,
			      segment, &visitor, err);
}

/* What the vault's id is the id of. */
static int read_first(struct making *making, const struct vault *vault,
		      struct err *err)
{
	struct first first = { making, vault->state.vault_id };
	const struct tree_visitor visitor = { look_for_first, &first };
	struct version head;
	size_t i;
	int rc = 0;

	version_init(&head);
	for (i = 0; rc == 0 && i < vault->vault_heads_n &&
	     !making->create.len; i++) {
		rc = version_read(making->store, &vault->vault_heads[i], &head,
				  err);
		if (rc == 0)
			rc = tree_each_in(making->store, &head.tree, "vault",
					  &visitor, err);
	}
	version_release(&head);
	if (rc == 0 && !making->create.len)
		rc = err_set(err, ERR_CORRUPT, "the vault's first record is "
			     "not there");
	return rc;
}

/* --- the whole ------------------------------------------------------------- */

static int write_all(struct making *making, const struct shown *shown,
		     struct buf *out, struct err *err)
{
	size_t start = out->len;

	buf_put_str(out, "{\"shown\":");
	buf_fail(out, shown_write(shown, out, err));
	buf_put_str(out, ",\"vault\":{\"create\":");
	jcs_put_string(out, buf_span(&making->create));
	buf_put_str(out, ",\"words\":[");
	buf_put_span(out, buf_span(&making->words));
	buf_put_str(out, "]},\"vvault\":\"" PROOF_FORM "\"}\n");
	return buf_settle(out, start, err);
}

static int show_in(struct view *view, const struct version *version,
		   struct span entity, const unsigned char id[RECORD_ID_BYTES],
		   struct shown *out, struct err *err)
{
	const struct shown_at at = { view->vault->store, view->codec,
				     version };

	return shown_find(&at, entity, id, out, err);
}

/* Of heads that hold it the first which was not made anew. */
static int show_in_head(struct view *view, struct span entity,
			const unsigned char id[RECORD_ID_BYTES],
			struct version *head, struct shown *out,
			struct err *err)
{
	bool is_renewed = false;
	size_t i;

	for (i = 0; i < view->heads_n; i++) {
		struct err reason = ERR_INIT;
		int rc = version_read(view->vault->store, &view->heads[i],
				      head, err);
		if (rc < 0)
			return rc;
		is_renewed |= head->is_renewed;
		if (head->is_renewed)
			continue;
		rc = show_in(view, head, entity, id, out, &reason);
		if (rc != ERR_NOT_FOUND)
			return rc < 0 ? err_copy(err, rc, &reason) : 0;
	}
	return is_renewed ? proof_of_renewed(err) :
	       err_set(err, ERR_NOT_FOUND, "no version holds it");
}

/* In the version that brought it, or where that stays unknown or was made
 * anew, in a head. */
static int show_record(struct view *view, struct span entity,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct version *head, const struct version **version,
		       struct shown *out, struct err *err)
{
	if (*version && !(*version)->is_renewed)
		return show_in(view, *version, entity, id, out, err);
	*version = head;
	return show_in_head(view, entity, id, head, out, err);
}

int proof_make(struct view *view, struct span entity,
	       const unsigned char id[RECORD_ID_BYTES], struct buf *out,
	       struct err *err)
{
	struct making making = { .store = view->vault->store,
				 .create = BUF_INIT(RECORD_MAX_BYTES),
				 .words = BUF_INIT(PROOF_MAX_BYTES) };
	const struct version *version = NULL;
	struct origins *origins = NULL;
	struct version head;
	struct shown shown;
	int rc;

	version_init(&head);
	shown_init(&shown);
	rc = codec_new_plain(&making.plain, err);
	if (rc == 0)
		rc = origins_new(view, &origins, err);
	if (rc == 0)
		rc = origin_find(origins, entity, id, &version, err);
	if (rc == 0)
		rc = show_record(view, entity, id, &head, &version, &shown,
				 err);
	if (rc == 0)
		rc = read_first(&making, view->vault, err);
	if (rc == 0)
		rc = put_signer(&making, view->vault, version, err);
	if (rc == 0)
		rc = write_all(&making, &shown, out, err);
	statement_release(&making.first);
	codec_free(making.plain);
	buf_release(&making.create);
	buf_release(&making.words);
	origins_free(origins);
	shown_release(&shown);
	version_release(&head);
	return rc;
}
