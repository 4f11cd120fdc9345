/*
 * Notes of one folder, and where that folder stands.
 */
#ifndef VV_CMD_IMPORT_NOTES_NOTES_INTERNAL_H
#define VV_CMD_IMPORT_NOTES_NOTES_INTERNAL_H

#include "cmd/import/input/bundle.h"
#include "cmd/import/notes/note.h"

#define OBSIDIAN ".obsidian"

/*
 * Is the folder, or the archive, one of notes? It is when Obsidian made it
 * one; and when somebody named it, and it holds texts, what goes with texts,
 * and nothing else: no file of another kind, and none that another importer
 * knows. So what explains a program or another export is no note.
 */
bool notes_folder_is(const struct import_input *input);

/* Where notes stand: the folder that all of them are below has a name, and
 * what is read lies below it. */
struct notes_place {
	struct buf root;	/* the folder's name */
	struct buf path;	/* from there to the folder with '/' behind it,
				   or to the file */
	size_t skipped;		/* bytes of the root in an archive's names */
};

#define NOTES_PLACE_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), 0 }
void notes_place_release(struct notes_place *place);

/*
 * Find it: the vault of Obsidian in which a file or folder lies; else the
 * folder itself, of a file the one that it lies in; of an archive what it is
 * called, unless all is in one folder there.
 */
MUST_USE int notes_place_find(const struct import_input *input,
			      struct notes_place *out, struct err *err);

/* How long the name of the one folder is in which all of an archive lies, with
 * its '/'; 0: there is no such one. */
size_t notes_top_folder(const struct bundle *bundle);

/* Put all notes of the source's bundle. */
MUST_USE int notes_folder_read(struct import_job *job,
			       struct import_source *source, struct err *err);

#endif
