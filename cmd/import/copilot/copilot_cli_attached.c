#include "cmd/import/copilot/copilot_cli_internal.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"

static bool is_image(struct span media)
{
	return span_begins(media, "image/");
}

/* What an event further up has the bytes of. */
static bool put_ref(const struct copilot_cli_reading *reading,
		    struct take *take, struct jcs_fields *fields)
{
	struct span id = jval_text(take_see(take, "assetId"));
	uint64_t hash = xxh64_of(id.at, id.len);
	uint64_t at;

	if (!id.len || !table_get(&reading->assets, &hash, &at))
		return false;
	fields_raw(fields, "data", reading->refs.at[at]);
	return true;
}

static void put_bytes(struct copilot_cli_reading *reading, struct chat *chat,
		      struct take *take, const char *member)
{
	struct jcs_fields *fields = &reading->parts.fields;
	struct span media = jval_text(take_see(take, "mimeType"));

	fields_said(fields, "media", take_text(take, "mimeType"));
	if (jval_is(take_see(take, member), JVAL_STRING))
		part_base64(&reading->parts, chat, "data", take, member,
			    media);
	else
		(void)put_ref(reading, take, fields);
}

void copilot_cli_attachment(struct copilot_cli_reading *reading,
			    struct chat *chat, const struct jval *attached)
{
	struct parts *parts = &reading->parts;
	struct take take = take_begin(attached);
	struct span media = jval_get_text(attached, "mimeType");
	struct span name;

	if (!take.object) {
		part_native(parts, "attachment", attached);
		return;
	}
	part_begin(parts, is_image(media) ? "image" : "attachment");
	fields_said(&parts->fields, "kind", take_filled(&take, "type"));
	name = take_filled(&take, "displayName");
	if (!name.len)
		name = take_filled(&take, "title");
	fields_said(&parts->fields, "name", name.len ? name :
		    span_of(NULL, 0));
	fields_value(&parts->fields, "path", take_any(&take, "path"));
	fields_value(&parts->fields, "url", take_any(&take, "url"));
	/* What was marked in a file. */
	fields_said(&parts->fields, "text", take_text(&take, "text"));
	put_bytes(reading, chat, &take, "data");
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

static void keep_ref(struct copilot_cli_reading *reading, struct span id)
{
	struct span object = buf_span(&reading->parts.list);
	uint64_t hash = xxh64_of(id.at, id.len);
	size_t at = span_find(object, "{\"$blob\":", 0);
	size_t end = at == SPAN_NOWHERE ? at : span_find(object, "}", at);
	struct err err = ERR_INIT;
	int rc;

	if (!id.len || end == SPAN_NOWHERE)
		return;
	rc = array_room(&reading->refs, &err);
	if (rc == 0)
		rc = arena_keep(&reading->arena,
				span_of(object.at + at, end + 1 - at),
				&reading->refs.at[reading->refs.n], &err);
	if (rc == 0)
		rc = table_put(&reading->assets, &hash, reading->refs.n++,
			       &err);
	if (rc < 0)
		buf_fail(&reading->parts.list, rc);
}

void copilot_cli_asset(struct copilot_cli_reading *reading, struct chat *chat,
		       struct take *data)
{
	struct parts *parts = &reading->parts;
	struct span id = jval_text(take_see(data, "assetId"));

	part_begin(parts, is_image(jval_text(take_see(data, "mimeType"))) ?
		   "image" : "file");
	put_bytes(reading, chat, data, "data");
	part_end(parts);
	keep_ref(reading, id);
}
