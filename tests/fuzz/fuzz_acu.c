/*
 * The extractors: whatever the text, spans rise and stay inside, links lead to
 * units that are there, and our own loses nothing but white space and rules.
 * Messages are parted by the unit separator, 0x1f.
 */
#include <stdint.h>

#include "cmd/acu/text.h"
#include "tests/unit/acu_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool claim)
{
	if (!claim)
		abort();
}

/* What lies between units: white space, and lines that draw a rule. */
static bool is_dropped(struct span text)
{
	uint32_t point;
	size_t at;

	for (at = 0; at < text.len;) {
		at += acu_char(text, at, &point);
		if (!acu_is_space(point) && point != '-' && point != '*' &&
		    point != '_' && point != '=')
			return false;
	}
	return true;
}

static void check_whole(const struct talk *talk)
{
	size_t unit = 0;
	size_t i;

	for (i = 0; i < talk->n; i++) {
		struct span text = talk->messages[i].text;
		size_t at = 0;

		while (unit < talk->list.units_n &&
		       talk->list.units[unit].message == i) {
			must(is_dropped(span_of(text.at + at,
				talk->list.units[unit].start - at)));
			at = talk->list.units[unit++].end;
		}
		must(is_dropped(span_of(text.at + at, text.len - at)));
	}
}

static void check_figures(const struct acu_list *list)
{
	size_t i;

	for (i = 0; i < list->units_n; i++) {
		const struct acu_quality *quality = &list->units[i].quality;

		must(quality->overall >= 0 && quality->overall <= 100);
		must(quality->richness >= 0 && quality->richness <= 100);
		must(quality->integrity >= 0 && quality->integrity <= 100);
		must(quality->uniqueness >= -1 && quality->uniqueness <= 100);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char empty[] = "";
	const struct acu_extractor *const *extractor;
	struct span rest = span_of(len ? (const char *)data : empty, len);
	struct talk talk;
	const char *end;

	memset(&talk, 0, sizeof(talk));
	while (talk.n < TALK_MAX) {
		end = rest.len ? memchr(rest.at, 0x1f, rest.len) : NULL;
		talk_add(&talk, end ? span_of(rest.at,
					      (size_t)(end - rest.at)) : rest);
		if (!end)
			break;
		rest.len -= (size_t)(end + 1 - rest.at);
		rest.at = end + 1;
	}
	for (extractor = acu_extractor_table; *extractor; extractor++) {
		talk_run(&talk, *extractor);
		must(list_is_sound(talk.messages, talk.n, &talk.list));
		check_figures(&talk.list);
		if (*extractor == &acu_vvault)
			check_whole(&talk);
	}
	acu_list_release(&talk.list);
	return 0;
}
