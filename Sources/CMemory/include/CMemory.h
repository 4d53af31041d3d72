#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives the system back what was freed and is kept by the allocator (malloc_trim(3), which Swift's module of glibc leaves out).
void marquee_release_memory(void);

#endif
