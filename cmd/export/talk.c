#include "cmd/export/talk.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/words/spoken.h"

void said_reset(struct said_list *list)
{
	while (list->n) {
		struct said *said = &list->at[--list->n];

		buf_release(&said->entity);
		buf_release(&said->parent);
		buf_release(&said->state);
	}
}

void said_release(struct said_list *list)
{
	said_reset(list);
	free(list->at);
	list->at = NULL;
	list->cap = 0;
}

int talk_text(struct view *view, struct span state, const char *name,
	      struct buf *out, struct err *err)
{
	struct span value;

	if (!jcs_find(state, name, &value) || jcs_type_of(value) == JCS_NULL)
		return 0;
	return export_text(view, value, out, err);
}

int said_add(struct said_list *list, struct view *view,
	     const struct view_entity *message, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct said *said;
	struct span value;
	int rc = array_room(list, err);

	if (rc < 0)
		return rc;
	said = &list->at[list->n++];
	*said = (struct said){ none, none, none, 0, { 0 },
			       message->conflicts };
	memcpy(said->id, view_newest(message)->id, RECORD_ID_BYTES);
	rc = buf_add_span(&said->entity, message->entity, err);
	if (rc == 0)
		rc = buf_add_span(&said->state, message->state, err);
	if (rc == 0)
		rc = talk_text(view, message->state, "parent", &said->parent,
			       err);
	if (jcs_find(message->state, "index", &value))
		(void)jcs_integer(value, &said->index);
	return rc;
}

bool said_is_shown(const struct said *said)
{
	struct span value;

	return !jcs_find(buf_span(&said->state), "visibility", &value) ||
	       jcs_is_text(value, "visible");
}

size_t said_count(const struct said_list *list)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < list->n; i++)
		n += !spoken_is_root(buf_span(&list->at[i].state));
	return n;
}

bool talk_is_position(struct span part)
{
	struct jcs_iter iter = jcs_iter_object(part);
	struct span value;
	size_t n = 0;

	if (!jcs_find(part, "start", &value) || !jcs_find(part, "end", &value))
		return false;
	while (jcs_next(&iter, NULL, NULL))
		n++;
	return n == 2 || (n == 3 && jcs_find(part, "type", &value));
}
