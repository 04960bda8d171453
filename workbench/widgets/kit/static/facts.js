// Labelled figures. One that explains itself can be focused; its explanation shows on hover and focus and is its description.
// Fact: {label, value, explains: [line], tone, kind, name}

const fact = ({ label, value, explains = [], tone = "", kind = "", name = "" }, call) => {
  const labelId = newId("label"), tipId = newId("tip");
  const tip = explains.length ? el("div", { id: tipId, role: "tooltip", class: "wb-tip" }, explains.map((line) => el("div", {}, line))) : null;
  const node = el("div", {
    class: `wb-fact ${tone} ${kind}`, role: "group", "aria-labelledby": labelId, "aria-describedby": tip ? tipId : undefined, tabindex: tip ? "0" : undefined, "data-name": name || undefined,
    keydown: (event) => { if (event.key === "Escape") node.classList.add("wb-quiet"); else if (event.key === "Enter" && name) void call("use", { name }); },
    focus: () => node.classList.remove("wb-quiet"), mouseenter: () => node.classList.remove("wb-quiet"), click: () => { if (name) void call("use", { name }); },
  }, el("span", { class: "wb-fact-label", id: labelId }, label), el("span", { class: "wb-fact-value" }, value || "–"), tip);
  return node;
};

export default {
  async render({ model, el: root }) {
    root.classList.add("wb-facts");
    const call = connect(model, root);
    const draw = () => root.replaceChildren(...model.get("facts").map((item) => fact(item, call)));
    model.on("change:facts", draw);
    draw();
  },
};
