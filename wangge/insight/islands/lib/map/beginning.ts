// What a map shows first: what its address says, else all of what the page is about.
import { boxFrom } from "../../../../territory/islands/lib/options";
import { readView, type View } from "./address";
import { fitting } from "./tiles";

const CHINA: [number, number, number, number] = [97, 24, 122, 42];

export interface Beginning {
  view: View;
  width: number;
  height: number;
}

/** The view and the size of its frame in pixels. */
export function beginning(root: HTMLElement): Beginning {
  const { clientWidth: width, clientHeight: height } = root.querySelector<HTMLElement>("[data-om-map]") ?? root;
  const box = boxFrom(root.dataset.bbox ?? "") ?? CHINA;
  return { view: readView(location.hash) ?? fitting(box, width, height), width, height };
}
