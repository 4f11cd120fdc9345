#include "cmd/cli/person/clipboard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/process.h"

#define TOOL_MS 5000
#define TERMINAL "/dev/tty"
/* Terminals cut or drop what is longer than this, in base64. */
#define TERMINAL_BYTES ((size_t)74994 / 4 * 3)

/* Programs that take it from their standard input, and the variable without
 * which each has nowhere to go. */
static const struct {
	const char *display;	/* NULL: needs none */
	const char *argv[4];
} tools[] = {
	{ "WAYLAND_DISPLAY", { "wl-copy" } },
	{ "DISPLAY", { "xclip", "-selection", "clipboard" } },
	{ "DISPLAY", { "xsel", "--clipboard", "--input" } },
	{ NULL, { "pbcopy" } },
	{ NULL, { "clip.exe" } },
};

/* ERR_NOT_FOUND: there is no such program. They stay in the background, with
 * their output open, and only the first of their processes is waited for. */
static int run_tool(const char *const *argv, struct span text, struct err *err)
{
	const struct process_spec spec = { .argv = argv };
	struct process process = PROCESS_INIT;
	struct process_end end = { 0, 0 };
	struct err torn = ERR_INIT;
	int rc = process_start(&process, &spec, err);

	/* One that goes before it has read all says so by its status. */
	if (rc == 0)
		rc = process_write(&process, text, TOOL_MS, &torn);
	if (rc == 0 || rc == ERR_NETWORK)
		rc = process_finish(&process, TOOL_MS, &end, err);
	else if (torn.code)
		rc = err_set(err, rc, "%s", torn.text);
	process_release(&process);
	if (rc == 0 && (end.signal || end.status || torn.code))
		rc = err_set(err, ERR_IO, "'%s' could not copy it", argv[0]);
	return rc;
}

static int tell_terminal(struct span text, struct err *err)
{
	struct buf code = BUF_INIT(BUF_NO_LIMIT);
	int fd = open(TERMINAL, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0)
		return err_set(err, ERR_UNSUPPORTED, "there is no clipboard "
			       "here: neither wl-copy, xclip, xsel, pbcopy nor "
			       "clip.exe, and no terminal; --out writes a "
			       "file");
	if (text.len > TERMINAL_BYTES) {
		close(fd);
		return err_set(err, ERR_LIMIT, "too long for a terminal's "
			       "clipboard: a smaller --budget, or --out");
	}
	buf_put_str(&code, "\033]52;c;");
	buf_fail(&code, base64_add(&code, text.at, text.len, NULL));
	buf_put_char(&code, '\a');
	rc = buf_end(&code, err);
	if (rc == 0)
		rc = file_write_fd(fd, TERMINAL, buf_span(&code), err);
	close(fd);
	buf_release(&code);
	return rc;
}

int clipboard_copy(void *arg, struct span text, struct buf *out_how,
		   struct err *err)
{
	struct err why = ERR_INIT;
	size_t i;
	int rc;

	(void)arg;
	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (tools[i].display && !getenv(tools[i].display))
			continue;
		why = (struct err)ERR_INIT;
		rc = run_tool(tools[i].argv, text, &why);
		if (rc == ERR_NOT_FOUND)
			continue;
		buf_put_str(out_how, tools[i].argv[0]);
		return rc < 0 ? err_set(err, rc, "%s", why.text) :
		       buf_end(out_how, err);
	}
	rc = tell_terminal(text, err);
	buf_put_str(out_how, "the terminal");
	return rc < 0 ? rc : buf_end(out_how, err);
}
