#include "cmd/import/vivim/stamp.h"

#include "lib/id/encode.h"
#include "lib/time/timestamp.h"

#define DIGITS_MAX 15		/* of milliseconds, of a counter */
#define COUNTERS (HLC_COUNTER_MAX + 1u)
#define MILLISECOND 1000
#define BROWSER_DIGITS 5

static int stamp_refuse(struct err *err)
{
	return err_set(err, ERR_INVALID, "not a stamp of a VIVIM clock");
}

/* Digits of that base, as many as there are; their number in *out_len. */
static bool take_number(struct span text, int base, size_t *out_len,
			uint64_t *out)
{
	uint64_t value = 0;
	size_t i;
	int digit;

	for (i = 0; i < text.len; i++) {
		digit = hex_digit(text.at[i]);
		if (digit < 0 || digit >= base)
			break;
		if (i == DIGITS_MAX)
			return false;
		value = value * (uint64_t)base + (uint64_t)digit;
	}
	*out_len = i;
	*out = value;
	return i > 0;
}

static struct span behind(struct span text, size_t len)
{
	return span_of(text.at + len, text.len - len);
}

/* "<counter><mark><node>" */
static bool take_tail(struct span text, int base, char mark,
		      struct vivim_stamp *out, size_t *out_digits,
		      uint64_t *out_counter)
{
	if (!take_number(text, base, out_digits, out_counter) ||
	    *out_digits >= text.len || text.at[*out_digits] != mark)
		return false;
	out->node = behind(text, *out_digits + 1);
	return out->node.len > 0;
}

static bool set_time(struct vivim_stamp *out, int64_t micros, unsigned flags,
		     uint64_t counter)
{
	if (flags & TIMESTAMP_UNUSUAL || counter / COUNTERS >= MILLISECOND)
		return false;
	out->time.micros = micros + (int64_t)(counter / COUNTERS);
	out->time.counter = (uint32_t)(counter % COUNTERS);
	return true;
}

/* The time ends with its Z, and the first dash behind it. */
static bool parse_server(struct span text, struct vivim_stamp *out)
{
	const char *z = memchr(text.at, 'Z', text.len);
	unsigned flags = 0;
	uint64_t counter;
	int64_t micros;
	size_t digits;
	size_t len;

	if (!z)
		return false;
	len = (size_t)(z - text.at) + 1;
	if (len >= text.len || text.at[len] != '-' ||
	    timestamp_parse(span_of(text.at, len), &micros, &flags, NULL) < 0)
		return false;
	out->form = VIVIM_SERVER;
	return take_tail(behind(text, len + 1), 16, '-', out, &digits,
			 &counter) &&
	       set_time(out, micros, flags, counter);
}

static bool parse_client(struct span text, struct vivim_stamp *out)
{
	uint64_t counter;
	int64_t micros;
	uint64_t ms;
	size_t digits;
	unsigned flags;
	size_t len;

	if (!take_number(text, 10, &len, &ms) || len >= text.len ||
	    text.at[len] != ':')
		return false;
	if (!take_tail(behind(text, len + 1), 10, ':', out, &digits, &counter))
		return false;
	micros = (int64_t)ms * MILLISECOND;
	flags = micros < TIMESTAMP_USUAL_FROM ||
		micros >= TIMESTAMP_USUAL_END ? TIMESTAMP_UNUSUAL : 0;
	out->form = digits == BROWSER_DIGITS ? VIVIM_BROWSER : VIVIM_CHAIN;
	return set_time(out, micros, flags, counter);
}

int vivim_stamp_parse(struct span text, struct vivim_stamp *out,
		      struct err *err)
{
	struct vivim_stamp stamp;

	memset(&stamp, 0, sizeof(stamp));
	if (!text.len || !(parse_client(text, &stamp) ||
			   parse_server(text, &stamp)))
		return stamp_refuse(err);
	*out = stamp;
	return 0;
}

void vivim_stamp_at(const struct vivim_stamp *stamp, char out[HLC_TEXT_MAX])
{
	hlc_text(&stamp->time, HLC_NODE_IMPORT, out);
}
