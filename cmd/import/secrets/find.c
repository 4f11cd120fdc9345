#include "cmd/import/secrets/secret.h"

#define PEM_BEGIN "-----BEGIN "
#define PEM_LINE 80
#define PEM_LEAST 16	/* of its first line */
#define PEM_LAST 4	/* of each, as base64 has them */
#define URL_MOST 300
#define JWT_PART_LEAST 10
#define JWT_PART_MOST ((size_t)16 << 10)
#define NAME_MOST 64
#define VALUE_MOST 1024
#define TELEGRAM_DIGITS 8
#define TELEGRAM_REST 35

/* What a byte is to the search: most are passed over by one look. */
#define JOINED 1u	/* no word begins behind it */
#define BEGIN 2u	/* a shape may begin with it */
#define SIGN 4u
#define ESCAPE 8u	/* what is written out, or a colour: words begin behind it */
#define J JOINED
#define B (JOINED | BEGIN)
static const unsigned char of_byte[256] = {
	['0'] = B, ['1'] = B, ['2'] = B, ['3'] = B, ['4'] = B, ['5'] = B,
	['6'] = B, ['7'] = B, ['8'] = B, ['9'] = B, ['A'] = B, ['B'] = B,
	['C'] = J, ['D'] = J, ['E'] = J, ['F'] = J, ['G'] = B, ['H'] = J,
	['I'] = J, ['J'] = J, ['K'] = J, ['L'] = J, ['M'] = J, ['N'] = J,
	['O'] = J, ['P'] = J, ['Q'] = J, ['R'] = J, ['S'] = B, ['T'] = J,
	['U'] = J, ['V'] = J, ['W'] = J, ['X'] = J, ['Y'] = J, ['Z'] = J,
	['_'] = J, ['-'] = B, ['a'] = B, ['b'] = B, ['c'] = J, ['d'] = B,
	['e'] = B, ['f'] = J, ['g'] = B, ['h'] = B, ['i'] = J, ['j'] = J,
	['k'] = J, ['l'] = B, ['m'] = J, ['n'] = B, ['o'] = J, ['p'] = B,
	['q'] = J, ['r'] = B, ['s'] = B, ['t'] = J, ['u'] = J, ['v'] = J,
	['w'] = B, ['x'] = B, ['y'] = B, ['z'] = J,
	[':'] = SIGN, ['='] = SIGN, ['\\'] = ESCAPE, ['%'] = ESCAPE,
	['['] = ESCAPE,
};
#undef J
#undef B

static bool joins_word(char c)
{
	return secret_class_has(SECRET_ALNUM, (unsigned char)c) || c == '_';
}

/* So many bytes of the class stand there; beyond most it is not looked, since
 * what is longer is something else. */
static size_t run_of(struct span text, size_t at, enum secret_class class,
		     size_t most)
{
	size_t end = at;

	while (end < text.len && end - at <= most &&
	       secret_class_has(class, (unsigned char)text.at[end]))
		end++;
	return end - at;
}

static bool has_digit(const char *at, size_t len)
{
	while (len--) {
		if (at[len] >= '0' && at[len] <= '9')
			return true;
	}
	return false;
}

static bool is_shape(struct span text, size_t at,
		     const struct secret_shape *shape, struct secret *out)
{
	size_t begin = strlen(shape->prefix);
	size_t len;

	if (text.len - at < begin + shape->least ||
	    memcmp(text.at + at, shape->prefix, begin) != 0)
		return false;
	len = run_of(text, at + begin, shape->class, shape->most);
	/* The point that ends a sentence is none of it. */
	while (len > shape->least && text.at[at + begin + len - 1] == '.')
		len--;
	if (len < shape->least || len > shape->most ||
	    (shape->has_digit && !has_digit(text.at + at + begin, len)))
		return false;
	*out = (struct secret){ at, begin + len, shape->kind };
	if (shape->keeps_prefix) {
		out->at += begin;
		out->len -= begin;
	}
	return true;
}

/* RFC 7519: three parts of base64url, the first of which begins {" */
static bool is_jwt(struct span text, size_t at, struct secret *out)
{
	size_t end = at;
	size_t part;
	size_t i;

	if (text.len - at < 3 || memcmp(text.at + at, "eyJ", 3) != 0)
		return false;
	for (i = 0; i < 3; i++) {
		part = run_of(text, end, SECRET_WORD, JWT_PART_MOST);
		end += part;
		if (part < JWT_PART_LEAST || part > JWT_PART_MOST)
			return false;
		if (i < 2 && (end >= text.len || text.at[end++] != '.'))
			return false;
	}
	*out = (struct secret){ at, end - at, SECRET_JWT };
	return true;
}

/* A bot's: its number, a colon, and a word of 35. */
static bool is_telegram(struct span text, size_t at, struct secret *out)
{
	size_t end = at;

	while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9')
		end++;
	if (end - at < TELEGRAM_DIGITS || end - at > 12 ||
	    text.len - end < 1 + TELEGRAM_REST || text.at[end] != ':' ||
	    text.at[end + 1] != 'A' || text.at[end + 2] != 'A' ||
	    run_of(text, end + 1, SECRET_WORD, TELEGRAM_REST) !=
		    TELEGRAM_REST)
		return false;
	*out = (struct secret){ at, end + 1 + TELEGRAM_REST - at, SECRET_SERVICE };
	return true;
}

/* What its own shape tells, wherever it stands. */
static bool is_known(struct span text, size_t at, struct secret *out)
{
	char next = at + 1 < text.len ? text.at[at + 1] : '\0';
	const struct secret_shape *shape;
	char c = text.at[at];

	if (c >= '0' && c <= '9')
		return is_telegram(text, at, out);
	if (c == 'e')
		return is_jwt(text, at, out);
	for (shape = secret_shapes; shape->prefix; shape++) {
		if (shape->prefix[0] == c && shape->prefix[1] == next &&
		    is_shape(text, at, shape, out))
			return true;
	}
	return false;
}

/* A line's end, which may be written out, once or more. */
static size_t skip_ends(struct span text, size_t at)
{
	for (;;) {
		size_t slashes = at;

		while (slashes < text.len && text.at[slashes] == '\\')
			slashes++;
		if (slashes > at && slashes < text.len &&
		    (text.at[slashes] == 'n' || text.at[slashes] == 'r'))
			at = slashes + 1;
		else if (at < text.len && text.at[at] &&
			 strchr(" \t\r\n", text.at[at]))
			at++;
		else
			return at;
	}
}

/* A line of a key, or of what stands before one. */
static size_t pem_line(struct span text, size_t at)
{
	struct span rest = span_of(text.at + at, text.len - at);
	size_t len = 0;

	if (span_begins(rest, "Proc-Type:") || span_begins(rest, "DEK-Info:")) {
		while (len < rest.len && !strchr("\r\n\\", rest.at[len]))
			len++;
		return len;
	}
	while (len < rest.len && (secret_class_has(SECRET_ALNUM,
		(unsigned char)rest.at[len]) || memchr("+/=", rest.at[len], 3)))
		len++;
	return len;
}

/* RFC 7468, and what its line of begin says: to the line of end, or as far as
 * lines of base64 follow. The words alone are no key. */
static bool is_pem(struct span text, size_t at, struct secret *out)
{
	static const char key[] = "PRIVATE KEY";
	struct span line;
	size_t end;
	size_t from;
	size_t len;

	if (text.len - at < strlen(PEM_BEGIN) ||
	    memcmp(text.at + at, PEM_BEGIN, strlen(PEM_BEGIN)) != 0)
		return false;
	line = span_of(text.at + at,
		       text.len - at < PEM_LINE ? text.len - at : PEM_LINE);
	end = span_find(line, key, 0);
	if (end == SPAN_NOWHERE || span_find(line, "-----", 5) < end)
		return false;
	end = span_find(line, "-----", end);
	if (end == SPAN_NOWHERE)
		return false;
	end = at + end + strlen("-----");
	from = skip_ends(text, end);
	if (pem_line(text, from) < PEM_LEAST)
		return false;
	for (; (len = pem_line(text, from)) >= PEM_LAST;
	     from = skip_ends(text, end))
		end = from + len;
	if (span_begins(span_of(text.at + from, text.len - from),
			"-----END ")) {
		from = span_find(text, "-----", from + strlen("-----END "));
		end = from == SPAN_NOWHERE ? text.len : from + strlen("-----");
	}
	*out = (struct secret){ at, end - at, SECRET_PRIVATE_KEY };
	return true;
}

/* RFC 3986: what stands between the colon and the @ behind "://". */
static bool is_in_url(struct span text, size_t slashes, struct secret *out)
{
	size_t colon = 0;
	size_t i;

	for (i = slashes; i < text.len && i - slashes < URL_MOST; i++) {
		char c = text.at[i];

		if ((unsigned char)c <= ' ' || (c && strchr("/\"'`<>\\?#", c)))
			return false;
		if (c == ':' && !colon)
			colon = i + 1;
		if (c == '@')
			break;
	}
	if (!colon || i >= text.len || text.at[i] != '@' || i - colon < 3 ||
	    strchr("$<{%[*", text.at[colon]))
		return false;
	*out = (struct secret){ colon, i - colon, SECRET_URL };
	return true;
}

/* The name that ends at or before end, which spaces and a quote may follow. */
static struct span name_before(struct span text, size_t end)
{
	size_t from;

	while (end && memchr(" \t", text.at[end - 1], 2))
		end--;
	while (end && memchr("\"'`*", text.at[end - 1], 4))
		end--;
	while (end && text.at[end - 1] == '\\')
		end--;
	from = end;
	while (from && (joins_word(text.at[from - 1]) || text.at[from - 1] == '-' ||
			text.at[from - 1] == '.') && end - from < NAME_MOST)
		from--;
	return span_of(text.at + from, end - from);
}

/* {"name":"DB_PASSWORD","value":"..."}: what the value is called stands before
 * it. Absent where it is called nothing. */
static struct span paired_name(struct span text, struct span value)
{
	static const char *const heads[] = { "name", "Name", "key", "Key" };
	size_t end = (size_t)(value.at - text.at);
	struct span name;
	struct span head;
	size_t i;

	while (end && memchr(" \t\r\n,\"'\\", text.at[end - 1], 8))
		end--;
	name = name_before(text, end);
	end = (size_t)(name.at - text.at);
	while (end && memchr(" \t\"'\\", text.at[end - 1], 5))
		end--;
	head = end && text.at[end - 1] == ':' ? name_before(text, end - 1) :
		span_of(text.at, 0);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (span_equals(head, span_str(heads[i])))
			return name;
	}
	return span_of(text.at, 0);
}

/* Does it end a value that begins with this quote, or with none? */
static bool is_end(char c, char quote)
{
	return quote ? c == quote || c == '\n' :
	       (unsigned char)c <= ' ' || strchr("\"'`,;)}]>&|\\<", c);
}

/* What stands in quotes, which may be escaped themselves, or bare. */
static struct span value_at(struct span text, size_t at, bool *is_quoted)
{
	size_t from = at;
	size_t end;
	char quote = '\0';

	while (from < text.len && text.at[from] == '\\')
		from++;
	if (from < text.len && memchr("\"'`", text.at[from], 3))
		quote = text.at[from++];
	else
		from = at;
	end = from;
	while (end < text.len && end - from <= VALUE_MOST &&
	       !is_end(text.at[end], quote))
		end++;
	*is_quoted = quote && end < text.len && text.at[end] == quote;
	while (end > from && (text.at[end - 1] == '\\' ||
			      (!quote && text.at[end - 1] == '.')))
		end--;
	return span_of(text.at + from, end - from);
}

static bool is_assigned(struct span text, size_t name_end, size_t behind,
			struct secret *out)
{
	struct span name = name_before(text, name_end);
	struct span value;
	enum secret_kind kind;
	bool is_quoted;
	size_t at;

	while (behind < text.len && memchr(" \t*", text.at[behind], 3))
		behind++;
	if (span_equals(name, span_str("value")) ||
	    span_equals(name, span_str("Value")))
		name = paired_name(text, name);
	if (!secret_is_named(name, &kind))
		return false;
	value = value_at(text, behind, &is_quoted);
	if (!secret_is_value(value, kind, is_quoted))
		return false;
	/* Its own shape says more than a name does. */
	at = (size_t)(value.at - text.at);
	if (!is_known(text, at, out))
		*out = (struct secret){ at, value.len, kind };
	return true;
}

/* name = value, name: value, name := value, --name value; no comparison. */
static bool is_sign(struct span text, size_t at, struct secret *out)
{
	char c = text.at[at];
	char next = at + 1 < text.len ? text.at[at + 1] : '\0';
	size_t name_end = at;

	if (c == ':' && next == '/')
		return text.len - at > 3 && text.at[at + 2] == '/' &&
		       is_in_url(text, at + 3, out);
	if (c == ':' && next == '\\' &&
	    span_begins(span_of(text.at + at, text.len - at), ":\\/\\/"))
		return is_in_url(text, at + 5, out);
	if (c == ':' && (next == ':' || next == '='))
		return false;
	if (c == '=' && (next == '=' || next == '~'))
		return false;
	if (c == '=' && at && memchr("!=<>", text.at[at - 1], 4))
		return false;
	if (c == '=' && at && text.at[at - 1] == ':')
		name_end--;
	return is_assigned(text, name_end, at + 1 + (c == '=' && next == '>'),
			   out);
}

/* --password hunter2 */
static bool is_option(struct span text, size_t at, struct secret *out)
{
	size_t end;

	if (text.len - at < 8 || text.at[at + 1] != '-')
		return false;
	end = at + 2 + run_of(text, at + 2, SECRET_WORD, NAME_MOST);
	return end < text.len && text.at[end] == ' ' &&
	       is_assigned(text, end, end, out);
}

static bool is_begin(struct span text, size_t at, struct secret *out)
{
	return text.at[at] == '-' ?
	       is_pem(text, at, out) || is_option(text, at, out) :
	       is_known(text, at, out);
}

static bool is_hex(char c)
{
	return secret_class_has(SECRET_HEX, (unsigned char)c) ||
	       (c >= 'A' && c <= 'F');
}

static bool are_hex(struct span text, size_t at, size_t n)
{
	while (n && at < text.len && is_hex(text.at[at])) {
		at++;
		n--;
	}
	return !n;
}

/* How many bytes more an escape has behind this one: \n, \u001b, %3D, and
 * what stands behind the [ of a colour. */
static size_t escape_len(struct span text, size_t at)
{
	size_t end = at + 1;

	if (end >= text.len)
		return 0;
	if (text.at[at] == '%')
		return are_hex(text, end, 2) ? 2 : 0;
	if (text.at[at] == '\\' && text.at[end] == 'u')
		return are_hex(text, end + 1, 4) ? 5 : 0;
	if (text.at[at] == '\\')
		return strchr("nrtbf", text.at[end]) != NULL;
	while (end < text.len && end - at < 16 &&
	       ((text.at[end] >= '0' && text.at[end] <= '9') ||
		text.at[end] == ';'))
		end++;
	return end < text.len && strchr("mK", text.at[end]) ? end - at : 0;
}

bool secret_find(struct span text, size_t from, struct secret *out)
{
	unsigned before = from ? of_byte[(unsigned char)text.at[from - 1]] : 0;
	unsigned now;
	size_t at;

	for (at = from; at < text.len; at++, before = now) {
		now = of_byte[(unsigned char)text.at[at]];
		if (now & ESCAPE) {
			at += escape_len(text, at);
		} else if (now & SIGN) {
			if (is_sign(text, at, out))
				return true;
		} else if ((now & BEGIN) && !(before & JOINED) &&
			   is_begin(text, at, out)) {
			return true;
		}
	}
	return false;
}
