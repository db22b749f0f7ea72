// inotify, eventfd and poll.
#pragma once
#include "result.h"
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

static inline int clinux_inotify_init(void) { CLINUX_RESULT(int, inotify_init1(IN_CLOEXEC | IN_NONBLOCK)); }
static inline int clinux_inotify_add(int fd, const char *path, uint32_t mask) {
    CLINUX_RESULT(int, inotify_add_watch(fd, path, mask));
}
static inline int clinux_inotify_remove(int fd, int watch) { CLINUX_RESULT(int, inotify_rm_watch(fd, watch)); }

static inline int clinux_eventfd(void) { CLINUX_RESULT(int, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }
static inline int clinux_eventfd_raise(int fd) { CLINUX_RESULT(int, eventfd_write(fd, 1)); }
// Resets the counter; -EAGAIN when it was not raised.
static inline int clinux_eventfd_lower(int fd) {
    eventfd_t count;
    CLINUX_RESULT(int, eventfd_read(fd, &count));
}

// Waits for bytes on either descriptor; a negative descriptor is left out. Bit 0 of the result: first, bit 1: second.
static inline int clinux_poll_two(int first, int second, int milliseconds) {
    struct pollfd ready[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    int count = poll(ready, 2, milliseconds);
    if (count < 0) return -errno;
    return (ready[0].revents != 0) | (ready[1].revents != 0) << 1;
}
