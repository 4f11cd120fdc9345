#include "lib/time/hlc.h"

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/time/timestamp.h"

#define STAMP_AT 0
#define COUNTER_AT 28
#define NODE_AT 33

int hlc_compare(const struct hlc *a, const struct hlc *b)
{
	if (a->micros != b->micros)
		return a->micros < b->micros ? -1 : 1;
	return (a->counter > b->counter) - (a->counter < b->counter);
}

void hlc_text(const struct hlc *time, const char *node, char out[HLC_TEXT_MAX])
{
	unsigned char counter[2] = {
		(unsigned char)(time->counter >> 8),
		(unsigned char)time->counter,
	};

	if (time->micros < TIMESTAMP_MIN || time->micros > TIMESTAMP_MAX) {
		memcpy(out, HLC_UNKNOWN_TEXT, HLC_TEXT_MAX);
		return;
	}
	timestamp_text(time->micros, out + STAMP_AT);
	out[COUNTER_AT - 1] = '-';
	hex_text(counter, sizeof(counter), out + COUNTER_AT);
	out[NODE_AT - 1] = '-';
	memcpy(out + NODE_AT, node, HLC_NODE);
	out[HLC_TEXT] = '\0';
}

void hlc_import_text(int64_t micros, char out[HLC_TEXT_MAX])
{
	struct hlc time = { micros, 0 };

	hlc_text(&time, HLC_NODE_IMPORT, out);
}

static bool is_node(struct span node)
{
	return span_equals(node, span_str(HLC_NODE_IMPORT)) ||
	       base58_is_text(node);
}

static bool parse(struct span text, struct hlc *out)
{
	char again[HLC_TEXT_MAX];
	unsigned char counter[2];
	struct hlc time;
	struct span node;

	if (text.len != HLC_TEXT)
		return false;
	if (span_equals(text, span_str(HLC_UNKNOWN_TEXT))) {
		*out = (struct hlc)HLC_INIT;
		return true;
	}
	node = span_of(text.at + NODE_AT, HLC_NODE);
	if (!is_node(node) ||
	    !hex_decode(span_of(text.at + COUNTER_AT, 4), counter, 2) ||
	    timestamp_parse(span_of(text.at, TIMESTAMP_TEXT), &time.micros,
			    NULL, NULL) < 0)
		return false;
	time.counter = (uint32_t)counter[0] << 8 | counter[1];
	/* timestamp_parse knows more spellings than the one that sorts. */
	hlc_text(&time, node.at, again);
	if (memcmp(again, text.at, HLC_TEXT))
		return false;
	*out = time;
	return true;
}

int hlc_parse(struct span text, struct hlc *out, char out_node[HLC_NODE_MAX],
	      struct err *err)
{
	if (!parse(text, out))
		return err_set(err, ERR_INVALID, "not a clock time");
	if (out_node) {
		memcpy(out_node, text.at + NODE_AT, HLC_NODE);
		out_node[HLC_NODE] = '\0';
	}
	return 0;
}

bool hlc_text_is_valid(struct span text)
{
	struct hlc time;

	return parse(text, &time);
}

/* Later by one step; at the end of time it stays there. */
static void step(struct hlc *clock)
{
	if (clock->counter < HLC_COUNTER_MAX) {
		clock->counter++;
	} else if (clock->micros < TIMESTAMP_MAX) {
		clock->micros++;
		clock->counter = 0;
	}
}

void hlc_tick(struct hlc *clock, int64_t now)
{
	if (now > clock->micros) {
		clock->micros = now;
		clock->counter = 0;
	} else {
		step(clock);
	}
}

/*
 * The paper's rule in other words: the result is one step after the later of
 * clock and remote, unless physical time is later than both.
 */
int hlc_receive(struct hlc *clock, const struct hlc *remote, int64_t now,
		struct err *err)
{
	if (remote->micros > now + HLC_DRIFT_MICROS)
		return err_set(err, ERR_LIMIT,
			       "received time is too far in the future");
	if (hlc_compare(remote, clock) > 0)
		*clock = *remote;
	hlc_tick(clock, now);
	return 0;
}

int hlc_load(const char *path, struct hlc *clock, struct err *err)
{
	struct buf text = BUF_INIT(HLC_TEXT + 1);
	struct err inner = ERR_INIT;
	struct hlc stored;
	struct span line;
	int rc;

	rc = file_read(path, HLC_TEXT + 1, &text, &inner);
	if (rc == ERR_NOT_FOUND) {
		rc = 0;
		goto out;
	}
	if (rc < 0 && rc != ERR_LIMIT) {
		rc = err_set(err, (enum err_code)rc, "%s", inner.text);
		goto out;
	}
	line = span_of(text.data, HLC_TEXT);
	if (rc < 0 || text.len != HLC_TEXT + 1 ||
	    text.data[HLC_TEXT] != '\n' || !parse(line, &stored)) {
		rc = err_set(err, ERR_CORRUPT, "damaged clock file '%s'", path);
		goto out;
	}
	if (hlc_compare(&stored, clock) > 0)
		*clock = stored;
out:
	buf_release(&text);
	return rc;
}

int hlc_store(const char *path, const struct hlc *clock, struct err *err)
{
	char line[HLC_TEXT_MAX + 1];
	struct hlc stored = HLC_INIT;
	struct err inner = ERR_INIT;
	int rc;

	rc = hlc_load(path, &stored, &inner);
	/* From a damaged file nothing can be learned; do not keep it. */
	if (rc < 0 && rc != ERR_CORRUPT)
		return err_set(err, (enum err_code)rc, "%s", inner.text);
	if (clock->micros == HLC_UNKNOWN || hlc_compare(&stored, clock) >= 0)
		return 0;
	hlc_text(clock, HLC_NODE_IMPORT, line);
	line[HLC_TEXT] = '\n';
	return file_write_atomic(path, span_of(line, HLC_TEXT + 1), 0600, err);
}
