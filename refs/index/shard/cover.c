#include "refs/index/shard/cover.h"

#include <string.h>

#include "refs/key/key.h"

#define LABEL "index cover 1"

/*
 * The file's body: tree (20), root (32), and of each shard its name (16), the
 * number of its segments (u16, big-endian) and a byte for each.
 */
#define HEAD_BYTES (sizeof(((git_oid *)NULL)->id) + SHA256_BYTES)

static void seal_of(const struct view *view, struct local_seal *out)
{
	device_key_local_seal(&view->vault->device, LABEL,
			      view->vault->state.vault_id, out);
}

static int path_of(const char *folder, struct buf *out, struct err *err)
{
	buf_putf(out, "%s/" COVER_NAME, folder);
	return buf_end(out, err);
}

int cover_read(const struct view *view, const char *folder,
	       struct cover *out, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct local_seal seal;
	int rc = path_of(folder, &path, err);

	seal_of(view, &seal);
	if (rc == 0)
		rc = local_seal_read(&seal, buf_text(&path),
				     span_str(view->ref_name),
				     out->bytes.max, &out->bytes, err);
	local_seal_wipe(&seal);
	buf_release(&path);
	if (rc < 0)
		return rc;
	if (out->bytes.len < HEAD_BYTES)
		return err_set(err, ERR_NOT_FOUND, "'%s' is too short", folder);
	memcpy(out->tree.id, out->bytes.data, sizeof(out->tree.id));
	memcpy(out->root, out->bytes.data + sizeof(out->tree.id),
	       SHA256_BYTES);
	out->at = HEAD_BYTES;
	return 0;
}

bool cover_next(struct cover *cover, struct cover_shard *out)
{
	const char *at = cover->bytes.data + cover->at;
	size_t left = cover->bytes.len - cover->at;
	size_t n;

	if (left < PAGES_NAME_BYTES + 2)
		return false;
	n = (size_t)(unsigned char)at[PAGES_NAME_BYTES] << 8 |
	    (unsigned char)at[PAGES_NAME_BYTES + 1];
	if (n > left - PAGES_NAME_BYTES - 2)
		return false;
	out->name = span_of(at, PAGES_NAME_BYTES);
	out->places = span_of(at + PAGES_NAME_BYTES + 2, n);
	cover->at += PAGES_NAME_BYTES + 2 + n;
	return true;
}

void cover_release(struct cover *cover)
{
	buf_release(&cover->bytes);
}

int cover_write(const struct view *view, const char *folder,
		const struct shards *shards, struct err *err)
{
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct local_seal seal;
	size_t i;
	int rc;

	buf_put(&body, view->tree.id, sizeof(view->tree.id));
	buf_put(&body, view->root, SHA256_BYTES);
	for (i = 0; i < shards->n; i++) {
		const struct shard *shard = &shards->at[i];
		size_t n = shard_count(shard, SHARD_SEGMENTS);

		buf_put(&body, pages_name(shard->pages), PAGES_NAME_BYTES);
		buf_put_char(&body, (char)(n >> 8));
		buf_put_char(&body, (char)n);
		buf_put(&body, shard->places, n);
	}
	rc = path_of(folder, &path, err);
	if (rc == 0)
		rc = buf_end(&body, err);
	seal_of(view, &seal);
	if (rc == 0)
		rc = local_seal_write(&seal, buf_text(&path),
				      span_str(view->ref_name),
				      buf_span(&body), err);
	local_seal_wipe(&seal);
	buf_release(&path);
	buf_release(&body);
	return rc;
}
