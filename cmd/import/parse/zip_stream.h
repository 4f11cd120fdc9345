/*
 * The bytes of one member of a zip archive, as they are unpacked.
 */
#ifndef VV_CMD_IMPORT_PARSE_ZIP_STREAM_H
#define VV_CMD_IMPORT_PARSE_ZIP_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "cmd/import/parse/zip.h"
#include "cmd/import/parse/zip_directory.h"
#include "lib/base/err.h"

#define ZIP_LOCAL_BYTES 30	/* of a member's own header, without name */
#define ZIP_STORED 0
#define ZIP_DEFLATED 8

struct zip_stream;

/* ERR_NOMEM. The file is borrowed. */
MUST_USE int zip_stream_new(struct zip_file *file, struct zip_stream **out,
			    struct err *err);
void zip_stream_free(struct zip_stream *stream);	/* accepts NULL */

/* Begin at the member's own header, which must say what the directory says.
 * Its method is one of the two above. */
MUST_USE int zip_stream_begin(struct zip_stream *stream,
			      const struct zip_member *member,
			      struct err *err);

/* As zip_member_read(). */
MUST_USE int zip_stream_read(struct zip_stream *stream, void *bytes,
			     size_t len, size_t *out_len, struct err *err);

#endif
