#include "cmd/resume/writers/writers.h"

const struct resume_writer *const resume_writers[] = {
	&claude_code_writer,
	&codex_writer,
	&gemini_writer,
	&qwen_writer,
	&copilot_writer,
	&cline_writer,
	&continue_writer,
	&goose_writer,
	&kimi_writer,
	&openclaw_writer,
	&opencode_writer,
	&pi_writer,
	&roo_writer,
	&vibe_writer,
	&aider_writer,
	NULL
};
