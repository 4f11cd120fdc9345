#include "cmd/action/context/gather.h"

#include "lib/json/jcs_scan.h"

/* "decision" and the like, whatever the case of its letters. */
static bool is_decision_word(struct span value)
{
	static const char word[] = "decision";
	struct span text = jcs_string_inner(value);
	size_t i;

	if (text.len == sizeof(word) && (text.at[text.len - 1] | 32) == 's')
		text.len--;
	if (text.len != sizeof(word) - 1)
		return false;
	for (i = 0; i < text.len; i++) {
		if ((text.at[i] | 32) != word[i])
			return false;
	}
	return true;
}

bool gather_is_decision(struct span state)
{
	static const char *const names[] = { "type", "bucket", "entity_type" };
	struct jcs_iter iter;
	struct span value;
	struct span tags;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(state, names[i], &value) &&
		    is_decision_word(value))
			return true;
	}
	if (!jcs_find(state, "tags", &tags))
		return false;
	iter = jcs_iter_array(tags);
	while (jcs_next(&iter, NULL, &value)) {
		if (is_decision_word(value))
			return true;
	}
	return false;
}
