// The least that a full build has to do: read every page, render its Markdown with cmark-gfm, write as many bytes as the finished page
// has. One page after the other, on one core, without templates, links, lists or flushing to disk.
//
//     floor < list
//
// Each line of the list is `source TAB bytes TAB destination`. Prints the pages written.

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { largest_page = 4 << 20 };

static char source[largest_page + 1];
static char page[largest_page + 1];

static void fail(const char *what, const char *path) {
    fprintf(stderr, "floor: %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

static size_t read_file(const char *path) {
    int file = open(path, O_RDONLY);
    if (file < 0) fail("can't open", path);
    size_t size = 0;
    for (ssize_t count; (count = read(file, source + size, largest_page - size)) > 0;) size += (size_t)count;
    close(file);
    source[size] = '\0';
    return size;
}

static void make_folders(char *path) {
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST) fail("can't create", path);
        *slash = '/';
    }
}

static void write_file(char *path, size_t size) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (file < 0 && errno == ENOENT) {
        make_folders(path);
        file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    }
    if (file < 0 || write(file, page, size) != (ssize_t)size || close(file) != 0) fail("can't write", path);
}

/// The Markdown below the front matter.
static const char *body(const char *text) {
    if (strncmp(text, "---\n", 4) != 0) return text;
    const char *end = strstr(text + 4, "\n---\n");
    return end ? end + 5 : text;
}

static void render(const char *markdown) {
    static const char *const names[] = {"table", "strikethrough", "autolink", "tasklist"};
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE);
    for (size_t index = 0; index < sizeof names / sizeof *names; index++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(names[index]));
    cmark_parser_feed(parser, markdown, strlen(markdown));
    cmark_node *root = cmark_parser_finish(parser);
    char *html = cmark_render_html(root, CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE, cmark_parser_get_syntax_extensions(parser));
    size_t length = strlen(html);
    memcpy(page, html, length < largest_page ? length : largest_page);
    free(html);
    cmark_node_free(root);
    cmark_parser_free(parser);
}

int main(void) {
    cmark_gfm_core_extensions_ensure_registered();
    // What the template around the text would be.
    memset(page, 'x', largest_page);
    static char line[16 << 10];
    int pages = 0;
    while (fgets(line, sizeof line, stdin)) {
        char *first = strchr(line, '\t');
        char *second = first ? strchr(first + 1, '\t') : NULL;
        char *end = second ? strchr(second, '\n') : NULL;
        if (!end) {
            fprintf(stderr, "floor: a line of the list is not `source TAB bytes TAB destination`\n");
            return 2;
        }
        *first = *second = *end = '\0';
        size_t size = strtoul(first + 1, NULL, 10);
        if (size > largest_page) size = largest_page;
        read_file(line);
        render(body(source));
        write_file(second + 1, size);
        pages++;
    }
    printf("%d\n", pages);
    return 0;
}
