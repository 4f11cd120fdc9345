/*
 * The last import into a vault from here: a local file, sealed by this device.
 */
#ifndef VV_CMD_ACTION_KNOW_LAST_IMPORT_H
#define VV_CMD_ACTION_KNOW_LAST_IMPORT_H

#include "cmd/action/actions.h"
#include "cmd/action/imported.h"
#include "cmd/import/results.h"

/* Remember it: from where, what it brought, and whether something of it was
 * refused. What cannot be written is not remembered. */
void last_import_note(const struct action_call *call,
		      const struct import_results *results,
		      const struct imported_from *from);

/* "import": {"at","constructs","from","known","new","sources"}, and
 * {"refused":true} where something was, the names of
 * the largest few; null where none is known of. "called" as
 * result_called_list() has it. */
void last_import_put(struct jcs_fields *fields, struct vault *vault);

#endif
