/*
 * Every object of a repository, inflated, and opened with every key of a vault:
 * for tests that look for bytes which must be nowhere.
 *
 *	open_all <vault> <keys> <repository>
 *
 * Prints each object as git has it, and behind it what opens of it as a segment
 * or piece of any construct of the vault, and the note of a version.
 */
#include <stdio.h>
#include <string.h>

#include "objects/record/codec.h"
#include "refs/history/version.h"
#include "refs/trust/open.h"
#include "refs/view/view.h"

#define CODECS_MAX 64

struct opening {
	struct vault *vault;
	git_odb *odb;
	struct codec *codecs[CODECS_MAX];
	size_t codecs_n;
	struct buf plain;
};

static void put(struct span bytes)
{
	fwrite(bytes.at, 1, bytes.len, stdout);
	putchar('\n');
}

static void put_opened(struct opening *opening, struct span bytes)
{
	static const enum seal_label labels[] = { SEAL_SEGMENT, SEAL_BLOB };
	size_t i;

	for (i = 0; i < 2 * opening->codecs_n; i++) {
		buf_reset(&opening->plain);
		if (codec_decode(opening->codecs[i / 2], labels[i % 2], bytes,
				 &opening->plain, NULL) == 0)
			put(buf_span(&opening->plain));
	}
}

static void put_note(struct opening *opening, struct span bytes)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct version version;

	version_init(&version);
	if (version_parse_trusted(bytes, &version, NULL) == 0 &&
	    vault_note_open(opening->vault, &version, &note, NULL) == 0)
		put(buf_span(&note.subject));
	version_note_release(&note);
	version_release(&version);
}

static int put_object(const git_oid *id, void *arg)
{
	struct opening *opening = arg;
	git_odb_object *object = NULL;
	struct span bytes;

	if (git_odb_read(&object, opening->odb, id) < 0)
		return -1;
	bytes = span_of(git_odb_object_data(object),
			git_odb_object_size(object));
	put(bytes);
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT)
		put_note(opening, bytes);
	else if (git_odb_object_type(object) == GIT_OBJECT_BLOB)
		put_opened(opening, bytes);
	git_odb_object_free(object);
	return 0;
}

static int make_codecs(struct opening *opening, struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs(opening->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n && i < CODECS_MAX; i++) {
		rc = vault_codec(opening->vault, names.at[i],
				 &opening->codecs[i], err);
		opening->codecs_n += rc == 0;
	}
	name_list_release(&names);
	return rc;
}

static int open_all(char **argv, struct err *err)
{
	struct opening opening = { .plain = BUF_INIT(SEAL_PLAIN_MAX) };
	struct store *store = NULL;
	int rc = vault_open(argv[0], argv[1], &opening.vault, err);

	if (rc == 0)
		rc = make_codecs(&opening, err);
	if (rc == 0)
		rc = store_open(argv[2], true, &store, err);
	if (rc == 0 && (git_repository_odb(&opening.odb,
					   store_repository(store)) < 0 ||
			git_odb_foreach(opening.odb, put_object, &opening)))
		rc = err_set(err, ERR_CORRUPT, "an object cannot be read");
	while (opening.codecs_n)
		codec_free(opening.codecs[--opening.codecs_n]);
	git_odb_free(opening.odb);
	store_free(store);
	buf_release(&opening.plain);
	vault_close(opening.vault);
	return rc;
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int rc = argc == 4 ? store_init_library(&err) :
			     err_set(&err, ERR_INVALID, "usage: open_all "
				     "<vault> <keys> <repository>");

	if (rc == 0)
		rc = open_all(argv + 1, &err);
	if (rc < 0)
		fprintf(stderr, "open_all: %s\n", err.text);
	store_stop_library();
	return rc < 0 ? 128 : 0;
}
