//! Whether the functions that a component exports have our signatures.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, Lift, Lower};

use crate::MODULE_VERSION;

/// Finds a function of one of our interfaces.
///
/// # Errors
/// It is not there, or has other parameters or results.
pub(crate) fn export<Parameters, Results>(
    component: &Component,
    interface: &str,
    function: &str,
) -> Result<ComponentExportIndex, String>
where
    Parameters: ComponentNamedList + Lower,
    Results: ComponentNamedList + Lift,
{
    let missing = || format!("{interface} has no function {function}");
    let full_name = format!("playconnect:module/{interface}@{MODULE_VERSION}");
    let interface_index = component.get_export_index(None, &full_name).ok_or_else(missing)?;
    let (item, index) = component.get_export(Some(&interface_index), function).ok_or_else(missing)?;
    let ComponentItem::ComponentFunc(signature) = item else { return Err(missing()) };
    // What typed functions do at each instantiation, done once before.
    signature
        .typecheck::<Parameters, Results>(&component.component_type().instance_type())
        .map_err(|error| format!("{interface}.{function}: {error:#}"))?;
    Ok(index)
}
