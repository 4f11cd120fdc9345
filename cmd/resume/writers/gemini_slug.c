#include "cmd/resume/writers/gemini_slug.h"

#include "lib/json/jdoc.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define LIST_MAX ((size_t)16 << 20)
#define MARK ".project_root"

/* Folders of projects lie in tmp, which is the home, and in history beside it,
 * each with a mark. */
enum place { TMP, HISTORY, PLACES };

struct finding {
	const struct resume_target *target;
	enum place place;
	struct buf *slug;	/* empty: not yet found */
};

static int place_path(const struct resume_target *target, enum place place,
		      struct buf *out, struct err *err)
{
	int rc;

	if (place == TMP)
		return path_join(out, "", target->home, err);
	rc = path_parent(out, target->home, err);
	return rc < 0 ? rc : path_add(out, "history", err);
}

static bool is_slug(struct span text)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!memchr(may, text.at[i], sizeof(may) - 1))
			return false;
	}
	return text.len > 0;
}

/* Whose a folder is: out is empty where that is not said. */
static int read_mark(const struct resume_target *target, enum place place,
		     const char *slug, struct buf *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct err why = ERR_INIT;
	int rc = place_path(target, place, &path, err);

	if (rc == 0)
		rc = path_add(&path, slug, err);
	if (rc == 0)
		rc = path_add(&path, MARK, err);
	if (rc == 0 && file_read_plain(path.data, PATH_TEXT_MAX, out,
				       &why) < 0)
		buf_reset(out);
	while (out->len && strchr(" \t\r\n", out->data[out->len - 1]))
		buf_cut(out, out->len - 1);
	buf_release(&path);
	return rc;
}

enum whose { NOBODYS, OWN, ANOTHERS };

/* By all of its marks. */
static int look_whose(const struct resume_target *target, const char *slug,
		      enum whose *out, struct err *err)
{
	struct buf mark = BUF_INIT(BUF_NO_LIMIT);
	enum place place;
	int rc = 0;

	*out = NOBODYS;
	for (place = TMP; rc == 0 && place < PLACES && *out != ANOTHERS;
	     place++) {
		buf_reset(&mark);
		rc = read_mark(target, place, slug, &mark, err);
		if (mark.len)
			*out = strcmp(mark.data, target->cwd) ? ANOTHERS : OWN;
	}
	buf_release(&mark);
	return rc;
}

/* --- the list -------------------------------------------------------------- */

/* {"projects":{"<folder>":"<slug>"}}; NULL where there is none that can be
 * read: then Gemini begins a new one. */
static int read_list(const struct resume_target *target, struct jdoc **out,
		     struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP |
						       JDOC_COPY };
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = path_parent(&path, target->home, err);

	if (rc == 0)
		rc = path_add(&path, "projects.json", err);
	if (rc == 0 && file_read_plain(path.data, LIST_MAX, &text,
				       &why) == 0 &&
	    jdoc_parse(buf_span(&text), &options, out, &why) < 0)
		*out = NULL;
	if (why.code == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static int find_listed(const struct resume_target *target,
		       const struct jval *projects, struct buf *slug,
		       struct err *err)
{
	struct span found = jval_text(jval_get_span(projects,
						    span_str(target->cwd)));
	enum whose whose;
	int rc;

	if (!is_slug(found))
		return 0;
	rc = buf_add_span(slug, found, err);
	if (rc == 0)
		rc = look_whose(target, slug->data, &whose, err);
	if (rc == 0 && whose == ANOTHERS)
		buf_reset(slug);
	return rc;
}

/* --- the folders ----------------------------------------------------------- */

static int look_slug_at(void *context, const char *name, enum dir_kind kind,
		   struct err *err)
{
	struct finding *finding = context;
	struct buf mark = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (kind != DIR_KIND_DIR || finding->slug->len)
		return 0;
	rc = read_mark(finding->target, finding->place, name, &mark, err);
	if (rc == 0 && mark.len && !strcmp(mark.data, finding->target->cwd))
		rc = buf_add_str(finding->slug, name, err);
	buf_release(&mark);
	return rc;
}

static int find_marked(const struct resume_target *target, struct buf *slug,
		       struct err *err)
{
	struct finding finding = { target, TMP, slug };
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	for (; rc == 0 && finding.place < PLACES && !slug->len;
	     finding.place++) {
		rc = place_path(target, finding.place, &path, err);
		if (rc == 0 && file_is_dir(path.data))
			rc = dir_each(path.data, look_slug_at, &finding, err);
	}
	buf_release(&path);
	return rc;
}

/* --- a new one ------------------------------------------------------------- */

/* "My Project (2)" is "my-project-2". */
static void put_slug_name(const char *cwd, struct buf *out)
{
	const char *at = path_base(cwd);
	char c;

	for (; *at; at++) {
		c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
		if (!is_slug(span_of(&c, 1)))
			c = '-';
		if (c != '-' || (out->len && out->data[out->len - 1] != '-'))
			buf_put_char(out, c);
	}
	while (out->len && out->data[out->len - 1] == '-')
		buf_cut(out, out->len - 1);
	if (!out->len)
		buf_put_str(out, "project");
}

static bool is_listed(const struct jval *projects, struct span slug)
{
	const struct jval *at = jval_first(projects);

	while (at && !span_equals(jval_text(at), slug))
		at = at->next;
	return at != NULL;
}

static int make_slug(const struct resume_target *target,
		     const struct jval *projects, struct buf *slug,
		     struct err *err)
{
	enum whose whose = ANOTHERS;
	unsigned nth = 0;
	size_t len;
	int rc;

	put_slug_name(target->cwd, slug);
	len = slug->len;
	rc = buf_end(slug, err);
	while (rc == 0 && (is_listed(projects, buf_span(slug)) ||
			   (rc = look_whose(target, slug->data, &whose,
					    err)) < 0 || whose == ANOTHERS)) {
		buf_cut(slug, len);
		buf_putf(slug, "-%u", ++nth);
		if (rc == 0)
			rc = buf_end(slug, err);
	}
	return rc;
}

static int put_mark(const struct resume_target *target, const char *slug,
		    struct resume_out *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct resume_file *file;
	int rc = path_join(&path, target->home, slug, err);

	if (rc == 0)
		rc = path_add(&path, MARK, err);
	if (rc == 0 && !file_exists(path.data)) {
		rc = resume_add(out, RESUME_FILE, path.data, &file, err);
		if (rc == 0)
			rc = buf_add_str(&file->bytes, target->cwd, err);
	}
	buf_release(&path);
	return rc;
}

int gemini_slug(const struct resume_target *target, struct resume_out *out,
		struct buf *slug, struct err *err)
{
	const struct jval *projects;
	struct jdoc *list = NULL;
	int rc = read_list(target, &list, err);

	if (rc < 0)
		return rc;
	projects = list ? jval_get(jdoc_root(list), "projects") : NULL;
	rc = find_listed(target, projects, slug, err);
	if (rc == 0 && !slug->len)
		rc = find_marked(target, slug, err);
	if (rc == 0 && !slug->len)
		rc = make_slug(target, projects, slug, err);
	if (rc == 0)
		rc = put_mark(target, slug->data, out, err);
	jdoc_free(list);
	return rc;
}
