#include "cmd/action/vault/twins.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/result.h"
#include "refs/trust/open.h"

void twins_put(struct jcs_fields *fields, const struct vault_state *state,
	       const struct member *member)
{
	const struct member *twin = vault_state_twin(state, member, NULL);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char did[DID_TEXT_MAX];

	if (!twin)
		return;
	for (; twin; twin = vault_state_twin(state, member, twin)) {
		did_from_public(twin->public, did);
		buf_putf(&list, "%s\"%s\"", list.len ? "," : "[", did);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "twins", &list);
	buf_release(&list);
}

void twins_put_all(struct jcs_fields *fields, struct vault *vault)
{
	const struct vault_state *state = &vault->state;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < state->members_n; i++) {
		const struct member *member = &state->members[i];
		struct jcs_fields one = JCS_FIELDS_INIT;

		if (!vault_state_twin(state, member, NULL))
			continue;
		result_did(&one, "device", member->public);
		result_member(&one, vault, member->public);
		buf_put_char(&list, list.len ? ',' : '[');
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_release(&one);
	}
	if (list.len) {
		buf_put_char(&list, ']');
		fields_buf(fields, "twins", &list);
	}
	buf_release(&list);
}

static void put_called(struct vault *vault, const struct member *member,
		       struct buf *out)
{
	struct span name = device_name(vault, member->public);
	char brief[DID_SHORT_MAX];

	did_short(member->public, brief);
	buf_putf(out, "%s%.*s%s%.*s%s", out->len ? ", " : "", (int)name.len,
		 name.at, name.len ? " (" : "", DEVICE_BRIEF, brief,
		 name.len ? ")" : "");
}

/* Who is left and stands above a member, and so above its twins; this device
 * is told in another way. */
static int put_above(struct vault *vault, const struct member *member,
		     struct buf *out, bool *out_self, struct err *err)
{
	const struct vault_state *state = &vault->state;
	bool *is_above = calloc(state->members_n + 1, sizeof(*is_above));
	size_t i;
	int rc;

	*out_self = false;
	if (!is_above)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = vault_state_above(vault->store, state, member->public, is_above,
			       err);
	for (i = 0; rc == 0 && i < state->members_n; i++) {
		const struct member *at = &state->members[i];

		if (!is_above[i] || at->role != ROLE_OWNER)
			continue;
		put_called(vault, at, out);
		*out_self |= vault->has_device &&
			     !memcmp(at->public, vault->device.public,
				     DID_KEY_BYTES);
	}
	free(is_above);
	return rc < 0 ? rc : buf_end(out, err);
}

static int tell_twins(const struct action_call *call,
		      const struct member *member, struct err *err)
{
	const struct vault_state *state = &call->vault->state;
	const struct member *twin = vault_state_twin(state, member, NULL);
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	struct buf above = BUF_INIT(BUF_NO_LIMIT);
	bool is_self;
	int rc = put_above(call->vault, member, &above, &is_self, err);

	put_called(call->vault, member, &names);
	for (; twin; twin = vault_state_twin(state, member, twin))
		put_called(call->vault, twin, &names);
	if (rc == 0)
		rc = buf_end(&names, err);
	if (rc == 0)
		host_note(call->host, "one key was replaced more than once, on "
			  "lines that knew nothing of each other, by %s: "
			  "whoever had a copy of it made one of these, and all "
			  "count. Ask the person which one is theirs",
			  buf_text(&names));
	if (rc == 0 && is_self)
		host_note(call->host, "this device stands above them, and can "
			  "remove the others: 'vvault help member'");
	else if (rc == 0 && above.len)
		host_note(call->host, "the others are removed by who stands "
			  "above them: %s", buf_text(&above));
	else if (rc == 0)
		host_note(call->host, "nobody is left who stands above them: "
			  "what can be trusted is moved to a new vault, "
			  "'vvault help export' and 'vvault help init'");
	buf_release(&names);
	buf_release(&above);
	return rc;
}

int twins_tell(const struct action_call *call, struct err *err)
{
	const struct vault_state *state = &call->vault->state;
	size_t i;
	int rc = 0;

	/* Once for those of one key: by the first of them. */
	for (i = 0; rc == 0 && i < state->members_n; i++) {
		const struct member *member = &state->members[i];
		const struct member *twin = vault_state_twin(state, member,
							     NULL);

		if (twin && twin > member)
			rc = tell_twins(call, member, err);
	}
	return rc;
}
