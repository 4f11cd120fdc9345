#include "refs/remote/remote_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dir.h"
#include "lib/encode.h"
#include "lib/file.h"
#include "refs/history.h"
#include "refs/quarantine.h"

/*
 * One line per ref: <construct>/<device> <seq> <digest> <id>. The digest is
 * what a host cannot fake; the id finds the version.
 */
#define UNSORTED_MAX 64
#define MARKS_MAX ((size_t)64 << 20)
#define FIRST_LINE "vvault marks 1\n"

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
	struct mark *grown;
	size_t cap;

	if (marks->n == marks->cap) {
		cap = marks->cap ? marks->cap * 2 : 16;
		grown = realloc(marks->at, cap * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		marks->at = grown;
		marks->cap = cap;
	}
	marks->at[marks->n++] = *mark;
	return 0;
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

static int parse(struct span text, const char *path, struct marks *out,
		 struct err *err)
{
	const size_t first = strlen(FIRST_LINE);
	const char *end;
	struct mark mark;
	size_t len;
	int rc = 0;

	if (!span_begins(text, FIRST_LINE))
		return err_set(err, ERR_CORRUPT, "'%s' is damaged", path);
	text = span_of(text.at + first, text.len - first);
	while (rc == 0 && text.len) {
		end = memchr(text.at, '\n', text.len);
		len = end ? (size_t)(end - text.at) : text.len;
		if (!end || !line_parse(span_of(text.at, len), &mark))
			return err_set(err, ERR_CORRUPT, "'%s' is damaged",
				       path);
		rc = marks_add(out, &mark, err);
		text = span_of(text.at + len + 1, text.len - len - 1);
	}
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

int marks_load(struct vault *vault, const char *remote, struct marks *out,
	       struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(MARKS_MAX);
	int rc = marks_path(vault, remote, false, &path, err);

	if (rc == 0 && file_exists(buf_text(&path))) {
		rc = file_read(buf_text(&path), MARKS_MAX, &text, err);
		if (rc == 0)
			rc = parse(buf_span(&text), buf_text(&path), out,
				   err);
		marks_sort(out);
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
		rc = buf_add_str(&text, FIRST_LINE, err);
	for (i = 0; rc == 0 && i < marks->n; i++) {
		const struct mark *mark = &marks->at[i];

		hex_text(mark->digest, SHA256_BYTES, digest);
		hex_text(mark->head.id.id, GIT_OID_RAWSZ, id);
		rc = buf_printf(&text, err, "%s/%s %llu %s %s\n",
				mark->head.construct, mark->head.device,
				(unsigned long long)mark->seq, digest, id);
	}
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
	struct marks marks = { NULL, 0, 0, 0 };
	size_t before;
	int rc = marks_load(vault, remote, &marks, err);

	before = marks.n;
	if (rc == 0)
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
