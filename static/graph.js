/*
 * The picture of all notes. Where they stand was decided when the site was built; this draws,
 * and lets the reader move, zoom, search and narrow. The list below the picture holds the same
 * notes as links: it is where titles and addresses come from, and works without this.
 */
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const box = one(".graph"), canvas = one("canvas", box), pen = canvas.getContext("2d");
  const { places, links, topics } = JSON.parse(box.dataset.graph);
  const sections = all(".graph-list");
  /** @type {any[]} */
  const notes = sections.flatMap((section, group) => all("a", section).map((link) => ({ link, group, near: [], on: true })));
  notes.forEach((note, n) => Object.assign(note, { n, x: places[2 * n], y: places[2 * n + 1], title: link(note) }));
  for (let n = 0; n < links.length; n += 2) {
    notes[links[n]].near.push(notes[links[n + 1]]);
    notes[links[n + 1]].near.push(notes[links[n]]);
  }
  for (const note of notes) note.size = 3.2 + 1.15 * Math.sqrt(note.near.length);
  const foremost = [...notes].sort((a, b) => b.near.length - a.near.length);
  function link(note) { return note.link.textContent; }

  const LABEL = 12, LABELS = 70, HIT = 14, REST = 140, MARGIN = .25;
  let width = 0, height = 0, ratio = 1, colours = {};
  const view = { x: 0, y: 0, zoom: 1 };
  let least = .01, marked;
  /** Nodes and links as they were last drawn in full, and the view they were drawn for. */
  const sheet = { canvas: document.createElement("canvas"), view: /** @type {any} */ (undefined) };

  const across = (note) => (note.x - view.x) * view.zoom + width / 2;
  const down = (note) => (note.y - view.y) * view.zoom + height / 2;
  const scaled = () => Math.min(1.6, Math.max(.35, view.zoom));

  function readColours() {
    const style = getComputedStyle(box);
    const colour = (name) => style.getPropertyValue(name).trim();
    colours = { ground: colour("--bg"), text: colour("--strong"), line: colour("--edge"), accent: colour("--accent"), groups: [] };
    for (let n = 0; n < 10; n += 1) colours.groups.push(colour(`--g${n}`));
  }

  /** Draws all nodes and links, with a margin round what is seen, for moving without redrawing. */
  function redraw() {
    const wide = width * (1 + 2 * MARGIN), high = height * (1 + 2 * MARGIN);
    Object.assign(sheet.canvas, { width: wide * ratio, height: high * ratio });
    sheet.view = { ...view };
    const ink = /** @type {CanvasRenderingContext2D} */ (sheet.canvas.getContext("2d"));
    ink.scale(ratio, ratio);
    ink.translate(width * MARGIN, height * MARGIN);
    ink.strokeStyle = colours.line;
    ink.lineWidth = Math.min(1.2, Math.max(.4, view.zoom));
    ink.globalAlpha = Math.min(.9, Math.max(.12, 900 / (links.length / 2 + 1)));
    ink.beginPath();
    for (let n = 0; n < links.length; n += 2) {
      const a = notes[links[n]], b = notes[links[n + 1]];
      if (!a.on || !b.on) continue;
      ink.moveTo(across(a), down(a));
      ink.lineTo(across(b), down(b));
    }
    ink.stroke();
    const paths = colours.groups.map(() => [new Path2D(), new Path2D()]);
    for (const note of notes) {
      const path = paths[note.group % 10][+note.on], x = across(note), y = down(note), size = note.size * scaled();
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 7);
    }
    paths.forEach((both, group) => both.forEach((path, on) => {
      ink.globalAlpha = on ? 1 : .12;
      ink.fillStyle = colours.groups[group];
      ink.fill(path);
    }));
  }

  function dots(some) {
    for (const note of some) {
      pen.fillStyle = colours.groups[note.group % 10];
      pen.beginPath();
      pen.arc(across(note), down(note), note.size * scaled() + 1, 0, 7);
      pen.fill();
    }
  }

  /** Titles of the most linked notes in sight, none over another. */
  function labels(some, most) {
    pen.font = `${LABEL}px ${getComputedStyle(box).fontFamily}`;
    pen.textAlign = "center";
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    pen.strokeStyle = colours.ground;
    const taken = new Set();
    let drawn = 0;
    for (const note of some) {
      if (drawn === most) break;
      const at = across(note), below = down(note) + note.size * scaled() + LABEL + 1;
      if (!note.on || at < 0 || below < 0 || at > width || down(note) > height) continue;
      note.width ??= pen.measureText(note.title).width;
      // A title that would be cut at an edge moves inwards; one wider than the picture begins in it.
      const half = note.width / 2 + 4, x = Math.max(half, Math.min(at, width - half)), y = Math.min(below, height - 5);
      const row = Math.round(y / 17), cells = [];
      for (let cell = Math.floor((x - half) / 24); cell <= (x + half) / 24; cell += 1) cells.push(`${cell},${row}`, `${cell},${row + 1}`);
      if (cells.some((part) => taken.has(part))) continue;
      cells.forEach((part) => taken.add(part));
      drawn += 1;
      pen.strokeText(note.title, x, y);
      pen.fillStyle = colours.text;
      pen.fillText(note.title, x, y);
    }
  }

  function draw() {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const grown = view.zoom / sheet.view.zoom;
    const left = width / 2 + (sheet.view.x - view.x) * view.zoom - width * (.5 + MARGIN) * grown;
    const top = height / 2 + (sheet.view.y - view.y) * view.zoom - height * (.5 + MARGIN) * grown;
    pen.globalAlpha = marked ? .25 : 1;
    pen.drawImage(sheet.canvas, left, top, width * (1 + 2 * MARGIN) * grown, height * (1 + 2 * MARGIN) * grown);
    pen.globalAlpha = 1;
    if (!marked) return labels(foremost, LABELS);
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 1.4;
    pen.beginPath();
    for (const other of marked.near) {
      pen.moveTo(across(marked), down(marked));
      pen.lineTo(across(other), down(other));
    }
    pen.stroke();
    dots([...marked.near, marked]);
    labels([marked, ...marked.near], 40);
  }

  let asked = false, rest;
  function soon() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  }
  /** While the view moves the last drawing moves along; it is drawn anew when the view rests. */
  function moved() {
    soon();
    clearTimeout(rest);
    rest = setTimeout(() => { redraw(); soon(); }, REST);
  }
  function anew() { redraw(); soon(); }

  function showAll() {
    const seen = notes.filter((note) => note.on), some = seen.length ? seen : notes;
    const span = (key) => some.reduce(([low, high], note) => [Math.min(low, note[key]), Math.max(high, note[key])], [1e9, -1e9]);
    const [left, right] = span("x"), [top, bottom] = span("y");
    view.x = (left + right) / 2;
    view.y = (top + bottom) / 2;
    view.zoom = Math.min(2, width / (right - left + 120), height / (bottom - top + 120));
    least = Math.min(least, view.zoom / 3);
  }
  function zoom(factor, x = width / 2, y = height / 2) {
    const now = Math.min(6, Math.max(least, view.zoom * factor));
    view.x += (x - width / 2) * (1 / view.zoom - 1 / now);
    view.y += (y - height / 2) * (1 / view.zoom - 1 / now);
    view.zoom = now;
    moved();
  }
  function mark(note) {
    if (note === marked) return;
    marked = note;
    canvas.classList.toggle("on-note", !!note);
    soon();
  }
  function under(event) {
    let best, least = HIT * HIT;
    for (const note of notes) {
      if (!note.on) continue;
      const dx = across(note) - event.offsetX, dy = down(note) - event.offsetY, reach = note.size * scaled();
      const far = Math.max(0, dx * dx + dy * dy - reach * reach);
      if (far < least) { best = note; least = far; }
    }
    return best;
  }

  /** One pointer moves the picture, two stretch it; a press that does not move opens a note. */
  function pointers() {
    const down = new Map();
    let travelled = 0, former;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      down.set(event.pointerId, [event.offsetX, event.offsetY]);
      if (down.size === 1) { travelled = 0; former = marked; }
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before) return event.pointerType === "touch" || mark(under(event));
      const others = [...down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      down.set(event.pointerId, [event.offsetX, event.offsetY]);
      const [dx, dy] = [event.offsetX - before[0], event.offsetY - before[1]];
      travelled += Math.abs(dx) + Math.abs(dy);
      const shared = others.length + 1;
      view.x -= dx / shared / view.zoom;
      view.y -= dy / shared / view.zoom;
      if (!others.length) return moved();
      const [[x, y]] = others;
      zoom(Math.hypot(event.offsetX - x, event.offsetY - y) / Math.max(1, Math.hypot(before[0] - x, before[1] - y)), (event.offsetX + x) / 2, (event.offsetY + y) / 2);
    });
    const up = (event) => {
      const alone = down.size === 1;
      down.delete(event.pointerId);
      if (event.type !== "pointerup" || !alone || travelled > 6) return;
      const note = under(event);
      // A finger cannot rest on a note to see what it is: its first touch shows that.
      if (note && (event.pointerType !== "touch" || note === former)) note.link.click();
      else mark(note);
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && mark());
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0016)), event.offsetX, event.offsetY);
    }, { passive: false });
  }

  /** Folders that are shown, one topic, a part of the title: what fits none is faint, and not in the list. */
  function narrow() {
    const find = one(".graph-find", box), topic = one(".graph-topic", box), legend = all(".graph-legend button", box);
    const apply = () => {
      const query = find.value.trim().toLowerCase();
      const chosen = topic?.value ? new Set(topics[topic.value]) : undefined;
      for (const note of notes) {
        note.on = legend[note.group].ariaPressed === "true" && (!chosen || chosen.has(note.n)) && note.title.toLowerCase().includes(query);
        note.link.parentElement.hidden = !note.on;
      }
      for (const [group, section] of sections.entries()) section.hidden = !notes.some((note) => note.on && note.group === group);
      mark();
      anew();
    };
    find.addEventListener("input", apply);
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      showAll();
      mark(foremost.find((note) => note.on));
      anew();
    });
    topic?.addEventListener("change", apply);
    for (const press of legend) press.addEventListener("click", () => {
      press.ariaPressed = String(press.ariaPressed !== "true");
      apply();
    });
    for (const press of all("[data-zoom]", box)) press.addEventListener("click", () => {
      if (press.dataset.zoom === "all") { showAll(); anew(); } else zoom(press.dataset.zoom === "in" ? 1.5 : 1 / 1.5);
    });
  }

  /** A note whose link below has the focus is shown in the picture, too. */
  function follow() {
    for (const section of sections) {
      section.addEventListener("focusin", ({ target }) => mark(notes.find((note) => note.link === target)));
      section.addEventListener("focusout", () => mark());
    }
  }

  let first = true;
  new ResizeObserver(() => {
    ({ clientWidth: width, clientHeight: height } = canvas);
    ratio = Math.min(2, devicePixelRatio || 1);
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    if (first) showAll();
    first = false;
    redraw();
    draw();
  }).observe(canvas);
  const repaint = () => { readColours(); if (sheet.view) anew(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  readColours();
  pointers();
  narrow();
  follow();
})();
