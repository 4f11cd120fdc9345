#include "cmd/action/read/entity.h"

#include "cmd/action/result.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

static void put_records(struct jcs_fields *fields,
			const struct view_entity *entity)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char text[CID_TEXT_MAX];
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		cid_text(CID_JSON, entity->records[i].id, text);
		buf_putf(&list, "%s\"%s\"", i ? "," : "[", text);
	}
	buf_put_str(&list, i ? "]" : "[]");
	fields_buf(fields, "records", &list);
	buf_release(&list);
}

static void put_at(struct jcs_fields *fields, const struct view_entity *entity)
{
	struct span created;
	struct hlc clock = HLC_INIT;
	int64_t micros;

	if (entity->state.at &&
	    jcs_find_string(entity->state, "created", &created) &&
	    timestamp_parse(created, &micros, NULL, NULL) == 0) {
		result_micros(fields, "at", micros);
		return;
	}
	if (hlc_parse(view_newest(entity)->record.at, &clock, NULL, NULL) < 0)
		clock.micros = HLC_UNKNOWN;
	result_micros(fields, "at", clock.micros);
}

void entity_put(struct jcs_fields *fields, const struct view_entity *entity)
{
	put_at(fields, entity);
	fields_text(fields, "entity", entity->entity);
	fields_str(fields, "kind", entity->kind->name);
	put_records(fields, entity);
	if (entity->state.at)
		fields_raw(fields, "state", entity->state);
	else
		fields_null(fields, "state");
}
