#include "cmd/import/notes/notes.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/notes/notes_internal.h"
#include "cmd/import/sniff.h"
#include "lib/base/text.h"

#define NOTES "notes"

/* A text that no other importer knows, which somebody named: a file alone
 * says of nothing that it is a note. */
static bool is_named_note(const struct import_input *input)
{
	struct span head = sniff_begin(buf_span(&input->head));
	const struct importer *const *at;

	if (input->is_plain || input->archive || input->is_folder ||
	    !head.len ||
	    note_kind_of(input->path) != NOTE_TEXT ||
	    *head.at == '{' || memchr(head.at, '\0', head.len))
		return false;
	for (at = importer_table; *at; at++) {
		if (*at != &notes_importer && importer_knows(*at, input))
			return false;
	}
	return true;
}

static bool notes_sniff(const struct import_input *input)
{
	return input->bundle ? notes_folder_is(input) : is_named_note(input);
}

static int read_alone(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct notes notes = NOTES_INIT(job, source, NOTES);
	struct notes_place place = NOTES_PLACE_INIT;
	struct note note = { .changed = note_changed(&source->input) };
	int rc = whole_load(source, NOTE_MAX_BYTES, err);

	if (rc)
		return rc;
	note.text = buf_span(&source->input.head);
	if (!text_is_utf8(note.text))
		return import_refuse(source, "it is no UTF-8 text", NULL, err);
	rc = notes_place_find(&source->input, &place, err);
	note.path = buf_span(&place.path);
	notes.root = buf_span(&place.root);
	notes.is_apart = true;
	if (rc == 0)
		rc = notes_put(&notes, &note, err);
	notes_release(&notes);
	notes_place_release(&place);
	return rc;
}

static int notes_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	return source->input.bundle ? notes_folder_read(job, source, err) :
	       read_alone(job, source, err);
}

const struct importer notes_importer = {
	.name = NOTES,
	.one = "note",
	.many = "notes",
	.construct = NOTES,
	.sniff = notes_sniff,
	.read = notes_read,
	.takes_folders = true,
	.goes_back = true,
};
