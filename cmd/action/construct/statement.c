#include "cmd/action/construct/statement.h"

#include <stdio.h>
#include <string.h>

#include "cmd/action/entry.h"
#include "cmd/action/hook.h"
#include "cmd/action/read/ref.h"
#include "lib/json/jcs_scan.h"

int construct_open(struct action_call *call, const char *word,
		   struct view **out, struct err *err)
{
	struct view *view = NULL;
	int rc;

	if (!strcmp(word, VAULT_CONSTRUCT))
		return err_set(err, ERR_INVALID, "'%s' is no construct of "
			       "anybody: it says who may do what", word);
	rc = ref_open_view(call->vault, word, &view, err);
	if (rc == 0 && !view->is_newest)
		rc = err_set(err, ERR_INVALID, "'%s' names a version: a "
			     "construct is meant as a whole", word);
	if (rc == 0 && !view->construct[0])
		rc = err_set(err, ERR_NO_KEY, "'%s' is sealed, and this device "
			     "holds no key of it", word);
	if (rc < 0) {
		view_free(view);
		return rc;
	}
	*out = view;
	return 0;
}

int construct_name_fit(const char *name, struct err *err)
{
	char fit[CONSTRUCT_NAME_MAX];
	struct err reason = ERR_INIT;
	int rc = construct_name_check(span_str(name), &reason);
	size_t len;

	if (rc == ERR_INVALID &&
	    construct_name_fold(span_str(name), fit, NULL) == 0) {
		for (len = strlen(fit); len > 1 && fit[len - 1] == '-'; len--)
			fit[len - 1] = '\0';
		return err_set(err, rc, "%s: '%s' would do", reason.text, fit);
	}
	return err_copy(err, rc, &reason);
}

int construct_name_is_free(struct vault *vault, const char *name,
			   const char *own, struct err *err)
{
	const char *other = NULL;
	bool is_id = false;
	int rc = construct_name_fit(name, err);

	if (rc < 0)
		return rc;
	if (!strcmp(name, VAULT_CONSTRUCT))
		return err_set(err, ERR_INVALID, "the name '%s' is reserved",
			       name);
	if (own && !strcmp(name, own))
		return 0;
	rc = names_is_id(vault, name, &is_id, err);
	if (rc == 0 && !is_id)
		rc = names_find(vault, name, &other, err);
	if (rc == 0 && other && own && !strcmp(other, own))
		return 0;
	if (rc == 0 && (is_id || other))
		rc = err_set(err, ERR_EXISTS, "the name '%s' is taken", name);
	return rc;
}

/* null: as its id, and not merged. */
static bool is_said(struct span data, const char *name, struct span *out)
{
	return jcs_find(data, name, out) && jcs_type_of(*out) != JCS_NULL;
}

int construct_data_check(struct vault *vault, const char *construct,
			 struct span entity, struct span data,
			 struct err *err)
{
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	char name[CONSTRUCT_NAME_MAX];
	struct span value;
	int rc;

	snprintf(own, sizeof(own), "construct:%s", construct);
	if (!span_equals(entity, span_str(own)))
		return 0;
	if (is_said(data, "merged", &value))
		return err_set(err, ERR_INVALID, "that it was merged is said "
			       "by 'vvault construct merge' alone");
	if (!is_said(data, "called", &value))
		return 0;
	if (!jcs_find_string(data, "called", &value))
		return err_set(err, ERR_INVALID, "what it is called must be a "
			       "name");
	rc = construct_name_check(value, err);
	if (rc < 0)
		return rc;
	snprintf(name, sizeof(name), "%.*s", (int)value.len, value.at);
	return construct_name_is_free(vault, name, construct, err);
}

int construct_state(struct view *view, struct writer *writer,
		    struct span data, struct err *err)
{
	char entity[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	struct entry entry = {
		.vault = view->vault, .writer = writer,
		.kind = kind_find(span_str("construct")),
		.construct = view->construct, .type = "construct:update",
		.entity = entity,
	};
	int rc;

	snprintf(entity, sizeof(entity), "construct:%s", view->construct);
	rc = entry_begin(&entry, err);
	if (rc == 0)
		rc = entry_add(&entry, data, err);
	entry.writer = NULL;	/* it is the caller's */
	entry_release(&entry);
	return rc;
}

int construct_written(struct action_call *call, const char *id,
		      const struct write_result *result, struct err *err)
{
	names_forget(call->vault);
	return result->has_version ?
		hook_after_write(call, "post-commit", id, result, err) : 0;
}
