#include "cmd/import/capsule/records.h"

#include "cmd/import/records/environment.h"
#include "lib/json/jcs_write.h"

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
	struct jcs_fields data;
	struct jcs_fields persona;
	struct jcs_fields native;
	struct jcs_fields inner;	/* native.metadata, native.memory */
	struct buf value;
	struct buf name;
	struct err *err;
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

static int put(struct build *build, struct jcs_fields *fields,
	       const char *as, const struct jval *member)
{
	int rc = 0;

	buf_reset(&build->value);
	buf_reset(&build->name);
	/* A name that is no text: the exact bytes still have it. */
	if (member->marks & JVAL_KEY_WTF)
		return 0;
	if (as)
		rc = buf_add_str(&build->name, as, build->err);
	else if (span_begins(member->key, "$"))
		rc = buf_add_char(&build->name, '$', build->err);
	if (rc >= 0 && !as)
		rc = buf_add_span(&build->name, member->key, build->err);
	if (rc >= 0)
		rc = environment_strip(member, &build->value, build->err);
	if (rc >= 0)
		rc = jcs_fields_add(fields, buf_span(&build->name),
				    buf_span(&build->value), build->err);
	return rc;
}

static struct jcs_fields *target_of(struct build *build,
				    const struct route *route)
{
	switch (route->target) {
	case TO_DATA:
		return &build->data;
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
static int route_all(struct build *build, const struct jval *object,
		     const struct route *routes, struct jcs_fields *elsewhere)
{
	const struct jval *child = jval_first(object);
	const struct route *route;
	struct jcs_fields *to;
	int rc = 0;

	for (; rc >= 0 && child; child = child->next) {
		if (environment_is_part(child))
			continue;
		route = find_route(routes, child->key);
		if (is_taken(object, route))
			route = NULL;
		to = route ? target_of(build, route) : elsewhere;
		if (to)
			rc = put(build, to, route ? route->as : NULL, child);
	}
	return rc;
}

static int put_inner(struct build *build, struct jcs_fields *fields,
		     const char *name, struct jcs_fields *inner)
{
	int rc;

	buf_reset(&build->value);
	rc = jcs_fields_write(inner, &build->value, build->err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&build->value),
				    build->err);
	jcs_fields_reset(inner);
	return rc;
}

/* A part of the capsule with routes of its own; strangers below native. */
static int route_part(struct build *build, const char *member,
		      const struct route *routes)
{
	int rc;

	rc = route_all(build, jval_get(build->capsule->root, member), routes,
		       &build->inner);
	if (rc >= 0 && build->inner.count)
		rc = put_inner(build, &build->native, member, &build->inner);
	return rc;
}

/* memory without its lists of memories. */
static int route_memory(struct build *build)
{
	const struct jval *memory = jval_get(build->capsule->root, "memory");
	const struct jval *child;
	const struct route *route;
	int rc = 0;

	if (memory && !jval_is(memory, JVAL_OBJECT))
		return put(build, &build->native, NULL, memory);
	for (child = jval_first(memory); rc >= 0 && child; child = child->next) {
		if (environment_is_part(child) ||
		    (capsule_is_bucket(child->key) &&
		     (jval_is(child, JVAL_ARRAY) || jval_is(child, JVAL_NULL))))
			continue;
		route = find_route(memory_routes, child->key);
		rc = put(build, route ? &build->data : &build->inner, NULL,
			 child);
	}
	if (rc >= 0 && build->inner.count)
		rc = put_inner(build, &build->native, "memory", &build->inner);
	return rc;
}

static int route_top(struct build *build)
{
	enum capsule_dialect dialect = build->capsule->dialect;
	bool is_memup = dialect == CAPSULE_MEMUP_2_0 ||
			dialect == CAPSULE_MEMUP_2_1;
	bool is_flat = dialect == CAPSULE_MEMUP_2_0 ||
		       dialect == CAPSULE_UNDERTONE;

	return route_all(build, build->capsule->root,
			 is_flat ? flat_routes : top_routes,
			 is_memup ? &build->native : &build->persona);
}

static int put_parts(struct build *build)
{
	const struct capsule_part *part;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < CAPSULE_PARTS_MAX; i++) {
		part = &build->capsule->parts[i];
		if (!part->doc)
			continue;
		buf_reset(&build->value);
		rc = environment_strip(jdoc_root(part->doc), &build->value,
				       build->err);
		if (rc >= 0)
			rc = jcs_fields_raw(&build->native, part->member,
					    buf_span(&build->value),
					    build->err);
	}
	return rc;
}

static int put_fingerprint(struct build *build)
{
	const struct jval *held = jval_at(build->capsule->root,
					  "metadata.fingerprint_hash");
	const char *word = fingerprint_word(build->capsule->fingerprint);
	int rc;

	rc = jcs_fields_text(&build->inner, "check", span_str(word),
			     build->err);
	if (rc >= 0 && held)
		rc = put(build, &build->inner, "stored", held);
	if (rc >= 0)
		rc = put_inner(build, &build->data, "fingerprint",
			       &build->inner);
	return rc;
}

/* Gathers the entities of the memories as a JSON array. */
static int list_memory(void *arg, const struct record_parts *parts,
		       struct err *err)
{
	struct buf *list = arg;
	int rc = 0;

	if (list->len > 1)
		rc = buf_add_char(list, ',', err);
	if (rc >= 0)
		rc = jcs_add_string(list, parts->entity, err);
	return rc;
}

static int put_memories(struct build *build, const char *construct)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct capsule_sink sink = { list_memory, &list };
	int rc;

	rc = buf_add_char(&list, '[', build->err);
	if (rc >= 0)
		rc = capsule_memory_records(build->capsule, construct, &sink,
					    build->err);
	if (rc >= 0)
		rc = buf_add_char(&list, ']', build->err);
	if (rc >= 0)
		rc = jcs_fields_raw(&build->data, "memories", buf_span(&list),
				    build->err);
	buf_release(&list);
	return rc;
}

static int build_data(struct build *build, const char *construct,
		      const struct capsule_source *source)
{
	const char *dialect = capsule_dialect_word(build->capsule->dialect);
	int rc;

	rc = route_top(build);
	if (rc >= 0)
		rc = route_part(build, "metadata", metadata_routes);
	if (rc >= 0)
		rc = route_memory(build);
	if (rc >= 0)
		rc = put_parts(build);
	if (rc >= 0)
		rc = put_fingerprint(build);
	if (rc >= 0)
		rc = put_inner(build, &build->data, "persona",
			       &build->persona);
	if (rc >= 0 && build->native.count)
		rc = put_inner(build, &build->data, "native", &build->native);
	if (rc >= 0)
		rc = put_memories(build, construct);
	if (rc >= 0)
		rc = jcs_fields_text(&build->data, "dialect",
				     span_str(dialect), build->err);
	if (rc >= 0)
		rc = jcs_fields_raw(&build->data, source->is_redacted ?
				    "redacted" : "source", source->ref,
				    build->err);
	return rc;
}

int capsule_data(const struct capsule *capsule, const char *construct,
		 const struct capsule_source *source, struct buf *out,
		 struct err *err)
{
	struct build build = {
		.capsule = capsule,
		.data = JCS_FIELDS_INIT,
		.persona = JCS_FIELDS_INIT,
		.native = JCS_FIELDS_INIT,
		.inner = JCS_FIELDS_INIT,
		.value = BUF_INIT(BUF_NO_LIMIT),
		.name = BUF_INIT(BUF_NO_LIMIT),
		.err = err,
	};
	int rc;

	rc = build_data(&build, construct, source);
	if (rc >= 0)
		rc = jcs_fields_write(&build.data, out, err);
	jcs_fields_release(&build.data);
	jcs_fields_release(&build.persona);
	jcs_fields_release(&build.native);
	jcs_fields_release(&build.inner);
	buf_release(&build.value);
	buf_release(&build.name);
	return rc;
}
