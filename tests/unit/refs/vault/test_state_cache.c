/*
 * The kept state of `vault` is the computed one, and only for its heads.
 */
#include "lib/os/file.h"
#include "refs/vault/state_cache.h"
#include "tests/unit/forge.h"

static struct local_seal seal;

static void read_file(const char *name, struct buf *out)
{
	struct err err = ERR_INIT;

	buf_reset(out);
	must(file_read(in_scratch(name), 1 << 20, out, &err), &err, "read");
}

/* What was read writes the same bytes again. */
static void test_round(const git_oid *head, const char *name)
{
	struct vault_state state, back;
	struct buf first = BUF_INIT(1 << 20);
	struct buf second = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	must(vault_state_compute(store, head, 1, &state, &err), &err, "state");
	must(state_cache_write(&seal, in_scratch("state"), head, 1, &state,
			       &err), &err, "write");
	is_int(state_cache_read(&seal, in_scratch("state"), head, 1, &back,
				NULL), 0, name);
	must(state_cache_write(&seal, in_scratch("again"), head, 1, &back,
			       &err), &err, "write");
	read_file("state", &first);
	read_file("again", &second);
	ok(first.len && span_equals(buf_span(&first), buf_span(&second)),
	   "is kept whole");
	is_int(back.members_n, state.members_n, "with all members");
	is_int(back.past_n, state.past_n, "and the past, if somebody is "
	       "limited");
	vault_state_release(&state);
	vault_state_release(&back);
	buf_release(&first);
	buf_release(&second);
}

static void test_other(const git_oid *head, const git_oid *other)
{
	git_oid both[2] = { *head, *other };
	struct local_seal stranger;
	struct vault_state state;

	is_int(state_cache_read(&seal, in_scratch("state"), other, 1, &state,
				NULL), ERR_NOT_FOUND, "not for another head");
	is_int(state_cache_read(&seal, in_scratch("state"), both, 2, &state,
				NULL), ERR_NOT_FOUND, "nor for more of them");
	device_key_local_seal(&keys[1], STATE_CACHE_LABEL, "", &stranger);
	is_int(state_cache_read(&stranger, in_scratch("state"), head, 1,
				&state, NULL), ERR_NOT_FOUND,
	       "nor by another device");
}

int main(void)
{
	git_oid first, at;

	forge_begin();
	device_key_local_seal(&keys[0], STATE_CACHE_LABEL, "", &seal);
	forge_open("cached");
	first = forge_genesis(true, keys[5].public);
	test_round(&first, "a new vault");
	at = vault_version(0, say_admit(1, "writer"), &first, NULL);
	at = vault_version(0, say_admit(2, "owner"), &at, NULL);
	at = vault_version(2, say_admit(3, "reader"), &at, NULL);
	test_round(&at, "with members");
	at = vault_version(0, say_limit(2, "reader", &at, NULL), &at, NULL);
	at = vault_version(0, say_remove(1, NULL), &at, NULL);
	test_round(&at, "with limits");
	test_other(&at, &first);
	forge_end();
	return done_testing();
}
