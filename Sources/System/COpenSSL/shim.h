#pragma once
// The plain SHA-256 needs no provider, so that a start loads none; OpenSSL would rather have it asked for by name.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include "keys.h"
