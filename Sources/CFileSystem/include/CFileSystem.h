#ifndef CFILESYSTEM_H
#define CFILESYSTEM_H

/// Opens a relative path below a directory without leaving it and without following any symbolic link on the way, the last component
/// included. A path with an empty, `.` or `..` component is refused.
///
/// Uses openat2(2) and, where the kernel or a sandbox does not offer it, opens one component after the other with O_NOFOLLOW.
/// O_CLOEXEC is always set. Returns a descriptor, or the negative error number.
int marquee_open_beneath(int directory, const char *path, int flags);

/// The second way of `marquee_open_beneath`, on its own so that tests reach it on every kernel.
int marquee_open_beneath_stepwise(int directory, const char *path, int flags);

/// Flushes the file system that an open file or directory is on: syncfs(2), which Swift's Glibc module doesn't show.
/// Returns 0, or -1 with errno set.
int marquee_syncfs(int descriptor);

#endif
