#include "cmd/action/recall/from.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/result.h"

#define BY_MCP "mcp:"

void from_list_release(struct from_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		origins_free(list->at[i]);
	free(list->at);
	*list = (struct from_list){ NULL, 0 };
}

static int find(struct from_list *list, struct recall *recall,
		const struct row *row, const struct version **out,
		struct err *err)
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
	return rc < 0 ? rc :
	       origin_find(list->at[row->construct], row->entity, row->id,
			   out, err);
}

/* By what the signer's program said of the version, under the signature. */
static int put_via(struct jcs_fields *fields, const struct vault *vault,
		   const struct version *version, struct err *err)
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
	if (span_begins(subject, "import:"))
		fields_str(fields, "via", "import");
	else if (span_begins(subject, BY_MCP))
		fields_text(fields, "via", span_of(subject.at, len));
	else
		fields_str(fields, "via", "cli");
	version_note_release(&note);
	return rc;
}

/* What the signer may do now. */
static void put_role(struct jcs_fields *fields, const struct vault *vault,
		     const struct version *version)
{
	const struct member *member =
		vault_state_member(&vault->state, version->device);

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
		result_did(&from, "signer", version->device);
		put_role(&from, vault, version);
		result_member(&from, vault, version->device);
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

int from_put(struct from_list *list, struct recall *recall,
	     const struct row *row, const struct spoken *spoken,
	     struct jcs_fields *fields, struct err *err)
{
	const struct version *version = NULL;
	int rc = find(list, recall, row, &version, err);

	return rc < 0 ? rc : put_from(recall->views[row->construct]->vault,
				      version, spoken->source, fields, err);
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
