#include "cmd/import/beside/home.h"

#include <string.h>

#include "cmd/import/beside/beside.h"

/* Is the end of this path, which may have a '/' behind it, so called? */
static bool is_called(struct span path, const char *name)
{
	size_t len = strlen(name);

	if (path.len && path.at[path.len - 1] == '/')
		path.len--;
	return span_ends(path, name) &&
	       (path.len == len || path.at[path.len - len - 1] == '/');
}

static bool lies_in(struct span place, const char *folder)
{
	size_t i;

	for (i = 0; i < place.len; i++) {
		if (place.at[i] == '/' &&
		    is_called(span_of(place.at, i), folder))
			return true;
	}
	return false;
}

const char *home_construct(const struct import_input *input,
			   const struct import_home *homes,
			   const char *otherwise)
{
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	const struct import_home *home = homes;

	if (beside_place(input, &place, NULL) < 0)
		buf_reset(&place);
	while (home && (!home->construct ||
			!lies_in(buf_span(&place), home->folder)))
		home = home->next;
	buf_release(&place);
	return home ? home->construct : otherwise;
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

static bool is_home(const struct import_home *home,
		    const struct bundle *bundle, struct span folder,
		    const char *top, bool is_by_name)
{
	return has_any(bundle, folder, home->rooms) &&
	       (is_by_name ? is_called(folder.len ? folder : span_str(top),
				       home->folder) :
		has_any(bundle, folder, home->signs));
}

const struct import_home *home_of(const struct import_job *job,
				  const struct bundle *bundle,
				  const char *top, struct span folder)
{
	const struct importer *const *at;
	const struct import_home *home;
	bool is_by_name = true;

	for (;; is_by_name = false) {
		for (at = importer_table; *at; at++) {
			home = job->options.format &&
				job->options.format != *at ? NULL :
				(*at)->home;
			while (home && !is_home(home, bundle, folder, top,
						is_by_name))
				home = home->next;
			if (home)
				return home;
		}
		if (!is_by_name)
			return NULL;
	}
}

bool home_is_secret(struct span name)
{
	static const char *const names[] = {
		".credentials.json", "credentials.json", "oauth_creds.json",
		"google_accounts.json", "auth.json", ".claude.json",
		"auth-profiles.json", "mcp-oauth-tokens.json",
		"mcp-oauth-tokens-v2.json",
		"hosts.json", "apps.json", "secrets.json", ".env", ".netrc", ".npmrc",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (span_equals(name, span_str(names[i])))
			return true;
	}
	return false;
}

static bool has_name(const char *const *names, struct span name)
{
	for (; names && *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

bool home_has_room(const struct import_home *home, struct span name)
{
	return has_name(home->rooms, name) || has_name(home->notes, name);
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
