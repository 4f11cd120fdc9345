#include "refs/remote/transport/url.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"

struct scheme {
	const char *prefix;
	enum remote_kind kind;
	bool takes_user;
};

static const struct scheme schemes[] = {
	{ "file://", REMOTE_PATH, false },
	{ "git://", REMOTE_GIT, false },
	{ "https://", REMOTE_HTTP, true },
	{ "http://", REMOTE_HTTP, true },
	{ "ssh://", REMOTE_SSH, true },
	{ NULL, REMOTE_PATH, false }
};

void url_release(struct url *url)
{
	buf_release(&url->user);
	buf_release(&url->host);
	buf_release(&url->port);
	buf_release(&url->path);
}

static bool is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

/* The byte behind a percent sign at the start of text, or -1. */
static int percent_value(struct span text)
{
	int high, low;

	if (text.len < 3 || text.at[0] != '%')
		return -1;
	high = hex_digit(text.at[1]);
	low = hex_digit(text.at[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static int decode(struct span text, struct buf *out, struct err *err)
{
	int value;
	int rc = 0;

	while (rc == 0 && text.len) {
		value = percent_value(text);
		rc = buf_add_char(out, value < 0 ? text.at[0] : (char)value,
				  err);
		text = value < 0 ? span_of(text.at + 1, text.len - 1) :
				   span_of(text.at + 3, text.len - 3);
	}
	return rc;
}

/*
 * Control characters end up in credential helpers, in a git:// request and
 * on terminals, and each of these takes a line break for a new line of its
 * own; so no spelling of one is let through.
 */
static int characters_check(struct span text, bool has_scheme,
			    struct err *err)
{
	size_t i;
	int value;

	if (!text.len || text.len > REMOTE_URL_MAX / 2)
		return err_set(err, ERR_INVALID, "the url of a remote has 1 "
			       "to %d characters", REMOTE_URL_MAX / 2);
	for (i = 0; i < text.len; i++) {
		value = percent_value(span_of(text.at + i, text.len - i));
		if (is_control((unsigned char)text.at[i]) ||
		    (has_scheme && value >= 0 &&
		     is_control((unsigned char)value)))
			return err_set(err, ERR_INVALID, "a control character "
				       "in the url of a remote");
		if (has_scheme && text.at[i] == ' ')
			return err_set(err, ERR_INVALID,
				       "a blank in the url of a remote");
	}
	if (text.at[0] == '-')
		return err_set(err, ERR_INVALID,
			       "the url of a remote begins with '-'");
	return 0;
}

static int part_check(const struct buf *part, const char *what,
		      struct err *err)
{
	if (part->len && part->data[0] == '-')
		return err_set(err, ERR_INVALID,
			       "the %s in the url begins with '-'", what);
	return 0;
}

static int port_check(const struct buf *port, struct err *err)
{
	const char *text = buf_text(port);
	long value;

	if (!port->len || port->len > 5 ||
	    strspn(text, "0123456789") != port->len)
		return err_set(err, ERR_INVALID,
			       "not a port in the url: '%s'", text);
	value = strtol(text, NULL, 10);
	if (value < 1 || value > 65535)
		return err_set(err, ERR_INVALID,
			       "not a port in the url: '%s'", text);
	return 0;
}

static int host_check(const struct buf *host, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

	if (!host->len || strspn(buf_text(host), letters) != host->len)
		return err_set(err, ERR_INVALID, "not a host in the url: '%s'",
			       buf_text(host));
	return part_check(host, "host", err);
}

/* "host", "host:port", "[address]", "[address]:port". */
static int host_parse(struct span text, struct url *out, struct err *err)
{
	const char *end;
	struct span rest;
	int rc;

	if (text.len && text.at[0] == '[') {
		end = memchr(text.at, ']', text.len);
		if (!end)
			return err_set(err, ERR_INVALID,
				       "a bracket is open in the url");
		rc = buf_add(&out->host, text.at + 1,
			     (size_t)(end - text.at) - 1, err);
		end++;
	} else {
		end = memchr(text.at, ':', text.len);
		end = end ? end : text.at + text.len;
		rc = buf_add(&out->host, text.at, (size_t)(end - text.at),
			     err);
	}
	rest = span_of(end, text.len - (size_t)(end - text.at));
	if (rc == 0)
		rc = host_check(&out->host, err);
	if (rc < 0 || !rest.len)
		return rc;
	if (rest.at[0] != ':')
		return err_set(err, ERR_INVALID, "not a host in the url");
	rc = buf_add(&out->port, rest.at + 1, rest.len - 1, err);
	return rc < 0 ? rc : port_check(&out->port, err);
}

/* [user@]host[:port]; the user may hold an '@', the host cannot. */
static int authority_parse(struct span text, bool takes_user, struct url *out,
			   struct err *err)
{
	size_t at = text.len;
	int rc;

	while (at && text.at[at - 1] != '@')
		at--;
	if (!at)
		return host_parse(text, out, err);
	if (memchr(text.at, ':', at))
		return err_set(err, ERR_INVALID, "a password in the url would "
			       "be stored in the clear: leave it to git's "
			       "credential helpers");
	if (at == 1 || !takes_user)
		return err_set(err, ERR_INVALID,
			       "no user can stand in this url");
	rc = decode(span_of(text.at, at - 1), &out->user, err);
	if (rc == 0)
		rc = part_check(&out->user, "user", err);
	if (rc < 0)
		return rc;
	return host_parse(span_of(text.at + at, text.len - at), out, err);
}

static bool is_loopback(const char *host)
{
	return !strcmp(host, "localhost") || !strcmp(host, "::1") ||
	       (!strncmp(host, "127.", 4) &&
		strspn(host, "0123456789.") == strlen(host));
}

/* ssh://host/~user/x means ~user/x, as for git. */
static int ssh_path(struct url *out, struct err *err)
{
	if (out->path.len > 1 && out->path.data[1] == '~') {
		memmove(out->path.data, out->path.data + 1, out->path.len - 1);
		buf_cut(&out->path, out->path.len - 1);
	}
	return part_check(&out->path, "path", err);
}

static int network_parse(const struct scheme *scheme, struct span rest,
			 struct url *out, struct err *err)
{
	const char *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
	size_t len;
	int rc;

	if (!slash)
		return err_set(err, ERR_INVALID,
			       "no path behind the host in the url");
	len = (size_t)(slash - rest.at);
	rc = authority_parse(span_of(rest.at, len), scheme->takes_user, out,
			     err);
	if (rc == 0)
		rc = decode(span_of(slash, rest.len - len), &out->path, err);
	if (rc == 0 && scheme->kind == REMOTE_SSH)
		rc = ssh_path(out, err);
	if (rc < 0)
		return rc;
	if (!strcmp(scheme->prefix, "http://") &&
	    !is_loopback(buf_text(&out->host)))
		return err_set(err, ERR_INVALID, "http:// would send all in "
			       "the clear: use https://");
	return 0;
}

static int file_parse(struct span rest, struct url *out, struct err *err)
{
	static const char local[] = "localhost";

	if (span_begins(rest, local))
		rest = span_of(rest.at + sizeof(local) - 1,
			       rest.len - sizeof(local) + 1);
	if (!rest.len || rest.at[0] != '/')
		return err_set(err, ERR_INVALID,
			       "a file url names a folder of this machine");
	return decode(rest, &out->path, err);
}

/* [user@]host:path, as git reads it. */
static int scp_parse(struct span text, size_t colon, struct url *out,
		     struct err *err)
{
	struct span path = span_of(text.at + colon + 1, text.len - colon - 1);
	int rc;

	out->kind = REMOTE_SSH;
	if (!path.len)
		return err_set(err, ERR_INVALID,
			       "no path behind the host in the url");
	rc = authority_parse(span_of(text.at, colon), true, out, err);
	if (rc == 0)
		rc = buf_add_span(&out->path, path, err);
	return rc < 0 ? rc : part_check(&out->path, "path", err);
}

/* The colon of user@host:path or [::1]:path; text.len when it is a path. */
static size_t scp_colon(struct span text)
{
	size_t i;
	bool in_brackets = false;

	for (i = 0; i < text.len && text.at[i] != '/'; i++) {
		if (text.at[i] == '[' || text.at[i] == ']')
			in_brackets = text.at[i] == '[';
		if (text.at[i] == ':' && !in_brackets)
			return i;
	}
	return text.len;
}

static int parse(struct span text, struct url *out, struct err *err)
{
	const struct scheme *scheme = schemes;
	size_t colon = scp_colon(text);
	struct span rest;

	while (scheme->prefix && !span_begins(text, scheme->prefix))
		scheme++;
	out->kind = scheme->kind;
	if (!scheme->prefix) {
		rest = span_of(text.at + colon, text.len - colon);
		if (span_begins(rest, "://") || span_begins(rest, "::"))
			return err_set(err, ERR_INVALID, "unknown scheme in "
				       "'%.*s': a remote is a path, file://, "
				       "git://, https:// or ssh",
				       (int)text.len, text.at);
		if (colon < text.len)
			return scp_parse(text, colon, out, err);
		return buf_add_span(&out->path, text, err);
	}
	rest = span_of(text.at + strlen(scheme->prefix),
		       text.len - strlen(scheme->prefix));
	if (scheme->kind == REMOTE_PATH)
		return file_parse(rest, out, err);
	return network_parse(scheme, rest, out, err);
}

int url_parse(const char *text, struct url *out, struct err *err)
{
	struct url url = URL_INIT;
	struct span whole = span_str(text);
	int rc = characters_check(whole, strstr(text, "://") != NULL, err);

	if (rc == 0)
		rc = parse(whole, &url, err);
	/* What was decoded may hold what the text did not. */
	if (rc == 0 && url.path.len != strlen(buf_text(&url.path)))
		rc = err_set(err, ERR_INVALID,
			     "a control character in the url of a remote");
	if (rc < 0) {
		url_release(&url);
		return rc;
	}
	url_release(out);
	*out = url;
	return 0;
}

int remote_url_check(const char *url, enum remote_kind *out, struct err *err)
{
	struct url parts = URL_INIT;
	int rc = url_parse(url, &parts, err);

	if (rc == 0 && out)
		*out = parts.kind;
	url_release(&parts);
	return rc;
}
