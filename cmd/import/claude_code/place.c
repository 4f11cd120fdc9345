#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

void cc_find_own(struct cc_skeleton *to, const char *path)
{
	unsigned char id[CC_ID_BYTES];
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t talks = 0;
	uint64_t found;
	size_t i;

	lineage_id(span_of(name, strcspn(name, ".")), id);
	if (table_get(&to->session_ids, id, &found)) {
		to->own = (uint32_t)found;
		return;
	}
	for (i = 0; i < to->sessions.n; i++)
		talks += !to->sessions.at[i].agent.at &&
			 !to->sessions.at[i].is_side;
	to->is_mixed = talks > 1;
}

bool cc_is_ours(const struct cc_skeleton *skeleton, uint32_t session)
{
	const struct cc_session *at = &skeleton->sessions.at[session];

	return !skeleton->is_mixed &&
	       (session == skeleton->own ||
		(at->is_side &&
		 span_equals(at->parent,
			     skeleton->sessions.at[skeleton->own].key)));
}

static int claim_message(const struct cc_skeleton *skeleton,
			 const struct cc_message *message, struct span id,
			 struct lineage *lineage, struct err *err)
{
	struct lineage_claim claim = {
		.micros = message->first,
		.is_own = message->session != CC_NONE &&
			cc_is_ours(skeleton, message->session),
		.is_forked = message->is_forked, .words = message->words
	};

	if (message->session == CC_NONE || message->is_nameless)
		return 0;
	claim.session = skeleton->sessions.at[message->session].number;
	if (!span_equals(id, message->key))
		claim.part_of = message->key;
	return lineage_add(lineage, id, &claim, err);
}

int cc_skeleton_claim(struct cc_skeleton *skeleton, struct lineage *lineage,
		      struct err *err)
{
	const struct cc_line *line;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->sessions.n; i++)
		rc = lineage_session(lineage, skeleton->sessions.at[i].key,
				     skeleton->sessions.at[i].last,
				     &skeleton->sessions.at[i].number, err);
	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++)
		rc = claim_message(skeleton, &skeleton->messages.at[i],
				   skeleton->messages.at[i].key, lineage, err);
	for (i = 0; rc >= 0 && i < skeleton->calls.n; i++)
		rc = claim_message(skeleton, &skeleton->messages.at[
				   skeleton->calls.at[i].message],
				   skeleton->calls.at[i].id, lineage, err);
	/* Summaries name their leaf by any line of it, and what goes on in
	 * another file its parent. */
	for (i = 0; rc >= 0 && i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->uuid.len)
			rc = claim_message(skeleton,
					   &skeleton->messages.at[line->message],
					   line->uuid, lineage, err);
	}
	return rc;
}

int cc_skeleton_look(const struct cc_skeleton *skeleton,
		     struct lineage *lineage, struct import_job *job,
		     const char *construct, struct err *err)
{
	const struct cc_message *message;
	uint32_t session;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++) {
		message = &skeleton->messages.at[i];
		if (!message->parent_text.at || message->session == CC_NONE ||
		    cc_skeleton_has(skeleton, message->parent_text))
			continue;
		session = skeleton->sessions.at[message->session].number;
		if (lineage_owner(lineage, message->parent_text, session)
				.session == LINEAGE_NONE)
			rc = lineage_look_parts(lineage, job, construct,
						session, err);
	}
	return rc;
}

/*
 * A line that names another session than the file's was copied from there: it
 * counts only where that session's own file is not known, and the first one that
 * there is. A uuid of another session's that says something else is no copy.
 */
static bool is_copy(const struct cc_skeleton *skeleton,
		    struct cc_message *message,
		    const struct lineage_owner *owner)
{
	bool is_other = message->is_alone && message->words && owner->words &&
		message->words != owner->words;

	if (owner->session != skeleton->sessions.at[message->session].number)
		return !is_other;
	if (cc_is_ours(skeleton, message->session))
		return false;
	message->is_other = is_other;
	return is_other || owner->is_own || owner->is_known;
}

/* Side chains begin in the talk, and none of it comes from there. */
static bool comes_from_side(const struct cc_skeleton *skeleton,
			    const struct cc_message *message,
			    const struct cc_message *named)
{
	if (named->session != CC_NONE && named->session != message->session &&
	    skeleton->sessions.at[named->session].is_side)
		return true;
	return named->is_aside && !message->is_aside;
}

/* What a message is said to follow: one that comes later, or that another
 * session has, too. */
static uint32_t named_by(const struct cc_skeleton *skeleton,
			 const struct lineage *lineage,
			 const struct cc_message *message)
{
	unsigned char id[CC_ID_BYTES];
	uint64_t line;
	uint32_t named = message->parent;

	lineage_id(message->parent_text, id);
	if (message->parent_text.at &&
	    table_get(&skeleton->line_ids, id, &line))
		named = skeleton->lines.at[line].message;
	if (named <= LINK_MOST)
		return comes_from_side(skeleton, message,
				       &skeleton->messages.at[named]) ?
			LINK_LOST : named;
	if (message->parent_text.at && message->session != CC_NONE &&
	    lineage_owner(lineage, message->parent_text,
			  skeleton->sessions.at[message->session].number)
			.session != LINEAGE_NONE)
		return LINK_ELSEWHERE;
	return named;
}

/* Where a message really stands. */
static void set_place(struct cc_skeleton *skeleton, struct cc_message *message,
		      const struct link *link)
{
	uint32_t named = message->parent;

	if (link->is_guessed && link->kind != LINK_ASIDE)
		skeleton->sessions.at[message->session].guessed++;
	if (named > LINK_MOST && link->parent != LINK_NONE)
		message->is_raw_parent = span_equals(message->parent_text,
			skeleton->messages.at[link->parent].key);
	else if (named != link->parent && named <= LINK_MOST)
		message->is_raw_parent = false;
	/* What began behind an aside begins behind what that followed. */
	if (link->parent == LINK_NONE && named <= LINK_MOST)
		message->parent_text =
			skeleton->messages.at[named].parent_text;
	message->parent = link->parent;
}

static void set_places(struct cc_skeleton *skeleton,
		       const struct lineage *lineage, struct link *links,
		       uint32_t *tails)
{
	uint32_t sessions = (uint32_t)skeleton->sessions.n;
	struct cc_message *message;
	uint32_t i;

	for (i = 0; i < skeleton->messages.n; i++) {
		message = &skeleton->messages.at[i];
		links[i].kind = message->kind;
		links[i].parent = named_by(skeleton, lineage, message);
		links[i].chain = message->session == CC_NONE ? sessions * 2 :
			message->session * 2 + message->is_aside;
	}
	links_mend(links, (uint32_t)skeleton->messages.n, tails,
		   sessions * 2 + 1);
	for (i = 0; i < skeleton->messages.n; i++) {
		if (skeleton->messages.at[i].session != CC_NONE)
			set_place(skeleton, &skeleton->messages.at[i],
				  &links[i]);
	}
	for (i = 0; i < sessions; i++)
		skeleton->sessions.at[i].leaf = tails[i * 2] != LINK_NONE ?
			tails[i * 2] : tails[i * 2 + 1];
}

static int place_messages(struct cc_skeleton *skeleton,
			  const struct lineage *lineage, struct err *err)
{
	struct link *links = calloc(skeleton->messages.n + 1, sizeof(*links));
	uint32_t *tails = calloc(skeleton->sessions.n * 2 + 1,
				 sizeof(*tails));
	int rc = 0;

	if (links && tails)
		set_places(skeleton, lineage, links, tails);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	free(links);
	free(tails);
	return rc;
}

static int judge_message(struct cc_skeleton *skeleton,
			 struct lineage *lineage, struct cc_message *message,
			 struct err *err)
{
	struct cc_session *session = &skeleton->sessions.at[message->session];
	struct lineage_owner owner = { .session = LINEAGE_NONE };

	if (!message->is_nameless)
		owner = lineage_owner(lineage, message->key, session->number);
	if (owner.session == LINEAGE_NONE ||
	    !is_copy(skeleton, message, &owner)) {
		session->own++;
		return 0;
	}
	message->owner = owner.session;
	return owner.session == session->number || session->parent.at ? 0 :
		arena_keep(&skeleton->arena,
			   lineage_key(lineage, owner.session),
			   &session->parent, err);
}

int cc_skeleton_judge(struct cc_skeleton *skeleton, struct lineage *lineage,
		      struct err *err)
{
	size_t i;
	int rc = place_messages(skeleton, lineage, err);

	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++) {
		if (skeleton->messages.at[i].session != CC_NONE)
			rc = judge_message(skeleton, lineage,
					   &skeleton->messages.at[i], err);
	}
	return rc;
}

bool cc_skeleton_has_kin(const struct cc_skeleton *skeleton)
{
	const struct cc_message *message;
	size_t i;

	/* Copies stand at the begin: before anything does, who knows. */
	if (!skeleton->messages.n)
		return true;
	for (i = 0; i < skeleton->sessions.n; i++) {
		if (skeleton->sessions.at[i].agent.at ||
		    !cc_is_ours(skeleton, (uint32_t)i))
			return true;
	}
	for (i = 0; i < skeleton->messages.n; i++) {
		message = &skeleton->messages.at[i];
		if (message->parent_text.at ||
		    (message->session != CC_NONE &&
		     message->owner != LINEAGE_NONE))
			return true;
	}
	return false;
}

bool cc_skeleton_has(const struct cc_skeleton *skeleton, struct span uuid)
{
	unsigned char id[CC_ID_BYTES];

	lineage_id(uuid, id);
	return table_get(&skeleton->line_ids, id, NULL);
}

void cc_skeleton_release(struct cc_skeleton *skeleton)
{
	arena_release(&skeleton->arena);
	free(skeleton->lines.at);
	free(skeleton->messages.at);
	free(skeleton->sessions.at);
	free(skeleton->calls.at);
	table_release(&skeleton->session_ids);
	table_release(&skeleton->line_ids);
	table_release(&skeleton->merged);
}
