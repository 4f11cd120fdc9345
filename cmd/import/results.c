#include "cmd/import/results.h"

#include <stdlib.h>

#include "cmd/import/others.h"
#include "lib/base/array.h"

/* A name takes the whole key: no two are alike. */
static void results_make_key(const char *construct,
			     char key[IMPORT_RESULT_KEY_BYTES])
{
	memset(key, 0, IMPORT_RESULT_KEY_BYTES);
	memcpy(key, construct, strnlen(construct, IMPORT_RESULT_KEY_BYTES));
}

struct import_result *import_result(const struct import_results *results,
				    const char *construct)
{
	char key[IMPORT_RESULT_KEY_BYTES];
	uint64_t place;

	results_make_key(construct, key);
	return table_get(&results->by_name, key, &place) ?
		       &results->at[place] : NULL;
}

int import_result_make(struct import_results *results, const char *construct,
		       struct import_result **out, struct err *err)
{
	static const struct import_result none = { .others = NULL };
	char key[IMPORT_RESULT_KEY_BYTES];
	int rc;

	*out = import_result(results, construct);
	if (*out)
		return 0;
	results_make_key(construct, key);
	rc = array_room(results, err);
	if (rc == 0)
		rc = table_put(&results->by_name, key, results->n, err);
	if (rc < 0)
		return rc;
	*out = &results->at[results->n++];
	**out = none;
	memcpy((*out)->construct, construct, strlen(construct) + 1);
	return 0;
}

void import_results_release(struct import_results *results)
{
	size_t i;

	for (i = 0; i < results->n; i++)
		others_free(results->at[i].others);
	free(results->at);
	table_release(&results->by_name);
}
