#include "cmd/export/html/html.h"

#include "cmd/action/result.h"
#include "cmd/export/html/page.h"
#include "lib/json/jcs_scan.h"

/* A conversation being written. */
struct page_talk {
	struct page *page;
	struct branches *branches;
	bool is_bare;		/* the fold at hand is none */
};

/* A tool's answer or the like, which is folded by itself: tools that run side
 * by side make such branches, and those are no alternatives. */
static bool is_aside(const struct page_talk *talk, size_t first)
{
	return talk->branches->at[first].n == 1 &&
	       !said_is_shown(&talk->branches->list->at[first]);
}

/* Those that are asides are none of the alternatives that are numbered. */
static void number_branches(struct page_talk *talk)
{
	struct branch_node *at = talk->branches->at;
	size_t child;
	size_t i;

	for (i = 0; i <= talk->branches->list->n; i++) {
		at[i].children = 0;
		for (child = at[i].first; child != BRANCHES_NONE;
		     child = at[child].next) {
			if (!is_aside(talk, child))
				at[child].nth = ++at[i].children;
		}
	}
}

static int put_one(void *arg, size_t message, struct err *err)
{
	struct page_talk *talk = arg;
	const struct branch_node *node = &talk->branches->at[message];
	size_t of = talk->branches->at[node->parent].children;

	talk->page->nth = is_aside(talk, message) ? 0 : node->nth;
	talk->page->of = of;
	return page_put_message(talk->page, &talk->branches->list->at[message],
				err);
}

/* "Branch 2 of 3 · 4 messages · how it begins" */
static int put_branch_line(struct page_talk *talk, size_t first,
			   struct err *err)
{
	const struct branch_node *node = &talk->branches->at[first];
	const struct said *said = &talk->branches->list->at[first];
	bool is_root = node->parent == talk->branches->list->n;
	struct buf *out = &talk->page->out;
	struct buf content = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(out, "<b>%s</b> %zu of %zu <i>", is_root ? "Beginning" :
		 "Branch", node->nth,
		 talk->branches->at[node->parent].children);
	html_put_count(out, node->n, "message", "messages");
	rc = talk_text(talk->page->export->view, buf_span(&said->state),
		       "content", &content, err);
	buf_put_str(out, "</i> <span class=\"gist\" dir=\"auto\">");
	html_put_words(out, buf_span(&content), 120);
	buf_put_str(out, "</span>");
	buf_release(&content);
	return rc;
}

static int put_fold(void *arg, size_t first, struct err *err)
{
	struct page_talk *talk = arg;
	int rc;

	talk->is_bare = is_aside(talk, first);
	if (talk->is_bare)
		return 0;

	buf_putf(&talk->page->out, "<details class=\"branch\" id=\"b%zu\">"
		 "<summary>", first);
	rc = put_branch_line(talk, first, err);
	buf_put_str(&talk->page->out, "</summary>\n");
	return rc;
}

static int put_fold_end(void *arg, struct err *err)
{
	struct page_talk *talk = arg;

	(void)err;
	if (!talk->is_bare)
		buf_put_str(&talk->page->out, "</details>\n");
	talk->is_bare = false;
	return 0;
}

static int put_later(void *arg, size_t first, struct err *err)
{
	struct page_talk *talk = arg;
	int rc;

	buf_putf(&talk->page->out, "<p class=\"branch\"><a href=\"#b%zu\">",
		 first);
	rc = put_branch_line(talk, first, err);
	buf_put_str(&talk->page->out, "</a></p>\n");
	return rc;
}

int page_put_talk(struct page *page, struct said_list *list,
		  const struct buf *active, struct err *err)
{
	struct branches branches = { NULL, NULL };
	struct page_talk talk = { page, &branches, false };
	const struct branches_visitor visitor = {
		put_one, put_fold, put_fold_end, put_later, &talk
	};
	int rc = branches_build(list, active, &branches, err);

	if (rc == 0) {
		number_branches(&talk);
		rc = branches_walk(&branches, &visitor, err);
	}
	branches_release(&branches);
	return rc;
}

/* Providers as they write themselves; others stand as they are. */
static struct span provider_name(struct span provider)
{
	static const char *const names[][2] = {
		{ "ai-studio", "AI Studio" }, { "chatgpt", "ChatGPT" },
		{ "claude", "Claude" }, { "claude-code", "Claude Code" },
		{ "codex", "Codex" }, { "copilot", "Copilot" },
		{ "gemini", "Gemini" }, { "gemini-cli", "Gemini CLI" },
		{ "grok", "Grok" }, { "letta", "Letta" },
		{ "sillytavern", "SillyTavern" }, { "vscode", "VS Code" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (span_equals(provider, span_str(names[i][0])))
			return span_str(names[i][1]);
	}
	return provider;
}

/* "chatgpt" of session:chatgpt:C, where the session does not say it. */
static struct span provider_of(struct page *page,
			       const struct talk_home *home,
			       struct buf *text)
{
	struct span key = export_conversation_of(buf_span(&home->entity));
	struct span said = page_text(page, buf_span(&home->state),
				     "provider", text);
	const char *colon = key.len ? memchr(key.at, ':', key.len) : NULL;

	if (said.len || !colon)
		return said;
	return span_of(key.at, (size_t)(colon - key.at));
}

void page_put_session_facts(struct page *page,
			    const struct talk_home *home)
{
	struct span state = buf_span(&home->state);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf *out = &page->out;

	buf_put_str(out, "<span class=\"provider\">");
	html_put_words(out, provider_name(provider_of(page, home, &text)),
		       60);
	buf_put_str(out, "</span>");
	if (page_text(page, state, "model", &text).len) {
		buf_put_str(out, " · <bdi class=\"model\">");
		html_put_words(out, buf_span(&text), 80);
		buf_put_str(out, "</bdi>");
	}
	buf_put_str(out, " · <span class=\"count\">");
	html_put_count(out, said_count(&home->said), "message", "messages");
	buf_put_str(out, "</span>");
	buf_release(&text);
}

static void put_session_head(struct page *page,
			     const struct talk_home *home,
			     struct span title, const char *index)
{
	struct span state = buf_span(&home->state);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf *out = &page->out;

	buf_put_str(out, "<header class=\"top\">\n");
	if (index)
		buf_putf(out, "<nav><a href=\"%s\">All conversations</a>"
			 "</nav>\n", index);
	buf_put_str(out, "<h1 dir=\"auto\">");
	html_put_words(out, title, 160);
	buf_put_str(out, "</h1>\n<p class=\"facts\">");
	if (page_text(page, state, "created", &text).len) {
		page_put_time(page, buf_span(&text));
		buf_put_str(out, " UTC · ");
	}
	page_put_session_facts(page, home);
	buf_put_str(out, "</p>\n</header>\n");
	buf_release(&text);
}

/* What the page does not show, and where it is. */
static void put_session_foot(struct page *page,
			     const struct talk_home *home)
{
	const char *construct = view_title(page->export->view);
	struct buf *out = &page->out;

	buf_put_str(out, "<footer>\n");
	if (buf_span(&home->state).len) {
		buf_put_str(out, "<details class=\"part\"><summary><b>About "
			    "this conversation</b></summary>\n");
		page_put_value(page, buf_span(&home->state), NULL);
		buf_put_str(out, "</details>\n");
	}
	if (page->natives) {
		buf_put_str(out, "<p>Not on this page: what else the source "
			    "said of ");
		html_put_count(out, page->natives, "message", "messages");
		buf_putf(out, ". <code class=\"way\">vvault ls %s message "
			 "--json</code> has it.</p>\n", construct);
	}
	if (page->empty) {
		buf_put_str(out, "<p>Not on this page: ");
		html_put_count(out, page->empty, "note", "notes");
		buf_putf(out, " of a program to itself, without text. <code "
			 "class=\"way\">vvault ls %s message --json</code> "
			 "has them.</p>\n", construct);
	}
	if (home->others) {
		buf_put_str(out, "<p>Not on this page: ");
		html_put_count(out, home->others, "piece of knowledge",
			       "pieces of knowledge");
		buf_putf(out, " drawn from it. <code class=\"way\">vvault ls "
			 "%s</code> lists all there is.</p>\n", construct);
	}
	buf_put_str(out, "<p class=\"id\">");
	html_put_text(out, buf_span(&home->entity));
	buf_put_str(out, "</p>\n</footer>\n");
}

int page_put_session(struct page *page, struct talk_home *home,
		     const char *index, struct err *err)
{
	struct span state = buf_span(&home->state);
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc = talk_home_title(page->export->view, home, &title, err);

	if (rc == 0)
		rc = talk_text(page->export->view, state, "active", &active,
			       err);
	if (rc < 0)
		goto out;
	page_begin(page, buf_span(&title), "session");
	put_session_head(page, home, buf_span(&title), index);
	buf_put_str(&page->out, "<main>\n");
	rc = page_put_files(page, state, err);
	if (rc == 0)
		rc = page_put_talk(page, &home->said, &active, err);
	buf_put_str(&page->out, "</main>\n");
	put_session_foot(page, home);
	page_end(page);
	if (rc == 0)
		rc = page_close(page, err);
out:
	buf_release(&active);
	buf_release(&title);
	return rc;
}

int html_session(const struct export *export, struct span session,
		 struct err *err)
{
	struct talk_home home = TALK_HOME_INIT;
	struct page page = PAGE_INIT(export);
	int rc = talk_home_read(export->view, session, &home, err);

	if (rc == 0 && !home.said.n && !home.state.len)
		rc = err_set(err, ERR_NOT_FOUND, "no session '%.*s'",
			     (int)session.len, session.at);
	if (rc == 0)
		rc = page_put_session(&page, &home, NULL, err);
	page_release(&page);
	talk_home_release(&home);
	return rc;
}
