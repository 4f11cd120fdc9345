#include "cmd/import/opencode/opencode_internal.h"

#include <stdio.h>
#include <sys/stat.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/input/archive.h"
#include "lib/base/xxh.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"

#define NO_PART "of OpenCode, and no part of its sessions"
#define ID_MAX 128
#define SHARED "what a session was shared by: a secret"

/* ~/.local/share/opencode: snapshots of a person's files, keys and logs lie
 * beside the sessions. */
#define HOME(name, after) \
	{ \
		.folder = name, \
		.rooms = (const char *const[]){ \
			name ".db", name ".db-wal", name ".db-shm", \
			"storage", NULL \
		}, \
		.signs = (const char *const[]){ NULL }, \
		.reason = NO_PART, .next = after, \
	}

static const struct import_home mimocode_home = HOME("mimocode", NULL);
static const struct import_home kilo_home = HOME("kilo", &mimocode_home);
const struct import_home opencode_home = HOME("opencode", &kilo_home);

static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

struct finding {
	struct span top;
	char name[ID_MAX + 8];
	bool was_found;
};

static int look_in_project(void *arg, const char *name, enum dir_kind kind,
			   struct err *err)
{
	struct finding *finding = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	(void)kind;
	buf_put_span(&path, finding->top);
	buf_putf(&path, "session/%s/%s", name, finding->name);
	finding->was_found |= buf_end(&path, err) == 0 &&
			      file_exists(buf_text(&path));
	buf_release(&path);
	return 0;
}

/* Is the file of the session there that a message at this place is of? It lies
 * in the folder of its project, which the message does not tell. */
static bool has_session(const struct import_input *input, struct span place)
{
	struct span id = beside_part(place, 1);
	struct span storage = beside_part(place, 3);
	struct finding finding = { .was_found = false };
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct bundle *bundle = NULL;

	if (!id.len || id.len > ID_MAX)
		return true;
	finding.top = span_of(place.at, (size_t)(storage.at - place.at) +
			      strlen("storage/"));
	snprintf(finding.name, sizeof(finding.name), "%.*s.json", (int)id.len,
		 id.at);
	if (input->archive) {
		finding.was_found =
			archive_open(input->archive, &bundle, NULL) == 0 &&
			bundle_find_base(bundle, span_str(finding.name));
		return finding.was_found;
	}
	buf_put_span(&folder, finding.top);
	buf_put_str(&folder, "session");
	if (buf_end(&folder, NULL) == 0)
		(void)!dir_each(buf_text(&folder), look_in_project, &finding,
				NULL);
	buf_release(&folder);
	return finding.was_found;
}

static int take_first(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	struct finding *finding = arg;

	(void)kind;
	(void)err;
	finding->was_found = span_equals(finding->top, span_str(name));
	return 1;
}

/* Messages whose session has lost its own file: the first stands for all. */
static bool is_orphan(const struct import_input *input, struct span place)
{
	struct finding finding = { .top = beside_part(place, 0) };
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);

	if (has_session(input, place) || input->archive)
		return false;
	buf_put(&folder, place.at, (size_t)(finding.top.at - place.at) - 1);
	if (buf_end(&folder, NULL) == 0)
		(void)!dir_each(buf_text(&folder), take_first, &finding, NULL);
	buf_release(&folder);
	return finding.was_found;
}

bool opencode_is_message(struct span place)
{
	return is_part(place, 3, "storage") && is_part(place, 2, "message") &&
	       span_begins(beside_part(place, 0), "msg_");
}

/* <program>/storage/{message,part}/<whose>/<id>.json, and one folder less for
 * what tells of a session. */
enum import_place opencode_place(const struct import_input *input,
				 struct span place, const char **out_reason)
{
	struct span name = beside_part(place, 0);

	if (opencode_is_message(place))
		return is_orphan(input, place) ? PLACE_OWN : PLACE_BESIDE;
	if (is_part(place, 3, "storage") && is_part(place, 2, "part") &&
	    span_begins(name, "prt_"))
		return beside_is_there(input, place, "../../message/") ?
			PLACE_BESIDE : PLACE_ANYWHERE;
	if (!is_part(place, 2, "storage") ||
	    !beside_is_there(input, place, "../session/") ||
	    !beside_is_there(input, place, "../message/"))
		return PLACE_ANYWHERE;
	*out_reason = SHARED;
	if (is_part(place, 1, "session_share"))
		return PLACE_APART;
	return is_part(place, 1, "project") || is_part(place, 1, "todo") ||
	       is_part(place, 1, "session_diff") ? PLACE_BESIDE :
	       PLACE_ANYWHERE;
}

/* What the file system says of the files that a session is made of. */
struct seen {
	struct span top;	/* the folder `storage`, with '/' behind it */
	const char *folder;
	uint64_t sum;
};

static void see_path(struct seen *seen, const char *path)
{
	struct stat info;

	if (lstat(path, &info) == 0) {
		const uint64_t words[] = {
			xxh64_of(path, strlen(path)), (uint64_t)info.st_size,
			(uint64_t)info.st_mtim.tv_sec,
			(uint64_t)info.st_mtim.tv_nsec,
		};

		seen->sum += xxh64_of(words, sizeof(words));
	}
}

static int see_part(void *arg, const char *name, enum dir_kind kind,
		    struct err *err)
{
	struct seen *seen = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	(void)kind;
	buf_putf(&path, "%s%s", seen->folder, name);
	rc = buf_end(&path, err);
	if (rc == 0)
		see_path(seen, buf_text(&path));
	buf_release(&path);
	return rc;
}

/* "<folder>/<id><ending>": a file, or all files of a folder. */
static int see(struct seen *seen, const char *folder, struct span id,
	       const char *ending,
	       int (*each)(void *, const char *, enum dir_kind, struct err *),
	       struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	const char *outer = seen->folder;
	int rc;

	buf_put_span(&path, seen->top);
	buf_putf(&path, "%s/%.*s%s", folder, (int)id.len, id.at, ending);
	rc = buf_end(&path, err);
	seen->folder = buf_text(&path);
	if (rc == 0 && !each)
		see_path(seen, seen->folder);
	else if (rc == 0 && file_is_dir(seen->folder))
		(void)!dir_each(seen->folder, each, seen, NULL);
	seen->folder = outer;
	buf_release(&path);
	return rc;
}

static int see_message(void *arg, const char *name, enum dir_kind kind,
		       struct err *err)
{
	struct span id = beside_between(span_str(name), "", ".json");
	int rc = see_part(arg, name, kind, err);

	return rc < 0 || !id.len ? rc :
	       see(arg, "part", id, "/", see_part, err);
}

/* A session has grown when its messages have, whatever its own file says; in
 * an archive all of it changes together. */
static int say_messages(const struct import_input *input, struct span place,
			struct beside *to, struct err *err)
{
	bool is_orphan = opencode_is_message(place);
	struct span above = beside_part(place, 1);
	struct span id = is_orphan ? above :
		beside_between(beside_part(place, 0), "", ".json");
	struct seen seen = { .sum = 0 };
	char said[24];
	int rc = is_orphan ? beside_say(to, "orphan", id, err) : 0;

	if (rc < 0 || input->archive || !id.len)
		return rc;
	seen.top = span_of(place.at, (size_t)(beside_part(place, 2).at -
					      place.at));
	rc = see(&seen, "message", id, "/", see_message, err);
	if (rc == 0)
		rc = see(&seen, "todo", id, ".json", NULL, err);
	if (rc == 0)
		rc = see(&seen, "session_diff", id, ".json", NULL, err);
	if (rc == 0)
		rc = see(&seen, "project", above, ".json", NULL, err);
	snprintf(said, sizeof(said), "%016llx", (unsigned long long)seen.sum);
	return rc < 0 ? rc : beside_say(to, "messages", span_str(said), err);
}

/* Of programs that began as a copy of it the folder's name alone tells. */
int opencode_beside(const struct import_input *input, struct span place,
		    struct beside *to, struct err *err)
{
	static const char *const programs[] = { "kilo", "mimocode", NULL };
	const char *const *at = programs;
	size_t up = is_part(place, 3, "storage") ? 4 : 1;
	int rc = 0;

	if (up == 4 && !opencode_is_message(place) &&
	    !is_part(place, 2, "session"))
		return 0;
	if (up == 4)
		rc = say_messages(input, place, to, err);
	while (*at && !is_part(place, up, *at) &&
	       !(up == 1 && span_begins(beside_part(place, 0), *at)))
		at++;
	return rc == 0 && *at ? beside_say(to, "program", span_str(*at), err) : rc;
}

const char *opencode_program(const struct import_source *source)
{
	struct span said = beside_get(source, "program");

	return said.at ? said.at : "opencode";
}
