/*
 * A feed of a text, some bytes at a time, for tests of what reads feeds.
 */
#ifndef VV_TESTS_FEED_H
#define VV_TESTS_FEED_H

#include <stdbool.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

struct fed {
	struct span text;
	size_t at;
	size_t step;		/* 0: as many as are asked for */
	bool fails_at_end;
};

static inline int fed_read(void *arg, void *bytes, size_t len,
			   size_t *out_len, struct err *err)
{
	struct fed *fed = arg;
	size_t left = fed->text.len - fed->at;

	if (!left && fed->fails_at_end)
		return err_set(err, ERR_IO, "the disk is gone");
	if (fed->step && len > fed->step)
		len = fed->step;
	*out_len = len < left ? len : left;
	if (*out_len)
		memcpy(bytes, fed->text.at + fed->at, *out_len);
	fed->at += *out_len;
	return 0;
}

#endif
