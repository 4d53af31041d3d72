#define _GNU_SOURCE

#include "CVips.h"

#include <string.h>
#include <vips/vips.h>

#define IMAGE(image) ((VipsImage *)(image))

/// No picture gets higher than this: WebP ends at 16,383 pixels, and a page is not read through a keyhole.
#define MAXIMUM_HEIGHT 8192

static void ignore_warning(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

bool cvips_init(void) {
    if (vips_init("marquee") != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    // Damaged pictures are reported as errors; nothing may write to the terminal besides.
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, ignore_warning, NULL);

    // libvips can read dozens of formats, some through decoders that were never meant for files from strangers.
    vips_operation_block_set("VipsForeignLoad", TRUE);
    const char *const allowed[] = {
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif", "VipsForeignLoadWebp", "VipsForeignLoadHeif",
        // From memory only: an SVG read from a file may refer to its neighbours.
        "VipsForeignLoadSvgBuffer",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++) {
        vips_operation_block_set(allowed[i], FALSE);
    }
    return true;
}

const char *cvips_version(void) {
    return vips_version_string();
}

// MARK: Headers

static void *is_gps_place(VipsImage *image, const char *name, GValue *value, void *unused) {
    (void)image, (void)value, (void)unused;
    return g_str_has_prefix(name, "exif-ifd3-GPSL") ? (void *)name : NULL;
}

static bool has_location(VipsImage *image) {
    if (vips_image_map(image, (VipsImageMapFn)is_gps_place, NULL) != NULL) return true;
    const void *xmp;
    size_t count;
    if (vips_image_get_typeof(image, VIPS_META_XMP_NAME) == 0) return false;
    if (vips_image_get_blob(image, VIPS_META_XMP_NAME, &xmp, &count) != 0) return false;
    return memmem(xmp, count, "GPSLatitude", strlen("GPSLatitude")) != NULL;
}

static void read_header(VipsImage *image, cvips_header *header) {
    header->width = vips_image_get_width(image);
    header->height = vips_image_get_height(image);
    header->pages = vips_image_get_n_pages(image);
    header->orientation = vips_image_get_orientation(image);
    header->has_alpha = vips_image_hasalpha(image);
    header->has_location = has_location(image);
}

bool cvips_probe(const char *path, cvips_header *header) {
    VipsImage *image = vips_image_new_from_file(path, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (image == NULL) return false;
    read_header(image, header);
    g_object_unref(image);
    return true;
}

bool cvips_probe_svg(const void *svg, size_t count, cvips_header *header) {
    VipsImage *image = NULL;
    if (vips_svgload_buffer((void *)svg, count, &image, "access", VIPS_ACCESS_SEQUENTIAL, NULL) != 0) return false;
    read_header(image, header);
    g_object_unref(image);
    return true;
}

// MARK: Pixels

/// Forgets all that came with the pixels. Encoders have an option for this, but not all of them obey it in all versions.
static void remove_metadata(VipsImage *image) {
    char **names = vips_image_get_fields(image);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        // Width, height and the like are in the list too; they cannot be removed.
        vips_image_remove(image, *name);
    }
    g_strfreev(names);
}

/// In the colours of sRGB, by the picture's own profile if it has one. (vips_thumbnail's `export_profile` does the same, but libvips 8.14 gives
/// pictures without a profile other colours there.) Takes over the reference to `image`.
static VipsImage *in_srgb(VipsImage *image) {
    VipsImage *srgb = NULL;
    int failed = 1;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0) {
        failed = vips_icc_transform(image, &srgb, "srgb", "embedded", TRUE, "depth", 8, NULL);
    }
    // Without a profile, or with one that is damaged.
    if (failed) failed = vips_colourspace(image, &srgb, VIPS_INTERPRETATION_sRGB, NULL);
    g_object_unref(image);
    return failed ? NULL : srgb;
}

/// The picture in memory as 8-bit sRGB without metadata, so that it can be encoded several times. Takes over the reference to `image`.
static cvips_image *in_memory_srgb(VipsImage *image) {
    VipsImage *srgb = in_srgb(image);
    if (srgb == NULL) return NULL;

    VipsImage *bytes = NULL;
    int failed = vips_cast_uchar(srgb, &bytes, NULL);
    g_object_unref(srgb);
    if (failed) return NULL;

    VipsImage *pixels = vips_image_copy_memory(bytes);
    g_object_unref(bytes);
    if (pixels != NULL) remove_metadata(pixels);
    return (cvips_image *)pixels;
}

cvips_image *cvips_load(const char *path, int width) {
    VipsImage *image = NULL;
    int failed = vips_thumbnail(path, &image, width, "height", MAXIMUM_HEIGHT, "size", VIPS_SIZE_DOWN, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    return failed ? NULL : in_memory_srgb(image);
}

cvips_image *cvips_draw_svg(const void *svg, size_t count, int width) {
    VipsImage *image = NULL;
    int failed = vips_thumbnail_buffer((void *)svg, count, &image, width, "height", MAXIMUM_HEIGHT, NULL);
    return failed ? NULL : in_memory_srgb(image);
}

cvips_image *cvips_shrink(cvips_image *image, int width) {
    VipsImage *smaller = NULL;
    int failed = vips_thumbnail_image(IMAGE(image), &smaller, width, "height", MAXIMUM_HEIGHT, "size", VIPS_SIZE_DOWN, NULL);
    return failed ? NULL : in_memory_srgb(smaller);
}

int cvips_width(cvips_image *image) {
    return vips_image_get_width(IMAGE(image));
}

int cvips_height(cvips_image *image) {
    return vips_image_get_height(IMAGE(image));
}

void cvips_free_image(cvips_image *image) {
    g_object_unref(IMAGE(image));
}

// MARK: Encoders

bool cvips_save_webp(cvips_image *image, int quality, cvips_buffer *buffer) {
    return vips_webpsave_buffer(
               IMAGE(image), &buffer->bytes, &buffer->count, "Q", quality, "effort", 4, "smart_subsample", TRUE, "strip", TRUE, NULL)
        == 0;
}

bool cvips_save_jpeg(cvips_image *image, int quality, cvips_buffer *buffer) {
    VipsArrayDouble *white = vips_array_double_newv(3, 255.0, 255.0, 255.0);
    int failed = vips_jpegsave_buffer(
        IMAGE(image), &buffer->bytes, &buffer->count, "Q", quality, "interlace", TRUE, "optimize_coding", TRUE, "background", white, "strip", TRUE,
        NULL);
    vips_area_unref(VIPS_AREA(white));
    return failed == 0;
}

bool cvips_save_png(cvips_image *image, cvips_buffer *buffer) {
    return vips_pngsave_buffer(
               IMAGE(image), &buffer->bytes, &buffer->count, "compression", 7, "filter", VIPS_FOREIGN_PNG_FILTER_ALL, "strip", TRUE, NULL)
        == 0;
}

bool cvips_save_palette_png(cvips_image *image, int quality, cvips_buffer *buffer) {
    return vips_pngsave_buffer(
               IMAGE(image), &buffer->bytes, &buffer->count, "compression", 9, "palette", TRUE, "Q", quality, "strip", TRUE, NULL)
        == 0;
}

bool cvips_copy_gif(const char *path, cvips_buffer *buffer) {
    VipsImage *image = NULL;
    if (vips_gifload(path, &image, "n", -1, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL) != 0) return false;
    int failed = vips_gifsave_buffer(image, &buffer->bytes, &buffer->count, "strip", TRUE, NULL);
    g_object_unref(image);
    return failed == 0;
}

bool cvips_pixels(cvips_image *image, cvips_buffer *buffer) {
    if (vips_image_get_bands(IMAGE(image)) != 4 || vips_image_get_format(IMAGE(image)) != VIPS_FORMAT_UCHAR) return false;
    buffer->bytes = vips_image_write_to_memory(IMAGE(image), &buffer->count);
    return buffer->bytes != NULL;
}

void cvips_free_buffer(cvips_buffer *buffer) {
    g_free(buffer->bytes);
    buffer->bytes = NULL;
    buffer->count = 0;
}

void cvips_take_error(char *text, size_t size) {
    char *message = vips_error_buffer_copy();
    g_strlcpy(text, message, size);
    g_free(message);
}
