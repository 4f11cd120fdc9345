/*
 * What shards find is what reading and folding finds, whatever was added,
 * changed and deleted, in whatever order, and whatever becomes of the files.
 */
#include <fcntl.h>

#include "objects/store/store.h"
#include "refs/index/recall.h"
#include "refs/trust/open.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

#ifdef __SANITIZE_ADDRESS__
#define ROUNDS 10		/* each takes ten times as long */
#else
#define ROUNDS 30
#endif
#define ENTITIES 40

static struct vault *vault;
static struct err err = ERR_INIT;
static uint64_t seed = 20261129;
static size_t read_anew;	/* after too many reads */

static const char *const words[] = {
	"rain", "rains", "garden", "the", "Garden", "roses", "read_file",
	"May", "2023", "Ada", "when?", "図書館", "house", "old", "three", "`a`"
};

static const char *const asked[] = {
	"rain", "rain garden", "When did the roses rain in May 2023",
	"gar*", "read file", "図書", "How many old house roses", "Ada rain",
	"rain -old", "\"old house\"", "the", "\"the old\" rain -three",
	"rain \"the the\"", "\"rain\" \"garden roses\" house",
	"garden -\"old house\" -rains", "title:old \"rain the garden\"",
	"\"図書\" -館", "\"read file\" gar* -\"Ada house\"",
	"title:rain old", "title:garden", "2023-05-10..2023-05-20 rain"
};

#define N_OF(list) (sizeof(list) / sizeof((list)[0]))

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

/* xorshift64*: the same numbers in each run. */
static size_t below(size_t n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (size_t)((seed * UINT64_C(2685821657736338717)) >> 33) % n;
}

static void put_words(struct buf *out)
{
	size_t n = below(12);
	size_t i;

	for (i = 0; i <= n; i++)
		buf_putf(out, "%s%s", i ? " " : "", words[below(N_OF(words))]);
}

enum what { MEMORY, SESSION, MESSAGE };

static void put_data(struct buf *out, enum what what)
{
	if (what == SESSION) {
		buf_put_str(out, "{\"native\":{\"cwd\":\"");
		buf_putf(out, "/w/%zu\"},\"title\":\"", below(3));
		put_words(out);
		buf_put_str(out, "\"}");
		return;
	}
	if (what == MEMORY) {
		buf_put_str(out, "{\"content\":\"");
		put_words(out);
		buf_put_str(out, "\",\"tags\":[\"rain\",\"old\",\"rain\"]}");
		return;
	}
	buf_put_str(out, "{\"content\":\"");
	put_words(out);
	buf_putf(out, "\",\"created\":\"2023-05-%02zuT10:00:00.000000Z\","
		 "\"index\":%zu,\"name\":\"%s\",\"role\":\"%s\","
		 "\"session\":\"session:t:%zu\",\"visibility\":\"%s\"}",
		 1 + below(28), below(9), below(2) ? "Ada" : "Bo",
		 below(2) ? "user" : "assistant", below(4),
		 below(8) ? "visible" : "thinking");
}

static void write_one(struct writer *writer)
{
	static const char *const verbs[] = { "create", "create", "create",
					     "update", "delete" };
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	static const char *const kinds[] = { "memory", "session", "message" };
	enum what what = below(9) ? 2 * (below(3) > 0) : SESSION;
	const char *verb = verbs[below(N_OF(verbs))];
	char at[HLC_TEXT_MAX];
	char entity[64];
	char type[32];
	struct record_parts parts = { .type = type, .at = at };

	snprintf(type, sizeof(type), "%s:%s", kinds[what], verb);
	snprintf(entity, sizeof(entity), what == MEMORY ? "memory:%zu" :
		 what == SESSION ? "session:t:%zu" : "message:t:%zu",
		 below(4));
	if (what != SESSION)
		snprintf(entity + strlen(entity), 8, "/%zu", below(ENTITIES));
	must(vault_now(vault, at, &err), "clock");
	put_data(&data, what);
	parts.entity = span_str(entity);
	parts.data = buf_span(&data);
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
	buf_release(&data);
}

static void write_some(void)
{
	struct writer *writer = NULL;
	struct write_result result;
	size_t n = 1 + below(12);

	must(writer_new(vault, "nova", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	while (n--)
		write_one(writer);
	must(writer_commit(writer, "some", &result, &err), "commit");
	writer_free(writer);
}

/* n: so many of the best; is_plain: read all, and fold it. */
static struct recall *find(const char *text, struct view *view, size_t n,
			   bool is_plain, bool with_all)
{
	bool is_costly = !below(4);
	const struct recall_filter filter = {
		.role = below(4) ? NULL : "user", .since = INT64_MIN,
		.until = INT64_MAX, .with_all = with_all,
		.project = below(6) ? NULL : "/w/1/", .has_code = !below(6),
	};
	struct recall *recall = NULL;

	must(recall_new(span_str(text), &filter, &recall, &err), "words");
	recall->is_plain = is_plain;
	must(recall_add(recall, view, &err), "add");
	if (is_costly)
		recall->oldest = SIZE_MAX / 2;
	must(recall_rank(recall, n, &err), "rank");
	return recall;
}

static bool is_same(const struct recall *a, const struct recall *b)
{
	size_t i;

	if (b->hits_n != a->hits_n || a->rows.all != b->rows.all ||
	    a->rows.tokens != b->rows.tokens)
		return false;
	for (i = 0; i < b->hits_n; i++) {
		const struct row *x = &a->rows.at[a->hits[i].row];
		const struct row *y = &b->rows.at[b->hits[i].row];

		if (!span_equals(x->entity, y->entity) ||
		    memcmp(x->id, y->id, RECORD_ID_BYTES) ||
		    a->hits[i].score < b->hits[i].score ||
		    a->hits[i].score > b->hits[i].score)
			return false;
	}
	return true;
}

/* How many questions get another answer than by reading; how many hits. */
static size_t differ(const char *expression, size_t *hits)
{
	struct view *view = NULL;
	size_t wrong = 0;
	size_t i;

	must(view_open(vault, expression, &view, &err), "view");
	for (i = 0; i < N_OF(asked); i++) {
		uint64_t before = seed;
		bool with_all = below(2);
		size_t n = i % 3 ? 1000 : 1 + i;
		struct recall *plain = find(asked[i], view, n, true,
					    with_all);
		struct recall *quick;

		seed = before;
		(void)below(2);
		quick = find(asked[i], view, n, false, with_all);
		if (!is_same(plain, quick)) {
			wrong++;
			diag("'%s' at %s: %zu hits, not %zu", asked[i],
			     expression, quick->hits_n, plain->hits_n);
		}
		*hits += plain->hits_n;
		read_anew += quick->is_plain;
		recall_free(plain);
		recall_free(quick);
	}
	view_free(view);
	return wrong;
}

static void test_equal(void)
{
	size_t wrong = 0;
	size_t hits = 0;
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		write_some();
		wrong += differ("nova", &hits);
		if (i > 2)
			wrong += differ("nova~2", &hits);
	}
	is_int(wrong, 0, "each answer is that of reading and folding");
	ok(hits > 1000, "of %zu hits", hits);
	ok(read_anew > 10, "also of %zu that take too many reads", read_anew);
}

/* Flip a byte of each shard; at: where, in hundredths of the file. */
static int flip(void *arg, const char *name, enum dir_kind kind,
		struct err *why)
{
	const size_t *at = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat info;
	char byte;
	int fd;

	(void)kind;
	must(vault_local_path(vault, "index/nova/", &path, why), "path");
	buf_put_str(&path, name);
	fd = open(buf_text(&path), O_RDWR);
	buf_release(&path);
	if (fd >= 0 && fstat(fd, &info) == 0 && info.st_size) {
		off_t place = info.st_size * (off_t)*at / 100;

		if (pread(fd, &byte, 1, place) == 1) {
			byte ^= 1;
			ok(pwrite(fd, &byte, 1, place) == 1, "flipped");
		}
	}
	if (fd >= 0)
		close(fd);
	return 0;
}

struct saying {
	const struct row *row;
	bool is_said;
};

static int look_at_state(void *arg, const struct view_entity *entity,
			 struct err *why)
{
	struct saying *saying = arg;

	(void)why;
	saying->is_said = entity->state.at &&
			  !memcmp(view_newest(entity)->id, saying->row->id,
				  RECORD_ID_BYTES);
	return 0;
}

/* Does the view have each hit, as it is? */
static bool is_true(const struct recall *recall, struct view *view)
{
	struct saying saying = { NULL, true };
	const struct view_visitor visitor = { look_at_state, &saying };
	size_t i;

	for (i = 0; i < recall->hits_n && saying.is_said; i++) {
		saying.row = &recall->rows.at[recall->hits[i].row];
		saying.is_said = false;
		must(view_one(view, saying.row->entity, &visitor, &err),
		     "look");
	}
	return saying.is_said;
}

static struct recall *find_until(int64_t until_ms, struct view **out)
{
	const struct recall_filter filter = {
		.since = INT64_MIN, .until = INT64_MAX, .until_ms = until_ms,
	};
	struct recall *recall = NULL;

	must(view_open(vault, "nova", out, &err), "view");
	must(recall_new(span_str("rain"), &filter, &recall, &err), "words");
	must(recall_add(recall, *out, &err), "add");
	must(recall_rank(recall, 1000, &err), "rank");
	return recall;
}

/* Each search has time for one segment, and the last for the few left. */
static void test_no_time(void)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct view *view = NULL;
	struct recall *all = find_until(0, &view);
	struct recall *some;
	size_t left;
	size_t steps = 0;
	size_t wrong = 0;
	size_t fewer = 0;
	bool is_whole = false;

	is_int(view->unsearched.n, 0, "with time nothing is left out");
	left = view->unsearched.all;
	view_free(view);
	must(vault_local_path(vault, "index/nova", &folder, &err), "path");
	must(dir_remove_all(vault->path, buf_text(&folder), &err), "remove");
	for (; steps <= left && !is_whole; steps++) {
		some = find_until(1, &view);
		is_whole = !view->unsearched.n;
		wrong += !is_true(some, view) || some->is_plain ||
			 view->unsearched.all != left || (!is_whole &&
			 view->unsearched.n + steps + 1 != left);
		fewer += some->hits_n < all->hits_n;
		if (is_whole)
			wrong += !is_same(all, some);
		recall_free(some);
		view_free(view);
	}
	ok(is_whole && steps > 4, "all is found in %zu steps of %zu", steps,
	   left);
	is_int(wrong, 0, "each goes on, and what it finds is there");
	ok(fewer, "fewer hits at first");
	recall_free(all);
	buf_release(&folder);
}

static void count_progress(void *arg, const char *what, uint64_t done,
			   uint64_t total)
{
	size_t *told = arg;

	if (strcmp(what, "indexing") || done >= total)
		diag("%s: %llu of %llu", what, (unsigned long long)done,
		     (unsigned long long)total);
	else
		++*told;
}

static void test_damage(void)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	size_t wrong = 0;
	size_t hits = 0;
	size_t told = 0;
	size_t at;

	must(vault_local_path(vault, "index/nova", &folder, &err), "path");
	for (at = 0; at < 100; at += 7) {
		must(dir_each(buf_text(&folder), flip, &at, &err), "flip");
		wrong += differ("nova", &hits);
	}
	is_int(wrong, 0, "a damaged shard changes no answer");
	must(dir_remove_all(vault->path, buf_text(&folder), &err), "remove");
	vault->calls.progress = count_progress;
	vault->calls.arg = &told;
	wrong = differ("nova", &hits);
	is_int(wrong, 0, "one that is gone is made anew");
	ok(told > 1, "of which is told: %zu", told);
	told = 0;
	wrong = differ("nova", &hits);
	ok(!told && !wrong, "and not where it is there");
	vault->calls = (struct vault_calls){ .tell = NULL };
	buf_release(&folder);
}

int main(void)
{
	const struct vault_options options = {
		.keys_folder = NULL, .is_plain = true
	};
	struct vault_options own = options;

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "library");
	own.keys_folder = in_scratch("keys");
	must(vault_create(in_scratch("v"), &own, &vault, &err), "vault");
	test_equal();
	test_no_time();
	test_damage();
	vault_close(vault);
	scratch_end();
	return done_testing();
}
