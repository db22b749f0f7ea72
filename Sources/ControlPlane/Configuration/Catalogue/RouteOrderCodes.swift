// GW13xx: what the order of routes reveals when all routes are known.

internal import Diagnostics

extension Catalogue {
    static let routeOrder = [duplicateRoute, shadowedRoute, overlappingRoutes]

    static let duplicateRoute = DiagnosticCode(
        "GW1301",
        title: "two routes take exactly the same requests",
        story: """
            Two routes have the same hosts, path, methods, matches and priority. Only one of them could ever answer, \
            and nothing in the files says which one you mean, so the gateway takes neither.

            Refused:

                routes:
                  users:
                    path_pattern: /users/{id}
                    service_name: users
                  members:
                    path_pattern: /users/{name}
                    service_name: members

            The name of a capture does not tell two paths apart. Remove one of the routes, or make them differ: \
            another host, another method, a header match, or a `priority` on the one that must win.
            """)

    static let shadowedRoute = DiagnosticCode(
        "GW1302",
        title: "a route that can never win",
        story: """
            Every request that this route takes is taken by another route first, so this one is dead. A dead route \
            is nearly always a mistake: somebody believes that it protects or serves something.

            Refused:

                routes:
                  everything:
                    path_pattern: /*
                    priority: 10
                    service_name: shop
                  admin:
                    path_pattern: /admin/*
                    service_name: admin

            `priority` comes before the path in the order, so `everything` wins for `/admin/users` too. Without \
            the priority the longer literal prefix wins, and both routes work. `gateway match --explain` shows the \
            order for one request.
            """)

    static let overlappingRoutes = DiagnosticCode(
        "GW1303", .warning,
        title: "two routes that only their names tell apart",
        story: """
            Some requests are taken by both routes, and no rule of the order tells the two apart, so the name that \
            sorts first wins. The answer is stable, yet a rename changes it.

            Warned about:

                routes:
                  beta:
                    path_pattern: /search
                    headers: {x-beta: "1"}
                    service_name: search-beta
                  mobile:
                    path_pattern: /search
                    headers: {x-client: mobile}
                    service_name: search-mobile

            A request with both headers fits both routes. Say which one wins with `priority`, or make one of them \
            narrower.
            """)
}
