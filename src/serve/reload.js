/*
 * Keeps a page as new as its note while `zhi serve` runs. The server tells the state that the
 * page should have; here it is compared with the state it has. A changed page is loaded anew
 * with the reader where he was, a changed style sheet is swapped in place, findings are shown
 * in a corner. Only a visible tab listens: browsers allow six connections to a server.
 */
(() => {
  "use strict";
  const own = document.currentScript;
  const have = own.dataset.have;
  const memory = "zhi-serve:" + location.pathname;
  const chinese = (document.documentElement.lang || "zh").startsWith("zh");
  const words = chinese
    ? { errors: "个错误", warnings: "个警告", none: "没有问题", change: "跳到改动处", follow: "保存后跳到改动处",
        elsewhere: "其他笔记", close: "关闭", former: "模板或设置有误，页面仍用上一个可用的版本", lost: "服务已停止" }
    : { errors: "errors", warnings: "warnings", none: "nothing wrong", change: "go to the change", follow: "go to the change after saving",
        elsewhere: "in other notes", close: "close", former: "A template or setting is wrong; the last good one is still in use", lost: "the server has stopped" };

  const make = (name, props = {}, ...children) => {
    const element = Object.assign(document.createElement(name), props);
    element.append(...children);
    return element;
  };
  const session = {
    get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } },
    drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* was not kept */ } },
  };

  /* Where the reader is, and what has changed: by the page's blocks and prints of them. */

  const blocks = () => [...(document.querySelector("main") ?? document.body)
    .querySelectorAll("h1,h2,h3,h4,h5,h6,p,li,pre,tr,dt,dd,figure,summary")];

  const print = (block) => {
    let hash = 2166136261;
    for (const c of block.localName + block.textContent) hash = Math.imul(hash ^ c.codePointAt(0), 16777619);
    return hash >>> 0;
  };

  function remember() {
    const all = blocks();
    const at = Math.max(0, all.findIndex((block) => block.getBoundingClientRect().bottom > 0));
    session.set(memory, {
      prints: all.map(print),
      at,
      top: all[at]?.getBoundingClientRect().top ?? 0,
      scroll: scrollY,
    });
  }

  /** Puts the block that stood at the top back to where it stood. */
  function restore(before, now, all) {
    const wanted = before.prints[before.at];
    let nearest = -1;
    now.forEach((print, n) => {
      const isNearer = nearest < 0 || Math.abs(n - before.at) < Math.abs(nearest - before.at);
      if (print === wanted && isNearer) nearest = n;
    });
    if (before.scroll === 0 || nearest < 0) scrollTo({ top: before.scroll, behavior: "instant" });
    else scrollBy({ top: all[nearest].getBoundingClientRect().top - before.top, behavior: "instant" });
  }

  /** The first block that was not there before, or the one after what is gone. */
  function changed(before, now) {
    const first = now.findIndex((print, n) => print !== before[n]);
    if (first >= 0) return first;
    return before.length > now.length ? now.length - 1 : -1;
  }

  let change = null;

  function goToChange() {
    if (!change) return;
    change.scrollIntoView({ block: "center", behavior: "instant" });
    change.animate?.([{ outline: "2px solid #c80", outlineOffset: "4px" }, { outline: "2px solid transparent", outlineOffset: "4px" }], 1600);
  }

  function arrive() {
    addEventListener("load", () => setTimeout(() => { history.scrollRestoration = "auto"; }), { once: true });
    const before = session.get(memory);
    if (!before) return;
    session.drop(memory);
    const all = blocks();
    const now = all.map(print);
    change = all[changed(before.prints, now)] ?? null;
    if (change && session.get("zhi-serve-follow")) goToChange();
    else restore(before, now, all);
  }

  /* The state the server tells. */

  function swapStyles(versions) {
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
      const url = new URL(link.href, location.href);
      const name = Object.keys(versions).find((name) => url.pathname.endsWith("/" + name));
      if (!name || url.origin !== location.origin || url.searchParams.get("v") === versions[name]) continue;
      url.searchParams.set("v", versions[name]);
      const next = link.cloneNode();
      next.href = url.href;
      // The old one goes only when the new one is there: nothing flickers.
      next.addEventListener("load", () => link.remove());
      next.addEventListener("error", () => link.remove());
      link.after(next);
    }
  }

  function swapImages(files) {
    for (const image of document.images) {
      const url = new URL(image.src, location.href);
      const version = files[decodeURIComponent(url.pathname).slice(1)];
      if (!version || url.origin !== location.origin || url.searchParams.get("zhi") === version) continue;
      url.searchParams.set("zhi", version);
      image.src = url.href;
    }
  }

  function take(state) {
    if (state.page !== have) {
      remember();
      // The browser would put the page back by pixels, after it was put back by its text.
      history.scrollRestoration = "manual";
      events?.close();
      location.reload();
      return;
    }
    swapStyles(state.styles);
    swapImages(state.files ?? {});
    show(state);
  }

  /* The corner: how many findings, those of this page, where they are. */

  const host = make("zhi-serve");
  const root = host.attachShadow({ mode: "open" });
  const base = new URL(".", own.src);
  let isOpen = false, isRestOpen = false, isDismissed = "";

  const href = (editor, { file, line, column }) => editor
    .replace("{file}", file.split("/").map(encodeURIComponent).join("/"))
    .replace("{line}", line).replace("{column}", column);

  const finding = (editor, one) => make("li", { className: one.severity },
    make("a", { href: href(editor, one), textContent: `${one.file}:${one.line}:${one.column}` }),
    make("span", { textContent: ` ${one.message} ` }),
    make("code", { textContent: one.code }),
    ...(one.help ? [make("small", { textContent: one.help })] : []));

  const counted = (errors, warnings) => [[errors, words.errors], [warnings, words.warnings]]
    .filter(([n]) => n).map(([n, word]) => `${n} ${word}`).join(chinese ? "，" : ", ") || words.none;

  function show(state) {
    const { findings, trouble, editor, errors, warnings } = state;
    const inside = [make("link", { rel: "stylesheet", href: new URL("reload.css", base).href })];
    const text = JSON.stringify(trouble);
    if (trouble.length && isDismissed !== text) inside.push(overlay(trouble, editor, () => { isDismissed = text; show(state); }));
    const here = findings.length;
    const bar = make("div", { className: "bar" });
    if (change) bar.append(make("button", { type: "button", textContent: "↓", title: words.change, ariaLabel: words.change, onclick: goToChange }));
    if (errors + warnings > 0) {
      bar.append(make("button", {
        type: "button", className: errors ? "error" : "warning", ariaExpanded: String(isOpen),
        textContent: here ? String(here) : "·", title: counted(errors, warnings), ariaLabel: counted(errors, warnings),
        onclick: () => { isOpen = !isOpen; show(state); },
      }));
    }
    if (isOpen && errors + warnings > 0) inside.push(panel(state));
    if (bar.children.length) inside.push(bar);
    root.replaceChildren(...inside);
    if (!host.isConnected) document.body.append(host);
  }

  function panel({ findings, editor, errors, warnings }) {
    const follow = make("input", { type: "checkbox", checked: !!session.get("zhi-serve-follow"), onchange: () => session.set("zhi-serve-follow", follow.checked) });
    const rest = make("details", { open: isRestOpen }, make("summary", { textContent: words.elsewhere }), make("ul"));
    rest.addEventListener("toggle", async () => {
      isRestOpen = rest.open;
      if (!isRestOpen) return;
      const all = await (await fetch(new URL("findings.json", base))).json();
      const seen = new Set(findings.map((one) => one.file));
      rest.lastChild.replaceChildren(...all.filter((one) => !seen.has(one.file)).map((one) => finding(editor, one)));
    });
    return make("section", { className: "panel", ariaLabel: counted(errors, warnings) },
      make("p", { textContent: counted(errors, warnings) }),
      make("ul", {}, ...findings.map((one) => finding(editor, one))),
      rest,
      make("label", {}, follow, ` ${words.follow}`));
  }

  const overlay = (trouble, editor, dismiss) => make("section", { className: "overlay", role: "alert" },
    make("p", { textContent: words.former }),
    ...trouble.map(({ text, at }) => make("pre", {}, make("a", { href: href(editor, at), textContent: `${at.file}:${at.line}:${at.column}` }), "\n", text)),
    make("button", { type: "button", textContent: words.close, onclick: dismiss }));

  /* The stream. */

  let events = null;
  function listen() {
    if (events || document.visibilityState !== "visible") return;
    const url = new URL("events", base);
    url.searchParams.set("page", location.pathname);
    events = new EventSource(url);
    events.onmessage = (event) => take(JSON.parse(event.data));
  }
  function rest() {
    events?.close();
    events = null;
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : rest()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);

  arrive();
  listen();
})();
