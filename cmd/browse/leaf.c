#include "cmd/browse/leaf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/cli/program.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/spawn.h"

static int make_folder(struct leaf *leaf, const char *temp_folder,
		       struct err *err)
{
	const char *memory = getenv("XDG_RUNTIME_DIR");

	if (leaf->folder.len)
		return 0;
	if (!memory || *memory != '/')
		memory = temp_folder ? temp_folder : "/tmp";
	return dir_make_temp(memory, "vvault-", &leaf->folder, err);
}

static void close_page(struct leaf *leaf)
{
	if (leaf->fd >= 0)
		close(leaf->fd);
	leaf->fd = -1;
}

int leaf_begin(struct leaf *leaf, const char *temp_folder, struct err *err)
{
	int rc = make_folder(leaf, temp_folder, err);

	close_page(leaf);
	if (rc < 0)
		return rc;
	buf_reset(&leaf->path);
	rc = buf_printf(&leaf->path, err, "%s/%u.html",
			buf_text(&leaf->folder), ++leaf->nth);
	if (rc < 0)
		return rc;
	leaf->fd = open(buf_text(&leaf->path), O_WRONLY | O_CREAT | O_EXCL |
			O_CLOEXEC, 0600);
	return leaf->fd < 0 ? err_errno(err, "cannot make '%s'",
					buf_text(&leaf->path)) : 0;
}

int leaf_write(struct leaf *leaf, struct span bytes, struct err *err)
{
	return file_write_fd(leaf->fd, buf_text(&leaf->path), bytes, err);
}

int leaf_open(struct leaf *leaf, struct err *err)
{
	static const int nowhere[] = { -1, -1, -1 };
	const char *browser = getenv("BROWSER");
	const char *words[PROGRAM_WORDS];
	const struct process_spec spec = { .argv = words };
	char *command = strdup(browser && *browser ? browser : "xdg-open");
	size_t n;
	int rc;

	close_page(leaf);
	if (!command)
		return err_set(err, ERR_NOMEM, "no memory for the browser");
	n = program_split(command, words);
	words[n] = buf_text(&leaf->path);
	words[n + 1] = NULL;
	rc = spawn_child(&spec, nowhere, &leaf->program, err);
	if (rc < 0)
		leaf->program = 0;
	free(command);
	return rc;
}

int leaf_look(struct leaf *leaf, struct err *err)
{
	int status = 0;

	if (!leaf->program ||
	    waitpid(leaf->program, &status, WNOHANG) != leaf->program)
		return 0;
	leaf->program = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	return err_set(err, ERR_IO, "no browser opened it (%s %d); the page "
		       "is %s", WIFEXITED(status) ? "status" : "signal",
		       WIFEXITED(status) ? WEXITSTATUS(status) :
		       WTERMSIG(status), buf_text(&leaf->path));
}

void leaf_release(struct leaf *leaf)
{
	const char *folder = buf_text(&leaf->folder);
	const char *slash = strrchr(folder, '/');
	struct buf parent = PATH_BUF_INIT;

	close_page(leaf);
	/* What cannot be deleted is left to whoever cleans that place. */
	if (slash && path_parent(&parent, folder, NULL) == 0)
		(void)!dir_remove_all(buf_text(&parent), folder, NULL);
	buf_release(&parent);
	buf_release(&leaf->folder);
	buf_release(&leaf->path);
}
