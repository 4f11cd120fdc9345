#include "refs/remote/exchange/exchange_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CONFIG_MAX ((size_t)64 << 10)
#define BYTE_ORDER_MARK "\357\273\277"	/* git passes over one in front */

/*
 * What is asked of the config of a repository of somebody else: its form, and
 * whether something there is meant to be asked by a push. It is read here and
 * not by libgit2, which would open what it includes, wait for pipes and obey
 * the rest.
 */
struct form {
	char section[64];		/* in lower case, without a name behind it */
	int version;
	char unknown[128];		/* extensions.<name> = <value> */
	bool has_include;
	bool has_hooks_path;
};

/* Extensions under which refs and objects lie where we look for them. */
static bool is_harmless(const char *key, const char *value)
{
	static const char *const names[] = {
		"noop", "preciousobjects", "worktreeconfig", NULL
	};
	size_t i;

	for (i = 0; names[i]; i++) {
		if (!strcmp(key, names[i]))
			return true;
	}
	return (!strcmp(key, "objectformat") && !strcmp(value, "sha1")) ||
	       (!strcmp(key, "refstorage") && !strcmp(value, "files"));
}

static void take_value(struct form *form, const char *key, const char *value)
{
	if (!strcmp(form->section, "core") &&
	    !strcmp(key, "repositoryformatversion"))
		form->version = !strcmp(value, "0") ? 0 :
				!strcmp(value, "1") ? 1 : -1;
	if (!strcmp(form->section, "core") && !strcmp(key, "hookspath"))
		form->has_hooks_path = true;
	if (!strncmp(form->section, "include", 7) && !strcmp(key, "path"))
		form->has_include = true;
	if (!strcmp(form->section, "extensions") && !form->unknown[0] &&
	    !is_harmless(key, value))
		snprintf(form->unknown, sizeof(form->unknown),
			 "extensions.%.40s = %.40s", key, value);
}

static void lower(char *text)
{
	for (; *text; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text += 'a' - 'A';
	}
}

/*
 * "[section]" or "[section \"name\"]", and a name may hold a bracket; what
 * stands behind it is left.
 */
static char *take_section(struct form *form, char *line)
{
	size_t len = strcspn(line + 1, "] \t\"");
	char *end = line + 1 + len;

	snprintf(form->section, sizeof(form->section), "%.*s", (int)len,
		 line + 1);
	lower(form->section);
	end += strspn(end, " \t");
	if (*end == '"') {
		for (end++; *end && *end != '"'; end++)
			end += *end == '\\' && end[1];
	}
	end += strcspn(end, "]");
	return end + (*end == ']');
}

/* The value without quotes, spaces around it and a comment behind it. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\"");
	text[strcspn(text, "#;\"\r")] = '\0';
	len = strlen(text);
	while (len && strchr(" \t", text[len - 1]))
		text[--len] = '\0';
	return text;
}

static void take_line(struct form *form, char *line)
{
	char *equals;

	line += strspn(line, " \t\r");
	if (*line == '[') {
		line = take_section(form, line);
		line += strspn(line, " \t\r");
	}
	if (!*line || *line == '#' || *line == ';')
		return;
	equals = strchr(line, '=');
	if (equals)
		*equals++ = '\0';
	line = trim(line);
	lower(line);
	take_value(form, line, equals ? trim(equals) : "true");
}

static int form_read(struct form *form, const struct folder *git_dir,
		     struct err *err)
{
	struct buf text = BUF_INIT(CONFIG_MAX);
	struct err reason = ERR_INIT;
	char *line, *rest;
	int rc = folder_read(git_dir, "config", &text, &reason);

	/* Without one it is of the form that git began with. */
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc < 0)
		err_copy(err, rc, &reason);
	else if (text.len && memchr(text.data, '\0', text.len))
		rc = err_set(err, ERR_CORRUPT, "'%s/config' is damaged",
			     git_dir->path);
	line = rc == 0 && text.len ? text.data : NULL;
	if (line && !strncmp(line, BYTE_ORDER_MARK, 3))
		line += 3;
	for (; line; line = rest) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		take_line(form, line);
	}
	buf_release(&text);
	return rc;
}

static int form_check(const struct form *form, const char *path,
		      struct err *err)
{
	if (form->version < 0)
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a repository of "
			       "a version that vvault does not know", path);
	if (form->unknown[0])
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a repository in "
			       "a form that vvault does not know (%s)", path,
			       form->unknown);
	return 0;
}

static bool is_program(const struct folder *hooks, const char *name)
{
	struct stat st;

	return fstatat(hooks->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (S_ISLNK(st.st_mode) ||
		(S_ISREG(st.st_mode) && (st.st_mode & 0111)));
}

/*
 * Git runs these in a push to a path, as the user who pushes. A folder that
 * came with a stick or that others write to would run what they like; and to
 * pass by a hook that says no, or that hands on what arrives, is not what its
 * owner expects either.
 */
static int hooks_check(const struct form *form, const struct folder *git_dir,
		       struct err *err)
{
	static const char *const names[] = {
		"pre-receive", "update", "proc-receive", "post-receive",
		"post-update", "reference-transaction", NULL
	};
	struct folder hooks = FOLDER_INIT;
	struct err reason = ERR_INIT;
	size_t i;
	int rc;

	if (form->has_hooks_path)
		return err_set(err, ERR_DENIED, "'%s' names hooks of its own "
			       "(core.hooksPath), and vvault runs no program "
			       "of another folder: push to it over ssh",
			       git_dir->path);
	if (form->has_include)
		return err_set(err, ERR_DENIED, "the config of '%s' includes "
			       "other files, which vvault does not read: push "
			       "to it over ssh", git_dir->path);
	rc = folder_enter(git_dir, "hooks", false, &hooks, &reason);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_copy(err, rc, &reason);
	for (i = 0; rc == 0 && names[i]; i++) {
		if (is_program(&hooks, names[i]))
			rc = err_set(err, ERR_DENIED, "'%s' has the hook '%s', "
				     "and vvault runs no program of another "
				     "folder: push to it over ssh",
				     git_dir->path, names[i]);
	}
	folder_release(&hooks);
	return rc;
}

static int own_check(const struct folder *git_dir, const char *path,
		     struct err *err)
{
	static const char *const foreign[] = {
		"commondir", "objects/info/alternates",
		"objects/info/http-alternates", NULL
	};
	size_t i;

	for (i = 0; foreign[i]; i++) {
		if (folder_has(git_dir, foreign[i]))
			return err_set(err, ERR_DENIED, "'%s' takes objects "
				       "from elsewhere (%s)", path,
				       foreign[i]);
	}
	return 0;
}

/* The folder itself if it is a repository, else its .git. */
static int dir_find(const struct trip *trip, struct folder *out,
		    struct err *err)
{
	const char *path = buf_text(&trip->url.path);
	struct folder top = FOLDER_INIT;
	struct err reason = ERR_INIT;
	struct stat st;
	int rc = folder_open(&top, path, err);

	if (rc < 0)
		return rc;
	rc = folder_enter(&top, folder_has(&top, ".git") ? ".git" : "", false,
			  out, &reason);
	if (rc == 0 && (fstatat(out->fd, "HEAD", &st, AT_SYMLINK_NOFOLLOW) ||
			!S_ISREG(st.st_mode) || !folder_has(out, "objects")))
		rc = err_set(&reason, ERR_NOT_FOUND, "no repository at '%s'",
			     path);
	folder_release(&top);
	if (rc < 0)
		folder_release(out);
	return err_copy(err, rc, &reason);
}

/* Each of these must be a folder of its own. */
static int inner_check(const struct folder *git_dir, struct err *err)
{
	static const char *const names[] = {
		"objects", "objects/pack", "refs", "refs/heads", NULL
	};
	struct folder inner = FOLDER_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && names[i]; i++) {
		struct err reason = ERR_INIT;

		rc = folder_enter(git_dir, names[i], false, &inner, &reason);
		folder_release(&inner);
		/* Git makes what is missing, but for the first of each. */
		if (rc == ERR_NOT_FOUND && strchr(names[i], '/'))
			rc = 0;
		else if (rc < 0)
			err_copy(err, rc, &reason);
	}
	return rc;
}

int local_open(const struct trip *trip, bool is_push, struct folder *out,
	       struct err *err)
{
	const char *path = buf_text(&trip->url.path);
	struct form form = { .version = 0 };
	struct folder git_dir = FOLDER_INIT;
	int rc = dir_find(trip, &git_dir, err);

	if (rc == 0)
		rc = inner_check(&git_dir, err);
	if (rc == 0)
		rc = own_check(&git_dir, path, err);
	if (rc == 0)
		rc = form_read(&form, &git_dir, err);
	if (rc == 0)
		rc = form_check(&form, path, err);
	if (rc == 0 && is_push)
		rc = hooks_check(&form, &git_dir, err);
	if (rc < 0)
		folder_release(&git_dir);
	else
		*out = git_dir;
	return rc;
}
