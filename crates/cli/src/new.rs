//! `playconnect new`: a folder with an app that can be built and served at once.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::failure::Failure;
use crate::output::Output;

/// By name: the files, path and text. `APP_NAME` and the like in a text stand for what differs from app to app.
static TEMPLATES: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// As names in a manifest.
const NAME_BYTES_MAX: usize = 64;

#[derive(Args)]
pub struct New {
    /// The folder to make; its last part is the app's name: a-z, 0-9 and -, beginning with a letter
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    #[arg(long, value_enum, default_value_t = Template::React)]
    template: Template,
    /// A checkout of PlayConnect, whose packages the app uses while they are not published [default: the one that this
    /// binary was built from]
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// A component of React 19
    React,
    /// A component of Vue 3
    Vue,
    /// A component of Svelte 5
    Svelte,
    /// A component of Dioxus, in Rust
    Rust,
    /// One page with modules of all of them
    Lobby,
}

pub fn run(arguments: &New, output: Output) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let name = name_of(folder)?;
    let packages = packages(arguments.packages.as_deref())?;
    make_folder(folder)?;
    let real = folder.canonicalize().map_err(|error| cannot(folder, &error))?;
    let app = App { name, template: arguments.template, to_packages: relative(&real, &packages) };
    let mut files = app.files();
    files.sort();
    for (path, text) in &files {
        write(&folder.join(path), text).map_err(|error| cannot(&folder.join(path), &error))?;
    }
    app.say(folder, &files, output)
}

struct App {
    name: String,
    template: Template,
    /// From the app's folder to the checkout.
    to_packages: PathBuf,
}

impl App {
    fn files(&self) -> Vec<(String, String)> {
        let own = self.template.name();
        let template = TEMPLATES.iter().find(|(name, _)| *name == own);
        let (_, files) = template.expect("the build script takes all of them");
        let mut files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), self.text(path, text))).collect();
        if self.template != Template::Rust {
            files.push((".npmrc".to_owned(), NPMRC.to_owned()));
        }
        files
    }

    fn text(&self, path: &str, text: &str) -> String {
        let setup: Vec<_> = self.setup().into_iter().chain(["playconnect dev"]).collect();
        let text = text
            .replace("APP_NAME", &self.name)
            .replace("APP_FRAMEWORK", self.template.framework())
            .replace("APP_COMPONENT", self.template.component())
            .replace("APP_SETUP", &setup.join("\n"));
        match Path::new(path).file_name().and_then(|name| name.to_str()) {
            Some("package.json") => self.package(&text),
            Some("tsconfig.json") => whole_tsconfig(&text),
            Some("Cargo.toml") => {
                let up: PathBuf =
                    Path::new(path).parent().into_iter().flat_map(Path::components).map(|_| "..").collect();
                self.cargo(&text, &up)
            }
            Some("playconnect.toml") if self.template == Template::Lobby => {
                text.replacen("name = \"lobby\"", &format!("name = \"{}\"", self.name), 1)
            }
            _ => text,
        }
    }

    /// The packages come from the checkout.
    fn package(&self, text: &str) -> String {
        let mut package: Value = serde_json::from_str(text).expect("the templates are tested");
        package["name"] = self.name.clone().into();
        if let Some(dependencies) = package["dependencies"].as_object_mut() {
            for (name, version) in dependencies {
                if let Some(package) = name.strip_prefix("@playconnect/") {
                    let path = self.to_packages.join("packages").join(package);
                    *version = format!("file:{}", path.display()).into();
                }
            }
        }
        let text = serde_json::to_string_pretty(&package).expect("it was read from text");
        format!("{text}\n")
    }

    /// The same for the crate. `up`: from the file's folder to the app's.
    fn cargo(&self, text: &str, up: &Path) -> String {
        let path = up.join(&self.to_packages).join("crates/guest");
        let own = |line: &str| match line.starts_with("playconnect-guest = ") {
            true => format!("playconnect-guest = {{ path = {:?} }}", path.display().to_string()),
            false => line.to_owned(),
        };
        text.lines().map(own).collect::<Vec<_>>().join("\n") + "\n"
    }

    /// What has to be done once, before anything can be built.
    fn setup(&self) -> Vec<&'static str> {
        let packages = (self.template != Template::Rust).then_some("npm install");
        let target = matches!(self.template, Template::Rust | Template::Lobby);
        packages.into_iter().chain(target.then_some("rustup target add wasm32-unknown-unknown")).collect()
    }

    fn say(&self, folder: &Path, files: &[(String, String)], output: Output) -> Result<(), Failure> {
        let packages = self.to_packages.display().to_string();
        let cd = format!("cd {}", folder.display());
        let next: Vec<_> = [cd.as_str()].into_iter().chain(self.setup()).chain(["playconnect dev"]).collect();
        if output.is_json() {
            let files: Vec<_> = files.iter().map(|(path, _)| path).collect();
            let made = serde_json::json!({
                "folder": folder, "template": self.template.name(), "packages": packages, "files": files, "next": next,
            });
            return output.line(&made.to_string());
        }
        let version = env!("CARGO_PKG_VERSION");
        output.line(&format!(
            "made {} ({}), with PlayConnect's packages of the checkout {packages}: {version} is not published yet",
            folder.display(),
            self.template.name(),
        ))?;
        output.line(&format!("\n  {}", next.join("\n  ")))
    }
}

impl Template {
    fn name(self) -> &'static str {
        match self {
            Self::React => "react",
            Self::Vue => "vue",
            Self::Svelte => "svelte",
            Self::Rust => "rust",
            Self::Lobby => "lobby",
        }
    }

    fn framework(self) -> &'static str {
        match self {
            Self::React => "React",
            Self::Vue => "Vue",
            Self::Svelte => "Svelte",
            Self::Rust => "Rust, written with Dioxus",
            Self::Lobby => "all frameworks",
        }
    }

    /// The file to begin with.
    fn component(self) -> &'static str {
        match self {
            Self::React => "src/Counter.tsx",
            Self::Vue => "src/Counter.vue",
            Self::Svelte => "src/Counter.svelte",
            Self::Rust => "src/lib.rs",
            Self::Lobby => "menu/src/menu.tsx",
        }
    }
}

/// Without it npm would link the folders, whose own dependencies are the checkout's: two Reacts in one module.
const NPMRC: &str = "\
# Packages of a checkout are installed as they will be from the registry: as copies, with their dependencies.
install-links=true
";

fn name_of(folder: &Path) -> Result<String, Failure> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= NAME_BYTES_MAX
        && name.bytes().all(plain);
    if is_name {
        return Ok(name);
    }
    Err(Failure::usage(format!(
        "\"{}\" is not a name for an app; use 1 to {NAME_BYTES_MAX} of a-z, 0-9 and -, beginning with a letter",
        name.escape_debug()
    )))
}

/// The checkout with the packages: the one named, or the one that this binary is from.
fn packages(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checkout = named.unwrap_or(&own);
    let version = env!("CARGO_PKG_VERSION");
    let found = fs::read(checkout.join("packages/module/package.json")).ok();
    let found = found.and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let found = found.as_ref().and_then(|package| package["version"].as_str());
    match (found, named) {
        (Some(found), _) if found == version => {
            checkout.canonicalize().map_err(|error| cannot(checkout, &error))
        }
        (Some(found), _) => Err(Failure::usage(format!(
            "{} has PlayConnect's packages of version {found}, this is playconnect {version}; name a checkout of that version \
             with --packages",
            checkout.display()
        ))),
        (None, Some(named)) => Err(Failure::usage(format!(
            "--packages {}: there is no packages/module in it; name a checkout of PlayConnect",
            named.display()
        ))),
        (None, None) => Err(Failure::usage(format!(
            "PlayConnect's packages {version} are not published yet, and the checkout that this binary was built from is gone; \
             name one with --packages DIR"
        ))),
    }
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let cause = "is not empty; nothing was written: choose another name, or empty it";
            Err(Failure::usage(format!("{} {cause}", folder.display())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(Failure::usage(format!("{} is a file; choose another name", folder.display())))
        }
        Err(error) => Err(cannot(folder, &error)),
    }
}

/// The way from one folder to another. Both are real paths.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// An example extends the workspace's options, which a new app has not.
fn whole_tsconfig(text: &str) -> String {
    const EXTENDS: &str = "\"extends\": \"../../tsconfig.json\"";
    if !text.contains(EXTENDS) {
        return text.to_owned();
    }
    let mut base: Value =
        serde_json::from_str(include_str!("../../../tsconfig.json")).expect("the workspace's is checked");
    let mut own: Value = serde_json::from_str(text).expect("the example is checked");
    if let Some(options) = own["compilerOptions"].as_object() {
        for (option, value) in options {
            base["compilerOptions"][option] = value.clone();
        }
    }
    base["include"] = own["include"].take();
    format!("{}\n", serde_json::to_string_pretty(&base).expect("it was read from text"))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    fs::write(path, text)
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::run_time(&format!("{}: {error}; see that it can be written", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["a", "my-app", "app2", "somewhere/else/app", "./app"] {
            assert!(name_of(Path::new(name)).is_ok(), "{name}");
        }
        for name in
            ["", ".", "..", "/", "My-app", "2048", "-app", "app-", "my_app", "app/..", "äpp", &"a".repeat(65)]
        {
            assert!(name_of(Path::new(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn ways_between_folders() {
        for (from, to, way) in [
            ("/a/b", "/a/c/d", "../c/d"),
            ("/a", "/a/b", "b"),
            ("/a/b/c", "/a", "../.."),
            ("/a", "/b", "../b"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(way));
        }
    }

    #[test]
    fn nothing_of_the_templates_is_left_open() {
        for template in Template::value_variants() {
            let app =
                App { name: "my-app".to_owned(), template: *template, to_packages: "../checkout".into() };
            let files = app.files();
            for (path, text) in &files {
                assert!(!text.contains("APP_"), "{path} of {template:?}");
                assert!(!text.contains("../../tsconfig.json"), "{path} of {template:?}");
                assert!(path != "package.json" || text.contains("\"name\": \"my-app\""), "{template:?}");
            }
            for path in ["playconnect.toml", "README.md", ".gitignore"] {
                assert_eq!(
                    files.iter().filter(|(found, _)| found == path).count(),
                    1,
                    "{path} of {template:?}"
                );
            }
        }
    }

    /// Of the frameworks, an adapter takes one version: the templates have that one.
    #[test]
    fn versions_are_those_of_the_packages() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let json = |path: PathBuf| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
        for name in ["react", "vue", "svelte"] {
            let adapter = json(root.join("packages").join(name).join("package.json"));
            let template = json(root.join("crates/cli/templates").join(name).join("package.json"));
            let own = format!("@playconnect/{name}");
            assert_eq!(template["dependencies"][name], adapter["peerDependencies"][name], "{name}");
            assert_eq!(template["dependencies"][own.as_str()], adapter["version"], "{name}");
        }
    }
}
