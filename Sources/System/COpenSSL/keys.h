#pragma once
// Public keys from their numbers or from PEM, signatures and message authentication, through EVP.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

static inline EVP_PKEY *gateway_key_from(const char *type, OSSL_PARAM_BLD *builder) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (params && context && EVP_PKEY_fromdata_init(context) == 1) {
        if (EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    ERR_clear_error();
    return key;
}

// Big-endian modulus and exponent.
static inline EVP_PKEY *gateway_key_rsa(const void *n, size_t n_length, const void *e, size_t e_length) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_bin2bn((const unsigned char *)n, (int)n_length, NULL);
    BIGNUM *exponent = BN_bin2bn((const unsigned char *)e, (int)e_length, NULL);
    if (builder && modulus && exponent && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent)) {
        key = gateway_key_from("RSA", builder);
    }
    BN_free(modulus);
    BN_free(exponent);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

// An uncompressed point on a named curve.
static inline EVP_PKEY *gateway_key_ec(const char *curve, const void *point, size_t length) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, length)) {
        key = gateway_key_from("EC", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static inline EVP_PKEY *gateway_key_ed25519(const void *bytes, size_t length) {
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)bytes, length);
    ERR_clear_error();
    return key;
}

static inline EVP_PKEY *gateway_key_pem(const void *text, size_t length) {
    BIO *bio = BIO_new_mem_buf(text, (int)length);
    EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

// 1 RSA, 2 P-256, 3 P-384, 4 P-521, 5 Ed25519, 0 anything else.
static inline int gateway_key_kind(EVP_PKEY *key) {
    char curve[32];
    if (EVP_PKEY_is_a(key, "RSA")) return 1;
    if (EVP_PKEY_is_a(key, "ED25519")) return 5;
    if (!EVP_PKEY_is_a(key, "EC")) return 0;
    if (EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) != 1) return 0;
    if (!strcmp(curve, "prime256v1") || !strcmp(curve, "P-256")) return 2;
    if (!strcmp(curve, "secp384r1") || !strcmp(curve, "P-384")) return 3;
    if (!strcmp(curve, "secp521r1") || !strcmp(curve, "P-521")) return 4;
    return 0;
}

// Whether the signature is right. No digest stands for Ed25519, which hashes by itself.
static inline int gateway_verify(
    EVP_PKEY *key, const char *digest, int pss, const void *signature, size_t signature_length, const void *message,
    size_t message_length
) {
    int result = 0;
    EVP_PKEY_CTX *parameters = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestVerifyInit_ex(context, &parameters, digest, NULL, NULL, key, NULL) == 1) {
        int ready = 1;
        if (pss) {
            ready = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1;
        }
        result = ready && EVP_DigestVerify(
            context, (const unsigned char *)signature, signature_length, (const unsigned char *)message,
            message_length) == 1;
    }
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return result;
}

// The same for the two numbers of an elliptic curve, side by side (RFC 7518 §3.4).
static inline int gateway_verify_ecdsa(
    EVP_PKEY *key, const char *digest, const void *numbers, size_t length, const void *message, size_t message_length
) {
    int result = 0;
    unsigned char *encoded = NULL;
    const unsigned char *bytes = (const unsigned char *)numbers;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(bytes, (int)(length / 2), NULL);
    BIGNUM *s = BN_bin2bn(bytes + length / 2, (int)(length / 2), NULL);
    if (signature && r && s && ECDSA_SIG_set0(signature, r, s)) {
        r = NULL;
        s = NULL;
        int encoded_length = i2d_ECDSA_SIG(signature, &encoded);
        if (encoded_length > 0) {
            result = gateway_verify(key, digest, 0, encoded, (size_t)encoded_length, message, message_length);
        }
    }
    OPENSSL_free(encoded);
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return result;
}

// HMAC into 64 bytes of room; how many were written, or 0.
static inline size_t gateway_hmac(
    const char *digest, const void *key, size_t key_length, const void *message, size_t message_length, void *out
) {
    size_t length = 0;
    static const unsigned char none = 0;
    if (!EVP_Q_mac(
            NULL, "HMAC", NULL, digest, NULL, key_length ? key : &none, key_length, (const unsigned char *)message,
            message_length, (unsigned char *)out, 64, &length)) {
        length = 0;
    }
    ERR_clear_error();
    return length;
}

// PBKDF2-HMAC-SHA256 (RFC 8018 §5.2).
static inline int gateway_pbkdf2(
    const void *password, size_t password_length, const void *salt, size_t salt_length, int iterations, void *out,
    size_t length
) {
    static const char none = 0;
    int result = PKCS5_PBKDF2_HMAC(
        password_length ? (const char *)password : &none, (int)password_length, (const unsigned char *)salt,
        (int)salt_length, iterations, EVP_sha256(), (int)length, (unsigned char *)out);
    ERR_clear_error();
    return result;
}
