// In front of every module of the kit (kit/base.py): a widget's module is a blob and cannot import its neighbour.
// Texts reach the page through append(string) and setAttribute alone, never as HTML.

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
};

const newId = (() => {
  const page = Math.random().toString(36).slice(2, 8);
  let last = 0;
  return (kind) => `wb-${kind}-${page}-${++last}`;
})();

const inVoila = () => document.body.dataset.voila === "voila";
const pageHref = (page, params = {}) => {
  const query = new URLSearchParams(params).toString();
  return `${page}.ipynb${query ? `?${query}` : ""}`;
};

const announce = (node, text, tone = "info") =>
  node.dispatchEvent(new CustomEvent("wb-notice", { bubbles: true, detail: { text, tone } }));

// The day where the person sits: the server may stand in another zone.
const today = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};

// False when there is no line any more: the kernel has ended, or the page is being left. The shell finds out which.
const NO_LINE = "Cannot send";
const sent = (model, message, buffers = []) => {
  try {
    model.send(message, undefined, buffers);
    return true;
  } catch (error) {
    if (error.message !== NO_LINE) throw error;
    return false;
  }
};

// A way to the kernel: call(event, content, buffers) resolves with the handler's result. Every call is
// answered; one that is not within the limit makes the shell ask whether the kernel is alive. With `again`
// (milliseconds) it is sent again until the answer is there, for what the kernel may get twice.
const ANSWER_LIMIT_MS = 10000;
const connect = (model, node, heard = () => {}) => {
  const view = newId("view");
  const waiting = new Map();
  let last = 0;
  model.on("msg:custom", (message, buffers) => {
    if (message.kind === "answer") {
      const call = waiting.get(message.call);
      if (!call) return;
      waiting.delete(message.call);
      clearTimeout(call.timer);
      clearInterval(call.again);
      if (!waiting.size) node.removeAttribute("aria-busy");
      call.resolve(message.result ?? null);
    } else if (message.kind === "notice") announce(node, message.text, message.tone);
    else heard(message, buffers);
  });
  return (event, content = {}, buffers = [], again = 0) =>
    new Promise((resolve) => {
      const call = `${view}.${++last}`;
      const late = () => node.dispatchEvent(new CustomEvent("wb-late", { bubbles: true }));
      const send = () => sent(model, { event, call, content }, buffers) || late();
      waiting.set(call, { resolve, timer: setTimeout(late, ANSWER_LIMIT_MS), again: again && setInterval(send, again) });
      node.setAttribute("aria-busy", "true");
      send();
    });
};

// "Alt+KeyC" as people write it: Alt+C.
const keyText = (key) =>
  key.replace(/Key([A-Z])$/, "$1").replace(/Digit(\d)$/, "$1").replace("BracketLeft", "[").replace("BracketRight", "]")
    .replace("ArrowLeft", "←").replace("ArrowRight", "→").replace("ArrowUp", "↑").replace("ArrowDown", "↓")
    .replace("PageUp", "PgUp").replace("PageDown", "PgDn").replace("Slash", "/")
    .replace("Semicolon", ";").replace("Equal", "=").replace("Minus", "-");

// A button that says why it cannot be used. It stays focusable, so that the reason can be reached.
const button = ({ label, title = "", blocked = "", key = "", tone = "", name = "", text = "" }, pressed) => {
  const hint = [blocked || title, key && `(${keyText(key)})`].filter(Boolean).join(" ");
  return el("button", {
    type: "button", class: `wb-button ${tone}`, title: hint || undefined, "aria-label": text && text !== label ? label : undefined,
    "aria-disabled": blocked ? "true" : undefined, "data-key": key || undefined, "data-key-label": key ? label : undefined,
    "aria-keyshortcuts": key ? keyText(key) : undefined, "data-name": name || undefined,
    click: (event) => {
      if (event.currentTarget.getAttribute("aria-disabled") === "true") announce(event.currentTarget, blocked, "warning");
      else pressed(event);
    },
  }, text || label);
};
