#ifndef CLIBXML2_SHIM_H
#define CLIBXML2_SHIM_H

// Debian and Ubuntu: libxml2-dev, found by pkg-config as libxml-2.0.
// Debian's libxml2 shows ICU's types, and Foundation brings an ICU of its own: one program can't have two definitions of them. Nothing here
// uses the structure that mentions them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>

// xmlFree is a global variable, which Swift cannot read safely.
static inline void CLibXML2_free(void *memory) { xmlFree(memory); }

#endif
