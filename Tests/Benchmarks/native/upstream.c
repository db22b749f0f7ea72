// The server behind the proxies: one thread, epoll, as little work per request as there can be.
//
//   upstream COUNTERS LISTENERS
//
// Binds so many free ports of the loopback interface and prints them on one line. Requests are counted per port in the
// file COUNTERS, which is shared memory: reading the counters costs this process nothing.
//
// The target of a request chooses the answer: with `/large` in it 64 KiB, with `/head` the head as it arrived (not
// counted), else 1 KiB. A request body (with Content-Length) is read to its end before the answer goes out.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTENERS_MAX = 8, HEAD_MAX = 16 << 10, SMALL = 1 << 10, LARGE = 64 << 10 };

struct answer {
    char *bytes;
    size_t length;
};

struct listener {
    int descriptor;
    struct answer small, large;
};

struct connection {
    int descriptor, listener;
    size_t head_length, body_left, unsent;
    const char *output;
    const struct answer *answer;
    char head[HEAD_MAX];
};

static struct listener listeners[LISTENERS_MAX];
static volatile uint64_t *counters;
static int poller;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int descriptor, uint32_t events, void *owner, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = owner};
    if (epoll_ctl(poller, operation, descriptor, &event) < 0) fail("epoll_ctl");
}

static struct answer make_answer(int listener, size_t length) {
    struct answer answer;
    char head[256];
    int head_length = snprintf(head, sizeof head,
                               "HTTP/1.1 200 OK\r\nServer: upstream\r\nContent-Type: text/plain\r\n"
                               "X-Instance: %d\r\nContent-Length: %zu\r\n\r\n",
                               listener, length);
    answer.length = (size_t)head_length + length;
    answer.bytes = malloc(answer.length);
    memcpy(answer.bytes, head, (size_t)head_length);
    for (size_t i = 0; i < length; i++) answer.bytes[(size_t)head_length + i] = (char)('a' + i % 26);
    return answer;
}

static void drop(struct connection *connection) {
    close(connection->descriptor);
    free(connection);
}

// False when the connection is of no more use.
static int flush(struct connection *connection) {
    while (connection->unsent) {
        ssize_t sent = send(connection->descriptor, connection->output, connection->unsent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            watch(connection->descriptor, EPOLLOUT, connection, EPOLL_CTL_MOD);
            return 1;
        }
        if (sent < 0) return 0;
        connection->output += sent;
        connection->unsent -= (size_t)sent;
    }
    return 1;
}

static int answer(struct connection *connection) {
    counters[connection->listener]++;
    connection->output = connection->answer->bytes;
    connection->unsent = connection->answer->length;
    return flush(connection);
}

static int show_head(struct connection *connection, size_t length) {
    char text[HEAD_MAX + 128];
    int prefix = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nX-Instance: %d\r\nContent-Length: %zu\r\n\r\n",
                          connection->listener, length);
    memcpy(text + prefix, connection->head, length);
    return send(connection->descriptor, text, (size_t)prefix + length, MSG_NOSIGNAL) > 0;
}

static size_t content_length(const char *head, size_t length) {
    static const char name[] = "content-length:";
    const char *line = memchr(head, '\n', length);
    while (line && (size_t)(head + length - line) > sizeof name) {
        if (strncasecmp(line + 1, name, sizeof name - 1) == 0) return strtoull(line + sizeof name, NULL, 10);
        line = memchr(line + 1, '\n', (size_t)(head + length - line - 1));
    }
    return 0;
}

// Answers what is whole in the buffer.
static int take(struct connection *connection) {
    while (connection->head_length && !connection->unsent && !connection->body_left) {
        const char *end = memmem(connection->head, connection->head_length, "\r\n\r\n", 4);
        if (!end) return connection->head_length < HEAD_MAX;
        size_t head = (size_t)(end + 4 - connection->head);
        size_t line = (size_t)((const char *)memchr(connection->head, '\r', head) - connection->head);
        const struct listener *listener = &listeners[connection->listener];
        connection->answer = memmem(connection->head, line, "/large", 6) ? &listener->large : &listener->small;
        size_t body = memcmp(connection->head, "GET ", 4) == 0 ? 0 : content_length(connection->head, head);
        size_t rest = connection->head_length - head;
        size_t taken = rest < body ? rest : body;
        int is_question = memmem(connection->head, line, "/head", 5) != NULL;
        if (is_question && !show_head(connection, head)) return 0;
        connection->head_length = rest - taken;
        memmove(connection->head, connection->head + head + taken, connection->head_length);
        connection->body_left = body - taken;
        if (!is_question && !connection->body_left && !answer(connection)) return 0;
    }
    return 1;
}

static int receive(struct connection *connection) {
    static char body[256 << 10];
    if (connection->body_left) {
        size_t room = connection->body_left < sizeof body ? connection->body_left : sizeof body;
        ssize_t count = recv(connection->descriptor, body, room, 0);
        if (count <= 0) return count < 0 && errno == EAGAIN;
        connection->body_left -= (size_t)count;
        return connection->body_left || answer(connection);
    }
    size_t room = HEAD_MAX - connection->head_length;
    ssize_t count = recv(connection->descriptor, connection->head + connection->head_length, room, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    connection->head_length += (size_t)count;
    return take(connection);
}

static void accept_all(int listener) {
    int descriptor;
    while ((descriptor = accept4(listeners[listener].descriptor, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = calloc(1, sizeof *connection);
        connection->descriptor = descriptor;
        connection->listener = listener;
        watch(descriptor, EPOLLIN, connection, EPOLL_CTL_ADD);
    }
}

static int open_listener(int index) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct listener *listener = &listeners[index];
    listener->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener->descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
    if (listen(listener->descriptor, 4096) < 0) fail("listen");
    if (getsockname(listener->descriptor, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
    listener->small = make_answer(index, SMALL);
    listener->large = make_answer(index, LARGE);
    watch(listener->descriptor, EPOLLIN, listener, EPOLL_CTL_ADD);
    return ntohs(address.sin_port);
}

static void serve(struct connection *connection, uint32_t events) {
    int lives = 1;
    if (connection->unsent) {
        lives = flush(connection);
        if (lives && !connection->unsent) {
            watch(connection->descriptor, EPOLLIN, connection, EPOLL_CTL_MOD);
            lives = take(connection);
        }
    } else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        lives = receive(connection);
    }
    if (!lives) drop(connection);
}

int main(int count, char **arguments) {
    int wanted = count == 3 ? atoi(arguments[2]) : 0;
    if (wanted < 1 || wanted > LISTENERS_MAX) {
        fprintf(stderr, "usage: upstream COUNTERS LISTENERS\n");
        return 2;
    }
    int file = open(arguments[1], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || ftruncate(file, 4096) < 0) fail(arguments[1]);
    counters = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (counters == MAP_FAILED) fail("mmap");
    poller = epoll_create1(0);
    for (int i = 0; i < wanted; i++) printf("%d%c", open_listener(i), i + 1 < wanted ? ' ' : '\n');
    fflush(stdout);
    struct epoll_event events[256];
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            struct listener *listener = events[i].data.ptr;
            if (listener >= listeners && listener < listeners + LISTENERS_MAX)
                accept_all((int)(listener - listeners));
            else
                serve(events[i].data.ptr, events[i].events);
        }
    }
}
