/*
 * Records of the construct `vault` being put together. Only for this folder.
 */
#ifndef VV_REFS_VAULT_RECORDS_DRAFT_H
#define VV_REFS_VAULT_RECORDS_DRAFT_H

#include "lib/json/jcs_write.h"
#include "objects/record/record.h"
#include "refs/key/key.h"
#include "refs/vault/state.h"

#define ENTITY_TEXT_MAX 80	/* the longest is key:<52 characters> */

/* A record being put together. */
struct draft {
	const char *type;
	char entity[ENTITY_TEXT_MAX];
	const char *at;
	const unsigned char (*prev)[RECORD_ID_BYTES];	/* one, or NULL */
	struct jcs_fields data;
};

void draft_init(struct draft *draft, const char *type, const char *at);

/* Append the line; releases the draft, whatever comes of it. out_id may be
 * NULL. */
MUST_USE int draft_finish(struct draft *draft, struct buf *out,
			  unsigned char *out_id, struct err *err);

/* Its entity, and "did". */
void draft_member(struct draft *draft,
		  const unsigned char public[DID_KEY_BYTES]);
void field_did(struct draft *draft, const char *name,
	       const unsigned char public[DID_KEY_BYTES]);
void field_base64(struct jcs_fields *fields, const char *name,
		  struct span bytes);

/* Who writes, to whom, with which keys. */
struct drafting {
	const char *vault_id;
	const char *at;
	const struct content_key *keys;	/* the last one seals names */
	size_t keys_n;
	const unsigned char *name_key;	/* NULL in a plain vault */
	struct buf *out;
	const unsigned char *replaces;	/* by whom is admitted; or NULL */
};

/* "name": as text or sealed; nothing for none. */
void field_name(struct draft *draft, const struct drafting *drafting,
		const char *name);

/* member:add */
MUST_USE int draft_admission(const struct drafting *drafting,
			     const unsigned char public[DID_KEY_BYTES],
			     enum role role, const char *name,
			     struct err *err);

/*
 * member:update or member:remove: as many records as the cuts need, which are
 * one word.
 */
struct draft_right {
	bool is_update;
	const unsigned char *public;
	enum role role;			/* ROLE_NONE: not said */
	const char *name;		/* or NULL */
	const struct member_cut *cuts;
	size_t cuts_n;
};

MUST_USE int draft_right(const struct drafting *drafting,
			 const struct draft_right *right, struct err *err);

/* A new key, not written yet. Wiped by the caller. */
void draft_make_key(struct content_key *key);

/* key:create */
MUST_USE int draft_key(const struct drafting *drafting,
		       const struct content_key *key, const char *use,
		       unsigned char out_id[RECORD_ID_BYTES],
		       struct err *err);

/* key:grant; prev: the key's own record where the writer has it at hand. */
MUST_USE int draft_grant(const struct drafting *drafting,
			 const struct content_key *key,
			 const unsigned char (*prev)[RECORD_ID_BYTES],
			 const unsigned char public[DID_KEY_BYTES],
			 struct err *err);

#endif
