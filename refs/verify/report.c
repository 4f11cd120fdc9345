#include "refs/verify/verify_internal.h"

#include <string.h>

#include "lib/id/encode.h"

bool is_finding(int rc)
{
	return rc == ERR_UNTRUSTED || rc == ERR_CORRUPT ||
	       rc == ERR_NOT_FOUND || rc == ERR_INVALID || rc == ERR_LIMIT;
}

static int report(struct verifier *verifier, uint32_t number,
		  const char *code, const char *message, struct err *err)
{
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];

	hex_text(verifier->nodes[number].id.id, GIT_OID_RAWSZ, hex);
	return problem_list_add(verifier->problems, code, hex, message, err);
}

int node_refuse(struct verifier *verifier, uint32_t number, const char *code,
		const char *message, struct err *err)
{
	struct verify_node *node = &verifier->nodes[number];

	if (node->status == NODE_REFUSED)
		return 0;	/* one reason will do */
	node->status = NODE_REFUSED;
	node->cause = number;
	return report(verifier, number, code, message, err);
}

int node_hold(struct verifier *verifier, uint32_t number, const char *code,
	      const char *message, struct err *err)
{
	struct verify_node *node = &verifier->nodes[number];

	if (node->status == NODE_HELD || node->status == NODE_REFUSED)
		return 0;
	node->status = NODE_HELD;
	node->cause = number;
	return report(verifier, number, code, message, err);
}
