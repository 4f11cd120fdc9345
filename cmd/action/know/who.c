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

/* "z6MkABCD... (writer)" */
static void put_candidate(const struct member *member, struct buf *out)
{
	char did[DID_SHORT_MAX];

	did_short(member->public, did);
	buf_putf(out, "%s%.*s (%s)", out->len ? ", " : "", DEVICE_BRIEF, did,
		 member->is_removed ? "removed" : role_word(member->role));
}

static int refuse_several(struct vault *vault, const char *words,
			  bool is_standing, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = 0; i < vault->state.members_n; i++) {
		const struct member *member = &vault->state.members[i];

		if (is_meant(vault, member, words) &&
		    !(is_standing && member->is_removed))
			put_candidate(member, &list);
	}
	rc = err_set(err, ERR_INVALID, "several members are called '%s': %s",
		     words, buf_text(&list));
	buf_release(&list);
	return rc;
}

/* Of those who are meant so, n of them, one. */
static const struct member *find_meant(struct vault *vault, const char *words,
				       bool is_standing, size_t *n)
{
	const struct member *found = NULL;
	size_t i;

	*n = 0;
	for (i = 0; i < vault->state.members_n; i++) {
		const struct member *member = &vault->state.members[i];

		if (!is_meant(vault, member, words) ||
		    (is_standing && member->is_removed))
			continue;
		found = member;
		++*n;
	}
	return found;
}

int who_find(struct vault *vault, const char *words,
	     unsigned char out[DID_KEY_BYTES], struct err *err)
{
	const struct member *found;
	size_t n;

	if (!strncmp(words, DID_PREFIX, strlen(DID_PREFIX)))
		return did_parse(span_str(words), out, err);
	found = find_meant(vault, words, false, &n);
	if (n > 1)
		return refuse_several(vault, words, false, err);
	if (!found)
		return err_set(err, ERR_INVALID, "neither a did:key nor a "
			       "member: '%s'", words);
	memcpy(out, found->public, DID_KEY_BYTES);
	return 0;
}

int who_find_member(struct vault *vault, const char *words,
		    const struct member **out, struct err *err)
{
	unsigned char public[DID_KEY_BYTES];
	size_t n = 0;
	int rc = 0;

	*out = NULL;
	if (strncmp(words, DID_PREFIX, strlen(DID_PREFIX)))
		*out = find_meant(vault, words, true, &n);
	if (n > 1)
		return refuse_several(vault, words, true, err);
	if (*out)
		return 0;
	/* By its did, or one of those that were removed. */
	rc = who_find(vault, words, public, err);
	if (rc == 0)
		*out = vault_state_member(&vault->state, public);
	return rc == 0 && !*out ?
		       err_set(err, ERR_NOT_FOUND, "'%s' is no member", words) :
		       rc;
}
