// GW1170 to GW1174: conditions of rules.

internal import Diagnostics

extension Catalogue {
    static let conditions = [badCondition, unknownInput, conditionType, conditionTooLarge, badConstant]

    static let badCondition = DiagnosticCode(
        "GW1170",
        title: "a condition that cannot be read",
        story: """
            A condition compares inputs with each other or with constants, and joins comparisons with `&&`, `||`, `!` \
            and parentheses. Texts stand in single or double quotes and know no escapes.

            Refused:

                when: claims.tenant = path.tenant

            Write `==`:

                when: claims.tenant == path.tenant

            A condition that begins with a quote stands in quotes of the other kind, because YAML takes the first one \
            for its own: `when: '"admin" in roles'`.
            """)

    static let unknownInput = DiagnosticCode(
        "GW1171",
        title: "a condition asks for an input that does not exist",
        story: """
            A condition can ask for `claims.NAME`, `path`, `path.CAPTURE`, `method`, `host`, `client`, `header.NAME`, \
            `query.NAME`, `subject`, `scheme`, `roles`, `groups`, `scopes`, `time`, `time.hour` and `time.weekday`.

            Refused:

                when: claim.tenant == "acme"

            Write `claims.tenant`. Names with other signs than letters, digits, `_` and `-` stand in brackets: \
            `claims["https://example.com/tenant"]`.
            """)

    static let conditionType = DiagnosticCode(
        "GW1172",
        title: "an operator between values that it cannot compare",
        story: """
            Types are checked when the configuration is loaded. Texts are compared with texts, numbers with numbers, \
            addresses with networks by `in`, times of day with times of day. What a claim holds is only known when a \
            request comes: a claim of another type than what it is compared with makes the comparison unknown.

            Refused:

                when: client == "10.0.0.1" && method > 3

            Write `client == 10.0.0.1`, or `client in 10.0.0.0/8` for a network.
            """)

    static let conditionTooLarge = DiagnosticCode(
        "GW1173",
        title: "a condition that is too large",
        story: """
            A condition has at most 4096 bytes, 256 comparisons and 32 levels, so that what a decision costs is known.

            Split it: several rules that grant the same permission are alternatives, and a list stands for many \
            comparisons.

                when: claims.tenant in ["acme", "globex"]
            """)

    static let badConstant = DiagnosticCode(
        "GW1174",
        title: "a constant of a condition that is none",
        story: """
            Addresses and networks, times of day, days of the week and methods are checked when they are read.

            Refused:

                when: client in 10.1.2.3/8
                when: time in "8:00".."18:00"
                when: time.weekday == "monday"

            Write `10.0.0.0/8`, `"08:00".."18:00"` and `"mon"`. Times and days are in UTC.
            """)
}
