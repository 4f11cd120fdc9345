#include "refs/proof/proof_internal.h"

#include <stdio.h>
#include <string.h>

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

static int too_many_words(struct err *err)
{
	return err_set(err, ERR_LIMIT, "the proof would rest on more than %d "
		       "records of 'vault'", PROOF_WORDS_MAX);
}

static int put_word(struct making *making, const struct version *version,
		    const struct said *said, const struct word *word,
		    struct err *err)
{
	const struct shown_at at = { making->store, making->plain, version };
	struct shown shown;
	int rc;

	if (making->words_n++ == PROOF_WORDS_MAX)
		return too_many_words(err);
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

static int no_word(const unsigned char public[DID_KEY_BYTES], struct err *err)
{
	char did[DID_TEXT_MAX];

	did_from_public(public, did);
	return err_set(err, ERR_UNTRUSTED, "nothing in 'vault' shows that "
		       "'%s' might sign", did);
}

/*
 * Who lets a signer sign: a version of `vault` that holds the word and counts.
 * One that a first owner signed ends the walk, for nobody is asked of them;
 * else it is the oldest, which is nearest to whoever gave the word. The nearest
 * could be that of another owner, who again is shown best by this one, and so
 * to and fro.
 */
struct asking {
	struct making *making;
	const struct version *signed_version;	/* whose signer it is about */
	bool (*counts)(const struct version *signed_version,
		       const struct version *version);
	char entity[DID_SHORT_MAX + sizeof("member:")];
	struct said said;			/* by the one that is found */
	size_t looked_n;
	bool is_found;
	bool has_enough;
	git_oid found;
};

static int ask_version(void *arg, const struct version *version,
		       struct err *err)
{
	struct asking *asking = arg;
	struct said said = { .entity = asking->said.entity,
			     .needed = asking->said.needed };
	int rc;

	if (asking->looked_n++ == ANCESTORS_MAX)
		return err_set(err, ERR_LIMIT, "who let the signer sign is not "
			       "found in %d versions of 'vault'",
			       ANCESTORS_MAX);
	if (!asking->counts(asking->signed_version, version))
		return 0;
	rc = read_said(asking->making, version, &said, err);
	if (rc < 0 || !said_enough(&said))
		return rc;
	asking->said = said;
	asking->found = version->id;
	asking->is_found = true;
	asking->has_enough = is_first_owner(asking->making, version->device);
	return 0;
}

static int put_owner(struct making *making, const struct version *version,
		     unsigned depth, struct err *err);

/* The right of whoever signed what is found comes first. */
static int put_found(const struct asking *asking, unsigned depth,
		     struct err *err)
{
	struct making *making = asking->making;
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(making->store, &asking->found, &version, err);
	if (rc == 0)
		rc = put_owner(making, &version, depth + 1, err);
	if (rc == 0)
		rc = put_said(making, &version, &asking->said, err);
	version_release(&version);
	return rc;
}

static int find_word(struct asking *asking, const struct history_range *range,
	       unsigned depth, struct err *err)
{
	const struct history_visitor visitor = { ask_version, asking,
						 &asking->has_enough };
	const unsigned char *signer = asking->signed_version->device;
	char name[DID_SHORT_MAX];
	int rc;

	if (depth >= PROOF_WORDS_MAX)
		return too_many_words(err);
	did_short(signer, name);
	snprintf(asking->entity, sizeof(asking->entity), "member:%s", name);
	asking->said.entity = asking->entity;
	rc = history_walk(asking->making->store, range, &visitor, err);
	if (rc == 0 && !asking->is_found)
		return no_word(signer, err);
	return rc < 0 ? rc : put_found(asking, depth, err);
}

static bool is_by_another(const struct version *signed_version,
			  const struct version *version)
{
	return memcmp(version->device, signed_version->device,
		      DID_KEY_BYTES) != 0;
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
	const struct history_range range = { version->parents,
					     version->parents_n, NULL, 0 };
	struct asking asking = { .making = making, .signed_version = version,
				 .counts = is_by_another,
				 .said = { .needed = ROLE_OWNER } };

	return is_first_owner(making, version->device) ? 0 :
	       find_word(&asking, &range, depth, err);
}

/* Only a head of `vault` that the version names counts: its tree holds all that
 * its signer knew. */
static bool names_head(const struct version *signed_version,
		     const struct version *version)
{
	size_t i;

	for (i = 0; i < signed_version->members_n; i++) {
		if (!memcmp(signed_version->members[i], version->digest,
			    SHA256_BYTES))
			return true;
	}
	return false;
}

static int put_signer(struct making *making, const struct vault *vault,
		      const struct version *version, struct err *err)
{
	const struct history_range range = { vault->vault_heads,
					     vault->vault_heads_n, NULL, 0 };
	struct asking asking = { .making = making, .signed_version = version,
				 .counts = names_head };

	if (!version->members_n || is_first_owner(making, version->device))
		return put_owner(making, version, 0, err);
	asking.said.needed = proof_role_needed(version);
	return find_word(&asking, &range, 0, err);
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

/* Nothing is handed out that does not hold. */
static int check_made(struct span proof,
		      const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct proof_found found;
	int rc;

	proof_found_init(&found);
	rc = proof_check(proof, &found, err);
	if (rc == 0 && memcmp(found.id, id, RECORD_ID_BYTES))
		rc = err_set(err, ERR_CORRUPT, "it shows another record");
	if (rc < 0)
		err_prefix(err, "no proof can be made that holds");
	proof_found_release(&found);
	return rc;
}

/* The record that is to be shown. */
struct wanted {
	struct view *view;
	struct span entity;
	const unsigned char *id;
};

static int show_in(const struct wanted *wanted, const struct version *version,
		   struct shown *out, struct err *err)
{
	const struct shown_at at = { wanted->view->vault->store,
				     wanted->view->codec, version };

	return shown_find(&at, wanted->entity, wanted->id, out, err);
}

/* Of heads that hold it the first which was not made anew. */
static int show_in_head(const struct wanted *wanted, struct version *head,
			struct shown *out, struct err *err)
{
	const struct view *view = wanted->view;
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
		rc = show_in(wanted, head, out, &reason);
		if (rc != ERR_NOT_FOUND)
			return rc < 0 ? err_copy(err, rc, &reason) : 0;
	}
	return is_renewed ? proof_of_renewed(err) :
	       err_set(err, ERR_NOT_FOUND, "no version holds it");
}

/* In the version that brought it, or where that stays unknown or was made
 * anew, in a head. */
static int show_record(const struct wanted *wanted, struct version *head,
		       const struct version **version, struct shown *out,
		       struct err *err)
{
	if (*version && !(*version)->is_renewed)
		return show_in(wanted, *version, out, err);
	*version = head;
	return show_in_head(wanted, head, out, err);
}

int proof_make(struct view *view, struct span entity,
	       const unsigned char id[RECORD_ID_BYTES], struct buf *out,
	       struct err *err)
{
	struct making making = { .store = view->vault->store,
				 .create = BUF_INIT(RECORD_MAX_BYTES),
				 .words = BUF_INIT(PROOF_MAX_BYTES) };
	const struct wanted wanted = { view, entity, id };
	const struct version *version = NULL;
	size_t start = out->len;
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
		rc = show_record(&wanted, &head, &version, &shown, err);
	if (rc == 0)
		rc = read_first(&making, view->vault, err);
	if (rc == 0)
		rc = put_signer(&making, view->vault, version, err);
	if (rc == 0)
		rc = write_all(&making, &shown, out, err);
	if (rc == 0)
		rc = check_made(span_of(out->data + start, out->len - start),
				id, err);
	if (rc < 0)
		buf_cut(out, start);
	statement_release(&making.first);
	codec_free(making.plain);
	buf_release(&making.create);
	buf_release(&making.words);
	origins_free(origins);
	shown_release(&shown);
	version_release(&head);
	return rc;
}
