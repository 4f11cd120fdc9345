#include "refs/trust/scope.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/vault/vault.h"

#define NO_KIND (1u << 31)	/* kinds are fewer */

void scope_release(struct scope *scope)
{
	free(scope->refs.at);
	*scope = (struct scope)SCOPE_INIT;
}

int scope_add(struct scope *scope, const char *ref_name, struct err *err)
{
	int rc = array_room(&scope->refs, err);

	if (rc == 0)
		memcpy(scope->refs.at[scope->refs.n++], ref_name,
		       strlen(ref_name) + 1);
	return rc;
}

bool scope_has(const struct vault *vault, const char *ref_name)
{
	const struct scope *scope = vault->scope;
	size_t i;

	if (!scope || !scope->is_named || !strcmp(ref_name, VAULT_CONSTRUCT))
		return true;
	for (i = 0; i < scope->refs.n; i++) {
		if (!strcmp(scope->refs.at[i], ref_name))
			return true;
	}
	return false;
}

bool scope_tells(const struct vault *vault, const char *ref_name)
{
	return scope_has(vault, ref_name) &&
	       (!vault->scope || strcmp(ref_name, VAULT_CONSTRUCT) != 0);
}

bool scope_has_kind(const struct vault *vault, const struct kind *kind)
{
	return !vault->scope || !vault->scope->kinds ||
	       (vault->scope->kinds & kind_bit(kind));
}

unsigned scope_kinds(const struct vault *vault, unsigned kinds)
{
	if (!vault->scope || !vault->scope->kinds)
		return kinds;
	kinds = kinds ? kinds & vault->scope->kinds : vault->scope->kinds;
	return kinds ? kinds : NO_KIND;
}

/* A head that is damaged has no id, and no time either. */
static int find_then(struct vault *vault, struct head *head, bool *out,
		     struct err *err)
{
	struct version version;
	int rc;

	*out = false;
	if (git_oid_is_zero(&head->id))
		return 0;
	version_init(&version);
	rc = version_read(vault->store, &head->id, &version, err);
	if (rc == 0)
		rc = history_own_before(vault->store, &head->id,
					version.device, vault->scope->end,
					out, err);
	version_release(&version);
	return rc;
}

int scope_settle(struct vault *vault, bool is_all, struct head_list *list,
		 struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = 0;

	if (!vault->scope)
		return 0;
	for (i = 0; rc == 0 && i < list->n; i++) {
		struct head *head = &list->at[i];
		bool is_there = is_all ? scope_tells(vault, head->construct) :
				scope_has(vault, head->construct);

		if (is_there && vault->scope->end &&
		    strcmp(head->construct, VAULT_CONSTRUCT))
			rc = find_then(vault, head, &is_there, err);
		if (is_there)
			list->at[kept++] = *head;
	}
	list->n = kept;
	return rc;
}
