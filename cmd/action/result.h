/*
 * Pieces of results that several actions tell alike.
 */
#ifndef VV_CMD_ACTION_RESULT_H
#define VV_CMD_ACTION_RESULT_H

#include "lib/base/buf.h"
#include "lib/json/jcs_write.h"
#include "refs/vault/vault.h"
#include "refs/verify/verify.h"
#include "refs/view/view.h"

/* "name": id as 40 hex digits; null for NULL. */
void result_id(struct jcs_fields *fields, const char *name, const git_oid *id);

/* "name": [ids]. */
void result_ids(struct jcs_fields *fields, const char *name,
		const git_oid *ids, size_t n);

/* "name": 64 hex digits. */
void result_digest(struct jcs_fields *fields, const char *name,
		   const unsigned char digest[SHA256_BYTES]);

/* "name": text; null where it is empty. */
void result_text(struct jcs_fields *fields, const char *name,
		 struct span text);

/* "name": what an object has by that name, as it stands; null where it has
 * nothing. */
void result_copy(struct jcs_fields *fields, const char *name,
		 struct span object);

/* "name": words from outside, a path or what a remote says, where bytes that
 * are no UTF-8 stand as \xff; null for NULL. */
void result_outside(struct jcs_fields *fields, const char *name,
		    const char *text);

/* "name": a did, from its public key or from its part of a ref. */
void result_did(struct jcs_fields *fields, const char *name,
		const unsigned char public_key[DID_KEY_BYTES]);
void result_device(struct jcs_fields *fields, const char *name,
		   const char *device);

/* "name": that of the member with that key; null where it has none that can be
 * read here. */
void result_member(struct jcs_fields *fields, struct vault *vault,
		   const unsigned char public_key[DID_KEY_BYTES]);
void result_device_name(struct jcs_fields *fields, struct vault *vault,
			const char *device);
/* result_outside() of a sentence, in which devices go by their names. */
void result_sentence(struct jcs_fields *fields, const char *name,
		     struct vault *vault, const char *text);
/* The same of the messages of problems, before they are told. */
void problems_name_devices(struct vault *vault, struct problem_list *problems);

/* "name": "2026-11-21T01:20:00Z" from seconds. */
void result_time(struct jcs_fields *fields, const char *name,
		 int64_t seconds);

/* The same from microseconds, with them; null for INT64_MIN. */
void result_micros(struct jcs_fields *fields, const char *name,
		   int64_t micros);

/* "construct": its id, and where it is called otherwise, "called". */
void result_construct(struct jcs_fields *fields, struct view *view);

/* The same of one without a view at hand: by its id or its ref name. */
void result_construct_id(struct jcs_fields *fields, struct vault *vault,
			 const char *id);

/* "called": what those of a list of ids are called now, in its order; nothing
 * where all are called as their ids. */
void result_called_list(struct jcs_fields *fields, struct vault *vault,
			struct span ids);

/* Own name, or the ref name where it cannot be read. */
const char *view_title(const struct view *view);
/* What people call it; only to be shown. Borrowed from the view. */
const char *view_called(struct view *view);

/* "name": [record ids as CIDs]. */
void result_record_ids(struct jcs_fields *fields, const char *name,
		       const unsigned char (*ids)[RECORD_ID_BYTES], size_t n);

/* "name": [{"code","message","object"}]. */
void result_problems(struct jcs_fields *fields, const char *name,
		     const struct problem_list *problems);

/* "records": {"known","new"} */
void result_records(struct jcs_fields *fields, uint64_t known,
		    uint64_t fresh);

#endif
