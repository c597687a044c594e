/*
 * Self-test: goes through the questions of the page one by one. What was not known comes again
 * until it is; the browser remembers, so that it comes first the next time. Without this the
 * page is a list of questions with folded answers.
 */
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const make = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });
  const box = one(".quiz"), words = box.dataset;
  const key = "zhi-quiz:" + new URL(words.root || ".", location.href).pathname;

  /** How often each question was known in a row, by its id; 0 for what was not. */
  let known = {};
  try { known = JSON.parse(localStorage.getItem(key) ?? "{}"); } catch { /* nothing is remembered */ }
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(known)); } catch { /* not kept */ } };

  const sections = all(".questions");
  const questions = sections.flatMap((section) => all("[data-id]", section).map((item) => ({
    item, section, fold: one("details", item), ...item.dataset, topics: item.dataset.topics.split("|").filter(Boolean), area: one("h2", section).firstChild.textContent.trim(),
  })));

  const bar = make("div", "filters");
  const fields = {};
  for (const [name, values] of Object.entries({ area: (q) => [q.area], topic: (q) => q.topics, level: (q) => [q.level], frequency: (q) => [q.frequency] })) {
    const found = [...new Set(questions.flatMap(values))].filter(Boolean);
    if (found.length < 2) continue;
    const label = make("label", "", words[name]), select = make("select", "");
    select.append(new Option(words.all, ""), ...found.map((value) => new Option(value)));
    label.append(select);
    bar.append(label);
    fields[name] = { select, values };
  }
  const missed = Object.assign(make("input", ""), { type: "checkbox" });
  const missedLabel = make("label", "missed");
  missedLabel.append(missed, words.missed);
  bar.append(missedLabel);
  const tally = make("p", "tally"), start = Object.assign(make("button", "start", words.start), { type: "button" });
  tally.setAttribute("role", "status");
  box.append(bar, tally, start);

  const fits = (question) => (!missed.checked || !(known[question.id] > 0))
    && Object.values(fields).every(({ select, values }) => !select.value || values(question).includes(select.value));
  const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const count = (some, test) => some.filter(({ id }) => test(known[id])).length;

  function list() {
    for (const question of questions) {
      question.item.hidden = !fits(question);
      question.item.dataset.state = known[question.id] > 0 ? "known" : known[question.id] === 0 ? "missed" : "";
    }
    for (const section of sections) section.hidden = !all("[data-id]:not([hidden])", section).length;
    const some = questions.filter(fits);
    tally.textContent = fill(words.tally, { n: some.length, knew: count(some, (times) => times > 0), not: count(some, (times) => times === 0) });
    start.disabled = !some.length;
  }

  /** A round: what was not known first, then what was never asked, then what was known least often. */
  const round = { queue: /** @type {any[]} */ ([]), now: /** @type {any} */ (undefined), knew: 0, not: new Set() };
  const controls = make("div", "controls");
  const press = (className, text, action) => {
    const button = Object.assign(make("button", className, text), { type: "button" });
    button.addEventListener("click", action);
    return button;
  };
  const show = press("show", words.show, () => { round.now.fold.open = true; });
  const knew = press("knew", words.knew, () => answer(true));
  const not = press("not", words.not, () => answer(false));
  const left = make("span", "left");
  controls.append(show, knew, not, left, press("stop", words.stop, () => stop()));

  function begin() {
    const rank = ({ id }) => known[id] === 0 ? -1 : known[id] ?? 0;
    const some = questions.filter(fits).map((question) => [rank(question) + Math.random() * .9, question]);
    Object.assign(round, { queue: some.sort(([a], [b]) => a - b).map(([, question]) => question), knew: 0, not: new Set() });
    for (const { item, fold } of questions) { item.hidden = true; fold.open = false; }
    document.body.classList.add("in-round");
    next();
  }
  function next() {
    if (round.now) round.now.item.hidden = true;
    round.now = round.queue.shift();
    if (!round.now) return stop(fill(words.done, { knew: round.knew, not: round.not.size }));
    const { item, section, fold } = round.now;
    for (const other of sections) other.hidden = other !== section;
    item.hidden = false;
    fold.open = false;
    item.append(controls);
    left.textContent = fill(words.at, { n: round.queue.length + 1 });
    turn();
    show.focus({ preventScroll: true });
  }
  function turn() {
    const open = round.now.fold.open;
    show.hidden = open;
    knew.hidden = not.hidden = !open;
    if (open) knew.focus({ preventScroll: true });
  }
  function answer(right) {
    const { now, queue } = round;
    if (right) {
      known[now.id] = round.not.has(now) ? 1 : (known[now.id] ?? 0) + 1;
      if (!round.not.has(now)) round.knew += 1;
    } else {
      known[now.id] = 0;
      round.not.add(now);
      queue.splice(Math.min(queue.length, 3), 0, now);
    }
    keep();
    next();
  }
  function stop(told) {
    round.now = undefined;
    controls.remove();
    document.body.classList.remove("in-round");
    for (const { fold } of questions) fold.open = false;
    list();
    if (told) tally.textContent = told;
    start.focus();
  }

  for (const question of questions) question.fold.addEventListener("toggle", () => round.now === question && turn());
  start.addEventListener("click", begin);
  bar.addEventListener("change", list);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && round.now) stop(); });

  const wanted = sections.find((section) => one("h2", section).id === decodeURIComponent(location.hash.slice(1)));
  if (wanted && fields.area) fields.area.select.value = questions.find(({ section }) => section === wanted).area;
  list();
})();
