// One page of three fieldsets becomes three steps; without this island they simply follow one another.

export interface StepWords {
  next: string;
  back: string;
}

export class Steps {
  private readonly steps: HTMLFieldSetElement[];
  private index = 0;

  constructor(
    private readonly form: HTMLFormElement,
    words: StepWords,
    begin: string,
    private readonly mayLeave: (step: string) => boolean,
  ) {
    this.steps = Array.from(form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-step]"));
    this.steps.forEach((step, index) => this.addButtons(step, index, words));
    form.addEventListener("keydown", (event) => this.enterGoesOn(event));
    addEventListener("popstate", (event) => this.show(Number((event.state as { step?: number } | null)?.step ?? 0), false));
    this.show(Math.max(0, this.steps.findIndex((step) => step.dataset.step === begin)), false);
  }

  private addButtons(step: HTMLFieldSetElement, index: number, words: StepWords): void {
    const last = index === this.steps.length - 1;
    const row = last ? step.querySelector<HTMLElement>(".rs-send")! : document.createElement("div");
    if (index > 0) row.prepend(this.button(words.back, "btn", () => this.go(index - 1)));
    if (last) return;
    row.className = "rs-turn";
    row.append(this.button(words.next, "btn btn-primary", () => this.go(index + 1)));
    step.append(row);
  }

  private button(label: string, classes: string, act: () => void): HTMLButtonElement {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: classes, textContent: label });
    made.addEventListener("click", act);
    return made;
  }

  go(index: number): void {
    const here = this.steps[this.index]!.dataset.step ?? "";
    if (index > this.index && !this.mayLeave(here)) return;
    this.show(index, true);
  }

  private show(index: number, moved: boolean): void {
    this.index = Math.min(Math.max(index, 0), this.steps.length - 1);
    this.steps.forEach((step, at) => (step.hidden = at !== this.index));
    this.form.querySelectorAll("[data-step-mark]").forEach((mark, at) => {
      mark.classList.toggle("rs-done", at < this.index);
      if (at === this.index) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
    if (!moved) return;
    history.pushState({ step: this.index }, "");
    const legend = this.steps[this.index]!.querySelector("legend")!;
    legend.tabIndex = -1;
    legend.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  /** Enter in a field of an early step goes on instead of sending half a report. */
  private enterGoesOn(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.key !== "Enter" || event.isComposing || target.tagName !== "INPUT") return;
    if (this.index === this.steps.length - 1 || target.matches("[data-place-search]")) return;
    event.preventDefault();
    this.go(this.index + 1);
  }
}
