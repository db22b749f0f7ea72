// GW1160 to GW1169: credentials that the configuration describes.

internal import Diagnostics

extension Catalogue {
    static let credentials = [
        badKeyHash, sameKeyTwice, badTimestamp, keysAreConfiguration, badRevocation,
        badPasswordHash, badUser,
    ]

    static let badKeyHash = DiagnosticCode(
        "GW1160",
        title: "a hash that no key has",
        story: """
            A configuration holds the SHA-256 of an API key and never the key: whoever reads a revision can then \
            show nothing. A key is to be random and long, so that nobody finds it from its hash.

            Refused:

                keys:
                  acme: {hash: my-secret-key}

            `gateway hash-key` makes a new key and prints it once, with its hash. For a key that you have already, \
            give it to `gateway hash-key --stdin`.
            """)

    static let sameKeyTwice = DiagnosticCode(
        "GW1161",
        title: "one key under two names",
        story: """
            A key says who its owner is. Two owners of one key could not be told apart, and when it is taken from \
            one of them it still serves as the other's.

            Refused, when both hashes are the same:

                keys:
                  acme: {hash: "sha256:9f86…"}
                  bolt: {hash: "sha256:9f86…"}

            Make a key for each.
            """)

    static let badTimestamp = DiagnosticCode(
        "GW1162",
        title: "a time that cannot be read",
        story: """
            A time is written as RFC 3339 has it, to the second and with its offset from UTC. A date alone is where \
            its day begins in UTC.

            Refused:

                expires: 1.1.2027
                expires: 2027-02-30

            Write `2027-01-01`, `2027-01-01T00:00:00Z` or `2027-01-01T00:00:00+01:00`.
            """)

    static let keysAreConfiguration = DiagnosticCode(
        "GW1163",
        title: "a file of keys that is configuration as well",
        story: """
            Every file of the configuration directory that ends with `.yaml` or `.yml` is read as configuration. A \
            file of keys is none: it has names of keys where a configuration has kinds.

            Refused:

                api_key: {keys_file: partners.yaml}

            Write `partners.keys`, or keep the file outside the directory: `/run/secrets/partners.yaml`.
            """)

    static let badRevocation = DiagnosticCode(
        "GW1164",
        title: "a revocation that names nothing, or too much",
        story: """
            A revocation names one token by its `jti`, all credentials of a subject, or what was issued before a \
            time: by everybody, or by one subject.

            Refused:

                revocations:
                  lost-laptop: {scheme: staff}
                  left-us: {jti: 3f2a91c0, sub: alice}

            Write `{sub: alice}`, `{jti: 3f2a91c0}` or `{sub: alice, issued_before: 2026-11-24}`.
            """)

    static let badPasswordHash = DiagnosticCode(
        "GW1165",
        title: "a hash of a password that cannot be used",
        story: """
            A password is verified by a hash that is slow on purpose: bcrypt with a cost of 4 to 16, or PBKDF2 with \
            SHA-256 and 10,000 to 10,000,000 iterations. Anything faster lets whoever has the file find the \
            passwords; anything slower keeps callers waiting.

            Refused:

                users:
                  alice: {password_hash: correct-horse}
                  bob: {password_hash: "$apr1$mE2l8bZk$yG4iZ1"}

            `gateway hash-password` makes a hash.
            """)

    static let badUser = DiagnosticCode(
        "GW1166",
        title: "a name that no user can have",
        story: """
            A client sends name and password with a colon between them (RFC 7617 §2), so a name has none; nor has it \
            control characters.

            Refused:

                users:
                  "shop:alice": {password_hash: "$2b$12$…"}

            Choose another name, such as `shop.alice`.
            """)
}
