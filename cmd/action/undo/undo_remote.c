#include <string.h>

#include "cmd/action/undo/undo.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"
#include "refs/remote/remote.h"

/* A text, or NULL where it is null. */
static int text_of(struct span object, const char *name, struct buf *out,
		   const char **out_text, struct err *err)
{
	struct span value;
	int rc = 0;

	*out_text = NULL;
	if (!jcs_find(object, name, &value) ||
	    jcs_type_of(value) != JCS_STRING)
		return 0;
	rc = jcs_string_decode(value, out, err);
	if (rc == 0)
		*out_text = buf_text(out);
	return rc;
}

/* From what it is now to what it was. */
static int set_remote(struct vault *vault, const char *name, const char *now,
		      const char *url, struct err *err)
{
	if (!now)
		return url ? remote_add(vault, name, url, err) : 0;
	return url ? remote_url_set(vault, name, url, err) :
		     remote_remove(vault, name, err);
}

static int emit_remote(const struct undoing *undoing, const char *name,
		       const char *now, const char *url, bool is_left,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	undo_put_operation(undoing, &fields);
	fields_str(&fields, "remote", name);
	result_outside(&fields, "from", now);
	result_outside(&fields, "url", url);
	fields_bool(&fields, "is_left", is_left);
	rc = host_object(undoing->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* Set a remote back, unless it was set otherwise since. */
int undo_remote(struct undoing *undoing, struct span item,
		       struct err *err)
{
	struct vault *vault = undoing->call->vault;
	struct buf texts[4] = { BUF_INIT(4096), BUF_INIT(65536),
				BUF_INIT(65536), BUF_INIT(65536) };
	const char *name = NULL;
	const char *from = NULL;
	const char *to = NULL;
	const char *now;
	bool is_left;
	size_t i;
	int rc = text_of(item, "name", &texts[0], &name, err);

	if (rc == 0)
		rc = text_of(item, "from", &texts[1], &from, err);
	if (rc == 0)
		rc = text_of(item, "to", &texts[2], &to, err);
	if (rc < 0 || !name)
		goto out;
	now = remote_url(vault, name, &texts[3], NULL) == 0 ?
	      buf_text(&texts[3]) : NULL;
	is_left = !now != !to || (now && strcmp(now, to) != 0);
	/* An undo that was cut off may have come so far. */
	if (is_left && !now == !from && (!now || !strcmp(now, from)))
		goto out;
	if (!is_left)
		rc = set_remote(vault, name, now, from, err);
	if (rc == 0)
		rc = emit_remote(undoing, name, now, from, is_left, err);
out:
	for (i = 0; i < 4; i++)
		buf_release(&texts[i]);
	return rc;
}
