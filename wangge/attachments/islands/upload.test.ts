import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { notesOf, standingUpright, withNotes } from "./lib/exif";
import { within, worthShrinking } from "./lib/shrink";
import { around } from "./photos";
import { choose, mount, named, readableSize } from "./upload";

const LIMITS = { files: 3, bytes: 1000 };

function photo(name: string, size = 10, lastModified = 1): File {
  return new File([new Uint8Array(size)], name, { type: "image/jpeg", lastModified });
}

/** The smallest JPEG with camera notes: orientation 6 and one more entry, in either byte order. */
function jpeg(little: boolean): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(8 + 2 + 24));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 2, little);
  [0x0110, 0x0112].forEach((tag, i) => {
    tiff.setUint16(10 + 12 * i, tag, little);
    tiff.setUint16(12 + 12 * i, 3, little);
    tiff.setUint32(14 + 12 * i, 1, little);
    tiff.setUint16(18 + 12 * i, 6, little);
  });
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...new Uint8Array(tiff.buffer)];
  const jfif = [0xff, 0xe0, 0, 4, 9, 9];
  return new Uint8Array([0xff, 0xd8, ...jfif, 0xff, 0xe1, 0, exif.length + 2, ...exif, 0xff, 0xda, 1, 2, 3]);
}

describe("choosing", () => {
  it("keeps what was chosen before when the camera is used again", () => {
    const { files } = choose([photo("a.jpg")], [photo("b.jpg")], LIMITS);
    expect(files.map((file) => file.name)).toEqual(["a.jpg", "b.jpg"]);
  });

  it("counts a file chosen twice once, but not two photos the camera gave the same name", () => {
    const { files } = choose([photo("image.jpg", 10, 1)], [photo("image.jpg", 10, 1), photo("image.jpg", 10, 2)], LIMITS);
    expect(files).toHaveLength(2);
  });

  it("names what is too large and what is too many, and keeps the rest", () => {
    const added = [photo("huge.jpg", 1001), ...["a", "b", "c", "d"].map((name) => photo(name))];
    const choice = choose([], added, LIMITS);
    expect(choice.files.map((file) => file.name)).toEqual(["a", "b", "c"]);
    expect(choice.tooLarge.map((file) => file.name)).toEqual(["huge.jpg"]);
    expect(choice.tooMany.map((file) => file.name)).toEqual(["d"]);
  });
});

describe("words", () => {
  it.each([
    [1, "1 KB"],
    [820_000, "801 KB"],
    [1_023_999, "1.0 MB"],
    [15 * 1024 * 1024, "15.0 MB"],
  ])("writes %i bytes as %s", (bytes, words) => expect(readableSize(bytes)).toBe(words));

  it("puts any name into a sentence as it is", () => {
    expect(named("移除 {name}", "$& 路灯.jpg")).toBe("移除 $& 路灯.jpg");
  });
});

describe("shrinking", () => {
  it("is for large JPEGs only", () => {
    expect(worthShrinking({ type: "image/jpeg", size: 4_000_000 })).toBe(true);
    expect(worthShrinking({ type: "image/jpeg", size: 2_000_000 })).toBe(false);
    expect(worthShrinking({ type: "image/heic", size: 4_000_000 })).toBe(false);
  });

  it("keeps proportions, never enlarges, and leaves at least a pixel", () => {
    expect(within(4000, 3000)).toEqual([2560, 1920]);
    expect(within(3000, 4000)).toEqual([1920, 2560]);
    expect(within(640, 480)).toEqual([640, 480]);
    expect(within(20_000, 1)).toEqual([2560, 1]);
  });
});

describe("the camera's notes", () => {
  it.each([true, false])("are found, turned upright and carried over (little-endian: %s)", (little) => {
    const notes = standingUpright(notesOf(jpeg(little))!);
    const carried = withNotes(new Uint8Array([0xff, 0xd8, 0xff, 0xda, 7]), notes);
    expect(Array.from(carried.slice(0, 4))).toEqual([0xff, 0xd8, 0xff, 0xe1]);
    const tiff = new DataView(notesOf(carried)!.buffer, 10);
    expect(tiff.getUint16(18, little)).toBe(6); // another entry is left alone
    expect(tiff.getUint16(30, little)).toBe(1); // the orientation
    expect(carried.at(-1)).toBe(7);
  });

  it("are missing where there are none or where they are cut off", () => {
    expect(notesOf(new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 0]))).toBeNull();
    expect(notesOf(jpeg(true).slice(0, 40))).toBeNull();
    expect(notesOf(new Uint8Array())).toBeNull();
  });

  it("are left as they are when they are nonsense", () => {
    const nonsense = new Uint8Array([0xff, 0xe1, 0, 18, 0x45, 0x78, 0x69, 0x66, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
    expect(standingUpright(nonsense)).toEqual(nonsense);
  });
});

describe("turning the pages of photos", () => {
  it("goes round", () => {
    expect(around(2, 1, 3)).toBe(0);
    expect(around(0, -1, 3)).toBe(2);
    expect(around(0, 1, 1)).toBe(0);
  });
});

describe("the island on the page", () => {
  // jsdom has neither of these; this is what browsers do, as far as the island sees it.
  class Transfer {
    private readonly chosen: File[] = [];
    readonly items = { add: (file: File): void => void this.chosen.push(file) };
    get files(): File[] {
      return this.chosen;
    }
  }

  let input: HTMLInputElement;

  beforeAll(() => {
    Object.assign(globalThis, { DataTransfer: Transfer });
    Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined });
    window.matchMedia = () => ({ matches: false }) as MediaQueryList;
  });

  beforeEach(() => {
    document.body.innerHTML =
      '<form><input type="file" multiple data-upload data-max-files="2" data-max-bytes="1000" ' +
      'data-too-many="{name} is too many" data-too-large="{name} is too large" data-remove="Remove {name}"></form>';
    input = document.querySelector("input")!;
    let files: unknown = [];
    Object.defineProperty(input, "files", { get: () => files, set: (value: unknown) => (files = value) });
    mount(document);
  });

  afterEach(() => document.body.replaceChildren());

  async function pick(...files: File[]): Promise<void> {
    input.files = files as unknown as FileList;
    input.dispatchEvent(new Event("change"));
    await new Promise((done) => setTimeout(done));
  }

  const sent = (): string[] => Array.from(input.files!, (file) => file.name);
  const rows = (): string[] => Array.from(document.querySelectorAll("li span:first-of-type"), (row) => row.textContent);

  it("sends the files of several visits to the camera", async () => {
    await pick(photo("a.jpg"));
    await pick(photo("b.jpg"));
    expect(sent()).toEqual(["a.jpg", "b.jpg"]);
    expect(rows()).toEqual(["a.jpg", "b.jpg"]);
  });

  it("keeps what was chosen when the chooser is closed without a choice", async () => {
    await pick(photo("a.jpg"));
    await pick();
    expect(sent()).toEqual(["a.jpg"]);
  });

  it("names the button in the reader's language, and leaves the input within reach of keys", () => {
    document.body.innerHTML =
      '<form><input type="file" id="photos" data-upload data-max-files="2" data-max-bytes="1000" data-choose="选择文件"></form>';
    Object.defineProperty(document.querySelector("input")!, "files", { value: [], writable: true });
    mount(document);
    const label = document.querySelector("label")!;
    expect([label.textContent, label.htmlFor]).toEqual(["选择文件", "photos"]);
    expect(document.querySelector<HTMLInputElement>("#photos")!.hidden).toBe(false);
  });

  it("takes a file out again", async () => {
    await pick(photo("a.jpg"), photo("b.jpg"));
    document.querySelector<HTMLButtonElement>('button[aria-label="Remove a.jpg"]')!.click();
    expect(sent()).toEqual(["b.jpg"]);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Remove b.jpg");
  });

  it("says in words what was left out", async () => {
    await pick(photo("a.jpg"), photo("huge.jpg", 1001), photo("b.jpg"), photo("c.jpg"));
    expect(document.querySelector("[role=status]")!.textContent).toBe("c.jpg is too manyhuge.jpg is too large");
  });

  it("holds a form back while a file is still being prepared, and sends it then", async () => {
    const form = document.querySelector("form")!;
    const submissions: string[] = [];
    form.requestSubmit = () => void submissions.push("sent");
    form.addEventListener("submit", (event) => {
      submissions.push("too early");
      event.preventDefault();
    });
    input.files = [photo("a.jpg")] as unknown as FileList;
    input.dispatchEvent(new Event("change"));
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    expect(submissions).toEqual([]);
    await new Promise((done) => setTimeout(done));
    expect(submissions).toEqual(["sent"]);
    expect(sent()).toEqual(["a.jpg"]);
  });

  it("looks after an input once, however often a part of the page is renewed", async () => {
    mount(document);
    await pick(photo("a.jpg"));
    expect(rows()).toEqual(["a.jpg"]);
  });
});
