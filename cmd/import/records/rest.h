/*
 * What an importer has no field for, beside what it has: members of a
 * source's object as they stand.
 */
#ifndef VV_CMD_IMPORT_RECORDS_REST_H
#define VV_CMD_IMPORT_RECORDS_REST_H

#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

/*
 * Fields of an object that is built (fields_end()): a value, nothing for
 * NULL; a text, whatever it holds, nothing when it is absent; and
 * fields as one field, which are then reset, none when there are none.
 */
void fields_value(struct jcs_fields *fields, const char *name,
		  const struct jval *value);
void fields_said(struct jcs_fields *fields, const char *name,
		 struct span text);
void fields_inner(struct jcs_fields *fields, const char *name,
		  struct jcs_fields *inner);
/* Fields as an object, appended to text that is built (buf_end()); nothing
 * when there are none. */
void fields_put(struct jcs_fields *fields, struct buf *out);
/* A member of an object under its own name. A key that begins with "$" gets
 * another one: it is no mark of ours. */
void fields_member(struct jcs_fields *fields, const struct jval *member);
/* Both for what an exporter writes again: nulls are kept (jdoc_to_data()). */
void fields_exact(struct jcs_fields *fields, const char *name,
		  const struct jval *value);
void fields_exact_member(struct jcs_fields *fields, const struct jval *member);

#endif
