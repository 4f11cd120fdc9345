#include "cmd/cli/progress.h"

#include <stdio.h>

#include "lib/base/text.h"
#include "lib/time/timestamp.h"

#define REDRAW_MICROS 100000
#define STEADY_SECONDS 1.0
#define PATIENCE_MICROS 300000	/* what takes less needs no word */

/* Program state: there is one terminal line. */
static int64_t first_told;
static int64_t last_drawn;
static bool is_drawn;
static bool is_wanted;

bool progress_want(void)
{
	is_wanted = true;
	return is_wanted;
}

static bool is_due(void)
{
	int64_t now = timestamp_now();

	if (!first_told)
		first_told = now;
	if (!is_wanted && now - first_told < PATIENCE_MICROS)
		return false;
	if (now - last_drawn < REDRAW_MICROS && now >= last_drawn)
		return false;
	last_drawn = now;
	return true;
}

static void draw(const char *text)
{
	fprintf(stderr, "\r%-70.70s", text);
	fflush(stderr);
	is_drawn = true;
}

/* "12:05" or "1:12:05". */
static void clock_text(double seconds, char *out, size_t len)
{
	unsigned long all = (unsigned long)(seconds + 0.5);

	if (all >= 3600)
		snprintf(out, len, "%lu:%02lu:%02lu", all / 3600,
			 all / 60 % 60, all % 60);
	else
		snprintf(out, len, "%lu:%02lu", all / 60, all % 60);
}

static void put_bytes(struct buf *line, const struct host_progress *progress)
{
	const double mega = 1e6;
	double seconds = (double)(last_drawn - progress->started) / 1e6;
	double rate = seconds > 0 ? (double)progress->done / seconds : 0;
	char left[32];

	if (!progress->total || progress->done > progress->total || rate < 1) {
		buf_putf(line, "%s: %llu records, %.1f MB", progress->what,
			 (unsigned long long)progress->things,
			 (double)progress->done / mega);
		return;
	}
	/* The first moments tell no rate: all that was read may lie in memory. */
	if (seconds < STEADY_SECONDS) {
		buf_putf(line, "%s: %u %%, %llu records", progress->what,
			 (unsigned)(progress->done * 100 / progress->total),
			 (unsigned long long)progress->things);
		return;
	}
	clock_text((double)(progress->total - progress->done) / rate, left,
		   sizeof(left));
	buf_putf(line, "%s: %u %%, %llu records, %.1f MB/s, %s left",
		 progress->what,
		 (unsigned)(progress->done * 100 / progress->total),
		 (unsigned long long)progress->things, rate / mega, left);
}

static void put_count(struct buf *line, const struct host_progress *progress)
{
	unsigned long long done = progress->done;
	unsigned long long total = progress->total;

	if (total)
		buf_putf(line, "%s: %3u %% (%llu of %llu)", progress->what,
			 (unsigned)(done * 100 / total), done, total);
	else
		buf_putf(line, "%s: %llu", progress->what, done);
	if (progress->bytes)
		buf_putf(line, ", %llu KiB",
			 (unsigned long long)(progress->bytes + 1023) / 1024);
}

void progress_draw(const struct host_progress *progress)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);

	if (!is_due())
		return;
	if (progress->started)
		put_bytes(&line, progress);
	else
		put_count(&line, progress);
	draw(buf_text(&line));
	buf_release(&line);
}

void progress_wipe(void)
{
	if (!is_drawn)
		return;
	fprintf(stderr, "\r%70s\r", "");
	fflush(stderr);
	is_drawn = false;
}

void progress_heard(struct span bytes)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	progress_wipe();
	for (i = 0; i < bytes.len; i++) {
		if (bytes.at[i] != '\r' || i + 1 == bytes.len ||
		    bytes.at[i + 1] != '\n')
			buf_put_char(&plain, bytes.at[i]);
	}
	rc = buf_end(&plain, NULL);
	if (rc == 0)
		rc = text_escape(&safe, buf_span(&plain), TEXT_KEEP_LINES,
				 NULL);
	if (rc == 0)
		fwrite(buf_text(&safe), 1, safe.len, stderr);
	buf_release(&safe);
	buf_release(&plain);
}
