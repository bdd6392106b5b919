// Days as one field of the tab order; without this file each of them is an ordinary link.
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function mount(root: Document): void {
  const year = root.querySelector<HTMLElement>("[data-year]");
  const days = [...(year?.querySelectorAll<HTMLElement>("[data-day]") ?? [])];
  if (!year || days.length === 0) return;
  const first = days.find((day) => day.classList.contains("today")) ?? days[0];
  for (const day of days) day.tabIndex = day === first ? 0 : -1;
  year.addEventListener("keydown", (event) => {
    const here = event.target as HTMLElement;
    const there = days[target(event.key, days.indexOf(here), days.length)];
    if (!there || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    here.tabIndex = -1;
    there.tabIndex = 0;
    there.focus();
  });
}

// The number of the day to go to; -1 for none.
function target(key: string, here: number, count: number): number {
  if (here < 0) return -1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  return step === undefined ? -1 : here + step;
}
