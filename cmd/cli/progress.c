#include "cmd/cli/progress.h"

#include <stdbool.h>
#include <stdio.h>

#include "lib/base/text.h"
#include "lib/time/timestamp.h"

#define REDRAW_MICROS 100000

/* Program state: there is one terminal line. */
static int64_t last_drawn;
static bool is_drawn;

static bool is_due(const struct session *session)
{
	int64_t now;

	if (!session->is_progress)
		return false;
	now = timestamp_now();
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

void progress_show(const struct session *session, const char *what,
		   uint64_t done, uint64_t total)
{
	char line[160];

	if (!is_due(session))
		return;
	if (total)
		snprintf(line, sizeof(line), "%s: %3u %% (%llu of %llu)", what,
			 (unsigned)(done * 100 / total),
			 (unsigned long long)done, (unsigned long long)total);
	else
		snprintf(line, sizeof(line), "%s: %llu", what,
			 (unsigned long long)done);
	draw(line);
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

void progress_show_bytes(const struct session *session, const char *what,
			 const struct progress_bytes *bytes)
{
	const double mega = 1e6;
	char left[32];
	char line[160];
	double seconds;
	double rate;

	if (!is_due(session))
		return;
	seconds = (double)(last_drawn - bytes->started) / 1e6;
	rate = seconds > 0 ? (double)bytes->done / seconds : 0;
	if (!bytes->total || bytes->done > bytes->total || rate < 1) {
		snprintf(line, sizeof(line), "%s: %llu records, %.1f MB",
			 what, (unsigned long long)bytes->things,
			 (double)bytes->done / mega);
	} else {
		clock_text((double)(bytes->total - bytes->done) / rate, left,
			   sizeof(left));
		snprintf(line, sizeof(line), "%s: %u %%, %llu records, "
			 "%.1f MB/s, %s left", what,
			 (unsigned)(bytes->done * 100 / bytes->total),
			 (unsigned long long)bytes->things, rate / mega, left);
	}
	draw(line);
}

int progress_verify(void *arg, const struct verify_counts *counts)
{
	char line[160];

	if (!is_due(arg))
		return 0;
	snprintf(line, sizeof(line),
		 "verifying: %llu versions, %llu segments, %llu records",
		 (unsigned long long)counts->versions,
		 (unsigned long long)counts->segments,
		 (unsigned long long)counts->records);
	draw(line);
	return 0;
}

/* What is not known yet is left out. */
int progress_remote(void *arg, const struct remote_progress *progress)
{
	unsigned long long total = progress->objects_total;
	unsigned long long bytes = progress->bytes;
	char line[160];
	size_t at;

	if (!is_due(arg))
		return 0;
	at = (size_t)snprintf(line, sizeof(line), "%s: %llu", progress->phase,
			      (unsigned long long)progress->objects);
	if (total)
		at += (size_t)snprintf(line + at, sizeof(line) - at,
				       " of %llu objects", total);
	if (bytes)
		snprintf(line + at, sizeof(line) - at, ", %llu KiB",
			 (bytes + 1023) / 1024);
	draw(line);
	return 0;
}

void progress_end(const struct session *session)
{
	(void)session;
	if (!is_drawn)
		return;
	fprintf(stderr, "\r%70s\r", "");
	fflush(stderr);
	is_drawn = false;
}

void progress_heard(void *arg, struct span bytes)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	progress_end(arg);
	for (i = 0; rc >= 0 && i < bytes.len; i++) {
		if (bytes.at[i] != '\r' || i + 1 == bytes.len ||
		    bytes.at[i + 1] != '\n')
			rc = buf_add_char(&plain, bytes.at[i], NULL);
	}
	if (rc >= 0)
		rc = text_escape(&safe, buf_span(&plain), TEXT_KEEP_LINES,
				 NULL);
	if (rc >= 0)
		fwrite(buf_text(&safe), 1, safe.len, stderr);
	buf_release(&safe);
	buf_release(&plain);
}
