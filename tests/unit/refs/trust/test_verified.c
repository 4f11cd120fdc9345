#include <fcntl.h>
#include <sys/stat.h>

#include "lib/os/file.h"
#include "refs/trust/open.h"
#include "refs/trust/verified.h"
#include "refs/vault/vault.h"
#include "tests/unit/version_fixture.h"

static char path[FIXTURE_PATH_MAX * 2];
static char keys[FIXTURE_PATH_MAX * 2];
static char file[FIXTURE_PATH_MAX * 3];

static struct vault *open_vault(const char *folder)
{
	struct vault *vault = NULL;
	struct err err = ERR_INIT;

	if (vault_open(path, folder, &vault, &err) < 0)
		bail_out("cannot open %s: %s", path, err.text);
	return vault;
}

static struct head make_head(const char *construct, unsigned device,
			     unsigned id)
{
	struct head head;

	memset(&head, 0, sizeof(head));
	snprintf(head.construct, sizeof(head.construct), "%s", construct);
	snprintf(head.device, sizeof(head.device), "z6Mk%u", device);
	memset(head.id.id, (int)id, sizeof(head.id.id));
	return head;
}

static struct verified *load(const struct vault *vault)
{
	struct verified *verified = NULL;
	struct err err = ERR_INIT;

	if (verified_load(vault, &verified, &err) < 0)
		bail_out("cannot load: %s", err.text);
	return verified;
}

static void put(struct verified *verified, const struct head *head,
		enum vouch vouch)
{
	struct err err = ERR_INIT;

	if (verified_put(verified, head, vouch, &err) < 0)
		bail_out("cannot put: %s", err.text);
}

static void test_lookup(const struct vault *vault)
{
	struct verified *verified = load(vault);
	struct head_list list = HEAD_LIST_INIT;
	struct head one = make_head("nova", 1, 1);
	struct head two = make_head("nova", 1, 2);
	struct head three = make_head("nova", 1, 3);
	struct head other = make_head("luna", 1, 4);
	git_oid before;

	is_int(verified_get(verified, &one), VOUCH_NONE, "unknown at first");
	ok(!verified_before(verified, &one, &list, &before),
	   "with nothing before");
	put(verified, &one, VOUCH_BLIND);
	is_int(verified_get(verified, &one), VOUCH_BLIND, "known as blind");
	put(verified, &one, VOUCH_FULL);
	is_int(verified_get(verified, &one), VOUCH_FULL, "then in full");
	put(verified, &two, VOUCH_FULL);
	put(verified, &other, VOUCH_BLIND);
	ok(verified_before(verified, &two, &list, &before) &&
	   git_oid_equal(&before, &one.id), "the one before");
	is_int(head_list_add(&list, &two, NULL), 0, "two stands elsewhere");
	ok(verified_before(verified, &three, &list, &before) &&
	   git_oid_equal(&before, &one.id), "and one is before the third");
	list.n = 0;
	is_int(verified_get(verified, &one), VOUCH_FULL, "both are known");
	put(verified, &three, VOUCH_FULL);
	is_int(verified_get(verified, &one), VOUCH_NONE, "two of a ref are");
	is_int(verified_list(verified, "nova", VOUCH_FULL, &list, NULL), 0,
	       "those of a construct");
	is_int(list.n, 2, "are two");
	ok(git_oid_equal(&list.at[1].id, &three.id), "the latest last");
	list.n = 0;
	is_int(verified_list(verified, "luna", VOUCH_FULL, &list, NULL), 0,
	       "of another");
	is_int(list.n, 0, "a blind one is not one in full");
	put(verified, &three, VOUCH_NONE);
	is_int(verified_get(verified, &three), VOUCH_NONE, "struck out");
	head_list_release(&list);
	verified_free(verified);
}

/* Two processes: neither undoes what the other wrote. */
static void test_save(const struct vault *vault)
{
	struct head one = make_head("nova", 1, 1);
	struct head two = make_head("nova", 2, 2);
	struct verified *a = load(vault);
	struct verified *b = load(vault);

	put(a, &one, VOUCH_FULL);
	put(b, &two, VOUCH_BLIND);
	verified_save(a, vault, true);
	verified_save(b, vault, true);
	verified_free(a);
	is_int(verified_get(b, &one), VOUCH_FULL, "what another wrote is seen");
	put(b, &one, VOUCH_NONE);
	verified_save(b, vault, false);
	a = load(vault);
	is_int(verified_get(a, &one), VOUCH_FULL,
	       "a second save of one second waits");
	verified_free(a);
	verified_save(b, vault, true);
	verified_free(b);
	a = load(vault);
	is_int(verified_get(a, &one), VOUCH_NONE, "not the last one");
	is_int(verified_get(a, &two), VOUCH_BLIND, "and both are there");
	verified_free(a);
}

static void flip(size_t at)
{
	unsigned char byte;
	int fd = open(file, O_RDWR);

	if (fd < 0 || pread(fd, &byte, 1, (off_t)at) != 1)
		bail_out("cannot read %s", file);
	byte ^= 1;
	if (pwrite(fd, &byte, 1, (off_t)at) != 1)
		bail_out("cannot write %s", file);
	close(fd);
}

/* Each flipped byte, and each length that is too short. */
static void test_forged(const struct vault *vault)
{
	struct head two = make_head("nova", 2, 2);
	struct verified *verified;
	struct stat st;
	size_t believed = 0;
	size_t i;

	if (stat(file, &st) < 0)
		bail_out("no %s", file);
	for (i = 0; i < (size_t)st.st_size; i++) {
		flip(i);
		verified = load(vault);
		believed += verified_get(verified, &two) != VOUCH_NONE;
		verified_free(verified);
		flip(i);
	}
	is_int(believed, 0, "nothing is believed once a byte is wrong");
	verified = load(vault);
	is_int(verified_get(verified, &two), VOUCH_BLIND, "all right again");
	verified_free(verified);
	for (i = 0; i < (size_t)st.st_size; i++) {
		if (truncate(file, st.st_size - 1 - (off_t)i) < 0)
			bail_out("cannot cut %s", file);
		verified = load(vault);
		believed += verified_get(verified, &two) != VOUCH_NONE;
		verified_free(verified);
	}
	is_int(believed, 0, "nor when it was cut off");
}

/* Another device's, and none's. */
static void test_devices(void)
{
	struct vault *vault = open_vault(keys);
	struct head head = make_head("nova", 1, 1);
	struct verified *verified = load(vault);
	struct device_key key;
	struct err err = ERR_INIT;

	put(verified, &head, VOUCH_FULL);
	verified_save(verified, vault, true);
	verified_free(verified);
	vault_close(vault);
	if (device_key_generate(&key, &err) < 0 ||
	    device_key_save(in_scratch("others"), &key, &err) < 0)
		bail_out("%s", err.text);
	vault = open_vault(in_scratch("others"));
	verified = load(vault);
	is_int(verified_get(verified, &head), VOUCH_NONE,
	       "another device does not believe it");
	verified_free(verified);
	vault_close(vault);
	vault = open_vault(NULL);
	verified = load(vault);
	is_int(verified_get(verified, &head), VOUCH_NONE,
	       "nor one without a key");
	put(verified, &head, VOUCH_FULL);
	verified_save(verified, vault, true);
	verified_free(verified);
	vault_close(vault);
	device_key_wipe(&key);
}

/* As many as a large vault has. */
static void test_many(const struct vault *vault)
{
	struct verified *verified = load(vault);
	struct head head = make_head("nova", 1, 1);
	size_t right = 0;
	unsigned i;

	for (i = 0; i < 10000; i++) {
		snprintf(head.construct, sizeof(head.construct), "c%u",
			 i * 7919 % 10000);
		put(verified, &head, VOUCH_FULL);
	}
	verified_save(verified, vault, true);
	verified_free(verified);
	verified = load(vault);
	for (i = 0; i < 10000; i++) {
		snprintf(head.construct, sizeof(head.construct), "c%u", i);
		right += verified_get(verified, &head) == VOUCH_FULL;
	}
	is_int(right, 10000, "10,000 are found again");
	verified_free(verified);
}

int main(void)
{
	struct vault_options options = { .keys_folder = keys };
	struct vault *vault = NULL;
	struct err err = ERR_INIT;

	scratch_begin();
	snprintf(path, sizeof(path), "%s", in_scratch("v"));
	snprintf(keys, sizeof(keys), "%s", in_scratch("keys"));
	snprintf(file, sizeof(file), "%s/vvault/verified", path);
	if (store_init_library(&err) < 0 ||
	    vault_create(path, &options, &vault, &err) < 0)
		bail_out("%s", err.text);
	vault_close(vault);
	vault = open_vault(keys);
	is_int(verified_get(vault->verified, &(struct head){ .id = { { 1 } } }),
	       VOUCH_NONE, "what is no head is not known");
	test_lookup(vault);
	test_save(vault);
	test_forged(vault);
	vault_close(vault);
	test_devices();
	vault = open_vault(keys);
	test_many(vault);
	vault_close(vault);
	store_stop_library();
	scratch_end();
	return done_testing();
}
