/*
 * usage: write_passage <agent> <its folder> <folder to go on in> [<id>]
 *
 * Writes the files that `vvault resume` would write for an agent, of the
 * passage in tests/unit/cmd/resume/passage_sample.h, and prints what goes on
 * with them: "before <word>...", "command <word>...", "note <text>", "file
 * <path>", a line each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/resume/placing.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "tests/unit/cmd/resume/passage_for.h"

static const char *variable(const char *name)
{
	return getenv(name);
}

static void print_words(const char *what, const struct buf *words)
{
	size_t at = 0;

	if (!words->len)
		return;
	fputs(what, stdout);
	for (; at < words->len; at += strlen(words->data + at) + 1)
		printf(" %s", words->data + at);
	putchar('\n');
}

static int put_file(const struct resume_file *file, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	enum placed placed;
	int64_t changed;
	int rc = path_parent(&folder, buf_text(&file->path), err);

	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	if (rc == 0)
		rc = placing_look(file, &placed, &changed, err);
	if (rc == 0 && file->kind == RESUME_BEHIND && placed == PLACED_NOT)
		rc = placing_put(file, buf_text(&folder), err);
	else if (rc == 0 && file->kind != RESUME_BEHIND)
		rc = file_write_atomic(buf_text(&file->path),
				       buf_span(&file->bytes), 0600, err);
	if (rc == 0)
		printf("file %s\n", buf_text(&file->path));
	buf_release(&folder);
	return rc;
}

static int write_all(const struct resume_writer *writer,
		     const struct resume_target *target, struct err *err)
{
	struct resume_out out = RESUME_OUT_INIT;
	struct sample_for sample;
	size_t at;
	size_t i;
	int rc;

	sample_make(&sample, writer);
	rc = writer->write(&sample.passage, target, &out, err);
	for (i = 0; rc == 0 && i < out.files.n; i++)
		rc = put_file(&out.files.at[i], err);
	if (rc == 0) {
		print_words("before", &out.before);
		print_words("command", &out.command);
		for (at = 0; at < out.notes.len;
		     at += strlen(out.notes.data + at) + 1)
			printf("note %s\n", out.notes.data + at);
	}
	resume_out_release(&out);
	sample_for_release(&sample);
	return rc;
}

int main(int argc, char **argv)
{
	const struct resume_writer *const *at = resume_writers;
	struct resume_target target = {
		.id = "5eed0000-0000-4000-8000-000000000001",
		.now = SAMPLE_AT(86400), .variable = variable,
		.user_home = getenv("HOME"),
	};
	struct err err = ERR_INIT;

	while (argc > 3 && *at && strcmp((*at)->name, argv[1]))
		at++;
	if (argc < 4 || !*at) {
		fprintf(stderr, "usage: write_passage <agent> <its folder> "
			"<folder to go on in> [<id>]\n");
		return 2;
	}
	target.home = argv[2];
	target.cwd = argv[3];
	if (argc > 4)
		snprintf(target.id, sizeof(target.id), "%s", argv[4]);
	if (write_all(*at, &target, &err) < 0) {
		fprintf(stderr, "write_passage: %s\n", err.text);
		return 1;
	}
	return 0;
}
