#include "cmd/action/mend/dispute.h"

#include <string.h>

#include "cmd/action/change_json.h"
#include "cmd/action/result.h"
#include "lib/base/text.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"

#define TITLE_BYTES 200

int signer_find(struct signers *signers, struct span entity,
		const struct fold_record *record,
		const struct version **out, struct err *err)
{
	int rc = 0;

	*out = NULL;
	if (!signers->origins)
		rc = origins_new(signers->view, &signers->origins, err);
	return rc < 0 ? rc : origin_find(signers->origins, entity, record->id,
					 out, err);
}

void signers_release(struct signers *signers)
{
	brought_list_release(&signers->brought);
	origins_free(signers->origins);
	signers->origins = NULL;
}

/* When it was said; else when it was signed. */
static void put_time(struct jcs_fields *fields,
		     const struct fold_record *record,
		     const struct version *version)
{
	struct hlc at = HLC_INIT;

	if (hlc_parse(record->record.at, &at, NULL, NULL) == 0 &&
	    at.micros != HLC_UNKNOWN)
		result_micros(fields, "at", at.micros);
	else if (version)
		result_time(fields, "at", version->time);
	else
		fields_null(fields, "at");
}

/* Of what an import brought, which file that was. */
static int put_source(struct signers *signers,
		      const struct fold_record *record,
		      const struct version *version,
		      struct jcs_fields *fields, struct err *err)
{
	const struct brought *brought = NULL;
	char node[HLC_NODE_MAX] = "";
	struct hlc at;
	int rc = 0;

	if (version && hlc_parse(record->record.at, &at, node, NULL) == 0 &&
	    !strcmp(node, HLC_NODE_IMPORT))
		rc = brought_find(&signers->brought, signers->view->vault,
				  version, &brought, err);
	if (rc == 0 && brought && brought->n == 1)
		fields_raw(fields, "source", buf_span(&brought->first));
	else
		fields_null(fields, "source");
	return rc;
}

static int value_json(const struct view_entity *entity,
		      const struct dispute_value *value,
		      struct signers *signers, struct buf *out,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct version *version;
	char id[CID_TEXT_MAX];
	int rc = signer_find(signers, entity->entity, value->record, &version,
			     err);

	cid_text(CID_JSON, value->record->id, id);
	fields_str(&fields, "record", id);
	if (rc == 0 && version) {
		result_did(&fields, "device", version_writer(version));
		result_member(&fields, signers->view->vault, version_writer(version));
	} else {
		fields_null(&fields, "device");
		fields_null(&fields, "name");
	}
	put_time(&fields, value->record, version);
	if (rc == 0)
		rc = put_source(signers, value->record, version, &fields, err);
	if (value->value.at) {
		fields_raw(&fields, "value", value->value);
	} else {
		fields_null(&fields, "value");
		fields_bool(&fields, "deletes", true);
	}
	fields_bool(&fields, "wins", value->wins);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static void put_title(struct jcs_fields *fields, struct span state)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span title;

	if (state.at && change_title(state, &title) &&
	    jcs_string_decode(title, &text, NULL) == 0)
		text_one_line(&text, TITLE_BYTES);
	result_text(fields, "title", buf_span(&text));
	buf_release(&text);
}

void dispute_put_what(struct jcs_fields *fields, const struct view *view,
		      const struct view_entity *entity,
		      const struct dispute *dispute)
{
	result_construct_id(fields, view->vault, view_title(view));
	fields_text(fields, "entity", entity->entity);
	fields_text(fields, "field", dispute->field);
	fields_str(fields, "kind", entity->kind->name);
	put_title(fields, entity->state);
}

static int put_values(struct jcs_fields *fields,
		      const struct view_entity *entity,
		      const struct dispute *dispute, struct signers *signers,
		      struct err *err)
{
	struct buf values = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	buf_put_char(&values, '[');
	for (i = 0; rc == 0 && i < dispute->n; i++) {
		if (i)
			buf_put_char(&values, ',');
		rc = value_json(entity, &dispute->at[i], signers, &values,
				err);
	}
	buf_put_char(&values, ']');
	fields_buf(fields, "values", &values);
	buf_release(&values);
	return rc;
}

int dispute_put(struct jcs_fields *fields, const struct view_entity *entity,
		const struct dispute *dispute, struct signers *signers,
		struct err *err)
{
	dispute_put_what(fields, signers->view, entity, dispute);
	return put_values(fields, entity, dispute, signers, err);
}

static int put_list(const struct view_entity *entity,
		    const struct dispute_list *disputes,
		    struct signers *signers, struct buf *out, struct err *err)
{
	size_t i;
	int rc = 0;

	buf_put_char(out, '[');
	for (i = 0; rc == 0 && i < disputes->n; i++) {
		struct jcs_fields one = JCS_FIELDS_INIT;

		if (i)
			buf_put_char(out, ',');
		fields_text(&one, "field", disputes->at[i].field);
		rc = put_values(&one, entity, &disputes->at[i], signers, err);
		if (rc == 0)
			rc = jcs_fields_write(&one, out, err);
		jcs_fields_release(&one);
	}
	buf_put_char(out, ']');
	return rc;
}

int disputes_put(struct jcs_fields *fields, struct view *view,
		 const struct view_entity *entity, struct err *err)
{
	struct dispute_list disputes = DISPUTE_LIST_INIT;
	struct signers signers = SIGNERS_INIT(view);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!entity->conflicts)
		return 0;
	rc = dispute_list_of(entity, &disputes, err);
	if (rc == 0)
		rc = put_list(entity, &disputes, &signers, &list, err);
	fields_buf(fields, "disputed", &list);
	buf_release(&list);
	dispute_list_release(&disputes);
	signers_release(&signers);
	return rc;
}
