#include "refs/refs_internal.h"

#include <stdio.h>
#include <string.h>

#include "lib/dir.h"
#include "lib/encode.h"
#include "lib/file.h"
#include "lib/path.h"
#include "refs/ref.h"

#define REF_FILE_MAX 4096

struct check {
	const char *folder;
	const char *construct;		/* NULL above the constructs */
};

/* Another name for a ref is counted as a stray by whoever lists them. */
static bool is_ref(struct span text)
{
	unsigned char id[GIT_OID_RAWSZ];

	while (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	return span_begins(text, "ref: ") ||
	       hex_decode(text, id, sizeof(id));
}

static int check_file(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct check *check = context;
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(REF_FILE_MAX);
	struct err reason = ERR_INIT;
	char head_name[REF_NAME_MAX];
	struct head head;
	int rc;

	if (kind != DIR_KIND_FILE || strlen(name) >= DID_SHORT_MAX)
		return 0;
	snprintf(head_name, sizeof(head_name), "%s/%s", check->construct,
		 name);
	if (head_parse(head_name, &head, NULL) < 0)
		return 0;
	rc = path_join(&path, check->folder, name, &reason);
	if (rc == 0)
		rc = file_read(buf_text(&path), REF_FILE_MAX, &text, &reason);
	if (rc == ERR_NOT_FOUND)
		rc = 0;		/* gone meanwhile */
	else if (rc < 0)
		rc = err_set(err, (enum err_code)rc, "%s", reason.text);
	else if (!is_ref(buf_span(&text)))
		rc = err_set(err, ERR_CORRUPT, "the ref '%s' is damaged: its "
			     "file holds no id", head_name);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static int check_folder(void *context, const char *name, enum dir_kind kind,
			struct err *err)
{
	const struct check *check = context;
	struct check inner = { NULL, name };
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (kind == DIR_KIND_SYMLINK || kind == DIR_KIND_OTHER)
		return err_set(err, ERR_DENIED, "'%s/%s' is no folder of its "
			       "own", check->folder, name);
	if (kind != DIR_KIND_DIR || strlen(name) >= CONSTRUCT_NAME_MAX)
		return 0;
	rc = path_join(&path, check->folder, name, err);
	inner.folder = buf_text(&path);
	if (rc == 0 && file_exists(inner.folder))
		rc = dir_each(inner.folder, check_file, &inner, err);
	buf_release(&path);
	return rc;
}

int refs_check(git_repository *repo, const char *prefix,
	       const char *construct, struct err *err)
{
	struct check check = { NULL, NULL };
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, git_repository_path(repo), prefix, err);

	check.folder = buf_text(&path);
	if (rc == 0 && construct)
		rc = check_folder(&check, construct, DIR_KIND_DIR, err);
	else if (rc == 0 && file_exists(check.folder))
		rc = dir_each(check.folder, check_folder, &check, err);
	buf_release(&path);
	return rc;
}
