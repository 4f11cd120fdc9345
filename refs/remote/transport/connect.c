#include "refs/remote/transport/transport_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The trip's own counts are of all packs, and libgit2's of the last one. */
static int on_receive(const git_indexer_progress *stats, void *payload)
{
	(void)stats;
	return trip_tell_counts(payload, "receiving") < 0 ? -1 : 0;
}

int trip_on_pack(int stage, uint32_t current, uint32_t total, void *payload)
{
	struct trip *trip = payload;
	struct remote_progress progress = { current, total, 0, "packing" };

	(void)stage;
	return trip_progress(trip, &progress) < 0 ? -1 : 0;
}

static int on_send(unsigned int current, unsigned int total, size_t bytes,
		   void *payload)
{
	struct trip *trip = payload;
	struct remote_progress progress = { current, total, bytes, "sending" };

	trip->counts.objects = current;
	trip->counts.bytes = bytes;
	return trip_progress(trip, &progress) < 0 ? -1 : 0;
}

/* git's own counting, which says nothing of what went wrong. */
static bool is_counting(struct span line)
{
	static const char *const words[] = {
		"Enumerating", "Counting", "Compressing", "Receiving",
		"Resolving", "Unpacking", "Writing", "Checking", "Total", NULL
	};
	size_t i;

	for (i = 0; words[i]; i++) {
		if (span_begins(line, words[i]))
			return true;
	}
	return !line.len;
}

/*
 * What programs at the other side say beside the talk: a hook why it says no,
 * git that the pack is too large or the disk full. Told as it comes, and the
 * last of it again as the reason where the other side has no better one.
 */
static void tell_line(struct trip *trip, struct span line)
{
	if (is_counting(line) || !trip->report)
		return;
	snprintf(trip->said, sizeof(trip->said), "%.*s", (int)line.len,
		 line.at);
	if (!trip->calls->heard)
		return;
	trip->calls->heard(trip->calls->arg, span_str("remote: "));
	trip->calls->heard(trip->calls->arg, line);
	trip->calls->heard(trip->calls->arg, span_str("\n"));
}

void trip_heard_all(struct trip *trip)
{
	tell_line(trip, span_of(trip->line, trip->line_len));
	trip->line_len = 0;
}

/* It comes in pieces that know nothing of lines. */
static int on_said(const char *text, int len, void *payload)
{
	struct trip *trip = payload;
	int i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '\r')
			trip_heard_all(trip);
		else if (trip->line_len < sizeof(trip->line))
			trip->line[trip->line_len++] = text[i];
	}
	return 0;
}

/* What the other side said of one ref; NULL is yes. */
static int on_status(const char *name, const char *status, void *payload)
{
	struct trip *trip = payload;
	struct sync_report *report = trip->report;
	struct head head;
	size_t i;

	trip_heard_all(trip);
	if (!report || strncmp(name, HEADS_PREFIX, strlen(HEADS_PREFIX)) ||
	    head_parse(name + strlen(HEADS_PREFIX), &head, NULL) < 0)
		return 0;
	for (i = 0; i < report->n; i++) {
		struct ref_report *ref = &report->at[i];

		if (strcmp(ref->head.construct, head.construct) ||
		    strcmp(ref->head.device, head.device) ||
		    ref->result != REF_REJECTED || !ref->has_to)
			continue;
		ref->result = ref->has_from ? REF_FORWARD : REF_NEW;
		ref->reason[0] = '\0';
		if (status) {
			ref->result = REF_REJECTED;
			report_reason(ref, trip->said[0] ? "%.80s: %.160s" :
					   "%.80s%s", status, trip->said);
		}
		break;
	}
	return 0;
}

void trip_callbacks(struct trip *trip, git_remote_callbacks *out)
{
	git_remote_init_callbacks(out, GIT_REMOTE_CALLBACKS_VERSION);
	out->credentials = credentials_callback;
	out->transfer_progress = on_receive;
	out->pack_progress = trip_on_pack;
	out->push_transfer_progress = on_send;
	out->push_update_reference = on_status;
	out->sideband_progress = on_said;
	if (trip->url.kind == REMOTE_SSH)
		out->transport = ssh_transport;
	out->payload = trip;
}

int trip_connect(struct trip *trip, git_repository *repo,
		 git_direction direction, git_remote **out, struct err *err)
{
	git_remote_create_options create;
	git_remote_connect_options options;
	int rc;

	git_remote_create_options_init(&create,
				       GIT_REMOTE_CREATE_OPTIONS_VERSION);
	git_remote_connect_options_init(&options,
					GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	create.repository = repo;
	create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
		       GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	rc = git_remote_create_with_opts(out, trip->text, &create);
	if (rc < 0)
		return trip_failed(trip, rc, "cannot use the remote", err);
	trip_callbacks(trip, &options.callbacks);
	options.follow_redirects = GIT_REMOTE_REDIRECT_INITIAL;
	rc = git_remote_connect_ext(*out, direction, &options);
	if (rc < 0) {
		credentials_tell_result(trip, false);
		rc = trip_failed(trip, rc, "cannot connect", err);
		git_remote_free(*out);
		*out = NULL;
		return rc;
	}
	credentials_tell_result(trip, true);
	return 0;
}

int trip_heads(struct trip *trip, git_remote *remote, struct head_list *out,
	       struct err *err)
{
	const size_t len = strlen(HEADS_PREFIX);
	const git_remote_head **found;
	struct head head;
	size_t n, i;
	int rc = git_remote_ls(&found, &n, remote);

	if (rc < 0)
		return trip_failed(trip, rc, "cannot list refs", err);
	if (n > trip_refs_max(trip))
		return err_set(err, ERR_LIMIT, "'%s' has more than %llu refs",
			       trip->text,
			       (unsigned long long)trip_refs_max(trip));
	for (i = 0, rc = 0; rc == 0 && i < n; i++) {
		if (strncmp(found[i]->name, HEADS_PREFIX, len) ||
		    head_parse(found[i]->name + len, &head, NULL) < 0)
			continue;
		head.id = found[i]->oid;
		rc = head_list_add(out, &head, err);
	}
	if (rc == 0)
		head_list_sort(out);
	return rc;
}

int trip_spec(const char *from, const char *to, const struct head *head,
	      char **out)
{
	char text[2 * REF_NAME_MAX];
	int len = snprintf(text, sizeof(text), "%s%s/%s:%s%s/%s", from,
			   head->construct, head->device, to, head->construct,
			   head->device);

	if (len < 0 || (size_t)len >= sizeof(text))
		return -1;
	*out = strdup(text);
	return *out ? 0 : -1;
}
