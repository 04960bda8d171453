// The frame of every page: top bar, notices, routes, keys, and the watch over the kernel.

const ASK_EVERY_MS = 15000;
const ALIVE_LIMIT_MS = 8000;
const USED_WITHIN_MS = 600000;
const TOAST_MS = 6000;

const notices = (area) => (event) => {
  const { text, tone } = event.detail;
  const urgent = tone === "error" || tone === "warning";
  const note = el("div", { class: `wb-notice ${tone}`, role: urgent ? "alert" : "status" },
    el("span", {}, text), el("button", { type: "button", class: "wb-close", "aria-label": "Dismiss", click: () => note.remove() }, "×"));
  area.append(note);
  while (area.children.length > 4) area.firstChild.remove();
  if (!urgent) setTimeout(() => note.remove(), TOAST_MS);
};

// Keys: a control carries data-key="Alt+KeyC"; the topmost layer's visible control is pressed.
const typing = (node) => node?.matches?.("input:not([type=checkbox]):not([type=button]), textarea, select, [contenteditable=true]");
const pressedKey = (event) =>
  (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
const layer = (root) => [...document.querySelectorAll("dialog[open]")].pop() ?? root;
const visible = (node) => node.getClientRects().length > 0;
const keyed = (root) => [...layer(root).querySelectorAll("[data-key]")].filter(visible);

const onKey = (root, overlay) => (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (!inVoila() && !root.contains(event.target)) return; // JupyterLab has keys of its own outside our frame
  const key = pressedKey(event);
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (plain && typing(event.target)) return;
  if (event.key === "?" && plain) { event.preventDefault(); overlay(); return; }
  const target = keyed(root).find((node) => node.dataset.key === key);
  if (!target) return;
  event.preventDefault();
  event.stopPropagation();
  // What is being typed is told first: a key presses no button over it.
  if (typing(document.activeElement)) document.activeElement.dispatchEvent(new Event("commit"));
  if (target.matches("input, select, textarea, [role=grid]")) target.focus(); else target.click();
};

const keysDialog = (root) => {
  const general = [["?", "This list"], ["Tab", "Next control"], ["↑ ↓ ← → Home End", "Move in a list"], ["PgUp PgDn", "Page of a list"],
    ["Enter", "Use the row, or sort by the heading"], ["Space", "Select the row (Shift and Ctrl: several)"], ["t  +1  -1", "In a date: today, later, earlier"], ["Esc", "Close the dialog"]];
  const shown = keyed(root).map((node) => [keyText(node.dataset.key), node.dataset.keyLabel || node.getAttribute("aria-label") || node.textContent]);
  const row = ([key, text]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, text));
  const dialog = el("dialog", { class: "wb-dialog wb-keys", "aria-label": "Keys" }, el("h2", {}, "Keys"),
    el("table", {}, el("tbody", {}, shown.map(row), general.map(row))),
    el("div", { class: "wb-actions" }, button({ label: "Close" }, () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
};

const lostDialog = (root, text) => {
  if (root.querySelector(".wb-lost")) return;
  const dialog = el("dialog", { class: "wb-dialog wb-lost", role: "alertdialog", "aria-label": "Reload needed" }, el("h2", {}, "Reload needed"),
    el("p", {}, text), el("div", { class: "wb-actions" }, button({ label: "Keep looking" }, () => dialog.close()), button({ label: "Reload", tone: "primary" }, () => location.reload())));
  root.append(dialog);
  dialog.showModal();
};

// Is the kernel there? Its own answer counts; without one the server is asked. Asked only while somebody
// uses the page, so that a forgotten tab ends by itself.
const watch = (root, model, signal) => {
  let used = Date.now(), pending = null, last = 0;
  const say = (text) => lostDialog(root, text);
  const verdict = async () => {
    if (!inVoila()) { say("The kernel does not answer. Restart it and run the cell again."); return; }
    const id = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
    try {
      const answer = await fetch(`${document.body.dataset.baseUrl}../api/kernels/${id}`, { cache: "no-store" });
      if (!answer.ok) say("This page was closed after a pause, or stopped. What you saved is safe.");
      else if ((await answer.json()).execution_state !== "busy") say("This page no longer answers. What you saved is safe.");
    } catch { say("The server does not answer. What you saved is safe."); }
  };
  const ask = () => {
    if (pending) return;
    pending = setTimeout(() => { pending = null; void verdict(); }, ALIVE_LIMIT_MS);
    sent(model, { event: "alive", content: { beat: ++last } });
  };
  const heard = () => { clearTimeout(pending); pending = null; };
  const touched = () => { const away = Date.now() - used > USED_WITHIN_MS; used = Date.now(); if (away) ask(); };
  for (const kind of ["pointerdown", "keydown", "focus"]) addEventListener(kind, touched, { signal, capture: true });
  const timer = setInterval(() => { if (Date.now() - used < USED_WITHIN_MS) ask(); }, ASK_EVERY_MS);
  signal.addEventListener("abort", () => { clearInterval(timer); clearTimeout(pending); });
  root.addEventListener("wb-late", ask);
  return heard;
};

// The kit's modules come with the frame, once; the widgets' own stand-ins take them from here (kit/base.py).
const bring = (modules) => {
  const kit = (globalThis.workbenchKit ??= { modules: {}, waiting: {} });
  for (const [name, text] of Object.entries(modules)) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    kit.modules[name] ??= import(address).then((module) => { URL.revokeObjectURL(address); return module.default; });
    for (const take of kit.waiting[name] ?? []) take(kit.modules[name]);
    delete kit.waiting[name];
  }
};

export default {
  initialize({ model }) { bring(model.get("modules")); },
  async render({ model, el: root, host, signal }) {
    document.getElementById("wb-opening")?.remove();
    root.classList.add("wb", "wb-shell");
    const area = el("div", { class: "wb-notices" });
    const nav = el("nav", { "aria-label": "Main" });
    const who = el("span", { class: "wb-who" });
    const keys = button({ label: "Keys", text: "?", title: "List the keys" }, () => keysDialog(root));
    const content = el("main", { class: "wb-content", tabindex: "-1" });
    root.append(el("header", { class: "wb-top" }, el("strong", { class: "wb-brand" }, "Workbench"), nav, who, keys), area, content);

    let heard = () => {};
    const call = connect(model, root, (message) => {
      if (message.kind === "alive") heard();
      else if (message.kind === "go") go(pageHref(message.page, message.params));
      else if (message.kind === "address" && inVoila()) history.replaceState(null, "", pageHref(message.page, message.params));
    });
    const route = (href) => {
      const url = new URL(href, location.href);
      const page = url.pathname.split("/").pop().replace(/\.ipynb$/, "");
      return call("route", { page, search: url.search });
    };
    const go = (href) => { if (inVoila()) history.pushState(null, "", href); return route(href).then(() => content.focus({ preventScroll: true })); };

    const drawBar = () => {
      const current = model.get("current");
      nav.replaceChildren(...model.get("pages").map(({ page, label }) =>
        el("a", { href: pageHref(page), "data-go": "", "aria-current": page === current ? "page" : undefined }, label)));
      who.textContent = [model.get("practice"), model.get("user")].filter(Boolean).join(" · ");
      if (inVoila() && model.get("title")) document.title = `${model.get("title")} · Workbench`;
    };
    // Screens stay in the page once drawn: going back finds the list as it was left.
    const drawn = new Map();
    const drawContent = async () => {
      const ref = model.get("content");
      if (!ref) return;
      for (const place of drawn.values()) place.hidden = true;
      if (!drawn.has(ref)) {
        const place = el("div", { class: "wb-screen" });
        drawn.set(ref, place);
        content.append(place);
        await (await host.getWidget(ref)).render({ el: place, signal });
      }
      drawn.get(ref).hidden = false;
    };
    for (const name of ["pages", "current", "user", "practice", "title"]) model.on(`change:${name}`, drawBar);
    model.on("change:content", drawContent);
    root.addEventListener("wb-notice", notices(area));
    root.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[data-go]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      void go(link.getAttribute("href"));
    });
    addEventListener("keydown", onKey(root, () => keysDialog(root)), { capture: true, signal });
    heard = watch(root, model, signal);
    drawBar();
    await drawContent();
    if (inVoila()) {
      addEventListener("popstate", () => void route(location.href), { signal });
      await route(location.href);
    } else if (!model.get("content")) await call("route", { page: "", search: "" });
  },
};
