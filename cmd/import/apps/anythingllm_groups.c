#include "cmd/import/apps/anythingllm.h"

#include <stdlib.h>

#include "lib/base/array.h"

void anythingllm_groups_release(struct anythingllm_groups *groups)
{
	table_release(&groups->known);
	free(groups->rows.at);
}

/* By group, and in the order of the source. */
static int compare_rows(const void *a, const void *b)
{
	const struct anythingllm_row *one = a;
	const struct anythingllm_row *other = b;

	if (one->group != other->group)
		return one->group < other->group ? -1 : 1;
	return (one->value->raw.at > other->value->raw.at) -
	       (one->value->raw.at < other->value->raw.at);
}

static int put_row(struct anythingllm_groups *groups, const struct jval *row,
		   const struct span names[2], struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t group = groups->known.count;
	int rc;

	sha256_of_list(names, 2, digest);
	rc = table_add(&groups->known, digest, group, NULL, err);
	if (rc == 0)
		rc = array_room(&groups->rows, err);
	if (rc < 0)
		return rc;
	(void)table_get(&groups->known, digest, &group);
	groups->rows.at[groups->rows.n].value = row;
	groups->rows.at[groups->rows.n++].group = group;
	return 0;
}

int anythingllm_group(struct flat *flat, const struct jval *list,
		      void (*name)(const struct jval *row,
				   struct span out[2]),
		      struct anythingllm_groups *out, struct err *err)
{
	const struct jval *row = jval_first(list);
	struct span names[2];
	int rc = 0;

	for (; rc >= 0 && row; row = row->next) {
		if (!jval_is(row, JVAL_OBJECT)) {
			rc = flat_leave_out(flat, flat->format->no_turn, err);
			continue;
		}
		names[0] = names[1] = span_of(NULL, 0);
		name(row, names);
		rc = put_row(out, row, names, err);
	}
	if (out->rows.n)
		qsort(out->rows.at, out->rows.n, sizeof(*out->rows.at),
		      compare_rows);
	return rc;
}

int anythingllm_each(struct flat *flat,
		     const struct anythingllm_groups *groups,
		     int (*visit)(struct flat *flat,
				  const struct anythingllm_row *rows,
				  size_t n, struct err *err),
		     struct err *err)
{
	const struct anythingllm_row *rows = groups->rows.at;
	size_t begin = 0;
	size_t i;
	int rc = 0;

	for (i = 1; rc >= 0 && i <= groups->rows.n; i++) {
		if (i < groups->rows.n && rows[i].group == rows[begin].group)
			continue;
		rc = visit(flat, rows + begin, i - begin, err);
		begin = i;
	}
	return rc;
}
