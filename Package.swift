// swift-tools-version: 6.2
import PackageDescription

/// One module: where it lives and what it may see.
struct Module {
    let name: String
    let folder: String
    let imports: [String]
    let system: [String]

    init(_ name: String, in folder: String, imports: [String] = [], system: [String] = []) {
        self.name = name
        self.folder = folder
        self.imports = imports
        self.system = system
    }
}

// The architecture, lowest layer first. A module imports only from the rows above its own.
let layers: [[Module]] = [
    [
        Module("Bytes", in: "Shared"),
        Module("Encoding", in: "Shared"),
    ],
    [
        Module("Diagnostics", in: "Shared", imports: ["Encoding"]),
        Module("Cryptography", in: "Shared", imports: ["Encoding"], system: ["COpenSSL", "CCrypt"]),
        Module("Patterns", in: "Shared", imports: ["Bytes"], system: ["CPCRE2"]),
        Module("Kernel", in: "Shared", imports: ["Bytes"], system: ["CLinux"]),
        Module("HTTP", in: "DataPlane", imports: ["Bytes"]),
    ],
    [
        Module("Model", in: "Shared", imports: ["Diagnostics", "Cryptography"])
    ],
    [
        Module(
            "Identity", in: "DataPlane",
            imports: ["Bytes", "Encoding", "Cryptography", "Kernel", "HTTP", "Model"])
    ],
    [
        Module("Telemetry", in: "Shared", imports: ["Bytes", "Encoding", "Kernel", "Model"]),
        Module(
            "Configuration", in: "ControlPlane",
            imports: [
                "Bytes", "Encoding", "Diagnostics", "Cryptography", "Patterns", "Kernel", "Model", "Identity",
            ],
            system: ["CYAML"]),
        Module("Discovery", in: "ControlPlane", imports: ["Kernel", "Model"], system: ["CCares"]),
        Module("Routing", in: "DataPlane", imports: ["Bytes", "Patterns", "HTTP", "Model"]),
        Module("Upstreams", in: "DataPlane", imports: ["Bytes", "Kernel", "Model"]),
    ],
    [
        Module(
            "Permissions", in: "DataPlane", imports: ["Bytes", "HTTP", "Model", "Patterns", "Identity", "Routing"])
    ],
    [
        Module("Health", in: "ControlPlane", imports: ["Bytes", "Kernel", "HTTP", "Model", "Upstreams"]),
        Module("Policies", in: "DataPlane", imports: ["Bytes", "Kernel", "HTTP", "Model", "Identity", "Routing"]),
    ],
    [
        Module(
            "Revisions", in: "ControlPlane",
            imports: ["Encoding", "Diagnostics", "Cryptography", "Kernel", "Model", "Configuration"]),
        Module(
            "Decisions", in: "DataPlane",
            imports: [
                "Bytes", "Encoding", "Diagnostics", "Kernel", "HTTP", "Model", "Identity", "Routing", "Policies",
                "Upstreams",
                "Permissions",
            ]),
    ],
    [
        Module(
            "Worker", in: "DataPlane",
            imports: [
                "Bytes", "Encoding", "Kernel", "HTTP", "Model", "Identity", "Telemetry", "Routing", "Policies",
                "Upstreams",
                "Permissions", "Decisions",
            ])
    ],
    [
        Module(
            "Supervisor", in: "ControlPlane",
            imports: [
                "Bytes", "Encoding", "Diagnostics", "Cryptography", "Kernel", "Model", "Identity", "Telemetry",
                "Configuration", "Discovery", "Health", "Revisions", "Routing", "Policies", "Upstreams", "Permissions",
                "Decisions", "Worker",
            ])
    ],
]

var seen: Set<String> = []
for layer in layers {
    for module in layer {
        let upward = module.imports.filter { !seen.contains($0) }
        precondition(upward.isEmpty, "\(module.name) may not import \(upward): not in a lower layer")
        precondition(
            module.folder != "DataPlane"
                || !module.imports.contains { name in
                    layers.joined().contains { $0.name == name && $0.folder == "ControlPlane" }
                }, "\(module.name): the data plane never imports the control plane")
    }
    seen.formUnion(layer.map(\.name))
}

/// Modules with a folder of their own under Tests/Unit.
let tested: [String] = [
    "Worker",
    "Telemetry",
    "Upstreams",
    "Health",
    "Policies",
    "Routing",
    "HTTP",
    "Bytes",
    "Supervisor",
    "Revisions",
    "Discovery",
    "Patterns",
    "Kernel",
    "Configuration",
    "Encoding",
    "Diagnostics",
    "Model",
    "Identity",
    "Cryptography",
    "Permissions",
]

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The fuzzer is linked with libFuzzer, so it is no part of an ordinary build: `make fuzz` sets this.
let isFuzzing = Context.environment["GATEWAY_FUZZ"] != nil

/// The simulation plays minutes of traffic: it and what it plays with are optimised in debug builds too.
let simulated: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let played: Set = ["Bytes", "Kernel", "HTTP", "Telemetry", "Routing", "Upstreams", "Decisions", "Policies", "Worker"]

let systems = ["CLinux", "CCares", "CYAML", "CPCRE2", "COpenSSL", "CCrypt"]
let modules = layers.flatMap { $0 }
let everything = modules.map { Target.Dependency(stringLiteral: $0.name) }

let package = Package(
    name: "gateway",
    products: [.executable(name: "gateway", targets: ["gateway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: systems.map { .systemLibrary(name: $0, path: "Sources/System/\($0)") }
        + modules.map { module in
            .target(
                name: module.name,
                dependencies: (module.imports + module.system).map { .init(stringLiteral: $0) },
                path: "Sources/\(module.folder)/\(module.name)",
                // Spans of a type's own storage need a lifetime, which the language still calls experimental.
                swiftSettings: house + (module.name == "Bytes" ? [.enableExperimentalFeature("Lifetimes")] : [])
                    + (played.contains(module.name) ? simulated : []))
        }
        + [
            .executableTarget(
                name: "gateway",
                dependencies: everything + [.product(name: "ArgumentParser", package: "swift-argument-parser")],
                path: "Sources/gateway",
                swiftSettings: house),
            .target(
                name: "TestSupport", dependencies: everything, path: "Tests/Support",
                swiftSettings: house + simulated),
            .target(
                name: "FuzzTargets", dependencies: everything + ["TestSupport"], path: "Tests/Fuzz/Targets",
                swiftSettings: house),
            .testTarget(
                name: "FuzzTests", dependencies: everything + ["TestSupport", "FuzzTargets"], path: "Tests/Fuzz/Replay",
                swiftSettings: house),
            .testTarget(
                name: "GoldenTests", dependencies: everything + ["TestSupport", "gateway"], path: "Tests/Golden",
                exclude: ["cases"], swiftSettings: house),
            .testTarget(
                name: "SimulationTests", dependencies: everything + ["TestSupport"], path: "Tests/Simulation",
                swiftSettings: house + simulated),
        ]
        + (isFuzzing
            ? [
                .executableTarget(
                    name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver", swiftSettings: house)
            ] : [])
        + tested.map { name in
            .testTarget(
                name: "\(name)Tests", dependencies: everything + ["TestSupport"], path: "Tests/Unit/\(name)",
                swiftSettings: house)
        }
)
