// Choosing files: what is chosen is shown and can be taken out again, and the camera can be used several times.
// Works on <input type="file" data-upload …>; its words come from data- attributes (attachments/_upload.html).

import { shrink } from "./lib/shrink";

export interface Limits {
  files: number;
  bytes: number;
}

export interface Choice {
  files: File[];
  tooMany: File[];
  tooLarge: File[];
}

/** Add files to those already chosen; what is chosen twice counts once, what breaks a limit is named. */
export function choose(kept: File[], added: File[], limits: Limits): Choice {
  const choice: Choice = { files: [...kept], tooMany: [], tooLarge: [] };
  for (const file of added) {
    if (choice.files.some((other) => isSame(file, other))) continue;
    if (file.size > limits.bytes) choice.tooLarge.push(file);
    else if (choice.files.length >= limits.files) choice.tooMany.push(file);
    else choice.files.push(file);
  }
  return choice;
}

function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}

/** A size people can read: 800 KB, 2.4 MB. */
export function readableSize(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 999.5 ? `${Math.max(1, Math.round(kilobytes))} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** Fill `{name}` in a sentence. */
export function named(sentence: string, name: string): string {
  return sentence.replace("{name}", () => name);
}

class Upload {
  private chosen: File[] = [];
  private readonly addresses: string[] = [];
  private readonly list = element("ul", "list-group mt-2");
  private readonly problems = element("div", "invalid-feedback d-block");
  private work: Promise<void> = Promise.resolve();
  private busy = 0;

  constructor(private readonly input: HTMLInputElement) {
    this.problems.setAttribute("role", "status");
    input.after(this.list, this.problems);
    input.addEventListener("change", () => this.add(Array.from(input.files ?? [])));
    if (input.dataset.camera && matchMedia("(pointer: coarse)").matches) input.after(this.camera(input.dataset.camera));
    if (input.dataset.choose) this.nameButton(input.dataset.choose);
    input.form?.addEventListener("submit", (event) => this.holdBack(event), { capture: true });
    input.form?.addEventListener("reset", () => this.set([]));
    this.add(Array.from(input.files ?? []));
  }

  private get limits(): Limits {
    return { files: Number(this.input.dataset.maxFiles), bytes: Number(this.input.dataset.maxBytes) };
  }

  /** One lot after the other, so that a quick second photo does not overtake the first. */
  private add(files: File[]): void {
    this.set(this.chosen); // the browser has just replaced what was chosen before
    if (files.length === 0) return;
    this.busy += 1;
    this.work = this.work.then(async () => {
      const smaller: File[] = [];
      for (const file of files) smaller.push(await shrink(file)); // one at a time: phones are short of memory
      const choice = choose(this.chosen, smaller, this.limits);
      this.set(choice.files);
      this.say(choice);
      this.busy -= 1;
    });
  }

  private set(files: File[]): void {
    this.chosen = files;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.draw();
  }

  private say({ tooMany, tooLarge }: Choice): void {
    const { tooMany: many = "", tooLarge: large = "" } = this.input.dataset;
    const lines = [...tooMany.map((file) => named(many, file.name)), ...tooLarge.map((file) => named(large, file.name))];
    this.problems.replaceChildren(...lines.map((line) => element("div", "", line)));
  }

  /** A form sent while a photo is being made smaller goes as soon as that is done. */
  private holdBack(event: SubmitEvent): void {
    if (this.busy === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target as HTMLFormElement;
    void this.work.then(() => form.requestSubmit(event.submitter));
  }

  private draw(): void {
    this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    this.list.replaceChildren(...this.chosen.map((file) => this.row(file)));
  }

  private row(file: File): HTMLElement {
    const row = element("li", "list-group-item d-flex align-items-center gap-2 p-2");
    if (file.type.startsWith("image/")) row.append(this.preview(file));
    row.append(element("span", "text-truncate flex-fill", file.name));
    row.append(element("span", "text-secondary text-nowrap", readableSize(file.size)));
    const remove = element("button", "btn btn-icon", "×") as HTMLButtonElement;
    remove.type = "button";
    remove.setAttribute("aria-label", named(this.input.dataset.remove ?? "", file.name));
    remove.addEventListener("click", () => this.remove(file));
    row.append(remove);
    return row;
  }

  private preview(file: File): HTMLElement {
    const image = element("img", "rounded object-cover") as HTMLImageElement;
    const address = URL.createObjectURL(file);
    this.addresses.push(address);
    image.style.width = image.style.height = "3.5rem";
    image.alt = "";
    image.addEventListener("error", () => image.remove()); // HEIC is shown by few browsers; its name is enough
    image.src = address;
    return image;
  }

  private remove(file: File): void {
    this.set(this.chosen.filter((other) => other !== file));
    this.problems.replaceChildren();
    const next = this.list.querySelector("button") ?? this.input;
    next.focus();
  }

  /** The browser's own button speaks the browser's language, and its count says less than the list below. */
  private nameButton(words: string): void {
    const label = element("label", "btn wg-choose", words) as HTMLLabelElement;
    label.htmlFor = this.input.id;
    this.input.classList.add("wg-choose-input");
    this.input.after(label);
  }

  /** A button for the camera: without it some telephones offer the album only. */
  private camera(label: string): HTMLElement {
    const button = element("button", "btn", label) as HTMLButtonElement;
    const camera = element("input", "") as HTMLInputElement;
    button.type = "button";
    Object.assign(camera, { type: "file", accept: "image/*", capture: "environment" });
    camera.addEventListener("change", () => {
      this.add(Array.from(camera.files ?? []));
      camera.value = "";
    });
    button.addEventListener("click", () => camera.click());
    return button;
  }
}

function element(tag: string, classes: string, words = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = classes;
  made.textContent = words;
  return made;
}

const mounted = new WeakSet<HTMLInputElement>();

/** Find the inputs in a part of the page and look after each of them once. */
export function mount(part: ParentNode): void {
  if (typeof DataTransfer === "undefined") return; // the plain input works
  for (const input of part.querySelectorAll<HTMLInputElement>("input[type=file][data-upload]")) {
    if (mounted.has(input)) continue;
    mounted.add(input);
    new Upload(input);
  }
}

mount(document);
document.addEventListener("htmx:load", (event) => mount(event.target as HTMLElement));
