// Threads, signals, time.
#pragma once
#include "result.h"
#include <time.h>

static inline long clinux_nanoseconds(int clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}
static const int clinux_clock_monotonic = CLOCK_MONOTONIC;
static const int clinux_clock_realtime = CLOCK_REALTIME;
