#include "refs/view/news.h"

#include "refs/view/forgotten.h"
#include "refs/view/view_internal.h"

static const struct span every_entity = { NULL, 0 };

/* Records of one side of two trees, segment by segment. */
struct news {
	struct view *view;
	char blob_dir[PLACE_NAME_LEN + 1];
	struct table *gone;		/* ids that the other side has */
	const struct view_record_visitor *visitor;	/* NULL: gather gone */
};

static int take(const struct news *news, const struct fold_record *record,
		struct err *err)
{
	if (!news->visitor)
		return table_include(news->gone, record->id, NULL, err);
	if (table_get(news->gone, record->id, NULL))
		return 0;
	return news->visitor->record(news->visitor->arg, record, err);
}

static int read_side(const struct news *news,
		     const struct tree_segments *segments, struct err *err)
{
	struct items items;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < segments->n; i++) {
		if (!strcmp(segments->at[i].place.dir, news->blob_dir))
			continue;
		items = (struct items)ITEMS_INIT;
		rc = items_read(news->view, &segments->at[i], every_entity,
				&items, err);
		for (j = 0; rc == 0 && j < items.n; j++)
			rc = take(news, &items.at[j].fold, err);
		items_release(&items);
	}
	return rc;
}

int view_news(struct view *from, struct view *to,
	      const struct view_record_visitor *visitor, struct err *err)
{
	struct table gone = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	struct tree_segments only_from = TREE_SEGMENTS_INIT;
	struct tree_segments only_to = TREE_SEGMENTS_INIT;
	struct news old = { .view = from, .gone = &gone };
	struct news fresh = { .view = to, .gone = &gone, .visitor = visitor };
	int rc = view_check_key(to, err);

	if (rc == 0)
		rc = tree_diff(to->vault->store, &from->tree, &to->tree,
			       &only_from, &only_to, err);
	codec_dir_name(to->codec, BLOB_DIR, old.blob_dir);
	codec_dir_name(to->codec, BLOB_DIR, fresh.blob_dir);
	if (rc == 0)
		rc = read_side(&old, &only_from, err);
	if (rc == 0)
		rc = read_side(&fresh, &only_to, err);
	tree_segments_release(&only_from);
	tree_segments_release(&only_to);
	table_release(&gone);
	return rc;
}
