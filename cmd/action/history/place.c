#include "cmd/action/history/place.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "objects/record/kinds.h"

#define NODE_OF_SOURCES "00000000"

/* Entities of some kinds are made here, of what was imported. */
static bool has_place(const struct kind *kind)
{
	static const char *const none[] = { "source", "acu", "construct" };
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (!strcmp(kind->name, none[i]))
			return false;
	}
	return true;
}

void place_put(struct jcs_fields *fields, const struct record *record)
{
	struct span at = record->at;
	struct jcs_fields place = JCS_FIELDS_INIT;
	struct span id = record->entity;
	struct span node = span_of(at.at + at.len - 8, 8);
	struct home home;
	struct span index;
	size_t used;

	if (!span_equals(node, span_str(NODE_OF_SOURCES)) ||
	    !has_place(record->kind) || entity_home(id, &home, NULL, NULL) < 0) {
		fields_null(fields, "place");
		return;
	}
	used = (size_t)(home.key.at + home.key.len - id.at);
	if (used < id.len) {
		fields_text(&place, "in", home.key);
		id = span_of(id.at + used + 1, id.len - used - 1);
	} else {
		fields_null(&place, "in");
		id = home.key;
	}
	fields_text(&place, "id", id);
	if (jcs_find(record->data, "index", &index) &&
	    jcs_type_of(index) == JCS_NUMBER)
		fields_raw(&place, "index", index);
	else
		fields_null(&place, "index");
	fields_object(fields, "place", &place);
	jcs_fields_release(&place);
}
