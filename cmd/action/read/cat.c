#include "cmd/action/actions.h"
#include "cmd/action/read/ref.h"
#include "lib/id/cid.h"
#include "refs/history/version.h"
#include "refs/view/find.h"

struct cat {
	struct ref ref;
	struct buf bytes;
	bool is_found;
};

static int take_record(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct cat *cat = arg;
	const struct fold_record *record = ref_record(&cat->ref, entity);

	cat->is_found = record != NULL;
	return record ? buf_add_span(&cat->bytes, record->record.line, err) :
	       0;
}

static int cat_record(struct cat *cat, struct err *err)
{
	const struct view_visitor visitor = { take_record, cat };
	int rc = view_one(cat->ref.view, buf_span(&cat->ref.entity), &visitor,
			  err);

	if (rc == 0 && !cat->is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is not there",
			     buf_text(&cat->ref.entity));
	return rc;
}

/* The object that was signed. */
static int cat_version(struct cat *cat, struct err *err)
{
	const struct view *view = cat->ref.view;

	if (view->heads_n != 1)
		return err_set(err, ERR_INVALID, "%zu versions are the state "
			       "of '%s': 'vvault log' names them",
			       view->heads_n, view->ref_name);
	return store_read(view->vault->store, &view->heads[0], OBJECT_COMMIT,
			  VERSION_MAX_BYTES, &cat->bytes, err);
}

static int cat_run(struct action_call *call, struct err *err)
{
	struct cat cat = { REF_INIT, BUF_INIT(BUF_NO_LIMIT), false };
	const char *what = action_text(call, "what");
	unsigned char digest[SHA256_BYTES];
	int rc;

	if (cid_parse_raw(span_str(what), digest)) {
		rc = vault_find(call->vault, span_str(what), &cat.bytes, err);
	} else {
		rc = ref_open(call->vault, what, action_text(call, "entity"),
			      &cat.ref, err);
		if (rc == 0)
			rc = cat.ref.entity.len ? cat_record(&cat, err) :
			     cat_version(&cat, err);
	}
	if (rc == 0)
		rc = host_bytes(call->host, buf_span(&cat.bytes), err);
	buf_release(&cat.bytes);
	ref_release(&cat.ref);
	return rc;
}

static const struct action_param params[] = { REF_PARAMS, ACTION_PARAMS_END };

const struct action action_cat = {
	"cat", "print exact bytes", params, ACTION_SHOWS, ref_check, cat_run
};
