// A client that asks at a constant rate, whether or not answers come.
//
//   pacer PORT RATE SECONDS CONNECTIONS TARGETS RECORDS
//
// Request k is due k / RATE seconds after the start. It goes out on a free connection; when none is free it waits, and
// the wait is part of its latency, which counts from the moment it was due: a server that stalls cannot hide the
// requests that it kept from being sent. Targets are /service-N/items/42 with N running over 0 ..< TARGETS.
//
// For every request a record is written to the file RECORDS, in native byte order: when it was due on the monotonic
// clock (ns, 64 bits), its latency (ns, 64 bits), how late it was sent (ns, 32 bits), its status (32 bits, 0 = failed).
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, ANSWER_MAX = 128 << 10, STRIDE = 7919, TICK = 100000 };

struct record {
    uint64_t due, latency;
    uint32_t late, status;
};

struct connection {
    int descriptor, is_busy;
    size_t length;
    struct record *record;
    char answer[ANSWER_MAX];
};

static struct connection *connections;
static struct connection *idle[CONNECTIONS_MAX];
static int idle_count, poller, port;
static long targets;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Connects, and leaves a connection that cannot be made for later.
static void open_connection(struct connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    connection->length = 0;
    connection->is_busy = 0;
    connection->descriptor = -1;
    if (descriptor < 0) fail("socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        close(descriptor);
        return;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
    connection->descriptor = descriptor;
}

static void finish(struct connection *connection, uint32_t status) {
    connection->record->latency = now() - connection->record->due;
    connection->record->status = status;
    connection->is_busy = 0;
    connection->length = 0;
    idle[idle_count++] = connection;
}

// The connection ended. While it was idle that is the server's right, else the request has failed.
static void lose(struct connection *connection) {
    close(connection->descriptor);
    if (connection->is_busy) finish(connection, 0);
    open_connection(connection);
}

static void ask(struct connection *connection, struct record *record, long number) {
    char request[128];
    int length = snprintf(request, sizeof request, "GET /service-%ld/items/42 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                          number * STRIDE % targets);
    if (connection->descriptor < 0) open_connection(connection);
    connection->record = record;
    connection->is_busy = 1;
    record->late = (uint32_t)(now() - record->due);
    if (connection->descriptor < 0)
        finish(connection, 0);
    else if (send(connection->descriptor, request, (size_t)length, MSG_NOSIGNAL) != length)
        lose(connection);
}

// The status of the answer once it is whole, else 0.
static uint32_t whole(const struct connection *connection) {
    static const char name[] = "\r\ncontent-length:";
    const char *end = memmem(connection->answer, connection->length, "\r\n\r\n", 4);
    if (!end) return 0;
    for (const char *at = connection->answer; at < end; at++) {
        if (*at != '\r' || strncasecmp(at, name, sizeof name - 1) != 0) continue;
        size_t body = strtoull(at + sizeof name - 1, NULL, 10);
        size_t here = connection->length - (size_t)(end + 4 - connection->answer);
        return here >= body ? (uint32_t)atoi(connection->answer + 9) : 0;
    }
    return 0;
}

static void receive(struct connection *connection) {
    size_t room = ANSWER_MAX - 1 - connection->length;
    ssize_t count = recv(connection->descriptor, connection->answer + connection->length, room, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0 || !connection->is_busy) return lose(connection);
    connection->length += (size_t)count;
    connection->answer[connection->length] = 0;
    uint32_t status = whole(connection);
    if (status) finish(connection, status);
}

// Sleeps until answers come or a request is due, but not for less than a tick: waking up for each request would cost
// more CPU than the request itself, on a virtual machine most.
static void await(uint64_t due) {
    uint64_t time = now(), rest = due > time + TICK ? due - time : TICK;
    struct timespec timeout = {.tv_sec = (time_t)(rest / 1000000000u), .tv_nsec = (long)(rest % 1000000000u)};
    struct epoll_event events[256];
    int ready = epoll_pwait2(poller, events, 256, &timeout, NULL);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
}

int main(int count, char **arguments) {
    if (count != 7) {
        fprintf(stderr, "usage: pacer PORT RATE SECONDS CONNECTIONS TARGETS RECORDS\n");
        return 2;
    }
    port = atoi(arguments[1]);
    double rate = atof(arguments[2]);
    uint64_t total = (uint64_t)(rate * atof(arguments[3]));
    int connection_count = atoi(arguments[4]);
    targets = atol(arguments[5]);
    if (connection_count > CONNECTIONS_MAX || targets < 1) return 2;
    prctl(PR_SET_TIMERSLACK, 1);
    poller = epoll_create1(0);
    connections = calloc((size_t)connection_count, sizeof *connections);
    struct record *records = calloc(total, sizeof *records);
    for (int i = 0; i < connection_count; i++) {
        open_connection(&connections[i]);
        idle[idle_count++] = &connections[i];
    }
    uint64_t start = now() + 10000000u, sent = 0;
    uint64_t deadline = start + (uint64_t)(atof(arguments[3]) * 1e9) + 10000000000u;
    for (uint64_t i = 0; i < total; i++) records[i].due = start + (uint64_t)((double)i * 1e9 / rate);
    while ((sent < total || idle_count < connection_count) && now() < deadline) {
        while (sent < total && idle_count && records[sent].due <= now()) {
            ask(idle[--idle_count], &records[sent], (long)sent);
            sent++;
        }
        await(sent < total && idle_count ? records[sent].due : now() + 50000000u);
    }
    FILE *file = fopen(arguments[6], "wb");
    if (!file || fwrite(records, sizeof *records, total, file) != total || fclose(file)) fail(arguments[6]);
}
