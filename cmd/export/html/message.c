#include "cmd/export/html/page.h"
#include "cmd/export/plain.h"

#include "lib/json/jcs_scan.h"

/* A message at hand, its content decoded. */
struct told {
	struct page *page;
	struct span state;
	struct span content;
	size_t done;		/* of the content that is written */
	size_t spoken;		/* of the content that parts have come by */
	struct span first;	/* part that the line of a folded one tells */
	bool is_folded;		/* the message itself, so that parts need not */
	bool is_output;		/* of a tool: no Markdown */
	bool has_rest;		/* that is not shown */
};

/* What parts are called in the source, and to a reader. */
static const struct {
	const char *type;
	const char *label;
} labels[] = {
	{ "thinking", "Thinking" }, { "reasoning", "Thinking" },
	{ "redacted", "Thinking" }, { "tool_use", "Tool call" },
	{ "tool_call", "Tool call" }, { "function", "Tool call" },
	{ "tool_res", "Tool result" }, { "tool_return", "Tool result" },
	{ "image", "Picture" }, { "file", "File" },
	{ "attachment", "Attachment" }, { "audio_asset", "Recording" },
	{ "audio_transcription", "Spoken" }, { "real_time", "Recording" },
};

/* What kind of part it is, in the words of its source. */
static struct span part_type(struct span part)
{
	struct span type;

	if (jcs_find_string(part, "type", &type) ||
	    jcs_find_string(part, "content_type", &type) ||
	    jcs_find_string(part, "kind", &type))
		return type;
	return span_str("part");
}

static void put_label(struct buf *out, struct span type)
{
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (span_begins(type, labels[i].type)) {
			buf_put_str(out, labels[i].label);
			return;
		}
	}
	while (type.len) {
		size_t end = span_find(type, "_", 0);

		end = end == SPAN_NOWHERE ? type.len : end;
		html_put_text(out, span_of(type.at, end));
		buf_put_str(out, end < type.len ? " " : "");
		end += end < type.len;
		type = span_of(type.at + end, type.len - end);
	}
}

static bool is_thinking(struct span type)
{
	return span_begins(type, "thinking") ||
	       span_begins(type, "reasoning");
}

static void put_gist_text(struct page *page, struct span text)
{
	buf_put_str(&page->out, " <span class=\"gist\" dir=\"auto\">");
	html_put_words(&page->out, text, 120);
	buf_put_str(&page->out, "</span>");
}

/* What tools are given that says most in a line. */
static bool find_telling(struct span object, struct span *out)
{
	static const char *const names[] = {
		"command", "cmd", "file_path", "path", "pattern", "query",
		"url", "title", "description", "prompt", "content"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(object, names[i], out))
			return true;
	}
	return false;
}

/* The text of a value, or the first one in it; absent when there is none. */
static struct span first_text(struct span value)
{
	enum jcs_type type = jcs_type_of(value);
	struct jcs_iter iter;

	while (type == JCS_OBJECT || type == JCS_ARRAY) {
		iter = type == JCS_OBJECT ? jcs_iter_object(value) :
		       jcs_iter_array(value);
		if (!find_telling(value, &value) &&
		    !jcs_next(&iter, NULL, &value))
			break;
		type = jcs_type_of(value);
	}
	return type == JCS_STRING ? value : span_of(NULL, 0);
}

/* What a part does, in a line: the tool and what it was given. */
static void put_gist(struct page *page, struct span part)
{
	static const char *const inputs[] = {
		"input", "arguments", "function", "thinking", "text",
		"reasoning", "content", NULL
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i = 0;

	if (page_text(page, part, "name", &text).len) {
		buf_put_str(&page->out, " <b class=\"name\">");
		html_put_words(&page->out, buf_span(&text), 80);
		buf_put_str(&page->out, "</b>");
		buf_reset(&text);
	}
	while (inputs[i] && !jcs_find(part, inputs[i], &value))
		i++;
	value = inputs[i] ? first_text(value) : span_of(NULL, 0);
	if (value.len > 2) {
		buf_fail(&page->out, jcs_string_decode(value, &text, NULL));
		put_gist_text(page, buf_span(&text));
	}
	buf_release(&text);
}

static void put_thinking(struct page *page, struct span part)
{
	static const char *const members[] = {
		"thinking", "reasoning", "text", "subject"
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		html_put_prose(&page->out, page_text(page, part, members[i],
						     &text));
	buf_release(&text);
}

/* Is it a place where no word would be cut in two? */
static bool is_between_words(struct span text, size_t at)
{
	return !at || at == text.len || (unsigned char)text.at[at] <= ' ' ||
	       (unsigned char)text.at[at - 1] <= ' ';
}

/* Content up to that place. */
static void put_content(struct told *told, size_t end)
{
	struct span piece;

	if (end > told->content.len)
		end = told->content.len;
	if (!is_between_words(told->content, end))
		return;
	if (end <= told->done)
		return;
	piece = span_of(told->content.at + told->done, end - told->done);
	if (told->is_output)
		html_put_output(&told->page->out, piece);
	else
		html_put_prose(&told->page->out, piece);
	told->done = end;
}

static void put_part_line(struct told *told, struct span part)
{
	struct buf *out = &told->page->out;
	const char *tag = told->is_folded ? "p" : "summary";

	buf_putf(out, "<%s><b>", tag);
	put_label(out, part_type(part));
	buf_put_str(out, "</b>");
	put_gist(told->page, part);
	buf_putf(out, "</%s>\n", tag);
}

static void put_part(struct told *told, struct span part)
{
	static const char *const plain[] = {
		"type", "name", "start", "end", NULL
	};
	static const char *const thought[] = {
		"type", "thinking", "reasoning", "text", "subject",
		"signature", "start", "end", NULL
	};
	struct page *page = told->page;
	struct span type = part_type(part);
	bool thinks = is_thinking(type);
	const char *tag = told->is_folded ? "div" : "details";

	put_content(told, told->spoken);
	buf_putf(&page->out, "<%s class=\"part%s\">", tag,
		 thinks ? " thinking" : "");
	if (part.at != told->first.at)
		put_part_line(told, part);
	if (thinks)
		put_thinking(page, part);
	told->has_rest |= jcs_find(part, "signature", &type);
	page_put_value(page, part, thinks ? thought : plain);
	buf_putf(&page->out, "</%s>\n", tag);
}

/* A part that says which bytes of the content it is, which have come by. */
static bool is_of_content(struct told *told, struct span part)
{
	struct span value;
	int64_t end;

	if (!jcs_find(part, "start", &value) ||
	    !jcs_find(part, "end", &value) || !jcs_integer(value, &end))
		return false;
	if (end > 0 && (size_t)end > told->spoken)
		told->spoken = (size_t)end;
	return true;
}

/* Is it the text that comes next in the content, as ChatGPT's parts have it? */
static bool is_next_content(struct told *told, struct span part)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span content = told->content;
	size_t at = told->spoken;
	bool is_next;

	if (jcs_type_of(part) != JCS_STRING)
		return false;
	buf_fail(&told->page->out, jcs_string_decode(part, &text, NULL));
	while (at < content.len && (unsigned char)content.at[at] <= ' ' &&
	       text.len && (unsigned char)text.data[0] > ' ')
		at++;
	is_next = !text.len || (at < content.len && span_begins(
			span_of(content.at + at, content.len - at),
			buf_text(&text)));
	if (is_next && text.len)
		told->spoken = at + text.len;
	buf_release(&text);
	return is_next;
}

/* The content, and what came between its pieces where it came. What is known
 * of pieces of it stands below, for it may be of half a word. */
static void put_parts(struct told *told)
{
	struct span parts = { NULL, 0 };
	struct jcs_iter iter;
	struct span part;

	jcs_find(told->state, "parts", &parts);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (!is_of_content(told, part) &&
		    !is_next_content(told, part))
			put_part(told, part);
	}
	put_content(told, told->content.len);
	iter = jcs_iter_array(parts);
	while (jcs_next(&iter, NULL, &part)) {
		if (is_of_content(told, part) && !talk_is_position(part))
			put_part(told, part);
	}
}

/* The member that holds the reference behind this text: the name of a file
 * that has no other. */
static struct span member_before(struct span before)
{
	size_t end = before.len;
	size_t begin;

	/* "name":{"$blob" */
	if (end < 3 || before.at[end - 1] != ':')
		return span_of(NULL, 0);
	end -= 2;
	for (begin = end; begin && before.at[begin - 1] != '"'; begin--)
		;
	before = span_of(before.at + begin, end - begin);
	return span_equals(before, span_str("data")) ? span_of(NULL, 0) :
	       before;
}

/* The files that a value names, each once; what is behind the first so many of
 * them is counted. */
#define FILES_MAX 256

struct told_files {
	struct span ids[FILES_MAX];
	size_t n;
	uint64_t more;
};

static bool is_new_file(struct told_files *files, struct span id)
{
	size_t i;

	for (i = 0; i < files->n; i++) {
		if (span_equals(files->ids[i], id))
			return false;
	}
	if (files->n == FILES_MAX) {
		files->more++;
		return false;
	}
	files->ids[files->n++] = id;
	return true;
}

static int put_files(struct page *page, struct span value, struct span name,
		     struct told_files *files, struct err *err)
{
	struct span rest = value;
	struct span reference;
	struct span before;
	struct span id;
	int rc = 0;

	while (rc == 0 && (reference = export_next_blob(rest)).len) {
		before = span_of(value.at, (size_t)(reference.at - value.at));
		rest = span_of(reference.at + reference.len, value.len -
			       before.len - reference.len);
		if (jcs_find_string(reference, "$blob", &id) &&
		    is_new_file(files, id))
			rc = page_put_file(page, reference, name.len ? name :
					   member_before(before), err);
	}
	return rc;
}

static int put_part_files(struct page *page, struct span state,
			  struct told_files *files, struct err *err)
{
	struct jcs_iter iter;
	struct span parts;
	struct span part;
	struct span name;
	int rc = 0;

	if (!jcs_find(state, "parts", &parts))
		return 0;
	iter = jcs_iter_array(parts);
	while (rc == 0 && jcs_next(&iter, NULL, &part)) {
		struct span about = part;

		jcs_find(part, "attachment", &about);
		if (!jcs_find_string(about, "file_name", &name))
			jcs_find_string(about, "name", &name);
		rc = put_files(page, part, name, files, err);
	}
	return rc;
}

/* Those of parts and assets, and of what else the message holds. */
int page_put_files(struct page *page, struct span state, struct err *err)
{
	struct told_files files = { .n = 0 };
	const struct span no_name = { NULL, 0 };
	struct jcs_iter iter = jcs_iter_object(state);
	struct span name;
	struct span value;
	int rc = put_part_files(page, state, &files, err);

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (!span_equals(name, span_str("content")))
			rc = put_files(page, value, no_name, &files, err);
	}
	if (files.more) {
		buf_put_str(&page->out, "<p class=\"file\">and ");
		html_put_count(&page->out, files.more, "more file",
			       "more files");
		buf_put_str(&page->out, "</p>\n");
	}
	return rc;
}

/* Members that are told elsewhere on the page, or counted. */
static const char *const known[] = {
	"session", "parent", "index", "role", "name", "created",
	"created_zone", "created_precision", "content", "parts", "visibility",
	"model", "copy_of", "assets", "native", NULL
};

static int put_body(struct told *told, struct err *err)
{
	struct page *page = told->page;
	struct span native;
	int rc;

	buf_put_str(&page->out, "<div class=\"body\">\n");
	put_parts(told);
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
		put_label(&page->out, part_type(part));
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
		put_gist_text(page, told->content);
	else if (part.len)
		put_gist(page, part);
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
	if (rc == 0 && is_empty(&told, said)) {
		page->empty++;
		goto out;
	}
	page->messages++;
	if (rc == 0)
		rc = said_is_shown(said) ? put_shown(&told, said, err) :
		     put_folded(&told, said, err);
	if (rc == 0)
		rc = page_flush(page, err);
out:
	buf_release(&content);
	return rc;
}
