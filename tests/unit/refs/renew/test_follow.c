/*
 * What a device follows, and what it does not: lineages that an owner forged,
 * and what a host leaves out of one. Every version here is validly signed.
 */
#include "lib/os/file.h"
#include "refs/remote/remote.h"
#include "refs/renew/renew.h"
#include "refs/trust/open.h"
#include "tests/unit/judge.h"

#define NOVA "nova-001"

enum { ALICE, BOB, RHEA, CAROL };	/* owner, writer, reader, owner */

/* The history of bob, who follows: two lines that are joined. */
enum { ONE, TWO, BESIDE, BOTH, EXTRA, VERSIONS };

static const char *const names[] = { "one", "two", "beside", "both", "extra" };
static const size_t keys_of[] = { BOB, BOB, ALICE, BOB, BOB };

/* What the owner does to one version of it. */
enum twist {
	HONEST, NO_RECORD, ANOTHER_RECORD, ANOTHER_WRITER, ANOTHER_TIME,
	ANOTHER_NAME, ANOTHER_SUBJECT, ANOTHER_PARENT, PARENTS_TURNED,
	OTHER_MEMBERS, TWICE, SAID_BY_BOB, NO_VERSION
};

static git_oid old[VERSIONS];
static unsigned char digests[VERSIONS][SHA256_BYTES];
static int64_t times[VERSIONS];
static git_oid early;		/* of `vault`, before the other owner */
static enum twist twist;
static bool is_anew;
static size_t at;		/* the version that is made so */
static char keys_folder[4096];
static const char *address = "";	/* that the next word tells */
static struct vault *vault;	/* bob's */

static void read_one(const git_oid *id, unsigned char digest[SHA256_BYTES],
		     int64_t *out_time, git_oid *out_parent)
{
	struct version version;
	struct err err = ERR_INIT;

	version_init(&version);
	must(version_read(store, id, &version, &err), &err, "version");
	memcpy(digest, version.digest, SHA256_BYTES);
	*out_time = version.time;
	if (out_parent)
		*out_parent = version.parents[0];
	version_release(&version);
}

static void digest_of(const git_oid *id, unsigned char out[SHA256_BYTES])
{
	int64_t time;

	read_one(id, out, &time, NULL);
}

static git_oid parent_of(const git_oid *id)
{
	unsigned char digest[SHA256_BYTES];
	git_oid parent;
	int64_t time;

	read_one(id, digest, &time, &parent);
	return parent;
}

static void make_anew(struct version *version)
{
	const struct device_key *key = &keys[keys_of[at]];
	struct err err = ERR_INIT;

	version->is_renewed = true;
	memcpy(version->renews, digests[at], SHA256_BYTES);
	if (at == EXTRA && twist == TWICE)
		memcpy(version->renews, digests[TWO], SHA256_BYTES);
	if (at == TWO && twist == ANOTHER_WRITER)
		key = &keys[ALICE];
	version->time = times[at] + (at == TWO && twist == ANOTHER_TIME);
	if (at == TWO && twist == ANOTHER_NAME)
		version_set_author(version, "somebody else");
	if (at == TWO && twist == ANOTHER_SUBJECT)
		must(version_set_subject(version, span_str("nothing"), &err),
		     &err, "subject");
	memcpy(version->writer, key->public, DID_KEY_BYTES);
}

static const char *records_of(size_t i)
{
	if (i == TWO && twist == NO_RECORD)
		return NULL;
	return say_memory(i == TWO && twist == ANOTHER_RECORD ? "another" :
								names[i]);
}

static git_oid make(size_t i, size_t key, const git_oid *a, const git_oid *b)
{
	struct spec spec = { .construct = NOVA, .key = key,
			     .lines = records_of(i) };

	spec.members[spec.members_n++] =
		i == ONE && twist == OTHER_MEMBERS ? early : vault_head;
	if (a)
		spec.parents[spec.parents_n++] = *a;
	if (b)
		spec.parents[spec.parents_n++] = *b;
	if (is_anew)
		spec.spoil = make_anew;
	return forge(&spec);
}

static git_oid anew(size_t i, const git_oid *a, const git_oid *b)
{
	git_oid id;

	at = i;
	is_anew = true;
	id = make(i, ALICE, a, b);
	is_anew = false;
	return id;
}

static git_oid make_lineage(enum twist how)
{
	git_oid one, two, beside, both;

	twist = how;
	one = anew(ONE, NULL, NULL);
	two = how == NO_VERSION ? one : anew(TWO, &one, NULL);
	beside = anew(BESIDE, how == ANOTHER_PARENT ? NULL : &one, NULL);
	if (how == NO_VERSION)
		return beside;
	both = how == PARENTS_TURNED ? anew(BOTH, &beside, &two) :
				       anew(BOTH, &two, &beside);
	return how == TWICE || how == SAID_BY_BOB ? anew(EXTRA, &both, NULL) :
						    both;
}

static void put_digest(struct buf *out, const unsigned char *digest)
{
	char hex[HEX_TEXT(SHA256_BYTES) + 1];

	hex_text(digest, SHA256_BYTES, hex);
	buf_putf(out, "\"sha256:%s\"", hex);
}

/* A version of `vault`: this was made anew, or nothing (NULL), of the last old
 * one, or of none that is told; and perhaps what nobody has. */
static git_oid say_renewed(const git_oid *head, bool has_old, bool is_more)
{
	static const unsigned char nothing[SHA256_BYTES];
	struct buf text = BUF_INIT(4096);
	unsigned char digest[SHA256_BYTES];
	struct err err = ERR_INIT;
	git_oid word;

	buf_put_str(&text, "{\"constructs\":[");
	if (head) {
		digest_of(head, digest);
		buf_putf(&text, "{\"construct\":\"%s\",\"heads\":[", NOVA);
		put_digest(&text, digest);
		if (is_more) {
			buf_put_char(&text, ',');
			put_digest(&text, nothing);
		}
		buf_put_str(&text, "],\"old\":[");
		if (has_old)
			put_digest(&text, digests[BOTH]);
		buf_put_str(&text, "]}");
	}
	buf_put_char(&text, ']');
	if (address[0])
		buf_putf(&text, ",\"remote\":\"%s\"", address);
	buf_put_char(&text, '}');
	must(buf_end(&text, &err), &err, "text");
	word = vault_version(ALICE, say_record("vault:renew",
					       "vault:aaaaaaaaaaaaaaaaaaaaaaaaaa",
					       buf_text(&text)),
			     &vault_head, NULL);
	buf_release(&text);
	return word;
}

static void put_ref(struct buf *text, const char *construct, size_t key,
		    const git_oid *id)
{
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	buf_putf(text, "%s refs/heads/%s/%s\n", hex, construct,
		 keys[key].name);
}

/* What the host shows; no head of nova where there is none. */
static void show(const git_oid *of_vault, size_t key, const git_oid *head)
{
	struct buf text = BUF_INIT(4096);
	struct err err = ERR_INIT;

	buf_put_str(&text, "# pack-refs with: peeled fully-peeled sorted \n");
	if (head)
		put_ref(&text, NOVA, key, head);
	put_ref(&text, VAULT_CONSTRUCT, ALICE, of_vault);
	must(buf_end(&text, &err), &err, "refs");
	must(file_write_atomic(in_scratch("host/packed-refs"), buf_span(&text),
			       0644, &err), &err, "refs");
	buf_release(&text);
}

static void open_vault(void)
{
	struct err err = ERR_INIT;

	vault_close(vault);
	vault = NULL;
	must(vault_open(in_scratch("bob"), keys_folder, &vault, &err),
	     &err, "open");
}


static int follow(struct renew_report *report, struct err *err)
{
	const struct remote_limits limits = { 0 };
	const struct remote_calls calls = { .progress = NULL };
	const struct renew_source source = { "origin", &limits, &calls };
	const struct renew_options options = { .keys_folder = keys_folder };

	memset(report, 0, sizeof(*report));
	return vault_follow(vault, &source, &options, report, err);
}

/* What a follower has seen of the remote. */
static void look(void)
{
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	const struct remote_limits limits = { 0 };
	struct err err = ERR_INIT;

	must(remote_fetch(vault, "origin", &limits, NULL, &report, &err), &err,
	     "fetch");
	sync_report_release(&report);
}

static git_oid head_of(size_t key)
{
	char name[REF_NAME_MAX];
	struct err err = ERR_INIT;
	git_oid id;

	memset(&id, 0, sizeof(id));
	must(head_ref_name(HEADS_PREFIX, NOVA, keys[key].name, name, &err),
	     &err, "name");
	(void)!ref_read(vault->store, name, &id);
	return id;
}

/* It is not followed, for this reason, and all is as it was. */
static void stays(int code, const char *words, const char *name)
{
	const git_oid before = head_of(BOB);
	struct renew_report report;
	struct err err = ERR_INIT;
	git_oid after;

	look();
	is_int(follow(&report, &err), code, name);
	ok(strstr(err.text, words) != NULL, "as it says: %s", err.text);
	open_vault();
	after = head_of(BOB);
	ok(git_oid_equal(&before, &after), "and nothing changed");
}

static void refuses_lineage(enum twist how, const char *words,
			    const char *name)
{
	git_oid head = make_lineage(how);
	git_oid word = say_renewed(&head, how == NO_VERSION, false);

	show(&word, ALICE, &head);
	stays(ERR_UNTRUSTED, words, name);
}

static void make_old(void)
{
	size_t i;

	twist = HONEST;
	old[ONE] = make(ONE, BOB, NULL, NULL);
	old[TWO] = make(TWO, BOB, &old[ONE], NULL);
	old[BESIDE] = make(BESIDE, ALICE, &old[ONE], NULL);
	old[BOTH] = make(BOTH, BOB, &old[TWO], &old[BESIDE]);
	for (i = 0; i < EXTRA; i++)
		read_one(&old[i], digests[i], &times[i], NULL);
	memset(digests[EXTRA], 7, SHA256_BYTES);
}

static void clone_old(void)
{
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	const struct clone_options options = { .keys_folder = keys_folder };
	struct err err = ERR_INIT;

	must(device_key_save(keys_folder, &keys[BOB], &err), &err,
	     "key");
	show(&vault_head, BOB, &old[BOTH]);
	must(remote_clone(in_scratch("host"), in_scratch("bob"), &options,
			  &vault, &report, &err), &err, "clone");
	sync_report_release(&report);
	open_vault();
}

/* What a host shows at first and then no more. */
static void test_withheld(void)
{
	git_oid head = make_lineage(HONEST);
	git_oid word = say_renewed(&head, true, true);
	struct renew_report report;
	struct err err = ERR_INIT;

	show(&vault_head, BOB, &old[ONE]);
	stays(ERR_NOT_FOUND, "does not show", "a word that is not shown");
	show(&word, ALICE, &head);
	stays(ERR_NOT_FOUND, "does not have all", "a word, and not all of it");
	ok(rename(in_scratch("host"), in_scratch("away")) == 0, "away");
	is_int(follow(&report, &err), ERR_NOT_FOUND, "and once more");
	ok(strstr(err.text, "does not have all") != NULL,
	   "nothing is fetched for the same: %s", err.text);
	ok(rename(in_scratch("away"), in_scratch("host")) == 0, "and back");
	open_vault();
}

/* Where the owner says that it is, if that is an address. */
static void test_address(void)
{
	git_oid head = make_lineage(HONEST);
	git_oid word;

	address = "https://example.org/\\u001b[2Jfresh.git";
	word = say_renewed(&head, true, true);
	show(&word, ALICE, &head);
	stays(ERR_NOT_FOUND, "of that: nothing was changed", "no address");
	address = "https://example.org/fresh.git";
	word = say_renewed(&head, true, true);
	show(&word, ALICE, &head);
	stays(ERR_NOT_FOUND, "is at 'https://example.org/fresh.git'",
	      "an address");
	address = "";
}

/* The owner's word is good; what was made is not what bob has. */
static void test_forged(void)
{
	refuses_lineage(NO_RECORD, "just what is here", "one record less");
	refuses_lineage(ANOTHER_RECORD, "just what is here", "another record");
	refuses_lineage(ANOTHER_WRITER, "something else of version",
			"another writer");
	refuses_lineage(ANOTHER_TIME, "something else of version",
			"another time");
	refuses_lineage(ANOTHER_NAME, "something else of version",
			"another name of the writer");
	refuses_lineage(ANOTHER_SUBJECT, "something else of version",
			"other words");
	refuses_lineage(ANOTHER_PARENT, "something else of version",
			"another parent");
	refuses_lineage(PARENTS_TURNED, "something else of version",
			"another order of the parents");
	refuses_lineage(OTHER_MEMBERS, "something else of version",
			"knowing less of the members");
	refuses_lineage(TWICE, "the same as another one",
			"one version twice");
	refuses_lineage(SAID_BY_BOB, "no such version",
			"what bob never wrote, as his");
	refuses_lineage(NO_VERSION, "owner's word says",
			"less than the word names");
}

/* A construct that the owner wrote in. */
static void test_left_out(void)
{
	git_oid word = say_renewed(NULL, false, false);

	show(&word, ALICE, NULL);
	stays(ERR_UNTRUSTED, "that owner's own", "a construct less");
}

static void test_followed(void)
{
	git_oid head = make_lineage(HONEST);
	git_oid word = say_renewed(&head, true, false);
	struct renew_report report;
	struct err err = ERR_INIT;
	git_oid stands;

	show(&word, ALICE, &head);
	look();
	is_int(follow(&report, &err), 0, "an honest one is followed");
	is_int(report.versions, 4, "all of it");
	is_int(report.carried, 0, "with nothing to carry");
	open_vault();
	stands = head_of(ALICE);
	ok(git_oid_equal(&stands, &head), "and stands");
	stays(ERR_NOT_FOUND, "does not show", "and not once more");
}

int main(void)
{
	forge_begin();
	snprintf(keys_folder, sizeof(keys_folder), "%s", in_scratch("keys"));
	make_members("host", false);
	early = parent_of(&vault_head);
	make_old();
	clone_old();
	test_withheld();
	test_address();
	test_forged();
	test_left_out();
	test_followed();
	vault_close(vault);
	forge_end();
	return done_testing();
}
