/*
 * The key that signs what agents write to a construct: one of its own, beside
 * the device's, so that it can be told from the person's word by everybody,
 * and can lose its right alone.
 */
#ifndef VV_CMD_MCP_SIGNER_H
#define VV_CMD_MCP_SIGNER_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"

/* Append the folder that it lies in: mcp/<vault>/<construct> below the keys. */
MUST_USE int signer_folder(const struct action_call *call,
			   const char *construct, struct buf *out,
			   struct err *err);

/* Is there one in that folder? */
bool signer_is_there(const struct buf *folder);

/*
 * Make it, where there is none, and let it in as a writer, as `member add` does:
 * by an owner, who asked for just this. What is so already stays so. ERR_DENIED:
 * this device is no owner; then err tells the did that one can let in.
 */
MUST_USE int signer_admit(const struct action_call *call,
			  const char *construct, struct err *err);

#endif
