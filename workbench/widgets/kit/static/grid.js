// A data grid: roles, one tab stop, arrows, sort by heading, selection, cells that can be edited, pages from Python.
// Cells come as text, or {badge, tone} | {link, page, params} | {actions: [{name, label, title}]} | {text, title, tone}.

const PAGE_SIZES = [25, 50, 100, 250];
const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const cellContent = (value, rowId, act) => {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [String(value)];
  if (value.badge !== undefined) return value.badge ? [el("span", { class: `wb-badge ${value.tone ?? ""}`, title: value.title }, value.badge)] : [];
  if (value.link !== undefined) return [el("a", { href: pageHref(value.page, value.params), "data-go": "", tabindex: "-1" }, value.link)];
  if (value.actions) return value.actions.map(({ name, label, title, text }) =>
    el("button", { type: "button", class: "wb-row-action", tabindex: "-1", title, "aria-label": text ? label : undefined, click: (event) => { event.stopPropagation(); act(name, rowId); } }, text ?? label));
  return [el("span", { class: value.tone ?? "", title: value.title }, value.text ?? "")];
};

export default {
  async render({ model, el: root, signal }) {
    root.classList.add("wb-grid-place");
    const call = connect(model, root, (message) => { if (message.kind === "focus") focusCell(message.row ?? 0, at.column); });
    const at = { row: 0, column: 0 };
    let anchor = null, editing = null;
    const columns = () => model.get("columns"), rows = () => model.get("rows");
    const multi = () => model.get("selectable") === "multi", single = () => model.get("selectable") === "single";

    const head = el("thead", { role: "rowgroup" }), body = el("tbody", { role: "rowgroup" }), foot = el("tfoot", { role: "rowgroup" });
    const table = el("table", { role: "grid", class: "wb-grid" }, head, body, foot);
    const scroller = el("div", { class: "wb-scroll" }, table);
    const empty = el("p", { class: "wb-empty", role: "status" });
    const pager = el("div", { class: "wb-pager" });
    root.append(scroller, empty, pager);

    const tone = (column) => (column.kind === "money" || column.kind === "number" ? " wb-right" : "") + (column.editable ? " wb-editable" : "") + (column.wrap ? " wb-wrap" : "");
    // A column with a width cuts long texts; the whole of them shows when the pointer rests there.
    const limited = (column, value) => (column.width ? { style: `max-width:${column.width}`, title: typeof value === "string" ? value : undefined } : {});
    const firstRow = () => (model.get("page") - 1) * model.get("page_size");
    const cellAt = (row, column) => (row < 0 ? head : body).children[Math.max(row, 0)]?.children[column];
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

    const focusCell = (row, column, take = true) => {
      table.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
      if (rows().length || row < 0) at.row = clamp(row, -1, rows().length - 1);
      at.column = clamp(column, 0, columns().length - 1);
      const cell = cellAt(rows().length ? at.row : -1, at.column);
      if (!cell) return;
      cell.setAttribute("tabindex", "0");
      if (take) { cell.focus(); cell.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    };

    const drawHead = () => {
      const by = model.get("sort_key"), down = model.get("descending");
      head.replaceChildren(el("tr", { role: "row", "aria-rowindex": 1 }, columns().map((column, index) => el("th", {
        role: "columnheader", scope: "col", tabindex: "-1", "aria-colindex": index + 1, title: column.help || undefined, style: column.width ? `max-width:${column.width}` : undefined,
        class: `${tone(column)}${column.sortable ? " wb-sortable" : ""}`, "aria-sort": column.sortable ? (by === column.key ? (down ? "descending" : "ascending") : "none") : undefined,
        click: () => sort(index),
      }, column.label))));
    };
    const sort = (index) => {
      const column = columns()[index];
      if (!column.sortable) return;
      focusCell(-1, index, false);
      void call("sort", { key: column.key }).then(() => focusCell(-1, index));
    };
    const drawBody = () => {
      const chosen = new Set(model.get("selection")), hadFocus = body.contains(document.activeElement);
      editing = null;
      body.replaceChildren(...rows().map((row, index) => el("tr", {
        role: "row", class: row.tone || undefined, "aria-rowindex": firstRow() + index + 2, "aria-selected": multi() || single() ? String(chosen.has(row.id)) : undefined,
      }, row.cells.map((value, place) => el("td", { role: "gridcell", tabindex: "-1", "aria-colindex": place + 1, "data-label": model.get("tiles") ? columns()[place].label : undefined, class: tone(columns()[place]) || undefined, ...limited(columns()[place], value) }, cellContent(value, row.id, act))))));
      table.setAttribute("aria-rowcount", model.get("total") + 1);
      table.setAttribute("aria-colcount", columns().length);
      if (multi()) table.setAttribute("aria-multiselectable", "true");
      empty.textContent = rows().length ? "" : model.get("empty");
      empty.hidden = rows().length > 0;
      scroller.hidden = !rows().length;
      focusCell(at.row, at.column, hadFocus);
      drawPager();
    };
    const drawFoot = () => {
      const totals = model.get("totals");
      foot.replaceChildren(...(totals.length ? [el("tr", { role: "row" }, totals.map((text, index) => el("td", { role: "gridcell", class: tone(columns()[index]) || undefined }, text)))] : []));
    };
    const drawPager = () => {
      const page = model.get("page"), size = model.get("page_size"), total = model.get("total");
      const pages = Math.max(1, Math.ceil(total / size)), first = total ? firstRow() + 1 : 0, last = Math.min(page * size, total);
      const count = `${first.toLocaleString("en-US")} to ${last.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}`;
      pager.hidden = !model.get("paged") || !total;
      if (pager.hidden) return;
      const step = (label, text, to) => button({ label, text, tone: "small", blocked: to < 1 || to > pages || to === page ? "There is no further page." : "" }, () => turn(to));
      const input = el("input", { "aria-label": "Page", value: page, size: 4, inputmode: "numeric", change: () => turn(clamp(parseInt(input.value, 10) || page, 1, pages)) });
      const sizes = el("select", { "aria-label": model.get("size_label"), change: () => call("size", { size: Number(sizes.value) }) },
        [...new Set([...PAGE_SIZES, size])].sort((a, b) => a - b).map((n) => el("option", { value: n, selected: n === size }, n)));
      pager.replaceChildren(el("span", { class: "wb-count", role: "status" }, count), step("First Page", "«", 1), step("Previous Page", "‹", page - 1),
        el("span", {}, "Page ", input, ` of ${pages.toLocaleString("en-US")}`), step("Next Page", "›", page + 1), step("Last Page", "»", pages), el("label", {}, `${model.get("size_label")} `, sizes));
    };

    const turn = (to) => call("page", { page: to }).then(() => { scroller.scrollTop = 0; });
    const act = (name, id) => call("action", { name, id });
    const choose = (index, event) => {
      const id = rows()[index]?.id;
      if (id === undefined || (!multi() && !single())) return;
      let chosen = new Set(model.get("selection"));
      if (single()) chosen = new Set([id]);
      else if (event.shiftKey && anchor !== null) for (let i = Math.min(anchor, index); i <= Math.max(anchor, index); i++) chosen.add(rows()[i].id);
      else if (event.ctrlKey || event.metaKey || event.key === " ") { if (!chosen.delete(id)) chosen.add(id); }
      else chosen = new Set([id]);
      if (!event.shiftKey) anchor = index;
      model.set("selection", [...chosen]);
      // A message of its own: traits wait while one is under way, and a key pressed meanwhile would overtake them.
      void call("select", { ids: [...chosen] });
      drawSelection();
    };
    const drawSelection = () => {
      const chosen = new Set(model.get("selection"));
      [...body.children].forEach((row, index) => { if (multi() || single()) row.setAttribute("aria-selected", chosen.has(rows()[index]?.id)); });
    };

    const edit = (start) => {
      const column = columns()[at.column], cell = cellAt(at.row, at.column), row = rows()[at.row];
      if (!column?.editable || row?.locked || editing || at.row < 0) return false;
      const before = [...cell.childNodes], old = cell.textContent;
      const input = el("input", { class: "wb-cell-input", "aria-label": column.label });
      input.value = start ?? old;
      cell.replaceChildren(input);
      input.focus();
      if (start === undefined) input.select();
      const leave = () => { editing = null; cell.replaceChildren(...before); };
      const commit = async (rowStep, columnStep) => {
        if (editing !== input) return;
        const text = input.value;
        if (text === old) leave();
        else {
          input.readOnly = true;
          const answer = await call("edit", { id: row.id, key: column.key, text });
          if (answer?.error) { input.readOnly = false; input.setAttribute("aria-invalid", "true"); input.title = answer.error; announce(input, answer.error, "error"); input.focus(); return; }
          if (editing === input) leave();
        }
        if (rowStep !== null) focusCell(at.row + rowStep, columnStep ? nextEditable(columnStep) : at.column);
      };
      editing = input;
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter") { event.preventDefault(); void commit(event.shiftKey ? -1 : 1, 0); }
        else if (event.key === "Tab") { event.preventDefault(); void commit(0, event.shiftKey ? -1 : 1); }
        else if (event.key === "Escape") { event.preventDefault(); leave(); focusCell(at.row, at.column); }
      });
      input.addEventListener("commit", () => void commit(null, 0));
      input.addEventListener("blur", () => { if (editing === input && !input.readOnly) void commit(null, 0); });
      return true;
    };
    const nextEditable = (step) => {
      for (let index = at.column + step; index >= 0 && index < columns().length; index += step) if (columns()[index].editable) return index;
      return at.column;
    };

    // Enter on a cell with several buttons goes among them: left and right choose, Enter presses, Escape leaves.
    const amongActions = (event) => {
      const step = arrows[event.key]?.[1], cell = event.target.closest("td");
      if (step) (step > 0 ? event.target.nextElementSibling : event.target.previousElementSibling)?.focus();
      else if (event.key === "Escape") { event.stopPropagation(); cell.focus(); }
      else if (!arrows[event.key]) return;
      event.preventDefault();
    };

    // However the focus came into a cell (a click, a screen reader), that cell is the current one.
    table.addEventListener("focusin", (event) => {
      const cell = event.target.closest("td, th");
      if (cell && !foot.contains(cell) && cell === event.target) focusCell(head.contains(cell) ? -1 : [...body.children].indexOf(cell.parentNode), cell.cellIndex, false);
    });
    table.addEventListener("keydown", (event) => {
      if (event.altKey || editing) return;
      if (event.target.matches(".wb-row-action")) return void amongActions(event);
      const step = arrows[event.key], pages = Math.ceil(model.get("total") / model.get("page_size"));
      if (step) { focusCell(at.row + step[0], at.column + step[1]); if (event.shiftKey && step[0] && at.row >= 0) choose(at.row, event); }
      else if (event.key === "Home") focusCell(event.ctrlKey ? 0 : at.row, 0);
      else if (event.key === "End") focusCell(event.ctrlKey ? rows().length - 1 : at.row, columns().length - 1);
      else if (event.key === "PageDown" && model.get("page") < pages) void turn(model.get("page") + 1).then(() => focusCell(0, at.column));
      else if (event.key === "PageUp" && model.get("page") > 1) void turn(model.get("page") - 1).then(() => focusCell(0, at.column));
      else if (event.key === " " && at.row >= 0) choose(at.row, event);
      else if (event.key === "Enter" && at.row < 0) sort(at.column);
      else if (event.key === "Enter" && event.target.matches("td")) {
        const inner = event.target.querySelector("a, button"), several = event.target.querySelectorAll(".wb-row-action").length > 1;
        if (several) inner.focus(); else if (inner) inner.click(); else if (!edit()) void call("use", { id: rows()[at.row].id });
      } else if (event.key === "F2") edit();
      else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && edit(event.key)) { /* typed into the cell */ }
      else return;
      event.preventDefault();
    });
    body.addEventListener("mousedown", (event) => { if (event.shiftKey) event.preventDefault(); });
    body.addEventListener("click", (event) => {
      const cell = event.target.closest("td");
      if (!cell || editing || event.target.closest("a, button")) return;
      const row = [...body.children].indexOf(cell.parentNode), again = row === at.row && cell.cellIndex === at.column && columns()[cell.cellIndex].editable;
      focusCell(row, cell.cellIndex);
      choose(row, event);
      if (again) edit();
    });
    body.addEventListener("dblclick", (event) => {
      const cell = event.target.closest("td");
      if (!cell || editing || event.target.closest("a, button") || columns()[cell.cellIndex].editable) return;
      void call("use", { id: rows()[[...body.children].indexOf(cell.parentNode)].id });
    });

    const label = () => {
      table.setAttribute("aria-label", model.get("label"));
      if (model.get("key")) { table.dataset.key = model.get("key"); table.dataset.keyLabel = model.get("label"); }
      scroller.style.maxHeight = model.get("height") || "";
      root.classList.toggle("wb-tiles", model.get("tiles"));
    };
    // A grid reached by its key puts the focus into its current cell.
    table.focus = () => focusCell(Math.max(at.row, 0), at.column);
    model.on("change:columns", () => { drawHead(); drawBody(); drawFoot(); });
    for (const name of ["sort_key", "descending"]) model.on(`change:${name}`, drawHead);
    for (const name of ["rows", "empty"]) model.on(`change:${name}`, drawBody);
    for (const name of ["page", "page_size", "total"]) model.on(`change:${name}`, drawPager);
    model.on("change:totals", drawFoot);
    model.on("change:selection", drawSelection);
    model.on("change:label", label);
    label();
    drawHead();
    drawBody();
    drawFoot();
    void signal;
  },
};
