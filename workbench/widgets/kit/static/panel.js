// Composition: stack, row, section with heading, tabs, dialog, drawer. Children are widgets of ours.

const settle = (model, host, signal, into) => {
  const drawn = new Map();
  return async () => {
    const refs = model.get("children");
    for (const [ref, place] of drawn) if (!refs.includes(ref)) { place.end.abort(); place.node.remove(); drawn.delete(ref); }
    const fresh = refs.filter((ref) => !drawn.has(ref));
    for (const ref of fresh) drawn.set(ref, { node: el("div", { class: "wb-place" }), end: new AbortController() });
    const wide = new Set(model.get("wide"));
    refs.forEach((ref, index) => drawn.get(ref).node.classList.toggle("wide", wide.has(index)));
    // What stays is not touched: moving a node would lose its focus and scroll position.
    refs.forEach((ref, index) => { const { node } = drawn.get(ref); if (into.children[index] !== node) into.insertBefore(node, into.children[index] ?? null); });
    await Promise.all(fresh.map(async (ref) => {
      const { node, end } = drawn.get(ref);
      const child = await host.getWidget(ref);
      await child.render({ el: node, signal: AbortSignal.any([signal, end.signal]) });
    }));
    return refs.map((ref) => drawn.get(ref).node);
  };
};

const plain = async ({ model, root, host, signal, kind }) => {
  const body = kind === "section" ? el("div", { class: "wb-stack" }) : root;
  if (kind === "section") {
    const heading = el("h2", { id: newId("heading") });
    const section = el("section", { class: "wb-section", "aria-labelledby": heading.id }, heading, body);
    root.append(section);
    const title = () => { heading.textContent = model.get("title"); heading.hidden = !model.get("title"); };
    model.on("change:title", title);
    title();
  } else root.classList.add(`wb-${kind}`);
  const draw = settle(model, host, signal, body);
  const show = () => { root.hidden = !model.get("shown"); };
  model.on("change:children", draw);
  model.on("change:shown", show);
  show();
  await draw();
};

const tabs = async ({ model, root, host, signal }) => {
  const call = connect(model, root);
  const list = el("div", { role: "tablist", class: "wb-tabs" });
  const body = el("div", {});
  root.append(list, body);
  const places = await settle(model, host, signal, body)();
  const labels = model.get("labels");
  const buttons = labels.map((label, index) => el("button", { type: "button", role: "tab", id: newId("tab"), click: () => pick(index, true) }, label));
  list.append(...buttons);
  places.forEach((place, index) => { place.setAttribute("role", "tabpanel"); place.setAttribute("aria-labelledby", buttons[index].id); });
  const show = () => {
    const at = model.get("active");
    buttons.forEach((tab, index) => { tab.setAttribute("aria-selected", index === at); tab.tabIndex = index === at ? 0 : -1; });
    places.forEach((place, index) => { place.hidden = index !== at; });
  };
  const pick = (index, told) => { model.set("active", index); model.save_changes(); if (told) void call("picked", { index }); };
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? labels.length - 1 : step ? (model.get("active") + step + labels.length) % labels.length : null;
    if (to === null) return;
    event.preventDefault();
    pick(to, true);
    buttons[to].focus();
  });
  model.on("change:active", show);
  show();
};

// A native modal dialog: the browser keeps the focus inside and gives it back, Esc closes.
const dialog = async ({ model, root, host, signal, kind }) => {
  const call = connect(model, root);
  const heading = el("h2", { id: newId("heading") });
  const said = el("div", { class: "wb-said" });
  const body = el("div", { class: "wb-stack wb-dialog-body" });
  const close = el("button", { type: "button", class: "wb-close", "aria-label": "Close", title: "Close (Esc)", click: () => box.close() }, "×");
  const box = el("dialog", { class: `wb-dialog wb-${kind}`, "aria-labelledby": heading.id }, el("div", { class: "wb-dialog-head" }, heading, close), said, body);
  root.append(box);
  const draw = settle(model, host, signal, body);
  const title = () => { heading.textContent = model.get("title"); };
  const show = async () => {
    if (model.get("shown") && !box.open) {
      said.replaceChildren();
      box.showModal();
      const first = body.querySelector("input:not([type=hidden]):not([tabindex='-1']), select, textarea") ?? body.querySelector("[role=grid] [tabindex='0'], button");
      first?.focus();
    } else if (!model.get("shown") && box.open) box.close();
  };
  box.addEventListener("close", () => {
    if (!model.get("shown")) return;
    model.set("shown", false);
    model.save_changes();
    void call("closed");
  });
  // What is said while the dialog is up is said inside it: the page behind is inert.
  box.addEventListener("wb-notice", (event) => {
    if (!box.open) return;
    event.stopPropagation();
    const { text, tone } = event.detail;
    said.replaceChildren(el("div", { class: `wb-notice ${tone}`, role: tone === "info" || tone === "success" ? "status" : "alert" }, el("span", {}, text)));
  });
  const room = () => box.classList.toggle("wb-roomy", model.get("roomy"));
  // The browser's own question before a tab with typed work is closed.
  addEventListener("beforeunload", (event) => { if (box.open && model.get("unsaved")) event.preventDefault(); }, { signal });
  model.on("change:roomy", room);
  model.on("change:title", title);
  model.on("change:children", draw);
  model.on("change:shown", show);
  room();
  title();
  await draw();
  await show();
};

export default {
  async render({ model, el: root, host, signal }) {
    const kind = model.get("kind");
    const draw = { tabs, dialog, drawer: dialog }[kind] ?? plain;
    await draw({ model, root, host, signal, kind });
  },
};
