// Every wrapper returns the result, or the negative errno: read here, before any Swift code can run.
#pragma once
#include <errno.h>

#define CLINUX_RESULT(type, expression) \
    do { type result_ = (expression); return result_ < 0 ? -(type)errno : result_; } while (0)
