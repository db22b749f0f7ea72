import Permissions
import Testing

/// Golden decisions for each kind of rule.
@Suite struct JudgeTests {
    typealias Caller = Asking.Caller

    private static let head = """
        services: {s: {instances: [{host: 127.0.0.1, port: 1}]}}
        auth: {staff: {jwt: {algorithms: [HS256], secret: {env: KEY}, permissions_claim: may}}}

        """

    private func ask(_ text: String) throws -> Asking { try #require(Asking(JudgeTests.head + text)) }

    @Test func defaultIsDeny() throws {
        let asking = try ask(
            """
            routes:
              orders: {path_pattern: /orders, service_name: s, permissions: [orders:read]}
              open: {path_pattern: /open, service_name: s}
            permissions:
              clerks: {to: {roles: [clerk]}, grants: [orders:read]}
            """)
        #expect(try asking.says("GET /orders", Caller()) == "missing orders:read")
        #expect(try asking.says("GET /orders", Caller(roles: ["clerk"])) == "allowed")
        #expect(try asking.says("GET /orders", .anonymous) == "missing orders:read")
        #expect(try asking.says("GET /open", .anonymous) == "allowed")
    }

    @Test func everyPermissionIsNeeded() throws {
        let asking = try ask(
            """
            routes:
              pay: {path_pattern: /pay, service_name: s, permissions: [pay:start, pay:sign]}
            permissions:
              start: {to: {scopes: [pay]}, grants: ["pay:start"]}
              all: {to: {groups: [finance]}, grants: ["pay:*"]}
            """)
        #expect(try asking.says("GET /pay", Caller(scopes: ["pay"])) == "missing pay:sign")
        #expect(try asking.says("GET /pay", Caller(groups: ["finance"])) == "allowed")
        #expect(try asking.says("GET /pay", Caller(permissions: ["pay:start", "pay:sign"])) == "allowed")
        #expect(try asking.says("GET /pay", Caller(permissions: ["*"])) == "allowed")
    }

    @Test func rolesIncludeOthers() throws {
        let asking = try ask(
            """
            routes:
              orders: {path_pattern: /orders, service_name: s, permissions: [orders:read]}
            roles: {clerk: {}, manager: {includes: [clerk]}, boss: {includes: [manager]}}
            permissions:
              clerks: {to: {roles: [clerk]}, grants: [orders:read], when: '"clerk" in roles'}
            """)
        #expect(try asking.says("GET /orders", Caller(roles: ["boss"])) == "allowed")
        #expect(try asking.says("GET /orders", Caller(roles: ["stranger"])) == "missing orders:read")
    }

    @Test func denialWins() throws {
        let asking = try ask(
            """
            routes:
              orders: {path_pattern: "/orders/{id}", service_name: s, tags: [shop], permissions: [orders:read]}
              open: {path_pattern: /open, service_name: s}
            permissions:
              all: {grants: ["*"]}
              nobody: {effect: deny, to: {subjects: [mallory]}, on: {tags: [shop]}}
              posts: {effect: deny, on: {methods: [GET], paths: ["/orders/{any}"]}, when: query.force == "1"}
            """)
        #expect(try asking.says("PUT /orders/1", Caller(subject: "alice")) == "allowed")
        #expect(try asking.says("PUT /orders/1", Caller(subject: "mallory")) == "denied by nobody")
        #expect(try asking.says("GET /open", Caller(subject: "mallory")) == "allowed")
        #expect(try asking.says("GET /orders/1?force=1", Caller()) == "denied by posts")
        #expect(try asking.says("HEAD /orders/1?force=1", Caller()) == "denied by posts")
        #expect(try asking.says("GET /orders/1?force=0", Caller()) == "allowed")
        // What is not known to be false denies.
        #expect(try asking.says("GET /orders/1", Caller()) == "posts lacks query.force")
        #expect(try asking.says("GET /orders/1?force=0&force=0", Caller()) == "posts lacks query.force")
    }

    @Test func unknownGrantsNothing() throws {
        let asking = try ask(
            """
            routes:
              orders: {path_pattern: "/{tenant}/orders", service_name: s, permissions: [orders:read]}
            permissions:
              own: {grants: [orders:read], when: claims.tenant == path.tenant}
              root: {grants: [orders:read], when: claims.level >= 9}
            """)
        #expect(try asking.says("GET /acme/orders", Caller(claims: #"{"tenant":"acme"}"#)) == "allowed")
        #expect(try asking.says("GET /a%20b/orders", Caller(claims: #"{"tenant":"a b"}"#)) == "allowed")
        #expect(try asking.says("GET /acme/orders", Caller(claims: #"{"tenant":"x"}"#)) == "root lacks claims.level")
        #expect(try asking.says("GET /acme/orders", Caller(claims: #"{"tenant":5}"#)) == "own lacks claims.tenant")
        #expect(
            try asking.says("GET /acme/orders", Caller(claims: #"{"tenant":null,"level":9.5}"#)) == "allowed")
        #expect(
            try asking.says("GET /acme/orders", Caller(claims: #"{"tenant":"x","level":8}"#)) == "missing orders:read")
    }

    @Test func observedRulesRefuseNobody() throws {
        let asking = try ask(
            """
            routes:
              orders: {path_pattern: /orders, service_name: s, permissions: [orders:read]}
            permissions:
              clerks: {to: {roles: [clerk]}, grants: [orders:read]}
              probation: {grants: [orders:read], mode: observe}
              night: {effect: deny, mode: observe, when: 'time in "22:00".."06:00"'}
            """)
        let clerk = Caller(roles: ["clerk"])
        #expect(try asking.says("GET /orders", clerk) == "allowed")
        #expect(try asking.says("GET /orders", Caller()) == "allowed / missing orders:read")
        #expect(try asking.says("GET /orders", clerk, seconds: Asking.monday(23 * 60)) == "allowed / denied by night")
    }

    @Test(
        arguments: [
            ("method == \"GET\"", true), ("method in [\"PUT\", \"POST\"]", false), ("host == \"example.com\"", true),
            ("path == \"/t/acme/report.pdf\"", true), ("path.file ends_with \".pdf\"", true),
            ("path.file starts_with \"rep\" && path.file contains \"ort\"", true),
            ("path.file matches \"[a-z.]+\"", true),
            ("path.file matches \"[a-z]+\"", false), ("client == 10.1.2.3", true), ("client in 10.0.0.0/8", true),
            ("client in [192.168.0.0/16, ::1]", false), ("header.x-beta == \"1\"", true), ("has(header.x-beta)", true),
            ("has(header.x-gone)", false), ("query.q == \"a b\"", true), ("has(query.r)", false),
            ("subject == \"ann\"", true),
            ("scheme == \"staff\"", true), ("time >= \"10:00\" && time < \"10:01\"", true), ("time.hour == 10", true),
            ("time.weekday in [\"mon\", \"tue\"]", true), ("time in \"08:00\"..\"10:00\"", false),
            ("\"night\" in groups", true), ("\"a\" in scopes", false), ("claims.role in [\"x\", \"y\"]", true),
            ("\"eu\" in claims.regions", true), ("7 in claims.numbers", true), ("claims.ok", true),
            ("!claims.ok", false),
            ("claims.none == 1 || claims.n == -3", true), ("claims[\"a.b\"] == true", true),
            ("claims.n < 0 && claims.n <= -3 && claims.n != 4", true), ("claims.role in groups", false),
            ("(method == \"PUT\" || claims.ok) && !(host == \"x\")", true),
            ("has(claims.role) && !has(claims.none)", true),
        ] as [(String, Bool)])
    func conditions(_ text: String, _ expected: Bool) throws {
        let quoted = text.replacing("'", with: "''")
        let asking = try ask(
            """
            routes:
              t: {path_pattern: "/t/{tenant}/{file}", service_name: s, permissions: [x]}
            permissions:
              p: {grants: [x], when: '\(quoted)'}
            """)
        let caller = Caller(
            claims: #"""
                {"role":"x","regions":["us","eu"],"numbers":[7],"ok":true,"n":-3,"a.b":true}
                """#, subject: "ann", groups: ["night"])
        let verdict = try asking.says(
            "GET /t/acme/report.pdf?q=a+b", caller, fields: ["X-Beta: 1"], client: [10, 1, 2, 3])
        #expect(verdict == (expected ? "allowed" : "missing x"))
    }
}
