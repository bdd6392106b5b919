// The pages of a grid worker. Everything works without this file; with it, words survive a lost connection.
import "./field.css";
import { mount as mountDistances } from "./lib/distance";
import { mount as mountDrafts } from "./lib/drafts";
import { mount as mountPosition } from "./lib/position";
import { mount as mountSending } from "./lib/sending";

mountDistances(document);
mountDrafts(document, localStorage);
mountPosition(document);
mountSending(document, localStorage);
