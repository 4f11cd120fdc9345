/*
 * The parts of the screen, each drawn by a file of its own.
 */
#ifndef VV_CMD_BROWSE_VIEW_DRAW_INTERNAL_H
#define VV_CMD_BROWSE_VIEW_DRAW_INTERNAL_H

#include "cmd/browse/view/draw.h"

void draw_help(const struct model *model, struct grid *grid);
void draw_list(const struct model *model, const struct layout *layout,
	       struct grid *grid);
void draw_talk(const struct model *model, struct grid *grid);
void draw_preview(const struct model *model, const struct layout *layout,
		  struct grid *grid);

#endif
