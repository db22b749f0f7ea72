// Tells ThreadSanitizer of the order that a contended `Mutex` of Swift's Synchronization makes. Its slow path hands the
// lock over in the kernel (FUTEX_LOCK_PI), through the `syscall` of libc, which the sanitizer does not look into: without
// this each such hand-over would be reported as a race.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>

// Of the sanitizer's runtime in the program; absent in a program without it.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

long syscall(long number, ...) {
    static long (*next)(long, ...);
    if (!next) next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list list;
    va_start(list, number);
    long arguments[6];
    for (int index = 0; index < 6; index++) arguments[index] = va_arg(list, long);
    va_end(list);
    void *word = (void *)arguments[0];
    int operation = number == SYS_futex ? (int)arguments[1] & FUTEX_CMD_MASK : -1;
    if (operation == FUTEX_UNLOCK_PI && __tsan_release) __tsan_release(word);
    long result = next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    if (result == 0 && (operation == FUTEX_LOCK_PI || operation == FUTEX_TRYLOCK_PI) && __tsan_acquire) __tsan_acquire(word);
    return result;
}
