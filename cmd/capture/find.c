#include "cmd/capture/find.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/capture/projects.h"
#include "lib/base/array.h"
#include "lib/json/jdoc.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define DEPTH_MAX 32
#define ANY_FOLDERS "**/"
#define SEGMENT_MAX 256

static int copy_path(const char *path, char **out, struct err *err)
{
	*out = strdup(path);
	return *out ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

static int add_folder(struct find_folders *folders, const char *path,
		      struct err *err)
{
	struct find_folder folder = { NULL };
	int rc = array_room(folders, err);

	if (rc == 0)
		rc = copy_path(path, &folder.path, err);
	if (rc == 0)
		folders->at[folders->n++] = folder;
	return rc;
}

static int add_gap(struct finds *finds, const struct agent *agent,
		   const char *path, const struct err *why, struct err *err)
{
	struct find_gap gap = { .agent = agent };
	int rc = array_room(&finds->gaps, err);

	if (rc == 0)
		rc = copy_path(path, &gap.path, err);
	if (rc == 0)
		rc = copy_path(why->text, &gap.reason, err);
	if (rc < 0)
		free(gap.path);
	else
		finds->gaps.at[finds->gaps.n++] = gap;
	return rc;
}

/* --- below a root --------------------------------------------------------- */

/* A folder, and what is left of each pattern there; NULL: it leads nowhere. */
struct looking {
	struct finds *finds;
	const struct agent *agent;
	const char *path;
	const char *rest[AGENT_FILES_MAX];
	size_t depth;
};

static bool fits(const char *segment, size_t len, const char *name)
{
	char pattern[SEGMENT_MAX];

	if (len >= sizeof(pattern))
		return false;
	memcpy(pattern, segment, len);
	pattern[len] = '\0';
	return fnmatch(pattern, name, 0) == 0;
}

/* What is left of a pattern in the folder of this name, or NULL. */
static const char *rest_in(const char *rest, const char *folder)
{
	const char *slash = rest ? strchr(rest, '/') : NULL;

	if (!slash)
		return NULL;
	if (!strncmp(rest, ANY_FOLDERS, strlen(ANY_FOLDERS)))
		return rest;
	return fits(rest, (size_t)(slash - rest), folder) ? slash + 1 : NULL;
}

static bool is_file_of(const char *rest, const char *name)
{
	if (!rest)
		return false;
	if (!strncmp(rest, ANY_FOLDERS, strlen(ANY_FOLDERS)))
		rest += strlen(ANY_FOLDERS);
	return !strchr(rest, '/') && fits(rest, strlen(rest), name);
}

static int look_in(const struct looking *looking, struct err *err);

static int enter(const struct looking *above, const char *path,
		 const char *name, struct err *err)
{
	struct looking looking = *above;
	bool leads_on = false;
	size_t i;

	looking.path = path;
	looking.depth++;
	for (i = 0; i < AGENT_FILES_MAX; i++) {
		looking.rest[i] = rest_in(above->rest[i], name);
		leads_on |= looking.rest[i] != NULL;
	}
	return leads_on && looking.depth < DEPTH_MAX ?
	       look_in(&looking, err) : 0;
}

/* The log beside a database holds what was written to it last. */
static void add_log(struct find_file *file)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat info;
	int64_t changed;

	buf_put_str(&path, file->path);
	buf_put_str(&path, AGENT_DATABASE_LOG);
	if (buf_end(&path, NULL) == 0 && lstat(buf_text(&path), &info) == 0 &&
	    S_ISREG(info.st_mode)) {
		changed = (int64_t)info.st_mtim.tv_sec * 1000000 +
			  info.st_mtim.tv_nsec / 1000;
		file->bytes += (uint64_t)info.st_size;
		file->changed = changed > file->changed ? changed :
				file->changed;
	}
	buf_release(&path);
}

int finds_add(struct finds *finds, const struct agent *agent,
	      const char *path, bool is_part, struct err *err)
{
	struct find_file file = { .agent = agent, .is_part = is_part };
	struct stat info;
	int rc;

	/* Gone meanwhile. */
	if (lstat(path, &info) < 0 || !S_ISREG(info.st_mode))
		return 0;
	file.bytes = (uint64_t)info.st_size;
	file.changed = (int64_t)info.st_mtim.tv_sec * 1000000 +
		       info.st_mtim.tv_nsec / 1000;
	rc = array_room(&finds->files, err);
	if (rc == 0)
		rc = copy_path(path, &file.path, err);
	if (rc < 0)
		return rc;
	add_log(&file);
	finds->files.at[finds->files.n++] = file;
	return 0;
}

/* The first pattern that it is of says what it is. */
static int look_at_file(const struct looking *looking, const char *path,
			const char *name, struct err *err)
{
	const struct agent_files *files = looking->agent->files;
	size_t i;

	for (i = 0; i < AGENT_FILES_MAX && files[i].pattern; i++) {
		if (is_file_of(looking->rest[i], name))
			return finds_add(looking->finds, looking->agent, path,
					 files[i].is_part, err);
	}
	return 0;
}

/* Does a pattern go on by this very name, and not by one that fits? */
static bool is_named(const struct looking *looking, const char *name)
{
	size_t len = strlen(name);
	size_t i;

	for (i = 0; i < AGENT_FILES_MAX; i++) {
		const char *rest = looking->rest[i];

		if (rest && !strncmp(rest, name, len) &&
		    (!rest[len] || rest[len] == '/'))
			return true;
	}
	return false;
}

/*
 * A folder or file of the agent's that a person keeps elsewhere: the agent
 * goes there, and so do we, under its own path. Other links lead nowhere: they
 * may go in a circle.
 */
static enum dir_kind follow(const struct looking *looking, const char *name,
			    struct buf *path)
{
	struct stat info;

	if (!is_named(looking, name) || file_settle(path, NULL) < 0 ||
	    stat(buf_text(path), &info) < 0)
		return DIR_KIND_OTHER;
	return S_ISDIR(info.st_mode) ? DIR_KIND_DIR :
	       S_ISREG(info.st_mode) ? DIR_KIND_FILE : DIR_KIND_OTHER;
}

static int look_at(void *arg, const char *name, enum dir_kind kind,
		   struct err *err)
{
	const struct looking *looking = arg;
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	if (kind != DIR_KIND_OTHER)
		rc = path_join(&path, looking->path, name, err);
	if (rc == 0 && kind == DIR_KIND_SYMLINK)
		kind = follow(looking, name, &path);
	if (rc == 0 && kind == DIR_KIND_DIR)
		rc = enter(looking, buf_text(&path), name, err);
	else if (rc == 0 && kind == DIR_KIND_FILE)
		rc = look_at_file(looking, buf_text(&path), name, err);
	buf_release(&path);
	return rc;
}

/* What one folder hides is no reason to leave the others. */
static int look_in(const struct looking *looking, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = add_folder(&looking->finds->folders, looking->path, err);

	if (rc == 0)
		rc = dir_each(looking->path, look_at,
			      (void *)(uintptr_t)looking, &why);
	if (rc == 0 || rc == ERR_NOT_FOUND)
		return 0;
	if (rc == ERR_NOMEM || !why.code)
		return why.code ? err_copy(err, rc, &why) : rc;
	return add_gap(looking->finds, looking->agent, looking->path, &why,
		       err);
}

/* --- roots ---------------------------------------------------------------- */

static bool is_known_root(const struct finds *finds,
			  const struct agent *agent, const char *path)
{
	size_t i;

	for (i = 0; i < finds->roots.n; i++) {
		if (finds->roots.at[i].agent == agent &&
		    !strcmp(finds->roots.at[i].path, path))
			return true;
	}
	return false;
}

static int add_root(struct finds *finds, const struct agent *agent,
		    const char *path, struct err *err)
{
	struct find_root root = { .agent = agent };
	int rc = array_room(&finds->roots, err);

	if (rc == 0)
		rc = copy_path(path, &root.path, err);
	if (rc == 0)
		finds->roots.at[finds->roots.n++] = root;
	return rc;
}

/* The nearest folder there is above one that is not. */
static int add_above(struct finds *finds, struct buf *path, struct err *err)
{
	struct find_folders *above = &finds->above;
	size_t i;

	do
		buf_cut(path, (size_t)(path_base(path->data) - path->data) - 1);
	while (path->len && !file_is_dir(buf_text(path)));
	if (!path->len)
		return 0;
	for (i = 0; i < above->n; i++) {
		if (!strcmp(above->at[i].path, buf_text(path)))
			return 0;
	}
	return add_folder(above, buf_text(path), err);
}

static int look_at_root(struct finds *finds, const struct agent *agent,
			const char *base, const char *inner, struct err *err)
{
	struct looking looking = { .finds = finds, .agent = agent };
	struct buf path = PATH_BUF_INIT;
	size_t i;
	int rc = 0;

	/* A path that is too long leads nowhere. */
	if (*base != '/' || path_join(&path, base, inner, NULL) < 0)
		goto out;
	while (path.len > 1 && path.data[path.len - 1] == '/')
		buf_cut(&path, path.len - 1);
	if (!file_is_dir(buf_text(&path))) {
		rc = add_above(finds, &path, err);
		goto out;
	}
	if (file_settle(&path, NULL) < 0)
		goto out;
	if (is_known_root(finds, agent, buf_text(&path)))
		goto out;
	rc = add_root(finds, agent, buf_text(&path), err);
	looking.path = buf_text(&path);
	for (i = 0; i < AGENT_FILES_MAX && agent->files[i].pattern; i++)
		looking.rest[i] = agent->files[i].pattern;
	if (rc == 0)
		rc = look_in(&looking, err);
out:
	buf_release(&path);
	return rc;
}

static int look_at_home(struct finds *finds, const struct agent *agent,
			const char *home, struct err *err)
{
	const struct agent_place *place;
	int rc = 0;

	for (place = agent->places; rc == 0 && place->home; place++)
		rc = look_at_root(finds, agent, home, place->home, err);
	return rc;
}

struct others {
	struct finds *finds;
	const struct agent *agent;
	const char *path;
};

static int look_at_other(void *arg, const char *name, enum dir_kind kind,
			 struct err *err)
{
	const struct others *others = arg;
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	if (kind == DIR_KIND_DIR &&
	    path_join(&path, others->path, name, NULL) == 0)
		rc = look_at_home(others->finds, others->agent,
				  buf_text(&path), err);
	buf_release(&path);
	return rc;
}

/* --- projects that are named ---------------------------------------------- */

#define LIST_MAX ((size_t)16 << 20)

static int look_at_item(struct finds *finds, const struct agent *agent,
			const struct jval *item, struct err *err)
{
	const struct agent_list *list = agent->list;
	struct span folder = jval_get_text(item, list->folder);
	bool is_said = folder.len > 0;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!is_said)
		folder = jval_get_text(item, list->project);
	buf_put_span(&path, folder);
	rc = buf_end(&path, err);
	/* A name with a NUL in it leads nowhere. */
	if (rc == 0 && path.len && strlen(buf_text(&path)) == path.len)
		rc = look_at_root(finds, agent, buf_text(&path), is_said ?
				  "" : list->inner, err);
	buf_release(&path);
	return rc;
}

/* A list that cannot be read is none. */
static int look_at_list(struct finds *finds, const struct agent *agent,
			const char *base, const char *name, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_BOM_SKIP };
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	const struct jval *item;
	int rc = 0;

	if (*base != '/' || path_join(&path, base, name, NULL) < 0 ||
	    file_read(buf_text(&path), LIST_MAX, &text, NULL) < 0 ||
	    jdoc_parse(buf_span(&text), &options, &doc, NULL) < 0)
		goto out;
	item = jval_first(jval_get(jdoc_root(doc),
				   agent->list->items));
	for (; rc == 0 && item; item = item->next)
		rc = look_at_item(finds, agent, item, err);
out:
	jdoc_free(doc);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static int look_at_lists(struct finds *finds, const struct agent *agent,
			 const struct agent_home *home, struct err *err)
{
	const struct agent_list *list = agent->list;
	const char *folder = home->variable("HOME");
	int rc = 0;

	if (list && folder && *folder)
		rc = look_at_list(finds, agent, folder, list->file.home, err);
	folder = list ? home->variable(list->file.variable) : NULL;
	if (rc == 0 && folder && *folder)
		rc = look_at_list(finds, agent, folder, list->file.inner,
				  err);
	return rc;
}

/* Those that any agent names: one without a file of this agent is none of its
 * roots. */
static int look_at_projects(struct finds *finds, const struct agent *agent,
			    const struct agent_home *home, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	size_t i;
	int rc = finds_projects(finds, home, err);

	for (i = 0; rc == 0 && i < finds->projects.n; i++) {
		buf_reset(&path);
		if (path_join(&path, finds->projects.at[i].path,
			      agent->in_projects, NULL) < 0 ||
		    path_add(&path, agent->files->pattern, NULL) < 0 ||
		    !file_exists(buf_text(&path)))
			continue;
		rc = look_at_root(finds, agent, finds->projects.at[i].path,
				  agent->in_projects, err);
	}
	buf_release(&path);
	return rc;
}

/* A file that a person has put elsewhere; in its folder nothing else counts. */
static int look_at_named(struct finds *finds, const struct agent *agent,
			 const char *path, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	size_t i;
	int rc = 0;

	if (*path != '/' || path_parent(&folder, path, NULL) < 0)
		goto out;
	for (i = 0; i < finds->files.n; i++) {
		if (!strcmp(finds->files.at[i].path, path))
			goto out;
	}
	i = finds->files.n;
	rc = finds_add(finds, agent, path, false, err);
	if (rc < 0 || finds->files.n == i)
		goto out;
	rc = add_folder(&finds->folders, buf_text(&folder), err);
	if (rc == 0 && !is_known_root(finds, agent, buf_text(&folder)))
		rc = add_root(finds, agent, buf_text(&folder), err);
out:
	buf_release(&folder);
	return rc;
}

int finds_look(struct finds *finds, const struct agent *agent,
	       const struct agent_home *home, struct err *err)
{
	struct others others = { finds, agent, home->others };
	const struct agent_place *place;
	const char *folder;
	int rc = 0;

	for (place = agent->places; rc == 0 && place->home; place++) {
		folder = place->variable ? home->variable(place->variable) :
			 NULL;
		if (folder && *folder)
			rc = look_at_root(finds, agent, folder, place->inner,
					  err);
	}
	folder = home->variable("HOME");
	if (rc == 0 && folder && *folder)
		rc = look_at_home(finds, agent, folder, err);
	if (rc == 0)
		rc = look_at_lists(finds, agent, home, err);
	if (rc == 0 && agent->in_projects)
		rc = look_at_projects(finds, agent, home, err);
	folder = agent->named ? home->variable(agent->named) : NULL;
	if (rc == 0 && folder)
		rc = look_at_named(finds, agent, folder, err);
	if (rc == 0 && others.path && file_is_dir(others.path) &&
	    dir_each(others.path, look_at_other, &others, err) < 0)
		rc = err->code == ERR_NOMEM ? ERR_NOMEM : (err_clear(err), 0);
	return rc;
}

void finds_release(struct finds *finds)
{
	size_t i;

	for (i = 0; i < finds->roots.n; i++)
		free(finds->roots.at[i].path);
	for (i = 0; i < finds->folders.n; i++)
		free(finds->folders.at[i].path);
	for (i = 0; i < finds->above.n; i++)
		free(finds->above.at[i].path);
	for (i = 0; i < finds->projects.n; i++)
		free(finds->projects.at[i].path);
	for (i = 0; i < finds->files.n; i++)
		free(finds->files.at[i].path);
	for (i = 0; i < finds->gaps.n; i++) {
		free(finds->gaps.at[i].path);
		free(finds->gaps.at[i].reason);
	}
	free(finds->roots.at);
	free(finds->folders.at);
	free(finds->above.at);
	free(finds->projects.at);
	free(finds->files.at);
	free(finds->gaps.at);
	*finds = (struct finds)FINDS_INIT;
}
