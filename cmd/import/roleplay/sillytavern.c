#include "cmd/import/roleplay/sillytavern.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/roleplay/chat_home.h"
#include "cmd/import/roleplay/sillytavern_internal.h"
#include "cmd/import/sniff.h"

/* One chat; the largest that people have are a hundredth of this. */
#define CHAT_MAX_BYTES ((size_t)1 << 30)

static const struct jdoc_options other_options = {
	.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

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

static bool tavern_sniff(const struct import_input *input)
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

/*
 * The session's key: the program's own id of the chat; without one, who talks
 * since when; without that, how the chat begins. A branch is saved with the
 * id of the chat that it comes from, so that the name of that one joins it.
 */
static int sillytavern_make_key(const struct jval *first, struct buf *key,
				struct buf *parent, struct err *err)
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

	if (!is_header(first)) {
		texts[0] = jval_get_text(first, "name");
		texts[1] = tavern_text(swipe ? swipe : jval_get(first, "mes"));
	}
	if (own.len)
		buf_put_span(key, own);
	else
		tavern_hash(key, texts, 3);
	if (branch.len) {
		buf_put_span(parent, buf_span(key));
		buf_put_char(key, '~');
		tavern_hash(key, &branch, 1);
	}
	return buf_end(key, err);
}

/* Whose chat is it? The first line that says so; copied, for the line goes. */
struct finding_name {
	struct buf name;
	struct buf user;
	struct buf session;	/* its entity */
	struct namesake begin;
	bool has_turns;
	bool has_begun;		/* a character has spoken */
};

/* The entity of the chat's session, by its first line. */
static int find_session(struct finding_name *finding, const struct jval *first,
			struct err *err)
{
	struct buf parent = BUF_INIT(BUF_NO_LIMIT);
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc = sillytavern_make_key(first, &key, &parent, err);

	buf_put_str(&finding->session, "session:" TAVERN_PROVIDER ":");
	chat_put_key(&finding->session, buf_span(&key));
	if (rc == 0)
		rc = buf_end(&finding->session, err);
	buf_release(&parent);
	buf_release(&key);
	return rc;
}

/* What the character says first, in all the ways that there are of it. */
static void find_opening(struct finding_name *finding,
			 const struct jval *line)
{
	const struct span names[2] = {
		buf_span(&finding->name), buf_span(&finding->user)
	};
	const struct jval *swipes = jval_get(line, "swipes");
	const struct jval *swipe = jval_is(swipes, JVAL_ARRAY) ?
		jval_first(swipes) : NULL;

	finding->has_begun = true;
	namesake_add_opening(&finding->begin,
			     tavern_text(jval_get(line, "mes")), names, 2);
	for (; swipe; swipe = swipe->next)
		namesake_add_opening(&finding->begin, tavern_text(swipe),
				     names, 2);
}

static int find_name(void *arg, const struct value_line *line,
		     struct err *err)
{
	struct finding_name *finding = arg;
	const struct jval *value = line->value;
	struct span name = real_name(jval_get_text(value, "character_name"));
	bool is_said = !is_header(value) &&
		!jval_is(jval_get(value, "is_user"), JVAL_TRUE) &&
		!jval_is(jval_get(value, "is_system"), JVAL_TRUE);
	int rc = 0;

	finding->has_turns |= !is_header(value);
	if (!name.len && is_said)
		name = real_name(jval_get_text(value, "name"));
	if (!finding->session.len)
		rc = find_session(finding, value, err);
	if (rc == 0 && !finding->user.len)
		rc = buf_add_span(&finding->user, real_name(
			jval_get_text(value, "user_name")), err);
	if (rc == 0 && !finding->name.len)
		rc = buf_add_span(&finding->name, name, err);
	if (rc == 0 && is_said && !finding->has_begun)
		find_opening(finding, value);
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

static int find_home(struct import_job *job, struct import_source *source,
		     const struct finding_name *finding, struct err *err)
{
	const struct chat_home chat = {
		.name = buf_span(&finding->name),
		.session = buf_span(&finding->session),
		.begin = finding->begin,
	};

	return chat_home(job, source, &chat, err);
}

static int sillytavern_identify(struct import_job *job,
				struct import_source *source, struct err *err)
{
	struct finding_name finding = {
		.name = BUF_INIT(BUF_NO_LIMIT),
		.user = BUF_INIT(BUF_NO_LIMIT),
		.session = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct lines_visitor visitor = { find_name, &finding };
	struct buf *name = &finding.name;
	struct jdoc *doc = NULL;
	int rc;

	rc = parse_other(source, &doc, err);
	if (rc)
		goto out;
	if (doc) {
		rc = buf_add_span(name, tavern_other_name(jdoc_root(doc)),
				  err);
	} else {
		rc = whole_lines(NULL, source, &visitor, err);
		/* A header may be longer than what sniffing sees. */
		if (rc == 0 && !name->len && !job->options.construct)
			rc = whole_load(source, CHAT_MAX_BYTES, err);
		if (rc == 0 && !name->len)
			rc = whole_lines(NULL, source, &visitor, err);
	}
	if (rc == 0 && !doc && !name->len && !finding.has_turns &&
	    !job->options.construct)
		rc = import_decline(source, "this chat is empty: it was "
				    "overwritten, and its header names nobody",
				    NULL, err);
	else if (rc == 0)
		rc = import_name(job, source, buf_span(name), err);
	if (rc == 0)
		rc = find_home(job, source, &finding, err);
out:
	jdoc_free(doc);
	buf_release(name);
	buf_release(&finding.user);
	buf_release(&finding.session);
	return rc;
}

/* header: NULL where the chat has none. */
static int take_header(struct tavern *tavern, const struct jval *header,
		       struct err *err)
{
	const char *path = tavern->chat.source->input.path;
	struct take take = take_begin(header);
	struct span user = real_name(take_text(&take, "user_name"));
	struct span name = real_name(take_text(&take, "character_name"));
	int rc;

	tavern->session.created = tavern_time(take_see(&take, "create_date"));
	buf_put_span(&tavern->session_title, name);
	jcs_fields_reset(&tavern->fields);
	fields_said(&tavern->fields, "folder", chat_folder(path));
	rc = tavern_group(tavern->chat.source, &tavern->session_title,
			  &tavern->fields, err);
	take_rest(&take, &tavern->fields);
	fields_put(&tavern->fields, &tavern->session_native);
	if (rc >= 0)
		rc = tavern_join(tavern, user, err);
	if (rc >= 0)
		rc = tavern_join(tavern, name, err);
	return rc < 0 ? rc : buf_end(&tavern->session_native, err);
}

/* A chat on its way, line by line. */
struct tavern_reading {
	struct import_job *job;
	struct import_source *source;
	struct tavern tavern;
	bool has_begun;
};

static int take_line(void *arg, const struct value_line *line,
		     struct err *err)
{
	struct tavern_reading *reading = arg;
	struct tavern *tavern = &reading->tavern;
	const struct jval *value = line->value;
	int rc;

	if (!jval_is(value, JVAL_OBJECT))
		return import_malformed(reading->job, reading->source,
					"a line that is no object",
					line->offset, line->text, err);
	if (reading->has_begun)
		return tavern_line(tavern, value, err);
	reading->has_begun = true;
	rc = sillytavern_make_key(value, &tavern->session_key,
				  &tavern->session_parent, err);
	if (rc == 0)
		rc = tavern_begin(tavern, reading->job, reading->source, err);
	if (rc == 0)
		rc = take_header(tavern, is_header(value) ? value : NULL,
				 err);
	return rc < 0 || is_header(value) ? rc :
		tavern_line(tavern, value, err);
}

/* The last time that the chat names, for --since; unknown without any. */
static int find_last(void *arg, const struct value_line *line,
		     struct err *err)
{
	int64_t *last = arg;
	int64_t time = tavern_time(jval_get(line->value, "send_date")).micros;

	(void)err;
	*last = time > *last ? time : *last;
	return 0;
}

static int read_chat(struct tavern_reading *reading, struct err *err)
{
	int64_t last = CHAT_TIME_UNKNOWN;
	const struct lines_visitor dates = { find_last, &last };
	const struct lines_visitor turns = { take_line, reading };
	int rc = 0;

	if (reading->job->options.has_since)
		rc = whole_lines(NULL, reading->source, &dates, err);
	if (rc == 0 && !import_is_wanted(reading->job, last))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	if (rc == 0)
		rc = whole_lines(reading->job, reading->source, &turns, err);
	if (rc < 0 || !reading->has_begun)
		return rc;
	if (reading->tavern.speakers > 1)
		rc = import_note(reading->source, err, "a chat with %zu "
				 "characters: all of it goes to one construct",
				 reading->tavern.speakers);
	if (rc >= 0 && reading->tavern.misnamed)
		rc = import_note(reading->source, err, "%zu turn%s an "
				 "alternative that is not there (swipe_id): "
				 "what it says is shown, and the number kept",
				 reading->tavern.misnamed,
				 reading->tavern.misnamed == 1 ? " names" :
				 "s name");
	return rc < 0 ? rc : tavern_end(&reading->tavern, err);
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct tavern_reading reading = {
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
	.sniff = tavern_sniff,
	.place = tavern_place,
	.beside = tavern_beside,
	.identify = sillytavern_identify,
	.read = read_source,
};
