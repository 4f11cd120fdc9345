/*
 * Stores for tests, and what plain git says of them.
 */
#ifndef VV_TESTS_UNIT_STORE_MADE_H
#define VV_TESTS_UNIT_STORE_MADE_H

#include "objects/store/store.h"
#include "tests/unit/fixture.h"

static struct err err = ERR_INIT;

static TAP_UNUSED struct store *open_store(const char *name)
{
	struct store *store = NULL;

	err_clear(&err);
	if (store_open(in_scratch(name), false, &store, &err) < 0)
		bail_out("cannot open the store: %s", err.text);
	return store;
}

static TAP_UNUSED struct store *new_store(const char *name)
{
	err_clear(&err);
	if (store_create(in_scratch(name), &err) < 0)
		bail_out("cannot create a store: %s", err.text);
	return open_store(name);
}

static TAP_UNUSED git_oid add_text(struct store *store, const char *text)
{
	git_oid id = { { 0 } };

	err_clear(&err);
	ok(store_add(store, OBJECT_BLOB, span_str(text), &id, &err) == 0,
	   "add '%.20s'", text);
	return id;
}

static TAP_UNUSED int read_code(struct store *store, const git_oid *id, size_t max)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	err_clear(&err);
	rc = store_read(store, id, OBJECT_BLOB, max, &out, &err);
	buf_release(&out);
	return rc;
}

static TAP_UNUSED bool reads_as(struct store *store, const git_oid *id, struct span want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	bool is_same;

	err_clear(&err);
	is_same = store_read(store, id, OBJECT_BLOB, STORE_OBJECT_MAX, &out,
			     &err) == 0 && span_equals(buf_span(&out), want);
	buf_release(&out);
	return is_same;
}

/* 0 when git itself is content with the repository. */
static TAP_UNUSED int fsck(const char *name)
{
	char line[FIXTURE_PATH_MAX * 3];

	snprintf(line, sizeof(line), "git -C %s fsck --strict --full "
		 "--no-dangling >/dev/null 2>%s", in_scratch(name),
		 in_scratch("fsck"));
	return system(line);
}

/* The number that a command prints when run in a repository. */
static TAP_UNUSED int count(const char *name, const char *command)
{
	char line[FIXTURE_PATH_MAX * 3];
	FILE *out;
	int n = -1;

	snprintf(line, sizeof(line), "cd %s && %s", in_scratch(name), command);
	out = popen(line, "r");
	if (!out || fscanf(out, "%d", &n) != 1)
		n = -1;
	if (out)
		pclose(out);
	return n;
}

static TAP_UNUSED int count_packs(const char *name)
{
	return count(name, "find objects/pack -name '*.idx' | wc -l");
}

static TAP_UNUSED int count_left_over(const char *name)
{
	return count(name, "find objects -type f | grep -vE "
		     "'/[0-9a-f]{2}/[0-9a-f]{38}$|[.](pack|idx)$' | wc -l");
}

#endif
