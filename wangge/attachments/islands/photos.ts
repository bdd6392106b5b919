// A photo opens large above the page; without this island its link opens it as a page of its own.
// Works on <ul data-photos> with <a data-photo href="…" data-large="…"><img …></a> (attachments/_photos.html).

/** The place after moving `step` places in a round of `count`. */
export function around(index: number, step: number, count: number): number {
  return (((index + step) % count) + count) % count;
}

function show(links: HTMLAnchorElement[], start: number): void {
  let index = start;
  const dialog = document.createElement("dialog");
  const image = document.createElement("img");
  dialog.className = "border-0 rounded p-0 bg-transparent";
  image.className = "d-block mw-100 rounded";
  image.style.maxHeight = "90vh";
  dialog.append(image);

  const turn = (step: number): void => {
    index = around(index, step, links.length);
    const link = links[index]!;
    image.src = link.dataset.large ?? link.href;
    image.alt = link.querySelector("img")?.alt ?? "";
    dialog.setAttribute("aria-label", image.alt);
  };

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[index]!.focus();
  });
  turn(0);
  document.body.append(dialog);
  dialog.showModal();
}

/** One listener for the whole page: parts that htmx renews need nothing more. */
export function opened(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("[data-photos] a[data-photo]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const links = Array.from(link.closest("[data-photos]")!.querySelectorAll<HTMLAnchorElement>("a[data-photo]"));
  show(links, links.indexOf(link));
}

document.addEventListener("click", opened);
