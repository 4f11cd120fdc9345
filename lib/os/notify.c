#include "lib/os/notify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/table.h"

#define FOLDERS_MAX 200000
#define READ_BYTES 65536
#define READS_AT_ONCE 16

/* Files that go are no news: what was in them stays. */
#define FLAGS (IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | \
	       IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | \
	       IN_EXCL_UNLINK | IN_ONLYDIR)
#define WENT (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

/* A folder, under the number that the system gave it. */
struct watched {
	int number;
	uint64_t owners;
	uint64_t added;		/* of them, since their notify_begin() */
	uint64_t with_files;	/* of them, those who want to hear of files */
};

struct notify {
	int fd;
	struct table places;	/* number -> place in the list */
	struct watched *at;
	size_t n;
	size_t cap;
	char *bytes;		/* READ_BYTES */
};

int notify_open(struct notify **out, struct err *err)
{
	const struct table places = TABLE_INIT(sizeof(int), FOLDERS_MAX);
	struct notify *notify = calloc(1, sizeof(*notify));
	int rc = 0;

	if (notify)
		notify->bytes = malloc(READ_BYTES);
	if (!notify || !notify->bytes) {
		free(notify);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	notify->places = places;
	notify->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (notify->fd < 0)
		rc = errno == EMFILE || errno == ENFILE ?
		     err_set(err, ERR_LIMIT, "the system gives no more "
			     "watches (fs.inotify.max_user_instances)") :
		     err_errno(err, "cannot watch folders");
	if (rc < 0)
		notify_free(notify);
	else
		*out = notify;
	return rc;
}

void notify_free(struct notify *notify)
{
	if (!notify)
		return;
	if (notify->fd >= 0)
		close(notify->fd);
	free(notify->at);
	table_release(&notify->places);
	free(notify->bytes);
	free(notify);
}

/* By the numbers of statfs(2): the network's, FUSE, and those of machines in a
 * machine. */
bool notify_hears_all(const char *path)
{
	static const uint32_t deaf[] = {
		0x6969 /* NFS */, 0x517b /* SMB */, 0xff534d42 /* CIFS */,
		0xfe534d42 /* SMB 2 */, 0x01021997 /* 9P, WSL's /mnt */,
		0x53464846 /* WSL 1 */, 0x65735546 /* FUSE */,
		0x5346414f /* AFS */, 0x6b414653 /* AFS */,
		0x73757245 /* Coda */, 0x00c36400 /* Ceph */,
		0x0bd00bd0 /* Lustre */, 0x01161970 /* GFS 2 */,
		0x7461636f /* OCFS 2 */, 0x786f4256 /* VirtualBox */,
		0xbacbacbc /* VMware */
	};
	struct statfs info;
	size_t i;

	if (statfs(path, &info) < 0)
		return true;
	for (i = 0; i < sizeof(deaf) / sizeof(deaf[0]); i++) {
		if ((uint32_t)info.f_type == deaf[i])
			return false;
	}
	return true;
}

int notify_fd(const struct notify *notify)
{
	return notify->fd;
}

static struct watched *find(struct notify *notify, int number)
{
	uint64_t place;

	return table_get(&notify->places, &number, &place) ?
	       &notify->at[place] : NULL;
}

/* The last one takes its place. */
static void drop(struct notify *notify, struct watched *watched)
{
	struct watched *last = &notify->at[notify->n - 1];

	table_remove(&notify->places, &watched->number);
	if (watched != last) {
		*watched = *last;
		/* Its key is there, so there is room for it. */
		(void)!table_put(&notify->places, &watched->number,
				 (uint64_t)(watched - notify->at), NULL);
	}
	notify->n--;
}

static int add_new(struct notify *notify, int number, struct watched **out,
		   struct err *err)
{
	int rc = array_room(notify, err);

	if (rc == 0)
		rc = table_put(&notify->places, &number, notify->n, err);
	if (rc < 0) {
		inotify_rm_watch(notify->fd, number);
		return rc;
	}
	*out = &notify->at[notify->n++];
	**out = (struct watched){ .number = number };
	return 0;
}

int notify_add(struct notify *notify, const char *path, unsigned owner,
	       bool has_files, struct err *err)
{
	const uint64_t bit = (uint64_t)1 << owner;
	int number = inotify_add_watch(notify->fd, path, FLAGS);
	struct watched *watched;
	int rc = 0;

	if (number < 0 && errno == ENOSPC)
		return err_set(err, ERR_LIMIT, "the system watches no more "
			       "folders (fs.inotify.max_user_watches)");
	if (number < 0)
		return err_errno(err, "cannot watch '%s'", path);
	watched = find(notify, number);
	if (!watched)
		rc = add_new(notify, number, &watched, err);
	if (rc == 0) {
		if (!(watched->added & bit))
			watched->with_files &= ~bit;
		watched->with_files |= has_files ? bit : 0;
		watched->owners |= bit;
		watched->added |= bit;
	}
	return rc;
}

void notify_begin(struct notify *notify, unsigned owner)
{
	size_t i;

	for (i = 0; i < notify->n; i++)
		notify->at[i].added &= ~((uint64_t)1 << owner);
}

void notify_end(struct notify *notify, unsigned owner)
{
	const uint64_t bit = (uint64_t)1 << owner;
	size_t i;

	for (i = notify->n; i-- > 0;) {
		struct watched *watched = &notify->at[i];

		watched->owners &= watched->added | ~bit;
		watched->with_files &= watched->owners;
		if (watched->owners)
			continue;
		inotify_rm_watch(notify->fd, watched->number);
		drop(notify, watched);
	}
}

static void take_event(struct notify *notify,
		       const struct inotify_event *event,
		       const struct notify_calls *calls)
{
	struct watched *watched = find(notify, event->wd);
	const bool is_folder = (event->mask & IN_ISDIR) != 0;
	uint64_t owners;

	if (event->mask & IN_Q_OVERFLOW) {
		calls->lost(calls->arg, UINT64_MAX);
		return;
	}
	/* Of one that was dropped some may still come. */
	if (!watched)
		return;
	owners = is_folder ? watched->owners : watched->with_files;
	if (event->mask & WENT)
		calls->lost(calls->arg, watched->owners);
	else if (event->len && owners &&
		 (is_folder || !(event->mask & IN_MOVED_FROM)))
		calls->changed(calls->arg, owners, event->name, is_folder);
	if (event->mask & IN_IGNORED)
		drop(notify, watched);
}

void notify_take(struct notify *notify, const struct notify_calls *calls)
{
	const struct inotify_event *event;
	unsigned reads;
	ssize_t got;
	ssize_t at;

	for (reads = 0; reads < READS_AT_ONCE; reads++) {
		got = read(notify->fd, notify->bytes, READ_BYTES);
		if (got <= 0)
			return;
		for (at = 0; at < got;
		     at += (ssize_t)(sizeof(*event) + event->len)) {
			/* The kernel aligns each, as malloc() has the first. */
			event = (const void *)(notify->bytes + at);
			take_event(notify, event, calls);
		}
	}
}
