// Large photos are made smaller before they are sent: the server would do the same, but the mobile network is slow.

import { notesOf, standingUpright, withNotes } from "./exif";

const WORTH_IT = 3 * 1024 * 1024; // bytes; smaller files travel fast enough
const LONGEST = 2560; // pixels, as the server keeps them
const QUALITY = 0.88; // the server encodes once more

/** Whether a file is a JPEG large enough to be worth the work. */
export function worthShrinking(file: { type: string; size: number }): boolean {
  return file.type === "image/jpeg" && file.size >= WORTH_IT;
}

/** Width and height with the longest side at most `longest`; never enlarged. */
export function within(width: number, height: number, longest: number = LONGEST): [number, number] {
  const factor = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** A smaller copy with its place and time, or the file itself when it is small enough or cannot be read here. */
export async function shrink(file: File): Promise<File> {
  if (!worthShrinking(file)) return file;
  try {
    const smaller = await redrawn(file);
    const notes = notesOf(new Uint8Array(await file.arrayBuffer()));
    const bytes = notes ? withNotes(smaller, standingUpright(notes)) : smaller;
    if (bytes.length >= file.size) return file;
    return new File([bytes as BlobPart], file.name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // the server decides what is wrong with it, and says so in words
  }
}

async function redrawn(file: File): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = within(bitmap.width, bitmap.height);
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Error("this browser cannot encode the picture");
  return new Uint8Array(await blob.arrayBuffer());
}
