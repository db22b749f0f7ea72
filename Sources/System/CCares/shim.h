// c-ares in the few calls that one lookup takes.
#pragma once
#include <ares.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

// A channel for one lookup. The hosts file, resolv.conf and its search list are read now, so a change of them counts
// from the next lookup on. `servers` is a list such as `127.0.0.1:53,[::1]:53`, or empty for those of resolv.conf.
static inline int ccares_open(ares_channel *channel, int try_milliseconds, int tries, const char *servers) {
    struct ares_options options;
    memset(&options, 0, sizeof options);
    options.timeout = try_milliseconds;
    options.tries = tries;
    int status = ares_init_options(channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
    if (status != ARES_SUCCESS || !*servers) return status;
    status = ares_set_servers_ports_csv(*channel, servers);
    if (status != ARES_SUCCESS) ares_destroy(*channel);
    return status;
}

// A and AAAA at once; `done` is called now or by a later call with the channel.
static inline void ccares_start(ares_channel channel, const char *name, ares_addrinfo_callback done, void *context) {
    struct ares_addrinfo_hints hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel, name, 0, &hints, done, context);
}

// Copies the address of a node: 4 or 16 bytes, 0 for another family.
static inline int ccares_address(const struct ares_addrinfo_node *node, unsigned char *bytes) {
    if (node->ai_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr, 4);
        return 4;
    }
    if (node->ai_family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)node->ai_addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

// The sockets that the channel waits for: 1 to read, 2 to write. At most ARES_GETSOCK_MAXNUM.
static inline int ccares_sockets(ares_channel channel, int *numbers, int *interests) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    int bits = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    int count = 0;
    for (int index = 0; index < ARES_GETSOCK_MAXNUM; index++) {
        int interest = (ARES_GETSOCK_READABLE(bits, index) ? 1 : 0) | (ARES_GETSOCK_WRITABLE(bits, index) ? 2 : 0);
        if (!interest) continue;
        numbers[count] = sockets[index];
        interests[count++] = interest;
    }
    return count;
}

// Until the channel wants to be called without any socket being ready; at most `limit`.
static inline int ccares_patience(ares_channel channel, int limit) {
    struct timeval most = {.tv_sec = limit / 1000, .tv_usec = limit % 1000 * 1000}, left;
    struct timeval *chosen = ares_timeout(channel, &most, &left);
    return chosen ? (int)(chosen->tv_sec * 1000 + (chosen->tv_usec + 999) / 1000) : limit;
}
