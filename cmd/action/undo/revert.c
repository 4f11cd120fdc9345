#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/undo/inverse.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "refs/history/history.h"
#include "refs/view/describe.h"
#include "refs/view/origin.h"

#define SUBJECT_MAX 1024

static int emit(struct inverse *inverse, const char *construct,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	inverse_put(inverse, construct, &fields);
	rc = host_object(inverse->call->host, &fields, err);
	jcs_fields_release(&fields);
	if (rc == 0)
		rc = inverse_settle(inverse, construct, err);
	if (rc == 0 && inverse->result.write.has_version)
		auto_gc(inverse->call, inverse->call->vault, true);
	return rc;
}

/* Behind what changed no record: a compaction, say. */
static int step_over_quiet(struct vault *vault, struct version *version,
			   struct err *err)
{
	git_oid parent;
	bool is_quiet = true;
	int rc = 0;

	while (rc == 0 && version->parents_n) {
		rc = history_is_quiet(vault->store, version, &is_quiet, err);
		if (rc < 0 || !is_quiet)
			break;
		parent = version->parents[0];
		rc = version_read(vault->store, &parent, version, err);
	}
	return rc;
}

static int read_version(struct action_call *call, const struct view *view,
			struct version *out, struct err *err)
{
	int rc;

	if (view->heads_n != 1)
		return err_set(err, ERR_INVALID, "'%s' has %zu newest versions "
			       "that stand side by side: name one of them, "
			       "'vvault log %s' lists them", view_title(view),
			       view->heads_n, view_title(view));
	rc = version_read(call->vault->store, view->heads, out, err);
	return rc < 0 ? rc : step_over_quiet(call->vault, out, err);
}

static int refuse_vault(const char *ref_name, struct err *err)
{
	if (strcmp(ref_name, VAULT_CONSTRUCT) != 0)
		return 0;
	return err_set(err, ERR_DENIED, "who is a member, and which keys there "
		       "are, cannot be taken back: what was signed as known "
		       "stays known");
}

static int revert_version(struct action_call *call, const struct view *view,
			  struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct buf subject = BUF_INIT(SUBJECT_MAX);
	struct inverse inverse = INVERSE_INIT(call);
	struct version version;
	int rc;

	version_init(&version);
	rc = read_version(call, view, &version, err);
	if (rc == 0)
		rc = version_describe(call->vault, &version, &note, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "revert: %.900s",
				buf_text(&note.subject));
	if (rc == 0)
		rc = inverse_of_version(&inverse, &version, buf_text(&subject),
					err);
	if (rc == 0)
		rc = emit(&inverse, view_title(view), err);
	version_release(&version);
	version_note_release(&note);
	buf_release(&subject);
	inverse_release(&inverse);
	return rc;
}

/* The version that said the last word on an entity. */
struct last_word {
	struct origins *origins;
	struct version version;
	struct store *store;
	bool is_found;
};

static int find_last_word(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct last_word *last = arg;
	const struct version *version;
	int rc = origin_find(last->origins, entity->entity,
			     view_newest(entity)->id, &version, err);

	if (rc < 0 || !version)
		return rc;
	last->is_found = true;
	return version_read(last->store, &version->id, &last->version, err);
}

static int open_last_word(struct view *now, struct span entity,
			  struct view **before, struct view **of,
			  struct err *err)
{
	struct last_word last = { .store = now->vault->store };
	const struct view_visitor visitor = { find_last_word, &last };
	int rc = origins_new(now, &last.origins, err);

	version_init(&last.version);
	if (rc == 0)
		rc = view_one(now, entity, &visitor, err);
	if (rc == 0 && !last.is_found)
		rc = err_set(err, ERR_NOT_FOUND, "it is not known which version "
			     "changed '%.*s' last: name one to go back to",
			     (int)entity.len, entity.at);
	if (rc == 0)
		rc = view_open_versions(now->vault, now->ref_name,
					last.version.parents,
					last.version.parents_n, before, err);
	if (rc == 0)
		rc = view_open_versions(now->vault, now->ref_name,
					&last.version.id, 1, of, err);
	origins_free(last.origins);
	version_release(&last.version);
	return rc;
}

/* All that happened to it since that version. */
static int open_since(struct action_call *call, struct view *now,
		      const char *word, struct view **before,
		      struct view **of, struct err *err)
{
	int rc = ref_open_view(call->vault, word, before, err);

	if (rc == 0 && strcmp((*before)->ref_name, now->ref_name) != 0)
		rc = err_set(err, ERR_INVALID, "'%s' is no version of '%s'",
			     word, view_title(now));
	if (rc == 0)
		rc = view_open_ref(call->vault, now->ref_name, of, err);
	return rc;
}

static int revert_entity(struct action_call *call, const struct ref *ref,
			 struct err *err)
{
	const char *version = action_text(call, "version");
	struct inverse inverse = INVERSE_INIT(call);
	struct buf subject = BUF_INIT(SUBJECT_MAX);
	struct view *before = NULL;
	struct view *now = NULL;
	struct view *of = NULL;
	struct revert revert = { .only = buf_span(&ref->entity) };
	int rc = view_open_ref(call->vault, ref->view->ref_name, &now, err);

	if (rc == 0)
		rc = version ? open_since(call, now, version, &before, &of,
					  err) :
		     open_last_word(now, revert.only, &before, &of, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "revert: %.900s",
				buf_text(&ref->entity));
	revert.before = before;
	revert.of = of;
	revert.now = now;
	revert.subject = buf_text(&subject);
	if (rc == 0)
		rc = inverse_write(&inverse, &revert, err);
	if (rc == 0)
		rc = emit(&inverse, view_title(now), err);
	view_free(before);
	view_free(of);
	view_free(now);
	buf_release(&subject);
	inverse_release(&inverse);
	return rc;
}

static int revert_run(struct action_call *call, struct err *err)
{
	struct ref ref = REF_INIT;
	int rc = ref_open(call->vault, action_text(call, "what"), NULL, &ref,
			  err);

	if (rc == 0)
		rc = refuse_vault(ref.view->ref_name, err);
	if (rc == 0 && !ref.entity.len && action_text(call, "version"))
		rc = err_set(err, ERR_INVALID, "'%s' is a version: with a "
			     "second one an entity is named first",
			     action_text(call, "what"));
	if (rc == 0)
		rc = ref.entity.len ? revert_entity(call, &ref, err) :
		     revert_version(call, ref.view, err);
	ref_release(&ref);
	return rc;
}

static const struct action_param params[] = {
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<version|entity|@n>",
	  "the version to take back, or an entity whose last change goes" },
	{ "version", ACTION_TEXT, ACTION_OPERAND, "<version>",
	  "put the entity back to what it was in that version" },
	ACTION_PARAMS_END
};

const struct action action_revert = {
	"revert", "take a version back, or what happened to an entity", params,
	ACTION_WRITES, NULL, revert_run
};
