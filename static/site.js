/*
 * What scripts add to pages that are complete without them: the choice of colours, search on
 * demand, a tree that remembers, the section being read, copying, footnotes in place, large
 * pictures, filters. Words come from the attributes of the script's own element.
 */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, className = "", text = "") =>
    Object.assign(document.createElement(name), { className, textContent: text });
  const button = (className, text) => Object.assign(make("button", className, text), { type: "button" });

  /** Storage may be closed to the page; then nothing is remembered. */
  const memory = (store) => ({
    get: (key) => { try { return self[store].getItem("zhi-" + key); } catch { return null; } },
    set: (key, value) => { try { self[store].setItem("zhi-" + key, value); } catch { /* not kept */ } },
  });
  const kept = memory("localStorage");
  const session = memory("sessionStorage");

  function theme() {
    const toggle = one(".theme");
    const order = ["auto", "light", "dark"];
    const show = (choice) => {
      if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
      toggle.setAttribute("aria-label", toggle.dataset[choice]);
      toggle.title = toggle.dataset[choice];
    };
    show(root.dataset.theme ?? "auto");
    toggle.addEventListener("click", () => {
      const choice = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % 3];
      show(choice);
      kept.set("theme", choice);
    });
  }

  /** Nothing of the search is loaded before the reader touches it; `search.js` tells the rest. */
  function search() {
    const page = one("[data-search-page]");
    const opener = one("[data-search-open]");
    const place = page ?? opener;
    if (!place || !words.search) return;
    let loaded = false;
    const load = (open) => {
      if (open) self.zhiSearchOpen = true;
      if (loaded) return;
      loaded = true;
      for (const src of [place.dataset.searchRoot + place.dataset.searchEntry, words.search]) {
        document.head.append(Object.assign(document.createElement("script"), { src }));
      }
    };
    if (page || /[?#&]q=/.test(location.search + location.hash)) load(false);
    opener.form.addEventListener("submit", (event) => event.preventDefault());
    opener.addEventListener("focus", () => load(false), { once: true });
    opener.addEventListener("pointerenter", () => load(false), { once: true });
    opener.addEventListener("click", () => load(true), { once: true });
    one("[data-search-too]")?.addEventListener("click", () => opener.click());
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      const asked = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
        || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
      if (!asked || loaded) return;
      event.preventDefault();
      load(true);
    });
  }

  /** Folders stay as the reader left them, and the page's own entry is in view. */
  function tree() {
    const box = one(".tree");
    const left = JSON.parse(kept.get("tree") ?? "{}");
    for (const folder of all("details[data-folder]", box)) {
      const name = folder.dataset.folder;
      const here = one("[aria-current]", folder);
      if (name in left && !here) folder.open = left[name];
      folder.addEventListener("toggle", () => {
        if (folder.open === !!here) delete left[name]; else left[name] = folder.open;
        kept.set("tree", JSON.stringify(left));
      });
    }
    const reveal = () => {
      const current = one("[aria-current]", box.lastElementChild);
      if (!current) return;
      const seen = box.getBoundingClientRect(), at = current.getBoundingClientRect();
      if (at.top < seen.top + 40 || at.bottom > seen.bottom - 40) box.scrollTop += at.top - seen.top - seen.height / 3;
    };
    box.scrollTop = session.get("tree-top") ?? 0;
    reveal();
    box.addEventListener("toggle", reveal);
    addEventListener("pagehide", () => session.set("tree-top", box.scrollTop));
  }

  function contents() {
    const box = one(".toc");
    if (!box) return;
    const links = all("a", box);
    const heads = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    let marked, waiting = false;
    const mark = () => {
      waiting = false;
      const end = innerHeight + scrollY >= root.scrollHeight - 2;
      let n = heads.findLastIndex((head) => head && head.getBoundingClientRect().top < innerHeight * (end ? 1 : .25));
      if (scrollY < 8) n = -1;
      if (links[n] === marked) return;
      marked?.removeAttribute("aria-current");
      marked = links[n];
      if (!marked) return;
      marked.setAttribute("aria-current", "true");
      const seen = box.getBoundingClientRect(), at = marked.getBoundingClientRect();
      if (at.top < seen.top + 60) box.scrollTop -= seen.top + 60 - at.top;
      if (at.bottom > seen.bottom - 60) box.scrollTop += at.bottom - seen.bottom + 60;
    };
    const soon = () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } };
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    box.addEventListener("click", (event) => {
      if (event.target.closest("a") && box.matches(":popover-open")) box.hidePopover();
    });
    soon();
  }

  /** Of a transcript the commands are copied, without prompts; of a change what it leads to. */
  function copying() {
    const text = (pre) => {
      const copy = pre.cloneNode(true);
      for (const part of all(".removed", copy)) part.remove();
      const prompts = all(".language-console .p", copy);
      for (const prompt of prompts) prompt.textContent = "\0";
      let goesOn = false;
      const lines = copy.textContent.replace(/\n$/, "").split("\n").filter((line) => {
        const isCommand = goesOn || line.startsWith("\0");
        goesOn = isCommand && line.endsWith("\\");
        return isCommand || !prompts.length;
      });
      return lines.join("\n").replace(/\0 ?/g, "");
    };
    for (const figure of all("figure.code")) {
      const press = button("copy", words.copy);
      press.addEventListener("click", async () => {
        await write(text(one("pre", figure)));
        press.textContent = words.copied;
        setTimeout(() => press.textContent = words.copy, 1600);
      });
      one("pre", figure).before(press);
    }
  }

  /** The clipboard's own interface is missing on plain http and from disk. */
  async function write(text) {
    try { await navigator.clipboard.writeText(text); return; } catch { /* the old way */ }
    const field = Object.assign(make("textarea", "hidden"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  /** A footnote shows beside its mark on hover and focus; a tap shows it instead of going there. */
  function footnotes() {
    const box = make("div", "aside-note");
    let timer, of;
    const hide = () => { box.remove(); of = undefined; };
    const show = (mark) => {
      clearTimeout(timer);
      const note = document.getElementById(decodeURIComponent(mark.hash.slice(1)));
      if (!note || of === mark) return;
      of = mark;
      const copy = note.cloneNode(true);
      for (const back of all(".footnote-back", copy)) back.remove();
      for (const named of all("[id]", copy)) named.removeAttribute("id");
      box.replaceChildren(...copy.childNodes);
      one(".prose").append(box);
      const at = mark.getBoundingClientRect(), size = box.getBoundingClientRect();
      const x = Math.min(Math.max(12, at.left - 24), root.clientWidth - size.width - 12);
      const below = at.bottom + size.height + 16 < innerHeight;
      box.style.left = `${x}px`;
      box.style.top = `${below ? at.bottom + 8 : at.top - size.height - 8}px`;
    };
    const later = () => { timer = setTimeout(hide, 200); };
    for (const mark of all(".footnote a")) {
      mark.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(mark));
      mark.addEventListener("pointerleave", later);
      mark.addEventListener("focus", () => mark.matches(":focus-visible") && show(mark));
      mark.addEventListener("blur", later);
      mark.addEventListener("click", (event) => {
        if (event.pointerType !== "touch") return hide();
        event.preventDefault();
        if (of === mark) hide(); else show(mark);
      });
    }
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", later);
    addEventListener("scroll", hide, { passive: true });
    addEventListener("keydown", (event) => event.key === "Escape" && hide());
    addEventListener("pointerdown", (event) => of && !event.target.closest(".aside-note, .footnote") && hide());
  }

  /** Pictures and diagrams that were made smaller to fit can be seen whole. */
  function zoom() {
    const dialog = make("dialog", "zoom");
    const close = button("icon", "×");
    close.setAttribute("aria-label", words.close);
    const stage = make("div", "stage");
    dialog.append(stage, close);
    dialog.addEventListener("click", () => dialog.close());
    const open = (picture) => {
      const copy = picture.cloneNode(true);
      copy.removeAttribute("loading");
      stage.replaceChildren(copy);
      dialog.setAttribute("aria-label", picture.alt || one("title", picture)?.textContent || words.zoom);
      if (!dialog.isConnected) document.body.append(dialog);
      dialog.showModal();
    };
    for (const picture of all(".prose img.image, .prose .diagram > svg")) {
      const box = picture.parentElement;
      if (box.matches("a") || !(parseFloat(picture.getAttribute("width")) > box.clientWidth * 1.1)) continue;
      const press = button("enlarge", words.zoom);
      press.addEventListener("click", () => open(picture));
      picture.addEventListener("click", () => open(picture));
      picture.classList.add("can-zoom");
      box.classList.add("has-zoom");
      picture.after(press);
    }
  }

  /** Lists can be narrowed to one level and one frequency. */
  function filters() {
    const bar = one(".filters");
    if (!bar) return;
    const chosen = {};
    bar.addEventListener("click", ({ target }) => {
      const { key } = target.dataset;
      if (!key) return;
      chosen[key] = chosen[key] === target.textContent ? undefined : target.textContent;
      for (const press of all("button", bar)) {
        press.setAttribute("aria-pressed", String(chosen[press.dataset.key] === press.textContent));
      }
      for (const item of all(".cards > li", bar.parentElement)) {
        item.hidden = Object.keys(chosen).some((name) => chosen[name] && item.dataset[name] !== chosen[name]);
      }
    });
  }

  /** A page that a pointer or the focus rests on is fetched before it is asked for. */
  function ahead() {
    if (!location.protocol.startsWith("http") || navigator.connection?.saveData) return;
    const known = new Set([location.pathname]);
    let timer;
    const rest = ({ target }) => {
      clearTimeout(timer);
      const link = target.closest?.("a[href]");
      if (link?.origin !== location.origin || known.has(link.pathname)) return;
      timer = setTimeout(() => {
        known.add(link.pathname);
        document.head.append(Object.assign(make("link"), { rel: "prefetch", href: link.pathname + link.search }));
      }, 80);
    };
    addEventListener("pointerover", rest, { passive: true });
    addEventListener("focusin", rest);
  }

  /** On the page for missing addresses: notes in the tree whose address or title is alike. */
  function near() {
    const box = one(".near");
    if (!box) return;
    const pairs = (text) => new Set([...text].slice(1).map((letter, n) => [...text][n] + letter));
    const name = (path) => {
      try { path = decodeURIComponent(path); } catch { /* as it stands */ }
      return path.replace(/(\/index)?\.html$|\/$/, "").split("/").pop().toLowerCase();
    };
    const wanted = pairs(name(location.pathname));
    const alike = (text) => {
      const given = pairs(text.toLowerCase());
      return 2 * [...wanted].filter((pair) => given.has(pair)).length / (wanted.size + given.size || 1);
    };
    const found = all(".tree > ul a").map((link) => ({ link, score: Math.max(alike(name(link.pathname)), alike(link.textContent)) }));
    const best = found.filter(({ score }) => score > .3).sort((a, b) => b.score - a.score).slice(0, 5);
    if (!best.length) return;
    const list = make("ul", "lines");
    for (const { link } of best) {
      const copy = Object.assign(make("a", "", link.textContent), { href: link.href });
      const item = make("li");
      item.append(copy);
      list.append(item);
    }
    box.append(make("h2", "", box.dataset.heading), list);
    box.hidden = false;
  }

  for (const part of [theme, search, tree, contents, copying, footnotes, zoom, filters, ahead, near]) part();
})();
