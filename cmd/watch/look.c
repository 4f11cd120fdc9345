#include "cmd/watch/watch_internal.h"

#include <string.h>
#include <sys/stat.h>

#include "cmd/action/capture/bring.h"
#include "cmd/capture/find.h"
#include "cmd/capture/queue.h"
#include "lib/base/xxh.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

/* Folders come by the dozen. */
#define GATHER_MS 200
/* What was made in a new folder before it was watched is seen then. */
#define AGAIN_MS 1000
/* To look takes no more than a fiftieth of the time, of what changes; and than
 * a thousandth where it is only to find out whether something has. */
#define SHARE 50
#define SCAN_SHARE 1000

/* What is there: sums that any change alters. */
struct sight {
	struct watch *watch;
	struct subject *subject;
	uint64_t files;
	uint64_t folders;
	bool is_deaf;		/* not all is told of what happens here ... */
	bool is_limited;	/* for no more is watched */
};

/* Look by then, but for a rest after the last look. */
static void look_within(struct subject *subject, int64_t when)
{
	if (when < subject->rested)
		when = subject->rested;
	if (subject->look_at < 0 || subject->look_at > when)
		subject->look_at = when;
}

static void look_soon(struct subject *subject)
{
	look_within(subject, pulse_now() + GATHER_MS);
}

static unsigned owner_of(const struct watch *watch,
			 const struct subject *subject)
{
	return (unsigned)(subject - watch->subjects);
}

static void see_file(struct sight *sight, const char *path, uint64_t bytes,
		     int64_t changed)
{
	const uint64_t words[] = { xxh64_of(path, strlen(path)), bytes,
				   (uint64_t)changed };

	sight->files += xxh64_of(words, sizeof(words));
}

/* One that goes meanwhile is told by the one above. */
static int see_folder(struct sight *sight, const char *path, bool has_files,
		      struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	sight->folders += xxh64_of(path, strlen(path));
	if (!sight->watch->notify || sight->is_limited)
		return 0;
	rc = notify_add(sight->watch->notify, path,
			owner_of(sight->watch, sight->subject), has_files,
			&why);
	if (rc == ERR_NOMEM)
		return err_copy(err, rc, &why);
	if (rc != ERR_LIMIT)
		return 0;
	sight->is_limited = true;
	if (sight->watch->is_limited)
		return 0;
	sight->watch->is_limited = true;
	return tell_once(sight->watch, "limited", sight->subject->name,
			 span_str(why.text), err);
}

static int see_agent(struct sight *sight, struct err *err)
{
	const struct agent_home home = bring_home(sight->watch->call);
	struct finds finds = FINDS_INIT;
	size_t i;
	int rc = finds_look(&finds, sight->subject->agent, &home, err);

	/* Of a disk that comes the folder it comes to says nothing. */
	sight->is_deaf = rc == 0 && !finds.roots.n;
	for (i = 0; i < finds.roots.n; i++)
		sight->is_deaf |= !notify_hears_all(finds.roots.at[i].path);
	for (i = 0; rc == 0 && i < finds.folders.n; i++)
		rc = see_folder(sight, finds.folders.at[i].path, true, err);
	for (i = 0; rc == 0 && i < finds.above.n; i++)
		rc = see_folder(sight, finds.above.at[i].path, false, err);
	for (i = 0; i < finds.files.n; i++)
		see_file(sight, finds.files.at[i].path,
			 finds.files.at[i].bytes, finds.files.at[i].changed);
	finds_release(&finds);
	return rc;
}

static int see_capsule_folder(void *arg, const char *path, struct err *err)
{
	return see_folder(arg, path, true, err);
}

static int see_capsule(void *arg, const char *path, const struct stat *info,
		       struct err *err)
{
	(void)err;
	see_file(arg, path, (uint64_t)info->st_size,
		 (int64_t)info->st_ctim.tv_sec * 1000000 +
		 info->st_ctim.tv_nsec / 1000);
	return 0;
}

static int see_capsules(struct sight *sight, struct err *err)
{
	const struct capsules_calls calls = {
		sight, see_capsule_folder, see_capsule
	};

	sight->is_deaf = !file_is_dir(sight->subject->folder) ||
			 !notify_hears_all(sight->subject->folder);
	return capsules_each(sight->subject->folder, &calls, err);
}

/* When to look next, having looked for so long. */
static void plan(struct watch *watch, const struct sight *sight, int64_t took)
{
	struct subject *subject = sight->subject;
	int64_t now = pulse_now();

	subject->rested = now + took * SHARE;
	subject->look_at = -1;
	if (subject->is_scanned)
		subject->look_at = now + (took * SCAN_SHARE > watch->scan_ms ?
					  took * SCAN_SHARE : watch->scan_ms);
	if (sight->folders != subject->folders)
		look_within(subject, now + AGAIN_MS);
}

static int look_at_subject(struct watch *watch, struct subject *subject,
		   struct err *err)
{
	struct sight sight = { .watch = watch, .subject = subject };
	int64_t began = pulse_now();
	int rc;

	if (watch->notify)
		notify_begin(watch->notify, owner_of(watch, subject));
	rc = subject->agent ? see_agent(&sight, err) :
	     see_capsules(&sight, err);
	if (watch->notify)
		notify_end(watch->notify, owner_of(watch, subject));
	if (rc < 0)
		return rc;
	subject->is_scanned = !watch->notify || sight.is_deaf ||
			      sight.is_limited;
	if (!subject->is_looked_at && sight.files)
		turn_hurry(&subject->turn, pulse_now());
	else if (sight.files != subject->files)
		turn_touch(&subject->turn, pulse_now());
	plan(watch, &sight, pulse_now() - began);
	subject->is_looked_at = true;
	subject->files = sight.files;
	subject->folders = sight.folders;
	return 0;
}

/* Hooks of agents leave hints; whoever takes one does what it asks for. */
static void take_hints(struct watch *watch)
{
	const char *path = buf_text(&watch->vault_path);
	bool is_all = capture_hint_take(path, NULL);
	size_t i;

	for (i = 0; i < watch->n; i++) {
		struct subject *subject = &watch->subjects[i];

		if (subject->agent &&
		    (capture_hint_take(path, subject->agent) ||
		     (is_all && subject->is_watched)))
			turn_hurry(&subject->turn, pulse_now());
	}
}

int look(struct watch *watch, struct err *err)
{
	int64_t now = pulse_now();
	size_t i;
	int rc = 0;

	if (!watch->notify)
		take_hints(watch);
	for (i = 0; rc == 0 && i < watch->n; i++) {
		struct subject *subject = &watch->subjects[i];

		if (subject->is_watched && subject->look_at >= 0 &&
		    subject->look_at <= now)
			rc = look_at_subject(watch, subject, err);
	}
	return rc;
}

int64_t look_due(const struct watch *watch)
{
	int64_t first = -1;
	size_t i;

	for (i = 0; i < watch->n; i++) {
		const struct subject *subject = &watch->subjects[i];

		if (subject->is_watched && subject->look_at >= 0 &&
		    (first < 0 || subject->look_at < first))
			first = subject->look_at;
	}
	return first;
}

void look_at_all(struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->n; i++) {
		watch->subjects[i].is_looked_at = false;
		watch->subjects[i].look_at = 0;
	}
}

/* Of most of what agents write nothing is a session. */
static bool concerns(const struct subject *subject, const char *name)
{
	return subject->agent ? agent_may_hold(subject->agent, name) :
	       capsules_may_be(name);
}

static void take_change(void *arg, uint64_t owners, const char *name,
			bool is_folder)
{
	struct watch *watch = arg;
	int64_t now = pulse_now();
	size_t i;

	for (i = 0; i < watch->n; i++) {
		struct subject *subject = &watch->subjects[i];

		if (!(owners >> i & 1))
			continue;
		if (is_folder)
			look_soon(subject);
		else if (concerns(subject, name))
			turn_touch(&subject->turn, now);
	}
	if (owners >> OWNER_HINTS & 1)
		take_hints(watch);
}

static void take_loss(void *arg, uint64_t owners)
{
	struct watch *watch = arg;
	size_t i;

	for (i = 0; i < watch->n; i++) {
		if (owners >> i & 1)
			look_soon(&watch->subjects[i]);
	}
	if (owners >> OWNER_HINTS & 1)
		take_hints(watch);
}

void look_take(struct watch *watch)
{
	const struct notify_calls calls = { watch, take_change, take_loss };

	if (watch->notify)
		notify_take(watch->notify, &calls);
}

/* Without what tells of changes all is looked at now and then; what does not
 * even tell of hints is no use. */
int look_begin(struct watch *watch, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct err why = ERR_INIT;
	int rc = capture_folder(buf_text(&watch->vault_path), &folder, err);

	if (rc == 0 && (notify_open(&watch->notify, &why) < 0 ||
			notify_add(watch->notify, buf_text(&folder),
				   OWNER_HINTS, true, &why) < 0)) {
		notify_free(watch->notify);
		watch->notify = NULL;
		rc = tell_once(watch, "limited", "", span_str(why.text), err);
	}
	buf_release(&folder);
	look_at_all(watch);
	take_hints(watch);
	return rc;
}
