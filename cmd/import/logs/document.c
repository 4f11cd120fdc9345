#include "cmd/import/logs/document.h"

#include "cmd/import/beside/beside.h"

int log_document(struct log *log, const char *as,
		 int (*learn)(struct log *log, const struct jval *object,
			      struct err *err),
		 struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP |
						       JDOC_BOM_SKIP };
	struct span text = beside_get(log->source, as);
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc;

	if (!text.len)
		return 0;
	rc = jdoc_parse(text, &options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0 && jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = learn(log, jdoc_root(doc), err);
	else
		rc = import_skip(log->source, "what lies beside a log and "
				 "cannot be read", NULL, err);
	jdoc_free(doc);
	return rc;
}
