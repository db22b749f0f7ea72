// Calls that decide what survives a crash.
#pragma once
#include "result.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int clinux_open_directory(const char *path) {
    CLINUX_RESULT(int, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}
static inline int clinux_open_existing(const char *path, int writable) {
    CLINUX_RESULT(int, open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC));
}
static inline int clinux_open_or_create(const char *path, unsigned mode) {
    CLINUX_RESULT(int, open(path, O_RDWR | O_CREAT | O_CLOEXEC, (mode_t)mode));
}
static inline int clinux_create_new(const char *path, unsigned mode) {
    CLINUX_RESULT(int, open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode));
}
static inline int clinux_create_over(const char *path, unsigned mode) {
    CLINUX_RESULT(int, open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode));
}
static inline int clinux_make_directory(const char *path, unsigned mode) {
    CLINUX_RESULT(int, mkdir(path, (mode_t)mode));
}
static inline long clinux_pread(int fd, void *bytes, size_t count, long offset) {
    CLINUX_RESULT(long, pread(fd, bytes, count, offset));
}
static inline long clinux_pwrite(int fd, const void *bytes, size_t count, long offset) {
    CLINUX_RESULT(long, pwrite(fd, bytes, count, offset));
}
static inline long clinux_length(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -errno;
    return status.st_size;
}
static inline int clinux_truncate(int fd, long length) { CLINUX_RESULT(int, ftruncate(fd, length)); }
static inline int clinux_sync_data(int fd) { CLINUX_RESULT(int, fdatasync(fd)); }
static inline int clinux_sync(int fd) { CLINUX_RESULT(int, fsync(fd)); }
static inline int clinux_sync_filesystem(int fd) { CLINUX_RESULT(int, syncfs(fd)); }
static inline int clinux_link(const char *path, const char *other) { CLINUX_RESULT(int, link(path, other)); }
static inline int clinux_rename_path(const char *from, const char *to) { CLINUX_RESULT(int, rename(from, to)); }
static inline int clinux_lock_exclusively(int fd) { CLINUX_RESULT(int, flock(fd, LOCK_EX | LOCK_NB)); }
static inline int clinux_unlock(int fd) { CLINUX_RESULT(int, flock(fd, LOCK_UN)); }
