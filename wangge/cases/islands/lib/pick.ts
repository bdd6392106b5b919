// A long <select data-pick="Search …"> gets a field above it that shows only the options with the words typed.

const picked = new WeakSet<HTMLSelectElement>();
const FEW = 8;

/** Put a search field before a long select; the select itself stays what is sent. */
export function pick(select: HTMLSelectElement): void {
  if (picked.has(select) || select.options.length <= FEW) return;
  picked.add(select);
  const all = [...select.options].map((option) => ({ option, words: option.text.toLowerCase() }));
  const search = document.createElement("input");
  search.type = "search";
  search.className = "form-control mb-1";
  search.placeholder = select.dataset.pick ?? "";
  search.setAttribute("aria-label", select.dataset.pick ?? "");
  search.setAttribute("aria-controls", select.id);
  search.addEventListener("input", () => narrow(select, all, search.value.trim().toLowerCase()));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    select.focus();
  });
  select.size = Math.min(6, select.options.length);
  if (select.multiple) select.addEventListener("mousedown", (event) => toggle(select, event));
  select.before(search);
  // A list that opens at its top would hide what is proposed further down.
  select.selectedOptions[0]?.scrollIntoView({ block: "nearest" });
}

function narrow(select: HTMLSelectElement, all: { option: HTMLOptionElement; words: string }[], wanted: string): void {
  const before = select.value;
  const kept = ({ option, words }: (typeof all)[number]): boolean =>
    words.includes(wanted) || (select.multiple && option.selected);
  select.replaceChildren(...all.filter(kept).map(({ option }) => option));
  if (select.multiple) return;
  if ([...select.options].some((option) => option.value === before && before !== "")) select.value = before;
  else if (select.options.length > 0) select.selectedIndex = 0;
}

/** Several are chosen by one press each: whoever does not know of Ctrl would lose the first with the second. */
function toggle(select: HTMLSelectElement, event: MouseEvent): void {
  const option = event.target;
  if (!(option instanceof HTMLOptionElement)) return;
  event.preventDefault();
  const { scrollTop } = select;
  option.selected = !option.selected;
  select.focus();
  select.scrollTop = scrollTop;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
