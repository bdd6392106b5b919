// Parts that renew themselves ask with the tag of what they show; an unchanged answer (304) leaves them alone.

interface Configured {
  elt: HTMLElement;
  headers: Record<string, string>;
}

interface Swapping {
  elt: HTMLElement;
  shouldSwap: boolean;
  xhr: XMLHttpRequest;
}

/** Watch the elements whose data attribute `name` holds their tag; `before` runs when one is about to change. */
export function conditional(page: Document, name: string, before: () => void): void {
  page.addEventListener("htmx:configRequest", (event) => {
    const { elt, headers } = (event as CustomEvent<Configured>).detail;
    const tag = elt.dataset[name];
    if (tag) headers["If-None-Match"] = tag;
  });
  page.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<Swapping>).detail;
    if (detail.elt.dataset[name] === undefined) return;
    if (detail.xhr.status === 304) detail.shouldSwap = false;
    else if (detail.xhr.getResponseHeader("ETag") === null) leave(detail);
    else before();
  });
}

/** An answer without a tag is another page: we were signed out. */
function leave(detail: Swapping): void {
  detail.shouldSwap = false;
  location.reload();
}
