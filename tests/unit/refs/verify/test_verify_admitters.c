#include "tests/unit/judge.h"

/* A removal of one by the other, on top of these versions. */
static struct spec removal(size_t by, size_t whom, const git_oid *a,
			   const git_oid *b)
{
	struct spec spec = { .construct = VAULT_CONSTRUCT, .key = by,
			     .lines = say_remove(whom, NULL) };

	spec.parents[spec.parents_n++] = *a;
	if (b)
		spec.parents[spec.parents_n++] = *b;
	return spec;
}

/* keys: 0 creator, 3 and 4 owners that it admitted, one after the other. */
static void test_backdated(void)
{
	struct spec spec;
	git_oid first, head, old;

	forge_open("backdated");
	vault_head = forge_genesis(false, NULL);
	first = vault_version(0, say_admit(3, "owner"), &vault_head, NULL);
	head = vault_version(0, say_admit(2, "reader"), &first, NULL);
	head = vault_version(0, say_admit(4, "owner"), &head, NULL);
	spec = removal(3, 4, &head, NULL);
	refuses(&spec, "not-above", "an owner removes one beside it");
	old = vault_version(3, say_admit(4, "owner"), &first, NULL);
	spec = removal(3, 4, &old, &head);
	refuses(&spec, "not-above", "nor by admitting it in the past");
	spec = removal(0, 4, &head, &old);
	accepts(&spec, "who stands above both admissions does");
	spec = removal(4, 4, &head, NULL);
	accepts(&spec, "and the member itself");
	spec = removal(3, 4, &old, NULL);
	accepts(&spec, "where nobody else admitted it, its admitter does");
}

int main(void)
{
	forge_begin();
	test_backdated();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
