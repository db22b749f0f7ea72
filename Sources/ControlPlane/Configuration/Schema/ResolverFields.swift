internal import Encoding
internal import Model

enum ResolverFields {
    private static let builtIn = NameLookup.builtIn

    static let servers = Field(
        "servers", .dnsServers, "DNS servers, asked in this order. Default: those of `/etc/resolv.conf`.",
        examples: [["127.0.0.1:53", "[::1]:53"]])
    static let timeout = Field(
        "timeout", .duration(), default: .string(builtIn.timeout.value.text),
        "Of one lookup, with all its tries; then the addresses known so far stay.", examples: ["2s"])
    static let minTTL = Field(
        "min_ttl", .duration(), default: .string(builtIn.minTTL.value.text),
        "How long an answer is used at least, and the first rest after a failed lookup.", examples: ["5s"])
    static let maxTTL = Field(
        "max_ttl", .duration(), default: .string(builtIn.maxTTL.value.text),
        "How long an answer is used at most, whatever its time to live.", examples: ["1m"])

    static let object = ObjectDescription(
        "resolver section", summary: "How names of instances become addresses.",
        fields: [servers.description, timeout.description, minTTL.description, maxTTL.description])
}
