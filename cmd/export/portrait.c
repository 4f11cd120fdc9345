#include "cmd/export/portrait.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

static int keep_memory(struct portrait *portrait, struct span state,
		       struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter = jcs_iter_object(state);
	struct remembered *memory;
	struct span value;
	struct span name;
	size_t more = 0;
	int rc = array_room(portrait, err);

	if (rc < 0)
		return rc;
	memory = &portrait->at[portrait->n];
	*memory = (struct remembered){ none, none, none, portrait->n++ };
	while (jcs_next(&iter, &name, NULL))
		more += !span_equals(name, span_str("content")) &&
			!span_equals(name, span_str("bucket"));
	portrait->richer += more != 0;
	rc = buf_add_span(&memory->state, state, err);
	if (rc == 0 && jcs_find(state, "content", &value))
		rc = export_text(portrait->view, value, &memory->text, err);
	if (rc == 0 && jcs_find(state, "bucket", &value))
		rc = export_text(portrait->view, value, &memory->bucket, err);
	return rc;
}

static int take_part(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct portrait *portrait = arg;

	if (!entity->state.at || !strcmp(entity->kind->name, "construct"))
		return 0;
	if (!strcmp(entity->kind->name, "memory"))
		return keep_memory(portrait, entity->state, err);
	portrait->others[entity->kind - kind_table]++;
	return 0;
}

static int order_memories(const void *a, const void *b)
{
	const struct remembered *x = a;
	const struct remembered *y = b;
	int order = span_compare(buf_span(&x->bucket), buf_span(&y->bucket));

	if (!order)
		order = span_compare(buf_span(&x->text), buf_span(&y->text));
	if (!order)
		order = (x->number > y->number) - (x->number < y->number);
	return order;
}

int portrait_read(struct view *view, struct portrait *out, struct err *err)
{
	const struct view_visitor visitor = { take_part, out };
	const struct kind *kind;
	int rc = 0;

	out->view = view;
	/* Conversations are told one by one, with the acus drawn from them. */
	for (kind = kind_table; rc == 0 && kind->name; kind++) {
		if (!kind->is_vault_only && strcmp(kind->home, "session"))
			rc = kind->has_home ?
			     view_each_home(view, kind->home, &visitor, err) :
			     view_each(view, kind, false, &visitor, err);
	}
	if (out->n)
		qsort(out->at, out->n, sizeof(*out->at), order_memories);
	return rc;
}

void portrait_release(struct portrait *portrait)
{
	size_t i;

	for (i = 0; i < portrait->n; i++) {
		buf_release(&portrait->at[i].bucket);
		buf_release(&portrait->at[i].text);
		buf_release(&portrait->at[i].state);
	}
	free(portrait->at);
}

void portrait_put_others(const struct portrait *portrait, struct buf *out)
{
	size_t begin = out->len;
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if (!portrait->others[i])
			continue;
		buf_putf(out, "%s%llu %s%s", out->len > begin ? ", " : "",
			 (unsigned long long)portrait->others[i],
			 kind_table[i].name,
			 portrait->others[i] == 1 ? "" : "s");
	}
}
