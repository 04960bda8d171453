// Many files to the kernel, in chunks over the widget's own channel: dropped, pasted or picked.
// A few chunks are under way at once and each is acknowledged, so a slow kernel slows the sender. A line
// that broke and came back may have swallowed one: what is not acknowledged is sent again.

const CHUNK_BYTES = 512 * 1024;
const UNDER_WAY = 3;
const AGAIN_MS = 10000;
const EARLY_MS = 200;

export default {
  async render({ model, el: root }) {
    root.classList.add("wb-uploader");
    const lines = new Map();
    const call = connect(model, root, (message) => {
      if (message.kind === "file") place(message.file);
      else if (message.kind === "cleared") clear();
    });
    const stopped = new Set();
    const picker = el("input", { type: "file", multiple: true, accept: model.get("accept") || undefined, class: "wb-file", tabindex: "-1", "aria-hidden": "true" });
    const pick = button({ label: model.get("label"), tone: "primary", key: model.get("key") }, () => picker.click());
    const zone = el("div", { class: "wb-drop" }, pick, el("span", {}, ` ${model.get("hint")}`), picker);
    const list = el("ul", { class: "wb-files", "aria-label": "Files" });
    const summary = el("p", { class: "wb-upload-summary", role: "status" });
    root.append(zone, summary, list);
    let queue = Promise.resolve();

    const surely = (event, content, buffers) => call(event, content, buffers, AGAIN_MS);
    const sendChunk = async (id, offset, bytes) => {
      for (;;) {
        const answer = await surely("chunk", { file: id, offset }, [bytes]);
        if (answer?.stop) stopped.add(id);
        if (!answer?.early || stopped.has(id)) return;
        await new Promise((resolve) => setTimeout(resolve, EARLY_MS)); // the one before it is still on its way
      }
    };
    const send = async (file, id) => {
      const total = Math.max(1, Math.ceil(file.size / CHUNK_BYTES));
      const under = new Set();
      for (let index = 0; index < total && !stopped.has(id); index++) {
        const bytes = await file.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).arrayBuffer();
        const ack = sendChunk(id, index * CHUNK_BYTES, bytes).then(() => under.delete(ack));
        under.add(ack);
        if (under.size >= UNDER_WAY) await Promise.race(under);
      }
      await Promise.all(under);
      await surely(stopped.has(id) ? "stopped" : "whole", { file: id });
    };
    const take = (files) => {
      if (!files.length) return;
      const named = files.map((file) => ({ file, id: newId("file") }));
      queue = queue.then(() => surely("begin", { files: named.map(({ file, id }) => ({ file: id, name: file.name, size: file.size })) })).then(async (answer) => {
        for (const { file, id } of named) if (!answer?.refused?.includes(id)) await send(file, id);
        await surely("batch_done");
      });
    };
    picker.addEventListener("change", () => { take([...picker.files]); picker.value = ""; });
    const dragging = (on) => (event) => { event.preventDefault(); zone.classList.toggle("wb-over", on); };
    zone.addEventListener("dragover", dragging(true));
    zone.addEventListener("dragleave", dragging(false));
    zone.addEventListener("drop", (event) => { dragging(false)(event); take([...event.dataTransfer.files]); });
    root.addEventListener("paste", (event) => { const files = [...event.clipboardData.files]; if (files.length) { event.preventDefault(); take(files); } });

    const item = ({ id, name, state, progress, tone, text, lines }) => el("li", { class: `wb-upload ${tone ?? ""}` }, el("span", { class: "wb-upload-name" }, name),
      state === "waiting" || state === "sending" || state === "working"
        ? [el("progress", { max: 100, value: state === "working" ? undefined : progress, "aria-label": `Progress of ${name}` }), el("span", {}, { waiting: "Waiting", sending: "Sending", working: "Reading" }[state]),
          state === "working" ? null : button({ label: `Cancel ${name}`, text: "Cancel", tone: "small" }, () => { stopped.add(id); void call("cancel", { file: id }); })]
        : [el("span", { class: `wb-badge ${tone ?? ""}` }, state), el("span", { class: "wb-upload-text" }, text)],
      lines?.length ? el("ul", {}, lines.map((line) => el("li", {}, line))) : null);
    const place = (file) => {
      const line = item(file);
      const before = lines.get(file.id);
      if (before) before.replaceWith(line);
      else list.append(line);
      lines.set(file.id, line);
    };
    const clear = () => { lines.clear(); list.replaceChildren(); };
    const sum = () => { summary.textContent = model.get("summary"); };
    model.on("change:summary", sum);
    sum();
    // What came before this view was there: the same page may be shown twice in JupyterLab.
    void call("list").then((known) => known?.forEach(place));
  },
};
