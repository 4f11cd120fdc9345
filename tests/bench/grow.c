/*
 * A vault that grows by single adds, each a version of its own, as so many
 * runs of "vvault add" would make it but without starting a program for each:
 *
 *	grow <vault> <construct> <adds> [auto]
 *
 * The keys lie in $VVAULT_KEYS. Nothing is collected on the way but with the
 * word "auto", and then as the command would.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "objects/store/store.h"
#include "refs/trust/open.h"
#include "refs/upkeep/gc.h"
#include "refs/write/write.h"

static void must(int rc, const struct err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "grow: %s\n", err->text);
	exit(128);
}

/* A memory of some 400 bytes that compresses no better than most. */
static void add_memory(struct vault *vault, struct writer *writer,
		       size_t number)
{
	static const char *const words[] = {
		"remember", "garden", "likes", "the", "music", "before",
		"river", "and", "small", "talks", "about", "her", "brother",
		"often", "winter", "code", "because", "tired", "house", "of"
	};
	struct buf data = BUF_INIT(4096);
	struct buf entity = BUF_INIT(64);
	struct record_parts parts = { .type = "memory:create" };
	char at[HLC_TEXT_MAX];
	char key[RANDOM_KEY26_MAX];
	struct err err = ERR_INIT;

	random_key26(key);
	must(buf_printf(&entity, &err, "memory:%s", key), &err);
	must(buf_printf(&data, &err, "{\"content\":\"%zu: ", number), &err);
	while (data.len < 200)
		must(buf_printf(&data, &err, "%s ", words[random_u64() % 20]),
		     &err);
	must(buf_printf(&data, &err, "\",\"source\":\"grow\"}"), &err);
	must(vault_now(vault, at, &err), &err);
	parts.at = at;
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), &err);
	buf_release(&data);
	buf_release(&entity);
}

static void add_version(struct vault *vault, const char *construct,
			size_t number)
{
	struct writer *writer;
	struct write_result result;
	struct err err = ERR_INIT;

	must(writer_new(vault, construct, WRITER_MAY_CREATE, &writer, &err),
	     &err);
	add_memory(vault, writer, number);
	must(writer_commit(writer, "add: 1 memory:create", &result, &err),
	     &err);
	writer_free(writer);
}

static void collect_if_due(struct vault *vault)
{
	const struct gc_options options = { .is_brief = true,
					    .may_sign = true };
	struct gc_report report;
	struct err err = ERR_INIT;

	if (!vault_gc_is_due(vault))
		return;
	must(vault_gc(vault, &options, &report, &err), &err);
	gc_report_release(&report);
}

int main(int argc, char **argv)
{
	size_t adds = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	struct vault *vault;
	struct err err = ERR_INIT;
	size_t i;

	if (!adds) {
		fprintf(stderr, "usage: grow <vault> <construct> <adds> "
			"[auto]\n");
		return 129;
	}
	must(store_init_library(&err), &err);
	must(vault_open(argv[1], getenv("VVAULT_KEYS"), &vault, &err), &err);
	for (i = 0; i < adds; i++) {
		add_version(vault, argv[2], i);
		if (argc > 4)
			collect_if_due(vault);
	}
	vault_close(vault);
	store_stop_library();
	return 0;
}
