#include "cmd/action/mend/hand/tags.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jdoc.h"

void tags_release(struct tags *tags)
{
	while (tags->n)
		free(tags->at[--tags->n]);
	free(tags->at);
}

int tags_add(struct tags *tags, struct span text, struct err *err)
{
	int rc = array_room(tags, err);

	if (rc < 0)
		return rc;
	tags->at[tags->n] = strndup(text.at, text.len);
	if (!tags->at[tags->n])
		return err_set(err, ERR_NOMEM, "out of memory");
	tags->n++;
	return 0;
}

/* Those of a state that are text. */
int tags_of(struct span state, struct tags *out, struct err *err)
{
	struct jdoc_options options = { .flags = 0 };
	struct jdoc *doc = NULL;
	const struct jval *tag;
	int rc = jdoc_parse(state, &options, &doc, err);

	if (rc == 0) {
		tag = jval_first(jval_get(jdoc_root(doc), "tags"));
		for (; rc == 0 && tag; tag = tag->next) {
			if (jval_is(tag, JVAL_STRING))
				rc = tags_add(out, jval_text(tag), err);
		}
	}
	jdoc_free(doc);
	return rc;
}

static int order_tags(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void tags_sort(struct tags *tags)
{
	if (tags->n)
		qsort(tags->at, tags->n, sizeof(*tags->at), order_tags);
}

bool tags_have(const struct tags *tags, const char *text)
{
	size_t i;

	for (i = 0; i < tags->n; i++) {
		if (!strcmp(tags->at[i], text))
			return true;
	}
	return false;
}

void tags_put(const struct tags *tags, struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < tags->n; i++) {
		buf_put_str(&list, i ? "," : "");
		jcs_put_string(&list, span_str(tags->at[i]));
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "tags", &list);
	buf_release(&list);
}
