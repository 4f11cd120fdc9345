#include "refs/key/key.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"

#define NOTE_MAX ((size_t)256)

int device_key_note_backup(const char *folder, const struct device_key *key,
			   const char *time, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(NOTE_MAX);
	int rc = path_join(&path, folder, DEVICE_BACKUP_FILE, err);

	buf_putf(&text, "%s %s\n", key->did, time);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), buf_span(&text), 0600,
				       err);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

void device_key_backed_up(const char *folder, const char *did,
			  char out[DEVICE_BACKUP_TIME_MAX])
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(NOTE_MAX);
	size_t len = strlen(did);
	size_t end;

	out[0] = '\0';
	if (path_join(&path, folder, DEVICE_BACKUP_FILE, NULL) == 0 &&
	    file_read(buf_text(&path), NOTE_MAX, &text, NULL) == 0 &&
	    text.len > len && !strncmp(buf_text(&text), did, len) &&
	    buf_text(&text)[len] == ' ') {
		end = strcspn(buf_text(&text) + len + 1, "\n");
		if (end < DEVICE_BACKUP_TIME_MAX)
			snprintf(out, end + 1, "%s",
				 buf_text(&text) + len + 1);
	}
	buf_release(&text);
	buf_release(&path);
}
