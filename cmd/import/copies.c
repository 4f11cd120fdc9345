#include "cmd/import/copies_internal.h"

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/local_seal.h"
#include "lib/os/path.h"

#define FOLDER "resumed"
#define LABEL "resumed 1"
#define FIELDS 7

/* --- files ----------------------------------------------------------------- */

static int copies_path(const struct vault *vault, const char *name,
		       struct buf *out, struct err *err)
{
	int rc = vault_local_path(vault, FOLDER, out, err);

	return rc < 0 ? rc : path_add(out, name, err);
}

static int hide(const struct vault *vault, const char *name, struct span body,
		struct err *err)
{
	struct local_seal seal;
	struct buf path = PATH_BUF_INIT;
	struct buf folder = PATH_BUF_INIT;
	int rc = copies_path(vault, name, &path, err);

	if (rc == 0)
		rc = path_parent(&folder, buf_text(&path), err);
	if (rc == 0)
		rc = dir_make(buf_text(&folder), 0700, err);
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      &seal);
	if (rc == 0)
		rc = local_seal_hide(&seal, buf_text(&path), span_str(name),
				     body, err);
	local_seal_wipe(&seal);
	buf_release(&path);
	buf_release(&folder);
	return rc;
}

/* Nothing, where there is none that this device made. */
int copies_reveal(const struct vault *vault, const char *name, size_t max,
		  struct buf *out, struct err *err)
{
	struct local_seal seal;
	struct err why = ERR_INIT;
	struct buf path = PATH_BUF_INIT;
	int rc = copies_path(vault, name, &path, err);

	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      &seal);
	if (rc == 0)
		rc = local_seal_reveal(&seal, buf_text(&path), span_str(name),
				       max, out, &why);
	local_seal_wipe(&seal);
	buf_release(&path);
	return rc == ERR_NOT_FOUND ? 0 : rc < 0 ? err_copy(err, rc, &why) : 0;
}

/* --- the list -------------------------------------------------------------- */

bool copy_line_read(struct span line, struct copy_line *out)
{
	struct span fields[FIELDS];
	size_t n = 0;
	size_t end;

	while (n < FIELDS) {
		end = span_find(line, "\t", 0);
		fields[n++] = span_of(line.at, end == SPAN_NOWHERE ?
				      line.len : end);
		if (end == SPAN_NOWHERE)
			break;
		line = span_of(line.at + end + 1, line.len - end - 1);
	}
	if (n != FIELDS)
		return false;
	*out = (struct copy_line){ fields[0], fields[1], fields[2], fields[3],
				   fields[4], fields[5], fields[6] };
	return true;
}

void copies_name(struct span copy, char out[COPIES_NAME_MAX])
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(copy.at, copy.len, digest);
	hex_text(digest, 16, out);
}

static void remove_messages(const struct vault *vault, struct span copy)
{
	char name[COPIES_NAME_MAX];
	struct buf path = PATH_BUF_INIT;

	copies_name(copy, name);
	if (copies_path(vault, name, &path, NULL) == 0)
		(void)!file_remove(buf_text(&path), NULL);
	buf_release(&path);
}

/* The new one last; the oldest go where there are too many. */
static int renew(const struct vault *vault, const struct copy_made *made,
		 struct span list, struct buf *out, struct err *err)
{
	struct copy_line line;
	size_t n = 0;
	size_t i;

	for (i = 0; i < list.len; i++)
		n += list.at[i] == '\n';
	while (list.len) {
		struct span text = span_take_line(&list);

		if (!copy_line_read(text, &line) ||
		    span_equals(line.copy, made->copy)) {
			n--;
		} else if (n >= COPIES_MAX) {
			n--;
			remove_messages(vault, line.copy);
		} else {
			buf_put_span(out, text);
			buf_put_char(out, '\n');
		}
	}
	buf_put_span(out, made->copy);
	buf_put_char(out, '\t');
	buf_put_span(out, made->original);
	buf_putf(out, "\t%s\t", made->construct);
	buf_put_span(out, made->path);
	buf_putf(out, "\t%d\t%lld\t%lld\n", made->has_parents,
		 (long long)made->next, (long long)made->count);
	return buf_end(out, err);
}

int copies_remember(const struct vault *vault, const struct copy_made *made,
		    struct err *err)
{
	char name[COPIES_NAME_MAX];
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct buf fresh = BUF_INIT(COPIES_LIST_MAX);
	struct lock lock = LOCK_INIT;
	int rc = vault->has_device ? 0 :
		 err_set(err, ERR_NO_KEY, "this device has no key, so what it "
			 "writes for an agent could not be told from what the "
			 "agent says");

	copies_name(made->copy, name);
	if (rc == 0)
		rc = vault_local_lock(vault, FOLDER ".lock", 10000, &lock,
				      err);
	if (rc == 0)
		rc = hide(vault, name, made->messages, err);
	if (rc == 0)
		rc = copies_reveal(vault, COPIES_LIST, COPIES_LIST_MAX, &list, err);
	if (rc == 0)
		rc = renew(vault, made, buf_span(&list), &fresh, err);
	if (rc == 0)
		rc = hide(vault, COPIES_LIST, buf_span(&fresh), err);
	lock_release(&lock);
	buf_release(&list);
	buf_release(&fresh);
	return rc;
}

int copies_each(const struct vault *vault, struct span original,
		const struct copies_visitor *visitor, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct copy_line line;
	struct span rest;
	int rc = !vault->has_device ? 0 :
		 copies_reveal(vault, COPIES_LIST, COPIES_LIST_MAX, &list, err);

	rest = buf_span(&list);
	while (rc == 0 && rest.len) {
		if (copy_line_read(span_take_line(&rest), &line) &&
		    span_equals(line.original, original))
			rc = visitor->copy(visitor->arg, line.copy, line.path,
					   err);
	}
	buf_release(&list);
	return rc;
}
