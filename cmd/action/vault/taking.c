#include "cmd/action/vault/taking.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/know/who.h"

void taking_release(struct taking *taking)
{
	writer_free(taking->writer);
	buf_release(&taking->title);
	stays_release(&taking->stays);
}

int taking_find(struct taking *taking, bool *out_is_removed, struct err *err)
{
	struct vault *vault = taking->call->vault;
	const struct member *member;
	/* The right to write comes first: it is the clearest refusal. */
	int rc = writer_new(vault, VAULT_CONSTRUCT, 0, &taking->writer, err);

	if (rc == 0)
		rc = who_find_member(vault,
				     action_text(taking->call, "member"),
				     &member, err);
	if (rc < 0)
		return rc;
	memcpy(taking->public, member->public, DID_KEY_BYTES);
	taking->before = member->role;
	*out_is_removed = member->is_removed;
	member_title(vault, taking->public, &taking->title);
	return buf_end(&taking->title, err);
}

/* Somebody has to be left who admits and removes. */
static int check_last_owner(const struct taking *taking, struct err *err)
{
	const struct vault_state *state = &taking->call->vault->state;
	size_t owners = 0;
	size_t i;

	for (i = 0; i < state->members_n; i++)
		owners += state->members[i].role == ROLE_OWNER;
	if (taking->before != ROLE_OWNER || owners > 1)
		return 0;
	return err_set(err, ERR_DENIED, "%s is the last owner: without one "
		       "nobody could admit or remove anybody. 'vvault member "
		       "role <member> owner' makes another one first",
		       buf_text(&taking->title));
}

static int refuse_above(const struct taking *taking, const bool *is_above,
			struct err *err)
{
	const struct vault_state *state = &taking->call->vault->state;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = 0; i < state->members_n; i++) {
		if (!is_above[i] || state->members[i].role != ROLE_OWNER)
			continue;
		buf_put_str(&list, list.len ? ", " : "");
		member_title(taking->call->vault, state->members[i].public,
			     &list);
	}
	rc = err_set(err, ERR_DENIED, "this device does not stand above the "
		     "member %s, having admitted neither it nor whoever did: "
		     "%s%s can take its rights", buf_text(&taking->title),
		     list.len ? buf_text(&list) : "",
		     list.len ? ", or it itself," : "only it itself");
	buf_release(&list);
	return rc;
}

/* Only who stands above a member takes its rights, or the member itself. */
static int check_above(const struct taking *taking, struct err *err)
{
	struct vault *vault = taking->call->vault;
	const struct vault_state *state = &vault->state;
	const unsigned char *mine = vault_signer(vault)->public;
	bool *is_above;
	bool may = !memcmp(mine, taking->public, DID_KEY_BYTES);
	size_t i;
	int rc;

	if (may)
		return 0;
	is_above = calloc(state->members_n + 1, sizeof(*is_above));
	if (!is_above)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = vault_state_above(vault->store, state, taking->public, is_above,
			       err);
	for (i = 0; rc == 0 && i < state->members_n; i++)
		may |= is_above[i] && !memcmp(state->members[i].public, mine,
					      DID_KEY_BYTES);
	if (rc == 0 && !may)
		rc = refuse_above(taking, is_above, err);
	free(is_above);
	return rc;
}

/* Who is asked knows what is signed; where there is nobody, --yes says it. */
static int ask(const struct taking *taking, bool *out_goes_on, struct err *err)
{
	const struct action_call *call = taking->call;
	const char *title = buf_text(&taking->title);
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	*out_goes_on = true;
	if (action_flag(call, "yes"))
		return 0;
	if (!host_can_ask(call->host))
		return err_set(err, ERR_INVALID, "%s would %s: --yes says "
			       "that it may", title,
			       taking->after == ROLE_NONE ?
			       "be removed, for good" : "lose rights");
	if (taking->after == ROLE_NONE)
		buf_putf(&question, "Remove %s? It never returns.", title);
	else
		buf_putf(&question, "Make %s a %s?", title,
			 role_word(taking->after));
	rc = buf_end(&question, err);
	*out_goes_on = rc == 0 &&
		       host_confirm(call->host, buf_span(&question));
	buf_release(&question);
	return rc;
}

int taking_prepare(struct taking *taking, bool *out_goes_on, struct err *err)
{
	const char *only = taking->after == ROLE_WRITER ? VAULT_CONSTRUCT :
			   NULL;
	int rc = check_last_owner(taking, err);

	if (rc == 0)
		rc = check_above(taking, err);
	if (rc == 0)
		rc = stays_find(taking->call, taking->public, &taking->stays,
				err);
	if (rc == 0)
		rc = stays_tell(taking->call, &taking->stays, only, err);
	if (rc == 0)
		rc = ask(taking, out_goes_on, err);
	if (rc == 0 && !*out_goes_on)
		taking->call->is_no = true;
	return rc;
}
