/*
 * The state of the construct `vault`: who is a member with which role, which
 * keys exist, who holds them. A pure function of the set of versions of
 * `vault` that it is asked for (design.md section 6): never of order of
 * arrival or of clocks.
 */
#ifndef VV_REFS_VAULT_STATE_H
#define VV_REFS_VAULT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/id/cid.h"
#include "lib/id/did.h"
#include "objects/record/codec.h"
#include "objects/record/seal.h"
#include "objects/store/store.h"
#include "refs/key/key.h"
#include "refs/vault/index_set.h"

enum role { ROLE_NONE, ROLE_READER, ROLE_WRITER, ROLE_OWNER };

const char *role_word(enum role role);
/* ERR_INVALID. */
MUST_USE int role_parse(const char *word, enum role *out, struct err *err);

/* The last version of a member that still counts in a construct; several for
 * one that has several lines of history there. */
struct member_cut {
	char construct[66];
	uint64_t seq;
	unsigned char digest[SHA256_BYTES];
};

/* A word that took a right from a member (refs/vault/limits.h). */
struct member_limit {
	uint32_t by;		/* number of the version of `vault` that says it */
	enum role role;		/* what it leaves; ROLE_NONE: a removal */
	bool is_own;		/* said by the member itself */
	struct member_cut *cuts;	/* by construct, highest seq first */
	size_t cuts_n;
};

/* Which version of `vault` said something of a member. */
struct member_word {
	git_oid version;
	unsigned char by[DID_KEY_BYTES];	/* who signed it */
	int64_t time;			/* seconds, as that one says */
};

struct member {
	unsigned char public[DID_KEY_BYTES];
	unsigned char box[DID_KEY_BYTES];
	enum role role;			/* ROLE_NONE once removed */
	bool is_removed;
	struct member_word admitted;	/* by itself: its vault's creator */
	struct member_word removed;	/* the first of several; if is_removed */
	bool has_replaced;		/* its key is a new one of who had the */
	unsigned char replaced[DID_KEY_BYTES];	/* place before */
	struct member_limit *limits;
	size_t limits_n;
	struct buf name;		/* sealed, or plain text in a plain vault */
	struct buf shown;		/* what device_name() has made of it */
	bool is_shown;
};

/* A grant of a key to a member. */
struct key_grant {
	unsigned char public[DID_KEY_BYTES];
	struct buf sealed;
};

struct vault_key {
	unsigned char id[KEY_ID_BYTES];
	bool is_name_key;
	struct key_grant *grants;
	size_t grants_n;
};

/* A version of `vault`, to see what the signer of another version knew. */
struct vault_past {
	unsigned char digest[SHA256_BYTES];
	struct index_set ancestors;	/* itself among them, by number */
};

struct vault_state {
	char vault_id[CID_TEXT_MAX];
	bool is_encrypted;
	struct member *members;		/* in order of admission, owners first */
	size_t members_n;
	struct vault_key *keys;		/* oldest first */
	size_t keys_n;
	/* Of an encrypted vault: the content key that seals whatever is new, the
	 * newest by the order of authority. */
	bool has_sealing_key;
	bool is_sealing_known;		/* to who was removed, too: an owner
					   has to make another */
	unsigned char sealing_key[KEY_ID_BYTES];
	git_oid *heads;			/* those that count, maximal */
	size_t heads_n;
	struct vault_past *past;	/* by digest; only where somebody is
					   limited */
	size_t past_n;
};

void vault_state_release(struct vault_state *state);

/* NULL if no such member was ever admitted. */
const struct member *vault_state_member(const struct vault_state *state,
					const unsigned char public[DID_KEY_BYTES]);
enum role vault_state_role(const struct vault_state *state,
			   const unsigned char public[DID_KEY_BYTES]);

/*
 * The next behind `after` (NULL: the first) that has, as this member has, a new
 * key in the place of one, where both are left: that one was replaced twice, on
 * lines that knew nothing of each other, as by who had a copy of it. NULL: none.
 */
const struct member *vault_state_twin(const struct vault_state *state,
				      const struct member *member,
				      const struct member *after);

/*
 * Which members stand above this one in what those heads of `vault` say, and
 * so may take its rights: an array as long as state->members, set in out.
 */
MUST_USE int vault_state_above(struct store *store,
			       const struct vault_state *state,
			       const unsigned char below[DID_KEY_BYTES],
			       bool *out, struct err *err);

/*
 * What of `vault` a version knew whose Vvault-Members are these: the numbers
 * that limits speak of. Empty out where nobody is limited.
 */
MUST_USE int vault_state_known(const struct vault_state *state,
			       const unsigned char (*members)[SHA256_BYTES],
			       size_t members_n, struct index_set *out,
			       struct err *err);

/*
 * Compute the state of the union of these versions of `vault` (each verified
 * or being verified with its ancestors verified). Reads records from their
 * segments. ERR_UNTRUSTED when the history breaks a rule.
 */
MUST_USE int vault_state_compute(struct store *store, const git_oid *versions,
				 size_t versions_n, struct vault_state *out,
				 struct err *err);

/*
 * May this version of `vault`, made here, say what it says? One that breaks a
 * rule would stand in its own device's way: nothing opens any more.
 * ERR_DENIED, with the rule.
 */
MUST_USE int vault_state_check(struct store *store, const git_oid *version,
			       struct err *err);

/* The keys that a device was granted. */
struct vault_keyring {
	struct content_key *keys;	/* in the order of state->keys; owned */
	size_t keys_n;
	bool has_name_key;
	unsigned char name_key[NAME_KEY_BYTES];
};

/* Overwrites the secrets. Accepts an empty one (all zero). */
void vault_keyring_release(struct vault_keyring *ring);

/*
 * Open what was granted to this device; out must be empty. A device without
 * grants: 0 keys, no error. A key of which no grant opens, or which names
 * another vault, key or did: ERR_UNTRUSTED.
 */
MUST_USE int vault_state_open_keys(const struct vault_state *state,
				   const struct device_key *device,
				   struct vault_keyring *out, struct err *err);

#endif
