/*
 * What the parts of the reader of Kimi's sessions share.
 */
#ifndef VV_CMD_IMPORT_KIMI_KIMI_INTERNAL_H
#define VV_CMD_IMPORT_KIMI_KIMI_INTERNAL_H

#include "cmd/import/logs/log.h"

#define KIMI "kimi"
#define KIMI_WIRE "wire.jsonl"
#define KIMI_CONTEXT "context.jsonl"

/* Where they lie, and what lies beside one: "session", its id, and "agent", by
 * the place; "state" and "folders", what is told of it, and "folder", where
 * that stands; "wire", when what was said; "newer", what came in its place, and
 * "older", what was put away before it. */
extern const struct import_home kimi_home;
enum import_place kimi_place(const struct import_input *input,
			     struct span place, const char **out_reason);
MUST_USE int kimi_beside(const struct import_input *input, struct span place,
			 struct beside *to, struct err *err);

/* All of that into what is told of the session. */
MUST_USE int kimi_learn_beside(struct log *log, struct err *err);

/* context.jsonl, and what Kimi Code writes. */
MUST_USE int kimi_read_context(struct import_job *job,
			       struct import_source *source, struct err *err);
MUST_USE int kimi_read_code(struct import_job *job,
			    struct import_source *source, struct err *err);

/* The texts of a content, a text or parts, one behind the other; and of its
 * thoughts. Appended to text that is built (buf_end()). */
void kimi_put_texts(const struct jval *content, struct buf *out);
void kimi_put_thoughts(const struct jval *content, struct buf *out);

/* Did the program write this into the person's mouth? */
bool kimi_is_injected(struct span text);

/* A prompt, of which some parts may be the program's. */
void kimi_say_prompt(struct blocks *blocks, const struct jval *content);

#endif
