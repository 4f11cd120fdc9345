#include "cmd/export/export.h"

#include "cmd/action/actions.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/resume/files.h"

static int check_folder(const struct export_format *format,
			const char *folder, struct err *err)
{
	if (format->form == EXPORT_FOLDER && !folder)
		return err_set(err, ERR_INVALID, "-o is missing: the folder "
			       "for the files of '%s'", format->name);
	if (format->form == EXPORT_FILE && folder)
		return err_set(err, ERR_INVALID, "'%s' goes to standard "
			       "output, -o has no use", format->name);
	return 0;
}

/* Files of an agent go to a folder. */
static int check_agent(const char *name, const char *folder, struct err *err)
{
	return folder ? 0 : err_set(err, ERR_INVALID, "-o is missing: the "
				    "folder for the files of '%s'", name);
}

static int refuse_format(const char *name, const char *names, struct err *err)
{
	const char *near = export_near(name);

	return near ? err_set(err, ERR_INVALID, "unknown format '%s'; is '%s' "
			      "meant?", name, near) :
		      err_set(err, ERR_INVALID, "unknown format '%s': %s",
			      name, names);
}

/* Name all that there are. */
static int export_check(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "format");
	const struct resume_writer *const *agent;
	struct buf names = BUF_INIT(1024);
	int rc = 0;

	export_names(&names);
	for (agent = resume_writers; *agent; agent++)
		buf_putf(&names, ", %s", (*agent)->name);
	if (!name)
		rc = err_set(err, ERR_INVALID, "--format is missing: %s",
			     buf_text(&names));
	else if (!export_find(name) && resume_writer_find(name))
		rc = check_agent(name, action_text(call, "-o"), err);
	else if (!export_find(name))
		rc = refuse_format(name, buf_text(&names), err);
	else
		rc = check_folder(export_find(name), action_text(call, "-o"),
				  err);
	buf_release(&names);
	return rc;
}

static int export_run(struct action_call *call, struct err *err)
{
	const char *format = action_text(call, "format");
	const char *folder = call->settings.temp_folder;
	struct export export = {
		.host = call->host, .temp_folder = folder ? folder : "/tmp",
		.folder = action_text(call, "-o"),
	};
	int rc = ref_open_view(call->vault, action_text(call, "version"),
			       &export.view, err);

	if (rc == 0 && export_find(format))
		rc = export_find(format)->run(&export, err);
	else if (rc == 0)
		rc = resume_files(call, export.view,
				  resume_writer_find(format), export.folder,
				  err);
	view_free(export.view);
	return rc < 0 ? rc : 0;
}

static const struct action_param params[] = {
	{ "format", ACTION_TEXT, ACTION_REQUIRED, "<format>",
	  "af, capsule, card, chatgpt, claude, html, jsonl, markdown, "
	  "mcp-memory; the name of an agent with -o" },
	{ "-o", ACTION_TEXT, 0, "<folder>",
	  "where html and files of agents go, or card with its: a folder, new or empty" },
	VERSION_PARAM(ACTION_REQUIRED),
	ACTION_PARAMS_END
};

const struct action action_export = {
	"export", "write a construct out", params, ACTION_SHOWS, export_check,
	export_run
};
