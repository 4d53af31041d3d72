#ifndef CCMARKGFM_SHIM_H
#define CCMARKGFM_SHIM_H

// Debian and Ubuntu: libcmark-gfm-dev and libcmark-gfm-extensions-dev. Their pkg-config file names only the first of
// the two libraries, so module.modulemap links both.
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

#endif
