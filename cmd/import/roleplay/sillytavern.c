#include "cmd/import/roleplay/sillytavern.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/parse/value_lines.h"
#include "cmd/import/roleplay/sillytavern_chat.h"
#include "cmd/import/sniff.h"

/* One chat; the largest that people have are a hundredth of this. */
#define CHAT_MAX_BYTES ((size_t)1 << 30)

static const struct jdoc_options other_options = {
	.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

/* Bytes in memory as a feed. */
static int read_memory(void *arg, void *bytes, size_t len, size_t *out_len,
		       struct err *err)
{
	struct span *left = arg;

	(void)err;
	len = len < left->len ? len : left->len;
	if (len)
		memcpy(bytes, left->at, len);
	left->at += len;
	left->len -= len;
	*out_len = len;
	return 0;
}

/* What programs write who do not know a name. */
static struct span real_name(struct span name)
{
	if (!name.len || span_equals(name, span_str("unused")))
		return span_of(NULL, 0);
	return name;
}

static bool is_header(const struct jval *line)
{
	if (jval_get(line, "mes") || jval_get(line, "swipes"))
		return false;
	return jval_get(line, "chat_metadata") ||
	       jval_get(line, "user_name") || jval_get(line, "character_name");
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	if (sniff_has(head, "chat_metadata"))
		return true;
	if (sniff_has(head, "mes"))
		return sniff_has(head, "is_user") || sniff_has(head, "name");
	if (sniff_has(head, "user_name") && sniff_has(head, "character_name"))
		return true;
	return tavern_other_sniff(head);
}

/* Whose chat is it? Copied, for the line goes; nothing when it says not. */
static int find_name(struct span bytes, struct buf *out, struct err *err)
{
	struct value_lines *lines = NULL;
	struct value_line line;
	struct span name = { NULL, 0 };
	int rc;

	rc = value_lines_new((struct feed){ read_memory, &bytes }, &lines, err);
	while (rc >= 0 && !name.len &&
	       (rc = value_lines_next(lines, &line, err)) > 0) {
		if (rc != 1)
			continue;
		name = real_name(jval_get_text(line.value, "character_name"));
		if (!name.len && !is_header(line.value) &&
		    !jval_is(jval_get(line.value, "is_user"), JVAL_TRUE) &&
		    !jval_is(jval_get(line.value, "is_system"), JVAL_TRUE))
			name = real_name(jval_get_text(line.value, "name"));
	}
	if (rc >= 0)
		rc = buf_add_span(out, name, err);
	value_lines_free(lines);
	return rc;
}

/* One document, as other programs write it; NULL: lines. */
static int parse_other(struct import_source *source, struct jdoc **out,
		       struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	*out = NULL;
	if (!tavern_other_sniff(buf_span(&source->input.head)))
		return 0;
	rc = input_load(&source->input, CHAT_MAX_BYTES, &why);
	if (rc >= 0)
		rc = jdoc_parse(buf_span(&source->input.head), &other_options,
				out, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

static int identify(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = parse_other(source, &doc, err);
	if (rc)
		goto out;
	if (doc) {
		rc = buf_add_span(&name, tavern_other_name(jdoc_root(doc)),
				  err);
	} else {
		rc = find_name(buf_span(&source->input.head), &name, err);
		/* A header may be longer than what sniffing sees. */
		if (rc >= 0 && !name.len && !job->options.construct)
			rc = whole_load(source, CHAT_MAX_BYTES, err);
		if (!rc && !name.len)
			rc = find_name(buf_span(&source->input.head), &name,
				       err);
	}
	if (!rc)
		rc = import_name(job, source, buf_span(&name), err);
out:
	jdoc_free(doc);
	buf_release(&name);
	return rc;
}

/*
 * The session's key: the program's own id of the chat; without one, who talks
 * since when; without that, how the chat begins. A branch is saved with the
 * id of the chat that it comes from, so that the name of that one joins it.
 */
static int make_key(struct tavern *tavern, const struct jval *first,
		    struct err *err)
{
	const struct jval *metadata = jval_get(first, "chat_metadata");
	struct span own = jval_get_text(metadata, "integrity");
	struct span branch = jval_get_text(metadata, "main_chat");
	const struct jval *swipe = jval_first(jval_get(first, "swipes"));
	const struct jval *date = jval_get(first, is_header(first) ?
					   "create_date" : "send_date");
	struct span texts[3] = {
		jval_get_text(first, "user_name"),
		jval_get_text(first, "character_name"),
		date ? date->raw : span_of(NULL, 0),
	};
	struct buf *key = &tavern->session_key;
	int rc;

	if (!is_header(first)) {
		texts[0] = jval_get_text(first, "name");
		texts[1] = tavern_text(swipe ? swipe : jval_get(first, "mes"));
	}
	rc = own.len ? buf_add_span(key, own, err) :
		tavern_hash(key, texts, 3, err);
	if (rc < 0 || !branch.len)
		return rc;
	rc = buf_add_span(&tavern->session_parent, buf_span(key), err);
	if (rc >= 0)
		rc = buf_add_char(key, '~', err);
	return rc < 0 ? rc : tavern_hash(key, &branch, 1, err);
}

static int take_header(struct tavern *tavern, const struct jval *header,
		       struct err *err)
{
	static const char *const taken[] = {
		"user_name", "character_name", NULL
	};
	struct span user = real_name(jval_get_text(header, "user_name"));
	struct span name = real_name(jval_get_text(header, "character_name"));
	int rc;

	tavern->session.created = tavern_time(jval_get(header, "create_date"));
	rc = buf_add_span(&tavern->session_title, name, err);
	if (rc >= 0)
		rc = tavern_join(tavern, user, err);
	if (rc >= 0)
		rc = tavern_join(tavern, name, err);
	return rc < 0 ? rc : chat_add_rest(&tavern->session_native, header,
					   taken, err);
}

/* A chat on its way, line by line. */
struct reading {
	struct import_job *job;
	struct import_source *source;
	struct tavern tavern;
	bool has_begun;
};

static int take_line(struct reading *reading, const struct value_line *line,
		     struct err *err)
{
	struct tavern *tavern = &reading->tavern;
	const struct jval *value = line->value;
	int rc = 0;

	if (!jval_is(value, JVAL_OBJECT))
		return import_malformed(reading->job, reading->source,
					"a line that is no object",
					line->offset, line->text, err);
	if (!reading->has_begun) {
		rc = make_key(tavern, value, err);
		if (rc >= 0)
			rc = tavern_begin(tavern, reading->job,
					  reading->source, err);
		reading->has_begun = true;
		if (rc >= 0 && is_header(value))
			return take_header(tavern, value, err);
	}
	if (rc >= 0)
		rc = tavern_line(tavern, value, err);
	return rc != 1 ? rc : import_leave_out(reading->source,
		"a line without a message", NULL, err);
}

static int read_lines(struct reading *reading, struct value_lines *lines,
		      struct err *err)
{
	struct value_line line;
	int rc;

	while ((rc = value_lines_next(lines, &line, err)) > 0) {
		if (rc == 2)
			rc = import_malformed(reading->job, reading->source,
					      line.why.text, line.offset,
					      line.text, err);
		else
			rc = take_line(reading, &line, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0 || !reading->has_begun)
		return rc;
	if (reading->tavern.speakers > 1)
		rc = import_note(reading->source, err, "a chat with %zu "
				 "characters: all of it goes to one construct",
				 reading->tavern.speakers);
	return rc < 0 ? rc : tavern_end(&reading->tavern, err);
}

/* The last time that the chat names, for --since; unknown without any. */
static int find_last(struct span bytes, int64_t *out, struct err *err)
{
	struct value_lines *lines = NULL;
	struct value_line line;
	struct chat_time time;
	int rc;

	*out = CHAT_TIME_UNKNOWN;
	rc = value_lines_new((struct feed){ read_memory, &bytes }, &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) > 0) {
		time = tavern_time(rc == 1 ? jval_get(line.value, "send_date")
				   : NULL);
		if (time.micros > *out)
			*out = time.micros;
	}
	value_lines_free(lines);
	return rc;
}

static int read_chat(struct reading *reading, struct err *err)
{
	struct value_lines *lines = NULL;
	struct span bytes = buf_span(&reading->source->input.head);
	int64_t last = CHAT_TIME_UNKNOWN;
	int rc = 0;

	if (reading->job->options.has_since)
		rc = find_last(bytes, &last, err);
	if (rc >= 0 && !import_is_wanted(reading->job, last))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	if (rc >= 0)
		rc = value_lines_new((struct feed){ read_memory, &bytes },
				    &lines, err);
	if (rc >= 0)
		rc = read_lines(reading, lines, err);
	value_lines_free(lines);
	return rc;
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .tavern = TAVERN_INIT,
	};
	struct jdoc *doc = NULL;
	int rc;

	rc = parse_other(source, &doc, err);
	if (!rc && doc) {
		rc = tavern_other_read(job, source, jdoc_root(doc), err);
	} else if (!rc) {
		rc = whole_load(source, CHAT_MAX_BYTES, err);
		rc = rc ? rc : read_chat(&reading, err);
	}
	tavern_release(&reading.tavern);
	jdoc_free(doc);
	return rc;
}

const struct importer sillytavern_importer = {
	.name = "sillytavern",
	.one = "chat",
	.many = "chats",
	.sniff = sniff,
	.identify = identify,
	.read = read_source,
};
