#define _GNU_SOURCE
#include "CFileSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { longest_component = 255, attempts = 8 };

/// The length of the component that starts at `path`, or -1 if it may not stand in a path.
static int component_length(const char *path) {
    size_t length = strcspn(path, "/");
    if (length == 0 || length > longest_component) return -1;
    if (path[0] == '.' && (length == 1 || (length == 2 && path[1] == '.'))) return -1;
    return (int)length;
}

static int is_plain(const char *path) {
    for (;;) {
        int length = component_length(path);
        if (length < 0) return 0;
        path += length;
        if (*path == '\0') return 1;
        path += 1;
    }
}

int marquee_open_beneath_stepwise(int directory, const char *path, int flags) {
    if (!is_plain(path)) return -EINVAL;
    int current = directory;
    for (;;) {
        int length = component_length(path);
        char name[longest_component + 1];
        memcpy(name, path, (size_t)length);
        name[length] = '\0';
        path += length;
        int last = *path == '\0';
        int step = last ? flags : O_PATH | O_DIRECTORY;
        int next = openat(current, name, step | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        if (current != directory) close(current);
        if (next < 0) return -error;
        if (last) return next;
        current = next;
        path += 1;
    }
}

int marquee_open_beneath(int directory, const char *path, int flags) {
    if (!is_plain(path)) return -EINVAL;
    struct open_how how = {0};
    how.flags = (unsigned long long)(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: something was renamed while the kernel looked (see openat2(2)).
    for (int attempt = 0; attempt < attempts; attempt++) {
        long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (descriptor >= 0) return (int)descriptor;
        if (errno == ENOSYS || errno == EPERM) return marquee_open_beneath_stepwise(directory, path, flags);
        if (errno != EAGAIN && errno != EINTR) return -errno;
    }
    return marquee_open_beneath_stepwise(directory, path, flags);
}

int marquee_syncfs(int descriptor) {
    return syncfs(descriptor);
}
