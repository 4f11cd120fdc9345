#include "cmd/import/notes/agent_notes.h"

#include <fnmatch.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/notes/note.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define RULES "procedural"
#define SELF "identity"
#define TASKS "goal"

#define SHARED ""

#define MARK_BYTES 4		/* of the hash that tells projects apart */

/*
 * Found by the place alone: what they hold may be anything. In a walk only
 * those count that lie in an agent's own folder, for which something else in it
 * speaks: files of a project go with the project, and come where they are
 * named, or looked for in a project that an agent has worked in.
 */
static const struct agent_note {
	const char *construct;
	const char *folder;	/* whose files these are; NULL: any */
	const char *sign;	/* a folder in it, where it is the agent's own;
				   NULL: it is a project's; SHARED: and of no
				   one agent, so a note where it is named */
	const char *pattern;	/* below it, '*' for anything */
	const char *type;	/* of the memory; or NULL */
} agent_note_table[] = {
	{ "claude-code", ".claude", "projects", "CLAUDE.md", RULES },
	{ "claude-code", ".claude", "projects", "rules/*.md", RULES },
	{ "claude-code", ".claude", "projects", "agents/*.md", SELF },
	{ "claude-code", ".claude", "projects", "projects/*/memory/*.md",
	  NULL },
	{ "claude-code", ".claude", "projects", "plans/*.md", TASKS },
	{ "claude-code", ".claude", "projects", "tasks/*.md", TASKS },
	{ "claude-code", ".claude", "projects", "tasks/*.json", TASKS },
	{ "claude-code", ".claude", "projects", "todos/*.json", TASKS },
	{ "codex", ".codex", "sessions", "AGENTS.md", RULES },
	{ "codex", ".codex", "sessions", "AGENTS.override.md", RULES },
	{ "codex", ".codex", "sessions", "memories/*.md", NULL },
	{ "gemini", ".gemini", "tmp", "GEMINI.md", RULES },
	{ "gemini", ".gemini", "tmp", "tmp/*/memory/*.md", NULL },
	{ "qwen", ".qwen", "projects", "QWEN.md", RULES },
	{ "qwen", ".qwen", "projects", "AGENTS.md", RULES },
	{ "qwen", ".qwen", "projects", "memories/*.md", NULL },
	{ "qwen", ".qwen", "projects", "projects/*/memory/*.md", NULL },
	{ "copilot", ".copilot", "session-state", "copilot-instructions.md",
	  RULES },
	{ "copilot", ".copilot", "session-state", "instructions/*.md", RULES },
	{ "copilot", ".copilot", "session-state", "agents/*.md", SELF },
	{ "opencode", ".config/opencode", NULL, "AGENTS.md", RULES },
	{ "opencode", ".config/opencode", NULL, "agent/*.md", SELF },
	{ "opencode", ".config/opencode", NULL, "agents/*.md", SELF },
	{ "opencode", ".opencode", NULL, "agent/*.md", SELF },
	{ "cline", ".cline", "data", "rules/*.md", RULES },
	{ "cline", ".clinerules", NULL, "*.md", RULES },
	{ "pi", ".pi/agent", "sessions", "AGENTS.md", RULES },
	{ "pi", ".pi/agent", "sessions", "CLAUDE.md", RULES },
	{ "pi", ".pi/agent", "sessions", "*SYSTEM.md", SELF },
	{ "openclaw", ".openclaw", "agents", "workspace/SOUL.md", SELF },
	{ "openclaw", ".openclaw", "agents", "workspace/IDENTITY.md", SELF },
	{ "openclaw", ".openclaw", "agents", "workspace/USER.md",
	  "relationship" },
	{ "openclaw", ".openclaw", "agents", "workspace/MEMORY.md", NULL },
	{ "openclaw", ".openclaw", "agents", "workspace/memory/*.md", NULL },
	{ "openclaw", ".openclaw", "agents", "workspace/*.md", RULES },
	{ "goose", ".config/goose", NULL, ".goosehints", RULES },
	{ "goose", ".config/goose", NULL, "memory/*.txt", NULL },
	{ "goose", ".goose", NULL, "memory/*.txt", NULL },
	{ "cursor", ".cursor", NULL, "rules/*.mdc", RULES },
	/* Behind those that lie in a folder of an agent. */
	{ "claude-code", NULL, NULL, "CLAUDE.md", RULES },
	{ "claude-code", NULL, NULL, "CLAUDE.local.md", RULES },
	{ "codex", NULL, SHARED, "AGENTS.md", RULES },
	{ "gemini", NULL, NULL, "GEMINI.md", RULES },
	{ "qwen", NULL, NULL, "QWEN.md", RULES },
	{ "copilot", NULL, NULL, "copilot-instructions.md", RULES },
	{ "goose", NULL, NULL, ".goosehints", RULES },
	{ "cursor", NULL, NULL, ".cursorrules", RULES },
	{ "crush", NULL, NULL, "CRUSH.md", RULES },
};

/* Where the name of the folder begins in a place, as a whole one and the last
 * of that name; SPAN_NOWHERE: it does not lie in such a one. */
static size_t find_folder(struct span place, const char *folder)
{
	size_t len = strlen(folder);
	size_t at;

	for (at = place.len; at-- > 0;) {
		if (place.len - at > len && place.at[at + len] == '/' &&
		    (!at || place.at[at - 1] == '/') &&
		    !memcmp(place.at + at, folder, len))
			return at;
	}
	return SPAN_NOWHERE;
}

static bool has_sign(const struct import_input *input, struct span place,
		     struct span rest, const char *sign)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;
	size_t i;

	for (i = 0; i < rest.len; i++) {
		if (rest.at[i] == '/')
			buf_put_str(&name, "../");
	}
	buf_putf(&name, "%s/", sign);
	is_there = buf_end(&name, NULL) == 0 &&
		   beside_is_there(input, place, buf_text(&name));
	buf_release(&name);
	return is_there;
}

static bool fits_pattern(const char *pattern, struct span rest)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool fits;

	buf_put_span(&name, rest);
	fits = buf_end(&name, NULL) == 0 &&
	       fnmatch(pattern, buf_text(&name), 0) == 0;
	buf_release(&name);
	return fits;
}

/* A part before: the folder that holds the agent's own, or the project. */
static struct span with_holder(struct span place, size_t at)
{
	size_t top = span_find(place, "!/", 0);
	size_t begin = at ? at - 1 : 0;

	top = top == SPAN_NOWHERE ? 0 : top + 2;
	while (begin > top && place.at[begin - 1] != '/')
		begin--;
	if (begin < top || begin >= at)
		begin = at;
	return span_of(place.at + begin, place.len - begin);
}

/* A file that is a note: what it is called, and for those of a project where
 * that lies; absent where the folder is the agent's own. */
struct agent_note_at {
	struct span path;
	struct span project;
};

/* Does the file lie in a folder that is the agent's own? rest: its name below
 * that. */
static bool is_own_folder(const struct import_input *input,
			  const struct agent_note *note, struct span place,
			  struct span rest)
{
	return note->sign && *note->sign &&
	       has_sign(input, place, rest, note->sign);
}

static const struct agent_note *agent_note_of(const struct import_input *input,
					      struct span place,
					      struct agent_note_at *out)
{
	const struct agent_note *note = agent_note_table;
	const struct agent_note *end = note + sizeof(agent_note_table) /
				       sizeof(agent_note_table[0]);
	struct span rest;
	bool is_home;
	bool is_own;
	size_t at;

	for (; place.len && note < end; note++) {
		at = note->folder ? find_folder(place, note->folder) :
			place.len - beside_part(place, 0).len;
		is_own = note->sign && *note->sign;
		if (at == SPAN_NOWHERE ||
		    (note->sign && !is_own && !input->is_found) ||
		    (input->is_plain && !input->is_found && !is_own))
			continue;
		rest = span_of(place.at + at, place.len - at);
		if (note->folder)
			rest = span_of(rest.at + strlen(note->folder) + 1,
				       rest.len - strlen(note->folder) - 1);
		if (!fits_pattern(note->pattern, rest))
			continue;
		is_home = is_own_folder(input, note, place, rest);
		if (input->is_plain && is_own && !is_home)
			continue;
		out->path = with_holder(place, at);
		out->project = is_home ? span_of(NULL, 0) :
			span_of(place.at, at ? at - 1 : 0);
		return note;
	}
	return NULL;
}

static enum import_place agent_notes_place(const struct import_input *input,
					   struct span place,
					   const char **out_reason)
{
	struct agent_note_at at;

	(void)out_reason;
	return agent_note_of(input, place, &at) ? PLACE_OWN :
	       PLACE_ANYWHERE;
}

/* Where a project lies, in an archive or on disk, with "~" for a home: the
 * same on each machine of a person. */
static int say_project(struct beside *to, struct span project, struct err *err)
{
	static const char *const homes[] = { "/home/", "/Users/", NULL };
	size_t top = span_find(project, "!/", 0);
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	if (top != SPAN_NOWHERE)
		project = span_of(project.at + top + 2, project.len - top - 2);
	for (i = 0; homes[i] && !span_begins(project, homes[i]); i++)
		;
	if (homes[i]) {
		top = strlen(homes[i]);
		while (top < project.len && project.at[top] != '/')
			top++;
		project = span_of(project.at + top, project.len - top);
		buf_put_char(&folder, '~');
	}
	buf_put_span(&folder, project);
	rc = buf_end(&folder, err);
	if (rc == 0 && folder.len)
		rc = beside_say(to, "folder", buf_span(&folder), err);
	buf_release(&folder);
	return rc;
}

static int agent_notes_beside(const struct import_input *input,
			      struct span place, struct beside *to,
			      struct err *err)
{
	struct agent_note_at at;
	const struct agent_note *note = agent_note_of(input, place, &at);
	int rc = 0;

	if (!note)
		return 0;
	rc = beside_say(to, "construct", span_str(note->construct), err);
	if (rc == 0)
		rc = beside_say(to, "path", at.path, err);
	if (rc == 0 && at.project.len)
		rc = say_project(to, at.project, err);
	if (rc == 0 && note->type)
		rc = beside_say(to, "type", span_str(note->type), err);
	return rc;
}

static int agent_notes_identify(struct import_job *job,
				struct import_source *source, struct err *err)
{
	return import_name(job, source, beside_get(source, "construct"), err);
}

static bool agent_notes_sniff(const struct import_input *input)
{
	(void)input;
	return false;	/* by its place alone */
}

/* Two projects may be called alike, and have the same files. */
static void put_mark(struct span folder, struct buf *out)
{
	unsigned char digest[SHA256_BYTES];

	if (!folder.len)
		return;
	sha256_of(folder.at, folder.len, digest);
	buf_put_char(out, '~');
	buf_fail(out, hex_add(out, digest, MARK_BYTES, NULL));
}

static int agent_notes_read(struct import_job *job,
			    struct import_source *source, struct err *err)
{
	struct span construct = beside_get(source, "construct");
	struct span type = beside_get(source, "type");
	struct buf provider = BUF_INIT(BUF_NO_LIMIT);
	struct buf kind = BUF_INIT(BUF_NO_LIMIT);
	struct buf mark = BUF_INIT(BUF_NO_LIMIT);
	struct notes notes = NOTES_INIT(job, source, NULL);
	struct note note = {
		.changed = note_changed(&source->input),
		.path = beside_get(source, "path"),
	};
	int rc = whole_load(source, NOTE_MAX_BYTES, err);

	if (rc)
		return rc;
	note.text = buf_span(&source->input.head);
	if (!note.path.len)
		note.path = beside_part(span_str(source->input.path), 0);
	buf_put_span(&provider, construct.len ? construct :
		     span_str("agent"));
	buf_put_span(&kind, type);
	notes.folder = beside_get(source, "folder");
	put_mark(notes.folder, &mark);
	notes.mark = buf_span(&mark);
	rc = buf_end(&mark, err);
	if (rc == 0)
		rc = buf_end(&provider, err);
	if (rc == 0)
		rc = buf_end(&kind, err);
	notes.provider = buf_text(&provider);
	note.type = kind.len ? buf_text(&kind) : NULL;
	notes.is_apart = true;
	if (rc == 0)
		rc = notes_put(&notes, &note, err);
	notes_release(&notes);
	buf_release(&provider);
	buf_release(&kind);
	buf_release(&mark);
	return rc;
}

const struct importer agent_notes_importer = {
	.name = "agent-notes",
	.one = "file of an agent's memories",
	.many = "files of agents' memories",
	.sniff = agent_notes_sniff,
	.place = agent_notes_place,
	.beside = agent_notes_beside,
	.identify = agent_notes_identify,
	.read = agent_notes_read,
	.is_of_agents = true,
	.goes_back = true,
};
