internal import Encoding
internal import Model

/// The `basic` of a scheme.
enum BasicFields {
    static let realm = Field(
        "realm", .realm, "What people are shown who are to give a name. Default: the name of the scheme.",
        examples: ["operations"])
    static let users = Field(
        "users", .basicUsers, "Users by name.",
        examples: [["alice": ["password_hash": "$2b$12$…", "roles": ["operator"]]]])
    static let usersFile = Field(
        "users_file", .keysFilePath,
        "A file with what `users` would hold. Paths are relative to the configuration directory.",
        examples: ["operators.users", "/run/secrets/operators.yaml"])
    static let forward = Field("forward", .section(ForwardFields.object), "What instances learn of the caller.")

    static let places = [users.key, usersFile.key]

    static let object = ObjectDescription(
        "basic section", summary: "Names and passwords (RFC 7617). Only hashes of passwords are known here.",
        fields: [realm.description, users.description, usersFile.description, forward.description])
}

/// One user.
enum BasicUserFields {
    static let hash = Field(
        "password_hash", .passwordHash, required: true,
        "Hash of the password, as `gateway hash-password` writes it: bcrypt (`$2b$`) or PBKDF2 (`$pbkdf2-sha256$`).",
        examples: ["$2b$12$…"])

    static let object = ObjectDescription(
        "basic user", summary: "A user who shows a name and a password.",
        fields: [CallerFields.description.description, hash.description] + CallerFields.rights)
}
