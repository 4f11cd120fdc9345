#include "cmd/action/undo/operations.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/operations/operations.h"

static uint64_t number_of(struct span entry, const char *name)
{
	struct span value;
	int64_t number;

	return jcs_find(entry, name, &value) && jcs_integer(value, &number) &&
	       number > 0 ? (uint64_t)number : 0;
}

static bool has(struct span entry, const char *name)
{
	struct span value;

	return jcs_find(entry, name, &value) &&
	       jcs_type_of(value) == JCS_TRUE;
}

static int take(void *arg, struct span entry, struct err *err)
{
	struct operations *operations = arg;
	struct logged *logged;
	int rc = array_room(operations, err);

	if (rc < 0)
		return rc;
	logged = &operations->at[operations->n];
	memset(logged, 0, sizeof(*logged));
	logged->number = number_of(entry, "number");
	logged->at = operations->text.len;
	logged->len = entry.len;
	logged->undoes = number_of(entry, "undoes");
	logged->redoes = number_of(entry, "redoes");
	logged->begun = number_of(entry, "begun");
	logged->begins = has(entry, "begins");
	logged->has_failed = has(entry, "failed");
	rc = buf_add_span(&operations->text, entry, err);
	operations->n += rc == 0;
	return rc;
}

/* What one entry says of those before it. */
static void settle_entry(struct operations *operations, struct logged *logged)
{
	struct logged *begin = operations_find(operations, logged->begun);
	struct logged *other;

	if (begin)
		begin->is_ended = true;
	if (logged->begins || logged->has_failed)
		return;
	if (logged->undoes) {
		other = operations_find(operations, logged->undoes);
		if (other)
			other->undone_by = logged->number;
	}
	other = operations_find(operations, logged->redoes);
	if (!other)
		return;
	other->redone_by = logged->number;
	other = operations_find(operations, other->undoes);
	if (other)
		other->undone_by = 0;
}

int operations_read(struct operations *out, struct vault *vault,
		    struct err *err)
{
	size_t i;
	int rc = operations_each(vault, take, out, &out->is_torn, err);

	if (rc == ERR_UNTRUSTED)
		rc = err_set(err, ERR_UNTRUSTED, "vvault/" OPERATIONS_FILE
			     " is not as this device wrote it, and nothing in "
			     "it is believed; move it away, and what is done "
			     "from then on is logged anew");
	for (i = 0; rc == 0 && i < out->n; i++)
		settle_entry(out, &out->at[i]);
	return rc;
}

void operations_release(struct operations *operations)
{
	free(operations->at);
	buf_wipe(&operations->text);
	*operations = (struct operations)OPERATIONS_INIT;
}

struct span logged_json(const struct operations *operations,
			const struct logged *logged)
{
	return span_of(operations->text.data + logged->at, logged->len);
}

/* Numbers follow each other. */
struct logged *operations_find(const struct operations *operations,
			       uint64_t number)
{
	uint64_t first = operations->n ? operations->at[0].number : 0;
	size_t i;

	if (!number || number < first)
		return NULL;
	i = (size_t)(number - first);
	return i < operations->n && operations->at[i].number == number ?
	       &operations->at[i] : NULL;
}

static const struct operation_kind *kind_of(struct span entry)
{
	struct span action;
	char name[64];

	if (!jcs_find_string(entry, "action", &action) ||
	    action.len >= sizeof(name))
		return NULL;
	memcpy(name, action.at, action.len);
	name[action.len] = '\0';
	return operation_kind_find(name);
}

/* Is there anything to take back? *out_is_vault: members or keys are in it. */
static bool moved(struct span entry, bool *out_is_vault)
{
	struct span list;
	struct span item;
	struct span value;
	struct jcs_iter iter;
	bool has_moved = false;

	*out_is_vault = false;
	if (jcs_find(entry, "remotes", &list) && list.len > 2)
		has_moved = true;
	if (!jcs_find(entry, "moves", &list))
		return has_moved;
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item)) {
		if (!jcs_find(item, "version", &value) ||
		    jcs_type_of(value) != JCS_STRING)
			continue;
		has_moved = true;
		*out_is_vault |= jcs_find(item, "ref", &value) &&
				 jcs_is_text(value, VAULT_CONSTRUCT);
	}
	return has_moved;
}

const char *logged_why_not(const struct operations *operations,
			   const struct logged *logged)
{
	struct span entry = logged_json(operations, logged);
	const struct operation_kind *kind = kind_of(entry);
	bool is_vault;
	bool has_moved = moved(entry, &is_vault);

	if (kind && kind->why_not)
		return kind->why_not;
	if (is_vault)
		return "what is said of members and keys is signed for good";
	return has_moved ? NULL : "it wrote nothing";
}

bool logged_is_passed(const struct operations *operations,
		      const struct logged *logged)
{
	struct span entry = logged_json(operations, logged);
	const struct operation_kind *kind = kind_of(entry);
	bool is_vault;

	if (kind && kind->why_not)
		return (kind->flags & OPERATION_PASSED) != 0;
	return !moved(entry, &is_vault);
}

bool logged_stands(const struct logged *logged)
{
	return !logged->begins && !logged->undoes && !logged->redoes &&
	       !logged->undone_by;
}

struct logged *operations_to_redo(const struct operations *operations)
{
	size_t i;

	for (i = operations->n; i-- > 0;) {
		struct logged *logged = &operations->at[i];

		if (logged->undoes && !logged->begins && !logged->has_failed &&
		    !logged->redone_by)
			return logged;
	}
	return NULL;
}

struct logged *operations_cut_off(const struct operations *operations)
{
	size_t i;

	for (i = operations->n; i-- > 0;) {
		if (operations->at[i].begins && !operations->at[i].is_ended)
			return &operations->at[i];
	}
	return NULL;
}
