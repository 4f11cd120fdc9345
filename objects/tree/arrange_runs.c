#include "objects/tree/arrange_runs.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/tree/arrange_internal.h"

#define PIECE_BYTES ((size_t)64 << 10)
#define PREFIXES 4096u		/* of three digits */
#define DIGIT_BITS 4

/* What waits for the places that begin with three digits. */
struct tally {
	uint64_t bytes;
	uint32_t records;
};

/* A folder of the tree, by its plain name, which is a constant. */
struct dir {
	const char *name;
	struct tally *tallies;		/* PREFIXES of them */
};

/* Sorted records; while they are merged, the piece that is being read. */
struct run {
	struct spill_piece *pieces;
	size_t n;
	size_t cap;
	size_t next;
	struct buf text;
	size_t pos;
};

struct arrange_runs {
	struct spill *spill;
	uint64_t load_bytes;
	struct buf piece;
	struct run *runs;
	size_t n;
	size_t cap;
	struct dir *dirs;
	size_t dirs_n;
	size_t dirs_cap;
};

/* A record in a piece: this, then its line. */
struct waiting {
	struct arrange_record record;	/* pointers into the line are not */
	size_t at_offset;		/* of `at` in the line */
};

static unsigned prefix_of(const unsigned char hash[PLACE_HASH_BYTES])
{
	return (unsigned)hash[0] << DIGIT_BITS | hash[1] >> DIGIT_BITS;
}

int arrange_runs_new(struct spill *spill, uint64_t load_bytes,
		     struct arrange_runs **out, struct err *err)
{
	struct arrange_runs *runs = calloc(1, sizeof(*runs));

	if (!runs)
		return err_set(err, ERR_NOMEM, "out of memory");
	runs->spill = spill;
	runs->load_bytes = load_bytes;
	runs->piece = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	*out = runs;
	return 0;
}

void arrange_runs_free(struct arrange_runs *runs)
{
	size_t i;

	if (!runs)
		return;
	for (i = 0; i < runs->n; i++) {
		free(runs->runs[i].pieces);
		buf_wipe(&runs->runs[i].text);
	}
	for (i = 0; i < runs->dirs_n; i++)
		free(runs->dirs[i].tallies);
	free(runs->dirs);
	free(runs->runs);
	buf_wipe(&runs->piece);
	free(runs);
}

static int find_dir(struct arrange_runs *runs, const char *name,
		    struct dir **out, struct err *err)
{
	struct tally *tallies;
	size_t i;
	int rc;

	for (i = 0; i < runs->dirs_n; i++) {
		*out = &runs->dirs[i];
		if (!strcmp(name, runs->dirs[i].name))
			return 0;
	}
	tallies = calloc(PREFIXES, sizeof(*tallies));
	if (!tallies)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = array_room_in(runs->dirs, runs->dirs_n, runs->dirs_cap, err);
	if (rc < 0) {
		free(tallies);
		return rc;
	}
	*out = &runs->dirs[runs->dirs_n++];
	**out = (struct dir){ name, tallies };
	return 0;
}

static int flush_piece(struct arrange_runs *runs, struct run *run,
		       struct err *err)
{
	int rc;

	if (!runs->piece.len)
		return 0;
	rc = array_room_in(run->pieces, run->n, run->cap, err);
	if (rc == 0)
		rc = spill_add(runs->spill, buf_span(&runs->piece),
			       &run->pieces[run->n], err);
	if (rc == 0)
		run->n++;
	buf_reset(&runs->piece);
	return rc;
}

static int put_record(struct arrange_runs *runs,
		      const struct arrange_record *record, struct err *err)
{
	struct span line = record->line.line;
	struct waiting waiting;
	struct tally *tally;
	struct dir *dir = NULL;
	int rc = find_dir(runs, record->dir, &dir, err);

	if (rc < 0)
		return rc;
	memset(&waiting, 0, sizeof(waiting));
	waiting.record = *record;
	waiting.at_offset = (size_t)(record->line.at.at - line.at);
	rc = buf_add(&runs->piece, &waiting, sizeof(waiting), err);
	if (rc == 0)
		rc = buf_add_span(&runs->piece, line, err);
	tally = &dir->tallies[prefix_of(record->hash)];
	tally->bytes += line.len;
	tally->records++;
	return rc;
}

int arrange_runs_add(struct arrange_runs *runs, struct arrange_record *records,
		     size_t n, struct err *err)
{
	struct run *run;
	size_t i;
	int rc;

	rc = array_room_in(runs->runs, runs->n, runs->cap, err);
	if (rc < 0)
		return rc;
	run = &runs->runs[runs->n++];
	*run = (struct run){ .text = BUF_INIT(BUF_NO_LIMIT) };
	n = arrange_sort(records, n);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = put_record(runs, &records[i], err);
		if (rc == 0 && runs->piece.len >= PIECE_BYTES)
			rc = flush_piece(runs, run, err);
	}
	return rc < 0 ? rc : flush_piece(runs, run, err);
}

/* Records that were read back, with their lines. */
struct loaded {
	struct arrange_record *at;
	size_t n;
	struct buf lines;		/* never moves */
};

/* The record that a run is at; false at its end. */
static int run_peek(struct arrange_runs *runs, struct run *run,
		    struct waiting *out, bool *out_is_there, struct err *err)
{
	int rc = 0;

	if (run->pos == run->text.len && run->next < run->n) {
		rc = spill_read(runs->spill, &run->pieces[run->next++],
				&run->text, err);
		run->pos = 0;
	}
	*out_is_there = rc == 0 && run->pos < run->text.len;
	if (*out_is_there)
		memcpy(out, run->text.data + run->pos, sizeof(*out));
	return rc;
}

static int take_record(struct run *run, const struct waiting *waiting,
		       struct loaded *loaded, struct err *err)
{
	struct arrange_record *record = &loaded->at[loaded->n];
	size_t len = waiting->record.line.line.len;
	const char *line = loaded->lines.data + loaded->lines.len;
	int rc = buf_add(&loaded->lines, run->text.data + run->pos +
			 sizeof(*waiting), len, err);

	if (rc < 0)
		return rc;
	*record = waiting->record;
	record->line.line.at = line;
	record->line.at.at = line + waiting->at_offset;
	run->pos += sizeof(*waiting) + len;
	loaded->n++;
	return 0;
}

/* What all runs have below `end` in that dir: it is next in each. */
static int load_below(struct arrange_runs *runs, const char *dir, unsigned end,
		      struct loaded *loaded, struct err *err)
{
	struct waiting waiting;
	bool is_there;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < runs->n; i++) {
		struct run *run = &runs->runs[i];

		for (;;) {
			rc = run_peek(runs, run, &waiting, &is_there, err);
			if (rc < 0 || !is_there ||
			    strcmp(waiting.record.dir, dir) ||
			    prefix_of(waiting.record.hash) >= end)
				break;
			rc = take_record(run, &waiting, loaded, err);
			if (rc < 0)
				break;
		}
	}
	return rc;
}

/* One merge at work, in one dir. */
struct merge {
	struct arrange_runs *runs;
	const struct dir *dir;
	struct arranger arranger;
	char name[PLACE_NAME_LEN + 1];
};

static int load_and_settle(struct merge *merge, const struct tally *total,
			   unsigned depth, unsigned end, struct err *err)
{
	struct loaded loaded = { .lines = BUF_INIT(BUF_NO_LIMIT) };
	struct place place;
	int rc;

	loaded.at = malloc((total->records + (size_t)1) * sizeof(*loaded.at));
	if (!loaded.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = buf_reserve(&loaded.lines, total->bytes, err);
	if (rc == 0)
		rc = load_below(merge->runs, merge->dir->name, end, &loaded,
				err);
	if (rc == 0 && loaded.n) {
		loaded.n = arrange_sort(loaded.at, loaded.n);
		place_of_hash(merge->name, loaded.at[0].hash, depth, false,
			      &place);
		rc = arrange_settle(&merge->arranger, &place, loaded.at,
				    loaded.n, err);
	}
	buf_wipe(&loaded.lines);
	free(loaded.at);
	return rc;
}

/*
 * The places that begin with the first `depth` digits of `first`. What is too
 * much to be loaded makes more segments than one place takes, so it is clear
 * without reading it that it goes one digit down.
 */
static int merge_place(struct merge *merge, unsigned depth, unsigned first,
		       struct err *err)
{
	unsigned width = PREFIXES >> DIGIT_BITS * depth;
	struct tally total = { 0, 0 };
	unsigned i;
	int rc = 0;

	for (i = first; i < first + width; i++) {
		total.bytes += merge->dir->tallies[i].bytes;
		total.records += merge->dir->tallies[i].records;
	}
	if (!total.records)
		return 0;
	if (total.bytes <= merge->runs->load_bytes || depth == TREE_DIGITS)
		return load_and_settle(merge, &total, depth, first + width,
				       err);
	for (i = 0; rc == 0 && i < 1u << DIGIT_BITS; i++)
		rc = merge_place(merge, depth + 1,
				 first + i * (width >> DIGIT_BITS), err);
	return rc;
}

static int dir_order(const void *left, const void *right)
{
	const struct dir *a = left;
	const struct dir *b = right;

	return strcmp(a->name, b->name);
}

int arrange_runs_write(struct arrange_runs *runs, struct store *store,
		       struct codec *codec, struct tree_segments *out,
		       struct err *err)
{
	struct merge merge = { .runs = runs };
	size_t out_n = out->n;
	size_t i;
	int rc = 0;

	arranger_init(&merge.arranger, store, codec, out);
	if (runs->dirs_n)
		qsort(runs->dirs, runs->dirs_n, sizeof(*runs->dirs),
		      dir_order);
	for (i = 0; rc == 0 && i < runs->dirs_n; i++) {
		merge.dir = &runs->dirs[i];
		codec_dir_name(codec, merge.dir->name, merge.name);
		rc = merge_place(&merge, 0, 0, err);
	}
	if (rc < 0)
		out->n = out_n;
	arranger_release(&merge.arranger);
	return rc;
}
