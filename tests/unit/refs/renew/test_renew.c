/*
 * What an owner makes anew is looked at before it takes the old one's place.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "refs/remote/remote.h"
#include "refs/renew/renew.h"
#include "refs/trust/open.h"
#include "refs/trust/settle.h"
#include "refs/view/view.h"
#include "tests/unit/judge.h"

#define NOVA "nova-001"

enum { ALICE, BOB };		/* owner, writer */

static struct vault *vault;	/* alice's */
static char keys_folder[4096];

static void put_ref(struct buf *text, const char *construct, size_t key,
		    const git_oid *id)
{
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	buf_putf(text, "%s refs/heads/%s/%s\n", hex, construct,
		 keys[key].name);
}

static git_oid data(size_t key, const char *name)
{
	struct spec spec = data_spec(key, say_memory(name), NULL);

	return forge(&spec);
}

/* Two lines that nobody has joined. */
static void lay_host(void)
{
	git_oid one = data(ALICE, "one");
	git_oid two = data(BOB, "two");
	struct buf text = BUF_INIT(4096);
	struct err err = ERR_INIT;

	buf_put_str(&text, "# pack-refs with: peeled fully-peeled sorted \n");
	put_ref(&text, NOVA, ALICE, &one);
	put_ref(&text, NOVA, BOB, &two);
	put_ref(&text, VAULT_CONSTRUCT, ALICE, &vault_head);
	must(buf_end(&text, &err), &err, "refs");
	must(file_write_atomic(in_scratch("host/packed-refs"), buf_span(&text),
			       0644, &err), &err, "refs");
	buf_release(&text);
}

static void open_vault(void)
{
	struct err err = ERR_INIT;

	vault_close(vault);
	vault = NULL;
	must(vault_open(in_scratch("alice"), in_scratch("keys"), &vault, &err),
	     &err, "open");
}

static void clone_host(void)
{
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	const struct clone_options options = {
		.keys_folder = in_scratch("keys")
	};
	struct err err = ERR_INIT;

	must(device_key_save(in_scratch("keys"), &keys[ALICE], &err), &err,
	     "key");
	must(remote_clone(in_scratch("host"), in_scratch("alice"), &options,
			  &vault, &report, &err), &err, "clone");
	sync_report_release(&report);
	open_vault();
}

/* One of what was laid is gone before it is looked at. */
static void lose_head(void *arg, const char *what, uint64_t done,
		      uint64_t total)
{
	const char *path = in_scratch("alice/vvault/renewing/vault/refs/forks");
	struct err err = ERR_INIT;

	(void)arg;
	(void)done;
	(void)total;
	if (strcmp(what, "checking"))
		return;
	ok(file_exists(path), "the second head stands apart");
	must(dir_remove_all(in_scratch("alice"), path, &err), &err, "remove");
}

static size_t settled(void)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct err err = ERR_INIT;
	size_t n;

	must(heads_settled(vault, NOVA, &heads, NULL, &err), &err, "heads");
	n = heads.n;
	head_list_release(&heads);
	return n;
}

static void test_lost_head(void)
{
	const struct renew_options options = {
		.keys_folder = keys_folder, .progress = lose_head
	};
	struct renew_report report;
	struct err err = ERR_INIT;

	is_int(vault_renew(vault, &options, &report, &err), ERR_UNTRUSTED,
	       "where a head of two is lost nothing is done");
	ok(strstr(err.text, "not found good") != NULL, "as it says: %s",
	   err.text);
	open_vault();
	is_int(settled(), 2, "and both stand");
}

static void test_joined(void)
{
	const struct renew_options options = { .keys_folder = keys_folder };
	struct renew_report report;
	struct view *view = NULL;
	struct err err = ERR_INIT;

	must(vault_local_write(vault, "rejected", span_str(
		     "1111111111111111111111111111111111111111\n"), &err),
	     &err, "rejected");
	is_int(vault_renew(vault, &options, &report, &err), 0,
	       "else it is made anew");
	is_int(report.versions, 2, "both versions");
	is_int(report.rejected, 1, "and what was rejected is told");
	open_vault();
	must(view_open_ref(vault, NOVA, &view, &err), &err, "view");
	is_int(view->heads_n, 1, "and joined");
	view_free(view);
}

/* What cannot be taken away: folders beyond the depth that is looked into. */
static void make_deep(char *path, size_t room)
{
	size_t i;

	for (i = 0; i < 200; i++) {
		if (mkdir(path, 0700))
			bail_out("cannot make '%s'", path);
		snprintf(path + strlen(path), room - strlen(path), "/d");
	}
}

static void remove_deep(char *path)
{
	char *end;

	while ((end = strrchr(path, '/')) && !strcmp(end, "/d")) {
		*end = 0;
		if (rmdir(path))
			bail_out("cannot remove '%s'", path);
	}
}

/* From its being ready on the new vault counts, whatever is left to do. */
static void test_no_return(void)
{
	const struct renew_options options = { .keys_folder = keys_folder };
	struct renew_report report;
	struct err err = ERR_INIT;
	struct err again = ERR_INIT;
	char path[8192];

	snprintf(path, sizeof(path), "%s", in_scratch("alice/logs"));
	make_deep(path, sizeof(path));
	is_int(vault_renew(vault, &options, &report, &err), ERR_IO,
	       "an old part that does not go");
	ok(strstr(err.text, "is made anew") != NULL, "is no refusal: %.160s",
	   err.text);
	remove_deep(path);
	vault_close(vault);
	vault = NULL;
	must(renewal_end(in_scratch("alice"), &again), &again, "end");
	open_vault();
	ok(!file_exists(in_scratch("alice/vvault/renewing")),
	   "it is ended later");
	is_int(settled(), 1, "and all is there");
}

int main(void)
{
	forge_begin();
	snprintf(keys_folder, sizeof(keys_folder), "%s", in_scratch("keys"));
	make_members("host", false);
	lay_host();
	clone_host();
	test_lost_head();
	test_joined();
	test_no_return();
	vault_close(vault);
	forge_end();
	return done_testing();
}
