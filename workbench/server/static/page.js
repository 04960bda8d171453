// The page before its widgets are there: Voilà's hooks, and a word when nothing comes.
window.voila_heartbeat = () => {};
window.voila_process = () => {};
window.voila_finish = () => {};
const PATIENCE_MS = 60000;
const show = (id) => { document.getElementById("wb-opening")?.remove(); document.getElementById(id).hidden = false; };
addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-failed]")) show("wb-failed");
  // Jupyter's widgets give up when a kernel is too busy to answer within four seconds; another one may have time.
  const given = new MutationObserver(() => {
    if (!document.getElementById("wb-opening")) sessionStorage.removeItem("wb-again");
    else if (!document.body.textContent.includes("Error displaying widget")) return;
    else if (sessionStorage.getItem("wb-again")) show("wb-failed");
    else { sessionStorage.setItem("wb-again", "yes"); location.reload(); }
    given.disconnect();
  });
  given.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => { if (document.getElementById("wb-opening")) show("wb-failed"); }, PATIENCE_MS);
});
