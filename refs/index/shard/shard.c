#include "refs/index/shard/shard.h"

#include <stdlib.h>
#include <string.h>

int shard_part(const struct shard *shard, uint64_t at, uint64_t n, size_t size,
	       const void **out, struct err *err)
{
	if (n > UINT32_MAX)
		return err_set(err, ERR_CORRUPT, "an index is too long");
	return pages_at(shard->pages, at, n * size, out, err);
}

int shard_init(struct shard *shard, struct pages *pages, struct err *err)
{
	const void *at;
	int rc;

	*shard = (struct shard){ .pages = pages,
				 .path = BUF_INIT(BUF_NO_LIMIT) };
	rc = shard_part(shard, 0, 1, sizeof(*shard->head), &at, err);
	if (rc < 0)
		return rc;
	shard->head = at;
	if (shard->head->mark != SHARD_MARK)
		return err_set(err, ERR_CORRUPT, "an index of another form");
	rc = shard_part(shard, shard->head->segments, shard->head->segments_n,
			SHA256_BYTES, &at, err);
	if (rc == 0)
		shard->segments = at;
	return rc;
}

void shard_release(struct shard *shard)
{
	pages_free(shard->pages);
	buf_release(&shard->path);
	free(shard->places);
	memset(shard, 0, sizeof(*shard));
}

int shard_term_text(const struct shard *shard, const struct shard_term *term,
		    struct word *out, struct err *err)
{
	const void *at;
	int rc = shard_part(shard, shard->head->heap + term->text,
			    (uint64_t)term->stem_len + term->form_len, 1, &at,
			    err);

	if (rc < 0)
		return rc;
	out->stem = span_of(at, term->stem_len);
	out->form = span_of((const char *)at + term->stem_len, term->form_len);
	return 0;
}

int shard_word(const struct shard *shard, size_t number, struct word *out,
	       bool *out_is_there, struct err *err)
{
	const void *term;
	int rc;

	*out = (struct word){ .position = 0 };
	*out_is_there = number < shard->head->terms_n;
	if (!*out_is_there)
		return 0;
	rc = shard_part(shard, shard->head->terms +
			number * sizeof(struct shard_term), 1,
			sizeof(struct shard_term), &term, err);
	return rc < 0 ? rc : shard_term_text(shard, term, out, err);
}
