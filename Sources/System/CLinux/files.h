// Files and directories.
#pragma once
#include "result.h"
#include <unistd.h>

static inline int clinux_close(int fd) { CLINUX_RESULT(int, close(fd)); }
static inline long clinux_read(int fd, void *bytes, size_t count) { CLINUX_RESULT(long, read(fd, bytes, count)); }
static inline long clinux_write(int fd, const void *bytes, size_t count) { CLINUX_RESULT(long, write(fd, bytes, count)); }
