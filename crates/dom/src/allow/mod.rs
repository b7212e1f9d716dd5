#[derive(Debug)]
pub struct Kind;
static KIND: Kind = Kind;
use crate::{Command, Namespace, Property};
pub fn element(_namespace: Namespace, local: &str) -> bool {
    local != "script"
}
pub fn attribute(_: Namespace, _: &str, _: Namespace, name: &str) -> Option<&'static Kind> {
    if name.starts_with("on") { None } else { Some(&KIND) }
}
pub fn value(_: &Kind, _: &str) -> bool {
    true
}
pub fn event(_: &str) -> bool {
    true
}
pub fn property(_: Namespace, _: &str, _: Property) -> bool {
    true
}
pub fn command(_: Namespace, _: &str, _: Command) -> bool {
    true
}
