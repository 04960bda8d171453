// A plot: the image for the eye, its numbers as a table for everybody else.

export default {
  async render({ model, el: root, signal }) {
    const call = connect(model, root);
    let address = null;
    const image = el("img", { class: "wb-plot" });
    const numbers = el("details", {}, el("summary", {}, "Numbers"));
    const table = el("table", { class: "wb-numbers" });
    numbers.append(table);
    const place = el("div", {}, image);
    root.append(el("figure", { class: "wb-picture" }, place, numbers));
    const enlarge = () => {
      const zoom = model.get("zoom");
      place.className = zoom ? "wb-paper" : "";
      image.style.width = zoom ? `${zoom}%` : "";
      if (zoom) { place.tabIndex = 0; place.setAttribute("role", "region"); place.setAttribute("aria-label", model.get("alt") || "Page"); }
    };
    const draw = () => {
      if (address) URL.revokeObjectURL(address);
      const bytes = model.get("image");
      image.hidden = !bytes?.byteLength;
      address = image.hidden ? null : URL.createObjectURL(new Blob([bytes], { type: model.get("media_type") }));
      if (address) image.src = address;
      image.alt = model.get("alt");
    };
    const list = () => {
      const [head, ...rows] = model.get("numbers");
      table.replaceChildren(el("thead", {}, el("tr", {}, (head ?? []).map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), rest.map((text) => el("td", { class: "wb-right" }, text))))));
      numbers.hidden = !rows.length;
    };
    // The figures come first; the picture is asked for when the browser has nothing better to do.
    const ask = () => { if (model.get("stale")) (window.requestIdleCallback ?? setTimeout)(() => void call("draw")); };
    model.on("change:stale", ask);
    for (const name of ["image", "alt"]) model.on(`change:${name}`, draw);
    for (const name of ["zoom", "alt"]) model.on(`change:${name}`, enlarge);
    model.on("change:numbers", list);
    signal.addEventListener("abort", () => { if (address) URL.revokeObjectURL(address); });
    draw();
    enlarge();
    list();
    ask();
  },
};
