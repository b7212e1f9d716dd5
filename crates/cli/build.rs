//! Takes into the binary what is not Rust: the JavaScript engine (`playconnect-engine/engine.wasm` of the target folder, made
//! by `cargo xtask engine`; without it the crate compiles all the same, and `playconnect build` says what is missing), and
//! the templates of `playconnect new`. One of them is the lobby: it is taken from `examples/`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const TEMPLATES: [&str; 4] = ["react", "vue", "svelte", "rust"];

/// What building an example leaves behind.
const MADE: [&str; 4] = [".playconnect", "dist", "node_modules", "target"];

fn main() {
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    // OUT_DIR is TARGET/PROFILE/build/PACKAGE/out.
    let target = out.ancestors().nth(4).expect("OUT_DIR is that deep");
    let engine = target.join("playconnect-engine/engine.wasm");
    println!("cargo::rerun-if-changed={}", engine.display());
    fs::write(out.join("engine.wasm"), fs::read(&engine).unwrap_or_default())
        .expect("OUT_DIR can be written");

    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let templates = own.join("templates");
    let mut text = String::new();
    for name in TEMPLATES {
        template(&mut text, name, &[&templates.join("common"), &templates.join(name)]);
    }
    let lobby = own.join("../../examples/lobby");
    template(&mut text, "lobby", &[&templates.join("lobby"), &lobby]);
    fs::write(out.join("templates.rs"), format!("&[{text}]")).expect("OUT_DIR can be written");
}

/// One entry of the list: the name, and each file's path and text. `gitignore` stands for a file with a dot in front,
/// which here would be git's.
fn template(text: &mut String, name: &str, folders: &[&Path]) {
    let _ = write!(text, "({name:?}, &[");
    for folder in folders {
        let mut files = Vec::new();
        collect(folder, &mut files);
        files.sort();
        for file in files {
            let below = file.strip_prefix(folder).expect("it was found there").to_string_lossy().into_owned();
            let below = if below == "gitignore" { ".gitignore".to_owned() } else { below };
            let _ = write!(text, "({below:?}, include_str!({:?})),", file.display().to_string());
        }
    }
    text.push_str("]),");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("it has one").to_string_lossy();
        if MADE.contains(&name.as_ref()) {
            continue;
        }
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
