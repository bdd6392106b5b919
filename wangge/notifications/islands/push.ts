// Lets this browser show notices: asks it, subscribes, and tells the platform where it can be reached.

interface Words {
  key: string;
  worker: string;
  url: string;
  denied: string;
  failed: string;
}

/** The 65 bytes of a public key from its base64url text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Offer the button where the browser can do it; without it the page says so. */
export function mount(page: Document): void {
  const part = page.querySelector<HTMLElement>("[data-push]");
  const button = part?.querySelector<HTMLButtonElement>("[data-push-on]");
  if (!part || !button || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  button.hidden = false;
  part.querySelector("[data-push-none]")?.remove();
  button.addEventListener("click", () => void turnOn(page, part));
}

async function turnOn(page: Document, part: HTMLElement): Promise<void> {
  const words = part.dataset as unknown as Words;
  const said = part.querySelector<HTMLElement>("[data-push-said]")!;
  if ((await Notification.requestPermission()) !== "granted") {
    said.textContent = words.denied;
    return;
  }
  try {
    const error = await subscribe(page, words);
    if (error) said.textContent = error;
    else location.reload();
  } catch {
    said.textContent = words.failed;
  }
}

/** Subscribe and send the subscription; returns the platform's refusal, empty when all is well. */
async function subscribe(page: Document, words: Words): Promise<string> {
  const registration = await navigator.serviceWorker.register(words.worker);
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(words.key),
  });
  const form = new FormData();
  form.append("subscription", JSON.stringify(subscription));
  const token = page.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await fetch(words.url, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
  return answer.ok ? "" : (((await answer.json()) as { error?: string }).error ?? words.failed);
}

mount(document);
