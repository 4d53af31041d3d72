@main
struct SignupServer {
    static func main() {}
}
