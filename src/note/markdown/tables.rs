//! Tables that scroll in themselves.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::blocks::Container;
use super::writer::Writer;

/// A table that is open.
pub(super) struct OpenTable {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_body: bool,
    /// Where the tag of the cell that is open begins and ends.
    cell: Range<usize>,
}

impl Writer<'_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.close_leaf(false);
        self.fresh_line();
        self.open_container(Container::Other);
        self.tables.push(OpenTable {
            alignments,
            column: 0,
            in_head: false,
            has_body: false,
            cell: 0..0,
        });
        self.open_scroller();
        self.html("<table>\n");
    }

    pub(super) fn end_table(&mut self) {
        let has_body = self.tables.pop().is_some_and(|table| table.has_body);
        self.html(if has_body { "</tbody>\n</table></div>\n" } else { "</table></div>\n" });
        self.finish_block();
    }

    /// Opens what a table scrolls in.
    pub(super) fn open_scroller(&mut self) {
        let label = self.word("table").to_owned();
        self.html(&format!(
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">"
        ));
    }

    pub(super) fn start_table_head(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.in_head = true;
            table.column = 0;
        }
        self.html("<thead>\n<tr>\n");
    }

    pub(super) fn end_table_head(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.in_head = false;
        }
        self.html("</tr>\n</thead>\n");
    }

    pub(super) fn start_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.column = 0;
        if !std::mem::replace(&mut table.has_body, true) {
            self.html("<tbody>\n");
        }
        self.html("<tr>\n");
    }

    pub(super) fn start_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let class = match table.alignments.get(table.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        table.column += 1;
        let tag = if table.in_head {
            format!("<th scope=\"col\"{class}>")
        } else {
            format!("<td{class}>")
        };
        let start = self.out.html.len();
        table.cell = start..start + tag.len();
        self.html(&tag);
        self.open_leaf();
    }

    pub(super) fn end_cell(&mut self) {
        self.undo_mark();
        self.close_leaf(false);
        self.close_inline_html();
        let Some(table) = self.tables.last().filter(|table| table.in_head) else {
            return self.html("</td>\n");
        };
        // A cell of the head that says nothing heads nothing.
        let tag = table.cell.clone();
        let has_slot = self.out.slots.last().is_some_and(|(at, _)| *at >= tag.end);
        if has_slot || tag.end < self.out.html.len() {
            return self.html("</th>\n");
        }
        self.out.html.truncate(tag.start);
        self.html("<td></td>\n");
    }
}
