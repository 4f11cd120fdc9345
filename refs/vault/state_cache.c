#include "refs/vault/state_cache.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_MAX ((size_t)64 << 20)

/*
 * One walk writes and reads: so what is read is what was written. Keeps its
 * first error; then nothing happens any more. Numbers are as this computer has
 * them, since nobody else reads the file.
 */
struct coder {
	struct buf *out;	/* NULL: reading */
	struct span in;		/* what is left to read */
	int rc;
	struct err *err;
};

static void fail(struct coder *coder)
{
	if (coder->rc == 0)
		coder->rc = err_set(coder->err, ERR_NOT_FOUND,
				    "the kept state of 'vault' has another "
				    "form");
}

static void code_bytes(struct coder *coder, void *bytes, size_t len)
{
	if (coder->rc < 0 || !len)
		return;
	if (coder->out) {
		coder->rc = buf_add(coder->out, bytes, len, coder->err);
		return;
	}
	if (len > coder->in.len) {
		fail(coder);
		return;
	}
	memcpy(bytes, coder->in.at, len);
	coder->in = span_of(coder->in.at + len, coder->in.len - len);
}

static void code_bool(struct coder *coder, bool *value)
{
	unsigned char byte = *value;

	code_bytes(coder, &byte, 1);
	*value = byte;
}

static void code_role(struct coder *coder, enum role *role)
{
	unsigned char byte = (unsigned char)*role;

	code_bytes(coder, &byte, 1);
	if (byte > ROLE_OWNER)
		fail(coder);
	else
		*role = (enum role)byte;
}

static void code_text(struct coder *coder, struct buf *text)
{
	size_t len = text->len;

	code_bytes(coder, &len, sizeof(len));
	if (coder->out) {
		code_bytes(coder, text->data, len);
		return;
	}
	if (coder->rc == 0 && len > coder->in.len)
		fail(coder);
	if (coder->rc < 0)
		return;
	text->max = BUF_NO_LIMIT;
	coder->rc = buf_add(text, coder->in.at, len, coder->err);
	coder->in = span_of(coder->in.at + len, coder->in.len - len);
}

/* The number of elements; reading makes room for them, all zero. */
static void code_array(struct coder *coder, void **array, size_t *n,
		       size_t size)
{
	size_t count = *n;

	code_bytes(coder, &count, sizeof(count));
	if (coder->out || coder->rc < 0)
		return;
	/* Each takes a byte at least. */
	if (count > coder->in.len) {
		fail(coder);
		return;
	}
	*array = calloc(count + 1, size);
	if (!*array)
		coder->rc = err_set(coder->err, ERR_NOMEM, "out of memory");
	else
		*n = count;
}

#define CODE_ARRAY(coder, array, n) \
	code_array(coder, (void **)&(array), &(n), sizeof(*(array)))

static void code_limit(struct coder *coder, struct member_limit *limit)
{
	size_t i;

	code_bytes(coder, &limit->by, sizeof(limit->by));
	code_role(coder, &limit->role);
	code_bool(coder, &limit->is_own);
	CODE_ARRAY(coder, limit->cuts, limit->cuts_n);
	for (i = 0; coder->rc == 0 && i < limit->cuts_n; i++) {
		struct member_cut *cut = &limit->cuts[i];

		code_bytes(coder, cut->construct, sizeof(cut->construct));
		code_bytes(coder, &cut->seq, sizeof(cut->seq));
		code_bytes(coder, cut->digest, sizeof(cut->digest));
	}
}

static void code_word(struct coder *coder, struct member_word *word)
{
	code_bytes(coder, &word->version, sizeof(word->version));
	code_bytes(coder, word->by, sizeof(word->by));
	code_bytes(coder, &word->time, sizeof(word->time));
}

static void code_member(struct coder *coder, struct member *member)
{
	size_t i;

	code_bytes(coder, member->public, sizeof(member->public));
	code_bytes(coder, member->box, sizeof(member->box));
	code_role(coder, &member->role);
	code_bool(coder, &member->is_removed);
	code_word(coder, &member->admitted);
	code_word(coder, &member->removed);
	code_bool(coder, &member->has_replaced);
	code_bytes(coder, member->replaced, sizeof(member->replaced));
	code_text(coder, &member->name);
	CODE_ARRAY(coder, member->limits, member->limits_n);
	for (i = 0; coder->rc == 0 && i < member->limits_n; i++)
		code_limit(coder, &member->limits[i]);
}

static void code_key(struct coder *coder, struct vault_key *key)
{
	size_t i;

	code_bytes(coder, key->id, sizeof(key->id));
	code_bool(coder, &key->is_name_key);
	CODE_ARRAY(coder, key->grants, key->grants_n);
	for (i = 0; coder->rc == 0 && i < key->grants_n; i++) {
		struct key_grant *grant = &key->grants[i];

		code_bytes(coder, grant->public, sizeof(grant->public));
		code_text(coder, &grant->sealed);
	}
}

static void code_past(struct coder *coder, struct vault_past *past)
{
	struct index_set *set = &past->ancestors;

	code_bytes(coder, past->digest, sizeof(past->digest));
	CODE_ARRAY(coder, set->at, set->n);
	if (coder->rc == 0)
		code_bytes(coder, set->at, set->n * sizeof(*set->at));
	set->cap = set->n;
}

static void code_state(struct coder *coder, struct vault_state *state)
{
	size_t i;

	code_bytes(coder, state->vault_id, sizeof(state->vault_id));
	code_bool(coder, &state->is_encrypted);
	CODE_ARRAY(coder, state->members, state->members_n);
	for (i = 0; coder->rc == 0 && i < state->members_n; i++)
		code_member(coder, &state->members[i]);
	CODE_ARRAY(coder, state->keys, state->keys_n);
	for (i = 0; coder->rc == 0 && i < state->keys_n; i++)
		code_key(coder, &state->keys[i]);
	code_bool(coder, &state->has_sealing_key);
	code_bool(coder, &state->is_sealing_known);
	code_bytes(coder, state->sealing_key, sizeof(state->sealing_key));
	CODE_ARRAY(coder, state->heads, state->heads_n);
	if (coder->rc == 0)
		code_bytes(coder, state->heads,
			   state->heads_n * sizeof(*state->heads));
	CODE_ARRAY(coder, state->past, state->past_n);
	for (i = 0; coder->rc == 0 && i < state->past_n; i++)
		code_past(coder, &state->past[i]);
}

static struct span name_of(const git_oid *heads, size_t n)
{
	return span_of((const char *)heads, n * sizeof(*heads));
}

int state_cache_read(const struct local_seal *seal, const char *path,
		     const git_oid *heads, size_t heads_n,
		     struct vault_state *out, struct err *err)
{
	struct coder coder = { .err = err };
	struct buf bytes = BUF_INIT(CACHE_MAX);
	struct vault_state made;

	memset(&made, 0, sizeof(made));
	coder.rc = local_seal_read(seal, path, name_of(heads, heads_n),
				   CACHE_MAX, &bytes, err);
	coder.in = buf_span(&bytes);
	code_state(&coder, &made);
	if (coder.in.len)
		fail(&coder);
	buf_release(&bytes);
	if (coder.rc < 0)
		vault_state_release(&made);
	else
		*out = made;
	return coder.rc;
}

int state_cache_write(const struct local_seal *seal, const char *path,
		      const git_oid *heads, size_t heads_n,
		      struct vault_state *state, struct err *err)
{
	struct buf bytes = BUF_INIT(CACHE_MAX);
	struct coder coder = { &bytes, { NULL, 0 }, 0, err };

	code_state(&coder, state);
	if (coder.rc == 0)
		coder.rc = local_seal_write(seal, path,
					    name_of(heads, heads_n),
					    buf_span(&bytes), err);
	buf_release(&bytes);
	return coder.rc;
}
