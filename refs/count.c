#include "refs/count.h"

#include <string.h>

#include "lib/slot_file.h"
#include "lib/table.h"
#include "refs/history.h"

#define COUNTS_FILE "cache/counts"
#define COUNTS_SLOTS 65536

struct census {
	struct construct_counts *counts;
	struct table devices;
};

static int count_version(void *arg, const struct version *version,
			 struct err *err)
{
	struct census *census = arg;
	int rc;

	census->counts->versions++;
	rc = table_add(&census->devices, version->device, 0, err);
	if (rc == 1)
		census->counts->devices++;
	return rc < 0 ? rc : 0;
}

static int count_record(void *arg, const struct fold_record *record,
			struct err *err)
{
	struct construct_counts *counts = arg;

	(void)record;
	(void)err;
	counts->records++;
	return 0;
}

/* By the root, which says all that is counted. Without it, or where it cannot
 * be kept, records are counted anew. */
static bool open_counts(struct view *view, struct slot_file **out)
{
	static const struct slot_shape shape = {
		.magic = "vvault-counts-1",
		.key_len = SHA256_BYTES,
		.value_len = sizeof(uint64_t),
		.slots = COUNTS_SLOTS,
	};

	return vault_cache_open(view->vault, COUNTS_FILE, &shape, out,
				NULL) == 0;
}

static int count_records(struct view *view, struct construct_counts *out,
			 struct err *err)
{
	struct view_record_visitor visitor = { count_record, out };
	struct slot_file *counts = NULL;
	bool is_open = open_counts(view, &counts);
	int rc = 0;

	if (is_open && slot_file_get(counts, view->root, &out->records))
		goto out;
	out->records = 0;
	rc = view_records(view, &visitor, err);
	if (rc >= 0 && is_open)
		slot_file_put(counts, view->root, &out->records);
out:
	slot_file_free(counts);
	return rc;
}

int construct_count(struct view *view, struct construct_counts *out,
		    struct err *err)
{
	struct census census = {
		out, TABLE_INIT(DID_KEY_BYTES, TABLE_NO_LIMIT)
	};
	struct history_visitor visitor = { count_version, &census };
	struct history_range range = { view->heads, view->heads_n, NULL, 0 };
	int rc;

	memset(out, 0, sizeof(*out));
	rc = history_walk(view->vault->store, &range, &visitor, err);
	if (rc >= 0 && codec_mode(view->codec) != CODEC_BLIND) {
		out->has_records = true;
		rc = count_records(view, out, err);
	}
	table_release(&census.devices);
	return rc;
}
