/*
 * What says what was forgotten while that still stands in the tree, as when two
 * devices met, for tests of what it means.
 */
#ifndef VV_TESTS_UNIT_REFS_FORGET_FIXTURE_H
#define VV_TESTS_UNIT_REFS_FORGET_FIXTURE_H

#include "lib/time/hlc.h"
#include "objects/tree/arrange.h"
#include "refs/vault/vault.h"
#include "refs/write/publish.h"
#include "tests/tap.h"

static TAP_UNUSED void forget_must(int rc)
{
	if (rc < 0)
		bail_out("forgetting fails");
}

/* Put a forget record where only an owner's own version may: as one. */
static TAP_UNUSED void forget_record(struct vault *vault,
				     const char *construct,
				     const unsigned char *id)
{
	struct tree_segments segments = TREE_SEGMENTS_INIT;
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct buf data = BUF_INIT(4096);
	char cid[CID_TEXT_MAX];
	struct record_parts parts = {
		.type = "forget:create", .entity = span_str("forget:one"),
		.at = HLC_UNKNOWN_TEXT,
	};
	unsigned char own[RECORD_ID_BYTES];
	struct arrange_record arranged;
	struct codec *codec = NULL;
	struct publication what = { .vault = vault, .construct = construct,
				    .segments = &segments,
				    .subject = "forget" };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct record record;
	git_oid version;
	struct err err = ERR_INIT;

	cid_text(CID_JSON, id, cid);
	forget_must(buf_printf(&data, &err, "{\"records\":[\"%s\"]}", cid));
	parts.data = buf_span(&data);
	forget_must(record_build(&parts, &line, &err));
	forget_must(record_parse(buf_span(&line), &record, &err));
	record_id(buf_span(&line), own);
	forget_must(vault_ref_name(vault, construct, ref_name, &err));
	forget_must(vault_codec(vault, ref_name, &codec, &err));
	forget_must(arrange_record_init(codec, &record, own, &arranged,
					&err));
	forget_must(arrange(vault->store, codec, &arranged, 1, &segments, &err));
	what.ref_name = ref_name;
	what.codec = codec;
	forget_must(publish(&what, 1, &version, &err));
	codec_free(codec);
	tree_segments_release(&segments);
	buf_release(&line);
	buf_release(&data);
}

#endif
