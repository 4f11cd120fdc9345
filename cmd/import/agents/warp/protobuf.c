#include "cmd/import/agents/warp/protobuf.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"

#define DEPTH_MAX 40
#define WIRE_VARINT 0
#define WIRE_64 1
#define WIRE_BYTES 2
#define WIRE_32 5

/* A field as it stands in its message. */
struct entry {
	uint32_t number;
	unsigned wire;
	uint64_t value;		/* of all but bytes */
	struct span bytes;
};

static void put_fields(struct span bytes, const struct protobuf_field *fields,
			unsigned depth, struct buf *out);

static bool take_varint(struct span *rest, uint64_t *out)
{
	unsigned shift = 0;

	*out = 0;
	while (rest->len && shift < 64) {
		unsigned char byte = (unsigned char)*rest->at;

		*rest = span_of(rest->at + 1, rest->len - 1);
		*out |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
		shift += 7;
	}
	return false;
}

static bool take_fixed(struct span *rest, size_t len, uint64_t *out)
{
	size_t i;

	if (rest->len < len)
		return false;
	*out = 0;
	for (i = len; i; i--)
		*out = *out << 8 | (unsigned char)rest->at[i - 1];
	*rest = span_of(rest->at + len, rest->len - len);
	return true;
}

static bool take_entry(struct span *rest, struct entry *out)
{
	uint64_t tag;
	uint64_t len;

	if (!take_varint(rest, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
		return false;
	out->number = (uint32_t)(tag >> 3);
	out->wire = tag & 7;
	out->bytes = span_of(NULL, 0);
	switch (out->wire) {
	case WIRE_VARINT:
		return take_varint(rest, &out->value);
	case WIRE_64:
		return take_fixed(rest, 8, &out->value);
	case WIRE_32:
		return take_fixed(rest, 4, &out->value);
	case WIRE_BYTES:
		if (!take_varint(rest, &len) || len > rest->len)
			return false;
		out->bytes = span_of(rest->at, (size_t)len);
		*rest = span_of(rest->at + len, rest->len - (size_t)len);
		return true;
	default:
		return false;
	}
}

static bool is_message(struct span bytes)
{
	struct entry entry;

	while (bytes.len) {
		if (!take_entry(&bytes, &entry))
			return false;
	}
	return true;
}

/* Words have no control characters; a message most often begins with some. */
static bool is_text(struct span bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];

		if (c < ' ' && c != '\n' && c != '\t' && c != '\r' &&
		    c != 0x1b)
			return false;
	}
	return utf8_is_valid(bytes);
}

static void put_as_text(struct span bytes, struct buf *out)
{
	if (utf8_is_valid(bytes)) {
		jcs_put_string(out, bytes);
		return;
	}
	buf_put_str(out, "{\"$base64\":\"");
	buf_fail(out, base64_add(out, bytes.at, bytes.len, NULL));
	buf_put_str(out, "\"}");
}

/* --- values ---------------------------------------------------------------- */

static struct entry last_of(struct span message, uint32_t number)
{
	struct entry found = { .number = 0 };
	struct entry entry;

	while (message.len && take_entry(&message, &entry)) {
		if (entry.number == number)
			found = entry;
	}
	return found;
}

static void put_double(uint64_t bits, struct buf *out)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	if (isfinite(value))
		buf_fail(out, jcs_add_number(out, value, NULL));
	else
		buf_put_str(out, "null");
}

/* Seconds in field 1, nanoseconds in 2. */
static void put_time(struct span message, struct buf *out)
{
	int64_t seconds = (int64_t)last_of(message, 1).value;
	uint64_t nanos = last_of(message, 2).value;

	if (nanos > 999999999)
		nanos = 0;
	buf_putf(out, "%" PRId64, seconds);
	if (seconds >= 0 && nanos)
		buf_putf(out, ".%09" PRIu64, nanos);
}

/* google.protobuf.Struct and its values. */
static void put_struct(struct span message, unsigned depth, struct buf *out);

static void put_struct_list(struct span message, unsigned depth,
			    struct buf *out);

static void put_struct_value(struct span message, unsigned depth,
			     struct buf *out)
{
	struct entry entry = { .number = 0 };

	while (message.len && take_entry(&message, &entry))
		;
	if (entry.number == 2 && entry.wire == WIRE_64)
		put_double(entry.value, out);
	else if (entry.number == 3 && entry.wire == WIRE_BYTES)
		put_as_text(entry.bytes, out);
	else if (entry.number == 4)
		buf_put_str(out, entry.value ? "true" : "false");
	else if (entry.number == 5 && depth < DEPTH_MAX)
		put_struct(entry.bytes, depth + 1, out);
	else if (entry.number == 6 && depth < DEPTH_MAX)
		put_struct_list(entry.bytes, depth + 1, out);
	else
		buf_put_str(out, "null");
}

static void put_struct_list(struct span message, unsigned depth,
			    struct buf *out)
{
	struct entry entry;
	bool is_first = true;

	buf_put_char(out, '[');
	while (message.len && take_entry(&message, &entry)) {
		if (!is_first)
			buf_put_char(out, ',');
		is_first = false;
		put_struct_value(entry.bytes, depth, out);
	}
	buf_put_char(out, ']');
}

static void put_struct(struct span message, unsigned depth, struct buf *out)
{
	struct entry entry;
	bool is_first = true;

	buf_put_char(out, '{');
	while (message.len && take_entry(&message, &entry)) {
		if (!is_first)
			buf_put_char(out, ',');
		is_first = false;
		put_as_text(utf8_is_valid(last_of(entry.bytes, 1).bytes) ?
			 last_of(entry.bytes, 1).bytes : span_str("?"), out);
		buf_put_char(out, ':');
		put_struct_value(last_of(entry.bytes, 2).bytes, depth, out);
	}
	buf_put_char(out, '}');
}

/* --- messages -------------------------------------------------------------- */

static void put_unknown(const struct entry *entry, unsigned depth,
			struct buf *out)
{
	if (entry->wire != WIRE_BYTES)
		buf_putf(out, "%" PRIu64, entry->value);
	else if (is_text(entry->bytes) || depth >= DEPTH_MAX ||
		 !is_message(entry->bytes))
		put_as_text(entry->bytes, out);
	else
		put_fields(entry->bytes, NULL, depth + 1, out);
}

static void put_entry(const struct entry *entry,
		      const struct protobuf_field *field, unsigned depth,
		      struct buf *out)
{
	bool is_bytes = entry->wire == WIRE_BYTES;

	if (field && field->kind == PROTOBUF_TEXT && is_bytes)
		put_as_text(entry->bytes, out);
	else if (field && field->kind == PROTOBUF_BOOL && !is_bytes)
		buf_put_str(out, entry->value ? "true" : "false");
	else if (field && is_bytes && depth < DEPTH_MAX &&
		 is_message(entry->bytes) && field->kind == PROTOBUF_MESSAGE)
		put_fields(entry->bytes, field->fields, depth + 1, out);
	else if (field && is_bytes && field->kind == PROTOBUF_TIME &&
		 is_message(entry->bytes))
		put_time(entry->bytes, out);
	else if (field && is_bytes && field->kind == PROTOBUF_STRUCT &&
		 is_message(entry->bytes))
		put_struct(entry->bytes, depth + 1, out);
	else
		put_unknown(entry, depth, out);
}

static const struct protobuf_field *
field_of(const struct protobuf_field *fields, uint32_t number)
{
	for (; fields && fields->name; fields++) {
		if (fields->number == number)
			return fields;
	}
	return NULL;
}

static size_t count_of(struct span message, uint32_t number)
{
	struct entry entry;
	size_t n = 0;

	while (message.len && take_entry(&message, &entry))
		n += entry.number == number;
	return n;
}

/* All entries of a number, which stand anywhere: as one member. */
static void put_field(struct span message, uint32_t number,
		      const struct protobuf_field *fields, unsigned depth,
		      struct buf *out)
{
	const struct protobuf_field *field = field_of(fields, number);
	bool is_list = field ? field->is_list :
		count_of(message, number) > 1;
	struct entry entry;
	bool is_first = true;

	if (field)
		buf_putf(out, "\"%s\":", field->name);
	else
		buf_putf(out, "\"%" PRIu32 "\":", number);
	if (!is_list) {
		entry = last_of(message, number);
		put_entry(&entry, field, depth, out);
		return;
	}
	buf_put_char(out, '[');
	while (message.len && take_entry(&message, &entry)) {
		if (entry.number != number)
			continue;
		if (!is_first)
			buf_put_char(out, ',');
		is_first = false;
		put_entry(&entry, field, depth, out);
	}
	buf_put_char(out, ']');
}

#define SEEN_MAX 64		/* fields of one message that are told apart */

static void put_fields(struct span bytes, const struct protobuf_field *fields,
			unsigned depth, struct buf *out)
{
	uint32_t seen[SEEN_MAX];
	struct span rest = bytes;
	struct entry entry;
	size_t n = 0;
	size_t i;

	buf_put_char(out, '{');
	while (rest.len && take_entry(&rest, &entry)) {
		for (i = 0; i < n && seen[i] != entry.number; i++)
			;
		if (i < n)
			continue;
		if (n == SEEN_MAX) {
			buf_fail(out, ERR_LIMIT);
			return;
		}
		seen[n++] = entry.number;
		if (n > 1)
			buf_put_char(out, ',');
		put_field(bytes, entry.number, fields, depth, out);
	}
	buf_put_char(out, '}');
}

bool protobuf_to_json(struct span bytes, const struct protobuf_field *fields,
		      struct buf *out)
{
	size_t start = out->len;

	if (!is_message(bytes))
		return false;
	put_fields(bytes, fields, 0, out);
	return buf_settle(out, start, NULL) == 0;
}
