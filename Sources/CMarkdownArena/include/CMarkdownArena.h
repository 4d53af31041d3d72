// Memory for cmark-gfm while it works on one text. A text of a page makes some hundred small pieces that all end together: they are cut from
// large blocks, and the blocks are freed at the end. cmark-gfm's own arena is one for the whole process; this one belongs to a thread.

#ifndef CMARKDOWNARENA_H
#define CMARKDOWNARENA_H

#include <cmark-gfm.h>
#include <stddef.h>

/// Begins an arena on the calling thread, and returns the allocator for everything that cmark-gfm makes there until `marquee_arena_end`.
/// What it makes needs no freeing and must not outlive the arena. `expected` is a guess, in bytes. Arenas do not nest.
cmark_mem *marquee_arena_begin(size_t expected);

/// Frees everything that was made since `marquee_arena_begin` on this thread.
void marquee_arena_end(void);

#endif
