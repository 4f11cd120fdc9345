#include "cmd/import/beside/home.h"

#include <string.h>

/* What the last part of a folder's name is, without its '/'. */
static struct span base_of(struct span folder, const char *top)
{
	size_t at;

	if (!folder.len)
		return span_str(top);
	folder.len--;
	for (at = folder.len; at && folder.at[at - 1] != '/'; at--)
		;
	return span_of(folder.at + at, folder.len - at);
}

static bool has_file(const struct bundle *bundle, struct span folder,
		     const char *name)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;

	buf_put_span(&path, folder);
	buf_put_str(&path, name);
	if (buf_end(&path, NULL) == 0)
		is_there = bundle_find(bundle, buf_text(&path)) != NULL;
	buf_put_char(&path, '/');
	if (!is_there && buf_end(&path, NULL) == 0)
		is_there = bundle_has_below(bundle, buf_text(&path));
	buf_release(&path);
	return is_there;
}

static bool has_any(const struct bundle *bundle, struct span folder,
		    const char *const *names)
{
	for (; *names; names++) {
		if (has_file(bundle, folder, *names))
			return true;
	}
	return false;
}

const struct import_home *home_of(const struct import_job *job,
				  const struct bundle *bundle,
				  const char *top, struct span folder)
{
	struct span base = base_of(folder, top);
	const struct importer *const *at;
	const struct import_home *home;

	for (at = importer_table; *at; at++) {
		home = (*at)->home;
		if (home && (!job->options.format ||
			     job->options.format == *at) && has_any(bundle, folder, home->rooms) &&
		    (span_equals(base, span_str(home->folder)) ||
		     has_any(bundle, folder, home->signs)))
			return home;
	}
	return NULL;
}

bool home_is_secret(struct span name)
{
	static const char *const names[] = {
		".credentials.json", "credentials.json", "oauth_creds.json",
		"google_accounts.json", "auth.json", ".claude.json",
		"mcp-oauth-tokens.json", "mcp-oauth-tokens-v2.json",
		"hosts.json", "apps.json", "secrets.json", ".env", ".netrc", ".npmrc",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (span_equals(name, span_str(names[i])))
			return true;
	}
	return false;
}

bool home_has_room(const struct import_home *home, struct span name)
{
	const char *const *room;

	for (room = home->rooms; *room; room++) {
		if (span_equals(name, span_str(*room)))
			return true;
	}
	return false;
}

const struct import_home *home_outside(const struct import_job *job,
				       const struct bundle *bundle,
				       const char *name, size_t *out_len)
{
	const struct import_home *home;
	size_t begin = 0;
	size_t len;

	for (;; begin += len + 1) {
		len = strcspn(name + begin, "/");
		home = home_of(job, bundle, "", span_of(name, begin));
		if (home && !home_has_room(home, span_of(name + begin, len))) {
			*out_len = begin + len;
			return home;
		}
		if (!name[begin + len])
			return NULL;
	}
}
