#include "cmd/action/read/ref.h"

#include <string.h>

#include "cmd/action/read/begins.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/seek.h"
#include "lib/id/encode.h"

void ref_release(struct ref *ref)
{
	view_free(ref->view);
	buf_release(&ref->entity);
	*ref = (struct ref)REF_INIT;
}

const struct fold_record *ref_record(const struct ref *ref,
				     const struct view_entity *entity)
{
	size_t i;

	for (i = 0; ref->has_record && i < entity->records_n; i++) {
		if (!memcmp(entity->records[i].id, ref->record,
			    RECORD_ID_BYTES))
			return &entity->records[i];
	}
	return ref->has_record ? NULL : view_newest(entity);
}

int ref_check(const struct action_call *call, struct err *err)
{
	const char *entity = action_text(call, "entity");
	struct home home;

	return entity ? entity_home(span_str(entity), &home, NULL, err) : 0;
}

/* By the ids of versions, each looked at as if it were named by a person. */
static int open_versions(struct vault *vault, const struct handle *handle,
			 struct view **out, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;
	int rc = 0;

	if (!handle->versions_n)
		return view_open_ref(vault, handle->ref_name, out, err);
	for (i = 0; rc == 0 && i < handle->versions_n; i++) {
		struct view *one = NULL;

		hex_text(handle->versions[i].id, GIT_OID_RAWSZ, hex);
		rc = view_open(vault, hex, &one, err);
		if (rc == 0 && handle->versions_n == 1)
			*out = one;
		else
			view_free(one);
	}
	if (rc < 0 || handle->versions_n == 1)
		return rc;
	return view_open_versions(vault, handle->ref_name, handle->versions,
				  handle->versions_n, out, err);
}

static int open_handle(struct vault *vault, const char *word, struct ref *out,
		       struct err *err)
{
	struct handle handle = HANDLE_INIT;
	int rc = handle_find(vault, word, &handle, err);

	if (rc == 0)
		rc = open_versions(vault, &handle, &out->view, err);
	if (rc == 0) {
		out->has_record = handle.has_record;
		out->is_record = handle.is_record;
		memcpy(out->record, handle.record, RECORD_ID_BYTES);
		rc = buf_add_span(&out->entity, buf_span(&handle.entity), err);
	}
	handle_release(&handle);
	return rc;
}

/* Where steps back begin behind a handle ("@3~2"), or NULL. */
static const char *handle_steps(const char *word)
{
	size_t digits = word[0] == '@' ? strspn(word + 1, "0123456789") : 0;

	return digits && strchr("~^", word[1 + digits]) && word[1 + digits] ?
	       word + 1 + digits : NULL;
}

/* Back from the version that a handle names. */
static int open_behind(struct vault *vault, const char *word,
		       const char *steps, struct view **out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct ref ref = REF_INIT;
	int rc = buf_add_span(&text, span_of(word, (size_t)(steps - word)),
			      err);

	if (rc == 0)
		rc = open_handle(vault, buf_text(&text), &ref, err);
	if (rc == 0 && ref.view->heads_n != 1)
		rc = err_set(err, ERR_INVALID, "'%s' is no one version",
			     buf_text(&text));
	buf_reset(&text);
	if (rc == 0)
		rc = hex_add(&text, ref.view->heads[0].id, GIT_OID_RAWSZ, err);
	if (rc == 0)
		rc = buf_add_str(&text, steps, err);
	if (rc == 0)
		rc = view_open(vault, buf_text(&text), out, err);
	ref_release(&ref);
	buf_release(&text);
	return rc;
}

int ref_open_view(struct vault *vault, const char *word, struct view **out,
		  struct err *err)
{
	const char *steps = handle_steps(word);
	struct ref ref = REF_INIT;
	int rc;

	if (steps)
		return open_behind(vault, word, steps, out, err);
	if (!is_handle(word))
		return view_open(vault, word, out, err);
	rc = open_handle(vault, word, &ref, err);
	if (rc == 0) {
		*out = ref.view;
		ref.view = NULL;
	}
	ref_release(&ref);
	return rc;
}

int ref_version_id(struct vault *vault, const char *word, struct buf *out,
		   struct err *err)
{
	struct handle handle = HANDLE_INIT;
	int rc;

	if (!is_handle(word))
		return buf_add_str(out, word, err);
	rc = handle_find(vault, word, &handle, err);
	if (rc == 0 && (handle.versions_n != 1 || handle.entity.len))
		rc = err_set(err, ERR_INVALID, "'%s' is no version", word);
	if (rc == 0)
		rc = hex_add(out, handle.versions[0].id, GIT_OID_RAWSZ, err);
	handle_release(&handle);
	return rc;
}

/* Where it is said in which version: there it must be. */
static int take_there(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct ref *out = arg;

	return buf_add_span(&out->entity, entity->entity, err);
}

static int open_entity(struct vault *vault, const char *word,
		       const char *entity, struct ref *out, struct err *err)
{
	const struct view_visitor visitor = { take_there, out };
	int rc = ref_open_view(vault, word, &out->view, err);

	if (rc == 0)
		rc = view_one(out->view, span_str(entity), &visitor, err);
	if (rc == 0 && !out->entity.len)
		rc = err_set(err, ERR_NOT_FOUND, "no '%s' in '%s'", entity,
			     word);
	return rc;
}

static bool is_entity(const char *word)
{
	struct home home;

	return entity_home(span_str(word), &home, NULL, NULL) == 0;
}

/* A session by the begin of its name. */
static int open_begin(struct vault *vault, const char *word, struct ref *out,
		      struct err *err)
{
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	int rc = begins_seek(vault, word, &entity, err);

	if (rc == 0)
		rc = seek_entity(vault, buf_text(&entity), out, err);
	buf_release(&entity);
	return rc;
}

static int open_named(struct vault *vault, const char *entity,
		      struct ref *out, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = seek_entity(vault, entity, out, &reason);

	if (rc != ERR_NOT_FOUND)
		return err_copy(err, rc, &reason);
	ref_release(out);
	return span_begins(span_str(entity), "session:") ?
	       open_begin(vault, entity, out, err) :
	       seek_begin(vault, entity, out, err);
}

static int open_word(struct vault *vault, const char *word, struct ref *out,
		     struct err *err)
{
	struct err reason = ERR_INIT;
	struct id_begin begin;
	int rc;

	if (is_entity(word))
		return open_named(vault, word, out, err);
	if (strchr(word, ':') && !strpbrk(word, "@~^"))
		return open_begin(vault, word, out, err);
	if (ref_is_record_id(word))
		return id_begin_read(span_str(word), &begin) ?
		       seek_record(vault, word, &begin, out, err) :
		       err_set(err, ERR_INVALID, "'%s' is no id of a record: "
			       "at least %d of a-z and 2-7 follow '%s'", word,
			       ID_BEGIN_MIN, ID_COMMON);
	rc = ref_open_view(vault, word, &out->view, &reason);
	if (rc != ERR_NOT_FOUND || !id_begin_read(span_str(word), &begin))
		return err_copy(err, rc, &reason);
	rc = seek_record(vault, word, &begin, out, err);
	/* What there is helps whoever meant a construct. */
	if (rc == ERR_NOT_FOUND) {
		err_clear(err);
		err_copy(err, rc, &reason);
	}
	return rc;
}

int ref_find(struct vault *vault, const char *word, const char *entity,
	     struct ref *out, struct err *err)
{
	if (entity)
		return open_entity(vault, word, entity, out, err);
	return is_handle(word) ? open_handle(vault, word, out, err) :
	       open_word(vault, word, out, err);
}
