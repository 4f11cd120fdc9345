/*
 * Key files: what is read can be written, and read back as the same key.
 */
#include <assert.h>
#include <stdint.h>

#include "refs/key/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT(8192);
	struct device_key key, back;

	if (device_key_read(span_of(data, len), &key, NULL) == 0) {
		assert(device_key_write(&key, "fuzz", &text, NULL) == 0);
		assert(device_key_read(buf_span(&text), &back, NULL) == 0);
		assert(!memcmp(&key, &back, sizeof(key)));
	}
	buf_release(&text);
	return 0;
}
