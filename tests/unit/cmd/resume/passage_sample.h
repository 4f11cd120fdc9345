/*
 * A passage made by hand, which has one of everything that a writer must
 * know: two calls at once, a call that failed, one whose result has a file,
 * words behind a call in one turn, files that a person gave, words that need
 * escapes, and models of two makers.
 */
#ifndef VV_TESTS_PASSAGE_SAMPLE_H
#define VV_TESTS_PASSAGE_SAMPLE_H

#include "cmd/resume/passage.h"

#define SAMPLE_TEXT(text) { text, sizeof(text) - 1 }
#define SAMPLE_N(list) (sizeof(list) / sizeof((list)[0]))

/* 2026-05-04 09:00:00 UTC */
#define SAMPLE_BEGIN INT64_C(1777885200000000)
#define SAMPLE_AT(seconds) (SAMPLE_BEGIN + (seconds) * INT64_C(1000000))

#define SAMPLE_ASKED "Why does the sync test fail on Tuesdays?"
#define SAMPLE_LOOKS "Let me look at the logs first."
#define SAMPLE_ANSWER "It counts days in local time. Use UTC."
#define SAMPLE_ASKED_NEXT \
	"Merci ! Und \u65e5\u672c \U0001f642 \"quotes\" \\ too?\nAnd tabs:\t."
#define SAMPLE_TRIES "I write it down."
#define SAMPLE_FAILED "That did not work; here is the patch:\n\n" \
	"```c\nsetenv(\"TZ\", \"UTC\", 1);\n```"
#define SAMPLE_THANKS "Thank you."
#define SAMPLE_LAST "You are welcome."

static const char sample_png[] =
	"\211PNG\r\n\32\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0\220wS"
	"\336\0\0\0\14IDATx\234c\370\257\240\0\0\3a\1@\254\250\364\1\0"
	"\0\0\0IEND\256B`\202";

#define SAMPLE_PNG { .name = SAMPLE_TEXT("clock.png"), \
	.media = SAMPLE_TEXT("image/png"), \
	.bytes = { sample_png, sizeof(sample_png) - 1 }, \
	.path = SAMPLE_TEXT("/srv/proj/clock.png") }

static const struct passage_file sample_shown[] = { SAMPLE_PNG };

static const struct passage_piece sample_0[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_ASKED) },
	{ .kind = PIECE_FILE, .file = SAMPLE_PNG },
	{ .kind = PIECE_FILE, .file = {
		.name = SAMPLE_TEXT("notes.txt"),
		.media = SAMPLE_TEXT("text/plain"),
		.bytes = SAMPLE_TEXT("Tuesdays only\n") } },
};

static const struct passage_piece sample_1[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_LOOKS) },
	{ .kind = PIECE_CALL, .call = {
		.id = SAMPLE_TEXT("call_1"),
		.name = SAMPLE_TEXT("read_transcript"),
		.input = SAMPLE_TEXT("{\"n\":1,\"path\":\"a.log\"}"),
		.result = SAMPLE_TEXT("FAIL sync_test.c:42\n"),
		.ended = SAMPLE_AT(2) } },
	{ .kind = PIECE_CALL, .call = {
		.id = SAMPLE_TEXT("call_2"),
		.name = SAMPLE_TEXT("read_transcript"),
		.input = SAMPLE_TEXT("{\"n\":2,\"path\":\"b.log\"}"),
		.result = SAMPLE_TEXT("ok\n"),
		.files = sample_shown, .files_n = 1,
		.ended = SAMPLE_AT(3) } },
};

static const struct passage_piece sample_2[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_ANSWER) },
};

static const struct passage_piece sample_3[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_ASKED_NEXT) },
};

static const struct passage_piece sample_4[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_TRIES) },
	{ .kind = PIECE_CALL, .call = {
		.id = SAMPLE_TEXT("toolu_3"),
		.name = SAMPLE_TEXT("Write"),
		.input = SAMPLE_TEXT("{}"),
		.result = SAMPLE_TEXT("no such folder"), .is_error = true,
		.ended = SAMPLE_AT(62) } },
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_FAILED) },
};

static const struct passage_piece sample_5[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_THANKS) },
};

static const struct passage_piece sample_6[] = {
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT(SAMPLE_LAST) },
};

#define SAMPLE_TURN(said_by, at, made_by, list) { .role = said_by, \
	.entity = SAMPLE_TEXT("message:claude-code:sample/" #list), \
	.created = SAMPLE_AT(at), .model = made_by, \
	.pieces = list, .n = SAMPLE_N(list) }
#define SAMPLE_CLAUDE SAMPLE_TEXT("claude-sonnet-4-5")
#define SAMPLE_GPT SAMPLE_TEXT("gpt-5.2")

static const struct passage_turn sample_turns[] = {
	SAMPLE_TURN(PASSAGE_USER, 0, SAMPLE_TEXT(""), sample_0),
	SAMPLE_TURN(PASSAGE_MODEL, 1, SAMPLE_CLAUDE, sample_1),
	SAMPLE_TURN(PASSAGE_MODEL, 4, SAMPLE_CLAUDE, sample_2),
	SAMPLE_TURN(PASSAGE_USER, 60, SAMPLE_TEXT(""), sample_3),
	SAMPLE_TURN(PASSAGE_MODEL, 61, SAMPLE_GPT, sample_4),
	SAMPLE_TURN(PASSAGE_USER, 120, SAMPLE_TEXT(""), sample_5),
	SAMPLE_TURN(PASSAGE_MODEL, 121, SAMPLE_GPT, sample_6),
};

static const struct passage sample_passage = {
	.session = SAMPLE_TEXT("session:claude-code:"
			       "5eed0000-0000-4000-8000-00000000000a"),
	.provider = SAMPLE_TEXT("claude-code"),
	.title = SAMPLE_TEXT("The \"Tuesday\" bug"),
	.cwd = SAMPLE_TEXT("/srv/other"),
	.model = SAMPLE_GPT,
	.created = SAMPLE_AT(0), .updated = SAMPLE_AT(121),
	.turns = sample_turns, .n = SAMPLE_N(sample_turns),
	.counts = { .turns = 7, .calls = 3, .files = 3 },
};

#endif
