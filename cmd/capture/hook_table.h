/*
 * The hooks of agents: where each stands, and at which events it calls.
 */
#ifndef VV_CMD_CAPTURE_HOOK_TABLE_H
#define VV_CMD_CAPTURE_HOOK_TABLE_H

#include "cmd/capture/agent.h"

extern const struct agent_hook claude_hook;
extern const struct agent_hook codex_hook;
extern const struct agent_hook gemini_hook;
extern const struct agent_hook copilot_hook;
extern const struct agent_hook qwen_hook;
extern const struct agent_hook droid_hook;
extern const struct agent_hook cursor_hook;
extern const struct agent_hook kimi_hook;
extern const struct agent_hook cline_hook;
extern const struct agent_hook opencode_hook;

#endif
