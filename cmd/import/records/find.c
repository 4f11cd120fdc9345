#include "cmd/import/records/find.h"

#include <stdlib.h>

/* Knuth, Morris and Pratt: fall[i] is the longest proper border of the first
 * i bytes. */
static void make_falls(struct span wanted, size_t *fall)
{
	size_t border = 0;
	size_t i;

	fall[0] = fall[1] = 0;
	for (i = 1; i < wanted.len; i++) {
		while (border && wanted.at[i] != wanted.at[border])
			border = fall[border];
		border += wanted.at[i] == wanted.at[border];
		fall[i + 1] = border;
	}
}

int text_find(struct span text, struct span wanted, bool *out_is_found,
		   size_t *out_at, struct err *err)
{
	size_t matched = 0;
	size_t *fall;
	size_t i;

	*out_is_found = false;
	if (!wanted.len || wanted.len > text.len)
		return 0;
	fall = calloc(wanted.len + 1, sizeof(*fall));
	if (!fall)
		return err_set(err, ERR_NOMEM, "out of memory");
	make_falls(wanted, fall);
	for (i = 0; i < text.len && matched < wanted.len; i++) {
		while (matched && text.at[i] != wanted.at[matched])
			matched = fall[matched];
		matched += text.at[i] == wanted.at[matched];
	}
	free(fall);
	*out_is_found = matched == wanted.len;
	*out_at = i - matched;
	return 0;
}
