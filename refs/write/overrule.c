#include "refs/write/overrule.h"

#include <string.h>

#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"

#define PATH_KEY_BYTES 16

/* Two comparisons of the others' words: what of them was overruled before the
 * new records, and what is after them. */
struct comparison {
	const struct overrule *question;
	struct table *lost;		/* paths overruled before */
	bool is_after;
	bool is_changed;
};

static bool is_set(const struct kind *kind, struct span path)
{
	const char *const *name;

	for (name = kind->sets; *name; name++) {
		if (path.len == strlen(*name) + 1 &&
		    !memcmp(path.at + 1, *name, path.len - 1))
			return true;
	}
	return false;
}

/* A set may gain as it likes. Both come out of the fold in the order of their
 * elements' bytes. */
static bool holds_all(struct span set, struct span items)
{
	struct jcs_iter all = jcs_iter_array(set);
	struct jcs_iter iter = jcs_iter_array(items);
	struct span at = { NULL, 0 };
	struct span item;

	while (jcs_next(&iter, NULL, &item)) {
		while (!at.at || span_compare(at, item) < 0) {
			if (!jcs_next(&all, NULL, &at))
				return false;
		}
		if (!span_equals(at, item))
			return false;
	}
	return true;
}

static int compare_field(void *arg, struct span path, struct span from,
			 struct span to, struct err *err)
{
	struct comparison *comparison = arg;
	unsigned char key[PATH_KEY_BYTES];

	if (!from.at)
		return 0;
	if (to.at && is_set(comparison->question->kind, path) &&
	    holds_all(to, from))
		return 0;
	blake2b_of(path.at, path.len, NULL, 0, key, sizeof(key));
	if (comparison->is_after) {
		comparison->is_changed |= !table_get(comparison->lost, key,
						     NULL);
		return 0;
	}
	return table_include(comparison->lost, key, NULL, err);
}

static int compare_words(const struct overrule *question, bool *out,
			 struct err *err)
{
	struct table lost = TABLE_INIT(PATH_KEY_BYTES, TABLE_NO_LIMIT);
	struct comparison comparison = { question, &lost, false, false };
	struct fold_diff_visitor visitor = { compare_field, &comparison };
	int rc = fold_diff(question->words, question->from, &visitor, err);

	comparison.is_after = true;
	if (rc == 0)
		rc = fold_diff(question->words, question->to, &visitor, err);
	*out = comparison.is_changed;
	table_release(&lost);
	return rc;
}

int overrule_is(const struct overrule *question, bool *out, struct err *err)
{
	struct span from = question->from;
	struct span to = question->to;

	*out = false;
	if (!question->others_n || (!from.at && !to.at) ||
	    (from.at && to.at && span_equals(from, to)))
		return 0;
	if (!from.at) {
		*out = question->has_delete;
		return 0;
	}
	if (question->counts_additions &&
	    question->others_n == question->standing_n) {
		*out = true;
		return 0;
	}
	if (!question->words.at)
		return 0;
	if (!to.at) {
		*out = true;
		return 0;
	}
	return compare_words(question, out, err);
}
