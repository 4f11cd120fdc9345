#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "tests/tap.h"
#include "tests/unit/cmd/resume/passage_for.h"

#define ID "5eed0000-0000-4000-8000-000000000001"

static const char *no_variable(const char *name)
{
	(void)name;
	return NULL;
}

static const struct resume_target somewhere = {
	.home = "/h", .cwd = "/srv/proj", .user_home = "/u", .id = ID,
	.now = SAMPLE_AT(86400), .variable = no_variable,
};

static const struct resume_writer *find(const char *name)
{
	const struct resume_writer *const *at = resume_writers;

	while (*at && strcmp((*at)->name, name) != 0)
		at++;
	if (!*at)
		bail_out("no writer for %s", name);
	return *at;
}

static int write_as(const char *name, const struct resume_target *target,
		    struct resume_out *out)
{
	const struct resume_writer *writer = find(name);
	struct err err = ERR_INIT;
	struct sample_for sample;
	int rc;

	*out = RESUME_OUT_INIT;
	sample_make(&sample, writer);
	rc = writer->write(&sample.passage, target, out, &err);
	sample_for_release(&sample);
	if (rc < 0)
		diag("%s: %s", name, err.text);
	return rc;
}

/* Each word behind the one before. */
static void words_are(const struct buf *words, const char *want,
		      const char *what)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i + 1 < words->len; i++)
		buf_put_char(&text, words->data[i] ? words->data[i] : ' ');
	is_str(buf_text(&text), want, what);
	buf_release(&text);
}

static bool is_same(const struct resume_out *a, const struct resume_out *b)
{
	bool is_same = a->files.n == b->files.n;
	size_t i;

	for (i = 0; is_same && i < a->files.n; i++)
		is_same = span_equals(buf_span(&a->files.at[i].path),
				      buf_span(&b->files.at[i].path)) &&
			  span_equals(buf_span(&a->files.at[i].bytes),
				      buf_span(&b->files.at[i].bytes));
	return is_same;
}

/* --- files and commands ---------------------------------------------------- */

static const struct want {
	const char *name;
	size_t files;
	const char *path;	/* of the first one */
	enum resume_file_kind last;
	const char *command;
	const char *before;
} wants[] = {
	{ "opencode", 1,
	  "/u/.cache/vvault/resume/ses_5eed0000000040008000000000.json",
	  RESUME_FILE, "opencode -s ses_5eed0000000040008000000000",
	  "opencode import "
	  "/u/.cache/vvault/resume/ses_5eed0000000040008000000000.json" },
	{ "goose", 1, "/u/.cache/vvault/resume/" ID ".jsonl", RESUME_FILE,
	  "goose session --resume",
	  "goose session import /u/.cache/vvault/resume/" ID ".jsonl" },
	{ "pi", 1,
	  "/h/--srv-proj--/2026-05-04T09-00-00-000Z_" ID ".jsonl",
	  RESUME_FILE, "pi --session " ID, "" },
	{ "openclaw", 2, "/h/main/sessions/" ID ".jsonl", RESUME_ENTRY,
	  "openclaw tui --session agent:main:" ID,
	  "openclaw doctor --session-sqlite import --session-sqlite-agent "
	  "main" },
	{ "cline", 2, "/h/sessions/" ID "/" ID ".messages.json",
	  RESUME_FILE, "cline --id " ID, "" },
	{ "roo", 3, "/h/tasks/" ID "/api_conversation_history.json",
	  RESUME_FILE, "code /srv/proj", "" },
	{ "vibe", 2, "/h/session_20260504_090000_5eed0000/messages.jsonl",
	  RESUME_FILE, "vibe --resume " ID, "" },
	{ "continue", 2, "/h/" ID ".json", RESUME_ENTRY, "cn --resume", "" },
	{ "kimi", 4, NULL, RESUME_ENTRY, "kimi --session " ID, "" },
	{ "aider", 2, "/srv/proj/.aider.chat.history.md", RESUME_BEHIND,
	  "aider --restore-chat-history", "" },
};

static void test_writes(const struct want *want)
{
	struct resume_out out;
	struct resume_out again;
	int rc = write_as(want->name, &somewhere, &out);
	size_t i;

	ok(rc == 0 && out.files.n == want->files, "%s: its files", want->name);
	if (rc == 0 && want->path)
		is_str(buf_text(&out.files.at[0].path), want->path,
		       "where the first is");
	for (i = 0; rc == 0 && i < out.files.n; i++) {
		const struct resume_file *file = &out.files.at[i];

		ok(file->bytes.len && !file->bytes.failed &&
		   file->kind == (i + 1 == out.files.n ||
				  want->last == RESUME_BEHIND ?
				  want->last : RESUME_FILE),
		   "%s: file %zu has bytes and is of its kind", want->name,
		   i);
	}
	words_are(&out.command, want->command, "what goes on with it");
	words_are(&out.before, want->before, "what must run before");
	rc = write_as(want->name, &somewhere, &again);
	ok(rc == 0 && is_same(&out, &again), "%s: the same for the same",
	   want->name);
	resume_out_release(&out);
	resume_out_release(&again);
}

/* An id of the agent's own kind comes back as it was. */
static void test_own_ids(void)
{
	struct resume_target target = somewhere;
	struct resume_out out;

	memcpy(target.id, "ses_0123456789abcdefABCDEF", 27);
	ok(write_as("opencode", &target, &out) == 0, "OpenCode's own id");
	words_are(&out.command, "opencode -s ses_0123456789abcdefABCDEF",
		  "is the session's");
	resume_out_release(&out);
	memcpy(target.id, "1777885200000_abcde", 20);
	ok(write_as("cline", &target, &out) == 0, "Cline's own id");
	words_are(&out.command, "cline --id 1777885200000_abcde",
		  "is the session's");
	resume_out_release(&out);
}

/* --- what is there already ------------------------------------------------- */

/* Registries and manifests are looked for on the disk. */
static char room[] = "/tmp/vvault-writers-XXXXXX";

static void put(const char *name, const char *text)
{
	struct buf path = BUF_INIT(4096);
	struct err err = ERR_INIT;

	buf_putf(&path, "%s/%s", room, name);
	if (file_write_atomic(buf_text(&path), span_str(text), 0600, &err) < 0)
		bail_out("%s", err.text);
	buf_release(&path);
}

static void test_open(void)
{
	struct resume_target target = somewhere;
	const struct resume_writer *writer = find("cline");
	struct buf folder = BUF_INIT(4096);

	target.home = room;
	buf_putf(&folder, "%s/sessions", room);
	mkdir(buf_text(&folder), 0700);
	buf_putf(&folder, "/" ID);
	mkdir(buf_text(&folder), 0700);
	ok(!writer->is_open(&target), "a session that is not there");
	put("sessions/" ID "/" ID ".json", "{\"status\":\"completed\"}");
	ok(!writer->is_open(&target), "one that has ended");
	put("sessions/" ID "/" ID ".json", "{\"status\":\"running\"}");
	ok(writer->is_open(&target), "one that is open");
	put("sessions/" ID "/" ID ".json", "{\"status\":");
	ok(!writer->is_open(&target), "a manifest that is broken");
	buf_release(&folder);
}

static void listed(const char *before, const char *want, const char *what)
{
	struct resume_target target = somewhere;
	struct resume_out out;

	target.home = room;
	put("sessions.json", before);
	ok(write_as("continue", &target, &out) == (want ? 0 : ERR_INVALID),
	   "%s", what);
	if (want)
		is_str(buf_text(&out.files.at[1].bytes), want, what);
	resume_out_release(&out);
}

#define ENTRY "{\"dateCreated\":\"1777885200000\",\"sessionId\":\"" ID "\"," \
	"\"title\":\"The \\\"Tuesday\\\" bug\"," \
	"\"workspaceDirectory\":\"file:///srv/proj\"}"

static void test_lists(void)
{
	listed("[]", "[" ENTRY "]", "a list without sessions");
	listed("[ ]\n", "[" ENTRY " ]\n", "with a blank");
	listed("[{\"sessionId\":\"a\"}]", "[{\"sessionId\":\"a\"}," ENTRY "]",
	       "with another");
	listed("[\n    {\"b\": 1 }\n  ,\n    2\n]\n",
	       "[\n    {\"b\": 1 }\n  ,\n    2,\n    " ENTRY "\n]\n",
	       "in their own layout");
	listed("[{\"sessionId\":\"" ID "\"}]", "[{\"sessionId\":\"" ID "\"}]",
	       "with this one already");
	listed("{\"sessionId\":\"a\"}", NULL, "what is no list");
	listed("[{\"sessionId\":\"a\"}", NULL, "one that is cut off");
}

static void clear(void)
{
	static const char *const names[] = {
		("sessions/" ID "/" ID ".json"), ("sessions/" ID), "sessions",
		"sessions.json", "."
	};
	struct buf path = BUF_INIT(4096);
	size_t i;

	for (i = 0; i < SAMPLE_N(names); i++) {
		buf_reset(&path);
		buf_putf(&path, "%s/%s", room, names[i]);
		remove(buf_text(&path));
	}
	buf_release(&path);
	rmdir(room);
}

int main(void)
{
	size_t i;

	for (i = 0; i < SAMPLE_N(wants); i++)
		test_writes(&wants[i]);
	test_own_ids();
	if (!mkdtemp(room))
		bail_out("no folder for a test");
	test_open();
	test_lists();
	clear();
	return done_testing();
}
