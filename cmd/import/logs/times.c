#include "cmd/import/logs/times.h"

void log_times_release(struct log_times *times)
{
	table_release(&times->at);
	table_release(&times->said);
	table_release(&times->taken);
}

static void hash_of(const char *kind, struct span text,
		    unsigned char out[SHA256_BYTES])
{
	unsigned char both[2 * SHA256_BYTES];

	sha256_of(kind, strlen(kind), both);
	sha256_of(text.at, text.len, both + SHA256_BYTES);
	sha256_of(both, sizeof(both), out);
}

/* Of the one that has been there so often before; it counts once more. */
static int count_in(struct table *counts, unsigned char hash[SHA256_BYTES],
		    struct err *err)
{
	unsigned char both[SHA256_BYTES + sizeof(uint64_t)];
	uint64_t before = 0;
	int rc = table_count(counts, hash, &before, err);

	memcpy(both, hash, SHA256_BYTES);
	memcpy(both + SHA256_BYTES, &before, sizeof(before));
	sha256_of(both, sizeof(both), hash);
	return rc;
}

void log_times_add(struct log_times *times, const char *kind,
		   struct span text, struct chat_time time)
{
	unsigned char hash[SHA256_BYTES];

	if (!text.len || time.micros == CHAT_TIME_UNKNOWN || times->err.code)
		return;
	hash_of(kind, text, hash);
	if (count_in(&times->said, hash, &times->err) == 0)
		(void)!table_put(&times->at, hash, (uint64_t)time.micros,
				 &times->err);
}

struct chat_time log_times_take(struct log_times *times, const char *kind,
				struct span text)
{
	static const struct chat_time none = CHAT_TIME_NONE;
	struct chat_time time = none;
	unsigned char hash[SHA256_BYTES];
	uint64_t micros;

	if (!text.len || times->err.code)
		return none;
	hash_of(kind, text, hash);
	if (count_in(&times->taken, hash, &times->err) == 0 &&
	    table_get(&times->at, hash, &micros))
		time.micros = (int64_t)micros;
	return time;
}

int log_times_end(const struct log_times *times, struct err *err)
{
	return times->err.code ? err_set(err, (enum err_code)times->err.code,
					 "%s", times->err.text) : 0;
}
