//! What must be on the machine besides Rust and Node, and how it comes there.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::project::Project;
use crate::steps::{run, step};

/// A piece is missing that only the person at the machine can install. The display is what to do.
#[derive(Debug)]
pub struct Missing {
    pub what: String,
    pub remedy: String,
}

impl std::error::Error for Missing {}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is missing; {}", self.what, self.remedy)
    }
}

const NODE_MAJOR_MIN: u32 = 20;

/// Node and npm, which cannot be installed from here.
pub fn node(project: &Project) -> anyhow::Result<()> {
    let remedy = format!("install Node.js {NODE_MAJOR_MIN} or newer, with npm, and run this again");
    let output = project.command("node").arg("--version").output().ok();
    let version =
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR_MIN && found("npm").is_some() => Ok(()),
        Some(major) if major >= NODE_MAJOR_MIN => Err(Missing { what: "npm".to_owned(), remedy }.into()),
        Some(_) => Err(Missing { what: format!("a newer Node.js ({version} is too old)"), remedy }.into()),
        None => Err(Missing { what: "Node.js".to_owned(), remedy }.into()),
    }
}

/// The browser of the end-to-end tests.
pub fn chromium(project: &Project) -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let installed = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(found);
    if let Some(browser) = installed() {
        return Ok(browser);
    }
    debian(project, "Chromium", &["chromium"])?;
    installed().ok_or_else(|| {
        let remedy = "name a Chromium by the environment variable CHROMIUM".to_owned();
        Missing { what: "Chromium".to_owned(), remedy }.into()
    })
}

/// Python with venv: the C compiler for the JavaScript engine comes as a Python package.
pub fn python(project: &Project) -> anyhow::Result<()> {
    let works = || {
        let mut command = project.command("python3");
        command.args(["-c", "import venv, ensurepip"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if works() {
        return Ok(());
    }
    debian(project, "Python with venv", &["python3", "python3-venv"])
}

/// Installs Debian packages where that can be done; else says how.
pub fn debian(project: &Project, what: &str, packages: &[&str]) -> anyhow::Result<()> {
    let words = packages.join(" ");
    let by_hand = |prefix: &str| Missing {
        what: what.to_owned(),
        remedy: format!("run: {prefix}apt-get install -y --no-install-recommends {words}"),
    };
    if found("apt-get").is_none() {
        let remedy = format!("install what Debian calls {words}, and run this again");
        return Err(Missing { what: what.to_owned(), remedy }.into());
    }
    if !is_root() {
        return Err(by_hand("sudo ").into());
    }
    step(&format!("install {words} (Debian packages)"), || {
        // Somebody else's apt may be at work.
        const WAIT: &str = "-oDPkg::Lock::Timeout=300";
        let apt = |arguments: &[&str]| {
            let mut command = project.command("apt-get");
            command.arg(WAIT).args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
            run(&mut command)
        };
        apt(&["-qq", "update"])?;
        apt(&[&["-qq", "install", "-y", "--no-install-recommends"], packages].concat())
    })
    .map_err(|error| {
        eprintln!("{error:#}");
        by_hand("").into()
    })
}

/// Where PATH has this program.
pub fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
