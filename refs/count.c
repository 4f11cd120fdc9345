#include "refs/count.h"

#include <stdio.h>
#include <string.h>

#include "lib/encode.h"
#include "lib/file.h"
#include "lib/path.h"
#include "lib/table.h"
#include "refs/history.h"

/* "<root in hex> <records>\n", as many lines as fit; the oldest go first. */
#define COUNTS_FILE "cache/counts"
#define COUNTS_MAX_BYTES ((size_t)64 << 10)
#define ROOT_TEXT HEX_TEXT(SHA256_BYTES)

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

static bool find_line(struct span file, const char *root, uint64_t *out)
{
	struct span rest = file;
	const char *end;

	while ((end = memchr(rest.at, '\n', rest.len))) {
		size_t len = (size_t)(end - rest.at);
		const char *at = rest.at;

		rest = span_of(end + 1, rest.len - len - 1);
		if (len < ROOT_TEXT + 2 || memcmp(at, root, ROOT_TEXT))
			continue;
		*out = 0;
		for (at += ROOT_TEXT + 1; at < end; at++) {
			if (*at < '0' || *at > '9')
				return false;
			*out = *out * 10 + (uint64_t)(*at - '0');
		}
		return true;
	}
	return false;
}

/* The cache is a convenience: a failure to keep it is no failure. */
static void remember(const char *path, struct span file, const char *root,
		     uint64_t records)
{
	struct buf text = BUF_INIT(COUNTS_MAX_BYTES);
	struct err quiet = ERR_INIT;
	const char *cut;

	if (file.len > COUNTS_MAX_BYTES / 2) {
		cut = memchr(file.at + file.len / 2, '\n', file.len / 2);
		file = cut ? span_of(cut + 1, file.len -
				     (size_t)(cut + 1 - file.at)) :
		       span_of("", 0);
	}
	if (buf_add_span(&text, file, &quiet) >= 0 &&
	    buf_printf(&text, &quiet, "%s %llu\n", root,
		       (unsigned long long)records) >= 0 &&
	    file_write_atomic(path, buf_span(&text), 0600, &quiet) < 0)
		err_clear(&quiet);
	buf_release(&text);
}

static int count_records(struct view *view, struct construct_counts *out,
			 struct err *err)
{
	struct view_record_visitor visitor = { count_record, out };
	struct buf path = PATH_BUF_INIT;
	struct buf file = BUF_INIT(COUNTS_MAX_BYTES);
	struct err quiet = ERR_INIT;
	char root[ROOT_TEXT + 1];
	int rc;

	hex_text(view->root, SHA256_BYTES, root);
	rc = vault_local_path(view->vault, COUNTS_FILE, &path, err);
	if (rc < 0)
		goto out;
	if (file_read(buf_text(&path), COUNTS_MAX_BYTES, &file, &quiet) < 0)
		buf_reset(&file);
	if (find_line(span_of(buf_text(&file), file.len), root,
		      &out->records))
		goto out;
	out->records = 0;
	rc = view_records(view, &visitor, err);
	if (rc >= 0)
		remember(buf_text(&path), span_of(buf_text(&file), file.len),
			 root, out->records);
out:
	buf_release(&path);
	buf_release(&file);
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
