/*
 * Parts of a database that this vault has read before: one chat among
 * thousands, of a file that its program always writes to. A part is known by
 * a print of all that decides what becomes of it, as the database tells that
 * without reading it; so what is new is read, however large the rest. Only a
 * cache, as unchanged.h has it of whole sources, and only for what is found
 * where programs keep it: who names a file has it read whole.
 */
#ifndef VV_CMD_IMPORT_INPUT_KNOWN_PARTS_H
#define VV_CMD_IMPORT_INPUT_KNOWN_PARTS_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

/* One per run, made at the first use. */
struct known_parts;
void known_parts_free(struct import_job *job);

/* Is it asked for in this run? Else all parts are to be read. */
bool known_parts_are_asked(const struct import_job *job,
			   const struct import_source *source);

/* A part of a source by its own key; print: not 0. */
struct known_part {
	struct span key;
	uint64_t print;
};

/* Was it read with that print, and does the vault still hold what it gave?
 * Then that counts as read and known. */
MUST_USE int known_parts_look(struct import_job *job,
			      struct import_source *source,
			      const struct known_part *part,
			      bool *out_is_known, struct err *err);

/* It was read, and gave so many records to source->construct. */
MUST_USE int known_parts_note(struct import_job *job,
			      struct import_source *source,
			      const struct known_part *part,
			      uint64_t imported, struct err *err);

/* When all other records of the source were put: what was known of it stands
 * among what it gave. */
MUST_USE int known_parts_settle(struct import_job *job,
				struct import_source *source,
				struct err *err);

/* When the run has written its versions: remember what was noted. */
MUST_USE int known_parts_remember(struct import_job *job,
				  const struct import_results *results,
				  struct err *err);

#endif
