#include "refs/trust/open.h"
#include "refs/upkeep/verify_all.h"
#include "refs/verify/ids.h"
#include "refs/write/write.h"
#include "tests/unit/forge.h"

static struct vault *vault;
static struct verify_report report;

static void add_memory(const char *name)
{
	const char *line = say_memory(name);
	struct writer *writer = NULL;
	struct write_result result;
	struct err err = ERR_INIT;

	must(writer_new(vault, "nova-001", WRITER_MAY_CREATE, &writer, &err),
	     &err, "writer");
	must(writer_add(writer, span_of(line, strlen(line) - 1), NULL, NULL,
			&err), &err, "add");
	must(writer_commit(writer, "a memory", &result, &err), &err,
	     "commit");
	writer_free(writer);
}

static void verify(bool is_full)
{
	struct verify_options options = { .is_full = is_full };
	struct err err = ERR_INIT;

	verify_report_release(&report);
	must(vault_verify(vault, &options, &report, &err), &err, "verify");
}

static bool has_problem(const char *code)
{
	size_t i;

	for (i = 0; i < report.problems.n; i++)
		if (!strcmp(report.problems.at[i].code, code))
			return true;
	for (i = 0; i < report.problems.n; i++)
		diag("%s %s: %s", report.problems.at[i].code,
		     report.problems.at[i].object,
		     report.problems.at[i].message);
	return false;
}

/* What the set of these memories must hash to. */
static void expect_set(const char *const *names, size_t n,
		       const char *construct)
{
	struct id_list ids = ID_LIST_INIT;
	unsigned char id[RECORD_ID_BYTES];
	unsigned char digest[SHA256_BYTES];
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *line = say_memory(names[i]);

		record_id(span_of(line, strlen(line) - 1), id);
		must(id_list_add(&ids, id, &err), &err, "id");
	}
	id_list_sort(&ids);
	id_list_digest(&ids, digest);
	for (i = 0; i < report.sets_n; i++)
		if (!strcmp(report.sets[i].construct, construct))
			break;
	ok(i < report.sets_n && !memcmp(report.sets[i].digest, digest,
					SHA256_BYTES),
	   "the set of %s is that of its records", construct);
	id_list_release(&ids);
}

/* The first line of `sort | sha256sum` would say the same. */
static void test_digest(void)
{
	struct id_list ids = ID_LIST_INIT;
	unsigned char id[RECORD_ID_BYTES] = { 0 };
	unsigned char digest[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1], cid[CID_TEXT_MAX + 1];
	unsigned char want[SHA256_BYTES];
	struct err err = ERR_INIT;

	id_list_digest(&ids, digest);
	hex_text(digest, SHA256_BYTES, hex);
	is_str(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
	       "7852b855", "the empty set");
	must(id_list_add(&ids, id, &err), &err, "id");
	must(id_list_add(&ids, id, &err), &err, "id");
	id_list_sort(&ids);
	is_int(ids.n, 1, "doubles count once");
	id_list_digest(&ids, digest);
	cid_text(CID_JSON, id, cid);
	memcpy(cid + CID_JSON_TEXT, "\n", 2);
	sha256_of(cid, strlen(cid), want);
	ok(!memcmp(digest, want, sizeof(want)), "a text and a newline each");
	id_list_release(&ids);
}

static void test_clean(bool is_plain, const char *name)
{
	static const char *const names[] = { "one", "two", "three" };
	struct vault_options options = { .keys_folder = in_scratch("keys"),
					 .name = "laptop",
					 .is_plain = is_plain };
	struct err err = ERR_INIT;
	size_t i;

	must(vault_create(in_scratch(name), &options, &vault, &err), &err,
	     "create");
	for (i = 0; i < 3; i++)
		add_memory(names[i]);
	verify(false);
	is_int(report.problems.n, 0, "a quick look finds nothing wrong");
	is_int(report.counts.versions, 4, "four versions");
	is_int(report.sets_n, 0, "and computes no sets");
	verify(true);
	is_int(report.problems.n, 0, "nor does a full one");
	is_int(report.sets_n, 2, "two constructs");
	expect_set(names, 3, "nova-001");
}

static void make_ref(const char *name, const git_oid *id)
{
	git_reference *ref = NULL;

	if (git_reference_create(&ref, store_repository(vault->store), name,
				 id, 1, NULL) < 0)
		bail_out("cannot make a ref");
	git_reference_free(ref);
}

static void test_refs(void)
{
	char name[REF_NAME_MAX];

	make_ref("refs/heads/stray", &vault->vault_heads[0]);
	verify(false);
	ok(has_problem("stray-ref"), "a stray ref is reported");
	git_reference_remove(store_repository(vault->store),
			     "refs/heads/stray");
	snprintf(name, sizeof(name), "refs/heads/nova-001/%s", keys[1].name);
	make_ref(name, &vault->vault_heads[0]);
	verify(false);
	ok(has_problem("wrong-ref"),
	   "a ref to a version of another construct is reported");
	git_reference_remove(store_repository(vault->store), name);
	verify(false);
	is_int(report.problems.n, 0, "and all is well without");
}

/* Flip the last byte of every loose object in turn. */
static int damage(void *context, const char *name, enum dir_kind kind,
		  struct err *err)
{
	const char *folder = context;
	struct buf path = PATH_BUF_INIT;
	struct buf bytes = BUF_INIT(1 << 20);
	struct err own = ERR_INIT;
	int rc = 0;

	(void)err;
	if (kind != DIR_KIND_FILE)
		return 0;
	must(path_join(&path, folder, name, &own), &own, "path");
	must(file_read(buf_text(&path), 1 << 20, &bytes, &own), &own, "read");
	bytes.data[bytes.len - 3] ^= 1;
	must(file_write_atomic(buf_text(&path), buf_span(&bytes), 0600, &own),
	     &own, "write");
	verify_report_release(&report);
	{
		struct verify_options options = { .is_full = true };
		struct vault *again = NULL;

		rc = vault_open(in_scratch("plain"), in_scratch("keys"),
				&again, &own);
		if (rc >= 0)
			rc = vault_verify(again, &options, &report, &own);
		ok(rc < 0 || report.problems.n, "damage to %s shows", name);
		vault_close(again);
	}
	bytes.data[bytes.len - 3] ^= 1;
	must(file_write_atomic(buf_text(&path), buf_span(&bytes), 0600, NULL),
	     &own, "write");
	buf_release(&path);
	buf_release(&bytes);
	return 0;
}

static int damage_folder(void *context, const char *name, enum dir_kind kind,
			 struct err *err)
{
	char folder[FIXTURE_PATH_MAX * 4];

	if (kind != DIR_KIND_DIR || strlen(name) != 2)
		return 0;
	snprintf(folder, sizeof(folder), "%s/%s", (const char *)context, name);
	return dir_each(folder, damage, folder, err);
}

static void test_damage(void)
{
	char objects[FIXTURE_PATH_MAX * 3];
	struct err err = ERR_INIT;

	snprintf(objects, sizeof(objects), "%s/objects", in_scratch("plain"));
	must(dir_each(objects, damage_folder, objects, &err), &err, "objects");
	verify(true);
	is_int(report.problems.n, 0, "and mended all is well");
}

int main(void)
{
	forge_begin();
	test_digest();
	test_clean(false, "sealed");
	vault_close(vault);
	test_clean(true, "plain");
	test_refs();
	test_damage();
	verify_report_release(&report);
	vault_close(vault);
	forge_end();
	return done_testing();
}
