/* Records that a test of the fold makes: ids are free, which hashes are not. */
#ifndef VV_TESTS_FOLD_MADE_H
#define VV_TESTS_FOLD_MADE_H

#include "lib/id/cid.h"
#include "objects/fold/fold.h"
#include "tests/tap.h"

static const char *const test_sets[] = { "tags", NULL };
static const struct kind test_kind = {
	.name = "memory", .home = "memory", .sets = test_sets
};

struct made {
	struct fold_record *records;
	char (*ids)[CID_TEXT_MAX];
	char (*prevs)[1024];
	char (*ats)[64];
	size_t n;
};

static void made_init(struct made *made, size_t max)
{
	made->records = calloc(max, sizeof(*made->records));
	made->ids = calloc(max, sizeof(*made->ids));
	made->prevs = calloc(max, sizeof(*made->prevs));
	made->ats = calloc(max, sizeof(*made->ats));
	made->n = 0;
	if (!made->records || !made->ids || !made->prevs || !made->ats)
		bail_out("out of memory");
}

static void made_release(struct made *made)
{
	free(made->records);
	free(made->ids);
	free(made->prevs);
	free(made->ats);
}

/* prev: positions of earlier records, ended by -1; -2 is one that is missing */
static struct fold_record *make(struct made *made, const char *verb, int at,
				const int *prev, const char *data)
{
	struct fold_record *one = &made->records[made->n];
	char *text = made->prevs[made->n];
	char missing[CID_TEXT_MAX];
	size_t len = 0;

	memset(one, 0, sizeof(*one));
	one->id[0] = (unsigned char)((made->n * 151 + 77) & 0xff);
	one->id[1] = (unsigned char)(made->n >> 8);
	one->id[2] = (unsigned char)made->n;
	cid_text(CID_JSON, one->id, made->ids[made->n]);
	snprintf(made->ats[made->n], sizeof(made->ats[0]),
		 "2026-01-01T00:%02d:%02d.000000Z-0000-00000000", at / 60,
		 at % 60);
	cid_text_of(CID_JSON, span_str("missing"), missing);
	text[len++] = '[';
	for (; prev && *prev != -1; prev++)
		len += (size_t)snprintf(text + len, 1024 - len, "%s\"%s\"",
					len > 1 ? "," : "", *prev == -2 ?
					missing : made->ids[*prev]);
	text[len++] = ']';
	one->record.prev = span_of(text, len);
	one->record.verb = span_str(verb);
	one->record.at = span_str(made->ats[made->n]);
	one->record.data = span_str(data);
	one->record.kind = &test_kind;
	made->n++;
	return one;
}

#define PREV(...) ((const int[]){ __VA_ARGS__, -1 })

/* The state and its conflicts as one text: "{...} /path:w>l". */
static const char *fold_text(const struct fold_record *records, size_t n,
			     char *out, size_t size)
{
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct buf state = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	bool is_live = false;
	size_t len;
	size_t i;

	if (fold_entity(records, n, &state, &is_live, &conflicts, &err) < 0)
		bail_out("fold_entity: %s", err.text);
	len = (size_t)snprintf(out, size, "%s",
			       is_live ? buf_text(&state) : "gone");
	for (i = 0; i < conflicts.n && len < size; i++) {
		const struct fold_conflict *one = &conflicts.at[i];

		len += (size_t)snprintf(out + len, size - len, " %.*s:%d>%d",
					(int)one->path.len, one->path.at,
					one->winner[2], one->loser[2]);
	}
	fold_conflicts_release(&conflicts);
	buf_release(&state);
	return out;
}

#endif
