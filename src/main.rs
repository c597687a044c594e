//! The `zhi` binary.

fn main() -> std::process::ExitCode {
    zhi::cli::main()
}
