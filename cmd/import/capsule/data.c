#include "cmd/import/capsule/capsule_internal.h"

#include "cmd/import/records/environment.h"
#include "cmd/import/records/rest.h"

/* Where a member of the source goes in the capsule's data. */
enum target { TO_NOWHERE, TO_DATA, TO_PERSONA, TO_NATIVE };

struct route {
	const char *member;
	enum target target;
	const char *as;		/* another name there, or NULL */
};

/*
 * What is told apart; the rest goes where the dialect puts strangers. Dialects
 * without "metadata" keep at the top what others keep there.
 */
static const struct route flat_routes[] = {
	{ "construct_id", TO_DATA, NULL },
	{ "capsule_version", TO_DATA, "version" },
	{ "generator", TO_DATA, NULL },
	{ "last_synced_at", TO_DATA, "timestamp" },
	{ "created_at", TO_DATA, NULL },
	/* and what all have: */
	{ "metadata", TO_NOWHERE, NULL },	/* routed by itself */
	{ "memory", TO_NOWHERE, NULL },		/* likewise */
	{ "environment", TO_NOWHERE, NULL },
	{ "traits", TO_PERSONA, NULL },
	{ "personality", TO_PERSONA, NULL },
	{ "identity", TO_PERSONA, NULL },
	{ "signatures", TO_PERSONA, NULL },
	{ "additional_data", TO_PERSONA, NULL },
	{ "memory_log", TO_NATIVE, NULL },
	{ "transcript_data", TO_NATIVE, NULL },
	{ NULL, TO_NOWHERE, NULL },
};

static const struct route *const top_routes = &flat_routes[5];

static const struct route metadata_routes[] = {
	{ "instance_name", TO_DATA, NULL },
	{ "construct_id", TO_DATA, NULL },
	{ "uuid", TO_DATA, NULL },
	{ "capsule_uuid", TO_DATA, "uuid" },
	{ "timestamp", TO_DATA, NULL },
	{ "generated_at", TO_DATA, "timestamp" },
	{ "capsule_version", TO_DATA, "version" },
	{ "tether_signature", TO_DATA, "tether" },
	{ "generator", TO_DATA, NULL },
	{ "vault_source", TO_DATA, NULL },
	{ "fingerprint_hash", TO_NOWHERE, NULL },	/* fingerprint.stored */
	{ NULL, TO_NOWHERE, NULL },
};

static const struct route memory_routes[] = {
	{ "memory_count", TO_DATA, NULL },
	{ "last_memory_timestamp", TO_DATA, NULL },
	{ "memory_log", TO_DATA, NULL },
	{ NULL, TO_NOWHERE, NULL },
};

struct build {
	const struct capsule *capsule;
	struct jcs_fields *data;
	struct jcs_fields persona;
	struct jcs_fields native;
	struct jcs_fields inner;	/* native.metadata, native.memory */
};

static const struct route *find_route(const struct route *routes,
				      struct span member)
{
	for (; routes->member; routes++) {
		if (span_equals(member, span_str(routes->member)))
			return routes;
	}
	return NULL;
}

/* The value as a field, without what it says of a machine. */
static void put_stripped(struct jcs_fields *fields, const char *name,
			 const struct jval *value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	fields_fail(fields, environment_strip(value, &text, &why), &why);
	fields_raw(fields, name, buf_span(&text));
	buf_release(&text);
}

void capsule_put(struct jcs_fields *fields, const char *as,
		 const struct jval *member)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	if (member->marks & JVAL_KEY_WTF)
		return;
	if (as)
		buf_put_str(&name, as);
	else if (span_begins(member->key, "$"))
		buf_put_char(&name, '$');
	if (!as)
		buf_put_span(&name, member->key);
	fields_fail(fields, buf_end(&name, &why), &why);
	put_stripped(fields, buf_text(&name), member);
	buf_release(&name);
}

static struct jcs_fields *target_of(struct build *build,
				    const struct route *route)
{
	switch (route->target) {
	case TO_DATA:
		return build->data;
	case TO_PERSONA:
		return &build->persona;
	case TO_NATIVE:
		return &build->native;
	default:
		return NULL;
	}
}

/* Two members may claim one name: the one that is called so has it. */
static bool is_taken(const struct jval *object, const struct route *route)
{
	return route && route->as && jval_get(object, route->as);
}

/* Each member of object by the routes; strangers go to elsewhere. */
static void route_all(struct build *build, const struct jval *object,
		      const struct route *routes, struct jcs_fields *elsewhere)
{
	const struct jval *child = jval_first(object);
	const struct route *route;
	struct jcs_fields *to;

	for (; child; child = child->next) {
		if (environment_is_part(child))
			continue;
		route = find_route(routes, child->key);
		if (is_taken(object, route))
			route = NULL;
		to = route ? target_of(build, route) : elsewhere;
		if (to)
			capsule_put(to, route ? route->as : NULL, child);
	}
}

/* The routes of memory, but for its lists of memories. */
static void route_memory(struct build *build)
{
	const struct jval *memory = jval_get(build->capsule->root, "memory");
	const struct jval *child = jval_first(memory);
	const struct route *route;

	if (memory && !jval_is(memory, JVAL_OBJECT)) {
		capsule_put(&build->native, NULL, memory);
		return;
	}
	for (; child; child = child->next) {
		if (environment_is_part(child) ||
		    (capsule_is_bucket(child->key) &&
		     (jval_is(child, JVAL_ARRAY) || jval_is(child, JVAL_NULL))))
			continue;
		route = find_route(memory_routes, child->key);
		capsule_put(route ? build->data : &build->inner, NULL, child);
	}
	fields_inner(&build->native, "memory", &build->inner);
}

static void route_top(struct build *build)
{
	enum capsule_dialect dialect = build->capsule->dialect;
	bool is_memup = dialect == CAPSULE_MEMUP_2_0 ||
			dialect == CAPSULE_MEMUP_2_1;
	bool is_flat = dialect == CAPSULE_MEMUP_2_0 ||
		       dialect == CAPSULE_UNDERTONE;

	route_all(build, build->capsule->root,
		  is_flat ? flat_routes : top_routes,
		  is_memup ? &build->native : &build->persona);
}

static void put_parts(struct build *build)
{
	const struct capsule_part *part = build->capsule->parts;
	const struct capsule_part *end = part + CAPSULE_PARTS_MAX;

	for (; part < end; part++) {
		if (part->doc)
			put_stripped(&build->native, part->member,
				     jdoc_root(part->doc));
	}
}

static void put_fingerprint(struct build *build)
{
	const struct jval *held = jval_at(build->capsule->root,
					  "metadata.fingerprint_hash");

	fields_str(&build->inner, "check",
		   fingerprint_word(build->capsule->fingerprint));
	if (held)
		capsule_put(&build->inner, "stored", held);
	fields_inner(build->data, "fingerprint", &build->inner);
}

/* Gathers the entities of the memories as a JSON array. */
static int list_memory(void *arg, const struct record_parts *parts,
		       struct err *err)
{
	struct buf *list = arg;

	buf_put_char(list, list->len ? ',' : '[');
	jcs_put_string(list, parts->entity);
	return buf_end(list, err);
}

static void put_memories(struct build *build, const char *construct)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct capsule_sink sink = { list_memory, &list };
	struct err why = ERR_INIT;

	fields_fail(build->data, capsule_memory_records(build->capsule,
							construct, &sink,
							&why), &why);
	buf_put_str(&list, list.len ? "]" : "[]");
	fields_buf(build->data, "memories", &list);
	buf_release(&list);
}

void capsule_data(const struct capsule *capsule, const char *construct,
		  const struct capsule_source *source,
		  struct jcs_fields *data)
{
	struct build build = {
		.capsule = capsule, .data = data,
		.persona = JCS_FIELDS_INIT, .native = JCS_FIELDS_INIT,
		.inner = JCS_FIELDS_INIT,
	};

	route_top(&build);
	route_all(&build, jval_get(capsule->root, "metadata"),
		  metadata_routes, &build.inner);
	fields_inner(&build.native, "metadata", &build.inner);
	route_memory(&build);
	put_parts(&build);
	put_fingerprint(&build);
	fields_object(data, "persona", &build.persona);
	fields_inner(data, "native", &build.native);
	put_memories(&build, construct);
	fields_str(data, "dialect", capsule_dialect_word(capsule->dialect));
	fields_raw(data, source->is_redacted ? "redacted" : "source",
		   source->ref);
	jcs_fields_release(&build.persona);
	jcs_fields_release(&build.native);
	jcs_fields_release(&build.inner);
}
