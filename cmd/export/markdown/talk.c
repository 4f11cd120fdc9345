#include "cmd/action/read/part_files.h"
#include "cmd/action/result.h"
#include "cmd/export/branches.h"
#include "cmd/export/markdown/beside.h"
#include "cmd/export/markdown/markdown.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/words/spoken.h"

/* What is not told of a conversation. */
struct untold {
	size_t elsewhere;	/* on other branches */
	size_t thinking;
	size_t tools;
	size_t hidden;
	size_t parts;		/* of messages that are told */
	size_t files;
};

/* And a line behind it that is empty; nothing for nothing. */
static void put_quoted(struct buf *out, struct buf *text)
{
	if (text->len) {
		markdown_put_lines(out, buf_span(text), "> ");
		buf_put_char(out, '\n');
	}
	buf_reset(text);
}

static int render_said(struct view *view, struct span state, struct buf *out,
		       struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&head, "**");
	rc = talk_text(view, state, "role", &head, err);
	buf_put_str(&head, "** ");
	if (rc == 0)
		rc = talk_text(view, state, "created", &head, err);
	if (rc == 0)
		rc = talk_text(view, state, "content", &text, err);
	if (rc == 0)
		rc = buf_end(&head, err);
	markdown_put_lines(out, buf_span(&head), "");
	buf_put_char(out, '\n');
	beside_put_readable(&plain, buf_span(&text));
	if (rc == 0)
		rc = buf_end(&plain, err);
	put_quoted(out, &plain);
	if (rc == 0)
		rc = beside_put(state, &plain, err);
	put_quoted(out, &plain);
	buf_release(&text);
	buf_release(&head);
	buf_release(&plain);
	return rc;
}

/* A text that was attached and is all that was said. */
static bool is_told(struct span part)
{
	struct span value;

	return jcs_type_of(part) == JCS_STRING || talk_is_position(part) ||
	       beside_has(part) ||
	       (jcs_find(part, "attachment", &value) &&
		jcs_find(part, "start", &value));
}

struct rendering {
	struct view *view;
	struct buf *out;
	struct untold *untold;
};

/* A file that came apart: its text, else its name. */
static int render_asset(void *arg, struct span part, struct err *err)
{
	struct rendering *rendering = arg;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool told = false;
	int rc = markdown_attached(rendering->view, part, rendering->out,
				   &told, err);

	rendering->untold->files += !told;
	if (rc < 0 || told)
		return rc;
	buf_put_str(&name, "*File ");
	rc = talk_text(rendering->view, part, "name", &name, err);
	buf_put_char(&name, '*');
	put_quoted(rendering->out, &name);
	buf_release(&name);
	return rc;
}

/* Files that are text, and how many parts are not told. */
static int render_parts(struct view *view, struct span state, struct buf *out,
			struct untold *untold, struct err *err)
{
	struct rendering rendering = { view, out, untold };
	const struct part_visitor assets = { render_asset, &rendering };
	struct span list = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;
	bool told;
	int rc = 0;

	jcs_find(state, "parts", &list);
	iter = jcs_iter_array(list);
	while (rc == 0 && jcs_next(&iter, NULL, &part)) {
		told = is_told(part);
		if (!told)
			rc = markdown_attached(view, part, out, &told, err);
		untold->parts += !told;
	}
	return rc < 0 ? rc : part_each_asset(state, &assets, err);
}

static void count_hidden(struct span state, struct untold *untold)
{
	struct span why = { NULL, 0 };

	jcs_find(state, "visibility", &why);
	untold->thinking += jcs_is_text(why, "thinking");
	untold->tools += jcs_is_text(why, "tool");
	untold->hidden += !jcs_is_text(why, "thinking") &&
			  !jcs_is_text(why, "tool") && !spoken_is_root(state);
}

static void put_counted(struct buf *out, bool *has_some, size_t n,
			const char *one, const char *many)
{
	if (!n)
		return;
	buf_putf(out, "%s%zu %s", *has_some ? ", " : "*Not told here: ", n,
		 n == 1 ? one : many);
	*has_some = true;
}

static void put_untold(struct view *view, const struct untold *untold,
		       struct buf *out)
{
	bool has_some = false;

	put_counted(out, &has_some, untold->elsewhere,
		    "message on other branches", "messages on other branches");
	put_counted(out, &has_some, untold->hidden, "hidden message",
		    "hidden messages");
	put_counted(out, &has_some, untold->thinking, "thought", "thoughts");
	put_counted(out, &has_some, untold->tools, "message of tools",
		    "messages of tools");
	put_counted(out, &has_some, untold->parts, "part that is no text",
		    "parts that are no text");
	put_counted(out, &has_some, untold->files, "file", "files");
	if (has_some)
		buf_putf(out, ". `vvault export %s --format html -o <folder>` "
			 "tells all.*\n", view_title(view));
}

int markdown_talk(struct view *view, struct talk_home *home, struct buf *out,
		  uint64_t *natives, struct err *err)
{
	struct untold untold = { .elsewhere = said_count(&home->said) };
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	struct branches branches = { NULL, NULL };
	struct span native;
	size_t here = BRANCHES_NONE;
	int rc = talk_text(view, buf_span(&home->state), "active", &active,
			   err);

	if (rc == 0)
		rc = branches_build(&home->said, &active, &branches, err);
	if (rc == 0)
		here = branches_root(&branches)->chosen;
	while (rc == 0 && here != BRANCHES_NONE) {
		const struct said *said = &home->said.at[here];
		struct span state = buf_span(&said->state);

		untold.elsewhere -= !spoken_is_root(state);
		*natives += jcs_find(state, "native", &native);
		if (said_is_shown(said)) {
			rc = render_said(view, state, out, err);
			if (rc == 0)
				rc = render_parts(view, state, out, &untold,
						  err);
		} else {
			count_hidden(state, &untold);
		}
		here = branches.at[here].chosen;
	}
	put_untold(view, &untold, out);
	branches_release(&branches);
	buf_release(&active);
	return rc < 0 ? rc : buf_end(out, err);
}
