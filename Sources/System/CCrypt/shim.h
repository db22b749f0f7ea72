#pragma once
// Hashes of passwords by the library that checks those of the system.
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

// Hashes a phrase as a setting says, which a hash is as well; 0 when the library does not know it.
static inline int gateway_crypt(const char *phrase, const char *setting, char *out, size_t room) {
    struct crypt_data *data = (struct crypt_data *)calloc(1, sizeof *data);
    if (!data) return 0;
    const char *hash = crypt_rn(phrase, setting, data, (int)sizeof *data);
    int fits = hash && strlen(hash) < room;
    if (fits) strcpy(out, hash);
    explicit_bzero(data, sizeof *data);
    free(data);
    return fits;
}

// A setting with this cost and salt, for bcrypt.
static inline int gateway_crypt_setting(unsigned long cost, const char *salt, int salt_length, char *out, int room) {
    return crypt_gensalt_rn("$2b$", cost, salt, salt_length, out, room) != NULL;
}
