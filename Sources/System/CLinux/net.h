// Sockets and epoll.
#pragma once
#include "result.h"
