#include "cmd/action/sync.h"

int cmd_fetch(struct session *session, int argc, char **argv)
{
	return sync_fetch(session, argc, argv, NULL);
}
