/*
 * The records of the construct `vault`: what init writes, whoever admits or
 * removes a member, and whoever makes a new content key.
 */
#ifndef VV_REFS_VAULT_RECORDS_RECORDS_H
#define VV_REFS_VAULT_RECORDS_RECORDS_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "refs/key/key.h"
#include "refs/vault/state.h"

/* Lines of records, each ended by a newline. */
struct vault_genesis {
	const struct device_key *creator;
	const unsigned char *recovery;	/* public key of the first owner, or NULL */
	const char *name;		/* the device's name, or NULL */
	const char *at;			/* HLC text */
	bool is_encrypted;
};

/*
 * The first records: vault:create, a member:add per owner, and in an encrypted
 * vault a content key and a name key (made here), each created and granted to
 * the owners. Reports the vault id (the id of the first line) and the keys.
 */
MUST_USE int vault_records_genesis(const struct vault_genesis *genesis,
				   struct buf *out, char vault_id[CID_TEXT_MAX],
				   struct content_key *out_key,
				   unsigned char name_key[NAME_KEY_BYTES],
				   struct err *err);

struct vault_admission {
	const struct vault_state *state;	/* what the writer knows */
	const unsigned char *public;
	enum role role;				/* ROLE_NONE: not named */
	const char *name;			/* or NULL: not named */
	const char *at;
	const struct content_key *keys;		/* that the writer holds */
	size_t keys_n;
	const unsigned char *name_key;		/* NULL in a plain vault */
	/* What still counts of a member whose role is lowered (refs/verify/bounds.h). */
	const struct member_cut *cuts;
	size_t cuts_n;
	const unsigned char *replaces;		/* whose new key this is, or NULL */
};

/* What was written about the member. */
struct vault_admitted {
	bool is_new;
	enum role before;			/* ROLE_NONE for a new one */
	enum role after;
	bool is_renamed;
	size_t grants;				/* of keys it had not */
};

/*
 * Admit a new member, as a writer unless a role is named; or change what is
 * named of a member, and nothing else. Either way it is granted every key in
 * keys, and the name key, that it was not granted yet. Appends nothing where
 * nothing changes. A removed member is ERR_DENIED.
 */
MUST_USE int vault_records_admit(const struct vault_admission *admission,
				 struct buf *out, struct vault_admitted *result,
				 struct err *err);

/*
 * A new content key: made here, and granted to every member that stands in the
 * state, but for one that the same version removes, and to one that it admits.
 * What is written from then on is sealed with it, so who was not granted it
 * reads nothing of that. Who writes it needs no key.
 */
struct vault_rekeying {
	const struct vault_state *state;	/* what the writer knows */
	const char *at;
	const unsigned char *removed;		/* public key, or NULL */
	const unsigned char *admitted;		/* public key, or NULL */
};

struct vault_rekeyed {
	unsigned char key[KEY_ID_BYTES];
	size_t grants;				/* 0: no key was made */
};

/* Append one key:create and the grants. For an encrypted vault only. */
MUST_USE int vault_records_rekey(const struct vault_rekeying *what,
				 struct buf *out, struct vault_rekeyed *result,
				 struct err *err);

/*
 * The removal of a member, of whom the cuts stay (refs/trust/cuts.h), and in an
 * encrypted vault a new content key for the others.
 */
struct vault_removal {
	const struct vault_state *state;
	const unsigned char *public;
	const char *at;
	const struct member_cut *cuts;
	size_t cuts_n;
	const unsigned char *admitted;		/* in the same version, or NULL */
};

MUST_USE int vault_records_remove(const struct vault_removal *what,
				  struct buf *out,
				  struct vault_rekeyed *result,
				  struct err *err);

#endif
