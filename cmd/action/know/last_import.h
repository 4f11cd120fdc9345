/*
 * The last import into a vault from here: a local file, sealed by this device.
 */
#ifndef VV_CMD_ACTION_KNOW_LAST_IMPORT_H
#define VV_CMD_ACTION_KNOW_LAST_IMPORT_H

#include "cmd/action/actions.h"
#include "cmd/import/results.h"

/* Remember it: from where, and what it brought. What cannot be written is not
 * remembered. */
void last_import_note(const struct action_call *call,
		      const struct import_results *results);

/* "import": {"at","constructs","from","known","new","sources"}, the names of
 * the largest few; null where none is known of. "called" as
 * result_called_list() has it. */
void last_import_put(struct jcs_fields *fields, struct vault *vault);

#endif
