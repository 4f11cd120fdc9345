/*
 * A writer for each agent that sessions can be written for.
 */
#ifndef VV_CMD_RESUME_WRITERS_H
#define VV_CMD_RESUME_WRITERS_H

#include "cmd/resume/writer.h"

extern const struct resume_writer aider_writer;
extern const struct resume_writer claude_code_writer;
extern const struct resume_writer cline_writer;
extern const struct resume_writer codex_writer;
extern const struct resume_writer continue_writer;
extern const struct resume_writer copilot_writer;
extern const struct resume_writer gemini_writer;
extern const struct resume_writer goose_writer;
extern const struct resume_writer kimi_writer;
extern const struct resume_writer openclaw_writer;
extern const struct resume_writer opencode_writer;
extern const struct resume_writer pi_writer;
extern const struct resume_writer qwen_writer;
extern const struct resume_writer roo_writer;
extern const struct resume_writer vibe_writer;

#endif
