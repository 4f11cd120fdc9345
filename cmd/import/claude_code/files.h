/*
 * The files of a session of Claude Code beside its main one:
 *
 *	<project>/<session>.jsonl
 *	<project>/<session>/subagents/agent-<id>.jsonl, agent-<id>.meta.json
 *	<project>/<session>/subagents/workflows/<run>/agent-<id>.jsonl, ...
 *	<project>/<session>/subagents/workflows/<run>/journal.jsonl
 *	<project>/<session>/tool-results/<call>.txt
 *	<project>/agent-<id>.jsonl		of older programs
 *
 * and where Claude Desktop runs it, local_<id>.json beside
 * local_<id>/.claude/projects/.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_CODE_FILES_H
#define VV_CMD_IMPORT_CLAUDE_CODE_FILES_H

#include "cmd/import/claude_code/claude_code.h"

#define CC_RESULTS "tool-results"

extern const struct import_home cc_home;

enum import_place cc_place(const struct import_input *input,
			   struct span place, const char **out_reason);

/* What beside_get() has then: */
#define CC_BESIDE_META "meta"		/* of an agent's session */
#define CC_BESIDE_AGENT "agent"		/* its id, by its name */
#define CC_BESIDE_RUN "run"		/* of a workflow */
#define CC_BESIDE_DESKTOP "desktop"	/* local_<id>.json */
#define CC_BESIDE_QODER "qoder"		/* <session>-session.json */
#define CC_BESIDE_RESULT "result"	/* it is a tool's result, of that
					   name */
#define CC_BESIDE_SESSION "session"	/* that it lies in the folder of */
MUST_USE int cc_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err);

/* Is the source a tool's result, a journal, the meta of an agent whose session
 * is not there: no session itself? */
bool cc_is_part(const struct import_source *source);
MUST_USE int cc_read_part(struct import_job *job,
			  struct import_source *source, struct err *err);

/* --- what lies beside a session ------------------------------------------- */

/* Find out which session called the agent whose session the file is. */
MUST_USE int cc_find_caller(struct import_job *job,
			    struct import_source *source,
			    struct cc_skeleton *skeleton, struct err *err);

/* The same of an agent's session by its key, from what is said of it; absent:
 * the caller has not come, or is the session that it lies in. */
MUST_USE int cc_caller_of(struct import_job *job,
			  struct import_source *source, struct span key,
			  const struct jval *meta, struct span *out,
			  struct err *err);

/* Of a session, what the files beside it say: fields of its native, and a title
 * and a folder where it has none itself. */
struct cc_around {
	struct buf title;
	struct buf cwd;
};
#define CC_AROUND_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT) }
void cc_around_release(struct cc_around *around);
MUST_USE int cc_look_around(struct import_source *source,
			    const struct cc_session *session,
			    struct cc_around *around,
			    struct jcs_fields *native, struct err *err);

#endif
