// Shows a comparison and leads from change to change. The markup was made, and every text of it escaped, by the core.

const shown = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".compared");
  const lines = root.querySelector(".lines");
  if (shown.get(parentElement) !== data.html) {
    shown.set(parentElement, data.html);
    lines.innerHTML = data.html;
    root.dataset.at = "0";
  }
  const changes = [...lines.querySelectorAll("tr[id^='change-']")];
  const told = root.querySelector(".at");
  const tell = () => {
    const at = Number(root.dataset.at);
    told.textContent = changes.length ? (at ? `Change ${at} of ${changes.length}` : `${changes.length} ${changes.length === 1 ? "change" : "changes"}`) : "No change to show";
  };
  const go = (step) => {
    if (!changes.length) return;
    const at = Number(root.dataset.at) + step;
    root.dataset.at = String(at < 1 ? changes.length : at > changes.length ? 1 : at);
    lines.querySelector(".here")?.classList.remove("here");
    const here = changes[Number(root.dataset.at) - 1];
    here.classList.add("here");
    here.scrollIntoView({ block: "center" });
    tell();
  };
  root.querySelector(".back").onclick = () => go(-1);
  root.querySelector(".next").onclick = () => go(1);
  tell();
}
