#include "cmd/action/key/copy.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/time/timestamp.h"

static int first_line(struct buf *out, struct err *err)
{
	char *newline = memchr(buf_text(out), '\n', out->len);

	if (newline)
		out->len = (size_t)(newline - out->data);
	return out->len ? 0 : err_set(err, ERR_INVALID,
				      "the passphrase is empty");
}

int key_copy_ask(const struct action_call *call, bool is_new, struct buf *out,
		 struct err *err)
{
	const struct host *host = call->host;
	int rc = buf_reserve(out, KEY_COPY_PASSPHRASE_MAX, err);

	if (rc == 0 && host->passphrase)
		rc = host->passphrase(host->arg, is_new, out, err);
	else if (rc == 0)
		rc = err_set(err, ERR_INVALID, "there is no passphrase");
	return rc < 0 ? rc : first_line(out, err);
}

int key_copy_passphrase(const struct action_call *call, bool is_new,
			struct buf *out, struct err *err)
{
	const char *file = action_text(call, "passphrase-file");
	int rc;

	if (!file)
		return key_copy_ask(call, is_new, out, err);
	rc = buf_reserve(out, KEY_COPY_PASSPHRASE_MAX, err);
	if (rc == 0)
		rc = file_read(file, KEY_COPY_PASSPHRASE_MAX, out, err);
	return rc < 0 ? rc : first_line(out, err);
}

static int tell_exists(const char *path, const char *what, struct err *err)
{
	return err_set(err, ERR_EXISTS, "there is a file '%s': %s needs one of "
		       "its own", path, what);
}

int key_copy_check(const char *path, const char *what, struct err *err)
{
	return path && file_exists(path) ? tell_exists(path, what, err) : 0;
}

int key_copy_put(const struct action_call *call, const char *path,
		 struct span text, const char *what, struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc;

	if (!path)
		return host_bytes(call->host, text, err);
	rc = atomic_file_open(&file, path, 0600, err);
	if (rc == 0)
		rc = atomic_file_write(&file, text, err);
	if (rc == 0)
		rc = atomic_file_publish_new(&file, err);
	if (rc == ERR_EXISTS) {
		err_clear(err);
		rc = tell_exists(path, what, err);
	}
	atomic_file_release(&file);
	return rc;
}

int key_copy_seal(const struct device_key *key, struct span passphrase,
		  struct buf *out, struct err *err)
{
	struct sealed_key sealed;
	int rc = sealed_key_make(key, passphrase, &sealed, err);

	return rc < 0 ? rc : sealed_key_write(&sealed, out, err);
}

/* What "-" stands for may be typed by somebody, line by line. */
static int read_input(const struct action_call *call, struct buf *out,
		      struct err *err)
{
	if (call->settings.input < 0)
		return err_set(err, ERR_INVALID, "there is no standard input");
	if (call->settings.is_input_typed)
		host_note(call->host, "type the words that are on the page, "
			  "and then Ctrl-D on a line of its own");
	return file_read_fd(call->settings.input, "standard input",
			    KEY_COPY_MAX, out, err);
}

int key_copy_read(const struct action_call *call, const char *path,
		  struct sealed_key *out, struct err *err)
{
	struct buf text = BUF_INIT(KEY_COPY_MAX);
	int rc = strcmp(path, "-") ?
		 file_read(path, KEY_COPY_MAX, &text, err) :
		 read_input(call, &text, err);

	if (rc == 0)
		rc = span_begins(buf_span(&text), "-----") ?
		     sealed_key_read(buf_span(&text), out, err) :
		     sealed_key_read_words(buf_span(&text), out, err);
	buf_release(&text);
	return rc;
}

void key_copy_note(const struct action_call *call,
		   const struct device_key *key)
{
	char at[TIMESTAMP_TEXT_MAX];

	timestamp_text(timestamp_now() / TIMESTAMP_SECOND * TIMESTAMP_SECOND,
		       at);
	snprintf(at + 19, sizeof(at) - 19, "Z");
	(void)!device_key_note_backup(call->keys_folder, key, at, NULL);
}
