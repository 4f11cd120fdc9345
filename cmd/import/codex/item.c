#include "cmd/import/codex/codex.h"

#include "cmd/import/records/prose.h"

bool codex_is_called(struct span type, const char *word)
{
	size_t i;

	for (i = 0; i < type.len; i++) {
		char c = type.at[i];

		if (c == '_')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != *word)
			return false;
		word++;
	}
	return !*word && type.len;
}

static enum codex_kind kind_of_word(struct span type)
{
	static const struct {
		const char *type;
		enum codex_kind kind;
	} rows[] = {
		{ "usermessage", CODEX_SAID },
		{ "hookprompt", CODEX_HOOKED },
		{ "agentmessage", CODEX_ANSWERED },
		{ "reasoning", CODEX_THOUGHT },
		{ "plan", CODEX_PLANNED },
		{ "commandexecution", CODEX_DONE },
		{ "filechange", CODEX_DONE },
		{ "mcptoolcall", CODEX_DONE },
		{ "dynamictoolcall", CODEX_DONE },
		{ "collabagenttoolcall", CODEX_DONE },
		{ "collabtoolcall", CODEX_DONE },
		{ "websearch", CODEX_DONE },
		{ "imageview", CODEX_DONE },
		{ "imagegeneration", CODEX_DONE },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (codex_is_called(type, rows[i].type))
			return rows[i].kind;
	}
	return CODEX_KIND_NONE;
}

enum codex_kind codex_kind_of(const struct codex_record *record)
{
	switch (record->what) {
	case CODEX_USER_EVENT:
		return CODEX_SAID;
	case CODEX_AGENT_EVENT:
		return CODEX_ANSWERED;
	case CODEX_THOUGHT_EVENT:
		return CODEX_THOUGHT;
	case CODEX_TURN_ITEM:
		return record->item == record->payload ? CODEX_DONE :
			kind_of_word(jval_get_text(record->item, "type"));
	default:
		return CODEX_KIND_NONE;
	}
}

struct span codex_item_id(const struct codex_record *record)
{
	struct span id = jval_get_text(record->item, "id");

	return id.len ? id : jval_get_text(record->item, "call_id");
}

static const struct jval *either(const struct jval *item, const char *one,
				 const char *other)
{
	const struct jval *value = jval_get(item, one);

	return value ? value : jval_get(item, other);
}

static void put_item(const struct codex_record *record, struct buf *out)
{
	const struct jval *item = record->item;

	switch (codex_kind_of(record)) {
	case CODEX_SAID:
		codex_put_typed(jval_get(item, "content"), out);
		break;
	case CODEX_HOOKED:
		codex_put_text(jval_get(item, "fragments"), out);
		break;
	case CODEX_ANSWERED:
		codex_put_text(jval_get(item, "content"), out);
		break;
	case CODEX_THOUGHT:
		codex_put_text(either(item, "summary_text", "summaryText"),
			       out);
		codex_put_text(either(item, "raw_content", "rawContent"),
			       out);
		break;
	case CODEX_PLANNED:
		codex_put_text(jval_get(item, "text"), out);
		break;
	case CODEX_DONE:
		buf_put_span(out, codex_item_command(item));
		break;
	case CODEX_KIND_NONE:
		prose_put(item, out);
		break;
	}
}

void codex_item_words(const struct codex_record *record, struct buf *out)
{
	switch (record->what) {
	case CODEX_USER_EVENT:
	case CODEX_AGENT_EVENT:
		codex_put_text(jval_get(record->payload, "message"), out);
		break;
	case CODEX_THOUGHT_EVENT:
		codex_put_text(jval_get(record->payload, "text"), out);
		break;
	case CODEX_TURN_ITEM:
		put_item(record, out);
		break;
	default:
		prose_put(record->payload, out);
	}
}

struct span codex_item_command(const struct jval *item)
{
	const struct jval *source = jval_get(item, "source");
	const struct jval *command = jval_get(item, "command");
	size_t n = jval_count(command);

	if (!jval_is_text(source, "user_shell") &&
	    !jval_is_text(source, "userShell"))
		return span_of(NULL, 0);
	return jval_is(command, JVAL_STRING) ? jval_text(command) :
		jval_text(jval_item(command, n ? n - 1 : 0));
}

bool codex_item_has_more(const struct codex_record *record)
{
	const struct jval *piece;

	if (record->what != CODEX_TURN_ITEM)
		return jval_count(jval_get(record->payload, "images")) ||
		       jval_count(jval_get(record->payload,
					   "local_images")) ||
		       jval_count(jval_get(record->payload,
					   "text_elements"));
	piece = jval_first(jval_get(record->item, "content"));
	for (; piece; piece = piece->next) {
		if (!jval_is(jval_get(piece, "text"), JVAL_STRING) ||
		    jval_count(jval_get(piece, "text_elements")))
			return true;
	}
	return false;
}
