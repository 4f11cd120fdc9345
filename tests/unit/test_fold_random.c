/* The fold of random sets of records against a slow reference. */
#include "tests/unit/fold_made.h"

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

struct won {
	int record;		/* -1: none */
	char conflicts[8192];
};

/* Let leaves stand one after the other, the highest record first. */
static void reference_leaves(const struct small_case *c, struct won won[LEAVES],
			     char conflicts[LEAVES][512])
{
	int rank;
	int r;
	int p;
	int q;

	for (p = 0; p < LEAVES; p++) {
		won[p].record = -1;
		conflicts[p][0] = '\0';
	}
	for (rank = c->n - 1; rank >= 0; rank--) {
		for (r = 0; c->at[r].rank != rank; r++)
			;
		for (p = 0; p < LEAVES; p++) {
			int best = -1;
			int value = c->at[r].value[p];
			bool is_same = true;

			if (!leaf_stands(c, r, p))
				continue;
			for (q = 0; q < LEAVES; q++) {
				int w = won[q].record;

				if (w < 0 || w == r || !paths_rival(p, q))
					continue;
				if (best < 0 || c->at[w].rank > c->at[best].rank) {
					int other = c->at[w].value[q];

					best = w;
					is_same = other == value &&
						  (p == q || value == 1);
				}
			}
			if (best < 0)
				won[p].record = r;
			else if (!is_same)
				snprintf(conflicts[p] + strlen(conflicts[p]),
					 512 - strlen(conflicts[p]),
					 " %s:%d>%d", small_path[p], best, r);
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

/* Append "name":number, for the path if a value stands there. */
static void put_leaf(const struct small_case *c, const struct won *won, int p,
		     char *out)
{
	const char *name = strrchr(small_path[p], '/') + 1;
	int value = won[p].record < 0 ? 0 : c->at[won[p].record].value[p];

	if (value > 1)
		sprintf(out + strlen(out), "\"%s\":%d,",
			p == 5 ? "a/" : name, value);
}

static void close_object(char *out, size_t start)
{
	size_t len = strlen(out);

	if (out[len - 1] == '{') {
		out[start] = '\0';
		return;
	}
	out[len - 1] = '\0';
	strcat(out, "},");
}

static void reference_text(const struct small_case *c, char *out)
{
	struct won won[LEAVES];
	char conflicts[LEAVES][512];
	static const int report_order[LEAVES] = { 0, 1, 2, 3, 5, 4 };
	size_t outer;
	size_t inner;
	int kept = 0;
	int e;
	int p;

	if (!reference_is_live(c)) {
		strcpy(out, "gone");
		return;
	}
	reference_leaves(c, won, conflicts);
	strcpy(out, "{");
	put_leaf(c, won, 0, out);
	outer = strlen(out);
	strcat(out, "\"a\":{");
	put_leaf(c, won, 1, out);
	inner = strlen(out);
	strcat(out, "\"b\":{");
	put_leaf(c, won, 2, out);
	close_object(out, inner);
	put_leaf(c, won, 3, out);
	close_object(out, outer);
	put_leaf(c, won, 5, out);
	put_leaf(c, won, 4, out);
	for (e = 0; e < ELEMENTS; e++) {
		if (reference_element(c, e))
			sprintf(out + strlen(out), "%s\"%c\"",
				kept++ ? "," : "\"tags\":[", 'x' + e);
	}
	if (kept)
		strcat(out, "],");
	else if (reference_set_is_kept(c))
		strcat(out, "\"tags\":[],");
	if (out[strlen(out) - 1] == ',')
		out[strlen(out) - 1] = '\0';
	strcat(out, "}");
	/* Inside a group of rivals conflicts come by rank: sorted below. */
	for (p = 0; p < LEAVES; p++)
		strcat(out, conflicts[report_order[p]]);
}

static unsigned long random_state = 20260101;

static int roll(int sides)
{
	random_state = random_state * 6364136223846793005UL +
		       1442695040888963407UL;
	return (int)((random_state >> 33) % (unsigned long)sides);
}

static void small_data(const struct small_record *r, char *out)
{
	static const char *const open[LEAVES] = {
		"\"a\":", "\"a\":{\"b\":", "\"a\":{\"b\":{\"d\":",
		"\"a\":{\"c\":", "\"e\":", "\"a/\":"
	};
	char number[16];
	bool has_b = r->value[1] || r->value[2];
	int e;
	int kept = 0;

	strcpy(out, "{");
#define NUMBER(p) (snprintf(number, sizeof(number), "%d", r->value[p]), \
		   r->value[p] == 1 ? "null" : number)
	if (r->value[0])
		sprintf(out + strlen(out), "%s%s,", open[0], NUMBER(0));
	if (r->value[1])
		sprintf(out + strlen(out), "%s%s%s", open[1], NUMBER(1),
			r->value[3] ? "," : "},");
	if (r->value[2])
		sprintf(out + strlen(out), "%s%s}%s", open[2], NUMBER(2),
			r->value[3] ? "," : "},");
	if (r->value[3])
		sprintf(out + strlen(out), "%s%s},", has_b ? "\"c\":" : open[3],
			NUMBER(3));
	if (r->value[5])
		sprintf(out + strlen(out), "%s%s,", open[5], NUMBER(5));
	if (r->value[4])
		sprintf(out + strlen(out), "%s%s,", open[4], NUMBER(4));
	if (r->tags == 1)
		strcat(out, "\"tags\":null,");
	if (r->tags >= 2) {
		strcat(out, "\"tags\":[");
		for (e = ELEMENTS - 1; e >= 0; e--) {
			if ((r->tags - 2) >> e & 1)
				sprintf(out + strlen(out), "%s\"%c\"",
					kept++ ? "," : "", 'x' + e);
		}
		strcat(out, "],");
	}
	if (out[strlen(out) - 1] == ',')
		out[strlen(out) - 1] = '\0';
	strcat(out, "}");
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
		       char data[SMALL][256])
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
		small_data(r, data[i]);
		make(made, r->is_delete ? "delete" : "update", ats[i], prev,
		     data[i]);
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
static int word_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_words(char *text)
{
	char copy[8192];
	char *words[256];
	size_t n = 0;
	size_t i;
	char *word;

	strcpy(copy, text);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	qsort(words, n, sizeof(*words), word_order);
	text[0] = '\0';
	for (i = 0; i < n; i++) {
		strcat(text, words[i]);
		strcat(text, " ");
	}
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

static void test_random(struct made *made)
{
	static char data[SMALL][256];
	int wrong = 0;
	int disturbed = 0;
	int cases;

	for (cases = 0; cases < 20000 && wrong < 3; cases++) {
		struct fold_record mixed[2 * SMALL];
		struct small_case c;
		char want[8192];
		char raw[8192];
		char got[8192];
		char again[8192];
		size_t n;
		int i;

		small_make(&c, made, data);
		reference_text(&c, want);
		sort_words(want);
		fold_text(made->records, made->n, got, sizeof(got));
		strcpy(raw, got);
		sort_words(got);
		if (strcmp(got, want)) {
			wrong++;
			for (i = 0; i < c.n; i++)
				diag("%d %s rank %d prev %.*s %s", i,
				     c.at[i].is_delete ? "delete" : "update",
				     c.at[i].rank,
				     (int)made->records[i].record.prev.len,
				     made->records[i].record.prev.at, data[i]);
			diag("got  %s", got);
			diag("want %s", want);
		}
		n = shuffle(made, mixed);
		fold_text(mixed, n, again, sizeof(again));
		disturbed += strcmp(raw, again) != 0;
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
