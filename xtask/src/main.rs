mod codegen;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder");
    match std::env::args().nth(1).as_deref() {
        Some("codegen") if std::env::args().any(|argument| argument == "--check") => codegen::check(root),
        Some("codegen") => {
            for path in codegen::write(root)? {
                println!("wrote {}", path.display());
            }
            Ok(())
        }
        _ => anyhow::bail!("usage: cargo xtask codegen [--check]"),
    }
}
