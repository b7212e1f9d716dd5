//! Images and fonts of modules, by the hash of what they hold.
//!
//! The bundler leaves them in a folder beside the module's source: `dist/menu.assets` beside `dist/menu.wasm`. They are
//! served from memory, so that what a name stands for never changes, which is what browsers are told.

use crate::app::short_hash;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The same limit is in `packages/module/assets.mjs`.
pub const ASSET_BYTES_MAX: u64 = 4 << 20;
/// Of all modules of an app.
pub const APP_ASSET_BYTES_MAX: u64 = 64 << 20;

/// Extensions and what they are served as. The same list is in `packages/module/assets.mjs`.
const KINDS: [(&str, &str); 11] = [
    ("avif", "image/avif"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("webp", "image/webp"),
    ("otf", "font/otf"),
    ("ttf", "font/ttf"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
];

/// An image or a font.
#[derive(Clone)]
pub struct Asset {
    /// Its media type.
    pub kind: &'static str,
    pub bytes: Bytes,
}

/// Those of an app, by the names that they have in `/_pc/assets/`.
#[derive(Clone, Default)]
pub struct Assets {
    by_name: BTreeMap<String, Asset>,
    bytes: u64,
}

/// Why a file is not served.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub cause: String,
    pub next: String,
}

impl Assets {
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.by_name.get(name)
    }

    /// Takes all files of a module's folder, if there is one. Its names were made by the bundler.
    ///
    /// # Errors
    /// Those that cannot be served, with their paths.
    pub fn read_folder(&mut self, app: &Path, folder: &Path) -> Result<(), Vec<(PathBuf, Refused)>> {
        let unreadable = |cause: std::io::Error| vec![(folder.to_owned(), unreadable(folder, &cause))];
        let entries = match std::fs::read_dir(app.join(folder)) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(unreadable)?,
        };
        let mut files = entries
            .map(|entry| Ok(folder.join(entry?.file_name())))
            .collect::<Result<Vec<_>, _>>()
            .map_err(unreadable)?;
        files.sort();
        let mut refused = Vec::new();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let found = read(app, &file).and_then(|asset| {
                if name.contains(&format!("-{}.", short_hash(&asset.bytes))) && is_plain(&name) {
                    return self.add(name, asset);
                }
                let cause = format!("{} is not named by what it holds", file.display());
                let next = "this folder is the bundler's: run `playconnect build`".to_owned();
                Err(Refused { cause, next })
            });
            if let Err(why) = found {
                refused.push((file, why));
            }
        }
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    }

    /// Takes a file of the app's folder that a stylesheet names. Gives the name by which it is served.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn read_file(&mut self, folder: &Path, file: &Path) -> Result<String, Refused> {
        let asset = read(folder, file)?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let plain: String =
            stem.chars().map(|letter| if is_plain_letter(letter) { letter } else { '-' }).take(64).collect();
        let plain = plain.trim_start_matches(['.', '-']);
        let plain = if plain.is_empty() { "file" } else { plain };
        let extension = file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let name = format!("{plain}-{}.{extension}", short_hash(&asset.bytes));
        self.add(name.clone(), asset)?;
        Ok(name)
    }

    /// What another app served, as far as there is room for it: its pages may still ask for it.
    pub fn keep(&mut self, before: &Assets) {
        for (name, asset) in &before.by_name {
            // One that does not fit is not kept.
            let _ = self.add(name.clone(), asset.clone());
        }
    }

    fn add(&mut self, name: String, asset: Asset) -> Result<(), Refused> {
        if self.by_name.contains_key(&name) {
            // The name says what it holds.
            return Ok(());
        }
        let bytes = self.bytes + asset.bytes.len() as u64;
        if bytes > APP_ASSET_BYTES_MAX {
            let cause = format!(
                "images and fonts of all modules have {bytes} bytes or more, {APP_ASSET_BYTES_MAX} are allowed"
            );
            let next = "put large ones beside the page's shell, and name them by their path there".to_owned();
            return Err(Refused { cause, next });
        }
        self.bytes = bytes;
        self.by_name.insert(name, asset);
        Ok(())
    }
}

/// `file` is relative to the app's folder, and so called.
fn read(app: &Path, file: &Path) -> Result<Asset, Refused> {
    let Some(kind) = kind_of(file) else {
        let known: Vec<_> = KINDS.iter().map(|(extension, _)| format!(".{extension}")).collect();
        let cause = format!("{} is no image and no font that is served", file.display());
        return Err(Refused { cause, next: format!("those are {}", known.join(", ")) });
    };
    let cannot = |cause: std::io::Error| unreadable(file, &cause);
    let size = std::fs::metadata(app.join(file)).map_err(cannot)?.len();
    if size > ASSET_BYTES_MAX {
        let cause = format!("{} has {size} bytes, {ASSET_BYTES_MAX} are allowed", file.display());
        let next = "make it smaller, or put it beside the page's shell and name it by its path there";
        return Err(Refused { cause, next: next.to_owned() });
    }
    Ok(Asset { kind, bytes: std::fs::read(app.join(file)).map_err(cannot)?.into() })
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Refused {
    match cause.kind() {
        std::io::ErrorKind::NotFound => {
            let cause = format!("there is no file {}", path.display());
            Refused { cause, next: "correct the path, or put it there".to_owned() }
        }
        _ => {
            let cause = format!("{} cannot be read: {cause}", path.display());
            Refused { cause, next: "see that it can be".to_owned() }
        }
    }
}

/// True for the name of an image or a font that a module may have.
pub fn is_asset(file: &Path) -> bool {
    kind_of(file).is_some()
}

fn kind_of(file: &Path) -> Option<&'static str> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    KINDS.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
}

fn is_plain(name: &str) -> bool {
    name.chars().all(is_plain_letter)
}

fn is_plain_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_served_by_the_hash_of_what_they_hold() {
        let app = tempfile::tempdir().unwrap();
        let folder = Path::new("menu.assets");
        let mut assets = Assets::default();
        assert_eq!(assets.read_folder(app.path(), folder), Ok(()), "there is none");

        let name = format!("logo-{}.svg", short_hash(b"<svg/>"));
        fs::create_dir(app.path().join(folder)).unwrap();
        fs::write(app.path().join(folder).join(&name), "<svg/>").unwrap();
        assert_eq!(assets.read_folder(app.path(), folder), Ok(()));
        let logo = assets.get(&name).unwrap();
        assert_eq!((logo.kind, &logo.bytes[..]), ("image/svg+xml", &b"<svg/>"[..]));

        fs::write(app.path().join("A b ü.PNG"), "P").unwrap();
        let name = assets.read_file(app.path(), Path::new("A b ü.PNG")).unwrap();
        assert_eq!(name, format!("A-b---{}.png", short_hash(b"P")));
        assert_eq!(assets.get(&name).unwrap().kind, "image/png");
    }

    #[test]
    fn names_that_say_something_else_are_refused() {
        let app = tempfile::tempdir().unwrap();
        let folder = Path::new("menu.assets");
        fs::create_dir(app.path().join(folder)).unwrap();
        let hash = short_hash(b"one");
        for (name, content, cause) in [
            (format!("logo-{hash}.png"), "two", "is not named by what it holds"),
            ("logo.png".to_owned(), "one", "is not named by what it holds"),
            (format!("a b-{hash}.png"), "one", "is not named by what it holds"),
            (format!("run-{hash}.html"), "one", "is no image and no font that is served"),
        ] {
            let file = folder.join(&name);
            fs::write(app.path().join(&file), content).unwrap();
            let refused = Assets::default().read_folder(app.path(), folder).unwrap_err();
            let told: Vec<_> = refused.iter().map(|(path, why)| (path, &why.cause)).collect();
            assert_eq!(told, [(&file, &format!("{} {cause}", file.display()))]);
            fs::remove_file(app.path().join(file)).unwrap();
        }
    }

    #[test]
    fn one_that_is_too_large_and_too_many_are_refused() {
        let app = tempfile::tempdir().unwrap();
        let (app, file) = (app.path(), Path::new("large.png"));
        let mut assets = Assets::default();
        let whole = usize::try_from(ASSET_BYTES_MAX).unwrap();
        fs::write(app.join(file), vec![0; whole + 1]).unwrap();
        let refused = assets.read_file(app, file).unwrap_err();
        assert_eq!(refused.cause, "large.png has 4194305 bytes, 4194304 are allowed");

        let count = u8::try_from(APP_ASSET_BYTES_MAX / ASSET_BYTES_MAX).unwrap();
        for content in 0..count {
            fs::write(app.join(file), vec![content; whole]).unwrap();
            assets.read_file(app, file).unwrap();
        }
        // What is there already takes no more room.
        assets.read_file(app, file).unwrap();
        fs::write(app.join(file), "x").unwrap();
        let refused = assets.read_file(app, file).unwrap_err();
        assert_eq!(
            refused.cause,
            "images and fonts of all modules have 67108865 bytes or more, 67108864 are allowed"
        );

        let mut next = Assets::default();
        next.read_file(app, file).unwrap();
        next.keep(&assets);
        assert_eq!(next.by_name.len(), usize::from(count), "one of those before does not fit");
    }
}
