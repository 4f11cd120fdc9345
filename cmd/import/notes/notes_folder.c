#include "cmd/import/notes/notes_internal.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "cmd/import/input/media.h"
#include "cmd/import/notes/agent_notes.h"
#include "cmd/import/notes/notes.h"
#include "cmd/import/parse/markdown/links.h"
#include "lib/base/xxh.h"
#include "lib/os/path.h"

#define ATTACHED_MAX ((size_t)64 << 20)

/* --- is it one? ------------------------------------------------------------ */

static bool is_vault(const struct import_input *input)
{
	const struct bundle *bundle = input->bundle;
	struct buf mark = BUF_INIT(BUF_NO_LIMIT);
	size_t top = input->is_folder ? 0 : notes_top_folder(bundle);
	bool is_there;

	if (top)
		buf_put(&mark, bundle_at(bundle, 0)->name, top);
	buf_put_str(&mark, OBSIDIAN "/");
	is_there = !buf_end(&mark, NULL) &&
		   bundle_has_below(bundle, buf_text(&mark));
	buf_release(&mark);
	return is_there;
}

/* What goes with notes unseen: of git, of what synchronizes them, of systems
 * and editors. What else is hidden may be all that there is to a folder. */
static bool is_harmless(const char *name)
{
	static const char *const known[] = {
		".git", ".gitignore", ".gitattributes", ".DS_Store", ".trash",
		".Trash", ".stfolder", ".stignore", ".stversions", ".sync",
		".vscode", ".idea", ".foam", ".nextcloudsync.log",
		".directory", ".markdownlint.json", ".editorconfig",
	};
	const char *at = name;
	size_t len = strcspn(at, "/");
	size_t i;

	while (*at != '.' && at[len]) {
		at += len + 1;
		len = strcspn(at, "/");
	}
	for (i = 0; *at == '.' && i < sizeof(known) / sizeof(known[0]); i++) {
		if (span_equals(span_of(at, len), span_str(known[i])))
			return true;
	}
	return *at != '.';
}

/* Does it lie where a program keeps what belongs to its sessions? */
static bool is_placed(const struct importer *format,
		      const struct import_input *input)
{
	const char *reason;

	return format->place && format != &agent_notes_importer &&
	       format->place(input, span_str(input->path), &reason) !=
		       PLACE_ANYWHERE;
}

/* Is this text one that another importer reads? */
static bool is_of_another(struct bundle *bundle, const struct bundle_file *file)
{
	struct import_input input = IMPORT_INPUT_INIT;
	const struct importer *const *at;
	bool is_one = false;

	input.path = (char *)(uintptr_t)file->name;
	/* What cannot be read is nobody's: reading it will say why. */
	if (bundle_head(bundle, file, INPUT_HEAD_BYTES, &input.head, NULL) == 0) {
		for (at = importer_table; *at && !is_one; at++)
			is_one = *at != &notes_importer &&
				 (importer_knows(*at, &input) ||
				  is_placed(*at, &input));
	}
	buf_release(&input.head);
	return is_one;
}

bool notes_folder_is(const struct import_input *input)
{
	const struct bundle_file *file;
	enum note_kind kind;
	size_t texts = 0;
	size_t i;

	if (is_vault(input))
		return true;
	if (input->is_plain)
		return false;
	for (i = 0; i < bundle_count(input->bundle); i++) {
		kind = note_kind_of(bundle_at(input->bundle, i)->name);
		texts += kind == NOTE_TEXT;
		if (kind == NOTE_OTHER ||
		    (kind == NOTE_HIDDEN &&
		     !is_harmless(bundle_at(input->bundle, i)->name)))
			return false;
	}
	for (i = 0; texts && i < bundle_count(input->bundle); i++) {
		file = bundle_at(input->bundle, i);
		if (note_kind_of(file->name) == NOTE_TEXT &&
		    is_of_another(input->bundle, file))
			return false;
	}
	return texts > 0;
}

/* --- where links lead ------------------------------------------------------ */

struct note_folder {
	struct notes notes;
	struct import_job *job;
	struct import_source *source;
	struct bundle *bundle;
	struct notes_place place;
	struct table bases;	/* of names without their folders: a file */
	char **refs;		/* of each file that is a blob; or NULL */
	const char *name;	/* of the note at hand, in the bundle */
	struct buf path;	/* the same below the root */
	struct buf look;
	struct buf found;
};

static void hash_base(struct span base, unsigned char out[HASH128_BYTES])
{
	char lower[256];
	struct xxh128 hash;
	size_t len = base.len < sizeof(lower) ? base.len : sizeof(lower);
	size_t i;

	for (i = 0; i < len; i++)
		lower[i] = base.at[i] >= 'A' && base.at[i] <= 'Z' ?
			   (char)(base.at[i] | 32) : base.at[i];
	xxh128_init(&hash);
	xxh128_add(&hash, lower, len);
	xxh128_finish(&hash, out);
}

/* Of several files that are called alike the one of the shortest path is
 * meant, as Obsidian does it. */
static int add_base(struct note_folder *folder, size_t at, struct err *err)
{
	const char *name = bundle_at(folder->bundle, at)->name;
	unsigned char key[HASH128_BYTES];
	uint64_t other;

	hash_base(span_str(path_base(name)), key);
	if (table_get(&folder->bases, key, &other) &&
	    strlen(bundle_at(folder->bundle, (size_t)other)->name) <=
	    strlen(name))
		return 0;
	return table_put(&folder->bases, key, at, err);
}

static const struct bundle_file *find_base(const struct note_folder *folder,
					   struct span base)
{
	unsigned char key[HASH128_BYTES];
	uint64_t at;

	hash_base(base, key);
	return table_get(&folder->bases, key, &at) ?
	       bundle_at(folder->bundle, (size_t)at) : NULL;
}

/* A path in the bundle, as it stands or with a note's suffix. */
static const struct bundle_file *find_path(struct note_folder *folder)
{
	const struct bundle_file *file;

	if (buf_end(&folder->look, NULL))
		return NULL;
	file = bundle_find(folder->bundle, buf_text(&folder->look));
	if (file)
		return file;
	buf_put_str(&folder->look, ".md");
	return buf_end(&folder->look, NULL) ? NULL :
	       bundle_find(folder->bundle, buf_text(&folder->look));
}

static const struct bundle_file *find_from_top(struct note_folder *folder,
					       struct span target)
{
	struct buf *look = &folder->look;
	struct span top = span_of(folder->name, folder->place.skipped);

	return note_path_from(top, target, look) ? find_path(folder) : NULL;
}

static const struct bundle_file *
find_target(struct note_folder *folder, const struct markdown_link *link)
{
	const struct bundle_file *file = NULL;
	struct span from = span_str(folder->name);

	if (note_path_from(from, link->target, &folder->look))
		file = find_path(folder);
	if (!file)
		file = find_from_top(folder, link->target);
	if (file || !link->is_wiki || memchr(link->target.at, '/',
					     link->target.len))
		return file;
	file = find_base(folder, link->target);
	if (file)
		return file;
	buf_reset(&folder->look);
	buf_put_span(&folder->look, link->target);
	buf_put_str(&folder->look, ".md");
	return buf_end(&folder->look, NULL) ? NULL :
	       find_base(folder, buf_span(&folder->look));
}

/* --- attachments ----------------------------------------------------------- */

static int leave_file(struct note_folder *folder, const char *name,
		      const char *reason, struct err *err)
{
	return import_skip(folder->source, reason, name, err);
}

static int load_blob(struct note_folder *folder,
		     const struct bundle_file *file, struct buf *ref,
		     struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = bundle_load(folder->bundle, file, ATTACHED_MAX, &bytes, &why);

	if (rc == ERR_NOMEM)
		rc = err_copy(err, rc, &why);
	else if (rc < 0)
		rc = leave_file(folder, file->name, "an attachment that is "
				"over 64 MiB or cannot be read", err);
	else
		rc = import_blob(folder->job, folder->source->construct,
				 buf_span(&bytes),
				 media_of_file(file->name, buf_span(&bytes)),
				 ref, err);
	buf_release(&bytes);
	return rc;
}

/* Each is read once, however many notes show it. Empty: it is left out. */
static int find_blob(struct note_folder *folder,
		     const struct bundle_file *file, struct span *out,
		     struct err *err)
{
	size_t at = (size_t)(file - bundle_at(folder->bundle, 0));
	struct buf ref = BUF_INIT(4096);
	int rc = 0;

	if (!folder->refs[at]) {
		rc = load_blob(folder, file, &ref, err);
		if (rc == 0)
			folder->refs[at] = strdup(buf_text(&ref));
		if (rc == 0 && !folder->refs[at])
			rc = err_set(err, ERR_NOMEM, "out of memory");
		buf_release(&ref);
	}
	if (rc == 0 && folder->refs[at][0])
		*out = span_str(folder->refs[at]);
	return rc;
}

static void put_path(const struct note_folder *folder, const char *name,
		     struct buf *out)
{
	buf_reset(out);
	buf_put_span(out, buf_span(&folder->place.path));
	buf_put_str(out, name + folder->place.skipped);
}

static int find_link(void *arg, struct span from,
		     const struct markdown_link *link,
		     struct note_target *out, struct err *err)
{
	struct note_folder *folder = arg;
	const struct bundle_file *file = find_target(folder, link);
	enum note_kind kind = file ? note_kind_of(file->name) : NOTE_HIDDEN;

	(void)from;
	if (kind == NOTE_HIDDEN)
		return buf_end(&folder->look, err);
	put_path(folder, file->name, &folder->found);
	out->name = out->path = buf_span(&folder->found);
	if (kind == NOTE_TEXT)
		return buf_end(&folder->found, err);
	return find_blob(folder, file, &out->blob, err);
}

/* --- reading --------------------------------------------------------------- */

static int64_t file_changed(const struct note_folder *folder, const char *name)
{
	int64_t changed = CHAT_TIME_UNKNOWN;
	struct buf path = PATH_BUF_INIT;
	struct stat info;

	if (folder->source->input.is_folder &&
	    path_join(&path, folder->source->input.path, name, NULL) == 0 &&
	    lstat(buf_text(&path), &info) == 0 && S_ISREG(info.st_mode))
		changed = (int64_t)info.st_mtim.tv_sec * 1000000 +
			  info.st_mtim.tv_nsec / 1000;
	buf_release(&path);
	return changed;
}

static int read_note(struct note_folder *folder,
		     const struct bundle_file *file, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct note note = { .changed = file_changed(folder, file->name) };
	struct err why = ERR_INIT;
	int rc = bundle_load(folder->bundle, file, NOTE_MAX_BYTES, &text, &why);

	folder->name = file->name;
	put_path(folder, file->name, &folder->path);
	note.path = buf_span(&folder->path);
	note.text = buf_span(&text);
	if (rc == ERR_NOMEM)
		rc = err_copy(err, rc, &why);
	else if (rc < 0)
		rc = import_leave_out(folder->source, "a note that is over 64 "
				      "MiB or cannot be read", file->name,
				      err);
	else
		rc = buf_end(&folder->path, err);
	if (rc == 0 && !why.code)
		rc = notes_put(&folder->notes, &note, err);
	buf_release(&text);
	return rc;
}

static const char *why_left(const char *name, enum note_kind kind)
{
	if (strstr(name, OBSIDIAN "/"))
		return "settings of Obsidian, which are left alone";
	if (strstr(name, ".trash/"))
		return "what was thrown away in Obsidian, which is left alone";
	if (kind == NOTE_HIDDEN)
		return "hidden files, which are left alone";
	return kind == NOTE_ATTACHED ?
		"an attachment that no note links to" :
		"a file that is no note, and that no note links to";
}

static int read_files(struct note_folder *folder, struct err *err)
{
	const struct bundle_file *file;
	enum note_kind kind;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < bundle_count(folder->bundle); i++)
		rc = add_base(folder, i, err);
	for (i = 0; rc == 0 && i < bundle_count(folder->bundle); i++) {
		file = bundle_at(folder->bundle, i);
		if (note_kind_of(file->name) == NOTE_TEXT)
			rc = read_note(folder, file, err);
	}
	for (i = 0; rc == 0 && i < bundle_count(folder->bundle); i++) {
		file = bundle_at(folder->bundle, i);
		kind = note_kind_of(file->name);
		if (kind != NOTE_TEXT && !folder->refs[i])
			rc = leave_file(folder, file->name,
					why_left(file->name, kind), err);
	}
	return rc;
}

int notes_folder_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct note_folder folder = {
		.notes = NOTES_INIT(job, source, "notes"),
		.job = job, .source = source, .bundle = source->input.bundle,
		.place = NOTES_PLACE_INIT,
		.bases = TABLE_INIT(HASH128_BYTES, TABLE_NO_LIMIT),
		.path = BUF_INIT(BUF_NO_LIMIT), .look = BUF_INIT(BUF_NO_LIMIT),
		.found = BUF_INIT(BUF_NO_LIMIT),
	};
	size_t n = bundle_count(folder.bundle);
	size_t i;
	int rc = notes_place_find(&source->input, &folder.place, err);

	folder.notes.root = buf_span(&folder.place.root);
	folder.notes.find = find_link;
	folder.notes.arg = &folder;
	folder.notes.is_apart = folder.place.path.len > 0;
	folder.refs = calloc(n + 1, sizeof(*folder.refs));
	if (rc == 0 && !folder.refs)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = read_files(&folder, err);
	for (i = 0; folder.refs && i < n; i++)
		free(folder.refs[i]);
	free(folder.refs);
	notes_release(&folder.notes);
	notes_place_release(&folder.place);
	table_release(&folder.bases);
	buf_release(&folder.path);
	buf_release(&folder.look);
	buf_release(&folder.found);
	return rc;
}
