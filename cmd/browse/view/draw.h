/*
 * From the model to a screen full of characters: a pure function.
 */
#ifndef VV_CMD_BROWSE_VIEW_DRAW_H
#define VV_CMD_BROWSE_VIEW_DRAW_H

#include "cmd/browse/view/grid.h"
#include "cmd/browse/view/model.h"

/* grid has the size that the model says. */
void draw(const struct model *model, struct grid *grid);

#endif
