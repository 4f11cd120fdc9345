/*
 * Repacking: every object is there afterwards, byte for byte, in few packs
 * that plain git accepts; what is damaged is refused and nothing goes.
 */
#include "objects/repack/repack.h"
#include "tests/unit/store_made.h"

#include <sys/stat.h>

#define MADE_MAX 8192

/* Objects by their own words, so that reading them back shows each byte. */
struct made {
	git_oid id;
	enum object_type type;
	struct buf bytes;
};

static struct made made[MADE_MAX];
static size_t made_n;
static uint64_t chance = 3;

static unsigned draw(unsigned below)
{
	chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(chance >> 33) % below;
}

static git_oid make(struct store *store, enum object_type type,
		    struct span bytes)
{
	struct made *object = &made[made_n++];

	if (made_n > MADE_MAX)
		bail_out("too many objects");
	err_clear(&err);
	object->type = type;
	object->bytes = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	if (buf_add_span(&object->bytes, bytes, &err) < 0 ||
	    store_add(store, type, bytes, &object->id, &err) < 0)
		bail_out("cannot make an object: %s", err.text);
	return object->id;
}

static void forget_made(void)
{
	while (made_n)
		buf_release(&made[--made_n].bytes);
}

static git_oid make_noise(struct store *store, size_t len)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	git_oid id;

	while (bytes.len < len)
		if (buf_add_char(&bytes, (char)draw(256), &err) < 0)
			bail_out("out of memory");
	id = make(store, OBJECT_BLOB, buf_span(&bytes));
	buf_release(&bytes);
	return id;
}

/* Versions that each put one more segment into a folder, as adds do. */
static git_oid make_history(struct store *store, git_oid parent, bool has_one,
			    size_t versions)
{
	struct buf tree = BUF_INIT(BUF_NO_LIMIT);
	struct buf root = BUF_INIT(BUF_NO_LIMIT);
	struct buf commit = BUF_INIT(BUF_NO_LIMIT);
	static unsigned number;
	size_t i;

	for (i = 0; i < versions; i++, number++) {
		git_oid blob = make_noise(store, 20 + draw(700));
		git_oid id;

		if (buf_printf(&tree, &err, "100644 segment-%08u", number) ||
		    buf_add(&tree, "", 1, &err) ||
		    buf_add(&tree, blob.id, GIT_OID_RAWSZ, &err))
			bail_out("out of memory");
		id = make(store, OBJECT_TREE, buf_span(&tree));
		buf_reset(&root);
		buf_reset(&commit);
		if (buf_add(&root, "40000 folder", 13, &err) ||
		    buf_add(&root, id.id, GIT_OID_RAWSZ, &err))
			bail_out("out of memory");
		id = make(store, OBJECT_TREE, buf_span(&root));
		if (buf_printf(&commit, &err, "tree %s\n",
			       git_oid_tostr_s(&id)) ||
		    (has_one && buf_printf(&commit, &err, "parent %s\n",
					   git_oid_tostr_s(&parent))) ||
		    buf_printf(&commit, &err, "author a <a@b> %u +0000\n"
			       "committer a <a@b> %u +0000\n\nnumber %u of "
			       "many words that are said each time\n", number,
			       number, number))
			bail_out("out of memory");
		parent = make(store, OBJECT_COMMIT, buf_span(&commit));
		has_one = true;
		if (store_flush(store, &err) < 0)
			bail_out("cannot flush: %s", err.text);
	}
	buf_release(&tree);
	buf_release(&root);
	buf_release(&commit);
	return parent;
}

static bool all_read(struct store *store)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is = true;
	size_t i;

	for (i = 0; is && i < made_n; i++) {
		err_clear(&err);
		is = store_read(store, &made[i].id, made[i].type,
				STORE_OBJECT_MAX, &out, &err) == 0 &&
		     span_equals(buf_span(&out), buf_span(&made[i].bytes));
	}
	if (!is)
		diag("object %zu: %s", i, err.text);
	buf_release(&out);
	return is;
}

/* By the store that was open all the while, and by one opened now. */
static void check_all(struct store *store, const char *name, const char *what)
{
	struct store *fresh = open_store(name);

	ok(all_read(fresh), "%s: all objects are there", what);
	ok(all_read(store), "%s: also for whoever had it open", what);
	is_int(fsck(name), 0, "and git is content");
	store_free(fresh);
}

static int repack(struct store *store, bool is_brief,
		  struct repack_result *out)
{
	struct repack_options options = { .is_brief = is_brief };

	err_clear(&err);
	return store_repack(store, &options, out, &err);
}

static int longest_chain(const char *name)
{
	return count(name, "git verify-pack -v objects/pack/*.idx | "
		     "awk 'NF == 7 && $6 > n { n = $6 } END { print n + 0 }'");
}

static void test_history(void)
{
	struct store *store = new_store("history");
	struct repack_result result;
	git_oid tip = { { 0 } };
	int files;

	tip = make_history(store, tip, false, 300);
	is_int(repack(store, false, &result), 0, "300 versions are packed");
	ok(result.before.loose == made_n && !result.after.loose &&
	   result.after.packs == 1, "the loose ones into one pack");
	ok(result.after.bytes < result.before.bytes / 2, "which is smaller");
	is_int(count_packs("history"), 1, "there is one");
	is_int(count("history", "find objects -type f | wc -l"), 2,
	       "and nothing else");
	is_int(longest_chain("history"), 50, "no chain of deltas is longer");
	check_all(store, "history", "packed");

	is_int(repack(store, false, &result), 0, "a second time");
	ok(result.before.packs == 1 && result.after.packs == 1 &&
	   result.before.bytes == result.after.bytes, "changes nothing");

	tip = make_history(store, tip, true, 120);
	is_int(repack(store, false, &result), 0, "more of them come to it");
	is_int(count_packs("history"), 1, "in one pack");
	ok(longest_chain("history") <= 50, "with chains as short");
	check_all(store, "history", "packed again");
	files = count("history", "ls objects/pack | wc -l");
	is_int(files, 2, "old packs are gone");
	store_free(store);
	forget_made();
}

/* A brief one leaves large packs alone. */
static void test_sizes(void)
{
	struct store *store = new_store("sizes");
	struct repack_result result;
	size_t i;

	for (i = 0; i < 300; i++)
		make_noise(store, 3000);
	is_int(store_flush(store, &err), 0, "a large pack");
	ok(!store_is_scattered(store), "is no reason to pack");
	for (i = 0; i < 20 * 45; i++) {
		make_noise(store, 10);
		if (i % 45 == 44 && store_flush(store, &err) < 0)
			bail_out("cannot flush: %s", err.text);
	}
	is_int(count_packs("sizes"), 21, "many small ones are made");
	ok(store_is_scattered(store), "which is reason enough");
	is_int(repack(store, true, &result), 0, "packed briefly");
	is_int(count_packs("sizes"), 2, "they are one, beside the large one");
	ok(!store_is_scattered(store), "and all is well");
	check_all(store, "sizes", "briefly");
	is_int(repack(store, false, &result), 0, "packed thoroughly");
	is_int(count_packs("sizes"), 1, "a small store is one pack");
	check_all(store, "sizes", "thoroughly");
	store_free(store);
	forget_made();
}

/* Doubles, empty and large objects, and a tag, which we never make. */
static void test_odd_ones(void)
{
	struct store *store = new_store("odd");
	struct repack_result result;
	char line[FIXTURE_PATH_MAX * 2];
	git_oid tip = { { 0 } };

	make_noise(store, 0);
	make_noise(store, STORE_OBJECT_MAX);
	make_noise(store, 70000);
	tip = make_history(store, tip, false, 3);
	snprintf(line, sizeof(line), "cd %s && "
		 "git -c user.name=a -c user.email=a@b tag -m words t %s && "
		 "git repack -q -a", in_scratch("odd"),
		 git_oid_tostr_s(&tip));
	is_int(system(line), 0, "git packs them too, and keeps the loose");
	is_int(repack(store, false, &result), 0, "all that is packed");
	is_int(count_packs("odd"), 1, "once");
	is_int(count("odd", "git cat-file -t t | grep -c tag"), 1,
	       "with the tag");
	check_all(store, "odd", "odd ones");
	store_free(store);
	forget_made();
}

/* Flip one bit of a file. */
static void flip(const char *path, long at)
{
	FILE *file;
	int byte;

	chmod(path, 0600);
	file = fopen(path, "r+b");
	if (!file || fseek(file, at, SEEK_SET) || (byte = fgetc(file)) == EOF ||
	    fseek(file, at, SEEK_SET) || fputc(byte ^ 16, file) == EOF ||
	    fclose(file))
		bail_out("cannot flip a bit of %s", path);
}

static bool first_file(const char *pattern, char *out, size_t len,
		       long *out_size)
{
	char line[FIXTURE_PATH_MAX * 2];
	struct stat st;
	FILE *list;
	bool is;

	snprintf(line, sizeof(line), "ls %s | head -n 1", in_scratch(pattern));
	list = popen(line, "r");
	is = list && fgets(out, (int)len, list);
	if (list)
		pclose(list);
	if (!is)
		return false;
	out[strcspn(out, "\n")] = '\0';
	if (stat(out, &st))
		return false;
	*out_size = (long)st.st_size;
	return true;
}

/* Every so many bytes of a file: refused each time, and each file stays. */
static void check_flips(const char *pattern, long step)
{
	struct store *store;
	struct repack_result result;
	char path[FIXTURE_PATH_MAX];
	int files = count("flip", "find objects -type f | wc -l");
	bool are_refused = true, are_kept = true;
	long size, at;

	if (!first_file(pattern, path, sizeof(path), &size))
		bail_out("no file %s", pattern);
	for (at = 0; at < size; at += step) {
		int rc;

		flip(path, at);
		store = open_store("flip");
		rc = repack(store, false, &result);
		store_free(store);
		flip(path, at);
		if (rc == 0)
			diag("a flip at %ld of %s is not seen", at, path);
		are_refused = are_refused && rc < 0;
		are_kept = are_kept &&
			   count("flip", "find objects -type f | wc -l") ==
			   files;
	}
	ok(are_refused, "a flipped bit of %s is refused", pattern);
	ok(are_kept, "and every file stays");
}

static void test_flips(void)
{
	struct store *store = new_store("flip");
	struct repack_result result;
	git_oid tip = { { 0 } };
	size_t i;

	for (i = 0; i < 60; i++)
		make_noise(store, 200 + draw(500));
	is_int(store_flush(store, &err), 0, "a pack");
	tip = make_history(store, tip, false, 2);
	check_flips("flip/objects/pack/*.pack", 97);
	check_flips("flip/objects/pack/*.idx", 61);
	check_flips("flip/objects/[0-9a-f][0-9a-f]/*", 7);
	is_int(repack(store, false, &result), 0, "what is sound is packed");
	check_all(store, "flip", "after flips");
	store_free(store);
	store = open_store("flip");
	(void)make_history(store, tip, true, 60);
	is_int(repack(store, false, &result), 0, "also with deltas");
	(void)make_history(store, tip, true, 1);
	check_flips("flip/objects/pack/*.pack", 211);
	check_all(store, "flip", "after more of them");
	store_free(store);
	forget_made();
}

int main(void)
{
	scratch_begin();
	if (store_init_library(&err) < 0)
		bail_out("%s", err.text);
	test_history();
	test_sizes();
	test_odd_ones();
	test_flips();
	store_stop_library();
	scratch_end();
	return done_testing();
}
