#include "cmd/action/recall/hit.h"

void hit_put_marks(struct jcs_fields *fields, const char *name,
		   const struct snippet *snippet)
{
	struct buf marks = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&marks, '[');
	for (i = 0; i < snippet->marks.n; i++)
		buf_putf(&marks, "%s[%zu,%zu]", i ? "," : "",
			 snippet->marks.at[i].start, snippet->marks.at[i].end);
	buf_put_char(&marks, ']');
	fields_buf(fields, name, &marks);
	buf_release(&marks);
}

int hit_put_title_marks(const struct recall *recall,
			const struct hit_names *names,
			struct snippet *snippet, struct jcs_fields *fields,
			struct err *err)
{
	struct span title = buf_span(&names->title);
	int rc;

	if (!title.len)
		return 0;
	rc = snippet_make(recall->words, recall->query,
			  query_slots(recall->query, true), title, snippet,
			  err);
	/* Of a long one a part is chosen, which is not what is shown. */
	if (rc == 0 && snippet->marks.n &&
	    span_equals(buf_span(&snippet->text), title))
		hit_put_marks(fields, "title_marks", snippet);
	return rc;
}
