//! Builds the JavaScript engine: QuickJS and our glue (`packages/module/engine`) as one core module of the world
//! `playconnect:module/sleeping-widget`.
//!
//! Nothing of other people's is checked in. The C compiler is the Python package ziglang, the sources of quickjs-ng are
//! those that the crate rquickjs-sys carries, the bindings come from wit-bindgen's library. All versions are exact, no
//! path reaches the compiler but relative ones, and the sha256 of the result is checked in: whoever builds it has the
//! same engine, byte for byte.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;

use crate::steps::{fresh, shown, step};

/// The engine, as [`build`] left it.
pub struct EngineBuilt {
    pub wasm: PathBuf,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// Whether the engine has to be the one whose hash is checked in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Another one is an error.
    CheckedIn,
    /// The hash of what was built is written to `engine.sha256`.
    Update,
}

/// Builds `engine.wasm` in the folder `out`, unless it is there already and nothing it is made of has changed. The
/// compiler and the sources go to the folder `playconnect-tools` beside `out`.
pub fn build(root: &Path, out: &Path, expect: Expect) -> anyhow::Result<EngineBuilt> {
    let wasm = out.join("engine.wasm");
    let stamp = out.join("engine.inputs");
    let inputs = hash_of_inputs(root)?;
    let up_to_date = std::fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == inputs);
    if up_to_date && let Ok(built) = std::fs::read(&wasm) {
        let sha256 = hex(&Sha256::digest(&built));
        check_hash(root, &sha256, expect)?;
        fresh("JavaScript engine");
        return Ok(EngineBuilt { wasm, sha256 });
    }

    let tools = out.parent().context("the engine's folder has a parent")?.join("playconnect-tools");
    let zig = step(&format!("C compiler (ziglang {ZIGLANG_VERSION} from PyPI)"), || compiler(&tools))?;
    let quickjs =
        step(&format!("quickjs-ng (crate rquickjs-sys {RQUICKJS_SYS_VERSION})"), || sources(&tools))?;
    let work = tools.join("engine");
    step("C bindings of protocol/wit/module.wit", || prepare(root, &quickjs, &work))?;
    step("compile the JavaScript engine", || compile(&zig, &work))?;
    let sha256 = step("link the JavaScript engine", || {
        let linked = link(&zig, &work)?;
        let stripped = without_names(&linked)?;
        std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
        std::fs::write(&wasm, &stripped).with_context(|| wasm.display().to_string())?;
        std::fs::write(&stamp, &inputs).with_context(|| stamp.display().to_string())?;
        Ok(hex(&Sha256::digest(&stripped)))
    })?;
    check_hash(root, &sha256, expect)?;
    Ok(EngineBuilt { wasm, sha256 })
}

/// Builds the prototype of `benches/yardsticks/js-component` with the same tools. It is what ours is measured against.
pub fn build_prototype(root: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let tools = out.parent().context("the engine's folder has a parent")?.join("playconnect-tools");
    let python = compiler(&tools)?;
    let quickjs = sources(&tools)?;
    let from = root.join("benches/yardsticks/js-component");
    let work = tools.join("prototype");
    std::fs::create_dir_all(work.join("gen")).with_context(|| work.display().to_string())?;
    for file in files(&quickjs, &["c", "h"])?.into_iter().chain(files(&from, &["c"])?) {
        std::fs::copy(&file, work.join(file.file_name().context("a file has a name")?))?;
    }
    let mut resolve = Resolve::default();
    let package = resolve.push_file(from.join("widget.wit"))?;
    let world = resolve.select_world(&[package], Some("widget"))?;
    let mut bindings = Files::default();
    wit_bindgen_c::Opts::default().build().generate(&mut resolve, world, &mut bindings)?;
    for (name, bytes) in bindings.iter() {
        std::fs::write(work.join("gen").join(name), bytes).with_context(|| name.to_owned())?;
    }
    let mut command = zig(&python, &work);
    command.args(COMPILE.iter().filter(|flag| **flag != "-c")).args(["-w", "-I."]);
    command.args(["engine.c", "quickjs.c", "libregexp.c", "libunicode.c", "dtoa.c", "gen/widget.c"]);
    command.args(["gen/widget_component_type.o"]).args(LINK).args(["-o", "prototype.wasm"]);
    output(&mut command)?;
    let linked = std::fs::read(work.join("prototype.wasm"))?;
    let wasm = out.join("prototype.wasm");
    std::fs::write(&wasm, without_names(&linked)?).with_context(|| wasm.display().to_string())?;
    Ok(wasm)
}

// ---- what goes in

const ZIGLANG_VERSION: &str = "0.17.0";
const RQUICKJS_SYS_VERSION: &str = "0.14.0";
/// As in Cargo.toml. It is in the result: the bindings name it.
const WIT_BINDGEN_VERSION: &str = "0.60.0";

const GLUE: &str = "packages/module/engine";
const WIT: &str = "protocol/wit";
const HASH: &str = "packages/module/engine/engine.sha256";
const WORLD: &str = "sleeping-widget";

/// Linked in this order. `runtime` is quickjs.c, which our runtime.c includes.
const UNITS: [(&str, &str); 12] = [
    ("glue", "engine"),
    ("glue", "values"),
    ("glue", "batch"),
    ("glue", "natives"),
    ("glue", "utf8"),
    ("glue", "memory"),
    ("glue", "libc"),
    ("glue", "runtime"),
    ("bindings", "sleeping_widget"),
    ("quickjs", "libregexp"),
    ("quickjs", "libunicode"),
    ("quickjs", "dtoa"),
];

const TARGET: [&str; 3] = [
    "--target=wasm32-wasi",
    "-mexec-model=reactor",
    "-mcpu=generic+bulk_memory+nontrapping_fptoint+sign_ext+multivalue",
];

const COMPILE: [&str; 13] = [
    "-std=gnu11",
    "-O3",
    "-g0",
    "-DNDEBUG",
    "-D_GNU_SOURCE",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_SIGNAL",
    "-fno-sanitize=undefined",
    // Address 0 is the start of the memory, not an error.
    "-fno-delete-null-pointer-checks",
    "-Iquickjs",
    "-Ibindings",
    "-Iglue",
    "-c",
];

/// For our own files. quickjs-ng and the bindings are as they are.
const WARNINGS: [&str; 3] = ["-Wall", "-Wextra", "-Werror"];

const LINK: [&str; 4] = [
    // memory.c counts on it: the stack is [0, 1 MiB), ziglang puts it first.
    "-Wl,-z,stack-size=1048576",
    "-Wl,--strip-all",
    "-lwasi-emulated-process-clocks",
    "-lwasi-emulated-signal",
];

/// Everything that decides what comes out, besides the registries' files, which their versions name.
fn hash_of_inputs(root: &Path) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    for word in [ZIGLANG_VERSION, RQUICKJS_SYS_VERSION, WIT_BINDGEN_VERSION, WORLD] {
        add(word.as_bytes());
    }
    for words in [&TARGET[..], &COMPILE, &WARNINGS, &LINK] {
        add(words.join(" ").as_bytes());
    }
    for file in files(&root.join(GLUE), &["c", "h"])?.into_iter().chain(files(&root.join(WIT), &["wit"])?) {
        add(file.file_name().unwrap_or_default().as_encoded_bytes());
        add(&std::fs::read(&file).with_context(|| file.display().to_string())?);
    }
    Ok(hex(&hash.finalize()))
}

/// The files of a folder with these endings, by name.
fn files(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

// ---- tools and sources

/// Python with ziglang in a virtual environment of its own.
fn compiler(tools: &Path) -> anyhow::Result<PathBuf> {
    let folder = tools.join(format!("ziglang-{ZIGLANG_VERSION}"));
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if !ready.is_file() {
        // What a broken-off run left behind is of no use.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        output(Command::new("python3").args(["-m", "venv"]).arg(&folder)).context(
            "the C compiler comes as a Python package, so Python 3 with venv has to be there: \
             run apt-get install -y --no-install-recommends python3 python3-venv",
        )?;
        let package = format!("ziglang=={ZIGLANG_VERSION}");
        let mut pip = Command::new(&python);
        output(pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", &package]))?;
        std::fs::write(&ready, "").with_context(|| ready.display().to_string())?;
    }
    Ok(python)
}

/// The folder with quickjs.c, as cargo unpacked it.
fn sources(tools: &Path) -> anyhow::Result<PathBuf> {
    let folder = tools.join("rquickjs-sys");
    std::fs::create_dir_all(folder.join("src")).with_context(|| folder.display().to_string())?;
    std::fs::write(folder.join("src/lib.rs"), "")?;
    let manifest = folder.join("Cargo.toml");
    let text = format!(
        "[package]\nname = \"sources\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nrquickjs-sys = \"={RQUICKJS_SYS_VERSION}\"\n\n[workspace]\n"
    );
    std::fs::write(&manifest, text).with_context(|| manifest.display().to_string())?;
    let cargo = |verb: &str| {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args([verb, "--quiet", "--manifest-path"]).arg(&manifest);
        command
    };
    output(&mut cargo("fetch"))?;
    let metadata = output(cargo("metadata").args(["--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).context("cargo metadata")?;
    let package = metadata["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == "rquickjs-sys"))
        .and_then(|package| package["manifest_path"].as_str())
        .context("cargo metadata does not name rquickjs-sys")?;
    Ok(Path::new(package).with_file_name("quickjs"))
}

/// Copies all sources into one folder, so that the compiler is given relative paths only, and writes the bindings.
fn prepare(root: &Path, quickjs: &Path, work: &Path) -> anyhow::Result<()> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| work.display().to_string())?;
    }
    for folder in ["quickjs", "glue", "bindings", "objects"] {
        std::fs::create_dir_all(work.join(folder)).with_context(|| work.display().to_string())?;
    }
    for (from, to) in [(quickjs, "quickjs"), (&root.join(GLUE), "glue")] {
        for file in files(from, &["c", "h"])? {
            let name = file.file_name().context("a file has a name")?;
            std::fs::copy(&file, work.join(to).join(name)).with_context(|| file.display().to_string())?;
        }
    }

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(root.join(WIT))?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    let mut bindings = Files::default();
    wit_bindgen_c::Opts::default().build().generate(&mut resolve, world, &mut bindings)?;
    for (name, bytes) in bindings.iter() {
        std::fs::write(work.join("bindings").join(name), bytes).with_context(|| name.to_owned())?;
    }
    Ok(())
}

// ---- compiling

fn zig(python: &Path, work: &Path) -> Command {
    let cache = work.with_file_name("zig-cache");
    let mut command = Command::new(python);
    command.args(["-m", "ziglang", "cc"]).args(TARGET).current_dir(work);
    command.env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", &cache);
    command
}

fn object(unit: &str) -> String {
    format!("objects/{unit}.o")
}

/// All units, on as many processors as there are.
fn compile(python: &Path, work: &Path) -> anyhow::Result<()> {
    let compile_one = |(folder, unit): (&str, &str)| {
        let mut command = zig(python, work);
        command.args(COMPILE);
        if folder == "glue" && unit != "runtime" {
            command.args(WARNINGS);
        } else {
            command.arg("-w");
        }
        command.arg(format!("{folder}/{unit}.c")).args(["-o", &object(unit)]);
        output(&mut command).map(drop)
    };
    // quickjs.c takes longer than all others together: it goes first.
    let mut units = UNITS;
    units.sort_by_key(|(_, unit)| *unit != "runtime");
    let queue = Mutex::new(units.into_iter());
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(UNITS.len()));
    thread::scope(|scope| {
        let run = || {
            loop {
                let next = queue.lock().expect("no worker panics with the queue in hand").next();
                let Some(unit) = next else { return Ok(()) };
                compile_one(unit)?;
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        running.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })
}

fn link(python: &Path, work: &Path) -> anyhow::Result<Vec<u8>> {
    let mut command = zig(python, work);
    command.args(UNITS.map(|(_, unit)| object(unit)));
    // It carries the world's description.
    command.arg("bindings/sleeping_widget_component_type.o").args(LINK).args(["-o", "engine.wasm"]);
    output(&mut command)?;
    let linked = work.join("engine.wasm");
    std::fs::read(&linked).with_context(|| linked.display().to_string())
}

/// Leaves out every custom section but the description of the world.
fn without_names(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut kept = wasm.get(..8).context("the linker wrote no module")?.to_vec();
    let mut described = false;
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        let payload = payload.context("the linker wrote a broken module")?;
        let Some((id, range)) = payload.as_section() else { continue };
        if let wasmparser::Payload::CustomSection(section) = &payload {
            if !section.name().starts_with("component-type") {
                continue;
            }
            described = true;
        }
        kept.push(id);
        leb128(&mut kept, range.len());
        kept.extend_from_slice(&wasm[range]);
    }
    ensure!(described, "the linker left the description of the world out (custom section component-type)");
    Ok(kept)
}

fn leb128(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

// ---- the hash that is checked in

fn check_hash(root: &Path, built: &str, expect: Expect) -> anyhow::Result<()> {
    let path = root.join(HASH);
    if expect == Expect::Update {
        return std::fs::write(&path, format!("{built}\n")).with_context(|| path.display().to_string());
    }
    let expected = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if expected.trim() != built {
        bail!(
            "the JavaScript engine is not the one that is checked in\n  built    {built}\n  expected {}  ({HASH})\n\
             If {GLUE}, {WIT} or a version was changed, run: cargo xtask engine --update\n\
             If not, this machine builds something else than others do: please report it.",
            expected.trim()
        );
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

/// What it wrote to its standard output; what it wrote to the other one is the error, if it fails.
fn output(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let shown = shown(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("`{shown}` cannot be started"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({})\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(output.stdout)
}
