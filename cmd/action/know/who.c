#include "cmd/action/know/who.h"

#include <string.h>

#include "lib/id/did.h"

#define BEGIN_MIN 8		/* characters of a did that name a device */

/* As a shell takes it for one word. */
static void put_quoted(const char *name, struct buf *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	if (name[strspn(name, plain)] == '\0' && *name != '-') {
		buf_put_str(out, name);
		return;
	}
	buf_put_char(out, '\'');
	for (; *name; name++) {
		if (*name == '\'')
			buf_put_str(out, "'\\''");
		else
			buf_put_char(out, *name);
	}
	buf_put_char(out, '\'');
}

void who_request(const struct action_call *call, const char *name,
		 struct buf *out)
{
	if (!name)
		name = call->settings.device_name;
	buf_put_str(out, "vvault member add ");
	if (name && *name) {
		buf_put_str(out, *name == '-' ? "--name=" : "--name ");
		put_quoted(name, out);
		buf_put_char(out, ' ');
	}
	buf_put_str(out, call->vault->device.did);
}

static bool is_meant(struct vault *vault, const struct member *member,
		     const char *words)
{
	char did[DID_SHORT_MAX];
	size_t len = strlen(words);

	if (len && span_equals(device_name(vault, member->public),
			       span_str(words)))
		return true;
	did_short(member->public, did);
	return len >= BEGIN_MIN && !strncmp(did, words, len);
}

int who_find(struct vault *vault, const char *words,
	     unsigned char out[DID_KEY_BYTES], struct err *err)
{
	const struct member *found = NULL;
	size_t i;

	if (!strncmp(words, DID_PREFIX, strlen(DID_PREFIX)))
		return did_parse(span_str(words), out, err);
	for (i = 0; i < vault->state.members_n; i++) {
		const struct member *member = &vault->state.members[i];

		if (!is_meant(vault, member, words))
			continue;
		if (found)
			return err_set(err, ERR_INVALID, "several members are "
				       "called '%s': 'vvault member list' "
				       "shows their dids", words);
		found = member;
	}
	if (!found)
		return err_set(err, ERR_INVALID, "neither a did:key nor a "
			       "member: '%s'", words);
	memcpy(out, found->public, DID_KEY_BYTES);
	return 0;
}
