#include "lib/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	"ok", "invalid", "not-found", "exists", "io", "no-memory", "limit",
	"corrupt", "untrusted", "denied", "no-key", "locked", "changed",
	"network", "auth", "timeout", "canceled", "unsupported",
	"sealed",
};

static enum err_code code_of_errno(int number)
{
	switch (number) {
	case ENOENT:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_EXISTS;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case ENOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list args;

	if (!err || err->code)
		return code;
	err->code = code;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

int err_copy(struct err *err, int code, const struct err *reason)
{
	return code < 0 ? err_set(err, (enum err_code)code, "%s",
				  reason->text) : 0;
}

int err_errno(struct err *err, const char *fmt, ...)
{
	int number = errno;
	enum err_code code = code_of_errno(number);
	size_t used;
	va_list args;

	if (!err || err->code)
		return code;
	err->code = code;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s",
		 strerror(number));
	return code;
}

void err_prefix(struct err *err, const char *fmt, ...)
{
	char old[ERR_TEXT_MAX];
	size_t used;
	va_list args;

	if (!err || !err->code)
		return;
	memcpy(old, err->text, sizeof(old));
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
}

void err_clear(struct err *err)
{
	err->code = 0;
	err->text[0] = '\0';
}

const char *err_word(int code)
{
	size_t index = (size_t)(code < 0 ? -code : 0);

	if (index >= sizeof(words) / sizeof(words[0]))
		return "invalid";
	return words[index];
}
