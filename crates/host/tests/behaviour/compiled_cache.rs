use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use playconnect_host::{Code, Config, Host};

use crate::guests::{config, count, counter, instantiate, turn};

fn host(folder: &Path) -> Host {
    Host::new(Config { cache_dir: Some(folder.to_owned()), ..config() }).expect("a host")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn compiled_once_and_taken_from_the_cache_by_other_processes() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("code");
    let component = counter().component();
    let module = host(&cache).load("counter", &component).expect("loads");
    assert_eq!(module.code(), &Code::Compiled);
    assert_eq!(fs::metadata(&cache).expect("made").permissions().mode() & 0o777, 0o700);

    let host = host(&cache);
    let module = host.load("counter", &component).expect("loads");
    assert_eq!(module.code(), &Code::Cached);
    assert_eq!(count(&turn(&mut instantiate(&host, &module)).result.expect("an outcome")), 1);
    assert_eq!(files(&cache).len(), 1);

    // Code of other settings has a file of its own.
    let other = Config { widget_memory_bytes: 32 << 20, cache_dir: Some(cache.clone()), ..config() };
    let other = Host::new(other).expect("a host");
    assert_eq!(other.load("counter", &component).expect("loads").code(), &Code::Compiled);
    assert_eq!(files(&cache).len(), 2);
}

#[test]
fn a_damaged_or_foreign_file_is_ignored_and_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let component = counter().component();
    host.load("counter", &component).expect("loads");
    let file = files(folder.path()).pop().expect("one file");
    let whole = fs::read(&file).expect("readable");

    let check = |what: &str| {
        let module = host.load("counter", &component).expect("loads");
        assert_eq!(module.code(), &Code::Compiled, "{what}");
        assert_eq!(count(&turn(&mut instantiate(&host, &module)).result.expect("an outcome")), 1);
        assert_eq!(fs::read(&file).expect("readable"), whole, "{what}: replaced");
        assert_eq!(
            host.load("counter", &component).expect("loads").code(),
            &Code::Cached,
            "{what}: used again"
        );
    };
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("truncated header", whole[..20].to_vec()),
        ("truncated code", whole[..whole.len() - 1].to_vec()),
        ("something else", b"\x7fELF".repeat(1_000)),
        (
            "one bit",
            [&whole[..whole.len() / 2], &[!whole[whole.len() / 2]], &whole[whole.len() / 2 + 1..]].concat(),
        ),
    ] {
        fs::write(&file, bytes).expect("writable");
        check(what);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("ours");
    check("writable by others");
    fs::remove_file(&file).expect("there");
    std::os::unix::fs::symlink("/dev/null", &file).expect("a link");
    check("a link");
}

#[test]
fn a_cache_that_takes_nothing_does_not_keep_a_module_from_loading() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("code");
    let host = host(&cache);
    fs::remove_dir(&cache).expect("empty");
    let module = host.load("counter", &counter().component()).expect("loads");
    assert!(
        matches!(module.code(), Code::NotStored(reason) if reason.contains("No such file")),
        "{:?}",
        module.code()
    );
}
