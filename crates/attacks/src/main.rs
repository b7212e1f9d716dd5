//! Seeds as libFuzzer wants them, a file each, and back: `playconnect-attacks write|keep TARGET FOLDER`. Called by
//! `cargo xtask fuzz`, in the project's folder.

use playconnect_attacks::{seeds, target};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Of what a search found: inputs that are longer, and more of them, make the normal tests slow for little.
const KEPT_BYTES_MAX: usize = 1 << 10;
const KEPT_MAX: usize = 300;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["write", name, folder] => write(name, Path::new(folder)),
        ["keep", name, folder] => keep(name, Path::new(folder)),
        _ => Err("usage: playconnect-attacks write|keep TARGET FOLDER".to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn write(name: &str, folder: &Path) -> Result<String, String> {
    let seeds = seeds::of(Path::new("."), name)?;
    for (number, seed) in seeds.iter().enumerate() {
        let file = folder.join(format!("seed-{number}"));
        fs::write(&file, seed).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(format!("    {} seeds", seeds.len()))
}

fn keep(name: &str, folder: &Path) -> Result<String, String> {
    let target = target(name).ok_or_else(|| format!("there is no target {name}"))?;
    let failed = |error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for file in fs::read_dir(folder).map_err(failed)? {
        let input = fs::read(file.map_err(failed)?.path()).map_err(failed)?;
        if (1..=KEPT_BYTES_MAX).contains(&input.len()) {
            found.push(input);
        }
    }
    // What gets somewhere first, and of these the short ones.
    found.sort_by_key(|input| (!(target.attack)(input), input.len(), input.clone()));
    found.truncate(KEPT_MAX);
    let line = |input: &Vec<u8>| input.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    let path = Path::new("fuzz/seeds").join(name).with_extension("hex");
    fs::write(&path, found.iter().map(line).collect::<String>())
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!("    {} inputs kept in {}", found.len(), path.display()))
}
