#include "refs/history/construct_name.h"

#include "lib/base/utf8.h"

#define NAME_LEN_MAX (CONSTRUCT_NAME_MAX - 1)

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_allowed(char c)
{
	return is_plain(c) || c == '.' || c == '_' || c == '-';
}

int construct_name_check(struct span name, struct err *err)
{
	size_t i;

	if (!name.len || name.len > NAME_LEN_MAX)
		return err_set(err, ERR_INVALID, "the name of a construct has "
			       "1 to %d characters", NAME_LEN_MAX);
	if (!is_plain(name.at[0]))
		return err_set(err, ERR_INVALID, "the name of a construct "
			       "begins with a-z or 0-9");
	for (i = 0; i < name.len; i++) {
		if (!is_allowed(name.at[i]))
			return err_set(err, ERR_INVALID, "the name of a "
				       "construct consists of a-z, 0-9, '.', "
				       "'_' and '-'");
		if (i && name.at[i] == '.' && name.at[i - 1] == '.')
			return err_set(err, ERR_INVALID, "the name of a "
				       "construct cannot hold '..'");
	}
	if (span_ends(name, ".") || span_ends(name, ".lock"))
		return err_set(err, ERR_INVALID, "the name of a construct "
			       "cannot end in '.' or '.lock'");
	return 0;
}

/* One character of the foreign name; every other one becomes one '-'. */
static char fold_char(struct span *in)
{
	uint32_t point;
	size_t used = utf8_decode(*in, &point);
	char c = in->at[0];

	if (!used)
		used = 1;
	*in = span_of(in->at + used, in->len - used);
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return is_allowed(c) ? c : '-';
}

int construct_name_fold(struct span foreign, char out[CONSTRUCT_NAME_MAX],
			struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	size_t len = 0;
	char c;

	while (foreign.len && len < NAME_LEN_MAX) {
		c = fold_char(&foreign);
		if (!len && !is_plain(c))
			continue;
		if (c == '.' && name[len - 1] == '.')
			c = '-';
		name[len++] = c;
	}
	while (len && name[len - 1] == '.')
		len--;
	if (span_ends(span_of(name, len), ".lock"))
		name[len - strlen(".lock")] = '-';
	if (!len)
		return err_set(err, ERR_INVALID, "nothing in this name can "
			       "stand in the name of a construct");
	if (span_equals(span_of(name, len), span_str(VAULT_CONSTRUCT)))
		return err_set(err, ERR_INVALID, "the name '%s' is reserved",
			       VAULT_CONSTRUCT);
	memcpy(out, name, len);
	out[len] = '\0';
	return 0;
}
