#include "objects/store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/file.h"

#define CONFIG_MAX ((size_t)1 << 20)
#define CONFIG "config"

enum shape { SHAPE_FOLDER, SHAPE_FILE, SHAPE_NOTHING };

/* What path/name must be if it is there at all. */
struct rule {
	const char *name;
	enum shape shape;
};

/* Each of these would let objects, refs or settings come from outside. */
static const struct rule rules[] = {
	{ "objects", SHAPE_FOLDER },
	{ "objects/pack", SHAPE_FOLDER },
	{ "objects/info", SHAPE_FOLDER },
	{ "objects/info/alternates", SHAPE_NOTHING },
	{ "refs", SHAPE_FOLDER },
	{ "refs/heads", SHAPE_FOLDER },
	{ "refs/remotes", SHAPE_FOLDER },
	{ "packed-refs", SHAPE_FILE },
	{ "HEAD", SHAPE_FILE },
	{ CONFIG, SHAPE_FILE },
	{ "config.worktree", SHAPE_NOTHING },
	{ "commondir", SHAPE_NOTHING },
	{ NULL, SHAPE_NOTHING }
};

/* NULL: as it must be. */
static const char *why_not(const struct rule *rule, const char *path,
			   bool may_alternate)
{
	struct stat st;

	if (lstat(path, &st))
		return NULL;
	if (st.st_uid != geteuid())
		return "belongs to another user";
	switch (rule->shape) {
	case SHAPE_FOLDER:
		return S_ISDIR(st.st_mode) ? NULL : "is no folder of its own";
	case SHAPE_FILE:
		return S_ISREG(st.st_mode) ? NULL : "is no file of its own";
	default:
		return may_alternate && strstr(rule->name, "alternates") ?
		       NULL : "leads elsewhere";
	}
}

/* The letters and digits that text begins with. */
static struct span word_of(struct span text)
{
	size_t n = 0;

	while (n < text.len && ((text.at[n] >= 'a' && text.at[n] <= 'z') ||
				(text.at[n] >= 'A' && text.at[n] <= 'Z') ||
				(text.at[n] >= '0' && text.at[n] <= '9')))
		n++;
	return span_of(text.at, n);
}

static bool is_word(struct span word, const char *name)
{
	return word.len == strlen(name) &&
	       !strncasecmp(word.at, name, word.len);
}

/*
 * Does a section begin here that takes in other files? Stricter than git's
 * own reader where they could differ: every line is looked at as if nothing
 * came before it, so no quote, comment or continuation hides a section.
 */
static bool is_including(struct span line)
{
	static const char blanks[] = " \t\v\f\r\xef\xbb\xbf";
	struct span word;

	while (line.len && strchr(blanks, *line.at) && *line.at)
		line = span_of(line.at + 1, line.len - 1);
	if (!line.len || *line.at != '[')
		return false;
	do
		line = span_of(line.at + 1, line.len - 1);
	while (line.len && strchr(blanks, *line.at) && *line.at);
	word = word_of(line);
	return is_word(word, "include") || is_word(word, "includeif");
}

static int check_lines(const char *path, struct span text, struct err *err)
{
	unsigned number = 1;

	if (text.len && memchr(text.at, '\0', text.len))
		return err_set(err, ERR_DENIED, "'%s' is damaged: it holds a "
			       "zero byte", path);
	for (; text.len; number++) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t len = end ? (size_t)(end - text.at) : text.len;

		if (is_including(span_of(text.at, len)))
			return err_set(err, ERR_DENIED, "'%s' takes in other "
				       "files in line %u, which vvault does "
				       "not follow: look at that section, "
				       "and take it out", path, number);
		len += end != NULL;
		text = span_of(text.at + len, text.len - len);
	}
	return 0;
}

int store_check_config(const char *path, struct err *err)
{
	struct buf text = BUF_INIT(CONFIG_MAX);
	/* Not blocking: something odd may lie there since it was looked at. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return errno == ENOENT ? 0 :
		       err_errno(err, "cannot open '%s'", path);
	rc = file_read_fd(fd, path, CONFIG_MAX, &text, err);
	close(fd);
	if (rc == 0)
		rc = check_lines(path, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

int store_check_shape(const char *path, bool may_alternate, struct err *err)
{
	struct buf inner = BUF_INIT(BUF_NO_LIMIT);
	const struct rule *rule;
	const char *why;
	int rc = 0;

	for (rule = rules; rc == 0 && rule->name; rule++) {
		buf_reset(&inner);
		rc = buf_printf(&inner, err, "%s/%s", path, rule->name);
		why = rc < 0 ? NULL : why_not(rule, buf_text(&inner),
					      may_alternate);
		if (why)
			rc = err_set(err, ERR_DENIED, "'%s' %s",
				     buf_text(&inner), why);
		if (rc == 0 && !strcmp(rule->name, CONFIG))
			rc = store_check_config(buf_text(&inner), err);
	}
	buf_release(&inner);
	return rc;
}
