#include "cmd/action/vault/scope.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/read/ref.h"
#include "lib/time/timestamp.h"
#include "refs/index/lists/names.h"
#include "refs/trust/scope.h"

bool scope_next(struct span *list, char *out)
{
	const char *comma = list->len ? memchr(list->at, ',', list->len) :
			    NULL;
	struct span name = span_of(list->at, comma ? (size_t)
				   (comma - list->at) : list->len);

	if (!list->len)
		return false;
	*list = span_of(list->at + name.len + (comma != NULL),
			list->len - name.len - (comma != NULL));
	*out = '\0';
	if (name.len < CONSTRUCT_NAME_MAX) {
		memcpy(out, name.at, name.len);
		out[name.len] = '\0';
	}
	return true;
}

bool scope_names(struct span list, const char *name)
{
	char one[CONSTRUCT_NAME_MAX];
	bool is_there = false;

	while (!is_there && scope_next(&list, one))
		is_there = !strcmp(one, name);
	return is_there;
}

/* An id, or what a construct is called. */
static int add_construct(struct vault *vault, const char *name,
			 struct scope *scope, struct err *err)
{
	char ref_name[CONSTRUCT_NAME_MAX];
	const char *id = NULL;
	bool is_id = false;
	int rc;

	if (construct_name_check(span_str(name), NULL) < 0)
		return 0;
	rc = names_is_id(vault, name, &is_id, err);
	if (rc == 0 && !is_id)
		rc = names_find(vault, name, &id, err);
	if (rc < 0 || (!is_id && !id))
		return rc;
	rc = vault_ref_name(vault, id ? id : name, ref_name, err);
	return rc < 0 ? rc : scope_add(scope, ref_name, err);
}

int scope_lay(struct vault *vault, const struct scope_words *words,
	      struct err *err)
{
	struct scope *scope = calloc(1, sizeof(*scope));
	struct span left = words->constructs;
	char name[CONSTRUCT_NAME_MAX];
	int rc = 0;

	if (!scope)
		return err_set(err, ERR_NOMEM, "out of memory");
	scope->is_named = left.len != 0;
	scope->kinds = words->kinds;
	if (words->as_of)
		scope->end = words->as_of / TIMESTAMP_SECOND + 1;
	while (rc == 0 && scope_next(&left, name))
		rc = add_construct(vault, name, scope, err);
	/* Names of what is not there are not known any more. */
	names_forget(vault);
	vault->scope = scope;
	return rc;
}

static bool is_there(const struct vault *vault, const char *entity)
{
	const struct kind *kind;
	struct home home;

	return entity_home(span_str(entity), &home, &kind, NULL) < 0 ||
	       scope_has_kind(vault, kind);
}

/* Of kinds that are not there no name is told either. */
static int open_in_scope(struct vault *vault, const char *word,
			 const char *entity, struct ref *out, struct err *err)
{
	struct err reason = ERR_INIT;
	bool is_ours = is_there(vault, entity ? entity : word);
	int rc = is_ours ? ref_find(vault, word, entity, out, &reason) :
		 ERR_NOT_FOUND;

	if (rc == 0 && out->entity.len)
		is_ours = is_there(vault, buf_text(&out->entity));
	if (rc == 0 && is_ours)
		return 0;
	ref_release(out);
	if (rc < 0 && rc != ERR_NOT_FOUND && rc != ERR_INVALID)
		return err_copy(err, rc, &reason);
	return err_set(err, ERR_NOT_FOUND, "no '%s' here, or more than one "
		       "begins so", entity ? entity : word);
}

int ref_open(struct vault *vault, const char *word, const char *entity,
	     struct ref *out, struct err *err)
{
	return vault->scope && vault->scope->kinds ?
	       open_in_scope(vault, word, entity, out, err) :
	       ref_find(vault, word, entity, out, err);
}
