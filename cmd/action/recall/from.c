#include "cmd/action/recall/from.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/result.h"

#define BY_MCP "mcp:"
#define BY_IMPORT "import"

void from_list_release(struct from_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		origins_free(list->at[i]);
	free(list->at);
	*list = (struct from_list){ NULL, 0 };
}

static int find(struct from_list *list, struct recall *recall,
		const struct row *row, struct err *err)
{
	int rc = 0;

	if (!list->at) {
		list->at = calloc(recall->views_n, sizeof(*list->at));
		if (!list->at)
			return err_set(err, ERR_NOMEM, "out of memory");
		list->n = recall->views_n;
	}
	if (!list->at[row->construct])
		rc = origins_new(recall->views[row->construct],
				 &list->at[row->construct], err);
	return rc;
}

/* By what the signer's program said of the version, under the signature. */
static int add_via(const struct vault *vault, const struct version *version,
		   struct buf *out, struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct span subject = buf_span(&version->subject);
	size_t len = 0;
	int rc = 0;

	if (version->note.len) {
		rc = vault_note_open(vault, version, &note, err);
		subject = buf_span(&note.subject);
	}
	while (len < subject.len && subject.at[len] != ' ')
		len++;
	if (rc == 0)
		rc = span_begins(subject, "import:") ?
		     buf_add_str(out, BY_IMPORT, err) :
		     span_begins(subject, BY_MCP) ?
		     buf_add_span(out, span_of(subject.at, len), err) :
		     buf_add_str(out, "cli", err);
	version_note_release(&note);
	return rc;
}

static int put_via(struct jcs_fields *fields, const struct vault *vault,
		   const struct version *version, struct err *err)
{
	struct buf via = BUF_INIT(BUF_NO_LIMIT);
	int rc = add_via(vault, version, &via, err);

	fields_text(fields, "via", buf_span(&via));
	buf_release(&via);
	return rc;
}

/* What the signer may do now. */
static void put_role(struct jcs_fields *fields, const struct vault *vault,
		     const struct version *version)
{
	const struct member *member =
		vault_state_member(&vault->state, version_writer(version));

	fields_str(fields, "role", !member || member->is_removed ? "removed" :
		   role_word(member->role));
}

static int put_from(struct vault *vault, const struct version *version,
		    struct span source, struct jcs_fields *fields,
		    struct err *err)
{
	struct jcs_fields from = JCS_FIELDS_INIT;
	int rc = 0;

	result_text(&from, "source", source);
	if (version) {
		result_did(&from, "signer", version_writer(version));
		put_role(&from, vault, version);
		result_member(&from, vault, version_writer(version));
		rc = put_via(&from, vault, version, err);
	} else {
		fields_null(&from, "signer");
		fields_null(&from, "role");
		fields_null(&from, "name");
		fields_null(&from, "via");
	}
	if (rc == 0)
		fields_object(fields, "from", &from);
	jcs_fields_release(&from);
	return rc;
}

/* How far a word is to be believed: the less, the less; of a signer that stays
 * unknown least of all. */
static int weigh(struct vault *vault, const struct version *version,
		 int *out, struct err *err)
{
	const struct member *member;
	struct buf via = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	*out = -1;
	if (!version)
		return 0;
	member = vault_state_member(&vault->state, version_writer(version));
	rc = add_via(vault, version, &via, err);
	*out = span_begins(buf_span(&via), BY_MCP) ? 0 :
	       !strcmp(buf_text(&via), BY_IMPORT) ? 10 : 20;
	*out += !member || member->is_removed ? 0 : (int)member->role;
	buf_release(&via);
	return rc;
}

int from_put_least(const struct from_view *from,
		   const struct view_entity *entity,
		   struct jcs_fields *fields, struct err *err)
{
	size_t least = 0;
	int weight = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		const struct version *version = NULL;
		int one = 0;

		rc = origin_find(from->origins, entity->entity,
				 entity->records[i].id, &version, err);
		if (rc == 0)
			rc = weigh(from->vault, version, &one, err);
		if (!i || one < weight)
			least = i;
		weight = least == i ? one : weight;
	}
	return rc < 0 ? rc : from_put_record(from, entity->entity,
					     entity->records[least].id, fields,
					     err);
}

struct lineage {
	const struct from_view *from;
	struct jcs_fields *fields;
	bool is_told;
};

static int take_lineage(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct lineage *lineage = arg;

	lineage->is_told = true;
	return from_put_least(lineage->from, entity, lineage->fields, err);
}

int from_put(struct from_list *list, struct recall *recall,
	     const struct row *row, const struct spoken *spoken,
	     struct jcs_fields *fields, struct err *err)
{
	struct view *view = recall->views[row->construct];
	int rc = find(list, recall, row, err);
	const struct from_view from = {
		rc == 0 ? list->at[row->construct] : NULL, view->vault,
		spoken->source
	};
	struct lineage lineage = { &from, fields, false };
	const struct view_visitor visitor = { take_lineage, &lineage };

	/* Memories are changed by others than who began them. */
	if (rc == 0 && !recall->filter.with_history &&
	    !strcmp(spoken->kind->name, "memory"))
		rc = view_one(view, row->entity, &visitor, err);
	return rc < 0 || lineage.is_told ? rc :
	       from_put_record(&from, row->entity, row->id, fields, err);
}

int from_put_version(struct vault *vault, const struct version *version,
		     struct jcs_fields *fields, struct err *err)
{
	return put_from(vault, version, span_of(NULL, 0), fields, err);
}

int from_put_record(const struct from_view *from, struct span entity,
		    const unsigned char id[RECORD_ID_BYTES],
		    struct jcs_fields *fields, struct err *err)
{
	const struct version *version = NULL;
	int rc = origin_find(from->origins, entity, id, &version, err);

	return rc < 0 ? rc : put_from(from->vault, version, from->source,
				      fields, err);
}
