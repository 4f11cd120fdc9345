#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/resume/writer.h"
#include "lib/base/array.h"
#include "lib/id/hash.h"

int resume_add(struct resume_out *out, enum resume_file_kind kind,
	       const char *path, struct resume_file **file, struct err *err)
{
	int rc = array_room(&out->files, err);

	if (rc < 0)
		return rc;
	*file = &out->files.at[out->files.n++];
	**file = (struct resume_file){
		.kind = kind, .path = BUF_INIT(BUF_NO_LIMIT),
		.bytes = BUF_INIT(BUF_NO_LIMIT),
		.before = BUF_INIT(BUF_NO_LIMIT),
	};
	return buf_add_str(&(*file)->path, path, err);
}

void resume_option(struct buf *command, const char *option)
{
	buf_put(command, option, strlen(option) + 1);
}

void resume_arg(struct buf *command, const char *word)
{
	buf_fail(command, *word == '-' ? ERR_DENIED : 0);
	buf_put(command, word, strlen(word) + 1);
}

int resume_write(const struct resume_writer *writer,
		 const struct passage *passage,
		 const struct resume_target *target, struct resume_out *out,
		 struct err *err)
{
	int rc = writer->write(passage, target, out, err);

	if (rc < 0)
		return rc;
	if (out->command.failed == ERR_DENIED ||
	    out->before.failed == ERR_DENIED)
		return err_set(err, ERR_DENIED, "a name in the session would "
			       "be an option of the agent's command; nothing "
			       "is written");
	rc = buf_end(&out->command, err);
	return rc < 0 ? rc : buf_end(&out->before, err);
}

void resume_note(struct resume_out *out, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_put(&out->notes, text, strlen(text) + 1);
}

void resume_out_release(struct resume_out *out)
{
	while (out->files.n) {
		struct resume_file *file = &out->files.at[--out->files.n];

		buf_release(&file->path);
		buf_release(&file->bytes);
		buf_release(&file->before);
	}
	free(out->files.at);
	buf_release(&out->command);
	buf_release(&out->before);
	buf_release(&out->notes);
	*out = RESUME_OUT_INIT;
}

void resume_uuid(const struct resume_target *target, const char *name,
		 size_t nth, char out[37])
{
	char number[24];
	unsigned char hash[SHA256_BYTES];
	struct span texts[3] = { span_str(target->id), span_str(name) };

	snprintf(number, sizeof(number), "%zu", nth);
	texts[2] = span_str(number);
	sha256_of_list(texts, 3, hash);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-4%x%02x-%x%x%02x-"
		 "%02x%02x%02x%02x%02x%02x", hash[0], hash[1], hash[2],
		 hash[3], hash[4], hash[5], hash[6] & 15u, hash[7],
		 8u | (hash[8] & 3u), hash[8] >> 4, hash[9], hash[10],
		 hash[11], hash[12], hash[13], hash[14], hash[15]);
}
