#include "refs/proof/proof_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "refs/vault/statement.h"
#include "refs/vault/vault.h"

#define PEOPLE_MAX (OWNERS_MAX + PROOF_WORDS_MAX)

/* Whom the proof has shown to be a member so far, and by whose word. */
struct person {
	unsigned char public[DID_KEY_BYTES];
	enum role role;
	bool is_first_owner;
	unsigned char by[DID_KEY_BYTES];
	/* The version of `vault` that gave the role. */
	unsigned char version[SHA256_BYTES];
};

struct checking {
	struct proof_found *found;
	struct person people[PEOPLE_MAX];
	size_t people_n;
};

void proof_found_init(struct proof_found *found)
{
	const struct buf line = BUF_INIT(RECORD_MAX_BYTES);

	memset(found, 0, sizeof(*found));
	found->line = line;
	version_init(&found->version);
}

void proof_found_release(struct proof_found *found)
{
	buf_release(&found->line);
	version_release(&found->version);
}

static int refuse(const char *what, struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "%s", what);
}

static struct person *find_person(struct checking *checking,
				  const unsigned char public[DID_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < checking->people_n; i++) {
		if (!memcmp(checking->people[i].public, public,
			    DID_KEY_BYTES))
			return &checking->people[i];
	}
	return NULL;
}

static struct person *add_person(struct checking *checking,
				 const unsigned char public[DID_KEY_BYTES])
{
	struct person *person = &checking->people[checking->people_n++];

	memset(person, 0, sizeof(*person));
	memcpy(person->public, public, DID_KEY_BYTES);
	return person;
}

/* A record of `vault`, as it was understood. */
static int read_statement(const struct record *record,
			  const unsigned char id[RECORD_ID_BYTES],
			  struct statement *out, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = statement_parse(record, id, out, &reason);

	return rc < 0 ? proof_not_read("a record of 'vault' is none", rc,
				       &reason, err) : 0;
}

/* The first record of all is the vault's id, and names its first owners. */
static int check_create(struct checking *checking, struct span value,
			struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct statement statement = { .kind = STATEMENT_CREATE };
	unsigned char id[RECORD_ID_BYTES];
	struct err reason = ERR_INIT;
	struct record record;
	size_t i;
	int rc = jcs_string_decode(value, &line, &reason);

	if (rc == 0)
		rc = record_parse(buf_span(&line), &record, &reason);
	if (rc < 0) {
		rc = proof_not_read("the vault's first record is none", rc,
				    &reason, err);
		goto out;
	}
	record_id(record.line, id);
	rc = read_statement(&record, id, &statement, err);
	if (rc == 0 && statement.kind != STATEMENT_CREATE)
		rc = refuse("the vault's first record is another", err);
	for (i = 0; rc == 0 && i < statement.owners_n; i++) {
		struct person *owner = add_person(checking,
						  statement.owners[i]);

		owner->role = ROLE_OWNER;
		owner->is_first_owner = true;
	}
	cid_text(CID_JSON, id, checking->found->vault_id);
out:
	statement_release(&statement);
	buf_release(&line);
	return rc;
}

/* Whoever signed it was somebody by what was shown before. */
static int check_signer(struct checking *checking,
			const struct version *version,
			const struct person **out, struct err *err)
{
	const struct person *signer = find_person(checking, version->device);

	if (strcmp(version->vault_id, checking->found->vault_id))
		return refuse("a version is of another vault", err);
	if (!signer || signer->role < proof_role_needed(version))
		return refuse(proof_role_needed(version) == ROLE_OWNER ?
			      "nothing shows that the signer was an owner" :
			      "nothing shows that the signer might write",
			      err);
	*out = signer;
	return 0;
}

static int take_word(struct checking *checking,
		     const struct statement *statement,
		     const struct version *version, struct err *err)
{
	struct person *person = find_person(checking, statement->public);

	if (statement->kind != STATEMENT_ADMIT &&
	    (statement->kind != STATEMENT_ROLE || !person))
		return refuse("a record of 'vault' admits nobody", err);
	if (person && person->is_first_owner)
		return refuse("a record of 'vault' is of no use here", err);
	if (!person)
		person = add_person(checking, statement->public);
	if (statement->has_role)
		person->role = statement->role;
	memcpy(person->by, version->device, DID_KEY_BYTES);
	memcpy(person->version, version->digest, SHA256_BYTES);
	return 0;
}

/* A record of `vault`, in a version that somebody shown to be an owner
 * signed. */
static int check_word(struct checking *checking, struct span object,
		      struct err *err)
{
	struct statement statement = { .kind = STATEMENT_CREATE };
	unsigned char id[RECORD_ID_BYTES];
	const struct person *signer;
	struct version version;
	struct record record;
	struct shown shown;
	int rc;

	shown_init(&shown);
	version_init(&version);
	rc = shown_read(object, &shown, err);
	if (rc == 0)
		rc = shown_check(&shown, &record, id, &version, err);
	if (rc == 0 && strcmp(version.construct, VAULT_CONSTRUCT))
		rc = refuse("who is a member is said elsewhere than in "
			    "'vault'", err);
	if (rc == 0)
		rc = check_signer(checking, &version, &signer, err);
	if (rc == 0)
		rc = read_statement(&record, id, &statement, err);
	if (rc == 0)
		rc = take_word(checking, &statement, &version, err);
	statement_release(&statement);
	version_release(&version);
	shown_release(&shown);
	return rc;
}

static int check_words(struct checking *checking, struct span words,
		       struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(words);
	struct span word;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &word)) {
		if (checking->found->words_n++ == PROOF_WORDS_MAX)
			return refuse("it rests on too many records of "
				      "'vault'", err);
		rc = check_word(checking, word, err);
	}
	return rc;
}

/* The word that made the signer a writer must be one that the version itself
 * knew: it stands in a head of `vault` that Vvault-Members names. */
static int knows(const struct version *version, const struct person *signer)
{
	size_t i;

	if (signer->is_first_owner || !version->members_n)
		return true;
	for (i = 0; i < version->members_n; i++) {
		if (!memcmp(version->members[i], signer->version,
			    SHA256_BYTES))
			return true;
	}
	return false;
}

static int check_shown(struct checking *checking, struct span object,
		       struct err *err)
{
	struct proof_found *found = checking->found;
	const struct person *signer = NULL;
	struct shown shown;
	int rc;

	shown_init(&shown);
	rc = shown_read(object, &shown, err);
	if (rc == 0)
		rc = shown_check(&shown, &found->record, found->id,
				 &found->version, err);
	if (rc == 0)
		rc = check_signer(checking, &found->version, &signer, err);
	if (rc == 0 && !knows(&found->version, signer))
		rc = refuse("the version does not name the one that lets its "
			    "signer write", err);
	if (rc == 0)
		rc = buf_add_span(&found->line, found->record.line, err);
	if (rc == 0) {
		found->record = record_moved(&found->record,
					     found->line.data);
		found->role = signer->role;
		found->is_first_owner = signer->is_first_owner;
		memcpy(found->admitted_by, signer->by, DID_KEY_BYTES);
	}
	shown_release(&shown);
	return rc;
}

/* The members of an object: these, in this order, and no others. */
static bool has_members(struct span object, const char *const *names,
			struct span *values, size_t n)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span name;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!jcs_next(&iter, &name, &values[i]) ||
		    !span_equals(name, span_str(names[i])))
			return false;
	}
	return !jcs_next(&iter, NULL, NULL);
}

static int check_all(struct checking *checking, struct span text,
		     struct err *err)
{
	static const char *const outer[] = { "shown", "vault", "vvault" };
	static const char *const inner[] = { "create", "words" };
	struct span values[3], vault[2];
	int rc;

	if (!has_members(text, outer, values, 3) ||
	    !jcs_is_text(values[2], PROOF_FORM) ||
	    !has_members(values[1], inner, vault, 2))
		return refuse("it has not the form of a proof", err);
	rc = check_create(checking, vault[0], err);
	if (rc == 0)
		rc = check_words(checking, vault[1], err);
	return rc < 0 ? rc : check_shown(checking, values[0], err);
}

int proof_check(struct span text, struct proof_found *out, struct err *err)
{
	struct checking *checking;
	struct err reason = ERR_INIT;
	int rc;

	if (text.len > PROOF_MAX_BYTES)
		return refuse("it is too large to be a proof", err);
	if (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	rc = jcs_check(text, &reason);
	if (rc < 0)
		return proof_not_read("it is no proof", rc, &reason, err);
	checking = calloc(1, sizeof(*checking));
	if (!checking)
		return err_set(err, ERR_NOMEM, "out of memory");
	checking->found = out;
	rc = check_all(checking, text, err);
	free(checking);
	return rc;
}
