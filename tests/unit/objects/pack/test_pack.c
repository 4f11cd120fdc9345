/*
 * Packs and loose objects, written without a store and read by plain git.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/temp.h"
#include "objects/pack/pack.h"
#include "objects/store/store_internal.h"
#include "tests/unit/fixture.h"

#define OBJECTS 300

static struct err err = ERR_INIT;
static struct framed objects[OBJECTS];
static const struct framed *list[OBJECTS];
static struct deflater *deflater;

/* Ids come from libgit2 here, not from the code under test. */
static void make_object(struct framed *object, unsigned type,
			struct span content)
{
	static const git_object_t types[] = { GIT_OBJECT_INVALID,
					      GIT_OBJECT_COMMIT,
					      GIT_OBJECT_TREE,
					      GIT_OBJECT_BLOB };
	char header[32];
	int len = snprintf(header, sizeof(header), "%s %zu",
			   git_object_type2string(types[type]), content.len);

	object->type = type;
	object->header_len = (size_t)len + 1;
	object->len = content.len;
	object->bytes = malloc(object->header_len + content.len);
	if (!object->bytes || git_odb_hash(&object->id, content.at,
					   content.len, types[type]))
		bail_out("cannot make an object");
	memcpy(object->bytes, header, object->header_len);
	memcpy(object->bytes + object->header_len, content.at, content.len);
}

static void make_objects(void)
{
	static char content[200000];
	uint32_t state = 3;
	size_t i, j;

	for (i = 0; i < OBJECTS; i++) {
		size_t len = i * i * 2 + 1;

		for (j = 0; j < len; j++) {
			state = state * 1664525u + 1013904223u;
			content[j] = i % 3 ? (char)(state >> 24) :
					     (char)('a' + (state >> 29));
		}
		make_object(&objects[i], 3, span_of(content, len));
		list[i] = &objects[i];
	}
}

static int run(const char *format)
{
	char line[FIXTURE_PATH_MAX * 2];

	snprintf(line, sizeof(line), "cd %s/repo && (%s) >/dev/null 2>&1",
		 scratch, format);
	return system(line);
}

static void test_pack(void)
{
	size_t bytes = 0;
	struct stat st;
	char line[FIXTURE_PATH_MAX];

	is_int(pack_write(in_scratch("repo/objects"), list, OBJECTS, deflater,
			  &bytes, &err), 0, "write a pack");
	is_int(run("git verify-pack objects/pack/*.idx"), 0, "git verifies it");
	is_int(run("git fsck --strict --full"), 0, "git reads it");
	snprintf(line, sizeof(line), "test $(stat -c %%s objects/pack/*.pack) "
		 "= %zu", bytes);
	is_int(run(line), 0, "its size is told");
	/* git must come to the same index from the pack alone. */
	is_int(run("cp objects/pack/*.pack one.tmp.pack && "
		   "git index-pack -o one.tmp.idx one.tmp.pack && "
		   "cmp one.tmp.idx objects/pack/*.idx; rc=$?; "
		   "rm -f one.tmp.pack one.tmp.idx one.tmp.rev; exit $rc"), 0,
	       "git makes the same index, byte for byte");
	is_int(run("ls objects/pack/*.pack >one && "
		   "git count-objects -v | grep 'in-pack: 300'"), 0,
	       "all objects are there");
	is_int(pack_write(in_scratch("repo/objects"), list, OBJECTS, deflater,
			  &bytes, &err), 0, "write it again");
	is_int(run("ls objects/pack/*.pack | cmp - one"), 0, "the same name");
	is_int(stat(in_scratch("repo/objects/pack"), &st), 0, "the folder");
}

static void test_commit_and_tree(void)
{
	struct framed tree, commit;
	const struct framed *two[2] = { &tree, &commit };
	char text[256], line[FIXTURE_PATH_MAX];
	size_t bytes;

	make_object(&tree, 2, span_str(""));
	snprintf(text, sizeof(text), "tree %s\nauthor a <a> 1 +0000\n"
		 "committer a <a> 1 +0000\n\nx\n", git_oid_tostr_s(&tree.id));
	make_object(&commit, 1, span_str(text));
	is_int(pack_write(in_scratch("repo/objects"), two, 2, deflater, &bytes,
			  &err), 0, "a commit and its tree");
	snprintf(line, sizeof(line), "test $(git cat-file -t %s) = commit",
		 git_oid_tostr_s(&commit.id));
	is_int(run(line), 0, "git sees a commit");
	free(tree.bytes);
	free(commit.bytes);
}

static void test_loose(void)
{
	size_t bytes = 0;

	is_int(run("rm -rf objects/pack/*"), 0, "take the packs away");
	is_int(loose_write(in_scratch("repo/objects"), list, 40, deflater,
			   &bytes, &err), 0, "write loose objects");
	is_int(run("git count-objects -v | grep 'count: 40'"), 0,
	       "git finds them");
	is_int(run("git fsck --strict --full"), 0, "git reads them");
	is_int(run("test $(find objects -perm 0400 -type f | wc -l) = 40"), 0,
	       "read-only, for the owner alone");
	is_int(loose_write(in_scratch("repo/objects"), list, 40, deflater,
			   &bytes, &err), 0, "write them again");
	is_int(run("test -z \"$(find objects -name 'tmp*')\""), 0,
	       "no temporary file stays");
}

#define DEAD ".tmp-00000000000000aa"
#define LIVING ".tmp-00000000000000bb"

static void test_sweep(void)
{
	int fd;

	is_int(run("touch -d '2 days ago' objects/pack/tmp_pack_old "
		   "objects/pack/pack-old.keep && touch objects/pack/" DEAD
		   " objects/pack/tmp_pack_new objects/pack/.tmp-other"), 0,
	       "leave files behind");
	fd = temp_open(AT_FDCWD, in_scratch("repo/objects/pack/" LIVING), 0600,
		       &err);
	ok(fd >= 0, "and one that is being written");
	pack_sweep(in_scratch("repo/objects"));
	is_int(run("ls -A objects/pack | tr '\\n' ' ' | grep -x '" LIVING
		   " .tmp-other pack-old.keep tmp_pack_new '"), 0,
	       "only what is dead, or another's and old, goes");
	close(fd);
	pack_sweep(in_scratch("repo/objects"));
	is_int(run("test ! -e objects/pack/" LIVING), 0,
	       "it goes once its maker is gone");
}

static void test_sweep_loose(void)
{
	is_int(run("mkdir -p objects/ab && "
		   "touch objects/ab/tmp_obj_00000000000000aa "
		   "objects/ab/tmp_obj_Xy12Zw"), 0, "two that are loose");
	loose_sweep(in_scratch("repo/objects"));
	is_int(run("ls objects/ab | grep -x tmp_obj_Xy12Zw && "
		   "test $(ls objects/ab | wc -l) = 1"), 0,
	       "git's own young one stays");
}

static void test_no_folder(void)
{
	size_t bytes = 7;

	err_clear(&err);
	is_int(pack_write(in_scratch("no"), list, 3, deflater, &bytes, &err),
	       ERR_NOT_FOUND, "no folder for a pack");
	err_clear(&err);
	is_int(loose_write(in_scratch("no"), list, 3, deflater, &bytes, &err),
	       ERR_NOT_FOUND, "no folder for loose objects");
	is_int(bytes, 7, "outputs are left alone");
}

int main(void)
{
	size_t i;

	scratch_begin();
	if (git_libgit2_init() < 0 || deflater_new(&deflater, &err) < 0)
		bail_out("cannot start");
	if (mkdir(in_scratch("repo"), 0700) ||
	    run("git init -q --bare ."))
		bail_out("no git here");
	make_objects();
	test_pack();
	test_commit_and_tree();
	test_loose();
	test_sweep();
	test_sweep_loose();
	test_no_folder();
	for (i = 0; i < OBJECTS; i++)
		free(objects[i].bytes);
	deflater_free(deflater);
	git_libgit2_shutdown();
	scratch_end();
	return done_testing();
}
