#include "cmd/import/kimi/older.h"

#include "cmd/import/input/whole.h"

int kimi_read_older(struct span context, struct kimi_older *out,
		    struct err *err)
{
	unsigned char before[SHA256_BYTES] = { 0 };
	unsigned char hash[SHA256_BYTES];
	struct value_lines *lines = NULL;
	struct value_line line;
	int rc;

	if (!context.len)
		return 0;
	rc = value_lines_new(whole_feed(&context), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) == 0 &&
	       line.found != FOUND_END) {
		if (line.found == FOUND_BAD ||
		    !jval_is(line.value, JVAL_OBJECT))
			continue;
		sha256_of(line.value->raw.at, line.value->raw.len, hash);
		rc = table_include(&out->said, hash, NULL, err);
		log_make_key(before, line.value->raw,
			     span_begins(jval_get_text(line.value, "role"),
					 "_"), out->tail);
	}
	value_lines_free(lines);
	return rc;
}

bool kimi_older_has(const struct kimi_older *older, struct span line)
{
	unsigned char hash[SHA256_BYTES];

	sha256_of(line.at, line.len, hash);
	return table_get(&older->said, hash, NULL);
}

bool kimi_is_summary(const struct jval *content)
{
	struct span text = jval_is(content, JVAL_ARRAY) ?
		jval_get_text(jval_first(content), "text") :
		jval_text(content);

	return span_begins(text, KIMI_COMPACTED);
}
