#include "cmd/render/render.h"

#include <string.h>

#define QUARANTINE_LINE "{state<8}  {construct}  {who}  {version:10}  " \
			"{code}: {message}\n"

#define RENEW_LINE "made anew: {versions} versions of {constructs} " \
		   "constructs; forgotten records that went: {records}\n"
#define PAGES_LINE "{folder}/index.html  conversations: {sessions}, " \
		   "memories: {memories}\n"

#define NEXT_STEP "; 'vvault import <file>' brings some in"

/* A folder that was written: of pages, or of a card. */
static bool render_export(const struct jval *written)
{
	render_line(written, jval_get(written, "assets") ?
		    "{folder}/card.json  files beside it: {assets}\n" :
		    jval_get(written, "agent") ?
		    "{folder}  sessions for {agent}: {sessions}\n" :
		    PAGES_LINE);
	return true;
}

/* In the order of the actions. Those without objects need no row. */
static const struct rendering table[] = {
	{ .action = "init", .object = render_init },
	{ .action = "clone", .object = render_ref, .end = render_refs_end },
	{ .action = "import", .object = render_import,
	  .end = render_import_end },
	{ .action = "agents", .object = render_agents,
	  .end = render_agents_end,
	  .no_source = "no agent that is known keeps sessions here; 'vvault "
		       "agents --all' says which are looked for" },
	{ .action = "capture", .object = render_capture,
	  .no_source = "no agent keeps sessions here; 'vvault import <file>' "
		       "brings in what lies elsewhere" },
	{ .action = "resume", .object = render_resume },
	{ .action = "add", .object = render_add },
	{ .action = "remember", .object = render_remember },
	{ .action = "edit", .object = render_edit },
	{ .action = "rm", .object = render_rm },
	{ .action = "forget", .object = render_forget,
	  .no_source = "nothing was forgotten here" },
	{ .action = "note", .line = "noted on {entity}\n" },
	{ .action = "tag", .object = render_tag,
	  .nothing = "no tags yet; 'vvault tag <what> <tag>' puts one on" },
	{ .action = "acu extract", .object = render_acu_extract },
	{ .action = "acu derive", .line = "{record}\n" },
	{ .action = "revert", .object = render_revert },
	{ .action = "undo", .is_long = true, .object = render_undo,
	  .no_source = "nothing was done here yet" },
	{ .action = "status", .object = render_status },
	{ .action = "construct list", .object = render_construct,
	  .no_source = "no constructs yet" NEXT_STEP },
	{ .action = "construct show", .is_long = true,
	  .object = render_construct_show },
	{ .action = "construct rename", .object = render_construct_rename },
	{ .action = "construct merge", .object = render_construct_merge },
	{ .action = "construct split", .object = render_construct_split },
	{ .action = "session list", .is_long = true,
	  .object = render_session,
	  .no_source = "no conversations yet" NEXT_STEP,
	  .nothing = "no conversations match; 'vvault session list' shows "
		     "all that there are" },
	{ .action = "stats", .is_long = true, .object = render_stats,
	  .end = render_stats_end,
	  .no_source = "nothing to count yet" NEXT_STEP },
	{ .action = "recall", .is_long = true, .object = render_recall },
	{ .action = "grep", .is_long = true, .object = render_grep,
	  .no_source = "nothing to look through yet" NEXT_STEP,
	  .nothing = "nothing matches; --all looks into tools and hidden "
		     "messages too, 'vvault recall' finds words in other "
		     "forms" },
	{ .action = "read", .is_long = true, .object = render_read,
	  .mark = render_read_mark },
	{ .action = "context", .is_long = true, .object = render_page },
	{ .action = "handoff", .is_long = true, .object = render_page },
	{ .action = "log", .is_long = true, .object = render_log,
	  .item = render_change },
	{ .action = "show", .is_long = true, .object = render_show },
	{ .action = "ls", .is_long = true, .text = render_ls,
	  .nothing = "nothing matches; 'vvault ls' without a kind shows what "
		     "there is" },
	{ .action = "diff", .is_long = true, .object = render_diff,
	  .item = render_change },
	{ .action = "conflicts", .is_long = true, .object = render_conflict,
	  .end = render_conflicts_end, .no_source = "no constructs yet" NEXT_STEP,
	  .nothing = "no conflicts" },
	{ .action = "blame", .is_long = true, .object = render_blame,
	  .nothing = "it has no fields" },
	{ .action = "audit", .is_long = true, .object = render_audit,
	  .nothing = "nothing was done in that time" },
	{ .action = "resolve", .object = render_resolve },
	{ .action = "export", .object = render_export },
	{ .action = "mcp admit", .line = "{name}, {role}: {did}\n" },
	{ .action = "mcp install", .object = render_mcp,
	  .no_source = "no agent that starts MCP servers is here; 'vvault "
		       "help mcp' says which are looked for" },
	{ .action = "mcp uninstall", .object = render_mcp,
	  .no_source = "no agent that starts MCP servers is here" },
	{ .action = "check-proof", .object = render_check_proof },
	{ .action = "verify", .object = render_verify },
	{ .action = "gc", .object = render_gc },
	{ .action = "renew", .line = RENEW_LINE },
	{ .action = "remote list", .line = "{name}\t{url}\n" },
	{ .action = "fetch", .object = render_ref, .end = render_refs_end },
	{ .action = "push", .object = render_ref, .end = render_refs_end },
	{ .action = "pull", .object = render_ref, .end = render_refs_end },
	{ .action = "quarantine list", .line = "{@}" QUARANTINE_LINE },
	{ .action = "quarantine show", .object = render_quarantine_show },
	{ .action = "quarantine drop", .line = QUARANTINE_LINE },
	{ .action = "reject", .object = render_reject },
	{ .action = "member add", .object = render_member_add },
	{ .action = "member remove", .object = render_member_remove },
	{ .action = "member role", .object = render_member_add },
	{ .action = "member rename", .object = render_member_add },
	{ .action = "member list", .object = render_member },
	{ .action = "recover", .object = render_recover },
	{ .action = "key show", .object = render_key },
	{ .action = "key restore", .object = render_key },
	{ .action = "key protect", .object = render_key_seal },
	{ .action = "key unlock", .object = render_key_seal },
	{ .action = "key lock", .object = render_key_seal },
	{ .action = "key rotate", .object = render_key_rotate },
	{ .action = "hooks list", .object = render_hook },
	{ .action = "hooks approve", .object = render_hook },
	{ .action = "hooks revoke", .object = render_hook },
	{ .action = "config list", .object = render_config,
	  .nothing = "nothing is set; 'vvault config list --all' tells what "
		     "can be" },
	{ .action = "config get", .line = "{value}\n" },
	{ .action = "watch", .object = render_watch },
	{ .action = "version", .line = "vvault version {version}\n" },
	{ .action = NULL },
};

const struct rendering *rendering_find(const char *action)
{
	const struct rendering *rendering;

	for (rendering = table; rendering->action; rendering++) {
		if (!strcmp(rendering->action, action))
			return rendering;
	}
	return NULL;
}
