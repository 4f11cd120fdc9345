/*
 * A record of the construct `vault`, understood.
 *
 *	vault:create	vault:<26 base32>	creator, encrypted, owners
 *	member:add	member:<z6Mk...>	box, did, name, replaces, role
 *	member:update	member:<z6Mk...>	did, and of cuts, name, role
 *						what changes
 *	member:remove	member:<z6Mk...>	cuts, did
 *	key:create	key:<52 base32>		id, use
 *	key:grant	key:<52 base32>		box, did
 *	vault:renew	vault:<26 base32>	constructs, perhaps remote
 *
 * Unknown fields of data are left alone; known ones are read strictly.
 */
#ifndef VV_REFS_VAULT_STATEMENT_H
#define VV_REFS_VAULT_STATEMENT_H

#include "objects/record/record.h"
#include "refs/vault/state.h"

#define OWNERS_MAX 64		/* in vault:create */
#define CUTS_MAX 4096		/* in one record */
#define MEMBER_NAME_MAX 1024	/* bytes of a plain name */
#define RENEWED_MAX 8192	/* heads and old ones, in one record */
#define RENEWED_REMOTE_MAX 2048	/* bytes of an address */

/* In the order in which those of one version take effect. */
enum statement_kind {
	STATEMENT_CREATE,
	STATEMENT_ADMIT,
	STATEMENT_KEY,
	STATEMENT_GRANT,
	STATEMENT_ROLE,
	STATEMENT_REMOVE,
	STATEMENT_RENEW
};

/* A version that an owner made anew, with all that it stands on; or the one
 * that such a version stands for. */
struct renewed_head {
	bool is_old;
	char construct[66];
	unsigned char digest[SHA256_BYTES];
};

struct statement {
	enum statement_kind kind;
	unsigned char record[RECORD_ID_BYTES];
	unsigned char public[DID_KEY_BYTES];	/* member, or the creator */
	unsigned char box[DID_KEY_BYTES];	/* admit */
	bool has_replaced;			/* admit: it takes the place of
						   another, which it is */
	unsigned char replaced[DID_KEY_BYTES];
	bool has_role;				/* admit, perhaps role */
	enum role role;
	struct buf name;			/* admit, role; sealed bytes or
						   text; empty if none */
	bool is_name_sealed;
	struct member_cut *cuts;		/* remove, role; sorted */
	size_t cuts_n;
	/* Of remove and role, said by the authority when it is judged: it takes
	 * a right that the member had; and its cuts went to an earlier word of
	 * the same version about the same member, which is the limit. */
	bool is_lowering;
	bool is_merged;
	unsigned char key[KEY_ID_BYTES];	/* key, grant */
	bool is_name_key;			/* key */
	struct buf sealed;			/* grant */
	bool is_encrypted;			/* create */
	unsigned char (*owners)[DID_KEY_BYTES];	/* create */
	size_t owners_n;
	struct renewed_head *renewed;		/* renew */
	size_t renewed_n;
	size_t renewed_cap;
	struct buf remote;			/* renew: where it lies, or empty */
};

/*
 * Read what a record says. ERR_UNTRUSTED when its kind or verb has no place
 * in `vault`, or a field is missing or not in its one form.
 */
MUST_USE int statement_parse(const struct record *record,
			     const unsigned char id[RECORD_ID_BYTES],
			     struct statement *out, struct err *err);

/* Accepts one that is all zero. */
void statement_release(struct statement *statement);

#endif
