/*
 * What a shard says is compared with what the records say, and one that this
 * device made, but that says something else, is told of.
 */
#include <unistd.h>

#include "objects/store/store.h"
#include "refs/index/recall.h"
#include "refs/index/shard/shards.h"
#include "refs/trust/open.h"
#include "refs/vault/local.h"
#include "refs/view/forgotten.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

static struct vault *vault;
static struct err err = ERR_INIT;

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

static void say(const char *entity, const char *content)
{
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct writer *writer = NULL;
	struct write_result result;
	char at[HLC_TEXT_MAX];
	struct record_parts parts = {
		.type = "memory:create", .entity = span_str(entity), .at = at,
	};

	must(vault_now(vault, at, &err), "clock");
	buf_putf(&data, "{\"content\":\"%s\"}", content);
	parts.data = buf_span(&data);
	must(writer_new(vault, "nova", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
	must(writer_commit(writer, "some", &result, &err), "commit");
	writer_free(writer);
	buf_release(&data);
}

static struct view *open_view(void)
{
	struct view *view = NULL;

	must(view_open(vault, "nova", &view, &err), "view");
	return view;
}

static size_t found(const char *word)
{
	const struct recall_filter filter = {
		.since = INT64_MIN, .until = INT64_MAX,
	};
	struct view *view = open_view();
	struct recall *recall = NULL;
	size_t n;

	must(recall_new(span_str(word), &filter, &recall, &err), "words");
	must(recall_add(recall, view, &err), "add");
	must(recall_rank(recall, 10, &err), "rank");
	n = recall->hits_n;
	recall_free(recall);
	view_free(view);
	return n;
}

static bool is_true(void)
{
	struct view *view = open_view();
	bool is_right = false;

	must(shards_check(view, &is_right, &err), "check");
	view_free(view);
	return is_right;
}

static char *find(const struct buf *body, struct span what)
{
	size_t i;

	for (i = 0; i + what.len <= body->len; i++) {
		if (!memcmp(body->data + i, what.at, what.len))
			return body->data + i;
	}
	return NULL;
}

/* Make a shard anew that says another word, as nobody else could. */
static int doctor(void *arg, const char *name, enum dir_kind kind,
		  struct err *why)
{
	const struct span *change = arg;
	struct view *view = open_view();
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct buf seal_name = BUF_INIT(BUF_NO_LIMIT);
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	struct local_seal seal;
	struct stat info;
	const void *bytes;
	size_t len;
	char *at;

	must(index_folder(vault, view->ref_name, NULL, &folder, why), "folder");
	buf_putf(&path, "%s/%s", buf_text(&folder), name);
	shards_seal(vault, &seal);
	must(forgotten_name(view, &seal_name, why), "name");
	if (kind == DIR_KIND_FILE && stat(buf_text(&path), &info) == 0 &&
	    pages_open(&seal, buf_span(&seal_name), buf_text(&path), &pages,
		       NULL) == 0) {
		for (len = (size_t)info.st_size; len; len--) {
			if (pages_at(pages, 0, len, &bytes, NULL) == 0)
				break;
		}
		must(buf_add(&body, bytes, len, why), "body");
		at = find(&body, change[0]);
		if (at) {
			memcpy(at, change[1].at, change[1].len);
			unlink(buf_text(&path));
			buf_reset(&path);
			must(pages_write(&seal, buf_span(&seal_name),
					 buf_text(&folder), buf_span(&body),
					 &path, why), "write");
		}
	}
	pages_free(pages);
	view_free(view);
	buf_release(&folder);
	buf_release(&path);
	buf_release(&seal_name);
	buf_release(&body);
	return 0;
}

static void spoil(const char *from, const char *to)
{
	struct span change[2] = { span_str(from), span_str(to) };
	struct view *view = open_view();
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);

	must(index_folder(vault, view->ref_name, NULL, &folder, &err), "folder");
	must(dir_each(buf_text(&folder), doctor, change, &err), "doctor");
	buf_release(&folder);
	view_free(view);
}

int main(void)
{
	struct vault_options options = { .keys_folder = NULL };

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "library");
	options.keys_folder = in_scratch("keys");
	must(vault_create(in_scratch("v"), &options, &vault, &err), "vault");
	say("memory:a", "a heron at the pond");
	ok(is_true(), "nothing is there to compare");
	is_int(found("heron"), 1, "found");
	ok(is_true(), "it says what the records say");
	say("memory:b", "an otter");
	is_int(found("otter"), 1, "and of what came since");
	ok(is_true(), "so do two of them");
	spoil("heron", "huron");
	ok(!is_true(), "one that says another word is told of");
	is_int(found("heron"), 1, "and made anew");
	ok(is_true(), "as it should be");
	spoil("otter", "oxter");
	is_int(found("otter"), 0, "this device's own forgery is believed");
	ok(!is_true(), "until it is compared");
	is_int(found("otter"), 1, "and gone");
	vault_close(vault);
	scratch_end();
	return done_testing();
}
