// GW1007 to GW1020: what a file of this configuration must not contain although it may be YAML.

internal import Diagnostics

extension Catalogue {
    static let yaml = [
        tab, syntax, duplicateKey, mergeKey, tag, manyDocuments, tooDeep, unknownAlias, aliasBomb, topLevel,
        anchorTwice, aliasInItself, complexKey, directive,
    ]

    static let tab = DiagnosticCode(
        "GW1007",
        title: "a tab where YAML wants spaces",
        story: """
            YAML indents with spaces. A tab looks like any number of them, so YAML forbids it there.

            Refused (the second line begins with a tab):

                services:
                \tusers: {}

            Set your editor to insert spaces in `.yaml` files. Tabs inside quoted text and inside block text are fine.
            """)

    static let syntax = DiagnosticCode(
        "GW1008",
        title: "the file is not YAML",
        story: """
            The text cannot be read as YAML at all, so nothing in this file is known. The caret shows where reading \
            stopped; the mistake is there or just above it.

            Refused, because the bracket never closes:

                hosts: [api.example.com, www.example.com
                path_pattern: /users/*

            Other frequent causes: a line that is indented by one space more or less than its neighbours, a quote \
            that is not closed, and a plain value with `: ` or ` #` in it, which needs quotes.
            """)

    static let duplicateKey = DiagnosticCode(
        "GW1009",
        title: "a key is given twice in one mapping",
        story: """
            Most readers of YAML keep the last of two equal keys and drop the first without a word. In a gateway \
            that silently removes a route, so it is refused.

            Refused:

                routes:
                  users: {path_pattern: /users/*, service_name: users}
                  users: {path_pattern: /members/*, service_name: users}

            Rename one of the two or delete it. Equal names in different files are GW1201.
            """)

    static let mergeKey = DiagnosticCode(
        "GW1010",
        title: "merge keys (`<<`) are not allowed",
        story: """
            `<<: *base` copies fields from elsewhere, with rules about who wins that differ between readers, and it \
            is gone from YAML 1.2. A reviewer must see what a route does where it is declared.

            Refused:

                base: &base {timeout: 5s}

            followed by `<<: *base` in a route.

            Write the fields out, put them under `gateway.defaults`, or share one value: `timeout: &slow 60s` in one \
            route and `timeout: *slow` in another of the same file.
            """)

    static let tag = DiagnosticCode(
        "GW1011",
        title: "YAML tags are not allowed",
        story: """
            A tag such as `!!int` or `!env` changes what a value is. Here the field alone decides that, so a tag \
            could only disagree with it or be ignored, and nothing is ignored.

            Refused:

                port: !!str 8080

            Remove the tag: `port: 8080`.
            """)

    static let manyDocuments = DiagnosticCode(
        "GW1012",
        title: "more than one YAML document in a file",
        story: """
            `---` in the middle of a file starts a second document. One file holds one document here, so that a name \
            in a file is always at one level.

            Refused:

                services: {}
                ---
                routes: {}

            Remove the `---`: one file may hold every kind. Or split the file in two.
            """)

    static let tooDeep = DiagnosticCode(
        "GW1013",
        title: "lists and mappings nest too deeply",
        story: """
            No field needs more than a few levels, and the limit of 64 keeps a hostile or broken file from using up \
            the stack.

            Refused:

                hosts: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ a ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

            Remove the brackets that do not belong.
            """)

    static let unknownAlias = DiagnosticCode(
        "GW1014",
        title: "an alias without an anchor",
        story: """
            `*name` repeats a value that was marked with `&name` above it in the same file. There is no such mark.

            Refused:

                timeout: *slow

            Mark the value where it first stands, `timeout: &slow 60s`, or write it out. A text that begins with `*` \
            needs quotes: `hosts: "*.example.com"`.
            """)

    static let aliasBomb = DiagnosticCode(
        "GW1015",
        title: "aliases make the file too big",
        story: """
            Aliases of lists of aliases grow by multiplication: ten lines can stand for a billion values. All aliases \
            of a file together may stand for 100,000 values.

            Refused, when it goes on for a few more lines:

                a: &a [x, x, x, x, x, x, x, x, x, x]
                b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]

            Write the values out, or generate the files.
            """)

    static let topLevel = DiagnosticCode(
        "GW1016",
        title: "the top level of a file is not a mapping",
        story: """
            A file is a mapping of kinds, and a kind is a mapping of names.

            Refused:

                - path_pattern: /users/*
                  service_name: users

            Write it so:

                routes:
                  users:
                    path_pattern: /users/*
                    service_name: users
            """)

    static let anchorTwice = DiagnosticCode(
        "GW1017",
        title: "an anchor is declared twice in a file",
        story: """
            YAML lets a second `&name` replace the first from there on, so that the meaning of `*name` depends on the \
            line where it stands. Moving a route would then change it.

            Refused:

                routes:
                  a: {path_pattern: /a, service_name: s, timeout: &slow 60s}
                  b: {path_pattern: /b, service_name: s, timeout: &slow 90s}

            Give each anchor its own name.
            """)

    static let aliasInItself = DiagnosticCode(
        "GW1018",
        title: "an alias inside the value that it refers to",
        story: """
            A value that contains itself never ends.

            Refused:

                hosts: &hosts [a.example.com, *hosts]

            Write the elements out.
            """)

    static let complexKey = DiagnosticCode(
        "GW1019",
        title: "a key that is not plain text",
        story: """
            YAML allows lists, mappings and aliases as keys; names and fields are always text. It mostly happens by \
            accident, with a text that begins with a brace and has no quotes.

            Refused:

                headers:
                  {x-user}: "1"

            Put quotes around a key that begins with `{`, `[`, `*` or `&`.
            """)

    static let directive = DiagnosticCode(
        "GW1020",
        title: "YAML directives are not allowed",
        story: """
            `%YAML 1.1` would change how values are read, and `%TAG` is of no use without tags. The files are read \
            in one way only.

            Refused:

                %YAML 1.1
                ---
                services: {}

            Remove the directive and the `---` after it.
            """)
}
