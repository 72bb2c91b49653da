// Shows a page of a document with the boxes of its values. All that comes from the document is set as text, never as markup.

const SIGNS = { sure: "–", doubtful: "?", failed: "▲", confirmed: "✓", changed: "✎" };
const SMALLEST = 0.5, LARGEST = 5, STEP = 1.25;
const SETTLED_MS = 80, STAYED_MS = 300;  // a selection wanders while an arrow key is held
const views = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new View(parentElement)));
  view.tell = setTriggerValue;
  view.show(data);
}

class View {
  constructor(root) {
    for (const name of ["pane", "sheet", "boxes", "tip", "page", "share", "turning", "back", "next", "in", "out", "fit", "key", "problem"])
      this[name] = root.querySelector("." + name);
    this.image = root.querySelector("img");
    this.root = root;
    this.zoom = this.ownZoom = 1;  // the user's own is taken up again after a value was enlarged
    this.data = {};
    this.asked = null;
    this.selected = null;  // the field of the cell that was selected last in a grid beside
    this.cells = {};
    this.listen();
    this.watchGrids();
  }

  listen() {
    this.back.onclick = () => this.turn(-1);
    this.next.onclick = () => this.turn(1);
    this.in.onclick = () => this.zoomBy(STEP);
    this.out.onclick = () => this.zoomBy(1 / STEP);
    this.fit.onclick = () => this.zoomBy(1 / this.zoom);
    this.pane.onkeydown = (event) => this.onKey(event);
    this.pane.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.boxes.onclick = (event) => this.onBox(event, (box) => this.tell("picked", box.dataset.field));
    this.boxes.onpointerover = (event) => this.onBox(event, (box) => this.showTip(box));
    this.boxes.onpointerout = () => this.showTip(this.focused());
    this.boxes.addEventListener("focusin", (event) => this.onBox(event, (box) => { this.rove(box); this.showTip(box); }));
    this.boxes.addEventListener("focusout", () => this.showTip(null));
    this.image.onload = () => this.sheet.setAttribute("aria-busy", "false");
    this.image.onerror = () => this.sheet.setAttribute("aria-busy", "false");
    // Shown in a tab or a fold that opens later: what was chosen is sought when there is room to show it.
    new ResizeObserver(() => this.isSought && this.seek()).observe(this.pane);
  }

  // What Python says

  show(data) {
    const before = this.data;
    this.data = data;
    if (data.page === this.asked || data.chosen !== before.chosen) this.asked = null;
    if (data.image !== before.image) this.showPage(data);
    if (JSON.stringify(data.boxes) !== JSON.stringify(before.boxes)) this.showBoxes(data.boxes);
    this.showTurning(data);
    this.problem.textContent = data.problem || "";
    this.sheet.hidden = !data.image;
    if (data.chosen !== before.chosen) this.selected = null;
    this.mark(data.chosen ?? this.selected);
    const isOther = data.chosen !== before.chosen || data.enlarge !== before.enlarge || data.page !== before.page;
    if ((data.chosen || this.selected) && isOther) this.seek();
    else if (before.enlarge && !data.enlarge) this.zoomTo(this.ownZoom);
  }

  showPage(data) {
    const [width, height] = data.size;
    this.image.width = width;  // keeps the room until it is there
    this.image.height = height;
    this.image.alt = data.alt;
    this.pane.style.aspectRatio = data.image ? `${width} / ${height}` : "";
    if (data.image) this.image.src = data.image;
    this.sheet.setAttribute("aria-busy", String(Boolean(data.image) && !this.image.complete));
    this.pane.scrollTo(0, 0);
    this.zoomTo(this.zoom);
  }

  showTurning({ page: shown, pages }) {
    const page = this.asked ?? shown;
    this.turning.hidden = pages < 2;
    this.page.textContent = `Page ${page} of ${pages}`;
    this.back.setAttribute("aria-disabled", String(page <= 1));
    this.next.setAttribute("aria-disabled", String(page >= pages));
  }

  showBoxes(boxes) {
    const held = this.focused()?.dataset.field;
    this.boxes.replaceChildren(...boxes.map(boxOf));
    this.showTip(null);
    this.showKey(boxes);
    const all = this.all();
    const next = all.find((box) => box.dataset.field === held) || all[0];
    this.rove(next);
    if (held) (next || this.pane).focus({ preventScroll: true });
  }

  showKey(boxes) {
    const told = new Map(boxes.filter((box) => box.standing !== "sure").map((box) => [box.standing, box.says]));
    this.key.replaceChildren(...[...told].map(([standing, says]) => {
      const entry = document.createElement("span"), sign = document.createElement("i");
      sign.textContent = SIGNS[standing];
      entry.append(sign, says);
      return entry;
    }));
  }

  mark(field) {
    for (const box of this.all()) {
      if (box.dataset.field === field) box.setAttribute("aria-current", "true");
      else box.removeAttribute("aria-current");
    }
    const chosen = this.chosen();
    if (chosen && !this.focused()) this.rove(chosen);
  }

  // What is selected in the grids beside: they tell Python nothing of it, but their tables for screen readers show it

  watchGrids() {
    const watching = new MutationObserver(() => {
      clearTimeout(this.settling);
      if (this.root.isConnected) this.settling = setTimeout(() => this.followSelection(), SETTLED_MS);
      else watching.disconnect();
    });
    watching.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-selected"] });
  }

  followSelection() {
    let field;
    for (const grid of this.data.grids || []) {
      const cell = document.querySelector(`.st-key-${grid.key.replace(/[^\w-]/g, "-")} [data-testid=stDataFrame] td[aria-selected=true]`);
      const at = cell?.id;
      if (cell && at !== this.cells[grid.key]) field = this.fieldOf(cell, grid);
      this.cells[grid.key] = at;
    }
    if (field === undefined || field === this.selected) return;
    this.selected = field;
    this.mark(field);
    clearTimeout(this.telling);
    if (this.chosen()) this.seek();
    else if (field && this.data.pages > 1) this.telling = setTimeout(() => this.tell("sought", field), STAYED_MS);
  }

  // The field of a cell; of one that shows no value of its own, the first box of its row; null where the row has none.
  fieldOf(cell, { fields, rows, columns }) {
    const [, row] = cell.id.match(/-(\d+)$/);
    if (fields) return fields[cell.closest("tr").querySelector("td").textContent] ?? null;
    if (!rows[row]) return null;
    const head = cell.closest("table").querySelector(`[role=columnheader][aria-colindex="${cell.getAttribute("aria-colindex")}"]`);
    const column = columns[head?.textContent];
    return column ? rows[row] + column : this.data.boxes.find((box) => box.field.startsWith(`${rows[row]}.`))?.field ?? null;
  }

  // What the user does

  turn(by) {
    const page = (this.asked ?? this.data.page) + by;  // a second click may come before the page of the first
    if (page < 1 || page > this.data.pages) return;
    this.asked = page;
    this.showTurning(this.data);
    this.sheet.setAttribute("aria-busy", "true");
    this.tell("page", page);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = this.all(), at = all.indexOf(this.focused());
    const acts = {
      "+": () => this.zoomBy(STEP), "=": () => this.zoomBy(STEP), "-": () => this.zoomBy(1 / STEP), "0": () => this.zoomBy(1 / this.zoom),
      PageDown: () => this.turn(1), PageUp: () => this.turn(-1), Escape: () => this.showTip(null),
    };
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (acts[event.key]) acts[event.key]();
    else if (at >= 0 && event.key in moves) all[Math.min(Math.max(moves[event.key], 0), all.length - 1)].focus();
    else return;
    event.preventDefault();
  }

  onWheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }

  onBox(event, act) {
    const box = event.target.closest(".box");
    if (box) act(box);
  }

  // How it is done

  all() { return [...this.boxes.children]; }

  focused() { return this.all().find((box) => box.matches(":focus")) || null; }

  chosen() { return this.all().find((box) => box.hasAttribute("aria-current")) || null; }

  rove(box) {
    for (const other of this.all()) other.tabIndex = other === box ? 0 : -1;
  }

  zoomBy(factor) {
    this.zoomTo(this.zoom * factor);
    this.ownZoom = this.zoom;
  }

  zoomTo(zoom) {
    const { pane } = this;
    const x = (pane.scrollLeft + pane.clientWidth / 2) / (pane.scrollWidth || 1);
    const y = (pane.scrollTop + pane.clientHeight / 2) / (pane.scrollHeight || 1);
    this.zoom = Math.min(LARGEST, Math.max(SMALLEST, Math.abs(zoom - 1) < 0.02 ? 1 : zoom));
    this.sheet.style.width = `${100 * this.zoom}%`;
    this.share.textContent = `${Math.round(100 * this.zoom)} %`;
    pane.scrollTo(x * pane.scrollWidth - pane.clientWidth / 2, y * pane.scrollHeight - pane.clientHeight / 2);
  }

  // Brings the chosen box into sight; enlarged, so that it fills about a third of the width.
  seek() {
    const box = this.chosen(), { pane } = this;
    this.isSought = !pane.clientWidth;
    if (!box || this.isSought) return;
    if (this.data.enlarge) {
      const { box: [, , width] } = this.data.boxes.find((one) => one.field === this.data.chosen);
      this.zoomTo(Math.min(3, Math.max(1, 0.35 / width)));
    }
    const area = { left: box.offsetLeft, top: box.offsetTop, right: box.offsetLeft + box.offsetWidth, bottom: box.offsetTop + box.offsetHeight };
    const isSeen = area.left >= pane.scrollLeft && area.right <= pane.scrollLeft + pane.clientWidth
      && area.top >= pane.scrollTop && area.bottom <= pane.scrollTop + pane.clientHeight;
    if (isSeen && !this.data.enlarge) return;
    pane.scrollTo((area.left + area.right - pane.clientWidth) / 2, (area.top + area.bottom - pane.clientHeight) / 2);
  }

  showTip(box) {
    this.tip.classList.toggle("shown", Boolean(box));
    if (!box) return;
    const one = this.data.boxes[this.all().indexOf(box)];
    this.tip.querySelector(".label").textContent = one.label;
    this.tip.querySelector(".text").textContent = one.text;
    this.tip.querySelector(".sure").textContent = [one.sure, one.says].filter(Boolean).join(" · ");
    const { pane, tip } = this, room = 8;
    const below = box.offsetTop + box.offsetHeight + room;
    const isRoom = below + tip.offsetHeight <= pane.scrollTop + pane.clientHeight || box.offsetTop - room - tip.offsetHeight < pane.scrollTop;
    tip.style.top = `${isRoom ? below : box.offsetTop - room - tip.offsetHeight}px`;
    const farthest = pane.scrollLeft + pane.clientWidth - tip.offsetWidth - room;
    tip.style.left = `${Math.max(pane.scrollLeft + room, Math.min(box.offsetLeft, farthest))}px`;
  }
}

function boxOf(one) {
  const box = document.createElement("button"), sign = document.createElement("span");
  const [left, top, width, height] = one.box.map((share) => `${100 * share}%`);
  Object.assign(box.style, { left, top, width, height });
  box.type = "button";
  box.className = "box";
  box.tabIndex = -1;
  box.dataset.field = one.field;
  box.dataset.standing = one.standing;
  box.setAttribute("aria-label", [`${one.label}: ${one.text}`, one.sure, one.says].filter(Boolean).join(", "));
  sign.className = "sign";
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = SIGNS[one.standing];
  box.append(sign);
  return box;
}
