#include "refs/verify/verify_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define ITEMS_FOR_THREADS 8	/* fewer are not worth starting any */

static unsigned count_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 0 ? (unsigned)cores : 1;
}

/* The first worker is the calling thread and uses the verifier's store. */
int workers_init(struct verifier *verifier, struct err *err)
{
	const struct table devices = TABLE_INIT(DID_KEY_BYTES, TABLE_NO_LIMIT);
	const struct table blobs = TABLE_INIT(JOB_KEY_BYTES, TABLE_NO_LIMIT);
	unsigned n = verifier->options.threads ? verifier->options.threads
					       : count_cores();
	unsigned i;
	int rc = 0;

	(void)err;
	if (n > VERIFY_THREADS_MAX)
		n = VERIFY_THREADS_MAX;
	for (i = 0; i < VERIFY_THREADS_MAX; i++) {
		verifier->workers[i].devices = devices;
		verifier->workers[i].blobs = blobs;
	}
	verifier->workers[0].store = verifier->store;
	verifier->workers_n = 1;
	for (i = 1; rc == 0 && i < n; i++) {
		rc = store_open_again(verifier->store,
				      &verifier->workers[i].store, NULL);
		if (rc == 0)
			verifier->workers_n = i + 1;
	}
	return 0;	/* fewer threads do the same work */
}

static void forget_codec(struct worker *worker)
{
	codec_free(worker->copy);
	worker->copy = NULL;
	worker->origin = NULL;
}

void workers_forget_codecs(struct verifier *verifier)
{
	unsigned i;

	for (i = 0; i < verifier->workers_n; i++)
		forget_codec(&verifier->workers[i]);
}

void workers_release(struct verifier *verifier)
{
	unsigned i;

	workers_forget_codecs(verifier);
	for (i = 0; i < verifier->workers_n; i++) {
		table_release(&verifier->workers[i].devices);
		table_release(&verifier->workers[i].blobs);
	}
	for (i = 1; i < verifier->workers_n; i++)
		store_free(verifier->workers[i].store);
	verifier->workers_n = 0;
}

int worker_codec(struct worker *worker, const struct codec *origin,
		 struct codec **out, struct err *err)
{
	struct codec *copy = NULL;
	int rc = 0;

	if (worker->origin != origin) {
		rc = codec_copy(origin, &copy, err);
		if (rc < 0)
			return rc;
		if (worker->copy)
			codec_pass_on(worker->copy, copy);
		forget_codec(worker);
		worker->copy = copy;
		worker->origin = origin;
	}
	*out = worker->copy;
	return 0;
}

/* What the threads of one run share, and one thread's view of it. */
struct run {
	const struct work *work;
	atomic_size_t next;
};

struct runner {
	struct run *run;
	struct worker *worker;
	pthread_t thread;
};

static void *run_items(void *arg)
{
	struct runner *runner = arg;
	const struct work *work = runner->run->work;

	for (;;) {
		size_t index = atomic_fetch_add(&runner->run->next, 1);

		if (index >= work->n)
			return NULL;
		work->item(work->verifier, runner->worker, work->items,
			   index);
	}
}

void workers_run(struct verifier *verifier, const struct work *work)
{
	struct runner runners[VERIFY_THREADS_MAX];
	struct run run = { work, 0 };
	unsigned wanted = work->n < ITEMS_FOR_THREADS ? 1
						     : verifier->workers_n;
	unsigned n;
	unsigned i;

	for (n = 1; n < wanted; n++) {
		runners[n].run = &run;
		runners[n].worker = &verifier->workers[n];
		if (pthread_create(&runners[n].thread, NULL, run_items,
				   &runners[n]))
			break;
	}
	runners[0].run = &run;
	runners[0].worker = &verifier->workers[0];
	run_items(&runners[0]);
	for (i = 1; i < n; i++)
		pthread_join(runners[i].thread, NULL);
}

bool verifier_met_damage(const struct verifier *verifier)
{
	unsigned i;

	for (i = 0; i < verifier->workers_n; i++)
		if (store_stats(verifier->workers[i].store).unread)
			return true;
	return false;
}
