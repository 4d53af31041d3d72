#include "CMemory.h"

#include <malloc.h>

void marquee_release_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
