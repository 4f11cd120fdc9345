#include "lib/json/lex.h"

#include "lib/id/encode.h"

const char *lex_fault(enum lex_stop stop)
{
	return stop == LEX_OPEN ? "open string" :
	       stop == LEX_ESCAPE ? "wrong escape" :
	       stop == LEX_CONTROL ? "bare control character" : "wrong UTF-8";
}

/* The code unit of a "\uXXXX" at the begin of text; -1 when there is none. */
static long escape_unit(struct span text)
{
	long unit = 0;
	size_t i;

	if (text.len < 6 || text.at[0] != '\\' || text.at[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (hex_digit(text.at[i]) < 0)
			return -1;
		unit = unit * 16 + hex_digit(text.at[i]);
	}
	return unit;
}

const unsigned char lex_short_escapes[256] = {
	['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f',
	['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

size_t lex_unit_escape(struct span text, uint32_t *point)
{
	long unit = escape_unit(text);
	long low;

	if (unit < 0)
		return 0;
	*point = (uint32_t)unit;
	if (unit < 0xd800 || unit >= 0xdc00)
		return 6;
	low = escape_unit(span_of(text.at + 6, text.len - 6));
	if (low < 0xdc00 || low >= 0xe000)
		return 6;
	*point = (uint32_t)(0x10000 + ((unit - 0xd800) << 10) +
			    (low - 0xdc00));
	return 12;
}
