/*
 * A session as a page of HTML that stands alone: no script, nothing that is
 * loaded from elsewhere, and a policy that forbids both.
 */
#ifndef VV_CMD_EXPORT_HTML_HTML_H
#define VV_CMD_EXPORT_HTML_HTML_H

#include "cmd/export/export.h"

/*
 * Write the session of that entity, with all branches of its messages, to
 * export->host, as bytes; temp_folder and folder are not looked at. Memory
 * goes with the session. ERR_NOT_FOUND when it has neither a record nor a
 * message.
 */
MUST_USE int html_session(const struct export *export, struct span session,
			  struct err *err);

#endif
