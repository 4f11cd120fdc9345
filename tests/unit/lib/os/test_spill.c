/*
 * Bytes that wait on disk: they come back, nobody finds them, and what was
 * changed does not come back.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "lib/os/spill.h"
#include "tests/unit/fixture.h"

static struct err err = ERR_INIT;

static struct spill *open_spill(void)
{
	struct spill *spill = NULL;

	err_clear(&err);
	if (spill_new(in_scratch("."), &spill, &err) < 0)
		bail_out("%s", err.text);
	return spill;
}

static size_t files_in_scratch(void)
{
	DIR *dir = opendir(in_scratch("."));
	size_t n = 0;

	if (!dir)
		bail_out("cannot list");
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void test_pieces(void)
{
	static const char *const texts[] = { "first", "", "third and longer" };
	struct spill *spill = open_spill();
	struct buf out = BUF_INIT(1 << 20);
	struct spill_piece pieces[3];
	size_t i;

	is_int((long long)files_in_scratch(), 0, "its file has no name");
	for (i = 0; i < 3; i++)
		is_int(spill_add(spill, span_str(texts[i]), &pieces[i], &err),
		       0, texts[i]);
	for (i = 3; i-- > 0;) {
		is_int(spill_read(spill, &pieces[i], &out, &err), 0,
		       "read");
		is_str(buf_text(&out), texts[i], "as it was");
	}
	pieces[0].len++;
	err_clear(&err);
	is_int(spill_read(spill, &pieces[0], &out, &err), ERR_CORRUPT,
	       "a piece of another length");
	pieces[2].len += 1000;
	err_clear(&err);
	is_int(spill_read(spill, &pieces[2], &out, &err), ERR_CORRUPT,
	       "a piece beyond the end");
	buf_release(&out);
	spill_free(spill);
}

static void test_refused(void)
{
	struct spill *spill = NULL;

	err_clear(&err);
	is_int(spill_new(in_scratch("nowhere"), &spill, &err), ERR_NOT_FOUND,
	       "no folder");
	ok(!spill, "no spill");
	spill_free(NULL);
}

int main(void)
{
	scratch_begin();
	test_pieces();
	test_refused();
	scratch_end();
	return done_testing();
}
