// The part of libvips that Marquee uses, as plain functions: libvips itself takes variable arguments, which Swift cannot call.
// Every function may be called from any thread once cvips_init has returned.

#ifndef CVIPS_H
#define CVIPS_H

#include <stdbool.h>
#include <stddef.h>

/// A picture in memory: sRGB with 8 bits a channel, upright, with or without alpha, without any metadata.
typedef struct cvips_image cvips_image;

/// What the first bytes of a picture file say about it, before any of its pixels are decoded.
typedef struct {
    /// Pixels as stored, before `orientation` is applied. Of one frame, where there are several.
    int width;
    int height;
    int pages;
    /// The EXIF orientation, 1 to 8. From 5 on, width and height change places.
    int orientation;
    bool has_alpha;
    /// EXIF or XMP tells the place where the picture was taken.
    bool has_location;
} cvips_header;

/// Bytes that the library made; free them with cvips_free_buffer.
typedef struct {
    void *bytes;
    size_t count;
} cvips_buffer;

/// Starts the library: one thread for each operation, no cache of operations, no decoders but those for the web's formats and phones.
/// False if it does not start. Call it once.
bool cvips_init(void);

/// "8.14.1": part of what a cache of its results depends on.
const char *cvips_version(void);

/// Reads the header of a JPEG, PNG, GIF, WebP, HEIC or AVIF file.
bool cvips_probe(const char *path, cvips_header *header);

/// Reads the size of an SVG.
bool cvips_probe_svg(const void *svg, size_t count, cvips_header *header);

/// Decodes a file, first frame only: upright, sRGB, at most `width` pixels wide and 8,192 high, never enlarged. NULL for damaged or truncated files.
cvips_image *cvips_load(const char *path, int width);

/// Draws an SVG `width` pixels wide, and never higher than 8,192. NULL if it can't be drawn.
cvips_image *cvips_draw_svg(const void *svg, size_t count, int width);

/// Red, green, blue and alpha of every pixel, row by row. False if the picture has no alpha.
bool cvips_pixels(cvips_image *image, cvips_buffer *buffer);

/// The picture at most `width` pixels wide, never enlarged. NULL if memory runs out.
cvips_image *cvips_shrink(cvips_image *image, int width);

int cvips_width(cvips_image *image);
int cvips_height(cvips_image *image);
void cvips_free_image(cvips_image *image);

/// Encoders, for quality 1 to 100. None writes metadata of the source; WebP may get an EXIF chunk with the resolution, which is of no use.
bool cvips_save_webp(cvips_image *image, int quality, cvips_buffer *buffer);
/// Progressive. Transparent parts become white.
bool cvips_save_jpeg(cvips_image *image, int quality, cvips_buffer *buffer);
bool cvips_save_png(cvips_image *image, cvips_buffer *buffer);
/// At most 256 colours, chosen for the picture.
bool cvips_save_palette_png(cvips_image *image, int quality, cvips_buffer *buffer);

/// Writes all frames of a GIF again, without comments and metadata.
bool cvips_copy_gif(const char *path, cvips_buffer *buffer);

void cvips_free_buffer(cvips_buffer *buffer);

/// What went wrong, for a log: the text may have come from another thread. Call with the size of `text`, which will end in a zero.
void cvips_take_error(char *text, size_t size);

#endif
