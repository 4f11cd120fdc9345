/*
 * Errors: one code to branch on, one sentence for the user.
 */
#ifndef VV_LIB_BASE_ERR_H
#define VV_LIB_BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum err_code {
	ERR_INVALID = -1,	/* bad input: argument, file, record */
	ERR_NOT_FOUND = -2,	/* the named thing does not exist */
	ERR_EXISTS = -3,	/* it exists already */
	ERR_IO = -4,		/* the operating system said no */
	ERR_NOMEM = -5,
	ERR_LIMIT = -6,		/* larger or deeper than a stated bound */
	ERR_CORRUPT = -7,	/* stored bytes are not what they must be */
	ERR_UNTRUSTED = -8,	/* verification refused something */
	ERR_DENIED = -9,	/* not allowed: role, owner, file mode */
	ERR_NO_KEY = -10,	/* sealed, and this device holds no key */
	ERR_LOCKED = -11,	/* another process holds the lock */
	ERR_CHANGED = -12,	/* compare-and-swap found another value */
	ERR_NETWORK = -13,	/* a remote failed or hung up */
	ERR_AUTH = -14,		/* credentials or a passphrase were refused */
	ERR_TIMEOUT = -15,
	ERR_CANCELED = -16,	/* stopped by a callback, hook or signal */
	ERR_UNSUPPORTED = -17,	/* newer format, unknown transport */
	ERR_SEALED = -18	/* our key needs a passphrase, and nobody gave
				   it */
};

#define ERR_TEXT_MAX 1024

/*
 * Caller's storage; start with ERR_INIT. Holds the first failure: setting an
 * error that is set already changes nothing, so that the cause wins over its
 * consequences.
 */
struct err {
	int code;		/* 0: none */
	char text[ERR_TEXT_MAX];
};

#define ERR_INIT { 0, "" }

/*
 * Record a failure and return its code, so that a caller writes
 * "return err_set(err, ERR_INVALID, ...)". Text: lower case, no full stop,
 * failure first, the subject in single quotes. Text that is too long is cut.
 * err may be NULL; the code is returned all the same.
 */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Record a failure, with the text that reason holds, and return its code; of
 * code 0 that is all. */
int err_copy(struct err *err, int code, const struct err *reason);

/*
 * The same for a failed system call: appends ": <strerror(errno)>". The code
 * is ERR_NOT_FOUND for ENOENT, ERR_EXISTS for EEXIST, ERR_DENIED for EACCES
 * and EPERM, ERR_NOMEM for ENOMEM, else ERR_IO.
 */
int err_errno(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Put "<context>: " before the text of an error that is set. */
void err_prefix(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Forget the error, so that the struct can be used again. */
void err_clear(struct err *err);

/* Stable word for a code, as --json prints it: "invalid", "not-found" ... */
const char *err_word(int code);

#endif
