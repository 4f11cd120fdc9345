#include "refs/renew/renew_internal.h"

#include <stdio.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "refs/remote/side/side.h"

/*
 * A remote that shows a renewal, and not all that belongs to it, or what is
 * not to be followed, goes on doing so: mostly it is the one of before. What
 * came of it is remembered in its side repository, for what it had, what was
 * here, and how it was asked; as long as all of that is the same the whole
 * history is not fetched once more.
 */
#define TRIED_FILE "vvault-unfollowed"
#define TRIED_HEX HEX_TEXT(SHA256_BYTES)

static void add_heads(struct sha256 *hash, struct head_list *heads)
{
	size_t i;

	head_list_sort(heads);
	sha256_add(hash, &heads->n, sizeof(heads->n));
	for (i = 0; i < heads->n; i++) {
		const struct head *head = &heads->at[i];

		sha256_add(hash, head->construct, strlen(head->construct) + 1);
		sha256_add(hash, head->device, strlen(head->device) + 1);
		sha256_add(hash, head->id.id, GIT_OID_RAWSZ);
	}
}

/* The words of what stands there and here. */
static int name_tried(const struct stage *stage,
		      const struct renew_source *source,
		      char hex[TRIED_HEX + 1], struct err *err)
{
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	unsigned char digest[SHA256_BYTES];
	struct head_list here = HEAD_LIST_INIT;
	struct side side = SIDE_INIT;
	struct sha256 hash;
	int rc = remote_url(stage->vault, source->remote, &url, err);

	if (rc == 0)
		rc = stage_list_refs(stage, &here, err);
	if (rc == 0)
		rc = side_peek(stage->vault, source->remote, &side, err);
	if (rc == 0) {
		sha256_init(&hash);
		sha256_add(&hash, buf_text(&url), url.len + 1);
		sha256_add(&hash, source->limits, sizeof(*source->limits));
		add_heads(&hash, &side.seen);
		add_heads(&hash, &side.held);
		add_heads(&hash, &side.refused);
		add_heads(&hash, &here);
		sha256_finish(&hash, digest);
		hex_text(digest, SHA256_BYTES, hex);
	}
	side_release(&side);
	head_list_release(&here);
	buf_release(&url);
	return rc;
}

static int tried_path(const struct stage *stage,
		      const struct renew_source *source, struct buf *out,
		      struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = side_path(stage->vault, source->remote, &folder, err);

	if (rc == 0)
		rc = path_join(out, buf_text(&folder), TRIED_FILE, err);
	buf_release(&folder);
	return rc;
}

int tried_check(const struct stage *stage, const struct renew_source *source,
		struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(TRIED_HEX + 2 + ERR_TEXT_MAX);
	char hex[TRIED_HEX + 1];
	int rc = name_tried(stage, source, hex, err);

	if (rc == 0)
		rc = tried_path(stage, source, &path, err);
	/* What cannot be read was not tried. */
	if (rc == 0 &&
	    file_read_plain(buf_text(&path), text.max, &text, NULL) == 0 &&
	    text.len > TRIED_HEX + 1 &&
	    !memcmp(buf_text(&text), hex, TRIED_HEX))
		rc = err_set(err, ERR_NOT_FOUND, "%s",
			     buf_text(&text) + TRIED_HEX + 1);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

void tried_note(const struct stage *stage, const struct renew_source *source,
		const struct err *reason)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(TRIED_HEX + 2 + ERR_TEXT_MAX);
	char hex[TRIED_HEX + 1];

	/* It only saves time. */
	if (name_tried(stage, source, hex, NULL) == 0 &&
	    tried_path(stage, source, &path, NULL) == 0 &&
	    buf_printf(&text, NULL, "%s\n%s", hex, reason->text) == 0)
		(void)!file_write_atomic(buf_text(&path), buf_span(&text),
					 0600, NULL);
	buf_release(&text);
	buf_release(&path);
}
