/*
 * A source is more than its main file: what lies beside that one and speaks
 * of it, and what the place where it lies says.
 */
#ifndef VV_CMD_IMPORT_BESIDE_BESIDE_H
#define VV_CMD_IMPORT_BESIDE_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/import/input/input.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define BESIDE_ITEMS_MAX 8
#define BESIDE_FILE_MAX ((size_t)4 << 20)	/* bytes; a larger one is told
						   and not read */

struct import_source;

/* What may lie beside a source, and what does. It decides, as the source's own
 * bytes do, whether the source is unchanged. */
struct beside {
	struct beside_item {
		const char *as;		/* by which it is got */
		struct span name;	/* of a file, or with '/' behind it of
					   a folder; absent: it is said */
		const char *suffix;	/* of files in the folder */
		bool is_later;		/* got by beside_fetch(); what is said
					   is the hash of its bytes */
		struct span said;	/* absent: there is none */
	} items[BESIDE_ITEMS_MAX];
	size_t n;
	struct arena arena;
	uint64_t stamp;		/* of what is said, and of what the file system
				   says of the files */
};

#define BESIDE_INIT { .n = 0, .arena = ARENA_INIT, .stamp = 0 }
void beside_release(struct beside *beside);

/*
 * Put where the file lies, absolute and without symbolic links, in place of
 * what was in out; of a member of an archive "<archive>!/<name>". Nothing for
 * a pipe.
 */
MUST_USE int beside_place(const struct import_input *input, struct buf *out,
			  struct err *err);

/* The last part of a place, or of the folder so many steps above it; absent
 * beyond the top of an archive or of the disk. */
struct span beside_part(struct span place, size_t up);

/* What is called `what` in a name "<begin>what<end>"; absent: it is another. */
struct span beside_between(struct span name, const char *begin,
			   const char *end);

/* 8-4-4-4-12 hexadecimal digits: what programs name sessions by. */
bool beside_is_uuid(struct span text);

/* Is there a regular file of this name, said from the folder that the file at
 * that place lies in ("a", "../a/b")? With '/' behind it, a folder. On disk or
 * in the same archive. */
bool beside_is_there(const struct import_input *input, struct span place,
		     const char *name);

/*
 * For the importer's `beside`: such a file belongs to the source, and is to be
 * got as `as` (a constant); or the place itself says something. At most
 * BESIDE_ITEMS_MAX, the importer sees to that.
 */
MUST_USE int beside_file(struct beside *to, const char *as, const char *name,
			 struct err *err);
MUST_USE int beside_say(struct beside *to, const char *as, struct span said,
			struct err *err);
/* All files in a folder ("../groups/") whose names end so (a constant): what
 * is got is their bytes in the order of their names, each with a NUL behind. */
MUST_USE int beside_folder(struct beside *to, const char *as,
			   const char *name, const char *suffix,
			   struct err *err);

/*
 * The same of a file that may be as large as a source is: its bytes are not
 * held, but got while the source is read. beside_get() tells whether there is
 * one.
 */
#define BESIDE_LATER_MAX ((size_t)1 << 30)	/* bytes */
MUST_USE int beside_later(struct beside *to, const char *as, const char *name,
			  struct err *err);
/* Its bytes in place of what was in out, none where there are none; a note
 * where it cannot be read. A source in an archive is closed by it. */
MUST_USE int beside_fetch(struct import_source *source, const char *as,
			  struct buf *out, struct err *err);

/* Mix into its stamp what is said, and what the file system says of these
 * files. */
void beside_look(struct beside *beside, const struct import_input *input,
		 struct span place);

/* Take the bytes of the files. One that is too large or cannot be read gets a
 * note, and is absent. */
MUST_USE int beside_load(struct import_source *source, struct span place,
			 struct err *err);

/* Absent when there is none; good as long as the source is. */
struct span beside_get(const struct import_source *source, const char *as);

/* Mix what was found into a hash of the source's bytes; leaves it as it is
 * where nothing was. */
void beside_hash(const struct beside *beside,
		 unsigned char hash[HASH128_BYTES]);

#endif
