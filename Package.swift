// swift-tools-version: 6.2
import PackageDescription

/// Debian and Ubuntu package names; `make deps` installs the same ones.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// In CI a warning in our own code is an error; dependencies keep theirs.
let isStrict = Context.environment["CI"] != nil

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
    name: "marquee",
    products: [
        .executable(name: "SiteGen", targets: ["SiteGen"]),
        .executable(name: "SignupServer", targets: ["SignupServer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev"),
        library("CCMarkGFM", pkgConfig: "libcmark-gfm", apt: "libcmark-gfm-dev"),
        library("CLibXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        library("CLibVips", pkgConfig: "vips", apt: "libvips-dev"),
        library("CQREncode", pkgConfig: "libqrencode", apt: "libqrencode-dev"),
        library("CBrotli", pkgConfig: "libbrotlienc", apt: "libbrotli-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CLibCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        .target(name: "CVips", dependencies: ["CLibVips"]),
        .target(name: "CMarkdownArena"),
        .target(name: "CCurl", dependencies: ["CLibCurl"]),
        .target(name: "CFileSystem"),
        .target(name: "CSQLite"),
        .target(name: "CMemory"),

        .target(name: "StructuredData", dependencies: ["CYAML"], swiftSettings: settings),
        .target(name: "Templating", swiftSettings: settings),
        .target(name: "Tenancy", dependencies: ["StructuredData"], swiftSettings: settings),
        .target(name: "Markdown", dependencies: ["CCMarkGFM", "CMarkdownArena", "CLibXML2"], swiftSettings: settings),
        .target(
            name: "SiteBuilder",
            dependencies: ["Tenancy", "Markdown", "Templating", "StructuredData", "Compression", "CFileSystem", "CXXHash", "CVips", "CQREncode"],
            swiftSettings: settings),
        .target(name: "Compression", dependencies: ["CBrotli", "CZlib"], swiftSettings: settings),
        .target(name: "StaticSites", dependencies: ["Tenancy", "Compression", "CFileSystem", "CXXHash"], swiftSettings: settings),
        .target(
            name: "Database",
            dependencies: [
                "Tenancy", "CFileSystem", "CSQLite",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Repositories",
            dependencies: [
                "Tenancy", "CFileSystem",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(
            name: "Mail",
            dependencies: [
                "Tenancy", "CCurl",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(
            name: "HTTPServing",
            dependencies: [
                "StaticSites",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "SiteGen",
            dependencies: [
                "SiteBuilder", "StaticSites", "HTTPServing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "SignupServer",
            dependencies: [
                "SiteBuilder", "StaticSites", "HTTPServing", "Tenancy", "StructuredData", "Markdown", "Templating", "Database", "Repositories",
                "Mail",
                "Compression", "CMemory",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["StaticSites", "StructuredData", "Tenancy"], path: "Tests/TestSupport",
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(name: "StructuredDataTests", dependencies: ["StructuredData", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "TemplatingTests", dependencies: ["Templating", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TenancyTests", dependencies: ["Tenancy", "SiteBuilder", "StructuredData", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(name: "MarkdownTests", dependencies: ["Markdown", "CLibXML2", "TestSupport"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "SiteBuilderTests",
            dependencies: ["SiteBuilder", "Tenancy", "Markdown", "Templating", "StructuredData", "CVips", "TestSupport"],
            exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "StaticSitesTests",
            dependencies: ["StaticSites", "Tenancy", "CFileSystem", "CZlib", "CBrotli", "TestSupport"],
            swiftSettings: settings),
        .executableTarget(
            name: "DatabaseTestProcess", dependencies: ["Database", "Tenancy"], path: "Tests/DatabaseTestProcess", swiftSettings: settings),
        .testTarget(
            name: "DatabaseTests",
            dependencies: ["Database", "DatabaseTestProcess", "Tenancy", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .executableTarget(
            name: "RepositoriesTestProcess", dependencies: ["Repositories", "Tenancy"], path: "Tests/RepositoriesTestProcess", swiftSettings: settings
        ),
        .testTarget(
            name: "RepositoriesTests",
            dependencies: [
                "Repositories", "RepositoriesTestProcess", "Tenancy", "TestSupport", .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .testTarget(name: "MailTests", dependencies: ["Mail", "Tenancy", "TestSupport"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "SignupServerTests",
            dependencies: [
                "SignupServer", "SiteBuilder", "StaticSites", "HTTPServing", "Tenancy", "Database", "Repositories", "Mail", "StructuredData",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "SiteGenTests",
            dependencies: [
                "SiteGen", "SiteBuilder", "StaticSites", "HTTPServing", "Tenancy", "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
    ]
)
