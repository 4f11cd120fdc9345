#include "cmd/action/history/log.h"

#include <string.h>

#include "lib/id/encode.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

#define SHORT_ID 10	/* characters of an id that are enough for people */

/* What a placeholder stands for. */
enum place {
	PLACE_ID, PLACE_SHORT_ID, PLACE_PARENTS, PLACE_SHORT_PARENTS,
	PLACE_NAME, PLACE_DID, PLACE_DATE, PLACE_NEAR, PLACE_SECONDS,
	PLACE_CONSTRUCT, PLACE_SUBJECT, PLACE_RECORDS, PLACE_SEQ, PLACE_CHANGE,
	PLACE_LINE_END, PLACE_PERCENT
};

static const struct placeholder {
	const char *name;	/* behind the '%'; none begins another */
	enum place place;
} placeholders[] = {
	{ "H", PLACE_ID }, { "h", PLACE_SHORT_ID }, { "P", PLACE_PARENTS },
	{ "p", PLACE_SHORT_PARENTS }, { "an", PLACE_NAME },
	{ "ae", PLACE_DID }, { "ad", PLACE_DATE }, { "ar", PLACE_NEAR },
	{ "at", PLACE_SECONDS }, { "c", PLACE_CONSTRUCT },
	{ "s", PLACE_SUBJECT }, { "r", PLACE_RECORDS }, { "q", PLACE_SEQ },
	{ "v", PLACE_CHANGE }, { "n", PLACE_LINE_END },
	{ "%", PLACE_PERCENT }, { NULL, PLACE_PERCENT }
};

static const struct placeholder *placeholder_find(const char *at)
{
	const struct placeholder *one = placeholders;

	while (one->name && strncmp(at, one->name, strlen(one->name)))
		one++;
	return one->name ? one : NULL;
}

int log_format_check(const char *format, struct err *err)
{
	const char *at = format;
	const struct placeholder *one;

	while ((at = strchr(at, '%'))) {
		one = placeholder_find(at + 1);
		if (!one)
			return err_set(err, ERR_INVALID, "--format: '%.3s' is "
				       "no placeholder; there are %%H %%h %%P "
				       "%%p %%an %%ae %%ad %%ar %%at %%c %%s "
				       "%%r %%q %%v %%n %%%%", at);
		at += 1 + strlen(one->name);
	}
	return 0;
}

static void put_id(struct buf *out, const git_oid *id, bool is_short)
{
	char hex[GIT_OID_HEXSZ + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	buf_put_span(out, span_of(hex, is_short ? SHORT_ID : GIT_OID_HEXSZ));
}

static void put_parents(struct buf *out, const struct version *version,
			bool is_short)
{
	size_t i;

	for (i = 0; i < version->parents_n; i++) {
		buf_put_str(out, i ? " " : "");
		put_id(out, &version->parents[i], is_short);
	}
}

static void put_name(const struct log *log, const struct version *version,
		     struct buf *out)
{
	struct span name = device_name(log->call->vault, version_writer(version));
	char device[DID_SHORT_MAX];

	did_short(version_writer(version), device);
	buf_put_span(out, name.len ? name : span_of(device, DEVICE_BRIEF));
}

static void put_date(const struct log *log, const struct version *version,
		     bool is_near, struct buf *out)
{
	const struct wall *wall = &log->call->settings.wall;
	int64_t micros = version->time * TIMESTAMP_SECOND;
	char text[WALL_TEXT_MAX];

	if (is_near)
		wall_text_near(wall, micros, text);
	else
		wall_text_iso(wall, micros, text);
	buf_put_str(out, text);
}

static void put_did(const struct version *version, struct buf *out)
{
	char did[DID_TEXT_MAX];

	did_from_public(version_writer(version), did);
	buf_put_str(out, did);
}

static void put_place(const struct log *log, enum place place,
		      const struct version *version,
		      const struct version_note *note, struct buf *out)
{
	switch (place) {
	case PLACE_ID:
	case PLACE_SHORT_ID:
		put_id(out, &version->id, place == PLACE_SHORT_ID);
		break;
	case PLACE_PARENTS:
	case PLACE_SHORT_PARENTS:
		put_parents(out, version, place == PLACE_SHORT_PARENTS);
		break;
	case PLACE_NAME:
		put_name(log, version, out);
		break;
	case PLACE_DID:
		put_did(version, out);
		break;
	case PLACE_DATE:
	case PLACE_NEAR:
		put_date(log, version, place == PLACE_NEAR, out);
		break;
	case PLACE_SECONDS:
		buf_putf(out, "%lld", (long long)version->time);
		break;
	case PLACE_CONSTRUCT:
		buf_put_str(out, note->construct[0] ? note->construct :
			    version->construct);
		break;
	case PLACE_SUBJECT:
		buf_put_span(out, buf_span(&note->subject));
		break;
	case PLACE_RECORDS:
		if (note->has_records)
			buf_putf(out, "%llu", (unsigned long long)note->records);
		break;
	case PLACE_SEQ:
		buf_putf(out, "%llu", (unsigned long long)version->seq);
		break;
	case PLACE_CHANGE:
		buf_put_str(out, version_change_word(version->change));
		break;
	case PLACE_LINE_END:
		buf_put_char(out, '\n');
		break;
	case PLACE_PERCENT:
		buf_put_char(out, '%');
		break;
	}
}

int log_format(struct log *log, const struct version *version,
	       const struct version_note *note, struct buf *out)
{
	const char *at = log->format;

	while (*at) {
		size_t len = strcspn(at, "%");
		const struct placeholder *one;

		buf_put_span(out, span_of(at, len));
		at += len;
		one = *at ? placeholder_find(at + 1) : NULL;
		if (!one)
			continue;	/* the end: all were checked */
		put_place(log, one->place, version, note, out);
		at += 1 + strlen(one->name);
	}
	buf_put_char(out, '\n');
	return buf_end(out, log->err);
}
