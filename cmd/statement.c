#include "cmd/statement.h"

#include <stdlib.h>
#include <string.h>

#include "lib/random.h"

static int remember(struct statement *statement, const unsigned char *id)
{
	size_t cap = statement->ids_cap ? statement->ids_cap * 2 : 16;
	void *grown;

	if (statement->ids_n == statement->ids_cap) {
		grown = realloc(statement->ids, cap * sizeof(*statement->ids));
		if (!grown)
			return err_set(&statement->session->err, ERR_NOMEM,
				       "out of memory");
		statement->ids = grown;
		statement->ids_cap = cap;
	}
	memcpy(statement->ids[statement->ids_n++], id, RECORD_ID_BYTES);
	return 0;
}

static int make_entity(const struct statement *statement, struct buf *out)
{
	struct err *err = &statement->session->err;
	char key[RANDOM_KEY26_MAX];

	if (statement->entity)
		return buf_add_str(out, statement->entity, err);
	random_key26(key);
	return buf_printf(out, err, "%s:%s", statement->kind->name, key);
}

/* NULL where the construct does not exist yet. */
static int open_view(struct statement *statement, struct view **out)
{
	struct err *err = &statement->session->err;
	struct err missing = ERR_INIT;
	char ref_name[CONSTRUCT_NAME_MAX];
	int rc;

	*out = NULL;
	rc = vault_ref_name(statement->vault, statement->construct, ref_name,
			    err);
	if (rc < 0)
		return rc;
	rc = view_open_ref(statement->vault, ref_name, out, &missing);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		*err = missing;
	return rc;
}

int statement_begin(struct statement *statement)
{
	struct err *err = &statement->session->err;
	struct view *view;
	int rc;

	if (!statement->entity)
		return 0;
	rc = open_view(statement, &view);
	if (rc < 0)
		return rc;
	rc = view_standing(view, span_str(statement->entity),
			   &statement->prev, err);
	/* What we say of it next is later than what we have read of it. */
	if (rc >= 0)
		rc = vault_observe(statement->vault, &statement->prev.newest,
				   false, err);
	view_free(view);
	return rc;
}

int statement_add(struct statement *statement, struct span data)
{
	struct err *err = &statement->session->err;
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	char at[HLC_TEXT_MAX];
	unsigned char id[RECORD_ID_BYTES];
	struct record_parts parts;
	int rc;

	rc = make_entity(statement, &entity);
	if (rc < 0)
		goto out;
	rc = vault_now(statement->vault, at, err);
	if (rc < 0)
		goto out;
	parts.type = statement->type;
	parts.entity = buf_span(&entity);
	parts.at = at;
	parts.prev = (const unsigned char (*)[RECORD_ID_BYTES])
		statement->prev.ids;
	parts.prev_n = statement->prev.n;
	parts.data = data;
	rc = writer_add_parts(statement->writer, &parts, id, NULL, err);
	if (rc < 0)
		goto out;
	rc = remember(statement, id);
	if (rc >= 0 && statement->entity) {
		memcpy(statement->prev.ids[0], id, sizeof(id));
		statement->prev.n = 1;
	}
out:
	buf_release(&entity);
	return rc;
}

void statement_release(struct statement *statement)
{
	free(statement->ids);
	free(statement->prev.ids);
}
