package struct OfflineCopy {
    package init(output: String, slug: String) {}
    package func make() throws(BuildError) {}
}
