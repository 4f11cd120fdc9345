#include "cmd/import/notes/note.h"

#include <strings.h>
#include <sys/stat.h>

#include "cmd/import/parse/markdown/front_matter.h"
#include "cmd/import/parse/markdown/links.h"
#include "cmd/import/records/rest.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/path.h"

#define PATH_KEY_MAX 400	/* bytes of a path in an id */
#define TITLE_MAX 1024

void notes_release(struct notes *notes)
{
	view_free(notes->view);
	buf_release(&notes->entity);
	buf_release(&notes->text);
	buf_release(&notes->links);
	buf_release(&notes->files);
	buf_release(&notes->data);
	table_release(&notes->seen);
	jcs_fields_release(&notes->fields);
	jcs_fields_release(&notes->native);
}

/* --- names ----------------------------------------------------------------- */

static bool has_suffix(const char *name, const char *const *suffixes)
{
	const char *dot = strrchr(path_base(name), '.');

	if (!dot)
		return false;
	while (*suffixes && strcasecmp(dot, *suffixes) != 0)
		suffixes++;
	return *suffixes;
}

static bool is_hidden(const char *name)
{
	static const char *const left[] = {
		"Thumbs.db", "desktop.ini", "Icon\r",
	};
	size_t i;

	if (*name == '.' || strstr(name, "/."))
		return true;
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		if (!strcmp(path_base(name), left[i]))
			return true;
	}
	return false;
}

enum note_kind note_kind_of(const char *name)
{
	static const char *const texts[] = {
		".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mdc", ".txt",
		".text", ".org", ".rst", NULL
	};
	static const char *const attached[] = {
		".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp",
		".tif", ".tiff", ".heic", ".avif", ".mp3", ".m4a", ".wav",
		".ogg", ".flac", ".opus", ".3gp", ".mp4", ".mov", ".mkv",
		".webm", ".ogv", ".pdf", ".docx", ".pptx", ".xlsx", ".epub",
		NULL
	};

	if (is_hidden(name))
		return NOTE_HIDDEN;
	if (has_suffix(name, texts))
		return NOTE_TEXT;
	return has_suffix(name, attached) ? NOTE_ATTACHED : NOTE_OTHER;
}

static bool take_hex(struct span text, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *high;
	const char *low;

	if (text.len < 3 || !text.at[1] || !text.at[2])
		return false;
	high = strchr(digits, text.at[1] > '9' ? text.at[1] | 32 : text.at[1]);
	low = strchr(digits, text.at[2] > '9' ? text.at[2] | 32 : text.at[2]);
	if (!high || !low)
		return false;
	*out = (char)((high - digits) * 16 + (low - digits));
	return *out != '\0';
}

static void put_decoded(struct span part, struct buf *out)
{
	size_t i;
	char byte;

	for (i = 0; i < part.len; i++) {
		byte = part.at[i];
		if (byte == '%' && take_hex(span_of(part.at + i,
						    part.len - i), &byte))
			i += 2;
		buf_put_char(out, byte);
	}
}

static struct span folder_of(struct span path)
{
	while (path.len && path.at[path.len - 1] != '/')
		path.len--;
	return path;
}

bool note_path_from(struct span from, struct span relative, struct buf *out)
{
	struct span part;
	size_t len;

	buf_reset(out);
	if (!span_begins(relative, "/"))
		buf_put_span(out, folder_of(from));
	while (relative.len && !buf_end(out, NULL)) {
		for (len = 0; len < relative.len && relative.at[len] != '/';)
			len++;
		part = span_of(relative.at, len);
		len += len < relative.len;
		relative = span_of(relative.at + len, relative.len - len);
		if (!part.len || span_equals(part, span_str(".")))
			continue;
		if (!span_equals(part, span_str(".."))) {
			put_decoded(part, out);
			if (relative.len)
				buf_put_char(out, '/');
			continue;
		}
		if (!out->len)
			return false;
		buf_cut(out, folder_of(span_of(out->data, out->len - 1)).len);
	}
	return out->len && !buf_end(out, NULL);
}

/* Each part of the path as a key: "/" alone stands. */
void notes_put_entity(const struct notes *notes, struct span path,
		      struct buf *out)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	size_t begin = 0;
	size_t i;

	if (notes->root.len) {
		chat_put_key(&key, notes->root);
		buf_put_char(&key, '/');
	}
	for (i = 0; i <= path.len; i++) {
		if (i < path.len && path.at[i] != '/')
			continue;
		chat_put_key(&key, span_of(path.at + begin, i - begin));
		if (i < path.len)
			buf_put_char(&key, '/');
		begin = i + 1;
	}
	buf_putf(out, "memory:%s:", notes->provider);
	if (key.len > PATH_KEY_MAX) {
		sha256_of(key.data, key.len, digest);
		buf_put_str(out, "sha256-");
		buf_fail(out, hex_add(out, digest, sizeof(digest), NULL));
	} else {
		buf_put_span(out, buf_span(&key));
	}
	buf_put_span(out, notes->mark);
	buf_fail(out, buf_end(&key, NULL));
	buf_release(&key);
}

/* --- times ----------------------------------------------------------------- */

int64_t note_changed(const struct import_input *input)
{
	struct stat info;

	if (input->archive || input->is_pipe || stat(input->path, &info) < 0 ||
	    !S_ISREG(info.st_mode))
		return CHAT_TIME_UNKNOWN;
	return (int64_t)info.st_mtim.tv_sec * 1000000 +
	       info.st_mtim.tv_nsec / 1000;
}

/* --- what it says of itself ------------------------------------------------ */

static const char *const title_names[] = { "title", NULL };
static const char *const tag_names[] = { "tags", "tag", "keywords", NULL };
static const char *const created_names[] = {
	"created", "created_at", "date created", "created-date", "creation_date",
	"date", NULL
};
static const char *const updated_names[] = {
	"updated", "updated_at", "modified", "date modified", "lastmod",
	"last_modified", "last-modified", NULL
};

/* "# x" in the first line that is none of blanks; absent: it is another. */
static struct span heading_of(struct span body)
{
	struct span line = span_of(NULL, 0);

	while (body.len && !line.len) {
		line = span_take_line(&body);
		while (line.len && strchr(" \t\r", line.at[line.len - 1]) &&
		       line.at[line.len - 1])
			line.len--;
	}
	if (!span_begins(line, "# ") || line.len > TITLE_MAX)
		return span_of(NULL, 0);
	return span_of(line.at + 2, line.len - 2);
}

/* What the file is called, without its suffix. */
static struct span name_in(struct span path)
{
	size_t folder = folder_of(path).len;
	struct span name = span_of(path.at + folder, path.len - folder);
	size_t i;

	for (i = name.len; i > 1; i--) {
		if (name.at[i - 1] == '.')
			return span_of(name.at, i - 1);
	}
	return name;
}

static void put_title(struct notes *notes, const struct note *note,
		      const struct front_matter *parts)
{
	struct span title = front_matter_get(parts->text, title_names);

	if (!title.len || title.len > TITLE_MAX)
		title = heading_of(parts->body);
	fields_said(&notes->fields, "title",
		    title.len ? title : name_in(note->path));
}

static int put_tag(void *arg, struct span tag)
{
	struct buf *list = arg;

	if (*tag.at == '#')
		tag = span_of(tag.at + 1, tag.len - 1);
	if (tag.len) {
		buf_put_char(list, list->len ? ',' : '[');
		jcs_put_string(list, tag);
	}
	return 0;
}

static void put_tags(struct notes *notes, struct span front)
{
	const struct front_matter_visitor visitor = { put_tag, &notes->text };

	buf_reset(&notes->text);
	(void)front_matter_each(front, tag_names, &visitor);
	if (notes->text.len) {
		buf_put_char(&notes->text, ']');
		fields_buf(&notes->fields, "tags", &notes->text);
	}
}

static struct chat_time front_time(struct span front, const char *const *names)
{
	const struct chat_time none = CHAT_TIME_NONE;
	struct span text = front_matter_get(front, names);

	return text.len ? chat_time_said(text) : none;
}

/* --- links ----------------------------------------------------------------- */

struct note_linking {
	struct notes *notes;
	const struct note *note;
	struct err *err;
};

static void put_link(struct notes *notes, const struct markdown_link *link,
		     const struct note_target *to)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf *list = to->blob.at ? &notes->files : &notes->links;

	if (to->blob.at) {
		fields_raw(&fields, "blob", to->blob);
		fields_said(&fields, "name", to->name);
	} else {
		fields_str(&fields, "relation", link->is_embedded ? "embed" :
			   "link");
	}
	if (!to->blob.at && to->path.at) {
		notes_put_entity(notes, to->path, &entity);
		fields_fail(&fields, buf_end(&entity, NULL), NULL);
		fields_text(&fields, "entity", buf_span(&entity));
	} else if (!to->blob.at) {
		fields_said(&fields, "target", link->target);
	}
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
	buf_release(&entity);
}

static int take_link(void *arg, const struct markdown_link *link)
{
	struct note_linking *linking = arg;
	struct notes *notes = linking->notes;
	struct note_target to = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	const struct span parts[] = {
		link->target, span_str(link->is_embedded ? "embed" : "link")
	};
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc;

	sha256_of_list(parts, 2, digest);
	rc = table_include(&notes->seen, digest, &is_new, linking->err);
	if (rc < 0 || !is_new)
		return rc;
	if (notes->find)
		rc = notes->find(notes->arg, linking->note->path, link, &to,
				 linking->err);
	else if (!link->is_wiki &&
		 note_path_from(linking->note->path, link->target,
				&notes->text) &&
		 note_kind_of(path_base(buf_text(&notes->text))) ==
		 NOTE_TEXT)
		to.path = buf_span(&notes->text);
	/* A picture may be shown twice. */
	if (rc == 0 && to.blob.at) {
		sha256_of(to.name.at, to.name.len, digest);
		rc = table_include(&notes->seen, digest, &is_new,
				   linking->err);
	}
	if (rc == 0 && is_new)
		put_link(notes, link, &to);
	return rc;
}

static int put_links(struct notes *notes, const struct note *note,
		     struct span body, struct err *err)
{
	struct note_linking linking = { notes, note, err };
	const struct markdown_link_visitor visitor = { take_link, &linking };
	int rc;

	table_reset(&notes->seen);
	buf_reset(&notes->links);
	buf_reset(&notes->files);
	rc = markdown_links_each(body, &visitor);
	if (notes->links.len) {
		buf_put_char(&notes->links, ']');
		fields_buf(&notes->fields, "links", &notes->links);
	}
	if (notes->files.len) {
		buf_put_char(&notes->files, ']');
		fields_buf(&notes->fields, "attachments", &notes->files);
	}
	return rc;
}

/* --- the record ------------------------------------------------------------ */

struct note_standing {
	struct notes *notes;
	char *at;
};

static bool says_same(struct span a, struct span b, const char *name)
{
	struct span left = span_of(NULL, 0);
	struct span right = span_of(NULL, 0);

	(void)jcs_find(a, name, &left);
	(void)jcs_find(b, name, &right);
	return span_equals(left, right);
}

/* Of a file that came without its folder nobody knows where its links lead:
 * what the folder said of them stands. */
static int look_at_standing(void *arg, const struct view_entity *entity,
			    struct err *err)
{
	struct note_standing *standing = arg;
	struct buf *data = &standing->notes->data;
	const struct fold_record *newest = view_newest(entity);
	struct span stands = newest ? newest->record.data :
		span_of(NULL, 0);

	if (!stands.len || (!span_equals(stands, buf_span(data)) &&
			    !(standing->notes->is_apart &&
			      says_same(stands, buf_span(data), "content") &&
			      says_same(stands, buf_span(data), "native"))))
		return 0;
	memcpy(standing->at, newest->record.at.at, HLC_TEXT);
	buf_reset(data);
	return buf_add_span(data, stands, err);
}

/* One that says what stands already was only touched. */
static int settle_time(struct notes *notes, char at[HLC_TEXT_MAX],
		       struct err *err)
{
	struct note_standing standing = { notes, at };
	const struct view_visitor visitor = { look_at_standing, &standing };
	const char *construct = notes->source->construct;
	struct err why = ERR_INIT;
	int rc = 0;

	if (!notes->has_looked && notes->job->vault && !notes->job->sink) {
		rc = view_open(notes->job->vault, construct, &notes->view,
			       &why);
		notes->has_looked = true;
		if (rc < 0 && rc != ERR_NOMEM)
			return 0;	/* there is none so far */
	}
	if (rc == 0 && notes->view)
		rc = view_one(notes->view, buf_span(&notes->entity), &visitor,
			      &why);
	return rc < 0 ? err_copy(err, rc, &why) : 0;
}

/*
 * What people date a note to may be to come, and be left as it is by an edit:
 * `at` is what the file system says, where it does. Returns that time.
 */
static int64_t put_times(struct notes *notes, const struct note *note,
			 struct span front, char at[HLC_TEXT_MAX])
{
	struct chat_time created = front_time(front, created_names);
	struct chat_time updated = front_time(front, updated_names);
	const struct chat_time changed = { note->changed, 0 };
	const struct chat_time *const all[] = { &changed, &updated, &created };
	const struct chat_time none = CHAT_TIME_NONE;
	const struct chat_time *when = &none;
	size_t i;

	fields_time(&notes->fields, "created", &created);
	fields_time(&notes->fields, "updated", &updated);
	for (i = 0; i < 3 && when->micros == CHAT_TIME_UNKNOWN; i++) {
		if (!import_is_future_time(notes->job, all[i]->micros))
			when = all[i];
	}
	chat_time_at(when, at);
	chat_time_count(notes->source, when);
	return when->micros;
}

static int leave_note(struct notes *notes, const struct note *note,
		      const char *reason, struct err *err)
{
	struct buf at = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_add_span(&at, note->path, err);

	if (rc == 0)
		rc = import_leave_out(notes->source, reason, buf_text(&at),
				      err);
	buf_release(&at);
	return rc;
}

static int put_record(struct notes *notes, const struct note *note,
		      const struct front_matter *parts, struct err *err)
{
	struct record_parts record = { .type = "memory:create" };
	char at[HLC_TEXT_MAX];
	int64_t micros;
	int rc;

	jcs_fields_reset(&notes->fields);
	jcs_fields_reset(&notes->native);
	fields_said(&notes->fields, "content", parts->body);
	fields_said(&notes->fields, "path", note->path);
	fields_str(&notes->fields, "source", notes->source->format->name);
	if (note->type)
		fields_str(&notes->fields, "type", note->type);
	if (note->bucket)
		fields_str(&notes->fields, "bucket", note->bucket);
	put_title(notes, note, parts);
	put_tags(notes, parts->text);
	micros = put_times(notes, note, parts->text, at);
	if (!import_is_wanted(notes->job, micros))
		return leave_note(notes, note, "older than --since", err);
	if (parts->text.at)
		fields_said(&notes->native, "front_matter", parts->text);
	if (notes->folder.len)
		fields_said(&notes->native, "folder", notes->folder);
	fields_inner(&notes->fields, "native", &notes->native);
	rc = put_links(notes, note, parts->body, err);
	buf_reset(&notes->data);
	if (rc == 0)
		rc = jcs_fields_write(&notes->fields, &notes->data, err);
	buf_reset(&notes->entity);
	notes_put_entity(notes, note->path, &notes->entity);
	if (rc == 0)
		rc = buf_end(&notes->entity, err);
	if (rc == 0)
		rc = settle_time(notes, at, err);
	record.at = at;
	record.entity = buf_span(&notes->entity);
	record.data = buf_span(&notes->data);
	return rc < 0 ? rc : import_put(notes->job, notes->source, NULL,
					&record, err);
}

int notes_put(struct notes *notes, const struct note *note, struct err *err)
{
	struct front_matter parts = front_matter_split(note->text);

	if (!parts.body.len && !parts.text.len)
		return leave_note(notes, note, "an empty note", err);
	if (!text_is_utf8(note->text) || !text_is_utf8(note->path) ||
	    memchr(note->text.at, '\0', note->text.len))
		return leave_note(notes, note, "a note that is no UTF-8 text",
				  err);
	return put_record(notes, note, &parts, err);
}
