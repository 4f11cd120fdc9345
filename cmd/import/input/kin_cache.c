#include "cmd/import/input/kin_cache.h"

#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/local_seal.h"
#include "refs/view/forgotten.h"

#define LABEL "kin 1"
#define NAME_BYTES 12
#define FILE_MAX ((size_t)1 << 30)
#define HEADS_MAX 64
#define CLAIM_BYTES (KIN_ID_BYTES + sizeof(uint32_t))
/* As many as may come before it is written anew: some, or a part of it. */
#define NEWS_MIN 1024
#define NEWS_PART 16

/* "cache/kin-<hash of provider and construct>": names neither. */
static int find_path(struct kin_cache *kin, const char *provider,
		     const struct view *view, struct err *err)
{
	unsigned char hash[NAME_BYTES];
	char text[HEX_TEXT(NAME_BYTES) + 1];
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&name, "%s/%s", provider, view->ref_name);
	rc = buf_end(&name, err);
	if (rc == 0) {
		blake2b_of(name.data, name.len, NULL, 0, hash, NAME_BYTES);
		hex_text(hash, NAME_BYTES, text);
		buf_reset(&name);
		rc = buf_printf(&name, err, "cache/kin-%s", text);
	}
	if (rc == 0)
		rc = vault_local_path(view->vault, buf_text(&name),
				      &kin->path, err);
	buf_release(&name);
	return rc;
}

/* Once more is forgotten, or there is a newer key, it does not open. */
static int find_name(struct kin_cache *kin, const char *provider,
		     struct view *view, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = buf_printf(&kin->name, err, "%s/", provider);

	if (rc == 0 && view->vault->has_device)
		rc = forgotten_name(view, &kin->name, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0 || !view->vault->has_device)
		buf_reset(&kin->name);
	return 0;
}

static void seal_of(const struct view *view, struct local_seal *out)
{
	device_key_local_seal(&view->vault->device, LABEL,
			      view->vault->state.vault_id, out);
}

/* The next bytes; at is NULL where there are not that many. */
static struct span next_bytes(struct span *rest, size_t len)
{
	struct span bytes = span_of(rest->at, len);

	if (rest->len < len)
		return span_of(NULL, 0);
	*rest = span_of(rest->at + len, rest->len - len);
	return bytes;
}

static uint32_t next_number(struct span *rest)
{
	struct span bytes = next_bytes(rest, sizeof(uint32_t));

	return bytes.at ? u32_at(bytes.at) : 0;
}

static int read_heads(struct kin_cache *kin, struct view *view,
		      struct span *rest, struct err *err)
{
	uint32_t n = next_number(rest);
	git_oid heads[HEADS_MAX];
	struct err why = ERR_INIT;
	struct span bytes;
	uint32_t i;

	if (!n || n > HEADS_MAX)
		return 0;
	for (i = 0; i < n; i++) {
		bytes = next_bytes(rest, GIT_OID_RAWSZ);
		if (!bytes.at)
			return 0;
		memcpy(heads[i].id, bytes.at, GIT_OID_RAWSZ);
	}
	if (view_open_versions(view->vault, view->ref_name, heads, n,
			       &kin->from, &why) == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

void kin_cache_reset(struct kin_cache *kin)
{
	buf_reset(&kin->sessions);
	buf_reset(&kin->claims);
	kin->sessions_n = 0;
	kin->known = 0;
	view_free(kin->from);
	kin->from = NULL;
}

/* It was sealed here: what it says is so, unless it was cut. */
static int read_body(struct kin_cache *kin, struct view *view,
		     struct span body, struct err *err)
{
	int rc = read_heads(kin, view, &body, err);
	struct span sessions;

	if (rc < 0 || !kin->from)
		return rc;
	kin->sessions_n = next_number(&body);
	sessions = next_bytes(&body, next_number(&body));
	if (!sessions.at || body.len % CLAIM_BYTES) {
		kin_cache_reset(kin);
		return 0;
	}
	kin->known = body.len / CLAIM_BYTES;
	rc = buf_add_span(&kin->sessions, sessions, err);
	return rc < 0 ? rc : buf_add_span(&kin->claims, body, err);
}

int kin_cache_open(struct kin_cache *kin, const char *provider,
		   struct view *view, struct err *err)
{
	struct buf body = BUF_INIT(FILE_MAX);
	struct err why = ERR_INIT;
	struct local_seal seal;
	int rc = find_path(kin, provider, view, err);

	if (rc == 0)
		rc = find_name(kin, provider, view, err);
	if (rc < 0 || !kin->name.len)
		return rc;
	seal_of(view, &seal);
	rc = local_seal_reveal(&seal, buf_text(&kin->path),
			       buf_span(&kin->name), FILE_MAX, &body, &why);
	local_seal_wipe(&seal);
	if (rc == 0)
		rc = read_body(kin, view, buf_span(&body), err);
	else
		rc = rc == ERR_NOMEM ? err_set(err, ERR_NOMEM,
					       "out of memory") : 0;
	buf_release(&body);
	return rc;
}

int kin_cache_each(const struct kin_cache *kin,
		   const struct kin_visitor *visitor, struct err *err)
{
	struct span rest = buf_span(&kin->sessions);
	struct span bytes;
	int rc = 0;

	while (rc == 0 && rest.len) {
		bytes = next_bytes(&rest, next_number(&rest));
		if (!bytes.at)
			break;
		rc = visitor->session(visitor->arg, bytes, err);
	}
	rest = buf_span(&kin->claims);
	while (rc == 0 && rest.len) {
		bytes = next_bytes(&rest, KIN_ID_BYTES);
		rc = visitor->claim(visitor->arg, next_number(&rest),
				    (const unsigned char *)bytes.at, err);
	}
	return rc;
}

void kin_cache_session(struct kin_cache *kin, struct span key)
{
	buf_put_u32(&kin->sessions, (uint32_t)key.len);
	buf_put_span(&kin->sessions, key);
	kin->sessions_n++;
}

void kin_cache_claim(struct kin_cache *kin, uint32_t session,
		     const unsigned char id[KIN_ID_BYTES])
{
	buf_put(&kin->claims, id, KIN_ID_BYTES);
	buf_put_u32(&kin->claims, session);
}

void kin_cache_keep(const struct kin_cache *kin, const struct view *view)
{
	size_t n = kin->claims.len / CLAIM_BYTES;
	struct buf body = BUF_INIT(FILE_MAX);
	struct local_seal seal;
	size_t i;

	if (!kin->name.len || view->heads_n > HEADS_MAX ||
	    n - kin->known < NEWS_MIN + kin->known / NEWS_PART)
		return;
	buf_put_u32(&body, (uint32_t)view->heads_n);
	for (i = 0; i < view->heads_n; i++)
		buf_put(&body, view->heads[i].id, GIT_OID_RAWSZ);
	buf_put_u32(&body, kin->sessions_n);
	buf_put_u32(&body, (uint32_t)kin->sessions.len);
	buf_put_span(&body, buf_span(&kin->sessions));
	buf_put_span(&body, buf_span(&kin->claims));
	buf_fail(&body, buf_end(&kin->sessions, NULL));
	buf_fail(&body, buf_end(&kin->claims, NULL));
	if (buf_end(&body, NULL) == 0) {
		seal_of(view, &seal);
		(void)!local_seal_hide(&seal, buf_text(&kin->path),
				       buf_span(&kin->name), buf_span(&body),
				       NULL);
		local_seal_wipe(&seal);
	}
	buf_release(&body);
}

void kin_cache_release(struct kin_cache *kin)
{
	buf_release(&kin->path);
	buf_release(&kin->name);
	buf_release(&kin->sessions);
	buf_release(&kin->claims);
	view_free(kin->from);
}
