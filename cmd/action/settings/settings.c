#include "cmd/action/settings/settings.h"

#include <sys/stat.h>

#include "cmd/action/settings/copy.h"
#include "cmd/action/settings/line_changes.h"
#include "lib/os/file.h"
#include "refs/vault/vault.h"

void settings_release(struct settings *settings)
{
	buf_release(&settings->copy_path);
	buf_release(&settings->copy_text);
	buf_release(&settings->path);
	buf_release(&settings->before);
	buf_release(&settings->after);
}

int settings_vault(const struct action_call *call, struct buf *out,
		   struct err *err)
{
	int rc;

	if (!call->vault_path || !vault_is_at(call->vault_path))
		return err_set(err, ERR_NOT_FOUND, "no vault here: go into "
			       "the one that is meant, name it with -C, or "
			       "make one with 'vvault init <dir>'");
	if (!call->settings.program)
		return err_set(err, ERR_UNSUPPORTED, "it is not known where "
			       "this program lies");
	rc = buf_add_str(out, call->vault_path, err);
	return rc < 0 ? rc : file_settle(out, err);
}

int settings_read(struct settings *settings, struct err *err)
{
	struct stat info;
	int rc = file_settle(&settings->path, err);

	if (rc < 0)
		return rc;
	settings->was_there = stat(buf_text(&settings->path), &info) == 0;
	if (!settings->was_there && file_exists(buf_text(&settings->path)))
		return err_set(err, ERR_NOT_FOUND, "it is a link that leads "
			       "nowhere: make the file that it names, or "
			       "delete it");
	if (!settings->was_there)
		return 0;
	settings->mode = info.st_mode & 0777;
	if (!(info.st_mode & 0222))
		return err_set(err, ERR_DENIED, "nobody may write to it: "
			       "'chmod u+w' lets you");
	return file_read_plain(buf_text(&settings->path), SETTINGS_MAX,
			       &settings->before, err);
}

bool settings_is_changed(const struct settings *settings)
{
	return !span_equals(buf_span(&settings->before),
			    buf_span(&settings->after));
}

int settings_changes(const struct settings *settings, struct buf *out,
		     struct err *err)
{
	line_changes_put(buf_span(&settings->before),
			 buf_span(&settings->after), out);
	return buf_end(out, err);
}

bool settings_is_agreed(const struct action_call *call,
			const struct settings *settings,
			const struct buf *changes)
{
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	bool is_yes = true;

	if (!host_can_ask(call->host))
		return true;
	buf_putf(&question, "%s\n%s  Change it so?", buf_text(&settings->path),
		 buf_text(changes));
	if (buf_end(&question, NULL) == 0)
		is_yes = host_confirm(call->host, buf_span(&question));
	buf_release(&question);
	return is_yes;
}

/* --- changing it ----------------------------------------------------------- */

static int take_out(struct settings *settings,
		    const struct settings_piece *piece, struct err *err)
{
	bool is_changed;
	int rc = piece->remove(piece->arg, buf_span(&settings->before),
			       &settings->after, err);

	is_changed = rc == 0 && settings_is_changed(settings);
	if (is_changed)
		rc = settings_give_back(settings, piece, err);
	if (rc == 0 && settings->copy_is != SETTINGS_COPY_NONE)
		settings->copy_stays =
			!piece->is_any(piece->arg,
				       buf_span(&settings->after)) &&
			!(is_changed &&
			  settings->copy_is == SETTINGS_COPY_OURS);
	return rc;
}

int settings_change(struct settings *settings,
		    const struct settings_piece *piece, bool is_install,
		    struct err *err)
{
	struct span text = buf_span(&settings->before);
	int rc = settings_read_copy(settings, piece, err);

	if (rc < 0)
		return rc;
	if (!is_install)
		return take_out(settings, piece, err);
	rc = piece->add(piece->arg, text, &settings->after, err);
	if (rc == 0 && settings_is_changed(settings) &&
	    !piece->is_any(piece->arg, text))
		rc = settings_check_copy(settings, err);
	return rc;
}

/* --- writing ---------------------------------------------------------------- */

/* Not over what the program has written meanwhile. */
static int check_still(const struct settings *settings, struct err *err)
{
	const char *path = buf_text(&settings->path);
	struct buf now = BUF_INIT(SETTINGS_MAX);
	int rc = 0;

	if (settings->was_there)
		rc = file_read_plain(path, SETTINGS_MAX, &now, err);
	if (rc == 0 && (!span_equals(buf_span(&now),
				     buf_span(&settings->before)) ||
			settings->was_there != file_exists(path)))
		rc = err_set(err, ERR_CHANGED, "'%s' has changed meanwhile; "
			     "try again", path);
	buf_release(&now);
	return rc;
}

int settings_write(const struct settings *settings,
		   const struct settings_piece *piece, bool is_install,
		   struct err *err)
{
	const char *path = buf_text(&settings->path);
	const char *copy = buf_text(&settings->copy_path);
	struct span before = buf_span(&settings->before);
	struct span after = buf_span(&settings->after);
	int rc = check_still(settings, err);

	if (rc == 0 && is_install && settings->was_there &&
	    settings->copy_is == SETTINGS_COPY_NONE &&
	    !piece->is_any(piece->arg, before))
		rc = file_write_atomic(copy, before, settings->mode, err);
	if (rc == 0)
		rc = settings->goes ? file_remove(path, err) :
		     file_write_atomic(path, after, settings->mode, err);
	if (rc == 0 && !is_install &&
	    settings->copy_is == SETTINGS_COPY_OURS &&
	    !piece->is_any(piece->arg, after))
		rc = file_remove(copy, err);
	return rc;
}
