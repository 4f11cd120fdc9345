/*
 * Local files under a device's MAC: what was sealed is read, anything else is
 * as if it were not there.
 */
#include <sys/stat.h>

#include "lib/os/file.h"
#include "lib/os/local_seal.h"
#include "tests/unit/fixture.h"

static const unsigned char secret[LOCAL_SEAL_SECRET_BYTES] = { 1, 2, 3 };

static struct local_seal seal_of(unsigned char first, const char *label,
				 const char *context)
{
	unsigned char other[LOCAL_SEAL_SECRET_BYTES];
	struct local_seal seal;

	memcpy(other, secret, sizeof(other));
	other[0] = first;
	local_seal_init(&seal, other, label, context);
	return seal;
}

static int read_back(const struct local_seal *seal, const char *path,
		     const char *name)
{
	struct buf out = BUF_INIT(4096);
	int rc = local_seal_read(seal, path, span_str(name), 4096, &out,
				 NULL);

	if (rc == 0)
		is_str(buf_text(&out), "the body", "with its body");
	buf_release(&out);
	return rc;
}

/* Every byte of the file, one after the other, and every shorter length. */
static void test_damage(const struct local_seal *seal, const char *path)
{
	struct buf whole = BUF_INIT(4096);
	size_t passed = 0;
	size_t i;

	if (file_read(path, 4096, &whole, NULL) < 0)
		bail_out("cannot read '%s'", path);
	for (i = 0; i < whole.len; i++) {
		whole.data[i] = (char)(whole.data[i] ^ 1);
		if (file_write_atomic(path, buf_span(&whole), 0600, NULL) < 0)
			bail_out("cannot write '%s'", path);
		passed += read_back(seal, path, "heads") != ERR_NOT_FOUND;
		whole.data[i] = (char)(whole.data[i] ^ 1);
		if (file_write_atomic(path, span_of(whole.data, i), 0600,
				      NULL) < 0)
			bail_out("cannot write '%s'", path);
		passed += read_back(seal, path, "heads") != ERR_NOT_FOUND;
	}
	ok(i > LOCAL_SEAL_MAC_BYTES && !passed,
	   "a changed byte or a cut file is as no file");
	buf_release(&whole);
}

static int reveal(const struct local_seal *seal, const char *path,
		  const char *name, size_t max)
{
	struct buf out = BUF_INIT(4096);
	int rc = local_seal_reveal(seal, path, span_str(name), max, &out,
				   NULL);

	if (rc == 0)
		is_str(buf_text(&out), "the body", "revealed");
	else
		is_int(out.len, 0, "nothing is revealed");
	buf_release(&out);
	return rc;
}

/* What nobody else may read. */
static void test_hidden(const struct local_seal *seal, const char *path)
{
	struct buf whole = BUF_INIT(4096);
	struct local_seal other = seal_of(2, "state 1", "vault a");
	size_t i;

	is_int(reveal(seal, path, "list", 4096), ERR_NOT_FOUND, "no file");
	is_int(local_seal_hide(seal, path, span_str("list"),
			       span_str("the body"), NULL), 0, "hidden");
	is_int(reveal(seal, path, "list", 4096), 0, "and found");
	is_int(reveal(seal, path, "list", 7), ERR_NOT_FOUND, "too long");
	is_int(reveal(seal, path, "lisu", 4096), ERR_NOT_FOUND,
	       "not under another name");
	is_int(reveal(&other, path, "list", 4096), ERR_NOT_FOUND,
	       "nor by another device");
	if (file_read(path, 4096, &whole, NULL) < 0)
		bail_out("cannot read '%s'", path);
	ok(!span_has(buf_span(&whole), "body"), "no clear text");
	for (i = 0; i < whole.len; i += 9) {
		whole.data[i] = (char)(whole.data[i] ^ 1);
		if (file_write_atomic(path, buf_span(&whole), 0600, NULL) < 0)
			bail_out("cannot write '%s'", path);
		is_int(reveal(seal, path, "list", 4096), ERR_NOT_FOUND,
		       "a byte is another");
		whole.data[i] = (char)(whole.data[i] ^ 1);
	}
	if (file_write_atomic(path, span_of(whole.data, 39), 0600, NULL) < 0)
		bail_out("cannot write '%s'", path);
	is_int(reveal(seal, path, "list", 4096), ERR_NOT_FOUND, "cut");
	buf_release(&whole);
}

int main(void)
{
	struct local_seal seal = seal_of(1, "state 1", "vault a");
	struct local_seal other;
	struct stat st;
	const char *path;

	scratch_begin();
	path = in_scratch("sealed");
	is_int(read_back(&seal, path, "heads"), ERR_NOT_FOUND,
	       "no file: not found");
	is_int(local_seal_write(&seal, path, span_str("heads"),
				span_str("the body"), NULL), 0, "written");
	ok(!stat(path, &st) && (st.st_mode & 0777) == 0600,
	   "only its owner can read it");
	is_int(read_back(&seal, path, "heads"), 0, "and read");
	is_int(read_back(&seal, path, "headst"), ERR_NOT_FOUND,
	       "under another name it is as no file");
	other = seal_of(2, "state 1", "vault a");
	is_int(read_back(&other, path, "heads"), ERR_NOT_FOUND,
	       "so it is for another device,");
	other = seal_of(1, "state 2", "vault a");
	is_int(read_back(&other, path, "heads"), ERR_NOT_FOUND,
	       "under another label,");
	other = seal_of(1, "state 1", "vault b");
	is_int(read_back(&other, path, "heads"), ERR_NOT_FOUND,
	       "and in another vault");
	test_damage(&seal, path);
	test_hidden(&seal, in_scratch("hidden"));
	local_seal_wipe(&seal);
	scratch_end();
	return done_testing();
}
