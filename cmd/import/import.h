/*
 * Importers: one struct per source format, one table of them. A new format is
 * a file here with its three functions and a row in table.c.
 *
 * Importing goes in two passes. The first opens every source, finds its
 * format and asks for its construct; the second writes, one construct at a
 * time, so that only one writer is open and each construct gets one version.
 */
#ifndef VV_CMD_IMPORT_IMPORT_H
#define VV_CMD_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/cmd.h"
#include "cmd/import/input.h"
#include "lib/jcs_write.h"
#include "lib/table.h"
#include "refs/write.h"

/* What an importer returns beside 0 and negative enum err_code: the source
 * was refused, import_refuse() said why, the others go on. */
#define IMPORT_REFUSED 1

struct import_job;
struct import_source;

struct importer {
	const char *name;	/* as --format takes it */
	const char *one;	/* what a source is called: "capsule" */
	const char *many;

	/*
	 * Is the input of this format? Judged by structure, never by name;
	 * reads only input->head, for a folder what the importer likes.
	 */
	bool (*sniff)(const struct import_input *input);

	/*
	 * Check the source as far as can be told without writing, and name
	 * its construct in source->construct unless --construct did.
	 */
	int (*identify)(struct import_job *job, struct import_source *source,
			struct err *err);

	/* Hand its records to job->writer. */
	int (*read)(struct import_job *job, struct import_source *source,
		    struct err *err);

	/*
	 * May find out in the middle that the source is broken: then what it
	 * has written is thrown away, so it gets a version of its own.
	 */
	bool is_streamed;
};

/* Ended by a row whose name is NULL; sniffed in this order. */
extern const struct importer *const importer_table[];
const struct importer *importer_find(const char *name);

/* "capsule, jsonl" */
MUST_USE int importer_names(struct buf *out, struct err *err);

/* Something that was left out. */
struct import_skip {
	char *reason;
	char *at;		/* place in the source, or NULL */
};

struct import_source {
	struct import_input input;
	const struct importer *format;		/* NULL: unknown */
	char construct[CONSTRUCT_NAME_MAX];	/* "": unknown */
	uint64_t read;			/* things found */
	uint64_t imported;		/* of them handed to the writer */
	struct import_skip *skips;
	size_t skips_n;
	size_t skips_cap;
	bool was_walked;		/* found in a folder, not named */
	bool is_refused;
	bool is_done;
	/* More of it: members of its report, and the same for a person. */
	struct jcs_fields extra;
	char about[64];
	struct buf notes;		/* lines, each ended by a newline */
};

enum redaction { REDACT_DEFAULT, REDACT_YES, REDACT_NO };

/* A run of the command: what the words said, and the state of the work. */
struct import_job {
	struct session *session;
	struct vault *vault;
	const char *construct;		/* --construct, or NULL */
	const struct importer *format;	/* --format, or NULL */
	bool accepts_mismatch;
	enum redaction redaction;
	struct import_source *sources;
	size_t sources_n;
	size_t sources_cap;
	struct writer *writer;		/* of the construct at hand */
	uint64_t records;		/* so far, for progress */
};

/* Is what a capsule says of its machine to be emptied before storing? */
bool import_redacts(const struct import_job *job);

/*
 * Refuse the source: nothing of it is imported. at: where in it, or NULL.
 * Returns IMPORT_REFUSED, or ERR_NOMEM.
 */
int import_refuse(struct import_source *source, const char *reason,
		  const char *at, struct err *err);

/* The same with what an err says; "byte N" is taken from its text. */
int import_refuse_err(struct import_source *source, const struct err *why,
		      struct err *err);

/* Note one thing that was left out, the rest being imported. */
MUST_USE int import_skip(struct import_source *source, const char *reason,
			 const char *at, struct err *err);

/* A sentence for the report. */
MUST_USE int import_note(struct import_source *source, struct err *err,
			 const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Set source->construct: --construct, else foreign made fit. Refuses. */
int import_name(const struct import_job *job, struct import_source *source,
		struct span foreign, struct err *err);

/* Tell a waiting person, now and then. */
void import_progress(struct import_job *job, uint64_t more);

/* Gather the sources that a word of the command line names: a file, "-", or
 * a folder with all regular files below it. */
MUST_USE int import_gather(struct import_job *job, const char *path);
/* Find format and construct of each. */
MUST_USE int import_identify(struct import_job *job);
/* Write them all, a construct at a time. */
struct import_result {
	char construct[CONSTRUCT_NAME_MAX];
	struct write_result write;	/* versions of one run summed up */
};
struct import_results {
	struct import_result *at;
	size_t n;
	size_t cap;
};
MUST_USE int import_write(struct import_job *job, struct import_results *out);
void import_job_release(struct import_job *job);

/* One line per construct with --json, else for a person. */
MUST_USE int import_report(const struct import_job *job,
			   const struct import_results *results);

#endif
