#include "refs/trust/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/quarantine.h"
#include "refs/vault/remotes.h"

/*
 * One line per ref: <construct>/<device> <seq> <digest> <id>. The digest is
 * what a host cannot fake; the id finds the version. The last line is a
 * checksum of all before it: "sum <16 hex digits>".
 */
#define UNSORTED_MAX 64
#define MARKS_MAX ((size_t)64 << 20)
#define FIRST_LINE "vvault marks 1\n"
#define SUM_WORD "sum "
#define SUM_LINE (sizeof(SUM_WORD) - 1 + HEX_TEXT(sizeof(uint64_t)) + 1)

static int marks_path(struct vault *vault, const char *remote, bool makes,
		      struct buf *out, struct err *err)
{
	char inner[REMOTE_NAME_MAX + 16];
	int rc = vault_local_path(vault, "marks", out, err);

	if (rc == 0 && makes)
		rc = dir_make(buf_text(out), 0700, err);
	snprintf(inner, sizeof(inner), "marks/%s", remote);
	return rc < 0 ? rc : vault_local_path(vault, inner, out, err);
}

void marks_release(struct marks *marks)
{
	free(marks->at);
	memset(marks, 0, sizeof(*marks));
}

static int marks_add(struct marks *marks, const struct mark *mark,
		     struct err *err)
{
	int rc = array_room(marks, err);

	if (rc == 0)
		marks->at[marks->n++] = *mark;
	return rc;
}

/* The next word of a line; empty at its end. */
static struct span word_take(struct span *line)
{
	const char *blank = line->len ? memchr(line->at, ' ', line->len) :
					NULL;
	size_t len = blank ? (size_t)(blank - line->at) : line->len;
	struct span word = span_of(line->at, len);

	len += blank != NULL;
	*line = span_of(line->at + len, line->len - len);
	return word;
}

static bool line_parse(struct span line, struct mark *out)
{
	char name[REF_NAME_MAX];
	struct span word = word_take(&line);
	size_t i;

	memset(out, 0, sizeof(*out));
	if (word.len >= sizeof(name))
		return false;
	memcpy(name, word.at, word.len);
	name[word.len] = '\0';
	if (head_parse(name, &out->head, NULL) < 0)
		return false;
	word = word_take(&line);
	for (i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || i > 18)
			return false;
		out->seq = out->seq * 10 + (uint64_t)(word.at[i] - '0');
	}
	if (!out->seq || !hex_decode(word_take(&line), out->digest,
				     SHA256_BYTES))
		return false;
	return hex_decode(line, out->head.id.id, GIT_OID_RAWSZ);
}

static bool is_intact(struct span text)
{
	size_t len = text.len < SUM_LINE ? 0 : text.len - SUM_LINE;
	char line[SUM_LINE + 1];

	snprintf(line, sizeof(line), SUM_WORD "%016llx\n",
		 (unsigned long long)xxh64_of(text.at, len));
	return len && span_begins(text, FIRST_LINE) &&
	       !memcmp(text.at + len, line, SUM_LINE);
}

/* Lines that say nothing are passed over: the first, the last, and whatever
 * is damaged. */
static int marks_parse(struct span text, struct marks *out, struct err *err)
{
	struct mark mark;
	int rc = 0;

	out->is_damaged = !is_intact(text);
	while (rc == 0 && text.len)
		if (line_parse(span_take_line(&text), &mark))
			rc = marks_add(out, &mark, err);
	return rc;
}

static int by_head(const void *a, const void *b)
{
	const struct mark *one = a;
	const struct mark *two = b;
	int order = strcmp(one->head.construct, two->head.construct);

	return order ? order : strcmp(one->head.device, two->head.device);
}

static void marks_sort(struct marks *marks)
{
	if (marks->n > 1)
		qsort(marks->at, marks->n, sizeof(*marks->at), by_head);
	marks->sorted_n = marks->n;
}

/* Where a remote was seen last, by the refs that say so. */
static int tracking_read(struct vault *vault, const char *remote,
			 struct head_list *good, struct head_list *damaged,
			 struct err *err)
{
	struct store *store = vault->store;
	char prefix[REMOTE_NAME_MAX + 16];
	int rc;

	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", remote);
	rc = heads_list(store, prefix, NULL, good, NULL, err);
	return rc < 0 ? rc : refs_damaged(store, prefix, damaged, err);
}

/* The file is not there: was it ever? */
static int find_lost(struct vault *vault, const char *remote, bool *out,
		     struct err *err)
{
	struct head_list good = HEAD_LIST_INIT;
	struct head_list damaged = HEAD_LIST_INIT;
	int rc = tracking_read(vault, remote, &good, &damaged, err);

	*out = good.n || damaged.n;
	head_list_release(&good);
	head_list_release(&damaged);
	return rc;
}

int marks_load(struct vault *vault, const char *remote, struct marks *out,
	       struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(MARKS_MAX);
	int rc = marks_path(vault, remote, false, &path, err);

	if (rc == 0 && file_exists(buf_text(&path))) {
		rc = file_read(buf_text(&path), MARKS_MAX, &text, err);
		if (rc == 0)
			rc = marks_parse(buf_span(&text), out, err);
		marks_sort(out);
	} else if (rc == 0) {
		rc = find_lost(vault, remote, &out->is_damaged, err);
	}
	buf_release(&text);
	buf_release(&path);
	return rc;
}

int marks_save(struct vault *vault, const char *remote,
	       struct marks *marks, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(MARKS_MAX);
	char digest[HEX_TEXT(SHA256_BYTES) + 1];
	char id[GIT_OID_HEXSZ + 1];
	size_t i;
	int rc = marks_path(vault, remote, true, &path, err);

	marks_sort(marks);
	if (rc == 0)
		buf_put_str(&text, FIRST_LINE);
	for (i = 0; rc == 0 && i < marks->n; i++) {
		const struct mark *mark = &marks->at[i];

		hex_text(mark->digest, SHA256_BYTES, digest);
		hex_text(mark->head.id.id, GIT_OID_RAWSZ, id);
		buf_putf(&text, "%s/%s %llu %s %s\n", mark->head.construct,
			 mark->head.device, (unsigned long long)mark->seq,
			 digest, id);
	}
	buf_putf(&text, SUM_WORD "%016llx\n",
		 (unsigned long long)xxh64_of(text.data, text.len));
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(&text), 0600,
				       err);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

int marks_remove(struct vault *vault, const char *remote, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = marks_path(vault, remote, true, &path, err);

	if (rc == 0)
		rc = file_remove(buf_text(&path), err);
	buf_release(&path);
	return rc;
}

const struct mark *marks_find(const struct marks *marks,
			      const struct head *head)
{
	struct mark wanted = { .head = *head };
	const struct mark *found = NULL;
	size_t i;

	if (marks->sorted_n)
		found = bsearch(&wanted, marks->at, marks->sorted_n,
				sizeof(wanted), by_head);
	if (found)
		return found;
	for (i = marks->sorted_n; i < marks->n; i++) {
		const struct head *known = &marks->at[i].head;

		if (!strcmp(known->device, head->device) &&
		    !strcmp(known->construct, head->construct))
			return &marks->at[i];
	}
	return NULL;
}

static void forget(struct marks *marks, const struct head *head)
{
	struct mark *mark = (struct mark *)marks_find(marks, head);

	if (!mark || !git_oid_equal(&mark->head.id, &head->id))
		return;
	*mark = marks->at[--marks->n];
	marks_sort(marks);
}

int marks_prune(struct marks *marks, struct vault *vault, struct err *err)
{
	struct head_list out = HEAD_LIST_INIT;
	size_t i;
	int rc = quarantine_list(vault, &out, err);

	for (i = 0; rc == 0 && i < out.n; i++)
		forget(marks, &out.at[i]);
	head_list_release(&out);
	return rc;
}

int marks_forget(struct vault *vault, const char *remote,
		 const struct head *head, struct err *err)
{
	struct marks marks = MARKS_INIT;
	size_t before;
	int rc = marks_load(vault, remote, &marks, err);

	before = marks.n;
	/* Damaged ones are made anew without what is in quarantine. */
	if (rc == 0 && !marks.is_damaged)
		forget(&marks, head);
	if (rc == 0 && marks.n < before)
		rc = marks_save(vault, remote, &marks, err);
	marks_release(&marks);
	return rc;
}

int marks_set(struct marks *marks, struct vault *vault,
	      const struct head *head, struct err *err)
{
	struct mark *known = (struct mark *)marks_find(marks, head);
	struct mark mark = { .head = *head };
	struct version version;
	int rc;

	if (known && git_oid_equal(&known->head.id, &head->id))
		return 0;
	version_init(&version);
	rc = version_read(vault->store, &head->id, &version, err);
	if (rc == 0) {
		mark.seq = version.seq;
		memcpy(mark.digest, version.digest, SHA256_BYTES);
		if (known)
			*known = mark;
		else
			rc = marks_add(marks, &mark, err);
	}
	if (marks->n - marks->sorted_n > UNSORTED_MAX)
		marks_sort(marks);
	version_release(&version);
	return rc;
}

/* Is a version of that very ref here? */
static bool is_of_ref(struct vault *vault, const struct head *head)
{
	char device[DID_SHORT_MAX] = "";
	struct version version;
	bool is;

	version_init(&version);
	is = version_read(vault->store, &head->id, &version, NULL) == 0;
	if (is)
		did_short(version.device, device);
	is = is && !strcmp(device, head->device) &&
	     !strcmp(version.construct, head->construct);
	version_release(&version);
	return is;
}

/* The newer of two of one ref stays. */
static int raise(struct vault *vault, struct marks *marks,
		 const struct head *head, struct err *err)
{
	const struct mark *known = marks_find(marks, head);

	if (!is_of_ref(vault, head) ||
	    (known && is_behind(vault->store, &head->id, &known->head.id)))
		return 0;
	return marks_set(marks, vault, head, err);
}

static int marks_tell(const char *remote, size_t n, size_t lost,
		      struct problem_list *told, struct err *err)
{
	char message[256];
	int len = snprintf(message, sizeof(message), "what is known of where "
			   "its refs stood was lost or damaged, and is made "
			   "anew: %zu refs", n);

	if (lost && len > 0)
		snprintf(message + len, sizeof(message) - (size_t)len,
			 "; %zu are not to be found, and should the remote go "
			 "back there, nobody would notice", lost);
	return problem_list_add(told, lost ? "damaged-marks" : "healed",
				remote, message, err);
}

int marks_mend(struct vault *vault, const char *remote, struct marks *marks,
	       struct problem_list *told, struct err *err)
{
	struct head_list seen = HEAD_LIST_INIT;
	struct head_list damaged = HEAD_LIST_INIT;
	struct marks made = MARKS_INIT;
	size_t lost = 0;
	size_t i;
	int rc;

	if (!marks->is_damaged)
		return 0;
	rc = tracking_read(vault, remote, &seen, &damaged, err);
	for (i = 0; rc == 0 && i < marks->n; i++)
		rc = raise(vault, &made, &marks->at[i].head, err);
	for (i = 0; rc == 0 && i < seen.n; i++)
		rc = raise(vault, &made, &seen.at[i], err);
	for (i = 0; i < seen.n; i++)
		lost += !marks_find(&made, &seen.at[i]);
	for (i = 0; i < damaged.n; i++)
		lost += !marks_find(&made, &damaged.at[i]);
	if (rc == 0)
		rc = marks_prune(&made, vault, err);
	if (rc == 0)
		rc = marks_save(vault, remote, &made, err);
	if (rc == 0)
		rc = marks_tell(remote, made.n, lost, told, err);
	if (rc == 0) {
		marks_release(marks);
		*marks = made;
		made = (struct marks)MARKS_INIT;
	}
	marks_release(&made);
	head_list_release(&seen);
	head_list_release(&damaged);
	return rc;
}
