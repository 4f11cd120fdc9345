#include "objects/record/kinds.h"

#include "lib/base/nearest.h"

static const char *const common_verbs[] = { "create", "update", "delete", NULL };
static const char *const acu_verbs[] = {
	"create", "update", "delete", "derive", NULL
};
static const char *const vault_verbs[] = {
	"create", "update", "renew", NULL
};
static const char *const member_verbs[] = { "add", "remove", "update", NULL };
static const char *const key_verbs[] = { "create", "grant", NULL };
static const char *const forget_verbs[] = { "create", NULL };

static const char *const common_sets[] = {
	"tags", "participants", "links", NULL
};

/* In the order in which a person is shown those that they may change. */
static const struct kind_field memory_fields[] = {
	{ "type", KIND_OFFERED }, { "bucket", 0 }, { "tags", KIND_OFFERED },
	{ "content", KIND_NEEDED | KIND_WORDS }, { "created", KIND_FIXED },
	{ "updated", KIND_FIXED }, { "links", KIND_FIXED },
	{ "source", KIND_FIXED }, { "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field message_fields[] = {
	{ "name", 0 }, { "role", 0 }, { "visibility", 0 }, { "tags", 0 },
	{ "content", KIND_NEEDED | KIND_WORDS },
	{ "parts", KIND_STANDS_IN | KIND_FIXED }, { "session", KIND_FIXED },
	{ "parent", KIND_FIXED }, { "index", KIND_FIXED },
	{ "created", KIND_FIXED }, { "created_zone", KIND_FIXED },
	{ "created_precision", KIND_FIXED }, { "updated", KIND_FIXED },
	{ "model", KIND_FIXED }, { "copy_of", KIND_FIXED },
	{ "links", KIND_FIXED }, { "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field session_fields[] = {
	{ "title", KIND_OFFERED }, { "tags", KIND_OFFERED },
	{ "participants", 0 }, { "notes", 0 },
	{ "provider", KIND_FIXED }, { "created", KIND_FIXED },
	{ "created_zone", KIND_FIXED }, { "created_precision", KIND_FIXED },
	{ "updated", KIND_FIXED }, { "active", KIND_FIXED },
	{ "guessed", KIND_FIXED }, { "parent", KIND_FIXED },
	{ "model", KIND_FIXED }, { "links", KIND_FIXED },
	{ "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field acu_fields[] = {
	{ "type", 0 }, { "category", 0 }, { "tags", 0 },
	{ "content", KIND_WORDS }, { "quality", KIND_FIXED },
	{ "extractor", KIND_FIXED }, { "links", KIND_FIXED },
	{ "sha256", KIND_FIXED }, { "parent", KIND_FIXED },
	{ "parents", KIND_FIXED }, { "source", KIND_FIXED },
	{ "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field construct_fields[] = {
	{ "name", 0 }, { "tags", 0 }, { "persona", 0 },
	{ "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field capsule_fields[] = {
	{ "dialect", KIND_FIXED }, { "uuid", KIND_FIXED },
	{ "version", KIND_FIXED }, { "timestamp", KIND_FIXED },
	{ "fingerprint", KIND_FIXED }, { "tether", KIND_FIXED },
	{ "persona", KIND_FIXED }, { "memories", KIND_FIXED },
	{ "source", KIND_FIXED }, { "native", KIND_FIXED }, { NULL, 0 }
};
static const struct kind_field no_fields[] = { { NULL, 0 } };

/* The most frequent first: every record is looked up here. */
const struct kind kind_table[] = {
	{ .name = "message", .home = "session", .fields = message_fields,
	  .verbs = common_verbs, .sets = common_sets, .has_home = true },
	{ .name = "memory", .home = "memory", .fields = memory_fields,
	  .verbs = common_verbs, .sets = common_sets },
	{ .name = "acu", .home = "acu", .fields = acu_fields,
	  .verbs = acu_verbs, .sets = common_sets, .has_home = true },
	{ .name = "session", .home = "session", .fields = session_fields,
	  .verbs = common_verbs, .sets = common_sets, .has_home = true },
	{ .name = "construct", .home = "construct", .fields = construct_fields,
	  .verbs = common_verbs, .sets = common_sets },
	{ .name = "capsule", .home = "capsule", .fields = capsule_fields,
	  .verbs = common_verbs, .sets = common_sets },
	{ .name = "source", .home = "source", .fields = no_fields,
	  .verbs = common_verbs, .sets = common_sets },
	{ .name = "vault", .home = "vault", .fields = no_fields,
	  .verbs = vault_verbs, .sets = common_sets,
	  .is_vault_only = true, .is_reserved = true },
	{ .name = "member", .home = "member", .fields = no_fields,
	  .verbs = member_verbs, .sets = common_sets,
	  .is_vault_only = true, .is_reserved = true },
	{ .name = "key", .home = "key", .fields = no_fields,
	  .verbs = key_verbs, .sets = common_sets,
	  .is_vault_only = true, .is_reserved = true },
	{ .name = "forget", .home = "forget", .fields = no_fields,
	  .verbs = forget_verbs, .sets = common_sets, .is_reserved = true },
	{ .name = NULL }
};

const struct kind *kind_find(struct span name)
{
	const struct kind *kind;

	for (kind = kind_table; kind->name; kind++) {
		if (span_equals(name, span_str(kind->name)))
			return kind;
	}
	return NULL;
}

const struct kind_field *kind_field(const struct kind *kind,
				    struct span name)
{
	const struct kind_field *field;

	for (field = kind->fields; field->name; field++) {
		if (span_equals(name, span_str(field->name)))
			return field;
	}
	return NULL;
}

const char *kind_field_near(const struct kind *kind, struct span name)
{
	struct nearest nearest = NEAREST_INIT("");
	const struct kind_field *field;

	nearest.wanted = name;
	for (field = kind->fields; field->name; field++)
		nearest_try(&nearest, span_str(field->name));
	return nearest.distance <= NEAREST_EDITS_MAX ? nearest.found.at : NULL;
}

bool kind_field_is_set(const struct kind *kind, struct span name)
{
	const char *const *set;

	for (set = kind->sets; *set; set++) {
		if (span_equals(name, span_str(*set)))
			return true;
	}
	return false;
}

/* The part before the first colon; absent when there is none. */
static struct span before_colon(struct span text)
{
	const char *colon = text.len ? memchr(text.at, ':', text.len) : NULL;

	if (!colon)
		return span_of(NULL, 0);
	return span_of(text.at, (size_t)(colon - text.at));
}

/* Text from outside, cut short and without what would hurt a terminal; near
 * is what may be meant, or NULL. */
static int refuse_near(struct err *err, const char *why, struct span text,
		       const char *near)
{
	char shown[65];
	size_t len = text.len < sizeof(shown) ? text.len : sizeof(shown) - 1;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		shown[i] = c > 0x20 && c < 0x7f ? (char)c : '?';
	}
	shown[len] = '\0';
	return near ? err_set(err, ERR_INVALID, "%s: '%s'; is '%s' meant?", why,
			      shown, near) :
		      err_set(err, ERR_INVALID, "%s: '%s'", why, shown);
}

static int kinds_refuse(struct err *err, const char *why, struct span text)
{
	return refuse_near(err, why, text, NULL);
}

const char *kind_near(struct span name)
{
	struct nearest nearest = NEAREST_INIT("");
	const struct kind *kind;

	nearest.wanted = name;
	for (kind = kind_table; kind->name; kind++)
		nearest_try(&nearest, span_str(kind->name));
	return nearest.found.at;
}

static const char *verb_near(const struct kind *kind, struct span verb)
{
	struct nearest nearest = NEAREST_INIT("");
	const char *const *name;

	nearest.wanted = verb;
	for (name = kind->verbs; *name; name++)
		nearest_try(&nearest, span_str(*name));
	return nearest.found.at;
}

int kind_of_type(struct span type, const struct kind **out_kind,
		 struct err *err)
{
	struct span name = before_colon(type);
	const struct kind *kind = kind_find(name);
	const char *const *verb;
	struct span wanted;

	if (!name.at)
		return kinds_refuse(err, "not a type of record", type);
	if (!kind)
		return refuse_near(err, "unknown kind of record", type,
				   kind_near(name));
	wanted = span_of(type.at + name.len + 1, type.len - name.len - 1);
	for (verb = kind->verbs; *verb; verb++) {
		if (!span_equals(wanted, span_str(*verb)))
			continue;
		*out_kind = kind;
		return 0;
	}
	return refuse_near(err, "unknown verb of record", type,
			   verb_near(kind, wanted));
}

static bool is_clean(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
			return false;
	}
	return true;
}

/*
 * Kinds with homes: what stands before the first '/' names the session. A
 * session is its own home, an acu may belong to none.
 */
static bool shared_home(const struct kind *kind, struct home *home)
{
	const char *slash = memchr(home->key.at, '/', home->key.len);
	size_t len;

	home->is_shared = !strcmp(kind->home, "session");
	if (!slash)
		return strcmp(kind->name, "message") != 0;
	len = (size_t)(slash - home->key.at);
	if (!len || len + 1 == home->key.len)
		return false;
	home->dir = "session";
	home->key.len = len;
	home->is_shared = true;
	return true;
}

int entity_home(struct span entity, struct home *out_home,
		const struct kind **out_kind, struct err *err)
{
	struct span name = before_colon(entity);
	const struct kind *kind = kind_find(name);
	struct home home;

	if (entity.len > ENTITY_MAX_BYTES)
		return kinds_refuse(err, "entity is too long", entity);
	if (!name.at || name.len + 1 == entity.len || !is_clean(entity))
		return kinds_refuse(err, "not an entity", entity);
	if (!kind)
		return refuse_near(err, "entity of unknown kind", entity,
				   kind_near(name));
	home.dir = kind->home;
	home.key = span_of(entity.at + name.len + 1,
			   entity.len - name.len - 1);
	home.is_shared = false;
	if (kind->has_home && !shared_home(kind, &home))
		return kinds_refuse(err, "entity has no home", entity);
	*out_home = home;
	if (out_kind)
		*out_kind = kind;
	return 0;
}
