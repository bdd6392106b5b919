// What every page of the desk and the residents' pages loads: the look, and htmx for parts that renew themselves.
import "@tabler/core/dist/css/tabler.min.css";
import "./tokens.css";
import "./shell.css";
import "./parts.css";
import htmx from "htmx.org";
import { mount as mountDialogs } from "./lib/dialogs";
import { mount as mountMenus } from "./lib/menus";
import { mount as mountRefusals } from "./lib/refusals";
import { mount as mountWords } from "./lib/words";

// The page's policy forbids evaluating strings, and htmx must not try.
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
// Its indicator style would need a nonce; tokens.css has it.
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;

// The web font is for machines without a Chinese one; it must not hold up the first paint.
void import("./lib/fonts");

mountMenus(document);
mountDialogs(document);
mountRefusals(document);
mountWords(document);
