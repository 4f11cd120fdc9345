/*
 * Importers: one struct per source format, one table of them. A new format is
 * a file with its three functions and a row in table.c; one of plain lists of
 * conversations or memories is a file of tables (flat/flat.h).
 *
 * Importing goes in two passes. The first opens every source, finds its
 * format and asks for its construct; the second reads them, and each record
 * goes to the outlet of its construct, so that a construct gets one version
 * however many sources speak of it (run.h).
 */
#ifndef VV_CMD_IMPORT_IMPORT_H
#define VV_CMD_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/action/host.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/input/input.h"
#include "cmd/import/secrets/secret.h"
#include "lib/base/xxh.h"
#include "lib/json/jcs_write.h"
#include "lib/time/hlc.h"
#include "refs/vault/vault.h"
#include "refs/write/write.h"

/* What an importer returns beside 0 and negative enum err_code: the source
 * was refused, import_refuse() said why, the others go on. */
#define IMPORT_REFUSED 1

#define IMPORT_MALFORMED_MAX 1000	/* told one by one, the others counted */

struct archive;
struct awaited;
struct copies;
struct file_pool;
struct flat_format;
struct import_home;
struct import_job;
struct import_namesakes;
struct import_source;
struct known_parts;
struct namesakes;
struct outlets;
struct lineage;
struct unchanged;
struct value_line;

/* What a file is to a format by the place where it lies. */
enum import_place {
	PLACE_ANYWHERE,	/* nothing: its format is found by structure */
	PLACE_OWN,	/* a source of it whatever its bytes look like, which
			   is read when all others were */
	PLACE_BESIDE,	/* a part of a source that lies there too: read with
			   that one, and no source of its own */
	PLACE_APART	/* something else of the same program: left alone */
};

struct importer {
	const char *name;	/* as --format takes it */
	const char *one;	/* what a source is called: "capsule" */
	const char *many;

	const char *construct;	/* where it goes without --construct: the
				   provider; NULL: identify() finds out */

	/*
	 * Is the input of this format? Judged by structure, never by name:
	 * of a file by input->head alone; of a folder or zip archive
	 * (input->bundle) by its files, true when it is one source as a
	 * whole. Else the files in it are sources of their own.
	 */
	bool (*sniff)(const struct import_input *input);
	/* Instead of it, of a file: sniff_any() of its head. */
	const char *const *signs;
	/* Instead of both, of a database: database_has_any(); its signs are never
	 * asked for another file, nor these of one. NULL: it knows none. */
	const char *const *tables;

	/*
	 * Of a file, before it is opened: what it is to this format by its
	 * place (beside_place()). out_reason: why one is PLACE_APART. NULL:
	 * places say nothing.
	 */
	enum import_place (*place)(const struct import_input *input,
				   struct span place,
				   const char **out_reason);
	/* The folder that its program keeps its sessions in; or NULL. */
	const struct import_home *home;
	/* Name what lies beside a source at that place and speaks of it, if it
	 * is of this format: beside_file(), beside_say(). NULL: nothing. */
	int (*beside)(const struct import_input *input, struct span place,
		      struct beside *to, struct err *err);

	/*
	 * Check the source as far as can be told without writing, and name
	 * its construct in source->construct unless --construct did. NULL:
	 * there is nothing to check.
	 */
	int (*identify)(struct import_job *job, struct import_source *source,
			struct err *err);

	/*
	 * Hand its records to import_put(). One bad part never stops the
	 * others: import_malformed(), and on. Refuse only before the first
	 * record.
	 */
	int (*read)(struct import_job *job, struct import_source *source,
		    struct err *err);
	/*
	 * Once all sources of the run were read, of one that awaits more: what
	 * it has for the others, and what is then left of it. It is open.
	 */
	int (*finish)(struct import_job *job, struct import_source *source,
		      struct err *err);
	const struct flat_format *flat;	/* the table that flat_read() reads
					   by; or NULL */

	/*
	 * May find out in the middle that the source is broken: then what it
	 * has written, to source->construct alone, is thrown away.
	 */
	bool is_streamed;

	/* The exact bytes of its sources are always kept, as a blob; those of
	 * others with --keep-source. */
	bool keeps_source;

	/* Agents wrote its sources by themselves, with what their tools read
	 * and said: secrets are replaced in them unless told otherwise. */
	bool is_of_agents;

	/* Its sources have settings beside what is said: of these what is named a
	 * key, token or password is left out, and told, whatever is asked. */
	bool has_settings;

	/* Its sources are edited, and may become what they were before; and what
	 * they say goes with where they lie: bytes that were read once say
	 * nothing. */
	bool goes_back;

	/* With --format a folder or archive that is named is one source of it,
	 * whatever is in there. */
	bool takes_folders;

	/* Its records themselves say where they came from. */
	bool keeps_origin;

	/* How its records tell who somebody is (namesake.h); or NULL. */
	const struct namesakes *namesakes;

	/* Members by which its own words on a construct itself are known,
	 * ended by NULL; NULL: it says nothing but a name. */
	const char *const *marks;
};

/* Ended by a row whose name is NULL; sniffed in this order. */
extern const struct importer *const importer_table[];
const struct importer *importer_find(const char *name);

/* Is the input of this format, by `sniff` or `signs`; or by `tables`, where its
 * database is open? */
bool importer_knows(const struct importer *format,
		    const struct import_input *input);

/* "capsule, jsonl" */
MUST_USE int importer_names(struct buf *out, struct err *err);

/* Something that was left out; at is the first one's place. */
struct import_skip {
	char *reason;
	char *at;		/* place in the source, or NULL */
	uint64_t count;
	uint64_t offset;	/* malformed: in bytes from 0 */
	char *blob;		/* --keep-bad: CID of its bytes, or NULL */
};

/* What one source gave to one construct. */
struct import_share {
	char construct[CONSTRUCT_NAME_MAX];
	uint64_t imported;		/* records given, the known ones too */
	uint64_t known;			/* of them there before */
};

struct import_skips {
	struct import_skip *at;
	size_t n;
	size_t cap;
};

struct import_shares {
	struct import_share *at;
	size_t n;
	size_t cap;
};

struct import_source {
	struct import_input input;
	struct beside beside;			/* what lies beside it */
	const struct importer *format;		/* NULL: unknown */
	char construct[CONSTRUCT_NAME_MAX];	/* "": unknown */
	/*
	 * Things found: each of them was imported (became a record, new or
	 * known), was left out, or was malformed.
	 */
	uint64_t read;
	uint64_t imported;
	uint64_t known;
	uint64_t messages;		/* among those that were not known */
	uint64_t guessed;		/* sessions whose leaf we chose, or ... */
	uint64_t mended;		/* ... messages whose place: links.h */
	uint64_t unknown_times;		/* records without a time */
	uint64_t unlikely_times;	/* records with one that is no usual
					   one, and so is unknown */
	uint64_t redactions;		/* values left out for their secrecy */
	struct secret_counts secrets;	/* of them, replaced by a marker */
	struct import_shares shares;	/* in the order of their first record */
	struct import_skips skips;	/* by reason */
	struct import_skips malformed;	/* one by one */
	/* Instead of the source's bytes where these are kept: secrets out. */
	struct buf kept;
	bool has_kept;
	bool is_unchanged;		/* known by its hash: was not read */
	bool was_malformed;		/* ... and when it was, not all could be */
	/* Something in it is another session's, or rests on one: said by the
	 * importer. And when it was read last nothing was, so that what is new
	 * in it need not be looked for in the vault. */
	bool has_kin;
	bool was_alone;
	bool was_read;			/* in an earlier import, as it was then
					   or as it is */
	bool has_hash;
	uint64_t stamp;			/* of its file, before it was hashed:
					   unchanged.h */
	bool has_stamp;
	bool is_vague;			/* a change right after may not alter it */
	bool is_live;			/* its program may be writing to it ... */
	bool is_unfinished;		/* ... and was: the rest comes later */
	unsigned char hash[HASH128_BYTES];	/* of its bytes: unchanged.h */
	bool was_walked;		/* found in a folder, not named */
	bool is_late;			/* PLACE_OWN: read when others were */
	bool is_part;			/* PLACE_BESIDE: of another source */
	bool is_database;		/* of another program, which may be alive: its
				   bytes as a whole are never read */
	bool is_stray;			/* neither file nor folder: not opened */
	bool is_refused;
	bool is_unread;			/* for it could not be read */
	/* It has what is of use only to something that is not here, and may
	 * come: it is not unchanged once something has come. */
	bool awaits;
	bool is_partial;		/* a part was refused: a clean "no" */
	bool is_done;
	struct writer_claim claim;
	/* What identify() has found and read() can use; NULL: nothing. */
	void *plan;
	void (*plan_free)(void *plan);
	struct jcs_fields extra;	/* further members of its report */
	struct buf notes;		/* lines, each ended by a newline */
};

#define IMPORT_SOURCE_INIT						\
	{ .input = IMPORT_INPUT_INIT, .beside = BESIDE_INIT,		\
	  .extra = JCS_FIELDS_INIT,					\
	  .notes = BUF_INIT(1 << 20), .kept = BUF_INIT(BUF_NO_LIMIT) }
void import_source_release(struct import_source *source);

enum redaction { REDACT_DEFAULT, REDACT_YES, REDACT_NO };

/* In which sources keys, tokens and passwords are replaced by markers. */
enum import_secrets { SECRETS_STAY, SECRETS_OUT_OF_AGENTS, SECRETS_OUT };

/* What whoever asks for an import wishes. */
struct import_options {
	const char *construct;		/* one for all sources; NULL: theirs */
	const struct importer *format;	/* of all sources; NULL: sniffed */
	bool accepts_mismatch;
	bool is_dry_run;		/* write nothing */
	bool keeps_source;
	bool keeps_bad;
	bool allows_changes;		/* of what others made */
	bool allows_future;
	/* Sources were found where programs write them, not named: a stranger
	 * among them is no failure, and one may be being written to. */
	bool is_found;
	bool takes_any;		/* a glance: known as whatever it was read,
				   even if it may have changed right then */
	bool has_since;
	int64_t since;			/* microseconds */
	enum redaction redaction;
	enum import_secrets secrets;
	int input;			/* a file, which "-" is; -1: none */
	const char *temp_folder;	/* for copies of databases; NULL: "/tmp" */
};

/* A run: the caller sets the first three, the rest is the state of the work. */
struct import_job {
	struct import_options options;
	struct vault *vault;
	const struct host *host;
	struct import_source *sources;
	size_t sources_n;
	size_t sources_cap;
	char latest[HLC_TEXT_MAX];	/* `at` beyond is refused; "": none */
	int64_t latest_micros;
	struct writer *writer;		/* of the source's construct */
	struct outlets *outlets;
	struct import_source *current;	/* being read, for progress */
	struct unchanged *unchanged;	/* unchanged.h */
	struct known_parts *parts;	/* known_parts.h */
	struct archive *archive;	/* the one that is open; archive.h */
	struct lineage *lineages;	/* lineage.h */
	struct import_namesakes *namesakes;	/* namesake.h */
	struct awaited *awaited;	/* awaited.h */
	struct copies *copies;	/* copies.h */
	struct file_pool *pools;	/* file_pool.h */
	size_t plans;			/* bytes of the sources' plans */
	struct host_progress progress;	/* of sources that are done */
	/* Takes the records instead of a vault. */
	int (*sink)(void *arg, const struct record_parts *parts,
		    struct err *err);
	void *sink_arg;
	bool keeps_long;	/* texts stay texts, however long they are */
	struct buf *sink_blobs;	/* gets the bytes of blobs; NULL: nobody */
	struct buf clean;	/* what is being stored, without secrets */
	struct buf bare;	/* the same, without keys of settings */
};

/* Is what a capsule says of its machine to be emptied before storing? */
bool import_redacts(const struct import_job *job);

/* Are secrets to be replaced in what comes from this source? */
bool import_replaces_secrets(const struct import_job *job,
			     const struct import_source *source);

/*
 * Refuse the source: nothing of it is imported. at: where in it, or NULL.
 * Returns IMPORT_REFUSED, or ERR_NOMEM. import_refuse() says that it cannot be
 * read, import_decline() that it may not come in as it is.
 */
int import_refuse(struct import_source *source, const char *reason,
		  const char *at, struct err *err);
int import_decline(struct import_source *source, const char *reason,
		   const char *at, struct err *err);

/* The same with what an err says; "byte N" is taken from its text. */
int import_refuse_err(struct import_source *source, const struct err *why,
		      struct err *err);

/*
 * Note one thing that was left out, the rest being imported. Things of one
 * reason are told as one, with their number: so the reason says what kind of
 * thing it is, and nothing of this one. Does not count in source->read.
 */
MUST_USE int import_skip(struct import_source *source, const char *reason,
			 const char *at, struct err *err);

/* import_skip() of something that counts in source->read. */
MUST_USE int import_leave_out(struct import_source *source,
			      const char *reason, const char *at,
			      struct err *err);

/*
 * Note one thing that cannot be read, with its place in bytes from 0; counts
 * in source->read. Its bytes (may be absent) are kept where --keep-bad asks,
 * and always when they are many.
 */
#define IMPORT_LONG_BYTES ((size_t)64 << 20)
MUST_USE int import_malformed(struct import_job *job,
			      struct import_source *source,
			      const char *reason, uint64_t offset,
			      struct span bytes, struct err *err);

/* The same of what was too long to be held: len bytes of the file, which are
 * kept as far as it can be read again. */
MUST_USE int import_malformed_long(struct import_job *job,
				   struct import_source *source,
				   const char *reason, uint64_t offset,
				   uint64_t len, struct err *err);

/* Either of them of a line of a log. The last one of a live source that is torn is
 * no fault: it waits for the next time. */
MUST_USE int import_malformed_line(struct import_job *job,
				   struct import_source *source,
				   const struct value_line *line,
				   struct err *err);

/* The source is not what it was when it was read first, at this place: of a
 * live one the rest waits for the next time, of another it is malformed. */
MUST_USE int import_changed(struct import_job *job,
			    struct import_source *source, uint64_t offset,
			    struct err *err);

/*
 * Give a record to a construct (NULL: source->construct). Counts it as read
 * and imported. When the construct holds other records of the entity, it
 * stands on those that are not later (writer_add_source()). Values that are
 * too large become blobs.
 */
MUST_USE int import_put(struct import_job *job, struct import_source *source,
			const char *construct,
			const struct record_parts *parts, struct err *err);

/* The writer of a construct (its own name, valid), made where there is none;
 * for blobs. Borrowed until the next call. */
MUST_USE int import_writer(struct import_job *job, const char *construct,
			   struct writer **out, struct err *err);

/* Store bytes as a blob of a construct; append what refers to it. */
MUST_USE int import_blob(struct import_job *job, const char *construct,
			 struct span bytes, const char *media,
			 struct buf *ref, struct err *err);

/* What the source gave to this construct; NULL: nothing so far. */
struct import_share *import_share(struct import_source *source,
				  const char *construct);

/* Is this `at`, or time, over a day ahead of this machine's clock? Its record
 * is refused then, unless the job says that it is welcome. */
bool import_is_future(const struct import_job *job, struct span at);
bool import_is_future_time(const struct import_job *job, int64_t micros);
MUST_USE int import_leave_future(struct import_source *source,
				 struct span entity, struct err *err);

/* Refuse one record, the rest being imported; place: of the first of the
 * reason. Does not count in source->read. */
MUST_USE int import_refuse_part(struct import_source *source,
				const char *reason, struct span place,
				struct err *err);
#define IMPORT_FUTURE \
	"its time is over a day in the future: --allow-future takes it"

/* Is something of this time (microseconds, or INT64_MIN) wanted, or left out
 * by --since? What has no time is wanted. */
bool import_is_wanted(const struct import_job *job, int64_t micros);

#define IMPORT_FORGOTTEN "forgotten by an owner: not brought back"
#define IMPORT_STRAY "a symbolic link, or no regular file: not followed"

/* A sentence for the report. */
MUST_USE int import_note(struct import_source *source, struct err *err,
			 const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Set source->construct: --construct, else foreign made fit. Refuses. */
int import_name(const struct import_job *job, struct import_source *source,
		struct span foreign, struct err *err);

/* Tell a waiting person, now and then. */
void import_progress(struct import_job *job, uint64_t more);

#endif
