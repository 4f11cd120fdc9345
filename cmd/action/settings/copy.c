#include "cmd/action/settings/copy.h"

#include <sys/stat.h>

#include "lib/os/file.h"
#include "lib/settings/jtext.h"

int settings_read_copy(struct settings *settings,
		       const struct settings_piece *piece, struct err *err)
{
	struct buf *text = &settings->copy_text;
	const char *path;
	struct stat info;
	int rc = buf_printf(&settings->copy_path, err, "%s.before-vvault",
			    buf_text(&settings->path));

	if (rc < 0)
		return rc;
	path = buf_text(&settings->copy_path);
	if (!file_exists(path))
		return 0;
	settings->copy_is = SETTINGS_COPY_OTHER;
	if (lstat(path, &info) == 0 && S_ISREG(info.st_mode) &&
	    file_read_plain(path, SETTINGS_MAX, text, NULL) == 0 &&
	    !piece->is_any(piece->arg, buf_span(text)))
		settings->copy_is = SETTINGS_COPY_OURS;
	return 0;
}

int settings_check_copy(const struct settings *settings, struct err *err)
{
	if (settings->copy_is == SETTINGS_COPY_NONE ||
	    (settings->copy_is == SETTINGS_COPY_OURS && settings->was_there &&
	     span_equals(buf_span(&settings->copy_text),
			 buf_span(&settings->before))))
		return 0;
	return err_set(err, ERR_EXISTS, "'%s' lies there already, where the "
		       "settings of now would be kept: it may be yours, or "
		       "left of an entry that was taken out by hand; move it "
		       "away or delete it, then try again",
		       buf_text(&settings->copy_path));
}

void settings_tell_copy(const struct action_call *call,
			const struct settings *settings)
{
	if (settings->copy_stays)
		host_note(call->host, "'%s' stays: nothing tells that it is "
			  "of an entry that goes; delete it if you do not "
			  "need it", buf_text(&settings->copy_path));
}

/* --- as it was -------------------------------------------------------------- */

/* Without the piece: is anything said there? */
static bool holds_nothing(struct span text)
{
	struct jtext json = JTEXT_INIT;
	const struct jval *root;
	bool is_none = jtext_is_blank(text);

	if (!is_none && jtext_read(&json, text, false, NULL) == 0) {
		root = jtext_root(&json);
		is_none = jval_is(root, JVAL_OBJECT) &&
			  jval_count(root) ==
			  (jval_get(root, "version") ? 1 : 0);
	}
	jtext_release(&json);
	return is_none;
}

/* The piece put into the copy and taken out of it again leaves what is left
 * here: nothing else has changed since. */
static bool is_as_then(const struct settings *settings,
		       const struct settings_piece *piece, struct span copy)
{
	struct buf with = BUF_INIT(BUF_NO_LIMIT);
	struct buf left = BUF_INIT(BUF_NO_LIMIT);
	bool is_same;

	is_same = piece->add(piece->arg, copy, &with, NULL) == 0 &&
		  piece->remove(piece->arg, buf_span(&with), &left,
				NULL) == 0 &&
		  span_equals(buf_span(&left), buf_span(&settings->after));
	buf_release(&with);
	buf_release(&left);
	return is_same;
}

/* A container at the top that the copy has, with nothing in it, and that went
 * with the piece. */
static bool went_empty(const struct jval *was, const struct jval *before,
		       const struct jval *after)
{
	return (jval_is(was, JVAL_OBJECT) || jval_is(was, JVAL_ARRAY)) &&
	       !jval_count(was) && jval_get_span(before, was->key) &&
	       !jval_get_span(after, was->key);
}

/* Put it in again, behind what is there. */
static int put_again(struct settings *settings, const struct jtext *after,
		     const struct jval *was, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_add_span(&key, was->key, err);

	if (rc == 0) {
		jtext_put(after, jtext_root(after), buf_text(&key), was->raw,
			  &text);
		rc = buf_end(&text, err);
	}
	if (rc == 0) {
		buf_reset(&settings->after);
		rc = buf_add_span(&settings->after, buf_span(&text), err);
	}
	buf_release(&text);
	buf_release(&key);
	return rc;
}

/* What stood there empty before the first of ours came is not ours to take. */
static int put_back_empty(struct settings *settings, struct err *err)
{
	struct jtext then = JTEXT_INIT;
	struct jtext before = JTEXT_INIT;
	struct jtext after = JTEXT_INIT;
	const struct jval *was = NULL;
	int rc = 0;

	if (settings->copy_is == SETTINGS_COPY_OURS &&
	    jtext_read(&then, buf_span(&settings->copy_text), true, NULL) == 0 &&
	    jtext_read(&before, buf_span(&settings->before), true, NULL) == 0)
		was = jval_first(jtext_root(&then));
	for (; rc == 0 && was; was = was->next) {
		if (jtext_read(&after, buf_span(&settings->after), true,
			       NULL) == 0 &&
		    went_empty(was, jtext_root(&before), jtext_root(&after)))
			rc = put_again(settings, &after, was, err);
		jtext_release(&after);
	}
	jtext_release(&then);
	jtext_release(&before);
	return rc;
}

int settings_give_back(struct settings *settings,
		       const struct settings_piece *piece, struct err *err)
{
	struct span copy = buf_span(&settings->copy_text);

	if (settings->copy_is == SETTINGS_COPY_NONE)
		settings->goes = holds_nothing(buf_span(&settings->after));
	if (settings->copy_is != SETTINGS_COPY_OURS)
		return 0;
	if (!is_as_then(settings, piece, copy))
		return put_back_empty(settings, err);
	buf_reset(&settings->after);
	return buf_add_span(&settings->after, copy, err);
}
