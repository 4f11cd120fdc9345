#include "cmd/action/capture/noted.h"

#include "cmd/action/result.h"
#include "cmd/capture/queue.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/file.h"
#include "lib/os/local_seal.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define LABEL "last capture 1"
#define SEALED "last"
#define PLAIN "failed"
#define BODY_MAX ((size_t)16384)

static int noted_path(const struct action_call *call, const char *name,
		      struct buf *out)
{
	int rc = capture_folder(call->vault_path, out, NULL);

	return rc < 0 ? rc : path_add(out, name, NULL);
}

static int describe(const char *by, const struct bring_sums *sums,
		    const struct err *why, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int64_t messages = 0;
	int64_t sessions = 0;
	int64_t unread = 0;
	size_t i;
	int rc;

	for (i = 0; i < sums->n; i++) {
		messages += (int64_t)sums->at[i].messages;
		sessions += (int64_t)(sums->at[i].fresh + sums->at[i].grown);
		unread += (int64_t)sums->at[i].unread;
	}
	result_time(&fields, "at", timestamp_now() / TIMESTAMP_SECOND);
	fields_str(&fields, "by", by);
	fields_integer(&fields, "messages", messages);
	fields_integer(&fields, "records", (int64_t)sums->records);
	fields_integer(&fields, "sessions", sessions);
	fields_integer(&fields, "unread", unread);
	if (why)
		result_outside(&fields, "error", why->text);
	rc = jcs_fields_write(&fields, out, NULL);
	jcs_fields_release(&fields);
	return rc;
}

static void hide(const struct action_call *call, const char *path,
		 struct span body)
{
	struct local_seal seal;

	device_key_local_seal(&call->vault->device, LABEL,
			      call->vault->state.vault_id, &seal);
	(void)!local_seal_hide(&seal, path, span_str(SEALED), body, NULL);
	local_seal_wipe(&seal);
}

void noted_put(const struct action_call *call, const char *by,
	       const struct bring_sums *sums, const struct err *why)
{
	bool is_sealed = call->vault && call->vault->has_device;
	struct buf path = PATH_BUF_INIT;
	struct buf plain = PATH_BUF_INIT;
	struct buf body = BUF_INIT(BODY_MAX);

	if (noted_path(call, SEALED, &path) == 0 &&
	    noted_path(call, PLAIN, &plain) == 0 &&
	    describe(by, sums, why, &body) == 0) {
		if (is_sealed)
			hide(call, buf_text(&path), buf_span(&body));
		if (is_sealed)
			(void)!file_remove(buf_text(&plain), NULL);
		else if (why)
			(void)!file_write_atomic(buf_text(&plain),
						 buf_span(&body), 0600, NULL);
	}
	buf_release(&path);
	buf_release(&plain);
	buf_release(&body);
}

static int reveal(const struct action_call *call, struct buf *path,
		  struct buf *out)
{
	struct local_seal seal;
	int rc;

	if (!call->vault || !call->vault->has_device)
		return ERR_NOT_FOUND;
	rc = noted_path(call, SEALED, path);
	if (rc < 0)
		return rc;
	device_key_local_seal(&call->vault->device, LABEL,
			      call->vault->state.vault_id, &seal);
	rc = local_seal_reveal(&seal, buf_text(path), span_str(SEALED),
			       BODY_MAX, out, NULL);
	local_seal_wipe(&seal);
	return rc;
}

/* A plain one anybody could have written: it is told as what it is, a line of
 * canonical JSON that says why the last one failed, or not at all. */
static int read_plain(const struct action_call *call, struct buf *path,
		      struct buf *out)
{
	int rc = noted_path(call, PLAIN, path);

	if (rc == 0)
		rc = file_read_plain(buf_text(path), BODY_MAX, out, NULL);
	return rc < 0 ? rc : jcs_check(buf_span(out), NULL);
}

void noted_tell(const struct action_call *call, struct jcs_fields *fields)
{
	struct buf path = PATH_BUF_INIT;
	struct buf body = BUF_INIT(BODY_MAX);

	if (read_plain(call, &path, &body) < 0) {
		buf_reset(&body);
		if (reveal(call, &path, &body) < 0)
			buf_reset(&body);
	}
	if (body.len)
		fields_raw(fields, "capture", buf_span(&body));
	buf_release(&path);
	buf_release(&body);
}
