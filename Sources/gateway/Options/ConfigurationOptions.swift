internal import ArgumentParser

/// The directory that a command reads.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("The configuration directory.", valueName: "dir"))
    var config = "gateway.d"

    func load(in surroundings: Surroundings) -> LoadedConfiguration {
        LoadedConfiguration(directory: config, in: surroundings)
    }
}

/// The same, for commands that take the directory as an argument too.
struct ConfigurationArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The configuration directory, like --config.", valueName: "dir"))
    var directory: String?

    @OptionGroup var options: ConfigurationOptions

    /// The argument, or else the option.
    var config: String { directory ?? options.config }

    func load(in surroundings: Surroundings) -> LoadedConfiguration {
        LoadedConfiguration(directory: config, in: surroundings)
    }
}
