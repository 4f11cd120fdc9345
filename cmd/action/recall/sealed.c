#include "cmd/action/recall/sealed.h"

#include <string.h>

void sealed_release(struct sealed *sealed)
{
	buf_release(&sealed->names);
}

void sealed_add(struct sealed *sealed, const char *name)
{
	struct buf *names = &sealed->names;

	sealed->n++;
	if (names->len + strlen(name) + strlen(", ") >= names->max)
		return;
	buf_put_str(names, names->len ? ", " : "");
	buf_put_str(names, name);
}

void sealed_tell(const struct sealed *sealed, struct action_call *call)
{
	if (!sealed->n)
		return;
	host_note(call->host, "%zu construct%s sealed for this device: %s; "
		  "'vvault status' tells more", sealed->n,
		  sealed->n == 1 ? " is" : "s are", buf_text(&sealed->names));
	call->has_lost = true;
}
