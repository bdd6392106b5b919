// A canvas forgets the camera's notes. The server wants the place and time among them, so they are carried over.

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0]; // "Exif\0\0"
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const ORIENTATION = 0x0112;
const HEADER = 4; // marker and length

/** The APP1 segment with the camera's notes of a JPEG, or null when it has none. */
export function notesOf(jpeg: Uint8Array): Uint8Array | null {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let at = 2;
  while (at + HEADER <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== START_OF_SCAN) {
    const end = at + 2 + view.getUint16(at + 2);
    if (jpeg[at + 1] === APP1 && EXIF.every((byte, i) => jpeg[at + HEADER + i] === byte)) {
      return end <= jpeg.length ? jpeg.slice(at, end) : null;
    }
    at = end;
  }
  return null;
}

/** The same notes, saying that the picture already stands upright. */
export function standingUpright(notes: Uint8Array): Uint8Array {
  const upright = notes.slice();
  const start = HEADER + EXIF.length;
  const view = new DataView(upright.buffer, start);
  if (view.byteLength < 8) return upright;
  const little = view.getUint16(0) === 0x4949; // "II"
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return upright;
  const entries = view.getUint16(directory, little);
  for (let entry = directory + 2; entry + 12 <= view.byteLength && entry < directory + 2 + 12 * entries; entry += 12) {
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return upright;
}

/** The JPEG with these notes as its first segment. */
export function withNotes(jpeg: Uint8Array, notes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(jpeg.length + notes.length);
  joined.set(jpeg.subarray(0, 2));
  joined.set(notes, 2);
  joined.set(jpeg.subarray(2), 2 + notes.length);
  return joined;
}
