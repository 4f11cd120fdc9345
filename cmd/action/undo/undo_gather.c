#include <stdio.h>
#include <string.h>

#include "cmd/action/undo/undo.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"

struct gathering {
	struct action_call *call;
	char subject[64];	/* how theirs begin */
};

static int gather_version(void *arg, const struct version *version, struct err *err)
{
	struct gathering *gathering = arg;
	struct vault *vault = gathering->call->vault;
	struct version_note note = VERSION_NOTE_INIT;
	struct vault_move move = {
		.ref_name = version->construct, .to = &version->id,
		.version = &version->id,
	};
	int rc;

	if (memcmp(version->device, vault->device.public, DID_KEY_BYTES) != 0)
		return 0;
	rc = version_describe(vault, version, &note, err);
	if (rc == 0 && span_begins(buf_span(&note.subject),
				   gathering->subject)) {
		move.construct = note.construct;
		operation_moved(gathering->call->operation, &move);
	}
	version_note_release(&note);
	return rc;
}

static int gather_ref(struct gathering *gathering, struct span head,
		      struct err *err)
{
	const struct history_visitor visitor = { gather_version, gathering, NULL };
	struct vault *vault = gathering->call->vault;
	char ref[CONSTRUCT_NAME_MAX];
	char name[REF_NAME_MAX];
	struct span text;
	git_oid before;
	git_oid now;
	const struct history_range range = { &now, 1, &before, 1 };

	if (!jcs_find_string(head, "ref", &text) || text.len >= sizeof(ref))
		return 0;
	memcpy(ref, text.at, text.len);
	ref[text.len] = '\0';
	if (!jcs_find_string(head, "at", &text) || text.len != GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&before, text.at, text.len) < 0 ||
	    head_ref_name(HEADS_PREFIX, ref, vault->device.name, name,
			  NULL) < 0 || !ref_read(vault->store, name, &now))
		return 0;
	return history_walk(vault->store, &range, &visitor, err);
}

int undo_gather(struct action_call *call, const struct operations *log,
		const struct logged *begun, const char *word, uint64_t number,
		struct err *err)
{
	struct gathering gathering = { .call = call };
	struct span heads;
	struct span head;
	struct jcs_iter iter;
	int rc = 0;

	snprintf(gathering.subject, sizeof(gathering.subject), "%s #%llu: ",
		 word, (unsigned long long)number);
	if (!jcs_find(logged_json(log, begun), "heads", &heads))
		return 0;
	iter = jcs_iter_array(heads);
	while (rc == 0 && jcs_next(&iter, NULL, &head))
		rc = gather_ref(&gathering, head, err);
	return rc;
}
