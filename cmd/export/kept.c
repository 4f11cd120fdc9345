#include "cmd/export/kept.h"

#include "lib/json/jcs_scan.h"
#include "lib/time/hlc.h"
#include "objects/blob/blob.h"

bool export_is_edited(const struct view_entity *entity, const char *member)
{
	const struct record *record;
	struct span value;
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		record = &entity->records[i].record;
		if (record->at.len == HLC_TEXT &&
		    !memcmp(record->at.at + HLC_TEXT - HLC_NODE,
			    HLC_NODE_IMPORT, HLC_NODE))
			continue;
		if (!member || jcs_find(record->data, member, &value))
			return true;
	}
	return false;
}

struct construct {
	struct buf *state;
	bool is_edited;
};

static int take_construct(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct construct *construct = arg;
	bool is_live;

	construct->is_edited = export_is_edited(entity, "persona");
	return fold_entity(entity->records, entity->records_n,
			   construct->state, &is_live, NULL, err);
}

int export_construct(struct view *view, struct buf *out, bool *out_is_edited,
		     struct err *err)
{
	struct construct construct = { out, false };
	const struct view_visitor visitor = { take_construct, &construct };
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	int rc;

	rc = buf_printf(&entity, err, "construct:%s", view->construct);
	if (rc == 0)
		rc = view_one(view, buf_span(&entity), &visitor, err);
	*out_is_edited = construct.is_edited;
	buf_release(&entity);
	return rc;
}

int export_blob(struct view *view, struct span reference, struct buf *out,
		struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;

	if (!blob_ref_parse(reference, digest, &size))
		return err_set(err, ERR_NOT_FOUND, "no bytes were kept");
	return blob_read(view->vault->store, view->codec, &view->tree, digest,
			 out, err);
}
