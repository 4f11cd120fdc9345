#include "refs/view/describe.h"

#include <string.h>

#include "objects/record/segment.h"
#include "objects/tree/tree.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/* Of one segment. */
static int each_line(const struct vault *vault, struct codec *codec,
		     const struct tree_segment *segment,
		     const struct line_visitor *visitor, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	struct span line;
	size_t pos = 0;
	int rc = store_read(vault->store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &bytes, err);

	if (rc == 0)
		rc = codec_decode(codec, SEAL_SEGMENT, buf_span(&bytes), &text,
				  err);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = visitor->line(visitor->arg, line, err);
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

int version_each_plain(const struct vault *vault,
		       const struct version *version,
		       const struct line_visitor *visitor, struct err *err)
{
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct codec *codec = NULL;
	git_oid before;
	size_t i;
	int rc;

	if (version->change != CHANGE_ADD)
		return 0;
	rc = codec_new_plain(&codec, err);
	if (rc < 0)
		return rc;
	rc = history_union(vault->store, version->parents, version->parents_n,
			   &before, err);
	if (rc == 0)
		rc = tree_diff(vault->store, &before, &version->tree, NULL,
			       &come, err);
	for (i = 0; rc == 0 && i < come.n; i++) {
		if (strcmp(come.at[i].place.dir, "blob"))
			rc = each_line(vault, codec, &come.at[i], visitor,
				       err);
	}
	tree_segments_release(&come);
	codec_free(codec);
	return rc;
}

static int count_line(void *arg, struct span line, struct err *err)
{
	(void)line;
	(void)err;
	(*(uint64_t *)arg)++;
	return 0;
}

int version_describe(const struct vault *vault, const struct version *version,
		     struct version_note *out, struct err *err)
{
	const struct line_visitor count = { count_line, &out->records };
	struct err quiet = ERR_INIT;
	int rc;

	version_note_release(out);
	*out = (struct version_note)VERSION_NOTE_INIT;
	if (version->note.len) {
		rc = vault_note_open(vault, version, out, &quiet);
		if (rc == ERR_NO_KEY)
			return buf_add_span(&out->subject,
					    buf_span(&version->subject), err);
		if (rc < 0 && err)
			*err = quiet;
		return rc;
	}
	memcpy(out->construct, version->construct, sizeof(out->construct));
	rc = buf_add_span(&out->subject, buf_span(&version->subject), err);
	if (rc < 0)
		return rc;
	out->has_records = true;
	return version_each_plain(vault, version, &count, err);
}
