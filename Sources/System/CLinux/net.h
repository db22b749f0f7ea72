// Sockets and epoll.
#pragma once
#include "result.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// An IPv4 or IPv6 address: the first 4 or all 16 bytes count.
struct clinux_address {
    unsigned char bytes[16];
    unsigned short port;
    unsigned char is_v6;
};

static inline socklen_t clinux_sockaddr(const struct clinux_address *from, struct sockaddr_storage *to) {
    memset(to, 0, sizeof *to);
    if (from->is_v6) {
        struct sockaddr_in6 *address = (struct sockaddr_in6 *)to;
        address->sin6_family = AF_INET6;
        address->sin6_port = htons(from->port);
        memcpy(&address->sin6_addr, from->bytes, 16);
        return sizeof *address;
    }
    struct sockaddr_in *address = (struct sockaddr_in *)to;
    address->sin_family = AF_INET;
    address->sin_port = htons(from->port);
    memcpy(&address->sin_addr, from->bytes, 4);
    return sizeof *address;
}

static inline void clinux_address_from(const struct sockaddr_storage *from, struct clinux_address *to) {
    memset(to, 0, sizeof *to);
    if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)from;
        to->is_v6 = 1;
        to->port = ntohs(address->sin6_port);
        memcpy(to->bytes, &address->sin6_addr, 16);
    } else if (from->ss_family == AF_INET) {
        const struct sockaddr_in *address = (const struct sockaddr_in *)from;
        to->port = ntohs(address->sin_port);
        memcpy(to->bytes, &address->sin_addr, 4);
    }
}

// 1: `text` is a numeric address; 0: it is not.
static inline int clinux_parse_address(const char *text, struct clinux_address *to) {
    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, text, to->bytes) == 1) return 1;
    to->is_v6 = 1;
    return inet_pton(AF_INET6, text, to->bytes) == 1;
}

static inline void clinux_address_text(const struct clinux_address *address, char *text, unsigned size) {
    if (!inet_ntop(address->is_v6 ? AF_INET6 : AF_INET, address->bytes, text, size)) text[0] = 0;
}

static inline int clinux_option(int fd, int level, int name, int value) {
    CLINUX_RESULT(int, setsockopt(fd, level, name, &value, sizeof value));
}

// A listening socket, non-blocking, shared by port with the other workers'.
static inline int clinux_listen(const struct clinux_address *address, int backlog) {
    struct sockaddr_storage storage;
    socklen_t length = clinux_sockaddr(address, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    clinux_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    clinux_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (address->is_v6) clinux_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (bind(fd, (struct sockaddr *)&storage, length) < 0 || listen(fd, backlog) < 0) {
        int failure = errno;
        close(fd);
        return -failure;
    }
    return fd;
}

// 0 when nobody listens at the address. A listening socket that shares its port would take a second one in silently,
// from this process or another; the probe does not share, so it is refused.
static inline int clinux_probe_address(const struct clinux_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = clinux_sockaddr(address, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    clinux_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (address->is_v6) clinux_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    int failure = bind(fd, (struct sockaddr *)&storage, length) < 0 ? -errno : 0;
    close(fd);
    return failure;
}

static inline int clinux_local_port(int fd) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    struct clinux_address address;
    clinux_address_from(&storage, &address);
    return address.port;
}

static inline int clinux_accept(int listener, struct clinux_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    int fd = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    clinux_address_from(&storage, peer);
    clinux_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
}

// Takes the next connection, drops what it has said, answers and closes it.
static inline int clinux_shed(int listener, const void *answer, size_t count) {
    char said[4096];
    int fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    for (int reads = 0; reads < 16 && recv(fd, said, sizeof said, 0) > 0; reads++) {}
    send(fd, answer, count, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    // A close over unread bytes is a reset, which may overtake the answer.
    for (int reads = 0; reads < 16 && recv(fd, said, sizeof said, 0) > 0; reads++) {}
    close(fd);
    return 0;
}
static inline int clinux_duplicate(int fd) { CLINUX_RESULT(int, fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

// A connecting socket, non-blocking; whether it worked is told by `clinux_socket_error` once it is writable.
static inline int clinux_connect(const struct clinux_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = clinux_sockaddr(address, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    clinux_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (connect(fd, (struct sockaddr *)&storage, length) < 0 && errno != EINPROGRESS) {
        int failure = errno;
        close(fd);
        return -failure;
    }
    return fd;
}

// 0, or the pending error.
static inline int clinux_socket_error(int fd) {
    int failure = 0;
    socklen_t length = sizeof failure;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &length) < 0) return errno;
    return failure;
}

// Without the C library's wrappers, which prepare each call for the cancellation of its thread: no thread is cancelled.
static inline long clinux_receive(int fd, void *bytes, size_t count) {
    CLINUX_RESULT(long, syscall(SYS_recvfrom, fd, bytes, count, 0, 0, 0));
}
// Whether there is something to read: bytes that stay where they are, 0 at the end of the stream, or an error.
static inline long clinux_peek(int fd) {
    char byte;
    CLINUX_RESULT(long, recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
}
static inline long clinux_send(int fd, const void *bytes, size_t count) {
    CLINUX_RESULT(long, syscall(SYS_sendto, fd, bytes, count, MSG_NOSIGNAL, 0, 0));
}
// A close drops what was not sent and resets the connection.
static inline void clinux_linger_none(int fd) {
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}
static inline int clinux_shutdown_write(int fd) { CLINUX_RESULT(int, shutdown(fd, SHUT_WR)); }

// A Unix-domain stream socket; the caller removes an old path first.
static inline int clinux_unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}
static inline int clinux_unix_listen(const char *path) {
    struct sockaddr_un address;
    int failure = clinux_unix_address(path, &address);
    if (failure) return failure;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    // The socket is born with the mode it keeps: a umask or a later chmod would leave a gap.
    if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0) {
        failure = errno;
        close(fd);
        return -failure;
    }
    return fd;
}
static inline int clinux_unix_connect(const char *path) {
    struct sockaddr_un address;
    int failure = clinux_unix_address(path, &address);
    if (failure) return failure;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        failure = errno;
        close(fd);
        return -failure;
    }
    return fd;
}
static inline int clinux_accept_blocking(int listener) { CLINUX_RESULT(int, accept4(listener, 0, 0, SOCK_CLOEXEC)); }
static inline int clinux_timeouts(int fd, int milliseconds) {
    struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    CLINUX_RESULT(int, setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
}

static inline int clinux_epoll_create(void) { CLINUX_RESULT(int, epoll_create1(EPOLL_CLOEXEC)); }
static inline int clinux_epoll_add(int epoll, int fd, unsigned events, unsigned long token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    CLINUX_RESULT(int, epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}
static inline int clinux_epoll_remove(int epoll, int fd) { CLINUX_RESULT(int, epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0)); }
static inline int clinux_epoll_wait(int epoll, struct epoll_event *events, int limit, int milliseconds) {
    CLINUX_RESULT(int, epoll_wait(epoll, events, limit, milliseconds));
}
// The struct is packed, so its fields are read here.
static inline unsigned clinux_event_flags(const struct epoll_event *event) { return event->events; }
static inline unsigned long clinux_event_token(const struct epoll_event *event) { return event->data.u64; }

static const unsigned clinux_edge = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
static const unsigned clinux_level_input = EPOLLIN;
static const unsigned clinux_readable = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
static const unsigned clinux_writable = EPOLLOUT | EPOLLHUP | EPOLLERR;
static const unsigned clinux_broken = EPOLLHUP | EPOLLERR;
static const unsigned clinux_ended = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
