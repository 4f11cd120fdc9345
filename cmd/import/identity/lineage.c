#include "cmd/import/identity/lineage.h"

#include <stdlib.h>

#include "cmd/import/records/chat.h"
#include "cmd/import/input/kin_cache.h"
#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/news.h"
#include "refs/view/view.h"

#define UUID_TEXT 36

struct kin {
	struct span key;
	int64_t last;
	uint32_t ends;		/* of its files, the last one noted */
	bool has_parts;		/* lineage_look_parts() was done */
	bool is_spoken_for;
	bool is_learned;
};

struct claim {
	struct lineage_claim said;
	bool is_known;
	uint32_t next;		/* another session's, or LINEAGE_NONE */
};

struct end {
	struct span key;
	int64_t began;
	uint32_t next;		/* of the same session, or LINEAGE_NONE */
};

struct lineage {
	struct lineage *next;
	const char *provider;
	bool has_looked;
	struct arena arena;
	struct table session_ids;	/* of the key -> its number */
	struct {
		struct kin *at;		/* by number */
		size_t n;
		size_t cap;
	} sessions;
	struct {
		struct end *at;
		size_t n;
		size_t cap;
	} ends;				/* of files */
	struct table ids;		/* of the thing -> first claim */
	struct {
		struct claim *at;
		size_t n;
		size_t cap;
	} claims;
};

int lineage_get(struct import_job *job, const char *provider,
		struct lineage **out, struct err *err)
{
	static const struct table table = TABLE_INIT(LINEAGE_ID_BYTES,
						     TABLE_NO_LIMIT);
	struct lineage *lineage;

	for (lineage = job->lineages; lineage; lineage = lineage->next) {
		if (!strcmp(lineage->provider, provider))
			break;
	}
	if (!lineage) {
		lineage = calloc(1, sizeof(*lineage));
		if (!lineage)
			return err_set(err, ERR_NOMEM, "out of memory");
		lineage->provider = provider;
		lineage->session_ids = table;
		lineage->ids = table;
		lineage->next = job->lineages;
		job->lineages = lineage;
	}
	*out = lineage;
	return 0;
}

void lineage_release(struct import_job *job)
{
	struct lineage *lineage;

	while ((lineage = job->lineages)) {
		job->lineages = lineage->next;
		arena_release(&lineage->arena);
		table_release(&lineage->session_ids);
		table_release(&lineage->ids);
		free(lineage->sessions.at);
		free(lineage->claims.at);
		free(lineage->ends.at);
		free(lineage);
	}
}

/* Where a UUID has its hyphens. */
static bool is_hyphen(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

static bool read_uuid(struct span text, unsigned char out[LINEAGE_ID_BYTES])
{
	char digits[HEX_TEXT(LINEAGE_ID_BYTES)];
	size_t n = 0;
	size_t i;

	if (text.len != UUID_TEXT)
		return false;
	for (i = 0; i < UUID_TEXT; i++) {
		if (!is_hyphen(i))
			digits[n++] = text.at[i];
		else if (text.at[i] != '-')
			return false;
	}
	return hex_decode(span_of(digits, sizeof(digits)), out,
			  LINEAGE_ID_BYTES);
}

void lineage_id(struct span text, unsigned char out[LINEAGE_ID_BYTES])
{
	if (!read_uuid(text, out))
		blake2b_of(text.at, text.len, NULL, 0, out, LINEAGE_ID_BYTES);
}

int lineage_session(struct lineage *lineage, struct span key, int64_t last,
		    uint32_t *out, struct err *err)
{
	unsigned char id[LINEAGE_ID_BYTES];
	uint64_t found;
	int rc;

	lineage_id(key, id);
	if (!table_get(&lineage->session_ids, id, &found)) {
		found = lineage->sessions.n;
		rc = array_room(&lineage->sessions, err);
		if (rc == 0)
			rc = arena_keep(&lineage->arena, key,
					&lineage->sessions.at[found].key, err);
		if (rc < 0)
			return rc;
		lineage->sessions.at[found].has_parts = false;
		lineage->sessions.at[found].last = last;
		lineage->sessions.at[found].ends = LINEAGE_NONE;
		lineage->sessions.at[found].is_spoken_for = false;
		lineage->sessions.at[found].is_learned = false;
		rc = table_put(&lineage->session_ids, id, found, err);
		if (rc < 0)
			return rc;
		lineage->sessions.n++;
	}
	if (lineage->sessions.at[found].last < last)
		lineage->sessions.at[found].last = last;
	*out = (uint32_t)found;
	return 0;
}

bool lineage_has(const struct lineage *lineage, struct span key)
{
	unsigned char id[LINEAGE_ID_BYTES];

	lineage_id(key, id);
	return table_get(&lineage->session_ids, id, NULL);
}

uint32_t lineage_count(const struct lineage *lineage)
{
	return (uint32_t)lineage->sessions.n;
}

struct span lineage_key(const struct lineage *lineage, uint32_t session)
{
	return lineage->sessions.at[session].key;
}

static struct claim *claim_of(const struct lineage *lineage, uint64_t first,
			      uint32_t session)
{
	uint32_t at = (uint32_t)first;

	while (at != LINEAGE_NONE) {
		if (lineage->claims.at[at].said.session == session)
			return &lineage->claims.at[at];
		at = lineage->claims.at[at].next;
	}
	return NULL;
}

static int add_claim(struct lineage *lineage,
		     const unsigned char key[LINEAGE_ID_BYTES],
		     const struct claim *claim, struct err *err)
{
	uint64_t first = LINEAGE_NONE;
	struct claim *same;
	int rc;

	lineage->sessions.at[claim->said.session].is_spoken_for |=
		claim->said.is_own;
	if (table_get(&lineage->ids, key, &first)) {
		same = claim_of(lineage, first, claim->said.session);
		if (same) {
			if (claim->said.is_own && !same->said.is_own)
				same->said.words = claim->said.words;
			same->said.is_own |= claim->said.is_own;
			same->said.is_forked &= claim->said.is_forked;
			same->is_known |= claim->is_known;
			if (same->said.micros > claim->said.micros)
				same->said.micros = claim->said.micros;
			return 0;
		}
	}
	rc = array_room(&lineage->claims, err);
	if (rc < 0)
		return rc;
	lineage->claims.at[lineage->claims.n] = *claim;
	lineage->claims.at[lineage->claims.n].next = (uint32_t)first;
	if (claim->said.part_of.at)
		rc = arena_keep(&lineage->arena, claim->said.part_of,
				&lineage->claims.at[lineage->claims.n]
					.said.part_of, err);
	return rc < 0 ? rc : table_put(&lineage->ids, key,
				       lineage->claims.n++, err);
}

int lineage_add(struct lineage *lineage, struct span id,
		const struct lineage_claim *claim, struct err *err)
{
	const struct claim full = { *claim, false, LINEAGE_NONE };
	unsigned char key[LINEAGE_ID_BYTES];

	lineage_id(id, key);
	return add_claim(lineage, key, &full, err);
}

struct looking {
	struct lineage *lineage;
	struct span (*id_of)(struct span key);
	struct span session;	/* the last one, and its number: records of a
				   session come together */
	uint32_t number;
	bool is_dry_run;
	struct kin_cache kin;
	struct {
		uint32_t *at;	/* numbers by those of the cache ... */
		size_t n;
		size_t cap;
	} ours;
	struct table kept;	/* ... and the other way round */
};

static int know(struct looking *looking, uint32_t number,
		const unsigned char id[LINEAGE_ID_BYTES], struct err *err)
{
	const struct claim claim = {
		.said = { .session = number, .micros = INT64_MIN,
			  .is_own = true },
		.is_known = true, .next = LINEAGE_NONE
	};

	return add_claim(looking->lineage, id, &claim, err);
}

/* A session of the cache. */
static int kept_session(void *arg, struct span key, struct err *err)
{
	struct looking *looking = arg;
	uint32_t number;
	int rc = lineage_session(looking->lineage, key, INT64_MIN, &number,
				 err);

	if (rc == 0)
		rc = array_room(&looking->ours, err);
	if (rc == 0)
		rc = table_put(&looking->kept, &number, looking->ours.n, err);
	if (rc == 0)
		looking->ours.at[looking->ours.n++] = number;
	return rc;
}

static int kept_claim(void *arg, uint32_t session,
		      const unsigned char id[LINEAGE_ID_BYTES],
		      struct err *err)
{
	struct looking *looking = arg;

	return session < looking->ours.n ?
	       know(looking, looking->ours.at[session], id, err) : 0;
}

static int kept_add(struct looking *looking,
		    const unsigned char id[LINEAGE_ID_BYTES],
		    struct err *err)
{
	uint64_t kept;
	int rc = 0;

	if (!table_get(&looking->kept, &looking->number, &kept)) {
		kept = looking->kin.sessions_n;
		kin_cache_session(&looking->kin, looking->session);
		rc = table_put(&looking->kept, &looking->number, kept, err);
	}
	kin_cache_claim(&looking->kin, (uint32_t)kept, id);
	return rc;
}

/* message:<provider>:<session>/<key> */
static int look_at(void *arg, const struct fold_record *record,
		   struct err *err)
{
	struct looking *looking = arg;
	unsigned char id[LINEAGE_ID_BYTES];
	struct span text = record->record.entity;
	size_t prefix = strlen("message:") + 1 +
		strlen(looking->lineage->provider);
	struct span session;
	struct span key;
	const char *slash;
	int rc = 0;

	if (!span_begins(text, "message:") || text.len <= prefix ||
	    text.at[prefix - 1] != ':' ||
	    memcmp(text.at + strlen("message:"), looking->lineage->provider,
		   prefix - strlen("message:") - 1))
		return 0;
	slash = memchr(text.at + prefix, '/', text.len - prefix);
	if (!slash)
		return 0;
	session = span_of(text.at + prefix,
			  (size_t)(slash - text.at) - prefix);
	key = span_of(slash + 1, text.len - (size_t)(slash + 1 - text.at));
	/* An escaped key is no key any more: such a session is left alone. */
	if (memchr(session.at, '%', session.len) || !looking->id_of(key).at)
		return 0;
	if (!looking->session.at ||
	    !span_equals(looking->session, session)) {
		rc = lineage_session(looking->lineage, session, INT64_MIN,
				     &looking->number, err);
		if (rc < 0)
			return rc;
		looking->session = lineage_key(looking->lineage,
					       looking->number);
	}
	lineage_id(looking->id_of(key), id);
	rc = kept_add(looking, id, err);
	return rc < 0 ? rc : know(looking, looking->number, id, err);
}

/* What is known, and what came since; where that cannot be told, all. */
static int look_through(struct looking *looking, struct view *view,
			struct err *err)
{
	const struct view_record_visitor visitor = { look_at, looking };
	const struct kin_visitor kept = { kept_session, kept_claim, looking };
	const char *provider = looking->lineage->provider;
	struct err why = ERR_INIT;
	int rc = kin_cache_open(&looking->kin, provider, view, err);

	if (rc == 0)
		rc = kin_cache_each(&looking->kin, &kept, err);
	if (rc == 0 && looking->kin.from)
		rc = view_news(looking->kin.from, view, &visitor, &why);
	if (rc == ERR_NOMEM || (rc < 0 && !why.code))
		return why.code ? err_copy(err, rc, &why) : rc;
	if (rc < 0 || !looking->kin.from) {
		kin_cache_reset(&looking->kin);
		table_release(&looking->kept);
		rc = view_records(view, &visitor, err);
	}
	if (rc == 0 && !looking->is_dry_run)
		kin_cache_keep(&looking->kin, view);
	return rc;
}

int lineage_look(struct lineage *lineage, struct import_job *job,
		 const char *construct, struct span (*id_of)(struct span key),
		 struct err *err)
{
	struct looking looking = {
		.lineage = lineage, .id_of = id_of,
		.is_dry_run = job->options.is_dry_run, .kin = KIN_CACHE_INIT,
		.kept = TABLE_INIT(sizeof(uint32_t), TABLE_NO_LIMIT),
	};
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc;

	if (lineage->has_looked || job->sink)
		return 0;
	lineage->has_looked = true;
	rc = view_open(job->vault, construct, &view, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_set(err, (enum err_code)rc, "%s", why.text);
	rc = look_through(&looking, view, err);
	view_free(view);
	kin_cache_release(&looking.kin);
	table_release(&looking.kept);
	free(looking.ours.at);
	return rc;
}

struct looking_at_parts {
	struct lineage *lineage;
	uint32_t session;
};

/* A message that was put together of several lines has the others' uuids. */
static int look_at_parts(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	const struct looking_at_parts *looking = arg;
	const char *slash = memchr(entity->entity.at, '/', entity->entity.len);
	const char *end = entity->entity.at + entity->entity.len;
	struct lineage_claim claim = {
		.session = looking->session, .micros = INT64_MIN,
		.is_own = true
	};
	struct span value = entity->state;
	struct jcs_iter iter;
	struct span line;
	struct span uuid;
	int rc = 0;

	if (!value.at || !slash || !jcs_find(value, "native", &value) ||
	    !jcs_find(value, "lines", &value))
		return 0;
	claim.part_of = span_of(slash + 1, (size_t)(end - slash) - 1);
	iter = jcs_iter_array(value);
	while (rc >= 0 && jcs_next(&iter, NULL, &line)) {
		if (jcs_find_string(line, "uuid", &uuid))
			rc = lineage_add(looking->lineage, uuid, &claim, err);
	}
	return rc;
}

int lineage_look_parts(struct lineage *lineage, struct import_job *job,
		       const char *construct, uint32_t session,
		       struct err *err)
{
	struct looking_at_parts looking = { lineage, session };
	const struct view_visitor visitor = { look_at_parts, &looking };
	struct kin *kin = &lineage->sessions.at[session];
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc;

	if (kin->has_parts || job->sink)
		return 0;
	kin->has_parts = true;
	buf_putf(&entity, "session:%s:", lineage->provider);
	chat_put_key(&entity, kin->key);
	rc = buf_end(&entity, err);
	if (rc == 0)
		rc = view_open(job->vault, construct, &view, &why);
	if (rc == 0)
		rc = view_home(view, buf_span(&entity), &visitor, &why);
	view_free(view);
	buf_release(&entity);
	return rc == ERR_NOT_FOUND ? 0 : rc < 0 && why.code ?
		err_copy(err, rc, &why) : rc;
}

int lineage_end(struct lineage *lineage, uint32_t session, int64_t began,
		struct span key, struct err *err)
{
	struct kin *kin = &lineage->sessions.at[session];
	struct end end = { { NULL, 0 }, began, kin->ends };
	int rc = array_room(&lineage->ends, err);

	if (rc == 0)
		rc = arena_keep(&lineage->arena, key, &end.key, err);
	if (rc < 0)
		return rc;
	kin->ends = (uint32_t)lineage->ends.n;
	lineage->ends.at[lineage->ends.n++] = end;
	return 0;
}

struct span lineage_end_before(const struct lineage *lineage,
			       uint32_t session, int64_t began)
{
	const struct end *best = NULL;
	uint32_t at = lineage->sessions.at[session].ends;

	for (; at != LINEAGE_NONE; at = lineage->ends.at[at].next) {
		const struct end *end = &lineage->ends.at[at];

		if (end->began < began && (!best || end->began > best->began))
			best = end;
	}
	return best ? best->key : span_of(NULL, 0);
}

static bool is_better(const struct lineage *lineage, const struct claim *a,
		      const struct claim *b)
{
	const struct kin *of_a = &lineage->sessions.at[a->said.session];
	const struct kin *of_b = &lineage->sessions.at[b->said.session];

	if (a->is_known != b->is_known)
		return a->is_known;
	if (a->said.is_own != b->said.is_own)
		return a->said.is_own;
	if (a->said.is_forked != b->said.is_forked)
		return b->said.is_forked;
	if (a->said.micros != b->said.micros)
		return a->said.micros < b->said.micros;
	if (of_a->last != of_b->last)
		return of_a->last < of_b->last;
	return span_compare(of_a->key, of_b->key) < 0;
}

struct lineage_owner lineage_owner(const struct lineage *lineage,
				   struct span id, uint32_t asking)
{
	struct lineage_owner owner = { .session = LINEAGE_NONE };
	const struct claim *best = NULL;
	unsigned char key[LINEAGE_ID_BYTES];
	uint64_t first;
	uint32_t at;

	lineage_id(id, key);
	if (!table_get(&lineage->ids, key, &first))
		return owner;
	for (at = (uint32_t)first; at != LINEAGE_NONE;
	     at = lineage->claims.at[at].next) {
		const struct claim *claim = &lineage->claims.at[at];

		if (!best || is_better(lineage, claim, best))
			best = claim;
		if (claim->is_known && claim->said.session == asking) {
			best = claim;
			break;
		}
	}
	owner.session = best->said.session;
	owner.is_own = best->said.is_own;
	owner.is_known = best->is_known;
	owner.part_of = best->said.part_of;
	owner.words = best->said.words;
	return owner;
}

bool lineage_is_to_learn(struct lineage *lineage,
			 const struct lineage_owner *owner)
{
	struct kin *kin;

	if (!owner->is_known)
		return false;
	kin = &lineage->sessions.at[owner->session];
	if (kin->is_learned)
		return false;
	kin->is_learned = true;
	return true;
}

void lineage_learn(struct lineage *lineage, struct span id, uint32_t session,
		   uint64_t words)
{
	unsigned char key[LINEAGE_ID_BYTES];
	struct claim *claim = NULL;
	uint64_t first;

	lineage_id(id, key);
	if (table_get(&lineage->ids, key, &first))
		claim = claim_of(lineage, first, session);
	if (claim)
		claim->said.words = words;
}

bool lineage_is_spoken_for(const struct lineage *lineage, uint32_t session)
{
	return lineage->sessions.at[session].is_spoken_for;
}
