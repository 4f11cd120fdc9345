#include "cmd/action/resume/target.h"

#include <string.h>

#include "lib/base/nearest.h"
#include "lib/os/file.h"
#include "lib/time/timestamp.h"
#include "objects/store/settings.h"

void going_on_release(struct going_on *on)
{
	buf_release(&on->home);
	buf_release(&on->user_home);
	buf_release(&on->cwd);
}

/* --- the agent ------------------------------------------------------------- */

const struct resume_writer *resume_writer_find(const char *name)
{
	const struct resume_writer *const *at = resume_writers;

	while (*at && strcmp((*at)->name, name) != 0)
		at++;
	return *at;
}

static int refuse(const char *name, bool is_asked, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(name);
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	const struct resume_writer *const *at;
	int rc;

	for (at = resume_writers; *at; at++) {
		nearest_try(&nearest, span_str((*at)->name));
		buf_putf(&names, "%s%s", names.len ? ", " : "", (*at)->name);
	}
	if (is_asked && nearest.found.at)
		rc = err_set(err, ERR_INVALID, "no agent '%s' goes on with a "
			     "session; is '%s' meant?", name,
			     nearest.found.at);
	else
		rc = err_set(err, ERR_INVALID, "%s'%s' goes on with a session "
			     "of the vault; --as names an agent that does: %s",
			     is_asked ? "no agent " : "no program of ", name,
			     buf_text(&names));
	buf_release(&names);
	return rc;
}

int going_on_as(const char *name, struct span provider, struct going_on *out,
		struct err *err)
{
	struct buf own = BUF_INIT(BUF_NO_LIMIT);
	bool is_asked = name != NULL;
	int rc = buf_add_span(&own, provider, err);

	if (rc == 0 && !name)
		name = buf_text(&own);
	out->writer = rc == 0 ? resume_writer_find(name) : NULL;
	if (rc == 0 && !out->writer)
		rc = refuse(name, is_asked, err);
	if (rc == 0)
		out->agent = agent_find(out->writer->name);
	buf_release(&own);
	return rc;
}

/* --- its folder ------------------------------------------------------------ */

static const char *variable(const struct action_call *call, const char *name)
{
	const char *value = call->settings.variable ?
		call->settings.variable(name) : NULL;

	return value && *value ? value : NULL;
}

static int join(struct buf *out, const char *folder, const char *inner,
		struct err *err)
{
	return *inner ? path_join(out, folder, inner, err) :
	       buf_add_str(out, folder, err);
}

/* A place that its variable names counts, else one that there is, else the
 * first. Some keep a session where they work. */
static int find_home(const struct action_call *call, struct going_on *out,
		     struct err *err)
{
	const struct agent_place *place;
	const char *user_home = buf_text(&out->user_home);
	const char *folder;
	int rc = 0;

	if (!out->agent || !out->agent->places->home) {
		out->place = "here";
		return buf_add_span(&out->home, buf_span(&out->cwd), err);
	}
	place = out->agent->places;
	out->place = place->home;
	for (; place->home; place++) {
		folder = place->variable ? variable(call, place->variable) :
			 NULL;
		/* Where all programs keep things is no agent's own choice. */
		if (folder && *folder == '/' &&
		    strncmp(place->variable, "XDG_", 4) != 0)
			return join(&out->home, folder, place->inner, err);
	}
	for (place = out->agent->places; place->home; place++) {
		folder = place->variable ? variable(call, place->variable) :
			 NULL;
		buf_reset(&out->home);
		rc = folder && *folder == '/' ?
			join(&out->home, folder, place->inner, err) :
			path_join(&out->home, user_home, place->home, err);
		if (rc < 0 || file_is_dir(buf_text(&out->home)))
			return rc;
	}
	buf_reset(&out->home);
	return path_join(&out->home, user_home, out->place, err);
}

/* --- the folder that is worked in ------------------------------------------ */

/* "<from>=<to>;<from>=<to>": of those that the folder lies in the longest. */
struct path_map {
	const char *cwd;
	size_t longest;
	struct buf *out;
};

static void try_pair(struct path_map *map, struct span pair)
{
	size_t is = span_find(pair, "=", 0);
	struct buf from = PATH_BUF_INIT;

	if (is == SPAN_NOWHERE)
		return;
	buf_put_span(&from, span_of(pair.at, is));
	if (is > map->longest && path_is_inside(buf_text(&from), map->cwd)) {
		map->longest = is;
		buf_reset(map->out);
		buf_put_span(map->out, span_of(pair.at + is + 1,
					       pair.len - is - 1));
		buf_put_str(map->out, map->cwd + is);
	}
	buf_release(&from);
}

static int read_map(void *arg, const char *key, const char *value,
		    struct err *err)
{
	struct span rest = span_str(value);

	(void)err;
	while (!strcmp(key, PATH_MAP_KEY) && rest.len) {
		size_t end = span_find(rest, ";", 0);

		if (end == SPAN_NOWHERE)
			end = rest.len;
		try_pair(arg, span_of(rest.at, end));
		end += end < rest.len;
		rest = span_of(rest.at + end, rest.len - end);
	}
	return 0;
}

static bool is_clean(struct span path)
{
	size_t i;

	for (i = 0; i < path.len; i++) {
		if ((unsigned char)path.at[i] < ' ' || path.at[i] == 127)
			return false;
	}
	return path.len && path.at[0] == '/';
}

/* Where the session was, as it is called on this machine. */
static int map_cwd(const struct action_call *call, struct span session_cwd,
		   struct going_on *out, struct err *err)
{
	struct buf theirs = PATH_BUF_INIT;
	struct path_map map = { .out = &out->cwd };
	int rc = buf_add_span(&theirs, session_cwd, err);

	map.cwd = buf_text(&theirs);
	if (rc == 0 && call->settings.config_file && is_clean(session_cwd))
		rc = settings_each(call->settings.config_file, read_map, &map,
				   err);
	out->is_mapped = map.longest > 0;
	if (rc == 0 && !map.longest && is_clean(session_cwd))
		rc = buf_add_span(&out->cwd, session_cwd, err);
	buf_release(&theirs);
	return rc;
}

static int find_cwd(const struct action_call *call, const char *in,
		    struct span session_cwd, struct going_on *out,
		    struct err *err)
{
	int rc = in ? buf_add_str(&out->cwd, in, err) :
		 map_cwd(call, session_cwd, out, err);

	if (rc == 0 && in && !file_is_dir(in))
		return err_set(err, ERR_NOT_FOUND, "--in: '%s' is no folder",
			       in);
	if (rc == 0 && out->cwd.len && file_is_dir(buf_text(&out->cwd))) {
		rc = file_settle(&out->cwd, err);
		out->is_mapped = !span_equals(buf_span(&out->cwd),
					      session_cwd);
		return rc;
	}
	if (rc == 0 && session_cwd.len)
		rc = err_set(err, ERR_NOT_FOUND, "the session was in a folder "
			     "that is not here: '%.*s'; --in names the one to "
			     "go on in, and the setting " PATH_MAP_KEY
			     " does so for good", (int)session_cwd.len,
			     session_cwd.at);
	else if (rc == 0)
		rc = err_set(err, ERR_INVALID, "the session was in no folder; "
			     "--in names the one to go on in");
	return rc;
}

int going_on_where(const struct action_call *call, const char *in,
		   struct span session_cwd, struct going_on *out,
		   struct err *err)
{
	const char *home = variable(call, "HOME");
	int rc = home ? buf_add_str(&out->user_home, home, err) :
		 err_set(err, ERR_NOT_FOUND, "HOME is not set, so where agents "
			 "keep their sessions is not known");

	if (rc == 0)
		rc = find_cwd(call, in, session_cwd, out, err);
	if (rc == 0)
		rc = find_home(call, out, err);
	out->target.home = buf_text(&out->home);
	out->target.cwd = buf_text(&out->cwd);
	out->target.user_home = buf_text(&out->user_home);
	out->target.now = timestamp_now();
	out->target.variable = call->settings.variable;
	return rc;
}
