//! A page's HTML: the app's shell with the slots filled.

use crate::app::Page;
use crate::assets::Script;
use playconnect_session::SlotHtml;
use std::fmt::Write;

/// What a page may do in a browser. Everything comes from this origin, so that a module cannot send out by an image's
/// URL what it knows; DOM sinks take no strings.
/// `style` attributes are checked by the allow-list, value by value, so they may stand in the HTML.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     style-src-attr 'unsafe-inline'; img-src 'self' data:; media-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

impl Page {
    /// The whole page. `session`: the name by which the browser attaches; without one the page stays as it is.
    /// `development`: the script that hears of changes, and the time, in microseconds, from which it has to.
    pub fn html(
        &self,
        slots: &[SlotHtml],
        session: Option<&str>,
        client: Option<&Script>,
        development: Option<(&Script, u64)>,
    ) -> String {
        let shell = &self.shell.html;
        let filled: usize = slots.iter().map(|slot| slot.html.len() + 256).sum();
        let mut out = String::with_capacity(shell.len() + filled + 512);
        let mut position = self.fonts_at;
        out.push_str(&shell[..position]);
        for fonts in self.modules.iter().filter_map(|module| module.fonts.as_ref()) {
            let _ = write!(out, "<link rel=\"stylesheet\" href=\"/_pc/style/{fonts}\">");
        }
        for slot in &self.shell.slots {
            let Some(at) = self.modules.iter().position(|module| module.slot == slot.name) else { continue };
            out.push_str(&shell[position..slot.start_tag.end]);
            position = slot.start_tag.end;
            self.fill(at, slots, &mut out);
        }
        let rest = &shell[position..];
        let end = rest.rfind("</body>").unwrap_or(rest.len());
        out.push_str(&rest[..end]);
        self.park(slots, &mut out);
        if let (Some(session), Some(client)) = (session, client) {
            // Session names and paths hold nothing that JSON or HTML would have to escape.
            let _ = write!(
                out,
                "<script type=\"application/json\" id=\"playconnect-page\">{{\"session\":\"{session}\",\"socket\":\"/_pc/session\"}}\
                 </script><script type=\"module\" async src=\"/_pc/{}\"></script>",
                client.name
            );
        }
        if let Some((script, since)) = development {
            let _ = write!(
                out,
                "<script type=\"module\" async src=\"/_pc/{}\" data-pc-since=\"{since}\"></script>",
                script.name
            );
        }
        out.push_str(&rest[end..]);
        out
    }

    /// The inside of a slot's element: the module's stylesheet and nodes, with what stands inside of those.
    fn fill(&self, at: usize, slots: &[SlotHtml], out: &mut String) {
        out.push_str("<template shadowrootmode=\"open\">");
        if let Some(style) = &self.modules[at].style {
            let _ = write!(out, "<link rel=\"stylesheet\" href=\"/_pc/style/{style}\" data-pc-host>");
        }
        if let Some(SlotHtml { html, places, .. }) = slots.get(at) {
            let mut done = 0;
            for (offset, inner) in places {
                out.push_str(&html[done..*offset]);
                done = *offset;
                // The element that the module made stays its own: what the edge puts there is in a root beside its nodes.
                out.push_str("<template shadowrootmode=\"open\">");
                self.host(*inner, slots, out);
                out.push_str("</template>");
            }
            out.push_str(&html[done..]);
        }
        out.push_str("</template>");
    }

    /// A nested slot's own element, which only the edge makes.
    fn host(&self, at: usize, slots: &[SlotHtml], out: &mut String) {
        let name = &self.modules[at].slot;
        let _ = write!(out, "<pc-slot name=\"{name}\" style=\"display:block;contain:layout style\">");
        self.fill(at, slots, out);
        out.push_str("</pc-slot>");
    }

    /// Nested slots that no module offers a place for, at hand for when one does.
    fn park(&self, slots: &[SlotHtml], out: &mut String) {
        let is_placed =
            |at: usize| slots.iter().any(|slot| slot.places.iter().any(|(_, inner)| *inner == at));
        for (at, module) in self.modules.iter().enumerate() {
            if module.slot.contains('/') && !is_placed(at) {
                out.push_str("<div hidden>");
                self.host(at, slots, out);
                out.push_str("</div>");
            }
        }
    }
}
