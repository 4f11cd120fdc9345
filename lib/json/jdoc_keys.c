#include "lib/json/jdoc_parser.h"

#include <stdint.h>
#include <stdlib.h>

#define KEYS_COMPARE_ALL 12	/* up to so many members each meets each */

/* By key, then by place in the source. */
static int compare_members(const void *a, const void *b)
{
	const struct jval *left = *(const struct jval *const *)a;
	const struct jval *right = *(const struct jval *const *)b;
	int order = span_compare(left->key, right->key);

	if (order)
		return order;
	return (left->raw.at > right->raw.at) - (left->raw.at < right->raw.at);
}

static int drop_member(struct parser *parser, struct jval *earlier,
		       const struct jval *later)
{
	if (parser->flags & JDOC_DUPLICATES_REFUSE) {
		parser->at = later->raw.at;
		return parser_refuse(parser, "a key used twice has its value");
	}
	earlier->marks |= JVAL_DROPPED;
	parser->doc->duplicates++;
	return 0;
}

static int mark_in_small(struct parser *parser, struct jval *object)
{
	struct jval *all[KEYS_COMPARE_ALL];
	const struct jval *member = object->as.in.first;
	size_t count;
	size_t i;
	int rc = 0;

	for (count = 0; member; member = member->next) {
		for (i = 0; i < count && rc == 0; i++) {
			if (!(all[i]->marks & JVAL_DROPPED) &&
			    span_equals(all[i]->key, member->key))
				rc = drop_member(parser, all[i], member);
		}
		/* The tree is ours, and constant only to those who read it. */
		all[count++] = (struct jval *)(uintptr_t)member;
	}
	return rc;
}

static int mark_in_big(struct parser *parser, struct jval *object)
{
	size_t count = object->as.in.count;
	struct jval **all = arena_alloc(&parser->doc->arena,
					count * sizeof(struct jval *));
	const struct jval *member = object->as.in.first;
	size_t kept = 0;
	size_t i;
	int rc = 0;

	if (!all)
		return parser_nomem(parser);
	for (i = 0; i < count; i++, member = member->next)
		all[i] = (struct jval *)(uintptr_t)member;
	qsort(all, count, sizeof(struct jval *), compare_members);
	for (i = 0; i < count && rc == 0; i++) {
		if (i + 1 < count && span_equals(all[i]->key, all[i + 1]->key))
			rc = drop_member(parser, all[i], all[i + 1]);
		else
			all[kept++] = all[i];
	}
	object->as.in.sorted = (const struct jval *const *)all;
	return rc;
}

int parser_drop_duplicates(struct parser *parser, struct jval *object)
{
	size_t before = parser->doc->duplicates;
	const struct jval **link = &object->as.in.first;
	int rc;

	if (object->as.in.count < 2)
		return 0;
	rc = object->as.in.count <= KEYS_COMPARE_ALL
		? mark_in_small(parser, object) : mark_in_big(parser, object);
	if (rc < 0 || before == parser->doc->duplicates)
		return rc;
	while (*link) {
		if ((*link)->marks & JVAL_DROPPED) {
			*link = (*link)->next;
			object->as.in.count--;
		} else {
			link = &((struct jval *)(uintptr_t)*link)->next;
		}
	}
	return 0;
}
