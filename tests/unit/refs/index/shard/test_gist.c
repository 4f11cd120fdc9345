#include "refs/index/shard/shard.h"
#include "refs/index/words/spoken.h"
#include "tests/tap.h"

/* A bound that is made of it stands on this: it is never more than there is. */
static void test_lengths(void)
{
	uint32_t before = 0;
	uint32_t said;
	uint32_t i;
	bool is_right = true;

	for (i = 0; i < 200000; i++) {
		said = shard_gist_tokens(shard_gist(i, 0));
		is_right &= said <= i && said >= before &&
			(i > 512 || i < said + said / 8 + 1);
		before = said;
	}
	ok(is_right, "up to 512 an eighth less at most, and never more");
	is_int(shard_gist_tokens(shard_gist(7, 0)), 7, "few are exact");
	is_int(shard_gist_tokens(shard_gist(512, 0)), 512, "512 is");
	ok(shard_gist_tokens(shard_gist(UINT32_MAX, 0)) <= UINT32_MAX,
	   "the largest fits");
}

static void test_traits(void)
{
	uint8_t asks = shard_gist(20, SPOKEN_QUESTION);

	ok(asks & SHARD_GIST_ASKS && !(asks & SHARD_GIST_OTHER), "it asks");
	ok(shard_gist(20, SHARD_HIDDEN) & SHARD_GIST_OTHER, "hidden");
	ok(shard_gist(20, SHARD_SILENT) & SHARD_GIST_OTHER, "silent");
	ok(shard_gist(20, SHARD_CAPSULES) & SHARD_GIST_OTHER, "a capsule's");
	ok(!(shard_gist(UINT32_MAX, 0) & (SHARD_GIST_ASKS | SHARD_GIST_OTHER)),
	   "a length is no trait");
	is_int(shard_gist_tokens(asks), 20, "and the length is told beside it");
}

int main(void)
{
	test_lengths();
	test_traits();
	return done_testing();
}
