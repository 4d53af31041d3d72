#include "CMarkdownArena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Each piece begins with its size, because realloc has to know it.
enum { alignment = 16, smallest_block = 16 * 1024 };

typedef struct block {
    struct block *previous;
    size_t size;
    size_t used;
    size_t unused_padding;
} block;

static _Thread_local block *current;
static _Thread_local size_t next_size;

// As cmark-gfm's own allocators do: there is no way to tell it.
static void *checked(void *pointer) {
    if (pointer) return pointer;
    fputs("out of memory while reading Markdown\n", stderr);
    abort();
}

static void add_block(size_t needed) {
    size_t size = next_size > needed ? next_size : needed;
    if (size > SIZE_MAX - sizeof(block)) checked(NULL);
    block *added = checked(malloc(sizeof(block) + size));
    *added = (block){.previous = current, .size = size};
    current = added;
    next_size = size < SIZE_MAX / 2 ? size * 2 : size;
}

static unsigned char *bytes_of(block *of) {
    return (unsigned char *)(of + 1);
}

static size_t padded(size_t count) {
    if (count > SIZE_MAX / 2) checked(NULL);
    return alignment + ((count + alignment - 1) & ~(size_t)(alignment - 1));
}

static void *allocate(size_t count) {
    size_t needed = padded(count);
    if (!current || current->size - current->used < needed) add_block(needed);
    unsigned char *piece = bytes_of(current) + current->used;
    current->used += needed;
    memcpy(piece, &count, sizeof count);
    return piece + alignment;
}

static void *arena_calloc(size_t number, size_t size) {
    if (size && number > SIZE_MAX / size) checked(NULL);
    void *piece = allocate(number * size);
    return memset(piece, 0, number * size);
}

static void *arena_realloc(void *old, size_t count) {
    if (!old) return allocate(count);
    unsigned char *start = (unsigned char *)old - alignment;
    size_t old_count;
    memcpy(&old_count, start, sizeof old_count);
    if (count <= old_count) return old;
    // The last piece grows where it is.
    size_t offset = (size_t)(start - bytes_of(current));
    int is_last = start >= bytes_of(current) && start < bytes_of(current) + current->size && offset + padded(old_count) == current->used;
    if (is_last && current->size - offset >= padded(count)) {
        current->used = offset + padded(count);
        memcpy(start, &count, sizeof count);
        return old;
    }
    void *piece = allocate(count);
    return memcpy(piece, old, old_count);
}

static void arena_free(void *piece) {
    (void)piece;
}

cmark_mem *marquee_arena_begin(size_t expected) {
    static cmark_mem memory = {arena_calloc, arena_realloc, arena_free};
    marquee_arena_end();
    next_size = expected > smallest_block ? expected : smallest_block;
    return &memory;
}

void marquee_arena_end(void) {
    while (current) {
        block *previous = current->previous;
        free(current);
        current = previous;
    }
}
