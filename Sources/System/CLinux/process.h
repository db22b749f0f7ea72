// Threads, signals, time, randomness.
#pragma once
#include <errno.h>
#include <termios.h>
#include "result.h"
#include <elf.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline long clinux_nanoseconds(int clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}
static const int clinux_clock_monotonic = CLOCK_MONOTONIC;
static const int clinux_clock_realtime = CLOCK_REALTIME;

static inline void clinux_release_heap(void) { malloc_trim(0); }

// The linker's name for the header of the program's own file, as it lies in memory.
extern const Elf64_Ehdr __executable_start;

// Gives back what the heap has free, and takes those pages of the program's file out of this process that nobody can
// write to: the page cache keeps them, and the ones that are needed again come back one by one.
static inline void clinux_release_unused(void) {
    malloc_trim(0);
    // Only then are its addresses counted from its start.
    if (__executable_start.e_type != ET_DYN) return;
    unsigned long program = (unsigned long)&__executable_start, page = (unsigned long)sysconf(_SC_PAGESIZE);
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(program + __executable_start.e_phoff);
    for (int index = 0; index < __executable_start.e_phnum; index++) {
        if (segments[index].p_type != PT_LOAD || segments[index].p_flags & PF_W) continue;
        unsigned long start = program + segments[index].p_vaddr, end = start + segments[index].p_memsz;
        start = (start + page - 1) & ~(page - 1);
        if (start < (end & ~(page - 1))) madvise((void *)start, (end & ~(page - 1)) - start, MADV_DONTNEED);
    }
}

// The calling thread comes behind others: a smaller share of a processor that is busy, in the shortest turns, so that
// a thread that wakes up does not wait for one to end. Turns can be chosen from Linux 6.12 on; before, the nice value does
// what it can.
static inline int clinux_give_way(int nice) {
    // The kernel's `struct sched_attr`, which older C libraries do not have.
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t turn_ns, deadline, period;
    } wish = {.size = sizeof wish, .policy = 3 /* SCHED_BATCH */, .nice = nice, .turn_ns = 100000};
    CLINUX_RESULT(int, (int)syscall(SYS_sched_setattr, 0, &wish, 0));
}

static inline unsigned long clinux_random(void) {
    unsigned long word = 0;
    while (getrandom(&word, sizeof word, 0) != sizeof word) {}
    return word;
}

// Asks for a line on the terminal that is not shown; -ECANCELED for Ctrl-C, which here ends a line like any other end, so
// that no signal leaves the terminal silent. Asked when it is silent: what was typed before is dropped.
static inline long clinux_read_hidden(const char *prompt, char *bytes, size_t count) {
    struct termios shown, hidden;
    if (tcgetattr(0, &shown) < 0) return -errno;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    hidden.c_cc[VEOL] = 3;
    if (tcsetattr(0, TCSAFLUSH, &hidden) < 0) return -errno;
    long got = write(2, prompt, strlen(prompt));
    do got = read(0, bytes, count);
    while (got < 0 && errno == EINTR);
    long result = got < 0 ? -errno : got;
    tcsetattr(0, TCSADRAIN, &shown);
    return result > 0 && bytes[result - 1] == 3 ? -ECANCELED : result;
}

struct clinux_start {
    void (*body)(void *);
    void *context;
    char name[16];
};
static inline void *clinux_thread_main(void *argument) {
    struct clinux_start start = *(struct clinux_start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return 0;
}
// A detached thread with all signals blocked.
static inline int clinux_thread(const char *name, void *context, void (*body)(void *)) {
    struct clinux_start *start = calloc(1, sizeof *start);
    if (!start) return -ENOMEM;
    start->body = body;
    start->context = context;
    strncpy(start->name, name, sizeof start->name - 1);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int failure = pthread_create(&thread, 0, clinux_thread_main, start);
    pthread_sigmask(SIG_SETMASK, &before, 0);
    if (failure) {
        free(start);
        return -failure;
    }
    pthread_detach(thread);
    return 0;
}

// Blocks the daemon's signals and gives a descriptor that reads them; SIGPIPE is ignored.
static inline int clinux_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    int failure = pthread_sigmask(SIG_BLOCK, &set, 0);
    if (failure) return -failure;
    signal(SIGPIPE, SIG_IGN);
    CLINUX_RESULT(int, signalfd(-1, &set, SFD_CLOEXEC));
}
// 1: terminate; 2: reload; 3: reopen; 0: none of them.
static inline int clinux_next_signal(int fd) {
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) != sizeof info) return 0;
    return info.ssi_signo == SIGHUP ? 2 : info.ssi_signo == SIGUSR1 ? 3 : 1;
}

// Zeroed pages, or null.
static inline void *clinux_map(size_t count) {
    void *base = mmap(0, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return base == MAP_FAILED ? 0 : base;
}
static inline void clinux_prefetch(const void *address) { __builtin_prefetch(address, 1); }
static inline void clinux_unmap(void *base, size_t count) { munmap(base, count); }

// Raises the limit on open files as far as it goes; returns what it is then.
static inline long clinux_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    return (long)limit.rlim_cur;
}
// Processors that this process may run on. By system call: the C library's form needs names that depend on what was
// included first.
static inline int clinux_processors(void) {
    unsigned long mask[64] = {0};
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long index = 0; index < size / (long)sizeof mask[0]; index++) count += __builtin_popcountl(mask[index]);
    return count < 1 ? 1 : count;
}
