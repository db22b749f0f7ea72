// GW1201 to GW1209: names, services and instances.

internal import Diagnostics

extension Catalogue {
    static let names = [
        nameTwice, settingTwice, unknownService, noInstances, instanceTwice, addressTwice, unusedService, noWeight,
        weightUnused,
    ]

    static let nameTwice = DiagnosticCode(
        "GW1201",
        title: "a name is declared twice",
        story: """
            All files together make one configuration, and a name in it means one thing. Which of two files is \
            read first must never decide what is served, so neither is.

            Refused, in two files:

                services:
                  users: {instances: [{host: 10.0.0.1, port: 80}]}

                services:
                  users: {instances: [{host: 10.0.0.2, port: 80}]}

            Rename one, or put both instances under one declaration.
            """)

    static let settingTwice = DiagnosticCode(
        "GW1202",
        title: "a value of the gateway is given twice",
        story: """
            The kind `gateway` may be spread over files, so that a listener can stand beside the routes that need \
            it. Each single value is still given once.

            Refused, in two files:

                gateway: {drain_timeout: 10s}

                gateway: {drain_timeout: 60s}

            Keep one of them.
            """)

    static let unknownService = DiagnosticCode(
        "GW1203",
        title: "a route refers to a service that is not declared",
        story: """
            A route must lead somewhere. Nothing falls back to a default service, because that would answer with \
            the wrong content.

            Refused:

                routes:
                  orders:
                    path_pattern: /orders/*
                    service_name: ordres

            Mend the name, or declare the service in any file:

                services:
                  orders:
                    instances: [{host: 127.0.0.1, port: 9001}]
            """)

    static let noInstances = DiagnosticCode(
        "GW1204",
        title: "a service without an instance",
        story: """
            Every request to the service would fail with `F50300`.

            Refused:

                services:
                  users:
                    instances: []

            Name at least one instance. To take a service out of traffic on purpose, let its routes answer by \
            themselves with `response`.
            """)

    static let instanceTwice = DiagnosticCode(
        "GW1205",
        title: "two instances with one id",
        story: """
            Logs, metrics and pools of connections go by `instance_id`. Without one, an instance is called \
            `host:port`.

            Refused:

                instances:
                  - {instance_id: users-1, host: 10.0.0.1, port: 9001}
                  - {instance_id: users-1, host: 10.0.0.2, port: 9001}

            Give each its own id.
            """)

    static let addressTwice = DiagnosticCode(
        "GW1206", .warning,
        title: "two instances at one address",
        story: """
            Both get a share of the traffic, so the process behind the address gets two. It works, and it is \
            nearly always a slip of copy and paste.

            Warned about:

                instances:
                  - {instance_id: users-1, host: 10.0.0.1, port: 9001}
                  - {instance_id: users-2, host: 10.0.0.1, port: 9001}

            Mend the address, or use `weight` for a bigger share.
            """)

    static let unusedService = DiagnosticCode(
        "GW1207", .warning,
        title: "a service that no route uses",
        story: """
            It takes no traffic. Perhaps a route is missing, or the service can go.

            Warned about, when no file has a route for it:

                services:
                  users:
                    instances: [{host: 127.0.0.1, port: 9001}]

            Add a route with `service_name: users`, or remove the service.
            """)

    static let noWeight = DiagnosticCode(
        "GW1208",
        title: "every instance has the weight 0",
        story: """
            Weight 0 takes an instance out of traffic. With all of them out, every request would fail.

            Refused:

                instances:
                  - {host: 10.0.0.1, port: 9001, weight: 0}

            Give at least one instance a weight above 0.
            """)

    static let weightUnused = DiagnosticCode(
        "GW1209", .warning,
        title: "a weight that counts for nothing",
        story: """
            `round_robin` gives every instance the same share, whatever its weight.

            Warned about:

                services:
                  users:
                    instances:
                      - {host: 10.0.0.1, port: 9001, weight: 9}
                      - {host: 10.0.0.2, port: 9001, weight: 1}

            Add `load_balancing: weighted`, or remove the weights.
            """)
}
