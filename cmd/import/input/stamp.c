#include "cmd/import/input/stamp.h"

#include <string.h>
#include <sys/stat.h>

#include "cmd/import/input/archive.h"
#include "lib/base/random.h"
#include "lib/base/xxh.h"
#include "lib/time/timestamp.h"

/* What was written to so lately may be written to still. */
#define LIVE_MICROS ((int64_t)60 * 60 * 1000000)
/* Two changes that are closer than the file system's clock tells leave one
 * stamp: of a clock that counts less than seconds, and of one that does not. */
#define CLOSE_MICROS ((int64_t)100 * 1000)
#define CLOSE_COARSE_MICROS ((int64_t)2 * 1000000)
#define LOG "-wal"

/* The file, or the archive that it lies in; and the log that a database has
 * beside it, with what was written last: size -1 where there is none. */
static int stamp_stat(const struct import_input *input, struct stat *out,
		      struct stat *out_log)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_add_str(&path, input->path, NULL);

	if (rc == 0 && input->member)
		buf_cut(&path, (size_t)(input->member - input->path) -
			strlen(ARCHIVE_MEMBER_MARK));
	if (rc == 0)
		rc = stat(buf_text(&path), out);
	if (rc == 0)
		rc = buf_add_str(&path, LOG, NULL);
	out_log->st_size = -1;
	if (rc == 0 && !input->member && stat(buf_text(&path), out_log) < 0)
		out_log->st_size = -1;
	buf_release(&path);
	return rc;
}

static uint64_t stamp_file(uint64_t before, const struct stat *info)
{
	const uint64_t words[] = {
		before, (uint64_t)info->st_dev, (uint64_t)info->st_ino,
		(uint64_t)info->st_size, (uint64_t)info->st_mtim.tv_sec,
		(uint64_t)info->st_mtim.tv_nsec,
		(uint64_t)info->st_ctim.tv_sec,
		(uint64_t)info->st_ctim.tv_nsec,
	};

	return xxh64_of(words, sizeof(words));
}

/* With what lies beside it. */
static uint64_t stamp_of(const struct import_source *source,
			 const struct stat *info, const struct stat *log)
{
	uint64_t stamp = stamp_file(source->beside.stamp, info);

	return log->st_size < 0 ? stamp : stamp_file(stamp, log);
}

static int64_t micros_of(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000 + time->tv_nsec / 1000;
}

static bool is_close(const struct stat *info, int64_t now)
{
	return now - micros_of(&info->st_ctim) <=
	       (info->st_ctim.tv_nsec ? CLOSE_MICROS : CLOSE_COARSE_MICROS);
}

bool stamp_take(const struct import_job *job, struct import_source *source)
{
	int64_t now = timestamp_now();
	struct stat info;
	struct stat log;
	int64_t written;

	if (source->input.is_folder || source->is_stray ||
	    !strcmp(source->input.path, "-") ||
	    stamp_stat(&source->input, &info, &log) < 0 ||
	    !S_ISREG(info.st_mode))
		return false;
	written = micros_of(&info.st_mtim);
	if (log.st_size >= 0 && micros_of(&log.st_mtim) > written)
		written = micros_of(&log.st_mtim);
	source->stamp = stamp_of(source, &info, &log);
	source->is_live = job->options.is_found && now - written < LIVE_MICROS;
	source->has_stamp = true;
	source->is_vague = is_close(&info, now) ||
			   (log.st_size >= 0 && is_close(&log, now));
	return true;
}

/* A file may be written to while it is imported: what came then must be read
 * next time. Of a folder the bytes themselves are asked, since it has many
 * files. */
bool stamp_is_still(struct import_source *source)
{
	unsigned char hash[HASH128_BYTES];
	struct stat info;
	struct stat log;

	if (!source->input.is_folder)
		return stamp_stat(&source->input, &info, &log) == 0 &&
		       stamp_of(source, &info, &log) == source->stamp;
	return input_hash(&source->input, hash, NULL) == 0 &&
	       !memcmp(hash, source->hash, sizeof(hash));
}

int stamp_as_hash(struct import_source *source)
{
	const uint64_t words[2] = {
		source->stamp, source->is_vague ? random_u64() : 0,
	};

	if (!source->has_stamp)
		return ERR_UNSUPPORTED;
	memcpy(source->hash, words, sizeof(words));
	return 0;
}
