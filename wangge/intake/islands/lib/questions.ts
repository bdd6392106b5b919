// A question that hangs on another one is hidden until that one has an answer that asks for it.
// Without scripts all are shown; the server asks only for those that fit.

export function followConditions(form: HTMLFormElement): void {
  const follow = (): void => {
    const data = new FormData(form);
    for (const part of form.querySelectorAll<HTMLElement>("[data-only-if]")) {
      const wanted = (part.dataset.answers ?? "").split(" ");
      const leader = form.querySelector(`[name="${part.dataset.onlyIf}"]`)?.closest<HTMLElement>("[data-only-if]");
      const given = leader?.hidden ? [] : data.getAll(part.dataset.onlyIf ?? "");
      part.hidden = !given.some((answer) => wanted.includes(String(answer)));
    }
  };
  form.addEventListener("change", follow);
  form.addEventListener("htmx:afterSwap", follow);
  new MutationObserver(follow).observe(form, { childList: true, subtree: true });
  follow();
}
