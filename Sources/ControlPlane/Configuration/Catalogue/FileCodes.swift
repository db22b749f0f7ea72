// GW1001 to GW1006: files as such, before any YAML is read.

internal import Diagnostics

extension Catalogue {
    static let files = [
        unreadableFile, noSuchDirectory, noFiles, fileTooBig, notUTF8, controlCharacter,
    ]

    static let unreadableFile = DiagnosticCode(
        "GW1001",
        title: "a configuration file or folder cannot be read",
        story: """
            The gateway loads all files or none: a file that it may not read could hold the route that matters. \
            The message has the reason that the system gave, such as `permission denied`.

            A link whose target is gone is a common cause, and so is a file that only `root` may read while the \
            gateway runs as somebody else:

                chmod a+r gateway.d/routes.yaml

            Files whose names start with `.` are skipped, so an editor's swap file does no harm.
            """)

    static let noSuchDirectory = DiagnosticCode(
        "GW1002",
        title: "the configuration directory does not exist",
        story: """
            `--config` names the directory whose `.yaml` and `.yml` files make up the configuration. It is \
            `gateway.d` in the current directory when nothing else is said.

                gateway validate --config /etc/gateway.d

            One single file is not a directory: name the folder that holds it.
            """)

    static let noFiles = DiagnosticCode(
        "GW1003",
        title: "the configuration directory holds no configuration",
        story: """
            There is no `.yaml` or `.yml` file in the directory or below it. A gateway without routes answers every \
            request with `F40400`, and an empty directory is nearly always a volume that was not mounted or a \
            checkout that went wrong, so it is refused rather than served.

            A gateway that must run without a route takes a file that says so:

                gateway: {}
            """)

    static let fileTooBig = DiagnosticCode(
        "GW1004",
        title: "a configuration file is bigger than 16 MiB",
        story: """
            No file written by people comes near 16 MiB, so a bigger one is a dump that got into the wrong folder. \
            The limit also bounds the memory that a reload may take.

            Generated routes can be spread over as many files as you like:

                gateway.d/routes/a.yaml
                gateway.d/routes/b.yaml
            """)

    static let notUTF8 = DiagnosticCode(
        "GW1005",
        title: "a configuration file is not UTF-8",
        story: """
            Files are read as UTF-8, with or without a byte order mark. Bytes in another encoding, such as \
            Latin-1 or UTF-16, would turn into other characters without a word.

            Convert the file:

                iconv -f LATIN1 -t UTF-8 old.yaml > new.yaml
            """)

    static let controlCharacter = DiagnosticCode(
        "GW1006",
        title: "a control character in a configuration file",
        story: """
            YAML allows no control characters but tab, line feed and carriage return. A NUL byte in a text file \
            usually means that the disk was full or the copy was cut short.

            Where a value needs such a character, write it as an escape in double quotes:

                body: "one\\u0001two"
            """)
}
