#include "cmd/action/resume/again.h"

#include <stdlib.h>

#include "cmd/import/copies.h"
#include "lib/base/table.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

static struct span remember_key_of(struct span entity)
{
	size_t slash = span_find(entity, "/", 0);

	return slash == SPAN_NOWHERE ? span_of(NULL, 0) :
	       span_of(entity.at + slash + 1, entity.len - slash - 1);
}

int again_note(struct resuming *resuming, struct span copy,
	       struct span original, struct err *err)
{
	buf_put_span(&resuming->messages, remember_key_of(copy));
	buf_put_char(&resuming->messages, '\t');
	buf_put_span(&resuming->messages, original);
	buf_put_char(&resuming->messages, '\n');
	return buf_end(&resuming->messages, err);
}

static int by_index(const void *a, const void *b)
{
	const struct said *x = *(const struct said *const *)a;
	const struct said *y = *(const struct said *const *)b;

	return x->index < y->index ? -1 : x->index > y->index;
}

/* Where each key of the noted ones stands. */
static int list_keys(const struct buf *messages, struct table *out,
		     struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct span rest = buf_span(messages);
	int rc = 0;

	while (rc == 0 && rest.len) {
		uint64_t at = (uint64_t)(rest.at - buf_text(messages));
		struct span line = span_take_line(&rest);

		sha256_of(line.at, span_find(line, "\t", 0), digest);
		rc = table_put(out, digest, at, err);
	}
	return rc;
}

/* Messages of the copy that say nothing of their own belong to the one that
 * they follow. */
static int note_others(struct resuming *resuming, struct err *err)
{
	const struct said_list *said = &resuming->back.transcript.said;
	const struct said **sorted = calloc(said->n + 1, sizeof(*sorted));
	struct table keys = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	struct buf others = BUF_INIT(BUF_NO_LIMIT);
	struct span last = resuming->made.passage.turns[0].entity;
	unsigned char digest[SHA256_BYTES];
	uint64_t at;
	size_t i;
	int rc = sorted ? list_keys(&resuming->messages, &keys, err) :
		 err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc == 0 && i < said->n; i++)
		sorted[i] = &said->at[i];
	if (rc == 0)
		qsort(sorted, said->n, sizeof(*sorted), by_index);
	for (i = 0; rc == 0 && i < said->n; i++) {
		struct span key = remember_key_of(buf_span(&sorted[i]->entity));
		struct span line;

		sha256_of(key.at, key.len, digest);
		if (table_get(&keys, digest, &at)) {
			line = span_of(buf_text(&resuming->messages) + at,
				       resuming->messages.len - (size_t)at);
			line = span_take_line(&line);
			last = span_of(line.at + key.len + 1,
				       line.len - key.len - 1);
			continue;
		}
		buf_put_span(&others, key);
		buf_put_char(&others, '\t');
		buf_put_span(&others, last);
		buf_put_char(&others, '\n');
	}
	if (rc == 0)
		buf_put_span(&resuming->messages, buf_span(&others));
	if (rc == 0)
		rc = buf_end(&resuming->messages, err);
	free(sorted);
	table_release(&keys);
	buf_release(&others);
	return rc;
}

/* How the messages of the session name each other, and where they end. */
static void describe(const struct transcript *transcript,
		     struct copy_made *out)
{
	struct span parent;
	size_t i;

	for (i = 0; i < transcript->said.n; i++) {
		const struct said *said = &transcript->said.at[i];

		if (said->index >= out->next)
			out->next = said->index + 1;
		if (jcs_find(buf_span(&said->state), "parent", &parent) &&
		    jcs_type_of(parent) == JCS_STRING)
			out->has_parents = true;
	}
}

int again_remember(struct resuming *resuming, struct err *err)
{
	struct copy_made made = {
		.copy = buf_span(&resuming->back.transcript.entity),
		.original = buf_span(&resuming->transcript.entity),
		.construct = resuming->ref.view->construct,
		.count = resuming->back.end,
	};
	const struct resume_file *file =
		&resuming->out.files.at[resuming->back.file];
	struct buf path = PATH_BUF_INIT;
	int rc = note_others(resuming, err);

	/* A log that sessions share is no copy as a whole. */
	if (rc == 0 && file->kind != RESUME_BEHIND)
		rc = buf_add_span(&path, buf_span(&file->path), err);
	/* As an import has it, though nothing is there yet. */
	if (rc == 0 && path.len)
		(void)!file_settle(&path, NULL);
	describe(&resuming->transcript, &made);
	made.path = buf_span(&path);
	made.messages = buf_span(&resuming->messages);
	if (rc == 0)
		rc = copies_remember(resuming->call->vault, &made, err);
	buf_release(&path);
	return rc;
}
