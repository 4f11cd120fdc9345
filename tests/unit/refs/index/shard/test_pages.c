/*
 * Pages give back what was written, to this device and under that name alone;
 * what is damaged, or cut short while it is open, is an error.
 */
#include "refs/index/shard/pages.h"
#include "tests/unit/version_fixture.h"

#define BODY_BYTES (5 * PAGE_BYTES + 100)

static struct err err = ERR_INIT;
static struct local_seal seal;
static struct buf path = BUF_INIT(BUF_NO_LIMIT);
static char body[BODY_BYTES];

static struct pages *open_as(const char *name)
{
	struct pages *pages = NULL;

	if (pages_open(&seal, span_str(name), buf_text(&path), &pages,
		       NULL) < 0)
		return NULL;
	return pages;
}

static bool holds(struct pages *pages, uint64_t at, uint64_t len)
{
	const void *bytes;

	return pages_at(pages, at, len, &bytes, NULL) == 0 &&
	       !memcmp(bytes, body + at, len);
}

static void test_parts(void)
{
	struct pages *pages = open_as("nova");

	if (!pages)
		bail_out("pages");
	ok(holds(pages, PAGE_BYTES - 5, 10), "bytes of two pages");
	ok(holds(pages, 0, BODY_BYTES), "all bytes, some of them opened");
	ok(holds(pages, BODY_BYTES, 0), "none, at the end");
	ok(!holds(pages, BODY_BYTES, 1), "none beyond the end");
	ok(!holds(pages, UINT64_MAX, 2), "nor beyond all numbers");
	pages_free(pages);
}

/* A piece begins on one page and ends on the next, another begins there. */
static void test_overlap(void)
{
	struct pages *pages = open_as("nova");
	const void *first = NULL;
	const void *again = NULL;
	int rc;

	if (!pages)
		bail_out("pages");
	rc = pages_at(pages, PAGE_BYTES - 5, 10, &first, NULL);
	ok(rc == 0 && holds(pages, 2 * PAGE_BYTES - 5, 10) &&
	   holds(pages, PAGE_BYTES, 1), "pieces that share a page");
	ok(rc == 0 && !memcmp(first, body + PAGE_BYTES - 5, 10),
	   "the first stays as it was borrowed");
	rc = pages_at(pages, PAGE_BYTES - 5, 10, &again, NULL);
	ok(rc == 0 && again == first, "and is not opened again");
	pages_free(pages);
}

static void test_rest(void)
{
	struct pages *pages = open_as("nova");

	if (!pages)
		bail_out("pages");
	ok(holds(pages, 0, 1), "a byte");
	pages_rest(pages);
	ok(holds(pages, 0, 1), "which stays when the file is closed");
	ok(holds(pages, 2 * PAGE_BYTES, 1), "it is opened again for others");
	pages_rest(pages);
	pages_free(pages);
}

static void test_name(void)
{
	struct pages *pages = open_as("orion");

	ok(!pages || !holds(pages, 0, 1), "not under another name");
	pages_free(pages);
}

static void test_cut(void)
{
	struct pages *pages = open_as("nova");

	ok(pages && holds(pages, 0, 1), "it opens");
	ok(truncate(buf_text(&path), (off_t)(2 * PAGE_BYTES)) == 0, "cut");
	ok(holds(pages, 0, 100), "what was opened stays");
	ok(!holds(pages, 3 * PAGE_BYTES, 1), "what is gone is an error");
	pages_free(pages);
	ok(!open_as("nova"), "it opens no more");
}

int main(void)
{
	size_t i;

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	local_seal_init(&seal, (const unsigned char *)rfc_seeds[0], "index",
			"vault");
	for (i = 0; i < sizeof(body); i++)
		body[i] = (char)(i * 7 + i / PAGE_BYTES);
	if (pages_write(&seal, span_str("nova"), in_scratch("."),
			span_of(body, sizeof(body)), &path, &err) < 0)
		bail_out("%s", err.text);
	test_parts();
	test_overlap();
	test_rest();
	test_name();
	test_cut();
	buf_release(&path);
	scratch_end();
	return done_testing();
}
