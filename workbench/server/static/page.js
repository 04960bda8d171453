// The page before its widgets are there: Voilà's hooks, and a word when nothing comes.
window.voila_heartbeat = () => {};
window.voila_process = () => {};
window.voila_finish = () => {};
const PATIENCE_MS = 60000;
const show = (id) => { document.getElementById("wb-opening")?.remove(); document.getElementById(id).hidden = false; };
addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-failed]")) show("wb-failed");
  setTimeout(() => { if (document.getElementById("wb-opening")) show("wb-failed"); }, PATIENCE_MS);
});
