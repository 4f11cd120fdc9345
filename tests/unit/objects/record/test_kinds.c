/* objects/kinds: the table, types, and where entities live. */
#include "objects/record/kinds.h"
#include "tests/tap.h"

static void test_table(void)
{
	static const char *const wanted[] = {
		"construct", "capsule", "memory", "session", "message", "acu",
		"vault", "member", "key", "forget"
	};
	const struct kind *kind;
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		ok(kind_find(span_str(wanted[i])), "kind %s", wanted[i]);
	ok(!kind_find(span_str("blob")), "blob is a folder, no kind");
	ok(!kind_find(span_str("")), "the empty name is no kind");
	ok(!kind_find(span_of(NULL, 0)), "an absent name is no kind");
	ok(!kind_find(span_of("acu\0x", 5)), "a NUL does not end a name");
	ok(!kind_find(span_of("memory", 5)), "a beginning is no kind");
	for (kind = kind_table; kind->name; kind++) {
		ok(kind->verbs[0] && kind->sets[0] && kind->home,
		   "%s has verbs, sets and a home", kind->name);
		if (kind->is_vault_only)
			ok(kind->is_reserved, "%s is reserved", kind->name);
	}
	ok(kind_find(span_str("key"))->is_vault_only, "keys are of the vault");
	ok(!kind_find(span_str("forget"))->is_vault_only,
	   "forgetting happens in any construct");
	ok(kind_find(span_str("forget"))->is_reserved,
	   "forgetting has its own command");
	ok(!kind_find(span_str("memory"))->is_reserved, "memories are free");
}

static void test_types(void)
{
	static const char *const good[] = {
		"memory:create", "session:update", "message:delete",
		"acu:derive", "construct:update", "capsule:create",
		"vault:create", "member:remove", "key:grant", "forget:create"
	};
	static const char *const bad[] = {
		"", "memory", "memory:", ":create", "memory:derive",
		"memory:create ", "Memory:create", "memory:create:x",
		"todo:create", "vault:delete", "member:create", "key:update",
		"forget:update", "blob:create"
	};
	const struct kind *kind = NULL;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct err err = ERR_INIT;

		ok(kind_of_type(span_str(good[i]), &kind, &err) == 0 &&
		   span_begins(span_str(good[i]), kind->name),
		   "type %s", good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = ERR_INIT;

		kind = NULL;
		ok(kind_of_type(span_str(bad[i]), &kind, &err) ==
		   ERR_INVALID && !kind, "no type: '%s'", bad[i]);
	}
}

static void test_words(void)
{
	const struct kind *kind = NULL;
	struct err err = ERR_INIT;

	is_int(kind_of_type(span_str("todo:create"), &kind, &err), ERR_INVALID,
	       "a kind that is not known");
	is_str(err.text, "unknown kind of record: 'todo:create'",
	       "the text is named");
	err_clear(&err);
	is_int(kind_of_type(span_str("a\x1b[2J:b"), &kind, &err), ERR_INVALID,
	       "a type with an escape");
	is_str(err.text, "unknown kind of record: 'a?[2J:b'",
	       "control characters are not passed on");
}

struct home_case {
	const char *entity;
	const char *dir;
	const char *key;
	bool is_shared;
};

static void test_homes(void)
{
	static const struct home_case cases[] = {
		{ "memory:abc", "memory", "abc", false },
		{ "memory:capsule:nova/short_term/00/1", "memory",
		  "capsule:nova/short_term/00/1", false },
		{ "construct:nova-001", "construct", "nova-001", false },
		{ "capsule:x", "capsule", "x", false },
		{ "session:chatgpt:C", "session", "chatgpt:C", true },
		{ "message:chatgpt:C/N", "session", "chatgpt:C", true },
		{ "message:chatgpt:C/N/M", "session", "chatgpt:C", true },
		{ "acu:chatgpt:C/N#0", "session", "chatgpt:C", true },
		{ "acu:abc", "acu", "abc", false },
		{ "acu:abc#1", "acu", "abc#1", false },
		{ "vault:abc", "vault", "abc", false },
		{ "member:did:key:z6Mk", "member", "did:key:z6Mk", false },
		{ "key:abc", "key", "abc", false },
		{ "forget:abc", "forget", "abc", false },
		{ "memory:\xc3\xa9", "memory", "\xc3\xa9", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct home_case *c = &cases[i];
		const struct kind *kind = NULL;
		struct home home = { .dir = "" };

		ok(entity_home(span_str(c->entity), &home, &kind, NULL) == 0 &&
		   !strcmp(home.dir, c->dir) &&
		   span_equals(home.key, span_str(c->key)) &&
		   home.is_shared == c->is_shared && kind &&
		   span_begins(span_str(c->entity), kind->name),
		   "home of %s", c->entity);
	}
}

static void test_bad_entities(void)
{
	static const char *const bad[] = {
		"", "memory", "memory:", ":x", "todo:x", "blob:x",
		"message:chatgpt:C", "message:/N", "message:C/", "acu:C/",
		"acu:/N", "session:/x", "memory:a\nb", "memory:a\x7f",
		"memory:a\"b", "memory:a\\b", "memory:\x1f"
	};
	char big[ENTITY_MAX_BYTES + 2];
	const struct kind *kind;
	struct home home;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = ERR_INIT;

		ok(entity_home(span_str(bad[i]), &home, &kind, &err) ==
		   ERR_INVALID && err.code == ERR_INVALID,
		   "no entity: %zu", i);
	}
	is_int(entity_home(span_of("memory:a\0b", 10), &home, &kind, NULL),
	       ERR_INVALID, "NUL in an entity");
	memset(big, 'x', sizeof(big));
	memcpy(big, "memory:", 7);
	is_int(entity_home(span_of(big, ENTITY_MAX_BYTES), &home, &kind, NULL),
	       0, "the longest entity");
	is_int(entity_home(span_of(big, ENTITY_MAX_BYTES + 1), &home, &kind,
			   NULL), ERR_INVALID, "one byte longer");
}

int main(void)
{
	test_table();
	test_types();
	test_words();
	test_homes();
	test_bad_entities();
	return done_testing();
}
