// The page viewer: sets, numbered thumbnails, one page large. Python owns sets, pages and their order; the
// browser owns what is selected and how large it is shown. Pictures come over the widget's own channel.
// Python: workbench/widgets/image_viewer. In front of this stands viewer_stage.js.

export default {
  async render({ model, el: root, signal }) {
    root.classList.add("wb-viewer");
    const photos = { need: () => Promise.resolve(null), heard: () => {}, forget: () => {} };
    const call = connect(model, root, (message, buffers) => { if (message.kind === "pictures") photos.heard(message, buffers); else if (message.kind === "print") void onPaper(buffers, message.mime); });
    Object.assign(photos, album(call));
    let state = model.get("state"), current = null, chosen = new Set(), anchor = null, cued = false, focus = -1;
    const say = (text, tone) => announce(root, text, tone);
    const at = () => state.images.findIndex((image) => image.id === current);
    const targets = () => (chosen.size ? state.images.filter((image) => chosen.has(image.id)).map((image) => image.id) : current === null ? [] : [current]);
    const act = (name, more = {}) => call("act", { name, image: current, images: targets(), ...more });

    // Tools: a name that Python can block, the accessible name, what stands on it, its key.
    const tools = new Map();
    const why = (name) => state.blocked[name] ?? (name === "split" && at() === 0 ? "This is already the first page of its set." : "");
    const tool = (name, label, text, key, press, tone = "") => {
      const node = button({ label, text, key, tone: `small ${tone}` }, () => {
        if (why(name)) say(why(name), "warning"); else press();
      });
      node.dataset.hint = key ? `${label} (${keyText(key)})` : label;
      tools.set(node, name);
      return node;
    };
    const also = (label, key, press) => el("span", { class: "wb-also", "data-key": key, "data-key-label": label, "aria-hidden": "true", click: press });
    const group = (label, ...nodes) => el("div", { class: "wb-tools", role: "toolbar", "aria-label": label }, nodes);
    const pick = (label, changed) => { const select = el("select", { "aria-label": label, title: label, change: () => { changed(select.value); select.blur(); } }); return select; };

    const choose = (id, { more = false, range = false } = {}) => {
      if (range && anchor !== null) {
        const [from, to] = [state.images.findIndex((image) => image.id === anchor), state.images.findIndex((image) => image.id === id)].sort((a, b) => a - b);
        chosen = new Set(state.images.slice(Math.max(0, from), to + 1).map((image) => image.id));
      } else if (more) { if (!chosen.size && current !== null) chosen.add(current); chosen.has(id) ? chosen.delete(id) : chosen.add(id); anchor = id; }
      else { chosen = new Set(); anchor = id; }
      cued = false;
      if (id !== current) { current = id; void call("look", { image: id }); }
      drawChoice();
    };
    const go = (index) => { const image = state.images[index]; if (image) choose(image.id); };
    const step = (by, onward = false) => {
      const next = at() + by;
      if (state.images[next]) return go(next);
      const place = state.sets.findIndex((each) => each.id === state.set) + by;
      if (!state.sets[place]) return say(by > 0 ? "This is the last page of the batch." : "This is the first page of the batch.", "info");
      if (!cued && !onward) { cued = true; return say(by > 0 ? "End of set. Once more for the next set." : "Start of set. Once more for the previous set.", "info"); }
      void call("step_set", { step: by, at_end: by < 0 });
    };
    const stepSet = (by) => void call("step_set", { step: by, at_end: false });
    const openSet = (id) => void call("open_set", { set: id });

    const page = stage(photos), looks = new Map();
    const scaleTo = (value) => { page.zoom(value === "page" || value === "width" ? value : Math.min(400, Math.max(10, Number(value)))); drawScale(); };
    const zoomBy = (by, at) => {
      const now = page.percent();
      const next = by > 0 ? STEPS.find((each) => each > now + 0.5) : [...STEPS].reverse().find((each) => each < now - 0.5);
      if (next) { page.zoom(next, at); drawScale(); }
    };
    const turn = (degrees) => void act("rotate", { degrees });

    const title = el("h1", { class: "wb-viewer-title" });
    const setPick = pick("Set ID", (value) => openSet(Number(value)));
    const scalePick = pick("Scale", scaleTo);
    const typePick = pick("Document type", (value) => { if (state.blocked.type) say(state.blocked.type, "warning"); else void act("type", { document: value }); });
    const where = el("span", { class: "wb-where", role: "status", "aria-label": "Position" });
    const hold = tool("hold", "Hold set", "Hold", "KeyH", () => void act(state.held ? "release" : "hold"));
    // A window of numbered choices: [label, what it does, whether it is so already]; the last one has the number 0.
    const choices = (title, name, entries) => {
      if (why(name)) return say(why(name), "warning");
      const dialog = el("dialog", { class: "wb-dialog", "aria-label": title }, el("h2", {}, title),
        el("div", { class: "wb-stack" }, entries.map(([label, press, pressed], index) => {
          const key = `Digit${index === entries.length - 1 ? 0 : index + 1}`;
          const node = button({ label, text: `${keyText(key)}  ${label}${pressed ? " ✓" : ""}`, key }, () => { dialog.close(); press(); });
          if (pressed !== undefined) node.setAttribute("aria-pressed", String(pressed));
          return node;
        })));
      dialog.addEventListener("close", () => { dialog.remove(); page.box.focus(); });
      root.append(dialog);
      dialog.showModal();
    };
    const types = (title, name, none) => choices(title, name,
      [...state.documents, none].map((label) => [label, () => void act(name, { document: label === none ? "" : label })]));
    const cleanUp = () => {
      const all = targets().map((id) => state.images.find((image) => image.id === id)?.cleaning ?? "");
      const step = (name, word) => [name, () => { say(`${name} …`, "info"); void act("clean", { step: name }); }, all.every((each) => each.includes(word))];
      choices("Clean up", "clean", [step("Deskew", "deskew"), step("Despeckle", "despeckle"), step("Invert", "invert"), step("Crop to content", "crop"),
        ["Crop and straighten…", () => void act("ask_crop")], ["Crop with the mouse", cropByMouse], ["As scanned", () => void act("clean", { step: "" })]]);
    };
    const cropByMouse = () => {
      if (why("clean")) return say(why("clean"), "warning");
      say("Draw a frame around what is to stay. Escape leaves the page as it is.", "info");
      page.box.focus();
      page.crop((cut) => void act("crop", { cut }));
    };
    root.append(
      el("div", { class: "wb-viewer-bar" }, title,
        group("Sets", el("label", {}, "Set ID ", setPick), tool("", "Previous set", "◂ Set", "Shift+ArrowLeft", () => stepSet(-1)), tool("", "Next set", "Set ▸", "Shift+ArrowRight", () => stepSet(1))),
        group("Pages", tool("", "First page", "|◂", "Home", () => go(0)), tool("", "Previous page", "◂", "ArrowLeft", () => step(-1)), tool("", "Next page", "▸", "ArrowRight", () => step(1)), tool("", "Last page", "▸|", "End", () => go(state.images.length - 1))),
        where,
        group("Scale", tool("", "Zoom out", "−", "Minus", () => zoomBy(-1)), el("label", {}, "Scale ", scalePick), tool("", "Zoom in", "+", "Equal", () => zoomBy(1)),
          tool("", "Fit Page", "Page", "Digit0", () => scaleTo("page")), tool("", "Fit Width", "Width", "KeyW", () => scaleTo("width")), tool("", "100%", "100%", "Digit1", () => scaleTo(100)))),
      el("div", { class: "wb-viewer-bar" },
        group("Add", tool("import", "Import files", "Import", "KeyI", () => void act("import"), "primary"), tool("scan", "Scan", "Scan", "KeyS", () => void act("scan")), tool("import", "New set", "New set", "KeyN", () => void act("new_set"))),
        group("Arrange", tool("split", "Split set here", "Split set", "KeyX", () => void act("split")), tool("merge", "Merge with previous set", "Merge", "KeyM", () => void act("merge")), tool("move", "Move to set…", "Move to set…", "KeyV", () => void act("ask_move")),
          tool("reorder", "Move page up", "↑", "Alt+ArrowUp", () => void act("shift", { step: -1 })), tool("reorder", "Move page down", "↓", "Alt+ArrowDown", () => void act("shift", { step: 1 })),
          tool("delete", "Delete pages", "Delete", "Delete", () => void act("delete")), tool("delete_set", "Delete set", "Delete set", "Shift+Delete", () => void act("delete_set")), tool("ask_restore", "Deleted pages", "Deleted pages", "KeyU", () => void act("ask_restore"))),
        group("Turn", tool("rotate", "Rotate left", "⟲", "Shift+KeyR", () => turn(270)), tool("rotate", "Rotate right", "⟳", "KeyR", () => turn(90)), tool("rotate", "Rotate 180°", "180°", "KeyT", () => turn(180)), tool("clean", "Clean up", "Clean up", "KeyC", cleanUp)),
        group("History", tool("undo", "Undo", "Undo", "Ctrl+KeyZ", () => void act("undo")), tool("redo", "Redo", "Redo", "Ctrl+KeyY", () => void act("redo"))),
        group("Mark", el("label", {}, "Document type ", typePick), hold, tool("note", "Note", "Note", "Semicolon", () => void act("ask_note")), tool("", "Batch Details", "Batch Details", "KeyB", () => void act("details")), tool("set_details", "Set Details", "Set Details", "Shift+KeyB", () => void act("set_details"))),
        group("Take out", tool("export", "Export PDF", "PDF", "KeyE", () => void act("export")), tool("print", "Print", "Print", "Ctrl+KeyP", () => void act("print"))),
        also("Next page", "PageDown", () => step(1)), also("Previous page", "PageUp", () => step(-1)), also("Next set", "BracketRight", () => stepSet(1)), also("Previous set", "BracketLeft", () => stepSet(-1)),
        also("Zoom in", "NumpadAdd", () => zoomBy(1)), also("Zoom in", "Shift+Equal", () => zoomBy(1)), also("Zoom out", "NumpadSubtract", () => zoomBy(-1)), also("Redo", "Ctrl+Shift+KeyZ", () => void act("redo")),
        also("Document type, then its number", "KeyD", () => types("Document type", "type", "Same as set")),
        also("Crop with the mouse", "Shift+KeyC", cropByMouse),
        also("Document type of the whole set", "Shift+KeyD", () => types("Document type of set", "set_type", "Not said")),
        ...[["Move set up", "ArrowUp", -1], ["Move set down", "ArrowDown", 1]].map(([label, key, by]) => also(label, `Alt+Shift+${key}`, () => (why("shift_set") ? say(why("shift_set"), "warning") : void act("shift_set", { step: by })))),
        also("Zoom in or out", "Ctrl+wheel", () => {}), also("Import what was copied", "Ctrl+V", () => {}), also("Move the page under the window", "Drag", () => {}),
        also("Select every page of the set", "Ctrl+KeyA", () => { chosen = new Set(state.images.map((image) => image.id)); drawChoice(); })));

    const setList = el("ul", { class: "wb-sets", role: "listbox", "aria-label": "Sets", tabindex: "0", "data-key": "Alt+KeyS", "data-key-label": "Sets" });
    const thumbs = el("ul", { class: "wb-thumbs", role: "listbox", "aria-label": "Pages", "aria-multiselectable": "true", tabindex: "0" });
    const aside = el("section", { class: "wb-aside", "aria-label": "Batch" });
    root.append(el("div", { class: "wb-viewer-body" }, setList, thumbs, page.box, aside));

    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) {
        seen.unobserve(target);
        void photos.need(Number(target.dataset.id), "thumbnail").then((url) => { if (url) target.querySelector("img").src = url; });
      }
    }, { root: thumbs, rootMargin: "400px" });
    const thumb = (image) => {
      const small = el("img", { alt: "", draggable: "false", style: `transform: rotate(${image.rotation}deg)${image.mirrored ? " scaleX(-1)" : ""}` });
      const node = el("li", { role: "option", id: `wb-thumb-${image.id}`, "data-id": image.id, "aria-label": words(image), draggable: "true",
        click: (event) => choose(image.id, { more: event.ctrlKey || event.metaKey, range: event.shiftKey }),
        dragstart: (event) => { if (!chosen.has(image.id)) choose(image.id); event.dataTransfer.setData("application/x-wb-pages", "1"); event.dataTransfer.effectAllowed = "move"; } },
        el("span", { class: "wb-thumb-picture" }, small), el("span", { class: "wb-thumb-no" }, String(image.no)), " ", el("span", { class: "wb-thumb-type" }, image.type), badges(image));
      receive(node, () => void act("move", { set: state.set, before: image.no }));
      seen.observe(node);
      return node;
    };
    const setItem = (each) => {
      const node = el("li", { role: "option", "data-id": each.id, "aria-selected": String(each.id === state.set), click: () => openSet(each.id),
        "aria-label": named([`Set ${each.id}`, pages(each.count), each.types], each) },
        el("span", { class: "wb-set-id" }, `Set ${each.id}`), " ", el("span", { class: "wb-set-count" }, pages(each.count)), " ", el("span", { class: "wb-set-types" }, each.types), badges(each));
      receive(node, () => void act("move", { set: each.id, before: null }));
      return node;
    };
    const receive = (node, dropped) => {
      const ours = (event) => event.dataTransfer.types.includes("application/x-wb-pages");
      node.addEventListener("dragover", (event) => { if (ours(event) && !state.blocked.move) { event.preventDefault(); node.classList.add("wb-over"); } });
      node.addEventListener("dragleave", () => node.classList.remove("wb-over"));
      node.addEventListener("drop", (event) => { node.classList.remove("wb-over"); if (ours(event)) { event.preventDefault(); event.stopPropagation(); dropped(); } });
    };

    const drawChoice = () => {
      const image = state.images[at()] ?? null;
      for (const node of thumbs.children) {
        const id = Number(node.dataset.id);
        node.setAttribute("aria-selected", chosen.size ? chosen.has(id) : id === current);
        node.classList.toggle("wb-current", id === current);
        if (id === current) { node.scrollIntoView({ block: "nearest" }); thumbs.setAttribute("aria-activedescendant", node.id); }
      }
      page.show(image, state.empty);
      typePick.value = image?.ownType ?? "";
      drawTools();
      const place = state.sets.findIndex((each) => each.id === state.set);
      where.textContent = [state.sets.length ? `Set ${place + 1}/${state.sets.length}` : "No set", `Page ${at() + 1}/${state.images.length}`, state.total === 1 ? "1 image" : `${state.total} images`, chosen.size > 1 && `${chosen.size} selected`].filter(Boolean).join(" · ");
      if (image) for (const index of [at() + 1, at() - 1]) if (state.images[index]) void photos.need(state.images[index].id, "preview");
    };
    const drawTools = () => {
      for (const [node, name] of tools) {
        if (why(name)) node.setAttribute("aria-disabled", "true"); else node.removeAttribute("aria-disabled");
        node.title = why(name) ? `${node.dataset.hint}: ${why(name)}` : node.dataset.hint;
      }
    };
    const drawScale = () => {
      const scale = page.scale(), known = [["page", "Fit Page"], ["width", "Fit Width"], ...OFFERED.map((each) => [String(each), `${each}%`])];
      if (typeof scale === "number" && !OFFERED.includes(scale)) known.push([String(scale), `${scale}%`]);
      scalePick.replaceChildren(...known.map(([value, text]) => el("option", { value }, text)));
      scalePick.value = String(scale);
    };
    const draw = () => {
      state = model.get("state");
      title.textContent = state.title;
      setPick.replaceChildren(...state.sets.map((each) => el("option", { value: each.id }, `${each.id} (${pages(each.count)})`)));
      setPick.value = state.set ?? "";
      setPick.disabled = !state.sets.length;
      typePick.replaceChildren(el("option", { value: "" }, "Same as set"), ...state.documents.map((document) => el("option", { value: document }, document)));
      hold.setAttribute("aria-label", state.held ? "Release set" : "Hold set");
      hold.dataset.keyLabel = hold.getAttribute("aria-label");
      hold.firstChild.textContent = state.held ? "Release" : "Hold";
      for (const { id, cleaning } of state.images) { if (looks.has(id) && looks.get(id) !== cleaning) photos.forget(id); looks.set(id, cleaning); }
      seen.disconnect();
      setList.replaceChildren(...state.sets.map(setItem));
      setList.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
      thumbs.replaceChildren(...state.images.map(thumb));
      aside.replaceChildren(el("h2", {}, "Batch"), el("dl", {}, state.facts.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)])));
      const ids = new Set(state.images.map((image) => image.id));
      chosen = new Set([...chosen].filter((id) => ids.has(id)));
      if (state.focus !== focus || !ids.has(current)) { focus = state.focus; current = state.image; if (!chosen.has(current)) chosen = new Set(); cued = false; }
      drawChoice();
    };
    page.onScale((percent) => { scalePick.title = `Scale: ${percent}%`; });
    page.box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = page.box.getBoundingClientRect();
      zoomBy(event.deltaY < 0 ? 1 : -1, { x: event.clientX - box.left, y: event.clientY - box.top });
    }, { passive: false });
    thumbs.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.altKey || event.ctrlKey) return;
      event.preventDefault();
      const image = state.images[at() + by];
      if (image) choose(image.id, { range: event.shiftKey });
    });
    setList.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by && !event.altKey) { event.preventDefault(); stepSet(by); }
    });

    // Files dropped or pasted anywhere on the viewer go to the uploader of the import dialog.
    const bring = async (files) => {
      if (!files.length) return;
      if (state.blocked.import) { say(state.blocked.import, "warning"); return; }
      const data = new DataTransfer();
      for (const file of files) data.items.add(file);
      await act("import");
      for (let tries = 0; tries < 1000; tries++) {
        const input = root.ownerDocument.querySelector("dialog[open] .wb-uploader input[type=file]");
        if (input) { input.files = data.files; input.dispatchEvent(new Event("change")); return; }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    };
    root.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); root.classList.add("wb-over"); } });
    root.addEventListener("dragleave", (event) => { if (event.target === root || !root.contains(event.relatedTarget)) root.classList.remove("wb-over"); });
    root.addEventListener("drop", (event) => { root.classList.remove("wb-over"); if (event.dataTransfer.files.length) { event.preventDefault(); void bring([...event.dataTransfer.files]); } });
    addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || !root.getClientRects().length || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      void bring(files);
    }, { signal });
    const grown = new ResizeObserver(() => page.lay());
    grown.observe(page.box);
    signal.addEventListener("abort", () => { grown.disconnect(); seen.disconnect(); });
    model.on("change:state", draw);
    drawScale();
    draw();
    page.box.focus({ preventScroll: true });
  },
};
