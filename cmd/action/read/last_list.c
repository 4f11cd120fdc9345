#include "cmd/action/read/handles.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/os/local_seal.h"

#define FILE_NAME "last"
#define LABEL "last list 1"
#define FILE_MAX ((size_t)32 << 20)

static int seal_open(const struct vault *vault, struct local_seal *seal,
		     struct buf *path, struct err *err)
{
	if (!vault->has_device)
		return err_set(err, ERR_NOT_FOUND, "there is no last list: "
			       "this device has no key");
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      seal);
	return vault_local_path(vault, FILE_NAME, path, err);
}

void handles_keep(const struct action_call *call)
{
	const struct handles *handles = call->settings.handles;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct local_seal seal;
	int rc;

	if (!handles || !(call->action->flags & ACTION_LISTS) || !call->vault)
		return;
	rc = seal_open(call->vault, &seal, &path, NULL);
	if (rc == 0)
		rc = local_seal_hide(&seal, buf_text(&path),
				     span_str(FILE_NAME),
				     buf_span(&handles->text), NULL);
	if (rc < 0) {
		/* Nor may they mean what the list before has. */
		unlink(buf_text(&path));
		host_note(call->host, "the list cannot be kept: its handles "
			  "mean nothing");
	}
	local_seal_wipe(&seal);
	buf_release(&path);
}

void handle_release(struct handle *handle)
{
	free(handle->versions);
	buf_release(&handle->entity);
	*handle = (struct handle)HANDLE_INIT;
}

bool is_handle(const char *word)
{
	return word[0] == '@' && word[1] &&
	       !word[1 + strspn(word + 1, "0123456789")];
}

static struct span take_until(struct span *rest, char end)
{
	const char *at = rest->len ? memchr(rest->at, end, rest->len) : NULL;
	size_t len = at ? (size_t)(at - rest->at) : rest->len;
	struct span field = span_of(rest->at, len);

	len += at != NULL;
	*rest = span_of(rest->at + len, rest->len - len);
	return field;
}

static int take_versions(struct span field, struct handle *out,
			 struct err *err)
{
	size_t cap = 0;
	int rc = 0;

	while (rc == 0 && field.len) {
		struct span hex = take_until(&field, ',');

		rc = array_room_in(out->versions, out->versions_n, cap, err);
		if (rc == 0 && !hex_decode(hex, out->versions
					   [out->versions_n].id,
					   GIT_OID_RAWSZ))
			rc = err_set(err, ERR_CORRUPT, "the last list has "
				     "another form");
		if (rc == 0)
			out->versions_n++;
	}
	return rc;
}

static int take_line(struct span line, struct handle *out, struct err *err)
{
	struct span name = take_until(&line, '\t');
	struct span record;
	int rc = take_versions(take_until(&line, '\t'), out, err);

	if (rc < 0 || name.len >= sizeof(out->ref_name))
		return rc < 0 ? rc : err_set(err, ERR_CORRUPT, "the last list "
					     "has another form");
	memcpy(out->ref_name, name.at, name.len);
	out->ref_name[name.len] = '\0';
	record = take_until(&line, '\t');
	out->is_record = span_begins(record, RECORD_MARK);
	if (out->is_record)
		record = span_of(record.at + 1, record.len - 1);
	out->has_record = hex_decode(record, out->record, RECORD_ID_BYTES);
	return buf_add_span(&out->entity, line, err);
}

static int read_list(struct vault *vault, struct buf *out, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct local_seal seal;
	int rc = seal_open(vault, &seal, &path, err);

	if (rc == 0 && local_seal_reveal(&seal, buf_text(&path),
					 span_str(FILE_NAME), FILE_MAX, out,
					 NULL) < 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no last list: "
			     "'vvault recall' or 'vvault ls' shows one");
	local_seal_wipe(&seal);
	buf_release(&path);
	return rc;
}

static int refuse(const char *word, unsigned long n, struct err *err)
{
	if (!n)
		return err_set(err, ERR_NOT_FOUND, "there is no '%s': the last "
			       "list was empty", word);
	return err_set(err, ERR_NOT_FOUND, "there is no '%s': the last list "
		       "begins at '@1' and ends at '@%lu'", word, n);
}

int handle_find(struct vault *vault, const char *word, struct handle *out,
		struct err *err)
{
	struct buf text = BUF_INIT(FILE_MAX);
	unsigned long wanted = strtoul(word + 1, NULL, 10);
	unsigned long n = 0;
	struct span rest;
	struct span line = span_of(NULL, 0);
	int rc;

	/* Who sees a part has been shown no list. */
	if (vault->scope)
		return err_set(err, ERR_NOT_FOUND, "no '%s' here", word);
	rc = read_list(vault, &text, err);

	for (rest = buf_span(&text); rest.len; n++) {
		struct span next = span_take_line(&rest);

		if (n + 1 == wanted)
			line = next;
	}
	if (rc == 0)
		rc = wanted && wanted <= n ? take_line(line, out, err) :
		     refuse(word, n, err);
	buf_release(&text);
	return rc;
}
