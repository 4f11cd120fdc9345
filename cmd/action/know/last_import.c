#include "cmd/action/know/last_import.h"

#include <stdlib.h>

#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/local_seal.h"
#include "lib/time/timestamp.h"

#define FILE_NAME "last-import"
#define LABEL "last import 1"
#define FILE_MAX ((size_t)65536)
#define NAMES_MAX 3

static int seal_open(const struct vault *vault, struct local_seal *seal,
		     struct buf *path)
{
	if (!vault->has_device)
		return ERR_NOT_FOUND;
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      seal);
	return vault_local_path(vault, FILE_NAME, path, NULL);
}

static int by_news(const void *a, const void *b)
{
	const struct import_result *one = *(struct import_result *const *)a;
	const struct import_result *two = *(struct import_result *const *)b;

	if (one->write.records_new == two->write.records_new)
		return one < two ? -1 : one > two;
	return one->write.records_new < two->write.records_new ? 1 : -1;
}

/* The constructs with the most that was new. */
static int put_constructs(struct jcs_fields *fields,
			  const struct import_results *results)
{
	const struct import_result **sorted = calloc(results->n + 1,
						     sizeof(*sorted));
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t n = 0;
	size_t i;

	for (i = 0; sorted && i < results->n; i++) {
		if (results->at[i].write.records_new)
			sorted[n++] = &results->at[i];
	}
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_news);
	buf_put_char(&list, '[');
	for (i = 0; i < n && i < NAMES_MAX; i++)
		buf_putf(&list, "%s\"%s\"", i ? "," : "",
			 sorted[i]->construct);
	buf_put_char(&list, ']');
	fields_buf(fields, "constructs", &list);
	fields_integer(fields, "others", (int64_t)(n - i));
	buf_release(&list);
	free(sorted);
	return sorted ? 0 : ERR_NOMEM;
}

static int describe(const struct import_results *results,
		    const struct imported_from *from, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	uint64_t fresh = 0;
	uint64_t known = 0;
	size_t i;
	int rc;

	for (i = 0; i < results->n; i++) {
		fresh += results->at[i].write.records_new;
		known += results->at[i].write.records_known;
	}
	result_time(&fields, "at", timestamp_now() / TIMESTAMP_SECOND);
	result_outside(&fields, "from", from->first);
	fields_integer(&fields, "new", (int64_t)fresh);
	fields_integer(&fields, "known", (int64_t)known);
	if (from->is_refused)
		fields_bool(&fields, "refused", true);
	fields_integer(&fields, "sources", (int64_t)from->n);
	rc = put_constructs(&fields, results);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, NULL);
	jcs_fields_release(&fields);
	return rc;
}

void last_import_note(const struct action_call *call,
		      const struct import_results *results,
		      const struct imported_from *from)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct buf body = BUF_INIT(FILE_MAX);
	struct local_seal seal;
	int rc = seal_open(call->vault, &seal, &path);

	if (rc == 0)
		rc = describe(results, from, &body);
	if (rc == 0)
		(void)!local_seal_hide(&seal, buf_text(&path),
				       span_str(FILE_NAME), buf_span(&body),
				       NULL);
	local_seal_wipe(&seal);
	buf_release(&body);
	buf_release(&path);
}

/* As it was noted, and what its constructs are called by now. */
static void put_noted(struct jcs_fields *fields, struct vault *vault,
		      struct span noted)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(noted);
	struct span constructs;
	struct span name;
	struct span value;

	while (jcs_next(&iter, &name, &value))
		fields_add(&inner, name, value);
	if (jcs_find(noted, "constructs", &constructs))
		result_called_list(&inner, vault, constructs);
	fields_object(fields, "import", &inner);
	jcs_fields_release(&inner);
}

void last_import_put(struct jcs_fields *fields, struct vault *vault)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct buf body = BUF_INIT(FILE_MAX);
	struct local_seal seal;
	int rc = seal_open(vault, &seal, &path);

	if (rc == 0)
		rc = local_seal_reveal(&seal, buf_text(&path),
				       span_str(FILE_NAME), FILE_MAX, &body,
				       NULL);
	if (rc == 0)
		put_noted(fields, vault, buf_span(&body));
	else
		fields_null(fields, "import");
	local_seal_wipe(&seal);
	buf_release(&body);
	buf_release(&path);
}
