#include "cmd/acu/acu.h"

#include <stdlib.h>

#include "refs/view/find.h"

/* The entity that a word names: itself, or what a record speaks of. */
static int resolve(struct acu_lineage *lineage, const char *word, struct buf *out,
		   struct err *err)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	struct record record;
	int rc;

	if (span_begins(span_str(word), "acu:"))
		return buf_add_str(out, word, err);
	rc = vault_find(lineage->job->vault, span_str(word), &line, err);
	if (rc == 0)
		rc = record_parse(buf_span(&line), &record, err);
	if (rc < 0)
		goto out;
	if (strcmp(record.kind->name, "acu"))
		rc = err_set(err, ERR_INVALID, "record '%s' speaks of no acu",
			     word);
	else
		rc = buf_add_span(out, record.entity, err);
out:
	buf_release(&line);
	return rc;
}

struct sighting {
	struct acu_lineage *lineage;
	bool is_live;
};

static int see_parent(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct sighting *sighting = arg;
	char at[HLC_TEXT_MAX];

	(void)err;
	sighting->is_live = entity->state.at != NULL;
	acu_birth(entity, at);
	if (strcmp(at, sighting->lineage->at) > 0)
		memcpy(sighting->lineage->at, at, sizeof(at));
	return 0;
}

static int add_parent(struct acu_lineage *lineage, const char *word,
		      struct err *err)
{
	struct buf *parent = &lineage->parents[lineage->parents_n];
	struct sighting sighting = { lineage, false };
	const struct view_visitor visitor = { see_parent, &sighting };
	int rc;

	*parent = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	rc = resolve(lineage, word, parent, err);
	if (rc < 0) {
		buf_release(parent);
		return rc;
	}
	lineage->parents_n++;
	rc = view_one(lineage->view, buf_span(parent), &visitor, err);
	if (rc == 0 && !sighting.is_live)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no acu '%s'",
			     lineage->job->construct, word);
	return rc;
}

static int order_parents(const void *a, const void *b)
{
	const struct buf *x = a;
	const struct buf *y = b;

	return span_compare(buf_span(x), buf_span(y));
}

static void sort_parents(struct acu_lineage *lineage)
{
	size_t kept = 0;
	size_t i;

	qsort(lineage->parents, lineage->parents_n, sizeof(*lineage->parents),
	      order_parents);
	for (i = 0; i < lineage->parents_n; i++) {
		if (kept && !order_parents(&lineage->parents[i],
					   &lineage->parents[kept - 1]))
			buf_release(&lineage->parents[i]);
		else
			lineage->parents[kept++] = lineage->parents[i];
	}
	lineage->parents_n = kept;
}

int acu_parents_find(struct acu_lineage *lineage, const char *const *words,
		     size_t n, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++)
		rc = add_parent(lineage, words[i], err);
	if (rc == 0)
		sort_parents(lineage);
	return rc;
}
