//! Our events as the event data that Dioxus's handlers take.

use crate::bindings::playconnect::module::types::{self, Detail};
use crate::nodes::Control;
use crate::platform;
use dioxus::dioxus_core::ElementId;
use dioxus::html::geometry::{ClientPoint, ElementPoint, PagePoint, ScreenPoint, WheelDelta};
use dioxus::html::input_data::{self, MouseButton, MouseButtonSet};
use dioxus::html::point_interaction::{
    InteractionElementOffset, InteractionLocation, ModifiersInteraction, PointerInteraction,
};
use dioxus::html::{
    AnimationData, ClipboardData, CompositionData, DragData, FocusData, FormData, FormValue,
    HasAnimationData, HasClipboardData, HasCompositionData, HasDragData, HasFileData, HasFocusData,
    HasFormData, HasImageData, HasKeyboardData, HasMediaData, HasMouseData, HasPointerData, HasResizeData,
    HasScrollData, HasSelectionData, HasToggleData, HasTouchData, HasTransitionData, HasVisibleData,
    HasWheelData, HtmlEventConverter, ImageData, KeyboardData, MediaData, MountedData, MountedError,
    MountedResult, MouseData, PlatformEventData, PointerData, RenderedElementBacking, ResizeData,
    ScrollBehavior, ScrollData, SelectionData, ToggleData, TouchData, TouchPoint, TransitionData,
    VisibleData, WheelData,
};
use dioxus::prelude::{Code, Key, Location, Modifiers};
use playconnect_dom::Command;
use std::any::Any;
use std::collections::HashMap;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;

/// An event of the page, behind every kind of event data that a handler gets: `event.downcast::<Raised>()`.
///
/// What our events do not carry is empty: page coordinates are those of the viewport, a pointer has no pressure,
/// there are no files and no list of touches.
#[derive(Clone, Debug)]
pub struct Raised {
    event: Rc<types::Event>,
    control: Control,
    /// Values of the selected options of a `select`.
    options: Rc<[String]>,
}

impl Raised {
    pub(crate) fn new(event: types::Event, control: Control, options: Vec<String>) -> Self {
        Raised { event: Rc::new(event), control, options: options.into() }
    }

    /// The event as the host gave it.
    pub fn event(&self) -> &types::Event {
        &self.event
    }

    fn pointer(&self) -> Option<&types::Pointer> {
        match &self.event.detail {
            Detail::Pointer(pointer) => Some(pointer),
            _ => None,
        }
    }
}

/// Tells Dioxus how our events are read. Once is enough; more often does no harm.
pub(crate) fn install_converter() {
    dioxus::html::set_event_converter(Box::new(Converter));
}

/// Event data for `onmounted`.
pub(crate) fn mounted(element: ElementId) -> PlatformEventData {
    PlatformEventData::new(Box::new(Mounted(element)))
}

struct Converter;

macro_rules! convert {
    ($($method:ident -> $data:ident),* $(,)?) => {
        $(fn $method(&self, event: &PlatformEventData) -> $data {
            let raised = event.downcast::<Raised>().expect("events other than `mounted` come from the page");
            $data::from(raised.clone())
        })*
    };
}

impl HtmlEventConverter for Converter {
    convert! {
        convert_animation_data -> AnimationData,
        convert_clipboard_data -> ClipboardData,
        convert_composition_data -> CompositionData,
        convert_drag_data -> DragData,
        convert_focus_data -> FocusData,
        convert_form_data -> FormData,
        convert_image_data -> ImageData,
        convert_keyboard_data -> KeyboardData,
        convert_media_data -> MediaData,
        convert_mouse_data -> MouseData,
        convert_pointer_data -> PointerData,
        convert_resize_data -> ResizeData,
        convert_scroll_data -> ScrollData,
        convert_selection_data -> SelectionData,
        convert_toggle_data -> ToggleData,
        convert_touch_data -> TouchData,
        convert_transition_data -> TransitionData,
        convert_visible_data -> VisibleData,
        convert_wheel_data -> WheelData,
    }

    fn convert_mounted_data(&self, event: &PlatformEventData) -> MountedData {
        let mounted = event.downcast::<Mounted>().expect("`mounted` is raised by this crate");
        MountedData::new(mounted.clone())
    }
}

impl InteractionLocation for Raised {
    fn client_coordinates(&self) -> ClientPoint {
        let (x, y) = match &self.event.detail {
            Detail::Pointer(pointer) => (pointer.x, pointer.y),
            Detail::Wheel(wheel) => (wheel.x, wheel.y),
            _ => (0.0, 0.0),
        };
        ClientPoint::new(x.into(), y.into())
    }

    fn screen_coordinates(&self) -> ScreenPoint {
        self.client_coordinates().cast_unit()
    }

    fn page_coordinates(&self) -> PagePoint {
        self.client_coordinates().cast_unit()
    }
}

impl InteractionElementOffset for Raised {
    fn element_coordinates(&self) -> ElementPoint {
        self.pointer().map_or_else(ElementPoint::zero, |pointer| {
            ElementPoint::new(pointer.offset_x.into(), pointer.offset_y.into())
        })
    }
}

impl ModifiersInteraction for Raised {
    fn modifiers(&self) -> Modifiers {
        let pairs = [
            (types::Modifiers::ALT, Modifiers::ALT),
            (types::Modifiers::CONTROL, Modifiers::CONTROL),
            (types::Modifiers::META, Modifiers::META),
            (types::Modifiers::SHIFT, Modifiers::SHIFT),
        ];
        let held = pairs.into_iter().filter(|(ours, _)| has(&self.event, *ours));
        held.fold(Modifiers::empty(), |all, (_, one)| all | one)
    }
}

impl PointerInteraction for Raised {
    fn trigger_button(&self) -> Option<MouseButton> {
        self.pointer().map(|pointer| MouseButton::from_web_code(pointer.button))
    }

    fn held_buttons(&self) -> MouseButtonSet {
        input_data::decode_mouse_button_set(self.pointer().map_or(0, |pointer| pointer.buttons))
    }
}

impl HasMouseData for Raised {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasPointerData for Raised {
    fn pointer_id(&self) -> i32 {
        self.pointer().map_or(0, |pointer| pointer.pointer_id)
    }

    fn width(&self) -> i32 {
        1
    }

    fn height(&self) -> i32 {
        1
    }

    fn pressure(&self) -> f32 {
        // What Pointer Events give a device that does not measure it.
        if self.held_buttons().is_empty() { 0.0 } else { 0.5 }
    }

    fn tangential_pressure(&self) -> f32 {
        0.0
    }

    fn tilt_x(&self) -> i32 {
        0
    }

    fn tilt_y(&self) -> i32 {
        0
    }

    fn twist(&self) -> i32 {
        0
    }

    fn pointer_type(&self) -> String {
        self.pointer().map(|pointer| pointer.kind.clone()).unwrap_or_default()
    }

    fn is_primary(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasWheelData for Raised {
    fn delta(&self) -> WheelDelta {
        match &self.event.detail {
            Detail::Wheel(wheel) => {
                let (x, y) = (wheel.delta_x.into(), wheel.delta_y.into());
                match wheel.delta_mode {
                    1 => WheelDelta::lines(x, y, 0.0),
                    2 => WheelDelta::pages(x, y, 0.0),
                    _ => WheelDelta::pixels(x, y, 0.0),
                }
            }
            _ => WheelDelta::pixels(0.0, 0.0, 0.0),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasKeyboardData for Raised {
    fn key(&self) -> Key {
        match &self.event.detail {
            Detail::Key(key) => key.key.parse().unwrap_or(Key::Unidentified),
            _ => Key::Unidentified,
        }
    }

    fn code(&self) -> Code {
        match &self.event.detail {
            Detail::Key(key) => key.code.parse().unwrap_or(Code::Unidentified),
            _ => Code::Unidentified,
        }
    }

    fn location(&self) -> Location {
        // Physical keys that stand on the board twice say where in their code.
        let Detail::Key(types::Key { code, .. }) = &self.event.detail else { return Location::Standard };
        match code.as_str() {
            code if code.starts_with("Numpad") => Location::Numpad,
            "ShiftLeft" | "ControlLeft" | "AltLeft" | "MetaLeft" => Location::Left,
            "ShiftRight" | "ControlRight" | "AltRight" | "MetaRight" => Location::Right,
            _ => Location::Standard,
        }
    }

    fn is_auto_repeating(&self) -> bool {
        has(&self.event, types::Modifiers::REPEAT)
    }

    fn is_composing(&self) -> bool {
        has(&self.event, types::Modifiers::COMPOSING)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasFileData for Raised {}

impl HasFormData for Raised {
    /// As in Dioxus for the web: a checkbox's value is `true` or `false`.
    fn value(&self) -> String {
        match &self.event.form {
            Some(form) if self.control == Control::Checkbox => form.checked.to_string(),
            Some(form) => form.value.clone(),
            None => String::new(),
        }
    }

    /// Of a form that is submitted: its entries. Of a `select`: as in Dioxus for the web, `options` are the values of
    /// those that are selected.
    fn values(&self) -> HashMap<String, FormValue> {
        let mut values: HashMap<String, FormValue> = HashMap::new();
        if self.control == Control::Select {
            values.insert("options".to_owned(), FormValue(self.options.to_vec()));
        }
        if let Detail::Submit(entries) = &self.event.detail {
            for (name, value) in entries {
                values.entry(name.clone()).or_default().0.push(value.clone());
            }
        }
        values
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasDragData for Raised {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasCompositionData for Raised {
    fn data(&self) -> String {
        match &self.event.detail {
            Detail::Edit(edit) => edit.data.clone().unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasTouchData for Raised {
    fn touches(&self) -> Vec<TouchPoint> {
        Vec::new()
    }

    fn touches_changed(&self) -> Vec<TouchPoint> {
        Vec::new()
    }

    fn target_touches(&self) -> Vec<TouchPoint> {
        Vec::new()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasAnimationData for Raised {
    fn animation_name(&self) -> String {
        String::new()
    }

    fn pseudo_element(&self) -> String {
        String::new()
    }

    fn elapsed_time(&self) -> f32 {
        0.0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasTransitionData for Raised {
    fn property_name(&self) -> String {
        String::new()
    }

    fn pseudo_element(&self) -> String {
        String::new()
    }

    fn elapsed_time(&self) -> f32 {
        0.0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HasImageData for Raised {
    fn load_error(&self) -> bool {
        self.event.type_ == "error"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

macro_rules! has_nothing_more {
    ($($data:ident),* $(,)?) => {
        $(impl $data for Raised {
            fn as_any(&self) -> &dyn Any {
                self
            }
        })*
    };
}

has_nothing_more!(
    HasClipboardData,
    HasFocusData,
    HasMediaData,
    HasResizeData,
    HasScrollData,
    HasSelectionData,
    HasToggleData,
    HasVisibleData,
);

fn has(event: &types::Event, modifier: types::Modifiers) -> bool {
    event.modifiers.bits() & modifier.bits() != 0
}

/// An element that came into the page, behind what `onmounted` gives: `event.downcast::<Mounted>()`. Focus, scrolling
/// and selecting are commands of the batch.
#[derive(Clone, Debug)]
pub struct Mounted(ElementId);

impl Mounted {
    /// Selects all of a text control and gives it the focus, which Dioxus has no word for.
    pub fn select(&self) {
        platform::with(|platform| platform.commands.push((self.0, Command::Select)));
    }

    fn command(&self, command: Command) -> Pin<Box<Ready<MountedResult<()>>>> {
        platform::with(|platform| platform.commands.push((self.0, command)));
        Box::pin(ready(Ok::<(), MountedError>(())))
    }
}

impl RenderedElementBacking for Mounted {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn scroll_to(&self, _behavior: ScrollBehavior) -> Pin<Box<dyn Future<Output = MountedResult<()>>>> {
        self.command(Command::ScrollIntoView)
    }

    fn set_focus(&self, focus: bool) -> Pin<Box<dyn Future<Output = MountedResult<()>>>> {
        self.command(if focus { Command::Focus } else { Command::Blur })
    }
}
