// What a command has from the shell that started it, and the peer of a Unix socket.
#pragma once
#include "result.h"
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

// One `NAME=value`, or null behind the last.
static inline const char *clinux_environment(int index) { return environ ? environ[index] : 0; }
static inline int clinux_is_terminal(int fd) { return isatty(fd); }
static inline unsigned clinux_user(void) { return geteuid(); }
static inline int clinux_process(void) { return getpid(); }

// The layout of `struct ucred`, which the C library shows to GNU sources only.
struct clinux_credentials {
    int process;
    unsigned user, group;
};
static inline int clinux_peer_credentials(int fd, struct clinux_credentials *peer) {
    socklen_t length = sizeof *peer;
    CLINUX_RESULT(int, getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &length));
}
