/*
 * What scripts add to pages that are complete without them: the choice of colours, search on
 * demand, a tree that remembers, the section being read, copying, footnotes and linked notes in
 * place, large pictures, filters, progress. Words come from the attributes of the script's own element.
 */
(() => {
  "use strict";
  const words = /** @type {Record<string, string>} */ (/** @type {HTMLElement} */ (document.currentScript).dataset);
  const root = document.documentElement;
  const one = (selector, within = /** @type {any} */ (document)) => within.querySelector(selector);
  const all = (selector, within = /** @type {any} */ (document)) => [...within.querySelectorAll(selector)];
  const make = (name, className = "", text = "") =>
    Object.assign(document.createElement(name), { className, textContent: text });
  const button = (className, text) => Object.assign(make("button", className, text), { type: "button" });

  /**
   * Storage may be closed to the page; then nothing is remembered.
   * @param {"localStorage" | "sessionStorage"} store
   */
  const memory = (store) => ({
    get: (key) => { try { return self[store].getItem("zhi-" + key); } catch { return null; } },
    set: (key, value) => { try { self[store].setItem("zhi-" + key, value); } catch { /* not kept */ } },
  });
  const kept = memory("localStorage");
  const session = memory("sessionStorage");
  /** Whether the reader asks for few bytes; not every browser tells. */
  const isSaving = () => /** @type {any} */ (navigator).connection?.saveData;

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
      if (open) Object.assign(self, { zhiSearchOpen: true });
      if (loaded) return;
      loaded = true;
      const href = place.dataset.searchStyle;
      if (href) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
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
      const typing = /** @type {Element} */ (event.target).closest?.("input, textarea, select, [contenteditable]");
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
    const links = all("a", box), place = one(".contents span");
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
      place.textContent = marked?.textContent ?? "";
      if (!marked) return;
      marked.setAttribute("aria-current", "true");
      reveal();
    };
    const reveal = () => {
      if (!marked) return;
      const seen = box.getBoundingClientRect(), at = marked.getBoundingClientRect();
      if (at.top < seen.top + 60) box.scrollTop -= seen.top + 60 - at.top;
      if (at.bottom > seen.bottom - 60) box.scrollTop += at.bottom - seen.bottom + 60;
    };
    const soon = () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } };
    box.addEventListener("toggle", reveal);
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

  /**
   * A box beside an element, shown once the pointer or the focus has rested on it. It stays while
   * the pointer is on either, and Escape closes it (WCAG 1.4.13). `fill` makes what is in it.
   */
  function beside(className, selector, rest, fill) {
    const box = make("div", `beside ${className}`);
    box.setAttribute("aria-hidden", "true");
    let timer, of, y = 0;
    const soon = (action, delay) => { clearTimeout(timer); timer = setTimeout(action, delay); };
    const hide = () => { clearTimeout(timer); of = undefined; box.remove(); };
    const show = async (mark) => {
      of = mark;
      const content = await fill(mark);
      if (of !== mark) return;
      if (!content?.length) return hide();
      box.replaceChildren(...content);
      one("main").append(box);
      const lines = [...mark.getClientRects()], size = box.getBoundingClientRect();
      const at = lines.find(({ bottom }) => y < bottom) ?? lines[0];
      const above = at.bottom + size.height + 16 > innerHeight && at.top - size.height > 64;
      box.style.left = `${scrollX + Math.max(12, Math.min(at.left - 24, root.clientWidth - size.width - 12))}px`;
      box.style.top = `${scrollY + (above ? at.top - size.height - 8 : at.bottom + 8)}px`;
      box.classList.toggle("cut", box.lastChild.scrollHeight > box.lastChild.clientHeight + 1);
    };
    const over = (mark, delay) => { if (mark === of) clearTimeout(timer); else soon(() => show(mark), delay); };
    const leave = () => soon(hide, 250);
    addEventListener("pointerover", ({ target, pointerType, clientY }) => {
      if (pointerType === "touch") return;
      const mark = /** @type {Element} */ (target).closest?.(selector);
      if (box.contains(target)) return clearTimeout(timer);
      if (!mark) return leave();
      if (mark !== of) y = clientY;
      over(mark, rest);
    });
    root.addEventListener("pointerleave", leave);
    addEventListener("focusin", ({ target }) => {
      const mark = /** @type {Element} */ (target).closest(selector);
      if (!mark?.matches(":focus-visible")) return;
      if (of && mark !== of) hide();
      y = 0;
      over(mark, 2 * rest);
    });
    addEventListener("focusout", leave);
    addEventListener("keydown", (event) => event.key === "Escape" && hide());
    addEventListener("click", (event) => box.contains(event.target) || hide(), true);
    return (mark) => mark === of ? hide() : show(mark);
  }

  /** A footnote shows beside its mark; a tap shows it instead of going there. */
  function footnotes() {
    const toggle = beside("aside-note", ".footnote a", 0, (mark) => {
      const note = /** @type {Element | undefined} */ (document.getElementById(decodeURIComponent(mark.hash.slice(1)))?.cloneNode(true));
      if (!note) return;
      for (const back of all(".footnote-back", note)) back.remove();
      const copy = make("div");
      copy.append(...note.childNodes);
      return [lifeless(copy, location.href)];
    });
    addEventListener("click", (event) => {
      const mark = /** @type {Element} */ (event.target).closest(".footnote a");
      if (!mark || event.pointerType !== "touch") return;
      event.preventDefault();
      toggle(mark);
    });
  }

  /** A copy that can stand on any page: nothing in it runs, takes the focus or shares an id. */
  function lifeless(copy, base) {
    for (const idle of all("button, script, style, link, details, audio, video, iframe, .footnotes", copy)) idle.remove();
    for (const part of all("*", copy)) for (const { name, value } of [...part.attributes]) {
      if (name === "id") part.id = `zhi-${value}`;
      else if (/^(on|tabindex|aria-(labelledby|describedby))/.test(name)) part.removeAttribute(name);
      else if (value.startsWith("url(#")) part.setAttribute(name, value.replace("#", "#zhi-"));
    }
    for (const picture of all("img", copy)) picture.src = new URL(picture.getAttribute("src"), base);
    for (const part of all("a:not(svg a), h1, h2, h3, h4, h5, h6", copy)) {
      const plain = part.matches("a") ? make("span", "link") : make("p", "embed-heading");
      plain.append(...part.childNodes);
      part.replaceWith(plain);
    }
    return copy;
  }

  /** A note shows beside a link to it: its beginning, or the section that the link leads to. */
  function previews() {
    if (isSaving()) return;
    const links = ":is(.prose, .requires, .backlinks, .neighbours, .places, .lines) a[href]:not(.external, .file, .tag, .footnote a, .footnote-back), svg.local-graph a";
    const known = new Map();
    const read = async (url) => {
      const answer = await fetch(url);
      return new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    };
    const blocks = (page, id) => {
      const prose = one("main .prose", page);
      let block = id && prose && page.getElementById(id);
      if (!block) {
        const first = [...prose?.children ?? all("main > .lead, main ul", page).slice(0, 2)];
        return /^H\d$/.test(first[0]?.tagName) ? first.slice(1) : first;
      }
      while (block.parentElement !== prose) {
        if (!block.parentElement) return [...prose.children];
        block = block.parentElement;
      }
      const rank = (element) => /^H\d$/.test(element.tagName) ? +element.tagName[1] : 9;
      const found = [block];
      while (rank(block) < 9 && (found.at(-1).nextElementSibling ?? block) !== block && rank(found.at(-1).nextElementSibling) > rank(block)) {
        found.push(found.at(-1).nextElementSibling);
      }
      return found;
    };
    const content = async (link) => {
      const href = link.href.baseVal ?? link.href, url = new URL(href, location.href);
      const here = url.pathname === location.pathname;
      if (url.origin !== location.origin || !/(\/|\.html)$/.test(url.pathname) || here && !url.hash) return;
      if (location.protocol === "file:") {
        // A page cannot read files, but it can show one.
        const frame = Object.assign(make("iframe"), { src: url, title: link.textContent, inert: true });
        return [frame];
      }
      if (!known.has(url.pathname)) known.set(url.pathname, here ? document : read(url.pathname + url.search));
      const page = await known.get(url.pathname);
      const title = one("main h1", page)?.textContent;
      if (!title) return;
      const text = make("div", "prose");
      let length = 0;
      for (const block of blocks(page, decodeURIComponent(url.hash.slice(1)))) {
        text.append(document.importNode(block, true));
        length += block.textContent.length;
        if (length > 600) break;
      }
      lifeless(text, url);
      for (const sheet of all("link[rel=stylesheet]", page)) {
        const style = new URL(sheet.getAttribute("href"), url).href;
        if (!all("link[rel=stylesheet]").some((known) => known.href === style)) {
          document.head.append(Object.assign(make("link"), { rel: "stylesheet", href: style }));
        }
      }
      return [make("p", "preview-title", title), text];
    };
    beside("preview", links, 300, (link) => content(link).catch(() => undefined));
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

  /** Notes that the reader marked as read, and how far along a learning path they are. */
  function progress() {
    const site = decodeURIComponent(new URL(words.root || ".", location.href).pathname);
    const name = (href) => decodeURIComponent(new URL(href, location.href).pathname).slice(site.length);
    const recall = () => new Set(JSON.parse(kept.get("read:" + site) ?? "[]"));
    /** @type {{ press: HTMLElement, url: string, unset?: string }[]} */
    const toggles = all(".read").map((press) => ({ press, url: words.url, unset: press.textContent }));
    for (const bar of all("article .progress")) {
      const steps = new Set(bar.dataset.steps.split(" ").map(decodeURIComponent));
      for (const item of all(".prose ol > li")) {
        const link = one("a[href]", item), url = link && name(link.href);
        if (!steps.delete(url)) continue;
        const press = button("tick", "");
        press.setAttribute("aria-label", `${words.read} ${link.textContent}`);
        item.append(press);
        item.classList.add("step");
        toggles.push({ press, url });
      }
    }
    const show = () => {
      const read = recall();
      for (const { press, url, unset } of toggles) {
        press.setAttribute("aria-pressed", String(read.has(url)));
        if (unset) press.textContent = read.has(url) && press.dataset.set || unset;
      }
      for (const told of all(".progress")) {
        const bar = one("progress", told), steps = told.dataset.steps.split(" ").map(decodeURIComponent);
        bar.value = steps.filter((url) => read.has(url)).length;
        if (bar.value) told.lastChild.textContent = words.readCount.replace("{n}", bar.value).replace("{total}", bar.max);
      }
    };
    for (const { press, url } of toggles) press.addEventListener("click", () => {
      const read = recall();
      if (!read.delete(url)) read.add(url);
      kept.set("read:" + site, JSON.stringify([...read]));
      show();
    });
    show();
    addEventListener("pageshow", (event) => event.persisted && show());
    addEventListener("storage", show);
  }

  /** A page that a pointer or the focus rests on is fetched before it is asked for. */
  function ahead() {
    if (!location.protocol.startsWith("http") || isSaving()) return;
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

  for (const part of [theme, search, tree, contents, copying, footnotes, previews, zoom, filters, progress, ahead, near]) part();
})();
