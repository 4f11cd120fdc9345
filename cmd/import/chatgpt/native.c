#include "cmd/import/chatgpt/run.h"

int chatgpt_native_begin(struct chatgpt_run *run, const char *name,
			 size_t *out_mark, struct err *err)
{
	struct buf *native = &run->native;
	int rc;

	*out_mark = native->len;
	rc = buf_add_str(native, native->len ? ",\"" : "{\"", err);
	if (rc >= 0)
		rc = buf_add_str(native, name, err);
	return rc < 0 ? rc : buf_add_str(native, "\":", err);
}

void chatgpt_native_end(struct chatgpt_run *run, size_t mark)
{
	struct buf *native = &run->native;

	if (native->len && native->data[native->len - 1] == ':')
		buf_cut(native, mark);
}

int chatgpt_native_key(struct chatgpt_run *run, struct span key,
		       struct err *err)
{
	size_t mark;
	int rc;

	buf_reset(&run->key);
	rc = chat_add_key(&run->key, key, err);
	if (rc < 0 || span_equals(buf_span(&run->key), key))
		return rc;
	rc = chatgpt_native_begin(run, "key", &mark, err);
	return rc < 0 ? rc : chat_add_text(&run->native, key, err);
}

int chatgpt_native_close(struct chatgpt_run *run, struct span *out,
			 struct err *err)
{
	int rc;

	*out = span_of(NULL, 0);
	if (!run->native.len)
		return 0;
	rc = buf_add_char(&run->native, '}', err);
	*out = buf_span(&run->native);
	return rc;
}
