#include "cmd/action/read/turn.h"

#include "cmd/action/read/alternatives.h"
#include "cmd/action/recall/from.h"
#include "cmd/action/result.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "refs/index/words/spoken.h"

#define FIRST_BYTES 120
#define MODELS_BYTES 1024

static const struct said *said_at(const struct transcript *transcript,
				  size_t place)
{
	return &transcript->said.at[transcript->path.at[place]];
}

static bool is_visibility(const struct said *said, const char *word)
{
	struct span value;

	return jcs_find(buf_span(&said->state), "visibility", &value) &&
	       jcs_is_text(value, word);
}

bool turn_is_shown(const struct transcript *transcript, size_t place,
		   const struct turns_wanted *wanted)
{
	const struct said *said = said_at(transcript, place);

	/* What is named is wanted, whatever it is. */
	if (place + 1 == transcript->named)
		return true;
	if (spoken_is_root(buf_span(&said->state)))
		return false;
	if (is_visibility(said, "hidden") || is_visibility(said, "meta"))
		return wanted->hidden;
	return wanted->parts.thinking || !is_visibility(said, "thinking");
}

/* Each once, in the order in which they speak. */
static void put_models(const struct transcript *transcript,
		       struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(MODELS_BYTES);
	struct span value;
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < transcript->path.n; i++) {
		struct buf item = BUF_INIT(MODELS_BYTES);

		if (!jcs_find(buf_span(&said_at(transcript, i)->state),
			      "model", &value) ||
		    jcs_type_of(value) != JCS_STRING)
			continue;
		buf_put_span(&item, value);
		if (buf_end(&item, NULL) == 0 &&
		    list.len + item.len + 2 < MODELS_BYTES &&
		    !span_has(buf_span(&list), buf_text(&item)))
			buf_putf(&list, "%s%s", list.len > 1 ? "," : "",
				 buf_text(&item));
		buf_release(&item);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "models", &list);
	buf_release(&list);
}

/* As its source says, else as the entity does. */
static void put_provider(const struct transcript *transcript,
			 struct jcs_fields *fields)
{
	struct span state = buf_span(&transcript->state);
	struct span entity = buf_span(&transcript->entity);
	struct span value;
	size_t start = sizeof("session:") - 1;
	size_t end = span_find(entity, ":", start);

	if (jcs_find(state, "provider", &value))
		fields_raw(fields, "provider", value);
	else if (end != SPAN_NOWHERE)
		fields_text(fields, "provider",
			    span_of(entity.at + start, end - start));
	else
		fields_null(fields, "provider");
}

/* "first": what the person said first, where no title tells what it is about. */
static void put_first(const struct transcript *transcript,
		      struct jcs_fields *fields)
{
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	if (jcs_find(buf_span(&transcript->state), "title", &value) &&
	    jcs_is_words(value) && !jcs_is_text(value, ""))
		return;
	for (i = 0; !first.len && i < transcript->path.n; i++) {
		struct span state = buf_span(&said_at(transcript, i)->state);

		if (jcs_find(state, "role", &value) &&
		    jcs_is_text(value, "user") &&
		    (!jcs_find(state, "visibility", &value) ||
		     jcs_is_text(value, "visible")) &&
		    jcs_find(state, "content", &value))
			buf_fail(&first, jcs_words(value, &first, NULL));
	}
	text_one_line(&first, FIRST_BYTES);
	if (buf_end(&first, NULL) == 0 && first.len)
		fields_text(fields, "first", buf_span(&first));
	buf_release(&first);
}

static void put_session_title(const struct transcript *transcript,
			      struct jcs_fields *fields)
{
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	struct span value;

	if (!jcs_find(buf_span(&transcript->state), "title", &value) ||
	    !jcs_is_words(value)) {
		fields_null(fields, "title");
		return;
	}
	fields_fail(fields, jcs_words(value, &title, NULL), NULL);
	fields_text(fields, "title", buf_span(&title));
	buf_release(&title);
}

int turn_put_session(const struct transcript *transcript,
		     const struct turns_window *window,
		     struct jcs_fields *fields, struct err *err)
{
	static const char *const members[] = { "created", "updated" };
	struct view *view = transcript->view;
	struct jcs_fields left_out = JCS_FIELDS_INIT;
	struct span notes;
	size_t i;

	fields_text(fields, "session", buf_span(&transcript->entity));
	result_construct(fields, view);
	result_id(fields, "version", view->heads_n == 1 ? view->heads : NULL);
	put_session_title(transcript, fields);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(fields, members[i], buf_span(&transcript->state));
	if (jcs_find(buf_span(&transcript->state), "notes", &notes))
		fields_raw(fields, "notes", notes);
	if (!window->is_closed)
		put_first(transcript, fields);
	if (transcript->named)
		fields_text(fields, "named", buf_span(&said_at(transcript,
					transcript->named - 1)->entity));
	else
		fields_null(fields, "named");
	put_provider(transcript, fields);
	put_models(transcript, fields);
	fields_integer(fields, "messages",
		       (int64_t)said_count(&transcript->said));
	fields_integer(fields, "branches", (int64_t)transcript->ends);
	fields_integer(fields, "turns", (int64_t)window->shown);
	fields_integer(fields, "before", (int64_t)window->before);
	fields_integer(fields, "after", (int64_t)window->after);
	fields_integer(&left_out, "hidden", (int64_t)window->hidden);
	fields_integer(&left_out, "thinking", (int64_t)window->thinking);
	fields_object(fields, "left_out", &left_out);
	jcs_fields_release(&left_out);
	return fields_end(fields, err);
}

/* Which of how many alternatives it is; null where there are no others. */
static void put_branch(const struct transcript *transcript, size_t message,
		       struct jcs_fields *fields)
{
	struct jcs_fields branch = JCS_FIELDS_INIT;
	size_t of;
	size_t nth = alternative_of(transcript, message, &of);

	if (of < 2 || !nth) {
		fields_null(fields, "branch");
		return;
	}
	fields_integer(&branch, "n", (int64_t)nth);
	fields_integer(&branch, "of", (int64_t)of);
	fields_object(fields, "branch", &branch);
	jcs_fields_release(&branch);
}

static int put_origin(const struct transcript *transcript,
		      const struct said *said, struct origins *origins,
		      struct jcs_fields *fields, struct err *err)
{
	struct from_view from = { origins, transcript->view->vault,
				  { NULL, 0 } };
	struct buf provider = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	int rc = 0;

	if (jcs_find(buf_span(&transcript->state), "provider", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		rc = jcs_string_decode(value, &provider, err);
	result_text(fields, "parent", buf_span(&said->parent));
	fields_integer(fields, "conflicts", (int64_t)said->conflicts);
	from.source = buf_span(&provider);
	if (rc == 0)
		rc = from_put_record(&from, buf_span(&said->entity), said->id,
				     fields, err);
	buf_release(&provider);
	return rc;
}

int turn_put(const struct transcript *transcript, size_t place,
	     const struct turns_wanted *wanted, struct jcs_fields *fields,
	     struct err *err)
{
	static const char *const members[] = { "role", "name", "model",
					       "created", "visibility" };
	const struct said *said = said_at(transcript, place);
	struct span state = buf_span(&said->state);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char ref[CID_TEXT_MAX];
	size_t i;
	int rc;

	cid_text(CID_JSON, said->id, ref);
	fields_text(fields, "entity", buf_span(&said->entity));
	fields_str(fields, "ref", ref);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(fields, members[i], state);
	fields_integer(fields, "nth", (int64_t)place + 1);
	fields_bool(fields, "named", place + 1 == transcript->named);
	put_branch(transcript, transcript->path.at[place], fields);
	rc = talk_text(transcript->view, state, "content", &text, err);
	if (rc == 0)
		rc = parts_put(transcript->view, state, buf_span(&text),
			       &wanted->parts, fields, err);
	/* What a tool is given and gives is folded. */
	if (is_visibility(said, "tool") && !wanted->parts.tools)
		fields_null(fields, "text");
	else
		fields_text(fields, "text", buf_span(&text));
	buf_release(&text);
	if (rc == 0 && wanted->origins)
		rc = put_origin(transcript, said, wanted->origins, fields,
				err);
	return rc < 0 ? rc : fields_end(fields, err);
}
