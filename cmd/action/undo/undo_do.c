#include <stdlib.h>
#include <string.h>

#include "cmd/action/auto_gc.h"
#include "cmd/action/undo/inverse.h"
#include "cmd/action/undo/undo.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/view/describe.h"
#include "refs/view/view.h"

#define SUBJECT_MAX 1024

const char *undo_word(const struct undoing *undoing)
{
	return undoing->is_redo ? "redo" : "undo";
}

/* The members of a list in an entry, as spans that the caller frees. */
static int list_of(const struct undoing *undoing, const char *name,
		   struct span **out, size_t *out_n, struct err *err)
{
	struct span list;
	struct span item;
	struct jcs_iter iter;
	size_t cap = 0;
	int rc = 0;

	*out = NULL;
	*out_n = 0;
	if (!jcs_find(logged_json(undoing->log, undoing->of), name, &list))
		return 0;
	iter = jcs_iter_array(list);
	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		rc = array_room_in(*out, *out_n, cap, err);
		if (rc == 0)
			(*out)[(*out_n)++] = item;
	}
	return rc;
}

static bool id_of(struct span object, const char *name, git_oid *out)
{
	struct span text;

	return jcs_find_string(object, name, &text) &&
	       text.len == GIT_OID_HEXSZ &&
	       git_oid_fromstrn(out, text.at, text.len) == 0;
}

void undo_put_operation(const struct undoing *undoing,
			struct jcs_fields *fields)
{
	struct span command;

	fields_integer(fields, "operation", (int64_t)undoing->done->number);
	fields_str(fields, "did", undo_word(undoing));
	if (jcs_find(logged_json(undoing->log, undoing->done), "command",
		     &command))
		fields_raw(fields, "command", command);
	if (jcs_find(logged_json(undoing->log, undoing->done), "what",
		     &command))
		fields_raw(fields, "what", command);
}

static int see_live(void *arg, const struct view_entity *entity,
		    struct err *err)
{
	(void)err;
	*(bool *)arg |= entity->state.at != NULL;
	/* Not an error: one is enough to know. */
	return entity->state.at ? ERR_CANCELED : 0;
}

/* Does nothing stand in it any more, whoever wrote it? */
static int is_empty(const struct undoing *undoing, const char *ref_name,
		    bool *out, struct err *err)
{
	bool has_live = false;
	const struct view_visitor visitor = { see_live, &has_live };
	struct view *view = NULL;
	int rc = view_open_ref(undoing->call->vault, ref_name, &view, err);

	if (rc == 0)
		rc = view_each(view, NULL, true, &visitor, err);
	view_free(view);
	*out = rc == 0 && !has_live;
	return has_live ? 0 : rc;
}

static int emit_inverse(const struct undoing *undoing,
			const struct inverse *inverse,
			const struct version *version, const char *construct,
			struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	bool is_emptied = false;
	int rc = 0;

	/* It had nothing before, and has a history now. */
	if (!undoing->is_redo && !version->parents_n && !inverse->left_n)
		rc = is_empty(undoing, version->construct, &is_emptied, err);
	undo_put_operation(undoing, &fields);
	inverse_put(inverse, construct, &fields);
	result_id(&fields, "of", &version->id);
	fields_bool(&fields, "is_emptied", is_emptied);
	if (rc == 0)
		rc = host_object(undoing->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : inverse_settle(inverse, construct, err);
}

static int undo_version(struct undoing *undoing, struct span move,
			struct err *err)
{
	struct vault *vault = undoing->call->vault;
	struct inverse inverse = INVERSE_INIT(undoing->call);
	struct version_note note = VERSION_NOTE_INIT;
	struct buf subject = BUF_INIT(SUBJECT_MAX);
	char construct[CONSTRUCT_NAME_MAX];
	struct version version;
	git_oid id;
	int rc;

	if (!id_of(move, "version", &id))
		return 0;
	version_init(&version);
	rc = version_read(vault->store, &id, &version, err);
	if (rc == 0)
		rc = version_describe(vault, &version, &note, err);
	if (rc == 0)
		rc = vault_construct_name(vault, &version, construct, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "%s #%llu: %.900s",
				undo_word(undoing),
				(unsigned long long)undoing->done->number,
				buf_text(&note.subject));
	if (rc == 0)
		rc = inverse_of_version(&inverse, &version, buf_text(&subject),
					err);
	if (rc == 0)
		undoing->has_written |= inverse.result.write.has_version;
	if (rc == 0)
		rc = emit_inverse(undoing, &inverse, &version, construct, err);
	version_release(&version);
	version_note_release(&note);
	buf_release(&subject);
	inverse_release(&inverse);
	return rc;
}

/* The last thing that it did first. */
static int undo_each(struct undoing *undoing, const char *name,
		     int (*undo)(struct undoing *undoing, struct span item,
				 struct err *err),
		     struct err *err)
{
	struct span *items;
	size_t n;
	int rc = list_of(undoing, name, &items, &n, err);

	while (rc == 0 && n)
		rc = undo(undoing, items[--n], err);
	free(items);
	return rc;
}

/* Where this device's refs of the constructs stand, before anything is done. */
static int put_heads(const struct undoing *undoing, struct jcs_fields *fields,
		     struct err *err)
{
	struct vault *vault = undoing->call->vault;
	struct jcs_fields head = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char ref[CONSTRUCT_NAME_MAX];
	char name[REF_NAME_MAX];
	struct span *moves;
	struct span text;
	git_oid id;
	size_t n;
	size_t i;
	int rc = list_of(undoing, "moves", &moves, &n, err);

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < n; i++) {
		if (!jcs_find_string(moves[i], "ref", &text) ||
		    text.len >= sizeof(ref))
			continue;
		memcpy(ref, text.at, text.len);
		ref[text.len] = '\0';
		if (head_ref_name(HEADS_PREFIX, ref, vault->device.name, name,
				  NULL) < 0 ||
		    !ref_read(vault->store, name, &id))
			continue;
		fields_str(&head, "ref", ref);
		result_id(&head, "at", &id);
		if (list.len > 1)
			buf_put_char(&list, ',');
		buf_fail(&list, jcs_fields_write(&head, &list, NULL));
		jcs_fields_reset(&head);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "heads", &list);
	buf_release(&list);
	jcs_fields_release(&head);
	free(moves);
	return rc;
}

static int begin(struct undoing *undoing, struct err *err)
{
	struct operation *operation = undoing->call->operation;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (undoing->is_redo)
		operation->redoes = undoing->of->number;
	else
		operation->undoes = undoing->done->number;
	if (undoing->begun) {
		operation->begun = undoing->begun->number;
		return undo_gather(undoing->call, undoing->log, undoing->begun,
				   undo_word(undoing), undoing->done->number, err);
	}
	rc = put_heads(undoing, &fields, err);
	if (rc == 0)
		return operation_begin(undoing->call, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int undo_do(struct undoing *undoing, struct err *err)
{
	struct action_call *call = undoing->call;
	int rc = begin(undoing, err);

	if (rc == 0)
		rc = undo_each(undoing, "moves", undo_version, err);
	if (rc == 0)
		rc = undo_each(undoing, "remotes", undo_remote, err);
	if (rc == 0 && undoing->has_written)
		auto_gc(call, call->vault, true);
	return rc;
}
