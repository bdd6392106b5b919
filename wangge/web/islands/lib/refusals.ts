// A part of a page that asked by htmx and was refused (or found no network) says so, instead of doing nothing.

interface Answered {
  xhr: XMLHttpRequest;
}

/** Watch every htmx request of a document; polling that fails stays silent, the next one may succeed. */
export function mount(page: Document): void {
  page.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<Answered>).detail;
    const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ?? false;
    const sentence = xhr.status === 409 && plain ? xhr.responseText : page.body.dataset.failed;
    if (isAct(event)) say(page, sentence);
  });
  page.addEventListener("htmx:sendError", (event) => {
    if (isAct(event)) say(page, page.body.dataset.noNetwork);
  });
}

function isAct(event: Event): boolean {
  const config = (event as CustomEvent<{ requestConfig?: { verb?: string } }>).detail.requestConfig;
  return config?.verb !== "get";
}

/** Show a sentence for as long as it takes to read it; a screen reader says it at once. */
export function say(page: Document, sentence = ""): void {
  page.querySelector(".wg-toast")?.remove();
  if (sentence === "") return;
  const toast = page.createElement("div");
  toast.className = "alert alert-danger wg-toast";
  toast.setAttribute("role", "alert");
  toast.textContent = sentence;
  page.body.append(toast);
  setTimeout(() => toast.remove(), 4000 + 120 * sentence.length);
}
