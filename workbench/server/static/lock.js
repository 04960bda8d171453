// Signing out, and the lock after a pause. The server decides; this covers the page and asks for the password.
// At one desk (no sign-in) it does nothing.
const EARLY_SECONDS = 15; // before the moment of locking: tell the server when we were last touched, if it was later
const ASK_AGAIN_SECONDS = 3; // while locked: another tab of the same person may have been unlocked
const base = new URL("..", new URL("..", document.currentScript.src)).pathname;
const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

const ask = async (unused) => {
  const answer = await fetch(`${base}session?unused=${unused}`, { cache: "no-store" });
  return answer.ok ? answer.json() : null; // null: the session is over
};
const tell = async (password) => {
  const answer = await fetch(`${base}session`, { method: "POST", body: new URLSearchParams({ password }), headers: { "X-XSRFToken": cookie("_xsrf") } });
  return answer.headers.get("Content-Type")?.startsWith("application/json") ? answer.json() : null;
};

const made = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const signOutForm = (label) => made("form", { method: "post", action: `${base}sign-out`, class: "wb-sign-out" },
  made("input", { type: "hidden", name: "_xsrf", value: cookie("_xsrf") }), made("button", { type: "submit", class: "wb-button" }, label));

// The bar comes with the page's widgets, later than this script.
const putIntoBar = (node) => {
  const put = () => { const who = document.querySelector(".wb-top .wb-who"); who?.after(node); return Boolean(who); };
  if (put()) return;
  const watching = new MutationObserver(() => { if (put()) watching.disconnect(); });
  watching.observe(document.documentElement, { childList: true, subtree: true });
};

class Lock {
  constructor(state) {
    this.state = state;
    this.used = Date.now();
    this.idle = state.left * 1000;
    this.dialog = null;
    for (const kind of ["pointerdown", "keydown", "wheel", "pointermove", "focus"])
      addEventListener(kind, (event) => this.touched(event), { capture: true, passive: false });
    this.later(state.left - EARLY_SECONDS);
  }
  later(seconds) { clearTimeout(this.timer); this.timer = setTimeout(() => void this.look(), Math.max(1, seconds) * 1000); }
  // After a sleep of the machine the timer has not run yet: cover first, then ask.
  touched(event) {
    if (this.dialog) return;
    if (Date.now() - this.used > this.idle) { event.preventDefault(); event.stopImmediatePropagation(); this.cover(); void this.look(); return; }
    this.used = Date.now();
  }
  async look() {
    const unused = Math.floor((Date.now() - this.used) / 1000);
    try {
      const state = await ask(this.dialog ? "" : unused);
      if (!state) { location.reload(); return; }
      if (state.locked || state.left <= 0) { this.cover(); this.later(ASK_AGAIN_SECONDS); return; }
      if (this.dialog) this.uncover();
      this.later(state.left > EARLY_SECONDS ? state.left - EARLY_SECONDS : Math.min(state.left, ASK_AGAIN_SECONDS));
    } catch { this.later(ASK_AGAIN_SECONDS); } // the server does not answer: the page says so itself
  }
  cover() {
    if (this.dialog) return;
    document.documentElement.classList.add("wb-locked");
    this.title = document.title;
    document.title = "Locked · Workbench";
    const said = made("p", { role: "alert", class: "wb-error" });
    const password = made("input", { type: "password", id: "wb-lock-password", autocomplete: "current-password", maxlength: "200" });
    const form = made("form", {}, made("div", { class: "wb-field" }, made("label", { for: "wb-lock-password" }, "Password"), password), said,
      made("div", { class: "wb-actions" }, made("button", { type: "submit", class: "wb-button primary" }, "Unlock")));
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.unlock(password, said); });
    const own = this.state.way === "password";
    this.dialog = made("dialog", { class: "wb-dialog wb-lock", "aria-label": "Locked" }, made("h2", {}, "Locked"),
      made("p", {}, `Nobody has used this page for a while. It is ${this.state.name}'s.`), ...(own ? [form] : []),
      signOutForm(own ? "Sign Out" : "Sign In Again"));
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.dialog.addEventListener("close", () => { if (this.dialog) this.dialog.showModal(); });
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(this.dialog);
    this.dialog.showModal();
  }
  uncover() {
    const { dialog } = this;
    this.dialog = null;
    dialog.remove();
    document.documentElement.classList.remove("wb-locked");
    document.title = this.title;
    this.used = Date.now();
  }
  async unlock(password, said) {
    const answer = await tell(password.value);
    if (!answer) { location.reload(); return; }
    password.value = "";
    said.textContent = answer.said;
    if (answer.said) { password.focus(); return; }
    this.uncover();
    this.later(this.idle / 1000 - EARLY_SECONDS);
  }
}

addEventListener("DOMContentLoaded", async () => {
  const state = await ask(0);
  if (!state || state.way === "desk") return;
  putIntoBar(signOutForm("Sign Out"));
  new Lock(state);
});
