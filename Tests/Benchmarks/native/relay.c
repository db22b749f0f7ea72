// The floor: what a proxy on sockets and epoll costs that does not look at a single byte.
//
//   relay PORT ANSWER_BYTES UPSTREAM_PORT...
//
// Per request two receives and two sends, upstream connections from a keep-alive pool in round robin, and nothing else:
// no parsing, no fields added, no log, no timers. It knows that an answer is over because all have ANSWER_BYTES bytes.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UPSTREAMS_MAX = 8, DESCRIPTORS_MAX = 65536, BUFFER = 256 << 10 };

// One side of a relayed connection, by descriptor. `partner` is the other side, -1 while there is none.
struct side {
    int partner, upstream;
    size_t answer_left;
};

struct pool {
    int port, count, idle[DESCRIPTORS_MAX / UPSTREAMS_MAX];
};

static struct side sides[DESCRIPTORS_MAX];
static struct pool pools[UPSTREAMS_MAX];
static int pool_count, turn, poller;
static size_t answer_bytes;
static char buffer[BUFFER];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (descriptor >= DESCRIPTORS_MAX || epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static int lease(void) {
    int chosen = turn = (turn + 1) % pool_count;
    struct pool *pool = &pools[chosen];
    if (pool->count) return pool->idle[--pool->count];
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)pool->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) fail("connect");
    struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
    poll(&ready, 1, 1000);
    watch(descriptor);
    sides[descriptor] = (struct side){.partner = -1, .upstream = chosen};
    return descriptor;
}

static int send_all(int descriptor, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
            poll(&ready, 1, 1000);
            continue;
        }
        if (sent < 0) return 0;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 1;
}

static void end(int descriptor) {
    int partner = sides[descriptor].partner;
    if (partner >= 0) {
        sides[partner].partner = -1;
        close(partner);
    }
    close(descriptor);
}

static void relay(int from) {
    ssize_t count = recv(from, buffer, sizeof buffer, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return end(from);
    int is_client = sides[from].upstream < 0;
    if (is_client && sides[from].partner < 0) {
        int leased = lease();
        sides[from].partner = leased;
        sides[leased].partner = from;
        sides[leased].answer_left = answer_bytes;
    }
    int to = sides[from].partner;
    if (to < 0 || !send_all(to, buffer, (size_t)count)) return end(from);
    if (is_client) return;
    sides[from].answer_left -= (size_t)count;
    if (sides[from].answer_left) return;
    struct pool *pool = &pools[sides[from].upstream];
    sides[from].partner = sides[to].partner = -1;
    pool->idle[pool->count++] = from;
}

int main(int count, char **arguments) {
    if (count < 4 || count - 3 > UPSTREAMS_MAX) {
        fprintf(stderr, "usage: relay PORT ANSWER_BYTES UPSTREAM_PORT...\n");
        return 2;
    }
    answer_bytes = strtoull(arguments[2], NULL, 10);
    for (int i = 3; i < count; i++) pools[pool_count++].port = atoi(arguments[i]);
    poller = epoll_create1(0);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) fail("bind");
    watch(listener);
    struct epoll_event events[256];
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != listener) {
                relay(events[i].data.fd);
                continue;
            }
            int client;
            while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                watch(client);
                sides[client] = (struct side){.partner = -1, .upstream = -1};
            }
        }
    }
}
