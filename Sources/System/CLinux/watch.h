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

// A descriptor to wait for. `wanted` and `ready`: 1 for bytes to read, 2 for room to write.
struct clinux_poll_entry {
    int descriptor;
    int wanted;
    int ready;
};

static inline int clinux_poll(struct clinux_poll_entry *entries, int count, int milliseconds) {
    struct pollfd polled[count > 0 ? count : 1];
    for (int index = 0; index < count; index++) {
        short events = (entries[index].wanted & 1 ? POLLIN : 0) | (entries[index].wanted & 2 ? POLLOUT : 0);
        polled[index] = (struct pollfd){.fd = entries[index].descriptor, .events = events};
    }
    int result = poll(polled, count, milliseconds);
    if (result < 0) return -errno;
    for (int index = 0; index < count; index++) {
        short events = polled[index].revents;
        // A failure is found by whoever reads or writes next.
        int failed = events & (POLLERR | POLLHUP | POLLNVAL);
        int ready = (events & POLLIN || failed ? 1 : 0) | (events & POLLOUT || failed ? 2 : 0);
        entries[index].ready = ready & entries[index].wanted;
    }
    return result;
}
