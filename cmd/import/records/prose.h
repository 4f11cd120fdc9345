/*
 * What is said in a value whose type no importer knows: a record, a part or a
 * block of a format that has grown since. Its words become content, where
 * people read and search; what only programs care for does not.
 */
#ifndef VV_CMD_IMPORT_RECORDS_PROSE_H
#define VV_CMD_IMPORT_RECORDS_PROSE_H

#include "cmd/import/records/part.h"

/*
 * Append the texts in the value, each once, a blank line between: those whose
 * member is called as texts are ("text", "content", "message", "output" ...),
 * and others that look like words. Ids, states, paths, keys, counts, settings
 * and what describes tools are none.
 */
void prose_put(const struct jval *value, struct buf *out);

/* Is anything said in it? */
bool prose_is_in(const struct jval *value);

/*
 * Fields of a part {"type":"other","kind":<the value's own type>,"native":
 * <value>}, whose words are appended to the content: "start" and "end" say
 * where, as part_place() does.
 */
void prose_place(struct buf *content, const struct jval *value,
		 struct jcs_fields *fields);
/* Such a part of a message being put together. */
void part_other(struct parts *parts, const struct jval *value);

#endif
