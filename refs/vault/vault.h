/*
 * An open vault: its repository, this device's key, the state of members and
 * keys, and a codec per construct.
 *
 * A construct has two names in an encrypted vault: its own, and the ref name,
 * which is keyed and stands in refs and Vvault-Construct. Everything that is
 * derived or sealed for a construct (its keys, its tree's names, associated
 * data, notes) goes by the ref name: a reader comes from a ref, and learns
 * the own name only by opening a note. In a plain vault, and for `vault`
 * itself, which is never sealed, both are the same.
 */
#ifndef VV_REFS_VAULT_VAULT_H
#define VV_REFS_VAULT_VAULT_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/table.h"
#include "lib/os/lock.h"
#include "lib/os/slot_file.h"
#include "lib/os/spill.h"
#include "lib/time/hlc.h"
#include "lib/time/wall.h"
#include "objects/record/codec.h"
#include "objects/store/store.h"
#include "refs/history/construct_name.h"
#include "refs/history/ref.h"
#include "refs/key/sealed.h"
#include "refs/vault/state.h"

#define VAULT_LOCAL "vvault"		/* local state inside the repository */
#define VAULT_OPERATIONS "operations"	/* in it: refs/operations */

struct problem;
struct scope;
struct verified;
struct version;

/* This device's ref of a construct, before and after; all borrowed. */
struct vault_move {
	const char *construct;		/* own name */
	const char *ref_name;
	const git_oid *from;		/* NULL: there was none */
	const git_oid *to;
	const git_oid *version;		/* that was made; NULL: one that only
					   arranges anew what was there */
};

/* What is found out while reading, for whoever uses the vault. */
struct vault_calls {
	/* A head that was taken out, or could not be verified, or what a view
	 * lacks. May be NULL */
	void (*tell)(void *arg, const struct problem *problem);
	void *arg;
	/* Only looks: views leave out what is damaged, and tell. Where
	 * anything is built on what is read, nothing may be left out. */
	bool may_lack;
	/* This device's ref of a construct moved, or a remote got another
	 * address: for a log of it. May be NULL */
	void (*moved)(void *arg, const struct vault_move *move);
	void (*readdressed)(void *arg, const char *remote, const char *from,
			    const char *to);
	/* What is known of a construct is made anew, which takes long where
	 * there is much: so much of total (0: unknown) is done. Not told of
	 * a little. May be NULL */
	void (*progress)(void *arg, const char *what, uint64_t done,
			 uint64_t total);
	/* This device's key, where it is at hand already: borrowed while the
	 * vault is opened. NULL: as the folder has it */
	const struct device_key *device;
	/* Open a key that this device had before, and that is sealed and not
	 * unlocked: ask for its passphrase. NULL: nobody can be asked */
	int (*unseal)(void *arg, const struct sealed_key *sealed,
		      struct device_key *out, struct err *err);
};

struct vault {
	char *path;
	struct store *store;
	struct device_key device;
	bool has_device;
	struct verified *verified;	/* heads that were (verified.h) */
	struct vault_calls calls;
	struct table lacking;		/* what views left out: told already */
	struct vault_state state;	/* of all heads of `vault` */
	git_oid *vault_heads;		/* those heads, maximal; the ones that
					   count are state.heads */
	size_t vault_heads_n;
	bool has_keys;			/* can open and name (always if plain) */
	struct content_key *keys;
	size_t keys_n;
	unsigned char name_key[NAME_KEY_BYTES];
	struct hlc clock;		/* last time handed out ... */
	uint32_t clock_left;		/* and how many more are persisted */
	struct wall wall;		/* by which @{yesterday} is read: UTC,
					   if nobody sets another */
	unsigned writers;		/* open ones: they share the stage ... */
	struct spill *spill;		/* and what does not fit in memory */
	/* The id of the construct that is called so, or NULL; where the vault
	 * was opened by one who knows (refs/index/lists/names.h). */
	int (*find_called)(struct vault *vault, const char *called,
			   const char **out_id, struct err *err);
	void *names;
	void (*names_free)(void *names);
	void *forgets;			/* what constructs forget by now, where
					   that was asked: view/forgotten.h */
	void (*forgets_free)(void *forgets);
	unsigned names_asked;		/* one by one, before all are known */
	char names_plain[CONSTRUCT_NAME_MAX];	/* the last such, called so */
	bool has_two_lines;		/* of this device, which what was
					   written joins: another has its key */
	bool is_glanced_at;		/* heads are read, and no ref put back */
	struct scope *scope;		/* what of it is there; NULL: all */
	struct device_key *signer;	/* who signs in the device's place, or
					   NULL: see vault_signer() */
};

/* Is there a vault (bare repository with vvault/format) at path? */
bool vault_is_at(const char *path);

/* Lay the folders of vvault/ and vvault/format in a fresh repository; pins
 * the vault id when it is known ("" else). For init and clone, which may call
 * it again when the id is known. ERR_UNTRUSTED: another id is pinned. */
MUST_USE int vault_lay_local(const char *path, const char *vault_id,
			     struct err *err);
/* The pinned id; ERR_NOT_FOUND before the first fetch of a clone. */
MUST_USE int vault_pinned_id(const char *path, char out[CID_TEXT_MAX],
			     struct err *err);

/* "<path>/vvault/<name>" into out. */
MUST_USE int vault_local_path(const struct vault *vault, const char *name,
			      struct buf *out, struct err *err);

/* Read it, up to the buffer's maximum; ERR_NOT_FOUND. Or write it, whole or
 * not at all. */
MUST_USE int vault_local_read(const struct vault *vault, const char *name,
			      struct buf *out, struct err *err);
MUST_USE int vault_local_write(const struct vault *vault, const char *name,
			       struct span text, struct err *err);
/* Take it as a lock. ERR_LOCKED after timeout_ms. */
MUST_USE int vault_local_lock(const struct vault *vault, const char *name,
			      int timeout_ms, struct lock *lock,
			      struct err *err);

/*
 * Open the cache "<path>/vvault/<name>" of this device; one in memory where
 * there is no device key. What is in it counts only if this device put it
 * there: see lib/os/slot_file.h.
 */
MUST_USE int vault_cache_open(const struct vault *vault, const char *name,
			      const struct slot_shape *shape,
			      struct slot_file **out, struct err *err);

/*
 * The name that refs and Vvault-Construct carry: the construct's own name in
 * a plain vault and for `vault`, else its keyed name. ERR_NO_KEY.
 */
MUST_USE int vault_ref_name(const struct vault *vault, const char *construct,
			    char out[CONSTRUCT_NAME_MAX], struct err *err);

/*
 * The construct's own name for a ref name, from the sealed note of a version.
 * ERR_NO_KEY when this device cannot read it.
 */
MUST_USE int vault_construct_name(const struct vault *vault,
				  const struct version *version,
				  char out[CONSTRUCT_NAME_MAX],
				  struct err *err);

/* What a sealed note says; all of a plain vault's version come from itself. */
struct version_note {
	char construct[CONSTRUCT_NAME_MAX];
	struct buf subject;
	bool has_records;
	uint64_t records;	/* new ones, as the writer counted */
};
#define VERSION_NOTE_INIT { "", BUF_INIT(4096), false, 0 }
/* Seal the note of a version, whose other fields are all set, into it. */
MUST_USE int vault_note_seal(const struct vault *vault,
			     const struct version_note *note,
			     struct version *version, struct err *err);
/* The same with a key that was chosen. */
MUST_USE int vault_note_seal_with(const struct version_note *note,
				  struct sealer *sealer,
				  struct version *version, struct err *err);
MUST_USE int vault_note_open(const struct vault *vault,
			     const struct version *version,
			     struct version_note *out, struct err *err);
void version_note_release(struct version_note *note);

/* The member's name for a reader who holds the keys; appends to out. */
MUST_USE int member_name(const struct vault_state *state,
			 const struct member *member,
			 const struct content_key *keys, size_t keys_n,
			 struct buf *out, struct err *err);

/*
 * What the device with this key is called, as its member of the vault: empty
 * for one that is none, has no name, or whose name is sealed for this device.
 * Opened once; borrowed until the state of members is read anew.
 */
struct span device_name(struct vault *vault,
			const unsigned char public[DID_KEY_BYTES]);

/*
 * Append a sentence with every whole did or short did of a member that has a
 * name as "<name> (<begin of the short did>)", for people to read.
 */
void device_names_put(struct vault *vault, struct span sentence,
		      struct buf *out);
/* So many characters tell devices apart. */
#define DEVICE_BRIEF 12

/* Who signs what is written: the device, unless another key was chosen. */
static inline const struct device_key *vault_signer(const struct vault *vault)
{
	return vault->signer ? vault->signer : &vault->device;
}

/* A codec for a construct by its ref name: plain, sealed, or blind. Caller
 * frees. */
MUST_USE int vault_codec(const struct vault *vault, const char *ref_name,
			 struct codec **out, struct err *err);

/*
 * Raise this device's clock to a time that was received, so that what is
 * written next comes after it. Bounded: a time further ahead than
 * HLC_DRIFT_MICROS moves nothing. In memory only; is_lasting also persists.
 */
MUST_USE int vault_observe(struct vault *vault, const struct hlc *received,
			   bool is_lasting, struct err *err);

/*
 * The next time of this device's clock, persisted before it is returned: a
 * lock and a write to disk for many times that follow each other closely.
 * ERR_NO_KEY without a device key.
 */
MUST_USE int vault_now(struct vault *vault, char out[HLC_TEXT_MAX],
		       struct err *err);

/*
 * Delete the temporary files that killed processes have left in the vault.
 * Whatever cannot be deleted stays for the next time.
 */
void vault_sweep(const struct vault *vault);

/* Only those among the vault's local files: a few folders, cheap enough for
 * each write. */
void vault_sweep_local(const struct vault *vault);

#endif
