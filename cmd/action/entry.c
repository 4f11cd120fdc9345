#include "cmd/action/entry.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/auto_gc.h"
#include "cmd/action/hook.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "refs/trust/whole.h"

static int remember(struct entry *entry, const unsigned char *id,
		    struct err *err)
{
	int rc = array_room(&entry->ids, err);

	if (rc == 0)
		memcpy(entry->ids.at[entry->ids.n++], id, RECORD_ID_BYTES);
	return rc;
}

static int make_entity(const struct entry *entry, struct buf *out,
		       struct err *err)
{
	char key[RANDOM_KEY26_MAX];

	if (entry->entity)
		return buf_add_str(out, entry->entity, err);
	random_key26(key);
	return buf_printf(out, err, "%s:%s", entry->kind->name, key);
}

/* NULL where the construct does not exist yet. */
static int open_view(struct entry *entry, struct view **out, struct err *err)
{
	struct err missing = ERR_INIT;
	char ref_name[CONSTRUCT_NAME_MAX];
	int rc;

	*out = NULL;
	rc = vault_ref_name(entry->vault, entry->construct, ref_name,
			    err);
	if (rc < 0)
		return rc;
	rc = view_open_ref(entry->vault, ref_name, out, &missing);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		*err = missing;
	return rc;
}

int entry_open(struct entry *entry, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = writer_new(entry->vault, entry->construct,
			    entry->may_create ? WRITER_MAY_CREATE : 0,
			    &entry->writer, &reason);

	if (rc != ERR_NOT_FOUND)
		return err_copy(err, rc, &reason);
	return err_set(err, ERR_NOT_FOUND, "%s%s --new makes it", reason.text,
		       span_ends(span_str(reason.text), "?") ? "" : ";");
}

int entry_begin(struct entry *entry, struct err *err)
{
	struct view *view;
	int rc;

	if (!entry->entity)
		return 0;
	rc = open_view(entry, &view, err);
	if (rc < 0)
		return rc;
	rc = view_standing(view, span_str(entry->entity),
			   &entry->prev, err);
	/* What we say of it next is later than what we have read of it. */
	if (rc == 0)
		rc = vault_observe(entry->vault, &entry->prev.newest,
				   false, err);
	view_free(view);
	return rc;
}

int entry_add(struct entry *entry, struct span data, struct err *err)
{
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	char at[HLC_TEXT_MAX];
	unsigned char id[RECORD_ID_BYTES];
	struct record_parts parts;
	int rc;

	rc = make_entity(entry, &entity, err);
	if (rc == 0)
		rc = vault_now(entry->vault, at, err);
	if (rc < 0)
		goto out;
	parts.type = entry->type;
	parts.entity = buf_span(&entity);
	parts.at = at;
	parts.prev = (const unsigned char (*)[RECORD_ID_BYTES])
		entry->prev.ids;
	parts.prev_n = entry->prev.n;
	parts.data = data;
	rc = writer_add_parts(entry->writer, &parts, id, NULL, err);
	if (rc < 0)
		goto out;
	rc = remember(entry, id, err);
	if (rc == 0 && entry->entity) {
		memcpy(entry->prev.ids[0], id, sizeof(id));
		entry->prev.n = 1;
	}
out:
	buf_release(&entity);
	return rc;
}

int entry_commit(struct entry *entry, struct action_call *call,
		 const char *subject, struct write_result *out,
		 struct err *err)
{
	int rc = writer_commit(entry->writer, subject, out, err);

	if (rc == 0 && out->has_version)
		rc = hook_after_write(call, "post-commit", entry->construct,
				      out, err);
	if (rc == 0 && out->has_version)
		auto_gc(call, entry->vault, true);
	/* So that its ref is missed should it get lost. */
	if (rc == 0 && entry->may_create)
		(void)!whole_renew(entry->vault, NULL);
	return rc;
}

void entry_put(const struct entry *entry, const struct write_result *result,
	       struct jcs_fields *fields)
{
	/* By the name that was typed: no others are read to write a record. */
	if (entry->vault->names)
		result_construct_id(fields, entry->vault, entry->construct);
	else
		fields_str(fields, "construct", entry->construct);
	result_id(fields, "version",
		  result->has_version ? &result->version : NULL);
	result_record_ids(fields, "records",
			  (const unsigned char (*)[RECORD_ID_BYTES])
			  entry->ids.at, entry->ids.n);
}

void entry_release(struct entry *entry)
{
	writer_free(entry->writer);
	free(entry->ids.at);
	free(entry->prev.ids);
}
