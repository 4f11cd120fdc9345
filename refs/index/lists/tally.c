#include <string.h>

#include "lib/json/jcs_scan.h"
#include "refs/index/lists/lists_internal.h"
#include "refs/index/words/part_kind.h"

void lists_read(struct span state, struct span read[LISTS_MEMBERS])
{
	static const char *const names[LISTS_MEMBERS] = {
		"content", "copy_of", "created", "index", "model", "native",
		"parent", "parts", "role", "visibility"
	};
	struct jcs_iter iter = jcs_iter_object(state);
	struct span name;
	struct span value;
	size_t at = 0;

	memset(read, 0, LISTS_MEMBERS * sizeof(*read));
	/* Both stand in the same order. */
	while (at < LISTS_MEMBERS && jcs_next(&iter, &name, &value)) {
		int order = span_compare(name, span_str(names[at]));

		while (order > 0 && ++at < LISTS_MEMBERS)
			order = span_compare(name, span_str(names[at]));
		if (at < LISTS_MEMBERS && !order)
			read[at++] = value;
	}
}

static enum lists_seen seen_of(struct span visibility)
{
	if (jcs_type_of(visibility) != JCS_STRING ||
	    jcs_is_text(visibility, "visible"))
		return LISTS_VISIBLE;
	if (jcs_is_text(visibility, "tool"))
		return LISTS_TOOL;
	return jcs_is_text(visibility, "thinking") ? LISTS_THINKING :
	       LISTS_HIDDEN;
}

/* --- calls of tools --- */

static uint32_t count_calls(const struct span *read)
{
	struct jcs_iter iter = jcs_iter_array(read[LISTS_PARTS]);
	uint32_t calls = 0;
	uint32_t results = 0;
	struct span part;

	while (jcs_next(&iter, NULL, &part)) {
		enum part_kind kind = part_kind_of(part);

		calls += kind == PART_CALL;
		results += kind == PART_RESULT;
	}
	/* What an assistant says to a tool is a call, whole. */
	if (!calls && !results && jcs_is_text(read[LISTS_ROLE], "assistant"))
		calls = jcs_is_text(read[LISTS_VISIBILITY], "tool");
	return calls;
}

/* --- tokens --- */

static void add(uint32_t *sum, int64_t n)
{
	if (n > 0)
		*sum = n > UINT32_MAX - *sum ? UINT32_MAX :
		       *sum + (uint32_t)n;
}

/* Add the first of these members that there is. */
static bool add_first(struct span usage, const char *const *names,
		      uint32_t *sum)
{
	struct span value;
	int64_t n;

	for (; *names; names++) {
		if (jcs_find(usage, *names, &value) && jcs_integer(value, &n)) {
			add(sum, n);
			return true;
		}
	}
	return false;
}

/*
 * What one answer took, as APIs tell it. Anthropic's input leaves out what is
 * written to its cache and read from there, that of the others does not; and
 * the thoughts of Gemini are not in its output.
 */
static bool add_usage(struct span usage, struct lists_more *more)
{
	static const char *const inputs[] = { "input_tokens", "prompt_tokens",
					      "input", NULL };
	static const char *const outputs[] = { "output_tokens",
					       "completion_tokens", "output",
					       NULL };
	static const char *const apart[] = { "cache_creation_input_tokens",
					     NULL };
	static const char *const reads[] = { "cache_read_input_tokens", NULL };
	static const char *const cached[] = { "cached_input_tokens", "cached",
					      NULL };
	static const char *const thoughts[] = { "thoughts", NULL };
	static const char *const tools[] = { "tool", NULL };
	bool has_some = add_first(usage, inputs, &more->input);

	has_some |= add_first(usage, outputs, &more->output);
	if (!has_some)
		return false;
	(void)add_first(usage, apart, &more->input);
	(void)add_first(usage, reads, &more->input);
	if (!add_first(usage, reads, &more->cached))
		(void)add_first(usage, cached, &more->cached);
	(void)add_first(usage, thoughts, &more->output);
	(void)add_first(usage, tools, &more->input);
	return true;
}

/* AI Studio counts each piece of what was said. */
static bool add_chunks(struct span chunks, bool is_persons,
		       struct lists_more *more)
{
	static const char *const names[] = { "tokenCount", NULL };
	struct jcs_iter iter = jcs_iter_array(chunks);
	bool has_some = false;
	struct span chunk;

	while (jcs_next(&iter, NULL, &chunk))
		has_some |= add_first(chunk, names, is_persons ?
				      &more->input : &more->output);
	return has_some;
}

static bool add_tokens(const struct span *read, struct lists_more *more)
{
	struct span native = read[LISTS_NATIVE];
	struct span value;

	/* Of what stands twice once. */
	if (jcs_type_of(native) != JCS_OBJECT ||
	    jcs_type_of(read[LISTS_COPY_OF]) == JCS_STRING)
		return false;
	if (jcs_find(native, "message", &value) &&
	    jcs_type_of(value) == JCS_OBJECT &&
	    jcs_find(value, "usage", &value))
		return add_usage(value, more);
	if (jcs_find(native, "usage", &value) ||
	    jcs_find(native, "tokens", &value))
		return add_usage(value, more);
	return jcs_find(native, "chunks", &value) &&
	       add_chunks(value, jcs_is_text(read[LISTS_ROLE], "user"), more);
}

void lists_tally(const struct word_counter *counter, const struct span *read,
		 struct lists_said *said, struct lists_more *more)
{
	uint64_t words = word_count(counter,
				    jcs_string_inner(read[LISTS_CONTENT]));

	said->words = words > UINT32_MAX ? UINT32_MAX : (uint32_t)words;
	said->seen = (uint8_t)seen_of(read[LISTS_VISIBILITY]);
	*more = (struct lists_more){ .tools = count_calls(read) };
	said->flags = add_tokens(read, more) ? LISTS_HAS_TOKENS : 0;
	if (said->flags || more->tools)
		said->flags |= LISTS_HAS_MORE;
}
