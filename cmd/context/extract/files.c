#include "cmd/context/extract/extract_internal.h"

#include <stdlib.h>

#include "cmd/resume/tool_names.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

enum done { FILE_READ, FILE_WRITTEN, FILE_CHANGED, FILE_DELETED, FILE_FAILED,
	    FILE_DEEDS };

struct touched {
	struct span path;	/* of the brief's arena */
	size_t n[FILE_DEEDS];
	size_t turn;		/* the last one */
	size_t nth;		/* call that did it */
};

struct touching {
	const struct extracting *extracting;
	struct { struct touched *at; size_t n, cap; } files;
	struct table places;	/* of paths' hashes, in files */
	size_t calls;
	struct err *err;
};

static int touch(struct touching *touching, const struct extract_call *at,
		 struct span path, enum done done)
{
	struct touched made = { .turn = 0 };
	unsigned char digest[SHA256_BYTES];
	struct touched *file;
	uint64_t place = 0;
	int rc;

	if (!path.len)
		return 0;
	sha256_of(path.at, path.len, digest);
	if (!table_get(&touching->places, digest, &place)) {
		place = touching->files.n;
		rc = array_room(&touching->files, touching->err);
		if (rc == 0)
			rc = table_put(&touching->places, digest, place,
				       touching->err);
		if (rc == 0)
			rc = arena_keep(&touching->extracting->brief->arena,
					path, &made.path, touching->err);
		if (rc < 0)
			return rc;
		touching->files.at[touching->files.n++] = made;
	}
	file = &touching->files.at[place];
	file->n[extract_has_failed(at->call) && done != FILE_READ ?
		FILE_FAILED : done]++;
	file->turn = at->turn;
	file->nth = touching->calls;
	return 0;
}

/* The heads of a patch as Codex has them. */
static int read_patch(struct touching *touching, const struct extract_call *at,
		      struct span text)
{
	static const struct { const char *head; enum done done; } heads[] = {
		{ "*** Add File: ", FILE_WRITTEN },
		{ "*** Update File: ", FILE_CHANGED },
		{ "*** Delete File: ", FILE_DELETED },
		{ "*** Move to: ", FILE_WRITTEN },
	};
	struct span line;
	size_t i;
	int rc = 0;

	while (rc == 0 && text.len) {
		line = span_take_line(&text);
		while (line.len && strchr(" \r", line.at[line.len - 1]))
			line.len--;
		for (i = 0; rc == 0 && i < sizeof(heads) / sizeof(heads[0]);
		     i++) {
			size_t len = strlen(heads[i].head);

			if (span_begins(line, heads[i].head))
				rc = touch(touching, at,
					   span_of(line.at + len,
						   line.len - len),
					   heads[i].done);
		}
	}
	return rc;
}

/* In any of the texts of an input, or of a list in it. */
static int read_patches(struct touching *touching,
			const struct extract_call *at, struct span input)
{
	struct jcs_iter iter = jcs_type_of(input) == JCS_ARRAY ?
			       jcs_iter_array(input) : jcs_iter_object(input);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		if (jcs_type_of(value) == JCS_ARRAY) {
			rc = read_patches(touching, at, value);
			continue;
		}
		if (!span_has(value, "*** Begin Patch"))
			continue;
		buf_reset(&text);
		rc = jcs_words(value, &text, touching->err);
		if (rc == 0)
			rc = read_patch(touching, at, buf_span(&text));
	}
	buf_release(&text);
	return rc;
}

/* By the tool's sense, else by what its name says. */
static bool deed_of(struct span name, enum done *out)
{
	static const struct { const char *word; enum done done; } words[] = {
		{ "Edit", FILE_CHANGED }, { "edit", FILE_CHANGED },
		{ "replace", FILE_CHANGED }, { "insert", FILE_CHANGED },
		{ "Write", FILE_WRITTEN }, { "write", FILE_WRITTEN },
		{ "create_file", FILE_WRITTEN },
		{ "Read", FILE_READ }, { "read", FILE_READ },
		{ "view", FILE_READ }, { "delete_file", FILE_DELETED },
	};
	enum tool_sense sense;
	size_t i;

	if (tool_names_sense(name, &sense)) {
		*out = sense == TOOL_EDIT ? FILE_CHANGED :
		       sense == TOOL_WRITE ? FILE_WRITTEN : FILE_READ;
		return sense == TOOL_EDIT || sense == TOOL_WRITE ||
		       sense == TOOL_READ;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_has(name, words[i].word)) {
			*out = words[i].done;
			return true;
		}
	}
	return false;
}

static int read_call(struct touching *touching, const struct extract_call *at)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	enum done done;
	int rc;

	touching->calls++;
	rc = read_patches(touching, at, at->call->input);
	if (rc < 0 || !deed_of(at->call->name, &done))
		return rc;
	if (!tool_names_word(at->call->input, WORD_PATH, &value) &&
	    !jcs_find(at->call->input, "notebook_path", &value))
		return 0;
	rc = jcs_words(value, &path, touching->err);
	if (rc == 0)
		rc = touch(touching, at, buf_span(&path), done);
	buf_release(&path);
	return rc;
}

/* What was changed before what was only read, and the last one first. */
static int by_weight(const void *a, const void *b)
{
	const struct touched *x = a;
	const struct touched *y = b;
	bool x_only = x->n[FILE_READ] && !x->n[FILE_WRITTEN] &&
		      !x->n[FILE_CHANGED] && !x->n[FILE_DELETED];
	bool y_only = y->n[FILE_READ] && !y->n[FILE_WRITTEN] &&
		      !y->n[FILE_CHANGED] && !y->n[FILE_DELETED];

	if (x_only != y_only)
		return x_only ? 1 : -1;
	return x->nth == y->nth ? span_compare(x->path, y->path) :
	       x->nth > y->nth ? -1 : 1;
}

static int tell_made(const struct extracting *extracting,
		const struct touched *file, size_t rank, struct err *err)
{
	static const char *const words[FILE_DEEDS] = {
		"read", "written", "changed", "deleted", "failed"
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	buf_put_span(&text, extract_inside(extracting->passage, file->path));
	for (i = 0; i < FILE_DEEDS; i++) {
		if (file->n[i])
			buf_putf(&text, ", %s%s", words[i],
				 file->n[i] > 1 ? "" : " once");
		if (file->n[i] > 1)
			buf_putf(&text, " %zu times", file->n[i]);
	}
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = extract_add(extracting, file->turn, span_of(NULL, 0),
				 buf_span(&text), rank, err);
	buf_release(&text);
	return rc;
}

int extract_files(const struct extracting *extracting, struct err *err)
{
	struct extract_walk walk = { .passage = extracting->passage };
	struct touching touching = {
		.extracting = extracting, .err = err,
		.places = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct extract_call at;
	size_t i;
	int rc = 0;

	brief_section(extracting->brief, "files", "Files", "files", 10);
	while (rc == 0 && extract_next(&walk, &at))
		rc = read_call(&touching, &at);
	if (rc == 0 && touching.files.n)
		qsort(touching.files.at, touching.files.n,
		      sizeof(*touching.files.at), by_weight);
	for (i = 0; rc == 0 && i < touching.files.n; i++)
		rc = tell_made(extracting, &touching.files.at[i], i, err);
	free(touching.files.at);
	table_release(&touching.places);
	return rc;
}
