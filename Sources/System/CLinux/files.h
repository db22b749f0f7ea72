// Files and directories.
#pragma once
#include "result.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int clinux_close(int fd) { CLINUX_RESULT(int, close(fd)); }
static inline long clinux_read(int fd, void *bytes, size_t count) { CLINUX_RESULT(long, read(fd, bytes, count)); }
static inline long clinux_write(int fd, const void *bytes, size_t count) { CLINUX_RESULT(long, write(fd, bytes, count)); }

// O_NONBLOCK: opening a FIFO must not wait for its other end; it changes nothing for regular files.
static const int clinux_open_read = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
static const int clinux_open_append = O_WRONLY | O_CLOEXEC | O_CREAT | O_APPEND;
static inline int clinux_open(const char *path, int flags, unsigned mode) { CLINUX_RESULT(int, open(path, flags, mode)); }

struct clinux_status {
    unsigned long device, inode;
    long size, modified_ns, changed_ns;
    unsigned mode;
};
static inline void clinux_status_from(const struct stat *from, struct clinux_status *to) {
    to->device = from->st_dev;
    to->inode = from->st_ino;
    to->size = from->st_size;
    to->modified_ns = from->st_mtim.tv_sec * 1000000000L + from->st_mtim.tv_nsec;
    to->changed_ns = from->st_ctim.tv_sec * 1000000000L + from->st_ctim.tv_nsec;
    to->mode = from->st_mode;
}
static inline int clinux_stat(const char *path, int follow, struct clinux_status *status) {
    struct stat found;
    if (fstatat(AT_FDCWD, path, &found, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    clinux_status_from(&found, status);
    return 0;
}
static inline int clinux_fstat(int fd, struct clinux_status *status) {
    struct stat found;
    if (fstat(fd, &found) < 0) return -errno;
    clinux_status_from(&found, status);
    return 0;
}
static inline int clinux_is_regular(unsigned mode) { return S_ISREG(mode); }
static inline int clinux_is_directory(unsigned mode) { return S_ISDIR(mode); }
static inline int clinux_is_symlink(unsigned mode) { return S_ISLNK(mode); }

// Takes the descriptor over when it succeeds.
static inline int clinux_directory_open(int fd, DIR **directory) {
    *directory = fdopendir(fd);
    return *directory ? 0 : -errno;
}
static inline void clinux_directory_close(DIR *directory) { closedir(directory); }
// 1: an entry; 0: the end.
static inline int clinux_directory_next(DIR *directory, const char **name, unsigned char *type) {
    errno = 0;
    struct dirent *entry = readdir(directory);
    if (!entry) return -errno;
    *name = entry->d_name;
    *type = entry->d_type;
    return 1;
}
static const unsigned char clinux_type_regular = DT_REG;
static const unsigned char clinux_type_directory = DT_DIR;
static const unsigned char clinux_type_symlink = DT_LNK;
static const unsigned char clinux_type_unknown = DT_UNKNOWN;

static inline int clinux_unlink(const char *path) { CLINUX_RESULT(int, unlink(path)); }
static inline int clinux_chmod(const char *path, unsigned mode) { CLINUX_RESULT(int, chmod(path, mode)); }

static const int clinux_path_max = PATH_MAX;
// `resolved` holds PATH_MAX bytes.
static inline int clinux_realpath(const char *path, char *resolved) { return realpath(path, resolved) ? 0 : -errno; }
static inline long clinux_readlink(const char *path, char *bytes, size_t count) {
    CLINUX_RESULT(long, readlink(path, bytes, count));
}
