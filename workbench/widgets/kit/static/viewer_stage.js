// Parts of the page viewer (viewer.js): the album of pictures, the words on pages, the large page.

const STEPS = [10, 25, 33, 50, 67, 75, 100, 125, 150, 200, 300, 400];
const OFFERED = [10, 25, 50, 75, 100, 125, 150, 200];
const KEPT = { thumbnail: 4000, preview: 30, full: 4 };

// Pictures by page and size, as blob addresses; the ones used least recently are let go.
const album = (call) => {
  const kept = { thumbnail: new Map(), preview: new Map(), full: new Map() };
  const asked = { thumbnail: new Set(), preview: new Set(), full: new Set() };
  let timer = null;
  const ask = () => {
    timer = null;
    for (const [size, ids] of Object.entries(asked)) {
      const images = [...ids];
      ids.clear();
      for (let at = 0; at < images.length; at += 24) void call("pictures", { size, images: images.slice(at, at + 24) });
    }
  };
  const settle = (size, id, bytes, mime) => {
    const entry = kept[size].get(id);
    if (!entry) return;
    entry.url = bytes ? URL.createObjectURL(new Blob([bytes], { type: mime })) : null;
    entry.resolve(entry.url);
    if (!bytes) kept[size].delete(id);
  };
  return {
    heard: ({ size, images }, buffers) => images.forEach(({ id, mime, at }) => settle(size, id, at === null ? null : buffers[at], mime)),
    forget: (id) => {
      for (const [size, pictures] of Object.entries(kept)) {
        const found = pictures.get(id);
        pictures.delete(id);
        asked[size].delete(id);
        if (found?.url) URL.revokeObjectURL(found.url);
      }
    },
    need: (id, size) => {
      const found = kept[size].get(id);
      if (found) { kept[size].delete(id); kept[size].set(id, found); return found.promise; }
      const entry = {};
      entry.promise = new Promise((resolve) => { entry.resolve = resolve; });
      kept[size].set(id, entry);
      for (const [old, { url }] of kept[size]) { if (kept[size].size <= KEPT[size]) break; kept[size].delete(old); if (url) URL.revokeObjectURL(url); }
      asked[size].add(id);
      timer ??= setTimeout(ask, size === "thumbnail" ? 30 : 0);
      return entry.promise;
    },
  };
};

const pages = (count) => (count === 1 ? "1 page" : `${count} pages`);
// What stands on a set or thumbnail, and what is behind its badges: [visible text, tone, what it means].
const marks = (item) => [item.hold && ["Hold", "warn", `On hold: ${item.hold}`], item.note && ["Note", "", `Note: ${item.note}`],
  item.cleaning && ["Clean", "", `Cleaned up: ${item.cleaning}`], item.late && ["New", "accent", "Added after posting"], item.attached && ["Attached", "good", `Attached to ${item.attached}`]].filter(Boolean);
const badges = (item) => marks(item).flatMap(([text, tone, title]) => [" ", el("span", { class: `wb-badge ${tone}`, title }, text)]);
const named = (parts, item) => [[...parts.filter(Boolean), ...marks(item).map(([text]) => text)].join(", "), ...marks(item).map(([, , title]) => title)].join(". ");
const words = (image) => named([`Page ${image.no}`, image.type], image);

// Pages to the printer's dialog: they stand on the page for as long as that is open, and alone are printed.
const onPaper = async (buffers, mime) => {
  const addresses = buffers.map((data) => URL.createObjectURL(new Blob([data], { type: mime })));
  const sheets = el("div", { class: "wb-print", "aria-hidden": "true" }, addresses.map((src) => el("div", {}, el("img", { src, alt: "" }))));
  document.body.append(sheets);
  await Promise.all([...sheets.querySelectorAll("img")].map((picture) => picture.decode()));
  print();
  sheets.remove();
  addresses.forEach((address) => URL.revokeObjectURL(address));
};

// The large page: a scroll box, a sheet of the page's size, the picture turned inside of it.
const stage = (photos) => {
  const picture = el("img", { class: "wb-page-picture", draggable: "false" });
  const sheet = el("div", { class: "wb-page-sheet" }, picture);
  const empty = el("p", { class: "wb-empty" }, "");
  const box = el("div", { class: "wb-page-box", role: "region", "aria-label": "Preview", tabindex: "0" }, sheet, empty);
  let image = null, scale = "page", told = () => {};
  const factor = () => {
    const turned = image.rotation % 180 !== 0;
    const [wide, high] = turned ? [image.height, image.width] : [image.width, image.height];
    const room = [box.clientWidth - 18, box.clientHeight - 18];
    if (scale === "page") return Math.max(0.02, Math.min(room[0] / wide, room[1] / high));
    return scale === "width" ? Math.max(0.02, room[0] / wide) : scale / 100;
  };
  const lay = () => {
    if (!image) return;
    const by = factor(), turned = image.rotation % 180 !== 0;
    const [wide, high] = [Math.round(image.width * by), Math.round(image.height * by)];
    sheet.style.width = `${turned ? high : wide}px`;
    sheet.style.height = `${turned ? wide : high}px`;
    picture.style.width = `${wide}px`;
    picture.style.height = `${high}px`;
    picture.style.transform = `translate(-50%, -50%) rotate(${image.rotation}deg)${image.mirrored ? " scaleX(-1)" : ""}`;
    told(Math.round(by * 100));
    if (wide * devicePixelRatio > image.previewWidth * 1.15) void fill("full");
  };
  const look = () => image && `${image.id}:${image.cleaning}`;
  const fill = async (size) => {
    const wanted = look();
    if (size === "full" && picture.dataset.shown === `${wanted}:full`) return;
    const url = await photos.need(image.id, size);
    if (look() !== wanted || !url || (size === "preview" && picture.dataset.shown === `${wanted}:full`)) return;
    const ready = new Image();
    ready.src = url;
    try { await ready.decode(); } catch { return; }
    if (look() !== wanted) return;
    picture.src = url;
    picture.dataset.shown = `${wanted}:${size}`;
    picture.hidden = false;
  };
  const show = (next, text) => {
    const before = look(), page = image?.id;
    image = next;
    sheet.hidden = !image;
    empty.hidden = Boolean(image);
    empty.textContent = text;
    if (!image) { picture.hidden = true; return; }
    picture.alt = words(image);
    if (page !== image.id) box.scrollTo(0, 0);
    if (before !== look()) void fill("preview");
    lay();
  };
  const zoom = (to, at) => {
    const before = image && { left: (box.scrollLeft + (at?.x ?? 0)) / sheet.offsetWidth, top: (box.scrollTop + (at?.y ?? 0)) / sheet.offsetHeight };
    scale = to;
    lay();
    if (before && at) box.scrollTo(before.left * sheet.offsetWidth - at.x, before.top * sheet.offsetHeight - at.y);
  };
  // Cropping: a frame is drawn on the sheet; what is outside of it, as parts of the sheet, is given back.
  let cropped = null;
  const frame = el("div", { class: "wb-crop-frame", "aria-hidden": "true" });
  const crop = (done) => { cropped = done; box.classList.toggle("wb-cropping", Boolean(done)); frame.remove(); };
  const draw = (event) => {
    const area = sheet.getBoundingClientRect();
    const part = ({ clientX, clientY }) => [(clientX - area.left) / area.width, (clientY - area.top) / area.height].map((at) => Math.min(1, Math.max(0, at)));
    const [x, y] = part(event);
    let sides = null;
    const drag = (move) => {
      const [atX, atY] = part(move);
      sides = [Math.min(x, atX), Math.min(y, atY), 1 - Math.max(x, atX), 1 - Math.max(y, atY)];
      frame.style.inset = [1, 2, 3, 0].map((side) => `${sides[side] * 100}%`).join(" ");
      sheet.append(frame);
    };
    const end = () => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", end);
      const given = cropped;
      crop(null);
      if (sides && 1 - sides[0] - sides[2] > 0.02 && 1 - sides[1] - sides[3] > 0.02) given?.(sides);
    };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", end);
  };
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && cropped) crop(null); });
  box.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    if (cropped) { event.preventDefault(); box.focus(); draw(event); return; }
    let { clientX: x, clientY: y } = event;
    const drag = (move) => { box.scrollBy(x - move.clientX, y - move.clientY); x = move.clientX; y = move.clientY; };
    const end = () => { box.classList.remove("wb-panning"); removeEventListener("pointermove", drag); removeEventListener("pointerup", end); };
    box.classList.add("wb-panning");
    addEventListener("pointermove", drag);
    addEventListener("pointerup", end);
  });
  return { box, show, zoom, lay, crop, percent: () => (image ? factor() * 100 : 100), scale: () => scale, onScale: (heard) => { told = heard; } };
};
