/* The fold of random sets of records against a slow reference. */
#include <stdarg.h>

#include "tests/unit/fold_made.h"

#define TEXT_MAX 8192

struct text {
	char at[TEXT_MAX];
	size_t len;
};

static void clear(struct text *text)
{
	text->len = 0;
	text->at[0] = '\0';
}

static void TAP_PRINTF(2, 3) put(struct text *text, const char *fmt, ...)
{
	size_t room = TEXT_MAX - text->len;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text->at + text->len, room, fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		bail_out("text is too long");
	text->len += (size_t)len;
}

/* Take the last byte away if it is this one. */
static void unput(struct text *text, char c)
{
	if (text->len && text->at[text->len - 1] == c)
		text->at[--text->len] = '\0';
}

/* The reference: the sentences of fold.h, word for word. */

#define SMALL 8
#define LEAVES 6
#define ELEMENTS 3

/* Every path that a small case may set, in the order of keys. */
static const char *const small_path[LEAVES] = {
	"/a", "/a/b", "/a/b/d", "/a/c", "/e", "/a~1"
};

struct small_record {
	bool is_delete;
	int value[LEAVES];	/* 0: not set, 1: null, else a number */
	int tags;		/* 0: not set, 1: null, 2 + bits of elements */
	int rank;
	bool past[SMALL];
};

struct small_case {
	struct small_record at[SMALL];
	int n;
};

static bool paths_rival(int a, int b)
{
	const char *p = small_path[a];
	const char *q = small_path[b];
	size_t shorter = strlen(p) < strlen(q) ? strlen(p) : strlen(q);
	const char *longer = strlen(p) < strlen(q) ? q : p;

	return !strncmp(p, q, shorter) &&
	       (!longer[shorter] || longer[shorter] == '/');
}

static bool leaf_stands(const struct small_case *c, int record, int path)
{
	int later;
	int q;

	if (!c->at[record].value[path] || c->at[record].is_delete)
		return false;
	for (later = 0; later < c->n; later++) {
		if (!c->at[later].past[record])
			continue;
		if (c->at[later].is_delete)
			return false;
		for (q = 0; q < LEAVES; q++) {
			if (c->at[later].value[q] && paths_rival(path, q))
				return false;
		}
	}
	return true;
}

/* What stands so far, and what lost to it. */
struct outcome {
	int winner[LEAVES];	/* -1: none */
	struct text conflicts;
};

/*
 * The highest winner that is a rival of this leaf and says something else,
 * else -1; *out_any if there are rivals at all.
 */
static int rival_of(const struct small_case *c, const struct outcome *outcome,
		    int r, int p, bool *out_any)
{
	int value = c->at[r].value[p];
	int best = -1;
	int q;

	for (q = 0; q < LEAVES; q++) {
		int w = outcome->winner[q];

		if (w < 0 || w == r || !paths_rival(p, q))
			continue;
		*out_any = true;
		if (c->at[w].value[q] == value && (p == q || value == 1))
			continue;
		if (best < 0 || c->at[w].rank > c->at[best].rank)
			best = w;
	}
	return best;
}

/* Let leaves stand one after the other, the highest record first. */
static void reference_leaves(const struct small_case *c,
			     struct outcome *outcome)
{
	int rank;
	int r;
	int p;

	clear(&outcome->conflicts);
	for (p = 0; p < LEAVES; p++)
		outcome->winner[p] = -1;
	for (rank = c->n - 1; rank >= 0; rank--) {
		for (r = 0; c->at[r].rank != rank; r++)
			;
		for (p = 0; p < LEAVES; p++) {
			bool has_rivals = false;
			int rival = rival_of(c, outcome, r, p, &has_rivals);

			if (!leaf_stands(c, r, p))
				continue;
			if (!has_rivals)
				outcome->winner[p] = r;
			else if (rival >= 0)
				put(&outcome->conflicts, " %s:%d>%d",
				    small_path[p], rival, r);
		}
	}
}

/* Is the element in the set that these records make? adds: known for them. */
static bool element_in(const struct small_case *c, const bool *among,
		       const bool adds[SMALL], int element)
{
	int a;
	int x;

	for (a = 0; a < c->n; a++) {
		bool is_removed = false;

		if (!among[a] || !adds[a])
			continue;
		for (x = 0; x < c->n; x++) {
			const struct small_record *later = &c->at[x];
			bool sets = later->is_delete || later->tags;
			bool holds = !later->is_delete && later->tags >= 2 &&
				     ((later->tags - 2) >> element & 1);

			if (among[x] && later->past[a] && sets && !holds)
				is_removed = true;
		}
		if (!is_removed)
			return true;
	}
	return false;
}

static bool reference_element(const struct small_case *c, int element)
{
	bool all[SMALL];
	bool adds[SMALL];
	int r;

	/* A record comes after its past, so what that adds is known. */
	for (r = 0; r < c->n; r++) {
		bool holds = !c->at[r].is_delete && c->at[r].tags >= 2 &&
			     ((c->at[r].tags - 2) >> element & 1);

		all[r] = true;
		adds[r] = holds &&
			  !element_in(c, c->at[r].past, adds, element);
	}
	return element_in(c, all, adds, element);
}

static bool reference_set_is_kept(const struct small_case *c)
{
	int r;
	int later;

	for (r = 0; r < c->n; r++) {
		bool is_last = c->at[r].tags >= 2 && !c->at[r].is_delete;

		for (later = 0; later < c->n; later++) {
			if (c->at[later].past[r] &&
			    (c->at[later].tags || c->at[later].is_delete))
				is_last = false;
		}
		if (is_last)
			return true;
	}
	return false;
}

static bool reference_is_live(const struct small_case *c)
{
	int r;
	int later;

	for (r = 0; r < c->n; r++) {
		bool is_left = !c->at[r].is_delete;

		for (later = 0; later < c->n; later++) {
			if (c->at[later].past[r] && c->at[later].is_delete)
				is_left = false;
		}
		if (is_left)
			return true;
	}
	return false;
}

static bool was_seen(const struct small_case *c, int record, bool by_deletes)
{
	int later;

	for (later = 0; later < c->n; later++) {
		if (c->at[later].past[record] &&
		    (c->at[later].is_delete || !by_deletes))
			return true;
	}
	return false;
}

/* A delete that nobody has seen lost to the highest that is left. */
static void reference_deletes(const struct small_case *c,
			      struct outcome *outcome)
{
	int winner = -1;
	int r;

	for (r = 0; r < c->n; r++) {
		if (!c->at[r].is_delete && !was_seen(c, r, true) &&
		    (winner < 0 || c->at[r].rank > c->at[winner].rank))
			winner = r;
	}
	for (r = 0; r < c->n; r++) {
		if (c->at[r].is_delete && !was_seen(c, r, false))
			put(&outcome->conflicts, " :%d>%d", winner, r);
	}
}

/* Append "name":number, for the path if a value stands there. */
static void put_leaf(const struct small_case *c, const struct outcome *outcome,
		     int p, struct text *out)
{
	const char *name = strrchr(small_path[p], '/') + 1;
	int winner = outcome->winner[p];
	int value = winner < 0 ? 0 : c->at[winner].value[p];

	if (value > 1)
		put(out, "\"%s\":%d,", p == 5 ? "a/" : name, value);
}

/* End the object that began at start, or drop it when it is empty. */
static void close_object(struct text *out, size_t start)
{
	if (out->at[out->len - 1] == '{') {
		out->len = start;
		out->at[start] = '\0';
		return;
	}
	unput(out, ',');
	put(out, "},");
}

static void put_set(const struct small_case *c, struct text *out)
{
	int kept = 0;
	int e;

	for (e = 0; e < ELEMENTS; e++) {
		if (reference_element(c, e))
			put(out, "%s\"%c\"", kept++ ? "," : "\"tags\":[",
			    'x' + e);
	}
	if (kept)
		put(out, "],");
	else if (reference_set_is_kept(c))
		put(out, "\"tags\":[],");
}

static void reference_text(const struct small_case *c, struct text *out)
{
	struct outcome outcome;
	size_t outer;
	size_t inner;

	clear(out);
	if (!reference_is_live(c)) {
		put(out, "gone");
		return;
	}
	reference_leaves(c, &outcome);
	reference_deletes(c, &outcome);
	put(out, "{");
	put_leaf(c, &outcome, 0, out);
	outer = out->len;
	put(out, "\"a\":{");
	put_leaf(c, &outcome, 1, out);
	inner = out->len;
	put(out, "\"b\":{");
	put_leaf(c, &outcome, 2, out);
	close_object(out, inner);
	put_leaf(c, &outcome, 3, out);
	close_object(out, outer);
	put_leaf(c, &outcome, 5, out);
	put_leaf(c, &outcome, 4, out);
	put_set(c, out);
	unput(out, ',');
	put(out, "}%s", outcome.conflicts.at);
}

static unsigned long random_state = 20260101;

static int roll(int sides)
{
	random_state = random_state * 6364136223846793005UL +
		       1442695040888963407UL;
	return (int)((random_state >> 33) % (unsigned long)sides);
}

static void put_value(struct text *out, const char *before, int value,
		      const char *after)
{
	if (value == 1)
		put(out, "%snull%s", before, after);
	else if (value)
		put(out, "%s%d%s", before, value, after);
}

static void put_tags(struct text *out, int tags)
{
	int e;

	if (tags == 1)
		put(out, "\"tags\":null");
	if (tags < 2)
		return;
	put(out, "\"tags\":[");
	for (e = ELEMENTS - 1; e >= 0; e--) {
		if ((tags - 2) >> e & 1)
			put(out, "\"%c\",", 'x' + e);
	}
	unput(out, ',');
	put(out, "]");
}

/* The record's data as it would stand in a vault. */
static void small_data(const struct small_record *r, struct text *out)
{
	clear(out);
	put(out, "{");
	put_value(out, "\"a\":", r->value[0], ",");
	if (r->value[1] || r->value[2] || r->value[3]) {
		put(out, "\"a\":{");
		put_value(out, "\"b\":", r->value[1], ",");
		put_value(out, "\"b\":{\"d\":", r->value[2], "},");
		put_value(out, "\"c\":", r->value[3], "");
		unput(out, ',');
		put(out, "},");
	}
	put_value(out, "\"a/\":", r->value[5], ",");
	put_value(out, "\"e\":", r->value[4], ",");
	put_tags(out, r->tags);
	unput(out, ',');
	put(out, "}");
}

static void small_values(struct small_record *r)
{
	int p;

	r->is_delete = roll(9) == 0;
	for (p = 0; p < LEAVES; p++)
		r->value[p] = roll(3) ? 0 : 1 + roll(4);
	/* A path that begins another cannot be set by the same object. */
	if (r->value[0])
		r->value[1] = r->value[2] = r->value[3] = 0;
	if (r->value[1])
		r->value[2] = 0;
	r->tags = roll(2) ? 2 + roll(1 << ELEMENTS) : roll(2);
}

/* Make a random case as records and for the reference. */
static void small_make(struct small_case *c, struct made *made,
		       struct text data[SMALL])
{
	int ats[SMALL];
	int i;
	int j;

	memset(c, 0, sizeof(*c));
	made->n = 0;
	c->n = 1 + roll(SMALL - 1);
	for (i = 0; i < c->n; i++) {
		struct small_record *r = &c->at[i];
		int prev[SMALL + 2];
		int n = 0;

		small_values(r);
		for (j = 0; j < i; j++) {
			int k;

			if (roll(3))
				continue;
			prev[n++] = j;
			r->past[j] = true;
			for (k = 0; k < j; k++)
				r->past[k] |= c->at[j].past[k];
		}
		if (roll(6) == 0)
			prev[n++] = -2;
		prev[n] = -1;
		ats[i] = roll(5);
		small_data(r, &data[i]);
		make(made, r->is_delete ? "delete" : "update", ats[i], prev,
		     data[i].at);
	}
	for (i = 0; i < c->n; i++) {
		for (j = 0; j < c->n; j++) {
			int before = ats[j] < ats[i] ||
				(ats[j] == ats[i] &&
				 memcmp(made->records[j].id,
					made->records[i].id, 32) < 0);

			c->at[i].rank += before;
		}
	}
}

/* Words sorted, so that the order of conflicts does not matter. */
static int word_order(const void *left, const void *right)
{
	const struct span *a = left;
	const struct span *b = right;

	return span_compare(*a, *b);
}

static void sort_words(struct text *text)
{
	struct text copy = *text;
	struct span words[256];
	const char *at = copy.at;
	size_t n = 0;
	size_t i;

	while (*at && n < 256) {
		words[n] = span_of(at, strcspn(at, " "));
		at += words[n].len;
		at += *at == ' ';
		n++;
	}
	qsort(words, n, sizeof(*words), word_order);
	clear(text);
	for (i = 0; i < n; i++)
		put(text, "%.*s ", (int)words[i].len, words[i].at);
}

/* Shuffle, and repeat some: the same set in another order and grouping. */
static size_t shuffle(const struct made *made, struct fold_record *out)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < made->n; i++) {
		out[n++] = made->records[i];
		if (roll(3) == 0)
			out[n++] = made->records[i];
	}
	for (i = n - 1; i > 0; i--) {
		size_t j = (size_t)roll((int)i + 1);
		struct fold_record swap = out[i];

		out[i] = out[j];
		out[j] = swap;
	}
	return n;
}

static void show_case(const struct small_case *c, const struct made *made,
		      const struct text *got, const struct text *want)
{
	int i;

	for (i = 0; i < c->n; i++)
		diag("%d %.*s rank %d prev %.*s %.*s", i,
		     (int)made->records[i].record.verb.len,
		     made->records[i].record.verb.at, c->at[i].rank,
		     (int)made->records[i].record.prev.len,
		     made->records[i].record.prev.at,
		     (int)made->records[i].record.data.len,
		     made->records[i].record.data.at);
	diag("got  %s", got->at);
	diag("want %s", want->at);
}

static void test_random(struct made *made)
{
	static struct text data[SMALL];
	int wrong = 0;
	int disturbed = 0;
	int cases;

	for (cases = 0; cases < 20000 && wrong < 3; cases++) {
		struct fold_record mixed[2 * SMALL];
		struct small_case c;
		struct text want;
		struct text got;
		struct text again;
		size_t n;

		small_make(&c, made, data);
		n = shuffle(made, mixed);
		fold_text(made->records, made->n, got.at, sizeof(got.at));
		fold_text(mixed, n, again.at, sizeof(again.at));
		disturbed += strcmp(got.at, again.at) != 0;
		reference_text(&c, &want);
		sort_words(&want);
		sort_words(&got);
		if (!strcmp(got.at, want.at))
			continue;
		wrong++;
		show_case(&c, made, &got, &want);
	}
	is_int(cases, 20000, "all random cases were run");
	is_int(wrong, 0, "every random set folds as the reference says");
	is_int(disturbed, 0, "order and doubles change nothing");
}

int main(void)
{
	struct made made;

	made_init(&made, SMALL);
	test_random(&made);
	made_release(&made);
	return done_testing();
}
