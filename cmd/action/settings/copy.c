#include "cmd/action/settings/copy.h"

#include <sys/stat.h>

#include "lib/os/file.h"

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
