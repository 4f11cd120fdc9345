#include "tests/unit/judge.h"

#include "refs/history/version.h"

static void spoil_root(struct version *version)
{
	version->root[0] ^= 1;
}

static void spoil_parent(struct version *version)
{
	version->parent_digests[0][0] ^= 1;
}

static void spoil_vault(struct version *version)
{
	version->vault_id[20] = version->vault_id[20] == 'a' ? 'b' : 'a';
}

static void spoil_members(struct version *version)
{
	version->members[0][0] ^= 1;
}

static void test_fields(void)
{
	struct spec spec;
	git_oid first;

	spec = data_spec(1, say_memory("one"), NULL);
	accepts(&spec, "a writer's version");
	first = forge(&spec);
	spec = data_spec(1, say_memory("two"), &first);
	accepts(&spec, "and the next one");
	spec = data_spec(0, say_memory("two"), &first);
	accepts(&spec, "and another's on top");
	spec = data_spec(2, say_memory("two"), &first);
	refuses(&spec, "not-a-writer", "a reader's");
	spec = data_spec(4, say_memory("two"), &first);
	refuses(&spec, "not-a-member", "a stranger's");
	spec = data_spec(1, say_memory("two"), &first);
	spec.seq = 7;
	refuses(&spec, "wrong-seq", "a seq too high");
	spec.seq = 1;
	refuses(&spec, "wrong-seq", "a seq again");
	spec.seq = 0;
	spec.spoil = spoil_root;
	refuses(&spec, "wrong-root", "a wrong root");
	spec.spoil = spoil_parent;
	refuses(&spec, "wrong-parents", "a wrong parent digest");
	spec.spoil = spoil_vault;
	refuses(&spec, "foreign-vault", "another vault's id");
	spec.spoil = NULL;
	spec.change = CHANGE_FORGET;
	refuses(&spec, "not-an-owner", "a writer that forgets");
	spec = data_spec(1, say_memory("two"), &first);
	spec.construct = "other";
	refuses(&spec, "wrong-construct", "a parent of another construct");
	spec = data_spec(1, say_admit(4, "owner"), NULL);
	refuses(&spec, "vault-record", "a record of 'vault' in a construct");
	spec = data_spec(1, say_record("forget:create", "forget:x",
				       "{\"records\":[]}"), &first);
	refuses(&spec, "bad-change", "a record that forgets in an addition");
}

/* One byte of a version's commit, changed on its way. */
static void test_bytes(void)
{
	struct spec spec = data_spec(1, say_memory("bytes"), NULL);
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	git_oid good = forge(&spec);
	struct err err = ERR_INIT;
	size_t refused = 0;
	size_t tried = 0;
	git_oid bad;
	size_t i;

	must(store_read(store, &good, OBJECT_COMMIT, VERSION_MAX_BYTES,
			&commit, &err), &err, "read");
	for (i = 0; i < commit.len; i += 13) {
		commit.data[i] ^= 1;
		must(store_add(store, OBJECT_COMMIT, buf_span(&commit), &bad,
			       &err), &err, "store");
		must(store_flush(store, &err), &err, "flush");
		commit.data[i] ^= 1;
		tried++;
		refused += judge_as("nova-001", 1, &bad) == VERDICT_REFUSED &&
			   problems.n > 0;
	}
	is_int(refused, tried, "every flipped byte of a version is refused");
	*strstr(commit.data, "a version") = 'A';
	must(store_add(store, OBJECT_COMMIT, buf_span(&commit), &bad, &err),
	     &err, "store");
	must(store_flush(store, &err), &err, "flush");
	is_int(judge_as("nova-001", 1, &bad), VERDICT_REFUSED,
	       "another subject under the signature");
	ok(has_problem("bad-signature"), "as bad-signature");
	buf_release(&commit);
}

static void test_refs(void)
{
	struct spec spec = data_spec(1, say_memory("one"), NULL);
	struct head_list heads = HEAD_LIST_INIT;
	git_oid id = forge(&spec);
	git_oid nothing;

	is_int(judge_as("nova-002", 1, &id), VERDICT_REFUSED,
	       "under another construct's name");
	ok(has_problem("wrong-ref"), "as wrong-ref");
	is_int(judge_as("nova-001", 0, &id), VERDICT_REFUSED,
	       "under another device's name");
	ok(has_problem("wrong-ref"), "as wrong-ref");
	is_int(judge_as(VAULT_CONSTRUCT, 1, &id), VERDICT_REFUSED,
	       "among the versions of 'vault'");
	ok(has_problem("wrong-construct"), "as wrong-construct");
	is_int(judge_as("nova-001", 0, &vault_head), VERDICT_REFUSED,
	       "a version of 'vault' in a construct");
	memset(&nothing, 7, sizeof(nothing));
	is_int(judge_as("nova-001", 0, &nothing), VERDICT_REFUSED,
	       "a version that is not there");
	ok(has_problem("missing-object"), "as missing-object");
	add_head(&heads, "nova-001", 1, &id);
	is_int(judge_list(NULL, &heads), VERDICT_HELD,
	       "a version before its 'vault' is held");
	ok(has_problem("unknown-members"), "as unknown-members");
	is_int(judge_as("nova-001", 1, &id), VERDICT_OK, "and then accepted");
	head_list_release(&heads);
}

static void test_members(void)
{
	git_oid old = vault_head;
	struct spec spec;
	git_oid first;

	vault_head = vault_version(3, say_role(2, "writer"), &vault_head, NULL);
	spec = data_spec(2, say_memory("raised"), NULL);
	first = forge(&spec);
	{
		struct head_list heads = HEAD_LIST_INIT;

		add_head(&heads, VAULT_CONSTRUCT, 3, &vault_head);
		add_head(&heads, "nova-001", 2, &first);
		is_int(judge_list(NULL, &heads), VERDICT_OK,
		       "a raised reader writes");
		spec = data_spec(1, say_memory("older"), &first);
		spec.members[0] = old;
		heads.at[1].id = forge(&spec);
		snprintf(heads.at[1].device, sizeof(heads.at[1].device), "%s",
			 keys[1].name);
		is_int(judge_list(NULL, &heads), VERDICT_REFUSED,
		       "nobody forgets what his parents knew");
		ok(has_problem("wrong-members"), "as wrong-members");
		head_list_release(&heads);
	}
	vault_head = old;
	spec = data_spec(1, say_memory("x"), NULL);
	spec.spoil = spoil_members;
	first = forge(&spec);
	is_int(judge_as("nova-001", 1, &first), VERDICT_HELD,
	       "unknown Members are held");
}

static void test_parents(void)
{
	struct spec spec;
	git_oid root, a, b, low, high;

	spec = data_spec(1, say_memory("root"), NULL);
	root = forge(&spec);
	spec = data_spec(1, say_memory("a"), &root);
	a = forge(&spec);
	spec = data_spec(0, say_memory("b"), &root);
	b = forge(&spec);
	spec = data_spec(1, say_memory("join"), &a);
	spec.parents[spec.parents_n++] = b;
	accepts(&spec, "a join of two heads");
	spec.parents[0] = b;
	spec.parents[1] = a;
	refuses(&spec, "wrong-parents", "whose own head is not the first");
	low = git_oid_cmp(&a, &b) < 0 ? a : b;
	high = git_oid_cmp(&a, &b) < 0 ? b : a;
	spec = data_spec(3, say_memory("join"), &low);
	spec.parents[spec.parents_n++] = high;
	accepts(&spec, "or by a third, in order of ids");
	spec.parents[0] = high;
	spec.parents[1] = low;
	refuses(&spec, "wrong-parents", "but not out of order");
	spec = data_spec(1, say_memory("join"), &a);
	spec.parents[spec.parents_n++] = root;
	refuses(&spec, "wrong-parents", "a parent that another descends from");
}

/* The tree of a version with these segments of another away, and more. */
static git_oid edit_tree(const git_oid *version, bool drops, const char *lines)
{
	struct tree_segments all = TREE_SEGMENTS_INIT;
	struct tree_segments more = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;
	struct version read;
	git_oid empty, tree;

	version_init(&read);
	must(version_read(store, version, &read, &err), &err, "read");
	must(tree_empty(store, &empty, &err), &err, "tree");
	must(tree_diff(store, &empty, &read.tree, NULL, &all, &err), &err,
	     "diff");
	tree = read.tree;
	if (drops)
		must(tree_remove(store, &tree, &all, &tree, &err), &err,
		     "remove");
	if (lines)
		forge_segments("nova-001", lines, &more);
	must(tree_insert(store, &tree, &more, &tree, &err), &err, "insert");
	tree_segments_release(&all);
	tree_segments_release(&more);
	version_release(&read);
	return tree;
}

static void test_changes(void)
{
	struct buf both = BUF_INIT(65536);
	struct err err = ERR_INIT;
	struct spec spec;
	git_oid first, second, tree;

	spec = data_spec(1, say_memory("kept"), NULL);
	first = forge(&spec);
	spec = data_spec(1, say_memory("other"), &first);
	second = forge(&spec);
	tree = edit_tree(&second, true, say_memory("new"));
	spec = data_spec(1, NULL, &second);
	spec.tree = &tree;
	refuses(&spec, "dropped-segment", "an addition that drops segments");
	spec.change = CHANGE_COMPACT;
	refuses(&spec, "changed-record", "a compaction that changes records");
	must(buf_add_str(&both, say_memory("kept"), &err), &err, "text");
	must(buf_add_str(&both, say_memory("other"), &err), &err, "text");
	tree = edit_tree(&second, true, buf_text(&both));
	accepts(&spec, "a compaction that keeps them");
	spec.change = CHANGE_ADD;
	refuses(&spec, "dropped-segment", "which is no addition");
	must(buf_add_str(&both, say_memory("third"), &err), &err, "text");
	tree = edit_tree(&second, true, buf_text(&both));
	spec.change = CHANGE_COMPACT;
	refuses(&spec, "changed-record", "a compaction that adds a record");
	buf_release(&both);
}

/* What an owner forgot, nobody brings back by forgetting that. */
static void test_forget_words(const git_oid *first, const char *cid)
{
	struct spec spec = data_spec(0, NULL, first);
	unsigned char id[RECORD_ID_BYTES];
	char word[CID_TEXT_MAX], data[256];
	const char *said;
	git_oid tree, forgotten;

	snprintf(data, sizeof(data), "{\"records\":[\"%s\"]}", cid);
	said = say_record("forget:create", "forget:one", data);
	record_id(span_of(said, strlen(said) - 1), id);
	cid_text(CID_JSON, id, word);
	tree = edit_tree(first, true, said);
	spec.change = CHANGE_FORGET;
	spec.tree = &tree;
	forgotten = forge(&spec);
	spec = data_spec(0, NULL, &forgotten);
	spec.change = CHANGE_FORGET;
	spec.tree = &tree;
	snprintf(data, sizeof(data), "{\"records\":[\"%s\"]}", word);
	tree = edit_tree(&forgotten, true,
			 say_record("forget:create", "forget:two", data));
	refuses(&spec, "bad-change", "what says what went does not go");
	snprintf(data, sizeof(data), "{\"again\":[\"%s\"],\"records\":[]}",
		 word);
	tree = edit_tree(&forgotten, false,
			 say_record("forget:create", "forget:two", data));
	refuses(&spec, "bad-change", "nor is it ignored");
}

static void test_forget(void)
{
	struct buf text = BUF_INIT(65536);
	unsigned char id[RECORD_ID_BYTES];
	char cid[CID_TEXT_MAX], data[256];
	struct err err = ERR_INIT;
	struct spec spec;
	git_oid first, tree;
	const char *secret = say_memory("secret");

	record_id(span_of(secret, strlen(secret) - 1), id);
	cid_text(CID_JSON, id, cid);
	spec = data_spec(1, secret, NULL);
	first = forge(&spec);
	snprintf(data, sizeof(data), "{\"records\":[\"%s\"]}", cid);
	tree = edit_tree(&first, true,
			 say_record("forget:create", "forget:one", data));
	spec = data_spec(0, NULL, &first);
	spec.change = CHANGE_FORGET;
	spec.tree = &tree;
	accepts(&spec, "an owner forgets what it lists");
	tree = edit_tree(&first, true,
			 say_record("forget:create", "forget:one",
				    "{\"records\":[]}"));
	refuses(&spec, "bad-change", "but nothing that it does not list");
	must(buf_add_str(&text, say_record("forget:create", "forget:one",
					   data), &err), &err, "text");
	must(buf_add_str(&text, say_memory("news"), &err), &err, "text");
	tree = edit_tree(&first, true, buf_text(&text));
	refuses(&spec, "bad-change", "nor says it anything else");
	buf_release(&text);
	test_forget_words(&first, cid);
}

static void test_vault_rules(void)
{
	struct spec spec = { .construct = VAULT_CONSTRUCT, .key = 1 };
	git_oid first = vault_head;
	char own_id[CID_TEXT_MAX];
	git_oid other;

	spec.parents[spec.parents_n++] = first;
	spec.lines = say_admit(4, "owner");
	refuses(&spec, "not-an-owner", "a writer's version of 'vault'");
	spec.key = 4;
	refuses(&spec, "not-a-member", "a stranger's");
	spec.key = 3;
	accepts(&spec, "an owner's");
	spec.lines = say_remove(0, NULL);
	refuses(&spec, "not-above", "a removal from below");
	spec.lines = say_memory("here");
	refuses(&spec, "foreign-record", "a memory in 'vault'");
	memcpy(own_id, vault_id, sizeof(own_id));
	other = forge_genesis(false, NULL);
	{
		struct head_list heads = HEAD_LIST_INIT;

		add_head(&heads, VAULT_CONSTRUCT, 0, &first);
		add_head(&heads, VAULT_CONSTRUCT, 0, &other);
		is_int(judge_list(NULL, &heads), VERDICT_REFUSED,
		       "another vault beside");
		ok(has_problem("foreign-vault"), "as foreign-vault");
		head_list_release(&heads);
	}
	memcpy(vault_id, own_id, sizeof(own_id));
}

static void test_removed(void)
{
	struct head_list heads = HEAD_LIST_INIT;
	git_oid old = vault_head;
	git_oid in, beyond, on_top;
	struct spec spec;

	spec = data_spec(1, say_memory("in"), NULL);
	in = forge(&spec);
	spec = data_spec(1, say_memory("beyond"), &in);
	beyond = forge(&spec);
	spec = data_spec(0, say_memory("on top"), &beyond);
	on_top = forge(&spec);
	vault_head = vault_version(0, say_remove(1, &in), &vault_head, NULL);
	is_int(judge_as("nova-001", 1, &in), VERDICT_OK, "up to its cut");
	is_int(judge_as("nova-001", 1, &beyond), VERDICT_REFUSED,
	       "not beyond its cut");
	ok(has_problem("removed-member"), "as removed-member");
	is_int(judge_as("nova-001", 0, &on_top), VERDICT_OK,
	       "but below the version of one who did not know");
	spec = data_spec(0, say_memory("knowing"), &beyond);
	refuses(&spec, "removed-parent", "and not of one who did");
	spec = data_spec(1, say_memory("late"), &in);
	refuses(&spec, "removed-member", "nor signs a removed member");
	vault_head = old;
	head_list_release(&heads);
}

static void test_fork(void)
{
	struct head_list known = HEAD_LIST_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	git_oid first, a, b;
	struct spec spec;

	spec = data_spec(1, say_memory("f"), NULL);
	first = forge(&spec);
	spec = data_spec(1, say_memory("fa"), &first);
	a = forge(&spec);
	spec = data_spec(1, say_memory("fb"), &first);
	b = forge(&spec);
	add_head(&heads, VAULT_CONSTRUCT, 0, &vault_head);
	add_head(&heads, "nova-001", 1, &a);
	add_head(&heads, "nova-001", 1, &b);
	is_int(judge_list(NULL, &heads), VERDICT_OK, "a fork is kept");
	ok(has_problem("fork"), "and reported");
	add_head(&known, VAULT_CONSTRUCT, 0, &vault_head);
	add_head(&known, "nova-001", 1, &a);
	head_list_release(&heads);
	add_head(&heads, "nova-001", 1, &b);
	is_int(judge_list(&known, &heads), VERDICT_OK, "against what is known");
	ok(has_problem("fork"), "reported as well");
	head_list_release(&heads);
	spec = data_spec(1, say_memory("next"), &a);
	b = forge(&spec);
	add_head(&heads, "nova-001", 1, &b);
	is_int(judge_list(&known, &heads), VERDICT_OK, "on top of the known");
	is_int(problems.n, 0, "no fork");
	head_list_release(&heads);
	head_list_release(&known);
}

/* Enough versions for threads, batches and a known part of the history. */
static void test_long(void)
{
	struct head_list known = HEAD_LIST_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	git_oid at, middle;
	struct spec spec;
	char name[32];
	size_t i;

	spec = data_spec(1, say_memory("n"), NULL);
	at = middle = forge(&spec);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		spec = data_spec(i % 2, say_memory(name), &at);
		at = forge(&spec);
		if (i == 150)
			middle = at;
	}
	is_int(judge_as("nova-001", 1, &at), VERDICT_OK, "300 versions");
	is_int(problems.n, 0, "without a problem");
	add_head(&known, VAULT_CONSTRUCT, 0, &vault_head);
	add_head(&known, "nova-001", 0, &middle);
	add_head(&heads, "nova-001", 1, &at);
	is_int(judge_list(&known, &heads), VERDICT_OK, "half of them known");
	is_int(problems.n, 0, "without a problem");
	head_list_release(&known);
	head_list_release(&heads);
}

int main(void)
{
	forge_begin();
	make_members("plain", false);
	test_fields();
	test_bytes();
	test_refs();
	test_members();
	test_parents();
	test_changes();
	test_forget();
	test_vault_rules();
	test_removed();
	test_fork();
	test_long();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
