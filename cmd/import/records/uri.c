#include "cmd/import/records/uri.h"

#include "lib/id/encode.h"

void uri_put_path(struct span uri, struct buf *out)
{
	static const char begin[] = "file://";
	struct span path = uri;
	bool is_file = span_begins(uri, begin) && uri.len > strlen(begin) &&
		       uri.at[strlen(begin)] == '/';
	unsigned char byte;
	size_t i;

	if (is_file)
		path = span_of(uri.at + strlen(begin),
			       uri.len - strlen(begin));
	for (i = 0; i < path.len; i++) {
		if (is_file && path.at[i] == '%' && path.len - i > 2 &&
		    hex_decode(span_of(path.at + i + 1, 2), &byte, 1)) {
			buf_put_char(out, (char)byte);
			i += 2;
		} else {
			buf_put_char(out, path.at[i]);
		}
	}
}
