#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "refs/history/version.h"

#include "tests/unit/version_fixture.h"

static struct store *store;
static git_oid ids[3];

static void make_versions(void)
{
	struct device_key key = rfc_key(0);
	struct version version;
	size_t i;

	for (i = 0; i < 3; i++) {
		version_fixture(&version);
		version.seq = i + 1;
		ids[i] = version_store(store, &version, &key);
		version_release(&version);
	}
}

static const char *name_of(const char *construct, size_t key)
{
	static char names[2][REF_NAME_MAX];
	static unsigned next;
	struct device_key device = rfc_key(key);
	char *name = names[next++ % 2];

	if (head_ref_name("refs/heads/", construct, device.name, name, NULL))
		bail_out("cannot build a name");
	return name;
}

static void test_names(void)
{
	struct device_key key = rfc_key(0);
	char name[REF_NAME_MAX], text[REF_NAME_MAX];
	struct head head;

	is_int(head_ref_name("refs/heads/", "nova", key.name, name, NULL), 0,
	       "a name");
	snprintf(text, sizeof(text), "refs/heads/nova/%s", key.name);
	is_str(name, text, "as expected");
	is_int(head_ref_name("refs/heads/", "../x", key.name, name, NULL),
	       ERR_INVALID, "a construct that leads out");
	is_int(head_ref_name("refs/heads/", "x", "z6Mk/..", name, NULL),
	       ERR_INVALID, "a device that is none");
	is_int(head_ref_name("refs/he*ds/", "x", key.name, name, NULL),
	       ERR_INVALID, "a prefix with a star");
	is_int(head_ref_name("objects/", "x", key.name, name, NULL),
	       ERR_INVALID, "a prefix that is none");
	snprintf(text, sizeof(text), "nova/%s", key.name);
	is_int(head_parse(text, &head, NULL), 0, "taken apart");
	is_str(head.construct, "nova", "construct");
	is_str(head.device, key.name, "device");
	is_int(head_parse("nova", &head, NULL), ERR_INVALID, "no device");
	is_int(head_parse("a/b/c", &head, NULL), ERR_INVALID, "too deep");
	snprintf(text, sizeof(text), "No/%s", key.name);
	is_int(head_parse(text, &head, NULL), ERR_INVALID, "upper case");
	text[0] = 'n';
	text[5]++;
	text[strlen(text) - 1] = '0';
	is_int(head_parse(text, &head, NULL), ERR_INVALID, "not base58");
}

static void test_swap(void)
{
	const char *name = name_of("nova", 0);
	struct err err = ERR_INIT;
	struct head_list list = HEAD_LIST_INIT;
	char lock[1400];
	int fd;

	is_int(ref_swap(store, name, &ids[0], &ids[1], NULL), ERR_CHANGED,
	       "nothing there, something expected");
	is_int(ref_swap(store, name, NULL, &ids[0], &err), 0, "made");
	is_int(ref_swap(store, name, NULL, &ids[1], &err), ERR_CHANGED,
	       "made again: refused");
	is_int(ref_swap(store, name, &ids[1], &ids[2], NULL), ERR_CHANGED,
	       "another expected");
	is_int(ref_swap(store, name, &ids[0], &ids[1], NULL), 0, "moved");
	snprintf(lock, sizeof(lock), "%s/%s.lock", store_path(store), name);
	fd = open(lock, O_CREAT | O_EXCL | O_WRONLY, 0600);
	ok(fd >= 0, "somebody holds git's lock");
	err_clear(&err);
	is_int(ref_swap(store, name, &ids[1], &ids[2], &err), ERR_LOCKED,
	       "locked");
	is_int(ref_delete(store, name, &ids[1], NULL), ERR_LOCKED,
	       "for deleting, too");
	close(fd);
	is_int(unlink(lock), 0, "unlocked");
	is_int(heads_list(store, "refs/heads/", NULL, &list, NULL, NULL), 0,
	       "listed");
	ok(list.n == 1 && git_oid_equal(&list.at[0].id, &ids[1]),
	   "it stands where it was moved");
	is_int(ref_delete(store, name, &ids[0], NULL), ERR_CHANGED,
	       "deleting what moved: refused");
	is_int(ref_delete(store, name, &ids[1], NULL), 0, "deleted");
	is_int(ref_delete(store, name, &ids[1], NULL), ERR_CHANGED,
	       "twice: refused");
	is_int(heads_list(store, "refs/heads/", NULL, &list, NULL, NULL), 0,
	       "listed");
	is_int(list.n, 0, "it is gone");
	ok(access(lock, F_OK) != 0, "no lock is left");
	head_list_release(&list);
}

/* Git's lock file stays when its holder is killed; ours does not. */
static void test_stale(void)
{
	const char *name = name_of("stale", 0);
	struct timespec old[2] = { { 0, 0 }, { 0, 0 } };
	char folder[1400], lock[1400];

	if (ref_swap(store, name, NULL, &ids[0], NULL))
		bail_out("cannot make a ref");
	snprintf(lock, sizeof(lock), "%s/%s.lock", store_path(store), name);
	write_text(lock, "");
	old[0].tv_sec = old[1].tv_sec = time(NULL) - 60;
	if (utimensat(AT_FDCWD, lock, old, 0))
		bail_out("cannot age a lock");
	is_int(ref_swap(store, name, &ids[0], &ids[1], NULL), ERR_LOCKED,
	       "an old lock counts where we cannot know better");
	snprintf(folder, sizeof(folder), "%s/vvault", store_path(store));
	if (mkdir(folder, 0700))
		bail_out("cannot make a folder");
	snprintf(folder, sizeof(folder), "%s/vvault/locks", store_path(store));
	if (mkdir(folder, 0700))
		bail_out("cannot make a folder");
	is_int(ref_swap(store, name, &ids[0], &ids[1], NULL), 0,
	       "in a vault it is broken");
	is_int(ref_swap(store, name, &ids[0], &ids[2], NULL), ERR_CHANGED,
	       "and the ref was moved");
}

/* Another process makes the same ref at the same time: one must win. */
static void test_race(const char *construct)
{
	struct store *mine = NULL;
	int won = 0, changed = 0;
	int status, i, rc;
	pid_t pids[8];

	for (i = 0; i < 8; i++) {
		fflush(NULL);
		pids[i] = fork();
		if (pids[i])
			continue;
		rc = store_open(in_scratch("repo"), false, &mine, NULL);
		do {
			if (rc == 0 || rc == ERR_LOCKED)
				rc = ref_swap(mine,
					      name_of(construct, 1), NULL,
					      &ids[i % 3], NULL);
		} while (rc == ERR_LOCKED);
		_exit(rc == 0 ? 0 : rc == ERR_CHANGED ? 1 : 2);
	}
	for (i = 0; i < 8; i++) {
		waitpid(pids[i], &status, 0);
		won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		changed += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	}
	is_int(won, 1, "one of eight makes the ref");
	is_int(changed, 7, "seven are told that it changed");
}

static void test_list(void)
{
	struct head_list list = HEAD_LIST_INIT;
	struct buf out = BUF_INIT(4096);
	char id[41], name[REF_NAME_MAX];
	struct device_key key = rfc_key(2);
	size_t strays = 99;

	if (ref_swap(store, name_of("b", 1), NULL, &ids[1], NULL) ||
	    ref_swap(store, name_of("b", 0), NULL, &ids[0], NULL) ||
	    ref_swap(store, name_of("a", 2), NULL, &ids[2], NULL) ||
	    ref_swap(store, "refs/heads/stray", NULL, &ids[2], NULL) ||
	    ref_swap(store, "refs/heads/b/stray", NULL, &ids[2], NULL) ||
	    ref_swap(store, "refs/tags/a", NULL, &ids[2], NULL) ||
	    head_ref_name("refs/remotes/origin/", "a", key.name, name, NULL) ||
	    ref_swap(store, name, NULL, &ids[0], NULL))
		bail_out("cannot make refs");
	is_int(heads_list(store, "refs/heads/", NULL, &list, &strays, NULL),
	       0, "listed");
	is_int(list.n, 4, "four heads");
	is_int(strays, 2, "two strays");
	is_str(list.at[0].construct, "a", "sorted by construct");
	is_str(list.at[1].construct, "b", "sorted by construct");
	ok(strcmp(list.at[1].device, list.at[2].device) < 0, "then by device");
	is_int(heads_list(store, "refs/heads/", "b", &list, &strays, NULL),
	       0, "one construct");
	is_int(list.n, 2, "has two heads");
	is_int(strays, 1, "and one stray");
	is_int(heads_list(store, "refs/remotes/origin/", NULL, &list, NULL,
			  NULL), 0, "a remote's");
	ok(list.n == 1 && git_oid_equal(&list.at[0].id, &ids[0]),
	   "are its own");
	if (has_program("git")) {
		is_int(RUN(&out, "git", "-C", in_scratch("repo"), "pack-refs",
			   "--all"), 0, "git packs the refs");
		is_int(heads_list(store, "refs/heads/", NULL, &list, NULL,
				  NULL), 0, "listed again");
		is_int(list.n, 4, "the same");
		is_int(ref_swap(store, name_of("b", 1), NULL, &ids[2], NULL),
		       ERR_CHANGED, "a packed ref exists");
		is_int(ref_swap(store, name_of("b", 1), &ids[1], &ids[2],
				NULL), 0, "and moves");
		is_int(RUN(&out, "git", "-C", in_scratch("repo"), "rev-parse",
			   name_of("b", 1)), 0, "git sees it");
		hex_text(ids[2].id, 20, id);
		ok(!strncmp(buf_text(&out), id, 40), "there");
	} else {
		skip(7, "no git");
	}
	head_list_release(&list);
	buf_release(&out);
}

/* A symbolic ref would let one device's head speak for another's. */
static void test_symbolic(void)
{
	struct head_list list = HEAD_LIST_INIT;
	git_reference *ref = NULL;
	const char *name = name_of("alias", 0);
	size_t strays = 0;

	if (git_reference_symbolic_create(&ref, store_repository(store), name,
					  name_of("b", 1),
					  0, NULL) < 0)
		bail_out("cannot make a symbolic ref");
	git_reference_free(ref);
	is_int(heads_list(store, "refs/heads/", "alias", &list, &strays,
			  NULL), 0, "listed");
	ok(list.n == 0 && strays == 1, "a symbolic ref is a stray");
	is_int(ref_swap(store, name, &ids[2], &ids[1], NULL), ERR_CORRUPT,
	       "and is not moved through");
	head_list_release(&list);
}

/* A file that holds no id is damage, and no ref less. */
static void test_damaged(void)
{
	static const char *const texts[] = {
		"", "\n", "nonsense\n",
		"123456789012345678901234567890123456789\n",
		"12345678901234567890123456789012345678901\n"
	};
	struct head_list list = HEAD_LIST_INIT;
	char path[FIXTURE_PATH_MAX * 3];
	struct err err = ERR_INIT;
	size_t i;

	if (ref_swap(store, name_of("hurt", 1), NULL, &ids[1], NULL))
		bail_out("cannot make a ref");
	snprintf(path, sizeof(path), "%s/%s", in_scratch("repo"),
		 name_of("hurt", 1));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_text(path, texts[i]);
		err_clear(&err);
		ok(heads_list(store, "refs/heads/", "hurt", &list, NULL,
			      &err) == ERR_CORRUPT, "'%.10s' is damage",
		   texts[i]);
		ok(strstr(err.text, "hurt/z6Mk") != NULL, "and named");
		is_int(heads_list(store, "refs/heads/", "hurt", &list, NULL,
				  NULL), ERR_CORRUPT, "in its construct");
		is_int(heads_list(store, "refs/heads/", "b", &list, NULL,
				  NULL), 0, "and not in another");
	}
	if (unlink(path))
		bail_out("cannot remove a ref");
	is_int(heads_list(store, "refs/heads/", NULL, &list, NULL, NULL), 0,
	       "all is well without");
	head_list_release(&list);
}

int main(void)
{
	if (sodium_init() < 0 || store_init_library(NULL) < 0)
		bail_out("cannot start the libraries");
	scratch_begin();
	store = store_fixture(in_scratch("repo"));
	make_versions();
	test_names();
	test_swap();
	test_race("race");
	test_list();
	test_symbolic();
	test_damaged();
	test_stale();
	test_race("again");
	store_free(store);
	scratch_end();
	store_stop_library();
	return done_testing();
}
