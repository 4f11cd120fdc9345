#include "cmd/import/flat/flat.h"

bool flat_is_wanted(const struct flat *flat, const struct flat_item *item)
{
	return import_is_wanted(flat->job, item->updated.micros >
				item->created.micros ? item->updated.micros :
				item->created.micros);
}

int flat_remember(struct flat *flat, struct flat_item *item, struct err *err)
{
	struct memory *memory = &flat->memory;

	memory_times(memory, &item->created, &item->updated);
	memory_tags(memory, &item->take, item->tags);
	take_rest(&item->take, &memory->native);
	return memory_put(memory, err);
}

int flat_relation(struct flat *flat, struct flat_item *item,
		  const char *folder, size_t digits, const char *ends,
		  struct err *err)
{
	const struct span parts[3] = {
		item->text[FLAT_FROM], item->text[FLAT_KIND],
		item->text[FLAT_TO],
	};
	struct memory *memory = &flat->memory;
	bool is_new;
	int rc;

	if (!parts[0].at || !parts[2].at)
		return flat_malformed(flat, "a relation without its two ends",
				      item->value, err);
	if (!flat_is_wanted(flat, item))
		return flat_leave_out(flat, FLAT_OLD, err);
	buf_reset(&flat->key);
	memory_hash_key(parts, 3, &flat->key);
	rc = buf_end(&flat->key, err);
	if (rc < 0)
		return rc;
	memory_begin(memory, folder, span_of(flat->key.data, digits));
	rc = flat_is_new(flat, &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a relation that stands before",
				      err);
	memory_relates(memory, parts);
	if (ends) {
		memory_link(memory, "from", ends, parts[0]);
		memory_link(memory, "to", ends, parts[2]);
	}
	return rc < 0 ? rc : flat_remember(flat, item, err);
}
