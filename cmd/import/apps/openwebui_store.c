#include "cmd/import/apps/openwebui.h"

static const struct rows_shape message_shape = {
	.table = "chat_message",
	.json = (const char *const[]){
		"content", "output", "files", "sources", "embeds", "meta",
		"status_history", "error", "usage", NULL
	},
	.order = (const char *const[]){ "created_at", "id", NULL },
	.member = "chat_message",
	.column = "chat_id",
};

static const struct rows_shape folder_shape = {
	.table = "folder",
	.json = (const char *const[]){ "data", "meta", NULL },
	.member = "folder",
	.column = "id", .of = "folder_id", .is_one = true,
};

static const struct rows_shape chat_shape = {
	.table = "chat",
	.json = (const char *const[]){ "chat", "meta", NULL },
	.order = (const char *const[]){ "created_at", "id", NULL },
	.inner = (const struct rows_shape *const[]){
		&message_shape, &folder_shape, NULL
	},
};

static const struct rows_shape memory_shape = {
	.table = "memory",
	.order = (const char *const[]){ "created_at", "id", NULL },
};

static const struct rows_shape model_shape = {
	.table = "model",
	.json = (const char *const[]){
		"meta", "params", "access_control", NULL
	},
	.order = (const char *const[]){ "created_at", "id", NULL },
};

static const struct flat_row memory[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct rows_shape note_shape = {
	.table = "note",
	.json = (const char *const[]){
		"data", "meta", "access_control", NULL
	},
	.order = (const char *const[]){ "created_at", "id", NULL },
};

/* Times are nanoseconds there: they stay what they are. */
static const struct flat_row note[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_SAID, "data.content.md", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row model[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_MODEL, "base_model_id", FLAT_TAKEN },
	{ FLAT_SAID, "params.system", FLAT_STAYS },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int take_chat(void *arg, const struct source_value *given,
		     struct err *err)
{
	struct flat *flat = arg;

	flat->given = given;
	return openwebui_talk(flat, err);
}

static int take_memory(void *arg, const struct source_value *given,
		       struct err *err)
{
	static const struct app_persona memories = { "", NULL, memory };
	struct flat *flat = arg;

	flat->given = given;
	return app_remember(flat, given->value, &memories, err);
}

static int take_model(void *arg, const struct source_value *given,
		      struct err *err)
{
	static const struct app_persona personas = {
		"persona/", "persona", model
	};
	struct flat *flat = arg;

	flat->given = given;
	return app_remember(flat, given->value, &personas, err);
}

static int take_note(void *arg, const struct source_value *given,
		     struct err *err)
{
	static const struct app_persona notes = { "note/", "note", note };
	struct flat *flat = arg;

	flat->given = given;
	return app_remember(flat, given->value, &notes, err);
}

static int give_store(struct flat *flat, struct err *err)
{
	static const struct {
		const struct rows_shape *shape;
		int (*value)(void *arg, const struct source_value *given,
			     struct err *err);
	} tables[] = {
		{ &chat_shape, take_chat }, { &memory_shape, take_memory },
		{ &model_shape, take_model }, { &note_shape, take_note },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		const struct values_visitor visitor = {
			tables[i].value, flat
		};

		rc = rows_values(flat->job, flat->source, tables[i].shape,
				 &visitor, err);
	}
	return rc;
}

int openwebui_read_store(struct import_job *job,
			 struct import_source *source, struct err *err)
{
	return app_read_given(job, source, give_store, err);
}
