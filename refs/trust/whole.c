#include "refs/trust/whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "objects/store/census.h"
#include "refs/history/fork_refs.h"
#include "refs/history/reach.h"
#include "refs/history/ref_scan.h"
#include "refs/history/version.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/verified.h"

/*
 * The file: its first line, a line for each head, an empty one, the keys of
 * the census, a checksum of it all.
 */
#define FILE_NAME "whole"
#define FIRST_LINE "vvault whole 1\n"
#define FILE_MAX ((size_t)256 << 20)
#define SUM_BYTES sizeof(uint64_t)
#define HEADS "refs/heads/"

struct memory {
	struct head_list heads;
	struct table files;
};

#define MEMORY_INIT { HEAD_LIST_INIT, TABLE_INIT(CENSUS_KEY, TABLE_NO_LIMIT) }

static void memory_release(struct memory *memory)
{
	head_list_release(&memory->heads);
	table_release(&memory->files);
}

static bool line_parse(struct span line, struct head *out)
{
	char name[REF_NAME_MAX];
	size_t len = line.len > GIT_OID_HEXSZ ?
		     line.len - GIT_OID_HEXSZ - 1 : 0;

	if (!len || len >= sizeof(name) || line.at[len] != ' ')
		return false;
	memcpy(name, line.at, len);
	name[len] = '\0';
	return head_parse(name, out, NULL) == 0 &&
	       hex_decode(span_of(line.at + len + 1, GIT_OID_HEXSZ),
			  out->id.id, GIT_OID_RAWSZ);
}

static int files_parse(struct span keys, struct table *out, struct err *err)
{
	size_t at;
	int rc = 0;

	for (at = 0; rc == 0 && at + CENSUS_KEY <= keys.len; at += CENSUS_KEY)
		rc = table_include(out, keys.at + at, NULL, err);
	return rc;
}

/* Bytes that are whole, by their checksum. */
static int memory_parse(struct span text, struct memory *out, struct err *err)
{
	struct head head;
	int rc = 0;

	(void)span_take_line(&text);
	while (rc == 0 && text.len && *text.at != '\n')
		if (line_parse(span_take_line(&text), &head))
			rc = head_list_add(&out->heads, &head, err);
	if (rc == 0 && text.len)
		rc = files_parse(span_of(text.at + 1, text.len - 1),
				 &out->files, err);
	return rc;
}

/* One that is missing or torn remembers nothing, and all is looked at. */
static int memory_load(const struct vault *vault, struct memory *out,
		       struct err *err)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct span body = { NULL, 0 };
	uint64_t sum;
	int rc = 0;

	if (vault_local_read(vault, FILE_NAME, &text, NULL) == 0 &&
	    text.len >= strlen(FIRST_LINE) + SUM_BYTES) {
		body = span_of(text.data, text.len - SUM_BYTES);
		memcpy(&sum, body.at + body.len, SUM_BYTES);
		if (span_begins(body, FIRST_LINE) &&
		    sum == xxh64_of(body.at, body.len))
			rc = memory_parse(body, out, err);
	}
	buf_release(&text);
	return rc;
}

static int memory_text(const struct memory *memory, struct buf *out,
		       struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];
	uint64_t sum;
	size_t i;

	buf_put_str(out, FIRST_LINE);
	for (i = 0; i < memory->heads.n; i++) {
		const struct head *head = &memory->heads.at[i];

		hex_text(head->id.id, GIT_OID_RAWSZ, hex);
		buf_putf(out, "%s/%s %s\n", head->construct, head->device,
			 hex);
	}
	buf_put_char(out, '\n');
	for (i = 0; i < memory->files.count; i++)
		buf_put(out, table_key_at(&memory->files, i), CENSUS_KEY);
	sum = xxh64_of(out->data, out->len);
	buf_put(out, &sum, SUM_BYTES);
	return buf_end(out, err);
}

/* Without waiting for the disk: one that is torn only costs a look at all. */
static int memory_save(const struct vault *vault, const struct memory *memory,
		       struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(FILE_MAX);
	int rc = vault_local_path(vault, FILE_NAME, &path, err);

	if (rc == 0)
		rc = memory_text(memory, &text, err);
	if (rc == 0)
		rc = atomic_file_open(&file, buf_text(&path), 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, buf_span(&text), err);
	if (rc == 0)
		rc = atomic_file_publish_cache(&file, err);
	atomic_file_release(&file);
	/* The last file of a write: one that was killed did not get here. */
	if (rc == 0)
		vault_sweep_local(vault);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

/* Taken out of the heads, and kept apart: that is no loss. */
static bool is_set_apart(struct store *store, const struct head *head)
{
	return id_refs_has(store, QUARANTINE_PREFIX, head);
}

/* Whoever's head of its construct it is: what that one stands on is here. */
static int is_reached(struct vault *vault, const struct memory *now,
		      const struct head *head, bool *out, struct err *err)
{
	size_t i;
	int rc = 0;

	*out = false;
	for (i = 0; rc == 0 && !*out && i < now->heads.n; i++) {
		if (!strcmp(now->heads.at[i].construct, head->construct) &&
		    store_has(vault->store, &now->heads.at[i].id))
			rc = history_is_ancestor(vault->store, &head->id,
						 &now->heads.at[i].id, out,
						 err);
	}
	return rc;
}

/* A head that was verified here, and that no ref leads to. */
static int judge_left(struct vault *vault, const struct memory *now,
		      const git_oid *id, struct wholeness *out,
		      struct err *err)
{
	struct store *store = vault->store;
	struct version version;
	struct head head;
	bool is_fine = false;
	int rc = 0;

	version_init(&version);
	memset(&head, 0, sizeof(head));
	head.id = *id;
	if (version_read(vault->store, id, &version, NULL) < 0) {
		rc = table_include(&out->holes, id->id, NULL, err);
		goto out;
	}
	memcpy(head.construct, version.construct, sizeof(head.construct));
	did_short(version.device, head.device);
	if (head_list_find(&out->damaged, &head) || is_set_apart(store, &head))
		goto out;
	rc = is_reached(vault, now, &head, &is_fine, err);
	if (rc == 0 && !is_fine)
		rc = head_list_add(&out->lost, &head, err);
out:
	version_release(&version);
	return rc;
}

/*
 * Refs that went back: the ledger knows what stood there. It is written once
 * refs have moved, so it is never ahead of those that are read after it.
 */
static int find_back(struct vault *vault, const struct memory *now,
		     struct wholeness *out, struct err *err)
{
	struct table standing = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct head_list newest = HEAD_LIST_INIT;
	size_t i;
	int rc = vault->verified ?
		 verified_newest(vault->verified, &newest, err) : 0;

	for (i = 0; rc == 0 && i < now->heads.n; i++)
		rc = table_include(&standing, now->heads.at[i].id.id, NULL, err);
	for (i = 0; rc == 0 && i < newest.n; i++) {
		if (!table_get(&standing, newest.at[i].id.id, NULL))
			rc = judge_left(vault, now, &newest.at[i].id, out,
					err);
	}
	table_release(&standing);
	head_list_release(&newest);
	return rc;
}

/* Refs that are gone, or no refs any more, with what is remembered of them. */
static int find_lost(struct vault *vault, const struct memory *memory,
		     const struct memory *now, struct wholeness *out,
		     struct err *err)
{
	struct store *store = vault->store;
	struct head_list back;
	const struct head *known;
	size_t back_n, i;
	int rc;

	for (i = 0; i < out->damaged.n; i++) {
		known = head_list_find(&memory->heads, &out->damaged.at[i]);
		if (known)
			out->damaged.at[i].id = known->id;
	}
	rc = find_back(vault, now, out, err);
	head_list_sort(&out->lost);
	back_n = out->lost.n;
	for (i = 0; rc == 0 && i < memory->heads.n; i++) {
		back = out->lost;
		back.n = back_n;
		known = &memory->heads.at[i];
		if (!head_list_find(&now->heads, known) &&
		    !head_list_find(&out->damaged, known) &&
		    !head_list_find(&back, known) && !is_set_apart(store, known))
			rc = head_list_add(&out->lost, known, err);
	}
	return rc;
}

/* Second lines first: one that goes meanwhile is in a head by then. */
static int read_now(struct vault *vault, struct memory *out,
		    struct head_list *damaged, struct err *err)
{
	struct store *store = vault->store;
	const struct refs_found found = { &out->heads, damaged };
	struct head_list forks = HEAD_LIST_INIT;
	size_t strays;
	size_t i;
	int rc = store_census_files(vault->store, &out->files, err);

	if (rc == 0)
		rc = fork_refs_list(store, NULL, &forks, err);
	if (rc == 0)
		rc = refs_scan(store, HEADS, NULL, &found, &strays, err);
	for (i = 0; rc == 0 && i < forks.n; i++)
		rc = head_list_add(&out->heads, &forks.at[i], err);
	head_list_sort(&out->heads);
	head_list_release(&forks);
	return rc;
}

/* Nothing of what held the remembered heads has gone or was written to. */
static bool is_untouched(const struct memory *memory,
			 const struct memory *now)
{
	size_t i;

	for (i = 0; i < memory->files.count; i++) {
		if (!table_get(&now->files, table_key_at(&memory->files, i),
			       NULL))
			return false;
	}
	return memory->files.count;
}

static bool is_of(const struct head_list *list, size_t at,
		  const char *construct)
{
	return at < list->n && !strcmp(list->at[at].construct, construct);
}

/*
 * What is remembered of the constructs that have moved, both lists being
 * sorted: others have nothing to do with it, and to read thousands of their
 * versions after each write is most of what the write costs.
 */
static size_t hide_moved(const struct memory *memory, const struct memory *now,
			 const struct table *known, git_oid *out)
{
	const struct head_list *heads = &now->heads;
	size_t i = 0, j = 0, n = 0;

	while (i < heads->n) {
		const char *construct = heads->at[i].construct;
		bool has_moved = false;

		for (; is_of(heads, i, construct); i++)
			has_moved |= !table_get(known, heads->at[i].id.id,
						NULL);
		while (j < memory->heads.n &&
		       strcmp(memory->heads.at[j].construct, construct) < 0)
			j++;
		for (; is_of(&memory->heads, j, construct); j++) {
			if (has_moved)
				out[n++] = memory->heads.at[j].id;
		}
	}
	return n;
}

/*
 * Behind the heads that are not known to be whole. Where files have gone or
 * were written to, and it was none of us, all is read.
 */
static int find_holes(struct vault *vault, const struct memory *memory,
		      const struct memory *now, bool is_ours,
		      struct table *out, struct err *err)
{
	struct table known = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	git_oid *ids = calloc(now->heads.n + memory->heads.n + 1,
			      sizeof(*ids));
	struct history_range range = { ids, 0, NULL, 0 };
	bool is_known = is_untouched(memory, now);
	size_t i;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && is_known && i < memory->heads.n; i++)
		rc = table_include(&known, memory->heads.at[i].id.id, NULL, err);
	for (i = 0; i < now->heads.n; i++) {
		if (!table_get(&known, now->heads.at[i].id.id, NULL))
			ids[range.heads_n++] = now->heads.at[i].id;
	}
	range.hide = ids + range.heads_n;
	if (is_known)
		range.hide_n = hide_moved(memory, now, &known,
					  ids + range.heads_n);
	if (rc == 0)
		rc = store_refresh(vault->store, err);
	if (rc == 0 && range.heads_n)
		rc = reach_holes(vault->store, &range,
				 memory->files.count && !is_known && !is_ours,
				 NULL, out, err);
	table_release(&known);
	free(ids);
	return rc;
}

static bool is_equal(const struct memory *a, const struct memory *b)
{
	size_t i;

	if (a->files.count != b->files.count || a->heads.n != b->heads.n)
		return false;
	for (i = 0; i < a->heads.n; i++) {
		if (!head_equals(&a->heads.at[i], &b->heads.at[i]))
			return false;
	}
	return is_untouched(a, b);
}

/* What was not verified here was never this vault's, and is not missed. */
static void drop_unverified(const struct vault *vault, struct head_list *heads)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; vault->verified && i < heads->n; i++) {
		if (verified_get(vault->verified, &heads->at[i]) != VOUCH_NONE)
			heads->at[kept++] = heads->at[i];
	}
	if (vault->verified)
		heads->n = kept;
}

/* What is lost is remembered until it is found. */
static int remember(struct vault *vault, const struct memory *memory,
		    struct memory *now, const struct wholeness *whole,
		    struct err *err)
{
	size_t i;
	int rc = 0;

	drop_unverified(vault, &now->heads);
	for (i = 0; rc == 0 && i < whole->lost.n; i++)
		rc = head_list_add(&now->heads, &whole->lost.at[i], err);
	for (i = 0; rc == 0 && i < whole->damaged.n; i++) {
		if (!git_oid_is_zero(&whole->damaged.at[i].id))
			rc = head_list_add(&now->heads, &whole->damaged.at[i],
					   err);
	}
	head_list_sort(&now->heads);
	if (rc < 0 || is_equal(memory, now))
		return rc;
	/* On a disk that cannot be written all is looked at each time. */
	(void)!memory_save(vault, now, NULL);
	return 0;
}

/* What stands now, beside what is remembered. */
static int look(struct vault *vault, struct memory *memory, struct memory *now,
		struct wholeness *out, struct err *err)
{
	int rc = memory_load(vault, memory, err);

	if (rc == 0)
		rc = read_now(vault, now, &out->damaged, err);
	return rc < 0 ? rc : find_lost(vault, memory, now, out, err);
}

static int check(struct vault *vault, bool is_ours, struct wholeness *out,
		 struct err *err)
{
	struct memory memory = MEMORY_INIT;
	struct memory now = MEMORY_INIT;
	int rc = look(vault, &memory, &now, out, err);

	if (rc == 0)
		rc = find_holes(vault, &memory, &now, is_ours, &out->holes,
				err);
	if (rc == 0 && !out->holes.count && now.heads.n)
		rc = remember(vault, &memory, &now, out, err);
	memory_release(&memory);
	memory_release(&now);
	return rc;
}

int whole_check(struct vault *vault, struct wholeness *out, struct err *err)
{
	return check(vault, false, out, err);
}

int whole_refs(struct vault *vault, struct wholeness *out, struct err *err)
{
	struct memory memory = MEMORY_INIT;
	struct memory now = MEMORY_INIT;
	int rc = look(vault, &memory, &now, out, err);

	memory_release(&memory);
	memory_release(&now);
	return rc;
}

int whole_renew(struct vault *vault, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	int rc = check(vault, true, &whole, err);

	wholeness_release(&whole);
	return rc;
}

bool whole_is(const struct wholeness *whole)
{
	return !whole->holes.count && !whole->lost.n && !whole->damaged.n;
}

void wholeness_release(struct wholeness *whole)
{
	table_release(&whole->holes);
	head_list_release(&whole->lost);
	head_list_release(&whole->damaged);
}

int whole_forget(struct vault *vault, const struct head *head,
		 struct err *err)
{
	struct memory memory = MEMORY_INIT;
	size_t kept = 0;
	size_t i;
	int rc = memory_load(vault, &memory, err);

	for (i = 0; i < memory.heads.n; i++) {
		if (!head_equals(&memory.heads.at[i], head))
			memory.heads.at[kept++] = memory.heads.at[i];
	}
	if (rc == 0 && kept < memory.heads.n) {
		memory.heads.n = kept;
		rc = memory_save(vault, &memory, err);
	}
	memory_release(&memory);
	return rc;
}
