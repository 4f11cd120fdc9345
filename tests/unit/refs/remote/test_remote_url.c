
#include "refs/remote/transport/transport_internal.h"
#include "tests/tap.h"

struct good {
	const char *url;
	enum remote_kind kind;
	const char *user, *host, *port, *path;
};

static const struct good good[] = {
	{ "/srv/a b.git", REMOTE_PATH, "", "", "", "/srv/a b.git" },
	{ "./x", REMOTE_PATH, "", "", "", "./x" },
	{ "./x:y", REMOTE_PATH, "", "", "", "./x:y" },
	{ "x", REMOTE_PATH, "", "", "", "x" },
	{ "/srv/100%", REMOTE_PATH, "", "", "", "/srv/100%" },
	{ "file:///srv/a%20b", REMOTE_PATH, "", "", "", "/srv/a b" },
	{ "file://localhost/srv/x", REMOTE_PATH, "", "", "", "/srv/x" },
	{ "git://h/p.git", REMOTE_GIT, "", "h", "", "/p.git" },
	{ "git://h:9418/p", REMOTE_GIT, "", "h", "9418", "/p" },
	{ "https://h/p", REMOTE_HTTP, "", "h", "", "/p" },
	{ "https://u@h:8443/p", REMOTE_HTTP, "u", "h", "8443", "/p" },
	{ "https://a%40b@h/p", REMOTE_HTTP, "a@b", "h", "", "/p" },
	{ "http://127.0.0.1:80/p", REMOTE_HTTP, "", "127.0.0.1", "80", "/p" },
	{ "http://localhost/p", REMOTE_HTTP, "", "localhost", "", "/p" },
	{ "http://[::1]:8/p", REMOTE_HTTP, "", "::1", "8", "/p" },
	{ "ssh://u@h:22/p", REMOTE_SSH, "u", "h", "22", "/p" },
	{ "ssh://h/~u/p", REMOTE_SSH, "", "h", "", "~u/p" },
	{ "ssh://[fe80::1]:22/p", REMOTE_SSH, "", "fe80::1", "22", "/p" },
	{ "u@h:p/q", REMOTE_SSH, "u", "h", "", "p/q" },
	{ "h:p", REMOTE_SSH, "", "h", "", "p" },
	{ "u@[::1]:p", REMOTE_SSH, "u", "::1", "", "p" },
	{ "u:p@h:x", REMOTE_SSH, "", "u", "", "p@h:x" },
	{ "[::1:p", REMOTE_PATH, "", "", "", "[::1:p" },
	{ "h:/p:q", REMOTE_SSH, "", "h", "", "/p:q" },
};

static const char *const bad[] = {
	"", "-x", "--upload-pack=x", "-h:p", "h:-p", "u@-h:p", "-u@h:p",
	"ssh://-h/p", "ssh://-u@h/p", "ssh://-oProxyCommand=x/p",
	"ssh://h/~-p\n", "ssh://%2dx@h/p", "ssh://h", "ssh://h:0/p",
	"ssh://h:65536/p", "ssh://h:22x/p", "ssh://h:/p", "ssh://u:p@h/p",
	"https://u:p@h/p", "https://u%0a@h/p", "https://h/p%0d",
	"https://h/p%00", "https:///p", "https://h h/p", "https://@h/p",
	"http://h/p", "http://127.0.0.1.evil/p", "http://localhost.evil/p",
	"http://127.evil/p", "git://u@h/p", "git://h\n/p", "git://h/p\177",
	"file://other/p", "file://", "file://x", "file:///p%00q", "ftp://h/p",
	"ext::sh -c x", "git+ssh://h/p", "HTTPS://h/p", "a\nb", "/a\033b",
	"h:", ":p", "ssh://[::1/p", "https://h$x/p", "ssh://h;x/p",
	"h;x:p", "https://h%0a/p",
};

static void check_good(const struct good *want)
{
	struct url url = URL_INIT;
	struct err err = ERR_INIT;

	if (!ok(url_parse(want->url, &url, &err) == 0, "takes '%s'",
		want->url)) {
		diag("%s", err.text);
		return;
	}
	is_int(url.kind, want->kind, "kind");
	is_str(buf_text(&url.user), want->user, "user");
	is_str(buf_text(&url.host), want->host, "host");
	is_str(buf_text(&url.port), want->port, "port");
	is_str(buf_text(&url.path), want->path, "path");
	url_release(&url);
}

static void check_bad(const char *text)
{
	struct err err = ERR_INIT;
	enum remote_kind kind = REMOTE_GIT;

	is_int(remote_url_check(text, &kind, &err), ERR_INVALID, text);
	ok(err.text[0] != '\0', "and says why");
	is_int(kind, REMOTE_GIT, "and leaves the kind alone");
}

static void check_long(void)
{
	char text[REMOTE_URL_MAX + 2];
	struct err err = ERR_INIT;

	memset(text, 'a', sizeof(text));
	text[0] = '/';
	text[REMOTE_URL_MAX / 2] = '\0';
	is_int(remote_url_check(text, NULL, &err), 0, "the longest url");
	text[REMOTE_URL_MAX / 2] = 'a';
	text[REMOTE_URL_MAX / 2 + 1] = '\0';
	is_int(remote_url_check(text, NULL, &err), ERR_INVALID,
	       "one character more");
}

static void check_command(const char *path, const char *want)
{
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;
	int rc = ssh_command("git-upload-pack", span_str(path), &out, &err);

	is_int(rc, want ? 0 : ERR_INVALID, "ssh command");
	if (want)
		is_str(buf_text(&out), want, path);
	buf_release(&out);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_good(&good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_bad(bad[i]);
	check_long();
	check_command("/p q", "git-upload-pack '/p q'");
	check_command("a'b", "git-upload-pack 'a'\\''b'");
	check_command("a!b", "git-upload-pack 'a'\\!'b'");
	check_command("$(x);`y`", "git-upload-pack '$(x);`y`'");
	check_command("a\nb", NULL);
	return done_testing();
}
