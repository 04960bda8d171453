// A whole form as one widget. Python owns every value and its meaning; here are typing, labels, errors, keys.
// Field: {name, label, kind, required, help, width, options: [[value, text]], key, max}
// kind: text | money | date | number | select | lookup | checkbox | note | static

const SEARCH_AFTER_MS = 120;

const lookup = (field, call, changed) => {
  const listId = newId("list");
  const input = el("input", { role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list" });
  const list = el("ul", { role: "listbox", id: listId, class: "wb-options", "aria-label": field.label, hidden: true });
  const place = el("div", { class: "wb-lookup" }, input, list);
  let options = [], active = -1, timer = null, asked = 0, chosenText = "";
  const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === index));
    const item = list.children[index];
    if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  };
  const pick = (option) => { input.value = option.text; chosenText = option.text; close(); changed(option.value); };
  const show = (found) => {
    options = found.options;
    const more = found.total > options.length ? [el("li", { class: "wb-more", role: "presentation" }, `${options.length} of ${found.total.toLocaleString("en-US")}: type on`)] : [];
    list.replaceChildren(...options.map((option) => el("li", { role: "option", id: newId("option"), "aria-selected": "false",
      mousedown: (event) => { event.preventDefault(); pick(option); } }, el("span", {}, option.text), option.hint ? el("small", {}, option.hint) : null)), ...more);
    if (!options.length) list.replaceChildren(el("li", { class: "wb-more", role: "presentation" }, "Nothing found"));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(options.length ? 0 : -1);
  };
  const search = async (text) => {
    const mine = ++asked;
    const found = await call("lookup", { name: field.name, text });
    if (mine === asked && document.activeElement === input && found) show(found);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => void search(input.value), SEARCH_AFTER_MS); };
  input.addEventListener("input", soon);
  input.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey) return;
    if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) void search(chosenText === input.value ? "" : input.value); else mark(Math.min(active + 1, options.length - 1)); }
    else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(Math.max(active - 1, 0)); }
    else if (event.key === "Enter" && !list.hidden && options[active]) { event.preventDefault(); event.stopPropagation(); pick(options[active]); }
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked++;
    if (!list.hidden && input.value !== chosenText && options[active] && input.value) pick(options[active]);
    else if (!input.value && chosenText) { chosenText = ""; changed(null); }
    else input.value = chosenText;
    close();
  });
  return { place, input, set: (text) => { chosenText = text ?? ""; if (document.activeElement !== input || !input.value) input.value = chosenText; } };
};

const date = (field, changed) => {
  const input = el("input", { autocomplete: "off", placeholder: "mm/dd/yyyy" });
  const native = el("input", { type: "date", class: "wb-native-date", tabindex: "-1", "aria-hidden": "true" });
  const pick = el("button", { type: "button", class: "wb-pick", "aria-label": `Pick ${field.label}`, title: "Pick a date", click: () => native.showPicker() }, "▾");
  native.addEventListener("change", () => { const [y, m, d] = native.value.split("-"); if (y) { input.value = `${m}/${d}/${y}`; changed(input.value); input.focus(); } });
  input.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.altKey && event.key.toLowerCase() === "t") { event.preventDefault(); input.value = "t"; changed("t"); }
  });
  return { place: el("div", { class: "wb-date" }, input, pick, native), input };
};

const control = (field, call, changed) => {
  if (field.kind === "lookup") return lookup(field, call, changed);
  if (field.kind === "date") return date(field, changed);
  if (field.kind === "checkbox") { const input = el("input", { type: "checkbox", change: () => changed(input.checked) }); return { input, place: input, set: (value) => { input.checked = value === "true"; } }; }
  if (field.kind === "select") {
    const input = el("select", { change: () => changed(input.value) });
    return { input, place: input, set: (value) => { input.value = value ?? ""; }, options: (list) => input.replaceChildren(...list.map(([value, text]) => el("option", { value }, text))) };
  }
  if (field.kind === "note") { const input = el("textarea", { rows: 3 }); return { input, place: input }; }
  if (field.kind === "static") { const input = el("output", {}); return { input, place: input, set: (value) => { input.textContent = value ?? ""; } }; }
  const input = el("input", { autocomplete: "off", inputmode: { money: "decimal", number: "numeric" }[field.kind], class: field.kind === "money" ? "wb-right" : undefined, type: field.kind === "search" ? "search" : "text" });
  return { input, place: input };
};

export default {
  async render({ model, el: root }) {
    const call = connect(model, root, (message) => { if (message.kind === "focus") parts.get(message.name)?.input.focus(); });
    const parts = new Map();
    const form = el("form", { novalidate: true, class: `wb-form ${model.get("arrangement")}`, submit: (event) => { event.preventDefault(); submit("default"); } });
    root.append(form);
    let settled = Promise.resolve();
    const changed = (name, value) => { settled = call("change", { name, value, today: today() }); return settled; };
    const settle = async () => { document.activeElement?.form === form && document.activeElement.dispatchEvent(new Event("commit")); await settled; };
    const submit = async (name) => { await settle(); await call("press", { name }); };

    const drawField = (field) => {
      const part = control(field, call, (value) => { part.sent = value; return changed(field.name, value); });
      const { input, place } = part;
      const id = newId("field"), errorId = `${id}-error`, helpId = `${id}-help`;
      input.id = id;
      if (field.required) input.setAttribute("aria-required", "true");
      if (field.max) input.maxLength = field.max;
      if (field.key) { input.dataset.key = field.key; input.dataset.keyLabel = field.label; input.title = `(${keyText(field.key)})`; }
      input.setAttribute("aria-describedby", [field.help && helpId, errorId].filter(Boolean).join(" "));
      const label = el("label", { for: id, class: field.required ? "wb-required" : undefined }, field.label);
      const error = el("span", { class: "wb-error", id: errorId });
      const node = el("div", { class: `wb-field ${field.kind}`, style: field.width ? `width:${field.width}` : undefined }, label, place, field.help ? el("small", { id: helpId }, field.help) : null, error);
      if (["text", "money", "number", "note", "search", "date"].includes(field.kind)) {
        let last = null;
        const commit = () => { const now = input.value; if (now !== (last ?? part.shown ?? "")) { last = part.sent = now; void changed(field.name, now).then(() => { last = null; if (document.activeElement !== input) input.value = part.shown; }); } };
        input.addEventListener("change", commit);
        input.addEventListener("commit", commit);
        if (field.live) { let timer = null; input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(commit, 250); }); }
        // An answer to another field must not wipe out what is being typed here and was not sent yet.
        const typing = () => document.activeElement === input && (field.live || (input.value !== (part.shown ?? "") && input.value !== part.sent));
        part.set = (text) => { const busy = typing(); part.shown = text ?? ""; if (input.value !== part.shown && !busy) input.value = part.shown; };
      }
      parts.set(field.name, { ...part, part, error, node, input });
      return node;
    };
    const drawAction = (action) => button(action, () => submit(action.name));
    const actions = el("div", { class: "wb-actions" });
    const draw = () => {
      parts.clear();
      form.replaceChildren(...model.get("fields").map(drawField), actions);
      if (model.get("label")) { form.setAttribute("aria-label", model.get("label")); form.setAttribute("role", model.get("fields").length ? "form" : "toolbar"); }
      drawOptions(); drawValues(); drawErrors(); drawBlocked(); drawActions();
    };
    const drawActions = () => {
      const held = document.activeElement?.dataset?.name;
      const inside = actions.contains(document.activeElement);
      actions.replaceChildren(...model.get("actions").map(drawAction));
      actions.hidden = !actions.children.length;
      if (inside) actions.querySelector(`[data-name="${CSS.escape(held ?? "")}"]`)?.focus();
    };
    const drawValues = () => { const texts = model.get("texts"); for (const [name, { part }] of parts) part.set?.(texts[name]); };
    const drawOptions = () => { for (const field of model.get("fields")) parts.get(field.name)?.options?.(field.options ?? []); };
    const drawErrors = () => {
      const errors = model.get("errors");
      for (const [name, { input, error }] of parts) {
        error.textContent = errors[name] ?? "";
        if (errors[name]) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
      }
    };
    const drawBlocked = () => {
      const blocked = model.get("blocked"), hidden = new Set(model.get("hidden"));
      for (const [name, { input, node }] of parts) {
        node.hidden = hidden.has(name);
        input.disabled = name in blocked;
        node.title = blocked[name] ?? "";
      }
    };
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])") && !event.defaultPrevented) { event.preventDefault(); void submit("default"); }
    });
    for (const [name, action] of [["fields", draw], ["texts", drawValues], ["errors", drawErrors], ["blocked", drawBlocked], ["hidden", drawBlocked], ["actions", drawActions]]) model.on(`change:${name}`, action);
    draw();
  },
};
