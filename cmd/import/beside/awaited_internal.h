/*
 * What awaits files: the notes of a run, and what the vault holds.
 */
#ifndef VV_CMD_IMPORT_BESIDE_AWAITED_INTERNAL_H
#define VV_CMD_IMPORT_BESIDE_AWAITED_INTERNAL_H

#include "cmd/import/beside/awaited.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define AWAITED_NONE SIZE_MAX

/* A record that names files. */
struct awaited_thing {
	struct span entity;
	struct span data;		/* canonical: what it says so far */
	const char *type;
	char at[HLC_TEXT_MAX];
};

struct awaited_link {
	size_t thing;
	size_t next;			/* of the same name */
};

struct awaited {
	struct arena arena;
	struct table names;		/* -> its last link */
	struct {
		struct awaited_link *at;
		size_t n;
		size_t cap;
	} links;
	struct {
		struct awaited_thing *at;
		size_t n;
		size_t cap;
	} things;
	struct table looked;	/* sessions that were looked for in the vault */
};

MUST_USE int awaited_open(struct import_job *job, struct err *err);

/* Note a thing (copied) under a session's key and the name of each file that
 * it says was saved in such a folder; and of each call whose result it has and
 * does not have whole. */
MUST_USE int awaited_note_thing(struct awaited *awaited,
				const struct awaited_thing *thing,
				struct span session, const char *folder,
				struct err *err);

/* The last link of a name, or AWAITED_NONE. */
size_t awaited_find(const struct awaited *awaited, struct span session,
		    struct span file);

/* Is only a part of it shown? Else what a file has is more than the text. */
bool awaited_is_cut(struct span text);

static inline void awaited_id(struct span text, unsigned char out[SHA256_BYTES])
{
	sha256_of(text.at, text.len, out);
}

#endif
