#include "cmd/action/undo/inverse.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/hook.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"

void inverse_release(struct inverse *inverse)
{
	free(inverse->ids.at);
	buf_release(&inverse->left);
}

static int keep_id(void *arg, const unsigned char id[RECORD_ID_BYTES],
		   struct err *err)
{
	struct inverse *inverse = arg;
	int rc = array_room(&inverse->ids, err);

	if (rc == 0)
		memcpy(inverse->ids.at[inverse->ids.n++], id, RECORD_ID_BYTES);
	return rc;
}

static int keep_left(void *arg, struct span entity, struct span path,
		     const struct version *by, struct err *err)
{
	struct inverse *inverse = arg;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (inverse->left_n++ >= INVERSE_LEFT_MAX)
		return 0;
	fields_text(&fields, "entity", entity);
	result_text(&fields, "path", path);
	result_id(&fields, "version", by ? &by->id : NULL);
	if (by) {
		result_did(&fields, "device", version_writer(by));
		result_member(&fields, inverse->call->vault, version_writer(by));
		fields_bool(&fields, "own", !memcmp(version_writer(by),
			inverse->call->vault->device.public, DID_KEY_BYTES));
	}
	if (inverse->left.len)
		buf_put_char(&inverse->left, ',');
	rc = jcs_fields_write(&fields, &inverse->left, err);
	jcs_fields_release(&fields);
	return rc;
}

int inverse_write(struct inverse *inverse, const struct revert *revert,
		  struct err *err)
{
	const struct revert_visitor visitor = { keep_id, keep_left, inverse };

	return revert_write(revert, &visitor, &inverse->result, err);
}

int inverse_of_version(struct inverse *inverse, const struct version *version,
		       const char *subject, struct err *err)
{
	struct vault *vault = inverse->call->vault;
	struct view *before = NULL;
	struct view *of = NULL;
	struct view *now = NULL;
	struct revert revert = { .subject = subject };
	int rc = view_open_versions(vault, version->construct,
				    version->parents, version->parents_n,
				    &before, err);

	if (rc == 0)
		rc = view_open_versions(vault, version->construct,
					&version->id, 1, &of, err);
	if (rc == 0)
		rc = view_open_ref(vault, version->construct, &now, err);
	revert.before = before;
	revert.of = of;
	revert.now = now;
	if (rc == 0)
		rc = inverse_write(inverse, &revert, err);
	view_free(before);
	view_free(of);
	view_free(now);
	return rc;
}

void inverse_put(const struct inverse *inverse, const char *construct,
		 struct jcs_fields *fields)
{
	const struct revert_result *result = &inverse->result;
	struct buf left = BUF_INIT(BUF_NO_LIMIT);

	result_construct_id(fields, inverse->call->vault, construct);
	result_id(fields, "version", result->write.has_version ?
		  &result->write.version : NULL);
	result_record_ids(fields, "records",
			  (const unsigned char (*)[RECORD_ID_BYTES])
			  inverse->ids.at, inverse->ids.n);
	fields_integer(fields, "changed", (int64_t)result->changed);
	fields_integer(fields, "deleted", (int64_t)result->deleted);
	fields_integer(fields, "restored", (int64_t)result->restored);
	buf_putf(&left, "[%s]", buf_text(&inverse->left));
	fields_buf(fields, "left", &left);
	fields_integer(fields, "left_count", (int64_t)inverse->left_n);
	buf_release(&left);
}

int inverse_settle(const struct inverse *inverse, const char *construct,
		   struct err *err)
{
	const struct write_result *write = &inverse->result.write;

	return write->has_version ?
	       hook_after_write(inverse->call, "post-commit", construct,
				write, err) : 0;
}
