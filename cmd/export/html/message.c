#include "cmd/export/html/told.h"

#include "cmd/export/plain.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/words/spoken.h"

/* Members that are told elsewhere on the page, or counted. */
static const char *const known[] = {
	"session", "parent", "index", "role", "name", "created",
	"created_zone", "created_precision", "content", "parts", "visibility",
	"model", "copy_of", "assets", "asset_names", "native", NULL
};

static int put_body(struct told *told, struct err *err)
{
	struct page *page = told->page;
	struct span native;
	int rc;

	buf_put_str(&page->out, "<div class=\"body\">\n");
	told_put_parts(told);
	page_put_more(page, told->state, known);
	rc = page_put_files(page, told->state, err);
	buf_put_str(&page->out, "</div>\n");
	page->natives += told->has_rest ||
			 jcs_find(told->state, "native", &native);
	return rc;
}

/* Who says it: "Ines", "Assistant", "System, hidden". */
static void put_who(struct page *page, struct span state, bool with_model)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span role = page_text(page, state, "role", &text);

	buf_put_str(&page->out, "<b class=\"who\" dir=\"auto\">");
	if (text.len && text.data[0] >= 'a' && text.data[0] <= 'z')
		text.data[0] = (char)(text.data[0] - 'a' + 'A');
	html_put_words(&page->out, role.len ? role : span_str("Somebody"), 60);
	if (page_text(page, state, "name", &text).len) {
		buf_put_str(&page->out, " <bdi class=\"name\">");
		html_put_words(&page->out, buf_span(&text), 80);
		buf_put_str(&page->out, "</bdi>");
	}
	buf_put_str(&page->out, "</b>");
	if (with_model && page_text(page, state, "model", &text).len) {
		buf_put_str(&page->out, " <bdi class=\"model\">");
		html_put_words(&page->out, buf_span(&text), 80);
		buf_put_str(&page->out, "</bdi>");
	}
	buf_release(&text);
}

static void put_when(struct page *page, const struct said *said)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned long long n = (unsigned long long)page->messages;

	buf_put_str(&page->out, "<span class=\"when\">");
	if (page->nth && page->of > 1)
		buf_putf(&page->out, "<span class=\"fork\">%zu of %zu</span> ",
			 page->nth, page->of);
	page_put_time(page, page_text(page, buf_span(&said->state), "created",
				      &text));
	buf_putf(&page->out, " <a class=\"self\" href=\"#m%llu\" title=\"", n);
	html_put_text(&page->out, buf_span(&said->entity));
	buf_putf(&page->out, "\">%llu</a></span>", n);
	buf_release(&text);
}

/* How a message looks: the roles that talk, and those that do not. */
static const char *message_class(struct span state)
{
	struct span role;

	if (!jcs_find_string(state, "role", &role))
		return "other";
	if (span_equals(role, span_str("user")))
		return "user";
	return span_equals(role, span_str("assistant")) ? "assistant" :
	       "other";
}

/* What is no position, the first of them; absent where there is none. */
static struct span first_part(struct span state)
{
	struct span parts = { NULL, 0 };
	struct span part = { NULL, 0 };
	struct jcs_iter iter;

	jcs_find(state, "parts", &parts);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (jcs_type_of(part) == JCS_OBJECT &&
		    !jcs_find(part, "start", &parts))
			return part;
	}
	return span_of(NULL, 0);
}

/* What a folded message is: "Thinking", "Tool call", "System, hidden". */
static void put_folded_who(struct page *page, struct span state,
			   struct span part)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span why = page_text(page, state, "visibility", &text);
	struct span role = { NULL, 0 };

	jcs_find_string(state, "role", &role);
	if (span_equals(why, span_str("thinking"))) {
		buf_put_str(&page->out, "<b class=\"who\">Thinking</b>");
	} else if (span_equals(why, span_str("tool")) && part.len) {
		buf_put_str(&page->out, "<b class=\"who\">");
		part_put_label(&page->out, part_type(part));
		buf_put_str(&page->out, "</b>");
	} else if (span_equals(why, span_str("tool"))) {
		buf_put_str(&page->out, "<b class=\"who\">Tool");
		buf_put_str(&page->out, span_equals(role, span_str("tool")) ?
			    " result</b>" : "</b>");
	} else {
		put_who(page, state, false);
		buf_put_str(&page->out, " <i>");
		html_put_words(&page->out, why, 40);
		buf_put_str(&page->out, "</i>");
	}
	buf_release(&text);
}

/* Folded: what it is, and how it begins. */
static int put_folded(struct told *told, const struct said *said,
		      struct err *err)
{
	struct page *page = told->page;
	struct span part = first_part(told->state);
	int rc;

	told->is_folded = true;
	told->first = part;
	buf_putf(&page->out, "<details class=\"message folded\" id=\"m%llu\">"
		 "<summary>", (unsigned long long)page->messages);
	put_folded_who(page, told->state, part);
	if (told->content.len)
		page_put_gist(page, told->content);
	else if (part.len)
		part_put_gist(page, part);
	buf_put_str(&page->out, "</summary>\n");
	put_when(page, said);
	rc = put_body(told, err);
	buf_put_str(&page->out, "</details>\n");
	return rc;
}

static int put_shown(struct told *told, const struct said *said,
		     struct err *err)
{
	struct page *page = told->page;
	int rc;

	buf_putf(&page->out, "<article class=\"message %s\" id=\"m%llu\">"
		 "<header>", message_class(told->state),
		 (unsigned long long)page->messages);
	put_who(page, told->state, true);
	put_when(page, said);
	buf_put_str(&page->out, "</header>\n");
	rc = put_body(told, err);
	buf_put_str(&page->out, "</article>\n");
	return rc;
}

/* A note of an agent's program to itself, of which nothing could be shown. */
static bool is_empty(const struct told *told, const struct said *said)
{
	struct span parts = span_str("[]");

	jcs_find(told->state, "parts", &parts);
	return !said_is_shown(said) && !told->content.len && parts.len == 2 &&
	       !page_has_more(told->state, known) &&
	       !export_next_blob(told->state).len;
}

static bool is_output(struct span state)
{
	struct span role;

	return jcs_find(state, "role", &role) && jcs_is_text(role, "tool");
}

int page_put_message(struct page *page, const struct said *said,
		     struct err *err)
{
	struct told told = { .page = page, .state = buf_span(&said->state) };
	struct buf content = BUF_INIT(BUF_NO_LIMIT);
	int rc = talk_text(page->export->view, told.state, "content", &content,
			   err);

	told.content = buf_span(&content);
	told.is_output = is_output(told.state);
	if (rc < 0 || spoken_is_root(told.state))
		goto out;
	if (is_empty(&told, said)) {
		page->empty++;
		goto out;
	}
	page->messages++;
	rc = said_is_shown(said) ? put_shown(&told, said, err) :
	     put_folded(&told, said, err);
	if (rc == 0)
		rc = page_flush(page, err);
out:
	buf_release(&content);
	return rc;
}
