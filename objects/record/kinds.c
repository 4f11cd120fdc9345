#include "objects/record/kinds.h"

static const char *const common_verbs[] = { "create", "update", "delete", NULL };
static const char *const acu_verbs[] = {
	"create", "update", "delete", "derive", NULL
};
static const char *const vault_verbs[] = { "create", "update", NULL };
static const char *const member_verbs[] = { "add", "remove", "update", NULL };
static const char *const key_verbs[] = { "create", "grant", NULL };
static const char *const forget_verbs[] = { "create", NULL };

static const char *const common_sets[] = {
	"tags", "participants", "links", NULL
};

/* The most frequent first: every record is looked up here. */
const struct kind kind_table[] = {
	{ .name = "message", .home = "session", .verbs = common_verbs,
	  .sets = common_sets, .has_home = true },
	{ .name = "memory", .home = "memory", .verbs = common_verbs,
	  .sets = common_sets },
	{ .name = "acu", .home = "acu", .verbs = acu_verbs,
	  .sets = common_sets, .has_home = true },
	{ .name = "session", .home = "session", .verbs = common_verbs,
	  .sets = common_sets, .has_home = true },
	{ .name = "construct", .home = "construct", .verbs = common_verbs,
	  .sets = common_sets },
	{ .name = "capsule", .home = "capsule", .verbs = common_verbs,
	  .sets = common_sets },
	{ .name = "source", .home = "source", .verbs = common_verbs,
	  .sets = common_sets },
	{ .name = "vault", .home = "vault", .verbs = vault_verbs,
	  .sets = common_sets, .is_vault_only = true, .is_reserved = true },
	{ .name = "member", .home = "member", .verbs = member_verbs,
	  .sets = common_sets, .is_vault_only = true, .is_reserved = true },
	{ .name = "key", .home = "key", .verbs = key_verbs,
	  .sets = common_sets, .is_vault_only = true, .is_reserved = true },
	{ .name = "forget", .home = "forget", .verbs = forget_verbs,
	  .sets = common_sets, .is_reserved = true },
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

/* The part before the first colon; absent when there is none. */
static struct span before_colon(struct span text)
{
	const char *colon = text.len ? memchr(text.at, ':', text.len) : NULL;

	if (!colon)
		return span_of(NULL, 0);
	return span_of(text.at, (size_t)(colon - text.at));
}

/* Text from outside, cut short and without what would hurt a terminal. */
static int kinds_refuse(struct err *err, const char *why, struct span text)
{
	char shown[65];
	size_t len = text.len < sizeof(shown) ? text.len : sizeof(shown) - 1;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		shown[i] = c > 0x20 && c < 0x7f ? (char)c : '?';
	}
	shown[len] = '\0';
	return err_set(err, ERR_INVALID, "%s: '%s'", why, shown);
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
		return kinds_refuse(err, "unknown kind of record", type);
	wanted = span_of(type.at + name.len + 1, type.len - name.len - 1);
	for (verb = kind->verbs; *verb; verb++) {
		if (!span_equals(wanted, span_str(*verb)))
			continue;
		*out_kind = kind;
		return 0;
	}
	return kinds_refuse(err, "unknown verb of record", type);
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
		return kinds_refuse(err, "entity of unknown kind", entity);
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
